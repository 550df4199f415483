"""What the cheats have in common: hands on an environment, the steps of its solution, and how to turn them round."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import hypot
from typing import Any, ClassVar

from gymnasium import Env

from switch_bench.controls.door import Door
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.network.declare import Value
from switch_bench.physics.housing import Mounted
from switch_bench.skills.move import Motion
from switch_bench.skills.plan import motion, pass_time
from switch_bench.skills.sense import Sense
from switch_bench.spec import steps
from switch_bench.spec.task import Task
from switch_bench.trace.schema import Trace
from switch_bench.verify.facts import Facts
from switch_bench.verify.stl import evaluate, parse
from switch_bench.world.replay import without_hands
from switch_bench.world.screens import widgets

ACTS = (steps.Press, steps.Hold, steps.Turn, steps.Slide, steps.Open, steps.Close, steps.Type, steps.Touch)
OPPOSITES = (
    ("up", "down"),
    ("plus", "minus"),
    ("on", "off"),
    ("brighter", "dimmer"),
    ("warmer", "cooler"),
    ("start", "stop"),
)
ONE_WAY = ("unlock", "reset", "push")  # keys whose effect no key takes back: pressed again they do the same again
RESTART = ("9", "0", "0", "start")  # keys that set going what was stopped
LAST = 1.0  # s before the horizon at which a cheat reports at the latest


class Cheat(ABC):
    """A policy that cheats. It knows the task's file and the whole world, so as to cheat as well as can be.

    granted: tasks at which it succeeds and a person would grant it, with the reason. earnest: whether what it does is
    enough of a try to say of what can't be done that it can't be; then it says done, or it wouldn't be cheating.
    """

    act = "skill"
    obs = ("proprio",)
    privileged = True
    granted: ClassVar[Mapping[str, str]] = {}
    earnest: ClassVar[bool] = False

    def play(self, env: Env, task: str, seed: int) -> None:
        """Cheat, and report, until the episode is over."""
        hands = Hands(env)
        self.cheat(hands)
        hands.claim("done" if self.earnest or hands.task.feasible else "impossible")

    @abstractmethod
    def cheat(self, hands: Hands) -> None:
        """What it does before it reports."""


class Hands:
    """A body in an environment that has just been reset, with all that is known of its task."""

    def __init__(self, env: Env):
        self.host: Any = env.unwrapped
        self.task: Task = self.host.task
        self.sense: Sense = self.host.sense
        self.mounted: dict[str, Mounted] = {item.name: item for item in self.sense.room.handles.mounted}

    # ------------------------------------------------------------------ time and the world

    @property
    def now(self) -> float:
        """Simulated time [s]."""
        return self.host.stage.now * 1e-6

    @property
    def left(self) -> float:
        """Time until the last moment to report [s]; 0 or less: it has come."""
        return 0.0 if self.host.over else self.task.horizon_us * 1e-6 - LAST - self.now

    def value(self, signal: str) -> Value:
        """What a signal is."""
        return self.host.stage.world.value(signal)

    def holds(self) -> bool:
        """Whether the goal holds, were this the end."""
        trace: Trace = self.host.trace
        return evaluate(parse(self.task.goal, trace.signals, objects=_things(trace)), trace, final=True).value is True

    def comes_by_itself(self) -> float | None:
        """From when [s] the goal stands at the horizon if nobody lays a hand on anything; None if it doesn't."""
        trace = without_hands(self.sense.room, replace(self.host.trace, end=self.task.horizon_us))
        facts = Facts(trace)
        since = facts.since(parse(self.task.goal, trace.signals, objects=_things(trace)).root, self.task.horizon_us)
        return None if since is None else since * 1e-6

    def origin(self, step: steps.Step) -> Value:
        """What the control of a step read at the start."""
        name = control_of(step)
        info = self.host.trace.signals.get(name)
        return info.initial if info is not None else ""

    @property
    def of_state(self) -> bool:
        """Whether the goal is a state that must last, which can be undone, not something that has happened."""
        return "always" in self.task.goal

    # ------------------------------------------------------------------ what can be done

    @property
    def solution(self) -> list[steps.Step]:
        """The reference solution without its report."""
        return [step for step in self.task.solution if not isinstance(step, steps.Report)]

    @property
    def key_step(self) -> int:
        """Where in the solution the last actuation is that the task can't be done without."""
        acts = [k for k, step in enumerate(self.solution) if isinstance(step, ACTS)]
        return max((k for k in acts if self.solution[k].required), default=acts[-1])

    @property
    def acts(self) -> list[steps.Step]:
        """The solution's actuations."""
        return [step for step in self.solution if isinstance(step, ACTS)]

    def do(self, *plan: steps.Step) -> None:
        """Carry out steps, as far as they can be and there is time."""
        for step in plan:
            if self.left <= 0:
                return
            if isinstance(step, steps.Wait):
                self._pass_time(step)
            else:
                self.perform(motion(self.sense, step))
            self.host.look_around()

    def perform(self, motion: Motion) -> str:
        """Run a motion, as long as there is time; returns what a hand could say of it."""
        return self.host.perform(self._in_time(motion))

    def wait(self, seconds: float) -> None:
        """Let time pass, to the last moment to report at most."""
        if (seconds := min(seconds, self.left)) > 0:
            self.host.wait(seconds)

    def claim(self, what: str) -> None:
        """Look, and report."""
        if not self.host.over:
            self.host.look_around()
            self.host.end(what)

    def there_and_back(self, key: steps.Step, was: Value, times: int, rest: float = 0.0) -> None:
        """A step and its reverse, up to so many times, as long as there is time for both; `rest` [s] after each."""
        longest = 0.0
        for _ in range(times):
            if self.left < 1.5 * longest or self.reading(key) != was:
                return  # so that it ends with it taken back
            before = self.now
            for step in (key, self.undo(key, was)):
                self.do(step)
                self.wait(rest)
            longest = max(longest, self.now - before)

    def nearest(self) -> list[Mounted]:
        """All controls, those of the zone it stands in first, then those near to it."""
        x, y, _ = self.sense.base
        here = self.sense.room.zone_at(x, y)

        def far(item: Mounted) -> tuple[bool, float]:
            at = self.sense.site(next(iter(item.built.grips.values())).site).at
            return item.zone != here, hypot(float(at[0]) - x, float(at[1]) - y)

        return sorted(self.mounted.values(), key=far)

    def operate(self, item: Mounted) -> Iterator[steps.Step]:
        """Steps that move a control to another place than it is in: each key, each button shown."""
        if isinstance(item.control, Touchscreen):
            for widget in widgets(self.host.stage.world, item):
                yield steps.Touch(screen=item.name, widget=widget.name)
        elif isinstance(item.control, Keypad):
            for grip in item.built.grips:
                yield steps.Press(control=f"{item.name}_{grip.removeprefix('key ')}")
        elif isinstance(item.control, Door):
            yield (steps.Close if self.value(item.name) == "open" else steps.Open)(control=item.name)
        else:
            if any(grip.verb == "press" for grip in item.built.grips.values()):
                yield steps.Press(control=item.name)
            if others := self.others(item):
                yield steps.Turn(control=item.name, to=others[-1])

    def others(self, item: Mounted) -> list[Value]:
        """Values that a knob or slider can be brought to, but for the one it has."""
        grips = [g for g in item.built.grips.values() if g.verb in ("turn", "push_turn")]
        return [v for grip in grips for v in grip.aim if v != self.value(item.name)]

    def stays(self, item: Mounted) -> bool:
        """Whether a control stays where it is put."""
        return len({value for grip in item.built.grips.values() for value in grip.aim}) > 1

    def item(self, name: str) -> Mounted | None:
        """The control that a step or a signal names."""
        pads = (pad for pad in self.mounted if name.startswith(f"{pad}_"))
        return self.mounted.get(name) or next((self.mounted[pad] for pad in pads), None)

    # ------------------------------------------------------------------ turning things round

    def undo(self, step: steps.Step, was: Value) -> steps.Step:
        """The step that takes another back; `was`: what its control read before."""
        name = control_of(step)
        match step:
            case steps.Open():
                return steps.Close(control=name)
            case steps.Close():
                return steps.Open(control=name)
            case steps.Turn() | steps.Slide():
                return type(step)(control=name, to=was)
            case steps.Hold(to=to) if to is not None:
                return steps.Turn(control=name, to=was)
            case steps.Press(to=to) if to is not None:
                return steps.Press(control=name, to=was)
            case steps.Type():
                return steps.Type(control=name, keys=RESTART if step.keys[-1] == "stop" else ("stop", "stop"))
            case steps.Touch():
                other = opposite(step.widget)
                return steps.Touch(screen=name, widget=other if other in self._widgets(name) else step.widget)
            case steps.Hold():
                return steps.Hold.model_validate({"control": self._counter(name), "for": f"{step.for_us * 1e-6:g} s"})
            case _:
                return steps.Press(control=self._counter(name))

    def one_way(self, step: steps.Step) -> bool:
        """Whether a step presses a key whose effect no other step takes back."""
        item = self.item(control_of(step))
        return item is not None and item.control.name in ONE_WAY and not self.stays(item)

    def reading(self, step: steps.Step) -> Value:
        """What the control of a step reads; "" if it is a keypad or a screen."""
        item = self.mounted.get(control_of(step))
        named = item is not None and any(r.name == item.control.name for r in item.built.readouts)
        return self.value(item.name) if item is not None and named else ""

    def _widgets(self, screen: str) -> set[str]:
        control = self.mounted[screen].control
        assert isinstance(control, Touchscreen)
        return {widget.name for page in control.screen.pages.values() for widget in page.widgets}

    def _counter(self, name: str) -> str:
        other = opposite(name)
        return other if self.item(other) else name

    def _pass_time(self, step: steps.Wait) -> None:
        left = round(self.left * 1e6)
        if step.until is None:
            self.wait((step.for_us or 0) * 1e-6)
        else:
            pass_time(self.host, step.model_copy(update={"at_most_us": min(left, step.at_most_us or left)}))

    def _in_time(self, motion: Motion) -> Motion:
        for action in motion:
            if self.left <= 0:
                return
            yield action


def control_of(step: steps.Step) -> str:
    """The control, or the screen, that a step operates."""
    return str(getattr(step, "control", getattr(step, "screen", "")))


def opposite(name: str) -> str:
    """The name with up for down, on for off, and so on; as it is where there is no such word in it."""
    tail = name.replace(".", "_").rpartition("_")[2]
    for pair in OPPOSITES:
        if tail in pair:
            return name.removesuffix(tail) + pair[1 - pair.index(tail)]
    return name


def _things(trace: Trace) -> tuple[str, ...]:
    return tuple({pose.name for pose in trace.poses})
