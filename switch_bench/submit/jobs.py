"""What the worker processes of a check do, and what they tell: an archive's form, and one of its episodes again.

What a stranger wrote is read here only, with limits of memory and time. What is told is small and plain.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switch_bench.evaluate.bench import load_bench
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.policies import PICTURE_OBS
from switch_bench.evaluate.runner import BENCH
from switch_bench.submit import log
from switch_bench.submit.archive import Place, episode_file, read_at
from switch_bench.submit.errors import Refused, Unverifiable
from switch_bench.submit.form import Opened, open_archive

MEMORY = 4 << 30  # bytes a worker may have
OPENING = 600.0  # s: to read an archive's form
SLOWEST = 120.0, 0.5  # s an episode may take: so many, and such a share of its horizon; ten times what long ones took


@dataclass(frozen=True)
class Open:
    """Read an archive's form: names, manifest, signature, and the hash of each file."""

    path: str


@dataclass(frozen=True)
class Repeat:
    """Run one of its episodes again. sha256: of its log, as it was when the archive was opened; place: where it was."""

    path: str
    task: str
    episode: int
    seed: int  # which it must have
    track: dict[str, Any]
    versions: dict[str, str]  # as the manifest has them
    sha256: str
    place: Place
    folder: str
    pictures: int
    draw: int  # for which of its observations are drawn

    @property
    def where(self) -> str:
        """How it is named."""
        return episode_file(self.task, self.episode)


@dataclass(frozen=True)
class No:
    """Why not. unverifiable: that can't be told here."""

    code: str
    where: str
    said: str
    unverifiable: bool = False

    @classmethod
    def of(cls, error: Refused) -> No:
        """Of an error."""
        return cls(error.code, error.where, error.said, isinstance(error, Unverifiable))


def work(job: Open | Repeat) -> Opened | dict[str, Any] | No:
    """What a worker does."""
    try:
        return open_archive(Path(job.path)) if isinstance(job, Open) else _repeat(job)
    except Refused as error:
        return No.of(error)


def _repeat(job: Repeat) -> dict[str, Any]:
    try:
        data = read_at(Path(job.path), job.place, job.where)
    except Refused as error:
        raise Refused("hash", job.where, f"the archive changed while it was checked: {error.said}") from error
    if hashlib.sha256(data).hexdigest() != job.sha256:
        raise Refused("hash", job.where, "the archive changed while it was checked")
    found = log.parse(data, job.where)
    if (found.task, found.episode) != (job.task, job.episode):
        raise Refused("duplicate", job.where, f"it is the log of {found.task:.80}, episode {found.episode}")
    if found.seed != job.seed:
        raise Refused("seed", job.where, f"seed {found.seed}, where the run's seed gives {job.seed}")
    if isinstance(found, log.Failed):
        error = {"where": found.where, "type": found.type, "message": found.message, "traceback": ""}
        facts = {"task": job.task, "episode": job.episode, "seed": job.seed, "status": "error"}
        return facts | {"error": error, "wall_s": 0.0}
    for name in sorted(job.versions.keys() & found.versions.keys()):
        if job.versions[name] != found.versions[name]:
            said = f"{name}: {found.versions[name]!r}, and the manifest says {job.versions[name]!r}"
            raise Refused("versions", job.where, said)
    said = found.track.model_dump(mode="json")
    said.pop("control_hz")
    if {**job.track, "privileged": False} != {**said, "privileged": False}:
        raise Refused("track", job.where, "it was played on another track than the manifest says")
    # A policy may know more than its observations tell: what the manifest says counts, and it can only be more.
    if said["privileged"] and not job.track["privileged"]:
        raise Refused("track", job.where, "it was played with privileges that the manifest doesn't own up to")
    if job.track["privileged"]:
        found = found.model_copy(update={"track": found.track.model_copy(update={"privileged": True})})
    from switch_bench.submit.again import again

    return again(found, load_bench(BENCH), Path(job.folder), job.where, _drawn(job, len(found.observed)))


def _drawn(job: Repeat, count: int) -> tuple[int, ...]:
    """Which observations are drawn and compared: as the check's own draw has it, so that nobody knows them before."""
    if not count or PICTURE_OBS.isdisjoint(job.track["obs"]):
        return ()
    h = [hashlib.sha256(f"{job.draw}/{job.where}/{k}".encode()).digest() for k in range(job.pictures)]
    return tuple(sorted({int.from_bytes(digest[:8], "big") % count for digest in h}))


def repeats(path: Path, opened: Opened, out: Path, pictures: int) -> list[Repeat]:
    """What is to be run again of an archive: every episode that its manifest names."""
    said = opened.manifest
    draw = secrets.randbits(64)
    return [
        Repeat(
            path=str(path.resolve()),
            task=task,
            episode=n,
            seed=episode_seed(said["seed"], task, n),
            track=dict(said["track"]),
            versions=dict(said["versions"]),
            sha256=opened.logs[task, n][0],
            place=opened.logs[task, n][1],
            folder=str(out.resolve()),
            pictures=pictures,
            draw=draw,
        )
        for task in said["tasks"]
        for n in range(said["episodes"])
    ]


def seconds(job: Open | Repeat) -> float:
    """How long a job may take."""
    if isinstance(job, Open):
        return OPENING
    least, share = SLOWEST
    return least + share * load_bench(BENCH).task(job.task).horizon_us * 1e-6
