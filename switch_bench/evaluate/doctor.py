"""What this machine can do, what is missing, and how to get it."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys
from dataclasses import dataclass
from typing import Literal

from rich.markup import escape
from rich.table import Table

REFERENCE_MUJOCO = "3.17.0"  # constraints.txt: the version the reference results were made with
LOWEST_MUJOCO, BELOW_MUJOCO = (3, 17), (5,)
LOWEST_PYTHON = (3, 11)
GL_TIMEOUT = 60  # s
EXTRAS = {  # extra → what it is for, the module that shows it is there
    "test": ("running the tests", "pytest"),
    "rl": ("training with stable-baselines3", "stable_baselines3"),
    "vla": ("policies at a web socket", "websockets"),
    "llm": ("language models at OpenAI-style endpoints", "httpx"),
    "mcp": ("serving tasks to MCP clients", "mcp"),
    "inspect": ("tasks in Inspect", "inspect_ai"),
    "learn": ("writing data sets of demonstrations", "pyarrow"),
    "ray": ("evaluating on a Ray cluster", "ray"),
    "submit": ("packing and verifying submissions", "rfc8785"),
    "leaderboard": ("serving a leaderboard", "fastapi"),
    "bullet": ("the second physics engine, and pictures without OpenGL", "pybullet"),
    "osmesa": ("pictures by OSMesa where the system has none", "lavavu"),
}
TRY_GL = (
    "import os; from switch_bench._osmesa import library\n"  # which knows where a Python package has it
    "if os.environ['MUJOCO_GL'] == 'osmesa' and not library(): raise SystemExit('there is no libOSMesa')\n"
    "import mujoco\n"
    "m = mujoco.MjModel.from_xml_string('<mujoco><worldbody><geom size=\".1\"/></worldbody></mujoco>')\n"
    "r = mujoco.Renderer(m, 32, 32); d = mujoco.MjData(m); mujoco.mj_forward(m, d); r.update_scene(d); r.render()\n"
    "from OpenGL import GL\n"
    "print(GL.glGetString(GL.GL_RENDERER).decode())\n"
)
TRY_TINY = (
    "import pybullet as p; from importlib.metadata import version\n"
    "assert p.getCameraImage(8, 8, renderer=p.ER_TINY_RENDERER, physicsClientId=p.connect(p.DIRECT))\n"
    "print('TinyRenderer, pybullet', version('pybullet'))\n"
)
TINY = "tiny"
BACKENDS = ("egl", "osmesa")  # that draw without a screen, the better first
GET_GL = {
    "egl": "apt-get install libegl1 libgl1 (Mesa) or a GPU driver with EGL",
    "osmesa": 'apt-get install libosmesa6, or pip install "switch-bench[osmesa]" (84 MB)',
    TINY: 'pip install "switch-bench[bullet]"',
}

State = Literal["good", "note", "missing"]


@dataclass(frozen=True)
class Check:
    """One thing looked at. `needed`: without it nothing runs."""

    name: str
    state: State
    found: str
    hint: str = ""
    needed: bool = False


def examine() -> list[Check]:
    """Look at everything."""
    drawing = [_backend(name) for name in (*BACKENDS, TINY)]
    return [_python(), _platform(), _mujoco(), *_libraries(), *drawing, _pictures(drawing), *_extras()]


def able(checks: list[Check]) -> bool:
    """Whether environments without pictures can run."""
    return all(check.state != "missing" for check in checks if check.needed)


def table(checks: list[Check]) -> Table:
    """For a reader."""
    marks = {"good": "[green]✓[/]", "note": "[yellow]•[/]", "missing": "[red]✗[/]"}
    drawn = Table.grid(padding=(0, 2))
    for check in checks:
        hint = f"\n[dim]{escape(check.hint)}[/]" if check.hint else ""
        drawn.add_row(marks[check.state], check.name, escape(check.found) + hint)
    return drawn


def settle_gl() -> str:
    """Choose how pictures are drawn in processes started from now on, where MUJOCO_GL doesn't say: as "auto" does.

    Returns why none can be drawn, "" if they can. Call it before `mujoco` is imported.
    """
    chosen = os.environ.get("MUJOCO_GL")
    troubles = (
        [f"MUJOCO_GL={chosen} is neither of {' and '.join(BACKENDS)}"] if chosen and chosen not in BACKENDS else []
    )
    for backend in [name for name in BACKENDS if name == chosen] if chosen else BACKENDS:
        draws, trouble = try_gl(backend)
        if draws:
            os.environ["MUJOCO_GL"] = backend
            return ""
        troubles.append(trouble)
    if chosen not in BACKENDS:
        draws, trouble = try_tiny()
        if draws:
            os.environ["MUJOCO_GL"] = "disabled"
            return ""
        troubles.append(trouble)
    return "; ".join(troubles)


def try_tiny() -> tuple[str, str]:
    """(what draws, "") or ("", why it doesn't), of TinyRenderer."""
    return _try(TINY, TRY_TINY, {})


def try_gl(backend: str) -> tuple[str, str]:
    """(what draws, "") or ("", why it doesn't), tried in a process of its own, since a bad driver can end it."""
    return _try(backend, TRY_GL, {"MUJOCO_GL": backend})


def _try(backend: str, code: str, env: dict[str, str]) -> tuple[str, str]:
    try:
        tried = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            timeout=GL_TIMEOUT,
        )
    except subprocess.TimeoutExpired:
        return "", f"{backend} didn't draw within {GL_TIMEOUT} s"
    if tried.returncode == 0:
        return tried.stdout.strip().splitlines()[-1], ""
    said = [
        line for line in tried.stderr.strip().splitlines() if line and not line.startswith((" ", "Exception ignored"))
    ]
    return "", f"{backend}: {said[-1] if said else f'ended with {tried.returncode}'}"


def _python() -> Check:
    good = sys.version_info >= LOWEST_PYTHON
    hint = "" if good else "3.11 or later is needed"
    return Check("Python", "good" if good else "missing", platform.python_version(), hint, needed=True)


def _platform() -> Check:
    exact = sys.platform == "linux" and platform.machine() == "x86_64"
    hint = "" if exact else "replays are bit-exact on Linux x86-64 only; elsewhere they are unverifiable"
    return Check("platform", "good" if exact else "note", f"{platform.system()} {platform.machine()}", hint)


def _mujoco() -> Check:
    found = _version("mujoco")
    if found is None:
        return Check("MuJoCo", "missing", "not installed", f"pip install mujoco=={REFERENCE_MUJOCO}", needed=True)
    number = tuple(int(part) for part in found.split(".")[:3] if part.isdigit())
    if not LOWEST_MUJOCO <= number < BELOW_MUJOCO:
        hint = f"pip install mujoco=={REFERENCE_MUJOCO}"
        return Check("MuJoCo", "missing", f"{found}, and >= 3.17, < 5 is needed", hint, needed=True)
    if found != REFERENCE_MUJOCO:
        hint = f"reference results were made with {REFERENCE_MUJOCO}; success rates may differ"
        return Check("MuJoCo", "note", found, hint, needed=True)
    return Check("MuJoCo", "good", f"{found}, the reference version", needed=True)


def _libraries() -> list[Check]:
    checks = []
    for name in ("gymnasium", "numpy", "scipy", "pydantic", "ruamel.yaml"):
        found = _version(name)
        hint = "" if found else f"pip install {name}"
        checks.append(Check(name, "good" if found else "missing", found or "not installed", hint, needed=True))
    found = _version("opencv-python-headless") or _version("opencv-python")
    hint = "" if found else "panels can't be drawn: pip install opencv-python-headless"
    return [*checks, Check("OpenCV", "good" if found else "missing", found or "not installed", hint)]


def _backend(name: str) -> Check:
    draws, trouble = try_tiny() if name == TINY else try_gl(name)
    what = "TinyRenderer" if name == TINY else f"OpenGL by {name}"
    return Check(what, "note" if trouble else "good", trouble or draws, GET_GL[name] if trouble else "")


def _pictures(drawing: list[Check]) -> Check:
    chosen = os.environ.get("MUJOCO_GL", "")
    able = [name for name, check in zip((*BACKENDS, TINY), drawing, strict=True) if check.state == "good"]
    working = [name for name in able if name != TINY]
    if chosen and chosen not in BACKENDS:
        state: State = "good" if TINY in able else "missing"
        found = "drawn by tiny" if TINY in able else f"MUJOCO_GL={chosen} is neither of {' and '.join(BACKENDS)}"
        return Check("pictures", state, found, f"unset MUJOCO_GL, or set it to {' or '.join(working or BACKENDS)}")
    if not able:
        hint = f"{'; or '.join(GET_GL.values())}. Observations without pictures work."
        return Check("pictures", "missing", "neither OpenGL that works without a screen nor TinyRenderer", hint)
    if chosen and chosen not in working:
        hint = f"set MUJOCO_GL={working[0]}" if working else "unset MUJOCO_GL"
        return Check("pictures", "missing", f"MUJOCO_GL={chosen} doesn't work here", hint)
    return Check("pictures", "good", f"drawn by {chosen or able[0]}")


def _extras() -> list[Check]:
    checks = []
    for extra, (purpose, module) in EXTRAS.items():
        there = importlib.util.find_spec(module) is not None
        hint = "" if there else f'for {purpose}: pip install "switch-bench[{extra}]"'
        checks.append(
            Check(f"extra {extra}", "good" if there else "note", "installed" if there else "not installed", hint)
        )
    return checks


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None
