"""Home panel: a paged touch screen that acts on lights and heating in every zone, and shows how they are.

A light is shown as it was asked for, and after a few seconds as it reports itself to be. The screen falls asleep; the
first touch only wakes it, and a finger that stays on the glass while the page changes presses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.devices.base import Colour, Device, Fault, Kind, Panel, Part, Text
from switch_bench.devices.home_pages import SCENES, TABS, Scene, screen
from switch_bench.devices.options import number
from switch_bench.network.declare import MS, SECOND, Quantiser, Signal, Timer
from switch_bench.network.io import IO

LOWEST, HIGHEST, STEP = 5.0, 30.0, 0.5  # degC
BOOT = 12 * SECOND
ANSWER = 5 * SECOND  # within which a light should report what it was asked for
CLEAN = 30 * SECOND
CLICK = 100 * MS
SLEEPS = (15, 60, 300)  # s
WATTS, ASLEEP = 6.0, 2.0
PAGES = ("", "sleep", "boot", "clean", "confirm", *TABS)
MOST = 6  # lights


@dataclass(frozen=True)
class Model:
    """A panel: its glass, how its pages are laid out, and what it does when it wakes."""

    pixels: tuple[int, int]
    glass: tuple[float, float]  # m
    dark: bool
    rail: bool  # the tabs stand on the left, not along the bottom
    colour: Colour
    brand: str
    remembers: bool = False  # wakes on the page it fell asleep on
    asks: bool = True  # leaving home must be confirmed
    sleep: int = 60  # s


MODELS: Mapping[str, Model] = {
    "slate_7": Model(
        pixels=(480, 300), glass=(0.152, 0.095), dark=True, rail=False, colour=(0.08, 0.08, 0.09), brand="casa"
    ),
    "pearl_8": Model(
        pixels=(512, 320),
        glass=(0.168, 0.105),
        dark=False,
        rail=True,
        colour=(0.95, 0.95, 0.94),
        brand="HomeHub",
        remembers=True,
        asks=False,
    ),
    "tower_5": Model(
        pixels=(300, 420), glass=(0.090, 0.126), dark=True, rail=False, colour=(0.70, 0.68, 0.64), brand="omni"
    ),
}


def _logic(io: IO) -> None:
    page, finger = str(io["page"]), str(io["finger"])
    now = str(io["screen"])
    pressed = now if now and not finger else ""
    powered = bool(io["mains"])
    if not powered:
        page = ""
        for timer in ("boot", "idle", "clean", "click"):
            io.stop(timer)
    elif page == "":
        page = "boot"
        io.start("boot", BOOT)
    if io.fired("boot") and page == "boot":
        page = "home"
        io.start("idle", int(io["sleep_after"]) * SECOND)
    if io.fired("clean") and page == "clean":
        page = "settings"
        io.start("idle", int(io["sleep_after"]) * SECOND)
    if io.fired("idle") and page not in ("", "boot", "clean"):
        io.set("last", page if page in TABS else "home")
        page = "sleep"
    if io.first and page in TABS:
        io.start("idle", int(io["sleep_after"]) * SECOND)
    if pressed and not io["glass_dead"]:
        page = _touch(io, page, pressed)
    _reports(io)
    io.set("finger", now)
    io.set("page", page)
    io.set("sound", "click" if io.left("click") else "")
    io.set("load", 0.0 if not powered else ASLEEP if page == "sleep" else WATTS)


def _touch(io: IO, page: str, widget: str) -> str:
    """Do what the touched widget says; returns the page shown from now on."""
    if page in ("", "boot", "clean"):
        return page
    sleep = int(io["sleep_after"])
    if io["clicks"]:
        io.start("click", CLICK)
    if page == "sleep":
        io.start("idle", sleep * SECOND)
        return str(io["last"]) if io.model.remembers else "home"
    kind, _, name = widget.partition(":")
    if kind == "go":
        page = name
    elif kind == "light":
        _ask(io, {int(name): not io[f"shown_{name}"]})
    elif kind == "all_off":
        _ask(io, dict.fromkeys(_lights(io), False))
    elif kind in ("warmer", "cooler"):
        change = STEP if kind == "warmer" else -STEP
        io.set("setpoint", min(max(float(io["setpoint"]) + change, LOWEST), HIGHEST))
    elif kind == "away":
        io.set("away", not io["away"])
    elif kind == "scene" and name == "leave" and io.model.asks:
        page = "confirm"
    elif kind == "scene":
        _play(io, SCENES[name])
    elif kind == "confirm":
        page = "scenes"
        if name == "yes":
            _play(io, SCENES["leave"])
    elif kind == "sleep":
        sleep = SLEEPS[(SLEEPS.index(sleep) + 1) % len(SLEEPS)]
        io.set("sleep_after", sleep)
        io.set("sleep_words", f"Sleep after {sleep} s")
    elif kind == "clicks":
        io.set("clicks", not io["clicks"])
    elif kind == "clean":
        page = "clean"
        io.start("clean", CLEAN)
        io.set("clean_words", f"Wipe the glass now: {{left:{io.now + CLEAN}}}")
        io.stop("idle")
        return page
    io.start("idle", sleep * SECOND)
    return page


def _lights(io: IO) -> range:
    return range(1, int(io["lights"]) + 1)


def _play(io: IO, scene: Scene) -> None:
    if scene.lights is not None:
        _ask(io, {i: scene.lights == "all" or (scene.lights == "first" and i == 1) for i in _lights(io)})
    if scene.setpoint is not None:
        io.set("setpoint", scene.setpoint)
    io.set("away", scene.away)


def _ask(io: IO, wanted: Mapping[int, bool]) -> None:
    """Send lights their orders, and show them as obeyed until they should have answered."""
    for i, on in wanted.items():
        io.set(f"shown_{i}", on)
        if not io["link_down"]:
            io.set(f"light_{i}", on)
    io.start("answer", ANSWER)


def _reports(io: IO) -> None:
    """Believe what the lights report, but not while an order is on its way."""
    if io.left("answer"):
        return
    over = io.fired("answer")
    for i in _lights(io):
        if over or io.first or io.changed(f"lit_{i}"):
            io.set(f"shown_{i}", bool(io[f"lit_{i}"]))
            io.set(f"light_{i}", bool(io[f"lit_{i}"]))


def _declare(model: Model, options: Mapping[str, Any]) -> Device:
    lights = [str(title) for title in options["lights"]]
    rooms = [(str(title), str(flow)) for title, flow in options["rooms"]]
    page = str(options["page"])
    if not 1 <= len(lights) <= MOST:
        raise ValueError(f"lights: a title for each of 1 to {MOST} lights needed, {len(lights)} given")
    if not 1 <= len(rooms) <= 3:
        raise ValueError(f"rooms: 1 to 3 pairs of title and temperature needed, {len(rooms)} given")
    if page not in ("sleep", *TABS):
        raise ValueError(f"page: {page!r} is none of sleep, {', '.join(TABS)}")
    count = range(1, len(lights) + 1)
    glass = screen(model.pixels, model.dark, model.rail, model.brand, lights, [title for title, _ in rooms])
    width, height = model.glass
    frame = (width + 0.020, height + 0.034)
    return Device(
        panels=(
            Panel(
                name="front",
                at=(0.0, -0.022, 0.0),
                size=frame,
                thickness=0.010,
                colour=model.colour,
                controls=(Touchscreen(name="screen", at=(0.0, 0.006), size=model.glass, screen=glass),),
                marks=(Text(text=model.brand, at=(0.0, -frame[1] / 2 + 0.009), height=0.004),),
            ),
        ),
        parts=(Part(size=(frame[0] - 0.012, 0.012, frame[1] - 0.012), at=(0.0, -0.006, 0.0), colour=model.colour),),
        signals=(
            Signal(name="mains", initial=True, kind="input"),
            Signal(name="load", initial=0.0, kind="output", unit="W"),
            Signal(name="call", initial=False, kind="input"),
            *(Signal(name=f"lit_{i}", initial=False, kind="input") for i in count),
            *(Signal(name=f"light_{i}", initial=False, kind="output") for i in count),
            *(Signal(name=f"shown_{i}", initial=False, kind="output") for i in count),
            Signal(name="lights", initial=len(lights)),
            Signal(name="setpoint", initial=number(options, "setpoint", LOWEST, HIGHEST), kind="output", unit="degC"),
            Signal(name="away", initial=False, kind="output"),
            Signal(name="page", initial=page, kind="output", values=PAGES),
            Signal(name="last", initial="home", values=TABS),
            Signal(name="finger", initial=""),
            Signal(name="sleep_after", initial=model.sleep, values=SLEEPS, unit="s"),
            Signal(name="sleep_words", initial=f"Sleep after {model.sleep} s", kind="output"),
            Signal(name="clean_words", initial="", kind="output"),
            Signal(name="clicks", initial=True),
            Signal(name="glass_dead", initial=False),
            Signal(name="link_down", initial=False),
            Signal(name="sound", initial="", kind="sound"),
        ),
        quantisers=tuple(
            Quantiser(name=f"room_{k}", flow=flow, step=0.5, hysteresis=0.1) for k, (_, flow) in enumerate(rooms, 1)
        ),
        timers=tuple(Timer(name=name) for name in ("boot", "idle", "clean", "click", "answer")),
        logic=_logic,
        mains=True,
        faults={
            "asleep": Fault("its screen is asleep", {"page": "sleep"}),
            "left_on_settings": Fault("the last user left it on its settings", {"page": "settings"}),
            "link_down": Fault("its orders to the lights don't get through", {"link_down": True}),
            "glass_dead": Fault("its glass doesn't feel a finger", {"glass_dead": True}),
        },
        words={
            "screen": "the panel's screen is touched at {}",
            "page": {p: f"the panel shows {f'its page {p}' if p else 'nothing'}" for p in PAGES},
            "setpoint": "the panel asks for {} °C",
            "away": ("the panel says that someone is in", "the panel says that everyone is away"),
            "call": ("the heating isn't called for", "the heating is called for"),
            "sound": {"": "the panel is silent", "click": "the panel clicks"},
            **{f"light_{i}": (f"{t} is told to be off", f"{t} is told to be on") for i, t in enumerate(lights, 1)},
            **{f"shown_{i}": (f"{t} is shown off", f"{t} is shown on") for i, t in enumerate(lights, 1)},
            **{f"lit_{i}": (f"{t} reports to be off", f"{t} reports to be on") for i, t in enumerate(lights, 1)},
            **{f"room_{k}": f"the panel shows {{}} °C for {t}" for k, (t, _) in enumerate(rooms, 1)},
        },
        shows=dict.fromkeys(
            (
                "page",
                "setpoint",
                "away",
                "call",
                *(f"shown_{i}" for i in count),
                *(f"room_{k}" for k in range(1, len(rooms) + 1)),
            ),
            "front",
        ),
        model=model,
    )


KIND = Kind(
    name="home_panel",
    title="home panel",
    models=MODELS,
    declare=_declare,
    options={
        "lights": ("Kitchen", "Living room", "Hall"),
        "rooms": (("Here", "@temperature"),),
        "setpoint": 20.0,
        "page": "home",
    },
    mount="wall",
)
