"""Marks number what can be operated in the image, in reading order, decoys and dead keys like the rest."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from bench_env import Bench

from switch_bench.controls.keypad import Keypad
from switch_bench.envs.marks import BAND
from switch_bench.skills.sense import SkillFailed


@pytest.fixture
def bench(task_file):
    return Bench(task_file)


def test_numbers_run_from_one_line_by_line_and_left_to_right(bench):
    marks = bench.looks_at("microwave.key")
    assert [m.number for m in marks] == list(range(1, len(marks) + 1))
    lines = [int(m.pixel[1] // (BAND * 480)) for m in marks]
    assert lines == sorted(lines)
    for a, b in pairwise(marks):
        if int(a.pixel[1] // (BAND * 480)) == int(b.pixel[1] // (BAND * 480)):
            assert a.pixel[0] < b.pixel[0]
    assert all(0 <= m.pixel[0] < 640 and 0 <= m.pixel[1] < 480 for m in marks)


def test_every_key_of_a_keypad_is_marked_by_itself(bench):
    bench.looks_at("microwave.key")
    pad = bench.control("microwave.key").control
    assert isinstance(pad, Keypad)
    keys = {f"microwave.key.{key}" for row in pad.keys for key in row if key}
    assert keys <= set(bench.names())


def test_decoys_are_marked_like_what_works(bench):
    bench.looks_at("closet_light.key_1")
    assert "closet_light.key_1" in bench.names()


def test_every_widget_of_the_page_is_marked_and_no_other_pages(bench):
    bench.looks_at("panel.screen")
    screen = bench.control("panel.screen").control.screen
    page = screen.pages[bench.stage.world.value("panel.page")]
    shown = {f"panel.screen.{w.name}" for w in page.widgets if w.kind in ("button", "toggle")}
    assert {n for n in bench.names() if n.startswith("panel.screen")} == shown


def test_what_is_behind_the_body_or_too_far_has_no_mark(bench):
    bench.looks_at("microwave.key")
    assert not {n for n in bench.names() if n.startswith(("light.", "push.", "panel.", "closet_light."))}


def test_pressing_by_the_mark_presses_that_control_and_no_other(bench):
    bench.looks_at("light.gang_2")
    assert bench.does("press", bench.mark("light.gang_2")) == "done"
    assert bench.values("light.gang_2") == [True]
    assert bench.values("light.gang_1") == []


def test_a_key_by_its_mark(bench):
    bench.looks_at("microwave.key")
    assert bench.does("press", bench.mark("microwave.key.7")) == "done"
    assert bench.values("microwave.key_7") == [True, False]


def test_a_widget_by_its_mark(bench):
    bench.looks_at("panel.screen")
    name = next(n for n in bench.names() if n.startswith("panel.screen."))
    assert bench.does("press", bench.mark(name)) == "done"
    assert bench.values("panel.screen")[:1] == [name.removeprefix("panel.screen.")]


def test_typing_turning_opening_by_the_mark(bench):
    bench.looks_at("microwave.key")
    assert bench.does("type", bench.mark("microwave.key.1"), text="30") == "done"
    assert bench.values("microwave.key_3") == bench.values("microwave.key_0") == [True, False]
    assert bench.does("open", bench.mark("microwave.door")) == "done"
    assert bench.values("microwave.door") == ["open"]
    bench.looks_at("oven.temperature")
    assert bench.does("turn", bench.mark("oven.temperature"), text="100") == "done"
    assert bench.stage.world.value("oven.temperature") == "100"
    bench.looks_at("oven.temperature")
    assert bench.does("turn", bench.mark("oven.temperature"), amount=-0.6) == "done"
    assert bench.stage.world.value("oven.temperature") in ("50", "75")


@pytest.mark.parametrize(
    ("verb", "mark", "text", "says"),
    [
        ("press", 63, "", "there is no mark 63 in the image"),
        ("press", 0, "", "press needs a mark"),
        ("goto", 0, "attic", "there is no room called 'attic'"),
        ("look", 0, "sideways", "one can look left, right, up, down, ahead; not 'sideways'"),
        ("report", 0, "maybe", "a report says done or impossible"),
    ],
)
def test_what_cant_be_done_is_said_and_takes_a_moment(bench, verb, mark, text, says):
    before = bench.stage.now
    assert bench.does(verb, mark, text=text) == says
    assert before < bench.stage.now <= before + 2_000_000


def test_a_verb_that_doesnt_suit_what_is_marked(bench):
    bench.looks_at("light.gang_1")
    assert bench.does("type", bench.mark("light.gang_1"), text="1") == "one can't type that"
    assert bench.does("open", bench.mark("light.gang_1")) == "there is nothing to take hold of there"


def test_going_looking_waiting_and_reporting_need_no_mark(bench):
    assert bench.does("goto", text="closet") == "done"
    x, y, _ = bench.env.sense.base
    assert bench.stage.room.zone_at(x, y) == "closet"
    before = bench.stage.now
    assert bench.does("wait", amount=12.5) == "done"
    assert bench.stage.now == before + 12_500_000
    for way in ("left", "right", "up", "down", "ahead"):
        assert bench.does("look", text=way) == "done"
    assert bench.does("report", text="impossible") == "done"
    assert bench.env.trace.claim.what == "impossible"


def test_while_nothing_moves_a_number_goes_on_meaning_the_same_control(bench):
    bench.looks_at("light.gang_1")
    first = bench.names()
    bench.does("wait", amount=1.0)
    assert bench.names() == first != []


@pytest.mark.gl
def test_the_numbers_are_drawn_where_the_controls_are(task_file):
    plain, marked = (Bench(task_file, obs=obs) for obs in ("rgb", "marks"))
    pictures = []
    for bench in (plain, marked):
        bench.looks_at("light.gang_1")
        pictures.append(bench.env.observer.observe())
    changed = np.argwhere(np.any(pictures[0] != pictures[1], axis=-1))
    assert len(changed)
    for mark in marked.marks:
        near = np.abs(changed - np.array(mark.pixel)[::-1]).max(axis=1)
        assert near.min() < 25
    assert plain.names() == marked.names()


def test_a_failure_is_never_raised_out_of_a_step(bench):
    try:
        bench.does("press", 63)
    except SkillFailed:
        pytest.fail("a failed skill must be said, not raised")
