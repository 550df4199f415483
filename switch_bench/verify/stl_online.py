"""Truth of a formula as it becomes known: what is settled about each part only grows, and only news is passed on.

Each part of a formula is a node with two sets of times: those at which it is settled that the part holds, and that it
doesn't. The atoms learn their truth as time passes; what is new about a node is told to those above it, which work out
what follows for them from that stretch and what they already know. So an event costs what follows from it, however long
the episode is. Negation turns the sign of what is told and needs no node.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER


class Growing:
    """A set of times that only grows: disjoint [start, end) that don't touch, in order."""

    __slots__ = ("ends", "starts")

    def __init__(self) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []

    def add(self, s: int, e: int) -> list[tuple[int, int]]:
        """Take in [s, e); returns what of it was not in the set."""
        starts, ends = self.starts, self.ends
        if not ends or s > ends[-1]:
            starts.append(s)
            ends.append(e)
            return [(s, e)]
        if s >= starts[-1]:
            last = ends[-1]
            if e <= last:
                return []
            ends[-1] = e
            return [(last, e)]
        i, j = bisect_left(ends, s), bisect_right(starts, e)
        new = []
        at = s
        for k in range(i, j):
            if at < starts[k]:
                new.append((at, starts[k]))
            at = max(at, ends[k])
        if at < e:
            new.append((at, e))
        if new:
            if i < j:
                s, e = min(s, starts[i]), max(e, ends[j - 1])
            starts[i:j] = [s]
            ends[i:j] = [e]
        return new

    def around(self, t: int) -> tuple[int, int]:
        """The whole stretch in which `t` lies; it must lie in one."""
        i = bisect_right(self.starts, t) - 1
        return self.starts[i], self.ends[i]

    def has(self, t: int) -> bool:
        """Whether `t` is in the set."""
        i = bisect_right(self.starts, t) - 1
        return i >= 0 and t < self.ends[i]

    def meets(self, s: int, e: int) -> bool:
        """Whether some of [s, e) is in the set."""
        i = bisect_right(self.ends, s)
        return s < e and i < len(self.starts) and self.starts[i] < e

    def covers(self, s: int, e: int) -> bool:
        """Whether all of [s, e) is in the set."""
        i = bisect_right(self.starts, s) - 1
        return s >= e or (i >= 0 and e <= self.ends[i])

    def within(self, s: int, e: int) -> list[tuple[int, int]]:
        """What of [s, e) is in the set."""
        starts, ends = self.starts, self.ends
        if not ends or ends[-1] <= s:
            return []
        out = []
        for k in range(bisect_right(ends, s), len(starts)):
            if starts[k] >= e:
                break
            out.append((max(s, starts[k]), min(e, ends[k])))
        return out

    def stretches(self, s: int, e: int) -> list[tuple[int, int]]:
        """The whole stretches that have times in [s, e)."""
        starts, ends = self.starts, self.ends
        out = []
        for k in range(bisect_right(ends, s), len(starts)):
            if starts[k] >= e:
                break
            out.append((starts[k], ends[k]))
        return out


class Node:
    """A part of a formula: when it is settled that it holds (`yes`), and that it doesn't (`no`)."""

    __slots__ = ("above", "no", "yes")

    def __init__(self) -> None:
        self.yes, self.no = Growing(), Growing()
        self.above: list[tuple[Node, int, bool]] = []  # (node, which of its parts this is, whether not negated)

    def start(self) -> None:
        """Tell what is so whatever the atoms are."""

    def tell(self, so: bool, s: int, e: int) -> None:
        """It is settled that over [s, e) it holds (`so`), or doesn't."""
        if s < e:
            for start, end in (self.yes if so else self.no).add(s, e):
                for node, part, same in self.above:
                    node.hear(part, so is same, start, end)

    def hear(self, part: int, so: bool, s: int, e: int) -> None:
        """It is news that over [s, e) that part of it holds, or doesn't."""
        raise NotImplementedError


Part = tuple[Node, bool]
"""(node, whether it is meant as it is and not negated)"""


def _sides(part: Part) -> tuple[Growing, Growing]:
    """When the part is settled to hold, and not to."""
    node, same = part
    return (node.yes, node.no) if same else (node.no, node.yes)


class Leaf(Node):
    """An atom."""

    __slots__ = ()


class All(Node):
    """All parts hold."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Part]):
        super().__init__()
        self.parts = [_sides(part)[0] for part in parts]

    def hear(self, part: int, so: bool, s: int, e: int) -> None:
        """One part that doesn't hold is enough; that it does counts where all others do."""
        if not so:
            self.tell(False, s, e)
            return
        found = [(s, e)]
        for k, yes in enumerate(self.parts):
            if k != part:
                found = [piece for start, end in found for piece in yes.within(start, end)]
                if not found:
                    return
        for start, end in found:
            self.tell(True, start, end)


class Some(Node):
    """It holds at some time of [t + lo, t + hi]; the bounds may be negative, or ±FOREVER."""

    __slots__ = ("body", "hi", "lo")

    def __init__(self, body: Part, lo: int, hi: int):
        super().__init__()
        self.body = _sides(body)[1]
        self.lo, self.hi = lo, hi

    def start(self) -> None:
        """Windows that lie before time 0 are empty."""
        self.tell(False, 0, -self.hi)

    def hear(self, part: int, so: bool, s: int, e: int) -> None:
        """Times at which it holds reach out over the window; stretches at which it doesn't shrink by it."""
        lo, hi = self.lo, self.hi
        if so:
            self.tell(True, max(0, s - hi), FOREVER if e >= FOREVER else min(FOREVER, e - lo))
        else:
            start, end = self.body.around(s)
            self.tell(False, 0 if start == 0 else max(0, start - lo), FOREVER if end >= FOREVER else end - hi)


class Held(Node):
    """It has held for the whole of the last `duration`, and never before that much time has passed."""

    __slots__ = ("body", "duration")

    def __init__(self, body: Part, duration: int):
        super().__init__()
        self.body = _sides(body)[0]
        self.duration = duration

    def start(self) -> None:
        """Before that much time has passed."""
        self.tell(False, 0, self.duration)

    def hear(self, part: int, so: bool, s: int, e: int) -> None:
        """Likewise, of the past only."""
        if so:
            start, end = self.body.around(s)
            self.tell(True, min(FOREVER, start + self.duration), end)
        else:
            self.tell(False, s, min(FOREVER, e + self.duration))


class Rise(Node):
    """It holds, and a microsecond ago it didn't."""

    __slots__ = ("no_below", "yes_below")

    def __init__(self, body: Part):
        super().__init__()
        self.yes_below, self.no_below = _sides(body)

    def start(self) -> None:
        """Nothing rises at time 0."""
        self.tell(False, 0, 1)

    def hear(self, part: int, so: bool, s: int, e: int) -> None:
        """What it is now is compared with what it was before."""
        after = min(FOREVER, e + 1)
        if so:
            self.tell(False, s + 1, after)
            for start, end in self.no_below.within(max(0, s - 1), e - 1):
                self.tell(True, start + 1, end + 1)
        else:
            self.tell(False, s, e)
            for start, end in self.yes_below.within(s + 1, after):
                self.tell(True, start, end)


class Until(Node):
    """`right` comes within [t + lo, t + hi], and `left` holds from t up to then."""

    __slots__ = ("hi", "left", "lo", "no_left", "no_right", "right")

    def __init__(self, left: Part, right: Part, lo: int, hi: int):
        super().__init__()
        self.left, self.no_left = _sides(left)
        self.right, self.no_right = _sides(right)
        self.lo, self.hi = lo, hi

    def hear(self, part: int, so: bool, s: int, e: int) -> None:
        """A stretch of either part is compared with what is known of the other."""
        if so:
            if part == 0:
                start, end = self.left.around(s)
                for met in self.right.within(s, min(FOREVER, end + 1)):
                    self._met(met, start, end)
            else:
                if self.lo == 0:
                    self.tell(True, s, e)
                for start, end in self.left.stretches(max(0, s - 1), e):
                    self._met((max(s, start), min(e, end + 1)), start, end)
        elif part == 0:
            if self.lo > 0:
                self.tell(False, max(0, s - self.lo + 1), e)
            for start, end in self.no_right.stretches(s, e):
                self.tell(False, max(0, start - self.lo), min(e, end))
        else:
            start, end = self.no_right.around(s)
            first = max(0, start - self.lo)
            self.tell(False, first, FOREVER if end >= FOREVER else end - self.hi)
            k = bisect_left(self.no_left.starts, end) - 1
            if k >= 0 and self.no_left.ends[k] > start:
                self.tell(False, first, min(end, self.no_left.ends[k]))

    def _met(self, met: tuple[int, int], start: int, end: int) -> None:
        """What follows of `right` holding over `met` while `left` does over [start, end), or has just ceased to."""
        s, e = met
        if s < e:
            last = end if e >= FOREVER else min(end, e - self.lo)
            self.tell(True, max(start, s - self.hi), last)


class Since(Node):
    """`right` came within [t - hi, t - lo], and `left` has held from after that up to t."""

    __slots__ = ("hi", "left", "lo", "no_left", "no_right", "right")

    def __init__(self, left: Part, right: Part, lo: int, hi: int):
        super().__init__()
        self.left, self.no_left = _sides(left)
        self.right, self.no_right = _sides(right)
        self.lo, self.hi = lo, hi

    def start(self) -> None:
        """Windows that lie before time 0 are empty."""
        self.tell(False, 0, self.lo)

    def hear(self, part: int, so: bool, s: int, e: int) -> None:
        """As `Until`, with time turned round."""
        lo, hi = self.lo, self.hi
        if so:
            if part == 0:
                start, end = self.left.around(s)
                begin = max(0, start - 1)
                if hi >= FOREVER:  # the first time serves as well as any later one
                    k = bisect_right(self.right.ends, begin)
                    if k < len(self.right.starts):
                        self.tell(True, max(start, max(begin, self.right.starts[k]) + lo), end)
                else:
                    for met in self.right.within(max(begin, s - hi), e):
                        self._met(met, start, end)
            else:
                if lo == 0:
                    self.tell(True, s, e)
                for start, end in self.left.stretches(s, min(FOREVER, e + 1)):
                    self._met((max(s, start - 1), min(e, end)), start, end)
        elif part == 0:
            if lo > 0:
                self.tell(False, s, min(FOREVER, e + lo - 1))
            for start, end in self.no_right.stretches(s, e):
                self.tell(False, max(s, start), min(FOREVER, end + lo))
        else:
            start, end = self.no_right.around(s)
            last = min(FOREVER, end + lo)
            self.tell(False, 0 if start == 0 else start + hi, last)
            k = bisect_right(self.no_left.ends, start)
            if k < len(self.no_left.starts):
                self.tell(False, max(start, self.no_left.starts[k]), last)

    def _met(self, met: tuple[int, int], start: int, end: int) -> None:
        s, e = met
        if s < e:
            self.tell(True, max(start, s + self.lo), min(end, e + self.hi))


class Graph:
    """The nodes of a formula. Equal parts are one node."""

    def __init__(self, root: ast.Node):
        self.leaves: dict[ast.Atom, Leaf] = {}
        self._parts: dict[ast.Node, Part] = {}
        self._nodes: list[Node] = []
        self.root = self.part(root)
        for node in self._nodes:
            node.start()
        for atom, leaf in self.leaves.items():
            if isinstance(atom, ast.Constant):
                leaf.tell(atom.value, 0, FOREVER)

    def part(self, n: ast.Node) -> Part:
        """The node of a part of the formula, and its sign."""
        if n not in self._parts:
            self._parts[n] = self._made(n)
        return self._parts[n]

    def _made(self, n: ast.Node) -> Part:
        match n:
            case ast.Not(body):
                return _negated(self.part(body))
            case ast.And(parts):
                return self._all([self.part(p) for p in parts]), True
            case ast.Or(parts):
                return self._all([_negated(self.part(p)) for p in parts]), False
            case ast.Implies(left, right):
                return self._all([self.part(left), _negated(self.part(right))]), False
            case ast.Window(kind, lo, hi, body):
                some = kind in ("eventually", "once")
                below = self.part(body) if some else _negated(self.part(body))
                lo, hi = (lo, hi) if kind in ("eventually", "always") else (-hi, -lo)
                return self._placed(Some(below, lo, hi), [below]), some
            case ast.Binary(kind, lo, hi, left, right):
                parts = [self.part(left), self.part(right)]
                return self._placed((Until if kind == "until" else Since)(parts[0], parts[1], lo, hi), parts), True
            case ast.Edge(kind, body):
                below = self.part(body) if kind == "rise" else _negated(self.part(body))
                return self._placed(Rise(below), [below]), True
            case ast.For(body, duration):
                below = self.part(body)
                return self._placed(Held(below, duration), [below]), True
            case _ if isinstance(n, ast.Atom):
                leaf = self.leaves[n] = Leaf()
                return leaf, True
        raise TypeError(f"{n!r} is no formula")

    def _all(self, parts: list[Part]) -> Node:
        return self._placed(All(parts), parts)

    def _placed(self, node: Node, parts: list[Part]) -> Node:
        for k, (below, same) in enumerate(parts):
            below.above.append((node, k, same))
        self._nodes.append(node)
        return node


def _negated(part: Part) -> Part:
    return part[0], not part[1]
