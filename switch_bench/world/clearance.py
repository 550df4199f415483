"""How far the body is from all that it could touch, so that steps in which nothing can meet do without the search.

Half of what a physics step costs is the search for contacts. Where the body is further from everything than it can move
in the coming run of steps there is none to find, and the step of a model with contacts switched off is the same, bit
for bit. The distance is a lower bound: from rings round the trunk's axis, and spheres that hold the hand's parts, to
boxes that hold all that stands about. It is worked out anew only once the body may have used it up.

Nothing here decides what happens, only what it costs: a world without a clearance has the same events and states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from math import ceil, hypot, sqrt
from typing import NamedTuple

import mujoco
import numpy as np

from switch_bench.bodies.hand import Hand
from switch_bench.world.handles import Handles

REACH = 1.1  # m from the base's axis to the fingertips, at most: 0.85 forward, 0.45 sideways, and the fingers
ROAMED = 0.5  # m the trunk goes until what stands about it is listed anew
FAR = 0.6  # m: what is further off than this counts as this far off
NEIGHBOURS = FAR + ROAMED + REACH  # m round the trunk: what is listed
LEVER = 0.2  # m from the wrist to the fingertips and to the forearm's end, at most
STALE = 0.005  # s: poses are those before the last physics step
SLACK = 1.5  # on how far targets and speeds let a joint move; tests/world/test_clearance.py looks for what breaks it
LEAST = 0.004  # m: and this beside
SWEPT = 0.12  # m: what stays within this of its place is held by a box for wherever it may be
TURNS = 12  # parts of a hinge's range at whose ends a control's box is taken
MADE = 32  # models kept, of some 0.4 MB
PAST_SLIDE, PAST_HINGE = 0.003, 0.05  # m, rad: how far beyond its range a joint may be pushed


@dataclass(frozen=True)
class Spheres:
    """Spheres that hold the hand's geoms: body ids (n,), centres (n, 3) in the bodies' frames, radii (n,) [m]."""

    bodies: np.ndarray
    centres: np.ndarray
    radii: np.ndarray

    def at(self, data: mujoco.MjData) -> np.ndarray:
        """(n, 3) where their centres are [m]."""
        axes = data.xmat[self.bodies].reshape(-1, 3, 3)
        return data.xpos[self.bodies] + (axes @ self.centres[:, :, None])[:, :, 0]


@dataclass(frozen=True)
class Surroundings:
    """What a room's clearance is measured by, the same for all its worlds.

    geoms: (n,) what the body can touch. low, high: (n, 3) corners [m] of boxes along the axes that hold each, in the
    state at the start. wide: (m,) rows of those that can leave their box. loose: places in the handles' `trees` of what
    those belong to. base: the trunk's body, rings: (low, high, radius) [m] of what turns about its axis and never rises
    or sinks; palm, fingers: the rest of the body. mounted: body → rows, of what is fixed to its place. bare: the model
    without contacts. full: the room's own.
    """

    geoms: np.ndarray
    low: np.ndarray
    high: np.ndarray
    wide: np.ndarray
    loose: frozenset[int]
    base: int
    rings: tuple[tuple[float, float, float], ...]
    palm: Spheres
    fingers: Spheres
    trunk_bodies: tuple[int, ...]
    palm_bodies: tuple[int, ...]
    mounted: Mapping[int, np.ndarray]
    full: mujoco.MjModel
    bare: mujoco.MjModel
    made: dict[tuple[frozenset[int], bool], mujoco.MjModel] = field(default_factory=dict)

    def near(self, far: frozenset[int], palm: bool) -> mujoco.MjModel:
        """The model in which the trunk, bodies that are `far`, and, unless `palm`, the palm have no contacts."""
        key = (far, palm)
        model = self.made.get(key)
        if model is None:
            model = copy(self.full)
            for body in (*far, *self.trunk_bodies, *(() if palm else self.palm_bodies)):
                model.body_contype[body] = model.body_conaffinity[body] = 0
            if len(self.made) >= MADE:
                self.made.clear()
            self.made[key] = model
        return model


def survey(model: mujoco.MjModel, data: mujoco.MjData, hand: Hand, handles: Handles) -> Surroundings:
    """Survey a room in the state in which its worlds start."""
    own = [g for g in range(model.ngeom) if handles.hand_geom[g]]
    solid = [g for g in own if model.geom_contype[g] or model.geom_conaffinity[g]]
    kinds = {(int(model.geom_contype[g]), int(model.geom_conaffinity[g])) for g in solid}
    met = np.zeros(model.ngeom, bool)
    for contype, conaffinity in kinds:
        met |= ((model.geom_contype & conaffinity) | (model.geom_conaffinity & contype)) != 0
    met[own] = False
    ids = np.flatnonzero(met)
    low, high, wide = _swept(model, data, ids)
    trees = model.body_treeid[model.geom_bodyid[ids]]
    loose = frozenset(i for i, tree in enumerate(handles.trees.tolist()) if wide[trees == tree].any())
    carriage = model.body("hand/hand_x").id
    arm = [g for g in solid if _below(model, int(model.geom_bodyid[g]), carriage)]
    trunk = [g for g in solid if g not in arm]
    palm = [g for g in arm if model.geom(g).name not in hand.fingertips]
    fingers = [g for g in arm if g not in palm]
    bare = copy(model)
    bare.opt.disableflags |= mujoco.mjtDisableBit.mjDSBL_CONTACT
    base = model.body(hand.base).id
    bodies = model.geom_bodyid[ids]
    return Surroundings(
        geoms=ids,
        low=low,
        high=high,
        wide=np.flatnonzero(wide),
        loose=loose,
        base=base,
        rings=tuple(_ring(model, data, base, geom) for geom in trunk),
        palm=_spheres(model, palm),
        fingers=_spheres(model, fingers),
        trunk_bodies=tuple({int(model.geom_bodyid[g]) for g in trunk}),
        palm_bodies=tuple({int(model.geom_bodyid[g]) for g in palm}),
        mounted={int(b): np.flatnonzero(bodies == b) for b in np.unique(bodies[(trees >= 0) & ~wide])},
        full=model,
        bare=bare,
    )


def boxes(model: mujoco.MjModel, data: mujoco.MjData, geoms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(n, 3), (n, 3): corners [m] of the boxes along the axes that hold each of these geoms."""
    if (model.geom_type[geoms] == mujoco.mjtGeom.mjGEOM_PLANE).any():
        raise ValueError("clearance: a plane has no box that holds it; floors and walls are boxes")
    axes = data.geom_xmat[geoms].reshape(-1, 3, 3)
    middle = data.geom_xpos[geoms] + (axes @ model.geom_aabb[geoms, :3, None])[:, :, 0]
    half = (np.abs(axes) @ model.geom_aabb[geoms, 3:, None])[:, :, 0]
    return middle - half, middle + half


def _swept(model: mujoco.MjModel, data: mujoco.MjData, geoms: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Corners of boxes that hold each geom wherever its joints may be, and whether that would be too much room.

    What is too wide has the box that holds it in the state of `data`.
    """
    low, high = boxes(model, data, geoms)
    tree = model.body_treeid[model.geom_bodyid[geoms]]
    wide = np.zeros(len(geoms), bool)
    mine = np.isin(np.arange(model.ntree), tree)
    joint_tree = model.dof_treeid[model.jnt_dofadr]
    joints = np.flatnonzero(mine[joint_tree])
    free = joints[model.jnt_limited[joints] == 0]
    kind = model.jnt_type[joints]
    hinges = np.setdiff1d(joints[kind == mujoco.mjtJoint.mjJNT_HINGE], free)
    slides = np.setdiff1d(joints[kind == mujoco.mjtJoint.mjJNT_SLIDE], free)
    rows = np.flatnonzero(tree >= 0)
    some = geoms[rows]
    reach = np.zeros(len(rows))
    for joint in hinges:
        its = tree[rows] == joint_tree[joint]
        arm = np.linalg.norm(data.geom_xpos[some[its]] - data.xanchor[joint], axis=1) + model.geom_rbound[some[its]]
        reach[its] += arm * (np.ptp(model.jnt_range[joint]) + 2 * PAST_HINGE) / TURNS / 2
    moved = mujoco.MjData(model)  # awake as a whole, as `data` isn't: what sleeps has its poses kept
    moved.qpos[:] = data.qpos
    least, most = low[rows], high[rows]
    for end, past in ((0, -PAST_SLIDE), (1, PAST_SLIDE)):
        moved.qpos[model.jnt_qposadr[slides]] = model.jnt_range[slides, end] + past
        for share in np.linspace(0.0, 1.0, TURNS + 1):
            first, last = model.jnt_range[hinges, 0] - PAST_HINGE, model.jnt_range[hinges, 1] + PAST_HINGE
            moved.qpos[model.jnt_qposadr[hinges]] = first + share * (last - first)
            mujoco.mj_kinematics(model, moved)
            here_low, here_high = boxes(model, moved, some)
            least, most = np.minimum(least, here_low), np.maximum(most, here_high)
    least, most = least - reach[:, None], most + reach[:, None]
    far = np.maximum(low[rows] - least, most - high[rows]).max(axis=1) > SWEPT
    wide[rows] = np.isin(tree[rows], np.concatenate([tree[rows][far], joint_tree[free]]))
    kept = rows[~wide[rows]]
    low[kept], high[kept] = least[~wide[rows]], most[~wide[rows]]
    return low, high, wide


def _below(model: mujoco.MjModel, body: int, root: int) -> bool:
    while body:
        if body == root:
            return True
        body = int(model.body_parentid[body])
    return False


def _ring(model: mujoco.MjModel, data: mujoco.MjData, base: int, geom: int) -> tuple[float, float, float]:
    """(low, high, radius) [m] of the ring about the base's axis that holds a geom, however the head turns."""
    middle, spread = data.geom_xpos[geom], float(model.geom_rbound[geom])
    low, high = boxes(model, data, np.array([geom]))
    upright = int(model.geom_bodyid[geom]) == base
    off = middle - data.xpos[base]
    tall = float(high[0, 2] - low[0, 2]) / 2 if upright else spread
    wide = hypot(*model.geom_aabb[geom, 3:5].tolist()) if upright else spread
    if upright and model.geom_type[geom] == mujoco.mjtGeom.mjGEOM_CYLINDER:
        wide = float(model.geom_size[geom, 0])
    return float(middle[2]) - tall, float(middle[2]) + tall, hypot(float(off[0]), float(off[1])) + wide


def _spheres(model: mujoco.MjModel, geoms: Sequence[int]) -> Spheres:
    """Spheres in a row along the longest side of each geom's box, so many that they are hardly thicker than it."""
    bodies, centres, radii = [], [], []
    for geom in geoms:
        turn = np.zeros(9)
        mujoco.mju_quat2Mat(turn, model.geom_quat[geom])
        axes = turn.reshape(3, 3)
        middle, half = model.geom_aabb[geom, :3], model.geom_aabb[geom, 3:]
        along = int(np.argmax(half))
        across = sqrt(float((half**2).sum() - half[along] ** 2))
        n = max(1, ceil(half[along] / max(across, 0.02)))
        step = half[along] / n
        for k in range(n):
            local = middle.copy()
            local[along] += (2 * k + 1 - n) * step
            bodies.append(int(model.geom_bodyid[geom]))
            centres.append(model.geom_pos[geom] + axes @ local)
            radii.append(hypot(step, across))
    return Spheres(np.array(bodies), np.array(centres), np.array(radii))


class Known(NamedTuple):
    """Distances [m] that were measured with the body's joints at `q`, each give or take `stale`."""

    q: Sequence[float]
    distances: tuple[float, ...]
    stale: float


NOTHING = Known([1e9] * 13, (0.0, 0.0), 0.0)


class Clearance:
    """A world's body and what stands about it. It can be worked out anew from the poses: it is no part of the state."""

    def __init__(self, about: Surroundings):
        self.about = about
        self._low, self._high = about.low, about.high
        self._near = self._beside = (self._low, self._high)
        self._radii = np.zeros(0)
        self._centre = (1e9, 1e9)  # of the neighbourhood `_near`
        self._models = (about.full, about.full)  # of the neighbourhood: the hand's, the fingers'
        self._trunk = self._hand = NOTHING

    def fork(self) -> Clearance:
        """One for another world in the same state; the arrays are shared, and never written."""
        return copy(self)

    def forget(self) -> None:
        """What may leave its place does: nothing known holds any more."""
        self._trunk = self._hand = NOTHING
        self._centre = (1e9, 1e9)

    def model(
        self, data: mujoco.MjData, targets: Sequence[float], q: Sequence[float], v: Sequence[float], seconds: float
    ) -> mujoco.MjModel:
        """The cheapest model whose next steps over `seconds` are those of the room's own.

        targets: the body's 12 actuator targets, q and v: positions and velocities of its 13 joints, as in `Hand`.
        """
        need, hand_need = ways(targets, q, v, seconds)
        known = self._trunk
        gone = hypot(q[0] - known.q[0], q[1] - known.q[1]) + known.stale
        if abs(known.distances[0] - need) < gone:
            gone = SLACK * STALE * hypot(v[0], v[1])
            known = self._trunk = Known(q, (self._trunk_to_all(data),), gone)
        if known.distances[0] - gone <= need:
            return self.about.full
        known = self._hand
        gone = swing([abs(a - b) for a, b in zip(q, known.q, strict=True)]) + known.stale
        palm, fingers = known.distances
        if abs(palm - hand_need) < gone or abs(fingers - hand_need) < gone:
            gone = SLACK * STALE * swing([abs(speed) for speed in v])
            palm, fingers = self._to_all(data, self.about.palm), self._to_all(data, self.about.fingers)
            self._hand = Known(q, (palm, fingers), gone)
        if palm - gone <= hand_need:
            return self._models[0]
        return self.about.bare if fingers - gone > hand_need else self._models[1]

    def _trunk_to_all(self, data: mujoco.MjData) -> float:
        """The least distance [m] from the rings to anything, FAR at most."""
        at = self._stand(data)
        low, high = self._beside
        gap = np.maximum(np.maximum(low - at, at - high), 0.0)
        return float((np.sqrt(np.einsum("ij,ij->i", gap, gap)) - self._radii).min(initial=FAR))

    def _to_all(self, data: mujoco.MjData, spheres: Spheres) -> float:
        """The least distance [m] from the spheres to anything, FAR at most."""
        self._stand(data)
        low, high = self._near
        at = spheres.at(data)[:, None, :]
        gap = np.maximum(np.maximum(low - at, at - high), 0.0)
        distance = np.sqrt(np.einsum("ijk,ijk->ij", gap, gap)) - spheres.radii[:, None]
        return float(distance.min(initial=FAR))

    def _stand(self, data: mujoco.MjData) -> np.ndarray:
        """(2,) where the trunk stands. What stands within NEIGHBOURS is listed anew, as it stands now, if need be."""
        at = data.xpos[self.about.base, :2]
        if hypot(at[0] - self._centre[0], at[1] - self._centre[1]) <= ROAMED:
            return at
        about = self.about
        if len(about.wide):
            low, high = about.low.copy(), about.high.copy()
            low[about.wide], high[about.wide] = boxes(about.bare, data, about.geoms[about.wide])
            self._low, self._high = low, high
        gap = np.maximum(np.maximum(self._low[:, :2] - at, at - self._high[:, :2]), 0.0)
        near = np.hypot(gap[:, 0], gap[:, 1]) < NEIGHBOURS
        far = frozenset(body for body, rows in about.mounted.items() if not near[rows].any())
        self._models = (about.near(far, palm=True), about.near(far, palm=False))
        low, high = self._low[near], self._high[near]
        radii = np.full(len(low), -1.0)
        for bottom, top, radius in about.rings:
            level = (low[:, 2] <= top + LEAST) & (high[:, 2] >= bottom - LEAST)
            radii[level] = np.maximum(radii[level], radius)
        beside = radii > 0.0
        self._near, self._beside = (low, high), (low[beside, :2], high[beside, :2])
        self._radii = radii[beside]
        self._centre = (float(at[0]), float(at[1]))
        return at


def ways(targets: Sequence[float], q: Sequence[float], v: Sequence[float], seconds: float) -> tuple[float, float]:
    """How far [m] the trunk, and any point of the hand, can be moved by its actuators in a time, meeting nothing.

    An overdamped joint goes to its target, or as far as its speed takes it; what one joint does to another is in SLACK.
    """
    way = [
        a if (a := abs(u - at)) > (b := abs(speed) * seconds) else b
        for u, at, speed in zip(targets, q[:11], v, strict=False)
    ]
    left = max(abs(targets[11] - q[11] - q[12]), (abs(v[11]) + abs(v[12])) * seconds)
    return SLACK * hypot(way[0], way[1]) + LEAST, SLACK * (_arm(*way) + left) + LEAST


def swing(way: Sequence[float]) -> float:
    """How far [m] a point of the hand goes at most when the 13 joints go so far [m | rad]."""
    return _arm(*way[:11]) + way[11] + way[12]


def _arm(
    x: float, y: float, turn: float, pan: float, tilt: float, hx: float, hy: float, hz: float, pitch: float,
    yaw: float, roll: float,
) -> float:  # fmt: skip
    """How far [m] the palm goes at most; the head's joints don't move it."""
    return hypot(x, y) + REACH * turn + hx + hy + hz + LEVER * (pitch + yaw + roll)
