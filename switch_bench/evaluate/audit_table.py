"""The audit for a reader: a table on the screen, and the page of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table

from switch_bench.evaluate import audit_cases as cases

COLUMNS = {
    cases.ORACLE: "oracle succeeds",
    cases.NOOP: "noop fails",
    cases.NEAR_MISS: "near misses fail",
    cases.OMITTED: "fails without a step",
    cases.DETOUR: "detour succeeds",
    cases.RANDOM: "random fails",
    "horizon": "horizon fits",
    "instruction": "room has all",
    "mutants": "mutants killed",
}


INTRODUCTION = """# Audit

`switch-bench audit` proves of every task that it tells doing it from not doing it and from almost doing it. What must
be so, in every variation of the room:

- *oracle succeeds*: the reference solution succeeds, and reports honestly, with the evidence in view;
- *noop fails*: idle hands fail;
- *near misses fail*: each plan that looks right and is wrong fails in the part of the verdict that it names (how many);
- *fails without a step*: the solution without any one of its required steps fails (how many);
- *detour succeeds*: the solution succeeds with a harmless way round before its first step and before its report;
- *random fails*: an agent that does random things to what is in view, and then reports done, succeeds in at most 5 % of
  its episodes (successes/episodes);
- *horizon fits*: the horizon is from 1.5 to 6 times what the slowest reference takes (how many times);
- *room has all*: instruction and paraphrases name nothing that the room lacks; tasks that can't be done apart;
- *mutants killed*: the goal and the rules (`never`) with one thing changed, a bound, an operator or a signal: each is
  told from the original by one of these runs, whose outcome would be wrong under it, or stands below with the reason
  why that is no gap (killed/all).

The goal of a task that can't be done isn't judged, so it has no mutants; but no run may be a success by it. A `>=` is
changed to `>` only where a run comes to stand at the bound itself. The reasons are in `tasks/mutants.yaml`; a mutant
that nothing tells from the original and that isn't there makes the audit fall short.
"""


def table(report: Mapping[str, Any]) -> Table:
    """The audit as a table; what is wrong stands below it (`audit.troubles`)."""
    drawn = Table(box=box.SIMPLE)
    drawn.add_column("task", overflow="fold")
    for title in COLUMNS.values():
        drawn.add_column(title, justify="center")
    for task, row in report["tasks"].items():
        cells = [f"{_mark(good)} {more}".strip() for good, more in _cells(row)]
        drawn.add_row(task, *cells)
    return drawn


def summary(report: Mapping[str, Any]) -> str:
    """The whole suite in one sentence or two."""
    luck, mutants = report["luck"], report["mutants"]
    low, high = luck["interval"]
    return (
        f"A random agent succeeds in {luck['k']} of {luck['n']} episodes ({_percent(low)} to {_percent(high)}). "
        f"Of {mutants['total']} mutants {mutants['killed']} are killed, {mutants['listed']} are listed with a reason, "
        f"and {mutants['unlisted']} are neither."
    )


def page(report: Mapping[str, Any], command: str) -> str:
    """The audit as a page of Markdown; command: by which it was made."""
    from switch_bench.evaluate.results import versions

    rows = [
        "| `"
        + task
        + "` | "
        + " | ".join(f"{'✓' if good else '✗'} {more}".strip() for good, more in _cells(row))
        + " |"
        for task, row in report["tasks"].items()
    ]
    made = ", ".join(f"{name} {version}" for name, version in versions().items())
    listed = [
        f"| `{task}` | `{mutant}` | {reason} |"
        for task, row in report["tasks"].items()
        for mutant, reason in row["mutants"]["reasons"].items()
    ]
    alive = [
        f"| `{task}` | `{mutant}` | |"
        for task, row in report["tasks"].items()
        for mutant in row["mutants"]["survivors"]
    ]
    return "\n".join(
        [
            INTRODUCTION,
            f"Made by `{command}` with {made}.",
            "",
            "| task | " + " | ".join(COLUMNS.values()) + " |",
            "|---|" + "---|" * len(COLUMNS),
            *rows,
            "",
            summary(report),
            "",
            "## Mutants that no run tells from the original",
            "",
            "| task | mutant | why that is no gap |",
            "|---|---|---|",
            *listed,
            *alive,
            "",
        ]
    )


def _cells(row: Mapping[str, Any]) -> list[tuple[bool, str]]:
    """What stands in each column: whether it is good, and a number or two."""
    luck, times, mutants = row["luck"], row["reference"], row["mutants"]
    more = {
        cases.NEAR_MISS: f"({row['near_miss_count']})",
        cases.OMITTED: f"({row['required_step_count']})",
        cases.RANDOM: f"({luck['k']}/{luck['n']})",
        "horizon": f"({row['horizon_s'] / times['slowest_s']:.1f}×)" if times else "",
        "mutants": f"({mutants['killed']}/{mutants['total']})",
    }
    return [(row[key]["ok"] if key == "mutants" else row[key], more.get(key, "")) for key in COLUMNS]


def _mark(good: bool) -> str:
    return "[green]✓[/]" if good else "[red]✗[/]"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
