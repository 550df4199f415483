"""The MCP server: the desk's tools for any client of the Model Context Protocol, by stdio or HTTP, by the official SDK.

By stdio the process is one client's. By HTTP clients that begin with a handshake have sessions, each with an episode
of its own; those of the newer, sessionless protocol name the episode in each call. Calls of all clients are carried out
one after the other, on one thread, while the event loop goes on.
"""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import mcp_types as types
import uvicorn
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switch_bench._version import __version__
from switch_bench.agents.tell import Told, png
from switch_bench.physics.picture import close_all
from switch_bench.serve.desk import Desk

PATH = "/mcp"
STDIO = "stdio"  # the place of the one client
SESSION = "mcp-session-id"
MOST_BODY = 64 * 1024  # bytes of a request
MOST_SESSIONS = 64
SWEEP = 5.0  # s between looks for players of whom nothing is heard
LEAVING = 1  # s that open streams have to end when the server does
GONE = "the client closed its session"
ABOUT = (
    "A benchmark of tangible control interfaces. Call list_tasks, then start_task with a task's number; then act by "
    "the other tools until you report, which ends the episode. What an episode came to is not told here."
)


class Served:
    """A desk on a thread of its own, where the simulator and OpenGL are, and the MCP server before it."""

    def __init__(self, make: Callable[[], Desk], *, stdio: bool) -> None:
        """make: makes the desk; it is called on that thread. Raises what it raises."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="simulator")
        self._stdio = stdio
        self.desk: Desk = self._pool.submit(make).result()
        self.server: Server[Any] = Server(
            "switch_bench",
            version=__version__,
            instructions=ABOUT,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
        )

    async def do(self, what: Callable[..., Any], *args: Any) -> Any:
        """Do something on the simulator's thread. What has begun there is done to its end, whoever stops waiting."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, what, *args)

    def close(self) -> None:
        """End what is under way and write the results. What was begun before is waited for."""
        self._pool.submit(self._leave).result()
        self._pool.shutdown()

    def _leave(self) -> None:
        self.desk.close()
        close_all()

    async def _list_tools(
        self, ctx: ServerRequestContext[Any], params: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        shown = self.desk.tools(named=self._place(ctx) is None)
        return types.ListToolsResult(
            tools=[types.Tool(name=t.name, description=t.description, input_schema=dict(t.parameters)) for t in shown]
        )

    async def _call_tool(
        self, ctx: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        return await self.do(self._call, self._place(ctx), _client(ctx), params.name, params.arguments)

    def _call(self, place: str | None, client: str, name: str, arguments: Any) -> types.CallToolResult:
        told = self.desk.call(place, client, name, arguments)
        if told.over:
            self._pool.submit(self.desk.write)
        return result(told)

    def _place(self, ctx: ServerRequestContext[Any]) -> str | None:
        """Where the client sits: by stdio there is one place, by HTTP its session is, if it has one."""
        if self._stdio or ctx.request is None:
            return STDIO
        session = ctx.request.headers.get(SESSION)
        return None if session is None else _of_session(session)


def result(told: Told) -> types.CallToolResult:
    """What is told, as MCP has it: text, then images."""
    pictures = [
        types.ImageContent(type="image", data=base64.b64encode(png(image)).decode(), mime_type="image/png")
        for image in told.images
    ]
    return types.CallToolResult(
        content=[types.TextContent(type="text", text=told.text), *pictures], is_error=told.malformed
    )


def _client(ctx: ServerRequestContext[Any]) -> str:
    said = ctx.session.client_params
    return said.client_info.name if said is not None else ""


# -------------------------------------------------------------------------------------------------------- by stdio


def stdio(make: Callable[[], Desk]) -> None:
    """Serve the one client at standard input and output, until it closes them."""
    served = Served(make, stdio=True)
    try:
        asyncio.run(_stdio(served))
    finally:
        served.close()


async def _stdio(served: Served) -> None:
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, _end, served)
    async with stdio_server() as (read, write):
        await served.server.run(read, write, served.server.create_initialization_options())


def _end(served: Served) -> None:
    """End at once: a read of standard input that has begun can't be called off otherwise."""
    served.close()
    os._exit(128 + signal.SIGTERM)


# --------------------------------------------------------------------------------------------------------- by HTTP


def http(make: Callable[[], Desk], host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve clients at http://host:port/mcp until a signal says to end. ready: is told the address.

    Raises OSError: the port can't be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        served = Served(make, stdio=False)
        before = signal.signal(signal.SIGTERM, _stop)
        try:
            shown = f"[{host}]" if ":" in host else host
            asyncio.run(
                _http(served, listening, host, lambda: ready(f"http://{shown}:{listening.getsockname()[1]}{PATH}"))
            )
        finally:
            signal.signal(signal.SIGTERM, before)
            served.close()


async def _http(served: Served, listening: socket.socket, host: str, ready: Callable[[], None]) -> None:
    app = served.server.streamable_http_app(
        streamable_http_path=PATH,
        host=host,
        max_request_body_size=MOST_BODY,
        max_sessions=MOST_SESSIONS,
        session_idle_timeout=served.desk.idle + 2 * SWEEP,
    )
    config = uvicorn.Config(
        _Goodbyes(app, served), log_level="warning", timeout_graceful_shutdown=LEAVING, lifespan="on", ws="none"
    )
    sweeping = asyncio.create_task(_sweep(served))
    ready()
    try:
        await uvicorn.Server(config).serve(sockets=[listening])
    finally:
        sweeping.cancel()


async def _sweep(served: Served) -> None:
    while True:
        await asyncio.sleep(min(SWEEP, served.desk.idle / 2))
        await served.do(served.desk.sweep)


class _Goodbyes:
    """Notices clients that close their session."""

    def __init__(self, app: ASGIApp, served: Served) -> None:
        self._app, self._served = app, served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        closed = False

        async def watch(message: Message) -> None:
            nonlocal closed
            closed = closed or (message["type"] == "http.response.start" and message["status"] < 400)
            await send(message)

        await self._app(scope, receive, watch)
        if closed and scope["type"] == "http" and scope["method"] == "DELETE":
            session = Headers(scope=scope).get(SESSION)
            if session is not None:
                await self._served.do(self._served.desk.leave, _of_session(session), GONE)


def _of_session(session: str) -> str:
    return f"session {session}"


def _stop(*_: Any) -> None:
    raise KeyboardInterrupt
