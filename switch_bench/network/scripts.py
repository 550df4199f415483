"""Schedules and other people: what they wait for, and what they then do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from switch_bench.network.draws import draw_upto
from switch_bench.network.parts import Part, Slot
from switch_bench.network.state import NEVER, ScriptState, State


@dataclass(frozen=True, slots=True)
class Step:
    """Write `value` to `signal`, then wait [µs] before the next step."""

    signal: int
    value: Any
    wait: int


class ScriptPart(Part, Slot):
    """One script. `clock` and `next` are its slots: when it is triggered by time, and when it does its next step."""

    __slots__ = (
        "actor", "at", "clock", "delay", "every", "index", "jitter", "key", "next", "recheck", "steps", "times",
        "until", "when",
    )  # fmt: skip

    def __init__(
        self,
        *,
        index: int,
        key: str,
        actor: str,
        steps: tuple[Step, ...],
        at: int | None,
        every: int | None,
        when: tuple[tuple[int, Any], ...],
        delay: int,
        jitter: int,
        recheck: bool,
        times: int | None,
        until: int | None,
    ) -> None:
        self.index, self.key, self.actor, self.steps = index, key, actor, steps
        self.at, self.every, self.when = at, every, when
        self.delay, self.jitter, self.recheck, self.times = delay, jitter, recheck, times
        self.until = until
        by_time = at is not None or every is not None
        self.listens = () if by_time else tuple(dict.fromkeys(i for i, _ in when))
        self.clock = self.next = -1

    def begin(self, s: State) -> None:
        """Set the clock; or see whether things are so from the start."""
        if self.at is not None or self.every is not None:
            first = self.at if self.at is not None else self.every
            assert first is not None
            if first > 0:
                s.schedule(self.clock, first)
            else:
                self._by_clock(s)
        else:
            self.react(s, [])

    def react(self, s: State, triggers: list[int]) -> None:
        """Things changed: are they so now?"""
        mine = s.scripts[self.index]
        so = self._is_so(s)
        if so is mine.so:
            return
        s.scripts[self.index] = mine._replace(so=so)
        if so:
            self._trigger(s)

    def fire(self, s: State, slot: int) -> None:
        """It is time."""
        if slot == self.clock:
            self._by_clock(s)
        else:
            self._go_on(s)

    def _by_clock(self, s: State) -> None:
        if self.every is not None:
            s.schedule(self.clock, s.now + self.every)
        if self._is_so(s):
            self._trigger(s)

    def _is_so(self, s: State) -> bool:
        values = s.values
        return all(values[i] == value for i, value in self.when)

    def _trigger(self, s: State) -> None:
        mine = s.scripts[self.index]
        if self.times is not None and mine.done >= self.times:
            return
        if mine.step >= 0:
            s.scripts[self.index] = mine._replace(missed=bool(self.listens))
            return
        s.scripts[self.index] = mine._replace(step=0, causes=s.last_of(tuple(i for i, _ in self.when)), missed=False)
        wait = self.delay + draw_upto(self.jitter, s.program.seed, "jitter", self.key, s.now)
        if wait:
            s.schedule(self.next, s.now + wait)
        else:
            self._go_on(s)

    def _go_on(self, s: State) -> None:
        """Do steps until one has to be waited for."""
        mine = s.scripts[self.index]
        step, causes = mine.step, set(mine.causes)
        if step == 0:
            if (self.recheck and not self._is_so(s)) or (self.until is not None and s.now >= self.until):
                s.scripts[self.index] = mine._replace(step=-1, causes=(), missed=False)
                return
            causes.update(s.last_of(tuple(i for i, _ in self.when)))
            mine = mine._replace(done=mine.done + 1, causes=tuple(sorted(causes)))
        else:
            causes.update(s.last_of((self.steps[step - 1].signal,)))
        while step < len(self.steps):
            now = self.steps[step]
            s.write(now.signal, now.value, tuple(sorted(causes)), self.actor)
            step += 1
            if now.wait:
                s.scripts[self.index] = mine._replace(step=step)
                s.schedule(self.next, s.now + now.wait)
                return
        self._end(s, mine)

    def _end(self, s: State, mine: ScriptState) -> None:
        s.scripts[self.index] = mine._replace(step=-1, causes=(), missed=False)
        s.schedule(self.next, NEVER)
        if mine.missed and mine.so:
            self._trigger(s)
