"""Rooms made to measure are scenes like any others, with just the controls that were asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from switch_bench.envs.env import SwitchEnv
from switch_bench.evaluate import speed_rooms
from switch_bench.spec.find import load_task, scene_of
from switch_bench.world.cast import room_for


@pytest.mark.parametrize(("controls", "zones", "bulbs"), [(1, 1, 0), (10, 1, 0), (37, 3, 0), (50, 1, 12), (200, 2, 0)])
def test_a_room_has_the_controls_rooms_and_bulbs_asked_for(
    tmp_path: Path, controls: int, zones: int, bulbs: int
) -> None:
    task = load_task(speed_rooms.write(tmp_path, controls, zones=zones, bulbs=bulbs))
    scene, room = scene_of(task), room_for(task, variation="none")
    assert len(room.handles.readouts) == controls
    assert len(scene.zones) == zones
    assert sum(device.kind == "smart_bulb" for device in scene.devices) == bulbs


def test_nothing_in_a_room_touches_anything_else(tmp_path: Path) -> None:
    room = room_for(load_task(speed_rooms.write(tmp_path, 200)), variation="none")
    assert room.start_data.ncon == 0
    assert room.start_data.ntree_awake == room.quiet_trees


def test_its_variations_differ(tmp_path: Path) -> None:
    task = load_task(speed_rooms.write(tmp_path, 10))
    heights = {
        room_for(task, variation=number).scenario.scene.devices[0].mount.height  # type: ignore[union-attr]
        for number in (1, 2, 3)
    }
    assert len(heights) == 3


def test_its_task_is_solved_by_pressing_its_first_switch(tmp_path: Path) -> None:
    from switch_bench.evaluate import bench

    env = SwitchEnv(str(speed_rooms.write(tmp_path, 10)), obs="state", act="delta_pose")
    env.reset(seed=0, options={"variation": "none"})
    bench.carry_out(env, env.task.solution)
    assert env.verdict().success is True


def test_more_than_the_walls_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="5000 controls find no room on the walls of 1 rooms"):
        speed_rooms.scene(5000)
