"""A language model behind an OpenAI-style endpoint as a policy: `--policy openai:MODEL@BASE_URL`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from switch_bench.agents.errors import AgentError
from switch_bench.agents.openai_address import Address
from switch_bench.agents.openai_client import Client, OutOfTime
from switch_bench.agents.openai_talk import Talk
from switch_bench.agents.session import Limits, Spent
from switch_bench.agents.tell import TRACKS, first, tell
from switch_bench.agents.tools import ToolError

USUAL: Mapping[str, Any] = {"parallel_tool_calls": False}  # sent unless the address says `plain`


class Policy:
    """A model that calls tools, one at a time. It is told the briefing, what is asked for, and what it sees and hears.

    A call that can't be carried out is answered with what was expected; the world doesn't notice. When a limit is
    reached, the hands are off to the horizon. clock: wall time [s], which only the limits see.
    """

    def __init__(self, address: Address, *, clock: Callable[[], float] = time.monotonic) -> None:
        options = address.options
        track = TRACKS[options.track]
        self.act, self.obs, self.size = track.act, track.obs, track.size
        self._track, self._memory = track, options.memory
        self._sent = {**({} if options.plain else USUAL), **address.extra}
        self.limits = Limits(options.calls, options.malformed, options.seconds, options.tokens)
        self._client, self._clock = Client(address, clock=clock), clock
        self._begin()

    def _begin(self) -> None:
        self._talk = Talk(self._track.briefing, self.act, self._memory)
        self._spent, self._reached, self._told = Spent(), "", False
        self._began = self._clock()

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """A new episode. Neither the task's id nor the seed is sent."""
        self._begin()

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the model does next; None: a limit is reached, hands off from here on.

        Raises AgentError if the endpoint fails (see `Client.ask`), or doesn't count the tokens that are limited.
        """
        if self._reached:
            return None
        seconds = info["elapsed_us"] * 1e-6
        said = str(info.get("said", "")).capitalize()
        self._talk.tell(tell(obs, seconds=seconds, said=f"{said}.") if self._told else first(obs, seconds=seconds))
        self._told = True
        while not self._over():
            try:
                return self._ask()
            except ToolError:
                self._spent.malformed += 1
            except OutOfTime:
                pass  # the clock says so too
        return None

    def spent(self) -> dict[str, Any]:
        """What the episode took: calls, malformed, seconds, tokens (None: not counted), and which limit it reached."""
        return {**asdict(self._spent), "seconds": round(self._spent.seconds, 3), "limit": self._reached}

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _ask(self) -> dict[str, Any]:
        try:
            answer = self._client.ask(
                {**self._talk.body(), **self._sent}, within=self.limits.seconds - self._spent.seconds
            )
        finally:
            self._spent.seconds = self._clock() - self._began
        self._spent.calls += 1
        if answer.tokens is not None:
            self._spent.tokens = (self._spent.tokens or 0) + answer.tokens
        elif self.limits.tokens is not None:
            raise AgentError("the server doesn't say how many tokens it took", hint="leave out `tokens`")
        return self._talk.take(answer.message, answer.finish)

    def _over(self) -> bool:
        self._spent.seconds = self._clock() - self._began
        self._reached = self._spent.over(self.limits)
        return bool(self._reached)
