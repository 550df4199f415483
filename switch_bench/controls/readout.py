"""From joint positions to states: the only way from physics into the device network.

A mechanism is a graph of `State`s. `follow` walks it for one joint; a `ReadoutTable` watches all readouts of a room at
once and costs a few microseconds while nothing crosses.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from switch_bench.controls.base import Readout, State
from switch_bench.network.declare import Value


def follow(states: Sequence[State], s: int, q: float) -> int:
    """The state entered from state `s` with the joint at `q` [m | rad], going through as many states as it takes.

    Raises:
        ValueError: the graph has no state that rests at `q` (make and break points without a gap between them).
    """
    for _ in range(len(states) + 1):
        state = states[s]
        if q < state.below:
            s = state.down
        elif q > state.above:
            s = state.up
        else:
            return s
    raise ValueError(f"a readout's states never settle at {q:.6g}: check that make and break points leave a gap")


def ladder(values: Sequence[Value], positions: Sequence[float], hysteresis: float = 0.15) -> tuple[State, ...]:
    """States side by side, one for each value, in rising order of `positions` [m | rad].

    A state is left once the joint is `hysteresis` (a share of the spacing, 0..0.5) past the middle to the next.

    Raises:
        ValueError: positions that don't rise, or not as many as values.
    """
    n = len(values)
    if n != len(positions) or n == 0:
        raise ValueError(f"{n} values for {len(positions)} positions: expected one position for each value")
    if any(b <= a for a, b in pairwise(positions)):
        raise ValueError(f"positions must rise, got {tuple(positions)}")
    states = []
    for i, (value, rest) in enumerate(zip(values, positions, strict=True)):
        below, down, above, up = -np.inf, -1, np.inf, -1
        if i > 0:
            gap = rest - positions[i - 1]
            below, down = rest - (0.5 + hysteresis) * gap, i - 1
        if i < n - 1:
            gap = positions[i + 1] - rest
            above, up = rest + (0.5 + hysteresis) * gap, i + 1
        states.append(State(value, float(rest), float(below), down, float(above), up))
    return tuple(states)


def start(states: Sequence[State], value: Value, name: str) -> int:
    """Index of the first state that reads `value`.

    Raises:
        ValueError: no state has that value; names the allowed ones.
    """
    for i, state in enumerate(states):
        if state.value == value and isinstance(state.value, bool) == isinstance(value, bool):
            return i
    allowed = list(dict.fromkeys(state.value for state in states))
    shown = ", ".join(repr(v) for v in allowed[:12]) + (", …" if len(allowed) > 12 else "")
    raise ValueError(f"{name}: no position reads {value!r}; expected one of {shown}")


class ReadoutTable:
    """All readouts of a room, compiled: `index` (the state each is in) is all there is to copy or restore.

    readouts: (N,) declarations. address: (N,) index of each readout's joint in `qpos`. detent: (N,) index of its
    detent in `ctrl`, −1 for none.
    """

    def __init__(self, readouts: Sequence[Readout], address: Sequence[int], detent: Sequence[int]) -> None:
        self.readouts = tuple(readouts)
        self.address = np.asarray(address, dtype=np.intp)
        self.detent = tuple(int(d) for d in detent)
        n = len(self.readouts)
        if not n == len(self.address) == len(self.detent):
            raise ValueError(
                f"{n} readouts, {len(self.address)} addresses, {len(self.detent)} detents: expected as many"
            )
        self.index: list[int] = [r.initial for r in self.readouts]
        self._low = np.empty(n)
        self._high = np.empty(n)
        self.restore(self.index)

    def restore(self, index: Sequence[int]) -> None:
        """Go to the states `index` (N,), as read from `index` before."""
        self.index = list(index)
        for i, s in enumerate(self.index):
            state = self.readouts[i].states[s]
            self._low[i], self._high[i] = state.below, state.above

    def write_start(self, qpos: NDArray[np.float64], ctrl: NDArray[np.float64]) -> None:
        """Put every joint at its state's rest and every detent to it; for a reset only."""
        for i, s in enumerate(self.index):
            rest = self.readouts[i].states[s].rest
            qpos[self.address[i]] = rest
            if self.detent[i] >= 0:
                ctrl[self.detent[i]] = rest

    def outside(self, qpos: NDArray[np.float64]) -> NDArray[np.intp]:
        """Indices of the readouts whose joint has left its state's bounds; empty nearly always."""
        q = qpos[self.address]
        left = (q < self._low) | (q > self._high)
        return left.nonzero()[0]

    def enter(self, i: int, q: float, ctrl: NDArray[np.float64]) -> tuple[Value, Value]:
        """Bring readout `i` to the state its joint position `q` asks for, and its detent with it.

        Returns the values read before and after, which may be equal.
        """
        readout = self.readouts[i]
        before = readout.states[self.index[i]].value
        s = follow(readout.states, self.index[i], q)
        state = readout.states[s]
        self.index[i] = s
        self._low[i], self._high[i] = state.below, state.above
        if self.detent[i] >= 0:
            ctrl[self.detent[i]] = state.rest
        return before, state.value

    def value(self, i: int) -> Value:
        """What readout `i` reads now."""
        return self.readouts[i].states[self.index[i]].value
