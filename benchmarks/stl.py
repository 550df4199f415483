"""What judging formulas costs: `python benchmarks/stl.py [--json]`.

A made-up episode of 1,500 control steps (75 s at 20 Hz) with 1,500 events at random steps: two bools, a text and a
number change, one flow is re-anchored as a lag, one as a sum of two lags that overshoots. For each formula, in
processor time, best of the repeats (what other programs take of the machine only adds):

- evaluate: the whole outcome (truth, robustness and its bounds, when it was settled), at the true end and while it is
  open; reading the trace's events into signals included;
- monitor: all events fed. The verdict is asked for at each step, in µs for each event of the formula's own signals (at
  most one step in two has one); the whole outcome only after such events; and the robustness if the episode ended now
  at each step, as the shaped reward asks for it, in µs a step: there flows have moved on.

And `verify` with the standing of its goal, of an episode in which a bell rings or falls silent and a lamp answers 140
times; the world without the agent has only the bell.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import Event, SignalInfo, Trace
from switch_bench.verify.facts import Facts
from switch_bench.verify.stl import Formula, Monitor, evaluate, parse
from switch_bench.verify.task import Goal
from switch_bench.verify.verdict import verify

SECOND = 1_000_000  # µs
STEP = 50_000  # µs
STEPS = 1500
EVENTS = 1500
EDGES = 140
REPEATS = 7

SIGNALS = {
    "lamp.lit": SignalInfo("output", "hall", False),
    "bell.rings": SignalInfo("sound", "hall", False),
    "door.leaf": SignalInfo("control", "hall", "closed"),
    "dial.level": SignalInfo("control", "hall", 0.0),
    "kettle.temperature": SignalInfo("flow", "kitchen", Anchor(0, 20.0), "degC"),
    "living.temperature": SignalInfo("flow", "living", Anchor(0, 19.0), "degC"),
}
FORMULAS = (
    "eventually (kettle.temperature >= 98 degC)",
    "eventually always lamp.lit",
    "eventually (lamp.lit for 2 s)",
    "eventually always (living.temperature >= 19 degC and living.temperature <= 22 degC)",
    "always (bell.rings implies lamp.lit within 5 s)",
    "always (bell.rings implies kettle.temperature >= 30 degC within 5 s)",
    "eventually (kettle.temperature >= 95 degC for 5 s)",
    "(living.temperature >= 15 degC) until kettle.temperature >= 96 degC",
    "eventually ((living.temperature >= 15 degC) since rise(lamp.lit))",
    'eventually (door.leaf == "open" and eventually[0, 30 s] (lamp.lit and kettle.temperature >= 60 degC))',
    "always[0, 60 s] (abs(kettle.temperature - living.temperature) <= 80 K)",
)
GOALS = (
    "always (bell.rings implies lamp.lit within 5 s)",
    "eventually always (bell.rings implies lamp.lit within 2 s)",
    "eventually (bell.rings and eventually always lamp.lit)",
)


def episode() -> Trace:
    """The made-up episode; the same each time."""
    rng = random.Random(1)
    now: dict[str, Value | Anchor] = {name: info.initial for name, info in SIGNALS.items()}
    events: list[Event] = []
    for step in sorted(rng.randrange(STEPS) for _ in range(EVENTS)):
        name, t = rng.choice(list(SIGNALS)), step * STEP
        old, new = now[name], changed(name, now[name], t, rng)
        events.append(Event(len(events), t, name, old, new, (), SIGNALS[name].zone, None))
        now[name] = new
    return Trace({}, SIGNALS, events, STEPS * STEP)


def changed(name: str, old: Value | Anchor, t: int, rng: random.Random) -> Value | Anchor:
    """A new value of the signal."""
    if isinstance(old, Anchor):
        x = old.at(t)
        if name.startswith("kettle"):
            target = rng.choice([20.0, 60.0, 97.0])
            return Anchor(t, target, 0.0, ((x - target, 0.02),))
        target = rng.choice([15.0, 22.0])
        return Anchor(t, target, 0.0, ((x - target - 1.0, 0.02), (1.0, 0.3)))
    if isinstance(old, bool):
        return not old
    return float(rng.randrange(5)) if name == "dial.level" else "open" if old == "closed" else "closed"


def answered() -> tuple[Trace, Trace]:
    """The episode of a bell and a lamp that answers it, and the same without the agent."""
    events: list[Event] = []
    for k in range(EDGES // 2):
        on, t, n = k % 2 == 0, 3 * k * SECOND, len(events)
        events.append(Event(n, t, "bell.rings", not on, on, (), "hall", "person:ada"))
        events.append(Event(n + 1, t + SECOND, "lamp.lit", not on, on, (n,), "hall", "agent"))
    end = 3 * EDGES // 2 * SECOND
    alone = [Event(i, e.t, e.signal, e.old, e.new, (), e.zone, e.actor) for i, e in enumerate(events[::2])]
    return Trace({}, SIGNALS, events, end), Trace({}, SIGNALS, alone, end + end // 10)


def least(work: Callable[[], Any]) -> float:
    """Seconds of processor time that it takes, at best."""
    found = []
    for _ in range(REPEATS):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def followed(formula: Formula, trace: Trace, ask: str, every: bool) -> None:
    """Feed a monitor all events, and ask it at each step (`every`), or after the formula's own events."""
    monitor = Monitor(formula, trace.signals)
    asked, own = getattr(monitor, ask), set(formula.signals)
    k = 0
    for now in range(0, trace.end + 1, STEP):
        due = every
        while k < len(trace.events) and trace.events[k].t <= now:
            monitor.feed(trace.events[k])
            due = due or trace.events[k].signal in own
            k += 1
        if due:
            asked(now)


def formula_row(text: str, trace: Trace) -> dict[str, Any]:
    """The figures of one formula."""
    formula = parse(text, SIGNALS)
    own = sum(e.signal in formula.signals for e in trace.events)
    value = least(lambda: followed(formula, trace, "value_at", True))
    outcome = least(lambda: followed(formula, trace, "outcome_at", False))
    margin = least(lambda: followed(formula, trace, "margin_at", True))
    return {
        "final_ms": round(least(lambda: evaluate(formula, trace, final=True)) * 1e3, 2),
        "open_ms": round(least(lambda: evaluate(formula, trace)) * 1e3, 2),
        "value_us": round(value / own * 1e6, 1),
        "outcome_us": round(outcome / own * 1e6, 1),
        "margin_us": round(margin / STEPS * 1e6, 1),
        "own_events": own,
    }


def goal_row(text: str, trace: Trace, null: Trace) -> dict[str, float]:
    """The figures of one goal."""
    root = parse(text, SIGNALS).root
    return {
        "standing_ms": round(least(lambda: Facts(trace).standing(root)) * 1e3, 2),
        "verify_ms": round(least(lambda: verify(Goal(goal=text), trace, null, None)) * 1e3, 2),
    }


def measure() -> dict[str, Any]:
    """All figures."""
    trace, (full, null) = episode(), answered()
    return {
        "steps": STEPS, "events": EVENTS, "edges": EDGES, "repeats": REPEATS, "python": platform.python_version(),
        "machine": platform.machine(), "formulas": {text: formula_row(text, trace) for text in FORMULAS},
        "goals": {text: goal_row(text, full, null) for text in GOALS},
    }  # fmt: skip


def main() -> int:
    """Measure, and print tables or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    chosen = parser.parse_args()
    found = measure()
    if chosen.json:
        json.dump(found, sys.stdout, indent=1)
        print()
        return 0
    print(
        f"Python {found['python']}, {found['machine']}; {STEPS} steps, {EVENTS} events; processor time, best of "
        f"{REPEATS}\n"
        f"{'evaluate, ms':>15}  {'µs an own event':>17} {'µs a step':>10} {'own':>7}\n"
        f"{'final':>7} {'open':>7}  {'verdict':>8} {'outcome':>8} {'if over':>10} {'events':>7}  formula"
    )
    for text, row in found["formulas"].items():
        print(
            f"{row['final_ms']:>7} {row['open_ms']:>7}  {row['value_us']:>8} {row['outcome_us']:>8} "
            f"{row['margin_us']:>10} {row['own_events']:>7}  {text}"
        )
    print(f"\n{EDGES} edges\n{'standing ms':>11} {'verify ms':>10}  goal")
    for text, row in found["goals"].items():
        print(f"{row['standing_ms']:>11} {row['verify_ms']:>10}  {text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
