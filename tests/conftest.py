"""How pictures are drawn in tests: by what works here, settled once before mujoco is imported.

And that nothing in them hangs on how busy the machine is: Hypothesis has no deadlines.
"""

from __future__ import annotations

import os
from importlib.util import find_spec


def pytest_configure() -> None:
    if find_spec("hypothesis"):  # LeRobot's environment is without it
        from hypothesis import HealthCheck, settings

        settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
        settings.load_profile("busy")
    if "MUJOCO_GL" not in os.environ:
        from switch_bench.evaluate.doctor import settle_gl

        settle_gl()
