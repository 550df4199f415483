"""The running room: one engine, one network, one clock. This file is the tick.

A tick is 10 ms: two physics steps of 5 ms; what the mechanisms read is pushed to the network with the tick's time; the
network advances to it; what it drives acts from the next tick on. When nothing but the resting body is awake, the world
jumps by whole ticks to the next event that touches physics (`advance`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b
from sys import getrefcount

import mujoco
import numpy as np

from switch_bench.controls.readout import follow
from switch_bench.network.declare import NetworkSpec, Value
from switch_bench.network.draws import draw
from switch_bench.network.kernel import Network
from switch_bench.physics.engine import only_mujoco, start
from switch_bench.verify.facts import AGENT
from switch_bench.world.clearance import Clearance
from switch_bench.world.eyes import Sight, watch
from switch_bench.world.handles import locked
from switch_bench.world.people import HAND, Push, parse, press, written
from switch_bench.world.room import Room
from switch_bench.world.touch import pressed_widget, touches

Body = tuple[list[float], list[float], list[float]]

TICK = 10_000  # µs
SUBSTEPS = 2  # of 5 ms
REST = 1e-3  # m/s or rad/s, a body slower than this stands still
ALONE = 3  # references to the data of a world that is going: its own, a local name, and the count's


class World:
    """A room running from time 0. All its state is in `data`, `network` and the lists `fork` copies."""

    def __init__(
        self,
        room: Room,
        *,
        frozen: frozenset[str] = frozenset(),
        network: NetworkSpec | None = None,
        engine: str = "mujoco",
    ):
        """Start the room's scenario.

        frozen: control signals at which what the agent does isn't read (masked replays).
        network: another one than the room's own (without some people, say).
        engine: what steps it, of `physics.engine.ENGINES`. Raises EngineError.
        """
        self.room = room
        self.model = room.model
        self.data = room.borrow()
        mujoco.mj_copyData(self.data, room.model, room.start_data)
        self.engine = start(engine, room.model, self.data)
        self.told = self.engine.told  # what the engine tells of contacts and of what is awake: MuJoCo's is the data
        self.handles = room.handles
        self.network = room.begin() if network is None else Network(network)
        self.people = tuple(p for p in room.people if f"{p}.{HAND}" in self.network.index)
        self.frozen = frozen
        self.now = 0
        self.states: list[int] = list(room.start_states)
        self.touched: tuple[int, ...] = ()
        self._met = b""  # the pairs of geoms in contact, as they were read last
        self.movers: list[str | None] = [None] * len(self.handles.controls)  # who last touched it, while it is awake
        self.carried: list[str | None] = [None] * len(self.handles.objects)
        self._awake: list[int] = []  # which of the handles' trees were awake when they were read last
        self.pushes: list[Push] = []
        self.touch_widgets: list[str] = [""] * len(self.handles.screens)
        here = self._stands()
        self.sights: list[Sight] = [Sight(here, 0) for _ in room.eyes]  # what motion sensors make of the body
        self._waking: tuple[int, ...] = ()  # dofs marked to wake at the next step
        about = room.surroundings
        self.clearance = Clearance(about)
        self._bare, self._loose = about.bare, about.loose
        self._body = self._views()
        self._drives_seen = -1
        self._drive()

    # ------------------------------------------------------------------ time

    def run(self, ticks: int, body: Body | None = None) -> None:
        """Step `ticks` ticks. body: its targets, positions and velocities now, if the caller has them."""
        step, data, told, network = self.engine.step, self.data, self.told, self.network
        quiet = self.room.quiet_trees
        model = self._cheapest(ticks, body)
        if model is self._bare and not self.sights and network.idle_until(self.now + ticks * TICK):
            step(model, data, SUBSTEPS * ticks)
            self.now += ticks * TICK
            if told.ntree_awake > quiet:
                self._read()
            network.advance(self.now)
            return
        for _ in range(ticks):
            step(model, data, SUBSTEPS)
            self.now += TICK
            if self._waking:
                self._woken()
            if told.ncon or told.ntree_awake > quiet or self._met or self._awake:
                self._read()
                if model is not self.model and not self._in_place():
                    model = self.model
            if self.pushes:
                self._push()
            if self.sights:
                self._watch()
            network.advance(self.now)
            if network.drives_version != self._drives_seen:
                self._drive()
                if self._waking or self.pushes:
                    model = self.model

    def _cheapest(self, ticks: int, body: Body | None = None) -> mujoco.MjModel:
        """The model whose next steps cost least and come to the same as the room's own."""
        if self._waking or self.pushes or self.told is not self.data or not self._in_place():
            return self.model
        targets, q, v = body or [part.tolist() for part in self._body]
        cheapest = self.clearance.model(self.data, targets, q, v, ticks * TICK * 1e-6)
        return self.model if cheapest is self._bare and (self._awake or self._met) else cheapest

    def _views(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The body's targets, positions and velocities in `data`."""
        room, data = self.room, self.data
        q, u = room.body_qpos, room.body_ctrl
        return data.ctrl[u : u + 12], data.qpos[q : q + 13], data.qvel[slice(*room.body_dofs)]

    def _in_place(self) -> bool:
        """Whether all that may leave its place sleeps there."""
        return not self._awake or self._loose.isdisjoint(self._awake)

    def advance(self, until: int, *, jumps: list[tuple[int, int]] | None = None) -> None:
        """Let time pass to `until` (a whole tick), jumping where nothing physical can happen; log jumps made."""
        while self.now < until:
            if not self.at_rest():
                self.run(1)
                continue
            start = self.now
            reached = self.network.advance(until, stop=True)
            self.now = min(until, -(-reached // TICK) * TICK)
            self.network.advance(self.now)
            self.data.time = self.now * 1e-6
            if jumps is not None and self.now > start:
                jumps.append((start, self.now))
            self._drive()

    def jump(self, until: int) -> None:
        """Repeat a recorded jump: advance the network alone to `until`."""
        self.network.advance(until)
        self.now = until
        self.data.time = until * 1e-6
        self._drive()

    def at_rest(self) -> bool:
        """True if nothing but the body is awake, and the body touches nothing and stands still."""
        data, told = self.data, self.told
        busy = self._met or self._awake or self.pushes or self._waking or any(s.until for s in self.sights)
        if busy or told.ncon or told.ntree_awake > self.room.quiet_trees:
            return False
        low, high = self.room.body_dofs
        return float(np.abs(data.qvel[low:high]).max()) < REST

    # ------------------------------------------------------------------ physics → network

    def _read(self) -> None:
        """Read what moved or was touched, and push it to the network as events of this tick."""
        handles, told = self.handles, self.told
        met = told.contact.geom.tobytes() if told.ncon else b""
        if met != self._met:  # which geoms touch has changed; while it hasn't, neither has who touches what
            self._met = met
            self._feel()
        awake = told.tree_awake[handles.trees].nonzero()[0].tolist()
        if awake != self._awake:
            self._woke(awake)
        qpos, states = self.data.qpos, self.states
        for i in awake:
            if i >= len(states):
                break  # the rest are loose things
            readout = handles.readouts[i]
            state = readout.states[states[i]]
            q = float(qpos[readout.qpos])
            if not state.below <= q <= state.above:
                self._enter(i, follow(readout.states, states[i], q))

    def _woke(self, awake: list[int]) -> None:
        """Other trees are awake. What has fallen asleep was moved by nobody, whatever moves it next."""
        handles, n = self.handles, len(self.states)
        if not self._loose.isdisjoint(self._awake + awake):
            self.clearance.forget()
        for i in set(self._awake).difference(awake):
            if i >= n:
                self.carried[i - n] = None
                continue
            c = handles.readouts[i].control
            held = c in self.touched or any(push.control == c for push in self.pushes)
            if not held and not any(k in awake for k in handles.by_control[c]):
                self.movers[c] = None
        self._awake = awake

    def _feel(self) -> None:
        """Find which controls the hand, or a thing it moves, touches; log touches that begin and end."""
        handles, network = self.handles, self.network
        touched, points = touches(handles, self.told.contact, self.carried)
        now_touched = tuple(sorted(touched))
        if now_touched == self.touched:
            return
        for c in now_touched:
            if c not in self.touched:
                self.movers[c] = AGENT
                network.push(f"{handles.controls[c]}_touch", True, t=self.now, actor=AGENT)
        for c in self.touched:
            if c not in touched:
                network.push(f"{handles.controls[c]}_touch", False, t=self.now, actor=AGENT)
        before, self.touched = self.touched, now_touched
        for i, screen in enumerate(handles.screens):
            if (screen.control in touched) != (screen.control in before):
                self._touch_screen(i, [at for c, at in points if c == screen.control])

    def _stands(self) -> tuple[float, float]:
        """Where the trunk stands [m]."""
        x, y = self.data.qpos[self.room.body_qpos : self.room.body_qpos + 2].tolist()
        return x, y

    def _watch(self) -> None:
        """Let motion sensors see the body move, and lose it from sight once it stands."""
        at, shells = self._stands(), self.room.drawn.shells
        for i, eye in enumerate(self.room.eyes):
            before = self.sights[i]
            sight = watch(eye, before, at, self.now, shells)
            if sight is before:
                continue
            self.sights[i] = sight
            sees = sight.until > 0
            if eye.signal not in self.frozen and (sees or before.until) and self.network.value(eye.signal) != sees:
                self.network.push(eye.signal, sees, t=self.now, actor=AGENT)

    def _enter(self, i: int, state: int) -> None:
        """Put readout `i` into a state of its mechanism: detent, interlock, and the event if its value changed."""
        readout = self.handles.readouts[i]
        old, new = readout.states[self.states[i]], readout.states[state]
        self.states[i] = state
        if readout.detent >= 0:
            self.data.ctrl[readout.detent] = new.rest
        if readout.unlocks >= 0:
            self.data.eq_active[readout.unlocks] = locked(self.handles, readout.unlocks, self.states)
        actor = self.movers[readout.control]
        if old.value != new.value and not (readout.signal in self.frozen and actor == AGENT):
            cause = self._cause(readout.control, actor)
            comes_up = readout.detent < 0 and new.value is False  # what was felt going down is felt coming up
            if comes_up or not self._missed(readout.signal):
                self.network.push(readout.signal, new.value, t=self.now, actor=actor, causes=cause)

    def _missed(self, signal: str) -> bool:
        """True if a fault of the scenario makes the device miss this change of this readout (a keyed draw)."""
        share = self.room.missed.get(signal, 0.0)
        return bool(share) and draw(self.room.network.seed, "missed", signal, self.now) < share

    def _cause(self, control: int, actor: str | None) -> tuple[str, ...]:
        """The signals whose last events made the control move: all hands on it, or the device's drive."""
        touch = f"{self.handles.controls[control]}_touch"
        hands = {f"{p.person.split(':', 1)[1]}.{HAND}" for p in self.pushes if p.control == control}
        if actor == AGENT or control in self.touched:
            hands.add(touch)
        if actor is not None and actor != AGENT:
            hands.add(f"{actor.split(':', 1)[1]}.{HAND}")
        if hands:
            return tuple(sorted(hands))
        item = self.handles.mounted[control]
        return () if item.control.drive is None else (f"{item.device}.{item.control.drive}",)

    def _touch_screen(self, index: int, points: Sequence[np.ndarray]) -> None:
        """Turn a touch-down on a screen at these points of the world into the widget under it; none: a release."""
        screen = self.handles.screens[index]
        widget = pressed_widget(screen, self.data, points, self.network.value) if points else ""
        self.touch_widgets[index] = widget
        if screen.signal not in self.frozen and not (widget and self._missed(screen.signal)):
            cause = (f"{screen.signal}_touch",)
            self.network.push(screen.signal, widget, t=self.now, actor=AGENT, causes=cause)

    # ------------------------------------------------------------------ network → physics

    def _drive(self) -> None:
        """Let what the network drives act: motors, locks and other people's hands; wake the trees they move."""
        network, data = self.network, self.data
        self._drives_seen = network.drives_version
        for drive in self.handles.drives:
            wanted = drive.actuators.get(network.value(drive.signal), -1)
            for actuator in drive.actuators.values():
                pull = 1.0 if actuator == wanted else 0.0
                if data.ctrl[actuator] != pull:
                    data.ctrl[actuator] = pull
                    self._wake(drive.dofs)
                    if drive.control not in self.touched:
                        self.movers[drive.control] = None
        for lock in self.handles.locks:
            active = bool(network.value(lock.signal))
            if bool(data.eq_active[lock.equality]) != active:
                data.eq_active[lock.equality] = active
                self._wake(lock.dofs)
        self._reach()

    def _reach(self) -> None:
        """Let other people's hands take hold of what they want to move."""
        network, data = self.network, self.data
        for person, wish in self.room.hands(network, self.people):
            push = parse(self.handles, self.model, data, person, wish)
            if push is not None and (person, wish) not in [(p.person, p.wish) for p in self.pushes]:
                self.pushes.append(push)
                self.movers[push.control] = person
                self._wake((self.handles.readouts[push.readout].dof,))

    def _push(self) -> None:
        """Let other people's hands press what they want pressed, for as long as they want it."""
        wishes = dict(self.room.hands(self.network, self.people))
        still: list[Push] = []
        for push in self.pushes:
            wanted = wishes[push.person] == push.wish
            if press(self.handles, self.model, self.data, push, self.states[push.readout], TICK * 1e-6, wanted):
                still.append(push)
            self._unmask(push)
        self.pushes = still

    def _unmask(self, push: Push) -> None:
        """At a frozen control a person does what they want as if the agent had neither moved nor held it."""
        readout = self.handles.readouts[push.readout]
        if readout.signal not in self.frozen:
            return
        value = next(s.value for s in readout.states if written(s.value) == push.value)
        there = readout.states[self.states[push.readout]].value == value
        if (there or push.control in self.touched) and value != self.network.value(readout.signal):
            cause = (f"{push.person.split(':', 1)[1]}.{HAND}",)
            self.network.push(readout.signal, value, t=self.now, actor=push.person, causes=cause)

    def _wake(self, dofs: Sequence[int]) -> None:
        for dof in dofs:
            self.data.qfrc_applied[dof] = -0.0  # a sleeping tree ignores ctrl and eq_active, not this
        self._waking += tuple(dofs)

    def _woken(self) -> None:
        """The step that woke them is done: take the mark away, or they would never sleep again."""
        applied = self.data.qfrc_applied
        for dof in self._waking:
            if applied[dof] == 0.0:
                applied[dof] = 0.0
        self._waking = ()

    # ------------------------------------------------------------------ state

    def fork(self) -> World:
        """An independent copy of this instant; the room is shared. Raises EngineError where Bullet steps the world."""
        only_mujoco(self.engine.name, "a fork")
        other = object.__new__(World)
        other.__dict__.update(self.__dict__)
        other.data = self.room.borrow()
        mujoco.mj_copyData(other.data, self.model, self.data)
        other.engine = start(self.engine.name, self.model, other.data)
        other.told = other.engine.told
        other._body = other._views()
        other.clearance = self.clearance.fork()
        other.network = self.network.fork()
        other.states = list(self.states)
        other.movers = list(self.movers)
        other.carried = list(self.carried)
        other.pushes = [replace(push) for push in self.pushes]
        other.touch_widgets = list(self.touch_widgets)
        other.sights = list(self.sights)
        return other

    def __del__(self) -> None:
        for holder in ("_body", "engine", "told"):
            self.__dict__.pop(holder, None)
        data = self.__dict__.get("data")
        if data is not None and getrefcount(data) == ALONE:  # nobody else holds it: the next world may have it
            self.room.give_back(data)

    def digest(self) -> str:
        """Hash of the quantised physical state (1e-6 m or rad) and the network's state."""
        h = blake2b(digest_size=16)
        h.update(np.round(self.data.qpos * 1e6).astype(np.int64).tobytes())
        h.update(repr((self.now, self.states, self.touched, self.touch_widgets, self.movers, self.pushes)).encode())
        if self.sights:
            h.update(repr(self.sights).encode())
        h.update(self.network.written().encode())
        return h.hexdigest()

    def value(self, name: str) -> Value:
        """A signal's value, or a flow's level, now."""
        return self.network.value(name)
