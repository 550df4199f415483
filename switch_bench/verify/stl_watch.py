"""A formula's truth followed as events come in (`stl_online` works out what follows).

An atom's truth is worked out ahead, as if no further event came: it is constant, or a flow crosses a threshold at times
that can be computed. Until the next of those times, or the next at which a window can end, there is nothing to do.
"""

from __future__ import annotations

from heapq import heappop, heappush

from switch_bench.trace.schema import Event, Pose
from switch_bench.trace.signals import Signals
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.curves import holding, pieces
from switch_bench.verify.intervals import FOREVER, Times
from switch_bench.verify.stl_online import Graph, Growing, Leaf
from switch_bench.verify.stl_truth import bool_times

SLACK = 2  # µs: the last instant of a half-open stretch, and the first after it, count as its edge


class Probe:
    """One atom: what it will be if no event comes, and what of it its leaf has not been told yet."""

    def __init__(self, atom: ast.Atom, leaf: Leaf):
        self.atom, self.leaf = atom, leaf
        self.known = 0  # what it is before this time is known
        self._since = 0  # the leaf knows the times before this one
        self.stale = True
        self.so: bool | None = None  # just before `known`
        self._ahead: Times = []
        self._next = 0  # of `_ahead`, the first that doesn't end before `known`

    def look_ahead(self, signals: Signals) -> None:
        """Work out when it holds from `known` on, if no event comes."""
        self.stale = False
        self._next = 0
        atom, start = self.atom, self.known
        if isinstance(atom, ast.Compare):
            self._ahead = holding(atom, pieces(atom.left, atom.right, signals, start=start))
        elif isinstance(atom, ast.Is) and signals.steps(atom.signal)[0][-1] <= start:
            now = signals.steps(atom.signal)[1][-1]
            self._ahead = [(start, FOREVER)] if type(now) is type(atom.value) and now == atom.value else []
        else:
            self._ahead = [(max(s, start), e) for s, e in bool_times(atom, signals) if e > start]

    def pass_to(self, until: int) -> list[int]:
        """Go on to `until` (exclusive); returns when it changed. What it is since then is not told yet."""
        changed = []
        s, ahead = self.known, self._ahead
        while s < until:
            i = self._next
            if i < len(ahead) and ahead[i][0] <= s:
                so, e = True, min(until, ahead[i][1])
                if e == ahead[i][1]:
                    self._next = i + 1
            else:
                so, e = False, min(until, ahead[i][0]) if i < len(ahead) else until
            if so is not self.so:
                self.tell(s)
                changed.append(s)
                self.so = so
            s = e
        self.known = s
        return changed

    def tell(self, until: int) -> None:
        """Tell the leaf what is known of the times before `until`."""
        if self._since < until:
            if self.so is not None:
                self.leaf.tell(self.so, self._since, until)
            self._since = until

    @property
    def changes(self) -> int:
        """When it will be other than it was just before `known`, if no event comes; at times too early, never late."""
        coming = self._ahead[self._next] if self._next < len(self._ahead) else (FOREVER, FOREVER)
        so = coming[0] <= self.known
        return self.known if so is not self.so else coming[1] if so else coming[0]


class Watch:
    """Whether a formula holds at `t`, as far as what has happened settles it.

    signals: what it reads, and feeds. What hangs on more than signals and objects (what was seen, what could be heard)
    is read from `signals.trace` again at each look, which takes longer the longer it is.
    """

    def __init__(self, root: ast.Node, signals: Signals, t: int):
        self.root, self.signals, self.t = root, signals, t
        self.value: bool | None = None
        self.reach = sorted(d for d in ast.shifts(root) if d > 0)
        self.begun = 0  # how often what had been told was void, and all began again
        self._begin()

    def _begin(self) -> None:
        self.begun += 1
        self.graph = Graph(self.root)
        self._root = self.sides(self.root)
        self._probes = [Probe(a, leaf) for a, leaf in self.graph.leaves.items() if not isinstance(a, ast.Constant)]
        self._of: dict[str, list[Probe]] = {}
        for probe in self._probes:
            for name in (*ast.names(probe.atom), *ast.things(probe.atom)):
                self._of.setdefault(name, []).append(probe)
        self._open = [p for p in self._probes if isinstance(p.atom, ast.Spatial) and not ast.things(p.atom)]
        self._ends = [d + self.t - SLACK for d in (0, *self.reach)]  # a heap: when windows can end
        self._wakes = 0

    def feed(self, event: Event) -> bool:
        """Take in the next event; returns whether it is one of the formula's."""
        probes = self._of.get(event.signal)
        if probes is None:
            return False
        self._arrive(probes, event.t)
        self.signals.feed(event)
        return True

    def place(self, pose: Pose) -> bool:
        """Take in the next pose of an object; returns whether it is one of the formula's."""
        probes = self._of.get(pose.name)
        if probes is None:
            return False
        if pose.name in self.signals.objects:  # else it has always been where it is first known to be
            self._arrive(probes, pose.t)
        self.signals.place(pose)
        return True

    def _arrive(self, probes: list[Probe], t: int) -> None:
        self._wakes = 0
        for probe in probes:
            if t < probe.known:  # of an instant already looked at: all that was told of it is void
                self._begin()
                return
            if t > probe.known and self.value is None:
                self._pass(probe, t)
            probe.stale = True

    def _pass(self, probe: Probe, until: int) -> None:
        if probe.stale:
            probe.look_ahead(self.signals)
        for t in probe.pass_to(until):
            for d in self.reach:
                heappush(self._ends, t + d - SLACK)

    def look(self, now: int) -> bool | None:
        """The verdict on what has happened up to `now`, all events up to then having been fed."""
        if self.value is None and (now >= self._wakes or self._open):
            self.catch_up(now)
        return self.value

    def sides(self, node: ast.Node) -> tuple[Growing, Growing]:
        """When it is settled that a part of the formula holds, and that it doesn't."""
        below, same = self.graph.part(node)
        return (below.yes, below.no) if same else (below.no, below.yes)

    def catch_up(self, now: int) -> None:
        """Tell the leaves all up to `now`."""
        for probe in self._open:
            probe.stale = True
        for probe in self._probes:
            if self.value is not None and isinstance(probe.atom, ast.Compare):
                continue  # its margin is read from the signals
            if probe.known <= now:
                self._pass(probe, now + 1)
            elif probe.stale:
                probe.look_ahead(self.signals)
            probe.tell(probe.known)
        ends = self._ends
        while ends and ends[0] + 2 * SLACK <= now:
            heappop(ends)
        self._wakes = min((probe.changes for probe in self._probes), default=FOREVER)
        if ends and ends[0] < self._wakes:
            self._wakes = ends[0]
        if self.value is None:
            yes, no = self._root
            self.value = True if yes.has(self.t) else False if no.has(self.t) else None
