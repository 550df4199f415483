"""Reading tags, labels and handles in pictures."""

from __future__ import annotations

from typing import Any

import cv2
import gymnasium
import numpy as np
import pytest
from switch_bench.baselines._letters import read
from switch_bench.baselines._pixels import Tag, assigned, groups, handles, in_a_row, tags

import switch_bench.envs  # noqa: F401  # registers the tasks
from switch_bench.agents import tools
from switch_bench.faces.marks import draw_marks


def wall() -> np.ndarray:
    """A picture (480, 640, 3) of a plain, slightly uneven wall."""
    return np.random.default_rng(3).integers(150, 170, (480, 640, 3)).astype(np.uint8)


def test_every_tag_is_read_and_points_to_where_it_belongs() -> None:
    rng = np.random.default_rng(5)
    points = [(float(40 + 80 * (i % 8)), float(40 + 55 * (i // 8))) + rng.uniform(-9, 9, 2) for i in range(63)]
    marks = [(i + 1, (float(x), float(y))) for i, (x, y) in enumerate(points)]
    found = {tag.number: tag.at for tag in tags(draw_marks(wall(), marks), wall())}
    assert found.keys() == {number for number, _ in marks}
    for number, at in marks:
        assert np.hypot(*np.subtract(found[number], at)) < 4.0


def test_tags_set_aside_are_followed_along_their_lines() -> None:
    marks = [(i + 1, (300.0 + 11 * (i % 2), 200.0 + 17 * i)) for i in range(5)]
    found = {tag.number: tag.at for tag in tags(draw_marks(wall(), marks), wall())}
    assert found.keys() == {number for number, _ in marks}
    for number, at in marks:
        assert np.hypot(*np.subtract(found[number], at)) < 6.0


def test_words_are_read_dark_on_light_and_light_on_dark() -> None:
    for ink, ground in (((20,) * 3, (220,) * 3), ((90,) * 3, (25,) * 3)):
        picture = np.full((240, 640, 3), ground, np.uint8)
        face = cv2.FontFace("sans")
        cv2.putText(picture, "Kitchen", (60, 100), ink, face, 30, 500)
        cv2.putText(picture, "START", (380, 160), ink, face, 24, 700)
        assert {word.text for word in read(picture)} == {"kitchen", "start"}


def test_what_isnt_a_known_word_isnt_read() -> None:
    picture = np.full((240, 640, 3), 220, np.uint8)
    cv2.putText(picture, "Xylophone", (60, 100), (20, 20, 20), cv2.FontFace("sans"), 30, 500)
    assert read(picture) == []


def test_a_word_belongs_to_the_nearest_tag() -> None:
    picture = np.full((300, 640, 3), 220, np.uint8)
    cv2.putText(picture, "sink", (180, 100), (20, 20, 20), cv2.FontFace("sans"), 30, 500)
    found = [Tag(1, (205.0, 150.0)), Tag(2, (300.0, 150.0))]
    assert assigned(read(picture), found) == {1: ["sink"]}


def test_two_plates_side_by_side_are_two() -> None:
    found = [Tag(1, (100.0, 200.0)), Tag(2, (124.0, 200.0)), Tag(3, (220.0, 200.0)), Tag(4, (243.0, 201.0))]
    assert [[tag.number for tag in group] for group in groups(found, 1280)] == [[1, 2], [3, 4]]


def test_handles_that_hang_have_tripped_or_are_off() -> None:
    row = [Tag(i, (100.0 + 20 * i, 50.0 + 2 * i + hang)) for i, hang in enumerate((0, 0, 5, 0, 0, 10, 0))]
    assert in_a_row(row[:5])
    assert handles(row) == ["on", "on", "tripped", "on", "on", "off", "on"]


@pytest.mark.gl
def test_labels_on_a_rendered_switch_plate_are_read_through_the_longer_lens() -> None:
    env = gymnasium.make(
        "switch_bench/utility.worktop_light_on-v1", obs=("marks", "rgb"), act="skill", size=(1280, 960)
    )
    obs: Any = env.reset(seed=0, options={"variation": "none"})[0]
    drawn = {mark.number: mark.pixel for mark in env.unwrapped.observer.marks}  # type: ignore[attr-defined]
    found = {tag.number: tag.at for tag in tags(obs["marks"], obs["rgb"])}
    assert found.keys() == drawn.keys()
    two = max(groups(tags(obs["marks"], obs["rgb"]), 1280), key=lambda group: len(group) == 2)
    obs, *_ = env.step(tools.action("skill", "read", {"mark": two[0].number}))
    printed = assigned(read(obs["rgb"]), tags(obs["marks"], obs["rgb"]))
    assert {"sink", "boiler"} <= {word for words in printed.values() for word in words}
