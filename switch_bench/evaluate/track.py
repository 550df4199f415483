"""The words for how a policy sees and acts."""

from typing import Literal

Act = Literal["delta_pose", "pixel", "skill"]
Observation = Literal[
    "rgb", "wrist_rgb", "depth", "segmentation", "proprio", "instruction", "sounds", "state", "marks", "elements"
]
