"""TinyRenderer's pictures show what OpenGL's show, and tell the same truth about light, lamps and displays."""

from __future__ import annotations

import mujoco
import numpy as np
import pytest
from small_rooms import room
from test_pictures import camera, display

from switch_bench.spec.find import load_task, scenes, tasks
from switch_bench.world.cast import room_for
from switch_bench.world.pictures import Camera
from switch_bench.world.world import World

pytest.importorskip("pybullet", reason="PyBullet has no wheel for this Python")
SIZE = (160, 120)


def tiny(world: World, view, kind: str = "rgb", size=SIZE) -> np.ndarray:
    """A picture by TinyRenderer."""
    return Camera("tiny").picture(world, view, size, kind)


@pytest.fixture(scope="module")
def oven():
    """A dark room with an oven in it."""
    return World(room("dark_oven"))


def test_pictures_have_the_shapes_and_types_of_opengls(oven):
    head = oven.model.camera("head").id
    found = {kind: tiny(oven, head, kind, (48, 32)) for kind in ("rgb", "depth", "segmentation")}
    assert {kind: (image.shape, image.dtype.name) for kind, image in found.items()} == {
        "rgb": ((32, 48, 3), "uint8"),
        "depth": ((32, 48), "float32"),
        "segmentation": ((32, 48), "int32"),
    }


def test_depth_is_metres_along_the_axis():
    world = World(room("flat"))
    depth = tiny(world, camera([1.5, 1.2, 1.3], [1.5, 0.05, 1.3]), "depth")
    assert depth[60, 80] == pytest.approx(1.15, abs=0.02)


def test_a_dark_room_is_dark_and_a_lamp_lights_it():
    view = camera((0.4, 0.4, 1.6), (1.6, 2.3, 1.2))
    dark, lit = World(room("visitor")), World(room("visitor", signals=(("light.gang_1", True),)))
    assert tiny(dark, view).mean() < 5
    assert tiny(lit, view).mean() > 60


def test_a_lamp_on_a_panel_glows_in_the_dark(oven):
    heats = World(room("dark_oven", signals=(("oven.mode", "bake"), ("oven.temperature", "200"))))
    lamp = next(geom for glow, geom, _ in heats.room.visual.glows if glow.signal == "oven.heating_lamp")
    at, axes = heats.data.geom_xpos[lamp], heats.data.geom_xmat[lamp].reshape(3, 3)
    view = camera(at + axes[:, 2] * 0.2, at)
    pixels = tiny(heats, view, "segmentation") == lamp
    assert pixels.sum() > 4
    assert tiny(heats, view)[pixels].max(axis=-1).mean() > 100
    assert tiny(oven, view)[pixels].max(axis=-1).mean() < 20


def test_a_display_is_read_in_the_dark_and_changes_with_what_it_shows():
    world = World(room("dark_oven"))
    geom, view = display(world, "oven")
    before, geoms = tiny(world, view), tiny(world, view, "segmentation")
    assert before[geoms == geom].max() > 150
    assert before[(geoms != geom) & (geoms >= 0)].mean() < 5
    world.advance(2 * 3_600_000_000)
    changed = np.any(before != tiny(world, view), axis=-1)
    assert changed.sum() > 20
    near = widened(geoms == geom)  # pixels at its edge are averaged with their neighbours
    assert np.all(near[changed])


def widened(mask: np.ndarray) -> np.ndarray:
    """The mask, and the pixels next to it."""
    wide = np.pad(mask, 1)
    return np.any([wide[1 + i : wide.shape[0] - 1 + i, 1 + j : wide.shape[1] - 1 + j]
                   for i in (-1, 0, 1) for j in (-1, 0, 1)], axis=0)  # fmt: skip


def test_what_moves_is_where_it_is():
    world = World(room("flat"))
    by, thing = Camera("tiny"), world.handles.object_body[0]
    at = world.data.xpos[thing].copy()
    view = camera(at + [0.0, -0.5, 0.3], at)
    geoms = np.flatnonzero(world.model.geom_bodyid == thing)
    before = np.isin(by.picture(world, view, SIZE, "segmentation"), geoms)
    world.data.qpos[int(world.model.jnt_qposadr[world.model.body_jntadr[thing]])] += 0.1
    mujoco.mj_forward(world.model, world.data)
    after = np.isin(by.picture(world, view, SIZE, "segmentation"), geoms)
    assert before.sum() > 50
    assert after.sum() > 50
    assert np.argwhere(after)[:, 1].mean() > np.argwhere(before)[:, 1].mean() + 10  # to the east is to the right


def test_nothing_is_drawn_again_while_nothing_changes(oven, monkeypatch):
    import pybullet

    counted = []
    draw = pybullet.getCameraImage
    monkeypatch.setattr(pybullet, "getCameraImage", lambda *args, **more: (counted.append(1), draw(*args, **more))[1])
    by, head = Camera("tiny"), oven.model.camera("head").id
    first = by.picture(oven, head, SIZE)
    assert np.array_equal(by.picture(oven, head, SIZE), first)
    assert len(counted) == 1
    assert by.name.startswith("tiny: pybullet 3.")


@pytest.mark.gl
@pytest.mark.parametrize("scene", scenes())
def test_a_scene_looks_as_by_opengl(scene):
    task = next(t for t in tasks() if load_task(t).scene == scene)
    world = World(room_for(load_task(task), variation="none"))
    gl = Camera("auto")
    for view in (world.model.camera("head").id, world.room.outside(world.data)):
        ours, theirs = (
            {kind: by.picture(world, view, SIZE, kind) for kind in ("rgb", "depth", "segmentation")}
            for by in (Camera("tiny"), gl)
        )
        same = ours["segmentation"] == theirs["segmentation"]
        assert same.mean() > 0.99
        assert np.median(np.abs(ours["depth"] - theirs["depth"])[same]) < 0.001
        assert np.abs(ours["rgb"].astype(int) - theirs["rgb"]).mean() < 16
        assert ours["rgb"].mean() == pytest.approx(theirs["rgb"].mean(), rel=0.08)
    assert not gl.name.startswith("tiny")


@pytest.mark.gl
def test_what_is_printed_on_a_panel_is_where_opengl_shows_it():
    world = World(room("bench"))
    site = next(s for s in range(world.model.nsite) if world.model.site(s).name == "microwave/keys")
    at, axes = world.data.site_xpos[site], world.data.site_xmat[site].reshape(3, 3)
    view = camera(at + axes[:, 2] * 0.3, at)
    ours, theirs = (by.picture(world, view, (240, 240)).mean(axis=2) for by in (Camera("tiny"), Camera("auto")))
    turned = {"as it is": ours, "upside down": ours[::-1], "mirrored": ours[:, ::-1]}
    alike = {name: np.corrcoef(image.ravel(), theirs.ravel())[0, 1] for name, image in turned.items()}
    assert max(alike, key=lambda name: alike[name]) == "as it is"
    assert alike["as it is"] > 0.8
