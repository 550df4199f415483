"""`report.html`: one file a person can open, send and keep. It loads nothing, and works with scripts switched off.

Of a short run every episode is told in it; of a longer one the first of each task is, and each episode has a page of
its own in `episodes/`, to which the table leads. Films are in the page as far as it stays one that can be sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from switch_bench.evaluate import overview
from switch_bench.evaluate.embedding import MOST, Films
from switch_bench.evaluate.episode_table import table
from switch_bench.evaluate.episode_view import aside, body, chip, outcome
from switch_bench.evaluate.folder import write_atomically
from switch_bench.evaluate.made_with import record as made_with
from switch_bench.evaluate.page import document
from switch_bench.evaluate.results import Results
from switch_bench.trace.schema import Trace

__all__ = ["outcome", "page", "write"]

OPEN = 40  # episodes up to which all are told in the report, unfolded
FOLDER = "episodes"

Record = Mapping[str, Any]
Reader = Callable[[Path], Trace]


def write(results: Results, records: Sequence[Record], folder: Path, read_trace: Reader) -> Path:
    """Write the report of a run into its folder, and the pages of episodes that aren't told in it; where it is."""
    path = folder / "report.html"
    write_atomically(path, page(results, records, folder, read_trace))
    if len(records) > OPEN:
        (folder / FOLDER).mkdir(exist_ok=True)
        for record in records:
            write_atomically(folder / file(record), _single(record, folder, read_trace))
    return path


def page(results: Results, records: Sequence[Record], folder: Path, read_trace: Reader) -> str:
    """The report of a run: `records` are its episodes, whose traces, frames and films lie below `folder`."""
    settings = _settings(folder)
    tags = settings.get("tags", {})
    short = len(records) <= OPEN
    told = {number for number, record in enumerate(records) if short or record["episode"] == 0}
    films = Films(folder, [records[number] for number in sorted(told)], most=MOST)
    title = f"{results.policy} on {results.suite}"
    episodes = "".join(
        _episode(number, records[number], folder, read_trace, films, unfolded=short) for number in sorted(told)
    )

    def place(number: int) -> str:
        return f"#e{number}" if number in told else file(records[number])

    return document(
        title,
        f"<header><h1>{escape(title)}</h1>{overview.facts(results)}</header>{overview.head(results)}"
        f"{overview.tasks(results, records, tags)}{overview.groups(getattr(results, 'by', {}))}"
        f'<section><h2 id="episodes">Episodes</h2>{_notes(films, len(told), len(records))}'
        f"{table(records, tags, place, films.there)}</section>"
        f'<section class="told"><h2>{"Every episode" if short else "The first episode of each task"}</h2>{episodes}'
        f"</section>{made_with(results, records, settings)}",
    )


def file(record: Record) -> str:
    """Where an episode's own page is, below its run folder."""
    return f"{FOLDER}/{record['task']}.{record['episode']}.html"


def _single(record: Record, folder: Path, read_trace: Reader) -> str:
    """The page of one episode."""
    title = f"{record['task']}, episode {record['episode']}"
    films = Films(folder, [record], above="../", most=0)
    return document(
        title,
        f'<nav><a href="../report.html">the whole run</a></nav><header><h1>{escape(title)}</h1><p class="facts">'
        f"{chip(record)} {aside(record)}</p></header>"
        f'<section class="episode single"><h2 class="unseen">What became of it</h2><div class="body">'
        f"{body('e', record, folder, read_trace, films)}</div></section>",
    )


def _episode(number: int, record: Record, folder: Path, read_trace: Reader, films: Films, *, unfolded: bool) -> str:
    return (
        f'<details class="episode" id="e{number}" data-outcome="{outcome(record)}" data-task="{escape(record["task"])}"'
        f'{" open" if unfolded else ""}><summary>{chip(record)}<span class="name">{escape(record["task"])}</span>'
        f'<span class="aside">{aside(record)}</span></summary><div class="body">'
        f"{body(f'e{number}', record, folder, read_trace, films)}</div></details>"
    )


def _notes(films: Films, told: int, of: int) -> str:
    """What isn't in this file, said."""
    notes = []
    if told < of:
        notes.append(f"{told} of {of} episodes are told in this file; each has a page of its own in {FOLDER}/.")
    if films.linked:
        notes.append(
            f"Of the films of these episodes {_are(films.embedded)} in this file; {films.linked} "
            f"{'lies' if films.linked == 1 else 'lie'} beside it in videos/: keep them together."
        )
    return "".join(f'<p class="none">{note}</p>' for note in notes)


def _are(number: int) -> str:
    return f"{number} {'is' if number == 1 else 'are'}"


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / "run.json"
    return json.loads(path.read_text()) if path.exists() else {}
