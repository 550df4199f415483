"""Radio remote: four keys on the wall (on, off, brighter, dimmer) that send packets by the output `radio`.

The scene wires `radio` to bulbs with medium "radio", a delay of 0.2 to 2 s and some loss. The remote hears no answer:
its lamp blinks when it sends, whatever comes of it. Brighter and dimmer repeat while held; "on" held for three
seconds sends "pair" with a long blink, for a bulb that was just given mains. It runs on a battery: a weak one still
lights the lamp but no longer carries a packet, a flat one does nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from switch_bench.controls.button import PushButton
from switch_bench.devices import radio
from switch_bench.devices.base import Colour, Device, Fault, Kind, Lamp, Panel, Text
from switch_bench.devices.contacts import contact, pressed
from switch_bench.devices.options import one_word
from switch_bench.network.declare import MS, SECOND, Signal, Timer
from switch_bench.network.io import IO

KEYS = ("on", "brighter", "dimmer", "off")
BLINK = 150 * MS  # µs the lamp is lit for a packet
LONG_BLINK = 900 * MS  # µs, for a pairing packet
REPEAT = 500 * MS  # µs between steps while brighter or dimmer is held
PAIR_HOLD = 3 * SECOND  # µs


@dataclass(frozen=True)
class Model:
    """A remote's face: where its keys are (x right, y up, from the middle [m]), their legends and shapes."""

    size: tuple[float, float]
    places: Mapping[str, tuple[float, float]]
    legends: Mapping[str, str]
    key: tuple[float, float] = (0.022, 0.022)
    shape: Literal["round", "square"] = "square"
    colour: Colour = (0.94, 0.94, 0.93)
    caps: Colour = (0.80, 0.80, 0.79)
    lamp: tuple[float, float] = (0.0, 0.0)
    lamp_colour: Colour = (0.1, 1.0, 0.2)
    label: tuple[float, float] = (0.0, 0.0)


MODELS: Mapping[str, Model] = {
    "bar": Model(
        size=(0.044, 0.136),
        places={"on": (0.0, 0.036), "brighter": (0.0, 0.008), "dimmer": (0.0, -0.019), "off": (0.0, -0.047)},
        legends={"on": "icon:on", "brighter": "icon:sun", "dimmer": "icon:moon", "off": "icon:off"},
        key=(0.032, 0.022),
        lamp=(0.0, 0.062),
        label=(0.0, 0.053),
    ),
    "square": Model(
        size=(0.086, 0.086),
        places={"on": (-0.020, 0.016), "brighter": (0.020, 0.016), "dimmer": (0.020, -0.024), "off": (-0.020, -0.024)},
        legends={"on": "I", "brighter": "icon:plus", "dimmer": "icon:minus", "off": "O"},
        key=(0.030, 0.030),
        colour=(0.16, 0.17, 0.19),
        caps=(0.27, 0.28, 0.31),
        lamp=(0.034, 0.037),
        label=(-0.004, 0.037),
        lamp_colour=(1.0, 0.2, 0.15),
    ),
    "cross": Model(
        size=(0.096, 0.104),
        places={"on": (0.028, 0.0), "brighter": (0.0, 0.028), "dimmer": (0.0, -0.028), "off": (-0.028, 0.0)},
        legends={"on": "ON", "brighter": "icon:up", "dimmer": "icon:down", "off": "OFF"},
        key=(0.022, 0.022),
        shape="round",
        colour=(0.86, 0.83, 0.76),
        caps=(0.97, 0.96, 0.92),
        label=(0.0, 0.046),
        lamp_colour=(0.3, 0.6, 1.0),
    ),
}


def _logic(io: IO) -> None:
    commands = [key for key in KEYS if pressed(io, key)]
    for key in ("brighter", "dimmer"):
        if io.fired(f"{key}_repeat"):
            commands.append(key)
        if not io[key]:
            io.stop(f"{key}_repeat")
        elif key in commands:
            io.start(f"{key}_repeat", REPEAT)
    if not io["on"]:
        io.stop("pair_hold")
    elif "on" in commands:
        io.start("pair_hold", PAIR_HOLD)
    if io.fired("pair_hold"):
        commands.append("pair")
    if io.fired("blink"):
        io.set("lamp", False)
    if commands and io["battery"] != "flat":
        _send(io, commands[-1])


def _send(io: IO, command: str) -> None:
    """Send one packet, and blink."""
    if io["battery"] == "good":
        number = int(io["sent"]) + 1
        io.set("sent", number)
        io.set("radio", radio.write(radio.Packet(str(io["id"]), command, number)))
    io.set("lamp", not io["lamp_dead"])
    io.start("blink", LONG_BLINK if command == "pair" else BLINK)


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    contacts = [contact(key, f'the key "{key}"') for key in KEYS]
    panel = Panel(
        name="front",
        at=(0.0, -0.014, 0.0),
        size=model.size,
        thickness=0.014,
        colour=model.colour,
        controls=tuple(
            PushButton(
                name=key,
                at=model.places[key],
                size=model.key,
                shape=model.shape,
                colour=model.caps,
                legend=model.legends[key],
            )
            for key in KEYS
        ),
        marks=(Text(text=str(options["label"]), at=model.label, height=0.004),) if options["label"] else (),
        lamps=(Lamp(signal="lamp", at=model.lamp, colour=model.lamp_colour, size=0.004),),
    )
    return Device(
        panels=(panel,),
        signals=(
            Signal(name="radio", initial="", kind="output"),
            Signal(name="lamp", initial=False, kind="output"),
            Signal(name="id", initial=one_word(options, "id")),
            Signal(name="sent", initial=0),
            Signal(name="battery", initial="good", values=("good", "weak", "flat")),
            Signal(name="lamp_dead", initial=False),
            *(s for c in contacts for s in c.signals),
        ),
        timers=(
            Timer(name="blink"),
            Timer(name="pair_hold"),
            Timer(name="brighter_repeat"),
            Timer(name="dimmer_repeat"),
            *(t for c in contacts for t in c.timers),
        ),
        logic=_logic,
        faults={
            "flat": Fault("the remote's battery is flat", {"battery": "flat"}),
            "weak": Fault("the remote's battery is weak: its lamp blinks but nothing is sent", {"battery": "weak"}),
            "lamp_dead": Fault("the remote's lamp is dead, it sends all the same", {"lamp_dead": True}),
            **{f"stuck_{key}": Fault(f'the key "{key}" is stuck', stuck=(key,)) for key in KEYS},
            **{name: fault for c in contacts for name, fault in c.faults.items()},
        },
        words={"lamp": ("the remote's lamp is dark", "the remote's lamp is lit")}
        | {key: (f'the key "{key}" is released', f'the key "{key}" is held') for key in KEYS},
        shows={"lamp": "front"},
        model=model,
    )


KIND = Kind(
    name="radio_remote",
    title="wall remote",
    models=MODELS,
    declare=_declare,
    options={"id": "A", "label": ""},
    mount="wall",
)
