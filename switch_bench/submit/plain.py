"""A stranger's text made harmless to read: what isn't seen as itself is written as its escape."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"  # what emoji and some scripts are joined by


def plain(text: str, most: int, *, lines: bool = False) -> str:
    """At most `most` characters of `text`, each seen as what it is.

    Control characters (a terminal acts on them), those that turn the direction of writing, that break lines or are
    invisible, and halves of pairs are written as escapes, such as \\x1b. lines: new lines and tabs may stay, and what
    joins letters.
    """
    cut = text[: most - 1] + "…" if len(text) > most else text
    shown = "".join(c if _seen(c, lines) else c.encode("unicode_escape").decode() for c in cut)
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _seen(c: str, lines: bool) -> bool:
    if c.isprintable():
        return True
    return lines and (c in "\n\t" or c in _JOINERS or unicodedata.category(c) == "Zs")
