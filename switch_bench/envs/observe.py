"""Observations: what each key is, and how it is made from the running stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np
from gymnasium import spaces

from switch_bench.bodies.hand import AXES
from switch_bench.envs.elements import elements
from switch_bench.envs.marks import Mark, marks
from switch_bench.network.flow import Anchor
from switch_bench.network.kernel import Network
from switch_bench.physics.cameras import extrinsics, intrinsics
from switch_bench.skills.sense import Sense
from switch_bench.trace.places import Plan
from switch_bench.world.room import Room
from switch_bench.world.stage import Stage

KEYS = ("rgb", "wrist_rgb", "depth", "segmentation", "proprio", "instruction", "sounds", "state", "marks", "elements")
PRIVILEGED = ("segmentation", "state")
IMAGES = ("rgb", "wrist_rgb", "depth", "segmentation", "marks")
MOST_TEXT = 30_000  # letters of `elements`
MOST_GEOMS = 65_535  # of a room, in any variation
SOUNDS = (
    "alarm", "beep", "bell", "boil", "buzz", "chime", "click", "double_beep", "fan", "flame", "hum", "ignite", "pop",
    "ring", "spark", "spin", "voice", "wash", "water", "other",
)  # fmt: skip
LETTERS = "".join(chr(c) for c in range(32, 127)) + "°–’²“”éèüöäß·×"
PROPRIO = (
    "base x [m]", "base y [m]", "base heading [rad]", *(f"{a.name}" for a in AXES[3:11]), "left finger [m]",
    "right finger [m]", "tip x [m]", "tip y [m]", "tip z [m]", "tip force [N]",
)  # fmt: skip


class Observer:
    """Makes the observations asked for. `size`: (width, height) px of images."""

    def __init__(self, keys: Sequence[str], size: tuple[int, int]):
        self.keys = tuple(keys)
        self.size = size
        self.marks: tuple[Mark, ...] = ()
        self.images = any(k in IMAGES for k in keys)
        self.blind = False  # images are None: all goes as it would with them, and none is drawn
        self._layout: tuple[str, ...] = ()

    @property
    def state_names(self) -> tuple[str, ...]:
        """What each number of the `state` observation is."""
        return self._layout

    def space(self, stage: Stage) -> spaces.Space:
        """The observation space: of the one key asked for, or a Dict of several."""
        made = {key: self._space(key, stage) for key in self.keys}
        return made[self.keys[0]] if len(made) == 1 else spaces.Dict(made)

    def _space(self, key: str, stage: Stage) -> spaces.Space:
        width, height = self.size
        if key in ("rgb", "wrist_rgb", "marks"):
            return spaces.Box(0, 255, (height, width, 3), np.uint8)
        if key == "depth":
            return spaces.Box(0.0, np.inf, (height, width), np.float32)
        if key == "segmentation":
            return spaces.Box(-1, MOST_GEOMS, (height, width), np.int32)
        if key == "proprio":
            return spaces.Box(-np.inf, np.inf, (len(PROPRIO),), np.float32)
        if key == "instruction":
            return spaces.Text(min_length=1, max_length=600, charset=LETTERS)
        if key == "sounds":
            return spaces.MultiBinary(len(SOUNDS))
        if key == "elements":
            return spaces.Text(min_length=2, max_length=MOST_TEXT, charset=LETTERS)
        self._layout = StateVector(stage).names
        return spaces.Box(-np.inf, np.inf, (len(self._layout),), np.float32)

    def begin(self, stage: Stage, sense: Sense, instruction: str) -> None:
        """A new episode on a new stage."""
        self.stage, self.sense = stage, sense
        self.instruction = "".join(c if c in LETTERS else "?" for c in instruction)
        self.state = StateVector(stage, self._layout) if "state" in self.keys else None
        self.sounds = SoundVector(stage, sense) if "sounds" in self.keys else None
        model = stage.world.model
        self.head, self.wrist = (model.camera(c).id for c in stage.room.hand.cameras)
        self._zoom = model.camera(stage.room.hand.zoom).id
        self.camera = self.head
        self.seen: Sequence[str] = ()  # what can be made out in the image that is delivered

    def zoom(self, zoomed: bool) -> None:
        """Whether the head's image is taken through the longer lens from now on."""
        self.camera = self._zoom if zoomed else self.head

    @property
    def zoomed(self) -> bool:
        """Whether the head's image is taken through the longer lens."""
        return self.camera == self._zoom

    def number(self) -> None:
        """Number what can be operated in the head camera's view, though no image of it is made."""
        self.marks = marks(self.stage.world, self.camera, self.size)

    def observe(self) -> Any:
        """The observation now."""
        keys = self.keys
        if len(keys) == 1:
            return self._make(keys[0])
        return {key: self._make(key) for key in keys}

    def _make(self, key: str) -> Any:
        stage = self.stage
        if key in IMAGES and self.blind:
            if key == "marks":
                self.number()
            return None
        if key == "state":
            assert self.state is not None
            return self.state.read()
        if key == "proprio":
            return proprio(stage, self.sense)
        if key == "instruction":
            return self.instruction
        if key == "sounds":
            assert self.sounds is not None
            return self.sounds.read()
        if key == "elements":
            told = elements(stage.world, self.seen, self.marks, self.camera, self.size)
            return "".join(c if c in LETTERS else "?" for c in told[:MOST_TEXT])
        if key == "marks":
            from switch_bench.faces.marks import draw_marks

            image = stage.picture(self.camera, self.size)
            self.number()
            return draw_marks(image, [(m.number, m.pixel) for m in self.marks])
        if key == "depth":
            return stage.picture(self.camera, self.size, "depth")
        if key == "segmentation":
            return stage.picture(self.camera, self.size, "segmentation")
        return stage.picture(self.camera if key == "rgb" else self.wrist, self.size)

    def info(self) -> dict[str, Any]:
        """Intrinsics and poses of the cameras used: {"cameras": {name: {"intrinsics": (3, 3), "pose": (4, 4)}}}."""
        if not self.images:
            return {}
        world = self.stage.world
        used = {"head": self.camera} | ({"wrist": self.wrist} if "wrist_rgb" in self.keys else {})
        return {
            "cameras": {
                name: {"intrinsics": intrinsics(world.model, c, self.size), "pose": extrinsics(world.data, c)}
                for name, c in used.items()
            }
        }


def proprio(stage: Stage, sense: Sense) -> np.ndarray:
    """(17,) float32: joints of the body, fingertip position in the base's frame [m], how hard the tip presses [N]."""
    q = stage.world.data.qpos[stage.room.body_qpos : stage.room.body_qpos + 13]
    return np.concatenate([q, sense.local(sense.tip.at), [sense.force()]]).astype(np.float32)


@dataclass(frozen=True)
class StateLayout:
    """What of a room its state vector holds.

    flows, at: indices in the network of the flows, and of the signals. qpos: of the body's joints and the mechanisms'.
    """

    names: tuple[str, ...]
    signals: tuple[str, ...]
    at: tuple[int, ...]
    flows: tuple[int, ...]
    place: Mapping[str, int]
    codes: tuple[Mapping[Any, float], ...]  # by signal: the numbers of its allowed values
    qpos: np.ndarray

    @classmethod
    def of(cls, room: Room, network: Network) -> StateLayout:
        """The layout of a room."""
        info, index = network.info, network.index
        flows = [n for n in network.names if info[n].kind == "flow"]
        signals = tuple(n for n in network.names if info[n].kind not in ("flow", "touch", "timer"))
        allowed = {f"{u.name}.{s.name}": s.values for u in room.network.units for s in u.signals}
        readouts = room.handles.readouts
        body = range(room.body_qpos, room.body_qpos + 13)
        return cls(
            names=(
                "time [s]", *(f"body {i}" for i in range(13)), *(f"{r.signal} [joint]" for r in readouts),
                *signals, *flows,
            ),
            signals=signals,
            at=tuple(index[n] for n in signals),
            flows=tuple(index[n] for n in flows),
            place={n: i for i, n in enumerate(signals)},
            codes=tuple({v: float(k) for k, v in enumerate(allowed.get(n, ()))} for n in signals),
            qpos=np.array([*body, *(r.qpos for r in readouts)], int),
        )  # fmt: skip


class StateVector:
    """The privileged state as a vector: body joints, mechanisms' positions, all signals and zones' fields.

    A bool is 0 or 1, a number itself, a text its place among the signal's allowed values, or, where any text is
    allowed, a number from 0 to 1 that hangs on the text alone. `layout` is the names of another room of the same task
    to keep to: what this one lacks is 0, what it has beside is left out.
    """

    def __init__(self, stage: Stage, layout: tuple[str, ...] = ()):
        self.stage = stage
        network, room = stage.world.network, stage.room
        known = room.once_wired("state layout", lambda: StateLayout.of(room, network))
        self._flows, self._signals, self._place, self._codes = known.flows, known.signals, known.place, known.codes
        self._qpos, self.names = known.qpos, known.names
        self._vector = np.zeros(len(self.names), np.float64)
        self._start = 1 + len(self._qpos)
        self._level = self._start + len(self._signals)
        values = network.values
        self._vector[self._start : self._level] = [
            float(value) if value.__class__ is not str else self._number(i, value)
            for i, value in enumerate([values[k] for k in known.at])
        ]
        self._order = self._ordered(layout)
        self._seen = network.count
        self._moving: list[tuple[int, Callable[[int], float]]] = []
        self._anchor()

    def _ordered(self, layout: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray] | None:
        """(places in the layout, places here) of what both have; None if they are alike."""
        if not layout or layout == self.names:
            return None
        here = {n: i for i, n in enumerate(self.names)}
        pairs = [(i, here[n]) for i, n in enumerate(layout) if n in here]
        self.names = layout
        return np.array([a for a, _ in pairs]), np.array([b for _, b in pairs])

    def _number(self, i: int, value: Any) -> float:
        if isinstance(value, str):
            code = self._codes[i].get(value)
            return crc32(value.encode()) / 2**32 if code is None else code
        return float(value)

    def _anchor(self) -> None:
        network = self.stage.world.network
        values = network.values
        self._moving = []
        for i, at in enumerate(self._flows):
            anchor: Anchor = values[at]
            self._vector[self._level + i] = anchor.at(network.now)
            if anchor.b or anchor.terms:
                self._moving.append((self._level + i, anchor.at))

    def read(self) -> np.ndarray:
        """(n,) float32, n as in `names`."""
        world = self.stage.world
        network, vector = world.network, self._vector
        if network.count != self._seen:
            flows = False
            for event in network.since(self._seen):
                i = self._place.get(event.signal)
                if i is not None:
                    vector[self._start + i] = self._number(i, event.new)
                elif isinstance(event.new, Anchor):
                    flows = True
            self._seen = network.count
            if flows:
                self._anchor()
        now = network.now
        for i, at in self._moving:
            vector[i] = at(now)
        vector[0] = now * 1e-6
        vector[1 : self._start] = world.data.qpos[self._qpos]
        if self._order is None:
            return vector.astype(np.float32)
        out = np.zeros(len(self.names), np.float32)
        out[self._order[0]] = vector[self._order[1]]
        return out


class SoundVector:
    """Which sounds of `SOUNDS` can be heard where the body stands: those within their reach (`Plan.earshot`)."""

    def __init__(self, stage: Stage, sense: Sense):
        self.stage, self.sense = stage, sense
        network = stage.world.network
        self._sources = [(n, network.info[n].zone) for n in network.names if network.info[n].kind == "sound"]
        self._plan = Plan.of(stage.room.plan)

    def read(self) -> np.ndarray:
        """(20,) int8 of 0 and 1."""
        heard = np.zeros(len(SOUNDS), np.int8)
        world = self.stage.world
        x, y, _ = self.sense.base
        near = self._plan.earshot(self._plan.zone_at(x, y), lambda gate: bool(world.value(gate)))
        for name, zone in self._sources:
            sound = str(world.value(name))
            if sound and zone in near:
                heard[SOUNDS.index(sound) if sound in SOUNDS else len(SOUNDS) - 1] = 1
        return heard
