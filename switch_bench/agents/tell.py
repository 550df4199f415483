"""What an agent is told: an observation as text and pictures, and nothing beside it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from switch_bench.envs.observe import IMAGES, SOUNDS
from switch_bench.envs.presets import PRESETS

PICTURES = tuple(key for key in IMAGES if key in ("rgb", "wrist_rgb", "marks"))


@dataclass(frozen=True)
class Track:
    """How a language model meets the benchmark. size: (width, height) px of images."""

    act: str
    obs: tuple[str, ...]
    size: tuple[int, int]
    briefing: str

    @classmethod
    def of(cls, preset: str, briefing: str) -> Track:
        """The track with the arguments of a preset."""
        chosen = PRESETS[preset]
        return cls(chosen.act, tuple(chosen.obs), chosen.size, briefing)


_BODY = (
    "You move a body with one hand through a furnished flat or room. You act by calling one tool at a time; after each "
    "call you are told how it went and what you see now. Things may take their time, happen in another room, be "
    "labelled wrongly, be broken, or already be as they should. Change nothing that you weren't asked to change. Wait "
    "and look until you know how things are; then end with report: done if what was asked for is so, impossible if it "
    "can't be brought about here. "
)
TRACKS: Mapping[str, Track] = {
    "vlm": Track.of("vlm", _BODY + "What can be operated has a number in the image; numbers are new in each image."),
    "llm": Track.of(
        "llm",
        _BODY + "You see no image but get a list of the things in view, with numbers (marks) for what can be operated; "
        "numbers are new each time. `at` is where in the image something is: [0, 0] is its upper left corner.",
    ),
    "pixel": Track(
        "pixel",
        ("rgb", "sounds", "instruction"),
        (640, 480),
        _BODY + "You point at things in the image: x from 0 (left) to 1 (right), y from 0 (top) to 1 (bottom).",
    ),
}


@dataclass(frozen=True)
class Told:
    """What an agent is told after a call. images: (height, width, 3) uint8. over: whether the episode has ended."""

    text: str
    images: tuple[np.ndarray, ...] = ()
    over: bool = False
    malformed: bool = field(default=False, kw_only=True)


def tell(obs: Mapping[str, Any], *, seconds: float, said: str = "", over: bool = False) -> Told:
    """An observation of several keys as text and pictures.

    seconds: simulated time since the start. said: how the last call went.
    """
    lines = [said] if said else []
    lines.append("The episode is over." if over else f"Time: {seconds:.1f} s.")
    if "sounds" in obs and not over:
        heard = [name.replace("_", " ") for name, there in zip(SOUNDS, obs["sounds"], strict=True) if there]
        lines.append(f"You hear: {', '.join(heard)}." if heard else "You hear nothing.")
    if "elements" in obs and not over:
        lines.append(f"In view: {obs['elements']}")
    images = () if over else tuple(obs[key] for key in PICTURES if key in obs)
    return Told("\n".join(lines), images, over)


def first(obs: Mapping[str, Any], *, seconds: float = 0.0) -> Told:
    """The start of an episode: what is asked for, and what is seen."""
    told = tell(obs, seconds=seconds)
    return Told(f"What is asked for: {obs['instruction']}\n{told.text}", told.images)


def png(image: np.ndarray) -> bytes:
    """A picture (height, width, 3) uint8 as a PNG file."""
    import cv2

    done, data = cv2.imencode(".png", image[..., ::-1])
    assert done
    return data.tobytes()


def data_url(image: np.ndarray) -> str:
    """A picture as a `data:` URL."""
    return "data:image/png;base64," + base64.b64encode(png(image)).decode()
