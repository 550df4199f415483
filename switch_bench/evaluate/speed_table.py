"""The figures of speed for a reader: on the screen, and as tables of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich import box
from rich.table import Table

from switch_bench.evaluate.inserted import markdown
from switch_bench.evaluate.speed_aims import AIMS, figures

Found = Mapping[str, Any]
Rows = list[list[str]]  # the first is the head


def _aims(found: Found) -> Rows:
    rows = [["what", "figure", "aim", "met"]]
    for aim in AIMS:
        values = figures(found, aim.path)
        if values:
            worst = aim.worst(values)
            there = [part for part, star in zip(worst.split("."), aim.path.split("."), strict=True) if star == "*"]
            where = f" (worst: {there[0]})" if len(values) > 1 else f" ({there[0]})" if there else ""
            rows.append([aim.says, f"{_number(values[worst])}{where}", aim.bound, _mark(aim.met(values[worst]))])
    return rows


def _steps(found: Found) -> Rows:
    head = ["room", "controls", "motion", "step µs", "bare µs", "ratio", "without contacts µs", "ratio", "× real time"]
    rows = [head]
    for name, row in found.get("scenes", {}).items():
        for motion, timed in _motions(row):
            cells = (timed[key] for key in ("step_us", "bare_us", "ratio", "free_us", "free_ratio", "real_time_factor"))
            rows.append([name, str(row["controls"]), motion, *map(_number, cells)])
    return rows


def _layers(found: Found) -> Rows:
    rows = [["room", "motion", "without contacts", "bare", "`World.run`", "`Stage.apply`", "`env.step`"]]
    for name, row in found.get("scenes", {}).items():
        for motion, timed in _motions(row):
            cells = (timed[key] for key in ("free_us", "bare_us", "world_us", "stage_us", "step_us"))
            rows.append([name, motion, *map(_number, cells)])
    return rows


def _motions(row: Found) -> Iterator[tuple[str, Found]]:
    yield "free", row
    if "wall" in row:
        yield "close to a wall", row["wall"]
    yield f"touching {row['touching']['what']}", row["touching"]


def _many(found: Found) -> Rows:
    vector = found.get("vector", {})
    head = ["environments", "threads", "steps/s", "on one thread", "speed-up", "the engine alone", "ours over it"]
    rows = [[*head, "without contacts", "ours over it"]]
    keys = (
        "envs", "threads", "steps_per_s", "one_thread_steps_per_s", "speedup", "bare_steps_per_s", "over_bare",
        "free_steps_per_s", "over_free",
    )  # fmt: skip
    rows += [[_number(row[key]) for key in keys] for row in vector.get("by_envs", {}).values()]
    return rows


def _starts(found: Found) -> Rows:
    compiled, resets = found.get("compile_ms", {}), found.get("reset_ms", {})
    rows = [["scene", "compile ms", "reset: same ms", "seen ms", "other ms", "new layout ms"]]
    for scene in dict.fromkeys([*compiled, *resets]):
        again = resets.get(scene, {})
        rows.append(
            [scene, *map(_number, (compiled.get(scene), *(again.get(k) for k in ("same", "seen", "other", "layout"))))]
        )
    return rows


def _pictures(found: Found) -> Rows:
    rows = [["scene", "renderer", "drawn", "of geoms", "picture µs", "bare µs", "ratio", "nothing changed µs"]]
    for scene, row in found.get("render", {}).items():
        keys = ("drawn", "geoms", "ours_us", "bare_us", "ratio", "unchanged_us")
        for name, by in ((row.get("by", ""), row), ("tiny", row.get("tiny"))):
            if by:
                rows.append([scene, name, *(_number(by.get(key)) for key in keys)])
    return rows


TABLES: Mapping[str, tuple[str, Callable[[Found], Rows]]] = {
    "steps": ("A control step: ten substeps of 5 ms", _steps),
    "layers": ("Where a step's time goes, µs", _layers),
    "many": ("Many environments in one process, a room with 50 controls", _many),
    "starts": ("Beginning", _starts),
    "pictures": ("Pictures", _pictures),
    "aims": ("Aims", _aims),
}


def screen(found: Found) -> Iterator[Table | str]:
    """The tables of what was measured, for the screen, and a last line."""
    yield where(found)
    for title, rows in TABLES.values():
        head, *body = rows(found)
        if not body:
            continue
        drawn = Table(box=box.SIMPLE, title=title, title_justify="left", title_style="bold")
        for i, name in enumerate(head):
            drawn.add_column(name, justify="left" if i == 0 or name == "motion" else "right")
        for row in body:
            drawn.add_row(*row)
        yield drawn
    for scene, row in found.get("render", {}).items():
        if "trouble" in row:
            yield f"{scene}: no pictures: {row['trouble']}"
    yield "All aims are met." if found["ok"] else "Some aims are not met."


def pages(found: Found) -> dict[str, str]:
    """The tables of what was measured as Markdown, each with what it was measured on below it."""
    made = {name: rows(found) for name, (_, rows) in TABLES.items()}
    return {name: f"{markdown(rows)}\n{where(found)}\n" for name, rows in made.items() if len(rows) > 1}


def where(found: Found, command: str = "switch-bench bench") -> str:
    """What was measured on and how, in a sentence."""
    m = found["machine"]
    processor = f"{m['processor']}, " if m["processor"] else ""
    plural = "s" if m["processors"] != 1 else ""
    how = f"{command} --quick" if found["quick"] else command
    return (
        f"By `{how}`: switch_bench {m['switch_bench']}, MuJoCo {m['mujoco']}, Python {m['python']}, {m['system']} "
        f"({processor}{m['processors']} processor{plural})."
    )


def _mark(met: bool) -> str:
    return "yes" if met else "no"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
