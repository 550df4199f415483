"""What a planner is told of a task, and how far an imagined world is from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from switch_bench.network.adding import total
from switch_bench.network.flow import Anchor
from switch_bench.planning.imagine import Imagined
from switch_bench.trace.schema import Pose, Trace
from switch_bench.trace.signals import Signals
from switch_bench.verify import intervals as iv
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.acts import matches
from switch_bench.verify.effects import KINDS, differ
from switch_bench.verify.facts import Facts
from switch_bench.verify.intervals import Times
from switch_bench.verify.stl import parse
from switch_bench.verify.stl_truth import atom_table

MOMENTS = 40  # times at which a formula's parts are weighed against each other
CLOSE = 0.1  # what a comparison lacks at least while it doesn't hold
DOOMED = 1.5  # how much it counts that something comes that must never be
PRESENT = 0.3  # how much what isn't so now counts against what won't be so in the end
SETTLED = 8_000_000  # µs for which a goal should go on standing, so that there is time to look and to report
SOON = 1_000_000  # µs before what comes by itself that the agent's doing must come


@dataclass(frozen=True)
class Told:
    """All that a planner is told of a task: what is to be so, by which controls, and what must not be."""

    goal: str
    never: tuple[str, ...]
    required: tuple[str, ...]
    allowed: tuple[str, ...]
    forbidden: tuple[str, ...]
    horizon_us: int

    @classmethod
    def of(cls, task: Any) -> Told:
        """What of a task file a planner may read; its solution and near misses aren't."""
        return cls(task.goal, task.never, task.required, task.allowed, task.forbidden, task.horizon_us)


@dataclass(frozen=True)
class Outlook:
    """What will come of a world if the agent keeps its hands off from now on.

    lack: how far the goal is from being met, 0 if it comes. comes: when [µs] it stands first, from now on. broken:
    whether something has been so that must never be. left: what is forbidden and would be left changed then.
    """

    lack: float
    comes: int | None
    broken: bool
    left: tuple[str, ...]
    signals: Signals

    @property
    def good(self) -> bool:
        """Whether it is enough to wait and to report."""
        return self.comes is not None and not self.broken and not self.left


class Aim:
    """A task's goal in a room, and the world without the agent, to which all others are compared."""

    def __init__(self, told: Told, begun: Imagined, manifest: Mapping[str, Any], poses: Sequence[Pose]):
        self.told, self.manifest, self.poses = told, manifest, list(poses)
        self.info = dict(begun.network.info)
        things = [p.name for p in poses]
        self.root = parse(told.goal, self.info, objects=things).root
        self.never = tuple(parse(text, self.info, objects=things) for text in told.never)
        self.names = frozenset(ast.names(self.root))
        self.watched = self.names.union(*(f.signals for f in self.never))
        self.strictly = tuple(n for n, i in self.info.items() if i.kind in KINDS and self._forbidden(n))
        self.barred = tuple(n for n in self.strictly if n not in self.names | {*told.required})
        null = begun.fork()
        null.advance(told.horizon_us)
        self.null = Facts(self._trace(null, None))
        self.by_itself = next((s for s, _ in self.null.standing(self.root)), None)
        self._scale: dict[ast.Compare, float] = {}

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers that the goal compares with, in base units."""
        found = [a for a in ast.atoms(self.root) if isinstance(a, ast.Compare)]
        return tuple(e.constant for a in found for e in (a.left, a.right) if not e.terms)

    @property
    def spans(self) -> tuple[int, ...]:
        """How long [µs] things have to last, by the goal."""
        return tuple(sorted({d for d in ast.shifts(self.root) if d > 1_000_000}))

    def outlook(self, world: Imagined) -> Outlook:
        """What will come of a world with hands off from now on."""
        then = world.fork()
        then.advance(max(self.told.horizon_us, then.now))
        facts = Facts(self._trace(then, self.watched))
        comes = self._comes(facts, world.now)
        first = min((self._first(formula, facts) for formula in self.never), default=iv.FOREVER)
        broken = first <= world.now
        if comes is not None and first <= comes:
            comes = None
        lack = 0.0
        if comes is None:
            lack = max(CLOSE, self._lack(facts, world.now)) + PRESENT * self.at_once(facts.signals, world.now)
        if first <= facts.end:
            lack += DOOMED
        left = self.left(world, comes)
        return Outlook(lack + 3 * min(4, len(left)), comes, broken, left, facts.signals)

    def signals(self, world: Imagined) -> Signals:
        """The goal's signals in what has happened up to now."""
        return Facts(self._trace(world, self.watched)).signals

    def at_once(self, signals: Signals, t: int) -> float:
        """How much of what the goal speaks of is not so at a time, whatever it says about when."""
        table = atom_table(self.root, signals)
        return _Lack(self, table, signals, [t], t).now(self.root, t, True)

    # ------------------------------------------------------------------ own

    def _forbidden(self, name: str) -> bool:
        barred = matches(name, self.told.forbidden)
        return barred >= 0 and barred >= matches(name, self.told.allowed)

    def _trace(self, world: Imagined, names: frozenset[str] | None) -> Trace:
        log = world.network.log
        events = log if names is None else [e for e in log if e.signal in names]
        base = np.array([(t, x, y, 0.0) for t, x, y in world.walked]).reshape(-1, 4)
        return Trace(self.manifest, self.info, events, world.now, poses=self.poses, base=base)

    def _added(self, formula: Any, facts: Facts) -> Times:
        anyway = iv.some(self.null.held(formula), -100_000, 100_000)
        return iv.intersection(facts.held(formula), iv.complement(anyway))

    def _first(self, formula: Any, facts: Facts) -> int:
        added = self._added(formula, facts)
        return added[0][0] if added else iv.FOREVER

    def _comes(self, facts: Facts, now: int) -> int | None:
        """When the goal first stands for long enough to be reported, from now on; or if it never does, at all."""
        runs = [(max(s, now), e) for s, e in facts.standing(self.root) if e > now]
        late = self.by_itself is not None
        runs = [(s, e) for s, e in runs if not late or s < (self.by_itself or 0) - SOON]
        lasting = [s for s, e in runs if e - s > SETTLED or e > facts.end]
        return min(lasting, default=min((s for s, _ in runs), default=None))

    def left(self, world: Imagined, t: int | None = None, *, strictly: bool = False) -> tuple[str, ...]:
        """What is forbidden and would be left changed at `t` [µs] (now).

        strictly: what the goal or the task itself asks to be changed counts, too, as it does where that can't be done.
        """
        then = world.fork()
        then.advance(max(then.now, t or 0))
        out = []
        for name in self.strictly if strictly else self.barred:
            here, there = then.network.value(name), self.null.signals.value(name, then.now)
            if here != there and differ(there, here, self.info[name].unit):
                out.append(name)
        return tuple(out)

    def _lack(self, facts: Facts, now: int) -> float:
        table = {a: facts._table(a)[a] for a in dict.fromkeys(ast.atoms(self.root))}
        times = {0, now, facts.end}
        times.update(t for held in table.values() for run in held for t in run if t <= facts.end)
        if ast.compares(self.root):
            times.update(int(t) for t in np.linspace(now, facts.end, 8))
        few = sorted(times)
        if len(few) > MOMENTS:
            few = sorted({few[round(k * (len(few) - 1) / (MOMENTS - 1))] for k in range(MOMENTS)})
        return _Lack(self, table, facts.signals, few, facts.end).of(self.root, 0, True)

    def scale(self, atom: ast.Compare) -> float:
        """How far a comparison is from holding at the start: the measure of how far it still is."""
        if atom not in self._scale:
            gap = abs(_gap(atom, self.null.signals, 0))
            self._scale[atom] = gap if gap > 0 else 1.0
        return self._scale[atom]


class _Lack:
    """How far a formula is from holding, between 0 and the number of its atoms."""

    def __init__(self, aim: Aim, table: Mapping[ast.Atom, Times], signals: Signals, times: list[int], end: int):
        self.aim, self.table, self.signals, self.times, self.end = aim, table, signals, times, end
        self.known: dict[tuple[ast.Node, int, bool], float] = {}

    def of(self, node: ast.Node, t: int, wanted: bool) -> float:
        """What a formula lacks at a time, to hold (wanted False: not to hold)."""
        key = (node, t, wanted)
        if key not in self.known:
            self.known[key] = self._of(node, t, wanted)
        return self.known[key]

    def _of(self, node: ast.Node, t: int, wanted: bool) -> float:
        if isinstance(node, ast.Atom):
            return self._atom(node, t, wanted)
        match node:
            case ast.Not(body):
                return self.of(body, t, not wanted)
            case ast.And(parts) | ast.Or(parts):
                return (total if isinstance(node, ast.And) == wanted else min)([self.of(p, t, wanted) for p in parts])
            case ast.Implies(left, right):
                return self.of(ast.Or((ast.Not(left), right)), t, wanted)
            case ast.Edge(_, body):
                return self.of(body, t, wanted)
            case ast.For(body, span):
                return self._for(body, span, t, wanted)
            case ast.Window("eventually" | "always" as kind, lo, hi, body):
                some = (kind == "eventually") == wanted
                last = "always" if kind == "eventually" else "eventually"
                if some and isinstance(body, ast.Window) and body.kind == last and min(hi, body.hi) >= iv.FOREVER:
                    return self.of(body.body, self.end, wanted)
                found = [self.of(body, u, wanted) for u in self.times if t + lo <= u <= t + hi]
                return (min if some else max)(found, default=1.0 if some else 0.0)
            case ast.Window(kind, lo, hi, body):
                found = [self.of(body, u, wanted) for u in self.times if t - hi <= u <= t - lo]
                some = (kind == "once") == wanted
                return (min if some else max)(found, default=1.0 if some else 0.0)
            case ast.Binary(_, _, _, left, right):
                return self.of(left, t, wanted) + self.of(right, t, wanted)
        raise TypeError(f"{node!r} is no formula")

    def _for(self, body: ast.Node, span: int, t: int, wanted: bool) -> float:
        if not wanted:
            return 0.0 if self.of(body, t, False) == 0.0 else 0.5
        now = self.of(body, t, True)
        if now > 0.0:
            return 1.0 + now
        start = t
        for u in reversed([u for u in self.times if u <= t]):
            if self.of(body, u, True) > 0.0:
                break
            start = u
        return max(0.0, 1.0 - (t - start) / span)

    def _atom(self, atom: ast.Atom, t: int, wanted: bool) -> float:
        if isinstance(atom, ast.Constant):
            return 0.0 if atom.value is wanted else 1.0
        if iv.contains(self.table[atom], t) is wanted:
            return 0.0
        if isinstance(atom, ast.Compare):
            return CLOSE + (1 - CLOSE) * min(1.0, abs(_gap(atom, self.signals, t)) / self.aim.scale(atom))
        return 1.0

    def now(self, node: ast.Node, t: int, wanted: bool) -> float:
        """What a formula's atoms lack at a time, without its operators of time."""
        match node:
            case ast.Not(body):
                return self.now(body, t, not wanted)
            case ast.And(parts) | ast.Or(parts):
                return (total if isinstance(node, ast.And) == wanted else min)([self.now(p, t, wanted) for p in parts])
            case ast.Window(_, _, _, body) | ast.For(body, _) | ast.Edge(_, body):
                return self.now(body, t, wanted)
            case _ if isinstance(node, ast.Atom):
                return self._atom(node, t, wanted)
            case _:
                return total(self.now(child, t, wanted) for child in ast.children(node))


def _gap(atom: ast.Compare, signals: Signals, t: int) -> float:
    def level(name: str) -> float:
        value = signals.raw(name, t)
        return float(value.at(t) if isinstance(value, Anchor) else value)

    def side(e: ast.Linear) -> float:
        return total(factor * level(name) for factor, name in e.terms) + e.constant

    return side(atom.left) - side(atom.right)
