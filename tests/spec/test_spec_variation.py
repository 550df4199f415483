"""Drawing variations: streams don't move each other, pins hold, and what is drawn lies within what is declared."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spec_files import FLAT

from switch_bench.spec.load import parse_scene
from switch_bench.spec.scene import Scene
from switch_bench.spec.task import Task
from switch_bench.spec.things import OnTop, OnWall
from switch_bench.spec.variation import VariationError, draw, generator, with_setup
from switch_bench.spec.vary import STREAMS, Stream, Variation

SCENE = parse_scene(FLAT, name="flat")
numbers = st.integers(0, 50)


def test_number_0_is_the_scene_as_written(flat: Scene) -> None:
    for variation in (0, "none", None, dict.fromkeys(STREAMS, 0)):
        drawn, record = draw(flat, variation)
        first = [device.model_copy(update={"models": device.models[:1]}) for device in flat.devices]
        assert drawn == flat.model_copy(update={"devices": tuple(first), "variation": Variation()})
        assert record == {stream: {"number": 0} for stream in STREAMS}


@given(numbers)
@settings(max_examples=20, deadline=None)
def test_the_same_number_draws_the_same_scene(number: int) -> None:
    assert draw(SCENE, seed=number) == draw(parse_scene(FLAT, name="flat"), number)


@given(st.sampled_from(STREAMS), numbers, numbers)
@settings(max_examples=60, deadline=None)
def test_a_stream_does_not_move_what_others_draw(stream: Stream, before: int, after: int) -> None:
    _, first = draw(SCENE, {stream: before}, seed=7)
    _, second = draw(SCENE, {stream: after}, seed=7)
    others = [name for name in STREAMS if name != stream]
    assert {name: first[name] for name in others} == {name: second[name] for name in others}


@pytest.mark.parametrize("stream", STREAMS)
def test_every_stream_of_the_sample_does_vary(stream: Stream) -> None:
    drawn = {json.dumps({**draw(SCENE, {stream: n})[1][stream], "number": 0}) for n in range(1, 30)}
    assert len(drawn) > 1


def test_a_device_more_leaves_the_draws_for_the_others_as_they_were() -> None:
    more = FLAT.replace(
        "      kettle: {along: 0.1}\n", "      lamp: {along: 0.2, depth: 0.2}\n      kettle: {along: 0.1}\n"
    )
    for number in range(1, 6):
        first, second = (draw(scene, {"layout": number})[1]["layout"] for scene in (SCENE, parse_scene(more)))
        assert {**second["jitter"], **first["jitter"]} == second["jitter"]
        assert set(second["jitter"]) - set(first["jitter"]) == {"lamp"}


@given(st.integers(1, 50))
@settings(max_examples=30, deadline=None)
def test_what_is_drawn_lies_within_what_is_declared(number: int) -> None:
    scene, record = draw(SCENE, number)
    json.dumps(record)
    plate, kettle, radio = (scene.device(name).mount for name in ("plate", "kettle", "radio"))
    assert isinstance(plate, OnWall)
    assert abs(plate.at - 0.4) <= 0.1
    assert abs(plate.height - 1.1) <= 0.05
    assert isinstance(kettle, OnTop)
    assert isinstance(radio, OnTop)
    assert {radio.at[0]} <= {0.5, 1.2}
    assert min(abs(kettle.at[0] - 0.5), abs(kettle.at[0] - 1.2)) <= 0.1
    assert abs(kettle.at[0] - radio.at[0]) > 0.5
    assert scene.device("kettle").model in ("steel", "glass")
    assert scene.device("radio").model in ("walnut", "red")
    assert abs(scene.device("kettle").hue) <= 20.0
    assert scene.zones["kitchen"].wall in ("plaster", "sage", "terracotta")
    assert scene.piece("table").material in (None, "oak", "walnut")
    assert 0.0 <= scene.zones["kitchen"].daylight <= 300.0
    assert scene.device("plate").options.get("order", "12") in ("12", "21")
    lamps = {wire.target: wire.source for wire in scene.wires if wire.target in ("lamp.live", "spare.live")}
    assert sorted(lamps.values()) == ["plate.gang_1", "plate.gang_2"]
    assert len(scene.wires) == 3


@given(numbers)
@settings(max_examples=30, deadline=None)
def test_clutter_lies_on_its_stretch_with_room_between(number: int) -> None:
    scene, _ = draw(SCENE, {"clutter": number})
    things = [thing for thing in scene.objects if thing.id.startswith("counter_clutter")]
    along = [thing.at[0] for thing in things if thing.at is not None]
    assert len(along) == len(things) <= 3
    assert all(1.7 - 1e-3 <= x <= 2.4 + 1e-3 for x in along)
    assert all(b - a >= 0.15 - 2e-3 for a, b in pairwise(along))
    assert {thing.kind for thing in things} <= {"mug", "bottle", "book"}


def test_a_wrong_labelling_is_drawn_as_a_whole() -> None:
    labels = [draw(SCENE, {"labels": n})[0].device("plate").labels for n in range(1, 40)]
    assert {} in labels
    assert {"gang_1": "Living room", "gang_2": "Kitchen"} in labels
    assert {"gang_1": None, "gang_2": None} in labels
    assert all(set(some) in (set(), {"gang_1", "gang_2"}) for some in labels)


def test_what_a_task_pins_stays_and_what_it_declares_is_drawn_from_instead(light_on: Task) -> None:
    for seed in range(1, 10):
        scene, record = draw(SCENE, seed=seed, task=light_on)
        assert record["layout"] == {"number": 0}
        assert scene.device("plate").mount == SCENE.device("plate").mount
        assert set(record["light"]["daylight"]) == {"living"}
        assert 0.0 <= scene.zones["living"].daylight <= 5.0
        assert scene.zones["kitchen"].daylight == 120.0


def test_a_set_up_is_laid_over_the_scene(flat: Scene, light_on: Task) -> None:
    scene = with_setup(flat, light_on)
    assert [person.name for person in scene.people] == ["anna", "ben"]
    assert {thing.id: thing.on for thing in scene.objects} == {"mug": "table", "parcel": None}
    assert scene.start.heading == 45.0


@pytest.mark.parametrize(
    ("variation", "words"),
    [
        ({"layuot": 3}, "unknown stream 'layuot'. Did you mean 'layout'?"),
        ({"layout": -1}, "layout: expected a number of 0 or more"),
        ({"faces": "red"}, "faces: expected a number of 0 or more, got 'red'"),
        ({"faces": True}, "faces: expected a number"),
        ("all", "expected a number of 0 or more, got 'all'"),
        (-3, "expected a number of 0 or more, got -3"),
        ({"layout": 2}, "layout: home.light_on-v1 pins this stream at 0, got 2"),
    ],
)
def test_a_variation_is_refused(variation, words: str, light_on: Task) -> None:
    with pytest.raises(VariationError) as caught:
        draw(SCENE, variation, task=light_on)
    assert words in str(caught.value)


def test_generators_are_told_apart_by_number_stream_and_item() -> None:
    keys = [
        (1, "layout"),
        (2, "layout"),
        (1, "faces"),
        (1, "layout", "a"),
        (1, "layout", "a", "b"),
        (1, "layout", "ab"),
    ]
    assert len({float(generator(*key).random()) for key in keys}) == len(keys)
    assert generator(5, "light", "kitchen").random() == generator(5, "light", "kitchen").random()
