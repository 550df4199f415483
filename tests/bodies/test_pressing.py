"""A fingertip presses: nothing but contact and force."""

import mujoco
import numpy as np
import pytest
from bare_world import BareWorld

from switch_bench.controls.button import PushButton
from switch_bench.controls.door import Door
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.lever import Lever
from switch_bench.controls.push_turn_knob import PushTurnKnob
from switch_bench.controls.rocker import ANGLE, Rocker
from switch_bench.controls.touchscreen import Touchscreen, pixel
from switch_bench.screens.base import Screen


@pytest.mark.parametrize("on", ["top", "bottom", "left", "right"])
def test_a_rocker_goes_over_when_its_raised_half_is_pressed_and_the_other_comes_up(on):
    size = (0.024, 0.046) if on in ("top", "bottom") else (0.046, 0.024)
    world = BareWorld(Rocker(name="gang", at=(0.05, 0.05), on=on, size=size))
    far = {"top": "far", "right": "far", "bottom": "near", "left": "near"}[on]
    other = "near" if far == "far" else "far"

    def stands_out(part: str) -> float:
        return -float(world.data.geom(f"it.gang/{part}").xpos[0])

    assert stands_out(far) > stands_out(other)
    world.press("gang", "on")
    assert world.reads("gang") is True
    assert stands_out(other) > stands_out(far)
    world.press("gang", "off")
    assert world.reads("gang") is False
    assert stands_out(far) > stands_out(other)
    assert [value for _, _, value in world.log] == [True, False]


def test_a_momentary_button_is_on_just_while_pressed():
    world = BareWorld(PushButton(name="key", at=(0, 0)))
    world.press("key", hold=1.0)
    assert [value for _, _, value in world.log] == [True, False]
    assert world.log[1][0] - world.log[0][0] > 1.0


def test_a_latching_button_changes_with_each_press_and_stays_in_between():
    world = BareWorld(PushButton(name="latch", at=(0, 0), latching=True))
    world.press("latch")
    world.wait(1)
    assert world.reads("latch") is True
    assert world.joint("it.latch/joint") > 0.001
    world.press("latch")
    world.wait(1)
    assert world.reads("latch") is False
    assert world.joint("it.latch/joint") < 0.0002


def test_one_key_of_a_keypad_is_pressed_without_its_neighbours():
    world = BareWorld(Keypad(name="pad", at=(0, 0)))
    for key in ("5", "0", "*"):
        world.press("pad", f"key {key}")
    assert [(name, value) for _, name, value in world.log] == [
        (f"pad_{key}", value) for key in ("5", "0", "*") for value in (True, False)
    ]


def test_a_touch_of_a_screen_is_at_the_right_pixel():
    size, pixels = (0.12, 0.072), (240, 144)
    world = BareWorld(Touchscreen(name="gui", at=(0, 0), size=size, screen=Screen(size=pixels, pages={})))
    geom = world.model.geom("it.gui")
    axes = world.data.geom("it.gui").xmat.reshape(3, 3)
    for wanted in ((60, 40), (200, 100)):
        point = np.array([(wanted[0] / pixels[0] - 0.5) * size[0], (0.5 - wanted[1] / pixels[1]) * size[1], 0.0])
        _, facing = world.aim("it.gui/touch")
        place = world.data.geom("it.gui").xpos + axes @ point
        world.go(place - facing[:, 2] * 0.03, facing)
        world.go(place + facing[:, 2] * 0.004, facing, speed=0.2, steps=40)
        met = world.engine.told.contact
        hits = [at for at, pair in zip(met.pos, met.geom.tolist(), strict=True) if geom.id in pair]
        local = axes.T @ (np.mean(hits, axis=0) - world.data.geom("it.gui").xpos)
        assert pixel((local[0], local[1]), size, pixels) == pytest.approx(wanted, abs=4)
        world.go(place - facing[:, 2] * 0.03, facing)


HARD = {
    "rocker": (Rocker(name="it", at=(0, 0)), "on", "joint", (-ANGLE, ANGLE)),
    "button": (PushButton(name="it", at=(0, 0)), "press", "joint", (0.0, 0.004)),
    "latch": (PushButton(name="it", at=(0, 0), latching=True), "press", "joint", (0.0, 0.004)),
    "key": (PushButton(name="it", at=(0, 0), travel=0.003, force=1.8), "press", "joint", (0.0, 0.003)),
    "tap": (PushTurnKnob(name="it", at=(0, 0)), "push", "push", (0.0, 0.003)),
}


@pytest.mark.parametrize("ahead", [0.004, 0.035, 0.038, 0.041])
@pytest.mark.parametrize("what", HARD)
def test_pushed_as_hard_and_fast_as_the_hand_can_it_stays_within_a_tenth_of_its_travel(what, ahead):
    control, which, joint, (low, high) = HARD[what]
    world = BareWorld(control)
    world.approach(world.built["it"].grips[which], ahead=ahead)
    places = world.watch(f"it.it/{joint}")
    world.lead([1, 0, 0], 30)
    force = float(world.data.actuator("hand/hand_x").force[0])
    assert force == pytest.approx(25.0, abs=0.1)
    assert places[-1] > low + 0.7 * (high - low)
    assert max(places) - high < 0.1 * (high - low)


def test_a_closed_door_in_between_holds_the_hand_back():
    door = Door(name="door", at=(0, 0), size=(0.2, 0.2), handle="edge")
    world = BareWorld(PushButton(name="key", at=(0, 0)), door)
    key = world.built["key"].grips["press"]
    world.approach(key, ahead=0.06)
    deepest = world.watch("it.key/joint")
    world.lead([1, 0, 0], 60)
    assert world.touching("it.door/leaf")
    assert not world.touching("it.key/cap")
    assert max(deepest) == 0.0
    assert world.log == []


def test_a_lever_is_pressed_down_and_popped_up_by_its_device():
    world = BareWorld(Lever(name="lever", at=(0, 0), drive="pop", driven={True: 0.0}))
    world.press("lever", "on")
    world.wait(1)
    assert world.reads("lever") == "on"
    world.drive("lever", True)
    world.wait(0.3)
    assert world.reads("lever") == "off"
    world.drive("lever", False)
    world.press("lever", "on")
    assert world.reads("lever") == "on"


def test_what_was_touched_sleeps_again_and_what_was_not_never_woke():
    world = BareWorld(*(PushButton(name=f"key_{i}", at=(0.05 * i - 0.1, 0.0)) for i in range(5)))
    world.wait(0.5)
    near = [f"key_{i}" for i in (0, 1, 3, 4)]
    woken = set()
    grip = world.built["key_2"].grips["press"]
    world.approach(grip)
    for direction in (1.0, -1.0):
        for _ in range(20):
            world.lead([0.2 * direction, 0, 0], 1)
            woken |= {name for name in near if not world.asleep(name)}
    assert [value for _, _, value in world.log] == [True, False]
    assert woken == set()
    released = world.log[-1][0]
    while not world.asleep("key_2"):
        world.tick()
    assert world.data.time - released < 1.5


def test_a_jammed_button_stays_where_it_is():
    def jam(spec: mujoco.MjSpec) -> None:
        from switch_bench.controls.contact import STUCK

        spec.joint("it.key/joint").frictionloss = STUCK

    world = BareWorld(PushButton(name="key", at=(0, 0)), arrange=jam)
    world.press("key")
    assert world.log == []
