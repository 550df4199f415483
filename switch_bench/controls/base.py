"""What every control is: a mechanism on a panel, moved by contact and force alone, and what can be read off it.

A *declaration* (`Rocker(name="gang_1", at=(0.0, 0.0))`) is frozen data on a panel. `build` adds the mechanism to the
compiled room in the panel's frame: x to the reader's right, y up, z out of the panel towards the reader; metres.

A mechanism's readout is a small graph of *states*. While the joint lies between a state's bounds nothing happens;
past `above` (or below `below`) the mechanism goes to the state named there. A state has the value that the wire sees
and the set-point of the mechanism's detent, a weak position actuator. Make and break points, detents, latches and
snap action are all such graphs, and the state's index is all there is to snapshot.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from switch_bench.network.declare import Value

if TYPE_CHECKING:
    import mujoco

INF = float("inf")


@dataclass(frozen=True, slots=True)
class State:
    """One state of a mechanism: what it reads, where its detent pulls, and when it is left.

    rest, below, above in the joint's unit [m | rad]; `down` and `up` are indices of the states entered when the joint
    is found below `below` or above `above`.
    """

    value: Value
    rest: float
    below: float = -INF
    down: int = -1
    above: float = INF
    up: int = -1


Verb = Literal["press", "turn", "slide", "open", "touch", "push_turn", "pull"]


@dataclass(frozen=True, slots=True)
class Grip:
    """One way a hand can operate a control, as a person would see it.

    site: a named site; its z axis points from the control towards the hand, its x axis is how the fingers lie (the line
        between the two fingertips in a pinch).
    reach: how far [m] the fingertip goes past the site's origin along −z to operate it (a press's travel).
    aim: for values reached through this grip, the joint position [m | rad] to bring the readout to.
    """

    verb: Verb
    site: str
    reach: float = 0.0
    aim: Mapping[Value, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Readout:
    """One signal of a mechanism: `<device>.<name>`, read from `joint` by the graph `states`.

    initial: index of the state at the start; the joint starts at that state's `rest`.
    detent: name of the position actuator that holds `rest`; None where a joint spring does (a momentary key).
    unlocks: a mechanism-internal effect: the equality named is inactive while any readout that names it here has a
        value in its `unlocks_when`.
    """

    name: str
    joint: str
    states: tuple[State, ...]
    initial: int = 0
    detent: str | None = None
    unlocks: str | None = None
    unlocks_when: tuple[Value, ...] = (True,)


@dataclass(frozen=True, slots=True)
class Built:
    """What `build` added to the room. All names are global in the compiled model."""

    readouts: tuple[Readout, ...]
    geoms: tuple[str, ...]  # contact with any of these is a touch of this control
    grips: Mapping[str, Grip]  # by what it does: "on", "off", "press", "turn", "open", "close", "key 5" …
    cap: str | None = None  # the geom whose face bears the legend
    caps: Mapping[str, str] = field(default_factory=dict)  # a keypad's: key → geom
    bodies: tuple[str, ...] = ()  # the moving bodies, for poses and sleep policy
    drives: Mapping[Value, str] = field(
        default_factory=dict
    )  # drive signal's value → the actuator that moves the control
    # to its place: `ctrl` 1.0 while the signal has that value, else 0.0 (no force at all: the hand moves it freely)
    lock: str | None = None  # equality constraint by which the device can lock it (door lock), inactive at the start
    screen: tuple[str, tuple[float, float]] | None = None  # a touchscreen's (geom, (width, height) [m])


@dataclass(frozen=True, kw_only=True)
class Control(ABC):
    """A control's declaration. Leaves are frozen dataclasses with the mechanism's own figures and their sources.

    name: local name of the readout signal. at: centre on the panel (x right, y up) [m]. label: printed beside it.
    legend: printed on it (text, or "icon:<name>"). colour: of the moving part, RGB 0..1. glow: local output signal that
    lights it. drive: local output signal (declared with drives=True) by which the device moves the control, None:
    never. driven: value of the drive signal → joint position. drive_force: the most it can do [N | N·m].
    locked_by: local bool output signal (drives=True) that locks the joint where it is.
    """

    name: str
    at: tuple[float, float]
    label: str = ""
    label_side: Literal["above", "below", "left", "right"] = "below"
    legend: str = ""
    colour: tuple[float, float, float] = (0.92, 0.92, 0.90)
    glow: str | None = None
    drive: str | None = None
    driven: Mapping[Value, float] = field(default_factory=dict)
    drive_force: float = 0.0
    locked_by: str | None = None
    drivable: ClassVar[bool] = False  # a mechanism that can be driven; locked
    lockable: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Raises ValueError for a drive or lock that this mechanism hasn't."""
        kind = type(self).__name__
        if self.drive is not None and not self.drivable:
            raise ValueError(f"{self.name}: a {kind} can't be driven (drive={self.drive!r}); a Lever or a Door can")
        if self.drive is not None and not self.driven:
            raise ValueError(f"{self.name}: drive={self.drive!r} needs `driven`, where to for which value")
        if self.locked_by is not None and not self.lockable:
            raise ValueError(f"{self.name}: a {kind} can't be locked (locked_by={self.locked_by!r}); a Door can")

    @abstractmethod
    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """Add the mechanism to `panel` (its frame is the panel's), naming everything `<prefix><name>…`.

        initial: the readout value to start with instead of the declaration's own; raises `ValueError` naming the
        allowed values if there is no state with it.
        """

    @abstractmethod
    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """The signals it makes and their allowed values (empty: any of the type), initial value first."""
