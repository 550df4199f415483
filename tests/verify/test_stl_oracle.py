"""The STL evaluator against a brute-force one that looks at every microsecond of a short time."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Event, SignalInfo, Trace
from switch_bench.trace.signals import Signals, prefix
from switch_bench.verify import stl
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER

INF = math.inf
END = 14  # µs: long enough for every operator to matter, short enough to look at every instant
BOUNDS = st.tuples(st.integers(0, 5), st.integers(0, 5) | st.just(FOREVER)).map(lambda b: (min(b), max(b)))

INFOS = {
    "lamp.on": SignalInfo("output", "hall", False),
    "door.state": SignalInfo("control", "hall", "closed"),
    "dial.level": SignalInfo("control", "hall", 1.0),
    "hall.temperature": SignalInfo("flow", "hall", Anchor(0, 0.0)),
    "pan.temperature": SignalInfo("flow", "hall", Anchor(0, 1.0)),
}


def anchors(t: int) -> st.SearchStrategy[Anchor]:
    """Flows that move within microseconds: ramps, lags, and sums of lags that overshoot."""
    size = st.sampled_from([-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0])
    rate = st.sampled_from([1e5, 2.5e5, 6e5])  # 1/s
    terms = st.lists(st.tuples(size, rate), max_size=3).map(tuple)
    return st.builds(Anchor, st.just(t), size, size.map(lambda b: b * 1e5), terms)


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    infos = dict(INFOS)
    events = []
    now = {name: info.initial for name, info in infos.items()}
    for t in sorted(draw(st.lists(st.integers(0, END), max_size=10))):
        name = draw(st.sampled_from(list(infos)))
        if name == "lamp.on":
            value = draw(st.booleans())
        elif name == "door.state":
            value = draw(st.sampled_from(["open", "closed"]))
        elif name == "dial.level":
            value = draw(st.sampled_from([-1.0, 0.0, 1.0, 2.0]))
        else:
            value = draw(anchors(t))
        events.append(Event(len(events), t, name, now[name], value, (), "hall", None))
        now[name] = value
    return Trace({}, infos, events, END)


def linears() -> st.SearchStrategy[ast.Linear]:
    term = st.tuples(
        st.sampled_from([1.0, -1.0, 2.0]), st.sampled_from(["dial.level", "hall.temperature", "pan.temperature"])
    )
    return st.builds(ast.Linear, st.lists(term, min_size=1, max_size=2).map(tuple), st.sampled_from([-1.0, 0.0, 0.5]))


ATOMS = (
    st.just(ast.Is("lamp.on", True))
    | st.just(ast.Is("door.state", "open"))
    | st.just(ast.Constant(True))
    | st.builds(
        ast.Compare,
        linears(),
        st.sampled_from([">=", ">", "<=", "<", "==", "!="]),
        st.sampled_from([-1.0, 0.0, 1.0, 2.0]).map(lambda c: ast.Linear((), c)),
    )
)


def composed(below: st.SearchStrategy[ast.Node]) -> st.SearchStrategy[ast.Node]:
    pair = st.tuples(below, below)
    return (
        below.map(ast.Not)
        | pair.map(ast.And)
        | pair.map(ast.Or)
        | st.builds(ast.Implies, below, below)
        | st.builds(lambda k, b, n: ast.Window(k, *b, n), st.sampled_from(WINDOWS), BOUNDS, below)
        | st.builds(lambda k, b, m, n: ast.Binary(k, *b, m, n), st.sampled_from(BINARIES), BOUNDS, below, below)
        | st.builds(ast.Edge, st.sampled_from(["rise", "fall"]), below)
        | st.builds(ast.For, below, st.integers(0, 4))
    )


BINARIES = ["until", "since"]
WINDOWS = ["eventually", "always", "once", "historically"]
FORMULAS = st.recursive(ATOMS, composed, max_leaves=4)


class Dense:
    """Every microsecond, one after the other: the (worst, best) value of a formula at a time, by the definitions."""

    def __init__(self, trace: Trace, end: int, final: bool, margins: bool):
        self.signals, self.end, self.final, self.margins = Signals.of(trace), end, final, margins
        self.last = end + 45  # beyond it nothing changes any more for the bounds drawn here
        self.memo: dict[tuple[int, int], tuple[float, float]] = {}
        self.kept: list[ast.Node] = []

    def value(self, n: ast.Node, t: int) -> tuple[float, float]:
        key = (id(n), t)
        if key not in self.memo:
            self.kept.append(n)
            self.memo[key] = self.fresh(n, t)
        return self.memo[key]

    def number(self, e: ast.Linear, t: int) -> float:
        return sum(f * float(self.signals.value(name, t)) for f, name in e.terms) + e.constant

    def atom(self, n: ast.Node, t: int) -> float:
        if isinstance(n, ast.Is):
            return INF if self.signals.value(n.signal, t) == n.value else -INF
        assert isinstance(n, ast.Compare)
        x = self.number(n.left, t) - self.number(n.right, t)
        margin = {">=": x, ">": x, "<=": -x, "<": -x, "==": -abs(x), "!=": abs(x)}[n.operator]
        holds = {">=": x >= 0, ">": x > 0, "<=": x <= 0, "<": x < 0, "==": x == 0, "!=": x != 0}[n.operator]
        return margin if self.margins else (1.0 if holds else -1.0)

    def least(self, pairs: list[tuple[float, float]]) -> tuple[float, float]:
        return min((a for a, _ in pairs), default=INF), min((b for _, b in pairs), default=INF)

    def negative(self, pair: tuple[float, float]) -> tuple[float, float]:
        return -pair[1], -pair[0]

    def greatest(self, pairs: list[tuple[float, float]]) -> tuple[float, float]:
        return self.negative(self.least([self.negative(p) for p in pairs]))

    def ahead(self, t: int, lo: int, hi: int) -> range | None:
        if self.final and hi >= FOREVER:
            return range(t + lo, self.end + 1) if t + lo <= self.end else None
        return range(min(t + lo, self.last), min(t + hi, self.last) + 1)

    def back(self, t: int, lo: int, hi: int) -> range:
        return range(max(0, t - hi), t - lo + 1)

    def fresh(self, n: ast.Node, t: int) -> tuple[float, float]:
        v = self.value
        match n:
            case ast.Constant(value):
                return (INF, INF) if value else (-INF, -INF)
            case ast.Is() | ast.Compare():
                if t > self.end:
                    return -INF, INF
                return self.atom(n, t), self.atom(n, t)
            case ast.Not(body):
                return self.negative(v(body, t))
            case ast.And(parts):
                return self.least([v(p, t) for p in parts])
            case ast.Or(parts):
                return self.greatest([v(p, t) for p in parts])
            case ast.Implies(a, b):
                return self.greatest([self.negative(v(a, t)), v(b, t)])
            case ast.Window(kind, lo, hi, body):
                span = self.ahead(t, lo, hi) if kind in ("eventually", "always") else self.back(t, lo, hi)
                if span is None:
                    return -INF, INF
                values = [v(body, u) for u in span]
                return self.greatest(values) if kind in ("eventually", "once") else self.least(values)
            case ast.Binary("until", lo, hi, a, b):
                span = self.ahead(t, lo, hi)
                if span is None:  # nobody knows what would have come, but `a` may have failed before
                    return self.least([(-INF, INF), *(v(a, w) for w in range(t, t + lo))])
                return self.greatest(
                    [self.least([v(b, u), *(v(a, w) for w in range(t, max(u, t + lo)))]) for u in span]
                )
            case ast.Binary("since", lo, hi, a, b):
                back = self.back(t, lo, hi)
                return self.greatest([self.least([v(b, u), *(v(a, w) for w in range(u + 1, t + 1))]) for u in back])
            case ast.Edge(kind, body):
                if t == 0:
                    return -INF, -INF
                now, before = v(body, t), v(body, t - 1)
                if kind == "rise":
                    return self.least([now, self.negative(before)])
                return self.least([self.negative(now), before])
            case ast.For(body, duration):
                if t < duration:
                    return -INF, -INF
                return self.least([v(body, u) for u in range(t - duration, t + 1)])
        raise AssertionError(n)

    def verdict(self, n: ast.Node, t: int) -> bool | None:
        low, high = self.value(n, t)
        return True if low > 0 else False if high < 0 or self.final else None


def close(a: float, b: float) -> bool:
    return a == b or abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


@settings(max_examples=250, deadline=None)
@given(traces(), FORMULAS, st.integers(0, END), st.booleans(), st.integers(0, 3))
def test_truth_is_that_of_looking_at_every_microsecond(trace, node, end, final, t):
    outcome = stl.evaluate(stl.Formula("", node), trace, min(t, end), end, final=final)
    assert outcome.value is Dense(trace, end, final, margins=False).verdict(node, min(t, end))


@settings(max_examples=250, deadline=None)
@given(traces(), FORMULAS, st.integers(0, END), st.booleans())
def test_robustness_is_that_of_looking_at_every_microsecond(trace, node, end, final):
    low, high = stl.evaluate(stl.Formula("", node), trace, 0, end, final=final).interval
    worst, best = Dense(trace, end, final, margins=True).value(node, 0)
    assert close(low, worst)
    assert close(high, best)


@settings(max_examples=150, deadline=None)
@given(traces(), FORMULAS)
def test_robustness_never_contradicts_truth(trace, node):
    outcome = stl.evaluate(stl.Formula("", node), trace, final=True)
    assert outcome.robustness >= -1e-9 if outcome.value else outcome.robustness <= 1e-9


@settings(max_examples=120, deadline=None)
@given(traces(), FORMULAS)
def test_a_formula_is_settled_at_the_first_prefix_that_decides_it(trace, node):
    values = [Dense(trace, end, False, margins=False).verdict(node, 0) for end in range(END + 1)]
    outcome = stl.evaluate(stl.Formula("", node), trace)
    satisfied = next((end for end, value in enumerate(values) if value is True), None)
    violated = next((end for end, value in enumerate(values) if value is False), None)
    assert (outcome.first_satisfaction, outcome.first_violation) == (satisfied, violated)


@settings(max_examples=120, deadline=None)
@given(traces(), FORMULAS)
def test_the_monitor_says_at_every_instant_what_the_prefix_says(trace, node):
    formula = stl.Formula("", node)
    monitor = stl.Monitor(formula, trace.signals)
    waiting = list(trace.events)
    for now in range(END + 1):
        while waiting and waiting[0].t <= now:
            monitor.feed(waiting.pop(0))
        assert monitor.value_at(now) is stl.evaluate(formula, prefix(trace, now)).value


OPEN = st.tuples(st.sampled_from(["eventually", "always"]), st.integers(0, 3))
GOALS = (
    FORMULAS
    | st.builds(lambda k, n: ast.Window(*k, FOREVER, n), OPEN, FORMULAS)
    | st.builds(lambda j, k, n: ast.Window(*j, FOREVER, ast.Window(*k, FOREVER, n)), OPEN, OPEN, FORMULAS)
    | st.builds(lambda lo, m, n: ast.Binary("until", lo, FOREVER, m, n), st.integers(0, 3), FORMULAS, FORMULAS)
)
LOOKS = st.sets(st.integers(0, END)).map(lambda chosen: chosen | {END})


@settings(max_examples=250, deadline=None)
@given(traces(), GOALS | GOALS.map(ast.Not) | st.tuples(GOALS, GOALS).map(ast.And), LOOKS, st.integers(0, 3))
def test_what_the_monitor_says_when_asked_is_what_judging_the_prefix_says(trace, node, looks, t):
    """Asked now and then, so that what follows from several events is worked out at once."""
    formula = stl.Formula("", node)
    monitor = stl.Monitor(formula, trace.signals, t)
    waiting = list(trace.events)
    for now in sorted(look for look in looks if look >= t):
        while waiting and waiting[0].t <= now:
            monitor.feed(waiting.pop(0))
        so_far = prefix(trace, now)
        told, judged = monitor.outcome_at(now), stl.evaluate(formula, so_far, t)
        assert told.value is judged.value
        assert (told.first_satisfaction, told.first_violation) == (judged.first_satisfaction, judged.first_violation)
        assert told.witness == judged.witness
        for ours, theirs in zip((told.robustness, *told.interval), (judged.robustness, *judged.interval), strict=True):
            assert close(ours, theirs)
        assert close(monitor.margin_at(now), stl.evaluate(formula, so_far, t, final=True).robustness)


@settings(max_examples=120, deadline=None)
@given(traces(), GOALS, st.integers(0, END))
def test_an_event_of_an_instant_that_was_looked_at_already_still_counts(trace, node, moment):
    formula = stl.Formula("", node)
    monitor = stl.Monitor(formula, trace.signals)
    for event in trace.events:
        if event.t <= moment:
            monitor.feed(event)
            monitor.margin_at(event.t)
    so_far = prefix(trace, moment)
    assert close(monitor.margin_at(moment), stl.evaluate(formula, so_far, final=True).robustness)


@settings(max_examples=60, deadline=None)
@given(traces(), FORMULAS)
def test_times_are_those_at_which_the_formula_surely_held(trace, node):
    held = {t for s, e in stl.times(stl.Formula("", node), trace) for t in range(s, e)}
    dense = Dense(trace, END, True, margins=False)
    assert held == {t for t in range(END + 1) if dense.value(node, t)[0] > 0}


def test_a_number_can_not_be_read_from_a_text():
    formula = stl.parse("door.state >= 2")
    with pytest.raises(TypeError, match="it is 'closed'"):
        stl.evaluate(formula, Trace({}, INFOS, [], END))
