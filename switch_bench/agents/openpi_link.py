"""One connection to a policy's server: opened with so many tries, asked with a time-out, and never used after a fault.

What a fault leaves in a connection could be taken for the answer to the next question, so each fault closes it.
"""

from __future__ import annotations

import math
import socket
import ssl
import struct
import time
from contextlib import ExitStack
from typing import Any

from switch_bench.agents import openpi_wire as wire
from switch_bench.agents.errors import AgentError, AgentGone
from switch_bench.agents.openpi_address import KEY_VARIABLE, Address

LONGEST_WAIT = 10.0  # s between two tries
CLOSING = 1.0  # s for a server to say goodbye
TOLD = 8000  # letters of a remote traceback that are kept, its end
TOO_BIG = 1009  # the close code


class Link:
    """A connection that is open, with the server's `metadata`."""

    def __init__(self, address: Address) -> None:
        """Connect, trying as often as the address says.

        Raises:
            AgentError: a library is missing.
            AgentGone: nobody answers there, or who answers is no policy's server, or refuses.
        """
        self._address = address
        self._open = ExitStack()
        try:
            from websockets import exceptions
            from websockets.sync import client
        except ModuleNotFoundError as error:
            raise wire.missing(error) from error
        wire.msgpack()
        self._client, self._exceptions = client, exceptions
        why = ""
        for attempt in range(address.tries):
            if attempt:
                time.sleep(min(address.backoff * 2.0 ** (attempt - 1), LONGEST_WAIT))
            try:
                self.metadata = self._connect()
                return
            except exceptions.InvalidStatus as error:
                status = error.response.status_code
                why = f"HTTP {status}"
                if status < 500:
                    raise AgentGone(f"the server refuses the connection: {why}", hint=_refused(status)) from error
            except TimeoutError:
                why = f"no answer within {address.connect_timeout:g} s"
            except OSError as error:
                why = error.strerror or str(error)
            except (exceptions.WebSocketException, EOFError) as error:
                why = f"the server ended the connection while it was made ({error})"
            self.close()
        tried = "once" if address.tries == 1 else f"{address.tries} times"
        hint = f"is a policy's server running at {address.url}?"
        raise AgentGone(f"can't be reached: {why} (tried {tried})", hint=hint)

    @property
    def is_open(self) -> bool:
        """Whether neither side has closed it, as far as is known."""
        return self._socket.protocol.state.name == "OPEN"

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """The answer to a message.

        Raises:
            AgentError: no answer came in time, or none that can be used; the connection is closed.
            Hangup: the server has closed the connection.
        """
        try:
            return self._ask(message)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; a server that doesn't say goodbye isn't waited for."""
        self._open.close()

    def _connect(self) -> dict[str, Any]:
        address = self._address
        headers = {"Authorization": f"Api-Key {address.api_key}"} if address.api_key else None
        self._socket = self._open.enter_context(
            self._client.connect(
                address.url,
                additional_headers=headers,
                compression=None,
                proxy=None,
                open_timeout=address.connect_timeout,
                close_timeout=CLOSING,
                ping_interval=None,  # a server that is busy inferring doesn't answer pings
                max_size=address.max_bytes,
            )
        )
        self._limit_sending(address.timeout)
        try:
            first = self._socket.recv(timeout=address.connect_timeout)
            metadata = self._read(first)
        except AgentError as error:
            self.close()
            raise AgentGone(f"no policy's server: its first frame should be its metadata. {error.message}") from error
        return metadata

    def _limit_sending(self, seconds: float) -> None:
        whole, part = int(seconds), int(1e6 * math.fmod(seconds, 1.0))
        self._socket.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", whole, part))

    def _ask(self, message: dict[str, Any]) -> dict[str, Any]:
        address = self._address
        data = wire.pack(message)
        if len(data) > address.max_bytes:
            raise AgentError(
                f"an observation of {len(data)} bytes is more than max_bytes={address.max_bytes}",
                hint="send smaller images (size=…) or fewer of them (key=…), or raise max_bytes",
            )
        late = AgentError(
            f"the server gave no answer within {address.timeout:g} s", hint="timeout=… in the address allows more"
        )
        try:
            self._socket.send(data)
            answer = self._socket.recv(timeout=address.timeout)
        except TimeoutError as error:
            raise late from error
        except self._exceptions.ConnectionClosed as error:
            if isinstance(error.__cause__, BlockingIOError | ssl.SSLWantWriteError | TimeoutError):
                raise late from error
            if error.sent is not None and error.sent.code == TOO_BIG:
                raise AgentError(
                    f"the server's answer is longer than max_bytes={address.max_bytes}",
                    hint="max_bytes=… in the address allows more",
                ) from error
            raise Hangup(f"the server closed the connection: {error}") from error
        return self._read(answer)

    def _read(self, frame: str | bytes) -> dict[str, Any]:
        if isinstance(frame, str):
            raise AgentError(f"the server says:\n{self._hidden(frame)[-TOLD:]}")
        found = wire.unpack(frame, most=self._address.max_bytes)
        if not isinstance(found, dict):
            raise AgentError(f"the server sent {type(found).__name__} where a map was expected")
        return found

    def _hidden(self, text: str) -> str:
        return text.replace(self._address.api_key, "…") if self._address.api_key else text


class Hangup(AgentError):
    """The server closed the connection in the middle of an episode."""


def _refused(status: int) -> str:
    if status in (401, 403):
        return f"it wants an API key, or another one: put it into the environment variable {KEY_VARIABLE}"
    return "is that the address of a policy's server?"
