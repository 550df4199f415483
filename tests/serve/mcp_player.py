"""A client that starts a task and then is gone: `python mcp_player.py stdio OUT` or `… http ADDRESS`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from kettle import SEED, TASK
from mcp import Client
from mcp.client.stdio import StdioServerParameters


def server(out: str, *more: str) -> StdioServerParameters:
    """The server, as a client starts it."""
    words = ["serve", "mcp", "--suite", TASK, "--seed", str(SEED), "--track", "llm", "--no-pictures", "--out", out]
    environment = {"MUJOCO_GL": os.environ.get("MUJOCO_GL", "")}
    code = "from switch_bench.cli import main; main()"
    return StdioServerParameters(command=sys.executable, args=["-c", code, *words, *more], env=environment)


async def begin_and_die(way: str, where: str) -> None:
    """Start a task; then this process is killed as it stands."""
    async with Client(server(where) if way == "stdio" else where, mode="legacy") as client:
        await client.call_tool("start_task", {"task": 1})
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(begin_and_die(*sys.argv[1:]))
