"""What the audit has done in each room, and what must come of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from switch_bench.evaluate.facts import Surroundings, VerdictFacts
from switch_bench.spec.steps import Report, Step, read_step
from switch_bench.spec.task import Task

ORACLE, NOOP, NEAR_MISS, OMITTED, SPARED, DETOUR, RANDOM = (
    "oracle", "noop", "near_misses", "required_steps", "other_steps", "detour", "random_skill",
)  # fmt: skip
JUDGED = (ORACLE, NOOP, NEAR_MISS, OMITTED, DETOUR, RANDOM)
MUST_SUCCEED = (ORACLE, DETOUR)
WALK, STROLL = 40_000_000, 100_000_000  # µs: what two walks take within a room, and to the next and back
GUESSES = 4  # episodes of the random agent in each variation


@dataclass(frozen=True)
class Case:
    """One episode of the audit. plan: None where none is carried out (idle hands, the random agent)."""

    kind: str
    name: str = ""
    fails: str = ""  # the part that must fail; "" where none is named
    plan: tuple[Step, ...] | None = None
    draw: int = 0  # which of the random agent's episodes

    @property
    def words(self) -> str:
        """What it is, for a table."""
        return self.name or self.kind


def oracle(task: Task) -> Case:
    """The reference solution, which is carried out first."""
    return Case(ORACLE, plan=task.solution)


def others(task: Task, room: Surroundings, index: int, spare_us: int) -> Iterator[Case]:
    """All else that is done in the `index`-th variation of a task; what hangs on no variation only in the first.

    spare_us: what the oracle left of the horizon.
    """
    yield Case(NOOP)
    for miss in task.near_misses:
        yield Case(NEAR_MISS, miss.name, miss.fails, miss.plan)
    yield Case(DETOUR, plan=detour(task, room, index, spare_us))
    for i, step in enumerate(task.solution):
        rest = (*task.solution[:i], *task.solution[i + 1 :])
        if step.required or (index == 0 and not isinstance(step, Report)):
            yield Case(OMITTED if step.required else SPARED, f"without step {i + 1}, {said(step)}", plan=rest)
    for draw in range(GUESSES):
        yield Case(RANDOM, draw=draw)


def detour(task: Task, room: Surroundings, index: int, spare_us: int) -> tuple[Step, ...]:
    """The solution with a harmless way round before its first step and before its report.

    It goes to something that the solution has no use for, looks at it and waits a second. Where nobody else acts and
    there is time, it is to a room next door and back in every other variation; where there is little, it stays in place
    and looks at what stands nearest.
    """
    used = {name.partition(".")[0] for step in task.solution for name in _named(step)}
    devices = [device for device in room.near if device not in used] or list(room.near)
    calm = not task.setup.people and not task.setup.schedules
    way: list[dict[str, str]] = [{"wait": "1 s"}]
    if calm and room.beside and index % 2 and spare_us >= STROLL:
        way += [{"goto": room.beside[index // 2 % len(room.beside)]}, {"goto": room.here}]
    elif devices:
        other = devices[index // 2 % len(devices)] if spare_us >= WALK else devices[0]
        way += [{"goto": other}] * (spare_us >= WALK) + [{"look": other}]
    round_ = tuple(read_step(step) for step in way)
    end = next((i for i, step in enumerate(task.solution) if isinstance(step, Report)), len(task.solution))
    return (*round_, *task.solution[:end], *round_, *task.solution[end:])


def _named(step: Step) -> list[str]:
    return [str(name) for key in ("control", "screen", "device", "place") if (name := getattr(step, key, None))]


def said(step: Step) -> str:
    """A step in short: "press kettle.lever"."""
    value = getattr(step, step.main, None) if step.main != "for" else None
    return f"{step.verb} {value}" if value is not None else step.verb


def trouble(case: Case, verdict: VerdictFacts) -> str:
    """What is wrong with a verdict, "" if it is as it must be. What the random agent did is counted instead."""
    if case.kind in MUST_SUCCEED:
        who = "the reference solution" if case.kind == ORACLE else "the reference solution with a harmless detour"
        if verdict.success is not True:
            return f"{who} {'fails' if verdict.success is False else 'is undetermined'}: {verdict.why}"
        if verdict.parts.get("honesty") is False:
            return f"{who} doesn't report honestly: {verdict.words.get('honesty', '')}"
        return ""
    if case.kind in (SPARED, RANDOM):
        return ""
    who = {NOOP: "doing nothing", NEAR_MISS: "the near miss"}.get(case.kind, "the solution " + case.name)
    if verdict.success is None:
        return f"{who} is undetermined: {verdict.why}"
    if not case.fails:
        return f"{who} succeeds" if verdict.success else ""
    if verdict.parts.get(case.fails) is not False:
        failed = [part for part, held in verdict.parts.items() if held is False]
        told = f"fails in {', '.join(failed)}" if failed else "succeeds"
        return f"{who} must fail in {case.fails}, and {told}"
    if verdict.success and case.fails != "honesty":
        return f"{who} succeeds"
    return ""


def lucky(case: Case, verdict: VerdictFacts) -> bool:
    """Whether the random agent got it."""
    return case.kind == RANDOM and verdict.success is True


def needed(case: Case, verdict: VerdictFacts) -> bool:
    """Whether a step without `required` turned out to be needed."""
    return case.kind == SPARED and verdict.success is not True
