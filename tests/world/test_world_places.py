"""Named places in a running room: the light that comes to them, what is seen of them, and who hears what."""

from __future__ import annotations

from functools import cache

import pytest
from small_rooms import DATA

from switch_bench.envs.observe import SOUNDS, SoundVector
from switch_bench.network.kernel import Network
from switch_bench.skills.sense import Sense
from switch_bench.spec.find import load_scene
from switch_bench.spec.places import Region, Spot
from switch_bench.spec.rooms import Start
from switch_bench.spec.variation import draw
from switch_bench.trace.places import Plan
from switch_bench.trace.signals import Signals
from switch_bench.trace.store import load, save
from switch_bench.verify.intervals import contains
from switch_bench.verify.stl import parse, times
from switch_bench.verify.worlds import Without
from switch_bench.world import replay
from switch_bench.world.room import Room, build
from switch_bench.world.scenario import Scenario
from switch_bench.world.stage import Stage
from switch_bench.world.views import faces, seen

SIZE = (256, 256)
SPOTS = {
    "worktop": Spot(on="counter", at=(0.6, 0.35, 0.0)),
    "floor_mid": Spot(zone="kitchen", at=(1.4, 1.2, 0.1)),
    "hall_end": Spot(zone="hall", at=(0.2, 0.2, 0.9)),
}
BOXES = {"left": Region(on="counter", low=(0.0, 0.0, -0.1), high=(0.6, 0.6, 0.4))}


@cache
def flat(zone: str = "kitchen") -> Room:
    """The flat with named places, the body in that zone; the arch stands open while the street door's bolt is out."""
    scene = draw(load_scene(DATA / "flat"), "none")[0]
    arch = scene.doorways[0].model_copy(update={"gate": "door.bolt"})
    at = (1.0, 1.1) if zone == "kitchen" else (0.6, 1.2)
    start = Start(zone=zone, at=at, heading=90.0)
    return build(
        Scenario(scene.model_copy(update={"doorways": (arch,), "points": SPOTS, "regions": BOXES, "start": start}))
    )


def test_lamps_light_each_place_by_where_they_hang():
    net = Network(flat().network)
    before = {name: net.level(f"{name}.illuminance") for name in SPOTS}
    assert before == {"worktop": 150.0, "floor_mid": 150.0, "hall_end": pytest.approx(0.02 * 150.0)}
    net.push("light.gang_1", True, t=1)
    net.advance(1)
    more = {name: net.level(f"{name}.illuminance") - before[name] for name in SPOTS}
    zone = net.level("kitchen.illuminance") - 150.0
    assert more["worktop"] > 0.5 * zone
    assert 0.0 < more["hall_end"] < 0.05 * zone


def test_a_trace_knows_the_floor_plan():
    stage = Stage(flat())
    plan = Plan.of(stage.trace.manifest["plan"])
    mug = next(p for p in stage.trace.poses if p.name == "mug")
    assert plan.regions["left"].holds(mug.position)
    assert plan.points == {"worktop": "kitchen", "floor_mid": "kitchen", "hall_end": "hall"}
    assert plan.zone_at(1.0, 1.0) == "hall"
    held = times(parse("in(mug, left) and not in(mug, hall)"), stage.finish())
    assert held == [(0, 1)]


def test_a_picture_shows_the_things_and_points_in_it():
    stage = Stage(flat())
    shown = seen(stage.world, faces(stage.room), stage.world.model.camera("head").id, SIZE)
    assert {"mug", "worktop", "worktop.illuminance", "kitchen"} <= set(shown)
    assert not {"hall_end", "hall_end.illuminance"} & set(shown)


def test_what_is_in_sight_is_noted_each_second_once_somebody_asks(tmp_path):
    stage = Stage(flat())
    for _ in range(40):
        stage.apply([0.0] * 12)
    assert stage.trace.sights == []
    stage.watch(lambda: ("mug",))
    for _ in range(40):
        stage.apply([0.0] * 12)
    stage.wait(stage.now + 5_000_000)
    trace = stage.finish()
    assert [view.t // 1_000_000 for view in trace.sights] == [2, 3, 4, 9]
    save(trace, tmp_path / "trace")
    assert load(tmp_path / "trace").sights == trace.sights


def test_another_world_has_the_body_and_its_eyes_where_the_episode_had_them():
    stage = Stage(flat())
    for k in range(60):
        stage.apply([0.4 if k < 30 else 0.0, 0.0, *[0.0] * 10])
        if k % 20 == 0:
            stage.saw("head", ("mug",))
    trace = stage.finish()
    assert len(trace.base) > 1
    nobody = replay.without_hands(stage.room, trace)
    assert (nobody.base.tolist(), nobody.views) == (trace.base[:1].tolist(), [])
    frozen = replay.without(stage.room, trace, Without(controls=frozenset({"light.gang_1"})))
    assert (frozen.base.tolist(), frozen.views) == (trace.base.tolist(), trace.views)
    stopped = replay.without(stage.room, trace, Without(agent_from=1_500_000))
    assert [view.t for view in stopped.views] == [view.t for view in trace.views if view.t < 1_500_000]


@pytest.mark.parametrize("zone", ["kitchen", "hall"])
def test_what_the_agent_hears_is_what_the_verdict_hears(zone):
    stage = Stage(flat(zone))
    ears = SoundVector(stage, Sense(stage))
    heard = []
    for _ in range(400):
        stage.wait(stage.now + 300_000)
        heard.append((stage.now, {SOUNDS[i] for i in ears.read().nonzero()[0]}))
    trace = stage.finish()
    signals = Signals.of(trace)
    spans = {
        name: times(parse(f"heard({name})", trace.signals), trace)
        for name, info in trace.signals.items()
        if info.kind == "sound"
    }
    for t, was in heard:
        values = {signals.value(name, t) for name, found in spans.items() if contains(found, t)}
        assert was == {value if value in SOUNDS else "other" for value in values}
    assert {"boil", "click"} <= set().union(*(was for _, was in heard))
    while_shut = [was for t, was in heard if not signals.value("door.bolt", t)]
    assert while_shut
    assert all(bool(was) == (zone == "kitchen") for was in while_shut)  # the boiler burns in the kitchen
