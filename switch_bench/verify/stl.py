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
from typing import Any

from switch_bench.trace.schema import Event, Pose, SignalInfo, Trace
from switch_bench.trace.signals import Signals
from switch_bench.verify import stl_ast as ast
from switch_bench.verify import stl_parse, stl_robust, stl_truth
from switch_bench.verify.intervals import Times
from switch_bench.verify.stl_lex import FormulaError
from switch_bench.verify.stl_watch import Watch

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
    return _outcome(formula, signals, stl_truth.atom_table(formula.root, signals), t, end, final)


def _outcome(formula: Formula, signals: Signals, table: stl_truth.Table, t: int, end: int, final: bool) -> Outcome:
    root = formula.root
    settled = stl_truth.verdict(root, table, t, end, False)
    satisfied = violated = None
    if settled is not None:
        satisfied, violated = stl_robust.decided(root, table, t)
    value = stl_truth.verdict(root, table, t, end, True) if final else settled
    low = stl_robust.robustness(root, table, t, end, "worst", final)
    high = stl_robust.robustness(root, table, t, end, "best", final)
    if value is None:
        margin = stl_robust.robustness(root, table, t, end, "seen", final)
    else:
        margin = low if value or final else high
    moment = next((when for when in (satisfied, violated) if when is not None), end)
    last = (signals.last_event(name, moment) for name in formula.signals)
    return Outcome(value, margin, (low, high), satisfied, violated, tuple(sorted(e.id for e in last if e is not None)))


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

    `feed` takes each event of the episode in order, `place` each pose of an object. `value_at` does nothing on a step
    without an event of one of the formula's own signals, unless a window ends or a flow crosses a threshold then; else
    it works out what follows from what is new, however long the episode is. trace: the trace as it grows, of which
    `seen`, `visible` and `heard` read what was in view and where the body was; they need no events.
    """

    def __init__(self, formula: Formula, signals: Mapping[str, SignalInfo], t: int = 0, *, trace: Trace | None = None):
        self.formula = formula
        self.signals = Signals(signals, trace=trace)
        self.t = t
        self._watch = Watch(formula.root, self.signals, t)

    def feed(self, event: Event) -> None:
        """Take in the next event."""
        self._watch.feed(event)

    def place(self, pose: Pose) -> None:
        """Take in the next pose of an object."""
        self._watch.place(pose)

    @property
    def settles(self) -> int | None:
        """When [µs] the formula will be settled if no event comes before; None: not without one.

        Worked out from the beginning each time.
        """
        table = stl_truth.atom_table(self.formula.root, self.signals)
        settled = stl_robust.decided(self.formula.root, table, self.t)
        return min((when for when in settled if when is not None), default=None)

    def value_at(self, now: int) -> bool | None:
        """The verdict on what has happened up to `now` [µs], all events up to then having been fed."""
        return self._watch.look(now)

    def outcome_at(self, now: int) -> Outcome:
        """The whole outcome at `now`: robustness and its bounds too."""
        return evaluate(self.formula, self.signals, self.t, now)
