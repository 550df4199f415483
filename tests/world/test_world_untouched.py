"""What nothing touches stays as it is; what a device moves is the device's doing."""

from __future__ import annotations

import pytest
from small_rooms import DATA, joints, room

from switch_bench.spec.find import load_scene, scenes
from switch_bench.world.cast import plain_room
from switch_bench.world.world import World

MINUTE = 6_000  # ticks


def moved_alone(world: World) -> list[tuple[str, object]]:
    """Changes of controls that neither a device's drive nor a person brought about."""
    kinds = world.network.info
    return [(e.signal, e.new) for e in world.network.log if kinds[e.signal].kind == "control" and not e.causes]


@pytest.mark.parametrize("scene", [*scenes(), *sorted(f.name for f in DATA.iterdir())])
def test_untouched_for_a_minute_no_control_reaches_its_make_point(scene):
    world = World(room(scene) if (DATA / scene).exists() else plain_room(load_scene(scene)))
    before, read = joints(world), list(world.states)
    world.run(MINUTE)
    driven = {d.control for d in world.handles.drives}
    pressed = {e.signal for e in world.network.log if (e.actor or "").startswith("person:")}
    people = {r.control for r in world.handles.readouts if r.signal in pressed}
    assert moved_alone(world) == []
    assert not [e for e in world.network.log if e.actor == "agent"]
    for i, readout in enumerate(world.handles.readouts):
        if readout.control not in driven | people:
            assert world.states[i] == read[i], readout.signal
            assert joints(world)[readout.signal] == pytest.approx(before[readout.signal], abs=1e-3), readout.signal


@pytest.mark.parametrize("scene", [*scenes(), *sorted(f.name for f in DATA.iterdir())])
def test_at_the_start_everything_sleeps_and_reads_what_it_is_set_to(scene):
    world = World(room(scene) if (DATA / scene).exists() else plain_room(load_scene(scene)))
    assert world.data.ncon == 0
    assert world.data.ntree_awake == world.room.quiet_trees
    world.run(20)  # bolts shoot
    assert world.at_rest()
    for i, readout in enumerate(world.handles.readouts):
        state = readout.states[world.states[i]]
        place = joints(world)[readout.signal]
        assert state.below <= place <= state.above, readout.signal
        assert world.value(readout.signal) == state.value


def test_a_levers_pop_is_the_kettles_doing():
    world = World(room("flat"))
    world.advance(120_000_000)
    log = world.network.log
    pop = next(e for e in log if e.signal == "kettle.lever")
    assert pop.new == "off"
    assert pop.actor is None
    assert "kettle.pop" in {log[i].signal for i in pop.causes}
