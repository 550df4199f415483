"""What docs/remote_policies.md says is so: its server serves, its addresses are read, its tables name what there is."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from test_docs import page, rows, section

from switch_bench.agents import openpi_address as address
from switch_bench.agents.openpi_wants import FIXED, SEED, agreed
from switch_bench.bodies.command import HZ
from switch_bench.serve.policy import HARD

NAME = "docs/remote_policies.md"
SERVER, LEROBOT = re.findall(r"```python\n(.*?)```", page(NAME), re.DOTALL)
TASK = "home.hall_light_on-v1"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


@pytest.mark.gl
def test_the_server_of_the_page_is_evaluated(tmp_path: Path) -> None:
    from switch_bench.evaluate.episode import Job, play

    port = free_port()
    assert SERVER.count("8000") == 1
    code = SERVER.replace("8000", str(port))
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        url = f"ws://127.0.0.1:{port}?backoff=0.2&tries=8"
        record = play(Job(url, TASK, 0, 0, str(tmp_path), pictures=False, bench="switch_bench.evaluate.bench"))
    finally:
        process.kill()
        out, errors = process.communicate()
    assert record["status"] == "done", record
    assert record["success"] is False  # it keeps still
    assert errors == ""
    assert set(out.splitlines()) == {record["instruction"]}
    steps = record["elapsed_us"] * HZ // 1_000_000
    assert len(out.splitlines()) == steps / 10  # an inference for ten actions


@pytest.mark.gl
def test_the_environments_for_lerobot_print_what_the_page_says(tmp_path: Path) -> None:
    [said] = re.findall(r"```text\n(.*?)```", page(NAME), re.DOTALL)
    ran = subprocess.run([sys.executable, "-c", LEROBOT], capture_output=True, text=True, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, said), ran.stderr


def test_what_is_sent_is_named() -> None:
    told = {row[0]: row[1] for row in rows(section(NAME, "What is sent"))}
    assert told == {**address.NAMES, **address.FURTHER, SEED: "none"}


def test_the_metadata_that_is_understood_is_named() -> None:
    told = [row[0] for row in rows(section(NAME, "Metadata"))]
    assert sorted(told) == sorted(["keys", "image_size", "replan", *FIXED])
    assert {row[0]: row[1] for row in rows(section(NAME, "Metadata"))}["action_dim"].startswith(
        str(FIXED["action_dim"])
    )


def test_every_option_of_an_address_is_named_with_its_default() -> None:
    told = {row[0]: row[2] for row in rows(section(NAME, "The address"))}
    assert list(told) == list(address.READ)
    bare = address.parse("ws://host", {})
    for option in ("timeout", "connect_timeout", "tries", "backoff", "max_bytes"):
        assert float(told[option]) == getattr(bare, option)
    assert told["api_key_env"] == address.KEY_VARIABLE
    wants = agreed(bare, {})
    assert told["size"].endswith("{}x{}".format(*wants.size))
    assert [name for name, _ in wants.keys] == list(address.NAMES)


def test_every_address_of_the_page_is_one() -> None:
    found = re.findall(r"(wss?://[^\s\"`]+)", page(NAME))
    named = [text for text in found if text != "ws://" and text != "wss://"]
    assert len(named) >= 4
    for text in named:
        assert address.parse(text, {}).url.startswith(("ws://127.0.0.1", "wss://"))


def test_the_size_of_a_frame_that_is_not_read_is_that_of_the_code() -> None:
    assert f"a frame of over {HARD >> 20} MB closes it unread" in page(NAME)
