"""The static site: the same pages, by relative links alone, there whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import listed
import pytest
import verified

from switch_bench.evaluate.errors import InputError
from switch_bench.leaderboard import gather, shown, site

pytestmark = pytest.mark.board
LIGHT = "kitchen.hob_light-v1"


class Links(HTMLParser):
    """Every address that a page names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in ("href", "src", "poster", "action") and value is not None:
                self.found.append(value)
            if name == "id" and value:
                self.ids.add(value)

    handle_startendtag = handle_starttag


class Tags(HTMLParser):
    """The attributes of every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(dict(attrs))


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> list[site.Entry]:
    """Two verified submissions, one of which has a film and an archive, and one that was refused."""
    folder = tmp_path_factory.mktemp("runs")
    oracle = verified.run("oracle", (LIGHT,), folder / "oracle")
    noop = verified.run("noop", (LIGHT,), folder / "noop")
    (oracle / "videos").mkdir()
    (oracle / "videos" / f"{LIGHT}.0.webm").write_bytes(b"film")
    (oracle / "videos" / f"{LIGHT}.0.jpg").write_bytes(b"picture")
    archive = folder / "a.sbz"
    archive.write_bytes(b"archive")
    first = verified.entry(oracle, "first")
    refused = listed.row("third", None, status="refused")
    reason = shown.Reason(code="forged", where="episodes/0", said="Its state differs.")
    return [
        site.Entry(first.row, first.run, archive=archive),
        verified.entry(noop, "second"),
        site.Entry(refused, None, (reason,)),
    ]


@pytest.fixture(scope="module")
def out(entries: Sequence[site.Entry], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "out"
    site.export(verified.Folders(entries), folder)
    return folder


def test_every_link_of_every_page_leads_to_a_file_of_the_site(out: Path) -> None:
    pages = list(out.rglob("*.html"))
    assert len(pages) == 8  # the board, three submissions, an episode of each of two, a comparison, the rounds
    for page in pages:
        links = Links(page.read_text())
        for link in links.found:
            if link == "https://example.org/policy":  # of the model card
                continue
            assert not link.startswith(("/", "http:", "https:")), f"{page}: {link}"
            path, _, anchor = link.partition("#")
            target = (page.parent / unquote(path)).resolve() if path else page
            assert target.is_file(), f"{page}: {link}"
            if anchor:
                assert anchor in Links(target.read_text()).ids, f"{page}: {link}"


def test_films_archives_and_results_are_copied(out: Path, entries: Sequence[site.Entry]) -> None:
    first = out / "submissions" / "first"
    assert (first / "videos" / f"{LIGHT}.0.webm").read_bytes() == b"film"
    assert (first / "videos" / f"{LIGHT}.0.jpg").read_bytes() == b"picture"
    assert (first / "archive.sbz").read_bytes() == b"archive"
    assert entries[0].run is not None
    assert (first / "results.json").read_bytes() == (entries[0].run / "results.json").read_bytes()
    assert not (out / "submissions" / "second" / "archive.sbz").exists()


def test_it_has_the_board_as_json(out: Path, entries: Sequence[site.Entry]) -> None:
    board = shown.Board.model_validate(json.loads((out / "board.json").read_text()))
    assert {row.id: row for row in board.rows} == {entry.row.id: entry.row for entry in entries}
    assert board.ranks == shown.ranks(entry.row for entry in entries)
    told = json.loads((out / "submissions" / "first" / "submission.json").read_text())
    assert shown.Submission.model_validate(told).row == entries[0].row


def test_one_that_was_refused_says_why_and_has_no_episodes(out: Path) -> None:
    page = (out / "submissions" / "third" / "index.html").read_text()
    assert "Its state differs." in page
    assert not (out / "submissions" / "third" / "episodes").exists()


def test_an_older_export_is_replaced_whole(entries: Sequence[site.Entry], tmp_path: Path) -> None:
    site.export(verified.Folders(entries), tmp_path / "site")
    site.export(verified.Folders(entries[2:]), tmp_path / "site")
    assert [path.name for path in (tmp_path / "site" / "submissions").iterdir()] == ["third"]
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_folder_with_other_things_is_left_alone(entries: Sequence[site.Entry], tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("…")
    with pytest.raises(InputError, match="no export of a board"):
        site.export(verified.Folders(entries), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_an_export_that_fails_leaves_what_was_there(
    entries: Sequence[site.Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.export(verified.Folders(entries[2:]), tmp_path / "site")
    before = (tmp_path / "site" / "board.json").read_bytes()

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(gather, "episode", fails)
    with pytest.raises(InputError, match="No space left"):
        site.export(verified.Folders(entries), tmp_path / "site")
    assert (tmp_path / "site" / "board.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def pairs(root: Path) -> list[list[str]]:
    """Which pairs the site's table offers to compare."""
    [form] = [tag for tag in Tags((root / "index.html").read_text()).found if tag.get("id") == "pick"]
    return json.loads(form["data-pairs"] or "")


def test_the_table_offers_the_comparisons_that_there_are(out: Path) -> None:
    assert pairs(out) == [["first", "second"]]
    assert [path.parent.relative_to(out / "compare").parts for path in out.glob("compare/*/*/index.html")] == [
        ("first", "second")
    ]


def test_of_too_many_comparisons_those_of_neighbours_in_the_table_are_kept(
    entries: Sequence[site.Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "MOST_PAIRS", 2)
    other = shown.Track(act="pixel", obs=("elements",), privileged=False)
    rows = [listed.row("a", 10), listed.row("b", 90), listed.row("c", 50), listed.row("d", 49, track=other)]
    done = site.export(verified.Folders([site.Entry(row, entries[0].run) for row in rows]), tmp_path / "site")
    assert done.left_out == 4  # of 6
    assert sorted(pairs(tmp_path / "site")) == [["a", "c"], ["b", "c"]]


def test_too_many_comparisons_are_left_out_and_counted(
    entries: Sequence[site.Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "MOST_PAIRS", 0)
    done = site.export(verified.Folders(entries), tmp_path / "site")
    assert done.left_out == 1
    assert not (tmp_path / "site" / "compare").exists()
    assert "Compare with" not in (tmp_path / "site" / "submissions" / "first" / "index.html").read_text()
