"""Tables that a command writes into a page, between two comments: `<!-- table:NAME -->` … `<!-- /table:NAME -->`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from switch_bench.evaluate.errors import InputError, closest

BLOCK = re.compile(r"(<!-- table:(\w+) -->\n)(.*?)(<!-- /table:\2 -->)", re.DOTALL)


def places(page: Path, known: Sequence[str]) -> list[str]:
    """Which of these tables a page has a place for.

    Raises:
        InputError: the page can't be read, or has a place for none of them.
    """
    found = [name for _, name, _, _ in BLOCK.findall(_read(page)) if name in known]
    if not found:
        wanted = f"<!-- table:{known[0]} --> and <!-- /table:{known[0]} -->"
        raise InputError("has no place for a table", where=str(page), hint=f"put {wanted} on lines of their own")
    return found


def insert(page: Path, tables: Mapping[str, str]) -> None:
    """Write each table where the page has a place for it; places of other tables are left as they are."""
    text = _read(page)

    def filled(block: re.Match[str]) -> str:
        opening, name, there, closing = block.groups()
        return opening + (f"{tables[name].strip()}\n" if name in tables else there) + closing

    page.write_text(BLOCK.sub(filled, text), encoding="utf-8")


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table as Markdown; the first row is its head."""
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body]) + "\n"


def _read(page: Path) -> str:
    try:
        return page.read_text(encoding="utf-8")
    except OSError as fault:
        near = [str(path) for path in page.parent.glob("*.md")] if page.parent.is_dir() else []
        hint = closest(str(page), near) if near else ""
        raise InputError(f"can't be read: {fault.strerror}", where=str(page), hint=hint) from None
