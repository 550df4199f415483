"""Serves a policy at a web socket by openpi's wire, so that whatever talks to an openpi server can talk to it.

A connection is an episode: with its first observation the policy is reset. `reset: True` in an observation begins
another on the same connection, and `seed`, a whole number, sets the policy's draws where an episode begins; both may be
left out. An answer holds one action, `actions` (1, 12) float32, and `done: True` where the policy keeps its hands off
from here on: the action is then to stay as it is.
"""

from __future__ import annotations

import hmac
import http
import logging
import threading
import time
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from gymnasium import spaces

from switch_bench._version import __version__
from switch_bench.agents import openpi_wire as wire
from switch_bench.agents.errors import AgentError
from switch_bench.agents.openpi import ACTIONS, HANDS_OFF
from switch_bench.agents.openpi_address import FURTHER, NAMES
from switch_bench.agents.openpi_wants import FIXED, SEED
from switch_bench.bodies.command import SIZE
from switch_bench.evaluate import policies
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.policies import Declared

LOG = logging.getLogger(__name__)
RESET = "reset"
MOST = 16 << 20  # bytes of a message
HARD = 4 * MOST  # a longer one isn't read at all: the connection is closed with code 1009
LEAVING = 1.0  # s for the connection before to end
GRIP = 6  # the number of an action that isn't relative
SPACE = spaces.Box(-1, 1, (SIZE,), np.float32)
MEANS: Mapping[str, str] = {ours: name for name, ours in {**NAMES, **FURTHER}.items()}


class Refused(Exception):
    """A message that isn't an observation: what is wrong with it."""


class PolicyServer:
    """A policy at a port. Each connection has a policy of its own, where `name` is a class; they act one at a time."""

    def __init__(self, name: str, *, host: str = "127.0.0.1", port: int = 8000, api_key: str = "") -> None:
        """Bind the port; 0: any that is free.

        Raises:
            InputError: there is no such policy, it can't be served, the port can't be had, or a library is missing.
        """
        self._name, self._api_key = name, api_key
        self._first, self._declared = _served(name)
        self._turn = threading.Lock()  # what policies are made of need not bear two threads
        self._seats = threading.Condition()
        self._busy: set[int] = set()  # ids of those that are one object for all
        try:
            from websockets import exceptions
            from websockets.sync import server

            wire.msgpack()
        except ModuleNotFoundError as error:
            raise _missing(wire.missing(error)) from error
        except AgentError as error:
            raise _missing(error) from error
        self._closed = exceptions.ConnectionClosed
        try:
            self._server = server.serve(
                self._episode,
                host,
                port,
                compression=None,
                max_size=HARD,
                process_request=self._request,
                ping_timeout=None,  # a client that is busy simulating doesn't answer pings
            )
        except OSError as error:
            where = f"--host {host} --port {port}"
            hint = "choose another port; 0 takes any that is free"
            raise InputError(f"can't listen there: {error.strerror}", where=where, hint=hint) from error

    @property
    def port(self) -> int:
        """The port it listens at."""
        return self._server.socket.getsockname()[1]

    @property
    def metadata(self) -> dict[str, Any]:
        """What a client is told when it connects."""
        return {
            "policy": self._name,
            "switch_bench": __version__,
            **FIXED,
            "keys": [*(MEANS[name] for name in self._declared.obs), SEED],
            "image_size": list(self._declared.size),
            "replan": 1,
        }

    def serve(self) -> None:
        """Serve until `close` is called from another thread."""
        self._server.serve_forever()

    def close(self) -> None:
        """Close all connections and stop."""
        self._server.shutdown()

    def _request(self, connection: Any, request: Any) -> Any:
        if request.path == "/healthz":
            return connection.respond(http.HTTPStatus.OK, "OK\n")
        given = request.headers.get("Authorization", "")
        if self._api_key and not hmac.compare_digest(given.encode(), f"Api-Key {self._api_key}".encode()):
            return connection.respond(http.HTTPStatus.UNAUTHORIZED, "An API key is needed, or another one.\n")
        return None

    def _episode(self, connection: Any) -> None:
        """One connection, to its end or the first fault, which is told as a text frame."""
        try:
            with self._own() as policy:
                connection.send(wire.pack(self.metadata))
                seat = _Seat(policy, self._declared)
                while True:
                    frame = connection.recv()
                    began = time.perf_counter()
                    with self._turn:
                        answer = seat.answer(frame)
                    answer["server_timing"] = {"infer_ms": 1e3 * (time.perf_counter() - began)}
                    connection.send(wire.pack(answer))
        except self._closed:
            return
        except Refused as error:
            self._tell(connection, str(error))
        except Exception:
            self._tell(connection, traceback.format_exc())

    def _tell(self, connection: Any, what: str) -> None:
        LOG.error("%s", what)
        try:
            connection.send(what)
            connection.close(1011, "the frame before says why")
        except self._closed:
            return

    @contextmanager
    def _own(self) -> Iterator[Any]:
        """A policy for one connection."""
        with self._seats:
            policy, self._first = self._first, None
            if policy is None:
                policy = policies.load(self._name)[0]
            if not self._seats.wait_for(lambda: id(policy) not in self._busy, timeout=LEAVING):
                raise Refused(f"{self._name} is one object, not a class, and serves another connection")
            self._busy.add(id(policy))
        try:
            yield policy
        finally:
            with self._seats:
                self._busy.discard(id(policy))
                self._seats.notify_all()


class _Seat:
    """A policy at work for one connection."""

    def __init__(self, policy: Any, declared: Declared) -> None:
        self._policy, self._declared = policy, declared
        self._begun = self._over = False
        self._last = np.zeros(SIZE, np.float32)

    def answer(self, frame: str | bytes) -> dict[str, Any]:
        """The answer to an observation. Raises Refused for what is none, and whatever the policy raises."""
        told = _read(frame)
        obs = {name: _observed(told, name, self._declared) for name in self._declared.obs}
        if told.get(RESET) is True or not self._begun:
            self._policy.reset("", _seed(told), {})
            self._begun, self._over, self._last = True, False, np.zeros(SIZE, np.float32)
        if not self._over:
            action = self._policy(obs if len(obs) > 1 else obs[self._declared.obs[0]], {})
            self._over = action is None
            self._last = self._rest() if action is None else policies.checked(action, SPACE)
        return {ACTIONS: self._last[None]} | ({HANDS_OFF: True} if self._over else {})

    def _rest(self) -> np.ndarray:
        rest = np.zeros(SIZE, np.float32)
        rest[GRIP] = self._last[GRIP]
        return rest


def _served(name: str) -> tuple[Any, Declared]:
    """A policy that can be served. Raises InputError."""
    where = f"serve policy {policies.identity(name)}"
    policy, declared = policies.load(name)
    if declared.act != "delta_pose":
        hint = "openpi's wire carries actions as arrays of numbers: serve one that acts by delta_pose"
        raise InputError(f"it acts by {declared.act}", where=where, hint=hint)
    lacking = [obs for obs in declared.obs if obs not in MEANS]
    if declared.privileged or lacking:
        what = f"it observes {', '.join(lacking)}" if lacking else "it knows what no agent can"
        raise InputError(what, where=where, hint=f"what can be sent is {', '.join(MEANS)}")
    return policy, declared


def _missing(error: AgentError) -> InputError:
    return InputError(error.message, where="serve policy", hint=error.hint)


def _read(frame: str | bytes) -> Mapping[str, Any]:
    if isinstance(frame, str):
        raise Refused("a text frame came; an observation is a binary frame of msgpack")
    try:
        told = wire.unpack(frame, most=MOST)
    except wire.WireError as error:
        raise Refused(error.message) from error
    if not isinstance(told, dict):
        raise Refused(f"an observation is a map, and {type(told).__name__} came")
    return told


def _seed(told: Mapping[str, Any]) -> int:
    seed = told.get(SEED, 0)
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**63:
        raise Refused(f"seed is {seed!r:.100}; expected a whole number, 0 or more")
    return int(seed)


def _observed(told: Mapping[str, Any], name: str, declared: Declared) -> Any:
    """One of our observations from a message."""
    key = MEANS[name]
    if key not in told:
        raise Refused(f"the observation lacks {key!r}; it has {', '.join(map(str, told)) or 'nothing':.300}")
    value = told[key]
    width, height = declared.size
    shapes = {"rgb": (height, width, 3), "wrist_rgb": (height, width, 3), "depth": (height, width), "sounds": (20,)}
    kinds = {"rgb": np.uint8, "wrist_rgb": np.uint8, "sounds": np.int8}
    if name == "instruction":
        if not isinstance(value, str):
            raise Refused(f"{key} is {type(value).__name__}; expected a text")
        return value
    shape, kind = shapes.get(name, (17,)), np.dtype(kinds.get(name, np.float32))
    if not isinstance(value, np.ndarray) or value.shape != shape:
        found = f"shape {value.shape}" if isinstance(value, np.ndarray) else type(value).__name__
        raise Refused(f"{key} has {found}; expected an array of shape {shape}")
    return value.astype(kind)  # a copy that may be written to
