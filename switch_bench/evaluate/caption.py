"""The caption of a film: the simulated clock, how fast time goes, what the agent did and what came of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from switch_bench.evaluate.tempo import Stretch, Tempo
from switch_bench.network.declare import Value
from switch_bench.network.flow import Anchor
from switch_bench.screens.lettering import BOLD, MEDIUM, line_mask, measure
from switch_bench.trace.schema import Event, Trace
from switch_bench.verify.acts import actuations
from switch_bench.verify.facts import Facts
from switch_bench.verify.words import Speaker, whose
from switch_bench.world.words import phrases

if TYPE_CHECKING:
    from switch_bench.world.room import Room

CAP = 10  # px a capital letter is high
LEFT, TEXT = 12, 96  # px from where the clock and what happened are written
LINES = (22, 44)  # px down to the base lines
STAYS = 2.5  # s of film that a line stays
PAPER, INK, SOFT, AGENT = (22, 24, 28), (230, 231, 234), (167, 174, 187), (245, 138, 95)
PRESS = 1_000_000  # µs from a press to its release, at most
SEEN = {"output", "sound"}  # kinds of signals whose changes are told


@dataclass(frozen=True)
class Line:
    """Something that happened at `t` [µs], in words."""

    t: int
    words: str


class Captions:
    """The captions of an episode's film."""

    def __init__(self, room: Room, trace: Trace, pace: Tempo) -> None:
        speak = Speaker(trace.signals, phrases(room))
        self.acts, self.effects = acts(trace, speak), effects(trace, speak)
        self._pace = pace

    def at(self, seconds: float, t: int, size: tuple[int, int]) -> np.ndarray:
        """(height, width, 3) uint8 RGB: the caption at `seconds` of the film, when the episode is at `t` [µs].

        size: (width, height) px, of which the height is that of two lines.
        """
        width, height = size
        stretch = self._pace.at(seconds)[1]
        picture = np.full((height, width, 3), PAPER, np.uint8)
        _write(picture, _clock(t), LEFT, LINES[0], INK, BOLD)
        _write(picture, tempo_words(stretch), LEFT, LINES[1], SOFT, MEDIUM)
        for lines, y, colour in ((self.acts, LINES[0], AGENT), (self.effects, LINES[1], INK)):
            said = self._said(lines, t, seconds)
            if said:
                _write(picture, _fitted(said, width - TEXT - LEFT), TEXT, y, colour, MEDIUM)
        return picture

    def _said(self, lines: Sequence[Line], t: int, seconds: float) -> str:
        """The last of these lines, if it hasn't stood too long."""
        last = bisect_right(lines, t, key=lambda line: line.t) - 1
        if last < 0 or self._pace.at(seconds - STAYS)[0] > lines[last].t:
            return ""
        return lines[last].words


def acts(trace: Trace, speak: Speaker) -> list[Line]:
    """What the agent did, as the verdict's words have it, and its report."""
    done = [Line(act.t, f"The agent {act.words.rpartition(' at ')[0]}.") for act in actuations(Facts(trace), speak)]
    if trace.claim is not None:
        done.append(Line(trace.claim.t, f"The agent reports: {trace.claim.what}."))
    return done


def effects(trace: Trace, speak: Speaker) -> list[Line]:
    """What could be seen or heard of what happened, and what others did; things of one instant in one line."""
    at: dict[int, dict[str, None]] = {}
    others: dict[str, list[Event]] = {}
    for event in trace.events:
        info = trace.signals.get(event.signal)
        if event.t == 0 or info is None or isinstance(event.new, Anchor) or event.signal not in speak.phrases:
            continue
        if info.kind in SEEN:
            at.setdefault(event.t, {})[speak.so(event.signal, event.new)] = None
        elif info.kind == "control" and event.actor not in (None, "agent"):
            others.setdefault(event.signal, []).append(event)
    for act in (act for events in others.values() for act in _single(events)):
        what = speak.act(act[0].signal, cast(Value, act[0].old), [cast(Value, event.new) for event in act])
        at.setdefault(act[0].t, {})[f"{whose(act[0].actor)} {what}"] = None
    return [Line(t, _sentence(list(words))) for t, words in sorted(at.items())]


def _single(events: Sequence[Event]) -> list[list[Event]]:
    """One control's events, those together that come close after each other: a press and its release."""
    groups: list[list[Event]] = []
    for event in events:
        if groups and event.actor == groups[-1][0].actor and event.t - groups[-1][-1].t <= PRESS:
            groups[-1].append(event)
        else:
            groups.append([event])
    return groups


def tempo_words(stretch: Stretch) -> str:
    """How fast time goes: "× 2", "wait × 60"; nothing where it goes as it does."""
    speed = stretch.speed
    if speed < 1.05:
        return ""
    said = f"× {speed:.2g}" if speed < 100 else f"× {float(f'{speed:.2g}'):,.0f}"
    return f"wait {said}" if stretch.wait else said


def _clock(t: int) -> str:
    """The time of the episode, always as wide: "0:05.6"."""
    tenths = t // 100_000
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _sentence(clauses: Sequence[str]) -> str:
    told = clauses[0] if len(clauses) == 1 else f"{clauses[0]}, {clauses[1]}" + ", …" * (len(clauses) > 2)
    return told[:1].upper() + told[1:] + "." * (len(clauses) < 3)


@lru_cache(maxsize=256)
def _fitted(text: str, width: int) -> str:
    """As much of a text as is `width` [px] wide."""
    if measure(text, CAP)[0] <= width:
        return text
    while text and measure(text + "…", CAP)[0] > width:
        text = text[:-1]
    return text.rstrip(" ,.") + "…"


def _write(picture: np.ndarray, text: str, x: int, y: int, colour: tuple[int, int, int], weight: int) -> None:
    """Write a line whose base line begins at (x, y)."""
    if not text:
        return
    mask, x0, y0 = line_mask(text, CAP, weight)
    top, left = max(0, y - y0), max(0, x - x0)
    cut = mask[top - (y - y0) :, left - (x - x0) :][: picture.shape[0] - top, : picture.shape[1] - left, None] / 255.0
    part = picture[top : top + cut.shape[0], left : left + cut.shape[1]]
    part[:] = np.round(part * (1 - cut) + np.array(colour) * cut)
