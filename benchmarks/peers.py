"""Other simulators beside ours, on this machine, in one run: `python benchmarks/peers.py [--json] [--write PAGE]`.

Each peer is installed from PyPI into a venv of its own (`--venvs`, by default ~/.cache/switch_bench/peers), where
`peer_worker.py` runs it; nothing of it is kept here. The workers take turns, a block of steps each, round after round,
and only one works at a time, so that what else the machine does weighs on all of them; medians are printed.

- steps/s: control steps a second, of all environments together.
- × real time: simulated seconds a second, of all environments together.
- over bare: a step over `mj_step` of the same model, with the same controls and as many substeps, timed in turn.

Ours: a room with 50 controls (`state`, `delta_pose`), moving free and pressing a switch. Theirs: random actions. Exit
code 1 if a peer is ahead of ours in steps/s or real time, of one environment or of 64 on two threads.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import venv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from switch_bench.evaluate import inserted, speed, speed_rooms, speed_table
from switch_bench.evaluate.errors import InputError, closest

WORKER = Path(__file__).with_name("peer_worker.py")
VENVS = Path.home() / ".cache" / "switch_bench" / "peers"
PATIENCE = {"install": 1200.0, "start": 180.0, "block": 120.0}  # s
CONTROLS = 50

# What a venv needs, in versions that work together. The kitchen asserts on MuJoCo's joint types as they were in 3.3.
NEEDS = {
    "": (),
    "metaworld": ("metaworld==3.1.1", "mujoco==3.3.0", "gymnasium==1.4.0", "packaging"),
    "gymnasium-robotics": ("gymnasium-robotics==1.4.2", "mujoco==3.3.0", "gymnasium==1.4.0"),
    "envpool": ("envpool==1.2.5", "gymnasium==1.4.0"),
}


@dataclass(frozen=True)
class Row:
    """A row of the table: its name, the venv it runs in ("": this one), and how many steps a block has."""

    title: str
    venv: str
    block: int


ROWS = {
    "ours_free": Row("switch_bench, 50 controls, moving free", "", 100),
    "ours_touching": Row("switch_bench, 50 controls, pressing", "", 100),
    "metaworld_button": Row("Meta-World button-press-v3", "metaworld", 100),
    "metaworld_dial": Row("Meta-World dial-turn-v3", "metaworld", 100),
    "kitchen": Row("FrankaKitchen-v1", "gymnasium-robotics", 20),
    "envpool_1": Row("EnvPool (C++) Meta-World ButtonPress-v3", "envpool", 200),
    "ours_64": Row("switch_bench, 50 controls, 64 environments on 2 threads", "", 40),
    "envpool_64": Row("EnvPool (C++) the same, 64 environments on 2 threads", "envpool", 40),
}
OURS = tuple(name for name in ROWS if name.startswith("ours"))


class PeerError(Exception):
    """A peer can't be installed, started or run; says the last that was heard of it."""


@dataclass
class Worker:
    """A running `peer_worker.py`."""

    process: subprocess.Popen[str]
    log: Any  # its standard error, a file
    facts: dict[str, Any] = field(default_factory=dict)
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, line: str, patience: float) -> dict[str, Any]:
        """Send a line (or none), and wait for the answer. Raises PeerError."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        timer = threading.Timer(patience, self.process.kill)
        timer.start()
        try:
            if line:
                self.process.stdin.write(f"{line}\n")
                self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            timer.cancel()
        if not answer:
            self.process.wait(patience)
            self.log.seek(0)
            raise PeerError(last_line(self.log.read()) or f"ended with {self.process.returncode}")
        return json.loads(answer)

    def end(self) -> None:
        """Let it end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(10.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


def last_line(text: str) -> str:
    """The last line in which something is said."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "")


def python_of(name: str, venvs: Path) -> str:
    """The Python of a peer's venv, which is made if need be. Raises PeerError."""
    if not name:
        return sys.executable
    folder = venvs / name
    python, noted = folder / "bin" / "python", folder / "needs.txt"
    needs = "\n".join(NEEDS[name])
    if noted.is_file() and noted.read_text() == needs:
        return str(python)
    venv.create(folder, with_pip=True, clear=True)
    command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", *NEEDS[name]]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE["install"])
    except subprocess.TimeoutExpired:
        raise PeerError(f"not installed after {PATIENCE['install']:.0f} s") from None
    if done.returncode:
        raise PeerError(last_line(done.stderr) or f"pip ended with {done.returncode}")
    noted.write_text(needs)
    return str(python)


def start(name: str, venvs: Path, task: str) -> Worker:
    """Start a worker. Raises PeerError."""
    command = [python_of(ROWS[name].venv, venvs), "-W", "ignore", str(WORKER), name, task]
    log = tempfile.TemporaryFile("w+")  # noqa: SIM115  # closed with the worker
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
    worker = Worker(process, log)
    try:
        worker.facts = worker.ask("", PATIENCE["start"])
    except PeerError:
        worker.end()
        raise
    return worker


def measure(names: Sequence[str], rounds: int, venvs: Path, console: Console) -> dict[str, Any]:
    """The rows, ours and theirs in turn."""
    workers: dict[str, Worker] = {}
    troubles: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="switch_bench-") as folder:
        task = str(speed_rooms.write(Path(folder), CONTROLS))
        try:
            for name in names:
                console.print(f"starting {ROWS[name].title}", markup=False)
                try:
                    workers[name] = start(name, venvs, task)
                except PeerError as error:
                    troubles[name] = str(error)
            for number in range(rounds + 1):  # the first one only warms up
                for name, worker in list(workers.items()):
                    try:
                        block = worker.ask(f"block {ROWS[name].block}", PATIENCE["block"])
                    except PeerError as error:
                        troubles[name] = str(error)
                        workers.pop(name).end()
                        continue
                    if number:
                        worker.blocks.append(block)
        finally:
            for worker in workers.values():
                worker.end()
    rows = {name: figures(workers[name]) if name in workers else {"trouble": troubles[name]} for name in names}
    found = {"machine": speed.machine(), "quick": False, "rounds": rounds, "rows": rows}
    return found | {"behind": behind(rows)}


def figures(worker: Worker) -> dict[str, Any]:
    """The figures of a row."""
    facts, blocks = worker.facts, worker.blocks
    rate = median(facts["envs"] * b["steps"] / b["seconds"] for b in blocks)
    resets = [b["reset"] for b in blocks if b["reset"] is not None]
    return {
        "envs": facts["envs"],
        "threads": facts["threads"],
        "substeps": facts["substeps"],
        "simulated_ms": round(facts["step_s"] * 1e3, 2),
        "steps_per_s": round(rate),
        "real_time_factor": round(rate * facts["step_s"], 1),
        "over_bare": round(median(b["seconds"] / b["bare"] for b in blocks), 2) if facts["bare"] else None,
        "reset_ms": round(median(resets) * 1e3, 2) if resets else None,
        "versions": facts["versions"],
    }


def behind(rows: dict[str, dict[str, Any]]) -> list[str]:
    """In what a peer is ahead of ours moving free, of as many environments."""
    found = []
    for own in ("ours_free", "ours_64"):
        ours = rows.get(own, {})
        for name, theirs in rows.items():
            if name in OURS or theirs.get("envs") != ours.get("envs") or "envs" not in ours:
                continue
            for key in ("steps_per_s", "real_time_factor"):
                if theirs[key] > ours[key]:
                    found.append(f"{key}: {ROWS[name].title} {theirs[key]:,}, {ROWS[own].title} {ours[key]:,}")
    return found


def table(found: dict[str, Any]) -> list[list[str]]:
    """The rows for a reader; the first is the head."""
    head = ["", "steps/s", "× real time", "over bare", "substeps", "simulated ms a step", "reset ms", "versions"]
    body = []
    for name, row in found["rows"].items():
        if "trouble" in row:
            body.append([ROWS[name].title, "–", "–", "–", "–", "–", "–", f"not measured: {row['trouble']}"])
            continue
        keys = ("steps_per_s", "real_time_factor", "over_bare", "substeps", "simulated_ms", "reset_ms")
        cells = ["–" if row[key] is None else f"{row[key]:,}" for key in keys]
        body.append([ROWS[name].title, *cells, ", ".join(f"{k} {v}" for k, v in row["versions"].items())])
    return [head, *body]


def main() -> int:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--write", type=Path, action="append", default=[], help="also write the table into this page")
    parser.add_argument("--only", default=",".join(ROWS), help="rows, with commas: %(default)s")
    parser.add_argument("--rounds", type=int, default=20, help="blocks of each (%(default)s)")
    parser.add_argument("--venvs", type=Path, default=VENVS, help="where the peers' venvs are (%(default)s)")
    chosen = parser.parse_args()
    try:
        names = chosen.only.split(",")
        for name in names:
            if name not in ROWS:
                raise InputError(f"no row {name!r}", where="--only", hint=closest(name, ROWS))
        if chosen.rounds < 1:
            raise InputError("expected 1 or more", where="--rounds")
        for page in chosen.write:
            inserted.places(page, ["peers"])
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    found = measure(names, chosen.rounds, chosen.venvs.resolve(), Console(stderr=True, highlight=False))
    rows = table(found)
    where = speed_table.where(found, "benchmarks/peers.py")
    for page in chosen.write:
        inserted.insert(page, {"peers": f"{inserted.markdown(rows)}\n{where}\n"})
    if chosen.json:
        print(json.dumps(found, indent=2))
    else:
        screen = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
        drawn = Table(*rows[0], box=box.SIMPLE)
        for row in rows[1:]:
            drawn.add_row(*row)
        screen.print(where, drawn, markup=False)
        for line in found["behind"] or ["No peer is ahead of ours."]:
            screen.print(line, markup=False)
    return 1 if found["behind"] else 0


if __name__ == "__main__":
    sys.exit(main())
