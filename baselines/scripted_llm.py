"""A few rules behind a real OpenAI-style endpoint, asked like any language model: that the way to one works.

How good the rules are says nothing of language models.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from switch_bench.agents import openai, openai_address
from switch_bench.serve.scripted_llm import MODEL, ScriptedServer


class Policy:
    """It sees what a model sees on the track `llm`: what is asked for, and a list of what is in view; no image.

    It starts its own endpoint on this machine and asks it over HTTP, in the way of `--policy openai:MODEL@BASE_URL`.
    One answer in seven has a mistake in it. It reports done once it sees or hears what its rules take for a sign of it,
    and else nothing.
    """

    act, obs, size = "skill", ("elements", "sounds", "instruction"), (640, 480)

    def __init__(self) -> None:
        self._server = ScriptedServer()
        address = f"{openai_address.PREFIX}{MODEL}@{self._server.url}?track=llm&calls=80"
        self._policy = openai.Policy(openai_address.parse(address, {}))
        self.limits = self._policy.limits

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """A new conversation."""
        self._policy.reset(task, seed, info)

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the endpoint says to do."""
        return self._policy(obs, info)

    def spent(self) -> dict[str, Any]:
        """What the episode took."""
        return self._policy.spent()

    def close(self) -> None:
        """End the endpoint."""
        self._policy.close()
        self._server.close()
