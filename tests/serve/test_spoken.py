"""Commands as a person types them come to the same calls as a program's."""

from __future__ import annotations

import math
from typing import Any

import pytest

from switch_bench.agents import tools
from switch_bench.agents.tools import KINDS, ToolError
from switch_bench.serve.spoken import WAYS, understand, usage


@pytest.mark.parametrize(
    ("act", "line", "name", "arguments"),
    [
        ("skill", "press 5", "press", {"mark": 5}),
        ("skill", "  PRESS   5 ", "press", {"mark": 5}),
        ("skill", "hold 5 for 3 seconds", "hold", {"mark": 5, "seconds": 3.0}),
        ("skill", "turn 3 to 180", "turn", {"mark": 3, "to": "180"}),
        ("skill", "turn 3 to hot air", "turn", {"mark": 3, "to": "hot air"}),
        ("skill", "turn 3 by -90 degrees", "turn", {"mark": 3, "radians": -math.pi / 2}),
        ("skill", "slide 2 by 1.5 cm", "slide", {"mark": 2, "metres": 0.015}),
        ("skill", "type 4 3 0 start", "type", {"mark": 4, "keys": "3 0 start"}),
        ("skill", "goto living room", "goto", {"room": "living room"}),
        ("skill", "goto the hall", "goto", {"room": "hall"}),
        ("skill", "goto 7", "goto", {"mark": 7}),
        ("skill", "look left", "look", {"direction": "left"}),
        ("skill", "look 7", "look", {"mark": 7}),
        ("skill", "wait 90", "wait", {"seconds": 90.0}),
        ("skill", "report impossible", "report", {"what": "impossible"}),
        ("pixel", "tap 0.5 1", "tap", {"x": 0.5, "y": 1.0}),
        ("pixel", "hold 0.5 0.6 3", "hold", {"x": 0.5, "y": 0.6, "seconds": 3.0}),
        ("pixel", "drag 0.5 0.6 to 0.7 0.8", "drag", {"x": 0.5, "y": 0.6, "to_x": 0.7, "to_y": 0.8}),
        ("pixel", "turn 0.5 0.6 by 180 push", "turn", {"x": 0.5, "y": 0.6, "radians": math.pi, "push": True}),
    ],
)
def test_a_line_comes_to_a_call(act: str, line: str, name: str, arguments: dict[str, Any]) -> None:
    said = understand(act, line)
    assert said[0] == name
    assert said[1] == pytest.approx(arguments)
    tools.action(act, *said)


@pytest.mark.parametrize("act", KINDS)
def test_every_way_that_help_tells_is_understood(act: str) -> None:
    for way, _ in WAYS[act]:
        assert way in usage(act)
        tools.action(act, *understand(act, way))
    assert {way.partition(" ")[0] for way, _ in WAYS[act]} | {"close"} >= {kind.verb for kind in KINDS[act]}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("pres 5", "Did you mean 'press'?"),
        ("turn 3", "turn: write it as turn 5 to 180"),
        ("close the door", "close: write it as close 5"),
        ("report well", "report: write it as report done"),
        ("wait a bit", "wait: write it as wait 90"),
    ],
)
def test_what_is_not_understood_is_answered_with_how_it_is_written(line: str, says: str) -> None:
    with pytest.raises(ToolError) as error:
        understand("skill", line)
    assert says.rstrip("?") in str(error.value)
