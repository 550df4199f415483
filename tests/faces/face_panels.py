"""Panels for the tests: an oven, a washing machine, a microwave, a wall plate."""

from math import radians

from switch_bench.controls.button import PushButton
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.knob import Knob
from switch_bench.controls.lever import Lever
from switch_bench.controls.rocker import Rocker
from switch_bench.controls.slider import Slider
from switch_bench.devices.base import Display, Icon, Lamp, Panel, Scale, Text

PROGRAMMES = (
    "Off",
    "Cotton 90°",
    "Cotton 60°",
    "Cotton 40°",
    "Eco 40-60",
    "Synthetics",
    "Delicates",
    "Wool",
    "Quick 30",
    "Rinse",
    "Spin",
    "Drain",
)


def oven():
    modes = ("icon:off", "icon:heat_both", "icon:grill", "icon:convection", "icon:defrost")
    angles = tuple(radians(-120 + 60 * i) for i in range(5))
    return Panel(
        name="oven",
        at=(0, 0, 0),
        size=(0.59, 0.12),
        colour=(0.2, 0.2, 0.21),
        finish="brushed",
        controls=(
            Knob(name="mode", at=(-0.2, -0.005), radius=0.02, positions=tuple(zip("01234", angles, strict=True))),
            Knob(
                name="heat",
                at=(0.2, -0.005),
                radius=0.02,
                turn=(radians(-135), radians(135)),
                scale=(50, 250),
                step=5,
                label="°C",
            ),
            PushButton(name="set", at=(0.0, -0.04), legend="icon:clock"),
        ),
        marks=(
            Scale(control="mode", marks=tuple(zip(modes, angles, strict=True))),
            Scale(control="heat"),
            Text(text="Fornella", at=(0.0, 0.05)),
        ),
        lamps=(Lamp(signal="heating", at=(0.11, 0.02), label="heating", label_side="below"),),
        displays=(Display(signal="clock", at=(0.0, 0.015), size=(0.09, 0.034), style="seven_segment"),),
    )


def washer():
    turns = tuple((name, radians(30 * i - 165)) for i, name in enumerate(PROGRAMMES))
    return Panel(
        name="washer",
        at=(0, 0, 0),
        size=(0.58, 0.11),
        controls=(Knob(name="programme", at=(-0.06, 0.0), radius=0.026, positions=turns),),
        marks=(Scale(control="programme"),),
    )


def microwave():
    return Panel(
        name="keys",
        at=(0, 0, 0),
        size=(0.1, 0.26),
        colour=(0.09, 0.09, 0.1),
        finish="glass",
        controls=(
            Keypad(name="keys", at=(0, 0.02), size=(0.018, 0.013), pitch=(0.025, 0.02)),
            PushButton(name="stop", at=(-0.023, -0.07), size=(0.034, 0.018), shape="square", label="Stop"),
            PushButton(name="start", at=(0.023, -0.07), size=(0.034, 0.018), shape="square", label="Start"),
        ),
    )


def plate(*labels):
    rockers = tuple(
        Rocker(name=f"gang_{i}", at=((i - (len(labels) - 1) / 2) * 0.03, 0.004), label=label)
        for i, label in enumerate(labels)
    )
    return Panel(name="plate", at=(0, 0, 0), size=(0.05 + 0.03 * len(labels), 0.08), controls=rockers)


def mixed():
    return Panel(
        name="mixed",
        at=(0, 0, 0),
        size=(0.2, 0.12),
        colour=(0.35, 0.24, 0.16),
        finish="wood",
        controls=(
            Slider(name="cold", at=(-0.03, 0.02), length=0.08, scale=(1, 5), step=1, label="Cold"),
            Slider(name="fan", at=(0.06, 0.0), along="y", length=0.05, positions=(("off", -0.02), ("on", 0.02))),
            Lever(name="main", at=(-0.07, -0.03), positions=(("O", -0.5), ("I", 0.5)), label="Main", label_side="left"),
        ),
        marks=(
            Scale(control="cold"),
            Scale(control="fan"),
            Scale(control="main"),
            Icon(name="snow", at=(0.0, -0.045), size=0.014),
        ),
    )


ALL = {p.name: p for p in (oven(), washer(), microwave(), plate("Kitchen", "Living room", "Hall"), mixed())}
