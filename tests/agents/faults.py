"""Policies' servers that do as a test says: right, late, wrong, or not at all. Each ends with its test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import openpi_twin as twin
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, serve

QUICK = "tries=2&backoff=0.05&connect_timeout=120&timeout=120"  # options for a test that waits for nothing


class Remote:
    """A server: what it has been asked so far (`asked`), over how many connections, and which way it goes on.

    `answer(message, n, connection)` gives what to send for the n-th message of a connection, from 0 on: a dict, or a
    frame as it is; None: nothing.
    """

    def __init__(self, answer: Callable[..., Any], metadata: Any, port: int) -> None:
        self.answer, self.metadata = answer, metadata
        self.asked: list[Any] = []
        self.headers: list[Any] = []
        self.connections = 0
        self.over = threading.Event()
        self._server: Server = serve(
            self._handle, "127.0.0.1", port, compression=None, max_size=None, close_timeout=0.2, ping_interval=None
        )
        self.port: int = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def url(self, options: str = QUICK) -> str:
        return f"ws://127.0.0.1:{self.port}?{options}"

    def stop(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join(5)

    def stop_listening(self) -> None:
        """Let nobody connect any more; who is connected stays so."""
        self._server.socket.shutdown(socket.SHUT_RDWR)
        self._server.socket.close()

    def _handle(self, connection: Any) -> None:
        self.connections += 1
        self.headers.append(connection.request.headers)
        try:
            if self.metadata is not None:
                connection.send(self._frame(self.metadata))
            n = 0
            while True:
                message = twin.unpack(connection.recv())
                self.asked.append(message)
                answer = self.answer(message, n, connection)
                n += 1
                if answer is not None:
                    connection.send(self._frame(answer))
        except ConnectionClosed:
            return

    def _frame(self, what: Any) -> Any:
        return twin.pack(what) if isinstance(what, dict) else what


@contextmanager
def remote(answer: Callable[..., Any], metadata: Any = None, port: int = 0) -> Iterator[Remote]:
    """A server for a test; metadata: what it sends first, {} if not given."""
    server = Remote(answer, {} if metadata is None else metadata, port)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def listener(handle: Callable[[socket.socket], None]) -> Iterator[int]:
    """A bare TCP server that gives each connection to `handle`; its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        over = threading.Event()

        def run() -> None:
            while not over.is_set():
                try:
                    accepted, _ = listening.accept()
                except TimeoutError:
                    continue
                with accepted:
                    handle(accepted)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            over.set()
            thread.join(5)


def chunk(*first: float) -> dict[str, Any]:
    """An answer of so many actions, each with its own first number."""
    actions = np.zeros((len(first), 12), np.float32)
    actions[:, 0] = first
    return {"actions": actions}


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]
