import subprocess
import sys
from math import pi

import mujoco
import numpy as np
import pytest
from bare_world import BareWorld, room_spec

from switch_bench.controls import contact
from switch_bench.controls.button import PushButton
from switch_bench.controls.door import Door
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.knob import Knob
from switch_bench.controls.lever import Lever
from switch_bench.controls.push_turn_knob import PushTurnKnob
from switch_bench.controls.rocker import Rocker
from switch_bench.controls.slider import Slider
from switch_bench.controls.touchscreen import Touchscreen, pixel
from switch_bench.screens.base import Page, Screen, Widget

STEPS = (("off", -0.5), ("1", 0.2), ("2", 0.9))
SCREEN = Screen(size=(240, 120), pages={"p": Page(widgets=(Widget(name="go", kind="button", rect=(0, 0, 80, 40)),))})

ALL = (
    Rocker(name="rocker", at=(-0.2, 0.2)),
    Rocker(name="rocker_left", at=(-0.14, 0.2), on="left", size=(0.046, 0.024), initial=True),
    PushButton(name="key", at=(-0.08, 0.2)),
    PushButton(name="latch", at=(-0.04, 0.2), latching=True),
    PushButton(name="latched", at=(0.0, 0.2), latching=True, initial=True),
    Knob(name="dial", at=(-0.2, 0.1), positions=STEPS),
    Knob(name="trim", at=(-0.12, 0.1), turn=(-2.4, 2.4), scale=(50.0, 250.0), step=5.0, initial=120.0),
    PushTurnKnob(name="tap", at=(-0.04, 0.1), positions=(("off", 0.0), ("high", -1.5), ("low", -2.6))),
    PushTurnKnob(name="dimmer", at=(0.04, 0.1), turn=(-2.0, 2.0), interlock=False),
    Slider(name="slide", at=(-0.2, 0.0)),
    Slider(name="steps", at=(-0.1, 0.0), along="y", positions=(("a", -0.01), ("b", 0.01))),
    Lever(name="lever", at=(-0.04, 0.0), drive="pop", driven={True: 0.0}),
    Lever(name="breaker", at=(0.02, 0.0), positions=(("off", -0.5), ("tripped", 0.0), ("on", 0.5)), initial="on"),
    Door(name="door", at=(0.15, 0.05), size=(0.15, 0.2), glass=True, locked_by="locked"),
    Door(name="hatch", at=(0.15, -0.15), size=(0.15, 0.12), hinge="bottom", handle="knob", initial="open"),
    Keypad(name="pad", at=(-0.15, -0.15)),
    Touchscreen(name="screen", at=(0.0, -0.15), screen=SCREEN),
)


@pytest.mark.parametrize("tilt", [0.0, pi / 4, pi / 2])
def test_untouched_for_a_minute_nothing_moves_and_all_sleep(tilt):
    world = BareWorld(*ALL, tilt=tilt, distance=0.9)
    table = world.table
    starts = [r.states[r.initial].rest for r in table.readouts]
    world.wait(60)
    assert world.log == []
    moved = np.abs(world.data.qpos[table.address] - starts)
    assert moved.max() < 2e-3
    assert all(world.asleep(c.name) for c in ALL if world.built[c.name].bodies)


def test_on_a_free_body_controls_start_and_stay_where_they_are():
    spec = room_spec()
    spec.worldbody.add_geom(
        type=mujoco.mjtGeom.mjGEOM_PLANE, size=[1, 1, 0.1], contype=contact.STATIC.contype,
        conaffinity=contact.STATIC.conaffinity,
    )  # fmt: skip
    kettle = spec.worldbody.add_body(name="kettle", pos=[0, 0, 0.1])
    kettle.add_freejoint()
    kettle.sleep = mujoco.mjtSleepPolicy.mjSLEEP_ALLOWED
    kettle.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX, size=[0.1, 0.1, 0.1], mass=1.2, contype=contact.OBJECT.contype,
        conaffinity=contact.OBJECT.conaffinity,
    )  # fmt: skip
    panel = kettle.add_body(name="panel", pos=[0, -0.1, 0.0], quat=[0.7071068, 0.7071068, 0, 0])
    built = [
        c.build(spec, panel, "kettle.") for c in (Lever(name="lever", at=(0, 0)), PushButton(name="key", at=(0.05, 0)))
    ]
    model = spec.compile()
    data = mujoco.MjData(model)
    for _ in range(600):
        mujoco.mj_step(model, data)
    for one in built:
        assert abs(data.joint(one.readouts[0].joint).qpos[0]) < 4e-3
    assert not data.tree_awake.any()


@pytest.mark.parametrize("control", ALL, ids=lambda c: c.name)
def test_readouts_are_those_declared_and_start_with_the_declared_value(control):
    built = BareWorld(control).built[control.name]
    declared = dict(control.values())
    for readout in built.readouts:
        initial = readout.states[readout.initial].value
        assert initial == declared[readout.name][0]
        if len(declared[readout.name]) > 1:
            assert {s.value for s in readout.states} == set(declared[readout.name])


@pytest.mark.parametrize("control", ALL, ids=lambda c: c.name)
def test_every_name_is_below_the_controls_own(control):
    built = BareWorld(control).built[control.name]
    names = [*built.geoms, *built.bodies, *(g.site for g in built.grips.values()), *built.drives.values()]
    names += [r.joint for r in built.readouts]
    assert all(n.startswith(f"it.{control.name}") for n in names)


@pytest.mark.parametrize("control", [c for c in ALL if c.name not in ("key", "pad", "screen")], ids=lambda c: c.name)
def test_it_can_start_with_any_of_its_values(control):
    name, values = control.values()[0]
    for value in values:
        world = BareWorld(control, initial={control.name: value})
        world.wait(0.5)
        assert world.reads(name) == value
        assert world.log == []


@pytest.mark.parametrize("control", ALL, ids=lambda c: c.name)
def test_a_start_that_it_cannot_have_is_refused_by_name(control):
    with pytest.raises(ValueError, match=rf"it\.{control.name}"):
        BareWorld(control, initial={control.name: "no such thing"})


def test_only_what_has_a_motor_or_a_lock_may_be_declared_with_one():
    with pytest.raises(ValueError, match="fan: a Slider can't be driven"):
        Slider(name="fan", at=(0, 0), drive="motor", driven={True: 0.0})
    with pytest.raises(ValueError, match="dial: a Knob can't be locked"):
        Knob(name="dial", at=(0, 0), locked_by="child_lock")
    with pytest.raises(ValueError, match="lever: drive='pop' needs `driven`"):
        Lever(name="lever", at=(0, 0), drive="pop")


def test_a_momentary_button_cannot_start_pressed():
    with pytest.raises(ValueError, match=r"it\.key: a momentary button starts released"):
        BareWorld(PushButton(name="key", at=(0, 0)), initial={"key": True})


def test_aims_lie_in_the_states_they_aim_at():
    for control in ALL:
        for grip in BareWorld(control).built[control.name].grips.values():
            for value, place in grip.aim.items():
                reached = [
                    s for r in BareWorld(control).built[control.name].readouts for s in r.states if s.value == value
                ]
                assert any(s.below <= place <= s.above for s in reached)


def test_a_keypad_is_its_keys_in_reading_order():
    pad = Keypad(name="pad", at=(0.1, 0.0), keys=(("1", "2"), ("", "ok")), legends={"ok": "icon:start"})
    keys = pad.keys_as_buttons()
    assert [k.name for k in keys] == ["pad_1", "pad_2", "pad_ok"]
    assert keys[2].legend == "icon:start"
    assert keys[0].at[1] > keys[2].at[1]
    assert keys[0].at[0] < keys[1].at[0]


def test_a_point_of_the_glass_is_a_pixel_from_the_upper_left():
    size, pixels = (0.2, 0.1), (200, 100)
    assert pixel((-0.0999, 0.0499), size, pixels) == (0, 0)
    assert pixel((0.0501, -0.0001), size, pixels) == (150, 50)
    assert pixel((0.3, -0.3), size, pixels) == (199, 99)


def test_declarations_import_without_an_engine():
    code = (
        "import sys\n"
        "from switch_bench.controls import button, door, keypad, knob, lever, rocker, slider, touchscreen\n"
        "sys.exit('mujoco' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
