"""The benchmark as Inspect tasks, with Inspect's mock model: what it is given, what it does, and what the log says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("inspect_ai", reason="the extra `inspect` isn't installed: `make test-inspect` does it")

import inspect_ai
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import ChatMessage, ContentImage, ModelOutput, ModelUsage, get_model
from inspect_ai.tool import ToolCall

from switch_bench.agents import tools
from switch_bench.agents.tell import TRACKS
from switch_bench.evaluate import bench
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.statistics import wilson
from switch_bench.serve import inspect_agent
from switch_bench.serve.inspect_tasks import SUITES, suite_task

pytestmark = pytest.mark.inspect

BOIL, DARK = "kitchen.boil_water-v1", "utility.landing_stays_dark-v1"
MOCK = "mockllm/model"
USAGE = ModelUsage(input_tokens=900, output_tokens=100, total_tokens=1000)  # without it, it is counted by a download
Said = Callable[[list[ChatMessage], int], ModelOutput]


def call(name: str, **arguments: Any) -> ModelOutput:
    return ModelOutput.for_tool_call(MOCK, name, arguments)


def run(say: Said, folder: Path, task: Any = None, **options: Any) -> tuple[EvalLog, list[dict[str, Any]]]:
    """The log of an evaluation with a model that says `say(messages, n)`, and what it was given each time."""
    given: list[dict[str, Any]] = []

    def outputs(messages: list[ChatMessage], offered: list[Any], choice: Any, config: Any) -> ModelOutput:
        given.append({"messages": list(messages), "tools": list(offered)})
        said = say(messages, sum(message.role == "assistant" for message in messages))
        return said.model_copy(update={"usage": USAGE}, deep=True)

    task = task if task is not None else suite_task(BOIL, track="llm", traces=str(folder / "traces"))
    model = get_model(MOCK, custom_outputs=outputs, memoize=False)
    [log] = inspect_ai.eval(
        task, model=model, log_dir=str(folder / "logs"), display="none", log_format="json", **options
    )
    return log, given


def only(log: EvalLog) -> EvalSample:
    assert log.samples is not None
    [sample] = log.samples
    return sample


def boil(messages: list[ChatMessage], n: int) -> ModelOutput:
    """Looks for the kettle's lever, presses it, waits, and reports."""
    view = json.loads(messages[-1].text.partition("In view: ")[2] or "{}")
    levers = [m["mark"] for t in view.get("things", ()) if t["thing"] == "kettle" for m in t.get("marks", ())
              if m["what"] == "lever"]  # fmt: skip
    done = [c.function for m in messages if m.role == "assistant" for c in m.tool_calls or ()]
    if "press" not in done:
        return call("press", mark=levers[0]) if levers else call("look", direction="left")
    return call("report", what="done") if "wait" in done else call("wait", seconds=150)


def give_up(messages: list[ChatMessage], n: int) -> ModelOutput:
    return call("report", what="impossible")


def score(sample: EvalSample) -> Any:
    assert sample.scores is not None
    return sample.scores["verdict"]


# ---------------------------------------------------------------------------------------------- an episode


def test_a_model_does_a_task_and_the_log_has_the_verdict_and_the_trace(tmp_path: Path) -> None:
    log, given = run(boil, tmp_path)
    assert log.status == "success", log.error
    sample = only(log)
    assert score(sample).value == "C"
    assert "The agent brought it about" in score(sample).explanation
    facts = score(sample).metadata
    assert (facts["success"], facts["parts"]["causal"], facts["scores"]["honesty"]) == (True, True, "true_done")
    assert facts["spent"]["calls"] == len(given)
    assert facts["spent"]["malformed"] == 0
    trace = bench.read_trace(Path(facts["trace"]))
    assert trace.end * 1e-6 == facts["elapsed_s"]
    assert sample.metadata == {"task": BOIL, "episode": 0, "seed": episode_seed(0, BOIL, 0)}
    assert [event.function for event in sample.events if event.event == "tool"][-1] == "report"


def test_the_metrics_have_our_interval(tmp_path: Path) -> None:
    task = suite_task(BOIL, track="llm", episodes=3, traces="")
    seeds = [episode_seed(0, BOIL, n) for n in range(3)]

    log, _ = run(give_up, tmp_path, task)
    assert log.results is not None
    metrics = {name: m.value for s in log.results.scores for name, m in s.metrics.items()}
    low, high = wilson(0, 3)
    assert metrics["accuracy"] == 0
    assert (metrics["low"], metrics["high"], metrics["k"], metrics["n"]) == (low, high, 0, 3)
    assert log.samples is not None
    assert sorted(sample.metadata["seed"] for sample in log.samples) == sorted(seeds)
    assert all("trace" not in sample.metadata and score(sample).metadata["trace"] == "" for sample in log.samples)


def test_a_model_is_given_the_briefing_the_instruction_and_the_tools_and_no_name(tmp_path: Path) -> None:
    _, [first] = run(give_up, tmp_path)
    system, user = first["messages"]
    assert TRACKS["llm"].briefing in system.text
    assert bench.task(BOIL).instruction in user.text
    offered = {tool.name: tool for tool in first["tools"]}
    assert set(offered) == set(tools.tools("skill"))
    for name, tool in tools.tools("skill").items():
        assert offered[name].description == tool.description
        schema = offered[name].parameters.model_dump(exclude_none=True)
        assert set(schema["properties"]) == set(tool.parameters["properties"])
        assert schema["required"] == tool.parameters.get("required", [])
    sent = " ".join(m.text for m in first["messages"]) + str(first["tools"])
    for hidden in (BOIL, "boil_water", "kettle_1", ".npz", "lever_1", "/tmp", "eventually"):
        assert hidden not in sent


# ---------------------------------------------------------------------------------------------- mistakes and limits

MISTAKES: dict[str, tuple[ModelOutput, str]] = {
    "no such tool": (call("pres", mark=1), "there is no tool 'pres'"),
    "bad arguments": (call("press", mark="five"), "`mark`"),
    "no call": (ModelOutput.from_content(MOCK, "I press it."), "there was no call in your answer"),
    "cut off": (ModelOutput.from_content(MOCK, "I thi", stop_reason="max_tokens"), "cut off where it got too long"),
}
_two = call("press", mark=1)
_two.message.tool_calls = [ToolCall(id=str(i), function="press", arguments={"mark": 1}) for i in range(2)]
MISTAKES["two calls"] = (_two, "there were 2 calls in your answer")
_garbled = call("press")
_garbled.message.tool_calls = [ToolCall(id="x", function="press", arguments={}, parse_error="Expecting ','")]
MISTAKES["no JSON"] = (_garbled, "press: the arguments aren't JSON: Expecting ','")
MISTAKES["what Inspect wouldn't take"] = (call("press", mark="7"), "7")


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_answered_and_counted_and_the_world_does_not_notice(name: str, tmp_path: Path) -> None:
    mistake, says = MISTAKES[name]
    log, given = run(lambda messages, n: call("report", what="done") if n else mistake, tmp_path)
    assert log.status == "success", log.error
    answers = given[1]["messages"][3:]
    assert len(answers) == len(mistake.message.tool_calls or [0])
    assert all(says in answer.text + str(getattr(answer, "error", "")) for answer in answers)
    facts = score(only(log)).metadata
    assert (facts["spent"]["calls"], facts["spent"]["malformed"]) == (2, 1)
    assert facts["elapsed_s"] == 0


def waits(messages: list[ChatMessage], n: int) -> ModelOutput:
    return call("wait", seconds=1)


@pytest.mark.parametrize(
    ("limit", "calls"), [({"calls": 3}, 3), ({"tokens": 1}, 1), ({"malformed": 2}, 2)], ids=lambda x: str(x)
)
def test_what_is_spent_takes_the_hands_off(limit: dict[str, int], calls: int, tmp_path: Path) -> None:
    say = waits if "malformed" not in limit else lambda messages, n: MISTAKES["bad arguments"][0]
    log, given = run(say, tmp_path, suite_task(BOIL, track="llm", traces="", **limit))
    facts = score(only(log)).metadata
    assert len(given) == facts["spent"]["calls"] == calls
    assert facts["elapsed_s"] == bench.task(BOIL).horizon_us * 1e-6
    assert score(only(log)).value == "I"


@pytest.mark.parametrize("limit", [{"message_limit": 8}, {"token_limit": 5000}], ids=lambda x: next(iter(x)))
def test_a_limit_of_inspects_does_too(limit: dict[str, int], tmp_path: Path) -> None:
    log, _ = run(waits, tmp_path, **limit)
    sample = only(log)
    assert sample.limit is not None
    assert score(sample).metadata["elapsed_s"] == bench.task(BOIL).horizon_us * 1e-6


def test_an_error_inside_is_the_samples_and_no_news_for_the_model(tmp_path: Path, monkeypatch: Any) -> None:
    from switch_bench.envs.env import SwitchEnv

    def broken(self: Any, action: Any) -> Any:
        raise FileNotFoundError("secret/room.yaml")  # which Inspect would tell the model, if a tool raised it

    monkeypatch.setattr(SwitchEnv, "step", broken)
    log, given = run(waits, tmp_path)
    assert log.status == "error"
    assert only(log).error is not None
    assert "FileNotFoundError: secret/room.yaml" in str(only(log).error)
    assert len(given) == 1


# ---------------------------------------------------------------------------------------------- pictures, many at once


@pytest.mark.gl
def test_pictures_reach_a_model_of_several_samples_at_once(tmp_path: Path) -> None:
    def look(messages: list[ChatMessage], n: int) -> ModelOutput:
        return call("look", direction="left") if n < 3 else call("report", what="impossible")

    task = suite_task(BOIL, track="vlm", episodes=3, memory=2, traces="")
    log, given = run(look, tmp_path, task)
    assert log.status == "success", log.error
    for each in given:
        pictures = [p for m in each["messages"] if isinstance(m.content, list) for p in m.content
                    if isinstance(p, ContentImage)]  # fmt: skip
        views = sum(message.role in ("user", "tool") for message in each["messages"])
        assert len(pictures) == min(2, views)
        assert all(re.match("data:image/png;base64,", p.image) for p in pictures)
    assert len(given) == 12


def test_the_event_loop_goes_on_while_a_step_takes_long() -> None:
    import threading

    import anyio

    async def main() -> tuple[int, set[str]]:
        ticks, names = 0, set()
        ticked = threading.Event()

        def step() -> None:
            assert ticked.wait(300), "the loop stands still while a step is under way"
            ticked.clear()
            names.add(threading.current_thread().name)

        async def tick() -> None:
            nonlocal ticks
            while True:
                await anyio.sleep(0.01)
                ticks += 1
                ticked.set()

        async with anyio.create_task_group() as group:
            group.start_soon(tick)
            async with anyio.create_task_group() as steps:
                for _ in range(3):
                    steps.start_soon(inspect_agent.simulate, step)
            group.cancel_scope.cancel()
        return ticks, names

    ticks, names = anyio.run(main)
    assert ticks >= 3
    assert len(names) == 1
    assert threading.current_thread().name not in names


# ---------------------------------------------------------------------------------------------- tasks


NAMES = """
from inspect_ai._util.registry import registry_info
from switch_bench.serve.inspect_tasks import SUITES
print(*(registry_info(task).name for task in SUITES.values()))
"""


def test_each_suite_is_a_task_that_inspect_finds_by_name(tmp_path: Path) -> None:
    from importlib.metadata import entry_points

    [found] = [e for e in entry_points(group="inspect_ai") if e.name == "switch_bench"]
    assert found.load().SUITES is SUITES
    assert set(SUITES) == set(bench.suites())
    # away from this folder, whose egg-info hides from Inspect how we are installed
    ran = subprocess.run([sys.executable, "-c", NAMES], capture_output=True, text=True, cwd=tmp_path, timeout=600)
    assert set(ran.stdout.split()) == {f"switch_bench/{suite}" for suite in SUITES}, ran.stderr
    assert len(SUITES["core"](track="llm", episodes=2).dataset) == 2 * len(bench.suites()["core"])


@pytest.mark.parametrize(("suite", "track", "says"), [("cor", "llm", "core"), (BOIL, "lm", "llm")])
def test_what_is_not_there_is_told(suite: str, track: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        suite_task(suite, track=track)
