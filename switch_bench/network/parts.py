"""What reacts to changes within an instant: wires, sums, comparators, quantisers, timers.

A part is woken with the events of the round that it listens to, reads what is committed, and writes to the next round.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from switch_bench.network.draws import draw, draw_upto
from switch_bench.network.errors import InvalidValue
from switch_bench.network.state import APART, PACKET, State

INF = float("inf")


class Part(ABC):
    """Something that reacts; parts are compiled once and shared by forks, so they hold no state."""

    __slots__ = ("listens",)
    listens: tuple[int, ...]  # signals that wake it

    @abstractmethod
    def react(self, s: State, triggers: list[int]) -> None:
        """Answer the events `triggers` of this round."""

    def begin(self, s: State) -> None:
        """At t = 0, in the first round."""
        return


class Slot(ABC):
    """Something that acts at a time of its own."""

    __slots__ = ()

    @abstractmethod
    def fire(self, s: State, slot: int) -> None:
        """`slot` is due now."""


class TimerSlot(Slot):
    """A timer running out."""

    __slots__ = ("signal",)

    def __init__(self, signal: int) -> None:
        self.signal = signal

    def fire(self, s: State, slot: int) -> None:
        """Fall, by the event that armed it and by what restarted it since."""
        s.fired.add(self.signal)
        s.write(self.signal, False, (*s.last_of((self.signal,)), *s.armed[slot]))


class WirePart(Part):
    """A wire: `source`'s changes, at `target` now or later, in the order sent: a packet waits for the one before it."""

    __slots__ = ("allowed", "delay", "index", "invert", "jitter", "key", "loss", "real", "source", "target")

    def __init__(
        self,
        *,
        source: int,
        target: int,
        delay: int,
        jitter: int,
        loss: float,
        invert: bool,
        real: bool,
        key: str,
        index: int,
        allowed: tuple[Any, ...],
    ) -> None:
        self.listens = (source,)
        self.index, self.allowed = index, allowed
        self.source, self.target = source, target
        self.delay, self.jitter, self.loss = delay, jitter, loss
        self.invert, self.real = invert, real
        self.key = key

    def carried(self, value: Any) -> Any:
        """What arrives when `value` is sent.

        Raises:
            InvalidValue: `target` doesn't allow it.
        """
        value = not value if self.invert else float(value) if self.real else value
        if self.allowed and value not in self.allowed:
            raise InvalidValue(f"wire {self.key}: {value!r} is none of {', '.join(repr(v) for v in self.allowed)}")
        return value

    def react(self, s: State, triggers: list[int]) -> None:
        """Send one packet, or act at once where there is no delay."""
        if self.loss and draw(s.program.seed, "loss", self.key, s.now) < self.loss:
            return
        value = self.carried(s.values[self.source])
        if not self.delay and not self.jitter:
            s.write(self.target, value, tuple(triggers))
            return
        t = s.now + self.delay
        if self.jitter:
            t = max(
                t + draw_upto(self.jitter, s.program.seed, "jitter", self.key, s.now), s.arrivals[self.index] + APART
            )
            s.arrivals[self.index] = t
        if t > s.now:
            s.post(t, PACKET, self.target, value, tuple(triggers))
        else:
            s.write(self.target, value, tuple(triggers))


class SumPart(Part):
    """A sum, kept true."""

    __slots__ = ("target",)

    def __init__(self, sources: tuple[int, ...], target: int) -> None:
        self.listens = sources
        self.target = target

    def total(self, values: list[Any]) -> float:
        """In the order written."""
        x = 0.0
        for i in self.listens:
            x += values[i]
        return x

    def react(self, s: State, triggers: list[int]) -> None:
        """Add up; every source is a cause."""
        s.write(self.target, self.total(s.values), s.last_of(self.listens))


class ComparatorPart(Part, Slot):
    """A comparator with hysteresis: `high` above the threshold it rises, `low` below it falls."""

    __slots__ = ("flow", "half", "level", "signal", "slot", "threshold")

    def __init__(self, *, signal: int, flow: int, threshold: int, level: float, half: float) -> None:
        self.listens = (flow,) if threshold < 0 else (flow, threshold)
        self.signal, self.flow, self.threshold = signal, flow, threshold
        self.level, self.half = level, half
        self.slot = -1

    def at(self, values: list[Any]) -> float:
        """The threshold now."""
        return self.level if self.threshold < 0 else values[self.threshold]

    def begin(self, s: State) -> None:
        """Predict, or flip where the start says otherwise."""
        self.react(s, [])

    def react(self, s: State, triggers: list[int]) -> None:
        """Flip if it is beyond now, and predict the next crossing."""
        at = self.at(s.values)
        x = s.values[self.flow].at(s.now)
        is_on = s.values[self.signal]
        on = x > at - self.half if is_on else x >= at + self.half
        if on is not is_on:
            s.write(self.signal, on, s.last_of(self.listens))
        self._predict(s, on, at)

    def fire(self, s: State, slot: int) -> None:
        """The predicted crossing."""
        on = not s.values[self.signal]
        s.write(self.signal, on, s.last_of(self.listens))
        self._predict(s, on, self.at(s.values))

    def _predict(self, s: State, on: bool, at: float) -> None:
        if on:
            s.predict(self.slot, self.flow, at - self.half, INF)
        else:
            s.predict(self.slot, self.flow, -INF, at + self.half)


class QuantiserPart(Part, Slot):
    """A flow in whole steps, with hysteresis."""

    __slots__ = ("flow", "margin", "signal", "slot", "step")

    def __init__(self, *, signal: int, flow: int, step: float, hysteresis: float) -> None:
        self.listens = (flow,)
        self.signal, self.flow = signal, flow
        self.step, self.margin = step, 0.5 * step + hysteresis
        self.slot = -1

    def nearest(self, x: float) -> float:
        """The nearest multiple of the step, without binary dust."""
        return round(round(x / self.step) * self.step, 9)

    def begin(self, s: State) -> None:
        """Predict."""
        self.react(s, [])

    def react(self, s: State, triggers: list[int]) -> None:
        """Follow the flow if it has left the band, and predict when it will."""
        value = s.values[self.signal]
        x = s.values[self.flow].at(s.now)
        if x >= value + self.margin or x <= value - self.margin:
            value = self.nearest(x)
            s.write(self.signal, value, s.last_of(self.listens))
        s.predict(self.slot, self.flow, value - self.margin, value + self.margin)

    def fire(self, s: State, slot: int) -> None:
        """The predicted step."""
        self.react(s, [])
