"""A policy at a web socket, as openpi serves them: `--policy ws://host:port`.

Each episode has a connection of its own. openpi's wire has no reset, and a policy with a memory can't be taken up in
the middle, so a new connection is the sign that a new episode begins, and one that breaks ends its episode.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from switch_bench.agents.errors import AgentError, AgentGone
from switch_bench.agents.openpi_address import Address
from switch_bench.agents.openpi_link import Hangup, Link
from switch_bench.agents.openpi_wants import SEED, agreed
from switch_bench.bodies.command import SIZE

ACTIONS, HANDS_OFF = "actions", "done"
NUMBERS = "iuf"  # kinds of dtypes


class Policy:
    """What is at an address. It is told what it asked to observe, and nothing else: no ids, no `info`.

    `obs` and `size` are what the server wants; see `openpi_wants`.
    """

    act = "delta_pose"

    def __init__(self, address: Address) -> None:
        """Connect, and settle what is sent.

        Raises:
            AgentError: it can't be reached (AgentGone), or wants what can't be had.
        """
        self._address = address
        self._link: Link = Link(address)
        try:
            self._wants = agreed(address, self._link.metadata)
        except AgentError:
            self._link.close()
            raise
        self.obs, self.size = self._wants.obs, self._wants.size
        self._asked = False  # whether this connection has been used
        self._chunk: list[np.ndarray] = []
        self._seed: int | None = None
        self._done = False

    def reset(self, task: str, seed: int, info: Mapping[str, Any]) -> None:
        """A new episode, on a new connection. The seed is sent to a server that asked for it; the task's id never is.

        Raises:
            AgentGone: the server can't be reached any more, or isn't what it was.
        """
        self._chunk, self._done = [], False
        self._seed = seed if self._wants.seed else None
        if self._asked or not self._link.is_open:
            self._link.close()
            self._link = self._again()

    def __call__(self, obs: Any, info: Mapping[str, Any]) -> np.ndarray | None:
        """The next action, (12,) numbers; None where the server has said `done`: hands off from here on.

        Raises:
            AgentError: the server failed, was late, or gave no actions.
            AgentGone: it closed the connection and can't be reached any more.
        """
        if not self._chunk:
            if self._done:
                return None
            self._chunk = self._infer(obs)
            if not self._chunk:
                return None
        return self._chunk.pop(0)

    def close(self) -> None:
        """End the connection."""
        self._link.close()

    def _infer(self, obs: Any) -> list[np.ndarray]:
        self._asked = True
        try:
            answer = self._link.ask(self._message(obs))
        except Hangup:
            self._link = self._again()  # for the next episode; if it can't be had, that is the error
            self._asked = False
            raise
        try:
            self._done = answer.get(HANDS_OFF) is True
            return [] if self._done else list(self._checked(answer))
        except AgentError:
            self._link.close()
            raise

    def _message(self, obs: Any) -> dict[str, Any]:
        seen = obs if isinstance(obs, Mapping) else {self.obs[0]: obs}
        message = {wire: _sent(seen[ours]) for wire, ours in self._wants.keys}
        if self._seed is not None:
            message[SEED], self._seed = self._seed, None
        return message

    def _checked(self, answer: Mapping[str, Any]) -> np.ndarray:
        """The actions to carry out, (n, 12)."""
        if ACTIONS not in answer:
            names = ", ".join(map(str, answer)) or "nothing"
            raise AgentError(f"the server's answer has no {ACTIONS!r}, but {names:.200}")
        actions = answer[ACTIONS]
        if not isinstance(actions, np.ndarray) or actions.dtype.kind not in NUMBERS:
            raise AgentError(f"the server's actions are no array of numbers, but {type(actions).__name__}")
        if actions.ndim != 2 or actions.shape[1] != SIZE or not len(actions):
            raise AgentError(f"the server's actions have shape {actions.shape}; expected (H, {SIZE}), H from 1 on")
        if not np.isfinite(actions).all():
            raise AgentError("a number in the server's actions isn't finite")
        replan = self._wants.replan
        if replan is not None and replan > len(actions):
            raise AgentError(f"replan is {replan}, and the server gave {len(actions)} actions")
        return actions[:replan].astype(np.float32)

    def _again(self) -> Link:
        link = Link(self._address)
        try:
            now = agreed(self._address, link.metadata)
        except AgentError as error:
            link.close()
            raise AgentGone(f"the server isn't what it was: {error.message}", hint=error.hint) from error
        if now != self._wants:
            link.close()
            raise AgentGone(f"the server isn't what it was: it wanted {self._wants}, and now {now}")
        self._asked = False
        return link


def _sent(value: Any) -> Any:
    return np.ascontiguousarray(value) if isinstance(value, np.ndarray) else value
