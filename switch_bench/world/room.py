"""A scenario made ready to run: the compiled room with a body in it, its network, and its state at time 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from math import radians
from typing import Any, TypeVar

import mujoco
import numpy as np

from switch_bench.bodies.hand import TRUNK_RADIUS, Hand, add_hand
from switch_bench.controls import contact
from switch_bench.network.declare import NetworkSpec, Value
from switch_bench.network.kernel import Network
from switch_bench.network.start import Start
from switch_bench.physics.building import nearest_zone
from switch_bench.physics.cameras import overview, unobstructed
from switch_bench.physics.compile import Drawn, draw_up
from switch_bench.physics.dress import Visual, dress
from switch_bench.physics.lighting import Hole
from switch_bench.physics.support import support
from switch_bench.spec.plan import on_plan, shared_wall
from switch_bench.spec.scene import Scene
from switch_bench.spec.variation import without_looks
from switch_bench.world.clearance import Surroundings, survey
from switch_bench.world.eyes import EyeHandle, eyes
from switch_bench.world.floor import FloorMap, floor_map
from switch_bench.world.handles import Handles, locked, resolve
from switch_bench.world.people import HAND
from switch_bench.world.places import plan
from switch_bench.world.scenario import Scenario, ScenarioError, check_missed, initial_values, jammed
from switch_bench.world.wiring import declare, rewire, wire

SHOULDER = 1.15  # m above the floor, where the hand's boom is drawn from
GRAINS = 4  # textures a material is drawn in, by the number of the variation's colours; drawn ones are kept
POOL = 4  # spare MjData of a model kept for forks and for the next episodes: one takes long to make
DENSE = 100  # degrees of freedom up to which dense constraints are solved faster; measured, MuJoCo itself says 60

Made = TypeVar("Made")


@dataclass
class Room:
    """A compiled scenario. Shared by every world that runs it; nothing here changes.

    drawn: as drawn up without colours and prints, which `visual` adds.

    start_states: the state each readout begins in. quiet_trees: trees awake when only the body is. body_dofs: the
    body's part of `qvel`; body_qpos, body_ctrl: where its joints and targets begin. missed: by control, how often the
    device misses a change.
    """

    scenario: Scenario
    drawn: Drawn
    model: mujoco.MjModel
    hand: Hand
    handles: Handles
    network: NetworkSpec
    start_data: mujoco.MjData
    start_states: tuple[int, ...]
    quiet_trees: int
    body_dofs: tuple[int, int]
    body_qpos: int
    body_ctrl: int
    people: tuple[str, ...]
    missed: Mapping[str, float] = field(default_factory=dict)
    _spare: list[mujoco.MjData] = field(default_factory=list)
    _lazy: dict[str, Any] = field(default_factory=dict)  # shared by reseeded copies
    _body: dict[str, Any] = field(default_factory=dict)  # shared by all rooms of the same compiled model
    _wired: dict[str, Any] = field(default_factory=dict)  # shared by all rooms of the same network

    @property
    def visual(self) -> Visual:
        """The room with its textures, made when a picture is first taken."""
        if "visual" not in self._lazy:
            self._lazy["visual"] = self._dress()
        return self._lazy["visual"]

    def _dress(self) -> Visual:
        draft = _draw(self.scenario, self.scenario.scene)[0].draft
        beside: dict[str, tuple[str, ...]] = {}
        for doorway in self.scenario.scene.doorways:
            for here, there in (doorway.zones, doorway.zones[::-1]):
                beside[here] = (*beside.get(here, ()), there)
        moving = [
            self.model.geom(g).name
            for g in range(self.model.ngeom)
            if self.handles.hand_geom[g] or self.handles.object_of_geom[g] >= 0
        ]
        trunk, wrist = self.model.body(self.hand.base).id, self.model.site(self.hand.wrist).id
        boom = (trunk, (0.0, 0.0, SHOULDER), wrist)
        zones = self.scenario.scene.zones
        ways = [(d, shared_wall(zones[d.zones[0]], zones[d.zones[1]])) for d in self.scenario.scene.doorways]
        holes = [(*doorway.zones, Hole.of(doorway, wall)) for doorway, wall in ways if wall is not None]
        return dress(draft, self.drawn.shells, beside, moving, [boom], holes)

    @property
    def eyes(self) -> tuple[EyeHandle, ...]:
        """The motion sensors' eyes."""
        return self.once("eyes", lambda: eyes(self.drawn.placed.values()))

    @property
    def surroundings(self) -> Surroundings:
        """What a world's clearance is measured by."""
        return self.once("surroundings", lambda: survey(self.model, self.start_data, self.hand, self.handles))

    @property
    def floor(self) -> FloorMap:
        """Where the trunk fits among walls, furniture and devices."""

        def made() -> FloorMap:
            still = np.flatnonzero(self.model.geom_contype == contact.STATIC.contype).tolist()
            return floor_map(self.model, self.start_data, still, TRUNK_RADIUS)

        return self.once("floor", made)

    @property
    def sound(self) -> Room:
        """The same room without the injected faults."""
        if "sound" not in self._lazy:
            self._lazy["sound"] = build(replace(self.scenario, faults=()))
        return self._lazy["sound"].reseeded(self.scenario.seed)

    @property
    def plan(self) -> dict[str, Any]:
        """The floor plan, as a trace's manifest keeps it (`trace/places.py`)."""
        return self.once("plan", lambda: plan(self.scenario.scene, self.drawn))

    def once(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` makes of the compiled model and its devices, made when it is first asked for."""
        if name not in self._body:
            self._body[name] = make()
        return self._body[name]

    def once_wired(self, name: str, make: Callable[[], Made]) -> Made:
        """What `make` makes of the network at its start, whatever the seed, made when it is first asked for."""
        known = self._wired.get("network")
        if known is None or not _alike(known, self.network):  # a copy that was given another network
            self._wired = {"network": self.network}
        if name not in self._wired:
            self._wired[name] = make()
        return self._wired[name]

    @property
    def start(self) -> Start:
        """The room's network at time 0, for any seed."""
        return self.once_wired("start", lambda: Start(self.network, self._wired.get("like")))

    def begin(self) -> Network:
        """The room's network at time 0, to be run."""
        return self.start.network(self.network.seed)

    def reseeded(self, seed: int) -> Room:
        """The same room for a run with another seed: what is drawn while it runs is drawn anew."""
        other = copy(self)
        other.scenario = replace(self.scenario, seed=seed)
        other.network = replace(self.network, seed=seed)
        return other

    def varied(self, scenario: Scenario, like: Room | None = None) -> Room:
        """The room of a scenario that differs from this one's in looks, wires, daylight and seed alone.

        like: a room with the same wires and daylight, whose network it takes.
        """
        other = copy(like or self).reseeded(scenario.seed)
        other.scenario, other._lazy = scenario, {}
        if like is None:
            start = self.start  # asked for first: what is kept is then of this very network
            other.network = rewire(self.network, scenario, self.drawn)
            other._wired = {"network": other.network}
            if other.network.wires == self.network.wires:
                kept = ("state layout",) if "state layout" in self._wired else ()
                other._wired |= {"like": start} | {name: self._wired[name] for name in kept}
        return other

    def steady(self) -> Room:
        """The same room with nothing left to the moment: its wires and people take their mean delays, its wires lose
        nothing, and its devices miss nothing. Draws hang on the microsecond at which they are made, so that two runs
        can't be compared with them.
        """
        other, spec = copy(self), self.network
        wires = tuple(replace(w, delay=w.delay + w.jitter // 2, jitter=0, loss=0.0) for w in spec.wires)
        scripts = tuple(replace(s, delay=s.delay + s.jitter // 2, jitter=0) for s in spec.scripts)
        other.network, other.missed = replace(spec, wires=wires, scripts=scripts), {}
        return other

    def hands(self, network: Network, people: Sequence[str]) -> Sequence[tuple[str, str]]:
        """(actor, wish) of these people's hands now."""
        return [(f"person:{name}", str(network.value(f"{name}.{HAND}"))) for name in people]

    def zone_at(self, x: float, y: float) -> str:
        """The zone whose floor holds the point, or the nearest one."""
        return nearest_zone(self.drawn.shells, x, y)

    def support(self, data: mujoco.MjData, item: int) -> str:
        """What a loose thing stands on or lies in: a device, a piece of furniture's zone "counter", "floor", or ""."""
        return support(self.model, data, self.drawn, self.handles.object_body[item])

    def outside(self, data: mujoco.MjData) -> int | mujoco.MjvCamera:
        """The third-person camera: the scene's own while it sees the body, else where the body is best seen from."""
        at = data.xpos[self.model.body(self.hand.base).id]
        view = mujoco.mj_name2id(self.model, mujoco.mjtObj.mjOBJ_CAMERA, "view")
        if view >= 0:
            eye = data.cam_xpos[view].copy()
            here = self.zone_at(float(eye[0]), float(eye[1])) == self.zone_at(float(at[0]), float(at[1]))
            if here and unobstructed(self.model, data, eye, at + [0.0, 0.0, 1.2], slack=0.45):
                return view
        return overview(self.model, data, self.drawn.shells, at)

    def borrow(self) -> mujoco.MjData:
        """An MjData to copy into, from the pool of its model if there is one: what is in it is of no account."""
        try:
            return self._spare.pop()
        except IndexError:  # empty, or emptied by another thread
            return mujoco.MjData(self.model)

    def give_back(self, data: mujoco.MjData) -> None:
        """Return an MjData that is no longer used."""
        if len(self._spare) < POOL:
            self._spare.append(data)


def _draw(scenario: Scenario, scene: Scene) -> tuple[Drawn, Hand]:
    """Draw up the scenario's scene, or that scene without its looks, with the body in it."""
    grain = scenario.drawn.get("colours", {}).get("number", 0) % GRAINS
    values: dict[str, dict[str, Value]] = {}
    for name, value in initial_values(scenario).items():
        device, _, local = name.partition(".")
        values.setdefault(device, {})[local] = value
    try:
        drawn = draw_up(scene, declare, values, jammed(scenario), grain)
    except ValueError as error:
        raise ScenarioError(str(error)) from error
    return drawn, add_hand(drawn.draft.spec, _stands(scenario))


def _stands(scenario: Scenario) -> tuple[float, float, float]:
    """Where the body begins: x, y [m], heading [rad]."""
    start = scenario.start
    x, y = on_plan(scenario.scene.zones[start.zone], start.at)
    return x, y, radians(start.heading)


def build(scenario: Scenario) -> Room:
    """Compile a scenario. Raises `ScenarioError` where the scene asks of a device what it doesn't have.

    What is compiled is the scene without its looks, which pictures alone ask for.
    """
    drawn, hand = _draw(scenario, without_looks(scenario.scene))
    model = drawn.draft.spec.compile()
    dense = mujoco.mjtJacobian.mjJAC_DENSE if model.nv <= DENSE else mujoco.mjtJacobian.mjJAC_SPARSE
    model.opt.jacobian = dense.value
    objects = drawn.objects
    handles = resolve(model, drawn.mounted, hand.geoms, objects)
    check_missed(scenario, [r.signal for r in (*handles.readouts, *handles.screens)])
    data = mujoco.MjData(model)
    states = tuple(r.initial for r in handles.readouts)
    for readout, state in zip(handles.readouts, states, strict=True):
        rest = readout.states[state]
        data.qpos[readout.qpos] = rest.rest
        if readout.detent >= 0:
            data.ctrl[readout.detent] = rest.rest
    for equality in handles.interlocks:
        data.eq_active[equality] = locked(handles, equality, states)
    network = wire(
        scenario, drawn, {r.signal: r.states[s].value for r, s in zip(handles.readouts, states, strict=True)}
    )
    targets = [model.actuator(name).id for name in hand.actuators]
    data.ctrl[targets] = [*_stands(scenario), *hand.home_ctrl[3:]]
    _settle(model, data)
    low = int(model.jnt_dofadr[model.joint(hand.joints[0]).id])
    high = low + len(hand.joints)
    quiet = len({int(model.dof_treeid[d]) for d in range(low, high)})
    return Room(
        scenario=scenario, drawn=drawn, model=model, hand=hand, handles=handles, network=network, start_data=data,
        start_states=states, quiet_trees=quiet, body_dofs=(low, high),
        body_qpos=int(model.jnt_qposadr[model.joint(hand.joints[0]).id]), body_ctrl=targets[0],
        people=tuple(p.name for p in scenario.people),
        missed=scenario.missed, _wired={"network": network},
    )  # fmt: skip


def _alike(one: NetworkSpec, other: NetworkSpec) -> bool:
    """Whether these are the same declarations, seeds aside."""
    return all(getattr(one, f.name) is getattr(other, f.name) for f in fields(one) if f.name != "seed")


def _settle(model: mujoco.MjModel, data: mujoco.MjData) -> None:
    """Let the room come to rest before time begins, and put everything that has to sleep."""
    for _ in range(200):
        mujoco.mj_step(model, data, 2)
        if data.ntree_awake <= 1 and not data.ncon:
            break
    data.time = 0.0
