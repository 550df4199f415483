"""What is wrong with a scene or task file, and where: every problem of a file in one exception."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

FEW = 12  # names listed in full where none is close


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. line: counted from 1, 0 where there is none. where: the key, as in `zones.hall.size`."""

    path: str
    line: int
    where: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        text = ": ".join(part for part in (place, self.where, self.message) if part)
        return f"{text}. {self.hint}" if self.hint else text


class SpecError(ValueError):
    """A scene, task or suite file can't be used. Its text is one line a problem; `problems` holds them all.

    path, line, where, message and hint are those of the first problem; `others` are the rest.
    """

    def __init__(
        self,
        path: str,
        line: int = 0,
        where: str = "",
        message: str = "",
        hint: str = "",
        others: tuple[Problem, ...] = (),
    ):
        super().__init__(path, line, where, message, hint, others)
        self.path = path
        self.line = line
        self.where = where
        self.message = message
        self.hint = hint
        self.problems = (Problem(path, line, where, message, hint), *others)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> SpecError:
        """One exception for all of these problems (at least one), in the order of their lines."""
        first, *others = sorted(problems, key=lambda p: p.line)
        return cls(first.path, first.line, first.where, first.message, first.hint, tuple(others))

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class SceneError(SpecError):
    """A scene file is wrong, or there is no such scene."""


class TaskError(SpecError):
    """A task file is wrong, or there is no such task."""


class SuiteError(SpecError):
    """The list of suites is wrong, or there is no such suite."""


def did_you_mean(word: object, known: Iterable[object], what: str = "known") -> str:
    """A hint for a name that isn't one of `known`: the closest of them, or all where there are few; "" if none."""
    names = sorted({str(name) for name in known})
    close = get_close_matches(str(word), names, 3, 0.6) or [n for n in names if n.casefold() == str(word).casefold()]
    if close:
        best = _likeness(word, close[0])
        close = [name for name in close if _likeness(word, name) > best - 0.05]
        return f"Did you mean {' or '.join(repr(name) for name in close)}?"
    if 0 < len(names) <= FEW:
        return f"{what.capitalize()}: {', '.join(names)}"
    return ""


def _likeness(word: object, name: str) -> float:
    return SequenceMatcher(None, name, str(word)).ratio()
