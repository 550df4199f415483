"""PyBullet in MuJoCo's place: a room stepped by Bullet, its poses mirrored into the MjData that all else reads.

Each tick Bullet goes on in small steps. Before each, the joints' springs, dampers, detents, motors and cushions are
worked out from the model's arrays as torques (`bullet_forces`); Bullet's own constraints do dry friction, stops, locks
and contacts. Afterwards positions and velocities are written into the MjData, and MuJoCo works out the poses from them.
What lies still and untouched is left out until something wakes it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import mujoco
import numpy as np

from switch_bench.physics.bullet_forces import Forces
from switch_bench.physics.bullet_model import BREAKING, Builder, Built
from switch_bench.physics.engine import EngineError

STEP = 0.001  # s, while the hand is at something: one over the quickest damper that isn't a cushion is 2 ms
STRIDE = 0.002  # s, while it moves freely
ITERATIONS = 100  # of the constraint solver
STILL = 2e-3  # m/s | rad/s: slower than that it counts as still
LINGER = 0.3  # s that what is still and untouched stays awake
HOLD = 1e5  # N | N·m that a lock bears
ERP = 0.2


@dataclass
class Touching:
    """Contacts as an MjData has them."""

    geom: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.int32))
    pos: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))


@dataclass
class Told:
    """What Bullet tells, by MjData's names."""

    tree_awake: np.ndarray
    ntree_awake: int = 0
    ncon: int = 0
    contact: Touching = field(default_factory=Touching)


@cache
def imported() -> Any:
    """The module pybullet, which prints when it was built as it is loaded: on standard error, here."""
    sys.stdout.flush()
    out = os.dup(1)
    os.dup2(2, 1)
    try:
        import pybullet

        ctypes.CDLL(None).fflush(None)
    finally:
        os.dup2(out, 1)
        os.close(out)
    return pybullet


class BulletEngine:
    """A room in a Bullet physics server of its own, at the state that `data` has."""

    name = "bullet"

    def __init__(self, model: mujoco.MjModel, data: mujoco.MjData):
        pybullet = self._p = imported()
        self._client = pybullet.connect(pybullet.DIRECT)
        if self._client < 0:
            raise EngineError("engine: PyBullet has no more physics servers to give in this process")
        self.model = model
        self._settings()
        mujoco.mj_kinematics(model, data)
        self.built: Built = Builder(pybullet, self._client, model, data).build()
        self.forces = Forces(model, STEP)
        n = model.ntree
        self._never = model.tree_sleep_policy == int(mujoco.mjtSleepPolicy.mjSLEEP_NEVER)
        self._hands = [self.built.trees[t].body for t in np.flatnonzero(self._never).tolist()]
        self._quiet = np.zeros(n)  # s since each tree moved or was touched
        self._forces_felt: list[float] = []
        self.told = Told(np.ones(n, np.int32))
        self._place(data)
        self._locked: dict[int, bool] = {}
        self._eq = data.eq_active.copy()
        self._ctrl = data.ctrl.copy()
        self._awake: tuple[int, ...] = ()
        for t in range(n):
            self._rouse(t, bool(self._never[t]))
        self._wake_only({int(t) for t in np.flatnonzero(self._never)})
        self._lock(data)

    def __del__(self):
        client = getattr(self, "_client", -1)
        if client >= 0:
            self._p.disconnect(client)

    @property
    def facts(self) -> Mapping[str, Any]:
        """PyBullet's version and all settings that a run hangs on."""
        from importlib.metadata import version

        return {
            "pybullet": version("pybullet"),
            "api": self._p.getAPIVersion(),
            "time_step_s": STEP,
            "free_time_step_s": STRIDE,
            "solver_iterations": ITERATIONS,
            "erp": ERP,
            "contact_breaking_m": BREAKING,
            "deterministic_overlapping_pairs": True,
        }

    def force(self, k: int) -> float:
        """The normal force [N] of the `k`-th contact."""
        return self._forces_felt[k]

    def step(self, model: mujoco.MjModel, data: mujoco.MjData, nstep: int) -> None:
        """Go on by `nstep` of the model's time steps, and mirror what became of it in `data`."""
        self._wake(data)
        p, client, forces = self._p, self._client, self.forces
        span = nstep * float(model.opt.timestep)
        trees = [self.built.trees[t] for t in self._awake]
        strides = span / STRIDE
        free = not self.told.ncon and len(trees) <= len(self._hands) and abs(strides - round(strides)) < 1e-6
        self._pace(STRIDE if free else STEP)
        forces.begin(self._awake, trees, data)
        for _ in range(round(span / forces.step)):
            if forces.read(p, client, trees):
                forces.apply(p, client, trees)
            for tree in trees:
                if tree.free >= 0:
                    self._weigh(tree)
            p.stepSimulation(physicsClientId=client)
            met = self._met_asleep()
            if met:  # at once, not from the next tick on: a key without its spring would fly
                self._wake_only(met.union(self._awake))
                trees = [self.built.trees[t] for t in self._awake]
                forces.begin(self._awake, trees, data)
        data.time += span
        self._mirror(data)
        self._feel(data, span)

    def _pace(self, step: float) -> None:
        if step != self.forces.step:
            self.forces.step = step
            self._p.setTimeStep(step, physicsClientId=self._client)

    # ------------------------------------------------------------------ set-up

    def _settings(self) -> None:
        p, client = self._p, self._client
        p.setPhysicsEngineParameter(
            fixedTimeStep=STEP, numSolverIterations=ITERATIONS, numSubSteps=0, deterministicOverlappingPairs=1,
            contactBreakingThreshold=BREAKING, erp=ERP, contactERP=ERP, frictionERP=ERP, enableConeFriction=1,
            physicsClientId=client,
        )  # fmt: skip
        p.setGravity(0.0, 0.0, 0.0, physicsClientId=client)

    def _place(self, data: mujoco.MjData) -> None:
        """Put every tree where the data has it, with its velocities."""
        p, m = self._p, self.model
        for tree in self.built.trees:
            if tree.free >= 0:
                body = tree.free
                turn = np.zeros(4)
                mujoco.mju_mat2Quat(turn, data.ximat[body])
                p.resetBasePositionAndOrientation(
                    tree.body,
                    data.xipos[body].tolist(),
                    [*turn[1:].tolist(), float(turn[0])],
                    physicsClientId=self._client,
                )
            for dof, link in zip(tree.dofs, tree.links, strict=True):
                at = self.forces.qpos_of[dof]
                q, v = float(data.qpos[at] - m.qpos0[at]), float(data.qvel[dof])
                p.resetJointState(tree.body, link, q, v, physicsClientId=self._client)

    # ------------------------------------------------------------------ waking

    def _wake(self, data: mujoco.MjData) -> None:
        """Wake what is driven, locked, let go of or pushed since the last tick."""
        m = self.model
        awake = set(self._awake)
        if not np.array_equal(data.ctrl, self._ctrl):
            for u in np.flatnonzero(data.ctrl != self._ctrl).tolist():
                awake |= self.forces.trees_of_actuator[u]
            self._ctrl[:] = data.ctrl
        if not np.array_equal(data.eq_active, self._eq):
            for e in np.flatnonzero(data.eq_active != self._eq).tolist():
                awake.add(int(m.dof_treeid[m.jnt_dofadr[m.eq_obj1id[e]]]))
            self._eq[:] = data.eq_active
            self._lock(data)
        applied = data.qfrc_applied
        if applied.any() or np.signbit(applied).any():
            for dof in np.flatnonzero((applied != 0.0) | np.signbit(applied)).tolist():
                awake.add(int(m.dof_treeid[dof]))
        if awake != set(self._awake):
            self._wake_only(awake)

    def _met_asleep(self) -> set[int]:
        """The sleeping trees that the hand is about to touch."""
        found = set()
        for body in self._hands:
            for point in self._p.getContactPoints(bodyA=body, physicsClientId=self._client):
                for other in point[1:3]:
                    tree = self.built.tree_of.get(other, -1)
                    if tree >= 0 and not self.told.tree_awake[tree]:
                        found.add(tree)
        return found

    def _wake_only(self, awake: set[int]) -> None:
        for tree in awake.difference(self._awake):
            self._quiet[tree] = 0.0
            self._rouse(tree, True)
        for tree in set(self._awake).difference(awake):
            self._rouse(tree, False)
        self._awake = tuple(sorted(awake))
        self.told.tree_awake[:] = 0
        self.told.tree_awake[list(self._awake)] = 1
        self.told.ntree_awake = len(self._awake)

    def _rouse(self, t: int, awake: bool) -> None:
        """Let Bullet, too, step a tree, or leave it where it is; by itself it puts nothing to sleep."""
        p, body = self._p, self.built.trees[t].body
        rouse = p.ACTIVATION_STATE_WAKE_UP | p.ACTIVATION_STATE_DISABLE_SLEEPING
        lull = p.ACTIVATION_STATE_SLEEP | p.ACTIVATION_STATE_ENABLE_SLEEPING
        p.changeDynamics(body, -1, activationState=rouse if awake else lull, physicsClientId=self._client)

    def _lock(self, data: mujoco.MjData) -> None:
        """Hold the joints whose equality is active by a motor as strong as need be, and let the others go."""
        m, p = self.model, self._p
        for e in range(m.neq):
            joint = int(m.eq_obj1id[e])
            dof = int(m.jnt_dofadr[joint])
            tree = self.built.trees[int(m.dof_treeid[dof])]
            link = tree.links[tree.dofs.index(dof)]
            active = bool(data.eq_active[e])
            if self._locked.get(dof) == active:
                continue
            self._locked[dof] = active
            if active:
                p.setJointMotorControl2(
                    tree.body, link, p.POSITION_CONTROL, targetPosition=float(m.eq_data[e, 0]), positionGain=0.1,
                    velocityGain=1.0, force=HOLD, physicsClientId=self._client,
                )  # fmt: skip
            else:
                self._free(tree.body, link, dof)

    def _free(self, body: int, link: int, dof: int) -> None:
        """Only dry friction."""
        p, friction = self._p, float(self.model.dof_frictionloss[dof])
        p.setJointMotorControl2(
            body, link, p.VELOCITY_CONTROL, targetVelocity=0.0, positionGain=0.0, velocityGain=1.0, force=friction,
            physicsClientId=self._client,
        )  # fmt: skip

    def _weigh(self, tree: Any) -> None:
        m = self.model
        weight = float(m.body_mass[tree.free]) * (1.0 - float(m.body_gravcomp[tree.free])) * m.opt.gravity
        at, _ = self._p.getBasePositionAndOrientation(tree.body, physicsClientId=self._client)
        self._p.applyExternalForce(
            tree.body, -1, weight.tolist(), at, self._p.WORLD_FRAME, physicsClientId=self._client
        )

    # ------------------------------------------------------------------ mirroring

    def _mirror(self, data: mujoco.MjData) -> None:
        """Positions and velocities of what is awake, and all poses."""
        m, p = self.model, self._p
        for t in self._awake:
            tree = self.built.trees[t]
            if tree.dofs:
                states = p.getJointStates(tree.body, tree.links, physicsClientId=self._client)
                for dof, state in zip(tree.dofs, states, strict=True):
                    at = self.forces.qpos_of[dof]
                    data.qpos[at] = state[0] + m.qpos0[at]
                    data.qvel[dof] = state[1]
            if tree.free >= 0:
                self._mirror_loose(data, tree)
        self.forces.note(data)
        mujoco.mj_kinematics(m, data)
        mujoco.mj_comPos(m, data)
        mujoco.mj_camlight(m, data)

    def _mirror_loose(self, data: mujoco.MjData, tree: Any) -> None:
        """A loose body's pose and velocity from those of its centre of mass."""
        m, p, body = self.model, self._p, tree.free
        at, (x, y, z, w) = p.getBasePositionAndOrientation(tree.body, physicsClientId=self._client)
        linear, angular = p.getBaseVelocity(tree.body, physicsClientId=self._client)
        inertial, turn, offset = np.zeros(4), np.zeros(4), np.zeros(3)
        mujoco.mju_negQuat(inertial, m.body_iquat[body])
        mujoco.mju_mulQuat(turn, np.array([w, x, y, z]), inertial)
        mujoco.mju_rotVecQuat(offset, m.body_ipos[body], turn)
        q, d = int(m.jnt_qposadr[m.body_jntadr[body]]), int(m.body_dofadr[body])
        data.qpos[q : q + 3] = np.array(at) - offset
        data.qpos[q + 3 : q + 7] = turn if turn @ data.qpos[q + 3 : q + 7] >= 0.0 else -turn
        data.qvel[d : d + 3] = np.array(linear) - np.cross(angular, offset)
        back, local = np.zeros(4), np.zeros(3)
        mujoco.mju_negQuat(back, turn)
        mujoco.mju_rotVecQuat(local, np.array(angular), back)
        data.qvel[d + 3 : d + 6] = local

    # ------------------------------------------------------------------ contacts and sleep

    def _feel(self, data: mujoco.MjData, span: float) -> None:
        """Which geoms touch, with what force; what that wakes, and what has come to rest."""
        p, built, m = self._p, self.built, self.model
        pairs: dict[tuple[int, int], tuple[list[float], float]] = {}
        awake, touched = set(self._awake), set()
        for t in self._awake:
            tree = built.trees[t]
            if tree.free < 0 and not self._never[t]:
                continue  # what is fixed to the room is touched by the hand and by loose things only
            for point in p.getContactPoints(bodyA=tree.body, physicsClientId=self._client):
                force = float(point[9])
                if point[8] > 0.0 and force <= 0.0:
                    continue
                a, b = built.geom_of[point[1], point[3]], built.geom_of[point[2], point[4]]
                for other in (built.tree_of.get(point[1], -1), built.tree_of.get(point[2], -1)):
                    if other >= 0:
                        awake.add(other)
                        if self._never[t]:
                            touched.add(other)
                key = (min(a, b), max(a, b))
                at, sum_ = pairs.get(key, ([*point[5]], 0.0))
                pairs[key] = at, sum_ + force
        found = sorted(pairs.items())
        told = self.told
        told.ncon = len(found)
        told.contact = Touching(
            np.array([k for k, _ in found], np.int32).reshape(-1, 2), np.array([v[0] for _, v in found]).reshape(-1, 3)
        )
        self._forces_felt = [v[1] for _, v in found]
        fast = self.forces.fastest(m, data)
        for t in list(awake):
            if self._never[t] or t in touched or fast[t] > STILL or self.forces.pushed[t]:
                self._quiet[t] = 0.0
            else:
                self._quiet[t] += span
                if self._quiet[t] > LINGER:
                    awake.discard(t)
                    self._stop(data, t)
        if awake != set(self._awake):
            self._wake_only(awake)

    def _stop(self, data: mujoco.MjData, t: int) -> None:
        """Put a tree to sleep where it stands."""
        tree, p, m = self.built.trees[t], self._p, self.model
        for dof, link in zip(tree.dofs, tree.links, strict=True):
            at = self.forces.qpos_of[dof]
            p.resetJointState(tree.body, link, float(data.qpos[at] - m.qpos0[at]), 0.0, physicsClientId=self._client)
            data.qvel[dof] = 0.0
            data.qacc[dof] = 0.0
        if tree.free >= 0:
            d = int(m.body_dofadr[tree.free])
            p.resetBaseVelocity(tree.body, [0.0] * 3, [0.0] * 3, physicsClientId=self._client)
            data.qvel[d : d + 6] = 0.0
        self.forces.forget(tree)
