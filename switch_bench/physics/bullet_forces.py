"""What MuJoCo's joints do by themselves, as torques for another engine: springs, dampers, actuators, cushioned stops.

A cushioned stop is MuJoCo's soft constraint: within its margin the acceleration a₀ that a joint would have becomes
(1 − d) a₀ − d (B v + K d r), with r how deep it is, v how fast it goes in, and d the impedance there. That is a joint
with 1/(1 − d) of its inertia and a damper and spring of its own, and so it is done here: its link gets the inertia (a
third of it: B is one over MuJoCo's time step, so that there the damper has done within a step), the joint the torque.
On a loose thing, which such an inertia would hold fast, a motor instead lets the joint go in as fast as what pushes it
would make it go. Stops without a cushion, dry friction and locks are the engine's constraints.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np

CHANGED = 0.02  # share by which a link's inertia must have changed to be told
HOLD = 1e5  # N | N·m that a motor bears
HAND = 20.0  # times a mechanism's inertia, what the hand that pushes it has at most
QUICK = 3.0  # times as soon as by the law for short steps: in MuJoCo's 5 ms a cushion stops what comes in within one
HELD = 0.5  # damping · step / inertia from which a damper is a brake


@dataclass
class _Awake:
    """Index arrays of the joints that are awake."""

    dofs: np.ndarray
    qpos: np.ndarray
    actuators: np.ndarray
    moment: np.ndarray  # (actuators, dofs)
    parts: list[tuple[int, int]]  # of each tree: where its joints begin and end
    cushions: list[tuple[int, int, int, int]]  # (index, tree's index, link, cushion)


@dataclass
class _Cushion:
    """A joint's two ends, each felt from `margin` before its limit."""

    dof: int
    low: float
    high: float
    margin: float
    stiffness: float  # K, 1/s²
    damping: float  # B, 1/s
    solimp: tuple[float, ...]

    def felt(self, q: float) -> tuple[float, float]:
        """The side of the stop that is nearer (1: the upper one), and how deep in its cushion the joint is."""
        side = 1.0 if self.high - q < q - self.low else -1.0
        return side, self.margin - (self.high - q if side > 0.0 else q - self.low)


class Forces:
    """The joint torques of a model, for steps of `step` [s]."""

    def __init__(self, model: mujoco.MjModel, step: float):
        self.model, self.step = model, step
        m = model
        self.qpos_of = [-1] * m.nv
        self.single = np.zeros(m.nv, bool)
        for joint in range(m.njnt):
            if m.jnt_type[joint] != mujoco.mjtJoint.mjJNT_FREE:
                self.qpos_of[int(m.jnt_dofadr[joint])] = int(m.jnt_qposadr[joint])
                self.single[int(m.jnt_dofadr[joint])] = True
        stiffness = np.zeros(m.nv)
        rest = np.zeros(m.nv)
        for dof in np.flatnonzero(self.single).tolist():
            stiffness[dof] = m.jnt_stiffness[m.dof_jntid[dof]]
            rest[dof] = m.qpos_spring[self.qpos_of[dof]]
        self._stiffness, self._rest = stiffness, rest
        self._brakes = m.dof_damping * step > HELD * m.dof_M0
        self._damping = np.where(self._brakes, 0.0, m.dof_damping)
        self._moment = _moments(m)
        self.trees_of_actuator = [
            {int(m.dof_treeid[d]) for d in np.flatnonzero(self._moment[u]).tolist()} for u in range(m.nu)
        ]
        self._cushions = _cushions(m)
        self._holding: set[int] = set()  # dofs whose motor is a cushion just now
        self._inertia: dict[int, float] = {}  # of a cushioned dof, as its link has it now
        self._sets: dict[tuple[int, ...], _Awake] = {}
        self.acceleration = np.zeros(m.nv)
        self._outer = np.zeros(m.nv)  # what moved each joint from outside in the last step
        self._before = np.full(m.nv, np.nan)  # velocity before the last step
        self._sent = np.zeros(m.nv)  # torque of the last step
        self.pushed = np.zeros(m.ntree, bool)
        self._force = np.zeros(m.nu)  # of the last step

    def begin(self, awake: tuple[int, ...], trees: Sequence[Any], data: mujoco.MjData) -> None:
        """A tick begins, with these trees awake."""
        if awake not in self._sets:
            self._sets[awake] = self._set(trees)
        s = self._now = self._sets[awake]
        self._ctrl = data.ctrl[s.actuators]
        self._applied = data.qfrc_applied[s.dofs]
        self.pushed[:] = False
        for dof in np.flatnonzero(data.qfrc_applied).tolist():
            self.pushed[int(self.model.dof_treeid[dof])] = True

    def read(self, p: Any, client: int, trees: Sequence[Any]) -> bool:
        """Read joint positions and velocities; False if there are none."""
        s = self._now
        q, v, motors = [], [], []
        for tree in trees:
            if tree.dofs:
                for state in p.getJointStates(tree.body, tree.links, physicsClientId=client):
                    q.append(state[0])
                    v.append(state[1])
                    motors.append(state[3])
        if not q:
            return False
        self._motors = motors
        self._q, self._v = np.array(q) + self.model.qpos0[s.qpos], np.array(v)
        return True

    def apply(self, p: Any, client: int, trees: Sequence[Any]) -> None:
        """Send the torques of the step to come."""
        torque = self._torque()
        s = self._now
        for k, i, link, c in s.cushions:
            tree, cushion = trees[i], self._cushions[c]
            if tree.free < 0:
                torque[k] += self._cushion(p, client, tree, link, cushion, k, float(torque[k]))
            else:
                self._give_way(p, client, tree, link, cushion, k)
        self._before[s.dofs] = self._v
        self._sent[s.dofs] = torque
        for tree, (low, high) in zip(trees, s.parts, strict=True):
            if high > low:
                p.setJointMotorControlArray(
                    tree.body, tree.links, p.TORQUE_CONTROL, forces=torque[low:high].tolist(), physicsClientId=client
                )

    def note(self, data: mujoco.MjData) -> None:
        """Accelerations and actuator forces of the last step, into the data."""
        dofs = self._now.dofs
        data.actuator_force[self._now.actuators] = self._force[self._now.actuators]
        gained = (data.qvel[dofs] - self._before[dofs]) / self.step
        data.qacc[dofs] = np.where(np.isnan(gained), 0.0, gained)  # just woken: nothing is known of it yet

    def fastest(self, model: mujoco.MjModel, data: mujoco.MjData) -> np.ndarray:
        """(trees,) the fastest of each tree's velocities [m/s | rad/s]."""
        out = np.zeros(model.ntree)
        np.maximum.at(out, model.dof_treeid, np.abs(data.qvel))
        return out

    def forget(self, tree: Any) -> None:
        """A tree has gone to sleep: nothing of its last step counts any more."""
        self._before[tree.dofs] = np.nan

    # ------------------------------------------------------------------ own

    def _set(self, trees: Sequence[Any]) -> _Awake:
        dofs: list[int] = []
        parts, cushions = [], []
        for i, tree in enumerate(trees):
            low = len(dofs)
            for dof, link in zip(tree.dofs, tree.links, strict=True):
                cushions += [(len(dofs), i, link, c) for c, it in enumerate(self._cushions) if it.dof == dof]
                dofs.append(dof)
            parts.append((low, len(dofs)))
        index = np.array(dofs, int)
        actuators = np.flatnonzero(np.abs(self._moment[:, index]).sum(axis=1)) if dofs else np.zeros(0, int)
        qpos = np.array([self.qpos_of[d] for d in dofs], int)
        return _Awake(index, qpos, actuators, self._moment[np.ix_(actuators, index)], parts, cushions)

    def _torque(self) -> np.ndarray:
        """Springs, dampers, actuators, and other people's hands."""
        m, s, q, v = self.model, self._now, self._q, self._v
        torque = self._applied - self._stiffness[s.dofs] * (q - self._rest[s.dofs]) - self._damping[s.dofs] * v
        if len(s.actuators):
            u = s.actuators
            length, speed = s.moment @ q, s.moment @ v
            gain, bias = m.actuator_gainprm[u], m.actuator_biasprm[u]
            force = (gain[:, 0] + gain[:, 1] * length + gain[:, 2] * speed) * self._ctrl
            force += bias[:, 0] + bias[:, 1] * length + bias[:, 2] * speed
            low, high = m.actuator_forcerange[u].T
            force = np.clip(force, low, high)
            self._force[u] = force
            torque += force @ s.moment
        return torque

    def _cushion(self, p: Any, client: int, tree: Any, link: int, c: _Cushion, k: int, torque: float) -> float:
        """The torque of a cushioned stop, after giving its link the inertia that goes with it."""
        m, dof = self.model, c.dof
        q, v = float(self._q[k]), float(self._v[k])
        inertia = float(m.dof_M0[dof])
        side = 1.0 if c.high - q < q - c.low else -1.0
        deep = c.margin - (c.high - q if side > 0.0 else q - c.low)
        used = self._inertia.get(dof, inertia)
        scale, out = 1.0, 0.0
        if deep > 0.0:
            before = float(self._before[dof])
            outer = 0.0 if np.isnan(before) else used * (v - before) / self.step - float(self._sent[dof])
            d = _impedance(c.solimp, deep)
            back = c.damping * side * v + c.stiffness * d * deep
            if side * (torque + outer) / inertia > -back:
                out = -side * inertia * d * back / (1.0 - d)
                scale = max(1.0, 1.0 / (QUICK * (1.0 - d)))
        wanted = inertia * scale
        if abs(wanted - used) > CHANGED * used or (scale == 1.0 and used != inertia):
            self._inertia[dof] = wanted
            more = wanted - inertia
            slide = m.jnt_type[m.dof_jntid[dof]] == mujoco.mjtJoint.mjJNT_SLIDE
            round_ = tree.inertia[link] + (0.0 if slide else more)
            p.changeDynamics(
                tree.body,
                link,
                mass=tree.mass[link] + (more if slide else 0.0),
                localInertiaDiagonal=round_.tolist(),
                physicsClientId=client,
            )
        return out

    def _give_way(self, p: Any, client: int, tree: Any, link: int, c: _Cushion, k: int) -> None:
        """The cushioned stop of a joint on a loose thing: a motor that lets it go in as fast as it is pushed."""
        dof = c.dof
        q, v, inertia = float(self._q[k]), float(self._v[k]), float(self.model.dof_M0[dof])
        side, deep = c.felt(q)
        before = float(self._before[dof])
        driven = 0.0 if np.isnan(before) else (v - before) / self.step - self._motors[k] / inertia
        d = _impedance(c.solimp, deep) if deep > 0.0 else 0.0
        spring = c.stiffness * d * deep
        if deep > 0.0 and side * driven > -c.damping * side * v - spring:
            fast = (side * driven * (1.0 - d) / d - spring) / c.damping
            share = min(1.0, self.step * d * c.damping / (2.0 * HAND * (1.0 - d)))
            target, force = v + share * (side * fast - v), HOLD
        elif dof in self._holding:
            target, force = 0.0, float(self.model.dof_frictionloss[dof])
        else:
            return
        (self._holding.add if force == HOLD else self._holding.discard)(dof)
        p.setJointMotorControl2(
            tree.body, link, p.VELOCITY_CONTROL, targetVelocity=target, velocityGain=1.0, force=force,
            physicsClientId=client,
        )  # fmt: skip


def _moments(m: mujoco.MjModel) -> np.ndarray:
    """(nu, nv) by how much each actuator moves with each joint."""
    out = np.zeros((m.nu, m.nv))
    for u in range(m.nu):
        target, gear = int(m.actuator_trnid[u, 0]), float(m.actuator_gear[u, 0])
        if m.actuator_trntype[u] == mujoco.mjtTrn.mjTRN_JOINT:
            out[u, int(m.jnt_dofadr[target])] = gear
        else:
            first = int(m.tendon_adr[target])
            for w in range(first, first + int(m.tendon_num[target])):
                out[u, int(m.jnt_dofadr[m.wrap_objid[w]])] = gear * float(m.wrap_prm[w])
    return out


def _cushions(m: mujoco.MjModel) -> list[_Cushion]:
    """The joints whose stops have a margin."""
    found = []
    for joint in range(m.njnt):
        margin, (k, b) = float(m.jnt_margin[joint]), m.jnt_solref[joint].tolist()
        if not m.jnt_limited[joint] or margin <= 0.0 or k >= 0.0:
            continue
        solimp = tuple(m.jnt_solimp[joint].tolist())
        most, (low, high) = solimp[1], m.jnt_range[joint].tolist()
        found.append(_Cushion(int(m.jnt_dofadr[joint]), low, high, margin, -k / most**2, -b / most, solimp))
    return found


def _impedance(solimp: Sequence[float], deep: float) -> float:
    """MuJoCo's impedance at a depth: from d0 to d_width over `width`, with a midpoint and a power."""
    low, high, width, mid, power = solimp
    x = min(deep / width, 1.0)
    if power > 1.0 and 0.0 < mid < 1.0:
        y = x**power / mid ** (power - 1.0) if x <= mid else 1.0 - (1.0 - x) ** power / (1.0 - mid) ** (power - 1.0)
    else:
        y = x
    return low + y * (high - low)
