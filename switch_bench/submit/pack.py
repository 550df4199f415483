"""From a run folder to an archive."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError

from switch_bench.evaluate.alike import unlike
from switch_bench.evaluate.bench import Bench, load_bench
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import reader, settings_of
from switch_bench.evaluate.record import machines
from switch_bench.evaluate.runner import BENCH
from switch_bench.submit import archive, log, signing
from switch_bench.submit.canonical import canonical
from switch_bench.submit.errors import Refused
from switch_bench.submit.manifest import FileClaim, Hidden, Manifest, TrackClaim

CARD = """# {policy}

What is this policy, and how was it made? Which data was it trained on, and did it see tasks of this benchmark?

- weights or model, and where they are:
- what it was trained or tuned on:
- what it may see and do: acts by {act}, sees {obs}
- who to ask:
"""
BESIDE = ("run.json", "results.json", "report.html")  # for readers: the check reads none of them


@dataclass(frozen=True)
class Packed:
    """An archive that was written. left_out: what was too large for it. unlike: see `evaluate.alike.unlike`."""

    path: Path
    sha256: str
    key: str
    episodes: int
    errors: int
    left_out: tuple[str, ...]
    unlike: str


def pack(
    run: Path,
    out: Path,
    key: Path,
    *,
    card: Path | None = None,
    name: str | None = None,
    commitment: str | None = None,
    now: datetime | None = None,
) -> Packed:
    """Pack a finished run folder into `out`, signed.

    card: the model card, Markdown. name: what the policy is called on the board, by default as it was run. commitment:
    of the hidden round it was run for.

    Raises: InputError for a folder that holds no finished run, for traces of before there were logs, and for what
    can't be read or written. Nothing is written then.
    """
    signed_by = signing.load_key(key)
    settings = _settings(run)
    record_of = reader(run)
    wanted = [(task, n) for task in settings["tasks"] for n in range(settings["episodes"])]
    errors, said = _look(run, wanted, record_of)
    model_card, redone = _card(card, settings), _redone(run)
    kept, left_out = _beside(run)
    claims: dict[str, FileClaim] = {}

    def files() -> Iterator[tuple[str, bytes]]:
        bench = load_bench(BENCH)
        for task, n in wanted:
            made = _log(run, cast(dict[str, Any], record_of(task, n)), bench)
            yield claimed(archive.episode_file(task, n), made.model_dump_json().encode())
        yield claimed("card.md", model_card)
        for path in kept:
            yield claimed(path.name, path.read_bytes())
        head = canonical(
            _manifest(settings, name, commitment, claims, redone, now or datetime.now(UTC), run).model_dump(mode="json")
        )
        yield "manifest.json", head
        yield "signature.json", canonical(signing.sign(signed_by, head))

    def claimed(file: str, data: bytes) -> tuple[str, bytes]:
        claims[file] = FileClaim(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
        return file, data

    try:
        archive.write(out, files())
    except OSError as error:
        raise InputError(f"can't be written: {error.strerror}", where=f"--out {out}") from error
    except Refused as error:
        raise InputError(error.said, where=f"--out {out}" if error.where == out.name else error.where) from error
    return Packed(out, archive.file_hash(out), signing.public(signed_by), len(wanted), errors, left_out, said)


def _look(run: Path, wanted: Sequence[tuple[str, int]], record_of: Callable[[str, int], Any]) -> tuple[int, str]:
    """See that all is there that is packed, before anything is.

    Returns: how many episodes ended in an error, and where machines weren't alike (see `Packed.unlike`).

    Raises: InputError.
    """
    errors, missing, played = 0, [], []
    for task, n in wanted:
        record = record_of(task, n)
        if record is None:
            missing.append(f"{task} {n}")
        elif record["status"] == "error":
            errors += 1
        elif not (run / record["trace"]).exists():
            hint = "without its trace an episode can't be run again"
            raise InputError(f"there is no {run / record['trace']}", where=f"{task}, episode {n}", hint=hint)
        else:
            played.append({"machine": record.get("machine")})
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        hint = "the same `switch-bench eval` command goes on with the run"
        raise InputError(f"the run isn't finished: episode {missing[0]}{more} isn't there", where=str(run), hint=hint)
    return errors, unlike(machines(played))


def _beside(run: Path) -> tuple[list[Path], tuple[str, ...]]:
    """Files of the run that go into the archive, and the names of those that are too large for it."""
    there = [run / name for name in BESIDE if (run / name).exists()]
    large = {path for path in there if path.stat().st_size > (archive.most_of(path.name) or 0)}
    return [path for path in there if path not in large], tuple(path.name for path in there if path in large)


def _settings(run: Path) -> dict[str, Any]:
    settings = settings_of(run)
    needed = ("policy", "suite", "seed", "episodes", "track", "versions", "tasks")
    lacks = [key for key in needed if key not in settings]
    if lacks:
        raise InputError(
            f"it lacks {', '.join(lacks)}", where=str(run / "run.json"), hint="`switch-bench eval` makes it"
        )
    return settings


def _log(run: Path, record: Mapping[str, Any], bench: Bench) -> log.Log:
    where = f"{record['task']}, episode {record['episode']}"
    if record["status"] == "error":
        return log.of_error(record)
    try:
        trace = bench.read_trace(run / record["trace"])
    except (FileNotFoundError, ValueError) as error:
        raise InputError(str(error), where=where, hint="without its trace an episode can't be run again") from error
    steps = max(map(len, (trace.actions, trace.inputs, trace.hashes)))
    if steps > log.MOST_STEPS:
        raise InputError(f"it has {steps} steps; a log has at most {log.MOST_STEPS}", where=where)
    try:
        return log.of_trace(trace, record)
    except (KeyError, ValidationError) as error:
        hint = "it was made by an older version: run it again"
        raise InputError(f"its trace makes no log: {error}", where=where, hint=hint) from error


def _card(card: Path | None, settings: Mapping[str, Any]) -> bytes:
    if card is None:
        track = settings["track"]
        told = CARD.format(policy=settings["policy"], act=track["act"], obs=", ".join(track["obs"]) or "nothing")
        return told.encode()
    try:
        data = card.read_bytes()
        data.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"can't be read as text: {error}", where=f"--card {card}") from error
    most = archive.KINDS[r"card\.md"]
    if len(data) > most:
        raise InputError(f"{len(data)} bytes; a model card has at most {most}", where=f"--card {card}")
    return data


def _manifest(
    settings: Mapping[str, Any],
    name: str | None,
    commitment: str | None,
    claims: Mapping[str, FileClaim],
    redone: int,
    now: datetime,
    run: Path,
) -> Manifest:
    track = settings["track"]
    try:
        return Manifest(
            policy=settings["policy"] if name is None else name,
            suite=settings["suite"],
            protocol=settings.get("protocol", ""),
            seed=settings["seed"],
            episodes=settings["episodes"],
            track=TrackClaim(
                act=track["act"], obs=list(track["obs"]), privileged=track["privileged"], size=list(track["size"])
            ),
            tasks=dict(settings["tasks"]),
            versions={key: str(value) for key, value in settings["versions"].items()},
            redone=redone,
            created=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
            hidden=None if commitment is None else Hidden(commitment=commitment),
            files=dict(sorted(claims.items())),
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", where=str(run)) from error


def _redone(run: Path) -> int:
    """How many episodes were played again after an error, as results.json has it."""
    try:
        return int(json.loads((run / "results.json").read_text())["redone"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = "the same `switch-bench eval` command writes it"
        raise InputError(f"there is no usable results.json: {error}", where=str(run), hint=hint) from error
