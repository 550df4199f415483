"""Robustness at one time of a trace that grows: each look takes in what is new and forgets what it no longer needs.

Of a window of the future over a formula that looks no further than some bound, what is known is kept as one number, the
extremum so far. What such a formula's own operators of time are about is kept as a function of time (`stl_streams`). A
part without numbers is read from what the watch has settled. What is unbounded below another operator (but for "in the
end") is evaluated on the whole trace at each look.
"""

from __future__ import annotations

from switch_bench.verify import lattice
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.stl_robust import INF, Beyond, margins
from switch_bench.verify.stl_streams import Source, streams
from switch_bench.verify.stl_truth import atom_table
from switch_bench.verify.stl_watch import Watch

_OPPOSITE: dict[Beyond, Beyond] = {"worst": "best", "best": "worst", "seen": "seen"}


class Term:
    """A part of a formula at one time, on a trace that grows."""

    def value(self, now: int, beyond: Beyond, final: bool) -> float:
        """Its robustness on what has happened up to `now`; beyond, final: as in `stl_robust.robustness`."""
        raise NotImplementedError


def term(n: ast.Node, watch: Watch, t: int) -> Term:
    """The formula at `t`. The watch must have been told all up to each `now` that is asked for."""
    match n:
        case ast.Not(body):
            return Joined([(term(body, watch, t), False)], True)
        case ast.And(parts) | ast.Or(parts):
            return Joined([(term(p, watch, t), True) for p in parts], isinstance(n, ast.Or))
        case ast.Implies(left, right):
            return Joined([(term(left, watch, t), False), (term(right, watch, t), True)], True)
        case ast.Window("eventually" | "always" as kind, lo, hi, body):
            if not ast.compares(body) and not ast.open_ended(body):
                return Settled(n, watch, t)
            if streams(body):
                return Extreme(n, watch, t)
            match body:
                case ast.Window("eventually" | "always" as inner, 0, until, last) if lo == 0 and hi == until == FOREVER:
                    if inner != kind and streams(last) and _fades(last):
                        return Last(last, watch, t)
        case ast.Binary("until", _, _, left, right) if _plain(left) and _plain(right):
            return Reached(n, watch, t)
    return Whole(n, watch, t)


def _plain(node: ast.Node) -> bool:
    """Whether it is only about a time itself, and open where that isn't known."""
    if isinstance(node, ast.Atom):
        return not isinstance(node, ast.Constant)
    return isinstance(node, ast.Not | ast.And | ast.Or | ast.Implies) and all(map(_plain, ast.children(node)))


def _fades(node: ast.Node) -> bool:
    """Whether it is open at times long after what is known."""
    return ast.memory(node) < FOREVER and not any(isinstance(atom, ast.Constant) for atom in ast.atoms(node))


def _open(beyond: Beyond) -> float:
    return INF if beyond == "best" else -INF


class Joined(Term):
    """Terms of which the greatest or least counts, each as it is or turned round."""

    def __init__(self, parts: list[tuple[Term, bool]], highest: bool):
        self.parts, self.highest = parts, highest

    def value(self, now: int, beyond: Beyond, final: bool) -> float:
        """The greatest or least."""
        return (max if self.highest else min)(
            part.value(now, beyond, final) if same else -part.value(now, _OPPOSITE[beyond], final)
            for part, same in self.parts
        )


class Whole(Term):
    """Anything, evaluated on the whole trace; once only, where nothing after `t` matters and that has passed."""

    def __init__(self, node: ast.Node, watch: Watch, t: int):
        self.node, self.watch, self.t = node, watch, t
        self.past = not ast.looks_ahead(node)
        self.known: float | None = None

    def value(self, now: int, beyond: Beyond, final: bool) -> float:
        """By `stl_robust.margins`."""
        if self.known is not None:
            return self.known
        table = atom_table(self.node, self.watch.signals)
        found = margins(table, now, beyond, final).at(self.node, True, self.t)
        if self.past and now >= self.t:
            self.known = found
        return found


class Settled(Term):
    """A window of the future over what has no numbers and looks only so far ahead."""

    def __init__(self, node: ast.Window, watch: Watch, t: int):
        self.node, self.watch = node, watch
        self.t, self.first, self.last = t, t + node.lo, min(FOREVER - 1, t + node.hi)
        self.some = node.kind == "eventually"
        self.source = Source(node.body, watch)
        self.ahead = ast.looks_ahead(node.body)

    def value(self, now: int, beyond: Beyond, final: bool) -> float:
        """Infinite, with the sign of what is settled."""
        if beyond == "seen":
            if self.ahead:
                return self._seen(now)
        elif not final or self.node.hi < FOREVER:
            yes, no = self.watch.sides(self.node)
            return INF if yes.has(self.t) else -INF if no.has(self.t) else _open(beyond)
        elif self.first > now:
            return _open(beyond)
        # the window ends now; what isn't settled of the body counts as it is asked for
        end = min(now, self.last) + 1
        if self.first >= end:
            return -INF if self.some else INF
        yes, no = self.watch.sides(self.node.body)
        decides, others = (yes, no) if self.some else (no, yes)
        if (beyond == "best") is self.some:
            met = not others.covers(self.first, end)
        else:
            met = decides.meets(self.first, end)
        return INF if met is self.some else -INF

    def _seen(self, now: int) -> float:
        """The windows within end now too."""
        yes, no = self.watch.sides(self.node.body)
        passed = no if self.some else yes  # what can't decide
        first = passed.around(self.first)[1] if passed.has(self.first) else self.first
        last = min(now, self.last)
        return self.source.at(now, "seen").extreme(self.node.body, True, first, last, self.some)


class Extreme(Term):
    """A window of the future over what looks only so far ahead."""

    def __init__(self, node: ast.Window, watch: Watch, t: int):
        body = self.body = node.body
        self.source = Source(body, watch)
        self.first, self.last, self.unbounded = t + node.lo, min(FOREVER - 1, t + node.hi), node.hi >= FOREVER
        self.some = node.kind == "eventually"
        self.ahead = ast.horizon(body)
        self.plain = _plain(body)
        self.fades = self.unbounded and _fades(body)
        self.waits = self.ahead == 0 and ast.prompt(body, self.some)
        self.done = self.first  # the value of the body is known before
        self.none = -INF if self.some else INF
        self.so_far = self.none

    def _look(self, now: int, last: int, beyond: Beyond) -> float:
        return self.source.at(now, beyond).extreme(self.body, True, self.done, last, self.some)

    def value(self, now: int, beyond: Beyond, final: bool) -> float:
        """The extremum of what is known, and of what may come."""
        better = max if self.some else min
        sure = min(self.last, now - self.ahead)
        if sure >= self.done:
            self.so_far = better(self.so_far, self._look(now, sure, "worst"))
            self.done = sure + 1
        last = self.last
        if beyond == "seen" or (final and self.unbounded):
            if beyond != "seen" and self.first > now:
                return _open(beyond)
            last = min(last, now)
        elif self.done <= last:
            easy = (beyond == "best") is self.some  # the open end can only help
            if easy and (self.fades or self.plain):
                return _open(beyond)
            if not easy and (self.plain or self.waits):
                return self.so_far
        if last < self.done:
            return self.so_far
        return better(self.so_far, self._look(now, last, beyond))


class Last(Term):
    """`eventually always a` or `always eventually a`: a in the end."""

    def __init__(self, body: ast.Node, watch: Watch, t: int):
        self.body, self.t = body, t
        self.source = Source(body, watch)

    def value(self, now: int, beyond: Beyond, final: bool) -> float:
        """The value now, if that is the end."""
        if beyond != "seen" and (not final or now < self.t):
            return _open(beyond)
        return self.source.at(now, beyond).at(self.body, True, now)


class Reached(Term):
    """`until` between what is only about a time itself."""

    def __init__(self, node: ast.Binary, watch: Watch, t: int):
        self.left, self.right = node.left, node.right
        self.source = Source(node, watch)
        self.first, self.last, self.unbounded = t + node.lo, min(FOREVER - 1, t + node.hi), node.hi >= FOREVER
        self.done = t
        self.so_far = -INF
        self.lead = INF  # the least of `left` up to `done`

    def value(self, now: int, beyond: Beyond, final: bool) -> float:
        """The best of what has come, and of what may."""
        if now >= self.done:
            span = (self.done, now)
            known = self.source.at(now, "worst")
            left = known.value(self.left, True, span)
            first, last = max(self.first, self.done), min(now, self.last)
            right = lattice.padded(lattice.within(known.value(self.right, True, span), first, last + 1), -INF)
            came = lattice.at(lattice.until(left, right, -INF), self.done)
            self.so_far = max(self.so_far, min(self.lead, came))
            self.lead = min(self.lead, lattice.extreme(left, self.done, now, False, INF))
            self.done = now + 1
        cut = beyond == "seen" or (final and self.unbounded and self.first <= now)
        if beyond != "best" or cut or self.done > self.last:
            return self.so_far
        return max(self.so_far, self.lead)
