"""docs/language_models.md: its commands and its code run, its tables are those of the code."""

from __future__ import annotations

import inspect
import json
import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from test_docs import page, rows, section

from switch_bench.agents import tools
from switch_bench.agents.openai_address import Options
from switch_bench.agents.tell import TRACKS

PAGE = "docs/language_models.md"


def block(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page(PAGE), re.DOTALL)


@pytest.mark.parametrize("act", ["skill", "pixel"])
def test_the_tools_are_those_of_the_code(act: str) -> None:
    [table] = re.findall(rf"<!-- table:{act} -->(.*?)<!-- /table:{act} -->", page(PAGE), re.DOTALL)
    made = []
    for tool in tools.tools(act).values():
        needed = tool.parameters.get("required", ())
        said = ", ".join(name + "?" * (name not in needed) for name in tool.parameters["properties"])
        made.append([tool.name, said, tool.description])
    assert rows(table) == made


def test_the_tracks_are_those_of_the_code() -> None:
    told = rows(section(PAGE, "Tracks"))
    assert [row[0] for row in told] == list(TRACKS)
    for name, sees, acts in told:
        track = TRACKS[name]
        assert acts.startswith(track.act)
        assert ("No image" in sees) == ("elements" in track.obs)
        assert (f"{track.size[0]} × {track.size[1]} px" in sees) == ("elements" not in track.obs)


def test_the_options_are_those_of_the_code_with_their_defaults() -> None:
    told = {row[0]: row[2] for row in rows(section(PAGE, "Options of an endpoint"))}
    assert tuple(told) == tuple(Options.model_fields)
    words = {"tokens": "any number", "set": "nothing"}
    for name, field in Options.model_fields.items():
        default = field.default
        said = f"{default:g}" if isinstance(default, float) else json.dumps(default).strip('"')
        assert told[name] == words.get(name, said), name


@pytest.mark.inspect
def test_the_parameters_in_inspect_are_those_of_the_code() -> None:
    from switch_bench.serve.inspect_tasks import SUITES, suite_task

    told = {row[0]: row[2] for row in rows(section(PAGE, "Inspect"))}
    made = {name: str(p.default) for name, p in inspect.signature(suite_task).parameters.items() if name != "suite"}
    assert told == made
    named = {name: str(p.default) for name, p in inspect.signature(SUITES["core"]).parameters.items()}
    assert named == made


def test_the_code_prints_what_it_says(tmp_path: Path) -> None:
    [code], [said] = block("python"), block("text")
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=600)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == said


def test_the_commands_run_one_against_the_other(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    serve, evaluate = (shlex.split(code.replace("8000", port)) for code in block("sh"))
    assert (serve[0], evaluate[0]) == ("python", "switch-bench")
    server = subprocess.Popen([sys.executable, *serve[1:]], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        assert server.stdout is not None
        name = server.stdout.readline().strip()
        assert name == f"openai:scripted@http://127.0.0.1:{port}/v1?track=llm"
        assert evaluate[evaluate.index("--policy") + 1].startswith(name)
        main = [sys.executable, "-c", "from switch_bench.cli import main; main()"]
        ran = subprocess.run(
            [*main, *evaluate[1:], "--no-pictures", "--workers", "1"],
            capture_output=True, text=True, cwd=tmp_path, timeout=600, env={**os.environ, "COLUMNS": "200"},
        )  # fmt: skip
    finally:
        server.terminate()
        server.wait(10)
    assert ran.returncode == 0, ran.stderr
    results = json.loads((tmp_path / "runs/scripted/results.json").read_text())
    assert (results["success"]["n"], results["errors"]) == (1, 0)
    assert results["spent"]["calls"] > 5
    assert results["spent"]["tokens"] > 1000
