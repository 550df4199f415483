"""Memory, the table of what does what, and putting things back."""

from __future__ import annotations

from typing import Any

import pytest
from switch_bench.baselines._asked import Asked
from switch_bench.baselines._lights import judged
from switch_bench.baselines._mind import MOST, Mind, Spent, changes
from switch_bench.baselines._view import Mark, Thing, View

from switch_bench.envs.act import VERBS


def plate(*stands: str) -> View:
    """A view of one plate with rockers that stand so."""
    marks = tuple(Mark(i + 1, "rocker", (0.4 + 0.1 * i, 0.5), stands=s, order=i) for i, s in enumerate(stands))
    return View(things=(Thing("switch plate", marks),), rooms=("hall",))


def run(way: Any, views: list[View]) -> list[tuple[str, int]]:
    """What a way does when it is shown these views: verbs and marks."""
    done = []
    try:
        action = next(way)
        for view in views:
            done.append((VERBS[action["verb"]], action["mark"]))
            action = way.send(view)
        done.append((VERBS[action["verb"]], action["mark"]))
    except StopIteration:
        pass
    return done


def test_what_is_owed_is_put_back_last_first() -> None:
    mind = Mind(Asked(()), plate("top", "top"))
    mind.owe("left", lambda: mind.do("press", 1))
    mind.owe("right", lambda: mind.do("press", 2))
    assert run(mind.put_back(), [plate("top", "bottom"), plate("bottom", "bottom")]) == [("press", 2), ("press", 1)]
    assert mind.undo == []


def test_what_is_settled_is_not_put_back() -> None:
    mind = Mind(Asked(()), plate("top"))
    mind.owe("it", lambda: mind.do("press", 1))
    mind.settle("it")
    assert run(mind.put_back(), []) == []


def test_an_episode_has_only_so_many_skills() -> None:
    mind = Mind(Asked(()), plate("top"))
    mind.calls = MOST
    with pytest.raises(Spent):
        next(mind.wait(1.0))


def test_a_control_is_known_again_by_its_place_among_those_like_it() -> None:
    before = plate("top", "top")
    mind = Mind(Asked(()), before)
    moved = tuple(Mark(i + 7, "rocker", (0.1 + 0.1 * i, 0.2), order=i) for i in range(2))
    mind.view = View(things=(Thing("switch plate", moved),))
    way = mind.again(before.things[0], before.things[0].marks[1])
    with pytest.raises(StopIteration) as found:
        next(way)
    assert found.value.value.number == 8


def test_the_table_tells_what_stands_and_shows_otherwise() -> None:
    lit, dark = Thing("lamp", shows=("it is lit",)), Thing("lamp", shows=("it is dark",))
    before = View(things=(*plate("top").things, dark))
    after = View(things=(*plate("bottom").things, lit))
    assert changes(before, before) == ()
    told = " | ".join(changes(before, after))
    assert "top → bottom" in told
    assert "it is dark → it is lit" in told


def test_only_the_lamp_that_was_meant_tells_whether_it_was_the_right_switch() -> None:
    words = {"sink": 2.0}
    assert judged({("sink", "fridge"): True, ("table",): False}, words, on=True) is True
    assert judged({("sink",): False, ("table",): True}, words, on=True) is False
    assert judged({("table",): True}, words, on=True) is None
