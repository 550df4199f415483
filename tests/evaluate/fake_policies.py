"""Policies good and bad for the fake benchmark."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


class Presser:
    """Presses at the second step."""

    act = "delta_pose"
    obs = ("proprio",)

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        self.steps = 0

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        self.steps += 1
        return np.r_[float(self.steps == 2), np.zeros(11)]


class Idle(Presser):
    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        return np.zeros(12)


class FailsInReset(Presser):
    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        raise RuntimeError("no weights")


class FailsInStep(Presser):
    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        return obs["rgb"]


class FailsOnKettle(Presser):
    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        super().reset(task, seed, info)
        if "kettle" in task:
            raise RuntimeError("afraid of steam")


class WrongShape(Presser):
    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        return np.zeros(7)


class NotFinite(Presser):
    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        return np.full(12, np.nan)


class EndsTheProcess(Presser):
    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any:
        os._exit(7)


class Noted(Presser):
    """Writes each episode that it begins to the file FAKE_NOTES."""

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        super().reset(task, seed, info)
        with open(os.environ["FAKE_NOTES"], "a") as file:
            file.write(f"{task} {seed}\n")


class Held(Presser):
    """Begins two episodes; the next only once there is the file FAKE_GO."""

    begun = 0

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        super().reset(task, seed, info)
        self.begun += 1
        while self.begun > 2 and "FAKE_GO" in os.environ and not Path(os.environ["FAKE_GO"]).exists():
            time.sleep(0.02)


class HeldAndNoted(Held, Noted): ...


class Once(Noted):
    """Goes wrong the first time it meets the kettle."""

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        notes = Path(os.environ["FAKE_NOTES"])
        known = notes.exists() and task in notes.read_text()
        super().reset(task, seed, info)
        if "kettle" in task and not known:
            self.go_wrong()

    def go_wrong(self) -> None:
        raise RuntimeError("afraid of steam")


class DiesOnce(Once):
    def go_wrong(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class HangsOnce(Once):
    def go_wrong(self) -> None:
        ctypes.PyDLL(None).pause()  # holds Python's lock


class EatsOnce(Once):
    def go_wrong(self) -> None:
        self.eaten = bytearray(2 << 30)


class Printer(Presser):
    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        super().reset(task, seed, info)
        print("chatter")


class FailsWhenMade(Presser):
    def __init__(self) -> None:
        raise OSError("no such checkpoint")


class UnknownAct(Presser):
    act = "telepathy"


class NoAct:
    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any: ...


class UnknownObs(Presser):
    obs = ("rbg",)


class ObsIsText(Presser):
    obs = "rgb"


class NoReset:
    act = "delta_pose"

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> Any: ...


class PlaysUnprivileged(Presser):
    def play(self, env: Any, task: str, seed: int) -> None: ...


class SeesState(Presser):
    obs = ("state",)


class Wide(Presser):
    size = (320, 200)


class TooWide(Presser):
    size = (2000, 200)


class SizeIsOneNumber(Presser):
    size = 224


class SizeIsNoWholeNumber(Presser):
    size = (224.0, 224)


class Wants(Presser):
    obs = ("rgb",)


made = Presser()


def factory() -> Presser:
    return Presser()
