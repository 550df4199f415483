"""Finds an OSMesa that a Python package brings (lavavu-osmesa does), where the system has none."""

from __future__ import annotations

import ctypes
import importlib.util
import os
from pathlib import Path
from typing import Any

SONAMES = ("libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so")


def library() -> str:
    """What to load OSMesa by: the system's name for it, or a file in a Python package; "" where there is none.

    Nothing of the package is imported. It is loaded with its symbols for all, since MuJoCo looks for them there.
    """
    for name in SONAMES:
        if _load(name):
            return name
    brought = importlib.util.find_spec("lavavu")
    for folder in (brought.submodule_search_locations or ()) if brought else ():
        files = sorted(Path(folder).parent.glob("lavavu_osmesa.libs/*.so*"))
        left = [str(file) for file in files if not file.name.startswith("libOSMesa")]
        while left:  # it names what it needs, but not where that lies: what is loaded already is found
            still = [file for file in left if not _load(file)]
            if len(still) == len(left):
                break
            left = still
        for file in files:
            if file.name.startswith("libOSMesa") and _load(str(file)):
                return str(file)
    return ""


def _load(name: str) -> bool:
    try:
        ctypes.CDLL(name, ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True


def lend() -> bool:
    """Let PyOpenGL draw by OSMesa in this process, by whichever library there is; whether there is one.

    PyOpenGL asks the loader for `libOSMesa.so` by name, which no path of a package answers. So for its first import,
    and for that name alone, its loader is given the library that was found.
    """
    found = library()
    if not found:
        return False
    if found in SONAMES:
        return True
    os.environ["PYOPENGL_PLATFORM"] = "osmesa"
    loader: Any = ctypes.cdll
    usual = loader._dlltype

    def load(name: str, *args: Any, **more: Any) -> Any:
        return usual(found if str(name).startswith("libOSMesa.so") else name, *args, **more)

    loader._dlltype = load
    try:
        import OpenGL.GL
        import OpenGL.osmesa  # noqa: F401
    finally:
        loader._dlltype = usual
    return True
