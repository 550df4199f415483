"""The server, its worker and what that runs are killed at any moment: nothing half is listed, and the queue goes on."""

from __future__ import annotations

import hashlib
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from archives import archive
from halls import ZIP
from running import PATIENCE, alive, children, kill, serving, token, wait

pytestmark = pytest.mark.board
http = httpx.Client(timeout=PATIENCE)


def begun(address: str, headers: dict[str, str], content: bytes, so_far: int) -> socket.socket:
    """An upload of which so many bytes were sent."""
    where = urlsplit(address)
    assert where.hostname is not None
    connection = socket.create_connection((where.hostname, where.port or 80), timeout=PATIENCE)
    lines = ["POST /api/v1/submissions HTTP/1.1", f"Host: {where.netloc}", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in (ZIP | headers).items()]
    connection.sendall("\r\n".join([*lines, "", ""]).encode() + content[:so_far])
    return connection


def status(address: str, number: str) -> str:
    return http.get(f"{address}/api/v1/submissions/{number}/progress").json()["status"]


def test_killed_in_mid_upload_nothing_is_listed_and_the_same_archive_is_taken_later(tmp_path: Path) -> None:
    ada = token(tmp_path, "ada")
    large = archive() + bytes(2_000_000)
    with serving(tmp_path, workers=0) as server, begun(server.address, ada, large, 1_500_000):
        wait(lambda: any((tmp_path / "incoming").glob("*.part")), PATIENCE, "the upload has begun")
        server.kill()
    assert list((tmp_path / "archives").iterdir()) == []
    with serving(tmp_path, workers=0) as server:
        assert list((tmp_path / "incoming").iterdir()) == []
        assert http.get(f"{server.address}/api/v1/me", headers=ada).json()["submissions"] == []
        answer = http.post(f"{server.address}/api/v1/submissions", content=large, headers=ZIP | ada)
        assert answer.status_code == 201
    [kept] = (tmp_path / "archives").iterdir()
    assert kept.name == f"{hashlib.sha256(large).hexdigest()}.sbz"


def test_an_upload_whose_sender_goes_away_leaves_nothing(tmp_path: Path) -> None:
    ada = token(tmp_path, "ada")
    with serving(tmp_path, workers=0) as server:
        with begun(server.address, ada, archive() + bytes(2_000_000), 1_500_000):
            wait(lambda: any((tmp_path / "incoming").glob("*.part")), PATIENCE, "the upload has begun")
        wait(lambda: not any((tmp_path / "incoming").iterdir()), PATIENCE, "what had come is removed")
        assert http.get(f"{server.address}/api/v1/me", headers=ada).json()["submissions"] == []


def test_killed_in_mid_verification_all_that_ran_ends_and_it_is_verified_from_the_start_after_a_restart(
    tmp_path: Path,
) -> None:
    ada = token(tmp_path, "ada")
    with serving(tmp_path) as server:
        answer = http.post(
            f"{server.address}/api/v1/submissions", content=archive(hold=str(tmp_path / "go")), headers=ZIP | ada
        )
        number = answer.json()["id"]
        later = http.post(f"{server.address}/api/v1/submissions", content=archive("b", salt="2"), headers=ZIP | ada)
        progress = f"{server.address}/api/v1/submissions/{number}/progress"
        wait(lambda: http.get(progress).json()["done"] >= 1, PATIENCE, "an episode is done")
        running = children(server.process.pid)
        assert len(running) == 2, "the worker, and what it runs"
        server.kill()
    wait(lambda: not any(alive(pid) for pid in running), PATIENCE, "what it had started is gone, too")
    with serving(tmp_path) as server:
        assert http.get(f"{server.address}/api/v1/board").json()["total"] == 0, "never half listed"
        (tmp_path / "go").touch()
        wait(lambda: status(server.address, number) == "replay-verified", PATIENCE, "it is verified after all")
        wait(lambda: status(server.address, later.json()["id"]) == "replay-verified", PATIENCE, "the queue goes on")
        episodes = http.get(f"{server.address}/api/v1/submissions/{number}/episodes").json()
        assert len(episodes) == 4, "from the start: each episode once"
        wait(lambda: len(list((tmp_path / "runs").iterdir())) == 2, PATIENCE, "nothing is left of the first attempt")


def test_a_worker_that_is_killed_is_started_anew_and_its_work_taken_up(tmp_path: Path) -> None:
    ada = token(tmp_path, "ada")
    with serving(tmp_path) as server:
        answer = http.post(
            f"{server.address}/api/v1/submissions", content=archive(hold=str(tmp_path / "go")), headers=ZIP | ada
        )
        number = answer.json()["id"]
        wait(lambda: len(children(server.process.pid)) == 2, PATIENCE, "it is being verified")
        worker, verifier = children(server.process.pid)
        kill(worker)
        wait(lambda: not alive(verifier), PATIENCE, "what it ran ends with it")
        assert http.get(f"{server.address}/api/v1/board").status_code == 200, "the server serves on"
        (tmp_path / "go").touch()
        wait(lambda: status(server.address, number) == "replay-verified", PATIENCE, "it is verified after all")


def test_stopped_by_ctrl_c_it_gives_back_what_it_has_begun(tmp_path: Path) -> None:
    ada = token(tmp_path, "ada")
    with serving(tmp_path) as server:
        answer = http.post(
            f"{server.address}/api/v1/submissions", content=archive(hold=str(tmp_path / "never")), headers=ZIP | ada
        )
        number = answer.json()["id"]
        wait(lambda: len(children(server.process.pid)) == 2, PATIENCE, "it is being verified")
        running = children(server.process.pid)
        said = server.stop()
        assert server.process.returncode == 0, said
        assert not any(alive(pid) for pid in running)
    with serving(tmp_path, workers=0) as server:
        assert status(server.address, number) == "queued"


def test_two_servers_do_not_serve_one_folder(tmp_path: Path) -> None:
    with serving(tmp_path, workers=0), pytest.raises(AssertionError, match="another server serves this board"):
        serving(tmp_path, workers=0).__enter__()
