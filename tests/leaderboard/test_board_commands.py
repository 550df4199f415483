"""The commands `switch-bench leaderboard …`."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx
import pytest
from archives import archive
from halls import ZIP
from running import PATIENCE, STAND_IN, serving, token, wait
from typer.testing import CliRunner

from switch_bench.cli import app

pytestmark = pytest.mark.board
http = httpx.Client(timeout=PATIENCE)


def run(*words: str, code: int = 0) -> str:
    """What a command prints on standard output; it must end with `code`."""
    done = CliRunner().invoke(app, ["leaderboard", *words])
    assert done.exit_code == code, done.output
    return done.stdout if code == 0 else done.output


def test_a_board_from_nothing_to_a_static_site(tmp_path: Path) -> None:
    data, site = str(tmp_path / "board"), tmp_path / "site"
    run("migrate", "--data", data)
    secret = run("token", "add", "ada", "--role", "submitter", "--data", data).strip()
    with serving(tmp_path / "board") as server:
        ada = {"Authorization": f"Bearer {secret}"}
        sent = http.post(f"{server.address}/api/v1/submissions", content=archive(), headers=ZIP | ada)
        number = sent.json()["id"]
        board = f"{server.address}/api/v1/board"
        wait(lambda: http.get(board).json()["total"] == 1, PATIENCE, "it is listed")
        assert f"/submissions/{number}" in http.get(f"{server.address}/").text
    said = run("export", str(site), "--data", data)
    assert str(site) in said
    assert f"submissions/{number}" in (site / "index.html").read_text()
    assert (site / "submissions" / number / "archive.sbz").read_bytes() == archive()


def test_tokens_are_listed_without_themselves_and_revoked_by_number(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    run("migrate", *data)
    secret = run("token", "add", "ada", "--role", "submitter", *data).strip()
    listed = run("token", "list", *data)
    assert "ada" in listed
    assert secret not in listed
    run("token", "revoke", "1", *data)
    assert "revoked" in run("token", "list", *data)
    assert "there is no token 9" in run("token", "revoke", "9", *data, code=2)


def test_the_last_token_of_the_last_maintainer_is_revoked_by_force_only(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path))
    run("migrate", *data)
    run("token", "add", "may", "--role", "maintainer", "--label", "a laptop", *data)
    run("token", "add", "ada", "--role", "submitter", *data)
    assert "last maintainer" in run("token", "revoke", "1", *data, code=2)
    run("token", "revoke", "2", *data)
    assert "revoked" not in run("token", "list", *data).splitlines()[0]
    run("token", "revoke", "1", "--force", *data)
    [first, _] = run("token", "list", *data).splitlines()
    assert "revoked" in first
    assert first.endswith("a laptop")


def test_what_is_wrong_is_told_before_anything_runs(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "none"))
    assert "leaderboard migrate" in run("token", "list", *data, code=2)
    assert "leaderboard migrate" in run("export", str(tmp_path / "site"), *data, code=2)
    assert "{file}" in run("serve", *data, "--verify-command", "true", code=2)
    run("migrate", *data)
    assert "maintainer" in run("token", "add", "ada", "--role", "maintaner", *data, code=2)


def test_work_verifies_what_waits_without_a_server(tmp_path: Path) -> None:
    ada = token(tmp_path, "ada")
    with serving(tmp_path, workers=0) as server:
        http.post(f"{server.address}/api/v1/submissions", content=archive(), headers=ZIP | ada)
    command = f"{sys.executable} {STAND_IN} {{file}} {{out}}"
    said = run("work", "--data", str(tmp_path), "--until-empty", "--no-films", "--verify-command", command)
    assert said == "1 verified\n"
