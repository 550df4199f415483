"""Two run folders compared: whether they may be, and what a reader is told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table

from switch_bench.evaluate import folder
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.paired import Comparison, compare
from switch_bench.evaluate.results import percent
from switch_bench.evaluate.statistics import CONFIDENCE

MUST = ("rules",)  # versions without which a verdict means something else
NAMED = 3  # tasks that a message names


def of_folders(a: Path, b: Path, *, strict: bool = True) -> tuple[Comparison, dict[str, Any]]:
    """The comparison of two runs by their folders; `a` and `b`: their policies, `notes`: what differs besides.

    Raises:
        InputError: a folder holds no run of one policy, or the runs can't be compared: tasks or rules have changed
            between them, or they have no episode in common.
    """
    (ours, played), (theirs, played_too) = read(a), read(b)
    differences = notes(ours, theirs, where=f"{a} and {b}")
    try:
        found = compare(played, played_too, strict=strict)
    except ValueError as error:
        raise InputError(str(error), where=f"{a} and {b}", hint="an episode has a seed of its own") from error
    if not found.n:
        seeds = f"seeds {ours['seed']} and {theirs['seed']}" if ours["seed"] != theirs["seed"] else "other tasks"
        raise InputError(
            f"no episode of one has the task and seed of one of the other ({seeds})",
            where=f"{a} and {b}",
            hint="run both with the same --suite and --seed",
        )
    return found, {"a": ours["policy"], "b": theirs["policy"], "notes": differences}


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The settings of the run in a folder, and its episodes' records. Raises InputError if it holds none."""
    return folder.settings_of(path), folder.read_episodes(path)


def notes(ours: Mapping[str, Any], theirs: Mapping[str, Any], *, where: str) -> list[str]:
    """What differs between two runs' settings beside the policy, in words.

    Raises:
        InputError: tasks that both have aren't the same, or the rules of the verdict aren't.
    """
    tasks = [t for t, found in ours["tasks"].items() if theirs["tasks"].get(t, found) != found]
    if tasks:
        named = ", ".join(tasks[:NAMED]) + (f" and {len(tasks) - NAMED} more" if len(tasks) > NAMED else "")
        raise InputError(
            f"the files of {named} have changed between these runs", where=where, hint="run one of them again"
        )
    for name in MUST:
        was, now = (settings["versions"].get(name) for settings in (ours, theirs))
        if was != now:
            raise InputError(f"{name} {was} and {now} judge otherwise", where=where, hint="run one of them again")
    pairs = {
        **{f"version of {n}": (v, theirs["versions"].get(n)) for n, v in ours["versions"].items()},
        **{f"track's {n}": (v, theirs["track"].get(n)) for n, v in ours["track"].items()},
        **{n: (ours.get(n), theirs.get(n)) for n in ("protocol", "episodes")},
        **{n: (ours.get("record", {}).get(n), theirs.get("record", {}).get(n)) for n in ("engine", "assets", "limits")},
    }
    return [f"{name}: {_said(was)} and {_said(now)}" for name, (was, now) in pairs.items() if was != now]


def table(found: Comparison, about: Mapping[str, Any]) -> Table:
    """Task by task."""
    drawn = Table(box=box.SIMPLE, title=f"a: {about['a']}\nb: {about['b']}", title_justify="left", title_style="bold")
    drawn.add_column("task", overflow="fold")
    for name in ("a", "b", "only a", "only b"):
        drawn.add_column(name, justify="right")
    for task, row in found.tasks.items():
        drawn.add_row(task, f"{row.a.k}/{row.a.n}", f"{row.b.k}/{row.b.n}", str(row.only_a), str(row.only_b))
    drawn.add_section()
    rates = [f"{side.k}/{side.n}  {percent(side.rate)}" for side in (found.a, found.b)]
    drawn.add_row("all", *rates, str(found.only_a), str(found.only_b), style="bold")
    return drawn


def lines(found: Comparison, about: Mapping[str, Any]) -> list[str]:
    """What a comparison of one pair or more says, and what keeps it from saying more."""
    level = f"{100 * CONFIDENCE:.0f} %"
    errors = "counted as failures" if found.strict else "left out with their pairs"
    return [
        f"{found.n} pairs of the same task and seed: both succeeded in {found.both}, only a in {found.only_a}, only b "
        f"in {found.only_b}, neither in {found.neither}.",
        f"a − b over all pairs: {_difference(found.difference, found.interval, level)} (Newcombe); "
        f"McNemar's exact p = {found.p:.2g}.",
        f"a − b as the mean over tasks: {_difference(found.macro_difference, found.macro_interval, level)} (bootstrap "
        "clustered by task).",
        verdict(found),
        *(
            [f"Errors: {found.errors_a} of a, {found.errors_b} of b, {errors}."]
            if found.errors_a or found.errors_b
            else []
        ),
        *(
            [f"Without a partner, and left out: {found.unpaired_a} of a, {found.unpaired_b} of b."]
            if found.unpaired_a or found.unpaired_b
            else []
        ),
        *(f"They differ in {note}." for note in about["notes"]),
    ]


def verdict(found: Comparison) -> str:
    """One sentence: whether the difference could be chance."""
    if not found.only_a and not found.only_b:
        return "They succeeded in the same episodes."
    assert found.p is not None
    if found.p >= 1 - CONFIDENCE:
        return "So much could be chance: on these episodes neither is shown to be better."
    better = "a" if found.only_a > found.only_b else "b"
    return f"On these episodes {better} is better, and by more than chance would explain."


def points(difference: float) -> str:
    """0.123 as "+12.3 points"."""
    return f"{100 * difference:+.1f} points".replace("-", "−")


def _difference(difference: float | None, interval: Sequence[float] | None, level: str) -> str:
    if difference is None or interval is None:
        return "unknown"
    low, high = (f"{100 * limit:+.1f}".replace("-", "−") for limit in interval)
    return f"{points(difference)}, {level} interval {low} to {high}"


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return "(" + ", ".join(f"{k} {_said(v)}" for k, v in value.items()) + ")"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "nothing"
    return "none" if value is None or value == "" else str(value)
