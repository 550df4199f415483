"""Advice on sample sizes for a reader."""

from __future__ import annotations

from rich import box
from rich.table import Table

from switch_bench.evaluate.advice import Advice


def lines(found: Advice) -> list[str]:
    """How many episodes it takes to tell the rates apart."""
    a, b, power = (f"{100 * share:g} %" for share in (found.a, found.b, found.power))
    return [
        f"To tell {a} from {b} with a chance of {power}, by a two-sided test at 5 %:",
        f"  each policy on episodes of its own: {found.unpaired:,} each, {found.unpaired_per_task} a task",
        *(
            f"  both on the same episodes (`compare`), if their outcomes correlate by {row.correlation:g}: "
            f"{row.pairs:,} pairs, {row.per_task} a task"
            for row in found.paired
        ),
    ]


def table(found: Advice) -> Table:
    """How wide intervals are."""
    drawn = Table(
        box=box.SIMPLE,
        title=f"How wide 95 % intervals are, in points, around {100 * (found.a + found.b) / 2:.0f} %",
        title_justify="left",
        title_style="bold",
    )
    for name in ("episodes a task", "one task", f"all {found.tasks} tasks' episodes", "mean over tasks like these"):
        drawn.add_column(name, justify="right")
    for row in found.widths:
        drawn.add_row(str(row.episodes), *(f"{100 * width:.1f}" for width in (row.task, row.suite, row.macro)))
    return drawn
