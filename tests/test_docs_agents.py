"""Every box of docs/agents.md does what the page says, one after the other, as a reader would do it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_docs import page

NAME = "docs/agents.md"
BOX = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```", re.DOTALL | re.MULTILINE)
EXTRAS = ("rl", "inspect", "learn")
LONGEST = 240  # s: a box
PORT = re.compile(r"(?<=--port )\d+")


@dataclass(frozen=True)
class Box:
    """A fenced piece of code: its language, and an extra it needs, or "server" for what runs while the next does."""

    language: str
    tag: str
    code: str


def sections() -> dict[str, list[Box]]:
    """The boxes under each heading."""
    parts = re.split(r"^## ", page(NAME), flags=re.MULTILINE)[1:]
    found = {part.partition("\n")[0]: [Box(*box) for box in BOX.findall(part)] for part in parts}
    return {heading: boxes for heading, boxes in found.items() if boxes}


def cases() -> Iterator[object]:
    """The boxes of a section that need the same extra, in their order."""
    for heading, boxes in sections().items():
        for extra in ("", *EXTRAS):
            mine = [box for box in boxes if (box.tag if box.tag in EXTRAS else "") == extra]
            marks = [pytest.mark.gl, *([getattr(pytest.mark, extra)] if extra else [])]
            if any(box.language != "json" for box in mine):
                yield pytest.param(mine, id=f"{heading} {extra}".strip(), marks=marks)


def environment() -> dict[str, str]:
    """Commands are found beside this Python."""
    return os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "INSPECT_DISPLAY": "plain"}


def free_port() -> str:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return str(listening.getsockname()[1])


def wait_for(port: str, server: subprocess.Popen[str]) -> None:
    """Wait until something listens."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        assert server.poll() is None, server.communicate()
        with socket.socket() as trying:
            if trying.connect_ex(("127.0.0.1", int(port))) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server didn't begin to listen")


@pytest.mark.parametrize("boxes", list(cases()))
def test_a_section_works_as_it_stands(boxes: list[Box], tmp_path: Path) -> None:
    servers: list[subprocess.Popen[str]] = []
    ports: dict[str, str] = {}
    try:
        for box in boxes:
            code = box.code
            for old in PORT.findall(code) if box.tag == "server" else ():
                ports[old] = free_port()
            for old, new in ports.items():
                code = code.replace(old, new)
            named = re.match(r"# (\w+\.py)\n", code)
            if named and box.language == "python":
                (tmp_path / named[1]).write_text(code)
            elif box.tag == "server":
                server = subprocess.Popen(
                    ["sh", "-c", f"exec {code}"], cwd=tmp_path, env=environment(), text=True,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                )  # fmt: skip
                servers.append(server)
                wait_for(ports[PORT.findall(box.code)[0]], server)
            elif box.language in ("sh", "python"):
                words = ["sh", "-ec", code] if box.language == "sh" else [sys.executable, "-c", code]
                ran = subprocess.run(
                    words, cwd=tmp_path, env=environment(), text=True, capture_output=True, timeout=LONGEST
                )
                assert ran.returncode == 0, ran.stdout + ran.stderr
                assert ran.stdout.strip() or box.tag == "rl", ran.stderr
        for results in tmp_path.glob("runs/*/results.json"):
            assert '"errors": 0' in results.read_text()
    finally:
        for server in servers:
            server.terminate()
            server.wait(LONGEST)


def test_every_way_in_has_its_section_or_its_page() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| (.+) \|$", page(NAME), re.MULTILINE)[1:]
    assert len(rows) == 8
    assert all(re.match(r"\[.*\]\(", more) for _, more in rows)
    assert set(sections()) >= {
        "A class in Python", "An RL library", "A vision-language-action model", "A language model", "Inspect", "MCP",
        "Any program, or you", "Demonstrations",
    }  # fmt: skip
