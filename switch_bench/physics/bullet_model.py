"""From a compiled MjModel to Bullet's bodies: one multibody for each kinematic tree, and what stands still as statics.

Bullet's multibodies are built from the model's arrays alone: frames, masses, principal inertias, joints and solids.
Armature, which Bullet doesn't know, is put into the links: as mass on a slide, as round inertia on a hinge, less what
the links beyond it bring along already. Nothing weighs anything in Bullet; loose things get their weight as a force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import mujoco
import numpy as np

from switch_bench.physics.engine import EngineError

BREAKING = 1e-3  # m apart at which Bullet forgets a contact
ELLIPSOID = (10, 16)  # rings and points of each, of which an ellipsoid's hull is made

Frame = tuple[list[float], list[float]]  # position, quaternion (w, x, y, z)
Kind = tuple[int, int]


@dataclass
class Tree:
    """A kinematic tree in Bullet.

    body: Bullet's id. dofs, links: of each of its joints the MuJoCo dof and Bullet's link. free: its root's MuJoCo body
    if that is loose, else −1. mass, inertia: of each link, in Bullet's own frame [kg, kg·m²].
    """

    body: int
    dofs: list[int] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    free: int = -1
    mass: dict[int, float] = field(default_factory=dict)
    inertia: dict[int, np.ndarray] = field(default_factory=dict)


@dataclass
class Built:
    """All that was made: trees in MuJoCo's order, and the geom that stands for each (body, link) in a contact."""

    trees: list[Tree] = field(default_factory=list)
    geom_of: dict[tuple[int, int], int] = field(default_factory=dict)
    tree_of: dict[int, int] = field(default_factory=dict)  # Bullet's body → tree


@dataclass
class _Link:
    """One link of a multibody that is being made; parent: as Bullet counts, 0 is the base."""

    parent: int
    frame: Frame
    kind: int
    axis: list[float]
    dof: int = -1
    body: int = -1  # MuJoCo's body whose mass it has, −1: none
    geoms: list[int] = field(default_factory=list)


class Builder:
    """Makes a model's bodies in a Bullet client (`pybullet` calls bound to one physics server)."""

    def __init__(self, p: Any, client: int, model: mujoco.MjModel, data: mujoco.MjData):
        self.p, self.client, self.model, self.data = p, client, model, data
        self.built = Built()
        solid = (model.geom_contype != 0) | (model.geom_conaffinity != 0)
        self._solids: dict[int, list[int]] = {}
        for geom in np.flatnonzero(solid).tolist():
            self._solids.setdefault(int(model.geom_bodyid[geom]), []).append(geom)
        pairs = zip(model.geom_contype[solid].tolist(), model.geom_conaffinity[solid].tolist(), strict=True)
        self._kinds = sorted(set(pairs))

    def build(self) -> Built:
        """Make everything. Raises EngineError for what Bullet has no counterpart to."""
        m = self.model
        for joint in range(m.njnt):
            if np.any(m.jnt_pos[joint]):
                raise EngineError(f"bullet: the joint {m.joint(joint).name!r} isn't in its body's origin")
        for body in range(m.nbody):
            if int(m.body_weldid[body]) == 0:
                for geom in self._solids.get(body, ()):
                    self._static(geom)
        for tree in range(m.ntree):
            roots = [b for b in range(m.nbody) if int(m.body_treeid[b]) == tree]
            made = self._tree(roots)
            self.built.trees.append(made)
            self.built.tree_of[made.body] = tree
        return self.built

    # ------------------------------------------------------------------ bodies

    def _static(self, geom: int) -> None:
        at, turn = self.data.geom_xpos[geom].tolist(), np.zeros(4)
        mujoco.mju_mat2Quat(turn, self.data.geom_xmat[geom])
        body = self.p.createMultiBody(
            baseMass=0.0, baseCollisionShapeIndex=self._shape([geom], ([0.0] * 3, [1.0, 0.0, 0.0, 0.0]), alone=True),
            basePosition=at, baseOrientation=_xyzw(turn), useMaximalCoordinates=True, physicsClientId=self.client,
        )  # fmt: skip
        self._surface(body, -1, [geom])

    def _tree(self, bodies: Sequence[int]) -> Tree:
        m = self.model
        root = bodies[0]
        first = int(m.body_jntadr[root])
        free = m.jnt_type[first] == mujoco.mjtJoint.mjJNT_FREE
        links: list[_Link] = []
        last: dict[int, int] = {}  # MuJoCo's body → Bullet's number of the link it is
        # Bullet's base is a loose body's own centre of mass, or else a point that stands still.
        still = int(m.body_parentid[root])  # the world, or what stands still in it
        place: Frame = (self.data.xpos[still].tolist(), self.data.xquat[still].tolist())
        base = _compose(place, (m.body_pos[root].tolist(), m.body_quat[root].tolist()))
        own = _still()  # the root body's frame in the base's
        if free:
            own = _inverse(_inertial(m, root))
            base = _compose(base, _inertial(m, root))
        base_geoms: list[int] = []
        for body in bodies:
            kinds = self._by_kind(body)
            if body == root and free:
                last[body] = 0
                base_geoms = kinds.pop(0) if kinds else []
                links += [_Link(0, own, self.p.JOINT_FIXED, [0, 0, 1], geoms=geoms) for geoms in kinds]
                continue
            parent, frame = last.get(int(m.body_parentid[body]), 0), _still()
            if body != root:
                frame = (m.body_pos[body].tolist(), m.body_quat[body].tolist())
                if free and int(m.body_parentid[body]) == root:
                    frame = _compose(own, frame)
            for k in range(int(m.body_jntnum[body])):
                joint = int(m.body_jntadr[body]) + k
                slide = m.jnt_type[joint] == mujoco.mjtJoint.mjJNT_SLIDE
                if not slide and m.jnt_type[joint] != mujoco.mjtJoint.mjJNT_HINGE:
                    raise EngineError(f"bullet: the joint {m.joint(joint).name!r} is neither a slide nor a hinge")
                kind = self.p.JOINT_PRISMATIC if slide else self.p.JOINT_REVOLUTE
                links.append(_Link(parent, frame, kind, m.jnt_axis[joint].tolist(), int(m.jnt_dofadr[joint])))
                parent, frame = len(links), _still()
            last[body] = parent
            links[-1].body = body
            links[-1].geoms = kinds.pop(0) if kinds else []
            links += [_Link(parent, _still(), self.p.JOINT_FIXED, [0, 0, 1], geoms=geoms) for geoms in kinds]
        return self._make(root if free else -1, base, own, base_geoms, links)

    def _make(self, free: int, base: Frame, own: Frame, base_geoms: list[int], links: list[_Link]) -> Tree:
        p, m = self.p, self.model
        frames = [
            (m.body_ipos[k.body].tolist(), m.body_iquat[k.body].tolist()) if k.body >= 0 else _still() for k in links
        ]
        mass, inertia = self._inertias(links)
        body = p.createMultiBody(
            baseMass=float(m.body_mass[free]) if free >= 0 else 0.0,
            baseCollisionShapeIndex=self._shape(base_geoms, own),
            basePosition=base[0], baseOrientation=_xyzw(base[1]),
            linkMasses=mass,
            linkCollisionShapeIndices=[self._shape(k.geoms, _still()) for k in links],
            linkVisualShapeIndices=[-1] * len(links),
            linkPositions=[k.frame[0] for k in links],
            linkOrientations=[_xyzw(k.frame[1]) for k in links],
            linkInertialFramePositions=[f[0] for f in frames],
            linkInertialFrameOrientations=[_xyzw(f[1]) for f in frames],
            linkParentIndices=[k.parent for k in links],
            linkJointTypes=[k.kind for k in links],
            linkJointAxis=[k.axis for k in links], flags=p.URDF_ENABLE_SLEEPING,
            physicsClientId=self.client,
        )  # fmt: skip
        p.changeDynamics(  # a whole body's, and never in one call with a link's: it would all go to the base
            body, -1, linearDamping=0.0, angularDamping=0.0, maxJointVelocity=1e3, physicsClientId=self.client
        )
        tree = Tree(body, free=free)
        if free >= 0:
            self._dynamics(body, -1, float(m.body_mass[free]), m.body_inertia[free])
            self._surface(body, -1, base_geoms)
        for i, link in enumerate(links):
            tree.mass[i], tree.inertia[i] = mass[i], inertia[i]
            self._dynamics(body, i, mass[i], inertia[i])
            self._surface(body, i, link.geoms)
            if link.dof >= 0:
                tree.dofs.append(link.dof)
                tree.links.append(i)
                self._joint(body, i, link.dof)
        return tree

    def _inertias(self, links: Sequence[_Link]) -> tuple[list[float], list[np.ndarray]]:
        """Mass and principal inertia of each link, armature included."""
        m, p = self.model, self.p
        mass = [float(m.body_mass[k.body]) if k.body >= 0 else 0.0 for k in links]
        inertia = [m.body_inertia[k.body].copy() if k.body >= 0 else np.zeros(3) for k in links]
        heavier, rounder = [0.0] * (len(links) + 1), [0.0] * (len(links) + 1)  # what was added beyond each link
        for i in reversed(range(len(links))):
            link = links[i]
            if link.dof >= 0:
                armature = float(m.dof_armature[link.dof])
                if link.kind == p.JOINT_PRISMATIC:
                    more = max(0.0, armature - heavier[i + 1])
                    mass[i] += more
                    heavier[i + 1] += more
                else:
                    more = max(0.0, armature - rounder[i + 1])
                    inertia[i] = inertia[i] + more
                    rounder[i + 1] += more
            heavier[link.parent] += heavier[i + 1]
            rounder[link.parent] += rounder[i + 1]
        return mass, inertia

    # ------------------------------------------------------------------ what they are made of

    def _by_kind(self, body: int) -> list[list[int]]:
        """A body's solid geoms, those together that touch the same; an ellipsoid, which Bullet has as a hull, alone."""
        by: dict[tuple[tuple[int, int], int], list[int]] = {}
        for geom in self._solids.get(body, ()):
            alone = geom if self.model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_ELLIPSOID else -1
            by.setdefault((self._kind(geom), alone), []).append(geom)
        return list(by.values())

    def _kind(self, geom: int) -> tuple[int, int]:
        return int(self.model.geom_contype[geom]), int(self.model.geom_conaffinity[geom])

    def _shape(self, geoms: Sequence[int], frame: Frame, *, alone: bool = False) -> int:
        """A collision shape of these geoms, of one body; frame: that of the body in the link's. −1 for none."""
        if not geoms:
            return -1
        p, m = self.p, self.model
        shapes = [self._one(geom) for geom in geoms]
        places = [frame if alone else _compose(frame, (m.geom_pos[g].tolist(), m.geom_quat[g].tolist())) for g in geoms]
        if len(geoms) == 1:
            return p.createCollisionShape(
                **shapes[0], collisionFramePosition=places[0][0], collisionFrameOrientation=_xyzw(places[0][1]),
                physicsClientId=self.client,
            )  # fmt: skip
        blank: dict[str, Any] = {"halfExtents": [0.0] * 3, "radius": 0.0, "height": 0.0}
        whole = [blank | shape for shape in shapes]
        return p.createCollisionShapeArray(
            shapeTypes=[s["shapeType"] for s in whole], halfExtents=[s["halfExtents"] for s in whole],
            radii=[s["radius"] for s in whole], lengths=[s["height"] for s in whole],
            collisionFramePositions=[place[0] for place in places],
            collisionFrameOrientations=[_xyzw(place[1]) for place in places], physicsClientId=self.client,
        )  # fmt: skip

    def _one(self, geom: int) -> dict[str, Any]:
        p, size = self.p, self.model.geom_size[geom].tolist()
        kind = mujoco.mjtGeom(int(self.model.geom_type[geom]))
        if kind == mujoco.mjtGeom.mjGEOM_BOX:
            return {"shapeType": p.GEOM_BOX, "halfExtents": size}
        if kind == mujoco.mjtGeom.mjGEOM_SPHERE:
            return {"shapeType": p.GEOM_SPHERE, "radius": size[0]}
        if kind == mujoco.mjtGeom.mjGEOM_CYLINDER:
            return {"shapeType": p.GEOM_CYLINDER, "radius": size[0], "height": 2 * size[1]}
        if kind == mujoco.mjtGeom.mjGEOM_CAPSULE:
            return {"shapeType": p.GEOM_CAPSULE, "radius": size[0], "height": 2 * size[1]}
        if kind == mujoco.mjtGeom.mjGEOM_ELLIPSOID:
            return {"shapeType": p.GEOM_MESH, "vertices": _hull(size)}
        raise EngineError(f"bullet: the geom {self.model.geom(geom).name!r} is a {kind.name}, which it doesn't take")

    def _dynamics(self, body: int, link: int, mass: float, inertia: np.ndarray) -> None:
        self.p.changeDynamics(body, link, mass=mass, localInertiaDiagonal=inertia.tolist(), physicsClientId=self.client)

    def _surface(self, body: int, link: int, geoms: Sequence[int]) -> None:
        """Friction, and who touches whom: Bullet's groups are the model's kinds of contact bits."""
        if not geoms:
            return
        m, first = self.model, geoms[0]
        group, mask = groups(self._kinds)[self._kind(first)]
        self.p.setCollisionFilterGroupMask(body, link, group, mask, physicsClientId=self.client)
        slides, spins, rolls = m.geom_friction[first].tolist()
        six = int(m.geom_condim[first]) == 6
        self.p.changeDynamics(
            body, link, lateralFriction=slides, spinningFriction=spins if six else 0.0,
            rollingFriction=rolls if six else 0.0, restitution=0.0, contactProcessingThreshold=0.0,
            physicsClientId=self.client,
        )  # fmt: skip
        self.built.geom_of[body, link] = first

    def _joint(self, body: int, link: int, dof: int) -> None:
        """Limits; and no motor but dry friction, for Bullet gives every joint one that holds it."""
        m, p = self.model, self.p
        joint = int(m.dof_jntid[dof])
        p.setJointMotorControl2(
            body, link, p.VELOCITY_CONTROL, targetVelocity=0.0, force=float(m.dof_frictionloss[dof]),
            physicsClientId=self.client,
        )  # fmt: skip
        if m.jnt_limited[joint] and not m.jnt_margin[joint]:  # a cushion is a stop by itself
            low, high = (m.jnt_range[joint] - m.qpos0[m.jnt_qposadr[joint]]).tolist()
            p.changeDynamics(
                body, link, jointLowerLimit=low, jointUpperLimit=high, jointLimitForce=1e6, physicsClientId=self.client
            )


def groups(kinds: Sequence[Kind]) -> dict[Kind, tuple[int, int]]:
    """For each kind of solid (contype, conaffinity) Bullet's group and mask: two meet if each mask has the other's."""
    return {
        a: (1 << i, sum(1 << k for k, b in enumerate(kinds) if (a[0] & b[1]) or (b[0] & a[1])))
        for i, a in enumerate(kinds)
    }


def _hull(radii: Sequence[float]) -> list[list[float]]:
    rings, around = ELLIPSOID
    up = np.pi * np.arange(rings + 1) / rings
    way = 2.0 * np.pi * np.arange(around) / around
    points = {
        (round(np.sin(a) * np.cos(b), 12), round(np.sin(a) * np.sin(b), 12), round(np.cos(a), 12))
        for a in up
        for b in way
    }
    return [[x * radii[0], y * radii[1], z * radii[2]] for x, y, z in sorted(points)]


def _still() -> Frame:
    return [0.0] * 3, [1.0, 0.0, 0.0, 0.0]


def _inertial(model: mujoco.MjModel, body: int) -> Frame:
    """A body's principal frame in its own."""
    return model.body_ipos[body].tolist(), model.body_iquat[body].tolist()


def _compose(a: Frame, b: Frame) -> Frame:
    at, turn = np.zeros(3), np.zeros(4)
    mujoco.mju_rotVecQuat(at, np.array(b[0]), np.array(a[1]))
    mujoco.mju_mulQuat(turn, np.array(a[1]), np.array(b[1]))
    return (at + a[0]).tolist(), turn.tolist()


def _inverse(a: Frame) -> Frame:
    at, turn = np.zeros(3), np.zeros(4)
    mujoco.mju_negQuat(turn, np.array(a[1]))
    mujoco.mju_rotVecQuat(at, -np.array(a[0]), turn)
    return at.tolist(), turn.tolist()


def _xyzw(quat: Sequence[float] | np.ndarray) -> list[float]:
    w, x, y, z = (float(v) for v in quat)
    return [x, y, z, w]
