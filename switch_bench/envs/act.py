"""Actions: the spaces of `delta_pose`, `pixel` and `skill`, and what an action of the latter two makes the body do."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from math import isfinite, pi
from typing import TYPE_CHECKING, Any

import numpy as np
from gymnasium import spaces

from switch_bench.bodies.command import SIZE
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.envs.errors import EnvError
from switch_bench.envs.marks import SLOTS, Target
from switch_bench.envs.scales import value_of
from switch_bench.physics.cameras import ray
from switch_bench.skills import gestures, verbs
from switch_bench.skills.move import Motion
from switch_bench.skills.sense import Sense, SkillFailed
from switch_bench.world.screens import widget_point, widgets

if TYPE_CHECKING:
    from switch_bench.envs.observe import Observer

GESTURES = ("tap", "hold", "drag", "turn", "pinch_turn", "wait", "report", "look", "goto", "read")
VERBS = ("press", "hold", "turn", "slide", "open", "close", "type", "goto", "look", "wait", "report", "read")
CODES = ("none", "done", "impossible")
LONGEST = 3600.0  # s: the longest wait or hold of one action
TEXT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ .,:;+-*#/%"
SHORTEST = 0.05  # s: what a hold lasts at least
ROUND = 2 * pi  # rad


def action_space(act: str) -> spaces.Space:
    """The action space of `act`.

    delta_pose  Box(−1, 1, (12,)), see `bodies/command.py`.
    pixel       gesture: index in GESTURES; point: (x, y) in the current `rgb` image, 0..1 from its upper left corner;
                amount: (hold and wait: seconds, –; turn, pinch_turn: radians clockwise, at most once round, –;
                drag: dx, dy as `point`);
                code: index in CODES, for report.
                look, goto, read: turn to what is at the point, go before it, zoom on it.
    skill       verb: index in VERBS; mark: number in the current image, 0 for none; amount: hold and wait: seconds;
                turn and slide without text: radians or metres; text: value to turn to, or to turn to and hold at,
                keys to type, zone to go to, direction to look (left, right, up, down), or what to report (done,
                impossible).
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


class Read(Iterator[Any]):
    """A motion after which the next image is the zoomed camera's."""

    def __init__(self, motion: Motion):
        self._motion = motion

    def __next__(self) -> Any:
        return next(self._motion)


class Wait:
    """Not a motion: let `seconds` pass."""

    def __init__(self, seconds: float):
        self.seconds = seconds


class Report:
    """Not a motion: end the episode with a claim."""

    def __init__(self, what: str):
        self.what = what


Doing = Motion | Wait | Report


def pose_change(action: Any) -> list[float]:
    """A `delta_pose` action as 12 floats. Raises EnvError."""
    try:
        values = action.tolist() if isinstance(action, np.ndarray) else [float(v) for v in action]
        if len(values) == SIZE and isfinite(sum(values)):
            return values
    except (TypeError, ValueError, OverflowError):
        pass
    raise EnvError(f"action: expected {SIZE} finite numbers from -1 to 1, got {action!r}")


def checked(act: str, action: Any) -> dict[str, Any]:
    """A `pixel` or `skill` action as its space has it. Raises EnvError that says what was expected."""
    space = action_space(act)
    assert isinstance(space, spaces.Dict)
    if not isinstance(action, Mapping) or set(action) != set(space):
        got = ", ".join(map(str, action)) if isinstance(action, Mapping) else repr(action)
        raise EnvError(f"action: expected a mapping of {', '.join(space)}; got {got}")
    out: dict[str, Any] = {}
    for key, part in space.items():
        value = action[key]
        try:
            if isinstance(part, spaces.Discrete):
                value = np.int64(operator.index(value.item() if isinstance(value, np.ndarray) else value))
            elif isinstance(part, spaces.Box):
                value = np.asarray(value, part.dtype).reshape(part.shape)
        except (TypeError, ValueError, OverflowError):
            value = None
        if value is None or not part.contains(value):
            raise EnvError(f"action: {key}: expected {_meant(key, part)}, got {action[key]!r}")
        out[key] = value
    return out


def _meant(key: str, part: spaces.Space) -> str:
    if isinstance(part, spaces.Discrete):
        names = {"gesture": GESTURES, "verb": VERBS, "code": CODES}.get(key)
        return f"an index from 0 to {int(part.n) - 1}" + (f" of {', '.join(names)}" if names else "")
    if isinstance(part, spaces.Box):
        return f"{part.shape[0]} number{'s' * (part.shape[0] > 1)} from {part.low.flat[0]:g} to {part.high.flat[0]:g}"
    return f"up to 32 characters of {TEXT!r}"


def plain(action: Mapping[str, Any]) -> dict[str, Any]:
    """A checked action as JSON data, for the trace."""
    return {key: value if isinstance(value, str) else np.asarray(value).tolist() for key, value in action.items()}


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
    if gesture == "look":
        return gestures.look_along(sense, observer.camera, size, at)
    geom, point = ray(sense.model, sense.data, observer.camera, size, at)
    if point is None:
        raise SkillFailed("there is nothing at that point of the image")
    if sense.room.handles.hand_geom[geom]:
        raise SkillFailed("the hand itself is in the way there")
    if gesture == "read":
        return Read(verbs.look_at(sense, point))
    spot = gestures.spot(sense, geom, point)
    if gesture == "goto":
        return gestures.go_up_to(sense, spot)
    if gesture == "tap":
        return gestures.tap(sense, spot)
    if gesture == "hold":
        return gestures.tap(sense, spot, hold=max(SHORTEST, abs(amount[0])))
    if gesture == "drag":
        to = ((x + amount[0]) * (size[0] - 1), (y + amount[1]) * (size[1] - 1))
        return gestures.drag(sense, spot, gestures.on_plane(sense, observer.camera, size, to, spot))
    turn = min(max(amount[0], -ROUND), ROUND)
    return gestures.pinch(sense, spot, turn=turn, push=gesture == "pinch_turn")


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
        wanted = text.lower().removeprefix("the ").replace(" ", "_")
        for name in (wanted, wanted.removesuffix("_room"), f"{wanted}_room"):
            if name in zones:
                return verbs.go_to_zone(sense, name)
        raise SkillFailed(f"there is no room called {text!r}")
    if verb == "look":
        return gestures.glance(sense, text or "ahead")
    raise SkillFailed(f"{verb} needs a mark")


def on_target(sense: Sense, verb: str, target: Target, amount: float, text: str) -> Motion:
    """A verb on a marked target."""
    item = sense.room.handles.mounted[target.control]
    control = item.control
    middle = sense.site(next(iter(item.built.grips.values())).site).at
    if isinstance(control, Touchscreen):
        widget = next((w for w in widgets(sense.stage.world, item) if w.name == target.widget), None)
        if widget is None:
            raise SkillFailed("the screen doesn't show that any more")
        point = widget_point(sense.stage.world, item, widget)
        if verb == "read":
            return Read(verbs.look_at(sense, point))
        hold = {"press": verbs.KEYED, "hold": max(SHORTEST, abs(amount))}.get(verb)
        if hold is not None:
            return verbs.touch(sense, item, point, hold=hold)
    elif verb == "press":
        return verbs.press(sense, item, key=target.key)
    elif verb == "hold" and text:
        return verbs.turn(
            sense,
            item,
            value_of(sense.room.drawn.placed[item.device].device, item, text),
            hold=max(SHORTEST, abs(amount)),
        )
    elif verb == "hold":
        return verbs.press(sense, item, key=target.key, hold=max(SHORTEST, abs(amount)))
    elif verb == "type" and isinstance(control, Keypad):
        return verbs.type_(sense, item, text.split() if " " in text else list(text))
    elif verb in ("turn", "slide"):
        return (
            verbs.turn(sense, item, value_of(sense.room.drawn.placed[item.device].device, item, text))
            if text
            else gestures.turn_by(sense, item, amount)
        )
    elif verb == "open":
        return verbs.open_(sense, item)
    elif verb == "close":
        return verbs.close(sense, item)
    if verb == "goto":
        return verbs.go_before(sense, item)
    if verb == "look":
        return verbs.look_at(sense, middle)
    if verb == "read":
        return Read(verbs.look_at(sense, middle))
    raise SkillFailed(f"one can't {verb} that")
