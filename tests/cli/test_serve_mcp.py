"""`switch-bench serve mcp`: what is wrong is said in one message, and nothing is begun."""

from __future__ import annotations

import socket
import sys

import pytest


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--transport", "sse"), "there is no transport 'sse'"),
        (("--suite", "cor"), "there is no suite 'cor'"),
        (("--track", "vln"), "there is no track 'vln'"),
        (("--out", __file__), "is a file, not a folder"),
    ],
)
@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_bad_input_is_said_and_nothing_is_served(run, tmp_path, monkeypatch, transport, words, says):
    monkeypatch.chdir(tmp_path)
    ran = run("serve", "mcp", "--transport", transport, *words)
    assert ran.exit_code == 2
    assert says in ran.stderr
    assert ran.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_is_said(run, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("serve", "mcp", "--transport", "http", "--port", port, "--track", "llm", "--out", tmp_path)
    assert ran.exit_code == 2
    assert f"--port {port}: can't listen there" in ran.stderr


def test_a_missing_sdk_is_said_with_its_extra(run, tmp_path, monkeypatch):
    for name in [
        n for n in sys.modules if n.partition(".")[0] in ("mcp", "mcp_types") or n == "switch_bench.serve.mcp"
    ]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("mcp", "mcp_types"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delattr("switch_bench.serve.mcp", raising=False)
    ran = run("serve", "mcp", "--out", tmp_path)
    assert ran.exit_code == 2
    assert "the MCP server needs mcp_types, which isn't here" in ran.stderr
    assert "pip install 'switch-bench[mcp]'" in ran.stderr
