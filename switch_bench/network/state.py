"""The network's whole state: flat lists of immutables, so that a fork is a handful of list copies."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any, NamedTuple

from switch_bench.network.crossing import first_beyond, turning_ms
from switch_bench.network.flow import Anchor

if TYPE_CHECKING:
    from switch_bench.network.compile import Program

NEVER = 1 << 62  # µs

APART = 1_000  # µs: packets of one wire don't arrive closer together

# Ranks of what can be due at one time, in the order in which it enters the instant.
TOUCH, READOUT, TIMER, PACKET, CROSSING, SCRIPT = range(6)


class Write(NamedTuple):
    """A change to be committed after the round. causes: event ids; ~i stands for the last event of signal i."""

    value: Any
    causes: tuple[int, ...]
    actor: str | None
    writer: int  # the part that wrote it, which its own write doesn't wake; -1: none


class ScriptState(NamedTuple):
    """Where a script stands: the step it does next (-1: none), why, how often it acted, whether its `when` is so."""

    step: int = -1
    causes: tuple[int, ...] = ()
    done: int = 0
    so: bool = False
    missed: bool = False  # its `when` became so while it was busy


class State:
    """All that changes while a network runs, but for the log.

    values: by signal index; a flow's is its `Anchor`. last: id of each signal's last event, -1: none.
    due: by slot (timer, crossing, script), when it acts, or NEVER. heap: (t, rank, index, sequence, payload) of
    all that is due, where a slot's entry counts only while `due` says the same.
    """

    __slots__ = (
        "armed", "arrivals", "changed", "due", "fired", "heap", "keys", "last", "limit", "now", "pending", "program",
        "scripts", "sequence", "turns", "values",
    )  # fmt: skip

    def __init__(self, program: Program) -> None:
        self.program = program
        self.now = 0
        self.values: list[Any] = list(program.initial)
        self.last: list[int] = [-1] * len(program.names)
        self.due: list[int] = [NEVER] * len(program.slots)
        self.armed: list[tuple[int, ...]] = [()] * len(program.slots)  # why a timer was restarted while it ran
        self.arrivals: list[int] = [-APART] * program.wires  # by wire, when its latest packet arrives
        self.scripts: list[ScriptState] = [ScriptState()] * len(program.scripts)
        self.keys: list[Any] = list(program.keys)  # by zone and point, what shines there
        self.turns: list[tuple[Anchor, tuple[int, ...]] | None] = [None] * len(program.names)
        self.heap: list[tuple[int, int, int, int, Any]] = []
        self.sequence = 0
        self.limit = 64 + 4 * len(self.due)
        self.pending: dict[int, Write] = {}
        self.changed: dict[int, int] = {}  # signal → event id, of the round committed last
        self.fired: set[int] = set()  # timers that ran out at the start of this instant

    def copy(self) -> State:
        """An independent state; only between instants."""
        new = State.__new__(State)
        new.program = self.program
        new.now = self.now
        new.values = self.values.copy()
        new.last = self.last.copy()
        new.due = self.due.copy()
        new.armed = self.armed.copy()
        new.arrivals = self.arrivals.copy()
        new.scripts = self.scripts.copy()
        new.keys = self.keys.copy()
        new.turns = self.turns.copy()
        new.heap = self.heap.copy()
        new.sequence = self.sequence
        new.limit = self.limit
        new.pending = {}
        new.changed = {}
        new.fired = set()
        return new

    def write(self, i: int, value: Any, causes: tuple[int, ...], actor: str | None = None, writer: int = -1) -> None:
        """Have signal `i` become `value` after this round. Of several writes in a round the last one holds."""
        before = self.pending.get(i)
        if before is not None and before.value == value:
            causes = tuple({*before.causes, *causes})
            actor = actor or before.actor
        self.pending[i] = Write(value, causes, actor, writer)

    def schedule(self, slot: int, t: int) -> None:
        """Let `slot` act at `t` and at no other time; NEVER: not at all."""
        if self.due[slot] == t:
            return
        self.due[slot] = t
        if t < NEVER:
            heappush(self.heap, (t, self.program.ranks[slot], slot, 0, None))
            if len(self.heap) > self.limit:
                self._tidy()

    def post(self, t: int, rank: int, i: int, value: Any, causes: tuple[int, ...], actor: str | None = None) -> None:
        """Let `value` arrive at signal `i` at time `t`."""
        self.sequence += 1
        heappush(self.heap, (t, rank, i, self.sequence, (value, causes, actor)))

    def next_due(self) -> int:
        """When something is due next, or NEVER."""
        heap, due = self.heap, self.due
        while heap:
            t, _, k, _, payload = heap[0]
            if payload is not None or due[k] == t:
                return t
            heappop(heap)
        return NEVER

    def predict(self, slot: int, flow: int, low: float, high: float) -> None:
        """Let `slot` act when `flow` leaves the band from `low` to `high`."""
        anchor: Anchor = self.values[flow]
        if not anchor.terms and not anchor.b:
            self.schedule(slot, NEVER)
            return
        known = self.turns[flow]
        if known is None or known[0] is not anchor:
            known = self.turns[flow] = (anchor, turning_ms(anchor))
        t = first_beyond(anchor, low, high, self.now, known[1])
        self.schedule(slot, NEVER if t is None else t)

    def last_of(self, signals: tuple[int, ...]) -> tuple[int, ...]:
        """The last events of `signals`, of those that have one."""
        last = self.last
        return tuple([last[i] for i in signals if last[i] >= 0])

    def flat(self) -> tuple[Any, ...]:
        """All that decides what happens next, but for what is `recent`, in one canonical form."""
        packets = tuple([(t, i, p[0]) for t, _, i, _, p in sorted(self.heap, key=lambda e: e[:4]) if p is not None])
        scripts = tuple([(s.step, s.done, s.so, s.missed) for s in self.scripts])
        return (tuple(self.values), tuple(self.due), packets, scripts)

    def recent(self, now: int) -> tuple[int, ...]:
        """By wire, when a packet arrived or will arrive so near to `now` that it keeps others off; else 0."""
        return tuple([t if t > now - APART else 0 for t in self.arrivals])

    def _tidy(self) -> None:
        self.heap = list({e[:4]: e for e in self.heap if e[4] is not None or self.due[e[2]] == e[0]}.values())
        heapify(self.heap)
        self.limit = 64 + 2 * len(self.heap) + 4 * len(self.due)
