"""Fifty uploads at once and two hundred reads a second, with verification going on beside: nothing is lost.

The client is on the same machine, so that what it measures is also its own waiting, and that for other processes. The
figures are printed (`pytest -s`). What is asserted holds on a busy machine, too: everything is answered, nothing is
lost, and the server takes no more than a few times what it takes of a processor on a quiet machine.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from archives import archive
from halls import ZIP
from running import PATIENCE, serving, token

pytestmark = [pytest.mark.board, pytest.mark.slow]

UPLOADS, READS, SECONDS, CONNECTIONS = 50, 200, 5, 16
MOST_CPU = 30.0  # s; it took 5.2 s at a load of 18, where each processor does less in a second than by itself
ROOM = ("--requests-a-minute", "1000000", "--uploads-an-hour", "100000", "--waiting", "1000")


def test_fifty_uploads_at_once_and_two_hundred_reads_a_second_lose_nothing(tmp_path: Path) -> None:
    ada = token(tmp_path, "ada")
    hold = str(tmp_path / "never")  # for what one of them waits, so that not all are verified meanwhile
    archives = [
        archive(f"policy {i}", salt=str(i), tick_s=0.2, **({} if i else {"hold": hold})) + bytes(200_000)
        for i in range(UPLOADS)
    ]
    with serving(tmp_path, *ROOM) as server:
        before = spent(server.process.pid)
        uploaded, took, late = asyncio.run(load(server.address, ada, archives))
        cpu = spent(server.process.pid) - before
        answers = [answer.status_code for answer in uploaded]
        reads = sorted(seconds for seconds, status in took if status == 200)
        slowest = max(answer.elapsed.total_seconds() for answer in uploaded)
        print(
            f"\n{answers.count(201)} of {UPLOADS} uploads taken, the slowest in {slowest:.2f} s; {len(reads)} of "
            f"{READS * SECONDS} reads in {SECONDS + late:.1f} s, {len(reads) / (SECONDS + late):.0f}/s, median "
            f"{1000 * reads[len(reads) // 2]:.0f} ms, 99 % {1000 * reads[len(reads) * 99 // 100]:.0f} ms, worst "
            f"{1000 * reads[-1]:.0f} ms; the server took {cpu:.2f} s of a processor; load {os.getloadavg()[0]:.1f}"
        )
        assert answers == [201] * UPLOADS
        assert len(reads) == READS * SECONDS, "every read was answered"
        assert cpu < MOST_CPU
        verified = httpx.get(f"{server.address}/api/v1/board", timeout=PATIENCE).json()["total"]
        assert verified < UPLOADS, "one is still held"
        mine = httpx.get(f"{server.address}/api/v1/me", headers=ada, timeout=PATIENCE).json()["submissions"]
        assert {row["id"] for row in mine} == {answer.json()["id"] for answer in uploaded}
    kept = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "archives").iterdir()}
    assert kept == {digest: digest for digest in (hashlib.sha256(sent).hexdigest() for sent in archives)}


def spent(pid: int) -> float:
    """Seconds of a processor that a process itself has taken, without those it has started."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def load(
    address: str, ada: dict[str, str], archives: list[bytes]
) -> tuple[list[httpx.Response], list[tuple[float, int]], float]:
    """Send all; the answers to uploads, (seconds, status) of each read, and for how long after the last was due it went
    on. A read's seconds are counted from when it was due, so that waiting for a free connection is in them.
    """
    took: list[tuple[float, int]] = []
    due: asyncio.Queue[tuple[str, float] | None] = asyncio.Queue()

    async def reading() -> None:
        connection = await asyncio.open_connection(*urlsplit(address).netloc.split(":"))
        while (asked := await due.get()) is not None:
            status = await get(*connection, asked[0])
            took.append((time.perf_counter() - asked[1], status))
        connection[1].close()

    async def pacing() -> None:
        began = time.perf_counter()
        for number in range(READS * SECONDS):
            at = began + number / READS
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            due.put_nowait((("/api/v1/board", "/")[number % 2], at))
        for _ in range(CONNECTIONS):
            due.put_nowait(None)

    async with httpx.AsyncClient(base_url=address, timeout=PATIENCE) as client:
        sends = [client.post("/api/v1/submissions", content=sent, headers=ZIP | ada) for sent in archives]
        began = time.perf_counter()
        both = asyncio.gather(*sends), asyncio.gather(pacing(), *(reading() for _ in range(CONNECTIONS)))
        answers, _ = await asyncio.wait_for(asyncio.gather(*both), PATIENCE)
        return list(answers), took, max(0.0, time.perf_counter() - began - SECONDS)


async def get(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> int:
    """The status of an answer that has come whole; without a library, which takes longer than the server."""
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    body = await reader.readexactly(int(head.partition("content-length:")[2].split("\r\n")[0]))
    assert body.startswith((b"{", b"<!doctype html>"))
    return int(head.split()[1])
