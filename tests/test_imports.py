"""What an import or a `--help` costs: nothing heavy is loaded before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PICTURES = {"mujoco", "cv2"}
HEAVY = PICTURES | {"ruamel", "torch", "scipy", "stable_baselines3"}


def heavy_in(code: str, heavy: set[str]) -> list[str]:
    """Which of the top-level modules `heavy` a fresh interpreter has loaded once it has run `code`."""
    tell = "import sys, json; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    ran = subprocess.run([sys.executable, "-c", f"{code}\n{tell}"], capture_output=True, text=True, check=True)
    return sorted(heavy.intersection(json.loads(ran.stdout.splitlines()[-1])))


def test_the_package_alone_loads_nothing_beyond_python() -> None:
    assert heavy_in("import switch_bench", HEAVY | {"numpy", "gymnasium", "pydantic"}) == []


def test_registering_all_tasks_with_gymnasium_reads_no_file_and_loads_no_physics() -> None:
    code = """
import switch_bench.envs, gymnasium
assert any(name.startswith("switch_bench/") for name in gymnasium.registry)
"""
    assert heavy_in(code, HEAVY | {"pydantic"}) == []


def test_help_is_light() -> None:
    code = """
from switch_bench.cli import app
try:
    app(["--help"])
except SystemExit as end:
    assert not end.code
"""
    assert heavy_in(code, HEAVY | {"numpy", "gymnasium", "pydantic"}) == []


@pytest.mark.parametrize(
    "module",
    [
        "spec.find",  # scenes and tasks are read and checked
        "network.kernel",  # devices run
        "trace.store",  # traces are read
        "verify.verdict",  # and judged, without physics and without pictures
    ],
)
def test_what_knows_no_physics_loads_none(module: str) -> None:
    assert heavy_in(f"import switch_bench.{module}", PICTURES | {"torch"}) == []


def test_declaring_every_device_loads_no_physics_and_no_drawing() -> None:
    code = """
from switch_bench.devices.catalogue import kinds
for kind in kinds().values():
    for row in kind.models.values():
        kind.declare(row, kind.options)
"""
    assert heavy_in(code, PICTURES | {"torch"}) == []
