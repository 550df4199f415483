"""A few rules in place of a language model: they read what a model is sent, and nothing else, and call tools.

They find words of what is asked for among the things in view and what is printed there, look around and walk to rooms
that are named, try what fits best, wait, and report only what they can see or hear. What they did before they know from
the conversation, like a model does. Now and then they make a mistake in a call, so that this path is used, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Messages = Sequence[Mapping[str, Any]]

ASKED, IN_VIEW, HEAR = "What is asked for: ", "In view: ", "You hear: "
SLIP = 7  # of so many answers one has a mistake in it
GLANCES, TRIES, WALKS, WAITS = 8, 3, 3, 12  # at most, of each: looks and waits in a row, controls, rooms
NEEDED = 3  # a control that fits less well isn't tried
LONG, SHORT, REST = 15.0, 2.0, 3600.0  # s of waiting
DULL = re.compile(
    "an?|and|any|are|as|at|be|by|can|do|for|from|has|have|if|in|is|it|its|left|me|not|now|off?|on|one|only|or|out|over|"
    "say|see|so|tell|that|the|then|them|there|this|to|turn|up|what|when|which|who|with|without|you|your"
)  # words that say nothing of where to look
SLOW = frozenset(("boil", "warm", "heat", "preheat", "cotton", "programme", "cold", "minute", "thermostat"))
LIGHTS = frozenset(("light", "lamp"))
PLATES = ("switch plate", "dimmer plate", "push-button plate", "home panel", "remote")
ROOMS = ("kitchen", "hall", "living room", "utility room", "landing")
ABSENT = re.compile(r"n't|\bdark\b|\bblank\b|\b0%|\bclosed\b|\bstands on\b|\boff\b")


@dataclass(frozen=True)
class Choice:
    """A control in view, how well it fits, and what it is called in notes."""

    score: float
    mark: int
    what: str
    name: str


def answer(messages: Messages) -> dict[str, Any]:
    """The next message of the assistant in an OpenAI-style conversation."""
    made = sum(message["role"] == "assistant" for message in messages)
    note, name, arguments = _next(messages)
    slip = made // SLIP if made % SLIP == SLIP - 2 else -1
    if slip >= 0:
        return _slip(slip % 4, f"call_{made}", name, arguments)
    return {"role": "assistant", "content": note, "tool_calls": [_call(f"call_{made}", name, json.dumps(arguments))]}


def _call(id: str, name: str, arguments: str) -> dict[str, Any]:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def _slip(kind: int, id: str, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """What would have been said, with a mistake in it: an argument or a bracket too much, two calls, or none."""
    if kind == 3:
        return {"role": "assistant", "content": "I think about it."}
    said = [json.dumps({**arguments, "how": "gently"}), json.dumps(arguments)[:-1], json.dumps(arguments)][kind]
    twice = 2 if kind == 2 else 1
    return {"role": "assistant", "content": None, "tool_calls": [_call(f"{id}_{i}", name, said) for i in range(twice)]}


# ---------------------------------------------------------------------------------------------------------- the rules


def _next(messages: Messages) -> tuple[str, str, dict[str, Any]]:
    """What to do: a note to itself, a tool, its arguments."""
    texts = [text for message in messages if message["role"] in ("user", "tool") for text in _texts(message)]
    asked = next(text for text in texts if ASKED in text).partition(ASKED)[2].partition("\n")[0]
    view = next((json.loads(text.partition(IN_VIEW)[2]) for text in reversed(texts) if IN_VIEW in text), {})
    heard = texts[-1].partition(HEAR)[2].partition("\n")[0]
    notes = [str(m["content"] or "") for m in messages if m["role"] == "assistant" and m.get("tool_calls")]
    notes = [note for note in notes if note]
    words = _words(asked)
    tried = [note.partition(": ")[2] for note in notes if note.startswith("I try")]
    since = next((i for i, note in enumerate(reversed(notes)) if note.startswith("I try")), len(notes))
    waited = next((i for i, note in enumerate(reversed(notes)) if not note.startswith("I wait")), len(notes))
    if tried:
        if since == 0:
            return "I wait for it.", "wait", {"seconds": SHORT}
        proof = _proof(view, heard, words)
        if proof:
            return f"I report, since {proof}.", "report", {"what": "done"}
        if words & SLOW and since == waited < WAITS:
            return "I wait for it.", "wait", {"seconds": LONG}
    fit = next((c for c in _choices(view, words) if c.name not in tried), None)
    if fit is not None and fit.score >= NEEDED and len(tried) < TRIES and (not tried or since > GLANCES):
        return f"I try: {fit.name}", *_act(fit, asked)
    walked = [note.partition(": ")[2] for note in notes if note.startswith("I go to: ")]
    room = next((room for room in ROOMS if room in asked.replace("-", " ") and room not in walked), "")
    looked = next((i for i, note in enumerate(reversed(notes)) if not note.startswith("I look")), len(notes))
    if room and len(walked) < WALKS and not tried and (looked >= GLANCES or not walked):
        return f"I go to: {room}", "goto", {"room": room}
    if looked < GLANCES:
        high = bool(tried) and looked == 0 and bool(words & LIGHTS)  # lamps hang higher than switches
        return f"I look {'up' if high else 'around'}.", "look", {"direction": "up" if high else "left"}
    if fit is not None and fit.score >= NEEDED and len(tried) < TRIES:
        return f"I try: {fit.name}", *_act(fit, asked)
    return "I don't know, so I say nothing.", "wait", {"seconds": REST}


def _act(choice: Choice, asked: str) -> tuple[str, dict[str, Any]]:
    """A tool for a control."""
    mark = {"mark": choice.mark}
    if choice.what == "door":
        return ("open" if "open" in asked.lower() else "close"), mark
    if choice.what in ("knob", "push-and-turn knob"):
        number = re.search(r"\b\d+\b", asked)
        return "turn", mark | ({"to": number[0]} if number else {"radians": 1.5})
    if choice.what == "slider":
        return "slide", mark | {"metres": 0.02}
    return "press", mark


def _choices(view: Mapping[str, Any], words: frozenset[str]) -> list[Choice]:
    """The controls in view, those that fit best first."""
    found = []
    for thing in view.get("things", ()):
        called = _words(thing["thing"]) & words
        for mark in thing.get("marks", ()):
            printed, stands = _words(mark.get("printed", "")), mark.get("stands", "")
            score = 2.0 * len(called) + 2.5 * len(printed & words)
            score += 2 * (thing["thing"] in PLATES and bool(words & LIGHTS))
            score += 1.5 * (mark["what"] == "lever" and "boil" in words)
            score += 8 * (stands == "tripped") - 4 * (stands == "greyed out")
            score += 1.5 * ("start" in printed) - 4 * (mark["what"] == "door" and "door" not in words)
            name = " / ".join((thing["thing"], mark["what"], mark.get("printed", "")))
            found.append(Choice(score, mark["mark"], mark["what"], name))
    return sorted(found, key=lambda choice: (-choice.score, choice.mark))


def _proof(view: Mapping[str, Any], heard: str, words: frozenset[str]) -> str:
    """What in view or in the air shows that it is done, "" if nothing does."""
    if "boil" in heard:
        return "I hear it boil"
    for thing in view.get("things", ()):
        about = _words(thing["thing"])
        if "boil" in words:
            if thing["thing"] == "kettle" and any(
                mark["what"] == "lever" and mark.get("stands") == "off" for mark in thing.get("marks", ())
            ):
                return "it has switched itself off"
        elif thing["thing"] == "lamp" if words & LIGHTS else about & words:
            shown = next((s for s in thing.get("shows", ()) if not ABSENT.search(s) and "display" not in s), "")
            if shown:
                return shown
    return ""


# ---------------------------------------------------------------------------------------------------------- reading


def _texts(message: Mapping[str, Any]) -> Iterator[str]:
    content = message["content"]
    parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
    yield from (part["text"] for part in parts if part["type"] == "text")


def _words(text: str) -> frozenset[str]:
    """The words of a text that mean something, without endings."""
    found = re.findall(r"[a-z]+", text.lower())
    return frozenset(re.sub(r"(?<=[a-z]{3})(ing|ed|s)$", "", word) for word in found if not DULL.fullmatch(word))
