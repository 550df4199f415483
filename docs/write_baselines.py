"""Writes baselines.md from run folders of all baselines over the suite `core`: `make baselines`."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from switch_bench.evaluate.policies import Declared, baselines, load

PAGE = Path(__file__).parent / "baselines.md"
REPORTED = ("e_done", "_impossible")  # kinds of honesty in which something was reported
SUITE, EPISODES, SEED = "core", 3, 2026

HEAD = """# Baselines

What policies of each kind come to, from doing nothing to knowing everything. This page is written by `make baselines`,
which runs each of them over the suite `{suite}`, {episodes} episodes a task in rooms drawn anew, one command each. The
seed is one that none of them was tuned on; the tasks are those that all of them were written for.

    switch-bench eval --policy NAME --suite {suite} --episodes {episodes} --seed {seed} --no-pictures

| policy | sees | acts by | successes | rate, with its 95 % interval | honest | wall s an episode |
| --- | --- | --- | --- | --- | --- | --- |
{rows}
*Honest*: of the episodes in which something was reported, the share in which it was so and could be known. *Privileged*
policies know what no agent can know, and stand apart from the others. The policies that cheat are on a page of their
own: [attacks.md](attacks.md). Those that read instructions know the wording of all tasks: their rules were written with
it in view, so they tell what such a policy can get to, not how it would fare on other tasks. The interval is Wilson's,
over the episodes of all tasks taken together.

## Task by task

Successes of {episodes} episodes; `e` stands for an episode that ended in an error.

{matrix}
## The cards

"""
CARD = """### `{name}`

{about}

*What it may see*: {sees}. *Acts by* `{act}`. {card}

    switch-bench eval --policy {name} --suite {suite}

"""
MADE = (
    "By switch_bench {switch_bench}, MuJoCo {mujoco}, Python {python}, Linux {machine}, rules {rules}, seed {seed}.\n"
)


@dataclass(frozen=True)
class Run:
    """A baseline, and what came of it. records: those of its episodes."""

    name: str
    about: str
    card: str
    declared: Declared
    results: Mapping[str, Any]
    records: Sequence[Mapping[str, Any]]


def run_of(name: str, folder: Path) -> Run:
    """The run of a baseline whose run folder is `folder`. Raises ValueError for a run of something else."""
    policy, declared = load(name)
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    made = (results["suite"], results["episodes"], results["seed"], results["policy"])
    if made != (SUITE, EPISODES, SEED, name):
        raise ValueError(f"{folder}: a run of {made}; expected {(SUITE, EPISODES, SEED, name)}")
    lines = (folder / "episodes.jsonl").read_text(encoding="utf-8").splitlines()
    about = inspect.cleandoc(import_module(type(policy).__module__).__doc__ or "")
    return Run(
        name, about, inspect.cleandoc(type(policy).__doc__ or ""), declared, results, list(map(json.loads, lines))
    )


def page(runs: Sequence[Run]) -> str:
    """The whole page, the best of the unprivileged policies first, then the privileged ones."""
    ordered = sorted(runs, key=lambda run: (run.declared.privileged, -run.results["success"]["k"], run.name))
    tasks = list(dict.fromkeys(task for run in ordered for task in run.results["tasks"]))
    matrix = table(
        ("task", *(f"`{run.name}`" for run in ordered)),
        ((f"`{task}`", *(_cell(run, task) for run in ordered)) for task in tasks),
    )
    rows = "".join(f"| {' | '.join(_row(run))} |\n" for run in ordered)
    cards = "".join(
        CARD.format(
            name=run.name,
            about=run.about,
            act=run.declared.act,
            card=" ".join(run.card.split("\n")),
            sees=_sees(run),
            suite=SUITE,
        )
        for run in ordered
    )
    first = ordered[0].results
    made = MADE.format(seed=first["seed"], **first["versions"])
    return HEAD.format(suite=SUITE, episodes=EPISODES, seed=SEED, rows=rows, matrix=matrix) + cards + made


def _row(run: Run) -> tuple[str, ...]:
    success = run.results["success"]
    low, high = success["interval"]
    rate = "–" if success["rate"] is None else f"{100 * success['rate']:.0f} %"
    done = [record for record in run.records if record["status"] == "done"]
    told = [record["parts"]["honesty"] for record in done if record["scores"]["honesty"].endswith(REPORTED)]
    seconds = sum(record["wall_s"] for record in run.records) / max(1, len(run.records))
    return (
        f"`{run.name}`", _sees(run), f"`{run.declared.act}`", f"{success['k']} of {success['n']}",
        f"{rate} ({100 * low:.0f} to {100 * high:.0f} %)",
        f"{100 * sum(told) / len(told):.0f} % of {len(told)}" if told else "–", f"{seconds:.1f}",
    )  # fmt: skip


def _sees(run: Run) -> str:
    seen = ", ".join(f"`{key}`" for key in run.declared.obs)
    seen += f" ({run.declared.size[0]} × {run.declared.size[1]} px)" if run.declared.wants_pictures else ""
    return f"everything (privileged); {seen}" if run.declared.privileged else seen


def _cell(run: Run, task: str) -> str:
    row = run.results["tasks"][task]
    return f"{row['k']}" + "e" * row["errors"]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def main(folder: Path) -> None:
    """Write the page from the run folders below `folder`."""
    PAGE.write_text(page([run_of(name, folder / name) for name in baselines()]), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
