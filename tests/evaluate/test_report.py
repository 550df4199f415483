"""The report is one page that loads nothing and says what happened."""

import re
from html.parser import HTMLParser

import fake_bench
import pytest
from rich.console import Console

from switch_bench.evaluate import runner
from switch_bench.evaluate.runner import Request, evaluate

VOID = {"meta", "img", "br", "input", "rect", "line", "circle", "path", "polyline"}


class Page(HTMLParser):
    """What a page holds: tags with attributes, text, and whether every tag is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.open = [], "", []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setattr(runner.doctor, "settle_gl", lambda: "")
    out = tmp_path_factory.mktemp("run")
    policies = ("fake_policies:Presser", "fake_policies:FailsOnKettle", "fake_policies:Idle")
    request = Request(
        policies=policies, suite="quick", episodes=1, seed=0, out=out, workers=0, bench="fake_bench", videos="failed"
    )
    runs = evaluate(request, Console(quiet=True))
    patch.undo()
    return {run.results.policy.partition(":")[2]: run.report.read_text() for run in runs}


def test_it_loads_nothing(texts):
    for text in texts.values():
        assert not re.search(r"(https?:)?//[a-z0-9]+\.", text.replace("data:", ""))
        assert "@import" not in text
        assert "url(" not in text
        assert "fetch(" not in text
        for tag, attributes in Page(text).tags:
            assert tag not in ("link", "iframe", "object", "embed")
            assert "srcset" not in attributes
            source = attributes.get("src")
            assert source is None or source.startswith(("data:image/", "data:video/"))
            if tag == "script":
                assert "src" not in attributes


def test_every_tag_is_closed(texts):
    for text in texts.values():
        assert Page(text).open == []


def test_it_says_who_ran_on_what(texts):
    text = Page(texts["Presser"]).text
    for said in ("fake_policies:Presser on quick", "delta_pose", "proprio", "seed 0", "mujoco", "python"):
        assert said in text


def test_it_shows_success_interval_and_each_part(texts):
    text = Page(texts["Presser"]).text
    assert "100 % 2 of 2" in text
    assert "95 % interval 34 % to 100 %" in text
    for part in ("temporal", "causal"):
        assert part in text


def test_each_episode_has_instruction_verdict_picture_and_timeline(texts):
    page = Page(texts["Presser"])
    for id in ("fake.lamp-v1", "fake.kettle-v1"):
        assert fake_bench.task(id).instruction in page.text
    assert page.text.count("succeeded") >= 2
    assert "the lamp is <on>" in page.text  # escaped in the source, or it would be a tag
    assert len([tag for tag, _ in page.tags if tag == "img"]) == 2
    assert len([a for tag, a in page.tags if tag == "svg" and a.get("class") == "timeline"]) == 2
    assert "lit" in page.text


def test_it_says_why_an_episode_failed(texts):
    page = Page(texts["Idle"])
    assert "The lamp stayed off." in page.text
    assert page.text.count("✗ failed") == 4  # each in the table and where it is told
    assert "Nothing happened." in page.text
    assert "lines lead from causes to effects" not in page.text


def test_an_error_is_shown_with_its_traceback_and_not_counted(texts):
    page = Page(texts["FailsOnKettle"])
    assert "In policy.reset: RuntimeError: afraid of steam" in page.text
    assert "Traceback" in page.text
    assert "1 ended in an error and are not counted" in page.text
    assert "100 % 1 of 1" in page.text


def test_without_scripts_every_episode_can_be_read(texts):
    page = Page(texts["Presser"])
    assert [(tag, a.get("class")) for tag, a in page.tags if "hidden" in a] == [("form", "filter")]


def test_the_episodes_that_failed_have_their_films_in_the_page(texts):
    for policy, films in (("Presser", 0), ("Idle", 2)):
        videos = [a for tag, a in Page(texts[policy]).tags if tag == "video"]
        assert len(videos) == films
        for video in videos:
            assert video["src"].startswith("data:video/webm;base64,")
            assert video["poster"].startswith("data:image/jpeg;base64,")
            assert video["preload"] == "none"
            assert "controls" in video


def test_it_follows_the_readers_dark_or_light(texts):
    assert "prefers-color-scheme: dark" in texts["Presser"]
