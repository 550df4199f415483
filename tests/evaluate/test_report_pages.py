"""The report of a short run holds all, that of a long one leads to a page for each episode; both can be read by all."""

import json
import re
from collections import Counter
from itertools import pairwise

import fake_bench
import long_run
import pytest
from test_report import Page

from switch_bench.evaluate import report
from switch_bench.evaluate.style import STYLE


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Three episodes of each of two tasks: results, records, folder."""
    out = tmp_path_factory.mktemp("short")
    return (*long_run.run(out, 3), out / "Presser")


@pytest.fixture(scope="module")
def short(played):
    return report.write(*played, fake_bench.read_trace)


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    out = tmp_path_factory.mktemp("long")
    results, records = long_run.run(out, 30)
    return report.write(results, records, out / "Presser", fake_bench.read_trace)


def tags(page, name, **having):
    return [a for tag, a in page.tags if tag == name and all(a.get(k) == v for k, v in having.items())]


def test_a_short_run_is_one_file(short):
    page = Page(short.read_text())
    assert len(tags(page, "details", **{"class": "episode"})) == 6
    assert not (short.parent / "pages").exists()
    assert [a["href"] for a in tags(page, "a") if a["href"].startswith("#e")] == [f"#e{i}" for i in range(6)]


def test_of_a_long_run_the_first_of_each_task_is_told_and_every_one_has_a_page(long):
    page = Page(long.read_text())
    assert len(tags(page, "details", **{"class": "episode"})) == 2
    assert "2 of 60 episodes are told in this file" in page.text
    assert len(list((long.parent / "pages").iterdir())) == 60
    led_to = [a["href"] for a in tags(page, "a") if a["href"].startswith(("#e", "pages/"))]
    assert len(led_to) == 60
    ids = {a["id"] for _, a in page.tags if "id" in a}
    for place in led_to:
        assert place[1:] in ids if place.startswith("#") else (long.parent / place).exists()


def test_the_page_of_an_episode_tells_it_and_leads_back(long):
    text = (long.parent / "pages" / "fake.kettle-v1.5.html").read_text()
    page = Page(text)
    assert page.open == []
    assert fake_bench.task("fake.kettle-v1").instruction in page.text
    assert "✗ failed" in page.text
    assert tags(page, "a", href="../report.html")


def test_films_beyond_the_limit_lie_beside_the_page_and_it_says_so(played, monkeypatch):
    results, records, folder = played
    size = (folder / "videos" / "fake.lamp-v1.0.webm").stat().st_size
    monkeypatch.setattr(report, "MOST", size)
    page = Page(report.page(results, records, folder, fake_bench.read_trace))
    sources = [video["src"] for video in tags(page, "video")]
    assert sources[0].startswith("data:video/webm")
    assert sources[1] == "videos/fake.kettle-v1.0.webm"
    assert (folder / sources[1]).exists()
    assert "Of the films of these episodes 1 is in this file; 1 lies beside it in videos/" in page.text


def test_the_table_is_filtered_by_what_the_tasks_have_in_common(short):
    page = Page(short.read_text())
    assert [a["name"] for a in tags(page, "select")] == ["outcome", "task", "level", "ability", "room"]
    text = short.read_text()
    known = json.loads(re.search(r'<script type="application/json" id="tags">(.*?)</script>', text)[1])
    assert known == long_run.TAGS
    rows = [a for a in tags(page, "tr") if "data-outcome" in a]
    assert Counter(row["data-outcome"] for row in rows) == {"success": 4, "failure": 2}


def test_the_record_of_the_run_is_told(short):
    text = Page(short.read_text()).text
    for said in ("What it was made with", "mujoco", "fake_policies:Presser", "digest of fake.lamp-v1", "versions"):
        assert said in text


@pytest.mark.parametrize("which", ["short", "long"])
def test_headings_go_down_step_by_step(which, request):
    for path in (request.getfixturevalue(which), *request.getfixturevalue(which).parent.glob("pages/*.1.html")):
        levels = [int(tag[1]) for tag, _ in Page(path.read_text()).tags if re.fullmatch("h[1-6]", tag)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_head_of_a_table_says_what_it_is_the_head_of(short):
    assert {a.get("scope") for a in tags(Page(short.read_text()), "th")} == {"col", "row"}


def test_every_table_says_what_it_is_of(short):
    text = short.read_text()
    tables = re.findall(r"<table([^>]*)>(<caption[^>]*>[^<]+</caption>)?", text)
    assert len(tables) > 4
    assert [mark for mark, caption in tables if not caption and "aria-label" not in mark] == []


def test_every_picture_and_plot_says_what_it_shows(short):
    page = Page(short.read_text())
    assert all(a.get("aria-label") or a.get("aria-hidden") == "true" for a in tags(page, "svg"))
    assert all(a.get("aria-label") for a in tags(page, "video"))
    assert all(a.get("alt") for a in tags(page, "img"))


def test_no_id_is_twice(long):
    ids = Counter(a["id"] for _, a in Page(long.read_text()).tags if "id" in a)
    assert [name for name, count in ids.items() if count > 1] == []


def colours(scheme):
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", STYLE.split("prefers-color-scheme: dark")[scheme]))


def luminance(colour):
    """By WCAG 2: of an sRGB colour, 0 to 1."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "card", "lane"])
def test_text_stands_out_from_its_ground(scheme, ground):
    known = colours(scheme)
    for ink in ("ink", "soft", "good", "bad", "unsure", "error"):
        assert contrast(known[ink], known[ground]) >= 4.5, (ink, ground)
    for line in ("plot", "edge", "agent", "person", "device", "flow", "why"):
        assert contrast(known[line], known[ground]) >= 3, (line, ground)
