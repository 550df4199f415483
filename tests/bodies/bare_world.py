"""A hand before a panel and nothing else: enough of a world to try mechanisms in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import cos, sin

import mujoco
import numpy as np

from switch_bench.bodies.command import DeltaPose
from switch_bench.bodies.hand import Hand, add_hand
from switch_bench.controls import contact
from switch_bench.controls.base import Built, Control, Grip
from switch_bench.controls.readout import ReadoutTable
from switch_bench.network.declare import Value
from switch_bench.physics.engine import start

SUBSTEPS, TICKS = 2, 5  # of 5 ms in a tick, ticks in an action


def room_spec() -> mujoco.MjSpec:
    """An empty room with the options that every room has."""
    spec = mujoco.MjSpec()
    spec.option.timestep = 0.005
    spec.option.integrator = mujoco.mjtIntegrator.mjINT_IMPLICITFAST
    spec.option.cone = mujoco.mjtCone.mjCONE_ELLIPTIC
    spec.option.impratio = 10
    spec.option.noslip_iterations = 10
    spec.option.enableflags |= mujoco.mjtEnableBit.mjENBL_SLEEP
    spec.worldbody.add_light(pos=[0, 0.5, 2.5], dir=[0.3, -0.2, -1])
    spec.worldbody.add_light(pos=[0.0, -1.0, 2.0], dir=[0.6, 0.9, -0.8])
    return spec


class BareWorld:
    """Controls on one panel that faces the hand across `distance` metres at height `height`, tilted up by `tilt`."""

    def __init__(
        self,
        *controls: Control,
        tilt: float = 0.0,
        distance: float = 0.6,
        height: float = 1.1,
        panel: tuple[float, float] = (0.5, 0.5),
        initial: dict[str, Value] | None = None,
        arrange: Callable[[mujoco.MjSpec], None] | None = None,
        engine: str = "mujoco",
    ) -> None:
        spec = room_spec()
        # Panel x is the reader's right (−y of the room), y up, z towards the reader (−x), then tilted about its x.
        axes = np.array([[0, sin(tilt), -cos(tilt)], [-1, 0, 0], [0, cos(tilt), sin(tilt)]])
        quat = np.zeros(4)
        mujoco.mju_mat2Quat(quat, axes.flatten())
        board = spec.worldbody.add_body(name="panel", pos=[distance, 0, height], quat=quat)
        board.add_geom(
            name="panel",
            type=mujoco.mjtGeom.mjGEOM_BOX,
            size=[panel[0] / 2, panel[1] / 2, 0.01],
            pos=[0, 0, -0.01],
            rgba=[0.7, 0.7, 0.68, 1],
            contype=contact.STATIC.contype,
            conaffinity=contact.STATIC.conaffinity,
        )
        self.built: dict[str, Built] = {
            c.name: c.build(spec, board, "it.", (initial or {}).get(c.name)) for c in controls
        }
        self.hand: Hand = add_hand(spec)
        if arrange is not None:
            arrange(spec)
        self.spec = spec
        self.model = spec.compile()
        self.data = mujoco.MjData(self.model)
        readouts = [r for b in self.built.values() for r in b.readouts]
        address = [self.model.joint(r.joint).qposadr[0] for r in readouts]
        detents = [self.model.actuator(r.detent).id if r.detent else -1 for r in readouts]
        self.table = ReadoutTable(readouts, address, detents)
        self.table.write_start(self.data.qpos, self.data.ctrl)
        self.q = [int(self.model.joint(n).qposadr[0]) for n in self.hand.joints]
        self.v = [int(self.model.joint(n).dofadr[0]) for n in self.hand.joints]
        self.u = [self.model.actuator(n).id for n in self.hand.actuators]
        self.data.ctrl[self.u] = self.hand.home_ctrl
        self.law = DeltaPose()
        self.log: list[tuple[float, str, Value]] = []
        self.trace: dict[str, list[float]] = {}
        mujoco.mj_forward(self.model, self.data)
        self.engine = start(engine, self.model, self.data)

    # ---------------------------------------------------------------- reading

    def reads(self, name: str) -> Value:
        """What the readout of this name reads."""
        for i, readout in enumerate(self.table.readouts):
            if readout.name == name:
                return self.table.value(i)
        raise KeyError(name)

    def joint(self, name: str) -> float:
        return float(self.data.joint(name).qpos[0])

    def watch(self, joint: str) -> list[float]:
        """A list that gets the joint's position after every substep from now on."""
        return self.trace.setdefault(joint, [])

    def asleep(self, control: str) -> bool:
        body = self.model.body(self.built[control].bodies[0]).id
        return not self.engine.told.tree_awake[self.model.body_treeid[body]]

    def tip(self) -> np.ndarray:
        return self.data.site(self.hand.tip).xpos.copy()

    def touching(self, *geoms: str) -> bool:
        """True if a finger is in contact with one of these geoms."""
        ids = {self.model.geom(g).id for g in geoms}
        return any(ids & set(pair) for pair in self.engine.told.contact.geom.tolist())

    # ---------------------------------------------------------------- time

    def tick(self, n: int = 1) -> None:
        for _ in range(n):
            for _ in range(SUBSTEPS):
                self.engine.step(self.model, self.data, 1)
                for joint, places in self.trace.items():
                    places.append(self.joint(joint))
            for i in self.table.outside(self.data.qpos):
                before, after = self.table.enter(int(i), self.data.qpos[self.table.address[i]], self.data.ctrl)
                if before != after:
                    self.log.append((self.data.time, self.table.readouts[i].name, after))
            self._interlocks()

    def _interlocks(self) -> None:
        named = {r.unlocks for r in self.table.readouts if r.unlocks}
        for name in named:
            free = any(
                r.unlocks == name and self.table.value(i) in r.unlocks_when for i, r in enumerate(self.table.readouts)
            )
            self.data.eq_active[self.model.equality(name).id] = not free

    def act(self, action: Sequence[float], steps: int = 1) -> None:
        for _ in range(steps):
            ctrl = self.data.ctrl[self.u].tolist()
            q, v = self.data.qpos[self.q].tolist(), self.data.qvel[self.v].tolist()
            self.data.ctrl[self.u] = self.law.step(action, ctrl, q, v)
            self.tick(TICKS)

    def wait(self, seconds: float) -> None:
        self.tick(round(seconds * 100))

    def drive(self, control: str, value: Value) -> None:
        """What the world does when the drive signal has `value`."""
        for at, name in self.built[control].drives.items():
            self.data.ctrl[self.model.actuator(name).id] = float(at == value)
        self._wake(control)

    def lock(self, control: str, locked: bool) -> None:
        name = self.built[control].lock
        assert name is not None
        self.data.eq_active[self.model.equality(name).id] = locked

        self._wake(control)

    def _wake(self, control: str) -> None:
        """A sleeping tree ignores ctrl and locks, but not a negative zero of applied force."""
        dofs = [self.model.joint(r.joint).dofadr[0] for r in self.built[control].readouts]
        self.data.qfrc_applied[dofs] = -0.0
        mujoco.mj_forward(self.model, self.data)
        self.data.qfrc_applied[dofs] = 0.0

    # ---------------------------------------------------------------- moving

    def aim(self, site: str, ahead: float = 0.0, roll: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
        """Where the tip must be, and its axes, to face the site `ahead` metres before it, fingers turned by `roll`."""
        s = self.data.site(site)
        axes = s.xmat.reshape(3, 3)
        c, t = cos(roll), sin(roll)
        facing = axes @ np.array([[c, -t, 0], [t, c, 0], [0, 0, 1]]) @ np.diag([1.0, -1.0, -1.0])
        return s.xpos + ahead * axes[:, 2], facing

    def go(
        self,
        place: np.ndarray,
        axes: np.ndarray,
        *,
        grip: float = 1.0,
        speed: float = 1.0,
        steps: int = 80,
        near=0.0015,
    ) -> float:
        """Servo the tip there; returns the distance left [m]."""
        error = np.inf
        for _ in range(steps):
            step, turn = place - self.tip(), rotation_between(self._tip_axes(), axes)
            error = float(np.linalg.norm(step))
            if error < near and np.linalg.norm(turn) < 0.03:
                break
            arm = self._palm() - self.tip()  # turning goes about the wrist; the hand must give way for the tip to stay
            turn = np.clip(turn, -0.08, 0.08)
            move = np.clip((0.7 * step + arm_shift(turn, arm)) / 0.02, -speed, speed)
            self.act([*move, *(turn / 0.1), grip, 0, 0, 0, 0, 0])
        return error

    def approach(self, grip: Grip, *, ahead: float = 0.03, opening: float = 1.0, roll: float = 0.0) -> None:
        """Stand off `ahead` metres before a grip, fingers closed (1) or open (−1)."""
        back = self.tip() - np.array([0.06, 0.0, 0.0])
        self.go(back, self._tip_axes(), grip=opening, steps=10)
        self.go(*self.aim(grip.site, ahead + 0.08, roll), grip=opening)
        self.go(*self.aim(grip.site, ahead, roll), grip=opening)

    def press(self, control: str, which: str = "press", *, hold: float = 0.1, speed: float = 0.1) -> None:
        """Press a grip at its place with the closed fingers to its reach, hold, and withdraw."""
        grip = self.built[control].grips[which]
        self.approach(grip)
        start, axes = self.aim(grip.site, 0.0)
        inward = axes[:, 2]
        self.go(start + inward * (grip.reach + 0.002), axes, speed=speed, steps=40)
        self.wait(hold)
        self.go(start - inward * 0.05, axes, steps=40)

    def pinch(self, control: str, which: str, *, roll: float = 0.0, grip: float = 1.0) -> None:
        """Take hold of a grip between the fingers."""
        g = self.built[control].grips[which]
        self.approach(g, opening=-0.2, roll=roll)
        self.go(*self.aim(g.site, 0.0, roll), grip=-0.2, speed=0.3)
        self.act([0, 0, 0, 0, 0, 0, grip, 0, 0, 0, 0, 0], 6)

    def release(self) -> None:
        """Open the fingers and draw back along them."""
        self.act([0, 0, 0, 0, 0, 0, -0.2, 0, 0, 0, 0, 0], 8)
        axes = self._tip_axes()
        self.go(self.tip() - axes[:, 2] * 0.12, axes, grip=-0.2)

    def swing(self, door: str, sign: float, until: Callable[[float], bool], steps: int = 160) -> bool:
        """Hold on to a door's handle and follow its arc outwards (1) or inwards (−1); True once `until` its angle."""
        grip, joint = self.built[door].grips["open"], self.built[door].readouts[0].joint
        j = self.model.joint(joint).id
        for _ in range(steps):
            if until(self.joint(joint)):
                return True
            place = self.data.site(grip.site).xpos
            along = np.cross(self.data.xaxis[j], place - self.data.xanchor[j])
            move = 0.6 * sign * along / np.linalg.norm(along) + 25.0 * (place - self.tip())
            self.act([*move, 0, 0, 0, 1, 0, 0, 0, 0, 0])
        return until(self.joint(joint))

    def lead(self, direction: Sequence[float], steps: int, *, grip: float = 1.0) -> None:
        """Move the hand on by `direction`, in actions' units, for so many steps."""
        self.act([*direction, 0, 0, 0, grip, 0, 0, 0, 0, 0], steps)

    def twist(self, angle: float, *, grip: float = 1.0, push: float = 0.0) -> None:
        """Roll the hand about its fingers by `angle` [rad], clockwise as the hand sees it, pressing on by `push`."""
        outward = self._tip_axes()[:, 2]
        n = max(1, round(abs(angle) / 0.08))
        for _ in range(n):
            turn = outward * angle / n
            self.act([*(outward * push), *(turn / 0.1), grip, 0, 0, 0, 0, 0])
        self.act([*(outward * push), 0, 0, 0, grip, 0, 0, 0, 0, 0], 3)

    def _tip_axes(self) -> np.ndarray:
        return self.data.site(self.hand.tip).xmat.reshape(3, 3).copy()

    def _palm(self) -> np.ndarray:
        return self.data.site(self.hand.wrist).xpos.copy()


def rotation_between(now: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Axis-angle in the room's frame that turns the axes `now` into `wanted`."""
    quat, out = np.zeros(4), np.zeros(3)
    mujoco.mju_mat2Quat(quat, np.ascontiguousarray(wanted @ now.T).flatten())
    mujoco.mju_quat2Vel(out, quat, 1.0)
    return out


def arm_shift(turn: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """How far the wrist moves if the hand turns about its tip."""
    return np.cross(turn, arm)
