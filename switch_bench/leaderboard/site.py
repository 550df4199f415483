"""The same pages as a static site: a folder of files whose links are all relative, so that it works from a disk, from
any server and below any path. What the server's forms do, a script does on what is in the table, or a link does.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Protocol

from switch_bench.evaluate.errors import InputError
from switch_bench.leaderboard import gather, render, shown

MARKER = "board.json"  # every export has it, so that an export may take the place of an older one and of nothing else
MOST_PAIRS = 2000  # comparisons; of a larger board only pairs that had the same means, and no more than these


@dataclass(frozen=True)
class Entry:
    """A submission to be exported. run: its verified run folder, None if it has none; archive: None: not to be had."""

    row: shown.Row
    run: Path | None
    reasons: tuple[shown.Reason, ...] = ()
    archive: Path | None = None


class Source(Protocol):
    """Where a site's contents come from."""

    def entries(self) -> Iterable[Entry]:
        """What is to be listed."""
        ...

    def rounds(self) -> Sequence[shown.Round]:
        """Hidden rounds, as anyone may see them."""
        ...

    def withdrawn(self) -> Sequence[shown.Gone]:
        """How many were withdrawn."""
        ...


@dataclass(frozen=True)
class Exported:
    """What was written: the folder, its pages, and comparisons that were left out as too many."""

    out: Path
    pages: int
    left_out: int


def export(source: Source, out: Path, tell: Callable[[str], None] = lambda said: None) -> Exported:
    """Write the site to the folder `out`, which is there whole or as it was before. tell: hears what is being written.

    Raises:
        InputError: `out` holds something else than an older export, or can't be written.
    """
    _check(out)
    part = out.absolute().with_name(f".{out.absolute().name}.{os.getpid()}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(parents=True)
        pages, left_out = _Site(part, source, tell).write()
        _put(part, out)
    except OSError as error:
        raise InputError(f"can't write there: {error.strerror}", where=str(out)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Exported(out, pages, left_out)


def _check(out: Path) -> None:
    if not out.exists():
        return
    if not out.is_dir():
        raise InputError("is a file, not a folder", where=str(out), hint="choose another folder")
    if any(out.iterdir()) and not (out / MARKER).is_file():
        raise InputError(
            "the folder holds things that are no export of a board",
            where=str(out),
            hint="choose a new or an empty folder",
        )


def _put(part: Path, out: Path) -> None:
    """Put the finished folder in the place of what is there."""
    if not out.exists():
        part.rename(out)
        return
    old = part.with_suffix(".old")
    out.rename(old)
    try:
        part.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old)


class _Site:
    """Writes one site below `root`."""

    def __init__(self, root: Path, source: Source, tell: Callable[[str], None]) -> None:
        self.root = root
        self.entries = list(source.entries())
        self.hidden_rounds = source.rounds()
        self.withdrawn = tuple(source.withdrawn())
        self.tell = tell
        self.pages = 0

    def write(self) -> tuple[int, int]:
        """Write it; how many pages, and how many comparisons were left out."""
        self._static()
        pairs, left_out = _pairs(self.entries)
        self._board(pairs)
        with_scores = {entry.row.id: entry for entry in self.entries}
        for entry in self.entries:
            self.tell(entry.row.policy)
            near = [pair for pair in pairs if entry.row.id in pair]
            others = [with_scores[name].row for pair in near for name in pair if name != entry.row.id]
            self._submission(entry, others)
        for first, second in pairs:
            self._comparison(with_scores[first], with_scores[second])
        self._page(lambda ctx: render.rounds(self.hidden_rounds, ctx), "rounds")
        return self.pages, left_out

    def _static(self) -> None:
        folder = self.root / "static"
        folder.mkdir()
        for package, static in render.STATIC:
            for file in (resources.files(package) / static).iterdir():
                (folder / file.name).write_bytes(file.read_bytes())

    def _board(self, pairs: Sequence[tuple[str, str]]) -> None:
        rows = shown.arranged(entry.row for entry in self.entries)
        choices = {
            "track": tuple(sorted({row.track.name for row in rows})),
            "suite": tuple(sorted({row.suite for row in rows})),
            "protocol": tuple(sorted({row.protocol for row in rows if row.protocol})),
            "status": tuple(status for status in shown.STATUSES if any(row.status == status for row in rows)),
        }
        ranks = shown.ranks(rows)
        board = shown.Board(rows=tuple(rows), filters={}, choices=choices, ranks=ranks, withdrawn=self.withdrawn)
        self._page(lambda ctx: render.board(board, ctx, pairs=pairs))
        self._json(board, MARKER)

    def _submission(self, entry: Entry, others: Sequence[shown.Row]) -> None:
        row, run = entry.row, entry.run
        if run is None:
            found = bare(row, entry.reasons, archive=entry.archive is not None)
        else:
            found = gather.submission(run, row, reasons=entry.reasons, archive=entry.archive is not None)
        self._page(lambda ctx: render.submission(found, ctx, others), "submissions", row.id)
        folder = self.root / "submissions" / row.id
        self._json(found, f"submissions/{row.id}/submission.json")
        if entry.archive is not None:
            shutil.copyfile(entry.archive, folder / "archive.sbz")
        if run is None or row.rate is None:
            return
        shutil.copyfile(run / "results.json", folder / "results.json")
        for one in found.episodes:
            episode = gather.episode(run, row, one.task, one.episode)
            self._page(
                lambda ctx, episode=episode: render.episode(episode, ctx),
                "submissions", row.id, "episodes", one.task, str(one.episode),
            )  # fmt: skip
            for name in filter(None, (episode.video, episode.poster)):
                (folder / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(run / name, folder / name)

    def _comparison(self, a: Entry, b: Entry) -> None:
        assert a.run is not None  # `_pairs` has only such
        assert b.run is not None
        found = gather.comparison(a.run, a.row, b.run, b.row)
        self._page(lambda ctx: render.comparison(found, ctx), "compare", a.row.id, b.row.id)

    def _page(self, draw: Callable[[render.Context], str], *parts: str) -> None:
        folder = self.root.joinpath(*parts)
        folder.mkdir(parents=True, exist_ok=True)
        base = "/".join([".."] * len(parts)) or "."
        (folder / "index.html").write_text(draw(render.Context(base=base, static=True)), encoding="utf-8")
        self.pages += 1

    def _json(self, found: shown.Shown, name: str) -> None:
        (self.root / name).write_text(json.dumps(found.model_dump(mode="json"), indent=1) + "\n", encoding="utf-8")


def bare(
    row: shown.Row,
    reasons: Sequence[shown.Reason] = (),
    progress: shown.Progress | None = None,
    *,
    digest: str = "",
    archive: bool = True,
) -> shown.Submission:
    """The page of a submission of which there is no verified run folder."""
    return shown.Submission(
        row=row, reasons=tuple(reasons), progress=progress, groups={}, episodes=(), card="", versions={}, digest=digest,
        key="", parts={}, errors=0, redone=0, archive=archive,
    )  # fmt: skip


def _pairs(entries: Sequence[Entry]) -> tuple[list[tuple[str, str]], int]:
    """Pairs of ids to be compared, each in the order of the ids, and how many were left out.

    Of too many those are kept that had the same means and stand nearest in the table.
    """
    scored = shown.arranged(entry.row for entry in entries if entry.row.rate is not None and entry.run is not None)
    places = list(enumerate(scored))
    near = [(j - i, a, b) for (i, a), (j, b) in combinations(places, 2) if a.suite == b.suite]
    if len(near) > MOST_PAIRS:
        near.sort(key=lambda pair: (pair[1].group != pair[2].group, pair[0]))
    kept = [(a.id, b.id) if a.id < b.id else (b.id, a.id) for _, a, b in near[:MOST_PAIRS]]
    return kept, len(near) - len(kept)
