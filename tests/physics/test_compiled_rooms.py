"""Rooms as compiled: walls with their openings, furniture, places of devices, what things rest on."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest
from small_rooms import DATA, room

from switch_bench.physics.cameras import MATTER
from switch_bench.spec.find import load_scene, scenes
from switch_bench.world.cast import plain_room
from switch_bench.world.world import World

ALL = [*scenes(), *sorted(f.name for f in DATA.iterdir())]


def any_room(name: str):
    return room(name) if (DATA / name).exists() else plain_room(load_scene(name))


def first_met(world: World, a, b) -> int:
    """The geom first met on the straight way from a to b; −1: none."""
    gap = np.subtract(b, a).astype(float)
    far = float(np.linalg.norm(gap))
    geom = np.zeros(1, np.int32)
    met = mujoco.mj_ray(world.model, world.data, np.array(a, float), gap / far, MATTER, 1, -1, geom)
    return -1 if met < 0 or met > far else int(geom[0])


def clear(world: World, a, b) -> bool:
    """Whether the straight way from a to b meets nothing."""
    return first_met(world, a, b) < 0


def test_a_doorway_lets_through_and_a_wall_doesnt():
    world = World(room("bench"))
    for height in (0.3, 1.6, 1.95):
        assert clear(world, (2.8, 0.8, height), (4.0, 0.8, height))
    assert not clear(world, (2.8, 0.8, 2.2), (4.0, 0.8, 2.2))
    assert not clear(world, (2.8, 1.6, 1.6), (4.0, 1.6, 1.6))


@pytest.mark.parametrize("name", ALL)
def test_a_room_is_closed_all_round(name):
    world = World(any_room(name))
    scene = world.room.scenario.scene
    for shell in world.room.drawn.shells:
        zone = scene.zones[shell.name]
        eye = np.array([*shell.middle, zone.height - 0.1])
        for angle in np.linspace(0, 2 * np.pi, 24, endpoint=False):
            way = np.array([np.cos(angle), np.sin(angle), 0.0])
            assert not clear(world, eye, eye + 30 * way), (shell.name, angle)
        assert not clear(world, eye, eye + [0, 0, 5])
        assert not clear(world, eye, eye - [0, 0, 5])


@pytest.mark.parametrize("name", ALL)
def test_every_control_can_be_come_at(name):
    world = World(any_room(name))
    covered = {m.device for m in world.handles.mounted if m.control.name == "cover"}
    for c, item in enumerate(world.handles.mounted):
        if item.device in covered and item.control.name != "cover":
            continue
        for grip in item.built.grips.values():
            site = world.model.site(grip.site).id
            at, out = world.data.site_xpos[site], world.data.site_xmat[site].reshape(3, 3)[:, 2]
            met = first_met(world, at + 0.08 * out, at) if out[2] > -0.5 else -1  # from below: for fingers alone
            assert met < 0 or world.handles.control_of_geom[met] == c, f"{grip.site}: {world.model.geom(met).name}"


@pytest.mark.parametrize("name", ALL)
def test_the_body_stands_free_at_the_start(name):
    world = World(any_room(name))
    q = world.data.qpos[world.room.body_qpos : world.room.body_qpos + 2]
    assert world.room.floor.is_free(float(q[0]), float(q[1]))
    assert world.room.zone_at(float(q[0]), float(q[1])) == world.room.scenario.start.zone


@pytest.mark.parametrize("name", ALL)
def test_loose_things_rest_where_the_scene_puts_them(name):
    world = World(any_room(name))
    scene = world.room.scenario.scene
    free = [d for d, item in world.room.drawn.placed.items() if item.device.free]
    for i, thing in enumerate(world.handles.objects):
        on = world.room.support(world.data, i)
        if thing in free:
            mount = next(d for d in scene.devices if d.id == thing).mount
            assert on in (getattr(mount, "on", on), thing)
        else:
            wanted = next(o for o in scene.objects if o.id == thing)
            assert on == (wanted.on or "floor")


def test_a_thing_in_the_air_rests_on_nothing():
    world = World(room("flat"))
    body = world.handles.object_body[world.handles.objects.index("mug")]
    address = world.model.jnt_qposadr[world.model.body_jntadr[body]]
    world.data.qpos[address : address + 3] = [4.5, 1.0, 1.5]
    mujoco.mj_forward(world.model, world.data)
    assert world.room.support(world.data, world.handles.objects.index("mug")) == ""


def test_a_thing_in_the_oven_is_in_the_oven():
    world = World(room("bench"))
    oven = world.room.drawn.placed["oven"]
    centre, size = next(iter(oven.device.interior.values()))
    assert all(s > 0.1 for s in size)
    inside = oven.at + oven.axes @ centre
    low, high = np.array([0.05, 1.9, 0.0]), np.array([3.35, 2.6, 0.9])
    assert np.all(inside > low)
    assert np.all(inside < high)


@pytest.mark.parametrize("name", ALL)
def test_the_dressed_model_has_the_geoms_of_the_physical_one_in_their_order(name):
    compiled = any_room(name)
    visual = compiled.visual.model
    names = [compiled.model.geom(i).name for i in range(compiled.model.ngeom)]
    assert names[: visual.ngeom] == [visual.geom(i).name for i in range(visual.ngeom)]
