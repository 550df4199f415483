"""Whether a submission is what it says: form, hashes and signature, then every episode run again and judged anew.

What a stranger wrote is only read in worker processes with limits of memory and time. What the workers tell is small
and plain. Scores of the archive are never read.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from switch_bench.evaluate import doctor
from switch_bench.evaluate.bench import Bench, load_bench
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import RunFolder, write_atomically
from switch_bench.evaluate.policies import PICTURE_OBS, Declared
from switch_bench.evaluate.runner import BENCH, Request, finish, run_settings
from switch_bench.evaluate.workers import Died, Pool, Raised
from switch_bench.submit import log, manifest
from switch_bench.submit.archive import Archive, episode_file, file_hash
from switch_bench.submit.canonical import read
from switch_bench.submit.errors import Refused, Unverifiable
from switch_bench.submit.signing import check as check_signature

SCHEMA_VERSION = 1
PICTURES = 3  # observations an episode whose pictures are drawn and compared
MEMORY = 4 << 30  # bytes a worker may have
OPENING = 120.0  # s: to read an archive's form
SLOWEST = 60.0, 2.0  # s an episode may take: so many, and so many times its horizon at a hundredth of real time
MOST_REASONS = 20


@dataclass(frozen=True)
class Open:
    """Read an archive's form: names, manifest, signature, and the hash of each file."""

    path: str


@dataclass(frozen=True)
class Opened:
    """What an archive is, when its form is right. logs: (task, episode) → SHA-256 of its log."""

    manifest: dict[str, Any]
    key: str
    card: str
    logs: Mapping[tuple[str, int], str]


@dataclass(frozen=True)
class Repeat:
    """Run one of its episodes again. sha256: of its log, as it was when the archive was opened."""

    path: str
    task: str
    episode: int
    seed: int  # which it must have
    track: dict[str, Any]
    sha256: str
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


@dataclass
class Verification:
    """What became of a check; `facts` is what `verification.json` holds."""

    status: str
    reasons: list[No] = field(default_factory=list)
    archive_sha256: str = ""
    key: str = ""
    manifest: dict[str, Any] | None = None
    episodes: int = 0
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
            "pictures_compared": self.pictures,
        }


def work(job: Open | Repeat) -> Opened | dict[str, Any] | No:
    """What a worker does."""
    try:
        return open_archive(Path(job.path)) if isinstance(job, Open) else _repeat(job)
    except Refused as error:
        return No.of(error)


def open_archive(path: Path) -> Opened:
    """Read an archive's form. Raises: Refused."""
    with Archive(path) as archive:
        head = archive.read("manifest.json")
        key = check_signature(head, read(archive.read("signature.json"), "signature.json"))
        said = manifest.parse(head)
        others = set(archive.members) - {"manifest.json", "signature.json"}
        for name in sorted(others ^ set(said.files)):
            where = "the manifest" if name in others else "the archive"
            raise Refused("missing", name, f"{where} doesn't have it")
        logs: dict[tuple[str, int], str] = {}
        wanted = {(task, n): episode_file(task, n) for task in said.tasks for n in range(said.episodes)}
        card = ""
        for name in sorted(others):
            data = archive.read(name)
            claim = said.files[name]
            if (len(data), hashlib.sha256(data).hexdigest()) != (claim.bytes, claim.sha256):
                raise Refused("hash", name, "not the file that was signed")
            if name == "card.md":
                card = _text(data, name)
        by_file = {name: which for which, name in wanted.items()}
        for name in sorted(name for name in others if name.startswith("episodes/")):
            if name not in by_file:
                raise Refused("episodes", name, "no episode that the manifest names")
            logs[by_file[name]] = said.files[name].sha256
        missing = sorted(name for which, name in wanted.items() if which not in logs)
        if missing:
            raise Refused("episodes", missing[0], f"{len(missing)} of {len(wanted)} episodes aren't there")
    _known(said)
    return Opened(said.model_dump(mode="json"), key, card, logs)


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Refused("schema", name, f"not UTF-8: {error.reason}") from error


def _known(said: manifest.Manifest) -> None:
    """See that its tasks are those of its suite, by our files. Raises: Refused or Unverifiable."""
    bench = load_bench(BENCH)
    suites = bench.suites()
    every = {task for tasks in suites.values() for task in tasks}
    tasks = suites.get(said.suite) or ([said.suite] if said.suite in every else None)
    if tasks is None:
        raise Unverifiable("files", "manifest.json", f"suite: there is none called {said.suite!r:.80} here")
    if set(tasks) != set(said.tasks):
        odd = sorted(set(tasks) ^ set(said.tasks))
        raise Refused("episodes", "manifest.json", f"tasks: not those of the suite {said.suite}: {odd[0]:.80}")
    changed = [task for task, digest in said.tasks.items() if bench.task(task).digest != digest]
    if changed:
        raise Unverifiable("files", "manifest.json", f"the files of {changed[0]} aren't those that are here")


def _repeat(job: Repeat) -> dict[str, Any]:
    with Archive(Path(job.path)) as archive:
        data = archive.read(job.where)
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
    found = Verification("self-reported", archive_sha256=file_hash(path))
    with Pool(work, max(1, workers), seconds=_seconds, memory=MEMORY) as pool:
        [(_, opened)] = list(pool.run([Open(str(path.resolve()))]))
        if isinstance(opened, Opened):
            found.key, found.manifest = opened.key, opened.manifest | {"card": opened.card}
            if replay:
                pictures = 0 if no_pictures else pictures
                _run_again(found, opened, path, out, pool, load_bench(BENCH), pictures, progress)
        elif not isinstance(opened, dict):
            found.reasons.append(_no(opened, path.name))
    if any(not no.unverifiable for no in found.reasons):
        found.status = "refused"
    elif found.reasons:
        found.status = "unverifiable"
    write_atomically(out / "verification.json", json.dumps(found.facts(), indent=2) + "\n")
    return found


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
    """Run all episodes again, and write the run folder if all came out as their logs say."""
    said = opened.manifest
    track = dict(said["track"])
    draw = secrets.randbits(64)
    jobs = [
        Repeat(
            path=str(path.resolve()),
            task=task,
            episode=n,
            seed=episode_seed(said["seed"], task, n),
            track=track,
            sha256=opened.logs[task, n],
            folder=str(out.resolve()),
            pictures=pictures,
            draw=draw,
        )
        for task in said["tasks"]
        for n in range(said["episodes"])
    ]
    request = Request(
        policies=(said["policy"],),
        suite=said["suite"],
        episodes=said["episodes"],
        seed=said["seed"],
        out=out,
        workers=0,
    )
    declared = Declared(track["act"], tuple(track["obs"]), track["privileged"], (track["size"][0], track["size"][1]))
    settings = run_settings(request, bench, said["policy"], list(said["tasks"]), declared)
    with RunFolder(out, settings) as run:
        for done, (job, answer) in enumerate(pool.run(jobs, group=lambda job: job.task), start=1):
            if isinstance(answer, dict):
                run.append(answer)
                found.pictures += answer.get("pictures_compared", 0)
            elif len(found.reasons) < MOST_REASONS:
                found.reasons.append(_no(answer, job.where))
            progress(done, len(jobs))
        found.episodes = len(run.episodes)
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
        return No("fault", where, f"it can't be run again: {answer}"[:400])
    return No("limits", where, f"it can't be run again: {answer}"[:400])


def _seconds(job: Open | Repeat) -> float:
    """How long a job may take."""
    if isinstance(job, Open):
        return OPENING
    least, share = SLOWEST
    return least + share * load_bench(BENCH).task(job.task).horizon_us * 1e-6


def told(found: Verification, screen: Console) -> None:
    """Say what was found."""
    means = {
        "replay-verified": f"every one of the {found.episodes} episodes came out the same and was judged anew",
        "self-reported": "its form, hashes and signature are right; nothing was run again",
        "unverifiable": "whether it is so can't be told on this machine",
        "refused": "it isn't what it says",
    }
    screen.print(f"{found.status}: {means[found.status]}", markup=False)
    for no in found.reasons:
        screen.print(f"  {no.where}: {no.said} ({no.code})", markup=False)
