"""Best-first width search for a plan in imagined worlds.

N. Lipovetzky, H. Geffner. *Best-First Width Search: Exploration and Exploitation in Classical Planning.* AAAI 2017:
of the worlds found, those come first in which a signal has a value that it had in none before of those as near to the
goal (novelty), then those nearer to the goal; that takes no more of a model than that it can be tried out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from switch_bench.planning.aim import Aim, Outlook
from switch_bench.planning.imagine import Act, Imagined, Kept
from switch_bench.planning.options import held, means, options
from switch_bench.spec.steps import Step, read_step

REACHES = ((2, 0.6), (9, 1.0))  # (how far from the goal controls may be, share of the budget used up to then)
NEARER = 0.04  # by how much less a world must lack to be gone on from at once
NOWHERE = 99  # how far what doesn't act on the goal is from it
HOLDING = 10.0  # s a control is held at the most
HELD_NEAR = 1  # how far from the goal the controls are that are also held
MORE = 0.3  # s held on after what the holding is for
WAITS = 5  # events waited for, of those to come
GRAIN = 500_000  # µs between two events worth waiting for
SPARE = 2_000_000  # µs kept before the horizon
SLACK = 30  # s longer than foreseen that an event is waited for
KINDS = ("control", "state", "output", "comparator", "sound")


@dataclass(frozen=True)
class Pause:
    """A wait, as a step of a plan: for a time [µs], or until a signal has a value, and so long at the most."""

    step: Step
    span: int
    signal: str = ""
    value: Any = None

    def pass_in(self, world: Imagined) -> None:
        """Wait in an imagined world."""
        until = world.now + self.span
        if self.signal:
            then, count = world.fork(), world.network.count
            then.advance(until)
            events = [e for e in then.network.since(count) if e.signal == self.signal and e.new == self.value]
            if world.network.value(self.signal) == self.value:
                until = world.now
            elif events:
                until = min(until, events[0].t + GRAIN)
        world.pass_to(until)

    @property
    def words(self) -> str:
        """The step in short."""
        return f"wait {self.step.model_dump(exclude_none=True, by_alias=True)['wait']}"


Move = Act | Pause


@dataclass
class Node:
    """A world found, and how."""

    kept: Kept
    outlook: Outlook
    plan: tuple[Move, ...] = ()


@dataclass
class Search:
    """A search from one world. accepted: whether a plan that comes to the goal will do. tried: acts tried out."""

    aim: Aim
    near: dict[str, int]
    accepted: Callable[[Node], bool]
    tried: int = 0
    best: Node | None = None
    _known: set[Any] = field(default_factory=set)
    _seen: dict[float, set[tuple[int, Any]]] = field(default_factory=dict)

    def plan(self, start: Imagined, budget: int, *, only: Collection[str] = (), waits: bool = True) -> Node | None:
        """The first world found from which the goal comes by waiting; None: none was found within the budget.

        budget: acts and waits that may be tried out. only: the controls, by their signals, by which it is to be done;
        none: any. waits: whether to try waiting, too.
        """
        self._start, self._patient = start, waits
        first = self._node(start, ())
        if self.best is None:
            self.best = first
        began = self.tried
        farthest = max((d for d in self.near.values() if d < NOWHERE), default=0)
        for reach, most in REACHES:
            whole = only or farthest <= reach
            found = self._within(first, reach, only, began + round(budget * (1 if whole else most)))
            if found is not None or whole:
                return found
        return None

    def _within(self, first: Node, reach: int, only: Collection[str], most: int) -> Node | None:
        self._look_at(reach, only)
        if first.outlook.good and self.accepted(first):
            return first
        new: list[tuple[int, float, int, int]] = []
        near: list[tuple[float, int, int]] = []
        nodes: list[Node] = []
        coming: dict[int, Iterator[Node | None]] = {}  # what is left to be tried of a node

        def add(node: Node) -> None:
            number = len(nodes)
            nodes.append(node)
            coming[number] = self._children(node)
            put(number, self._width(node))

        def put(number: int, width: int) -> None:
            node = nodes[number]
            lack = round(node.outlook.lack, 3)
            heappush(new, (width, lack, len(node.plan), number))
            heappush(near, (lack, len(node.plan), number))

        self._fresh(self._start)
        add(first)
        exploring = False
        while new and near and self.tried < most:
            number = heappop(new)[-1] if exploring else heappop(near)[-1]
            exploring = not exploring
            if number not in coming:
                continue
            node, rest = nodes[number], coming.pop(number)
            nearer = False
            for child in rest:
                if child is None:
                    if nearer:
                        break
                    continue
                if child.outlook.good:
                    if self.accepted(child):
                        return child
                    continue
                add(child)
                if self.best is None or child.outlook.lack < self.best.outlook.lack:
                    self.best = child
                nearer = nearer or child.outlook.lack < node.outlook.lack - NEARER
                if self.tried >= most:
                    return None
            else:
                continue
            coming[number] = rest  # go on from what is nearer; what is left to be tried here may wait
            put(number, 2)
            exploring = False
        return None

    def _look_at(self, reach: int, only: Collection[str]) -> None:
        """Which signals tell worlds apart, and which controls are tried, the nearest to the goal first."""
        self._known, self._seen = set(), {}
        world, info = self._start, self.aim.info
        self._which = [
            i for i, n in enumerate(world.network.names)
            if info[n].kind in KINDS and (self._far(n) <= reach or n in self.aim.watched)
        ]  # fmt: skip
        mounted = world.handles.mounted
        far = [(self._far(m.device), c) for c, m in enumerate(mounted)]
        self._controls = [c for d, c in sorted(far) if (means(mounted[c], only) if only else d <= reach)]

    def _far(self, name: str) -> int:
        """How far a device, or a signal of it, is from the goal."""
        return self.near.get(name.partition(".")[0], NOWHERE)

    # ------------------------------------------------------------------ what may come next

    def _children(self, node: Node) -> Iterator[Node | None]:
        """The worlds that come of each act and wait; None after all that can be done to a control."""
        last = self.aim.told.horizon_us - SPARE
        here = self._start.again(node.kept)
        for control in self._controls:
            for act in options(here, control, self.aim.numbers):
                child = self._tried(node, here, act)
                if child is not None:
                    yield child
                near = self._far(here.handles.mounted[control].device) <= HELD_NEAR
                if near and held(act, 1.0) is not None:
                    for seconds in self._holds(here, act):
                        longer = held(act, seconds)
                        child = self._tried(node, here, longer) if longer else None
                        if child is not None:
                            yield child
            yield None
        for pause in self._waits(here) if self._patient else ():
            world = here.fork()
            pause.pass_in(world)
            self.tried += 1
            if world.now <= last and self._fresh(world, 1 + _waits_in(node)):
                child = self._node(world, (*node.plan, pause))
                if not child.outlook.broken:
                    yield child

    def _tried(self, node: Node, here: Imagined, act: Act) -> Node | None:
        world = here.fork()
        self.tried += 1
        seconds, _ = world.way(act)
        if world.now + (seconds + act.hold) * 1e6 > self.aim.told.horizon_us - SPARE:
            return None
        world.go(act)
        if not world.do(act) or not self._fresh(world, _waits_in(node)):
            return None
        child = self._node(world, (*node.plan, act))
        return None if child.outlook.broken else child

    def _node(self, world: Imagined, plan: tuple[Move, ...]) -> Node:
        return Node(world.kept(), self.aim.outlook(world), plan)

    def _fresh(self, world: Imagined, waits: int = 0) -> bool:
        """Whether the world is otherwise than all that were found after as many waits."""
        values, now = world.network.values, world.now
        key = (waits, world.now // 5_000_000 if waits else 0, *(_plain(values[i], now) for i in self._which))
        if key in self._known:
            return False
        self._known.add(key)
        return True

    def _width(self, node: Node) -> int:
        """1 if a signal has a value that it had in no world as near to the goal, else 2."""
        seen = self._seen.setdefault(round(node.outlook.lack, 1), set())
        values, now = node.kept.whole["network"].values, node.kept.whole["now"]
        new = {(i, _plain(values[i], now)) for i in self._which} - seen
        seen |= new
        return 1 if new else 2

    # ------------------------------------------------------------------ waits and holds

    def _holds(self, here: Imagined, act: Act) -> list[float]:
        """How long [s] to hold a control: until the first and the last thing that comes of it, and until it suits."""
        world = here.fork()
        world.go(act)
        began, count = world.now, world.network.count
        longest = held(act, HOLDING)
        if longest is None or not world.do(longest):
            return []
        self.tried += 1
        which = {world.network.names[i] for i in self._which}
        events = [e for e in world.network.since(count) if e.signal in which and began + 700_000 < e.t]
        times = sorted({e.t for e in events if e.t < began + HOLDING * 1e6})
        if not times:
            return []
        facts = self.aim.signals(world)
        suits = min(times, key=lambda t: (round(self.aim.at_once(facts, t), 3), t))
        few = dict.fromkeys((times[0], suits, times[-1]))
        return [(t - began) * 1e-6 + MORE for t in few]

    def _waits(self, here: Imagined) -> Iterator[Pause]:
        """Waits for what is to come by itself, for half of the time until the first of it, and for the goal's spans."""
        now, network = here.now, here.network
        then = here.fork()
        then.advance(self.aim.told.horizon_us)
        which = {network.names[i] for i in self._which}
        events = [e for e in then.network.since(network.count) if e.signal in which and e.t > now + GRAIN]
        telling: list[Any] = []
        for event in events:
            if (not telling or event.t > telling[-1].t + GRAIN) and len(telling) < WAITS:
                telling.append(event)
        for event in telling:
            until = _so(event.signal, event.new)
            most = (event.t - now) / 1e6 + SLACK
            if until and network.value(event.signal) != event.new:
                step = read_step({"wait": {"until": until, "at_most": f"{most:.0f} s"}})
                yield Pause(step, round(most) * 1_000_000, event.signal, event.new)
            else:
                yield _for(event.t + GRAIN - now)
        if telling:
            yield _for((telling[0].t - now) // 2)
        for span in self.aim.spans:
            yield _for(span + 1_000_000)


def carried_out(start: Imagined, moves: Sequence[Move]) -> Imagined | None:
    """The world after these moves; None if one of them isn't possible there."""
    world = start.fork()
    for move in moves:
        if isinstance(move, Pause):
            move.pass_in(world)
        else:
            world.go(move)
            if not world.do(move):
                return None
    return world


def _waits_in(node: Node) -> int:
    return sum(isinstance(move, Pause) for move in node.plan)


def _plain(value: Any, now: int) -> Any:
    """A value as it counts for telling worlds apart: numbers to a tenth, times that displays run to, to ten seconds."""
    if isinstance(value, float):
        return round(value, 1)
    if isinstance(value, str) and "{" in value:
        return re.sub(r"\d+", lambda until: str((int(until[0]) - now) // 10_000_000), value)
    return value


def _for(span: int) -> Pause:
    seconds = max(1, round(span / 1e6))
    return Pause(read_step({"wait": f"{seconds} s"}), seconds * 1_000_000)


def _so(signal: str, value: Any) -> str:
    if isinstance(value, bool):
        return signal if value else f"not {signal}"
    return f'{signal} == "{value}"' if isinstance(value, str) else ""
