"""Actions: the spaces of `delta_pose`, `pixel` and `skill`, and what an action of the latter two makes the body do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from gymnasium import spaces

from switch_bench.controls.keypad import Keypad
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.envs.marks import SLOTS, Target
from switch_bench.physics.cameras import ray
from switch_bench.skills import gestures, verbs
from switch_bench.skills.move import Motion
from switch_bench.skills.sense import Sense, SkillFailed
from switch_bench.world.screens import widget_point

if TYPE_CHECKING:
    from switch_bench.envs.observe import Observer

GESTURES = ("tap", "hold", "drag", "turn", "pinch_turn", "wait", "report")
VERBS = ("press", "hold", "turn", "slide", "open", "close", "type", "goto", "look", "wait", "report")
CODES = ("none", "done", "impossible")
LONGEST = 3600.0  # s: the longest wait or hold of one action
TEXT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ .,:;+-*#/%"
HZ = 20


def action_space(act: str) -> spaces.Space:
    """The action space of `act`.

    delta_pose  Box(−1, 1, (12,)), see `bodies/command.py`.
    pixel       gesture: index in GESTURES; point: (x, y) in the current `rgb` image, 0..1 from its upper left corner;
                amount: (hold and wait: seconds, –; turn, pinch_turn: radians clockwise, –; drag: dx, dy as `point`);
                code: index in CODES, for report.
    skill       verb: index in VERBS; mark: number in the current image, 0 for none; amount: hold and wait: seconds;
                turn and slide without text: radians or metres; text: value to turn to, keys to type, zone to go to,
                direction to look (left, right, up, down), or what to report (done, impossible).
    """
    if act == "delta_pose":
        return spaces.Box(-1.0, 1.0, (12,), np.float32)
    if act == "pixel":
        return spaces.Dict(
            {
                "gesture": spaces.Discrete(len(GESTURES)),
                "point": spaces.Box(0.0, 1.0, (2,), np.float32),
                "amount": spaces.Box(-LONGEST, LONGEST, (2,), np.float32),
                "code": spaces.Discrete(len(CODES)),
            }
        )
    return spaces.Dict(
        {
            "verb": spaces.Discrete(len(VERBS)),
            "mark": spaces.Discrete(SLOTS),
            "amount": spaces.Box(-LONGEST, LONGEST, (1,), np.float32),
            "text": spaces.Text(min_length=0, max_length=32, charset=TEXT),
        }
    )


class Wait:
    """Not a motion: let `seconds` pass."""

    def __init__(self, seconds: float):
        self.seconds = seconds


class Report:
    """Not a motion: end the episode with a claim."""

    def __init__(self, what: str):
        self.what = what


Doing = Motion | Wait | Report


def plain(act: str, action: Any) -> Any:
    """An action as JSON data, for the trace."""
    if act == "delta_pose":
        return [round(float(v), 6) for v in action]
    out: dict[str, Any] = {}
    for key, value in action.items():
        out[key] = value if isinstance(value, str) else np.asarray(value).tolist()
    return out


def pixel(sense: Sense, observer: Observer, action: Mapping[str, Any]) -> Doing:
    """What a `pixel` action does. Raises SkillFailed where there is nothing to touch at the point."""
    gesture = GESTURES[int(action["gesture"])]
    amount = [float(v) for v in action["amount"]]
    if gesture == "wait":
        return Wait(max(0.0, amount[0]))
    if gesture == "report":
        return Report(CODES[int(action["code"])])
    size = observer.size
    x, y = (float(v) for v in action["point"])
    at = (x * (size[0] - 1), y * (size[1] - 1))
    geom, point = ray(sense.model, sense.data, observer.head, size, at)
    if point is None:
        raise SkillFailed("there is nothing at that point of the image")
    spot = gestures.spot(sense, geom, point)
    if gesture == "tap":
        return gestures.tap(sense, spot)
    if gesture == "hold":
        return gestures.tap(sense, spot, steps=max(1, round(abs(amount[0]) * HZ)))
    if gesture == "drag":
        to = ((x + amount[0]) * (size[0] - 1), (y + amount[1]) * (size[1] - 1))
        return gestures.drag(sense, spot, gestures.on_plane(sense, observer.head, size, to, spot))
    return gestures.pinch(sense, spot, turn=amount[0], push=gesture == "pinch_turn")


def skill(sense: Sense, observer: Observer, action: Mapping[str, Any]) -> Doing:
    """What a `skill` action does. Raises SkillFailed for a mark that isn't there or a verb that doesn't suit it."""
    verb = VERBS[int(action["verb"])]
    amount = float(np.asarray(action["amount"]).reshape(-1)[0])
    text = str(action["text"]).strip()
    if verb == "wait":
        return Wait(max(0.0, amount))
    if verb == "report":
        return Report(text if text in CODES[1:] else "none")
    number = int(action["mark"])
    if number == 0:
        return _markless(sense, verb, text)
    mark = next((m for m in observer.marks if m.number == number), None)
    if mark is None:
        raise SkillFailed(f"there is no mark {number} in the image")
    return on_target(sense, verb, mark.target, amount, text)


def _markless(sense: Sense, verb: str, text: str) -> Motion:
    if verb == "goto" and text:
        zones = [s.name for s in sense.room.drawn.shells]
        wanted = text.lower().replace(" ", "_")
        if wanted in zones:
            return verbs.go_to_zone(sense, wanted)
        raise SkillFailed(f"there is no room called {text!r}")
    if verb == "look":
        return gestures.glance(sense, text or "ahead")
    raise SkillFailed(f"{verb} needs a mark")


def on_target(sense: Sense, verb: str, target: Target, amount: float, text: str) -> Motion:
    """A verb on a marked target."""
    item = sense.room.handles.mounted[target.control]
    control = item.control
    if isinstance(control, Touchscreen):
        widget = next(w for p in control.screen.pages.values() for w in p.widgets if w.name == target.widget)
        point = widget_point(sense.stage.world, item, widget)
        steps = {"press": 2, "hold": max(1, round(abs(amount) * HZ))}.get(verb)
        if steps is not None:
            return verbs.touch(sense, item, point, steps=steps)
    elif verb == "press":
        return verbs.press(sense, item, key=target.key)
    elif verb == "hold":
        return verbs.press(sense, item, key=target.key, steps=max(1, round(abs(amount) * HZ)))
    elif verb == "type" and isinstance(control, Keypad):
        return verbs.type_(sense, item, text.split() if " " in text else list(text))
    elif verb in ("turn", "slide"):
        return verbs.turn(sense, item, _value(text)) if text else gestures.turn_by(sense, item, amount)
    elif verb == "open":
        return verbs.open_(sense, item)
    elif verb == "close":
        return verbs.close(sense, item)
    if verb == "goto":
        return verbs.go_before(sense, item)
    if verb == "look":
        return verbs.look_at(sense, sense.site(next(iter(item.built.grips.values())).site).at)
    raise SkillFailed(f"one can't {verb} that")


def _value(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text
