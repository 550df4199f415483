"""A cordless kettle has power only while it stands on its base."""

from __future__ import annotations

from small_rooms import changes, room

from switch_bench.network.declare import Value
from switch_bench.world.world import World


def weight_of(world: World) -> float:
    """What the jug weighs [N]; its lever and lid are balanced, and weigh nothing."""
    return float(world.model.body_mass[world.model.body("kettle").id]) * 9.81


def lifted(world: World, newtons: float, ticks: int) -> Value:
    """Pull the kettle straight up by its middle for a while, and let go; what `on_base` says at the top."""
    body = world.model.body("kettle").id
    world.data.xfrc_applied[body, 2] = newtons
    world.run(ticks)
    top = world.value("kettle.on_base")
    world.data.xfrc_applied[body, 2] = 0.0
    world.run(200)
    return top


def test_a_kettle_that_is_lifted_leaves_its_base_and_is_back_when_it_is_set_down():
    world = World(room("flat"))
    weight = weight_of(world)
    assert lifted(world, 1.2 * weight, 15) is False
    assert [value for _, value, _ in changes(world, "kettle.on_base")] == [False, True]


def test_a_kettle_that_is_only_pulled_at_stays_on_its_base():
    world = World(room("flat"))
    weight = weight_of(world)
    assert lifted(world, 0.5 * weight, 15) is True
    assert changes(world, "kettle.on_base") == []
