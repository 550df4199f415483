"""The nodes of a formula. Windows and durations are in integer microseconds; `FOREVER` stands for no bound."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from switch_bench.network.declare import Value
from switch_bench.verify.intervals import FOREVER

Operator = Literal[">=", ">", "<=", "<", "==", "!="]


@dataclass(frozen=True, slots=True)
class Linear:
    """Σ factor · signal + constant, in base units, summed in the order written."""

    terms: tuple[tuple[float, str], ...]
    constant: float = 0.0
    unit: str = field(default="", compare=False)  # as written or declared, for words only


@dataclass(frozen=True, slots=True)
class Constant:
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """`left` minus `right` compared with 0."""

    left: Linear
    operator: Operator
    right: Linear


@dataclass(frozen=True, slots=True)
class Is:
    """A signal has a value: a bare bool signal, or one compared with a string or bool."""

    signal: str
    value: Value


@dataclass(frozen=True, slots=True)
class Same:
    """Two signals have equal values."""

    left: str
    right: str


RELATIONS: dict[str, tuple[str, ...]] = {
    "in": ("object", "place"),
    "on": ("object", "place"),
    "moved": ("object", "distance"),
    "fallen": ("object",),
    "seen": ("sight",),
    "visible": ("sight",),
    "heard": ("sound",),
}
"""The relations a formula may name, and what each of their arguments is. A distance may be left out; a sight is what a
picture can show (a signal, zone, point or object), a sound a signal of that kind.

What is written as `name(argument, …)` and is true or false, constant between the changes of what it hangs on. Reading,
naming and windows follow this table; `spatial.relation` says when it holds, `words` how it is said.
"""


@dataclass(frozen=True, slots=True)
class Spatial:
    """A relation of `RELATIONS`: of `thing`, its first argument, and of a place [its name] or a distance [m]."""

    relation: str
    thing: str
    place: str = ""
    distance: float = 0.0


@dataclass(frozen=True, slots=True)
class Not:
    """It is not so."""

    body: Node


@dataclass(frozen=True, slots=True)
class And:
    """All are so."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """One at least is so."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Implies:
    """If the one, then the other."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Window:
    """A temporal operator over one formula, with a window of times from now (or back from now)."""

    kind: Literal["eventually", "always", "once", "historically"]
    lo: int
    hi: int
    body: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """`left until[lo, hi] right`, `left since[lo, hi] right`. The moment of `right` itself need not have `left`."""

    kind: Literal["until", "since"]
    lo: int
    hi: int
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Edge:
    """It is so, and a microsecond ago it was not (`rise`); or the other way round (`fall`). Never at time 0."""

    kind: Literal["rise", "fall"]
    body: Node


@dataclass(frozen=True, slots=True)
class For:
    """It has been so for the whole of the last `duration`; never before that much time has passed."""

    body: Node
    duration: int


Node = Constant | Compare | Is | Same | Spatial | Not | And | Or | Implies | Window | Binary | Edge | For
Atom = Constant | Compare | Is | Same | Spatial
"""What has no formulas below it. `isinstance(node, Atom)` tells."""


def children(node: Node) -> tuple[Node, ...]:
    """The formulas a formula is made of."""
    match node:
        case Not(body) | Edge(_, body) | For(body, _) | Window(_, _, _, body):
            return (body,)
        case And(parts) | Or(parts):
            return parts
        case Implies(left, right) | Binary(_, _, _, left, right):
            return left, right
        case _:
            return ()


def atoms(node: Node) -> Iterator[Atom]:
    """The atoms of a formula, from left to right."""
    if isinstance(node, Atom):
        yield node
    for child in children(node):
        yield from atoms(child)


def names(node: Node) -> tuple[str, ...]:
    """The signals a formula speaks of, each once, in order."""
    out: dict[str, None] = {}
    for atom in atoms(node):
        match atom:
            case Compare(left, _, right):
                out.update((name, None) for _, name in left.terms + right.terms)
            case Is(signal, _):
                out[signal] = None
            case Same(left, right):
                out.update({left: None, right: None})
            case Spatial(relation, thing) if RELATIONS[relation][0] == "sound":
                out[thing] = None
            case _:
                pass
    return tuple(out)


def things(node: Node) -> tuple[str, ...]:
    """The objects a formula speaks of, each once, in order."""
    relations = (atom for atom in atoms(node) if isinstance(atom, Spatial))
    return tuple(dict.fromkeys(a.thing for a in relations if RELATIONS[a.relation][0] == "object"))


def relations(node: Node) -> set[str]:
    """The names of the relations in a formula."""
    return {atom.relation for atom in atoms(node) if isinstance(atom, Spatial)}


def looks_ahead(node: Node) -> bool:
    """Whether its truth at a time may hang on later times."""
    ahead = (isinstance(node, Window) and node.kind in ("eventually", "always")) or (
        isinstance(node, Binary) and node.kind == "until"
    )
    return ahead or any(looks_ahead(child) for child in children(node))


def open_ended(node: Node) -> bool:
    """Whether a window of the future in it has no upper bound."""
    match node:
        case Window("eventually" | "always", _, hi, _) | Binary("until", _, hi, _, _) if hi >= FOREVER:
            return True
    return any(open_ended(child) for child in children(node))


def complete(node: Node) -> bool:
    """Whether at the end of an episode nothing is open about it: what looks ahead are windows that end then."""
    match node:
        case Not() | And() | Or() | Implies():
            return all(complete(child) for child in children(node))
        case Window("eventually" | "always", 0, hi, _) | Binary("until", 0, hi, _, _) if hi >= FOREVER:
            return not any(looks_ahead(child) for child in children(node))
    return not looks_ahead(node)


def compares(node: Node) -> bool:
    """Whether there is a comparison of numbers in it."""
    return any(isinstance(atom, Compare) for atom in atoms(node))


def prompt(node: Node, wanted: bool) -> bool:
    """Whether it can't be known before a time that the formula holds then (wanted False: that it doesn't)."""
    match node:
        case Constant():
            return False
        case _ if isinstance(node, Atom):
            return True
        case Not(body):
            return prompt(body, not wanted)
        case And(parts) | Or(parts):
            return (any if isinstance(node, And) == wanted else all)(prompt(part, wanted) for part in parts)
        case Implies(left, right):
            return prompt(Or((Not(left), right)), wanted)
        case For(body, _) | Window("historically", 0, _, body):
            return wanted and prompt(body, True)
        case Edge(kind, body):
            return wanted and prompt(body, kind == "rise")
        case _:
            return False


def horizon(node: Node) -> int:
    """How far ahead of a time what its truth hangs on may lie [µs]; `FOREVER`: there is no bound."""
    below = max((horizon(child) for child in children(node)), default=0)
    match node:
        case Window("eventually" | "always", _, hi, _) | Binary("until", _, hi, _, _):
            return min(FOREVER, hi + below)
    return below


def memory(node: Node) -> int:
    """How far back of a time what its truth hangs on may lie [µs]; `FOREVER`: there is no bound."""
    below = max((memory(child) for child in children(node)), default=0)
    match node:
        case Window("once" | "historically", _, hi, _) | Binary("since", _, hi, _, _):
            return min(FOREVER, hi + below)
        case For(_, duration):
            return min(FOREVER, duration + below)
        case Edge():
            return min(FOREVER, 1 + below)
    return below


def shifts(node: Node) -> set[int]:
    """How long [µs] after an edge of an atom, or time 0, the truth of a formula at time 0 may come to be decided.

    That is, all sums of finite window bounds and durations, with either sign: along the branches of the formula, and
    below an operator of time across them too, where one part's edge says at which time another's is asked for.
    """
    if isinstance(node, Not | And | Or | Implies):
        return {0}.union(*(shifts(child) for child in children(node)))
    return _sums(node)


def _sums(node: Node) -> set[int]:
    own = {0}
    match node:
        case Window(_, lo, hi, _) | Binary(_, lo, hi, _, _):
            own |= {b for b in (lo, hi) if b < FOREVER}
        case For(_, duration):
            own.add(duration)
        case Edge():
            own.add(1)
        case _:
            pass
    out = own | {-b for b in own}
    for child in children(node):
        below = _sums(child)
        out = {a + b for a in out for b in below}
    return out


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts a formula is the conjunction of; itself if it is none."""
    if isinstance(node, And):
        return tuple(c for part in node.parts for c in conjuncts(part))
    return (node,)


def renamed(node: Node, names: Mapping[str, str]) -> Node:
    """The formula with other signals in place of those named."""

    def sum_of(e: Linear) -> Linear:
        return replace(e, terms=tuple((f, names.get(n, n)) for f, n in e.terms))

    match node:
        case Compare(left, operator, right):
            return Compare(sum_of(left), operator, sum_of(right))
        case Is(signal, value):
            return Is(names.get(signal, signal), value)
        case Same(left, right):
            return Same(names.get(left, left), names.get(right, right))
        case Spatial(_, thing):
            return replace(node, thing=names.get(thing, thing))
        case And(parts) | Or(parts):
            return replace(node, parts=tuple(renamed(p, names) for p in parts))
        case Not(body) | Edge(_, body) | For(body, _) | Window(_, _, _, body):
            return replace(node, body=renamed(body, names))
        case Implies(left, right) | Binary(_, _, _, left, right):
            return replace(node, left=renamed(left, names), right=renamed(right, names))
        case _:
            return node
