"""Cameras: points to pixels and back, and what a picture lets one read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_rooms import control, room

from switch_bench.physics.cameras import MATTER, extrinsics, intrinsics, project, ray, unobstructed
from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.world.stage import Stage
from switch_bench.world.views import Lookout, faces, seen

SIZE = (640, 480)


@pytest.fixture(scope="module")
def bench():
    """A body at the bench that looks at the microwave."""
    stage = Stage(room("bench"))
    sense = Sense(stage)
    for action in verbs.go_before(sense, control(stage, "microwave.key")):
        stage.apply(action)
    return stage


@pytest.fixture(scope="module")
def head(bench):
    return bench.world.model.camera("head").id


def test_the_middle_of_the_image_lies_on_the_optical_axis(bench, head):
    pose = extrinsics(bench.world.data, head)
    point = pose[:3, 3] + 2.0 * pose[:3, 2]
    pixel, depth = project(bench.world.model, bench.world.data, head, SIZE, point[None])
    assert pixel[0] == pytest.approx([319.5, 239.5])
    assert depth[0] == pytest.approx(2.0)


def test_x_is_to_the_right_and_y_is_down(bench, head):
    pose = extrinsics(bench.world.data, head)
    ahead = pose[:3, 3] + pose[:3, 2]
    pixels, _ = project(
        bench.world.model,
        bench.world.data,
        head,
        SIZE,
        np.array([ahead + 0.1 * pose[:3, 0], ahead + 0.1 * pose[:3, 1]]),
    )
    assert pixels[0, 0] > 319.5
    assert pixels[1, 1] > 239.5
    assert np.linalg.det(pose[:3, :3]) == pytest.approx(1.0)
    assert pose[2, 1] < 0  # down in the image is down in the room


def test_the_field_of_view_is_the_cameras(bench, head):
    k = intrinsics(bench.world.model, head, SIZE)
    half = np.degrees(np.arctan(240 / k[1, 1]))
    assert 2 * half == pytest.approx(float(bench.world.model.cam_fovy[head]))
    assert k[0, 0] == k[1, 1]


@settings(max_examples=40, derandomize=True, deadline=None)
@given(st.floats(0, 639), st.floats(0, 479))
def test_a_ray_meets_a_point_that_is_seen_at_its_pixel(bench, head, x, y):
    model, data = bench.world.model, bench.world.data
    geom, point = ray(model, data, head, SIZE, (x, y))
    assert geom >= 0
    assert point is not None
    pixel, depth = project(model, data, head, SIZE, point[None])
    assert pixel[0] == pytest.approx([x, y], abs=1e-6)
    assert depth[0] > 0
    assert unobstructed(model, data, data.cam_xpos[head].copy(), point)


@pytest.mark.gl
def test_rays_and_pictures_agree_on_what_is_where(bench, head):
    ids = bench.picture(head, (160, 120), "segmentation")
    depth = bench.picture(head, (160, 120), "depth")
    model, data = bench.world.model, bench.world.data
    pose = extrinsics(data, head)
    same = near = 0
    spots = [(x, y) for x in range(4, 160, 12) for y in range(4, 120, 12)]
    for x, y in spots:
        geom, point = ray(model, data, head, (160, 120), (x, y))
        assert point is not None
        same += geom == ids[y, x]
        near += abs(float((point - pose[:3, 3]) @ pose[:3, 2]) - depth[y, x]) < 0.03
    assert MATTER.sum() == 3
    assert same > 0.9 * len(spots)
    assert near > 0.9 * len(spots)


def test_what_one_stands_before_can_be_read_and_what_is_behind_cant(bench, head):
    names = seen(bench.world, faces(bench.room), head, SIZE)
    assert any(n.startswith("microwave.") for n in names)
    assert "workshop" in names
    assert "workshop.illuminance" in names
    assert not [n for n in names if n.startswith(("panel.", "push.", "closet_light."))]


def test_from_a_thumbnail_less_can_be_read(bench, head):
    readable = [set(seen(bench.world, faces(bench.room), head, size)) for size in ((640, 480), (64, 48))]
    assert readable[1] < readable[0]


def test_in_the_dark_only_what_glows_can_be_read():
    names = {}
    for place in ("bench", "dark_oven"):
        stage = Stage(room(place))
        sense = Sense(stage)
        for action in verbs.go_before(sense, control(stage, "oven.mode")):
            stage.apply(action)
        names[place] = set(seen(stage.world, faces(stage.room), stage.world.model.camera("head").id, SIZE))
    assert {"oven.mode", "oven.display"} <= names["bench"]
    assert "oven.display" in names["dark_oven"]
    assert "oven.mode" not in names["dark_oven"]
    assert "kitchen" in names["dark_oven"]


def test_a_closed_cover_hides_what_is_behind_it():
    stage = Stage(room("cupboard"))
    sense, head = Sense(stage), stage.world.model.camera("head").id
    for action in verbs.go_before(sense, control(stage, "breakers.cover")):
        stage.apply(action)
    shut = seen(stage.world, faces(stage.room), head, SIZE)
    assert not [n for n in shut if n.startswith("breakers.mcb")]
    for motion in (
        verbs.open_(sense, control(stage, "breakers.cover")),
        verbs.look_at(sense, sense.site(control(stage, "breakers.mcb_5").built.grips["off"].site).at),
    ):
        for action in motion:
            stage.apply(action)
    ajar = seen(stage.world, faces(stage.room), head, SIZE)
    assert "breakers.mcb_5" in ajar


def test_one_who_looks_again_and_again_knows_what_one_who_looks_once_does():
    stage = Stage(room("bench"))
    sense = Sense(stage)
    lookout, camera = Lookout(stage.world), stage.world.model.camera("head").id
    known = []
    for k, action in enumerate(verbs.go_before(sense, control(stage, "microwave.key"))):
        stage.apply(action)
        if k % 8 == 0:
            known.append(lookout.seen(camera, SIZE))
            assert known[-1] == seen(stage.world, faces(stage.room), camera, SIZE)
            assert lookout.seen(camera, SIZE) is known[-1]
    assert len(set(known)) > 2
