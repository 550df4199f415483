"""Signal temporal logic over simulated seconds, exact on event times.

Time is whole microseconds; a signal has at t the value it has after all events of t. Grammar, from loose to tight:

    a implies b    a or b    a and b
    a until[0, 30 s] b        a since[5 s, inf] b         windows may be left out: [0, inf]
    not a    always a    eventually[0, 60 s] a    once[..] a    historically[..] a
    a for 5 s                 a has held for the last 5 s; never before 5 s have passed
    a within 30 s             eventually[0, 30 s] a
    kettle.water >= 95 degC   abs(living.temperature - hall.temperature) < 2 K   18 <= x <= 22   door == "closed"
    lamp.on    rise(a)    fall(a)    true    false
    in(cup, drainer)    on(cup, table)    moved(cup)    moved(cup, 20 cm)    fallen(cup)
    seen(kettle.lamp)    visible(kitchen)    heard(kettle.sound)

Three-valued: what later events could still change is None. At the true end (`final=True`) an unbounded window ends with
the trace, and what is still open has not been shown: False. (`always[0, 60 s] a` in an episode of 40 s is open;
`always a` held as long as there was time.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import Any

from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Event, Pose, SignalInfo, Trace
from switch_bench.trace.signals import Signals
from switch_bench.verify import stl_ast as ast
from switch_bench.verify import stl_parse, stl_robust, stl_truth
from switch_bench.verify.intervals import Times
from switch_bench.verify.stl_lex import FormulaError
from switch_bench.verify.stl_margin import Term, term
from switch_bench.verify.stl_watch import SLACK, Watch

__all__ = ["Formula", "FormulaError", "Monitor", "Outcome", "evaluate", "parse", "times"]


@dataclass(frozen=True)
class Formula:
    """A formula: its text and its root node."""

    text: str
    root: ast.Node

    @cached_property
    def signals(self) -> tuple[str, ...]:
        """The signals it speaks of, in order."""
        return ast.names(self.root)

    @cached_property
    def things(self) -> tuple[str, ...]:
        """The objects it speaks of, in order."""
        return ast.things(self.root)

    @cached_property
    def senses(self) -> bool:
        """Whether it speaks of what was in view or could be heard, of which there are no events."""
        relations = (atom for atom in ast.atoms(self.root) if isinstance(atom, ast.Spatial))
        return any(ast.RELATIONS[atom.relation][0] != "object" for atom in relations)

    def __str__(self) -> str:
        return self.text


def parse(
    text: str,
    signals: Mapping[str, Any] | None = None,
    places: Collection[str] | None = None,
    objects: Collection[str] | None = None,
) -> Formula:
    """Read a formula.

    signals: a table of name → `SignalInfo` (or `Signal`, `Flow`: anything with `.initial` and `.unit`); with it, names,
    types and units are checked. places, objects: what spatial relations may name, checked where given.
    Raises `FormulaError`, whose text shows the place.
    """
    return Formula(text, stl_parse.parse(text, signals, places, objects))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a formula at `t`.

    value: None while it is undetermined. robustness: margin in base units, >= 0 where it holds, <= 0 where not; while
    undetermined, that of what has been seen. interval: the bounds within which the robustness must end up.
    first_satisfaction, first_violation: when [µs] it was settled that it holds, or that it doesn't; None if it wasn't
    settled before the end. witness: the last event of each of its signals at the moment it was settled (or the end).
    """

    value: bool | None
    robustness: float
    interval: tuple[float, float]
    first_satisfaction: int | None
    first_violation: int | None
    witness: tuple[int, ...]


def evaluate(
    formula: Formula, trace: Trace | Signals, t: int = 0, end: int | None = None, *, final: bool = False
) -> Outcome:
    """Evaluate `formula` at time `t` [µs] on what happened up to `end` (None: the trace's end).

    Raises: `UnknownSignalError` for a signal or object that the trace hasn't; `ValueError` if there is no `end`.
    """
    signals = trace if isinstance(trace, Signals) else Signals.of(trace)
    if end is None:
        if isinstance(trace, Signals):
            raise ValueError("evaluate: the end [µs] must be given with a Signals view")
        end = trace.end
    root, table = formula.root, stl_truth.atom_table(formula.root, signals)
    settled = stl_truth.verdict(root, table, t, end, False)
    holds, fails = (None, None) if settled is None else stl_robust.decided(root, table, t)
    value = stl_truth.verdict(root, table, t, end, True) if final else settled
    low = stl_robust.robustness(root, table, t, end, "worst", final)
    known = final and t <= end and ast.complete(root)
    high = low if known else stl_robust.robustness(root, table, t, end, "best", final)
    if value is None:
        margin = stl_robust.robustness(root, table, t, end, "seen", final)
    else:
        margin = low if value or final else high
    return Outcome(value, margin, (low, high), holds, fails, _witness(formula, signals, holds, fails, end))


def _witness(formula: Formula, signals: Signals, holds: int | None, fails: int | None, end: int) -> tuple[int, ...]:
    moment = next((when for when in (holds, fails) if when is not None), end)
    last = (signals.last_event(name, moment) for name in formula.signals)
    return tuple(sorted(e.id for e in last if e is not None))


def times(formula: Formula, trace: Trace | Signals, end: int | None = None) -> Times:
    """The times [start, end) [µs] up to the end at which the formula surely held, as half-open intervals."""
    signals = trace if isinstance(trace, Signals) else Signals.of(trace)
    if end is None:
        if isinstance(trace, Signals):
            raise ValueError("times: the end [µs] must be given with a Signals view")
        end = trace.end
    table = stl_truth.atom_table(formula.root, signals)
    surely, _ = stl_truth.truth(formula.root, table, end, True)
    return [(s, min(e, end + 1)) for s, e in surely if s <= end]


class Monitor:
    """A formula judged as events arrive: three-valued, and settled once for all.

    `feed` takes each event of the episode in order, `place` each pose of an object. On a step without an event of one
    of the formula's own signals there is nothing to do, unless a window ends or a flow crosses a threshold, or, for the
    robustness, a flow moves; else what follows from what is new is worked out, however long the episode is. Times that
    are asked for never go back.

    trace: the trace as it grows, for a formula that `senses`: of what was in view and where the body was there are no
    events, and their history is read anew at each look.
    """

    def __init__(self, formula: Formula, signals: Mapping[str, SignalInfo], t: int = 0, *, trace: Trace | None = None):
        if formula.senses and trace is None:
            raise ValueError(f"Monitor: {formula} speaks of what was seen or heard, which needs the trace")
        self.formula = formula
        self.signals = Signals(signals, trace=trace)
        self.t = t
        self._watch = Watch(formula.root, self.signals, t)
        self._begun = 0
        self._term: Term | None = None
        self._settled: tuple[int | None, int | None] | None = None
        self._margin: float | None = None  # as it was last asked for, if nothing has come since
        self._ends = [d + start - SLACK for start in {0, t} for d in self._watch.reach]
        heapify(self._ends)

    def feed(self, event: Event) -> None:
        """Take in the next event."""
        if self._watch.feed(event):
            self._note(event.t)

    def place(self, pose: Pose) -> None:
        """Take in the next pose of an object."""
        if self._watch.place(pose):
            self._note(pose.t)

    def _note(self, t: int) -> None:
        self._margin = None
        for d in self._watch.reach:
            heappush(self._ends, t + d - SLACK)

    @property
    def settles(self) -> int | None:
        """When [µs] the formula will be settled if no event comes before; None: not without one.

        Worked out from the beginning each time.
        """
        return min((when for when in self._decided() if when is not None), default=None)

    def _decided(self) -> tuple[int | None, int | None]:
        table = stl_truth.atom_table(self.formula.root, self.signals)
        return stl_robust.decided(self.formula.root, table, self.t)

    def value_at(self, now: int) -> bool | None:
        """The verdict on what has happened up to `now` [µs], all events up to then having been fed."""
        return self._watch.look(now)

    def outcome_at(self, now: int) -> Outcome:
        """The whole outcome at `now` [µs]: robustness and its bounds too."""
        value = self._watch.look(now)
        term = self._caught_up(now)
        low, high = term.value(now, "worst", False), term.value(now, "best", False)
        margin = term.value(now, "seen", False) if value is None else low if value else high
        if value is not None and self._settled is None:
            self._settled = self._decided()
        holds, fails = self._settled or (None, None)
        witness = _witness(self.formula, self.signals, holds, fails, now)
        return Outcome(value, margin, (low, high), holds, fails, witness)

    def margin_at(self, now: int) -> float:
        """The robustness if `now` [µs] were the end of the episode, as `evaluate(…, final=True)` says."""
        if self._margin is None or (self._ends and self._ends[0] <= now) or self.formula.senses or self._moves():
            self._margin = self._caught_up(now).value(now, "worst", True)
            while self._ends and self._ends[0] + 2 * SLACK <= now:
                heappop(self._ends)
        return self._margin

    def _moves(self) -> bool:
        """Whether one of its flows is moving."""
        last = (self.signals.steps(name)[1][-1] for name in self.formula.signals)
        return any(isinstance(value, Anchor) and (value.b != 0.0 or value.terms) for value in last)

    def _caught_up(self, now: int) -> Term:
        self._watch.catch_up(now)
        if self._term is None or self._begun != self._watch.begun:
            self._begun = self._watch.begun
            self._term = term(self.formula.root, self._watch, self.t)
        return self._term
