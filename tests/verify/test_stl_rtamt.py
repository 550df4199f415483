"""Robustness against rtamt (Nickovic and Yamaguchi, 2020), a monitor of signal temporal logic, in its dense time.

It holds each sample until the next, and the last one for ever, so numbers that change by events are what both define;
flows that move are not. What is left out, because it is something else there or isn't defined:

- `until` and `since` ask there for the left side at the moment of the right side too: its `a until b` is our
  `a until (a and b)`, and is compared so;
- a window of the past that begins later than now has no value there before the time at which it begins; ours is known
  from time 0 on, so only windows of the past from 0 on are compared;
- below an unbounded window of the future, a bounded one that reaches past the end is unfinished here, while there the
  last sample goes on: such an unbounded window is given a bound;
- a trace of one sample can't be read there; and rise, fall, texts, bools and what is undetermined it doesn't know.

Times are multiples of a quarter of a second, which its floating-point times hold exactly.
"""

from __future__ import annotations

import rtamt
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.trace.schema import Event, SignalInfo, Trace
from switch_bench.verify.stl import evaluate, parse

QUARTER = 250_000  # µs
INFOS = {"x": SignalInfo("control", "hall", 0.0), "y": SignalInfo("control", "hall", 0.0)}
AHEAD = ("always", "eventually", "until")
AFTER = 400  # quarters of a second: by then all windows have ended
Samples = list[tuple[int, float, float]]  # time in quarters, x, y
Pair = tuple[str, str]  # a formula in our words, and in rtamt's

SAMPLES = st.lists(
    st.tuples(st.integers(1, 6), *[st.integers(-2, 2).map(float)] * 2), min_size=2, max_size=7
)  # time since the one before, x, y
SUMS = st.sampled_from(["x", "y", "x - y", "x + 2 * y", "3 * x - 1"])
BOUNDS = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda b: (min(b), max(b)))


def comparisons() -> st.SearchStrategy[Pair]:
    parts = st.tuples(SUMS, st.sampled_from([">=", ">", "<=", "<"]), st.integers(-3, 3))
    return parts.map(lambda p: f"({p[0]} {p[1]} {p[2]})").map(lambda text: (text, text))


def window(word: str, bounds: tuple[int, int] | None, *below: Pair) -> Pair:
    if bounds is None:
        ahead = [w for w in AHEAD for text, _ in below if f"{w}[" in text]
        if word not in AHEAD or not ahead:
            return "", ""
    lo, hi = (b / 4 for b in bounds or (0, 6))
    return f"[{lo} s, {hi} s]", f"[{lo},{hi}]"


def unary(word: str, bounds: tuple[int, int] | None, body: Pair) -> Pair:
    (w, v), (a, b) = window(word, bounds, body), body
    return f"({word}{w} {a})", f"({word}{v} {b})"


def binary(word: str, bounds: tuple[int, int] | None, left: Pair, right: Pair) -> Pair:
    w, v = window(word, bounds, left, right)
    mine = f"({left[0]} and {right[0]})" if word in ("until", "since") else right[0]
    return f"({left[0]} {word}{w} {mine})", f"({left[1]} {word}{v} {right[1]})"


def composed(below: st.SearchStrategy[Pair]) -> st.SearchStrategy[Pair]:
    ahead = st.none() | BOUNDS
    back = st.none() | BOUNDS.map(lambda b: (0, b[1]))
    words = st.sampled_from
    return (
        st.builds(unary, st.just("not"), st.none(), below)
        | st.builds(binary, words(["and", "or", "implies"]), st.none(), below, below)
        | st.builds(unary, words(["always", "eventually"]), ahead, below)
        | st.builds(unary, words(["once", "historically"]), back, below)
        | st.builds(binary, st.just("until"), ahead, below, below)
        | st.builds(binary, st.just("since"), back, below, below)
    )


def timed(steps: list[tuple[int, float, float]]) -> Samples:
    """Samples at rising times, the first at 0."""
    times = [0]
    for gap, _, _ in steps[1:]:
        times.append(times[-1] + gap)
    return [(t, x, y) for t, (_, x, y) in zip(times, steps, strict=True)]


def happened(samples: Samples) -> Trace:
    events: list[Event] = []
    now = {"x": 0.0, "y": 0.0}
    for t, x, y in samples:
        for name, value in (("x", x), ("y", y)):
            events.append(Event(len(events), t * QUARTER, name, now[name], value, (), "hall", None))
            now[name] = value
    return Trace({}, INFOS, events, (samples[-1][0] + AFTER) * QUARTER)


def by_rtamt(text: str, samples: Samples) -> list[list[float]]:
    spec = rtamt.StlDenseTimeSpecification()
    spec.declare_var("x", "float")
    spec.declare_var("y", "float")
    spec.spec = text
    spec.parse()
    return spec.evaluate(["x", [[t / 4, x] for t, x, _ in samples]], ["y", [[t / 4, y] for t, _, y in samples]])


@settings(max_examples=150, deadline=None)
@given(SAMPLES.map(timed), st.recursive(comparisons(), composed, max_leaves=4))
def test_robustness_is_what_rtamt_says(samples, formula):
    ours, theirs = formula
    told = by_rtamt(theirs, samples)
    node, trace = parse(ours, INFOS), happened(samples)
    for t in range(samples[-1][0] + 1):
        expected = [value for start, value in told if start <= t / 4][-1]
        assert evaluate(node, trace, t * QUARTER, final=True).robustness == expected
