"""`switch-bench leaderboard serve`: one process that serves, and workers beside it that verify."""

from __future__ import annotations

import asyncio
import fcntl
import ipaddress
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from starlette.types import Message

from switch_bench.evaluate.errors import InputError
from switch_bench.leaderboard import uploads, worker
from switch_bench.leaderboard.app import make_app
from switch_bench.leaderboard.asking import Served
from switch_bench.leaderboard.database import Database, migrate
from switch_bench.leaderboard.settings import Settings
from switch_bench.leaderboard.watching import Watch
from switch_bench.leaderboard.wire import Protocol

LOG = logging.getLogger("switch_bench.leaderboard")


def loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the board's folder: only one server may sweep and serve it.

    Raises:
        InputError: another one does.
    """
    with (settings.data / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(
                "another server serves this board", where=str(settings.data), hint="stop it, or take another folder"
            ) from error
        yield


def open_board(settings: Settings) -> Database:
    """The board in a folder, which is made if it is empty, with what was left of uploads and verifications swept."""
    settings.make_folders()
    if not settings.database.exists():
        migrate(settings.database)
    database = Database(settings.database)
    database.check()
    uploads.sweep(settings, database)
    worker.sweep(settings, database)
    return database


async def warm(app: FastAPI, base: str = "") -> None:
    """Ask for the table before anyone does: the first who does finds it kept, and templates and routes ready."""
    for path in ("/", "/api/v1/board"):
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": base + path, "raw_path": (base + path).encode(), "root_path": "", "query_string": b"",
            "headers": [(b"host", b"localhost")], "client": None, "server": None,
        }  # fmt: skip
        await app(scope, _nothing, _unheard)


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _unheard(message: Message) -> None:
    pass


def serve(settings: Settings, host: str, port: int, workers: int, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. ready: gets the address.

    Raises:
        InputError: it can't listen there, or another server serves this board.
    """
    settings.make_folders()
    with alone(settings):
        database = open_board(settings)
        try:
            bound = _bind(host, port)
            app = make_app(Served(settings, database))
            asyncio.run(warm(app, settings.base))
            config = uvicorn.Config(
                app,
                http=Protocol,
                server_header=False,
                proxy_headers=False,
                access_log=False,
                log_level=logging.WARNING,
                timeout_keep_alive=10,
                timeout_graceful_shutdown=10,
                h11_max_incomplete_event_size=32 * 1024,
                lifespan="off",
            )
            watch = Watch(settings, workers)
            watch.start()
            shown = f"[{host}]" if ":" in host else host
            ready(f"http://{shown}:{bound.getsockname()[1]}{settings.base}/")
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn hands on the signal that has ended it
            try:
                uvicorn.Server(config).run(sockets=[bound])
            except KeyboardInterrupt:
                LOG.info("stopped")
            finally:
                watch.stop()
                bound.close()
        finally:
            database.close()


def _bind(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(1024)
    except OSError as error:
        raise InputError(f"can't listen there: {error}", where=f"--host {host} --port {port}") from error
    bound.set_inheritable(True)
    return bound
