"""The causal kernel: signals that change by events, at exact times, each with its causes.

`Network.advance` runs everything that is due, instant by instant. An instant is two-phase: all that arrives at t is
committed, every part touched by it is evaluated once in static order, what they wrote is committed, and so on until
nothing changes. Advancing in one jump or in many steps gives the same events and, bitwise, the same flows.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from heapq import heappop
from typing import Any

from switch_bench.network.compile import Program, compile_network
from switch_bench.network.declare import NetworkSpec, Value
from switch_bench.network.errors import InvalidSpec, PastTime, RunawayInstant, UnknownSignal, WriteRefused
from switch_bench.network.event import Event, SignalInfo
from switch_bench.network.flow import Anchor
from switch_bench.network.state import NEVER, READOUT, SCRIPT, TOUCH, State
from switch_bench.network.values import fitted

MAX_ROUNDS = 64
PHYSICAL = {"touch": TOUCH, "control": READOUT, "input": READOUT}


class Network:
    """A running network.

    now: simulated time [µs]. drives: the names of the outputs that move something physical. drives_version: goes up
    with every instant that changes one of them.
    """

    __slots__ = (
        "_base", "_due", "_fresh", "_log", "_parts", "_prefix", "_program", "_state", "_stirs", "_written", "drives",
        "drives_version", "now",
    )  # fmt: skip

    def __init__(self, spec: NetworkSpec, sink: list[Event] | None = None) -> None:
        """Compile `spec`, evaluate every unit once at t = 0, and run that instant. Events go to `sink`, if given.

        Raises:
            NetworkError: see `network.errors`.
        """
        self._begin(compile_network(spec), [] if sink is None else sink)

    @classmethod
    def of(cls, program: Program) -> Network:
        """A network begun anew from what was compiled."""
        new = cls.__new__(cls)
        new._begin(program, [])
        return new

    def _begin(self, program: Program, log: list[Event]) -> None:
        self._program = program
        self._parts = self._program.parts
        self._state = State(self._program)
        self._log: list[Event] = log
        self._prefix: tuple[Any, ...] = ()  # of a fork: (its parent's prefix, its parent's log, how much of it)
        self._base = 0  # events in the prefix
        self._fresh: dict[int, None] = {}  # drives changed since they were asked for
        self._stirs = 0  # pushes and instants so far
        self._written = (-1, "")  # at which of them the state was written out last, and how
        self.now = 0
        self.drives = frozenset(
            name for name, drives in zip(self._program.names, self._program.drives, strict=True) if drives
        )
        self.drives_version = 0
        for part in self._parts:
            part.begin(self._state)
        self._rounds([])
        self._due = self._state.next_due()

    # What is so.

    @property
    def names(self) -> tuple[str, ...]:
        """Every signal, by index."""
        return self._program.names

    @property
    def index(self) -> dict[str, int]:
        """Every signal's index, by name."""
        return self._program.index

    @property
    def info(self) -> dict[str, SignalInfo]:
        """What each signal is, flows included, and its value at t = 0 before the first event."""
        return self._program.info

    @property
    def values(self) -> list[Any]:
        """Every signal's value, by index; a flow's is its `Anchor`. Not to be written."""
        return self._state.values

    def value(self, name: str) -> Value:
        """The signal's value; of a flow, its level now.

        Raises:
            UnknownSignal: no signal has that name.
        """
        value = self._state.values[self._find(name, "value")]
        return value.at(self.now) if isinstance(value, Anchor) else value

    def anchor(self, flow: str) -> Anchor:
        """The flow's anchor.

        Raises:
            UnknownSignal: no flow has that name.
        """
        value = self._state.values[self._find(flow, "anchor")]
        if not isinstance(value, Anchor):
            raise UnknownSignal(f"anchor: {flow!r} is a {self.info[flow].kind}, not a flow")
        return value

    def level(self, flow: str, t: int | None = None) -> float:
        """The flow's level at `t` [µs] (now), by its present anchor.

        Raises:
            UnknownSignal: no flow has that name. PastTime: `t` lies before the anchor.
        """
        anchor = self.anchor(flow)
        if t is None:
            t = self.now
        elif t < anchor.t0:
            raise PastTime(f"level of {flow} at {t} µs: its present anchor holds from {anchor.t0} µs on")
        return anchor.at(t)

    # What happened.

    @property
    def log(self) -> list[Event]:
        """Every event from the start on, in order. A fork's first use of it costs a copy of what came before."""
        if self._prefix:
            pieces = [self._log]
            prefix = self._prefix
            while prefix:
                prefix, log, n = prefix
                pieces.append(log[:n])
            self._log = [event for piece in reversed(pieces) for event in piece]
            self._prefix, self._base = (), 0
        return self._log

    @property
    def count(self) -> int:
        """How many events there were: the next one's id."""
        return self._base + len(self._log)

    def since(self, count: int) -> list[Event]:
        """The events from id `count` on."""
        return self._log[count - self._base :] if count >= self._base else self.log[count:]

    def last_event(self, signal: str) -> int | None:
        """The id of the signal's last event, None if it never changed.

        Raises:
            UnknownSignal: no signal has that name.
        """
        event = self._state.last[self._find(signal, "last_event")]
        return event if event >= 0 else None

    def changed_drives(self) -> list[tuple[str, Value]]:
        """The drives that changed since this was asked last, with their values; in the order of their change."""
        if not self._fresh:
            return []
        names, values = self._program.names, self._state.values
        changed = [(names[i], values[i]) for i in self._fresh]
        self._fresh = {}
        return changed

    # What is to happen.

    def idle_until(self, t: int) -> bool:
        """Whether nothing is due up to and at `t` [µs]."""
        return t < self._due

    def next_time(self) -> int | None:
        """When something is due next [µs]; None: nothing will happen by itself."""
        return self._due if self._due < NEVER else None

    def push(
        self,
        signal: str,
        value: Value,
        *,
        t: int | None = None,
        actor: str | None = None,
        causes: Sequence[int | str] = (),
    ) -> None:
        """Let physics write a control, a touch or an input at its tick's time `t` [µs] (now).

        It takes effect when the network advances to `t`; all that is pushed for one `t` belongs to one instant, touches
        first. `causes`: ids of events, or names of signals, which stand for their last events then, those of the
        same push included (a readout's cause is the touch). Afterwards `last_event(signal)` tells the event's id.

        Raises:
            UnknownSignal, InvalidValue. WriteRefused: physics doesn't write this kind of signal.
            PastTime: `t` lies before now. InvalidSpec: a cause that hasn't happened.
        """
        program = self._program
        i = program.index.get(signal)
        if i is None:
            i = self._find(signal, "push")
        rank = PHYSICAL.get(program.kinds[i])
        if rank is None:
            raise WriteRefused(
                f"push: {signal!r} is a {program.kinds[i]}; physics writes control, touch and input signals only"
            )
        if t is None:
            t = self.now
        elif t < self.now:
            raise PastTime(f"push: {signal} at {t} µs; the network is at {self.now} µs")
        value = fitted(value, program.types[i], program.values[i], f"push: {signal}")
        ids = []
        for cause in causes:
            if isinstance(cause, str):
                ids.append(~self._find(cause, f"push: {signal}: causes"))
            elif 0 <= cause < self.count:
                ids.append(cause)
            else:
                raise InvalidSpec(f"push: {signal}: causes: no event {cause!r} in a log of {self.count}")
        self._stirs += 1
        self._state.post(t, rank, i, value, tuple(ids), actor)
        if t < self._due:
            self._due = t

    def advance(self, t: int, *, stop: bool = False) -> int:
        """Run everything due up to and at `t` [µs], and be there.

        With `stop`, return already after the instant that changed a signal that drives. Returns the time reached.

        Raises:
            PastTime: `t` lies before now. RunawayInstant: an instant in which signals go on changing each other.
        """
        if self.now <= t < self._due:
            self.now = t
            return t
        if t < self.now:
            raise PastTime(f"advance: to {t} µs; the network is at {self.now} µs")
        version = self.drives_version
        while self._due <= t:
            self.now = self._due
            self._instant()
            self._due = self._state.next_due()
            if stop and self.drives_version != version:
                return self.now
        self.now = t
        return t

    # The whole.

    def fork(self) -> Network:
        """An independent network in the same state, with the same log behind it."""
        new = Network.__new__(Network)
        new._program = self._program
        new._parts = self._parts
        new._state = self._state.copy()
        new._prefix = (self._prefix, self._log, len(self._log))
        new._base = self._base + len(self._log)
        new._log = []
        new._fresh = self._fresh.copy()
        new._due = self._due
        new._stirs, new._written = self._stirs, self._written
        new.now = self.now
        new.drives = self.drives
        new.drives_version = self.drives_version
        return new

    def reseeded(self, program: Program) -> Network:
        """A fork whose further draws are keyed by the seed of `program`, which is this one's but for that."""
        new = self.fork()
        new._program = new._state.program = program
        return new

    def state(self) -> tuple[Any, ...]:
        """All that decides what happens next, in one canonical form of immutables: equal states go on equally."""
        return (self.now, *self._state.flat(), self._state.recent(self.now))

    def written(self) -> str:
        """`state` written out. What stands still between two events is written once."""
        if self._written[0] != self._stirs:
            self._written = (self._stirs, repr(self._state.flat())[1:-1])
        return f"({self.now}, {self._written[1]}, {self._state.recent(self.now)!r})"

    def digest(self) -> str:
        """`state` as 32 hexadecimal digits, the same in every process."""
        return blake2b(self.written().encode(), digest_size=16).hexdigest()

    def _find(self, name: str, where: str) -> int:
        return self._program.named(name, where)

    def _instant(self) -> None:
        """Everything that is due now, and what follows from it."""
        self._stirs += 1
        s = self._state
        t = s.now = self._due
        heap, due, slots = s.heap, s.due, self._program.slots
        scripts = []
        while heap and heap[0][0] == t:
            _, rank, k, _, payload = heappop(heap)
            if payload is not None:
                value, causes, actor = payload
                s.write(k, value, causes, actor)
            elif due[k] == t:
                due[k] = NEVER
                if rank == SCRIPT:
                    scripts.append(k)
                else:
                    slots[k].fire(s, k)
            heap = s.heap
        self._rounds(scripts)

    def _rounds(self, scripts: list[int]) -> None:
        """Commit, evaluate, and so on. `scripts`: slots of scripts whose time has come; they see the first commit."""
        s, parts, slots = self._state, self._parts, self._program.slots
        version = self.drives_version
        for _ in range(MAX_ROUNDS):
            woken = self._commit()
            if len(woken) == 1:
                for k, triggers in woken.items():
                    parts[k].react(s, triggers)
            else:
                for k in sorted(woken):
                    parts[k].react(s, woken[k])
            for slot in scripts:
                slots[slot].fire(s, slot)
            scripts = []
            if s.fired:
                s.fired.clear()
            if not s.pending:
                if self.drives_version != version:
                    self.drives_version = version + 1
                return
        chatter = ", ".join(self._program.names[i] for i in s.pending)
        raise RunawayInstant(f"at {s.now} µs signals still change each other after {MAX_ROUNDS} rounds: {chatter}")

    def _commit(self) -> dict[int, list[int]]:
        """Make what is pending so, and log it. Returns the parts to wake, each with the events that wake it."""
        s, program, log, base = self._state, self._program, self._log, self._base
        pending, values, last, t = s.pending, s.values, s.last, s.now
        s.pending = {}
        changed: dict[int, int] = {}
        woken: dict[int, list[int]] = {}
        for i, (value, causes, actor, writer) in pending.items():
            old = values[i]
            if value == old:
                continue
            if len(causes) > 1:
                causes = tuple(sorted(set(causes)))
            if causes and causes[0] < 0:
                causes = tuple(sorted({last[~c] if c < 0 else c for c in causes} - {-1}))
            event = base + len(log)
            log.append(Event(event, t, program.names[i], old, value, causes, program.zones[i], actor))
            values[i] = value
            last[i] = changed[i] = event
            if program.drives[i]:
                self._fresh[i] = None
                self.drives_version += 1
            for k in program.wakes[i]:
                if k == writer:
                    continue
                if k in woken:
                    woken[k].append(event)
                else:
                    woken[k] = [event]
        s.changed = changed
        return woken
