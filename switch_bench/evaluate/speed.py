"""`switch-bench bench`: all figures of speed in one run, each beside what it is measured against.

Every part is a function of a `Plan` that gives its share of the figures. What takes time is measured in turn with what
it is compared to; what is said of a fresh process is measured in one.
"""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from switch_bench._version import __version__
from switch_bench.evaluate.errors import InputError, closest
from switch_bench.evaluate.speed_aims import checked
from switch_bench.evaluate.workers import cores
from switch_bench.spec.find import load_task
from switch_bench.spec.names import scenes, tasks

if TYPE_CHECKING:
    from rich.console import Console

    from switch_bench.evaluate.speed_step import Effort

FLAT_TASK = "home.warm_living-v1"  # in the heated flat: the scene with most in it
ROOMS = (50, 200, 400)  # controls of the rooms made to measure
MAIN_ROOM = 50  # of these, the one that many environments are measured in


@dataclass
class Plan:
    """How much is measured, and where the rooms made to measure are."""

    quick: bool
    folder: Path
    effort: Effort
    repeats: int = field(init=False)  # of what takes long
    scenes: dict[str, str] = field(init=False)  # scene of the package → a task that plays in it
    rooms: dict[str, str] = field(init=False)  # room made to measure → its task's path

    def __post_init__(self) -> None:
        from switch_bench.evaluate import speed_rooms

        self.repeats = 2 if self.quick else 7
        played = {load_task(task).scene: task for task in reversed(tasks())}
        self.scenes = {scene: played[scene] for scene in scenes() if scene in played}
        self.rooms = {f"room_{n}": str(speed_rooms.write(self.folder, n)) for n in ROOMS}


def _import(plan: Plan) -> dict[str, Any]:
    from switch_bench.evaluate import speed_start

    return {
        "import_s": speed_start.import_s("switch_bench", plan.repeats),
        "import_envs_s": speed_start.import_s("switch_bench.envs", plan.repeats),
    }


def _first_reset(plan: Plan) -> dict[str, Any]:
    from switch_bench.evaluate import speed_start

    return {"first_reset_s": speed_start.first_reset_s(FLAT_TASK, plan.repeats)}


def _compile(plan: Plan) -> dict[str, Any]:
    from switch_bench.evaluate import speed_start

    named = {scene: scene for scene in plan.scenes} | {
        room: str(Path(task).parents[1] / "scene.yaml") for room, task in plan.rooms.items()
    }
    return {"compile_ms": {name: speed_start.compile_ms(scene, plan.repeats) for name, scene in named.items()}}


def _reset(plan: Plan) -> dict[str, Any]:
    from switch_bench.evaluate import speed_start

    return {"reset_ms": {scene: speed_start.reset_ms(task, 3 * plan.repeats) for scene, task in plan.scenes.items()}}


def _scenes(plan: Plan) -> dict[str, Any]:
    from switch_bench.evaluate import speed_step

    found = {scene: speed_step.measure(task, plan.effort) for scene, task in plan.scenes.items()}
    found |= {room: speed_step.measure(task, plan.effort, wall=True) for room, task in plan.rooms.items()}
    return {"scenes": found}


def _vector(plan: Plan) -> dict[str, Any]:
    from switch_bench.evaluate import speed_vector

    counts = speed_vector.FEW_ENVS if plan.quick else speed_vector.ENVS
    effort = replace(plan.effort, blocks=max(3, plan.effort.blocks // 5))  # a block has the steps of all environments
    return {"vector": speed_vector.measure(plan.rooms[f"room_{MAIN_ROOM}"], effort, counts)}


def _wait(plan: Plan) -> dict[str, Any]:
    from switch_bench.evaluate import speed_world

    found = speed_world.wait_24h(FLAT_TASK, plan.repeats)
    return {"wait_24h_ms": found.pop("ms"), "wait_24h": found}


def _fork(plan: Plan) -> dict[str, Any]:
    from switch_bench.evaluate import speed_world

    return {"fork_us": speed_world.fork_us(FLAT_TASK, 200 if plan.quick else 2000)}


def _render(plan: Plan) -> dict[str, Any]:
    from switch_bench.evaluate import speed_pictures
    from switch_bench.physics.renderers import NoPicture

    found: dict[str, Any] = {}
    for scene, task in plan.scenes.items():
        try:
            found[scene] = speed_pictures.measure(task, blocks=3 if plan.quick else 15)
        except NoPicture as trouble:
            found[scene] = {"ratio": None, "trouble": str(trouble)}
    return {"render": found}


PARTS: dict[str, Callable[[Plan], dict[str, Any]]] = {
    "import": _import,
    "first_reset": _first_reset,
    "compile": _compile,
    "reset": _reset,
    "scenes": _scenes,
    "vector": _vector,
    "wait": _wait,
    "fork": _fork,
    "render": _render,
}


def measure(only: Sequence[str] = (), *, quick: bool = False, console: Console | None = None) -> dict[str, Any]:
    """The figures of all parts, or of some, with the aims they are held against.

    Besides the figures: `aims`, a list of {figure, value, at_most | at_least, met}; `ok`, whether all of them are met;
    and what was measured where (`machine`).

    Raises:
        InputError: a part isn't known.
    """
    chosen = parts(only)
    from switch_bench.evaluate.doctor import settle_gl

    if "render" in chosen:
        settle_gl()  # before MuJoCo is imported; where nothing draws, the part says so
    from switch_bench.evaluate.speed_step import FULL, QUICK

    found: dict[str, Any] = {"machine": machine(), "quick": quick}
    with tempfile.TemporaryDirectory(prefix="switch_bench-") as folder:
        plan = Plan(quick=quick, folder=Path(folder), effort=QUICK if quick else FULL)
        for name in chosen:
            if console is not None:
                console.print(f"measuring {name}", markup=False)
            found |= PARTS[name](plan)
    found["aims"] = checked(found)
    found["ok"] = all(aim["met"] for aim in found["aims"])
    return found


def parts(only: Sequence[str]) -> tuple[str, ...]:
    """The parts asked for, in the order they are measured; all if none is named. Raises InputError for another one."""
    for name in only:
        if name not in PARTS:
            raise InputError(f"no part {name!r} of the benchmark", where="--only", hint=closest(name, PARTS))
    return tuple(name for name in PARTS if not only or name in only)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    import mujoco

    return {
        "switch_bench": __version__,
        "mujoco": mujoco.__version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "processors": cores(),
    }


def _processor() -> str:
    """The processor's name as Linux has it, "" elsewhere."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")), "")
