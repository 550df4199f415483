"""Looking at what shows a signal: the head turns to it, and the feet go nearer only where that is needed."""

from __future__ import annotations

import numpy as np
import pytest
from small_rooms import perform, room

from switch_bench.skills.plan import motion
from switch_bench.skills.sense import Sense, SkillFailed
from switch_bench.skills.sight import PICTURE
from switch_bench.spec.steps import read_step
from switch_bench.world.stage import Stage
from switch_bench.world.views import faces, seen


class Eyes:
    """A body in a room, and what it makes out in a picture of the usual size."""

    def __init__(self, where: str):
        self.stage = Stage(room(where))
        self.sense = Sense(self.stage)
        self.faces = faces(self.stage.room)

    def look(self, name: str) -> str:
        return perform(self.stage, motion(self.sense, read_step({"look": name})))

    def go(self, place: str) -> str:
        return perform(self.stage, motion(self.sense, read_step({"goto": place})))

    def sees(self, name: str) -> bool:
        world = self.stage.world
        head = world.model.camera(self.stage.room.hand.cameras[0]).id
        return name in seen(world, self.faces, head, PICTURE)


@pytest.mark.parametrize("name", ["light.lamp_1", "light.lamp_2", "light.gang_2", "hob.knob_1", "microwave.display"])
def test_what_shows_a_signal_is_made_out_wherever_one_comes_from(name):
    eyes = Eyes("bench")
    assert not eyes.sees(name)
    assert eyes.look(name) == "done"
    assert eyes.sees(name)


def test_a_device_is_looked_at_without_a_step():
    eyes = Eyes("bench")
    before = eyes.sense.base
    assert eyes.look("microwave") == "done"
    assert eyes.sense.base[:2] == pytest.approx(before[:2], abs=0.02)


def test_what_can_be_made_out_is_looked_at_without_a_step():
    eyes = Eyes("bench")
    assert eyes.look("light.lamp_1") == "done"
    assert eyes.go("light") == "done"
    before = eyes.sense.base
    assert eyes.look("light.gang_1") == "done"
    assert eyes.sense.base[:2] == pytest.approx(before[:2], abs=0.02)


def test_a_small_display_is_stepped_up_to():
    eyes = Eyes("bench")
    display = next(face for face in eyes.faces if face.name == "microwave.display")
    far = np.linalg.norm(display.at(eyes.sense.data)[:2] - eyes.sense.base[:2])
    assert eyes.look("microwave.display") == "done"
    assert np.linalg.norm(display.at(eyes.sense.data)[:2] - eyes.sense.base[:2]) < far


def test_what_no_place_shows_well_gets_the_best_look_there_is():
    eyes = Eyes("bench")
    assert eyes.look("oven.display") == "done"
    assert not eyes.sees("oven.display")
    assert eyes.sense.gaze_error() < 0.05


def test_what_can_neither_be_seen_nor_operated_is_said():
    eyes = Eyes("bench")
    with pytest.raises(SkillFailed, match=r"no control 'oven\.cavity'"):
        eyes.look("oven.cavity")
