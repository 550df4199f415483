"""Who draws: EGL, OSMesa or TinyRenderer. What this machine has is found out when the first picture is asked for."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from functools import cache
from typing import Any

from switch_bench._osmesa import lend

RENDERERS = ("auto", "egl", "osmesa", "tiny")
OFF = ("disable", "disabled", "off", "false", "0")  # MUJOCO_GL's words for no OpenGL at all
GET = {
    "egl": "apt-get install libegl1 libgl1 (Mesa) or a GPU driver with EGL",
    "osmesa": "apt-get install libosmesa6, or pip install lavavu-osmesa (the extra `osmesa`)",
    "tiny": "pip install pybullet==3.2.7 (the extra `bullet`)",
}
FORKED = "this process was forked from one that draws by it, and OpenGL doesn't go on in a fork: start it by `spawn`"
_none: dict[str, str] = {}  # what was found not to work in this process, and why


class NoPicture(RuntimeError):
    """No picture can be drawn; says why, and what to install."""


def lacking(renderer: str) -> str:
    """Why this process can't draw by "egl", "osmesa" or "tiny"; "" where nothing speaks against it. Loads nothing."""
    if renderer == "tiny":
        if "pybullet" in sys.modules:
            return "" if sys.modules["pybullet"] else "pybullet isn't installed"
        return "" if importlib.util.find_spec("pybullet") else "pybullet isn't installed"
    if renderer in _none:
        return _none[renderer]
    chosen, platform = (os.environ.get(name, "").lower().strip() for name in ("MUJOCO_GL", "PYOPENGL_PLATFORM"))
    if chosen in OFF:
        return f"MUJOCO_GL={chosen} turns OpenGL off"
    if chosen and chosen != renderer:
        return f"MUJOCO_GL={chosen}, and a process draws by one OpenGL only"
    if platform and platform != renderer:
        return f"this process draws by {platform} already, and a process draws by one OpenGL only"
    return ""


def settle(renderer: str) -> str:
    """Which renderer draws where `renderer` was asked for: "auto" is the first of EGL, OSMesa and TinyRenderer to work.

    Raises:
        NoPicture: none does, or not the one that was asked for.
    """
    if renderer not in RENDERERS:
        raise ValueError(f"renderer: expected one of {', '.join(RENDERERS)}, got {renderer!r}")
    troubles = {}
    for name in RENDERERS[1:] if renderer == "auto" else (renderer,):
        trouble = lacking(name)
        if not trouble and name == "egl":
            trouble = _no_egl()
        elif not trouble and name == "osmesa":
            trouble = "" if lend() else "there is no libOSMesa"
        if not trouble:
            return name
        troubles[name] = trouble
    raise no_picture(renderer, troubles)


def no_picture(renderer: str, troubles: dict[str, str]) -> NoPicture:
    """The error for renderers that can't be had, with the reason for each."""
    why = "; ".join(f"{name}: {trouble}" for name, trouble in troubles.items())
    how = "; ".join(f"for {name} {GET[name]}" for name in troubles)
    return NoPicture(
        f"pictures need OpenGL or TinyRenderer, and renderer={renderer!r} can't be had ({why}); {how}. Set MUJOCO_GL "
        "to 'egl' or 'osmesa' or leave it unset, and see `switch-bench doctor`. State-only observations work without "
        "it."
    )


def give_up(renderer: str, why: str) -> NoPicture:
    """From now on `settle` knows that a renderer doesn't work in this process; the error to raise."""
    _none[renderer] = why
    return no_picture(renderer, {renderer: why})


def gl_context(renderer: str) -> Any:
    """An OpenGL context by "egl" or "osmesa", current in this thread.

    Raises:
        NoPicture: it can't be made; from then on `settle` knows.
    """
    os.environ["MUJOCO_GL"] = renderer  # MuJoCo's loader of OpenGL functions goes by it
    try:
        if renderer == "egl":
            from mujoco.egl import GLContext
        else:
            from mujoco.osmesa import GLContext
        context = GLContext(16, 16)
        context.make_current()
    except Exception as error:
        raise give_up(renderer, f"no context could be made ({type(error).__name__}: {error})") from error
    return context


def let_go(renderer: str) -> None:
    """Have no context current in this thread: an EGL context that is current in one can't be used in another."""
    if renderer == "egl":
        from mujoco import egl
        from OpenGL import EGL

        EGL.eglMakeCurrent(egl.EGL_DISPLAY, EGL.EGL_NO_SURFACE, EGL.EGL_NO_SURFACE, EGL.EGL_NO_CONTEXT)


@cache
def _no_egl() -> str:
    """Why MuJoCo's EGL can't draw here, "" if it can: asked of the library, for a failed import can't be undone."""
    try:
        egl = ctypes.CDLL("libEGL.so.1")
    except OSError as error:
        return str(error)
    address = egl.eglGetProcAddress
    address.restype, address.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    query, display = address(b"eglQueryDevicesEXT"), address(b"eglGetPlatformDisplayEXT")
    if not query or not display:
        return "libEGL knows no devices (EGL_EXT_device_base)"
    void, number = ctypes.c_void_p, ctypes.c_int
    devices, found = (void * 16)(), number()
    if not ctypes.CFUNCTYPE(number, number, void, void)(query)(16, devices, ctypes.byref(found)):
        return "libEGL found no device"
    get = ctypes.CFUNCTYPE(void, number, void, void)(display)
    egl.eglInitialize.argtypes = [void, void, void]
    device_platform = 0x313F  # EGL_PLATFORM_DEVICE_EXT
    for device in devices[: found.value]:
        shown = get(device_platform, device, None)
        if shown and egl.eglInitialize(shown, None, None):
            return ""
    return "no device of libEGL can be used"
