"""An HTML page of a report that loads nothing: its frame, with style sheet and script in it."""

from __future__ import annotations

from html import escape

from switch_bench.evaluate.script import SCRIPT
from switch_bench.evaluate.style import STYLE


def document(title: str, body: str) -> str:
    """A whole page. body: what its `main` holds, as HTML."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} – switch_bench</title><style>{STYLE}</style></head><body><main>{body}</main>"
        f"<script>{SCRIPT}</script></body></html>\n"
    )
