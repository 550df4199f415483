"""An environment at the bench, by a task from a file outside the package."""

from __future__ import annotations

from pathlib import Path

from small_envs import SwitchEnv
from small_rooms import DATA

from switch_bench.envs.act import VERBS
from switch_bench.envs.marks import Mark
from switch_bench.skills import verbs

TASK = """
title: Work at the bench
instruction: Switch the light on.
scene: {scene}
level: 1
abilities: [ui_grounding]
horizon: 5 min
goal: eventually (light.gang_1)
required: [light.gang_1]
solution:
  - {{press: light.gang_1, to: true}}
  - {{report: done}}
"""


def write_task(folder: Path) -> Path:
    """Write the task into a folder; its file."""
    file = folder / "tests" / "bench-v1.yaml"
    file.parent.mkdir()
    file.write_text(TASK.format(scene=DATA / "bench" / "scene.yaml"))
    return file


class Bench:
    """An environment at the bench in which a hand can be sent to look at something."""

    def __init__(self, file: Path, act: str = "skill", **options):
        self.env = SwitchEnv(str(file), act=act, **{"obs": "state", "size": (640, 480), "variations": 1} | options)
        self.env.reset(seed=0)
        assert self.env.stage is not None
        self.stage = self.env.stage

    def control(self, name: str):
        return next(m for m in self.stage.room.handles.mounted if m.name == name)

    def looks_at(self, name: str) -> tuple[Mark, ...]:
        """Go before a control, look at it; the marks in the image of that moment."""
        assert self.env.perform(verbs.go_before(self.env.sense, self.control(name))) == "done"
        self.env._deliver()
        return self.marks

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self.env.observer.marks

    def names(self) -> list[str]:
        """What is marked, in the order of the numbers."""
        mounted = self.stage.room.handles.mounted
        return [
            ".".join(filter(None, (mounted[m.target.control].name, m.target.key, m.target.widget))) for m in self.marks
        ]

    def mark(self, name: str) -> int:
        return self.marks[self.names().index(name)].number

    def does(self, verb: str, mark: int = 0, amount: float = 0.0, text: str = "") -> str:
        return self.env.step({"verb": VERBS.index(verb), "mark": mark, "amount": amount, "text": text})[-1]["said"]

    def values(self, signal: str) -> list:
        return [e.new for e in self.stage.world.network.log if e.signal == signal and e.t > 0]
