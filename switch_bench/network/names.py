"""The names of a network: every signal once, and what a reference to one means."""

from __future__ import annotations

from dataclasses import dataclass

from switch_bench.network.declare import SignalKind, Value
from switch_bench.network.errors import DuplicateName, InvalidSpec, UnknownSignal, close_to
from switch_bench.network.flow import Anchor


@dataclass(slots=True)
class Row:
    """One signal, as compiled."""

    name: str
    kind: SignalKind
    zone: str
    initial: Value | Anchor
    type: type
    unit: str = ""
    values: tuple[Value, ...] = ()
    drives: bool = False
    computed: bool = False  # it follows from the rest, so that a start value can't be given
    given: bool = False  # its initial value was given by the spec's overrides


class Names:
    """A table of rows, by index and by name."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.index: dict[str, int] = {}
        self._owner: dict[str, str] = {}

    def add(self, row: Row, owner: str) -> int:
        """The new row's index. `owner`: what declares it, in words.

        Raises:
            DuplicateName: the name is taken.
        """
        if row.name in self.index:
            raise DuplicateName(f"{owner}: {row.name!r} is declared already, by {self._owner[row.name]}")
        self._owner[row.name] = owner
        self.index[row.name] = len(self.rows)
        self.rows.append(row)
        return len(self.rows) - 1

    def resolve(self, ref: str, unit: str, zone: str, where: str) -> int:
        """The signal that `ref` means to something of `unit` in `zone`: local, "/global" or "@field of the zone".

        Raises:
            UnknownSignal: nothing has that name.
        """
        if ref.startswith("/"):
            return self.named(ref, where)
        name = f"{zone}.{ref[1:]}" if ref.startswith("@") else f"{unit}.{ref}"
        i = self.index.get(name)
        if i is None:
            owner = name.rsplit(".", 1)[0] + "."
            near = close_to(name, [n for n in self.index if n.startswith(owner)])
            raise UnknownSignal(f"{where}: no signal {name!r}{near}")
        return i

    def named(self, name: str, where: str) -> int:
        """The signal with this global name (a leading "/" is allowed).

        Raises:
            UnknownSignal: nothing has that name.
        """
        i = self.index.get(name[1:] if name.startswith("/") else name)
        if i is None:
            raise UnknownSignal(f"{where}: no signal {name!r}{close_to(name.lstrip('/'), self.index)}")
        return i

    def expect(self, i: int, types: tuple[type, ...], where: str) -> int:
        """`i`, if that signal's values are of one of `types` (Anchor: a flow) and it isn't a touch.

        Raises:
            InvalidSpec: they aren't.
        """
        row = self.rows[i]
        if row.type not in types or row.kind == "touch":
            wanted = " or ".join("flow" if kind is Anchor else kind.__name__ for kind in types)
            got = "flow" if row.type is Anchor else row.type.__name__
            raise InvalidSpec(f"{where}: expected a {wanted}, {row.name!r} is a {got} ({row.kind})")
        return i
