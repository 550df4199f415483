"""How pictures are drawn in tests: by what works here, settled once before mujoco is imported."""

from __future__ import annotations

import os


def pytest_configure() -> None:
    if "MUJOCO_GL" not in os.environ:
        from switch_bench.evaluate.doctor import settle_gl

        settle_gl()
