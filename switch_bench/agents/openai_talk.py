"""A conversation as OpenAI-style endpoints take it, kept short: only the latest views are in it whole.

The system message is the track's briefing. What a call came to is the answer of its tool; pictures, which an answer of
a tool can't hold, follow in a message of the user's. Of views older than the latest few, the pictures and the list of
what is in view are left out, and of the model's own older messages its reasoning and all but the beginning of its text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from switch_bench.agents import tools
from switch_bench.agents.tell import Told, data_url
from switch_bench.agents.tools import ToolError

ONE = " Call exactly one tool in each answer."  # which goes with the briefing
IN_VIEW = "In view: "  # how the line of `tell` begins that lists what is in view
LEFT_OUT = "(What was in view then is left out.)"
OLD_TEXT = 500  # letters of an older message of the model's
NOTHING = "(no text)"  # some servers refuse an empty message


@dataclass(frozen=True)
class Call:
    """A call of a tool, as a model made it."""

    id: str
    name: str
    arguments: Any
    raw: Mapping[str, Any]


@dataclass(frozen=True)
class _Turn:
    """A message of the model's, and what it was told then. mistake: it couldn't be carried out, so nothing was seen."""

    text: str
    calls: tuple[Call, ...]
    reasoning: Mapping[str, Any]
    told: Told
    mistake: bool = False


class Talk:
    """The conversation of one episode. memory: how many of the latest views are sent whole."""

    def __init__(self, briefing: str, act: str, memory: int) -> None:
        self._act, self._memory = act, memory
        self._briefing = briefing + ONE
        self._start: Told | None = None
        self._turns: list[_Turn] = []
        self._said: tuple[str, tuple[Call, ...], Mapping[str, Any]] = ("", (), {})
        self._made = 0

    def tell(self, told: Told) -> None:
        """What came of the last call; first: what is asked for and seen."""
        if self._start is None:
            self._start = told
        else:
            self._turns.append(_Turn(*self._said, told))
        self._forget()

    def take(self, message: Mapping[str, Any], finish: str) -> dict[str, Any]:
        """The action that a model's message comes to.

        Raises ToolError if there isn't just one call in it that can be carried out; the model has been told then.
        """
        calls = self._calls(message)
        text = message.get("content")
        reasoning = {key: value for key, value in message.items() if key.startswith("reasoning") and value}
        self._said = (text if isinstance(text, str) else "", calls, reasoning)
        try:
            if len(calls) != 1:
                raise ToolError(one_call(self._act, len(calls), cut_off=finish == "length"))
            return tools.action(self._act, calls[0].name, calls[0].arguments)
        except (ToolError, RecursionError) as error:
            why = str(error) if isinstance(error, ToolError) else f"{calls[0].name}: the arguments nest too deeply"
            self._turns.append(_Turn(*self._said, Told(why), mistake=True))
            raise ToolError(why) from error

    def body(self) -> dict[str, Any]:
        """What is sent: messages and tools."""
        assert self._start is not None
        messages: list[dict[str, Any]] = [
            {"role": "system", "content": self._briefing},
            {"role": "user", "content": _content(self._start.text, self._start)},
        ]
        for i, turn in enumerate(self._turns):
            messages += _told(turn, late=i >= len(self._turns) - self._memory)
        return {"messages": messages, "tools": offered(self._act)}

    def _forget(self) -> None:
        """Leave out what was in view before the latest few views."""
        views = [i for i, turn in enumerate(self._turns) if not turn.mistake]
        for i in views[: -self._memory]:
            self._turns[i] = replace(self._turns[i], told=_short(self._turns[i].told))
        if self._start is not None and len(views) >= self._memory:
            self._start = _short(self._start)

    def _calls(self, message: Mapping[str, Any]) -> tuple[Call, ...]:
        """The calls in a message that have the form of a call."""
        found = message.get("tool_calls")
        calls = []
        for raw in found if isinstance(found, list) else ():
            function = raw.get("function") if isinstance(raw, dict) else None
            if isinstance(function, dict) and isinstance(function.get("name"), str):
                self._made += 1
                id = raw.get("id")
                id = id if isinstance(id, str) and id else f"call_{self._made}"
                calls.append(Call(id, function["name"], function.get("arguments"), raw))
        return tuple(calls)


def one_call(act: str, count: int, *, cut_off: bool) -> str:
    """What a model is told whose answer holds no call, or several. cut_off: it came to the limit of its length."""
    cut = " Your answer was cut off where it got too long." if cut_off else ""
    if count:
        return f"there were {count} calls in your answer, and none was carried out: call one tool at a time.{cut}"
    return f"there was no call in your answer: call one of {', '.join(tools.tools(act))}.{cut}"


def offered(act: str) -> list[dict[str, Any]]:
    """The tools of an `act`, as endpoints take them."""
    return [
        {
            "type": "function",
            "function": {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)},
        }
        for tool in tools.tools(act).values()
    ]


def _told(turn: _Turn, *, late: bool) -> list[dict[str, Any]]:
    """The messages of a turn. late: with all that the model said."""
    text = turn.text if late else turn.text[:OLD_TEXT]
    said: dict[str, Any] = {"role": "assistant", "content": text or (None if turn.calls else NOTHING)}
    if not turn.calls:
        return [said, {"role": "user", "content": turn.told.text}]
    said["tool_calls"] = [_echo(call) for call in turn.calls]
    said |= turn.reasoning if late else {}
    messages = [said, *({"role": "tool", "tool_call_id": call.id, "content": turn.told.text} for call in turn.calls)]
    if turn.told.images:
        messages.append({"role": "user", "content": _content("What you see now:", turn.told)})
    return messages


def _echo(call: Call) -> dict[str, Any]:
    """A call as it is sent back: as it came, but with arguments that are an object, or servers choke on their own."""
    arguments = call.arguments
    if isinstance(arguments, str):
        try:
            arguments = json.loads(arguments)
        except (ValueError, RecursionError):
            arguments = None
    kept = json.dumps(arguments) if isinstance(arguments, dict) else "{}"
    function = {**call.raw["function"], "name": call.name, "arguments": kept if len(kept) <= OLD_TEXT else "{}"}
    return {**call.raw, "id": call.id, "type": "function", "function": function}


def _short(told: Told) -> Told:
    return Told(without_view(told.text, pictured=bool(told.images)))


def without_view(text: str, *, pictured: bool) -> str:
    """What was told without what was in view. pictured: there were pictures, too."""
    lines = text.splitlines()
    kept = [line for line in lines if not line.startswith(IN_VIEW)]
    return "\n".join([*kept, LEFT_OUT] if pictured or len(kept) < len(lines) else lines)


def _content(text: str, told: Told) -> str | Sequence[dict[str, Any]]:
    """A message's content: a text, or a text with pictures."""
    if not told.images:
        return text
    pictures = [{"type": "image_url", "image_url": {"url": data_url(image)}} for image in told.images]
    return [{"type": "text", "text": text}, *pictures]
