"""What a device's logic may see and do: the `IO` it is called with. Names are the unit's local ones."""

from __future__ import annotations

from typing import Any, Protocol

from switch_bench.network.declare import Value


class IO(Protocol):
    """One evaluation of one unit at one instant. Reads see what is committed; writes are committed after the round."""

    now: int  # µs
    first: bool  # the evaluation at reset
    model: Any  # the unit's frozen row of constants

    def __getitem__(self, name: str) -> Value:
        """The committed value of a signal (own local name; "/unit.signal" or "@field" for others'). Logged as read."""
        ...

    def changed(self, name: str) -> bool:
        """True if this signal changed in the round that triggered the evaluation."""
        ...

    def rose(self, name: str) -> bool:
        """It changed, and is now truthy."""
        ...

    def fell(self, name: str) -> bool:
        """It changed, and is now falsy."""
        ...

    def fired(self, timer: str) -> bool:
        """The timer ran out at this instant."""
        ...

    def set(self, name: str, value: Value) -> None:
        """Write an output, state or sound. Writing what is already so is no event."""
        ...

    def start(self, timer: str, after: int) -> None:
        """(Re)start a timer to fire `after` microseconds from now (> 0)."""
        ...

    def stop(self, timer: str) -> None:
        """Disarm a timer; nothing if it isn't armed."""
        ...

    def left(self, timer: str) -> int:
        """Microseconds until an armed timer fires; 0 if it isn't armed."""
        ...

    def level(self, flow: str) -> float:
        """The flow's value now. Logged as read."""
        ...

    def hold(self, flow: str, value: float | None = None) -> None:
        """Keep the flow at `value` (None: where it is)."""
        ...

    def ramp(self, flow: str, rate: float, start: float | None = None) -> None:
        """Let the flow go at `rate` per second from where it is (or from `start`)."""
        ...

    def lag(self, flow: str, target: float, tau: float, start: float | None = None) -> None:
        """Let the flow approach `target` with time constant `tau` [s]."""
        ...

    def draw(self, stream: str) -> float:
        """A keyed draw in [0, 1): the same for the same (seed, unit, stream, now), whatever else happened."""
        ...
