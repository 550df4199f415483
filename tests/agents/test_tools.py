"""Tools: what a call comes to, and what is said of one that can't be carried out."""

from __future__ import annotations

import re

import numpy as np
import pytest

from switch_bench.agents import tools
from switch_bench.agents.tools import ToolError
from switch_bench.envs.act import GESTURES, TEXT, VERBS, action_space, checked

GOOD = {
    "skill": {
        "look": {"direction": "left"},
        "goto": {"room": "living room"},
        "read": {"mark": 3},
        "press": {"mark": 3},
        "hold": {"mark": 3, "seconds": 2},
        "turn": {"mark": 3, "to": "180"},
        "slide": {"mark": 3, "metres": -0.02},
        "open": {"mark": 3},
        "close": {"mark": 3},
        "type": {"mark": 3, "keys": "3 0 start"},
        "wait": {"seconds": 90},
        "report": {"what": "impossible"},
    },
    "pixel": {
        "look": {"x": 0, "y": 0.5},
        "goto": {"x": 0.2, "y": 0.5},
        "read": {"x": 0.2, "y": 0.5},
        "tap": {"x": 1, "y": 1},
        "hold": {"x": 0.2, "y": 0.5, "seconds": 2},
        "drag": {"x": 0.2, "y": 0.5, "to_x": 0.8, "to_y": 0.5},
        "turn": {"x": 0.2, "y": 0.5, "radians": -1, "push": True},
        "wait": {"seconds": 90},
        "report": {"what": "done"},
    },
}
CALLS = [(act, name, arguments) for act, calls in GOOD.items() for name, arguments in calls.items()]


@pytest.mark.parametrize(("act", "name", "arguments"), CALLS)
def test_every_call_is_an_action_of_the_environment(act: str, name: str, arguments: dict) -> None:
    action = tools.action(act, name, arguments)
    assert checked(act, action).keys() == action_space(act).keys()  # type: ignore[attr-defined]
    names, key = (VERBS, "verb") if act == "skill" else (GESTURES, "gesture")
    assert names[action[key]] in (name, "pinch_turn")


@pytest.mark.parametrize("act", GOOD)
def test_all_that_an_agent_can_do_is_a_tool(act: str) -> None:
    names = VERBS if act == "skill" else GESTURES
    assert set(tools.tools(act)) == {name for name in names if name != "pinch_turn"} == set(GOOD[act])


def test_arguments_go_where_they_belong() -> None:
    turn = tools.action("skill", "turn", {"mark": 7, "radians": 1.5})
    assert (turn["mark"], turn["amount"].tolist(), turn["text"]) == (7, [1.5], "")
    drag = tools.action("pixel", "drag", {"x": 0.25, "y": 0.5, "to_x": 0.75, "to_y": 0.25})
    assert drag["point"].tolist() == [0.25, 0.5]
    assert drag["amount"].tolist() == [0.5, -0.25]
    assert tools.action("skill", "press", '{"mark": 7}')["mark"] == 7


@pytest.mark.parametrize("tool", [t for act in GOOD for t in tools.tools(act).values()])
def test_a_schema_is_one_that_models_take(tool: tools.Tool) -> None:
    schema = tool.parameters
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert set(schema.get("required", ())) <= set(schema["properties"])
    for name, part in schema["properties"].items():
        assert "type" in part, name  # and not `anyOf`, which some servers don't know
        assert not {"anyOf", "$ref", "title"} & part.keys(), name
    assert tool.description.endswith(".")


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("pres", {"mark": 1}, "there is no tool 'pres'.*press"),
        ("press", {}, "`mark` is missing"),
        ("press", {"mark": "five"}, "`mark`: .*integer.*'five'"),
        ("press", {"mark": 0}, "`mark`: .*greater than or equal to 1"),
        ("press", {"mark": 64}, "`mark`: .*less than 64"),
        ("press", {"mark": 1, "hard": True}, "`hard` isn't an argument. It takes `mark`"),
        ("press", '{"mark": 1', "the arguments aren't JSON"),
        ("press", [1], "expected an object with `mark`"),
        ("hold", {"mark": 1, "seconds": float("nan")}, "`seconds`: .*finite"),
        ("hold", {"mark": 1, "seconds": 1e9}, "`seconds`: .*less than or equal to 3600"),
        ("turn", {"mark": 1}, "give either `to` or `radians`"),
        ("turn", {"mark": 1, "to": "on", "radians": 1}, "give either `to` or `radians`"),
        ("goto", {}, "give either `mark` or `room`"),
        ("look", {"direction": "back"}, "`direction`: .*'left', 'right'"),
        ("type", {"mark": 1, "keys": "ü"}, "`keys`: has letters that can't be typed"),
        ("type", {"mark": 1, "keys": "1" * 33}, "`keys`: .*at most 32"),
        ("report", {"what": "success"}, "`what`: .*'done' or 'impossible'"),
    ],
)
def test_a_call_that_doesnt_fit_is_told_what_would(name: str, arguments: object, says: str) -> None:
    with pytest.raises(ToolError, match=says):
        tools.action("skill", name, arguments)


def test_a_long_mistake_is_not_sent_back_whole() -> None:
    with pytest.raises(ToolError) as caught:
        tools.action("skill", "press", {"mark": "x" * 100_000})
    assert len(str(caught.value)) < 300


def test_words_are_those_that_the_environment_takes() -> None:
    pattern = tools.tools("skill")["type"].parameters["properties"]["keys"]["pattern"]
    assert {chr(c) for c in range(32, 0x250) if re.match(pattern, chr(c))} == set(TEXT)


def test_an_action_is_made_anew_each_time() -> None:
    first, second = (tools.action("pixel", "tap", {"x": 0.1, "y": 0.1}) for _ in range(2))
    first["point"][0] = 0.9
    assert np.isclose(second["point"][0], 0.1)
