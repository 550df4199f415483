"""What each figure of speed is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Aim:
    """A bound for figures: `path` leads to them in the JSON, with `*` for every key that is there.

    says: what they are, in a table. One of at_most and at_least is given.
    """

    path: str
    says: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def bound(self) -> str:
        """The bound in writing."""
        return f"≥ {self.at_least:,g}" if self.at_most is None else f"≤ {self.at_most:,g}"

    def met(self, value: float | None) -> bool:
        """Whether a figure keeps to it; one that couldn't be had doesn't."""
        if value is None:
            return False
        return value <= self.at_most if self.at_most is not None else value >= float(self.at_least or 0.0)

    def worst(self, values: Mapping[str, float | None]) -> str:
        """Which of several figures keeps to it least."""
        sign = 1.0 if self.at_least is None else -1.0
        missing = (where for where, value in values.items() if value is None)
        return next(missing, max(values, key=lambda where: sign * (values[where] or 0.0)))


AIMS = (
    Aim("scenes.*.ratio", "`env.step` over bare `mj_step`, moving free", at_most=1.15),
    Aim("scenes.*.wall.ratio", "the same, close to a wall", at_most=1.15),
    Aim("scenes.*.touching.ratio", "the same, touching", at_most=1.15),
    Aim("scenes.room_50.real_time_factor", "× real time, 50 controls, moving free", at_least=300),
    Aim("scenes.room_50.touching.real_time_factor", "× real time, 50 controls, touching", at_least=150),
    Aim("scenes.room_200.real_time_factor", "× real time, 200 controls, moving free", at_least=120),
    Aim("vector.steps_per_s", "control steps a second, 64 environments", at_least=10_000),
    Aim("vector.speedup", "the same over one thread", at_least=1.8),
    Aim("vector.rss_mb", "MB with 256 environments of 8 variants", at_most=500),
    Aim("wait_24h_ms", "ms for 24 h of the heated flat", at_most=300),
    Aim("fork_us", "µs a fork of the flat", at_most=100),
    Aim("import_s", "s for `import switch_bench`", at_most=0.3),
    Aim("import_envs_s", "s for `import switch_bench.envs`, which registers the tasks", at_most=0.3),
    Aim("first_reset_s", "s to the first reset of a fresh process", at_most=1.5),
    Aim("compile_ms.*", "ms to compile a scene", at_most=200),
    Aim("reset_ms.*.seen", "ms to reset to a variation seen before", at_most=1),
    Aim("reset_ms.*.other", "ms to reset to another variation of a layout", at_most=1),
    Aim("render.*.ratio", "a picture of 128 × 128 px over the bare renderer", at_most=1.2),
)


def figures(found: Mapping[str, Any], path: str) -> dict[str, float | None]:
    """Every figure that a path leads to, by its own path; none where that part wasn't measured."""
    return dict(_walk(found, path.split("."), ()))


def _walk(here: Any, path: list[str], done: tuple[str, ...]) -> Iterator[tuple[str, float | None]]:
    if not path:
        yield ".".join(done), here
        return
    if not isinstance(here, Mapping):
        return
    for key in here if path[0] == "*" else [path[0]] if path[0] in here else []:
        yield from _walk(here[key], path[1:], (*done, key))


def checked(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each figure that has an aim: {figure, value, at_most | at_least, met}."""
    return [
        {
            "figure": figure,
            "value": value,
            **({"at_most": aim.at_most} if aim.at_most is not None else {"at_least": aim.at_least}),
            "met": aim.met(value),
        }
        for aim in AIMS
        for figure, value in figures(found, aim.path).items()
    ]
