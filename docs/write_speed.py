"""Measures what speed depends on, and draws it: `python docs/write_speed.py [--quick] [--redraw]`.

Writes `docs/img/speed_*.svg`, which docs/speed.md shows, and the figures that they are drawn from,
`docs/img/speed.json`. `--redraw` draws them again from those. Needs the extra `docs` (matplotlib).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from switch_bench.evaluate import speed, speed_rooms, speed_step, speed_vector
from switch_bench.evaluate.speed_step import Effort

IMG = Path(__file__).parent / "img"
DATA = IMG / "speed.json"
CONTROLS = (10, 25, 50, 100, 200, 400)
DEVICES = (0, 25, 50, 100, 200)  # bulbs beside the 50 controls
ROOMS = (1, 2, 4, 8, 16)
ENVS = (1, 4, 16, 64, 256)
FIFTY = 50
ROUNDS = 3
OURS, ENGINE, SHADE = "#1f6f8b", "#b0532c", "#9aa5ab"
STYLE = {
    "figure.facecolor": "white", "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": SHADE,
    "axes.grid": True, "grid.color": "#e7eaec", "axes.axisbelow": True, "font.size": 10, "axes.titlesize": 11,
    "axes.titlelocation": "left", "legend.frameon": False, "svg.hashsalt": "switch_bench", "lines.linewidth": 1.8,
    "xtick.color": "#555", "ytick.color": "#555",
}  # fmt: skip


def measure(quick: bool) -> dict[str, Any]:
    """The curves: {"machine", "controls" | "devices" | "rooms": {n: {"free" | "touching": figures}}, "environments"}.

    Of several rounds over all of them, each figure is from the one in which the machine did least else: in which the
    bare physics took least.
    """
    effort = speed_step.QUICK if quick else Effort(blocks=20)
    found: dict[str, Any] = {"machine": speed.machine(), "quick": quick}
    with tempfile.TemporaryDirectory(prefix="switch_bench-") as name:
        folder = Path(name)

        rooms = {("controls", n): speed_rooms.write(folder, n) for n in CONTROLS}
        rooms |= {("devices", n): speed_rooms.write(folder, FIFTY, bulbs=n) for n in DEVICES}
        rooms |= {("rooms", n): speed_rooms.write(folder, FIFTY, zones=n) for n in ROOMS}
        for number in range(ROUNDS):
            for (curve, n), task in rooms.items():
                print(f"round {number + 1}: {n} {curve}", flush=True)
                row = speed_step.measure(str(task), effort)
                row = {"free": row, "touching": row.pop("touching")}
                best = found.setdefault(curve, {}).setdefault(n, row)
                best.update({k: timed for k, timed in row.items() if timed["bare_us"] < best[k]["bare_us"]})
        print("environments", flush=True)
        task = str(speed_rooms.write(folder, FIFTY))
        found["environments"] = speed_vector.measure(task, Effort(blocks=3 if quick else 10), ENVS)["by_envs"]
    return found


def draw(found: dict[str, Any]) -> None:
    """Write the pictures."""
    with mpl.rc_context(STYLE):
        figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.5), sharey=False, layout="constrained")
        _steps(axes[0], found["controls"], "controls", "In one room")
        _steps(axes[1], found["devices"], "further devices", "50 controls, and bulbs beside them")
        _steps(axes[2], found["rooms"], "rooms", "50 controls, over several rooms")
        top = max(axis.get_ylim()[1] for axis in axes[1:])
        for axis in axes[1:]:
            axis.set_ylim(0.0, top)
        axes[0].set_ylabel("µs a control step")
        _legend(figure, axes[0])
        _save(figure, "speed_step.svg")

        figure, axis = plt.subplots(figsize=(5.2, 3.5), layout="constrained")
        _environments(axis, found["environments"])
        _save(figure, "speed_environments.svg")


def _steps(axis: Axes, rows: dict[str, Any], across: str, title: str) -> None:
    at = [int(n) for n in rows]
    free, touching = ([row[motion] for row in rows.values()] for motion in ("free", "touching"))
    for label, figures, key, colour, line in (
        ("env.step, touching", touching, "step_us", OURS, "--o"),
        ("mj_step alone, touching", touching, "bare_us", ENGINE, "--s"),
        ("mj_step alone, free", free, "bare_us", ENGINE, "-s"),
        ("env.step, free", free, "step_us", OURS, "-o"),
        ("the same without contacts", free, "free_us", SHADE, "-^"),
    ):
        axis.plot(at, [row[key] for row in figures], line, color=colour, label=label, markersize=4)
    axis.set(xlabel=across, title=title)
    if len(at) <= 5:
        axis.set_xticks(at)
    axis.set_xlim(0.0, max(at) * 1.04)
    axis.set_ylim(0.0, None)


def _environments(axis: Axes, rows: dict[str, Any]) -> None:
    at = [int(n) for n in rows]
    threads = max(row["threads"] for row in rows.values())
    for label, key, colour, line in (
        (f"{threads} threads", "steps_per_s", OURS, "-o"),
        ("1 thread", "one_thread_steps_per_s", OURS, "--o"),
        (f"mujoco.batch alone, {threads} threads", "bare_steps_per_s", ENGINE, "-s"),
        ("the same without contacts", "free_steps_per_s", SHADE, "-^"),
    ):
        axis.plot(at, [row[key] for row in rows.values()], line, color=colour, label=label, markersize=4)
    axis.set_xscale("log", base=2)
    axis.set_xticks(at, [str(n) for n in at])
    axis.set_ylim(0.0, 1.35 * axis.get_ylim()[1])  # room for the legend
    axis.set(xlabel="environments", ylabel="control steps a second", title="50 controls, all environments together")
    axis.legend(loc="upper left", fontsize=9, handlelength=3.0)


def _legend(figure: Any, axis: Axes) -> None:
    lines: Sequence[Any]
    lines, labels = axis.get_legend_handles_labels()
    figure.legend(lines, labels, loc="outside lower center", ncols=5, fontsize=9, handlelength=3.0)


def _save(figure: Any, name: str) -> None:
    figure.savefig(IMG / name, metadata={"Date": None})
    plt.close(figure)
    text = (IMG / name).read_text()
    (IMG / name).write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n")


def main() -> None:
    """Measure, unless only to redraw, and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--redraw", action="store_true", help="draw the figures that were measured last")
    chosen = parser.parse_args()
    if not chosen.redraw:
        DATA.write_text(json.dumps(measure(chosen.quick), indent=1) + "\n")
    draw(json.loads(DATA.read_text()))


if __name__ == "__main__":
    main()
