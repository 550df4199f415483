"""The cycle of a washing machine: programmes, stages and the logic that goes through them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from switch_bench.devices.contacts import pressed
from switch_bench.network.declare import MINUTE, SECOND, seconds
from switch_bench.network.io import IO

WATER = 12.0  # l in the suds
TAP = 15.0  # degC
HEATER = 1950.0  # W, common 7 kg machines (EN 60456 data sheets: 1,900 to 2,100 W in all)
HEAT_MINUTES = WATER * 4186.0 / HEATER / 60.0  # min for each kelvin
FILL, RINSE, DRAIN = 2.0, 7.0, 1.5  # min
NO_WATER = 180 * SECOND  # of filling in vain
UNLOCK, UNLOCK_SPREAD = 60 * SECOND, 60 * SECOND  # the lock's bimetal cools in one to two minutes (EN 60730 PTC locks)
BEEPS = 5 * SECOND
REFUSED = 2 * SECOND  # it says why it doesn't start
LOCK_HOLD = 3 * SECOND
TIMERS = ("step", "no_water", "unlock", "beeps", "refused", "lock_held")
COOL = 40  # degC: with suds hotter than that the door stays locked in a pause
LOADS = {"fill": 8.0, "heat": HEATER + 180.0, "wash": 180.0, "rinse": 150.0, "drain": 35.0, "spin": 450.0}  # W
SOUNDS = {
    "fill": "water",
    "heat": "churning",
    "wash": "churning",
    "rinse": "churning",
    "drain": "pump",
    "spin": "whine",
}
TURNS = {"heat": 3.0, "wash": 5.0, "rinse": 5.0, "spin": 25.0}  # rad/s; a spinning drum is drawn slower than it is
STAGES = ("", *LOADS)
PHASES = ("off", "ready", "run", "paused", "no_water", "end")
SPINS = (0, 400, 800, 1000, 1200, 1400)  # rev/min
TEMPERATURES = (0, 20, 30, 40, 60, 90)  # degC; 0: cold
CONTACTS = {"start": "the start key", "temp": "the temperature key", "spin": "the spin key"}


class Programme(NamedTuple):
    """One programme. minutes: of washing alone; temperature: usual; hottest: the most the key allows."""

    title: str
    minutes: float
    temperature: int
    hottest: int
    rinses: int
    spin: int
    fastest: int


PROGRAMMES: Mapping[str, Programme] = {
    "cotton": Programme("Cotton", 55, 40, 90, 3, 1200, 1400),
    "eco": Programme("Eco 40-60", 125, 40, 60, 2, 1400, 1400),
    "synthetics": Programme("Synthetics", 38, 30, 60, 3, 1000, 1200),
    "delicate": Programme("Delicate", 24, 30, 40, 3, 400, 800),
    "wool": Programme("Wool", 18, 20, 40, 2, 400, 800),
    "mix": Programme("Mix", 30, 40, 60, 2, 1000, 1400),
    "sport": Programme("Sport", 26, 30, 40, 2, 800, 1000),
    "quick": Programme("Quick 15", 5, 30, 40, 1, 800, 1200),
    "hygiene": Programme("Hygiene", 70, 60, 90, 3, 1400, 1400),
    "rinse": Programme("Rinse", 0, 0, 0, 1, 1000, 1400),
    "spin": Programme("Spin", 0, 0, 0, 0, 1200, 1400),
    "drain": Programme("Drain", 0, 0, 0, 0, 0, 0),
}


def plan(programme: str, temperature: int, spin: int, extra: bool, pace: float) -> tuple[tuple[str, int], ...]:
    """The stages of a programme with their durations [µs]."""
    row = PROGRAMMES[programme]
    stages: list[tuple[str, float]] = []
    if row.minutes:
        stages.append(("fill", FILL))
        if temperature > TAP:
            stages.append(("heat", HEAT_MINUTES * (temperature - TAP)))
        stages += [("wash", row.minutes), ("drain", DRAIN)]
    elif row.rinses:
        stages.append(("fill", FILL))
    rinses = row.rinses + (extra and row.rinses > 0)
    if rinses:
        stages.append(("rinse", RINSE * rinses))
    stages.append(("drain", DRAIN))
    if spin:
        stages.append(("spin", 4.0 + spin / 200.0))
    return tuple((stage, seconds(minutes * 60.0 / pace)) for stage, minutes in stages)


class Job(NamedTuple):
    """What the machine is at: everything its logic carries from one instant to the next."""

    phase: str
    programme: str
    temperature: int
    spin: int
    extra: bool
    step: int
    left: int  # µs of the step, while it is held up
    locked: bool  # the child lock


def logic(io: IO) -> None:
    """The machine's logic."""
    before = Job(
        str(io["phase"]), str(io["programme"]), int(io["temperature"]), int(io["speed"]), bool(io["more"]),
        int(io["at_step"]), int(io["left"]), bool(io["child_lock"]),
    )  # fmt: skip
    job = before
    powered = bool(io["mains"])
    if job.phase == "run" and io.fired("step"):
        job = _next(io, job)
    if powered:
        keys = {key: pressed(io, key) for key in ("start", "temp", "spin")}
        keys["extra"], job = _extra(io, job)
        job = _dial(io, job)
        if not job.locked:
            job = _options(job, keys)
            job = _start(io, job) if keys["start"] else job
        if job.phase == "run" and io.fired("no_water"):
            job = job._replace(phase="no_water")
            io.start("beeps", BEEPS)
        _supply(io, job)
    else:
        for timer in ("no_water", "beeps", "refused", "lock_held"):
            io.stop(timer)
    job = _held(io, job, powered)
    _show(io, job, powered, _lock(io, job, before, powered))


def _stages(io: IO, job: Job) -> tuple[tuple[str, int], ...]:
    return plan(job.programme, job.temperature, job.spin, job.extra, float(io["pace"]))


def _extra(io: IO, job: Job) -> tuple[bool, Job]:
    """The extra key: whether it was pressed shortly; held for long it locks the keys or frees them."""
    if io.rose("extra"):
        io.start("lock_held", LOCK_HOLD)
    if io.fired("lock_held"):
        return False, job._replace(locked=not job.locked)
    short = io.fell("extra") and io.left("lock_held") > 0
    if short:
        io.stop("lock_held")
    return short, job


def _dial(io: IO, job: Job) -> Job:
    """What the dial says: a new programme while nothing runs; off ends what runs by draining."""
    dial = str(io["dial"])
    busy = job.phase in ("run", "paused", "no_water")
    if busy and dial == "off" and job.programme != "drain" and not job.locked:
        return job._replace(phase="run", programme="drain", temperature=0, spin=0, extra=False, step=0, left=-1)
    if busy:
        return job
    if dial == "off":
        return job._replace(phase="off", programme="drain", step=0, left=0)
    if io.changed("dial") or job.phase == "off":
        row = PROGRAMMES[dial]
        return job._replace(
            phase="ready", programme=dial, temperature=row.temperature, spin=row.spin, extra=False, step=0, left=0
        )
    return job


def _options(job: Job, keys: dict[str, bool]) -> Job:
    """The temperature, spin and extra rinse keys, before the start."""
    if job.phase != "ready":
        return job
    row = PROGRAMMES[job.programme]
    if keys["temp"]:
        job = job._replace(temperature=_cycle(TEMPERATURES, job.temperature, row.hottest))
    if keys["spin"]:
        job = job._replace(spin=_cycle(SPINS, job.spin, row.fastest))
    if keys["extra"] and row.rinses:
        job = job._replace(extra=not job.extra)
    return job


def _cycle(choices: tuple[int, ...], now: int, most: int) -> int:
    allowed = [c for c in choices if c <= most]
    return allowed[(allowed.index(now) + 1) % len(allowed)]


def _start(io: IO, job: Job) -> Job:
    """The start key: starts, pauses or goes on. `left` −1 asks for the step anew."""
    if job.phase == "run":
        return job._replace(phase="paused", left=io.left("step") or job.left)
    if job.phase not in ("ready", "paused", "no_water"):
        return job
    if io["door"] != "closed":
        io.start("refused", REFUSED)
        return job
    if job.phase == "ready":
        return job._replace(phase="run", step=0, left=-1)
    return job._replace(phase="run")


def _next(io: IO, job: Job) -> Job:
    if job.step + 1 < len(_stages(io, job)):
        return job._replace(step=job.step + 1, left=-1)
    io.start("beeps", BEEPS)
    return job._replace(phase="off" if io["dial"] == "off" else "end", step=0, left=0)


def _supply(io: IO, job: Job) -> None:
    """Without water a filling waits, and not for ever."""
    waits = job.phase == "run" and _stages(io, job)[job.step][0] == "fill" and not io["water"]
    if not waits:
        io.stop("no_water")
    elif not io.left("no_water"):
        io.start("no_water", NO_WATER)


def _held(io: IO, job: Job, powered: bool) -> Job:
    """Let the step's timer run exactly while the programme does; keep in `left` what is left of it else."""
    if job.phase not in ("run", "paused", "no_water"):
        io.stop("step")
        return job
    stage, duration = _stages(io, job)[job.step]
    left = duration if job.left == -1 else job.left
    if job.phase == "run" and powered and (stage != "fill" or io["water"]):
        if left:
            io.start("step", left)
        return job._replace(left=0)
    if io.left("step"):
        left = io.left("step")
    io.stop("step")
    return job._replace(left=left)


def _lock(io: IO, job: Job, before: Job, powered: bool) -> bool:
    """The door's lock: shut with the start, open again a while after the end or a cool pause."""
    locked = bool(io["lock"])
    hot = job.temperature > COOL and _stages(io, job)[job.step][0] in ("heat", "wash")
    may = job.phase in ("off", "ready", "end") or (job.phase in ("paused", "no_water") and not hot)
    if io.fired("unlock"):
        locked = False
    if job.phase == "run" and before.phase != "run" and io["door"] == "closed" and not io["latch_broken"]:
        locked = True
    if not may:
        io.stop("unlock")
    elif locked and not io.left("unlock"):
        io.start("unlock", UNLOCK + round(UNLOCK_SPREAD * io.draw("unlock")))
    return locked


def _show(io: IO, job: Job, powered: bool, locked: bool) -> None:
    runs = job.phase == "run" and powered
    stages = _stages(io, job)
    stage = stages[job.step][0] if job.phase in ("run", "paused", "no_water") else ""
    works = runs and io.left("step") > 0
    io.set("lock", locked)
    io.set("lamp_lock", locked and powered)
    io.set("phase", job.phase)
    io.set("programme", job.programme)
    io.set("temperature", job.temperature)
    io.set("speed", job.spin)
    io.set("more", job.extra)
    io.set("at_step", job.step)
    io.set("left", job.left)
    io.set("child_lock", job.locked)
    io.set("stage", stage)
    io.set("running", works)
    for name in LAMPS:
        io.set(f"lamp_{name}", powered and name in (LAMP_OF.get(stage, ""), job.phase))
    turn = TURNS.get(stage, 0.0) if works else 0.0
    if turn:
        io.ramp("drum", turn)
    else:
        io.hold("drum")
    io.set("load", (LOADS[stage] if works else 0.0) + (1.0 if powered else 0.0))
    beeps = io.left("beeps") > 0 or io.left("refused") > 0
    io.set("sound", "beep" if beeps and powered else SOUNDS[stage] if works else "")
    io.set("time", _time(io, job, stages) if powered else "")
    chosen = job.phase != "off" and powered
    warm = f"{job.temperature}°" if job.temperature else "cold"
    io.set("choice", f"{warm} {job.spin}{' +' if job.extra else ''}" if chosen else "")


def _time(io: IO, job: Job, stages: tuple[tuple[str, int], ...]) -> str:
    rest = sum(duration for _, duration in stages[job.step + 1 :])
    if io.left("refused"):
        return "door"
    if job.locked and job.phase != "run":
        return "CL"
    if job.phase == "off":
        return ""
    if job.phase == "end":
        return "End"
    if job.phase == "no_water":
        return "E10"
    if job.phase == "run" and io.left("step"):
        return f"{{left_hm:{io.now + io.left('step') + rest}}}"
    total = rest + (stages[job.step][1] if job.phase == "ready" else job.left)
    shown = f"{-(-total // MINUTE) // 60}:{-(-total // MINUTE) % 60:02d}"
    return f"{{blink:{shown}}}" if job.phase == "paused" else shown


LAMPS = ("wash", "rinse", "spin", "end")
LAMP_OF = {"fill": "wash", "heat": "wash", "wash": "wash", "rinse": "rinse", "drain": "spin", "spin": "spin"}
