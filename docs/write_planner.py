"""Writes planner.md from two runs, of `oracle` and of `planner`: `make planner`.

Exit code 1, and no page, if they disagree on a task and nothing here says why, or if what is said has become untrue.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from switch_bench.evaluate import bench

PAGE = Path(__file__).parent / "planner.md"
LONGEST = 4  # moves of a plan that are written out

EXPLAINED: dict[str, str] = {}
"""Task → why the planner and the oracle don't succeed in the same episodes."""

HEAD = """# The planner

`baselines/planner.py` finds out by itself how a task can be done. It has the whole world as its model, and of the
task's file the goal, the formulas of `never`, what is allowed and forbidden to be left changed, the controls that are
asked for (`required`), and the horizon. It doesn't read the solution, the near misses, whether the task is feasible,
or what shows that it is done or can't be; `tests/baselines/test_planner.py` takes them out of the task and lets it
solve it all the same. So it is an upper bound for other policies, and a second proof, beside the reference solutions,
that a task can be done. This page's table is written by `make planner`.

## How it plans

**Imagined worlds.** A fork of the running world in which controls are put where a hand would bring them, without a
body (`planning/imagine.py`): devices, locks, springs, drives and other people are the room's own, and what is done
takes about as long as the body would need.

**What is still lacking.** After each act the world runs on, hands off, to the horizon; the goal's formula is judged
on that (`planning/aim.py`). If it comes to hold, nothing of `never` has been so and nothing forbidden is left, the
plan is found: these acts, then wait. Else the atoms of the goal that don't hold are counted, comparisons by how far
they are off, durations by the share that is missing.

**Search.** Best-first width search (`planning/search.py`; Lipovetzky and Geffner 2017) over what can be done to the
controls: every press, turn, slide, opening and touch, holds until something comes of holding, and waits until
something that is to come has come. Controls nearer to the goal by the declared wiring (`planning/wires.py`) are
tried first. The budget counts acts and waits that are tried out, not seconds, so that the same episode is planned the
same way on every machine: {freely:,} by any means; if that finds no plan, or one that does without a control the task
asks for, {bare:,} with those controls alone and no waits, {these:,} with waits, and {others:,} with all controls,
where those asked for must have a part in it.

**Acting.** The plan is carried out by the skills, through physics. After each move the rest of the plan is imagined
from where things really are; if it no longer leads to the goal, a new plan is made, {plans} in all. When the goal
stands it looks at what the goal speaks of, and reports. If no plan is found it does something to one of the controls
asked for, looks at all that shows the goal's signals and those of the devices that act on them, puts back what must
not be left changed, and reports that it can't be done. That such a report is right is likely, not proven: the budget
may have been too small.

## Pressing by model-predictive control

`baselines/mpc.py` takes the planner's plan for which control is to have which value, and makes the moves itself in
`delta_pose`: it goes to a place from which the control can be reached, lines the fingertip up, pushes until the
mechanism reads what it should, and draws back. Each moment is planned by the cross-entropy method
(`planning/cem.py`): {drawn} actions are drawn about the last one, each is kept up for {ahead} control steps in a fork
of the world, with all its physics; what counts is how far the fingertip is from where it should be, its slant, and
what it bumps into (`planning/reach.py`); the best {best} say where the next are drawn, {rounds} times over. The action
found is done for {kept} control steps.

It presses rockers, keys, levers and touch screens. Knobs, doors and sliders take a grip, which it hasn't: a plan with
one of these it doesn't begin. It makes at most {most:,} plans of a moment in an episode, {steps:,} control steps in
forks; then it keeps its hands off. `delta_pose` has no report, so it ends at the horizon, and no honesty is asked of
it.

## Where the planner agrees with the oracle

One row a task, over the same episodes: how many succeeded, how many acts and waits were tried out in the first
episode, whether that went by the controls asked for, and the first plan.

"""


@dataclass(frozen=True)
class Row:
    """A task: successes of the oracle and of the planner, of as many episodes; the planner's plans in the first."""

    task: str
    oracle: tuple[bool, ...]
    planner: tuple[bool, ...]
    plans: Sequence[Mapping[str, Any]]

    @property
    def agree(self) -> bool:
        """Whether they succeeded in the same episodes."""
        return self.oracle == self.planner


def rows(oracle: Path, planner: Path) -> list[Row]:
    """What became of each task. Raises ValueError for runs that aren't of the same episodes, or have errors."""
    ran = [records(folder) for folder in (oracle, planner)]
    if ran[0].keys() != ran[1].keys():
        raise ValueError(f"{oracle} and {planner} aren't of the same episodes")
    found = []
    for task in sorted({task for task, _ in ran[0]}):
        episodes = sorted(n for other, n in ran[0] if other == task)
        won, theirs = (tuple(run[task, n]["success"] is True for n in episodes) for run in ran)
        trace = bench.read_trace(planner / ran[1][task, episodes[0]]["trace"])
        found.append(Row(task, won, theirs, trace.manifest["plans"]))
    return found


def records(folder: Path) -> dict[tuple[str, int], Mapping[str, Any]]:
    """A run's episodes by task and number. Raises ValueError if one ended in an error."""
    lines = (folder / "episodes.jsonl").read_text(encoding="utf-8").splitlines()
    found = {(r["task"], r["episode"]): r for r in map(json.loads, lines)}
    broken = sorted(task for (task, _), r in found.items() if r["status"] != "done")
    if broken:
        raise ValueError(f"{folder}: episodes ended in an error: {', '.join(broken)}")
    return found


def unexplained(found: Iterable[Row], explained: Mapping[str, str]) -> list[str]:
    """What keeps the page from being written, a line each."""
    apart = {row.task for row in found if not row.agree}
    return [
        *(
            f"{task}: oracle and planner disagree, and EXPLAINED doesn't say why"
            for task in sorted(apart - set(explained))
        ),
        *(f"{task}: EXPLAINED says why they disagree, but they agree" for task in sorted(set(explained) - apart)),
    ]


def page(found: Sequence[Row], explained: Mapping[str, str]) -> str:
    """The whole page."""
    from switch_bench.planning import cem, pressing, reach
    from switch_bench.planning import planner as planning

    head = HEAD.format(
        freely=planning.FREELY,
        bare=planning.WITHOUT_WAITS,
        these=planning.BY_THESE,
        others=planning.WITH_OTHERS,
        plans=planning.PLANS,
        drawn=cem.DRAWN,
        ahead=cem.AHEAD,
        best=cem.BEST,
        rounds=cem.ROUNDS,
        kept=reach.KEPT,
        most=pressing.MOMENTS,
        steps=pressing.MOMENTS * cem.DRAWN * cem.ROUNDS * cem.AHEAD,
    )
    lines = [
        (
            f"`{row.task}`",
            _share(row.oracle),
            _share(row.planner),
            _tried(row),
            "yes" if _guided(row) else "",
            _plan(row),
        )
        for row in found
    ]
    episodes = sum(len(row.oracle) for row in found)
    total = (
        f"\n{len(found)} tasks, {episodes} episodes: the oracle succeeds in {sum(sum(r.oracle) for r in found)}, "
        f"the planner in {sum(sum(r.planner) for r in found)}.\n"
    )
    why = "".join(f"- `{task}`: {words}\n" for task, words in sorted(explained.items())) or "There are none.\n"
    return (
        head
        + table(("task", "oracle", "planner", "tried", "by controls asked for", "first plan"), lines)
        + total
        + f"\n## Disagreements\n\n{why}"
    )


def _share(won: Sequence[bool]) -> str:
    return f"{sum(won)}/{len(won)}"


def _tried(row: Row) -> str:
    return f"{sum(plan['tried'] for plan in row.plans):,}"


def _guided(row: Row) -> bool:
    return any(plan["guided"] for plan in row.plans)


def _plan(row: Row) -> str:
    moves = row.plans[0]["plan"]
    if not moves:
        return "none found"
    more = f", and {len(moves) - LONGEST} more" if len(moves) > LONGEST else ""
    return ", ".join(move.replace("|", "/") for move in moves[:LONGEST]) + more


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ["---"] * len(head), *rows))


def main(oracle: Path, planner: Path) -> int:
    """Write the page from two run folders; 1 if something isn't explained."""
    found = rows(oracle, planner)
    wrong = unexplained(found, EXPLAINED)
    for line in wrong:
        print(line)
    if not wrong:
        PAGE.write_text(page(found, EXPLAINED), encoding="utf-8")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
