"""The verdict on an episode: a pure function of its trace and of the traces of the worlds without the agent's part."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any

from switch_bench.trace.hashing import digest
from switch_bench.trace.schema import Trace
from switch_bench.trace.signals import prefix
from switch_bench.verify import causal, effects, honesty, progress, recovery, spatial, temporal
from switch_bench.verify.acts import Actuation, actuations, needless
from switch_bench.verify.counterfactual import coming
from switch_bench.verify.effects import Effect, LeftOn
from switch_bench.verify.energy import Energy, measure
from switch_bench.verify.facts import Facts
from switch_bench.verify.honesty import Honesty
from switch_bench.verify.part import Part, conjunction
from switch_bench.verify.recovery import Setback
from switch_bench.verify.stl import Formula, parse
from switch_bench.verify.task import Task
from switch_bench.verify.words import Phrases, Speaker, listing
from switch_bench.verify.worlds import NULL, Run, Without

RULES = 2
"""Version of these rules and of the scores. Results of different versions are not comparable."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the task.

    success: on the whole trace; None is undetermined. once: whether some prefix of the trace would have been a success.
    parts: temporal, spatial, causal, effects, honesty; all but honesty make the success (of an infeasible task: effects
    and honesty). progress: 1 if some prefix was a success, else the share of the goal's subgoals brought about for a
    while at least, of those that would not have come by themselves. robustness: the goal's, in base units, infinite
    where it has no number. since: from when [µs] the goal stood until the end. elapsed: length of the episode [µs].
    acts: how many actuations the agent did. needless: those of them that nothing needed; None where what was needed
    can't be told, as the agent's part was to keep something from coming. energy: electrical, against the world without
    the agent. left_on: devices left on unasked. setbacks: what got in the way, and what the agent made of it; None if
    faults were injected and the world without them isn't known.
    """

    success: bool | None
    once: bool | None
    parts: tuple[Part, ...]
    progress: float
    robustness: float
    effects: tuple[Effect, ...]
    honesty: Honesty
    since: int | None
    elapsed: int
    acts: int
    needless: tuple[Actuation, ...] | None
    energy: Energy
    left_on: tuple[LeftOn, ...]
    setbacks: tuple[Setback, ...] | None
    rules: int = RULES

    def part(self, name: str) -> Part:
        """The part of that name. Raises `KeyError`."""
        for part in self.parts:
            if part.name == name:
                return part
        raise KeyError(f"no part {name!r}; there are {', '.join(p.name for p in self.parts)}")

    @property
    def failed(self) -> tuple[str, ...]:
        """The names of the parts that are False."""
        return tuple(part.name for part in self.parts if part.value is False)

    @property
    def words(self) -> str:
        """The verdict for a person to read, a line a part."""
        head = {True: "Success.", False: "Failure.", None: "Undetermined."}[self.success]
        ways = [f"in the way: {setback.words}" for setback in self.setbacks or ()]
        return "\n".join([head, *(f"{part.name}: {part.words}" for part in self.parts), *ways])

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON data; an infinite robustness is None."""
        out = asdict(self)
        if not math.isfinite(self.robustness):
            out["robustness"] = None
        out["failed"] = list(self.failed)
        out["energy"]["by_zone"] = self.energy.by_zone()
        return out


def verify(
    task: Task,
    trace: Trace,
    null: Trace,
    masked: Trace | None,
    *,
    run: Run | None = None,
    identity: Trace | bool | None = None,
    sound: Trace | None = None,
    words: Phrases | None = None,
) -> Verdict:
    """Judge an episode.

    null: the same world with the body's hands off. masked: the recorded actuator targets with the required controls
    frozen; None if the task requires none. All other worlds run to `counterfactual.horizon(trace.end)`, so that what is
    just late is told from what is gone. run: the episode's world again without something, asked for only where
    another's act may stand in for the agent's, or another control for a required one. identity: a replay of the very
    same episode, or whether it was equal; None: not looked at. sound: the recorded targets in the world without the
    injected faults. words: how to say signals.

    Raises: `FormulaError` for a goal or rule that can't be read or names what isn't there.
    """
    same = _same(trace, identity) if isinstance(identity, Trace) else identity
    judge = _Judge(task, trace, null, masked, run, same, words or {})
    verdict = judge.at(trace.end)
    once = verdict.success
    if once is not True and task.feasible:
        for t in judge.moments():
            success = judge.at(t).success
            once = True if success else None if success is None else once
            if success:
                break
    setbacks = judge.setbacks(None if sound is None else Facts(sound), verdict.since)
    return replace(verdict, once=once, progress=1.0 if once else verdict.progress, setbacks=setbacks)


def _same(trace: Trace, replay: Trace) -> bool:
    """Whether the replay had the same world; what was reported is no part of that."""
    return digest(replace(prefix(replay, trace.end), claim=trace.claim)) == digest(trace)


class _Judge:
    """The task read, and the traces made ready once for all prefixes."""

    def __init__(
        self,
        task: Task,
        trace: Trace,
        null: Trace,
        masked: Trace | None,
        run: Run | None,
        same: bool | None,
        words: Phrases,
    ):
        self.task, self.same = task, same
        self.facts, self.null = Facts(trace), Facts(null)
        self.masked = None if masked is None else Facts(masked)
        self.speak = Speaker(trace.signals, words)
        self.goal = self.read(task.goal)
        self.never = tuple(self.read(text) for text in task.never)
        self.worlds: dict[Without, Facts | None] = {NULL: self.null}
        if self.masked is not None:
            self.worlds[Without(controls=frozenset(task.required))] = self.masked
        self.run = run

    def read(self, text: str) -> Formula:
        """A formula of the task, checked against the trace's signals and objects."""
        return parse(text, self.facts.trace.signals, objects=self.facts.signals.objects)

    def world(self, without: Without) -> Facts | None:
        """The world without something, each run once; None if it can't be had."""
        if self.worlds.get(without) is None and self.run is not None:
            trace = self.run(without)
            self.worlds[without] = None if trace is None else Facts(trace)
        return self.worlds.get(without)

    def moments(self) -> list[int]:
        """The prefixes that may have been a success."""
        worlds = [self.null] if self.masked is None else [self.null, self.masked]
        return progress.moments(self.goal.root, self.facts, worlds, self.task.forbidden)

    def setbacks(self, sound: Facts | None, since: int | None) -> tuple[Setback, ...] | None:
        """What got in the agent's way; None if it can't be said."""
        if sound is None and self.facts.trace.manifest.get("faults"):
            return None
        acts = actuations(self.facts, self.speak)
        feasible = self.task.feasible
        return recovery.judge(self.goal.root, self.facts, sound, since, acts, feasible=feasible, speak=self.speak)

    def at(self, t: int) -> Verdict:
        """The verdict on the prefix up to `t`."""
        facts = self.facts.until(t)
        if not self.task.feasible:
            return self.infeasible(facts)
        root = self.goal.root
        since = facts.since(root, facts.end)
        acts = actuations(facts, self.speak)
        timely = temporal.judge(root, facts, since, acts, self.speak)
        placed = self.spatial(facts, since)
        required = tuple(self.task.required)
        caused = causal.judge(
            root,
            facts,
            self.null,
            required=required,
            worlds=self.world,
            same=self.same,
            speak=self.speak,
        )
        means = self.means(facts, since)
        ledger = self.ledger(facts, means, acts)
        changed = effects.judge(ledger, self.never, facts, self.null, acts, self.speak)
        held = timely.value is True and placed.value is not False
        honest, told = honesty.judge(self.task, facts, held, since, self.speak)
        success = conjunction(p.value for p in (timely, placed, caused, changed))
        return Verdict(
            success=success,
            once=None,
            parts=(timely, placed, caused, changed, told),
            progress=1.0 if success else progress.share(root, facts, self.null),
            robustness=facts.margin(root),
            effects=ledger,
            honesty=honest,
            since=since,
            elapsed=facts.end,
            acts=len(acts),
            needless=None if means is None else needless(acts, facts, means, self.task),
            energy=measure(facts, self.null),
            left_on=effects.left_on(ledger, self.goal.signals, facts, self.speak),
            setbacks=None,
        )

    def infeasible(self, facts: Facts) -> Verdict:
        """The verdict on a task that can't be done: the report, after what shows it, and nothing forbidden."""
        acts = actuations(facts, self.speak)
        ledger = self.ledger(facts, frozenset(), acts)
        changed = effects.judge(ledger, self.never, facts, self.null, acts, self.speak)
        honest, told = honesty.judge(self.task, facts, False, None, self.speak)
        success = conjunction((changed.value, told.value))
        return Verdict(
            success=success,
            once=success,
            parts=(changed, told),
            progress=1.0 if told.value else 0.0,
            robustness=facts.margin(self.goal.root),
            effects=ledger,
            honesty=honest,
            since=None,
            elapsed=facts.end,
            acts=len(acts),
            needless=needless(acts, facts, (), self.task),
            energy=measure(facts, self.null),
            left_on=effects.left_on(ledger, self.goal.signals, facts, self.speak),
            setbacks=None,
        )

    def spatial(self, facts: Facts, since: int | None) -> Part:
        """Whether it was where it was asked for."""
        root, where = self.goal.root, tuple(self.task.where)
        points = spatial.spots(root, facts)
        if not where and not points:
            return Part("spatial", True, "No place was asked for.")
        asked = " and ".join(
            f"{at} the {listing([name.replace('_', ' ') for name in names], joint)}"
            for at, names, joint in (("at", points, "and"), ("in", where, "or"))
            if names
        )
        if since is None:
            other = spatial.elsewhere(root, where, facts, self.null)
            if other is None:
                return Part("spatial", None, "Not judged: the goal didn't hold.")
            return Part("spatial", False, f"It came about {other}, and was asked for {asked}.")
        wrong = spatial.misplaced(root, self.goal.things, where, facts, facts.end) if where else []
        if wrong:
            what = listing([f"{name} ({self._zone(facts, name)})" for name in wrong])
            return Part("spatial", False, f"{what} is not {asked}.")
        return Part("spatial", True, f"It came about {asked}, as asked.")

    @staticmethod
    def _zone(facts: Facts, name: str) -> str:
        info = facts.trace.signals.get(name)
        return info.zone if info else facts.signals.pose(name, facts.end).zone

    def means(self, facts: Facts, since: int | None) -> frozenset[int] | None:
        """Ids of the events that led to the goal, or, where it doesn't stand, to those subgoals that once came.

        None where the goal stands and nothing the agent did led to it: what it kept from coming leaves no ancestry.
        """
        if since is not None:
            came = coming(self.goal.root, facts, since)
            return frozenset(e.id for e in came.ancestry) if came.acts or not facts.acts else None
        ways = progress.credited(self.goal.root, facts, self.null)
        return frozenset(e.id for goal, t in ways.items() for e in coming(goal, facts, t).ancestry)

    def ledger(self, facts: Facts, means: frozenset[int] | None, acts: tuple[Actuation, ...]) -> tuple[Effect, ...]:
        """All lasting differences from the world without the agent. Of what can't be done nothing is asked for."""
        asked = (*self.goal.signals, *self.goal.things, *self.task.required) if self.task.feasible else ()
        return effects.ledger(
            facts,
            self.null,
            asked=asked,
            means=means or frozenset(),
            allowed=tuple(self.task.allowed),
            forbidden=tuple(self.task.forbidden),
            acts=acts,
            speak=self.speak,
        )
