"""A room in Bullet: made of the compiled model, and with the same mechanics in its joints."""

from __future__ import annotations

from importlib.util import find_spec

import mujoco
import numpy as np
import pytest
from small_rooms import room

pytestmark = pytest.mark.skipif(
    find_spec("pybullet") is None, reason="needs PyBullet, the extra `bullet`, which has wheels for Python 3.11 only"
)


def start(change=None):
    """The bench's model and data, and Bullet at that state."""
    from switch_bench.physics.bullet import BulletEngine

    it = room("bench")
    data = mujoco.MjData(it.model)
    mujoco.mj_copyData(data, it.model, it.start_data)
    if change is not None:
        change(it.model, data)
    mujoco.mj_kinematics(it.model, data)
    return it.model, data, BulletEngine(it.model, data)


def anywhere(model, data):
    """Every joint somewhere within its limits."""
    draw = np.random.default_rng(5)
    for j in range(model.njnt):
        if model.jnt_type[j] != mujoco.mjtJoint.mjJNT_FREE:
            low, high = model.jnt_range[j] if model.jnt_limited[j] else (-1.0, 1.0)
            data.qpos[model.jnt_qposadr[j]] = draw.uniform(low, high)


def test_every_link_is_where_mujoco_has_its_body():
    import pybullet

    model, data, engine = start(anywhere)
    compared = 0
    for (body, link), geom in engine.built.geom_of.items():
        if link < 0 or body not in engine.built.tree_of:
            continue
        state = pybullet.getLinkState(body, link, computeForwardKinematics=1, physicsClientId=engine._client)
        x, y, z, w = state[5]
        assert state[4] == pytest.approx(data.xpos[model.geom_bodyid[geom]], abs=1e-6)
        assert abs(np.dot((w, x, y, z), data.xquat[model.geom_bodyid[geom]])) == pytest.approx(1.0, abs=1e-6)
        compared += 1
    assert compared > 30


def test_a_joint_of_its_own_resists_as_in_mujoco_armature_included():
    import pybullet

    model, _, engine = start()
    compared = 0
    for tree in engine.built.trees:
        if tree.free >= 0 or len(tree.dofs) != 1:
            continue
        dof, where = tree.dofs[0], {"physicsClientId": engine._client}
        joint = int(model.dof_jntid[dof])
        middle = float(model.jnt_range[joint].mean() - model.qpos0[model.jnt_qposadr[joint]])
        engine._rouse(engine.built.tree_of[tree.body], True)
        pybullet.stepSimulation(**where)  # what is roused moves from the step after the next on
        pybullet.resetJointState(tree.body, tree.links[0], middle, 0.0, **where)
        pybullet.setJointMotorControl2(tree.body, tree.links[0], pybullet.VELOCITY_CONTROL, force=0.0, **where)
        push = 10.0 * model.dof_M0[dof]
        pybullet.setJointMotorControl2(tree.body, tree.links[0], pybullet.TORQUE_CONTROL, force=push, **where)
        pybullet.stepSimulation(**where)
        speed = pybullet.getJointState(tree.body, tree.links[0], **where)[1]
        assert speed / engine.forces.step == pytest.approx(10.0, rel=1e-3)
        compared += 1
    assert compared > 10


def test_a_cushioned_key_gives_way_to_a_growing_push_as_in_mujoco():
    places = {}
    model, data, engine = start()
    joint = model.joint("oven.plus/joint")
    at, dof = int(joint.qposadr[0]), int(joint.dofadr[0])
    for name, step in (("mujoco", mujoco.mj_step), ("bullet", engine.step)):
        mujoco.mj_copyData(data, model, room("bench").start_data)
        places[name] = []
        for force in (*range(1, 25), *[0] * 20):  # N in each tick of 10 ms, about as a hand's grows
            data.qfrc_applied[dof] = force
            step(model, data, 2)
            places[name].append(float(data.qpos[at]))
    travel = 0.004
    assert max(places["mujoco"]) > 0.8 * travel
    assert np.abs(np.subtract(places["bullet"], places["mujoco"])).max() < 0.1 * travel


def test_what_nobody_touches_sleeps_and_stays_bit_for_bit():
    model, data, engine = start()
    before = data.qpos.copy()
    for _ in range(50):
        engine.step(model, data, 2)
    hand = {
        int(model.dof_treeid[d]) for d in range(model.nv) if model.joint(int(model.dof_jntid[d])).name[:5] == "hand/"
    }
    assert set(np.flatnonzero(engine.told.tree_awake).tolist()) == hand
    assert engine.told.ncon == 0
    moved = np.flatnonzero(data.qpos != before)
    names = {model.joint(int(np.searchsorted(model.jnt_qposadr, q, side="right")) - 1).name[:5] for q in moved}
    assert names <= {"hand/"}


def test_the_settings_stand_in_its_facts():
    from importlib.metadata import version

    _, _, engine = start()
    assert engine.facts["pybullet"] == version("pybullet")
    assert {"time_step_s", "solver_iterations", "erp"} <= engine.facts.keys()
