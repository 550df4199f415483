"""Heat: a net of resistances and capacities, evaluated from its modes.

C·dT/dt = −G·T + P + g·T_outdoor. With y = √C·T the matrix √C⁻¹·G·√C⁻¹ is symmetric, so that its eigenvalues are real,
and each node's temperature is a constant (or, without a way outdoors, a ramp) and a sum of decaying exponentials.
Scalar arithmetic in a fixed order: the same digits on every machine with the same libm.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

from switch_bench.network.adding import total
from switch_bench.network.flow import Anchor
from switch_bench.network.parts import Part
from switch_bench.network.state import State

_STILL = 1e-9  # of the fastest rate: slower modes are ramps (their time constant is centuries)
_DUST = 1e-12  # K: amplitudes below that are left out


@dataclass(frozen=True, slots=True)
class Link:
    """Heat between the nodes `i` and `j` [W/K]; while the signal `gate` is False, `closed`."""

    i: int
    j: int
    open: float
    closed: float = 0.0
    gate: int = -1


@dataclass(frozen=True, slots=True)
class Modes:
    """How a net relaxes. rates: λ of each mode [1/s], ascending; shape[i][k]: node i's share of mode k.

    weigh[i][k]: mode k's share of node i's temperature.
    """

    rates: tuple[float, ...]
    shape: tuple[tuple[float, ...], ...]
    weigh: tuple[tuple[float, ...], ...]


def jacobi(matrix: list[list[float]]) -> tuple[list[float], list[list[float]]]:
    """Eigenvalues, ascending, and eigenvectors (in columns) of a symmetric matrix, by cyclic Jacobi rotations.

    Golub & Van Loan, Matrix Computations, 4th ed., section 8.5.
    """
    n = len(matrix)
    a = [row.copy() for row in matrix]
    q = [[1.0 if i == j else 0.0 for j in range(n)] for i in range(n)]
    size = sqrt(total(x * x for row in a for x in row))
    for _ in range(60):
        if sqrt(total(a[i][j] * a[i][j] for i in range(n) for j in range(n) if i != j)) <= 1e-15 * size:
            break
        for i in range(n - 1):
            for j in range(i + 1, n):
                if not a[i][j]:
                    continue
                theta = (a[j][j] - a[i][i]) / (2.0 * a[i][j])
                t = (1.0 if theta >= 0.0 else -1.0) / (abs(theta) + sqrt(theta * theta + 1.0))
                c = 1.0 / sqrt(t * t + 1.0)
                s = t * c
                for k in range(n):
                    a[k][i], a[k][j] = c * a[k][i] - s * a[k][j], s * a[k][i] + c * a[k][j]
                for k in range(n):
                    a[i][k], a[j][k] = c * a[i][k] - s * a[j][k], s * a[i][k] + c * a[j][k]
                for k in range(n):
                    q[k][i], q[k][j] = c * q[k][i] - s * q[k][j], s * q[k][i] + c * q[k][j]
    order = sorted(range(n), key=lambda k: (a[k][k], k))
    return [a[k][k] for k in order], [[row[k] for k in order] for row in q]


class ThermalNet(Part):
    """Nodes that exchange heat, of which every one can come to feel every other.

    nodes: their flows' signal indices. capacities [J/K]. outdoors: each node's conductance to the outdoor node [W/K].
    powers: the signals [W] added into each node. outdoor: the signal
    with the temperature outdoors [degC].
    """

    __slots__ = ("_cache", "capacities", "gates", "links", "nodes", "outdoor", "outdoors", "powers")

    def __init__(
        self,
        *,
        nodes: tuple[int, ...],
        capacities: tuple[float, ...],
        links: tuple[Link, ...],
        outdoors: tuple[float, ...],
        powers: tuple[tuple[int, ...], ...],
        outdoor: int,
    ) -> None:
        self.nodes, self.capacities, self.links = nodes, capacities, links
        self.outdoors, self.powers, self.outdoor = outdoors, powers, outdoor
        self.gates = tuple(sorted({link.gate for link in links if link.gate >= 0}))
        listens = {*self.gates, *(i for p in powers for i in p)}
        if any(outdoors):
            listens.add(outdoor)
        self.listens = tuple(sorted(listens))
        self._cache: dict[tuple[bool, ...], Modes] = {}

    def modes(self, values: list[Any]) -> Modes:
        """The modes with the gates as they are; worked out once for each configuration."""
        gates = tuple([bool(values[i]) for i in self.gates])
        known = self._cache.get(gates)
        if known is None:
            known = self._cache[gates] = self._modes(values)
        return known

    def anchors(self, values: list[Any], t: int, temperatures: list[float]) -> list[Anchor]:
        """The nodes' courses from `t` on, where they have `temperatures`."""
        modes = self.modes(values)
        n = len(self.nodes)
        outdoor = values[self.outdoor]
        heat = []
        for g, powers in zip(self.outdoors, self.powers, strict=True):
            x = g * outdoor
            for p in powers:
                x += values[p]
            heat.append(x)
        still: list[tuple[int, float, float]] = []  # mode, where it is, how it goes
        decay: list[tuple[int, float, float]] = []  # mode, where it goes, how far off it is
        for k in range(n):
            here = push = 0.0
            for i in range(n):
                here += modes.weigh[i][k] * temperatures[i]
                push += modes.shape[i][k] * heat[i]
            rate = modes.rates[k]
            if rate:
                decay.append((k, push / rate, here - push / rate))
            else:
                still.append((k, here, push))
        anchors = []
        for shape in modes.shape:
            a = b = 0.0
            terms = []
            for k, here, push in still:
                a += shape[k] * here
                b += shape[k] * push
            for k, goal, off in decay:
                a += shape[k] * goal
                c = shape[k] * off
                if abs(c) > _DUST:
                    terms.append((c, modes.rates[k]))
            anchors.append(Anchor(t, a, b, tuple(terms)))
        return anchors

    def react(self, s: State, triggers: list[int]) -> None:
        """Re-anchor all nodes: a power, a gate or the weather changed."""
        values, t = s.values, s.now
        courses = self.anchors(values, t, [values[i].at(t) for i in self.nodes])
        for i, anchor in zip(self.nodes, courses, strict=True):
            s.write(i, anchor, (*triggers, *s.last_of((i,))))

    def _modes(self, values: list[Any]) -> Modes:
        n = len(self.nodes)
        g = [[0.0] * n for _ in range(n)]
        for i in range(n):
            g[i][i] = self.outdoors[i]
        for link in self.links:
            w = link.open if link.gate < 0 or values[link.gate] else link.closed
            i, j = link.i, link.j
            g[i][i] += w
            g[j][j] += w
            g[i][j] -= w
            g[j][i] -= w
        root = [sqrt(c) for c in self.capacities]
        rates, q = jacobi([[g[i][j] / (root[i] * root[j]) for j in range(n)] for i in range(n)])
        slow = _STILL * max(rates)
        return Modes(
            rates=tuple([0.0 if rate <= slow else rate for rate in rates]),
            shape=tuple([tuple([x / root[i] for x in q[i]]) for i in range(n)]),
            weigh=tuple([tuple([x * root[i] for x in q[i]]) for i in range(n)]),
        )
