"""From a verified run folder to what is shown of it. Nothing that was submitted as a score is read: all figures are
counted anew from the records of the episodes that were run again.

A verified run folder is a run folder as `eval` makes one, with `verification.json` beside it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from switch_bench.evaluate import folder as run_folder
from switch_bench.evaluate.bootstrap import macro
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.paired import Comparison as Paired
from switch_bench.evaluate.paired import compare
from switch_bench.evaluate.report import outcome
from switch_bench.evaluate.slices import Tags, groups, of_id
from switch_bench.evaluate.statistics import tally, wilson
from switch_bench.evaluate.success import Success, counted
from switch_bench.evaluate.timeline import timeline
from switch_bench.leaderboard import shown
from switch_bench.spec.errors import SpecError
from switch_bench.trace.store import TraceFileError, load

VERIFICATION = "verification.json"
FILE = "episodes.jsonl"  # see evaluate/folder.py
KINDS = ("level", "ability", "room", "task")
FILMS = (".webm", ".mp4")
KEPT = 3  # runs whose records are held in memory
LONGEST = 500  # letters of a message in a list


def row(
    run: Path,
    *,
    id: str,
    submitter: str,
    status: shown.Status,
    submitted: str,
    hidden: shown.Rate | None = None,
) -> shown.Row:
    """A submission's row in the table. run: its verified run folder; submitted: UTC; hidden: its rate on hidden seeds.

    Raises:
        InputError: the folder isn't one of a verified run.
    """
    manifest = _manifest(run)
    scored = status in shown.RANKED
    records = _records(run) if scored else []
    return shown.Row(
        id=id,
        policy=manifest["policy"],
        submitter=submitter,
        track=shown.Track(**{name: manifest["track"][name] for name in ("act", "obs", "privileged")}),
        suite=manifest["suite"],
        protocol=manifest.get("protocol") or "",
        episodes=manifest["episodes"],
        status=status,
        rate=_rate(counted(records, strict=True)) if scored else None,
        macro=_macro(records) if scored else None,
        hidden=hidden,
        submitted=submitted,
    )


def submission(
    run: Path,
    row: shown.Row,
    *,
    reasons: Sequence[shown.Reason] = (),
    progress: shown.Progress | None = None,
    archive: bool = True,
) -> shown.Submission:
    """A submission's page, from its verified run folder and its row."""
    told, manifest = _told(run), _manifest(run)
    records = _in_order(run) if row.status in shown.RANKED else []
    parts = tally(records).parts
    return shown.Submission(
        row=row,
        reasons=tuple(reasons),
        progress=progress,
        groups=_groups(records),
        episodes=tuple(_episode_row(run, record) for record in records),
        card=manifest.get("card") or "",
        versions=manifest.get("versions") or {},
        digest=told["archive_sha256"],
        key=told.get("key") or "",
        parts={name: _share(part.held, part.n) for name, part in parts.items()},
        errors=sum(record["status"] == "error" for record in records),
        redone=manifest.get("redone") or 0,
        archive=archive,
    )


def episode(run: Path, row: shown.Row, task: str, number: int) -> shown.Episode:
    """An episode's page.

    Raises:
        KeyError: there is no such episode in the run folder.
    """
    records = _in_order(run) if row.status in shown.RANKED else []
    names = [(record["task"], record["episode"]) for record in records]
    if (task, number) not in names:
        raise KeyError(f"{task}, episode {number}")
    place = names.index((task, number))
    record = records[place]
    return shown.Episode(
        submission=row.id,
        policy=row.policy,
        row=_episode_row(run, record),
        instruction=record.get("instruction") or "",
        parts=_parts(record),
        timeline=_timeline(run, record),
        video=(video := _video(run, record)),
        poster=_poster(run, video),
        verdict=json.dumps(record.get("verdict"), indent=1, ensure_ascii=False) if record.get("verdict") else "",
        before=names[place - 1] if place else None,
        after=names[place + 1] if place + 1 < len(names) else None,
    )


def comparison(run_a: Path, a: shown.Row, run_b: Path, b: shown.Row) -> shown.Comparison:
    """Two submissions with recomputed scores, on the episodes that both played.

    Raises:
        InputError: one of them has no recomputed score, or it has an episode twice.
    """
    for one in (a, b):
        if one.status not in shown.RANKED:
            raise InputError(
                f"{one.policy} is {one.status}: nobody recomputed its scores, so there is nothing to compare",
                where=one.id,
            )
    try:
        found = compare(_records(run_a), _records(run_b), strict=True)
    except ValueError as error:
        raise InputError(str(error), where=f"{a.id}, {b.id}") from error
    return shown.Comparison(
        a=a,
        b=b,
        paired=found.n,
        difference=found.difference,
        interval=found.interval,
        p=found.p,
        only_a=found.only_a,
        only_b=found.only_b,
        both=found.both,
        neither=found.neither,
        tasks=tuple(
            shown.Pair(task=task, a=_rate(pair.a), b=_rate(pair.b)) for task, pair in sorted(found.tasks.items())
        ),
        said=_sentence(found, a, b),
        note=_note(found, a, b),
    )


def _sentence(found: Paired, a: shown.Row, b: shown.Row) -> str:
    """What a comparison means, in one sentence that claims no more than it shows."""
    if not found.n or found.difference is None or found.interval is None or found.p is None:
        return "They have no episode in common, so nothing can be said of which is better."
    low, high = found.interval
    pairs = f"{found.n} episode{'s' * (found.n != 1)}"
    if low > 0 or high < 0:
        better, worse = (a, b) if found.difference > 0 else (b, a)
        few = " It rests on few tasks: other tasks may tell otherwise." if len(found.tasks) < 5 else ""
        return (
            f"On the same {pairs}, {better.policy} succeeded more often than {worse.policy}, by "
            f"{abs(100 * found.difference):.0f} percentage points, and chance alone would hardly do that.{few}"
        )
    if found.only_a == found.only_b:
        return f"On the same {pairs} they succeeded equally often; that doesn't prove that they are alike."
    return (
        f"On the same {pairs} they differ by {abs(100 * found.difference):.0f} percentage points, and chance alone may "
        "do that: which is better can't be told from these."
    )


def _note(found: Paired, a: shown.Row, b: shown.Row) -> str:
    """What keeps two submissions from being compared as they stand."""
    said = []
    if a.track != b.track:
        said.append(f"They are in different tracks ({_track(a)}; {_track(b)}), so they didn't have the same means.")
    if a.suite != b.suite:
        said.append(f"They are of different suites ({a.suite}; {b.suite}); only tasks of both are counted.")
    if found.unpaired_a or found.unpaired_b:
        said.append(
            f"Episodes that only one of them played aren't counted: {found.unpaired_a} of {a.policy}, "
            f"{found.unpaired_b} of {b.policy}."
        )
    if found.errors_a or found.errors_b:
        said.append(
            f"Episodes that ended in an error count as failures: {found.errors_a} of {a.policy}, "
            f"{found.errors_b} of {b.policy}."
        )
    return " ".join(said)


def _track(row: shown.Row) -> str:
    return row.track.name + (", privileged" if row.track.privileged else "")


def _told(run: Path) -> dict[str, Any]:
    path = run / VERIFICATION
    try:
        told = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        hint = "it is made by `switch-bench submit verify FILE --out DIR`"
        raise InputError(f"can't be read: {error}", where=str(path), hint=hint) from error
    if not isinstance(told, dict):
        raise InputError("isn't a JSON object", where=str(path))
    return told


def _manifest(run: Path) -> dict[str, Any]:
    manifest = _told(run).get("manifest")
    if not isinstance(manifest, dict):
        raise InputError("has no manifest", where=str(run / VERIFICATION))
    return manifest


def _records(run: Path) -> Sequence[dict[str, Any]]:
    """The episodes' records; those of the runs asked for last are kept, since their pages are asked for one by one."""
    found = (run / FILE).stat() if (run / FILE).exists() else None
    return _read(run, found and found.st_mtime_ns, found and found.st_size)


@lru_cache(maxsize=KEPT)
def _read(run: Path, changed: int | None, size: int | None) -> Sequence[dict[str, Any]]:
    return run_folder.read_episodes(run)


def _in_order(run: Path) -> list[dict[str, Any]]:
    """The records in the order of the run's tasks."""
    settings = TypeAdapter(dict[str, Any]).validate_json((run / "run.json").read_bytes())
    place = {task: number for number, task in enumerate(settings.get("tasks") or ())}
    return sorted(_records(run), key=lambda r: (place.get(r["task"], len(place)), r["task"], r["episode"]))


def _rate(found: Success) -> shown.Rate:
    return shown.Rate(n=found.n, k=found.k, rate=found.rate, interval=found.interval)


def _share(k: int, n: int) -> shown.Rate:
    return shown.Rate(n=n, k=k, rate=k / n if n else None, interval=wilson(k, n))


def _macro(records: Sequence[Mapping[str, Any]]) -> shown.Macro | None:
    of_task: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        of_task.setdefault(record["task"], []).append(record)
    counts = [counted(of, strict=True) for of in of_task.values()]
    found = macro([(count.k, count.n) for count in counts])
    return None if found.mean is None else shown.Macro(mean=found.mean, interval=found.interval)


def _groups(records: Sequence[Mapping[str, Any]]) -> dict[str, tuple[shown.Group, ...]]:
    found = groups(records, strict=True, tags=_tags)
    return {
        kind: tuple(shown.Group(name=name, rate=_rate(success)) for name, success in found[kind].items())
        for kind in KINDS
        if found[kind]
    }


def _tags(task: str) -> Tags:
    """What groups a task is in; none if this version no longer has it."""
    try:
        return of_id(task)
    except SpecError:
        return {}


def _episode_row(run: Path, record: Mapping[str, Any]) -> shown.EpisodeRow:
    failed = record["status"] == "error"
    why = f"{record['error']['type']}: {record['error']['message']}" if failed else record["why"]
    return shown.EpisodeRow(
        task=record["task"],
        episode=record["episode"],
        seed=record["seed"],
        outcome=outcome(record),  # pyright: ignore[reportArgumentType]  # one of the four by its docstring
        why=why if len(why) <= LONGEST else why[: LONGEST - 1] + "…",
        elapsed_s=record.get("elapsed_us", 0) / 1e6,
        video=bool(_video(run, record)),
    )


def _parts(record: Mapping[str, Any]) -> tuple[shown.Part, ...]:
    held = record.get("parts") or {}
    return tuple(
        shown.Part(name=name, judged=name in held, held=held.get(name), words=words)
        for name, words in (record.get("words") or {}).items()
    )


def _video(run: Path, record: Mapping[str, Any]) -> str:
    """The episode's film as a path below the run folder, "" if there is none."""
    names = [f"videos/{record['task']}.{record['episode']}{ending}" for ending in FILMS]
    return next((name for name in names if (run / name).is_file()), "")


def _poster(run: Path, video: str) -> str:
    poster = Path(video).with_suffix(".jpg").as_posix() if video else ""
    return poster if poster and (run / poster).is_file() else ""


def _timeline(run: Path, record: Mapping[str, Any]) -> str:
    if record["status"] == "error" or not record.get("trace"):
        return ""
    try:
        trace = load(run / record["trace"])
    except (FileNotFoundError, TraceFileError):
        return '<p class="none">Its trace is no longer kept here.</p>'
    return timeline(trace, "e", record["evidence"], record["since"])
