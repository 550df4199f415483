"""What mechanisms are made of: light bodies on stiff stops, springs, detents, drives and locks.

Every moving body is gravity-compensated: real mechanisms are balanced or sprung against their weight, and this way one
settles where it was put, in a panel of any tilt, and sleeps. Names are `<control>/<part>`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, sin
from typing import Literal

import mujoco
import numpy as np

from switch_bench.controls import contact
from switch_bench.network.declare import Value

Vec = Sequence[float]
Rgb = tuple[float, float, float]

SHAPES = {
    "box": mujoco.mjtGeom.mjGEOM_BOX,
    "cylinder": mujoco.mjtGeom.mjGEOM_CYLINDER,
    "capsule": mujoco.mjtGeom.mjGEOM_CAPSULE,
    "ellipsoid": mujoco.mjtGeom.mjGEOM_ELLIPSOID,
    "sphere": mujoco.mjtGeom.mjGEOM_SPHERE,
}
JOINTS = {"slide": mujoco.mjtJoint.mjJNT_SLIDE, "hinge": mujoco.mjtJoint.mjJNT_HINGE}


def turn(axis: Literal["x", "y", "z"], angle: float) -> list[float]:
    """Quaternion (w, x, y, z) of a rotation by `angle` [rad] about an axis of the parent's frame."""
    c, s = cos(angle / 2), sin(angle / 2)
    return [c, s * (axis == "x"), s * (axis == "y"), s * (axis == "z")]


def facing(z: Vec, x: Vec) -> list[float]:
    """Quaternion (w, x, y, z) of the frame whose z and x axes are these (unit, perpendicular)."""
    y = [z[1] * x[2] - z[2] * x[1], z[2] * x[0] - z[0] * x[2], z[0] * x[1] - z[1] * x[0]]
    q = np.zeros(4)
    mujoco.mju_mat2Quat(q, np.array([x, y, z], dtype=float).T.flatten())
    return [float(v) for v in q]


def contrast(colour: Rgb) -> Rgb:
    """Near black on light colours, near white on dark ones."""
    luma = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
    return (0.08, 0.08, 0.09) if luma > 0.4 else (0.95, 0.95, 0.93)


def _in_free_tree(body: mujoco.MjsBody) -> bool:
    at: mujoco.MjsBody | None = body
    while at is not None and at.name != "world":
        if len(at.joints):
            return True
        at = at.parent
    return False


@dataclass(frozen=True, kw_only=True)
class Cushion:
    """How a joint's stops are cushioned: from `depth` before a stop to `past` behind it [m | rad].

    push: the hardest push it must bear [N | N·m]. free_low: the lower end is no stop, a spring holds it.
    """

    depth: float
    past: float
    push: float
    free_low: bool = False


@dataclass
class Mechanism:
    """One moving body of a control while it is being built, and everything named so far."""

    spec: mujoco.MjSpec
    body: mujoco.MjsBody
    name: str
    geoms: list[str] = field(default_factory=list)

    @classmethod
    def on(cls, spec: mujoco.MjSpec, panel: mujoco.MjsBody, name: str, at: Vec) -> Mechanism:
        """A new moving body at `at` in the panel's frame; a tree that may sleep, if the panel is fixed."""
        spec.compiler.degree = False
        body = panel.add_body(name=name, pos=list(at), gravcomp=1.0)
        if not _in_free_tree(panel):
            body.sleep = mujoco.mjtSleepPolicy.mjSLEEP_ALLOWED
        return cls(spec, body, name)

    def geom(
        self,
        part: str,
        shape: str,
        size: Vec,
        at: Vec = (0.0, 0.0, 0.0),
        *,
        rgb: Rgb,
        mass: float = 0.002,
        alpha: float = 1.0,
        quat: Vec | None = None,
        ends: Vec | None = None,
        solid: bool = True,
    ) -> str:
        """Add a geom (`size`: half extents, or a capsule's radius and `ends` x1 y1 z1 x2 y2 z2); returns its name."""
        bits = contact.CONTROL if solid else contact.NONE
        name = f"{self.name}/{part}"
        geom = self.body.add_geom(
            name=name,
            type=SHAPES[shape],
            size=[*size, *([0.0] * (3 - len(size)))],
            rgba=[*rgb, alpha],
            mass=mass if solid else 0.0,
            contype=bits.contype,
            conaffinity=bits.conaffinity,
            condim=3,
            friction=list(contact.FRICTION),
            solref=list(contact.SOLREF),
            solimp=list(contact.SOLIMP),
        )
        if ends is not None:
            geom.fromto = list(ends)
        else:
            geom.pos = list(at)
            geom.quat = list(quat) if quat is not None else [1.0, 0.0, 0.0, 0.0]
        self.geoms.append(name)
        return name

    def backdrop(self, panel: mujoco.MjsBody, part: str, size: Vec, at: Vec, rgb: Rgb) -> str:
        """Add a box (half extents `size`) to the panel itself, only there to be seen (a slot); returns its name."""
        name = f"{self.name}/{part}"
        bits = contact.NONE
        panel.add_geom(
            name=name,
            type=SHAPES["box"],
            size=list(size),
            pos=list(at),
            rgba=[*rgb, 1.0],
            mass=0.0,
            contype=bits.contype,
            conaffinity=bits.conaffinity,
        )
        self.geoms.append(name)
        return name

    def joint(
        self,
        kind: Literal["slide", "hinge"],
        axis: Vec,
        limits: tuple[float, float],
        *,
        part: str = "joint",
        armature: float,
        damping: float,
        stiffness: float = 0.0,
        friction: float = 0.0,
        cushion: Cushion | None = None,
    ) -> str:
        """Add a joint between stiff stops at `limits` [m | rad], its spring at rest at 0; returns its name.

        armature [kg | kg·m²], damping [N·s/m | N·m·s/rad], stiffness [N/m | N·m/rad], friction [N | N·m].
        """
        name = f"{self.name}/{part}"
        solref: Vec = contact.STOP_SOLREF
        solimp: Vec = contact.STOP_SOLIMP
        margin = 0.0
        if cushion is not None:
            low, high = limits
            margin = cushion.depth + cushion.past
            # A free lower end is a spring's rest, so far from the lower limit that its cushion is never felt.
            limits = (low - (1.2 * margin if cushion.free_low else cushion.past), high + cushion.past)
            spring = contact.CUSHION_GAP * cushion.push / (armature * margin)
            solref = (-spring, -contact.CUSHION_DAMPING)
            solimp = (*contact.CUSHION_SOLIMP, margin, contact.CUSHION_MIDPOINT, contact.CUSHION_POWER)
        self.body.add_joint(
            name=name,
            type=JOINTS[kind],
            axis=list(axis),
            limited=mujoco.mjtLimited.mjLIMITED_TRUE,
            range=list(limits),
            armature=armature,
            damping=[damping, 0.0, 0.0],
            stiffness=[stiffness, 0.0, 0.0],
            frictionloss=friction,
            margin=margin,
            solref_limit=list(solref),
            solimp_limit=list(solimp),
        )
        return name

    def site(self, part: str, at: Vec, quat: Vec = (1.0, 0.0, 0.0, 0.0)) -> str:
        """Add a site that moves with the body; returns its name."""
        name = f"{self.name}/{part}"
        self.body.add_site(name=name, pos=list(at), quat=list(quat), size=[0.001, 0.0, 0.0], group=5)
        return name

    def detent(self, joint: str, stiffness: float, force: float, part: str = "detent") -> str:
        """A weak position actuator: pulls the joint to its `ctrl` with `stiffness`, at most `force` [N | N·m]."""
        name = f"{self.name}/{part}"
        self._actuator(name, joint, force, gain=(stiffness, 0.0, 0.0), bias=(0.0, -stiffness, 0.0))
        return name

    def catch(self, joint: str, stiffness: float, force: float, free: float, part: str = "detent") -> str:
        """A detent that pulls to 0 while its `ctrl` is 0 and lets go altogether while its `ctrl` is `free`."""
        name = f"{self.name}/{part}"
        self._actuator(name, joint, force, gain=(0.0, stiffness / free, 0.0), bias=(0.0, -stiffness, 0.0))
        return name

    def drives(
        self, joint: str, driven: Mapping[Value, float], *, force: float, reach: float, time: float
    ) -> dict[Value, str]:
        """For each value of the drive signal an actuator that moves the joint to its place while its `ctrl` is 1.

        At `ctrl` 0 it exerts nothing. force: the most it does [N | N·m], falling off in the last tenth of the way.
        time: what it takes for the whole `reach` [m | rad], if nothing resists [s].
        """
        names = {}
        stiffness = force / (0.1 * reach)
        for i, (value, target) in enumerate(driven.items()):
            names[value] = f"{self.name}/drive_{i}"
            gain = (stiffness * target, -stiffness, -force * time / reach)
            self._actuator(names[value], joint, force, gain=gain, bias=None)
        return names

    def lock(self, joint: str, at: float, part: str = "lock", active: bool = False) -> str:
        """An equality constraint that holds the joint at `at` while active; returns its name."""
        name = f"{self.name}/{part}"
        equality = self.spec.add_equality(
            name=name,
            type=mujoco.mjtEq.mjEQ_JOINT,
            name1=joint,
            active=active,
            solref=list(contact.STOP_SOLREF),
            solimp=list(contact.STOP_SOLIMP),
        )
        equality.data[:] = 0.0
        equality.data[0] = at
        return name

    def _actuator(self, name: str, joint: str, force: float, gain: Vec, bias: Vec | None) -> None:
        affine = gain[1] != 0.0 or gain[2] != 0.0
        actuator = self.spec.add_actuator(
            name=name,
            trntype=mujoco.mjtTrn.mjTRN_JOINT,
            target=joint,
            gaintype=mujoco.mjtGain.mjGAIN_AFFINE if affine else mujoco.mjtGain.mjGAIN_FIXED,
            biastype=mujoco.mjtBias.mjBIAS_NONE if bias is None else mujoco.mjtBias.mjBIAS_AFFINE,
            forcelimited=mujoco.mjtLimited.mjLIMITED_TRUE,
            forcerange=[-force, force],
        )
        actuator.gainprm[:3] = gain
        if bias is not None:
            actuator.biasprm[:3] = bias
