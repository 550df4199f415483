"""A benchmark of tangible control interfaces: what an agent caused, in time and space."""

import os

from switch_bench._version import __version__

if os.environ.get("MUJOCO_GL") == "osmesa":  # MuJoCo looks for it as soon as it is imported
    from switch_bench._osmesa import lend

    lend()

__all__ = ["__version__"]
