"""A trace made ready to be judged: its signals over time, and formulas evaluated on it once each."""

from __future__ import annotations

from functools import cached_property

from switch_bench.trace.schema import Event, Trace
from switch_bench.trace.signals import Signals, ancestors, prefix
from switch_bench.verify import prefixes, stl_robust, stl_truth
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import Times
from switch_bench.verify.stl import Formula

AGENT = "agent"


class Facts:
    """What a trace says. Times in µs."""

    def __init__(self, trace: Trace):
        self.trace = trace
        self._tables: dict[ast.Node, stl_truth.Table] = {}
        self._standing: dict[ast.Node, Times] = {}

    @cached_property
    def signals(self) -> Signals:
        """The signals over time."""
        return Signals.of(self.trace)

    @property
    def end(self) -> int:
        """When the trace ends."""
        return self.trace.end

    def until(self, t: int) -> Facts:
        """The facts as they were at `t`."""
        return self if t >= self.end else Facts(prefix(self.trace, t))

    def _table(self, node: ast.Node) -> stl_truth.Table:
        if node not in self._tables:
            self._tables[node] = stl_truth.atom_table(node, self.signals)
        return self._tables[node]

    def standing(self, node: ast.Node) -> Times:
        """The ends up to which the formula, judged finally, holds (see `prefixes.standing`)."""
        if node not in self._standing:
            self._standing[node] = prefixes.standing(node, self._table(node), self.end)
        return self._standing[node]

    def since(self, node: ast.Node, t: int) -> int | None:
        """Since when the formula has stood without a break at `t`; None if it doesn't stand then."""
        return next((s for s, e in self.standing(node) if s <= t < e), None)

    def held(self, formula: Formula) -> Times:
        """The times within the trace at which the formula surely holds."""
        surely, _ = stl_truth.truth(formula.root, self._table(formula.root), self.end, True)
        return [(s, min(e, self.end + 1)) for s, e in surely if s <= self.end]

    def settled(self, node: ast.Node) -> tuple[int | None, int | None]:
        """When within the trace it was settled that the formula holds, and that it doesn't."""
        times = stl_robust.decided(node, self._table(node), 0)
        holds, fails = (t if t is not None and t <= self.end else None for t in times)
        return holds, fails

    def margin(self, node: ast.Node) -> float:
        """The formula's robustness at the end."""
        return stl_robust.robustness(node, self._table(node), 0, self.end, "worst", True)

    def ancestry(self, *ids: int) -> tuple[Event, ...]:
        """The events that led to these, themselves included."""
        return tuple(self.trace.events[i] for i in ancestors(self.trace, *ids))

    @cached_property
    def acts(self) -> tuple[Event, ...]:
        """The agent's actuations: the controls that changed under its hands."""
        infos = self.trace.signals
        return tuple(e for e in self.trace.events if e.actor == AGENT and infos[e.signal].kind == "control")

    @cached_property
    def others(self) -> frozenset[str]:
        """The other people and schedules that did something."""
        return frozenset(e.actor for e in self.trace.events if e.actor is not None and e.actor != AGENT)

    def deciding(self, node: ast.Node, t: int) -> tuple[Event, ...]:
        """The last events of the formula's signals up to `t` without which it would not have stood at `t`.

        Where none is such by itself, all of the last events.
        """
        last = [e for name in ast.names(node) if (e := self.signals.last_event(name, t)) is not None]
        needed = [e for e in last if not self._stands_without(node, e, t)]
        return tuple(sorted(needed or last, key=lambda e: e.id))

    def _stands_without(self, node: ast.Node, event: Event, t: int) -> bool:
        """Whether the formula would stand at `t` had the event's signal stayed as it was before that instant."""
        own = set(ast.names(node))
        kept = [
            e
            for e in self.trace.events
            if e.t <= t and e.signal in own and not (e.signal == event.signal and e.t >= event.t)
        ]
        frozen = Signals(self.trace.signals, kept, self.trace.poses, self.trace)
        table = stl_truth.atom_table(node, frozen)
        return stl_truth.verdict(node, table, 0, t, True) is True
