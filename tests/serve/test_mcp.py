"""The MCP server with the official client, over real pipes and real HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

sys.path.append(str(Path(__file__).parent))

from kettle import DONE, TASK, WAIT, lever
from mcp import Client
from mcp_player import server
from mcp_types import Implementation

from switch_bench.agents import tools
from switch_bench.evaluate.folder import read_episodes
from switch_bench.serve.desk import NOT_BEGUN
from switch_bench.serve.mcp import MOST_BODY

HERE = Path(__file__).parent
LONG = 120  # s that anything here may take
BOTH = {"content-type": "application/json", "accept": "application/json, text/event-stream"}
HELLO = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"},
    },
}  # fmt: skip


def run(doing: Coroutine[Any, Any, Any]) -> Any:
    """Run something that mustn't take too long."""
    return asyncio.run(asyncio.wait_for(doing, LONG))


def text(result: Any) -> str:
    """The words of a result."""
    return result.content[0].text


def until(seen: Callable[[], Any]) -> Any:
    """What is seen once there is something to be seen."""
    end = time.monotonic() + LONG
    while not (found := seen()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
    return found


@contextmanager
def over_http(out: Path, *more: str) -> Iterator[str]:
    """A server by HTTP on a free port: its address. It ends by a signal, as it should."""
    words = [*server(str(out)).args, "--transport", "http", *more]
    with subprocess.Popen(
        [sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            address = process.stdout.readline().strip()
            assert address, process.stderr.read()
            yield address
            process.send_signal(signal.SIGTERM)
            assert process.wait(LONG) == 0
            assert process.stderr.read().endswith("stopped\n")
        finally:
            process.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server by HTTP for several tests, each with its own client: its address and its folder."""
    out = tmp_path_factory.mktemp("mcp")
    with over_http(out) as address:
        yield address, out


def named(name: str) -> Implementation:
    """What a client says it is."""
    return Implementation(name=name, version="1")


async def boil(client: Client, **name: str) -> None:
    """Boil the water."""
    told = await client.call_tool("start_task", {"task": 1})
    if not name and "This episode is called" in text(told):
        name = {"episode": text(told).split("called ")[1].split(":")[0]}
    pressed = await client.call_tool("press", {"mark": lever(text(told)), **name})
    assert text(pressed).startswith("Done.")
    await client.call_tool("wait", WAIT | name)
    end = await client.call_tool("report", DONE | name)
    assert text(end) == "Done.\nThe episode is over."
    assert not end.is_error


def test_a_client_by_stdio_boils_water(tmp_path: Path) -> None:
    async def play() -> None:
        async with Client(server(str(tmp_path))) as client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert list(listed)[:2] == ["list_tasks", "start_task"]
            for name, tool in tools.tools("skill").items():
                assert listed[name].input_schema == tool.parameters
                assert listed[name].description == tool.description
            asked = json.loads(text(await client.call_tool("list_tasks", {})))["tasks"]
            assert asked == [
                {"task": 1, "asks": "Bring the water in the kettle to the boil, then tell me.", "begun": 0}
            ]
            early = await client.call_tool("press", {"mark": 1})
            assert (early.is_error, text(early)) == (True, NOT_BEGUN)
            await boil(client)

    run(play())
    [folder] = tmp_path.iterdir()
    [record] = read_episodes(folder)
    assert record["success"] is True
    results = json.loads((folder / "results.json").read_text())
    assert results["policy"] == "mcp:mcp"
    assert results["success"]["k"] == 1


def test_a_client_that_is_killed_leaves_an_error(tmp_path: Path) -> None:
    died = subprocess.run(
        [sys.executable, HERE / "mcp_player.py", "stdio", tmp_path], timeout=LONG, capture_output=True
    )
    assert died.returncode == -signal.SIGKILL
    [record] = until(lambda: [r for folder in tmp_path.iterdir() for r in read_episodes(folder)])
    assert (record["status"], record["error"]["type"]) == ("error", "Abandoned")


def test_nothing_but_the_protocol_is_on_standard_output(tmp_path: Path) -> None:
    lines = [b"garbage", b"\xff\xfe{", b"[" * 100_000, b'{"jsonrpc": "2.0"}', json.dumps(HELLO).encode()]
    command = [sys.executable, *server(str(tmp_path)).args]
    ran = subprocess.run(command, input=b"\n".join(lines) + b"\n", capture_output=True, timeout=LONG)
    assert ran.returncode == 0, ran.stderr
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [a["result"]["serverInfo"]["name"] for a in answers if a.get("id") == 1] == ["switch_bench"]
    assert all(a["jsonrpc"] == "2.0" for a in answers)


def test_clients_by_http_have_sessions_of_their_own(shared: tuple[str, Path]) -> None:
    address, out = shared

    async def play() -> None:
        async with (
            Client(address, mode="legacy", client_info=named("one")) as one,
            Client(address, mode="legacy", client_info=named("other")) as other,
        ):
            await other.call_tool("start_task", {"task": 1})
            await boil(one)
            waited = await other.call_tool("wait", {"seconds": 1})
            assert "Time: 1.0 s." in text(waited)

    run(play())
    [done] = read_episodes(out / "mcp-one")
    [left] = until(lambda: read_episodes(out / "mcp-other"))
    assert (done["status"], done["success"]) == ("done", True)
    assert (left["status"], left["error"]["message"]) == ("error", "the client closed its session")
    until((out / "mcp-one" / "report.html").exists)


def test_a_client_of_the_sessionless_protocol_names_its_episode(shared: tuple[str, Path]) -> None:
    address, out = shared

    async def play() -> None:
        async with Client(address, client_info=named("modern")) as client:
            listed = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert listed["press"].input_schema["required"] == ["episode", "mark"]
            unnamed = await client.call_tool("press", {"mark": 1})
            assert unnamed.is_error
            assert "`episode` is missing" in text(unnamed)
            await boil(client)

    run(play())
    assert [record["success"] for record in read_episodes(out / "mcp-modern")] == [True]


@pytest.mark.slow
def test_a_client_by_http_of_which_nothing_is_heard_leaves_an_error(tmp_path: Path) -> None:
    with over_http(tmp_path, "--idle", "2") as address:
        died = subprocess.run(
            [sys.executable, HERE / "mcp_player.py", "http", address], timeout=LONG, capture_output=True
        )
        assert died.returncode == -signal.SIGKILL
        [record] = until(lambda: [r for folder in tmp_path.iterdir() for r in read_episodes(folder)])
    assert "nothing was heard of the player for 2 s" in record["error"]["message"]


def test_garbage_and_bodies_that_are_too_large_are_refused_and_the_server_lives(shared: tuple[str, Path]) -> None:
    address, _ = shared

    def post(body: bytes, **headers: str) -> int:
        request = urllib.request.Request(address, body, BOTH | headers)
        try:
            with urllib.request.urlopen(request, timeout=LONG) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    assert post(b"{garbage") == 400
    assert post(b"[" * 60_000) == 400
    assert post(b'{"jsonrpc": "2.0", "method": 5}') == 400
    assert post(b" " * (MOST_BODY + 1)) == 413
    assert post(json.dumps(HELLO).encode(), **{"mcp-session-id": "made-up"}) == 404
    assert post(json.dumps(HELLO).encode(), origin="http://elsewhere.example") == 403
    assert post(json.dumps(HELLO).encode()) == 200


@pytest.mark.gl
def test_a_picture_is_an_image_and_what_is_wrong_is_an_error(tmp_path: Path) -> None:
    async def look() -> None:
        async with Client(server(str(tmp_path), "--track", "vlm")) as client:
            told = await client.call_tool("start_task", {"task": 1})
            assert [part.type for part in told.content] == ["text", "image"]
            image = told.content[1]
            assert image.mime_type == "image/png"
            picture = cv2.imdecode(np.frombuffer(base64.b64decode(image.data), np.uint8), cv2.IMREAD_COLOR)
            assert picture is not None
            assert picture.shape == (480, 640, 3)
            assert picture.std() > 10
            wrong = await client.call_tool("look", {"direction": "back"})
            assert wrong.is_error
            assert [part.type for part in wrong.content] == ["text"]
            assert "'left', 'right', 'up', 'down' or 'ahead', got 'back'" in text(wrong)
            end = await client.call_tool("report", {"what": "impossible"})
            assert [part.type for part in end.content] == ["text"]

    run(look())
    [folder] = tmp_path.iterdir()
    [record] = read_episodes(folder)
    assert (record["success"], record["malformed"]) == (False, 1)
    assert record["renderer"] != "none"
    assert list(json.loads((folder / "run.json").read_text())["numbers"].values()) == [TASK]
