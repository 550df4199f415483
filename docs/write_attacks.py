"""Writes attacks.md from the runs of the policies that cheat: `make attacks`. Exit code 1 if one gets through."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from switch_bench.evaluate.policies import cheats, load

PAGE = Path(__file__).parent / "attacks.md"
PARTS = ("temporal", "spatial", "causal", "effects", "honesty")

HEAD = """# Attacks

A verdict that can be fooled is worth nothing. The policies in `baselines/adversarial/` cheat: each has the task's file
and the whole world before it, and does what may look like success while a person would deny it. This page is written
by `make attacks`, which runs each of them over all tasks:

    switch-bench eval --policy adversarial.press_everything --suite all --episodes 3

"""

PARTS_TEXT = """## What stopped them

How many episodes failed in each part of the verdict ([verdict.md](verdict.md#the-parts)). One may fail in several, and
`honesty` only decides where the task can't be done.

"""

GRANTED_TEXT = """## What a person would grant

On a few tasks what a cheat does is, if not elegant, what was asked for. Such a success is no false one, and is named
here.

"""

TASKS_TEXT = """## Task by task

The part that failed, the first of temporal (T), spatial (S), causal (C), effects (E) and honesty (H), over the episodes
of each task; `·` is a success that a person would grant, `?` is undetermined, `!` a false success.

"""


@dataclass(frozen=True)
class Attack:
    """A policy that cheats, what is granted to it, and the records of its episodes."""

    name: str
    trick: str
    said: str
    granted: Mapping[str, str]
    records: Sequence[Mapping[str, Any]]

    @property
    def false(self) -> list[Mapping[str, Any]]:
        """Successes that a person would deny."""
        return [r for r in self.records if r.get("success") is True and r["task"] not in self.granted]


def attack(name: str, folder: Path) -> Attack:
    """What became of the policy `name`, whose run folder is `folder`. Raises ValueError for a run with errors."""
    policy, _ = load(name)
    words = (import_module(type(policy).__module__).__doc__ or "").strip()
    trick, _, said = words.partition(" A person: ")
    lines = (folder / "episodes.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    broken = [r["task"] for r in records if r["status"] != "done"]
    if broken:
        raise ValueError(f"{name}: episodes ended in an error: {', '.join(sorted(set(broken)))}")
    said = said[:1].upper() + said[1:]
    return Attack(name.partition(".")[2], trick, said, policy.granted, records)


def page(attacks: Sequence[Attack]) -> str:
    """The whole page."""
    episodes = sum(len(a.records) for a in attacks)
    tasks = list(dict.fromkeys(r["task"] for a in attacks for r in sorted(a.records, key=lambda r: r["task"])))
    false = sum(len(a.false) for a in attacks)
    total = f"{len(attacks)} policies, {len(tasks)} tasks, {episodes} episodes: **{false} false successes**.\n\n"
    tricks = table(
        ("policy", "what it does", "what a person would say"), ((f"`{a.name}`", a.trick, a.said) for a in attacks)
    )
    counts = table(("policy", "episodes", *PARTS, "granted", "false"), (_counts(a) for a in attacks))
    granted = [(f"`{a.name}`", f"`{task}`", why) for a in attacks for task, why in a.granted.items()]
    matrix = table(
        ("task", *(_short(a.name) for a in attacks)),
        ((f"`{task}`", *(_cell(a, task) for a in attacks)) for task in tasks),
    )
    return (
        f"{HEAD}{total}{tricks}\n{PARTS_TEXT}{counts}\n"
        f"{GRANTED_TEXT}{table(('policy', 'task', 'why'), granted)}\n{TASKS_TEXT}{matrix}"
    )


def _counts(attack: Attack) -> tuple[str, ...]:
    failed = Counter(part for r in attack.records for part, held in r["parts"].items() if held is False)
    granted = sum(r["success"] is True for r in attack.records) - len(attack.false)
    numbers = (len(attack.records), *(failed[part] for part in PARTS), granted, len(attack.false))
    return (f"`{attack.name}`", *map(str, numbers))


def _cell(attack: Attack, task: str) -> str:
    letters = {_letter(attack, record) for record in attack.records if record["task"] == task}
    return "".join(sorted(letters))


def _letter(attack: Attack, record: Mapping[str, Any]) -> str:
    if record["success"] is True:
        return "·" if record["task"] in attack.granted else "!"
    return next((part[0].upper() for part in PARTS if record["parts"].get(part) is False), "?")


def _short(name: str) -> str:
    return name.replace("_", " ")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main(folder: Path) -> int:
    """Write the page from the run folders below `folder`; 1 if there is a false success."""
    attacks = [attack(name, folder / name) for name in cheats()]
    PAGE.write_text(page(attacks), encoding="utf-8")
    for a in attacks:
        for record in a.false:
            print(f"{a.name} succeeds at {record['task']}, episode {record['episode']}: {record['why']}")
    return int(any(a.false for a in attacks))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
