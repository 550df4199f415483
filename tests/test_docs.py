"""What the pages say is so: their code runs, their links lead somewhere, their tables name what there is."""

from __future__ import annotations

import inspect
import json
import os
import re
import runpy
import subprocess
import sys
from dataclasses import fields
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from switch_bench.controls.base import Control
from switch_bench.envs import act, env, observe
from switch_bench.evaluate.doctor import BACKENDS
from switch_bench.evaluate.figures import Figures
from switch_bench.verify.honesty import Kind
from switch_bench.verify.scores import RULES, Scores
from switch_bench.verify.verdict import Verdict

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]
MECHANISMS = (
    "rocker", "button", "knob", "push_turn_knob", "slider", "lever", "door", "keypad", "touchscreen",
)  # fmt: skip


def page(name: str) -> str:
    """A page's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def section(name: str, heading: str) -> str:
    """The part of a page under a heading."""
    parts = re.split(r"^##+ ", page(name), flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(f"{heading}\n"))


def rows(text: str) -> list[list[str]]:
    """The cells of all tables' rows, without heads and code marks."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|-")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [[cell.replace("`", "") for cell in row] for row in cells if row[0].startswith("`")]


@cache
def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", path.read_text(encoding="utf-8")):
        if link.startswith("http"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), f"{path.name} links to {link}, which isn't there"
        assert not anchor or anchor in anchors(target), f"{path.name} links to {link}; there is no such heading"


def test_the_readme_example_prints_what_it_says(tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", page("README.md"), re.DOTALL)
    [said] = re.findall(r"```text\n(.*?)```", page("README.md"), re.DOTALL)
    assert len(code.splitlines()) <= 15
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    number = r"\d+(\.\d+)?"
    assert re.sub(number, "#", ran.stdout) == re.sub(number, "#", said), ran.stdout
    assert "Success." in said


@pytest.mark.parametrize("name", ["docs/mcp.md", "docs/play.md"])
def test_the_example_of_a_page_prints_what_it_says(name: str, tmp_path: Path) -> None:
    [code] = re.findall(r"```python\n(.*?)```", page(name), re.DOTALL)
    [said] = re.findall(r"```text\n(.*?)```", page(name), re.DOTALL)
    programs = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, env=programs)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == said


def test_the_servers_that_the_page_of_mcp_names_are_started_by_words_there_are() -> None:
    from typer.testing import CliRunner

    from switch_bench.cli import app

    stdio, http = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", page("docs/mcp.md"), re.DOTALL))
    started = stdio["mcpServers"]["switch_bench"]
    assert started["command"] == "switch-bench"
    wrong = CliRunner().invoke(app, [*started["args"], "--transport", "none"])
    assert "there is no transport 'none'" in wrong.stderr, "all the other words are known"
    assert http["mcpServers"]["switch_bench"]["url"].endswith(":8000/mcp")
    options = {option for row in rows(section("docs/mcp.md", "Add it to a client")) for option in row[0].split(", ")}
    shown = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["serve", "mcp", "--help"]).stdout
    assert options == set(re.findall(r"--[a-z-]+", shown)) - {"--help", "--pictures"}


def test_the_readme_names_the_commands_and_targets_there_are() -> None:
    from switch_bench.cli import app

    commands = {
        str(command.name or command.callback.__name__) for command in app.registered_commands if command.callback
    } | {str(group.name) for group in app.registered_groups}
    assert {row[0].split()[1] for row in rows(section("README.md", "On the command line"))} == commands
    targets = set(re.findall(r"^([a-z-]+):", page("Makefile"), re.MULTILINE))
    named = {target for path in PAGES for target in re.findall(r"^    make ([a-z-]+)", path.read_text(), re.MULTILINE)}
    assert named <= targets


def test_the_page_of_devices_is_current() -> None:
    assert page("docs/devices.md") == runpy.run_path(str(ROOT / "docs" / "write_devices.py"))["page"](), (
        "run `make docs`"
    )


# ---------------------------------------------------------------- environments.md


def test_the_arguments_of_make_are_those_of_the_environment() -> None:
    parameters = inspect.signature(env.SwitchEnv.__init__).parameters.values()
    told = {row[0]: row[2] for row in rows(section("docs/environments.md", "Arguments of `make`"))}
    made = {p.name: "none" if p.default is None else str(p.default) for p in parameters if p.kind is p.KEYWORD_ONLY}
    assert told == made


def test_every_observation_is_described_with_what_is_privileged() -> None:
    told = {row[0]: row[2] for row in rows(section("docs/environments.md", "Observations"))}
    assert tuple(told) == observe.KEYS
    assert tuple(key for key, text in told.items() if "Privileged" in text) == observe.PRIVILEGED
    assert ", ".join(observe.SOUNDS) in section("docs/environments.md", "Observations")
    assert f"({len(observe.PROPRIO)},)" in section("docs/environments.md", "Observations")


@pytest.mark.parametrize(("heading", "names"), [("`pixel`", act.GESTURES), ("`skill`", act.VERBS)])
def test_gestures_and_verbs_have_their_numbers(heading: str, names: tuple[str, ...]) -> None:
    told = {row[0]: int(row[1]) for row in rows(section("docs/environments.md", heading))}
    assert told == {name: i for i, name in enumerate(names)}


def test_the_options_of_reset_are_described() -> None:
    assert tuple(row[0] for row in rows(section("docs/environments.md", "Reset"))) == env.OPTIONS


# ---------------------------------------------------------------- controls.md, verdict.md, platforms.md


def mechanisms() -> dict[str, type[Control]]:
    """Every class of control by its name."""
    found = {}
    for name in MECHANISMS:
        for value in vars(import_module(f"switch_bench.controls.{name}")).values():
            if inspect.isclass(value) and issubclass(value, Control) and value.__module__.endswith(f".{name}"):
                found[value.__name__] = value
    return found


def test_every_mechanism_is_described_with_its_own_fields() -> None:
    told = {row[0]: row[1] for row in rows(section("docs/controls.md", "The mechanisms"))}
    assert set(told) == set(mechanisms())
    for name, kind in mechanisms().items():
        for field in inspect.get_annotations(kind):
            assert re.search(rf"\b{field}\b", told[name]), f"{name}: {field} isn't described"


def test_the_fields_of_every_control_are_described() -> None:
    told = ", ".join(row[0] for row in rows(section("docs/controls.md", "Fields of every control")))
    assert told.split(", ") == [f.name for f in fields(Control)]


def test_figures_of_controls_are_those_of_the_code() -> None:
    for name, value, *_ in rows(section("docs/controls.md", "Figures")):
        module, _, constant = name.partition(".")
        found: Any = getattr(import_module(f"switch_bench.controls.{module}"), constant)
        assert float(value) == found, name


def test_the_fields_of_a_verdict_and_the_kinds_of_honesty_are_described() -> None:
    assert [row[0] for row in rows(section("docs/verdict.md", "What a verdict holds"))] == [
        f.name for f in fields(Verdict)
    ]
    assert {row[0] for row in rows(section("docs/verdict.md", "honesty"))} == set(Kind.__args__)


def test_the_scores_and_their_version_are_described() -> None:
    told = ", ".join(row[0] for row in rows(section("docs/scores.md", "Of an episode"))).replace("`", "")
    assert sorted(told.split(", ")) == sorted(f.name for f in fields(Scores) if f.name != "rules")
    means = ", ".join(row[0] for row in rows(section("docs/scores.md", "Of a run"))).replace("`", "")
    assert sorted(means.split(", ")) == sorted(set(Figures.model_fields) - {"n"})
    assert f"Rules version **{RULES}**" in page("docs/scores.md")
    assert rows(section("docs/verdict.md", "Versions of the rules"))[0][0] == str(RULES)


def test_the_platforms_have_the_versions_that_are_pinned() -> None:
    pinned = dict(line.split("==") for line in page("constraints.txt").splitlines() if "==" in line)
    text = page("docs/platforms.md")
    assert f"MuJoCo {pinned['mujoco']}" in text
    assert all(backend in text.lower() for backend in BACKENDS)
