"""The upper part of a report: plots that say in words what they show, groups, and several tries."""

import re

import pytest
from test_report import Page

from switch_bench.evaluate import overview, plots
from switch_bench.evaluate.results import Success


def labels(html):
    return [a["aria-label"] for _, a in Page(html).tags if "aria-label" in a]


def test_a_whisker_stands_where_its_rate_and_interval_are():
    html = plots.whisker(0.5, (0.25, 0.75), "half")
    assert 'cx="50.0%"' in html
    assert '<line class="range" x1="25.0%" x2="75.0%"' in html
    assert labels(html) == ["half"]


def test_without_an_episode_there_is_no_dot():
    assert "<circle" not in plots.whisker(None, (0.0, 1.0), "nothing is known")


def test_few_values_are_drawn_one_by_one_and_the_bad_ones_are_crosses():
    html = plots.spread([(0.2, True), (0.4, True), (0.9, False)], (), "three")
    assert html.count("<circle") == 2
    assert html.count("×") == 1


def test_of_many_values_the_quartiles_are_drawn():
    html = plots.spread([(i / 100, True) for i in range(1, 100)], (), "many")
    assert html.count("<circle") == 1
    assert 'cx="50.0%"' in html
    assert re.search(r'thick" x1="25.0%" x2="75.0%"', html)


@pytest.mark.parametrize("seconds", [[], [4.0], [0.0, 0.5], [3.0, 80_000.0]])
def test_times_lie_on_the_scale_in_their_order(seconds):
    scale = plots.LogScale(seconds)
    shares = [scale.share(s) for s in seconds]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in (*shares, *(share for share, _ in scale.marks)))


def test_groups_lead_to_their_episodes_and_one_group_alone_is_none():
    whole = Success(n=8, k=4, rate=0.5, interval=(0.22, 0.78))
    html = overview.groups({"level": {"1": whole, "2": whole}, "room": {"flat/hall": whole}, "ability": {}})
    page = Page(html)
    assert [a["href"] for tag, a in page.tags if tag == "a"] == ["#level=1", "#level=2"]
    assert "By level" in page.text
    assert "By room" not in page.text
    assert labels(html) == ["50 %, 4 of 8; 95 % interval 22 % to 78 %"] * 2
    assert overview.groups({}) == ""


def test_a_group_with_a_space_has_an_address():
    whole = Success(n=1, k=1, rate=1.0, interval=(0.2, 1.0))
    assert 'href="#slice=split%3A%20val"' in overview.groups({"slice": {"split: val": whole, "x": whole}})


def test_several_tries_are_told_for_a_few_numbers():
    once = {k: 1 - 0.5**k for k in range(1, 7)}
    told = overview.tries(once, {k: 0.5**k for k in range(1, 7)})
    assert [line.partition(" tries")[0] for line in told] == ["2", "4", "6"]
    assert told[0] == "2 tries at a task: at least one succeeds 75 %, all do 25 %"
    assert overview.tries({}, {}) == []
