"""The scripted stand-in for a language model: what its rules read, and its endpoint over real HTTP."""

from __future__ import annotations

import json
import threading
from typing import Any

import httpx
import pytest

from switch_bench.agents import tools
from switch_bench.agents.tools import ToolError
from switch_bench.evaluate import bench
from switch_bench.evaluate.episode import act_out
from switch_bench.serve.scripted_brain import SLIP, answer
from switch_bench.serve.scripted_llm import ScriptedServer

SINK = {"mark": 4, "what": "rocker", "printed": "sink", "stands": "pressed in at the top"}
BOILER = {"mark": 5, "what": "rocker", "printed": "boiler"}
PLATE = {"thing": "switch plate", "marks": [BOILER, SINK]}
ASKED = "It is too dark at the sink. Switch on the lamp over it, and tell me when it is lit."


def view(*things: dict[str, Any]) -> str:
    return "You hear nothing.\nIn view: " + json.dumps({"rooms": ["utility"], "things": things})


def talk(*turns: Any, asked: str = ASKED) -> list[dict[str, Any]]:
    """A conversation: what is in view first, then (note, what was told) for each turn."""
    first, *rest = turns
    messages = [
        {"role": "system", "content": "You move a body."},
        {"role": "user", "content": f"What is asked for: {asked}\nTime: 0.0 s.\n{first}"},
    ]
    for note, told in rest:
        messages.append({"role": "assistant", "content": note, "tool_calls": [{"id": "c"}]})
        messages.append({"role": "tool", "tool_call_id": "c", "content": told})
    return messages


def said(message: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    [call] = message["tool_calls"]
    return call["function"]["name"], json.loads(call["function"]["arguments"])


TRIED = ("I try: switch plate / rocker / sink", "Done.\n" + view(PLATE))
WAITED = ("I wait for it.", "Done.\n" + view(PLATE))


def test_it_tries_what_is_printed_as_it_is_asked_for() -> None:
    assert said(answer(talk(view(PLATE)))) == ("press", {"mark": 4})


def test_it_looks_around_where_nothing_fits() -> None:
    assert said(answer(talk(view({"thing": "plant"})))) == ("look", {"direction": "left"})


def test_it_waits_and_then_reports_only_what_it_sees() -> None:
    assert said(answer(talk(view(PLATE), TRIED)))[0] == "wait"
    assert said(answer(talk(view(PLATE), TRIED, WAITED)))[0] == "look"
    for shown, name in (("it is dark", "look"), ("it is lit", "report")):
        lamp = view(PLATE, {"thing": "lamp", "shows": [shown]})
        assert said(answer(talk(view(PLATE), TRIED, ("I wait for it.", lamp))))[0] == name


def test_it_reads_from_a_list_of_parts_as_from_a_text() -> None:
    messages = talk(view(PLATE))
    parts = [{**m, "content": [{"type": "text", "text": m["content"]}]} for m in messages]
    assert answer(parts) == answer(messages)


def test_one_answer_in_so_many_has_a_mistake_in_it() -> None:
    wrong = 0
    for made in range(4 * SLIP):
        message = answer(talk(view(PLATE), *[("I look around.", view(PLATE))] * made))
        calls = message.get("tool_calls", ())
        try:
            assert len(calls) == 1
            tools.action("skill", calls[0]["function"]["name"], calls[0]["function"]["arguments"])
        except (AssertionError, ToolError):
            wrong += 1
    assert wrong == 4


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/chat/completions", b"{", 400),
        ("/v1/chat/completions", b'{"messages": []}', 400),
        ("/v1/chat/completions", b'{"messages": 1}', 400),
        ("/v2", b"{}", 404),
    ],
)
def test_what_it_cant_follow_is_refused(path: str, body: bytes, status: int) -> None:
    with ScriptedServer() as server:
        answered = httpx.post(server.url.removesuffix("/v1") + path, content=body, timeout=120)
    assert answered.status_code == status
    assert answered.json()["error"]["message"]


def test_a_picture_counts_the_same_however_many_bytes_it_has() -> None:
    def tokens(picture: str) -> int:
        messages = talk(view(PLATE))
        part = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}}
        messages[1]["content"] = [{"type": "text", "text": messages[1]["content"]}, part]
        with ScriptedServer() as server:
            answered = httpx.post(f"{server.url}/chat/completions", json={"messages": messages}, timeout=120)
        return answered.json()["usage"]["prompt_tokens"]

    assert tokens("A" * 8) == tokens("A" * 80_000)


def test_it_serves_until_it_is_closed() -> None:
    before = threading.active_count()
    server = ScriptedServer()
    assert server.url.startswith("http://127.0.0.1:")
    assert httpx.get(f"{server.url}/models", timeout=120).json()["data"][0]["id"] == "scripted"
    body = {"model": "scripted", "messages": talk(view(PLATE))}
    completion = httpx.post(f"{server.url}/chat/completions", json=body, timeout=120).json()
    assert completion["choices"][0]["message"] == answer(talk(view(PLATE)))
    assert completion["usage"]["total_tokens"] > 0
    server.close()
    assert threading.active_count() == before


def test_the_baseline_puts_the_light_on_over_http_and_alike_each_time() -> None:
    from switch_bench.baselines.scripted_llm import Policy

    policy = Policy()
    task, ends = "utility.worktop_light_on-v1", []
    env = bench.make(task, obs=policy.obs, act=policy.act, size=policy.size)
    for _ in range(2):
        obs, info = env.reset(seed=3, options={"variation": "none"})
        act_out(policy, env, bench, task, 0, obs, info)
        assert bench.verdict(env).success is True
        spent = policy.spent()
        assert spent["malformed"] >= 1
        assert spent["calls"] > spent["malformed"]
        ends.append((bench.trace(env).events, spent["calls"], spent["tokens"]))
    policy.close()
    env.close()
    assert ends[0] == ends[1]
