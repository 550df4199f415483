"""What a run hangs on besides its settings: files, budgets, and the machines that played its episodes.

`of_run` is part of `run.json`: what must be the same for a run to be gone on with, wherever. `of_machine` stands in
each episode's record: a run may be gone on with, or shared out, on other machines, and its results say on which.
"""

from __future__ import annotations

import platform
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from functools import cache
from hashlib import blake2b
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from switch_bench import _version
from switch_bench.spec.source import digest
from switch_bench.trace import machine
from switch_bench.trace.maths import maths

if TYPE_CHECKING:
    from switch_bench.evaluate.bench import Bench
    from switch_bench.evaluate.policies import Declared

ENGINE = "mujoco"  # what `eval` runs on
BUDGETS = ("calls", "malformed", "seconds", "tokens")
BASELINES = "switch_bench.baselines"
BESIDE = ("baselines", "scenes", "tasks")  # folders that are told apart from the code


class Machine(BaseModel):
    """A machine, and how many `episodes` it played. cpu: the model; cpu_flags, maths, code: digests. "": not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cpu: str
    cpu_flags: str
    libm: str
    maths: str = ""  # see `trace.maths`
    system: str
    machine: str
    code: str
    episodes: int


def of_run(bench: Bench, declared: Declared) -> dict[str, Any]:
    """What must be the same all through a run.

    engine: of physics. assets: file → digest, of what tasks hang on beside their own files and their scenes'.
    policy_files: file → digest, of what the policy is made of. limits: its budget on an episode, by `BUDGETS`; None:
    none but the horizon.
    """
    return {
        "engine": ENGINE,
        "assets": dict(bench.assets()),
        "policy_files": dict(declared.files),
        "limits": None if declared.limits is None else dict(declared.limits),
    }


@cache
def of_machine() -> dict[str, str]:
    """This machine, and the code on it: what an episode's record says of where it was played."""
    return {
        "cpu": machine.cpu_info().get("model name", platform.processor()),
        "cpu_flags": machine.cpu_flags(),
        "libm": machine.libm(),
        "maths": maths(),
        "system": platform.system(),
        "machine": platform.machine(),
        "code": code(),
    }


@cache
def code() -> str:
    """A digest of the package's Python files, names and contents, without baselines; a change of any changes it."""
    root = Path(_version.__file__).parent
    return _digest(root, (p for p in root.rglob("*.py") if p.relative_to(root).parts[0] not in BESIDE))


def machines(records: Iterable[Mapping[str, Any]]) -> list[Machine]:
    """The machines that played these episodes, those with most of them first. Records that don't say are left out."""
    counts = Counter(tuple(sorted(record["machine"].items())) for record in records if record.get("machine"))
    return [Machine(**dict(facts), episodes=n) for facts, n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))]


def renderers(records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Renderer of the observations → episodes; "none" where no picture was seen."""
    counts = Counter(record["renderer"] for record in records if "renderer" in record)
    return {name: counts[name] for name in sorted(counts)}


def files_of(module: str) -> dict[str, str]:
    """File → digest of a policy's module, which has been imported.

    Of a baseline also the files beside it that are called like it, such as `ppo.npz`, and, under one digest, the
    private modules that baselines share. {} for a module without a file.
    """
    file = getattr(sys.modules[module], "__file__", None)
    if file is None:
        return {}
    path = Path(file)
    if not module.startswith(f"{BASELINES}."):
        return {path.name: digest(path.read_bytes())}
    own = sorted(p for p in path.parent.glob(f"{path.stem}.*") if p.is_file())
    shared = {"_*.py": _digest(path.parent, path.parent.glob("_[a-z]*.py"))}
    return {p.name: digest(p.read_bytes()) for p in own} | shared


def budget(limits: Any) -> dict[str, float | None] | None:
    """`agents.session.Limits` by `BUDGETS`, with None for any number; None where these are no such limits."""
    if not is_dataclass(limits) or isinstance(limits, type):
        return None
    found = asdict(limits)
    if not found.keys() >= set(BUDGETS):
        return None
    return {name: None if found[name] == inf else found[name] for name in BUDGETS}


def _digest(root: Path, paths: Iterable[Path]) -> str:
    """Of files below `root`, by name and content."""
    found = blake2b(digest_size=16)
    for name, path in sorted((path.relative_to(root).as_posix(), path) for path in paths):
        data = path.read_bytes()
        found.update(f"{name}\0{len(data)}\0".encode() + data)
    return found.hexdigest()
