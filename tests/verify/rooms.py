"""Rooms without physics: a network, the pushes of the agent, and the worlds without one or the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from switch_bench.network.declare import NetworkSpec, Value, seconds
from switch_bench.network.kernel import Network
from switch_bench.trace.schema import Claim, Pose, Trace, View
from switch_bench.verify.causal import horizon
from switch_bench.verify.task import Goal
from switch_bench.verify.verdict import Verdict, verify


@dataclass(frozen=True)
class Push:
    """The agent's hand changes a control."""

    at: float  # s
    signal: str
    value: Value


@dataclass(frozen=True, kw_only=True)
class Room:
    """A network and what the agent does in it until `end` [s]."""

    spec: NetworkSpec
    pushes: tuple[Push, ...] = ()
    end: float = 30.0
    claim: Claim | None = None
    views: tuple[View, ...] = ()
    poses: tuple[Pose, ...] = ()
    rest: tuple[Pose, ...] = ()  # where things stay without the agent
    act: str = "skill"

    def run(self, *, agent: bool = True, frozen: Iterable[str] = (), without: Iterable[str] = ()) -> Trace:
        """The trace; `frozen` controls stay as they are, and the actors `without` are not there."""
        gone, held = set(without), set(frozen)
        scripts = tuple(s for s in self.spec.scripts if f"{s.role}:{s.name}" not in gone)
        net = Network(replace(self.spec, scripts=scripts))
        end = seconds(self.end)
        if agent:
            for push in sorted(self.pushes, key=lambda p: p.at):
                if push.signal not in held and seconds(push.at) <= end:
                    net.advance(max(net.now, seconds(push.at) - 1))
                    net.push(push.signal, push.value, t=seconds(push.at), actor="agent")
        net.advance(end if agent and not gone and not held else horizon(end))
        return Trace(
            manifest={"act": self.act},
            signals=net.info,
            events=list(net.log),
            end=net.now,
            claim=self.claim if agent else None,
            views=list(self.views) if agent else [],
            poses=list(self.poses if agent else self.rest or self.poses[:1]),
        )

    def judge(self, goal: Goal | str, *, worlds: bool = True, identity: bool | None = None) -> Verdict:
        """The verdict on the room's run; without `worlds`, other people can't be left out of it."""
        task = goal if isinstance(goal, Goal) else Goal(goal=goal)
        masked = self.run(frozen=task.required) if task.required else None

        def stripped(removed: frozenset[str], with_agent: bool) -> Trace:
            return self.run(agent=with_agent, without=removed)

        return verify(
            task,
            self.run(),
            self.run(agent=False),
            masked,
            stripped=stripped if worlds else None,
            identity=identity,
        )
