"""Whether a submission is what it says: form, hashes and signature, then every episode run again and judged anew.

What a stranger wrote is only read in worker processes (`jobs.py`). Scores of the archive are never read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from switch_bench.evaluate import doctor
from switch_bench.evaluate.bench import Bench, load_bench
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import RunFolder, write_atomically
from switch_bench.evaluate.policies import Declared
from switch_bench.evaluate.runner import BENCH, Request, finish, run_settings
from switch_bench.evaluate.workers import Died, Pool, Raised
from switch_bench.submit import jobs
from switch_bench.submit.archive import MOST, file_hash
from switch_bench.submit.errors import Refused
from switch_bench.submit.form import Opened
from switch_bench.submit.jobs import No, Open, repeats, work

SCHEMA_VERSION = 1
PICTURES = 3  # observations an episode whose pictures are drawn and compared
MOST_REASONS = 20


@dataclass
class Verification:
    """What became of a check; `facts` is what `verification.json` holds."""

    status: str
    reasons: list[No] = field(default_factory=list)
    archive_sha256: str = ""
    key: str = ""
    manifest: dict[str, Any] | None = None
    episodes: int = 0  # that were run again
    errors: int = 0  # that ended in an error by the submitter's own account: nothing of them could be run again
    pictures: int = 0

    def facts(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "schema_version": SCHEMA_VERSION,
            "status": self.status,
            "reasons": [{"code": no.code, "where": no.where, "said": no.said} for no in self.reasons],
            "archive_sha256": self.archive_sha256,
            "key": self.key,
            "manifest": self.manifest,
            "episodes": self.episodes,
            "errors": self.errors,
            "pictures_compared": self.pictures,
        }


def verify(
    path: Path,
    out: Path,
    *,
    workers: int = 1,
    replay: bool = True,
    pictures: int = PICTURES,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Verification:
    """Check an archive; `out` becomes a run folder of the episodes as they came out here, with `verification.json`.

    workers: processes. replay: False to check its form only. pictures: so many observations of an episode are drawn and
    compared.

    Raises: InputError if there is no such file, or `out` holds anything.
    """
    if not path.is_file():
        raise InputError("there is no such file", where=str(path), hint="`switch-bench submit pack RUN` makes one")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError("it holds things already", where=f"--out {out}", hint="choose a new or an empty folder")
    no_pictures = doctor.settle_gl()
    out.mkdir(parents=True, exist_ok=True)
    found = Verification("self-reported", archive_sha256=_hash(path))
    with Pool(work, max(1, workers), seconds=jobs.seconds, memory=jobs.MEMORY) as pool:
        [(_, opened)] = list(pool.run([Open(str(path.resolve()))]))
        if isinstance(opened, Opened):
            found.key, found.manifest = opened.key, opened.manifest | {"card": opened.card}
            if replay:
                pictures = 0 if no_pictures else pictures
                _run_again(found, opened, path, out, pool, load_bench(BENCH), pictures, progress)
        elif not isinstance(opened, dict):
            found.reasons.append(_no(opened, path.name))
    if _hash(path) != found.archive_sha256:
        found.reasons.append(No("hash", path.name, "the archive changed while it was checked"))
    if any(not no.unverifiable for no in found.reasons):
        found.status = "refused"
    elif found.reasons:
        found.status = "unverifiable"
    write_atomically(out / "verification.json", json.dumps(found.facts(), indent=2) + "\n")
    return found


def _hash(path: Path) -> str:
    """The hash of an archive; "" of what is too large to be one, which is refused without being read."""
    return file_hash(path) if path.stat().st_size <= MOST else ""


def _run_again(
    found: Verification,
    opened: Opened,
    path: Path,
    out: Path,
    pool: Pool[Any, Any],
    bench: Bench,
    pictures: int,
    progress: Callable[[int, int], None],
) -> None:
    """Run all episodes again, and write the run folder if all came out as their logs say.

    It ends with the first episode that is refused: one that isn't so decides, and the others cost as much.
    """
    said = opened.manifest
    track = dict(said["track"])
    again = repeats(path, opened, out, pictures)
    request = Request(
        policies=(said["policy"],),
        suite=said["suite"],
        episodes=said["episodes"],
        seed=said["seed"],
        out=out,
        workers=0,
        protocol=said["protocol"],
    )
    declared = Declared(track["act"], tuple(track["obs"]), track["privileged"], (track["size"][0], track["size"][1]))
    settings = run_settings(request, bench, said["policy"], list(said["tasks"]), declared)
    with RunFolder(out, settings) as run:
        for done, (job, answer) in enumerate(pool.run(again, group=lambda job: job.task), start=1):
            progress(done, len(again))
            if isinstance(answer, dict):
                run.append(answer)
                found.pictures += answer.get("pictures_compared", 0)
                continue
            no = _no(answer, job.where)
            if len(found.reasons) < MOST_REASONS or not no.unverifiable:
                found.reasons.append(no)
            if not no.unverifiable:
                break
        found.errors = sum(record["status"] == "error" for record in run.episodes)
        found.episodes = len(run.episodes) - found.errors
        if not found.reasons:
            found.status = "replay-verified"
            finish(run, settings, bench)


def _no(answer: No | Raised | Died, where: str) -> No:
    """Why a job brought nothing."""
    if isinstance(answer, No):
        return answer
    if isinstance(answer, Raised):
        if answer.bad_input is not None:
            raise answer.bad_input
        code = "limits" if answer.kind == MemoryError.__name__ else "fault"
        return No.of(Refused(code, where, f"it can't be run again: {answer}"))
    return No.of(Refused("limits", where, f"it can't be run again: {answer}"))


def told(found: Verification, screen: Console) -> None:
    """Say what was found."""
    means = {
        "replay-verified": f"every one of the {found.episodes} episodes came out the same and was judged anew",
        "self-reported": "its form, hashes and signature are right; nothing was run again",
        "unverifiable": "whether it is so can't be told on this machine",
        "refused": "it isn't what it says",
    }
    screen.print(f"{found.status}: {means[found.status]}", markup=False)
    if found.errors:
        said = f"  {found.errors} more ended in an error, as the submitter says; nothing of them could be run again"
        screen.print(said, markup=False)
    for no in found.reasons:
        screen.print(f"  {no.where}: {no.said} ({no.code})", markup=False)
