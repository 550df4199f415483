"""Pictures by PyBullet's TinyRenderer, where there is no OpenGL: on the processor alone, through the same interface.

Each geom is a body of triangles in a Bullet world of its own, in which nothing is simulated. What TinyRenderer lacks:
glass can't be looked through (in `rgb` it is left out), textures aren't smoothed (so `rgb` is drawn twice as large and
averaged), nothing throws a shadow, and lamps' light on what moves doesn't hang on where it stands.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import tempfile
from pathlib import Path
from typing import Any

import cv2
import mujoco
import numpy as np

from switch_bench.physics.dress import Visual
from switch_bench.physics.picture_light import Light
from switch_bench.physics.picture_view import BOOM, SEEN, Camera, Finder, Kinds, Shot, Size, View, planes
from switch_bench.physics.renderers import GET, NoPicture
from switch_bench.physics.tiny_mesh import AMBIENT, BRIGHTEST, TO_LIGHT, Mesh, baked, mesh, rig_light

CLEAR = 0.6  # what is less opaque is glass
LARGEST = 256  # px, of a texture: a larger one only flickers
FACES = 400  # textures of displays after which all is built anew, for Bullet forgets none
FINER = 2  # `rgb` is drawn so many times larger and averaged


class TinyStudio(Kinds):
    """Takes pictures of one room by TinyRenderer."""

    def __init__(self, visual: Visual):
        try:
            self._p: Any = importlib.import_module("pybullet")
        except ImportError as error:
            raise NoPicture(f"renderer='tiny' needs pybullet ({error}); {GET['tiny']}") from error
        self.visual = visual
        self.pid = os.getpid()
        self.name = f"tiny: pybullet {importlib.metadata.version('pybullet')}"
        self.finder = Finder(visual, mujoco.MjvScene(visual.model, maxgeom=1))
        self._client, self._loaded = -1, 0
        self._build()

    def close(self) -> None:
        """Free what it holds."""
        if self._client >= 0 and os.getpid() == self.pid:
            self._p.disconnect(self._client)
        self._client = -1

    def take(
        self, kind: str, data: mujoco.MjData, camera: Camera, light: Light, size: Size, last: Shot | None = None
    ) -> Shot:
        """A picture of the kind "rgb", "depth" or "segmentation"; `last` itself where it would be the same."""
        view = self.finder.view(data, camera, light, size)
        frame = view.frame()
        if last is not None and last.frame == frame:
            return last
        if len(self._faces) > FACES:
            self._build()
        self._place(view)
        self._hang(view, light)
        self._colour(view, glass=kind != "rgb")
        joined = self._join(view)
        finer = FINER if kind == "rgb" else 1
        image, raw, owner = self._shoot(view, (finer * size[0], finer * size[1]))
        for body in joined:
            self._p.removeBody(body, physicsClientId=self._client)
        return Shot(frame, getattr(self, f"_{kind}")(image, raw, owner, size))

    def _rgb(self, image: np.ndarray, raw: np.ndarray, owner: np.ndarray, size: Size) -> np.ndarray:
        image = np.where((owner >= 0)[..., None], image[..., :3], 0).astype(np.uint8)
        return cv2.resize(image, size, interpolation=cv2.INTER_AREA)

    def _depth(self, image: np.ndarray, raw: np.ndarray, owner: np.ndarray, size: Size) -> np.ndarray:
        near, far = planes(self.visual.model)
        return np.where(owner >= 0, near / (1.0 - raw * (1.0 - near / far)), far).astype(np.float32)

    def _segmentation(self, image: np.ndarray, raw: np.ndarray, owner: np.ndarray, size: Size) -> np.ndarray:
        return self._geom_of[np.where(owner >= len(self._geom_of), -1, owner)]

    # ------------------------------------------------------------------ the room

    def _build(self) -> None:
        """Make every geom that can be seen, with its texture."""
        self.close()
        p, visual, model = self._p, self.visual, self.visual.model
        self._client = p.connect(p.DIRECT)
        self._body = np.full(model.ngeom, -1)
        self._faces: dict[tuple, int] = {}
        self._shown: dict[int, int] = {}  # by geom of a display: the texture on it
        data = mujoco.MjData(model)
        mujoco.mj_kinematics(model, data)
        glowing = {*visual.lit.tolist(), *(geom for glow, geom, _ in visual.glows if glow.shines)}
        with tempfile.TemporaryDirectory() as folder:
            textures = [self._texture(sheet.image, Path(folder)) for sheet in visual.sheets]
            for geom in np.flatnonzero(visual.group < SEEN).tolist():
                mat = int(model.geom_matid[geom])
                sheet = int(model.mat_texid[mat, mujoco.mjtTextureRole.mjTEXROLE_RGB]) if mat >= 0 else -1
                wrapped = sheet >= 0 and visual.sheets[sheet].cube
                made = mesh(int(model.geom_type[geom]), model.geom_size[geom], wrapped=wrapped)
                normals = self._lit(geom, made, data, glowing=geom in glowing)
                body = self._add(made, normals, self._uv(geom, mat, made, wrapped))
                self._body[geom] = body
                if sheet >= 0:
                    p.changeVisualShape(body, -1, textureUniqueId=textures[sheet], physicsClientId=self._client)
        self._geom_of = np.full(int(self._body.max()) + 2, -1, np.int32)
        self._geom_of[self._body[self._body >= 0]] = np.flatnonzero(self._body >= 0)
        self._colours = np.full((model.ngeom, 4), -1.0, np.float32)
        self._poses = np.full((model.ngeom, 12), np.nan)

    def _lit(self, geom: int, made: Mesh, data: mujoco.MjData, *, glowing: bool) -> np.ndarray:
        """The normals that make the lamps light a geom as where it stands at first; what glows is bright all over."""
        visual = self.visual
        axes = data.geom_xmat[geom].reshape(3, 3)
        at, normals = data.geom_xpos[geom] + made.vertices @ axes.T, made.normals @ axes.T
        if glowing:
            bright = np.ones(len(at))
        else:
            zone = int(visual.zone[geom])
            here = visual.zones[zone if zone >= 0 else int(visual.zones_at(data.geom_xpos[geom][None, :2])[0])]
            spots = [visual.rigs[zone][0] for zone in (here, *visual.beside.get(here, ()))]
            lamps, beam = visual.model.light_pos[spots], visual.model.light_dir[visual.rigs[here][1]]
            bright = rig_light(at, normals, lamps, beam)
        return baked(made.normals, bright, axes.T @ TO_LIGHT)

    def _uv(self, geom: int, mat: int, made: Mesh, wrapped: bool) -> np.ndarray:
        """Texture coordinates from 0 on: as MuJoCo does it, from the upper left corner of the face along z."""
        model = self.visual.model
        scale = np.ones(2)
        if mat >= 0 and not wrapped:
            scale = model.mat_texrepeat[mat].astype(float)
            if model.mat_texuniform[mat]:
                scale = scale * model.geom_size[geom][:2]
        across = 0.5 * scale * (made.uv + [1.0, -1.0])
        return across - np.floor(across.min(axis=0))  # TinyRenderer repeats a texture to the right of 0 only

    def _add(self, made: Mesh, normals: np.ndarray, uv: np.ndarray) -> int:
        p, client = self._p, self._client
        shape = p.createVisualShape(
            p.GEOM_MESH, vertices=made.vertices.tolist(), indices=made.faces.reshape(-1).tolist(), uvs=uv.tolist(),
            normals=normals.tolist(), rgbaColor=[1.0, 1.0, 1.0, 1.0], physicsClientId=client,
        )  # fmt: skip
        return p.createMultiBody(0, -1, shape, physicsClientId=client)

    def _texture(self, image: np.ndarray, folder: Path) -> int:
        """Load a picture; PyBullet takes it from a file only."""
        high, wide = image.shape[:2]
        share = min(1.0, LARGEST / max(high, wide))
        if share < 1.0:
            size = max(1, round(wide * share)), max(1, round(high * share))
            image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        self._loaded += 1
        file = str(folder / f"{self._client}_{self._loaded}.png")  # by name: of two alike Bullet would take the first
        cv2.imwrite(file, np.ascontiguousarray(image[..., ::-1]))
        return self._p.loadTexture(file, physicsClientId=self._client)

    # ------------------------------------------------------------------ as it is now

    def _place(self, view: View) -> None:
        """Put what moved since the last picture where it is."""
        p, client, data = self._p, self._client, view.data
        poses = np.concatenate([data.geom_xpos, data.geom_xmat], axis=1)
        for (_, geom), angle in zip(self.visual.turned, view.look.angles, strict=True):
            c, s = np.cos(angle), np.sin(angle)
            turned = data.geom_xmat[geom].reshape(3, 3) @ np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
            poses[geom, 3:] = turned.reshape(-1)
        moved = ((poses != self._poses).any(axis=1) & (self._body >= 0) & view.drawn).nonzero()[0]
        quat = np.zeros(4)
        for geom in moved.tolist():
            mujoco.mju_mat2Quat(quat, poses[geom, 3:])
            w, x, y, z = quat.tolist()
            at = poses[geom, :3].tolist()
            p.resetBasePositionAndOrientation(int(self._body[geom]), at, [x, y, z, w], physicsClientId=client)
        self._poses[moved] = poses[moved]

    def _colour(self, view: View, *, glass: bool) -> None:
        """Give each geom its colour; what isn't in the picture has none at all."""
        colours = view.colours.copy()
        there = view.drawn if glass else view.drawn & (colours[:, 3] >= CLEAR)
        colours[:, 3] = there
        changed = (colours != self._colours).any(axis=1) & (self._body >= 0) & (there | (self._colours[:, 3] != 0.0))
        for geom in changed.nonzero()[0].tolist():
            self._p.changeVisualShape(
                int(self._body[geom]), -1, rgbaColor=colours[geom].tolist(), physicsClientId=self._client
            )
        self._colours[changed] = colours[changed]

    def _hang(self, view: View, light: Light) -> None:
        """Put on each display what it shows."""
        visual = self.visual
        for place, (geom, key) in enumerate(zip(visual.screens, view.look.shown, strict=True)):
            if not view.drawn[geom]:
                continue
            texture = self._faces.get((geom, key))
            if texture is None:
                with tempfile.TemporaryDirectory() as folder:
                    texture = self._texture(light.draw(visual, place), Path(folder))
                self._faces[geom, key] = texture
            if self._shown.get(geom) != texture:
                self._shown[geom] = texture
                self._p.changeVisualShape(
                    int(self._body[geom]), -1, textureUniqueId=texture, physicsClientId=self._client
                )

    def _join(self, view: View) -> list[int]:
        """Bodies, for this picture alone, that join the parts of the hand's own."""
        joined = []
        for start, end, rgba in view.booms:
            gap = end - start
            size = np.array([BOOM, float(np.linalg.norm(gap)) / 2, 0.0])
            made = mesh(int(mujoco.mjtGeom.mjGEOM_CAPSULE), size, wrapped=False)
            body = self._add(made, made.normals, made.uv)
            quat = np.zeros(4)
            mujoco.mju_quatZ2Vec(quat, gap)
            w, x, y, z = quat.tolist()
            middle = ((start + end) / 2).tolist()
            self._p.resetBasePositionAndOrientation(body, middle, [x, y, z, w], physicsClientId=self._client)
            self._p.changeVisualShape(body, -1, rgbaColor=rgba.tolist(), physicsClientId=self._client)
            joined.append(body)
        return joined

    def _shoot(self, view: View, size: Size) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """((h, w, 4) uint8 colours, (h, w) depth buffer, (h, w) bodies)."""
        p, lens = self._p, view.lens
        near, far = planes(self.visual.model)
        top = near * lens.rise
        side = top * size[0] / size[1]
        half = top / size[1]  # of a pixel: TinyRenderer looks through pixels' corners, OpenGL through their middles
        ahead = lens.at + lens.axes[:, 2]
        width, height, image, raw, owner = p.getCameraImage(
            size[0], size[1],
            viewMatrix=p.computeViewMatrix(lens.at.tolist(), ahead.tolist(), lens.axes[:, 1].tolist()),
            projectionMatrix=p.computeProjectionMatrix(half - side, half + side, half - top, half + top, near, far),
            lightDirection=TO_LIGHT.tolist(), lightColor=[1.0, 1.0, 1.0], lightAmbientCoeff=AMBIENT,
            lightDiffuseCoeff=BRIGHTEST - AMBIENT, lightSpecularCoeff=0.0, shadow=0, renderer=p.ER_TINY_RENDERER,
            physicsClientId=self._client,
        )  # fmt: skip
        return (
            np.reshape(image, (height, width, 4)), np.reshape(raw, (height, width)), np.reshape(owner, (height, width)),
        )  # fmt: skip
