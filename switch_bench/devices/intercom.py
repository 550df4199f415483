"""Intercom: the station inside a flat that is called from a street door far away.

The input `ring` (a visitor's bell push, wired from the street door or pressed by a script) sounds the chime and
lights the call lamp until the call is answered, the door released, or half a minute over. Talk opens the line, while
it is held or until pressed again, by model; answering a call brings the visitor's voice. Unlock puts out `release` as
long as it is held, wired to the street door, which keeps its own time. One model releases only during a call or on an
open line. With the chime muted only the lamp tells of a call.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from switch_bench.controls.base import Control
from switch_bench.controls.button import PushButton
from switch_bench.devices.base import Colour, Device, Fault, Icon, Kind, Lamp, Panel, Part, Text
from switch_bench.devices.contacts import contact, pressed
from switch_bench.network.declare import SECOND, Signal, Timer
from switch_bench.network.io import IO

CALL = 30 * SECOND  # µs a call stays open unanswered
CHIME = 2 * SECOND  # µs of "ding-dong"
VOICE = 2 * SECOND  # µs of the visitor's answer
LINE = 60 * SECOND  # µs until a latched line closes by itself
STANDBY = 2.0  # W of a two-wire station with its share of the power supply


@dataclass(frozen=True)
class Model:
    """A station: its face, whether talk is held or latched, and whether it releases without a call."""

    talk: Literal["hold", "latch"]
    needs_call: bool
    size: tuple[float, float]
    places: Mapping[str, tuple[float, float]]  # of talk, unlock and perhaps mute [m]
    legends: Mapping[str, str]
    labels: Mapping[str, str]
    key: tuple[float, float] = (0.024, 0.024)
    shape: Literal["round", "square"] = "square"
    colour: Colour = (0.95, 0.95, 0.94)
    caps: Colour = (0.85, 0.85, 0.84)
    lamp: tuple[float, float] = (0.0, 0.0)
    grille: tuple[float, float] = (0.0, 0.045)  # of the speaker's middle on the panel


MODELS: Mapping[str, Model] = {
    "slim": Model(
        talk="hold",
        needs_call=False,
        size=(0.090, 0.170),
        places={"talk": (-0.020, -0.048), "unlock": (0.020, -0.048)},
        legends={"talk": "icon:mic", "unlock": "icon:key"},
        labels={"talk": "talk", "unlock": "door"},
        lamp=(-0.008, 0.002),
    ),
    "black": Model(
        talk="latch",
        needs_call=True,
        size=(0.170, 0.110),
        places={"talk": (0.058, 0.030), "unlock": (0.058, 0.000), "mute": (0.058, -0.034)},
        legends={"talk": "icon:phone", "unlock": "icon:unlock", "mute": "icon:mute"},
        labels={},
        key=(0.022, 0.022),
        shape="round",
        colour=(0.10, 0.10, 0.11),
        caps=(0.24, 0.24, 0.26),
        lamp=(0.030, 0.042),
        grille=(-0.030, 0.0),
    ),
    "seventies": Model(
        talk="hold",
        needs_call=False,
        size=(0.130, 0.130),
        places={"unlock": (-0.034, -0.036), "talk": (0.006, -0.036), "mute": (0.046, -0.036)},
        legends={"unlock": "", "talk": "", "mute": ""},
        labels={"unlock": "OPEN", "talk": "SPEAK", "mute": "QUIET"},
        key=(0.028, 0.018),
        colour=(0.78, 0.70, 0.55),
        caps=(0.35, 0.22, 0.14),
        lamp=(0.048, 0.006),
        grille=(-0.016, 0.026),
    ),
}


def _logic(io: IO) -> None:
    model: Model = io.model
    talk, ring = pressed(io, "talk"), io.rose("ring")
    unlock = bool(io["unlock"])
    if not io["mains"]:
        for timer in ("call", "chime", "voice", "line_timeout"):
            io.stop(timer)
        for name in ("call_lamp", "line", "release"):
            io.set(name, False)
        io.set("calling", False)
        io.set("sound", "")
        io.set("load", 0.0)
        return
    calling = ring or (bool(io["calling"]) and not io.fired("call"))
    line = _line(io, talk)
    answered = line and not io["line"] and calling
    release = unlock and (calling or line or not model.needs_call)
    if ring:
        io.start("call", CALL)
    if answered:
        io.start("voice", VOICE)
    if answered or release:
        calling = False
        io.stop("call")
    io.set("calling", calling)
    io.set("call_lamp", calling and not io["call_lamp_dead"])
    io.set("line", line)
    io.set("release", release and not io["strike_wire_broken"])
    _sound(io, ring, calling, answered, line)
    io.set("load", STANDBY)


def _line(io: IO, talk: bool) -> bool:
    """Whether the line is open now."""
    if io.model.talk == "hold":
        return bool(io["talk"]) and (talk or bool(io["line"]))
    line = bool(io["line"]) and not io.fired("line_timeout")
    if not talk:
        return line
    if line:
        io.stop("line_timeout")
    else:
        io.start("line_timeout", LINE)
    return not line


def _sound(io: IO, ring: bool, calling: bool, answered: bool, line: bool) -> None:
    """The chime at a ring, cut short by an answer; the visitor's voice after it."""
    muted = "mute" in io.model.places and bool(io["mute"])
    chime = ring and calling and not muted and not io["chime_dead"]
    if chime:
        io.start("chime", CHIME)
    elif not calling:
        io.stop("chime")
    ringing = chime or (bool(io["chime"]) and calling)
    voice = line and (answered or bool(io["voice"]))
    io.set("sound", "chime" if ringing else "voice" if voice else "")


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    talk = contact("talk", "the talk key")
    keys: list[Control] = []
    for name, at in model.places.items():
        keys.append(
            PushButton(
                name=name,
                at=at,
                size=model.key,
                shape=model.shape,
                colour=model.caps,
                legend=model.legends[name],
                label=model.labels.get(name, ""),
                label_side="above",
                latching=name == "mute",
            )
        )
    faults = {
        "call_lamp_dead": Fault("the call lamp is dead", {"call_lamp_dead": True}),
        "chime_dead": Fault("the chime is dead", {"chime_dead": True}),
        "strike_wire_broken": Fault("the wire to the street door is broken", {"strike_wire_broken": True}),
        "stuck_unlock": Fault("the unlock key is stuck", stuck=("unlock",)),
        **talk.faults,
    }
    words: dict[str, Any] = {
        "call_lamp": ("the intercom's call lamp is dark", "the intercom's call lamp is lit"),
        "line": ("the intercom's line is closed", "the intercom's line is open"),
        "release": ("the intercom doesn't release the door", "the intercom releases the door"),
        "sound": {"": "the intercom is silent", "chime": "the intercom chimes", "voice": "a visitor speaks"},
    }
    if "mute" in model.places:
        faults["left_muted"] = Fault("the last user left the chime muted", {"mute": True})
        words["mute"] = ("the chime is on", "the chime is muted")
    x, y = model.grille
    front = Panel(
        name="front",
        at=(0.0, -0.026, 0.0),
        size=model.size,
        colour=model.colour,
        controls=tuple(keys),
        marks=(
            Icon(name="speaker", at=(x, y - 0.024), size=0.008),
            *(Text(text="||||||||||", at=(x, y + 0.008 * row), height=0.005) for row in (-1, 0, 1)),
            *((Text(text=str(options["label"]), at=(x, y + 0.026), height=0.005),) if options["label"] else ()),
        ),
        lamps=(
            Lamp(signal="call_lamp", at=model.lamp, colour=(1.0, 0.25, 0.15), size=0.006, label="call"),
            Lamp(signal="line", at=(model.lamp[0], model.lamp[1] - 0.011), size=0.005, label="line"),
        ),
    )
    width, height = model.size
    return Device(
        panels=(front,),
        parts=(Part(size=(width - 0.004, 0.021, height - 0.004), at=(0.0, -0.0105, 0.0), colour=model.colour),),
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            Signal(name="ring", initial=False, kind="input"),
            Signal(name="calling", initial=False),
            Signal(name="call_lamp", initial=False, kind="output"),
            Signal(name="line", initial=False, kind="output"),
            Signal(name="release", initial=False, kind="output"),
            Signal(name="sound", initial="", kind="sound", values=("", "chime", "voice")),
            Signal(name="call_lamp_dead", initial=False),
            Signal(name="chime_dead", initial=False),
            Signal(name="strike_wire_broken", initial=False),
            *talk.signals,
        ),
        timers=(Timer(name="call"), Timer(name="chime"), Timer(name="voice"), Timer(name="line_timeout"), *talk.timers),
        logic=_logic,
        mains=True,
        faults=faults,
        words=words,
        shows={"call_lamp": "front", "line": "front"} | ({"mute": "front"} if "mute" in model.places else {}),
        model=model,
    )


KIND = Kind(
    name="intercom",
    title="intercom",
    models=MODELS,
    declare=_declare,
    options={"label": ""},
    mount="wall",
)
