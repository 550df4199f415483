"""The `hand`: a base that rolls over the floor, a head that looks, and a force-limited hand with two fingers.

Frames: x forward, y left, z up. The base stands at its joints' (x, y, yaw) in the world. The carriage's joints are the
wrist's place in the base's frame. The wrist turns by pitch (down positive), then yaw, then roll, so that it has no
singularity with the fingers anywhere between up and down, whatever the roll; only straight sideways it has one.

The site `hand/tip` is the foremost point of the closed fingertips: z out of the fingertips, x from one finger to the
other. A hand is set to a control's grip when its tip faces the grip's site: tip z = −grip z, tip x = ± grip x.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin
from typing import Any

import mujoco

from switch_bench.controls import contact
from switch_bench.controls.mechanism import facing, turn

TRUNK_RADIUS, TRUNK_TOP = 0.18, 1.25  # m
HEAD_HEIGHT = 1.5  # m
ZOOMED = 15.0  # deg, what the head sees from top to bottom when it reads: 4.4 times as large as at 60
FINGER_RADIUS = 0.0045  # m: a 9 mm fingertip fits a 12 mm key
FINGER_LENGTH = 0.075  # m beyond the palm
CLOSED = 0.004  # m between the fingers' axes when closed: the pads give way, so the two press as one fingertip
OPENING = 0.095  # m of further opening, for things up to 90 mm wide
SLACK = 0.002  # m the fingers could still close: at rest they lean on no stop, and the solver has nothing to do
PALM = 0.05  # m, wrist to the fingers' roots
TIP = PALM + FINGER_LENGTH + FINGER_RADIUS  # m, wrist to tip

FORCE = 25.0  # N, each axis of the carriage: about the push of an index finger, 20-40 N (DIN 33411-5, Peebles 2003)
GRIP_FORCE = 14.0  # N at each finger; a precision pinch is at most 50-70 N (Mathiowetz 1985), a gentle one a quarter
BASE_FORCE, BASE_TORQUE = 80.0, 60.0  # N, N·m: stands against the hand's 25 N at arm's length
WRIST_TORQUE = (5.0, 4.0, 2.5)  # N·m: pitch, yaw, roll
HEAD_TORQUE = 8.0  # N·m


@dataclass(frozen=True)
class Axis:
    """One actuated axis: joint `name` within `limits` [m | rad], starting at `home`.

    stiffness [N/m | N·m/rad] and damping [N·s/m | N·m·s/rad] of its position actuator, force [N | N·m] its limit.
    """

    name: str
    limits: tuple[float, float]
    home: float
    stiffness: float
    damping: float
    force: float


# Stiffness is such that a full action (hand 2 cm, wrist 0.1 rad) is just what saturates the force: from rest a target
# may lead by one action, and no further.
BASE = (
    Axis("base_x", (-100.0, 100.0), 0.0, 16_000.0, 1_300.0, BASE_FORCE),
    Axis("base_y", (-100.0, 100.0), 0.0, 16_000.0, 1_300.0, BASE_FORCE),
    Axis("base_yaw", (-1e4, 1e4), 0.0, 4_000.0, 200.0, BASE_TORQUE),
)
HEAD = (
    Axis("head_pan", (-2.6, 2.6), 0.0, 30.0, 2.5, HEAD_TORQUE),
    Axis("head_tilt", (-1.2, 1.3), 0.35, 30.0, 2.5, HEAD_TORQUE),
)
CARRIAGE = (
    Axis("hand_x", (0.15, 0.85), 0.35, 1_250.0, 62.5, FORCE),
    Axis("hand_y", (-0.45, 0.45), -0.2, 1_250.0, 62.5, FORCE),
    Axis("hand_z", (0.1, 2.0), 1.0, 1_250.0, 62.5, FORCE),
)
WRIST = (
    Axis("wrist_pitch", (-1.4, 2.2), 0.0, 50.0, 2.2, WRIST_TORQUE[0]),
    Axis("wrist_yaw", (-1.45, 1.45), 0.0, 40.0, 2.0, WRIST_TORQUE[1]),
    Axis("wrist_roll", (-3.6, 3.6), 0.0, 25.0, 1.1, WRIST_TORQUE[2]),
)
GRIP = Axis("grip", (0.0, OPENING), 0.0, 900.0, 12.0, GRIP_FORCE)
MIDDLE = Axis("middle", (0.0, 0.0), 0.0, 3_000.0, 25.0, FORCE)  # keeps what is held in the middle: not commanded
AXES = (*BASE, *HEAD, *CARRIAGE, *WRIST, GRIP)  # in this order in `ctrl`; in `qpos` the grip is two fingers


@dataclass(frozen=True)
class Hand:
    """What `add_hand` added, by name.

    joints: 13 in the order of `qpos` (base 3, head 2, carriage 3, wrist 3, left and right finger [m from closed]).
    actuators: 12 in the order of `ctrl`. home: (13,) joint positions, home_ctrl: (12,) targets [m | rad]. geoms: what
    counts as the body when it touches something; fingertips: those of the two fingers. zoom: the camera that
    is the head's through a longer lens.
    """

    joints: tuple[str, ...]
    actuators: tuple[str, ...]
    geoms: tuple[str, ...]
    fingertips: tuple[str, str]
    bodies: tuple[str, ...]
    cameras: tuple[str, str] = ("head", "wrist")
    zoom: str = "zoom"
    tip: str = "hand/tip"
    wrist: str = "hand/wrist"
    base: str = "hand/base"
    home: tuple[float, ...] = (*(a.home for a in AXES[:-1]), 0.0, 0.0)
    home_ctrl: tuple[float, ...] = tuple(a.home for a in AXES)


def add_hand(spec: mujoco.MjSpec, at: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Hand:
    """Add the hand to the room, standing at `at` (x, y [m], yaw [rad]): the values its base joints have at `qpos0`."""
    slide, hinge = mujoco.mjtJoint.mjJNT_SLIDE, mujoco.mjtJoint.mjJNT_HINGE
    spec.compiler.degree = False
    place = spec.worldbody.add_body(name="hand/place", pos=[at[0], at[1], 0.0])
    place.sleep = mujoco.mjtSleepPolicy.mjSLEEP_NEVER
    _light(place, 0.5)
    _joint(place, BASE[0], slide, (1, 0, 0), ref=at[0], limited=False)
    _joint(place, BASE[1], slide, (0, 1, 0), ref=at[1], limited=False)
    geoms: list[str] = []
    trunk = place.add_body(name="hand/base", gravcomp=1.0, quat=turn("z", at[2]))
    _joint(trunk, BASE[2], hinge, (0, 0, 1), ref=at[2], armature=0.5, limited=False)
    low = 0.03
    middle, half = (TRUNK_TOP + low) / 2, (TRUNK_TOP - low) / 2
    _geom(trunk, geoms, "trunk", "cylinder", (TRUNK_RADIUS, half), (0, 0, middle), (0.74, 0.76, 0.79), 20.0, dim=1)
    _geom(trunk, geoms, "mast", "cylinder", (0.03, 0.1), (0, 0, TRUNK_TOP + 0.08), (0.5, 0.5, 0.52), 0.5, dim=1)
    _add_head(spec, trunk, geoms)
    fingertips = _add_arm(spec, trunk, geoms)
    for axis in (*AXES, MIDDLE):
        _actuator(spec, axis)
    bodies = tuple(b.name for b in spec.bodies if b.name.startswith("hand/"))
    joints = (*(f"hand/{a.name}" for a in AXES[:-1]), "hand/left", "hand/right")
    return Hand(joints, tuple(f"hand/{a.name}" for a in AXES), tuple(geoms), fingertips, bodies)


def _add_head(spec: mujoco.MjSpec, trunk: mujoco.MjsBody, geoms: list[str]) -> None:
    hinge = mujoco.mjtJoint.mjJNT_HINGE
    pan = trunk.add_body(name="hand/neck", pos=[0, 0, HEAD_HEIGHT], gravcomp=1.0)
    _joint(pan, HEAD[0], hinge, (0, 0, 1), armature=0.05)
    _geom(pan, geoms, "neck", "cylinder", (0.02, 0.04), (0, 0, -0.06), (0.5, 0.5, 0.52), 0.2, solid=False)
    tilt = pan.add_body(name="hand/head", gravcomp=1.0, quat=turn("y", HEAD[1].home))
    _joint(tilt, HEAD[1], hinge, (0, 1, 0), ref=HEAD[1].home, armature=0.05)
    _geom(tilt, geoms, "head", "ellipsoid", (0.05, 0.075, 0.045), (0, 0, 0), (0.85, 0.86, 0.88), 0.5, dim=1)
    for name, fovy in (("head", 60.0), ("zoom", ZOOMED)):
        tilt.add_camera(name=name, pos=[0.055, 0, 0], quat=_looking_forward(0.0), fovy=fovy)


def _add_arm(spec: mujoco.MjSpec, trunk: mujoco.MjsBody, geoms: list[str]) -> tuple[str, str]:
    slide, hinge = mujoco.mjtJoint.mjJNT_SLIDE, mujoco.mjtJoint.mjJNT_HINGE
    body = trunk
    for axis, direction in zip(CARRIAGE, ((1, 0, 0), (0, 1, 0), (0, 0, 1)), strict=True):
        body = body.add_body(name=f"hand/{axis.name}", gravcomp=1.0, pos=[axis.home * d for d in direction])
        _light(body, 0.05)
        _joint(body, axis, slide, direction, ref=axis.home, armature=0.1)
    for axis, direction in zip(WRIST, ((0, 1, 0), (0, 0, 1), (1, 0, 0)), strict=True):
        body = body.add_body(name=f"hand/{axis.name}", gravcomp=1.0)
        _light(body, 0.02)
        _joint(body, axis, hinge, direction, armature=0.015)
    palm = body.add_body(name="hand/palm", gravcomp=1.0)
    skin, dark = (0.80, 0.62, 0.50), (0.22, 0.24, 0.28)
    _geom(palm, geoms, "palm", "box", (0.022, 0.036, 0.014), (PALM - 0.022, 0, 0), dark, 0.35)
    _geom(
        palm,
        geoms,
        "knuckles",
        "capsule",
        (0.012,),
        None,
        dark,
        0.1,
        ends=(PALM - 0.012, -0.05, 0, PALM - 0.012, 0.05, 0),
    )
    _geom(palm, geoms, "forearm", "capsule", (0.026,), None, (0.36, 0.38, 0.43), 0.25, ends=(-0.16, 0, 0, -0.005, 0, 0))
    palm.add_site(name="hand/wrist", size=[0.002, 0, 0], group=5)
    palm.add_site(name="hand/tip", pos=[TIP, 0, 0], quat=facing((1, 0, 0), (0, -1, 0)), size=[0.002, 0, 0], group=5)
    palm.add_camera(name="wrist", pos=[PALM - 0.01, 0, 0.06], quat=_looking_forward(0.55), fovy=70.0)
    tips = []
    for side, sign in (("left", 1.0), ("right", -1.0)):
        finger = palm.add_body(name=f"hand/{side}_finger", pos=[PALM, sign * CLOSED / 2, 0], gravcomp=1.0)
        axis = Axis(side, (-SLACK, OPENING / 2), 0.0, 0.0, 0.0, 0.0)
        _joint(finger, axis, slide, (0, sign, 0), armature=0.05, damping=2.0)
        tip = f"{side}_finger"
        ends = (0.0, 0, 0, FINGER_LENGTH, 0, 0)
        _geom(finger, geoms, tip, "capsule", (FINGER_RADIUS,), None, skin, 0.04, ends=ends, dim=6)
        tips.append(f"hand/{tip}")
    for name, sign in (("hand/opening", 1.0), ("hand/middle", -1.0)):
        tendon = spec.add_tendon(name=name)
        tendon.wrap_joint("hand/left", 1.0)
        tendon.wrap_joint("hand/right", sign)
    return tips[0], tips[1]


def _joint(
    body: mujoco.MjsBody,
    axis: Axis,
    kind: Any,
    direction: tuple[int | float, ...],
    *,
    ref: float = 0.0,
    armature: float = 0.0,
    damping: float = 0.0,
    limited: bool = True,
) -> None:
    body.add_joint(
        name=f"hand/{axis.name}",
        type=kind,
        axis=list(direction),
        ref=ref,
        limited=mujoco.mjtLimited.mjLIMITED_TRUE if limited else mujoco.mjtLimited.mjLIMITED_FALSE,
        range=list(axis.limits) if limited else [0.0, 0.0],
        armature=armature,
        damping=[damping, 0.0, 0.0],
        solref_limit=list(contact.STOP_SOLREF),
        solimp_limit=list(contact.STOP_SOLIMP),
    )


def _geom(
    body: mujoco.MjsBody,
    geoms: list[str],
    part: str,
    shape: str,
    size: tuple[float, ...],
    at: tuple[float, float, float] | None,
    rgb: tuple[float, float, float],
    mass: float,
    *,
    ends: tuple[float, ...] | None = None,
    dim: int = 3,
    solid: bool = True,
) -> None:
    bits = contact.HAND if solid else contact.NONE
    geom = body.add_geom(
        name=f"hand/{part}",
        type=getattr(mujoco.mjtGeom, f"mjGEOM_{shape.upper()}"),
        size=[*size, *([0.0] * (3 - len(size)))],
        rgba=[*rgb, 1.0],
        mass=mass,
        contype=bits.contype,
        conaffinity=bits.conaffinity,
        condim=dim,
        friction=list(contact.PAD_FRICTION if dim == 6 else contact.FRICTION),
        solref=list(contact.SOLREF),
        solimp=list(contact.SOLIMP),
    )
    if at is not None:
        geom.pos = list(at)
    if ends is not None:
        geom.fromto = list(ends)
    geoms.append(geom.name)


def _actuator(spec: mujoco.MjSpec, axis: Axis) -> None:
    tendon = {GRIP.name: "hand/opening", MIDDLE.name: "hand/middle"}.get(axis.name)
    actuator = spec.add_actuator(
        name=f"hand/{axis.name}",
        trntype=mujoco.mjtTrn.mjTRN_TENDON if tendon else mujoco.mjtTrn.mjTRN_JOINT,
        target=tendon or f"hand/{axis.name}",
        gaintype=mujoco.mjtGain.mjGAIN_FIXED,
        biastype=mujoco.mjtBias.mjBIAS_AFFINE,
        forcelimited=mujoco.mjtLimited.mjLIMITED_TRUE,
        forcerange=[-axis.force, axis.force],
    )
    actuator.gainprm[0] = axis.stiffness
    actuator.biasprm[:3] = [0.0, -axis.stiffness, -axis.damping]


def _light(body: mujoco.MjsBody, mass: float) -> None:
    """Give a body without solids a small inertia of its own."""
    body.mass, body.inertia, body.explicitinertial = mass, [1e-3 * mass] * 3, True


def _looking_forward(down: float) -> list[float]:
    """A camera's quaternion that looks along x, turned down by `down` [rad]; its image is upright."""
    return facing((-cos(down), 0.0, sin(down)), (0.0, -1.0, 0.0))
