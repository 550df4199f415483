"""An oven's clock and timer: three keys, a display and a bell."""

from __future__ import annotations

from switch_bench.devices.contacts import pressed
from switch_bench.network.declare import MINUTE, SECOND
from switch_bench.network.io import IO

DAY = 24 * 60
MOST = 99  # min on the timer
RINGS = 60 * SECOND  # the bell gives up
REPEAT_AFTER, REPEAT_EVERY, LEAP = 800_000, 250_000, 10  # µs, µs, min: a key held down leaps
KEYS = ("minus", "clock", "plus")


def clock(io: IO, powered: bool, accept: int, cuts: bool) -> tuple[bool, bool]:
    """Clock and timer: keys, display and bell. Returns whether the timer has ended the heating, and whether it rings.

    accept: µs after which an edited time counts, 0: only the clock key accepts it.
    cuts: the timer's end ends the heating too.
    """
    clock_set, edit, minutes = bool(io["clock_set"]), str(io["edit"]), int(io["minutes"])
    zero, end = int(io["zero"]), int(io["end"])
    done, ringing = bool(io["done"]), bool(io["ringing"])
    keys = {key: pressed(io, key) and powered for key in KEYS}

    if not powered:
        clock_set, edit, end, ringing, done, zero = False, "", 0, False, False, 0
        for timer in ("edit_over", "bell", "rings", "repeat", "chime"):
            io.stop(timer)
    if io.fired("bell") and powered:
        end, ringing, done = 0, True, cuts
        io.start("rings", RINGS)
    if io.fired("rings"):
        ringing = False
    step = int(keys["plus"]) - int(keys["minus"])
    if step:
        io.start("repeat", REPEAT_AFTER)
    if io.fired("repeat") and io["plus"] != io["minus"] and edit:
        step = LEAP if io["plus"] else -LEAP
        io.start("repeat", REPEAT_EVERY)

    accepted = io.fired("edit_over") and accept > 0
    if ringing and (keys["clock"] or step):
        ringing, done = False, False
        io.stop("rings")
    elif keys["clock"] and not edit:
        edit, minutes = ("timer" if clock_set else "clock"), 0
    elif step and not edit and not clock_set:
        edit, minutes = "clock", step % DAY
    elif step and edit:
        minutes = (minutes + step) % DAY if edit == "clock" else min(max(minutes + step, 0), MOST)
    elif keys["clock"] or accepted:
        if edit == "clock":
            clock_set, zero = True, io.now - minutes * MINUTE
        elif minutes:
            end = io.now + minutes * MINUTE
            io.start("bell", minutes * MINUTE)
        else:
            end = 0
            io.stop("bell")
        edit = ""
    elif io.fired("edit_over"):
        edit = ""
    if any(keys.values()) or step:
        if edit:
            io.start("edit_over", accept or 20 * SECOND)
        else:
            io.stop("edit_over")

    values = {"clock_set": clock_set, "edit": edit, "minutes": minutes, "zero": zero, "end": end, "ringing": ringing}
    for name, value in values.items():
        io.set(name, value)
    io.set("display", _display(powered, clock_set, edit, minutes, zero, end, ringing))
    return done, ringing


def _display(powered: bool, clock_set: bool, edit: str, minutes: int, zero: int, end: int, ringing: bool) -> str:
    if not powered:
        return ""
    if edit == "clock":
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if edit == "timer":
        return f"{minutes}:00"
    if ringing:
        return "End"
    if not clock_set:
        return "{blink:00:00}"
    if end:
        return f"{{left:{end}}}"
    return f"{{time:{zero}}}" if zero else "{clock}"
