"""Pictures tell the truth about light, lamps and displays, and hang on the state alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import mujoco
import numpy as np
import pytest
from small_rooms import room

from switch_bench.physics.picture import POOL, Light, Studio, _pool, close_all, studio
from switch_bench.physics.picture_gl import gallery
from switch_bench.physics.picture_view import Finder
from switch_bench.physics.renderers import settle
from switch_bench.world.pictures import Camera, picture
from switch_bench.world.world import World

pytestmark = pytest.mark.gl
SIZE = (160, 120)


def camera(eye, look) -> mujoco.MjvCamera:
    """A free camera at `eye` that looks at `look`."""
    gap = np.subtract(look, eye)
    free = mujoco.MjvCamera()
    free.type = mujoco.mjtCamera.mjCAMERA_FREE
    free.lookat = list(look)
    free.distance = float(np.linalg.norm(gap))
    free.azimuth = float(np.degrees(np.arctan2(gap[1], gap[0])))
    free.elevation = float(np.degrees(np.arcsin(gap[2] / free.distance)))
    return free


THROUGH = camera((0.6, 1.0, 1.6), (4.6, 1.2, 1.0))  # from the flat's hall through the arch into its kitchen
BACK = camera((5.4, 1.2, 1.6), (1.0, 1.2, 1.1))  # and the other way


def by_zone(world: World, view, **values) -> dict[str, float]:
    """Mean brightness of each zone's surfaces in a picture; lamps and displays are left out."""
    visual = world.room.visual
    image, geoms = (picture(world, view, SIZE, kind) for kind in ("rgb", "segmentation"))
    shining = {*visual.lit.tolist(), *(geom for _, geom, _ in visual.glows)}
    plain = ~np.isin(geoms, list(shining)) & (geoms >= 0)
    zones = np.where(geoms >= 0, visual.zone[np.maximum(geoms, 0)], -1)
    return {
        name: float(image[plain & (zones == k)].mean())
        for k, name in enumerate(visual.zones)
        if (plain & (zones == k)).sum() > 200
    }


@pytest.fixture(scope="module")
def dusk():
    """The flat: daylight in the kitchen, none in the hall."""
    return World(room("flat"))


@pytest.mark.parametrize("view", [THROUGH, BACK], ids=["from the dark", "from the light"])
def test_a_dark_room_beside_a_lit_one_is_dark_and_the_lit_one_isnt(dusk, view):
    seen = by_zone(dusk, view)
    assert set(seen) == {"hall", "kitchen"}
    assert seen["hall"] < 5
    assert seen["kitchen"] > 60


def test_a_lamp_that_is_switched_on_lights_a_dark_room():
    view = camera((0.4, 0.4, 1.6), (1.6, 2.3, 1.2))
    dark = by_zone(World(room("visitor")), view)["hall"]
    lit = by_zone(World(room("visitor", signals=(("light.gang_1", True),))), view)["hall"]
    assert dark < 5
    assert lit > 60


def test_a_lamp_on_a_panel_glows_in_the_dark():
    heats = World(room("dark_oven", signals=(("oven.mode", "bake"), ("oven.temperature", "200"))))
    still = World(room("dark_oven"))
    assert heats.value("oven.heating_lamp") is True
    assert still.value("oven.heating_lamp") is False
    lamp = next(geom for glow, geom, _ in heats.room.visual.glows if glow.signal == "oven.heating_lamp")
    at, axes = heats.data.geom_xpos[lamp], heats.data.geom_xmat[lamp].reshape(3, 3)
    view = camera(at + axes[:, 2] * 0.2, at)
    pixels = picture(heats, view, SIZE, "segmentation") == lamp
    assert pixels.sum() > 4
    assert picture(heats, view, SIZE)[pixels].max(axis=-1).mean() > 100
    assert picture(still, view, SIZE)[pixels].max(axis=-1).mean() < 20


def display(world: World, name: str) -> tuple[int, mujoco.MjvCamera]:
    """A display's geom, and a camera before it."""
    geom = next(world.model.geom(s.geom).id for s in world.room.visual.shown if s.geom.startswith(name))
    at, axes = world.data.geom_xpos[geom], world.data.geom_xmat[geom].reshape(3, 3)
    return geom, camera(at + axes[:, 2] * 0.25, at)


def test_a_display_is_read_in_the_dark_while_the_panel_round_it_is_not():
    dark = World(room("dark_oven"))
    geom, view = display(dark, "oven")
    image, geoms = (picture(dark, view, SIZE, kind) for kind in ("rgb", "segmentation"))
    assert (geoms == geom).sum() > 200
    assert image[geoms == geom].max() > 150
    assert image[(geoms != geom) & (geoms >= 0)].mean() < 5


def test_a_displays_picture_changes_with_what_it_shows_and_nothing_else_does():
    world = World(room("dark_oven"))
    geom, view = display(world, "oven")
    before, geoms = (picture(world, view, SIZE, kind) for kind in ("rgb", "segmentation"))
    world.advance(2 * 3_600_000_000)
    after = picture(world, view, SIZE)
    changed = np.any(before != after, axis=-1)
    assert changed.sum() > 20
    assert np.all(geoms[changed] == geom)


def test_a_touch_screens_page_is_the_one_that_is_so():
    world = World(room("bench"))
    _, view = display(world, "panel")
    drawn = studio(world.room.visual)
    scene = world.room.scenario.scene
    lux = dict.fromkeys(scene.zones, 200.0)

    def page(name: str) -> np.ndarray:
        values = lambda n: name if n == "panel.page" else world.value(n)  # noqa: E731
        return drawn.rgb(world.data, view, Light(lux, values, 0, 0), SIZE)

    assert not np.array_equal(page("home"), page("lights"))
    assert np.array_equal(page("home"), page("home"))


def test_what_is_drawn_to_turn_turns_and_comes_round_again():
    world = World(room("bench"))
    drawn = studio(world.room.visual)
    assert isinstance(drawn, Studio)
    (turned, geom) = world.room.visual.turned[0]
    at = world.data.geom_xpos[geom]
    view = camera(at + [0.3, 0.3, 0.3], at)
    lux = dict.fromkeys(world.room.scenario.scene.zones, 200.0)

    def axes(angle: float) -> np.ndarray:
        values = lambda n: angle if n == turned.signal else world.value(n)  # noqa: E731
        drawn.rgb(world.data, view, Light(lux, values, 0, 0), (32, 32))
        shown = drawn.scene.geoms[: drawn.scene.ngeom]
        return next(g.mat.copy() for g in shown if g.objid == geom and g.objtype == mujoco.mjtObj.mjOBJ_GEOM)

    still, quarter = axes(0.0), axes(np.pi / 2)
    assert np.allclose(quarter[:, 0], still[:, 1], atol=1e-6)
    assert np.allclose(quarter[:, 2], still[:, 2], atol=1e-6)
    assert np.allclose(axes(2 * np.pi), still, atol=1e-6)


def test_the_same_state_is_the_same_picture_also_after_other_rooms(dusk):
    before = [picture(dusk, THROUGH, SIZE, kind) for kind in ("rgb", "depth", "segmentation")]
    for name in ("bench", "visitor", "cupboard", "dark_oven"):
        other = World(room(name))
        picture(other, other.model.camera("head").id, (64, 64))
    assert len(_pool) <= POOL
    after = [picture(dusk, THROUGH, SIZE, kind) for kind in ("rgb", "depth", "segmentation")]
    assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_a_fork_is_seen_as_the_world_it_was_forked_from(dusk):
    assert np.array_equal(picture(dusk.fork(), THROUGH, SIZE), picture(dusk, THROUGH, SIZE))


def test_a_picture_taken_later_of_a_state_that_was_is_the_one_taken_then():
    world = World(room("flat"))
    world.advance(33_000_000)
    then, view = world.fork(), camera((0.5, 0.5, 1.6), (1.2, 2.3, 1.2))
    picture_then = picture(world, view, SIZE)
    world.advance(60_000_000)
    picture(world, view, SIZE)
    assert np.array_equal(picture(then, view, SIZE), picture_then)


def test_depth_is_metres_along_the_axis(dusk):
    eye, look = np.array([1.5, 1.2, 1.3]), np.array([1.5, 0.05, 1.3])
    depth = picture(dusk, camera(eye, look), SIZE, "depth")
    assert depth[60, 80] == pytest.approx(1.15, abs=0.02)
    assert depth.shape == (120, 160)
    assert depth.dtype == np.float32


def test_size_is_width_by_height(dusk):
    assert picture(dusk, THROUGH, (48, 32)).shape == (32, 48, 3)
    assert picture(dusk, THROUGH, (48, 32), "segmentation").shape == (32, 48)


def everything(world: World, view, kind: str) -> np.ndarray:
    """The picture with every geom of the room drawn, wherever it is."""
    drawn = studio(world.room.visual)
    assert isinstance(drawn, Studio)
    whole = Finder(world.room.visual, drawn.scene, all_of_it=True)
    drawn.finder, usual = whole, drawn.finder
    try:
        return picture(world, view, SIZE, kind)
    finally:
        drawn.finder = usual


@pytest.mark.parametrize("name", ["flat", "bench"])
def test_what_is_left_out_of_a_picture_could_not_be_seen_in_it(name):
    world = World(room(name))
    rng = np.random.default_rng(7)
    drawn = studio(world.room.visual)
    assert isinstance(drawn, Studio)
    left_out = []
    doorways = [corners.mean(axis=0) for _, _, corners in world.room.visual.doors.ways]
    assert doorways
    for k in range(12):
        shell = world.room.drawn.shells[rng.integers(len(world.room.drawn.shells))]
        eye = np.array([*rng.uniform(shell.low, shell.high), rng.uniform(0.3, 3.0)])
        if doorways and k % 3 == 0:
            eye = doorways[k % len(doorways)] + rng.normal(size=3) * 0.4
        look = doorways[k % len(doorways)] if doorways and k % 2 else eye + rng.normal(size=3)
        view = camera(eye, look)
        for kind in ("rgb", "segmentation"):
            whole = everything(world, view, kind)
            all_drawn = drawn.scene.ngeom
            assert np.array_equal(picture(world, view, SIZE, kind), whole)
            left_out.append(all_drawn - drawn.scene.ngeom)
    assert max(left_out) > 20


@pytest.fixture
def rendered(monkeypatch):
    """Counts the pictures that MuJoCo draws."""
    counted = []
    draw = mujoco.mjr_render
    monkeypatch.setattr(mujoco, "mjr_render", lambda *args: (counted.append(1), draw(*args)))
    return counted


def test_nothing_is_drawn_again_while_nothing_changes(rendered):
    world, by = World(room("flat")), Camera()
    head = world.model.camera("head").id
    first = by.picture(world, head, SIZE)
    first[:] = 0  # the caller's own
    second = by.picture(world, head, SIZE)
    assert len(rendered) == 1
    assert second.any()
    assert np.array_equal(second, picture(world, head, SIZE))


def test_what_moves_out_of_sight_is_no_reason_to_draw_again_and_what_moves_in_sight_is(rendered):
    world, by = World(room("flat")), Camera()
    thing = world.handles.object_body[0]
    at = world.data.xpos[thing].copy()
    eye = at + [0.0, -0.5, 0.3]
    towards, away = camera(eye, at), camera(eye, 2 * eye - at)
    before = [by.picture(world, view, SIZE) for view in (towards, away)]
    free = int(world.model.jnt_qposadr[world.model.body_jntadr[thing]])
    world.data.qpos[free] += 0.02
    mujoco.mj_forward(world.model, world.data)
    count = len(rendered)
    assert np.array_equal(by.picture(world, away, SIZE), picture(world, away, SIZE))
    assert len(rendered) == count + 1  # the second's: the first's is the one it had
    assert not np.array_equal(by.picture(world, towards, SIZE), before[0])
    assert len(rendered) == count + 2


def test_a_lamp_that_comes_on_is_drawn(rendered):
    dark = World(room("visitor"))
    lit = World(room("visitor", signals=(("light.gang_1", True),)))
    by, head = Camera(), dark.model.camera("head").id
    first = by.picture(dark, head, SIZE)
    assert by.picture(lit, head, SIZE).mean() > first.mean() + 30
    assert len(rendered) == 2


def test_two_worlds_of_one_room_keep_their_own_displays():
    early, late = World(room("dark_oven")), World(room("dark_oven"))
    late.advance(2 * 3_600_000_000)
    _, view = display(early, "oven")
    alone = [picture(world, view, SIZE) for world in (early, late)]
    assert not np.array_equal(*alone)
    for _ in range(2):
        for world, wanted in zip((early, late), alone, strict=True):
            assert np.array_equal(picture(world, view, SIZE), wanted)


def test_rooms_share_one_context_and_what_is_alike_in_them():
    backend = settle("auto")
    shared = gallery(backend)
    worlds = [World(room(name)) for name in ("flat", "bench")]
    for world in worlds:
        picture(world, world.model.camera("head").id, (32, 32))
        assert gallery(backend) is shared
    sheets = [{(s.key, s.cube) for s in world.room.visual.sheets} for world in worlds]
    assert sheets[0] & sheets[1]
    for key in sheets[0] & sheets[1]:
        texture, rooms = shared._sheets[key]
        assert rooms >= 2
        for world in worlds:
            drawn = studio(world.room.visual)
            assert isinstance(drawn, Studio)
            places = [i for i, s in enumerate(world.room.visual.sheets) if (s.key, s.cube) == key]
            shown = set(world.room.visual.textures)
            assert {int(drawn.canvas.context.texture[i]) for i in places if i not in shown} <= {texture}


def test_threads_take_pictures_in_turn_whichever_was_first():
    worlds = [World(room(name)) for name in ("flat", "bench")]
    views = [world.model.camera("head").id for world in worlds]
    alone = [picture(world, view, SIZE) for world, view in zip(worlds, views, strict=True)]

    def draw(which: int) -> list[np.ndarray]:
        return [Camera().picture(worlds[which], views[which], SIZE) for _ in range(10)]

    with ThreadPoolExecutor(2) as threads:
        drawn = list(threads.map(draw, range(2)))
    assert all(np.array_equal(image, alone[which]) for which in range(2) for image in drawn[which])
    assert np.array_equal(picture(worlds[0], views[0], SIZE), alone[0])


def test_a_picture_larger_than_any_before_is_whole(dusk):
    small = picture(dusk, THROUGH, (32, 24))
    grown = picture(dusk, THROUGH, (640, 480))
    assert np.array_equal(picture(dusk, THROUGH, (32, 24)), small)
    close_all()
    assert np.array_equal(picture(dusk, THROUGH, (640, 480)), grown)
