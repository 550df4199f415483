"""The words of a formula, and the error that points at one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from switch_bench.verify.stl_ast import RELATIONS

_TEMPORAL = {"always", "eventually", "once", "historically", "until", "since", "rise", "fall", "for", "within"}
KEYWORDS = frozenset(
    {"and", "or", "not", "implies", "true", "false", "abs", "inf", "end"} | _TEMPORAL | RELATIONS.keys()
)

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_]\w*(?:\.\w+)*|°C)
      | (?P<string>"[^"\n]*"|'[^'\n]*')
      | (?P<op>>=|<=|==|!=|[-+*/()\[\],<>%])""",
    re.VERBOSE,
)

_SLIPS = {
    "&": "and", "|": "or", "!": "not", "=": "==", "≥": ">=", "≤": "<=", "→": "implies", "≠": "!=", "¬": "not",
    ".": "0. and the decimals",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a formula. `at` is its offset in `source`, the whole formula."""

    kind: Literal["number", "name", "string", "op", "end"]
    text: str
    at: int
    source: str

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else repr(self.text)


class FormulaError(ValueError):
    """A formula can't be read. Its message shows the place: line, column, the line with a caret, and what would do.

    line and column count from 1.
    """

    def __init__(self, text: str, at: int, problem: str, hint: str = ""):
        at = min(at, len(text))
        start = text.rfind("\n", 0, at) + 1
        stop = text.find("\n", at)
        row = text[start : stop if stop >= 0 else len(text)]
        self.text = text
        self.problem = problem
        self.hint = hint
        self.line = text.count("\n", 0, at) + 1
        self.column = at - start + 1
        lines = [f"line {self.line}, column {self.column}: {problem}", f"  {row}", "  " + " " * (at - start) + "^"]
        if hint:
            lines.append(f"  {hint}")
        super().__init__("\n".join(lines))


def wrong(token: Token, problem: str, hint: str = "") -> FormulaError:
    """The error at a word."""
    return FormulaError(token.source, token.at, problem, hint)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """ "did you mean …?" with the nearest known words; "" if none comes near."""
    known = list(known)
    near = get_close_matches(word, known, n=3, cutoff=0.55)
    near += [k for k in known if k.rpartition(".")[2] == word.rpartition(".")[2] and k not in near][: 3 - len(near)]
    return f"did you mean {' or '.join(near)}?" if near else ""


def tokens(text: str) -> list[Token]:
    """The words of a formula, with an end mark. Raises `FormulaError`."""
    out: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            char = text[at]
            if char in "\"'":
                raise FormulaError(text, at, "this string is not closed", f"expected another {char} on the same line")
            slip = _SLIPS.get(char)
            raise FormulaError(text, at, f"unexpected character {char!r}", f"write {slip}" if slip else "")
        kind = match.lastgroup
        if kind in ("number", "name", "string", "op"):
            out.append(Token(kind, match.group(), at, text))  # pyright: ignore[reportArgumentType]
        at = match.end()
    out.append(Token("end", "", len(text), text))
    return out
