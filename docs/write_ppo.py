"""Draws the learning curve of `ppo` and measures what it came to: `python docs/write_ppo.py [--episodes N] [--redraw]`.

Writes `docs/img/ppo_curve.svg` from `baselines/ppo.csv`, and the tables of docs/ppo.md. `--redraw` draws only. Needs
the extra `docs` (matplotlib).
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt
from switch_bench.baselines import ppo

from switch_bench.envs.env import SwitchEnv
from switch_bench.evaluate.inserted import insert, markdown
from switch_bench.evaluate.statistics import wilson

DOCS = Path(__file__).parent
CURVE = DOCS.parent / "baselines" / "ppo.csv"
FRESH = 1_000_000  # numbers of variations that training never drew begin here
COLOURS = ("#1f6f8b", "#b0532c", "#5b8c3a")
SHADE = "#9aa5ab"
STYLE = {
    "figure.facecolor": "white", "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": SHADE,
    "axes.grid": True, "grid.color": "#e7eaec", "axes.axisbelow": True, "font.size": 10, "legend.frameon": False,
    "svg.hashsalt": "switch_bench", "lines.linewidth": 1.4, "xtick.color": "#555", "ytick.color": "#555",
}  # fmt: skip


def draw() -> None:
    """Write the picture."""
    with CURVE.open(newline="") as file:
        lines = [{name: float(value) for name, value in line.items()} for line in csv.DictReader(file)]
    steps = [line["steps"] / 1000 for line in lines]
    with mpl.rc_context(STYLE):
        figure, axis = plt.subplots(figsize=(7.5, 3.4), layout="constrained")
        axis.fill_between(
            steps, [line["low"] for line in lines], [line["high"] for line in lines], color=SHADE, alpha=0.35, lw=0
        )
        axis.plot(steps, [line["success"] for line in lines], color="#333", lw=2.2, label="all")
        tasks = ppo.network().made["config"]["tasks"]
        for task, colour in zip(tasks, COLOURS, strict=True):
            axis.plot(steps, [line[task] for line in lines], color=colour, label=task)
        axis.set_xlabel("thousand control steps of 50 ms, of all environments together")
        axis.set_ylabel("success, of the last 200 episodes")
        axis.set_ylim(0.0, 1.02)
        axis.legend(loc="lower right")
        figure.savefig(DOCS / "img" / "ppo_curve.svg", metadata={"Date": None})


def rate(task: str, first: int, count: int) -> tuple[int, int, tuple[float, float]]:
    """(successes, episodes, interval of 95 %) over so many variations from number `first` on, an episode each."""
    env = SwitchEnv(task, obs="proprio", act="delta_pose", reward="none")
    policy = ppo.Policy()
    hits = 0
    for number in range(first, first + count):
        env.reset(seed=number, options={"variation": number})
        policy.play(env, task, number)
        hits += env.is_success()
    return hits, count, wilson(hits, count)


def tables(episodes: int) -> dict[str, str]:
    """What it came to, and what it was made with, as Markdown."""
    made = ppo.network().made
    rows = [["task", f"variations 1 to {episodes}, which it was trained on", "fresh variations"]]
    for task in made["config"]["tasks"]:
        rows.append([task, *(_said(rate(task, first, episodes)) for first in (1, FRESH))])
    versions: dict[str, Any] = made["versions"]
    with CURVE.open(newline="") as file:
        last = list(csv.DictReader(file))[-1]
    facts = [
        ["what", "value"],
        ["steps", f"{int(float(last['steps'])):,}"],
        ["episodes", f"{int(float(last['episodes'])):,}"],
        ["seed", str(made["config"]["seed"])],
        ["versions", ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))],
        ["numbers in the network", f"{sum(w.size + b.size for w, b in ppo.network().layers):,}"],
    ]
    return {"ppo": markdown(rows), "ppo_made": markdown(facts)}


def _said(found: tuple[int, int, tuple[float, float]]) -> str:
    hits, count, (low, high) = found
    return f"{hits / count:.2f} ({low:.2f} to {high:.2f}), {hits} of {count}"


def main() -> None:
    """As the module says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=64, help="of each task, in either set of variations")
    parser.add_argument("--redraw", action="store_true", help="draw the curve, and measure nothing")
    given = parser.parse_args()
    draw()
    if not given.redraw:
        insert(DOCS / "ppo.md", tables(given.episodes))


if __name__ == "__main__":
    main()
