"""What a keypad microwave does with its keys and its door: programme, display, magnetron, food."""

from __future__ import annotations

from math import pi

from switch_bench.devices.contacts import pressed
from switch_bench.network.declare import MS, SECOND
from switch_bench.network.io import IO

DIGITS = "0123456789"
MOST = 99 * 60 + 99  # s that can be typed
QUICK = 30  # s that start adds where nothing was typed
BEEPS = 3 * SECOND  # at the end
CHIRP = 150 * MS  # at a key
REMIND = 60 * SECOND  # it beeps again while the door stays shut
LOCK_HOLD = 3 * SECOND
EFFICIENCY = 0.55  # of microwaves out for watts in (EN 60705 ratings: 800 W out of 1,350-1,450 W in)
IDLE, LIGHT = 1.5, 20.0  # W
FOOD = 0.35 * 3800.0  # J/K: a bowl of soup
FOOD_LOSS = 1.2  # W/K
TURN = 2 * pi / 12.0  # rad/s: five turns of the table a minute
PHASES = ("idle", "cook", "paused", "done")
TIMERS = ("cook", "beeps", "remind", "chirp", "lock_held")


def logic(io: IO) -> None:
    """The microwave's logic; its model has `watts`, `quick` and `reminds`."""
    model = io.model
    powered, shut = bool(io["mains"]), io["door"] == "closed"
    phase, typed, left, locked = str(io["phase"]), str(io["typed"]), int(io["left"]), bool(io["locked"])
    clock_known = bool(io["clock_known"])
    stop, start = pressed(io, "key_stop"), pressed(io, "key_start")
    digits = [d for d in DIGITS if io.rose(f"key_{d}")]

    if not powered:
        phase, typed, left, locked, clock_known = "idle", "", 0, False, False
        for timer in TIMERS:
            io.stop(timer)
    else:
        if stop or start or digits:
            io.start("chirp", CHIRP)
        if io.rose("key_stop"):
            io.start("lock_held", LOCK_HOLD)
        elif io.fell("key_stop"):
            io.stop("lock_held")
        if phase == "cook" and io.fired("cook"):
            phase = "done"
        elif phase == "cook" and (stop or not shut):
            phase, left, stop = "paused", io.left("cook"), False
            io.stop("cook")
        elif phase == "done" and (stop or start or digits or not shut):
            phase = "idle"
        if stop or io.fired("lock_held"):
            phase, typed, left = "idle", "", 0
            io.stop("cook")
        if io.fired("lock_held"):
            locked = not locked
        if not locked:
            if phase == "idle":
                typed = (typed + "".join(digits)).lstrip("0")[:4]
            run = _run(io, phase, typed, left) if start and shut else 0
            if run:
                phase, typed, left = "cook", "", 0
                io.start("cook", run)
    if phase != "done":
        io.stop("beeps")
        io.stop("remind")
    elif io["phase"] != "done" or io.fired("remind"):
        io.start("beeps", BEEPS)
        if model.reminds:
            io.start("remind", REMIND)
    for name, value in (
        ("phase", phase),
        ("typed", typed),
        ("left", left),
        ("locked", locked),
        ("clock_known", clock_known),
    ):
        io.set(name, value)
    io.set("display", _display(io, powered, phase, typed, left, locked, clock_known))
    beeps = io.left("chirp") or io.left("beeps")
    io.set("sound", "beep" if beeps else "hum" if phase == "cook" else "")
    _work(io, powered, phase == "cook", shut)


def _run(io: IO, phase: str, typed: str, left: int) -> int:
    """How long [µs] the start key lets it run from now on; 0: as before, or not at all."""
    quick = QUICK * SECOND if io.model.quick else 0
    if phase == "paused":
        return left
    if phase == "cook":
        return min(io.left("cook") + quick, MOST * SECOND) if quick else 0
    return seconds_typed(typed) * SECOND or quick


def seconds_typed(typed: str) -> int:
    """The time [s] that digits stand for: the last two are seconds (up to 99), those before minutes."""
    return int(typed[:-2] or 0) * 60 + int(typed[-2:] or 0)


def _display(io: IO, powered: bool, phase: str, typed: str, left: int, locked: bool, clock_known: bool) -> str:
    if not powered:
        return ""
    if phase == "cook":
        return f"{{left:{io.now + io.left('cook')}}}"
    if phase == "paused":
        whole = -(-left // SECOND)
        return f"{{blink:{whole // 60}:{whole % 60:02d}}}"
    if phase == "done":
        return "End"
    if locked:
        return "LOC"
    if typed:
        return f"{int(typed[:-2] or 0)}:{int(typed[-2:]):02d}"
    return "{clock}" if clock_known else "0:00"


def _work(io: IO, powered: bool, cooking: bool, shut: bool) -> None:
    """Magnetron, light, turntable and food."""
    model = io.model
    heating = cooking and not io["magnetron_dead"]
    light = powered and (cooking or not shut) and not io["light_burnt"]
    io.set("cooking", cooking)
    io.set("heating", heating)
    io.set("light", light)
    io.set("load", IDLE * powered + LIGHT * light + model.watts / EFFICIENCY * heating)
    if cooking:
        io.ramp("table", TURN)
    else:
        io.hold("table")
    warms = heating and bool(io["filled"])
    if io.first or warms != io["warming"]:
        io.set("warming", warms)
        gain = model.watts / FOOD_LOSS if warms else 0.0
        io.lag("food", io.level("@temperature") + gain, FOOD / FOOD_LOSS)
