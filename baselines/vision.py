"""Looks at pictures and nothing else, finds panels, reads labels, tries, looks: how far seeing without learning goes.

By OpenCV alone: tags and light by colour and brightness, words by comparing them with words that it knows, drawn in
OpenCV's own plain typeface. What it then does is what `explorer` does, with less to go by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ._asked import asked
from ._letters import read
from ._mind import AIMED, Mind, Way
from ._pixels import Tag, assigned, brightness, groups, handles, in_a_row, tags
from ._view import Mark, Thing, View, bodily
from ._ways import live

SIZE = (1280, 960)  # px
ZOOM = 2.0  # focal length by the picture's breadth from which on a picture is one through the longer lens
ARM = 1.0  # m: how far away a panel is taken to be that is seen for the first time
REACH, MIDDLE = 0.7, 0.15  # m from the eye to what one has gone up to; share of a picture's breadth about its middle
ANOTHER = 0.3  # rad: how much farther off a panel counts that shows another number of marks
CERTAIN = 0.1  # rad: so near to where it is expected it is the same, whatever it looks like
ASTRAY = 0.4  # rad: how far from where it is expected a panel is still taken for the same
SAME = 0.02  # rad: between a tag as seen through either lens
CLOSER = 4  # looks through the longer lens, for one panel
WORDS = {
    "breaker panel": {"RCD", "test"}, "microwave": set("456789"), "washing machine": {"temp", "spin", "rinse"},
    "digital thermostat": {"mode", "hold"}, "gas boiler": {"reset"},
}  # fmt: skip


@dataclass
class Panel:
    """Marks that belong together, as remembered. spot: about where they are [m]. maybe: what they may be of."""

    name: str
    count: int
    spot: np.ndarray
    maybe: tuple[str, ...]
    printed: dict[int, str] = field(default_factory=dict)  # by place in the order
    studied: bool = False


class Eyes:
    """Makes views of pictures, and remembers panels between them."""

    def __init__(self) -> None:
        self.panels: list[Panel] = []
        self.zoomed = False
        self.expected = ""  # the panel that one has just gone up to
        self.words: list[
            tuple[np.ndarray, list[str]]
        ] = []  # direction of a tag in the last zoomed picture, words at it
        self.directions: dict[int, np.ndarray] = {}  # by mark of the last view

    def view(self, obs: Mapping[str, Any], info: Mapping[str, Any]) -> View:
        """The view that pictures, sounds and the body's own sense give."""
        camera = info["cameras"]["head"]
        k, pose = camera["intrinsics"], camera["pose"]
        found = tags(obs["marks"], obs["rgb"])
        self.directions = {tag.number: _direction(tag.at, k, pose) for tag in found}
        self.zoomed = k[0, 0] > ZOOM * obs["rgb"].shape[1]
        things: tuple[Thing, ...] = ()
        if self.zoomed:
            printed = assigned(read(obs["rgb"]), found)
            self.words = [(self.directions[tag.number], printed.get(tag.number, [])) for tag in found]
        else:
            height, width = obs["rgb"].shape[:2]
            near = groups(found, width)
            near = [ordered(group) for group in near]
            panels = self._recognised(near, pose[:3, 3], (width, height))
            things = tuple(_thing(group, panel, (width, height)) for group, panel in zip(near, panels, strict=True))
        return View(things=things, bright=brightness(obs["rgb"]), **bodily(obs, info))

    def panel(self, thing: Thing) -> Panel:
        """What is remembered of a thing in view."""
        return next(panel for panel in self.panels if panel.name == thing.name)

    def _before(self, near: list[list[Tag]], size: tuple[int, int]) -> list[Tag] | None:
        """The marks of the panel that one has just gone up to: they are in the middle of the picture."""
        middle = np.array(size) / 2

        def off(group: list[Tag]) -> float:
            return min(float(np.hypot(*np.subtract(tag.at, middle))) for tag in group)

        best = min(near, key=off, default=None) if self.expected else None
        return best if best is not None and off(best) < MIDDLE * size[0] else None

    def _recognised(self, near: list[list[Tag]], eye: np.ndarray, size: tuple[int, int]) -> list[Panel]:
        """The panel that each group of marks is: the one gone up to, those where they are expected, else new ones."""
        ways = [np.mean([self.directions[tag.number] for tag in group], axis=0) for group in near]
        ways = [way / np.linalg.norm(way) for way in ways]
        found: dict[int, Panel] = {}
        before = self._before(near, size)
        if before is not None:
            i = next(i for i, group in enumerate(near) if group is before)
            found[i] = next(panel for panel in self.panels if panel.name == self.expected)
            found[i].spot = eye + REACH * ways[i]
        pairs = [
            (off + ANOTHER * (panel.count != len(near[i])), i, k)
            for i, way in enumerate(ways)
            for k, panel in enumerate(self.panels)
            if (off := _off(panel.spot - eye, way)) < (ASTRAY if _could_be(panel, near[i]) else CERTAIN)
        ]
        for _, i, k in sorted(pairs):
            if i not in found and all(panel is not self.panels[k] for panel in found.values()):
                found[i] = self.panels[k]
        for i, group in enumerate(near):
            if i not in found:
                found[i] = Panel(f"panel {len(self.panels) + 1}", len(group), eye + ARM * ways[i], guesses(group))
                self.panels.append(found[i])
            elif not found[i].studied and len(group) > found[i].count:
                found[i].count, found[i].maybe = len(group), guesses(group)
        return [found[i] for i in range(len(near))]


def _off(gap: np.ndarray, way: np.ndarray) -> float:
    return float(np.arccos(np.clip(gap @ way / np.linalg.norm(gap), -1.0, 1.0)))


def _could_be(panel: Panel, group: list[Tag]) -> bool:
    return panel.count == len(group) or not set(guesses(group)).isdisjoint(panel.maybe)


def _thing(group: list[Tag], panel: Panel, size: tuple[int, int]) -> Thing:
    """A group of marks as a thing in view, with what is remembered of it."""
    whole = len(group) == panel.count
    stands = handles(group) if "breaker panel" in panel.maybe and whole and len(group) > 2 else [""] * len(group)
    marks = []
    for i, tag in enumerate(group):
        at = (float(tag.at[0]) / (size[0] - 1), float(tag.at[1]) / (size[1] - 1))
        printed = panel.printed.get(i, "") if whole else ""
        marks.append(Mark(tag.number, _what(panel, i, printed), at, printed, stands[i], i))
    return Thing(panel.name, tuple(marks), maybe=panel.maybe)


def ordered(group: list[Tag]) -> list[Tag]:
    """A panel's marks from left to right; those one above the other from the top down."""
    xs = [tag.at[0] for tag in group]
    ys = [tag.at[1] for tag in group]
    if max(xs) - min(xs) < max(ys) - min(ys) and len(group) < 5:
        return sorted(group, key=lambda tag: tag.at[1])
    return sorted(group, key=lambda tag: tag.at[0])


def guesses(group: list[Tag]) -> tuple[str, ...]:
    """What marks in this arrangement may belong to."""
    if len(group) >= 9:
        return ("microwave",)
    if len(group) >= 5:
        row = ("breaker panel",)
        return row if in_a_row(group) else ("washing machine", "oven", *row)
    if len(group) == 2 and abs(group[0].at[1] - group[1].at[1]) > 1.2 * abs(group[0].at[0] - group[1].at[0]):
        return ("kettle",)
    if len(group) == 4:
        return ("gas hob", "digital thermostat", "washing machine", "oven")
    return ("switch plate", "push-button plate", "dimmer plate")[: 3 if len(group) == 1 else 1]


def _what(panel: Panel, place: int, printed: str) -> str:
    """What kind of control a mark is, as far as that can be told."""
    if panel.maybe[:1] == ("breaker panel",):
        return "button" if printed == "test" else "lever"
    if panel.maybe[:1] == ("kettle",):
        return "door" if place == 0 and panel.count > 1 else "lever"
    if panel.maybe[:1] == ("gas hob",):
        return "push-and-turn knob"
    if panel.maybe[:1] == ("switch plate",):
        return "rocker"
    return ""


def _direction(at: tuple[float, float], k: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """The direction in the world [unit] of a pixel."""
    ray = pose[:3, :3] @ np.array([(at[0] - k[0, 2]) / k[0, 0], (at[1] - k[1, 2]) / k[1, 1], 1.0])
    return ray / np.linalg.norm(ray)


class Seer(Mind):
    """A mind that has to look closely to read."""

    eyes: Eyes

    def do(self, verb: str, mark: int = 0, amount: float = 0.0, text: str = "") -> Way:
        """One skill; what one goes up to is known again by being in the middle then."""
        aimed = next((thing.name for thing, m in self.view.marks() if m.number == mark), "")
        self.eyes.expected = aimed if verb in AIMED else ""
        view = yield from super().do(verb, mark, amount, text)
        self.eyes.expected = ""
        return view

    def study(self, thing: Thing) -> Way:
        """Look at a panel through the longer lens, mark by mark until each was in a picture, and remember its words."""
        panel = self.eyes.panel(thing)
        if panel.studied or not thing.marks:
            return thing
        words: list[tuple[np.ndarray, list[str]]] = []
        order = sorted(range(len(thing.marks)), key=lambda i: abs(i - len(thing.marks) // 2))
        for _ in range(CLOSER):
            missing = [i for i in order if i < len(thing.marks) and not self._in(words, thing.marks[i])]
            if not missing:
                break
            yield from self.do("read", thing.marks[missing[0]].number)
            words += self.eyes.words
            yield from self.do("wait", amount=0.05)
            thing = self.view.of(thing.name) or thing
        self.view = replace(self.view, things=tuple(self._read(other, words) for other in self.view.things))
        return self.view.of(thing.name) or thing

    def _read(self, thing: Thing, words: list[tuple[np.ndarray, list[str]]]) -> Thing:
        """A thing with the words that were read at its marks, if all of them were seen."""
        panel = self.eyes.panel(thing)
        if panel.studied or not all(self._in(words, mark) for mark in thing.marks):
            return thing
        panel.studied, panel.count = True, len(thing.marks)
        ways = [self.eyes.directions[mark.number] for mark in thing.marks]
        said: list[list[str]] = [[] for _ in ways]
        for way, texts in words:
            i = min(range(len(ways)), key=lambda i: float(np.linalg.norm(ways[i] - way)))
            said[i] += texts if _near(way, ways[i]) else []
        panel.printed = {i: ", ".join(dict.fromkeys(texts)) for i, texts in enumerate(said)}
        told = {word for text in panel.printed.values() for word in text.split(", ")}
        sure = [name for name, known in WORDS.items() if len(known & told) >= min(2, len(known))]
        panel.maybe = (sure[0],) if sure else panel.maybe
        marks = [
            replace(mark, printed=panel.printed[i], what=_what(panel, i, panel.printed[i]))
            for i, mark in enumerate(thing.marks)
        ]
        return replace(thing, marks=tuple(marks), maybe=panel.maybe)

    def _in(self, words: list[tuple[np.ndarray, list[str]]], mark: Mark) -> bool:
        way = self.eyes.directions.get(mark.number)
        return way is None or any(_near(way, other) for other, _ in words)


def _near(a: np.ndarray, b: np.ndarray | None) -> bool:
    return b is not None and float(np.linalg.norm(a - b)) < SAME


class Policy:
    """Unprivileged: it has the head camera's pictures, with numbers on what can be operated and without, the camera's
    pose, the sounds, where its body is, and the instruction.

    It knows letters, what homes are like, and nothing of tasks or scenes. It is deterministic and does at most some
    hundred skills.
    """

    act = "skill"
    obs = ("marks", "rgb", "sounds", "proprio", "instruction")
    size = SIZE

    def __init__(self) -> None:
        self._living: Any = None
        self.mind: Seer | None = None
        self._seed = 0

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """Forget the episode before; `seed` is for the draws there may be."""
        self._seed = seed
        self._living = self.mind = None
        self._eyes = Eyes()

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> dict[str, Any] | None:
        """The next skill."""
        view = self._eyes.view(obs, info)
        if self._living is None:
            self.mind = Seer(asked(str(obs["instruction"])), view, self._seed)
            self.mind.eyes = self._eyes
            self._living = live(self.mind)
            return next(self._living, None)
        try:
            return self._living.send(view)
        except StopIteration:
            return None
