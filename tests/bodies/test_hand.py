from math import pi

import mujoco
import numpy as np
import pytest
from bare_world import BareWorld, room_spec

from switch_bench.bodies.hand import CARRIAGE, FORCE, GRIP_FORCE, TIP, add_hand
from switch_bench.controls import contact
from switch_bench.controls.button import PushButton

FAR = PushButton(name="key", at=(0, 0))


def wall(spec: mujoco.MjSpec) -> None:
    spec.worldbody.add_geom(
        name="wall", type=mujoco.mjtGeom.mjGEOM_BOX, size=[0.05, 2, 1.5], pos=[0.65, 0, 1.5],
        contype=contact.STATIC.contype, conaffinity=contact.STATIC.conaffinity,
    )  # fmt: skip


def alone(at=(0.0, 0.0, 0.0)):
    spec = room_spec()
    hand = add_hand(spec, at)
    model = spec.compile()
    data = mujoco.MjData(model)
    for name, target in zip(hand.actuators, hand.home_ctrl, strict=True):
        data.actuator(name).ctrl = target
    for name, place in zip(("base_x", "base_y", "base_yaw"), at, strict=True):
        data.actuator(f"hand/{name}").ctrl = place
    return hand, model, data


def test_it_starts_settled_at_home_and_stays():
    hand, model, data = alone()
    assert [data.joint(n).qpos[0] for n in hand.joints] == pytest.approx(hand.home)
    for _ in range(1000):
        mujoco.mj_step(model, data)
    assert [data.joint(n).qpos[0] for n in hand.joints] == pytest.approx(hand.home, abs=1e-6)


def test_its_base_stands_where_it_is_put_facing_where_it_is_turned():
    hand, model, data = alone((1.0, -2.0, pi / 2))
    mujoco.mj_forward(model, data)
    x, y, z = (CARRIAGE[i].home for i in range(3))
    assert data.site(hand.wrist).xpos == pytest.approx([1.0 - y, -2.0 + x, z])
    assert data.site(hand.tip).xpos == pytest.approx([1.0 - y, -2.0 + x + TIP, z])


def test_the_tip_faces_out_of_the_fingers_and_lies_across_them():
    hand, model, data = alone()
    mujoco.mj_forward(model, data)
    axes = data.site(hand.tip).xmat.reshape(3, 3)
    assert axes[:, 2] == pytest.approx([1, 0, 0])
    left, right = (data.body(f"hand/{s}_finger").xpos for s in ("left", "right"))
    across = (right - left) / np.linalg.norm(right - left)
    assert axes[:, 0] == pytest.approx(across)


def test_both_cameras_look_where_the_fingers_point_with_the_image_upright():
    _hand, model, data = alone()
    mujoco.mj_forward(model, data)
    for name in ("head", "wrist"):
        axes = data.camera(name).xmat.reshape(3, 3)
        assert -axes[0, 2] > 0.8
        assert axes[:, 0] == pytest.approx([0, -1, 0], abs=1e-9)
        assert axes[2, 1] > 0.8


def test_it_moves_at_the_speed_commanded_and_stops():
    world = BareWorld(FAR, distance=2.0)
    world.lead([0, 0, 0.5], 10)
    start = world.tip()[2]
    world.lead([0, 0, 0.5], 20)
    assert world.tip()[2] - start == pytest.approx(0.2, abs=0.01)
    world.lead([0, 0, 0], 8)
    rest = world.tip()[2]
    world.wait(1)
    assert world.tip()[2] == pytest.approx(rest, abs=1e-3)


def test_it_pushes_a_wall_with_25_newtons_and_its_base_holds():
    world = BareWorld(FAR, distance=3.0, arrange=wall)
    world.lead([1, 0, 0], 40)
    sensed = np.zeros(6)
    pushed = 0.0
    for i in range(world.data.ncon):
        mujoco.mj_contactForce(world.model, world.data, i, sensed)
        pushed += sensed[0]
    assert pushed == pytest.approx(FORCE, rel=0.05)
    assert abs(world.joint("hand/base_x")) < 0.005
    assert world.tip()[0] < 0.6 + 1e-3


def test_its_trunk_stops_at_a_wall_and_so_does_the_hand_it_carries():
    world = BareWorld(FAR, distance=3.0, arrange=wall)
    world.act([-1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0], 30)  # draw the hand in
    world.act([0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0], 80)
    assert world.tip()[0] < 0.603
    assert world.joint("hand/base_x") < 0.6 - 0.18 + 0.003
    world.act([0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0], 20)
    assert world.joint("hand/base_x") < 0.1


def test_it_grips_a_90_mm_wide_thing_with_no_more_than_its_grip_force():
    def thing(spec: mujoco.MjSpec) -> None:
        body = spec.worldbody.add_body(name="tin", pos=[0.55, -0.2, 1.0], gravcomp=1.0)
        body.add_freejoint()
        body.add_geom(
            type=mujoco.mjtGeom.mjGEOM_CYLINDER, size=[0.045, 0.04, 0], mass=0.3, contype=contact.OBJECT.contype,
            conaffinity=contact.OBJECT.conaffinity,
        )  # fmt: skip

    world = BareWorld(FAR, distance=3.0, arrange=thing)
    world.lead([0, 0, 0], 10, grip=-1.0)
    world.lead([0.5, 0, 0], 8, grip=-1.0)
    world.lead([0, 0, 0], 15)
    assert world.data.ncon >= 2
    assert abs(world.data.actuator("hand/grip").force[0]) <= GRIP_FORCE
    world.lead([0, 0, 0.5], 20)
    assert world.data.body("tin").xpos[2] == pytest.approx(1.2, abs=0.02)


@pytest.mark.parametrize("roll", [-3.0, 0.0, 3.0])
def test_with_the_fingers_down_it_goes_through_every_roll_steadily(roll):
    world = BareWorld(FAR, distance=3.0)
    down = np.array([[0, -1, 0], [-1, 0, 0], [0, 0, -1.0]]).T
    for part in np.linspace(0.0, roll, 12):
        c, s = np.cos(part), np.sin(part)
        wanted = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]]) @ down
        world.go(np.array([0.5, -0.1, 0.9]), wanted)
    world.lead([0, 0, 0], 10)
    assert np.linalg.norm(world.tip() - [0.5, -0.1, 0.9]) < 0.004
    assert np.abs(world.data.qvel).max() < 0.01
    assert world.joint("hand/wrist_pitch") == pytest.approx(pi / 2, abs=0.05)
