"""A pinch turns, slides and pulls."""

import mujoco
import numpy as np
import pytest
from bare_world import BareWorld

from switch_bench.controls.door import Door
from switch_bench.controls.knob import Knob
from switch_bench.controls.lever import Lever
from switch_bench.controls.push_turn_knob import PushTurnKnob
from switch_bench.controls.slider import Slider

DIAL = Knob(name="dial", at=(0, 0), positions=(("0", 0.0), ("1", 0.6), ("2", 1.2), ("3", 1.8)))
TRIM = Knob(name="trim", at=(0, 0), turn=(-2.0, 2.0), scale=(0.0, 100.0), step=5.0, initial=50.0)
TAP = PushTurnKnob(name="tap", at=(0, 0), positions=(("off", 0.0), ("high", -1.5), ("low", -2.6)))


def test_a_knob_follows_the_roll_of_the_hand_and_rests_in_its_detents():
    world = BareWorld(DIAL)
    world.pinch("dial", "turn")
    world.twist(0.7)
    assert world.joint("it.dial/joint") == pytest.approx(0.7, abs=0.08)
    assert world.reads("dial") == "1"
    world.twist(0.7)
    world.release()
    world.wait(0.5)
    assert world.reads("dial") == "2"
    assert world.joint("it.dial/joint") == pytest.approx(1.2, abs=0.06)
    assert [value for _, _, value in world.log] == ["1", "2"]


def test_a_continuous_knobs_value_follows_both_ways():
    world = BareWorld(TRIM)
    world.pinch("trim", "turn")
    world.twist(0.8)
    assert world.reads("trim") == pytest.approx(70.0, abs=5.0)
    world.twist(-1.2)
    assert world.reads("trim") == pytest.approx(40.0, abs=5.0)


def test_a_knob_turned_on_against_its_stop_stays_within_a_tenth():
    world = BareWorld(TRIM)
    world.pinch("trim", "turn")
    places = world.watch("it.trim/joint")
    world.twist(3.3)
    assert world.reads("trim") == 100.0
    assert max(places) - 2.0 < 0.1 * 4.0


def test_a_pinched_knob_stays_for_a_minute_against_its_spring():
    def spring(spec: mujoco.MjSpec) -> None:
        spec.joint("it.trim/joint").stiffness = [0.05, 0.0, 0.0]

    world = BareWorld(TRIM, arrange=spring)
    world.pinch("trim", "turn")
    world.twist(1.0)
    held = world.joint("it.trim/joint")
    assert held > 0.8
    world.wait(60)
    assert world.joint("it.trim/joint") == pytest.approx(held, abs=0.01)
    world.release()
    world.wait(2)
    assert world.joint("it.trim/joint") < 0.4  # friction alone holds it there: the spring was pulling


def test_a_gas_tap_leaves_off_only_while_pushed_and_comes_back_without():
    world = BareWorld(TAP)
    world.pinch("tap", "turn")
    world.twist(-0.8)
    assert abs(world.joint("it.tap/joint")) < 0.02
    world.twist(0.8)
    world.lead([0.5, 0, 0], 3)
    assert world.reads("tap_push") is True
    world.twist(-1.5, push=0.1)
    assert world.reads("tap") == "high"
    world.release()
    world.wait(1)
    assert (world.reads("tap"), world.reads("tap_push")) == ("high", False)
    world.pinch("tap", "turn")
    world.twist(1.6)
    world.release()
    world.wait(0.5)
    assert world.reads("tap") == "off"
    assert world.asleep("tap")


def test_a_dimmer_without_interlock_turns_unpushed():
    world = BareWorld(PushTurnKnob(name="dimmer", at=(0, 0), positions=DIAL.positions, interlock=False))
    world.pinch("dimmer", "turn")
    world.twist(0.7)
    assert world.reads("dimmer") == "1"
    assert world.reads("dimmer_push") is False


def test_a_slider_is_pinched_along_its_slot():
    world = BareWorld(Slider(name="fan", at=(0, 0), along="y", positions=(("1", -0.01), ("2", 0.0), ("3", 0.01))))
    world.pinch("fan", "slide", grip=0.4)
    world.lead([0, 0, 0.15], 12, grip=0.4)
    world.release()
    world.wait(0.5)
    assert world.reads("fan") == "3"
    assert world.joint("it.fan/joint") == pytest.approx(0.01, abs=0.001)


def test_a_slider_is_pushed_from_its_side_at_full_speed_to_its_stop():
    world = BareWorld(Slider(name="fader", at=(0, 0)))
    grip = world.built["fader"].grips["slide"]
    world.approach(grip, ahead=0.05)
    place, axes = world.aim(grip.site)
    beside = place + np.array([0, 0.03, 0])  # to the reader's left
    world.go(beside, axes)
    places = world.watch("it.fader/joint")
    world.lead([0, -1, 0], 12)
    assert world.reads("fader") == 1.0
    assert max(places) - 0.02 < 0.1 * 0.04


@pytest.mark.parametrize("along", ["x", "y"])
def test_a_lever_goes_where_the_fingers_on_both_sides_of_it_go(along):
    lever = Lever(
        name="mcb", at=(0, 0), along=along, positions=(("off", -0.4), ("tripped", 0.0), ("on", 0.4)), arm=0.025
    )
    world = BareWorld(lever)
    world.pinch("mcb", "slide", grip=0.5)
    places = world.watch("it.mcb/joint")
    world.lead([0, 0, 0.5] if along == "y" else [0, -0.5, 0], 8, grip=0.5)
    world.release()
    world.wait(1)
    assert world.reads("mcb") == "on"
    assert max(places) - 0.4 < 0.1 * 0.8


def test_a_trip_lever_is_thrown_to_the_middle_by_its_device_and_not_held_there():
    lever = Lever(
        name="mcb", at=(0, 0), positions=(("off", -0.5), ("tripped", 0.0), ("on", 0.5)), initial="on", drive="trip",
        driven={True: 0.0},
    )  # fmt: skip
    world = BareWorld(lever)
    world.drive("mcb", True)
    world.wait(0.3)
    assert world.reads("mcb") == "tripped"
    assert world.joint("it.mcb/joint") == pytest.approx(0.0, abs=0.05)
    world.drive("mcb", False)
    world.wait(1)
    assert world.asleep("mcb")
    assert [value for _, _, value in world.log] == ["tripped"]


@pytest.mark.parametrize(("hinge", "handle"), [("left", "bar"), ("right", "knob"), ("bottom", "bar"), ("top", "edge")])
def test_a_door_opens_by_its_handle_and_closes_again(hinge, handle):
    world = BareWorld(Door(name="door", at=(0, 0), size=(0.36, 0.3), hinge=hinge, handle=handle), distance=0.75)
    world.pinch("door", "open")
    assert world.swing("door", 1.0, lambda q: q > 0.7)
    assert world.reads("door") == "open"
    assert world.swing("door", -1.0, lambda q: q < 0.02)
    world.release()
    world.wait(1.5)
    assert world.reads("door") == "closed"
    assert world.asleep("door")


def test_an_open_door_stays_where_it_is_left_and_closes_by_a_push():
    world = BareWorld(Door(name="door", at=(0, 0), size=(0.36, 0.3)), distance=0.75)
    world.pinch("door", "open")
    world.swing("door", 1.0, lambda q: q > 0.45)
    world.release()
    world.wait(1)
    left = world.joint("it.door/joint")
    world.wait(10)
    assert world.joint("it.door/joint") == pytest.approx(left, abs=1e-3)
    place, axes = world.aim("it.door/close", ahead=0.04)
    world.go(place, axes)
    world.lead([0.6, 0, 0], 25)
    world.lead([-0.5, 0, 0], 10)
    world.wait(1)
    assert world.reads("door") == "closed"


def test_a_locked_door_stays_shut():
    world = BareWorld(Door(name="door", at=(0, 0), size=(0.36, 0.3), locked_by="locked"), distance=0.75)
    world.lock("door", True)
    world.pinch("door", "open")
    angles = world.watch("it.door/joint")
    world.lead([-1, 0, 0], 20)
    assert max(angles) < 0.01
    assert world.log == []


def test_a_motor_opens_and_closes_a_door_and_lets_go_between():
    door = Door(name="door", at=(0, 0), size=(0.36, 0.3), drive="motor", driven={"open": 1.5, "close": 0.0})
    world = BareWorld(door, distance=0.9)
    world.drive("door", "open")
    world.wait(5)
    assert world.joint("it.door/joint") == pytest.approx(1.5, abs=0.05)
    world.drive("door", "stop")
    world.wait(2)
    assert world.asleep("door")
    world.drive("door", "close")
    world.wait(5)
    assert [value for _, _, value in world.log] == ["open", "closed"]


def test_turning_by_a_half_turn_needs_one_grip():
    world = BareWorld(TRIM, initial={"trim": 10.0})
    world.pinch("trim", "turn")
    world.twist(3.0)
    assert world.reads("trim") >= 80.0
