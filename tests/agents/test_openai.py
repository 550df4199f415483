"""A language model as a policy: what it is told, what its calls come to, and what it may spend."""

from __future__ import annotations

import base64
import json
from itertools import count
from typing import Any

import cv2
import numpy as np
import pytest
from endpoint import WAIT, Reply, calls, completion, endpoint

from switch_bench.agents import tools
from switch_bench.agents.errors import AgentError
from switch_bench.agents.openai import Policy
from switch_bench.agents.openai_address import parse
from switch_bench.agents.tell import TRACKS
from switch_bench.envs.act import VERBS
from switch_bench.envs.observe import SOUNDS

SILENCE = np.zeros(len(SOUNDS), np.int8)
IMAGE = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
ASKED = "Switch on the lamp."


def seen(track: str, n: int = 0) -> dict[str, Any]:
    """An observation of a track."""
    obs = {"sounds": SILENCE, "instruction": ASKED, "elements": json.dumps({"things": [f"view {n}"]})}
    return {key: IMAGE + n if key in ("rgb", "marks") else obs[key] for key in TRACKS[track].obs}


def play(reply: Reply, options: str = "track=llm", *, steps: int = 3, **kwargs: Any) -> tuple[list, Policy, Any]:
    """So many steps of an episode: the actions, the policy, and the server with what it was asked."""
    with endpoint(reply) as server:
        policy = Policy(parse(server.name(options), {}), **kwargs)
        info: dict[str, Any] = {"elapsed_us": 0, "said": ""}
        policy.reset("secret.task-v1", 5, info)
        actions = []
        for n in range(steps):
            actions.append(policy(seen(parse(server.name(options), {}).options.track, n), info))
            info = {"elapsed_us": (n + 1) * 1_000_000, "said": "done"}
        policy.close()
    return actions, policy, server


def waits(body: Any, n: int, handler: Any) -> Any:
    return WAIT


def roles(body: dict[str, Any]) -> list[str]:
    return [message["role"] for message in body["messages"]]


# ---------------------------------------------------------------------------------------------- what it is told


@pytest.mark.parametrize("track", TRACKS)
def test_a_model_is_told_the_briefing_what_is_asked_for_and_the_tools(track: str) -> None:
    _, policy, server = play(waits, f"track={track}", steps=1)
    assert (policy.act, policy.obs, policy.size) == (TRACKS[track].act, TRACKS[track].obs, TRACKS[track].size)
    [body] = server.bodies
    assert roles(body) == ["system", "user"]
    assert TRACKS[track].briefing in body["messages"][0]["content"]
    assert ASKED in json.dumps(body["messages"][1])
    assert {tool["function"]["name"] for tool in body["tools"]} == set(tools.tools(policy.act))
    assert "secret.task" not in json.dumps(body)


def test_images_are_sent_as_they_are() -> None:
    _, _, server = play(waits, "track=vlm", steps=2)
    first = server.bodies[0]["messages"][1]["content"]
    assert [part["type"] for part in first] == ["text", "image_url"]
    head, _, data = first[1]["image_url"]["url"].partition(",")
    assert head == "data:image/png;base64"
    back = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR)
    assert back is not None
    assert np.array_equal(back[..., ::-1], IMAGE)
    assert roles(server.bodies[1]) == ["system", "user", "assistant", "tool", "user"]
    assert "Done." in server.bodies[1]["messages"][3]["content"]


def test_only_the_latest_views_are_sent_whole() -> None:
    _, _, server = play(waits, "track=vlm&memory=2", steps=6)
    for n, body in enumerate(server.bodies):
        pictures = [part for m in body["messages"] if isinstance(m["content"], list) for part in m["content"][1:]]
        assert len(pictures) == min(2, n + 1)
    assert server.bodies[-1]["messages"][1]["content"].startswith(f"What is asked for: {ASKED}")
    _, _, server = play(waits, "track=llm&memory=2", steps=6)
    text = json.dumps(server.bodies[-1])
    assert [f"view {n}" in text for n in range(6)] == [False] * 4 + [True] * 2
    assert text.count("What was in view then is left out") == 4


def test_a_conversation_stays_short_whatever_a_model_says() -> None:
    def reply(body: Any, n: int, handler: Any) -> Any:
        return calls(("wait", '{"seconds": 1, "why": "' + "x" * 5000 + '"}'), text="y" * 5000)

    _, _, server = play(reply, "track=llm&malformed=40", steps=1)
    sizes = [len(json.dumps(body["messages"])) for body in server.bodies]
    assert len(sizes) == 40
    assert sizes[-1] - sizes[-2] < 2000  # which is less than it said
    assert max(sizes) < 100_000


def test_a_model_is_sent_its_reasoning_and_its_calls_back() -> None:
    def reply(body: Any, n: int, handler: Any) -> Any:
        made = {"id": "a", "type": "function", "function": {"name": "wait", "arguments": '{"seconds": 1}'}}
        made["extra_content"] = {"signature": "xyz"}
        return completion({"content": None, "reasoning_content": "Hm.", "refusal": None, "tool_calls": [made]})

    _, _, server = play(reply, steps=2)
    back = server.bodies[1]["messages"][2]
    assert back["reasoning_content"] == "Hm."
    assert back["tool_calls"][0]["extra_content"] == {"signature": "xyz"}
    assert "refusal" not in back


def test_what_set_says_is_sent_and_plain_sends_nothing_else() -> None:
    _, _, server = play(waits, "track=llm&set=temperature:0", steps=1)
    assert (server.bodies[0]["temperature"], server.bodies[0]["parallel_tool_calls"]) == (0, False)
    _, _, server = play(waits, "track=llm&plain=true", steps=1)
    assert set(server.bodies[0]) == {"model", "messages", "tools"}


# ---------------------------------------------------------------------------------------------- its calls


def test_a_call_is_an_action() -> None:
    [action], policy, _ = play(lambda body, n, handler: calls(("press", {"mark": 7})), steps=1)
    assert (VERBS[action["verb"]], action["mark"]) == ("press", 7)
    assert policy.spent() == policy.spent() | {"calls": 1, "malformed": 0, "tokens": 100, "limit": ""}


MISTAKES = {
    "no such tool": (calls(("pres", {"mark": 1})), "there is no tool 'pres'"),
    "no JSON": (calls(("press", '{"mark": 1')), "press: the arguments aren't JSON"),
    "no object": (calls(("press", "[1]")), "expected an object"),
    "bad arguments": (calls(("press", {"mark": "five"})), "`mark`"),
    "no call": (completion({"content": "I press it."}, finish="stop"), "there was no call in your answer"),
    "cut off": (completion({"content": "I thi"}, finish="length"), "cut off where it got too long"),
    "two calls": (calls(("press", {"mark": 1}), ("press", {"mark": 2})), "there were 2 calls in your answer"),
    "no message": (completion({"content": None}), "there was no call"),
    "calls that are none": (completion({"content": None, "tool_calls": [{"function": 1}, 7]}), "there was no call"),
    "a list as text": (completion({"content": [{"type": "text", "text": "hm"}]}), "there was no call"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_answered_and_counted_and_the_world_does_not_notice(name: str) -> None:
    mistake, says = MISTAKES[name]
    [action], policy, server = play(lambda body, n, handler: WAIT if n else mistake, steps=1)
    assert VERBS[action["verb"]] == "wait"
    assert (policy.spent()["calls"], policy.spent()["malformed"]) == (2, 1)
    messages = server.bodies[1]["messages"]
    assert messages[1] == server.bodies[0]["messages"][1]
    made = mistake["choices"][0]["message"].get("tool_calls") or []
    ids = [call["id"] for call in made if isinstance(call, dict) and "id" in call]
    answers = messages[3:]
    assert [m.get("tool_call_id") for m in answers] == (ids or [None])
    assert all(says in m["content"] for m in answers)
    for call in messages[2].get("tool_calls", ()):  # servers read them as JSON objects
        assert isinstance(json.loads(call["function"]["arguments"]), dict)


def test_a_call_without_an_id_gets_one() -> None:
    made = {"function": {"name": "wait", "arguments": {"seconds": 1}}}
    _, _, server = play(lambda body, n, handler: completion({"content": "", "tool_calls": [made]}), steps=2)
    said, told = server.bodies[1]["messages"][2:]
    assert said["tool_calls"][0]["id"] == told["tool_call_id"]
    assert said["tool_calls"][0]["type"] == "function"


# ---------------------------------------------------------------------------------------------- limits


@pytest.mark.parametrize(
    ("options", "answer", "acted", "limit"),
    [
        ("calls=2", WAIT, 2, "all 2 calls are spent"),
        ("tokens=150", WAIT, 2, "all 150 tokens are spent"),
        ("malformed=3", MISTAKES["no call"][0], 0, "3 calls could not be carried out, which is as many as may be"),
    ],
)
def test_what_is_spent_takes_the_hands_off(options: str, answer: Any, acted: int, limit: str) -> None:
    actions, policy, _ = play(lambda body, n, handler: answer, f"track=llm&{options}", steps=4)
    assert [action is not None for action in actions] == [n < acted for n in range(4)]
    assert policy.spent()["limit"] == limit


def test_wall_time_is_limited() -> None:
    ticks = count()
    actions, policy, server = play(waits, "track=llm&seconds=30&timeout=60", steps=8, clock=lambda: float(next(ticks)))
    assert actions[0] is not None
    assert actions[-1] is None
    assert policy.spent()["limit"] == "the 30 s of wall time are spent"
    assert len(server.bodies) == sum(action is not None for action in actions) < 8


def test_a_slow_answer_is_the_models_own_time() -> None:
    import time

    actions, policy, _ = play(lambda body, n, handler: time.sleep(1), "track=llm&seconds=0.3", steps=2)
    assert actions == [None, None]
    assert policy.spent()["limit"] == "the 0.3 s of wall time are spent"
    assert policy.spent()["calls"] == 0


def test_tokens_that_nobody_counts_are_not_known_and_cannot_be_limited() -> None:
    uncounted = calls(("wait", {"seconds": 1}), tokens=None)
    _, policy, _ = play(lambda body, n, handler: uncounted, steps=1)
    assert policy.spent()["tokens"] is None
    with pytest.raises(AgentError, match="doesn't say how many tokens"):
        play(lambda body, n, handler: uncounted, "track=llm&tokens=5", steps=1)


def test_an_episode_begins_as_if_nothing_had_been() -> None:
    with endpoint(waits) as server:
        policy = Policy(parse(server.name("track=llm"), {}))
        for _ in range(2):
            policy.reset("secret.task-v1", 5, {})
            policy(seen("llm"), {"elapsed_us": 0})
            policy(seen("llm", 1), {"elapsed_us": 1_000_000, "said": "done"})
            assert policy.spent()["calls"] == 2
        policy.close()
    assert server.bodies[0] == server.bodies[2]
    assert server.bodies[1] == server.bodies[3]
