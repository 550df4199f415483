"""A session: one episode behind tools, for whoever calls them: an MCP client, Inspect, a person at a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gymnasium

from switch_bench.agents import tools
from switch_bench.agents.tell import TRACKS, Told, Track, first, tell
from switch_bench.envs.env import SwitchEnv


@dataclass(frozen=True)
class Limits:
    """What an agent may spend on an episode: calls, those of them that can't be carried out, wall time [s].

    When one is spent, the hands are off for the rest of the episode, to the horizon: it counts, as it is then.
    """

    calls: int = 200
    malformed: int = 20
    seconds: float = 3600.0


@dataclass
class Spent:
    """What has been spent. malformed: calls that were answered with a mistake; they count as calls, too."""

    calls: int = 0
    malformed: int = 0
    seconds: float = 0.0

    def over(self, limits: Limits) -> str:
        """Which limit has been reached, in words; "" if none has."""
        if self.calls >= limits.calls:
            return f"all {limits.calls} calls are spent"
        if self.malformed >= limits.malformed:
            return f"{self.malformed} calls could not be carried out, which is as many as may be"
        if self.seconds >= limits.seconds:
            return f"the {limits.seconds:g} s of wall time are spent"
        return ""


class Session:
    """One episode of a task. env: it; made if it isn't given. clock: wall time [s], which only the budget sees.

    Raises what `SwitchEnv` raises for a task that isn't there.
    """

    def __init__(
        self,
        task: str,
        track: str = "vlm",
        *,
        limits: Limits | None = None,
        env: SwitchEnv | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        self.task, self.track = task, TRACKS[track]
        self.limits, self.spent = limits or Limits(), Spent()
        self.env = env if env is not None else make(task, self.track)
        self._clock, self._began = clock, clock()
        self._ended = ""

    def begin(self, seed: int, options: dict[str, Any] | None = None) -> Told:
        """Start the episode; what is asked for, and what is seen."""
        self.spent, self._ended, self._began = Spent(), "", self._clock()
        obs, info = self.env.reset(seed=seed, options=options)
        return first(obs, seconds=info["elapsed_us"] * 1e-6)

    def call(self, name: str, arguments: Any) -> Told:
        """Carry out a call. What can't be carried out is answered with what was expected; nothing is done then."""
        if self.env.over:
            return Told(f"The episode is over{': ' + self._ended if self._ended else ''}.", over=True, malformed=True)
        self.spent.calls += 1
        self.spent.seconds = self._clock() - self._began
        try:
            action = tools.action(self.track.act, name, arguments)
        except tools.ToolError as error:
            self.spent.malformed += 1
            return self._checked(Told(str(error), malformed=True))
        obs, _, terminated, truncated, info = self.env.step(action)
        over = terminated or truncated
        said = str(info["said"]).capitalize() + "."
        if truncated:
            said += " There is no more time."
        return self._checked(tell(obs, seconds=info["elapsed_us"] * 1e-6, said=said, over=over))

    def mistake(self, why: str) -> Told:
        """Count what can't be read as a call at all; it is answered with `why`."""
        if self.env.over:
            return Told("The episode is over.", over=True, malformed=True)
        self.spent.calls += 1
        self.spent.malformed += 1
        self.spent.seconds = self._clock() - self._began
        return self._checked(Told(why, malformed=True))

    def give_up(self, why: str) -> Told:
        """Keep the hands off to the horizon, which ends the episode."""
        if not self.env.over:
            self._ended = why
            self.env.end()
        return Told(f"The episode is over: {why}.", over=True)

    @property
    def over(self) -> bool:
        """Whether the episode has ended."""
        return self.env.over

    def close(self) -> None:
        """Free what the environment holds."""
        self.env.close()

    def _checked(self, told: Told) -> Told:
        spent = self.spent.over(self.limits)
        if not spent or told.over:
            return told
        end = self.give_up(spent)
        return Told(f"{told.text}\n{end.text}", over=True, malformed=told.malformed)


def make(task: str, track: Track) -> SwitchEnv:
    """The environment of a task on a track."""
    import switch_bench.envs  # noqa: F401  # registers the tasks

    env = gymnasium.make(
        f"switch_bench/{task}", obs=track.obs, act=track.act, size=track.size, disable_env_checker=True
    ).unwrapped
    assert isinstance(env, SwitchEnv)
    return env
