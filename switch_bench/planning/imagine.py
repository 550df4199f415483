"""Imagined worlds: forks in which controls are operated without a body, so that much can be tried out in a blink.

Devices, locks, springs, drives and everybody else are the room's own. What is missing is the agent's body: a mechanism
is put where the hand would bring it, past all that it reads on the way, after about as long as the body would take to
get there. What is locked (a door, a knob that has to be pushed in first) can't be moved here either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import hypot
from typing import Any

import numpy as np

from switch_bench.controls.readout import follow
from switch_bench.skills.move import FOLD, TUCK
from switch_bench.spec.steps import Step
from switch_bench.verify.facts import AGENT
from switch_bench.world.world import REST, TICK, Body, World

PASSING = 50_000  # µs from one position of a mechanism to the next
WALK = 0.35  # m/s on the way from one control to another, corners and turns included
REACH, ASIDE, NEXT = 4.0, 2.6, 1.2  # s: lining up before a control, before one beside the last, and for the next key
BESIDE = 0.4  # m
ARM = 5  # joints of base and head, which come before those of the arm


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
        verb, what = next(iter(step.items()))
        return " ".join([verb, *(str(v) for v in what.values())])


WHOLE = ("network", "states", "movers", "pushes", "now", "at", "last", "held", "walked", "_drives_seen")


@dataclass(frozen=True)
class Kept:
    """An imagined world put aside, without what it takes to run it. arrays: of its joints and actuators."""

    whole: dict[str, Any]
    arrays: tuple[np.ndarray, ...]


class Imagined(World):
    """A world that goes on from a real one, in which the agent is a pair of bare hands at a place on the floor."""

    at: tuple[float, float]
    last: int
    held: tuple[tuple[int, float], ...]  # readouts that the hands keep where they are [m | rad]
    walked: tuple[tuple[int, float, float], ...]  # t [µs], x, y [m]: where it went

    @classmethod
    def of(cls, world: World) -> Imagined:
        """The world as it is now, to be tried out."""
        other = World.fork(world)
        other.__class__ = cls
        assert isinstance(other, Imagined)
        other.at, other.last = world._stands(), -1
        other.held = ()
        other.walked = ((world.now, *other.at),)
        other._let_go()
        return other

    @classmethod
    def begun(cls, world: World, frozen: frozenset[str]) -> Imagined:
        """The room of `world` at time 0, where nothing hears what the agent does to some controls."""
        return cls.of(World(world.room, frozen=frozen))

    def kept(self) -> Kept:
        """All that makes this world this one, to go on from later."""
        whole = self.__dict__ | {
            "network": self.network.fork(), "states": list(self.states), "movers": list(self.movers),
            "pushes": [replace(push) for push in self.pushes],
        }  # fmt: skip
        data = self.data
        arrays = (data.qpos.copy(), data.qvel.copy(), data.ctrl.copy(), data.eq_active.copy(), data.qfrc_applied.copy())
        return Kept({name: whole[name] for name in WHOLE}, arrays)

    def again(self, kept: Kept) -> Imagined:
        """The world that was kept, of the same room as this one."""
        other = self.fork()
        other.__dict__.update(kept.whole)
        other.network, other.states, other.movers = kept.whole["network"].fork(), [*other.states], [*other.movers]
        other.pushes = [replace(push) for push in other.pushes]
        data = other.data
        data.qpos[:], data.qvel[:], data.ctrl[:], data.eq_active[:], data.qfrc_applied[:] = kept.arrays
        for push in other.pushes:
            other._wake((other.handles.readouts[push.readout].dof,))
        return other

    def fork(self) -> Imagined:
        """Another one that goes on from here."""
        other = super().fork()
        other.__class__ = type(self)
        assert isinstance(other, Imagined)
        return other

    def run(self, ticks: int, body: Body | None = None) -> None:
        """Step `ticks` ticks, with what the hands hold held."""
        if not self.held:
            super().run(ticks, body)
            return
        for _ in range(ticks):
            for index, aim in self.held:
                readout = self.handles.readouts[index]
                self.data.qpos[readout.qpos], self.data.qvel[readout.dof] = aim, 0.0
            super().run(1)

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
        done = self._strokes(act) if act.screen is None else self._touch(act.screen, touch, act.hold)
        self.network.push(touch, False, t=self.now, actor=AGENT)
        self.pass_to(self.now + TICK)
        return done

    def _touch(self, screen: tuple[int, str], touch: str, hold: float) -> bool:
        signal = self.handles.screens[screen[0]].signal
        for widget, lasts in ((screen[1], round(hold * 1e6)), ("", TICK)):
            if signal not in self.frozen:
                self.network.push(signal, widget, t=self.now, actor=AGENT, causes=(touch,))
            self.pass_to(self.now + lasts)
        return True

    def _strokes(self, act: Act) -> bool:
        self.movers[act.control] = AGENT
        sprung: list[int] = []
        done = True
        for signal, value in act.strokes:
            index = self.handles.by_signal[signal]
            if self.handles.readouts[index].detent < 0 and value is True:
                sprung.append(index)
                self.held = (*self.held, (index, self._aim(act.control, index, value)))
            if not self._move(index, self._aim(act.control, index, value)):
                done = False
                break
            done = self._reads(index) == value
        if done:
            self.pass_to(self.now + round(act.hold * 1e6))
        self.held = ()
        for index in reversed(sprung):  # what springs hold comes up again
            self._move(index, self.handles.readouts[index].states[0].rest)
        self.movers[act.control] = None
        return done

    def _reads(self, index: int) -> object:
        return self.handles.readouts[index].states[self.states[index]].value

    def _aim(self, control: int, index: int, value: object) -> float:
        """Where a joint is to be brought for a value: as a hand would aim, else where it rests with it."""
        readout = self.handles.readouts[index]
        for grip in self.handles.mounted[control].built.grips.values():
            for reached, aim in grip.aim.items():
                if reached == value and type(reached) is type(value) and value in [s.value for s in readout.states]:
                    return aim
        return next(s.rest for s in readout.states if s.value == value)

    def _move(self, index: int, aim: float) -> bool:
        """Put a joint somewhere, through all that it reads on the way; False if something locks it."""
        readout, model, data = self.handles.readouts[index], self.model, self.data
        joint = self._joint(index)
        for equality in range(model.neq):
            if data.eq_active[equality] and int(model.eq_obj1id[equality]) == joint:
                return False
        low, high = model.jnt_range[joint] if model.jnt_limited[joint] else (aim, aim)
        aim = min(max(aim, float(low)), float(high))
        way = 1 if aim > data.qpos[readout.qpos] else -1
        data.qpos[readout.qpos] = aim
        for _ in readout.states:  # no more often: what a drive pulls back meanwhile it may keep
            state = readout.states[self.states[index]]
            passed = aim > state.above if way > 0 else aim < state.below
            if not passed:
                break
            self._enter(index, state.up if way > 0 else state.down)
            self.pass_to(self.now + PASSING)
        return True

    def _drive(self) -> None:
        """Let what the network drives be where it is driven to, at once."""
        network, data, model = self.network, self.data, self.model
        self._drives_seen = network.drives_version
        for drive in self.handles.drives:
            value = network.value(drive.signal)
            wanted = drive.actuators.get(value, -1)
            fresh = wanted >= 0 and data.ctrl[wanted] != 1.0
            for actuator in drive.actuators.values():
                data.ctrl[actuator] = 1.0 if actuator == wanted else 0.0
            if fresh:
                joint = int(model.actuator_trnid[wanted][0])
                index = next(i for i in self.handles.by_control[drive.control] if self._joint(i) == joint)
                if index not in [i for i, _ in self.held]:
                    self.movers[drive.control] = None
                    self._put(index, self.handles.mounted[drive.control].control.driven[value])
        for lock in self.handles.locks:
            data.eq_active[lock.equality] = bool(network.value(lock.signal))
        self._reach()

    def _joint(self, index: int) -> int:
        return int(self.model.dof_jntid[self.handles.readouts[index].dof])

    def _put(self, index: int, q: float) -> None:
        """Put a joint somewhere at once."""
        readout = self.handles.readouts[index]
        self.data.qpos[readout.qpos], self.data.qvel[readout.dof] = q, 0.0
        state = follow(readout.states, self.states[index], q)
        if state != self.states[index]:
            self._enter(index, state)

    def _let_go(self) -> None:
        """Fold the hand up, at once, where it touches something or moves: these worlds go on without it."""
        room, data = self.room, self.data
        dofs = slice(*room.body_dofs)
        if not (self.told.ncon or self._met) and float(np.abs(data.qvel[dofs]).max()) < REST:
            return
        hand, q, u = room.hand, room.body_qpos, room.body_ctrl
        folded = (*TUCK, *FOLD)
        rest = ARM + len(folded)
        data.qpos[q + ARM : q + len(hand.home)] = (*folded, *hand.home[rest:])
        data.qvel[dofs] = 0.0
        data.ctrl[u : u + ARM] = data.qpos[q : q + ARM]
        data.ctrl[u + ARM : u + len(hand.home_ctrl)] = (*folded, *hand.home_ctrl[rest:])

    def pass_to(self, until: int) -> None:
        """Let time pass to `until` [µs], rounded up to a whole tick."""
        self.advance(-(-until // TICK) * TICK)


def operated(world: World) -> frozenset[str]:
    """The controls that the agent moved in what has happened up to now, by their signals."""
    return frozenset(event.signal for event in world.network.log if event.actor == AGENT)
