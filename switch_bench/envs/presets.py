"""Presets: what the environment gives and takes for each kind of agent, where nothing else is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """Arguments of an environment. size: (width, height) px."""

    obs: str | tuple[str, ...]
    act: str
    size: tuple[int, int]
    reward: str


USUAL = Preset(obs="rgb", act="delta_pose", size=(256, 256), reward="sparse")
PRESETS: Mapping[str, Preset] = {
    "rl": Preset(obs="state", act="delta_pose", size=(128, 128), reward="shaped"),
    "vla": Preset(
        obs=("rgb", "wrist_rgb", "proprio", "instruction"), act="delta_pose", size=(224, 224), reward="sparse"
    ),
    "vlm": Preset(obs=("marks", "sounds", "instruction"), act="skill", size=(640, 480), reward="sparse"),
    "llm": Preset(obs=("elements", "sounds", "instruction"), act="skill", size=(640, 480), reward="sparse"),
}
