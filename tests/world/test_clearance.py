"""Steps without the search for contacts: taken only where there is none to find, and then the same to the last bit."""

from __future__ import annotations

from collections import Counter

import mujoco
import numpy as np
import pytest
from small_rooms import control, facts, perform, room

from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.spec.find import load_scene, scenes
from switch_bench.world.cast import plain_room
from switch_bench.world.clearance import FAR, STALE, boxes, ways
from switch_bench.world.stage import Stage
from switch_bench.world.world import Body, World


def searching(stage: Stage) -> Stage:
    """The same stage, whose every step searches for contacts."""
    stage.world._cheapest = lambda ticks, body=None: stage.world.model  # type: ignore[method-assign]
    return stage


def counting(stage: Stage) -> Counter[str]:
    """How many runs of steps were made by which model, from now on."""
    world, made = stage.world, Counter()
    choose = world._cheapest

    def cheapest(ticks: int, body: Body | None = None) -> mujoco.MjModel:
        model = choose(ticks, body)
        made["bare" if model is world.clearance.about.bare else "full" if model is world.model else "near"] += 1
        return model

    world._cheapest = cheapest  # type: ignore[method-assign]
    return made


def wild(seed: int, steps: int) -> list[list[float]]:
    """Actions to the limits, held for some steps: into walls, over worktops, against doors and things."""
    rng = np.random.default_rng(seed)
    out: list[list[float]] = []
    while len(out) < steps:
        out += [rng.choice([-1.0, -0.3, 0.0, 0.3, 1.0], 12).tolist()] * int(rng.integers(1, 25))
    return out[:steps]


@pytest.mark.parametrize("scene", scenes())
def test_a_body_that_bumps_about_gets_the_same_states(scene):
    rooms = plain_room(load_scene(scene))
    frugal, lavish = Stage(rooms), searching(Stage(rooms))
    made = counting(frugal)
    met = 0
    for action in wild(3, 700):
        frugal.apply(action)
        lavish.apply(action)
        met += lavish.world.data.ncon > 0
    assert frugal.trace.hashes == lavish.trace.hashes
    assert frugal.world.data.qpos.tobytes() == lavish.world.data.qpos.tobytes()
    assert facts(frugal.world.network.log) == facts(lavish.world.network.log)
    assert met > 20
    assert min(made["bare"], made["near"] + made["full"]) > 20


def test_a_press_and_what_follows_is_the_same():
    frugal, lavish = Stage(room("flat")), searching(Stage(room("flat")))
    made = counting(frugal)
    for stage in (frugal, lavish):
        assert perform(stage, verbs.press(Sense(stage), control(stage, "light.gang_1"), True)) == "done"
        stage.wait(stage.now + 20_000_000)
    assert facts(frugal.world.network.log) == facts(lavish.world.network.log)
    assert frugal.trace.hashes == lavish.trace.hashes
    assert made["bare"] > made["full"] > 0


@pytest.mark.parametrize(
    ("scene", "door"),
    [("galley_kitchen", "oven.door"), ("galley_kitchen", "microwave.door"), ("utility", "washer.door")],
)
def test_a_door_that_is_opened_and_shut_is_the_same(scene, door):
    frugal, lavish = Stage(plain_room(load_scene(scene))), searching(Stage(plain_room(load_scene(scene))))
    for stage in (frugal, lavish):
        for move in (verbs.go_before, verbs.open_, verbs.close):
            assert perform(stage, move(Sense(stage), control(stage, door))) == "done"
    assert facts(frugal.world.network.log) == facts(lavish.world.network.log)
    assert frugal.trace.hashes == lavish.trace.hashes
    assert frugal.world.data.qpos.tobytes() == lavish.world.data.qpos.tobytes()


def test_a_fork_goes_on_as_its_original():
    stage = Stage(room("flat"))
    for action in wild(5, 60):
        stage.apply(action)
    other = stage.world.fork()
    stage.world.run(100)
    for _ in range(20):
        other.run(5)
    assert other.digest() == stage.world.digest()


@pytest.mark.parametrize("held", [1, 4, 10], ids=lambda n: f"held for {n}")
def test_a_body_in_free_air_goes_less_far_than_is_allowed_for(held):
    free = Stage(room("flat"))
    world, about = free.world, free.room.surroundings
    world._cheapest = lambda ticks, body=None: about.bare  # type: ignore[method-assign]  # nothing stands in the way
    probe = mujoco.MjData(about.bare)
    rng = np.random.default_rng(held)
    parts = (about.palm, about.fingers)
    used = [0.0, 0.0]
    action = [0.0] * 12
    for k in range(300):
        if k % held == 0:
            action = rng.choice([-1.0, 0.0, 1.0], 12).tolist()
        free.apply(action)
        mujoco.mj_copyData(probe, about.bare, world.data)
        targets, q, v = (view.tolist() for view in world._body)
        ahead = free.law.step(action, targets, q, v)
        probe.ctrl[free.room.body_ctrl : free.room.body_ctrl + 12] = ahead
        start = [part.at(probe) for part in parts]
        stood = probe.xpos[about.base].copy()
        trunk, hand = ways(ahead, q, v, 0.05 + STALE)
        for _ in range(10):
            mujoco.mj_step(about.bare, probe)
        mujoco.mj_kinematics(about.bare, probe)
        gone = max(float(np.linalg.norm(p.at(probe) - s, axis=1).max()) for p, s in zip(parts, start, strict=True))
        used = [max(used[0], float(np.linalg.norm(probe.xpos[about.base] - stood)) / trunk), max(used[1], gone / hand)]
    assert used[0] < 0.75
    assert used[1] < 0.75


def test_what_is_measured_is_never_more_than_the_distance():
    stage = Stage(room("flat"))
    world, about = stage.world, stage.room.surroundings
    palm = [g for g in stage.room.hand.geoms if g.rpartition("/")[2] in ("palm", "knuckles", "forearm")]
    own = ((about.palm, palm), (about.fingers, list(stage.room.hand.fingertips)))
    near = 0
    for action in wild(8, 200):
        stage.apply(action)
        mujoco.mj_kinematics(world.model, world.data)
        for part, geoms in own:
            least = world.clearance._to_all(world.data, part)
            true = min(
                mujoco.mj_geomDistance(world.model, world.data, world.model.geom(g).id, other, FAR, None)
                for g in geoms
                for other in about.geoms.tolist()
            )
            assert least <= true + 1e-6
            near += true < 0.2
    assert near > 20


@pytest.mark.parametrize("scene", scenes())
def test_a_control_never_leaves_the_box_that_holds_it(scene):
    stage = Stage(plain_room(load_scene(scene)))
    about, model = stage.room.surroundings, stage.world.model
    data = mujoco.MjData(model)  # awake, so that it is moved
    data.qpos[:] = stage.room.start_data.qpos
    place = {int(g): i for i, g in enumerate(about.geoms)}
    wide = set(about.wide.tolist())
    least, most = np.full(about.low.shape, np.inf), np.full(about.high.shape, -np.inf)
    for readout in stage.room.handles.readouts:
        joint = int(model.dof_jntid[readout.dof])
        kept = float(data.qpos[readout.qpos])
        low_end, high_end = model.jnt_range[joint].tolist()
        for q in np.linspace(low_end, high_end, 7):
            data.qpos[readout.qpos] = q
            mujoco.mj_kinematics(model, data)
            moved = np.flatnonzero(model.body_treeid[model.geom_bodyid] == readout.tree).tolist()
            rows = [place[g] for g in moved if g in place and place[g] not in wide]
            low, high = boxes(model, data, about.geoms[rows])
            assert (low >= about.low[rows] - 1e-9).all()
            assert (high <= about.high[rows] + 1e-9).all()
            least[rows], most[rows] = np.minimum(least[rows], low), np.maximum(most[rows], high)
        data.qpos[readout.qpos] = kept
    seen = np.isfinite(least).all(axis=1)
    assert seen.sum() > 30
    assert np.median((least - about.low)[seen].max(axis=1)) < 0.02  # and the box isn't much larger than need be


def test_doors_and_loose_things_are_looked_up_where_they_stand():
    stage = Stage(room("flat"))
    world = stage.world
    assert {stage.room.handles.readouts[i].signal for i in world.clearance.about.loose if i < len(world.states)} >= {
        "door.leaf"
    }
    world.clearance._stand(world.data)
    before = world.clearance._low[world.clearance.about.wide].copy()
    world.advance(60_000_000)  # the postman opens the door, and shuts it
    opened = World(stage.room)
    while opened.value("door.leaf") != "open":
        opened.run(10)
    assert not opened._in_place()
    opened.clearance._stand(opened.data)
    after = opened.clearance._low[opened.clearance.about.wide]
    assert not np.allclose(before, after, atol=0.05)
