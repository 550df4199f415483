"""Imagined worlds: forks in which controls are operated without a body, so that a planner can try things out in a blink.

Physics, the devices and everybody else are the room's own. What is missing is the agent's body: in its place bare hands
push on the mechanisms, as other people's do (`world.people`), and it takes about as long as the body would take to get
there. What can't be moved (a locked door, a knob that has to be pushed in first) can't be moved here either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from switch_bench.spec.steps import Step
from switch_bench.verify.facts import AGENT
from switch_bench.world.people import Push, parse, press, written
from switch_bench.world.world import TICK, World

STROKE = 150  # ticks a stroke takes at most
SPRING = 30  # ticks in which what was pressed comes back up
GRASP = 10  # ticks held before anything else is done with it
WALK = 0.35  # m/s on the way from one control to another, corners and turns included
REACH, ASIDE, NEXT = 4.0, 2.6, 1.2  # s: lining up before a control, before one beside the last, and for the next key
BESIDE = 0.4  # m


@dataclass(frozen=True)
class Act:
    """Something a hand can do to a control, as a step of a plan and as strokes on its mechanism.

    strokes: (signal, value) pairs, one after the other, all held until the last is done. hold: s the last is held.
    lasts: whether the mechanism stays where it was brought. screen: (index of the screen, widget), for a touch.
    """

    step: Step
    control: int
    strokes: tuple[tuple[str, object], ...] = ()
    hold: float = 0.2
    screen: tuple[int, str] | None = None
    key: bool = False  # of a row of keys: the next is at hand

    @property
    def words(self) -> str:
        """The step in short."""
        step = self.step.model_dump(exclude_none=True, by_alias=True)
        return " ".join(str(v) for v in next(iter(step.values())).values())


class Imagined(World):
    """A world that goes on from a real one, in which the agent is a pair of bare hands at a place on the floor."""

    at: tuple[float, float]
    last: int
    hands: frozenset[str]
    walked: tuple[tuple[int, float, float], ...]  # t [µs], x, y [m]: where it went

    @classmethod
    def of(cls, world: World) -> Imagined:
        """The world as it is now, to be tried out."""
        other = World.fork(world)
        other.__class__ = cls
        assert isinstance(other, Imagined)
        other.hands, other.at, other.last = frozenset(), world._stands(), -1
        other.walked = ((world.now, *other.at),)
        return other

    @classmethod
    def begun(cls, world: World, frozen: frozenset[str]) -> Imagined:
        """The room of `world` at time 0, where nothing hears what the agent does to some controls."""
        return cls.of(World(world.room, frozen=frozen))

    def fork(self) -> Imagined:
        """Another one that goes on from here."""
        other = super().fork()
        other.__class__ = type(self)
        assert isinstance(other, Imagined)
        return other

    # ------------------------------------------------------------------ what the hands do

    def go(self, act: Act) -> None:
        """Let the time pass that it takes to get to the act's control."""
        seconds, place = self.way(act)
        self.at, self.last = place, act.control
        self.pass_to(self.now + round(seconds * 1e6))
        self.walked = (*self.walked, (self.now, *place))

    def way(self, act: Act) -> tuple[float, tuple[float, float]]:
        """How long [s] it takes to get to an act's control, about, and where that is [m]."""
        item = self.handles.mounted[act.control]
        site = self.model.site(next(iter(item.built.grips.values())).site).id
        x, y = self.data.site_xpos[site][:2].tolist()
        if act.control == self.last:
            return (NEXT if act.key else ASIDE), (x, y)
        far = hypot(x - self.at[0], y - self.at[1])
        return (ASIDE if far < BESIDE and self.last >= 0 else REACH + far / WALK), (x, y)

    def do(self, act: Act) -> bool:
        """Carry an act out, from where one stands before it; False if the mechanism doesn't go there."""
        touch = f"{self.handles.controls[act.control]}_touch"
        self.network.push(touch, True, t=self.now, actor=AGENT)
        if act.screen is None:
            done = self._strokes(act)
        else:
            done = True
            screen = self.handles.screens[act.screen[0]]
            for widget in (act.screen[1], ""):
                if screen.signal not in self.frozen:
                    self.network.push(screen.signal, widget, t=self.now, actor=AGENT, causes=(touch,))
                self.pass_to(self.now + round(act.hold * 1e6) if widget else self.now + TICK)
        self.network.push(touch, False, t=self.now, actor=AGENT)
        self.run(1)
        return done

    def _strokes(self, act: Act) -> bool:
        for signal, value in act.strokes:
            push = parse(self.handles, self.model, self.data, AGENT, f"{signal}={written(value)}")
            if push is None:
                return False
            self.pushes = [*self.pushes, push]
            self.hands |= {push.wish}
            self.movers[push.control] = AGENT
            self._wake((self.handles.readouts[push.readout].dof,))
            for _ in range(STROKE):
                self.run(1)
                if self._there(push) or push not in self.pushes:
                    break
            if not self._there(push):
                self.let_go()
                return False
        self.run(GRASP)
        self._hold(max(0.0, act.hold - GRASP * TICK * 1e-6))
        self.let_go()
        return True

    def let_go(self) -> None:
        """Take the hands off."""
        self.hands = frozenset()
        self.run(SPRING)

    def _there(self, push: Push) -> bool:
        readout = self.handles.readouts[push.readout]
        return written(readout.states[self.states[push.readout]].value) == push.value

    def _hold(self, seconds: float) -> None:
        """Keep hold of what is held: the mechanisms stand still, so the devices alone go on, from event to event."""
        until = self.now + round(seconds * 1e6) // TICK * TICK
        while self.now < until:
            reached = self.network.advance(until, stop=True)
            self.jump(min(until, -(-reached // TICK) * TICK))
            if self.now < until:
                self.run(1)

    def pass_to(self, until: int) -> None:
        """Let time pass to `until` [µs], rounded up to a whole tick."""
        self.advance(-(-until // TICK) * TICK)

    # ------------------------------------------------------------------ in place of a body

    def _push(self) -> None:
        own = [push for push in self.pushes if push.person == AGENT]
        self.pushes = [push for push in self.pushes if push.person != AGENT]
        super()._push()
        still = [p for p in own if press(
            self.handles, self.model, self.data, p, self.states[p.readout], TICK * 1e-6, p.wish in self.hands
        )]  # fmt: skip
        self.pushes = [*self.pushes, *still]

    def _cause(self, control: int, actor: str | None) -> tuple[str, ...]:
        if actor == AGENT:
            return (f"{self.handles.controls[control]}_touch",)
        pushes, self.pushes = self.pushes, [push for push in self.pushes if push.person != AGENT]
        causes = super()._cause(control, actor)
        self.pushes = pushes
        return causes


def touched_by_agent(world: World, signals: Sequence[str]) -> bool:
    """Whether the agent did something to each of these controls in what has happened up to now."""
    done = {event.signal for event in world.network.log if event.actor == AGENT}
    return done.issuperset(signals)
