"""What there is: scenes, devices, tasks and suites, as data and as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.table import Table

from switch_bench.devices.catalogue import kinds
from switch_bench.spec.find import load_scene, load_task, scenes, tasks
from switch_bench.spec.suites import suites


def everything() -> dict[str, Any]:
    """All of it, as `list --json` prints it."""
    return {
        "scenes": [_scene(name) for name in scenes()],
        "devices": [
            {"kind": name, "model": model, "title": kind.title, "family": kind.family}
            for name, kind in kinds().items()
            for model in kind.models
        ],
        "tasks": [_task(id) for id in tasks()],
        "suites": {name: list(ids) for name, ids in suites().items()},
    }


def tables(found: Mapping[str, Any]) -> list[Table]:
    """For a reader."""
    return [
        _table(
            "Scenes", ("scene", "zones", "devices"), ((s["id"], len(s["zones"]), s["devices"]) for s in found["scenes"])
        ),
        _table("Devices", ("kind", "models"), _models(found["devices"]).items()),
        _table(
            "Tasks",
            ("task", "level", "split", "scene", "title"),
            ((t["id"], t["level"], t["split"], t["scene"], t["title"]) for t in found["tasks"]),
        ),
        _table("Suites", ("suite", "tasks"), ((name, len(ids)) for name, ids in found["suites"].items())),
    ]


def _scene(name: str) -> dict[str, Any]:
    scene = load_scene(name)
    return {"id": name, "zones": list(scene.zones), "devices": len(scene.devices)}


def _task(id: str) -> dict[str, Any]:
    task = load_task(id)
    return {
        "id": id,
        "suite": task.suite,
        "scene": task.scene,
        "level": task.level,
        "split": task.split,
        "title": task.title,
        "instruction": task.instruction,
        "abilities": list(task.abilities),
        "horizon_s": task.horizon_us / 1e6,
        "near_misses": [miss.name for miss in task.near_misses],
    }


def _models(devices: list[dict[str, Any]]) -> dict[str, str]:
    models: dict[str, list[str]] = {}
    for device in devices:
        models.setdefault(device["kind"], []).append(device["model"])
    return {kind: ", ".join(names) for kind, names in models.items()}


def _table(title: str, columns: tuple[str, ...], rows: Any) -> Table:
    drawn = Table(*columns, box=box.SIMPLE, title=title, title_justify="left", title_style="bold")
    for row in rows:
        drawn.add_row(*map(str, row))
    return drawn
