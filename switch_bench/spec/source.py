"""A YAML file as plain data, and where in the file each part of it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from switch_bench.spec.errors import Problem, SpecError, did_you_mean

Path = tuple[str | int, ...]

PLAIN_TAGS = {f"tag:yaml.org,2002:{tag}" for tag in ("str", "int", "float", "bool", "null")}
LARGEST = 50_000  # parts of one file, aliases written out; a room of a hundred devices has 2,000
DEEPEST = 40  # levels of nesting


@dataclass(frozen=True)
class Source:
    """The file something was read from. No field compares: specs that say the same are equal wherever they stand.

    path: as shown in messages. lines: line and column, counted from 1, by path of keys and list indices.
    names: the `id` or `name` of list items, to speak of `devices[kettle]` and not of `devices[3]`.
    """

    path: str = field(default="", compare=False)
    lines: dict[Path, tuple[int, int]] = field(default_factory=dict, compare=False, repr=False)
    names: dict[Path, str] = field(default_factory=dict, compare=False, repr=False)
    digest: str = field(default="", compare=False)

    def line(self, at: Sequence[str | int]) -> int:
        """The line of the part at this path, or of the nearest part around it."""
        return self.mark(at)[0]

    def mark(self, at: Sequence[str | int]) -> tuple[int, int]:
        """Line and column of the part at this path, or of the nearest part around it; (0, 0) if there is none."""
        path = tuple(at)
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, (0, 0))

    def where(self, at: Sequence[str | int]) -> str:
        """The path as a person would write it: `devices[kettle].mount.at`."""
        text = ""
        for i, part in enumerate(at):
            if isinstance(part, int):
                text += f"[{self.names.get(tuple(at[: i + 1]), part)}]"
            else:
                text += f".{part}" if text else part
        return text

    def problem(self, at: Sequence[str | int], message: str, hint: str = "") -> Problem:
        """A problem with the part at this path."""
        return Problem(self.path, self.line(at), self.where(at), message, hint)


def digest(data: bytes) -> str:
    """Hash of a whole file: 32 hex digits of BLAKE2b."""
    return blake2b(data, digest_size=16).hexdigest()


def spec_hash(spec: Any) -> str:
    """Hash of the whole file that a scene or task was read from; of what it says, if it was made otherwise."""
    return spec.source.digest or digest(spec.model_dump_json(by_alias=True).encode())


def read(data: bytes, path: str, error: type[SpecError]) -> tuple[dict[str, Any], Source]:
    """The mapping in a YAML document, as plain data, and its positions. Raises `error` with every fault found."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data[: fault.start].count(b"\n") + 1
        raise error(path, line, "", f"not UTF-8 text: byte 0x{data[fault.start]:02x}") from None
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        hint = "Indent by spaces" if "\\t" in str(fault.problem) else ""
        message = f"not YAML: {fault.problem or fault.context}"
        raise error(path, mark.line + 1 if mark else 0, "", message, hint) from None
    except YAMLError as fault:
        raise error(path, 0, "", f"not YAML: {' '.join(str(fault).split())}") from None
    if not isinstance(node, MappingNode):
        what = "the file is empty" if node is None else "the file is not a mapping"
        raise error(path, 1, "", f"expected `key: value` lines, but {what}")
    reader = _Reader(path, error)
    result = reader.take(node, ())
    if reader.problems:
        raise error.of(reader.problems)
    return result, Source(path, reader.lines, reader.names, digest(data))


class _Reader:
    """Turns YAML nodes into plain data, noting positions and problems."""

    def __init__(self, path: str, error: type[SpecError]):
        self.path = path
        self.error = error
        self.lines: dict[Path, tuple[int, int]] = {}
        self.names: dict[Path, str] = {}
        self.problems: list[Problem] = []
        self._safe = YAML(typ="safe", pure=True)

    def take(self, node: Node, at: Path) -> Any:
        """The value of a node that stands at the path `at`."""
        self.lines.setdefault(at, _mark(node))
        if len(self.lines) > LARGEST or len(at) > DEEPEST:
            line, _ = _mark(node)
            raise self.error(self.path, line, "", "the file is too large, or an alias contains itself")
        if isinstance(node, MappingNode):
            return self._mapping(node, at)
        if isinstance(node, SequenceNode):
            return [self._item(item, (*at, i)) for i, item in enumerate(node.value)]
        return self._scalar(node, at)

    def _item(self, node: Node, at: Path) -> Any:
        value = self.take(node, at)
        if isinstance(value, dict):
            name = value.get("id", value.get("name", value.get("device")))
            if isinstance(name, str):
                self.names[at] = name
        return value

    def _mapping(self, node: MappingNode, at: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self._fault(key_node, at, "a key must be a word")
                continue
            key = str(key_node.value)
            path = (*at, key)
            if key == "<<":
                self._fault(key_node, at, "merge keys (`<<`) aren't read", "Write the keys out")
            elif path in self.lines and key in result:
                self._fault(key_node, path, f"written twice, first in line {self.lines[path][0]}")
            else:
                self.lines[path] = _mark(key_node)
                result[key] = self.take(value_node, path)
        return result

    def _scalar(self, node: Node, at: Path) -> Any:
        if node.tag not in PLAIN_TAGS:
            kind = str(node.tag).rsplit(":", 1)[-1].lstrip("!")
            self._fault(node, at, f"expected text or a number, got a {kind}", "Put quotes round it to have it as text")
            return None
        try:
            return self._safe.constructor.construct_object(node, deep=True)
        except ValueError:
            self._fault(node, at, f"not a number: {str(node.value)[:40]}")
            return None

    def _fault(self, node: Node, at: Path, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.path, _mark(node)[0], Source(names=self.names).where(at), message, hint))


def _mark(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def unknown(source: Source, at: Sequence[str | int], what: str, name: object, known: Any) -> Problem:
    """The problem of a name that isn't one of `known`."""
    return source.problem(at, f"unknown {what} {str(name)!r}", did_you_mean(name, known, f"known {what}s"))
