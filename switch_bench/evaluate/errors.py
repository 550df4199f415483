"""What a person can get wrong on the command line or in a call, said once and clearly."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class InputError(Exception):
    """Input that can't be used: where it is, what is wrong with it, what would help. Raised before anything is done."""

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple:
        return _rebuild, (type(self), self.message, self.where, self.hint)

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\nhint: {self.hint}" if self.hint else text


class StoppedError(Exception):
    """Ctrl-C, or a policy's server is gone: the message says what is kept, and how to go on."""


def _rebuild(kind: type[InputError], message: str, where: str, hint: str) -> InputError:
    return kind(message, where=where, hint=hint)


def closest(name: str, known: Iterable[str], *, listing: str = "") -> str:
    """A hint for an unknown name: those close to it, else all that there are (or `listing`, which says so shorter)."""
    known = sorted(known)
    near = (
        difflib.get_close_matches(name, known, n=3, cutoff=0.6) or [k for k in known if len(name) > 2 and name in k][:3]
    )
    if near:
        return f"did you mean {' or '.join(near)}?"
    if listing:
        return listing
    return f"there is {', '.join(known)}" if known else "there is none"
