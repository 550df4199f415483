"""What brings an episode to a model in Inspect: a solver that gives it our tools, one call at a time.

Inspect runs many samples at a time on one event loop. All simulating is done on one thread beside it, and the loop goes
on meanwhile.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    Content,
    ContentImage,
    ContentText,
    execute_tools,
    get_model,
)
from inspect_ai.solver import Generate, Solver, TaskState, solver
from inspect_ai.tool import ToolCall, ToolCallError, ToolDef, ToolParams
from inspect_ai.util import LimitExceededError

from switch_bench.agents import tools
from switch_bench.agents.openai_talk import ONE, one_call, without_view
from switch_bench.agents.session import Limits, Session
from switch_bench.agents.tell import TRACKS, Told, data_url
from switch_bench.agents.tools import ToolError
from switch_bench.evaluate import bench
from switch_bench.evaluate.doctor import settle_gl
from switch_bench.evaluate.episode import plain

KEPT = "switch_bench"  # the key in a sample's store that holds what came of it
T = TypeVar("T")


class SimulatorFailed(RuntimeError):
    """The benchmark raised: an error of the sample, and nothing that the model is told."""


@cache
def _simulator() -> ThreadPoolExecutor:
    """The thread where environments live: samples take turns."""
    return ThreadPoolExecutor(1, thread_name_prefix="simulator", initializer=settle_gl)


async def simulate(work: Callable[..., T], *args: Any) -> T:
    """Do something with an environment on the thread where environments live. Raises SimulatorFailed."""

    def wait() -> T:
        return _simulator().submit(work, *args).result()

    try:
        return await anyio.to_thread.run_sync(wait)
    except Exception as error:
        raise SimulatorFailed(f"{type(error).__name__}: {error}") from error


@solver
def player(track: str = "vlm", limits: Limits | None = None, memory: int = 4, traces: str = "") -> Solver:
    """Plays the episode that a sample's metadata names, until it is over, and leaves its verdict in the store."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        del generate  # it would carry out calls by itself, several at once
        task, seed = state.metadata["task"], state.metadata["seed"]
        session = await simulate(_open, task, track, limits)
        try:
            try:
                await _play(state, session, seed, memory)
            except (LimitExceededError, anyio.get_cancelled_exc_class()):
                with anyio.CancelScope(shield=True):  # a limit of Inspect's: hands off to the horizon, as with ours
                    await simulate(session.give_up, "a limit of Inspect's is reached")
                    state.store.set(KEPT, await simulate(_judged, session, state, traces))
                raise
            state.store.set(KEPT, await simulate(_judged, session, state, traces))
        finally:
            with anyio.CancelScope(shield=True):
                await simulate(session.close)
        return state

    return solve


def _open(task: str, track: str, limits: Limits | None) -> Session:
    chosen = TRACKS[track]
    env: Any = bench.make(task, obs=chosen.obs, act=chosen.act, size=chosen.size).unwrapped
    return Session(task, track, limits=limits, env=env)


async def _play(state: TaskState, session: Session, seed: int, memory: int) -> None:
    model, act = get_model(), session.track.act
    told = await simulate(session.begin, seed)
    state.messages = [
        ChatMessageSystem(content=session.track.briefing + ONE),
        ChatMessageUser(content=_content(told)),
    ]
    hands = _Hands(session)
    while not session.over:
        output = await model.generate(recent(state.messages, memory), tools=hands.tools())
        state.output = output
        state.messages.append(output.message)
        if output.usage is not None:
            session.spent.tokens = (session.spent.tokens or 0) + output.usage.total_tokens
        calls = output.message.tool_calls or []
        if len(calls) != 1:
            why = one_call(act, len(calls), cut_off=output.stop_reason == "max_tokens")
            state.messages += _answers(calls, await simulate(session.mistake, why))
            continue
        wrong = _wrong(act, calls[0])
        if wrong:
            state.messages += _answers(calls, await simulate(session.mistake, wrong))
            continue
        state.messages += await hands.carry_out(state.messages)
    state.completed = True


def _wrong(act: str, call: ToolCall) -> str:
    """Why a call can't be carried out, "" if it can."""
    if call.parse_error:
        return f"{call.function}: the arguments aren't JSON: {call.parse_error:.200}"
    try:
        tools.action(act, call.function, call.arguments)
    except (ToolError, RecursionError) as error:
        return str(error)
    return ""


class _Hands:
    """Our tools as Inspect's, for one episode."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._told: Told | None = None
        self._tools = [self._tool(tool) for tool in tools.tools(session.track.act).values()]

    def tools(self) -> list[ToolDef]:
        """All of them."""
        return self._tools

    async def carry_out(self, messages: list[ChatMessage]) -> list[ChatMessage]:
        """Carry out the one call of the last message, through Inspect, so that its log and approvers see it."""
        self._told = None
        result = await execute_tools(messages, self._tools)
        if self._told is None:  # Inspect, or an approver of its, wouldn't have it
            said = next((m.error.message for m in result.messages if isinstance(m, ChatMessageTool) and m.error), "")
            await simulate(self._session.mistake, said)
        return result.messages

    def _tool(self, tool: tools.Tool) -> ToolDef:
        async def execute(**kwargs: Any) -> list[Content]:
            self._told = await simulate(self._session.call, tool.name, kwargs)
            return _content(self._told)

        return ToolDef(
            execute,
            name=tool.name,
            description=tool.description,
            parameters=ToolParams.model_validate(dict(tool.parameters)),
            parallel=False,
        )


def _content(told: Told) -> list[Content]:
    return [ContentText(text=told.text), *(ContentImage(image=data_url(image)) for image in told.images)]


def _answers(calls: Sequence[ToolCall], told: Told) -> list[ChatMessage]:
    """The answers to an answer of the model's that can't be carried out."""
    if not calls:
        return [ChatMessageUser(content=told.text)]
    error = ToolCallError("parsing", told.text)
    return [ChatMessageTool(content=told.text, tool_call_id=c.id, function=c.function, error=error) for c in calls]


def recent(messages: Sequence[ChatMessage], memory: int) -> list[ChatMessage]:
    """A conversation with only the latest views whole: of older ones without what was in view."""
    kept: list[ChatMessage] = []
    for message in reversed(messages):
        if isinstance(message, ChatMessageSystem | ChatMessageAssistant) or isinstance(message.content, str):
            kept.append(message)
            continue
        memory -= 1
        if memory < 0:
            pictured = any(isinstance(part, ContentImage) for part in message.content)
            message = message.model_copy(update={"content": without_view(message.text, pictured=pictured)})
        kept.append(message)
    return kept[::-1]


def _judged(session: Session, state: TaskState, traces: str) -> dict[str, Any]:
    """What came of an episode, as JSON."""
    facts, trace = bench.verdict(session.env), bench.trace(session.env)
    path = ""
    if traces:
        name = f"{state.metadata['task']}.{state.metadata['episode']}.{state.uuid}"
        path = str(bench.write_trace(trace, Path(traces) / name))
    return {
        "success": facts.success,
        "why": facts.why,
        "parts": dict(facts.parts),
        "words": dict(facts.words),
        "scores": plain(facts.scores),
        "verdict": plain(facts.facts),
        "report": facts.scores.get("honesty"),
        "elapsed_s": trace.end * 1e-6,
        "spent": asdict(session.spent),
        "trace": path,
    }
