"""One episode in a report: instruction, film, verdict, timeline of causes, pictures and account."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from switch_bench.evaluate.axis import clock
from switch_bench.evaluate.embedding import Films
from switch_bench.evaluate.ledger import account
from switch_bench.evaluate.look import TIMELINE_KEY
from switch_bench.evaluate.timeline import timeline
from switch_bench.trace.schema import Trace

OUTCOMES = {
    "success": ("true", "✓", "succeeded"),
    "failure": ("false", "✗", "failed"),
    "undetermined": ("null", "?", "undetermined"),
    "error": ("error", "!", "error"),
}
MARKS = {True: ("true", "✓", "held"), False: ("false", "✗", "didn't hold"), None: ("null", "?", "undetermined")}


def outcome(record: Mapping[str, Any]) -> str:
    """How an episode came out: "success", "failure", "undetermined" or "error"."""
    if record["status"] == "error":
        return "error"
    return {True: "success", False: "failure", None: "undetermined"}[record["success"]]


def chip(record: Mapping[str, Any]) -> str:
    """That in a word and a sign."""
    css, mark, word = OUTCOMES[outcome(record)]
    return f'<span class="chip {css}">{mark} {word}</span>'


def aside(record: Mapping[str, Any]) -> str:
    """Which episode it is, and how long it was."""
    told = [f"episode {record['episode']}", f"seed {record['seed']}"]
    if record["status"] == "done":
        told.append(f"{clock(record['elapsed_us'])} simulated")
    return " · ".join(told)


def body(key: str, record: Mapping[str, Any], folder: Path, read_trace: Callable[[Path], Trace], films: Films) -> str:
    """All that is told of an episode. key: makes its ids unique on the page."""
    said = f'<p class="said">“{escape(record.get("instruction", ""))}”</p>'
    if record["status"] == "error":
        return said + _failed(record)
    trace = read_trace(folder / record["trace"])
    happened = timeline(trace, key, record["evidence"], record["since"])
    raw = escape(json.dumps(record["verdict"], indent=1, ensure_ascii=False))
    return (
        f'{said}<div class="play">{films.player(record)}<div>{_parts(record)}</div></div>'
        "<h3>What happened, and what caused it</h3>"
        f'<div class="scroll" role="region" aria-label="Timeline" tabindex="0">{happened}</div>'
        f"{TIMELINE_KEY if happened.startswith('<svg') else ''}"
        f"<h3>What it looked like</h3>{_strip(record, folder)}"
        f"{account(record, trace)}"
        f'<details class="more"><summary>The whole verdict</summary><pre tabindex="0">{raw}</pre></details>'
    )


def _failed(record: Mapping[str, Any]) -> str:
    error = record["error"]
    trace = f'<pre tabindex="0">{escape(error["traceback"])}</pre>' if error["traceback"] else ""
    return (
        f'<p class="why">In {escape(error["where"])}: <b class="error">{escape(error["type"])}</b>: '
        f"{escape(error['message'])}. The episode isn't counted.</p>{trace}"
    )


def _parts(record: Mapping[str, Any]) -> str:
    items = []
    for name, words in record["words"].items():
        judged = name in record["parts"]
        css, mark, word = MARKS[record["parts"][name]] if judged else ("unjudged", "–", "not judged")
        items.append(
            f'<li class="{css}"><span class="chip {css}" role="img" aria-label="{word}">{mark}</span>'
            f'<b>{escape(name)}</b><span class="words">{escape(words)}</span></li>'
        )
    said = record["why"] and record["why"] not in record["words"].values()
    why = f'<p class="why">{escape(record["why"])}</p>' if said else ""
    return f'{why}<ul class="verdict">{"".join(items)}</ul>'


def _strip(record: Mapping[str, Any], folder: Path) -> str:
    frames = record.get("frames") or []
    if not frames:
        error = record.get("frames_error")
        if error:
            return f'<p class="none">No pictures: {escape(error["message"])}</p>'
        return '<p class="none">No pictures were taken of this episode.</p>'
    moments: dict[tuple[int, str], list[Mapping[str, Any]]] = {}
    for frame in frames:
        moments.setdefault((frame["t"], frame["what"]), []).append(frame)
    figures = []
    for (t, what), views in moments.items():
        images = "".join(
            f'<img tabindex="0" decoding="async" alt="{escape(what)}, {escape(view["view"])} view" '
            f'src="data:image/jpeg;base64,{base64.b64encode((folder / view["file"]).read_bytes()).decode()}">'
            for view in views
        )
        figures.append(f"<figure>{images}<figcaption><b>{clock(t)}</b> {escape(what)}</figcaption></figure>")
    return f'<div class="strip" role="region" aria-label="Pictures" tabindex="0">{"".join(figures)}</div>'
