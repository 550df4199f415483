"""Pictures by MuJoCo's classic renderer. One OpenGL context a process holds the textures of all rooms, each once."""

from __future__ import annotations

import atexit
import os
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import mujoco
import numpy as np

from switch_bench.physics.renderers import FORKED, give_up, gl_context, let_go

FACES = 256  # textures of displays kept
FONT = mujoco.mjtFontScale.mjFONTSCALE_50


class Gallery:
    """The process's OpenGL context, and the textures in it. It is used within `drawing` only."""

    def __init__(self, backend: str):
        self.gl = gl_context(backend)
        from OpenGL import GL

        self._api = GL
        self.pid = os.getpid()
        self.backend = backend
        self.name = f"{backend}: {(GL.glGetString(GL.GL_RENDERER) or b'?').decode()}"
        self._sheets: dict[tuple[str, bool], list[int]] = {}  # by key: texture, and how many rooms show it
        self._faces: OrderedDict[tuple, int] = OrderedDict()  # displays' faces, the last used last
        self._easel: tuple[mujoco.MjModel, mujoco.MjrContext] | None = None
        self._within = 0
        let_go(backend)

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Within, the context is this thread's; after, it is no thread's, so that any may draw next."""
        if not self._within:
            self.gl.make_current()
        self._within += 1
        try:
            yield
        finally:
            self._within -= 1
            if not self._within:
                let_go(self.backend)

    def hang(self, key: str, image: np.ndarray, cube: bool) -> int:
        """The texture of a sheet, uploaded if no other room has done so; give it back by `take_down`."""
        entry = self._sheets.get((key, cube))
        if entry is None:
            entry = self._sheets[key, cube] = [self._upload(image, cube), 0]
        entry[1] += 1
        return entry[0]

    def take_down(self, key: str, cube: bool) -> None:
        """One room less shows this sheet."""
        entry = self._sheets[key, cube]
        entry[1] -= 1
        if not entry[1]:
            del self._sheets[key, cube]
            self.delete([entry[0]])

    def face(self, key: tuple, draw: Callable[[], np.ndarray]) -> int:
        """The texture of what a display shows; drawn if it isn't among those shown of late."""
        if key in self._faces:
            self._faces.move_to_end(key)
        else:
            self._faces[key] = self._upload(draw(), False)
            if len(self._faces) > FACES:
                self.delete([self._faces.popitem(last=False)[1]])
        return self._faces[key]

    def delete(self, textures: list[int]) -> None:
        """Free textures."""
        self._api.glDeleteTextures(textures)

    def _upload(self, image: np.ndarray, cube: bool) -> int:
        """A new texture, made by MuJoCo as it makes those of a model."""
        data = np.concatenate([image] * 6) if cube else image
        easel, context = self._room_for(data.size)
        which = int(cube)
        start = int(easel.tex_adr[which])
        easel.tex_width[which], easel.tex_height[which] = data.shape[1], data.shape[0]
        easel.tex_data[start : start + data.size] = data.reshape(-1)
        texture = int(self._api.glGenTextures(1))
        context.texture[which] = texture
        mujoco.mjr_uploadTexture(easel, context, which)
        context.texture[which] = 0
        return texture

    def _room_for(self, size: int) -> tuple[mujoco.MjModel, mujoco.MjrContext]:
        """A model with a flat texture and a cube that hold so many bytes, and its context."""
        if self._easel is not None and self._easel[0].tex_data.size >= 2 * size:
            return self._easel
        if self._easel is not None:
            self._easel[1].free()
        side = int(np.ceil((size / 18) ** 0.5))
        spec = mujoco.MjSpec()
        for name, kind, high in (
            ("flat", mujoco.mjtTexture.mjTEXTURE_2D, 6), ("cube", mujoco.mjtTexture.mjTEXTURE_CUBE, 6),
        ):  # fmt: skip
            texture = spec.add_texture(name=name, type=kind, width=side, height=high * side, nchannel=3)
            texture.data = bytes(3 * side * high * side)
        spec.worldbody.add_geom(size=[0.1, 0.1, 0.1])
        model = spec.compile()
        _plain(model)
        context = mujoco.MjrContext(model, FONT)
        self.delete([int(t) for t in context.texture[: model.ntex]])
        context.texture[: model.ntex] = 0
        self._easel = model, context
        return self._easel

    def free(self) -> None:
        """Free it all."""
        with self.drawing():
            if self._easel is not None:
                self._easel[1].free()
        self.gl.free()


def _plain(model: mujoco.MjModel, size: tuple[int, int] = (16, 16), *, fine: bool = False) -> None:
    """How a context made of this model draws."""
    model.vis.quality.offsamples = 4 if fine else 0
    model.vis.quality.shadowsize = 2048 if fine else 0
    model.vis.global_.offwidth, model.vis.global_.offheight = size


class Canvas:
    """One room ready to be drawn: display lists and a frame buffer, with the gallery's textures on its materials."""

    def __init__(self, gallery: Gallery, visual, *, fine: bool, size: tuple[int, int]):
        self.gallery, self.visual, self.fine = gallery, visual, fine
        model = visual.model
        _plain(model, size, fine=fine)
        with gallery.drawing():
            try:
                self.context = mujoco.MjrContext(model, FONT)
            except mujoco.FatalError as error:
                raise give_up(gallery.backend, str(error)) from error
            gallery.delete([int(t) for t in self.context.texture[: model.ntex]])
            for i, sheet in enumerate(visual.sheets):
                self.context.texture[i] = gallery.hang(sheet.key, sheet.image, sheet.cube)
            mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, self.context)
        self.scene = mujoco.MjvScene(model, maxgeom=model.ngeom + 20)
        self._open = True

    def ready(self, size: tuple[int, int]) -> mujoco.MjrRect:
        """Make this the canvas that is drawn on, and large enough."""
        context = self.context
        wide, high = context.offWidth, context.offHeight
        if size[0] > wide or size[1] > high:
            mujoco.mjr_resizeOffscreen(max(size[0], wide), max(size[1], high), context)
        mujoco.mjr_setBuffer(mujoco.mjtFramebuffer.mjFB_OFFSCREEN, context)
        return mujoco.MjrRect(0, 0, *size)

    def show(self, place: int, key, draw: Callable[[], np.ndarray]) -> None:
        """Put what a display shows on it; place: in `visual.shown`."""
        visual = self.visual
        owner = (visual.number, visual.shown[place].geom, key)
        self.context.texture[visual.textures[place]] = self.gallery.face(owner, draw)

    def close(self) -> None:
        """Free it; in a forked child, which does not own it, only forget it."""
        if self._open and os.getpid() == self.gallery.pid:
            with self.gallery.drawing():
                self.context.texture[: self.visual.model.ntex] = 0
                self.context.free()
                for sheet in self.visual.sheets:
                    self.gallery.take_down(sheet.key, sheet.cube)
        self._open = False


_open: list[Gallery] = []


def gallery(backend: str) -> Gallery:
    """The process's context by "egl" or "osmesa", made if need be.

    Raises:
        NoPicture: it can't be made, or this process was forked from one that had it.
    """
    if _open and _open[0].pid != os.getpid():  # kept: the end of it would free what is the parent's
        raise give_up(backend, FORKED)
    if not _open:
        _open.append(Gallery(backend))
        _close_at_exit()
    return _open[0]


@cache
def _close_at_exit() -> None:
    """Once there is a context: MuJoCo has by then registered the end of EGL, and the last registered runs first."""
    from switch_bench.physics.picture import close_all

    atexit.register(close_all)


def close() -> None:
    """Free the process's context; its canvases were closed before."""
    while _open and _open[0].pid == os.getpid():
        _open.pop().free()
