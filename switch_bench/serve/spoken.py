"""Commands that a person types, as calls of tools: "press 5", "turn 3 to 180", "wait 90"."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from switch_bench.agents.tools import KINDS, ToolError
from switch_bench.spec.errors import did_you_mean

Call = tuple[str, dict[str, Any]]
NUMBER = r"-?\d+(?:\.\d+)?"
DIRECTIONS = ("left", "right", "up", "down", "ahead")

WAYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "skill": (
        ("look left", "turn the head left, right, up or down, or look ahead"),
        ("look 5", "look at what has the number 5"),
        ("goto 5", "walk up to it; or to a room: goto kitchen"),
        ("read 5", "look at it closely"),
        ("press 5", "press it and let go"),
        ("hold 5 3", "keep it pressed for 3 seconds"),
        ("turn 5 to 180", "turn a knob to what is printed there, or by an angle: turn 5 by 90 degrees"),
        ("slide 5 to high", "move a slider to what is printed there, or by a way: slide 5 by -2 cm"),
        ("open 5", "open a door or lid; or close 5"),
        ("type 5 30", "press keys one after the other; with spaces where a key has more: type 5 3 0 start"),
        ("wait 90", "let 90 seconds pass"),
        ("report done", "end by saying that it is done, or report impossible"),
    ),
    "pixel": (
        ("look 0.9 0.5", "turn towards a point of the picture: 0 0 is its upper left corner, 1 1 its lower right"),
        ("goto 0.5 0.6", "walk up to what is there"),
        ("read 0.5 0.6", "look at it closely"),
        ("tap 0.5 0.6", "press there and let go"),
        ("hold 0.5 0.6 3", "keep pressing for 3 seconds"),
        ("drag 0.5 0.6 to 0.7 0.6", "press and move to another point"),
        ("turn 0.5 0.6 by 90 degrees", "turn what is there; to push it in first, add push"),
        ("wait 90", "let 90 seconds pass"),
        ("report done", "end by saying that it is done, or report impossible"),
    ),
}


def usage(act: str) -> str:
    """What can be typed, a line each."""
    ways = (*WAYS[act], ("view", "see again what you saw last"), ("quit", "stop here, with your hands off to the end"))
    wide = max(len(way) for way, _ in ways)
    return "\n".join(f"  {way:<{wide}}  {what}" for way, what in ways)


def understand(act: str, line: str) -> Call:
    """The call that a line comes to.

    Raises ToolError: it can't be understood; the message says how such a line is written.
    """
    verb, _, rest = " ".join(line.split()).partition(" ")
    verb = verb.lower()
    known = {kind.verb for kind in KINDS[act]}
    if verb not in known:
        raise ToolError(
            f"{verb[:40]!r} isn't a command. {did_you_mean(verb, known).rstrip('.')}; help says how to use them."
        )
    made = (_SKILLS if act == "skill" else _POINTS)[verb](rest)
    if made is None:
        ways = "; ".join(f"{way} ({what})" for way, what in WAYS[act] if way.partition(" ")[0] == verb)
        raise ToolError(f"{verb}: write it as {ways}" if ways else f"{verb}: write it as {verb} 5")
    return verb, made


def _mark(rest: str) -> dict[str, Any] | None:
    found = re.fullmatch(r"(\d+)", rest)
    return {"mark": int(found[1])} if found else None


def _look(rest: str) -> dict[str, Any] | None:
    return {"direction": rest.lower()} if rest.lower() in DIRECTIONS else _mark(rest)


def _goto(rest: str) -> dict[str, Any] | None:
    return (_mark(rest) or {"room": re.sub(r"^(to )?(the )?", "", rest)}) if rest else None


def _hold(rest: str) -> dict[str, Any] | None:
    found = re.fullmatch(rf"(\d+) (?:for )?({NUMBER})(?: ?s(?:econds)?)?", rest)
    return {"mark": int(found[1]), "seconds": float(found[2])} if found else None


def _carried(by: str, unit: str, scale: float) -> Callable[[str], dict[str, Any] | None]:
    def read(rest: str) -> dict[str, Any] | None:
        if found := re.fullmatch(rf"(\d+) by ({NUMBER})(?: ?{unit})?", rest):
            return {"mark": int(found[1]), by: float(found[2]) * scale}
        if found := re.fullmatch(r"(\d+) to (.+)", rest):
            return {"mark": int(found[1]), "to": found[2]}
        return None

    return read


def _type(rest: str) -> dict[str, Any] | None:
    found = re.fullmatch(r"(\d+) (.+)", rest)
    return {"mark": int(found[1]), "keys": found[2]} if found else None


def _wait(rest: str) -> dict[str, Any] | None:
    found = re.fullmatch(rf"({NUMBER})(?: ?s(?:econds)?)?", rest)
    return {"seconds": float(found[1])} if found else None


def _report(rest: str) -> dict[str, Any] | None:
    return {"what": rest.lower()} if rest.lower() in ("done", "impossible") else None


def _point(rest: str) -> dict[str, Any] | None:
    found = re.fullmatch(rf"({NUMBER}) ({NUMBER})", rest)
    return {"x": float(found[1]), "y": float(found[2])} if found else None


def _hold_at(rest: str) -> dict[str, Any] | None:
    found = re.fullmatch(rf"({NUMBER} {NUMBER}) (?:for )?({NUMBER})(?: ?s(?:econds)?)?", rest)
    return {**(_point(found[1]) or {}), "seconds": float(found[2])} if found else None


def _drag(rest: str) -> dict[str, Any] | None:
    found = re.fullmatch(rf"({NUMBER} {NUMBER}) (?:to )?({NUMBER}) ({NUMBER})", rest)
    return {**(_point(found[1]) or {}), "to_x": float(found[2]), "to_y": float(found[3])} if found else None


def _turn_at(rest: str) -> dict[str, Any] | None:
    found = re.fullmatch(rf"({NUMBER} {NUMBER}) by ({NUMBER})(?: ?(?:°|degrees?))?( push)?", rest)
    if not found:
        return None
    return {**(_point(found[1]) or {}), "radians": math.radians(float(found[2])), "push": found[3] is not None}


Reader = Callable[[str], dict[str, Any] | None]
_SKILLS: Mapping[str, Reader] = {
    "look": _look, "goto": _goto, "read": _mark, "press": _mark, "hold": _hold, "open": _mark, "close": _mark,
    "turn": _carried("radians", "(?:°|degrees?)", math.pi / 180), "slide": _carried("metres", "cm", 0.01),
    "type": _type, "wait": _wait, "report": _report,
}  # fmt: skip
_POINTS: Mapping[str, Reader] = {
    "look": _point, "goto": _point, "read": _point, "tap": _point, "hold": _hold_at, "drag": _drag, "turn": _turn_at,
    "wait": _wait, "report": _report,
}  # fmt: skip
