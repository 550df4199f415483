"""A unit's logic within the network: when it is called, and the `IO` it is called with."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from switch_bench.network.declare import Value
from switch_bench.network.draws import draw
from switch_bench.network.errors import (
    InvalidDelay,
    InvalidValue,
    UnknownSignal,
    UnknownTimer,
    WriteRefused,
    close_to,
)
from switch_bench.network.flow import Anchor
from switch_bench.network.parts import Part
from switch_bench.network.state import NEVER, State, Write
from switch_bench.network.values import fitted, number

if TYPE_CHECKING:
    from switch_bench.network.io import IO

WRITABLE = ("output", "state", "sound")


class Logic(Part):
    """A unit's logic. readable, writable, timers and flows are by the unit's local names; `part` is its own index.

    readable holds signals only; it grows by the global names that the logic reads.
    """

    __slots__ = ("flows", "kinds", "logic", "model", "name", "part", "readable", "timers", "writable", "zone")

    def __init__(
        self,
        *,
        name: str,
        zone: str,
        logic: Callable[[IO], None],
        model: Any,
        part: int,
        listens: tuple[int, ...],
        readable: dict[str, int],
        writable: dict[str, tuple[int, type, tuple[Value, ...]]],
        timers: dict[str, tuple[int, int]],
        flows: dict[str, int],
        kinds: dict[str, str],
    ) -> None:
        self.name, self.zone, self.logic, self.model, self.part = name, zone, logic, model, part
        self.listens = listens
        self.readable, self.writable, self.timers, self.flows = readable, writable, timers, flows
        self.kinds = kinds

    def begin(self, s: State) -> None:
        """The evaluation at reset."""
        self._call(s, [], True)

    def react(self, s: State, triggers: list[int]) -> None:
        """One evaluation."""
        self._call(s, triggers, False)

    def _call(self, s: State, triggers: list[int], first: bool) -> None:
        try:
            self.logic(UnitIO(self, s, triggers, first))
        except Exception as error:
            error.add_note(f"in the logic of {self.name}, at {s.now} µs")
            raise


class UnitIO:
    """The `IO` of one evaluation of one unit. A write's causes are the round's triggers and what was read before it."""

    __slots__ = ("_causes", "_logic", "_s", "first", "model", "now")

    def __init__(self, logic: Logic, s: State, triggers: list[int], first: bool) -> None:
        self.now = s.now
        self.first = first
        self.model = logic.model
        self._logic = logic
        self._s = s
        self._causes = triggers

    def __getitem__(self, name: str) -> Value:
        i = self._logic.readable.get(name)
        if i is None:
            i = self._global(name)
            if i is None:
                return self.level(name)
        s = self._s
        event = s.last[i]
        if event >= 0:
            self._causes.append(event)
        return s.values[i]

    def changed(self, name: str) -> bool:
        """See `IO`."""
        i = self._logic.readable.get(name)
        if i is None:
            i = self._global(name)
            if i is None:
                i = self._flow(name)
        event = self._s.changed.get(i)
        if event is None:
            return False
        self._causes.append(event)
        return True

    def rose(self, name: str) -> bool:
        """See `IO`."""
        return self.changed(name) and bool(self[name])

    def fell(self, name: str) -> bool:
        """See `IO`."""
        return self.changed(name) and not self[name]

    def fired(self, timer: str) -> bool:
        """See `IO`."""
        i, _ = self._timer(timer)
        return i in self._s.fired

    def set(self, name: str, value: Value) -> None:
        """See `IO`."""
        known = self._logic.writable.get(name)
        if known is None:
            self._refuse(name)
        i, kind, allowed = known
        if type(value) is not kind or kind is float or (allowed and value not in allowed):
            value = fitted(value, kind, allowed, f"{self._logic.name}.{name}")
        self._write(i, value)

    def start(self, timer: str, after: int) -> None:
        """See `IO`."""
        i, slot = self._timer(timer)
        if type(after) is not int or after <= 0:
            raise InvalidDelay(
                f"{self._logic.name}.{timer}: expected a whole number of microseconds after now, > 0, got {after!r}"
            )
        s = self._s
        s.armed[slot] = tuple(self._causes) if s.values[i] else ()
        s.schedule(slot, s.now + after)
        self._write(i, True)

    def stop(self, timer: str) -> None:
        """See `IO`."""
        i, slot = self._timer(timer)
        self._s.schedule(slot, NEVER)
        self._write(i, False)

    def left(self, timer: str) -> int:
        """See `IO`."""
        i, slot = self._timer(timer)
        s = self._s
        if s.last[i] >= 0:
            self._causes.append(s.last[i])
        due = s.due[slot]
        return due - s.now if due < NEVER else 0

    def level(self, flow: str) -> float:
        """See `IO`."""
        i = self._flow(flow)
        s = self._s
        if s.last[i] >= 0:
            self._causes.append(s.last[i])
        return s.values[i].at(s.now)

    def hold(self, flow: str, value: float | None = None) -> None:
        """See `IO`."""
        i = self._own_flow(flow)
        old: Anchor = self._s.values[i]
        held = not old.b and not old.terms
        a = self._where(i, value)
        self._anchor(i, old if held and a == old.a else Anchor(self.now, a))

    def ramp(self, flow: str, rate: float, start: float | None = None) -> None:
        """See `IO`."""
        i = self._own_flow(flow)
        rate = self._number(flow, rate, "rate")
        old: Anchor = self._s.values[i]
        same = not old.terms and old.b == rate
        if same and start is None:
            self._anchor(i, old)
        else:
            a = self._where(i, start)
            self._anchor(i, old if same and not rate and a == old.a else Anchor(self.now, a, rate))

    def lag(self, flow: str, target: float, tau: float, start: float | None = None) -> None:
        """See `IO`."""
        i = self._own_flow(flow)
        target = self._number(flow, target, "target")
        if not self._number(flow, tau, "tau") > 0.0:
            raise InvalidValue(f"{self._logic.name}.{flow}: expected a time constant > 0 s, got {tau!r}")
        old: Anchor = self._s.values[i]
        rate = 1.0 / tau
        if start is None and not old.b and old.a == target and all(own == rate for _, own in old.terms):
            self._anchor(i, old)
            return
        off = self._where(i, start) - target
        if not off and not old.b and not old.terms and old.a == target:
            self._anchor(i, old)
        else:
            self._anchor(i, Anchor(self.now, target, 0.0, ((off, rate),) if off else ()))

    def draw(self, stream: str) -> float:
        """See `IO`."""
        return draw(self._s.program.seed, stream, self._logic.name, self.now)

    def _write(self, i: int, value: Value | Anchor) -> None:
        s = self._s
        before = s.pending.get(i)
        if before is None:
            if s.values[i] is value:
                return
            s.pending[i] = Write(value, tuple(self._causes), None, self._logic.part)
        else:
            s.write(i, value, tuple(self._causes), None, self._logic.part)

    def _anchor(self, i: int, anchor: Anchor) -> None:
        """Write a flow; the anchor that it has already takes back an earlier write."""
        if anchor is self._s.values[i]:
            self._s.pending.pop(i, None)
        else:
            self._write(i, anchor)

    def _where(self, i: int, given: float | None) -> float:
        """`given`, or where the flow is, which then is a cause."""
        s = self._s
        if given is not None:
            return self._number(s.program.names[i].split(".", 1)[-1], given, "level")
        if s.last[i] >= 0:
            self._causes.append(s.last[i])
        return s.values[i].at(s.now)

    def _number(self, flow: str, value: float, what: str) -> float:
        return (
            value
            if type(value) is float and value - value == 0.0
            else number(value, f"{self._logic.name}.{flow} {what}")
        )

    def _global(self, name: str) -> int | None:
        """The signal with this global name, remembered; None if that is a flow."""
        logic, program = self._logic, self._s.program
        if name in logic.flows:
            return None
        i = program.resolve(name, logic.name, logic.zone, f"the logic of {logic.name}")
        if program.kinds[i] == "flow":
            logic.flows[name] = i
            return None
        logic.readable[name] = i
        return i

    def _flow(self, name: str) -> int:
        logic = self._logic
        i = logic.flows.get(name)
        if i is None:
            if self._logic.readable.get(name) is not None or self._global(name) is not None:
                raise UnknownSignal(f"{logic.name}.{name}: is a {logic.kinds.get(name, 'signal')}, not a flow")
            i = logic.flows[name]
        return i

    def _own_flow(self, name: str) -> int:
        i = self._flow(name)
        if self._logic.kinds.get(name) != "flow":
            raise WriteRefused(
                f"{self._logic.name}: the flow {name!r} is not the unit's to move; expected one it declares as Flow"
            )
        return i

    def _timer(self, name: str) -> tuple[int, int]:
        known = self._logic.timers.get(name)
        if known is None:
            raise UnknownTimer(
                f"{self._logic.name}.{name}: no such timer{close_to(name, self._logic.timers)}"
                f" (the unit has: {', '.join(self._logic.timers) or 'none'})"
            )
        return known

    def _refuse(self, name: str) -> NoReturn:
        logic = self._logic
        kind = logic.kinds.get(name)
        if kind is not None:
            raise WriteRefused(f"{logic.name}.{name}: logic can't write a {kind}, only {', '.join(WRITABLE)} signals")
        if name.startswith(("/", "@")):
            raise WriteRefused(f"{logic.name}: logic can't write {name!r}, which isn't its own; wire an output to it")
        raise UnknownSignal(f"{logic.name}.{name}: no such signal{close_to(name, logic.kinds)}")
