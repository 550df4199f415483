"""What a kind offers is read off its own declaration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from switch_bench.devices.catalogue import kinds
from switch_bench.spec.check import check, offer
from switch_bench.spec.declared import Declared
from switch_bench.spec.errors import SceneError
from switch_bench.spec.load import parse_scene

ROOM = """
title: A room
zones: {room: {size: [3, 3]}}
start: {zone: room, at: [1, 1]}
devices:
  - id: light
    kind: ceiling_light
    model: duo
    zone: room
    mount: {wall: north, at: 1}
    options: {wiring: "21"}
    initial: {gang_1: true}
    labels: {gang_2: Door}
"""


def test_a_ceiling_light_offers_its_gangs_lamps_and_faults() -> None:
    kind = Declared(kinds()["ceiling_light"])
    made = offer(kind, "duo", {})
    assert made.controls == {"gang_1": (False, True), "gang_2": (False, True)}
    assert {"lamp_1", "lamp_2", "mains", "load", "gang_1_touch"} <= set(made.signals)
    assert made.signals["mains"] == (False, True)
    assert made.signals["load"] == ()
    assert {"burnt_lamp_1", "missed_press:gang_2"} <= set(made.faults)


def test_every_kind_of_the_catalogue_says_what_it_offers() -> None:
    for kind in map(Declared, kinds().values()):
        for model in kind.models:
            made = offer(kind, model, {})
            assert set(made.controls) <= set(made.signals)


def test_a_scene_is_checked_against_the_catalogue() -> None:
    catalogue = {name: Declared(kind) for name, kind in kinds().items()}
    check(parse_scene(ROOM), catalogue)
    bad = ROOM.replace('"21"', '"31"').replace("gang_2: Door", "gang_3: Door")
    with pytest.raises(SceneError, match=r"scene.yaml:11: devices\[light\].options: as model duo: wiring: '31'"):
        check(parse_scene(bad), catalogue)


@dataclass
class Stub:
    """A kind whose declaration may go wrong."""

    models: Mapping[str, Any] = field(default_factory=lambda: {"only": None})
    options: Mapping[str, Any] = field(default_factory=lambda: {"fill": 1.0})
    mount: str = "counter"
    asked: list[Any] = field(default_factory=list)

    def declare(self, row: Any, options: Mapping[str, Any]) -> Any:
        self.asked.append(dict(options))
        float(options["fill"])
        parts = {
            "flows": ["warmth"],
            "comparators": ["hot"],
            "timers": ["run"],
            "quantisers": ["shown"],
            "nodes": ["air"],
        }
        named = {part: [SimpleNamespace(name=name) for name in names] for part, names in parts.items()}
        return SimpleNamespace(panels=(), signals=(), shows={}, faults={}, **named)


def test_flows_are_numbers_and_timers_and_comparators_are_true_or_false() -> None:
    signals = Declared(Stub()).signals("only", {"fill": 2.0})
    assert signals == {"warmth": (), "shown": (), "air": (), "hot": (False, True), "run": (False, True)}


def test_a_declaration_is_asked_for_once() -> None:
    stub = Stub()
    offer(Declared(stub), "only", {"fill": 3.0})
    assert stub.asked == [{"fill": 3.0}]


def test_an_option_of_a_wrong_type_is_told_as_a_wrong_option() -> None:
    with pytest.raises(ValueError, match="TypeError"):
        offer(Declared(Stub()), "only", {"fill": ()})
