"""Rooms without physics: a network, the pushes of the agent, and the worlds without one or the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from switch_bench.network.declare import NetworkSpec, Value, seconds
from switch_bench.network.kernel import Network
from switch_bench.trace.schema import Claim, Pose, Trace, View
from switch_bench.verify.counterfactual import horizon
from switch_bench.verify.task import Goal
from switch_bench.verify.verdict import Verdict, verify
from switch_bench.verify.worlds import NULL, Without

WHOLE = Without()


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
    plan: Mapping[str, Any] = field(default_factory=dict)

    def run(self, lacking: Without = WHOLE) -> Trace:
        """The trace, or that of the world which lacks something."""
        gone, held, until = lacking.others, lacking.controls, lacking.agent_from
        scripts = tuple(
            s if lacking.others_from is None else replace(s, until=lacking.others_from)
            for s in self.spec.scripts
            if f"{s.role}:{s.name}" not in gone
        )
        net = Network(replace(self.spec, scripts=scripts))
        end = seconds(self.end)
        for push in sorted(self.pushes, key=lambda p: p.at):
            t = seconds(push.at)
            if push.signal not in held and t <= end and (until is None or t < until):
                net.advance(max(net.now, t - 1))
                net.push(push.signal, push.value, t=t, actor="agent")
        net.advance(end if lacking == WHOLE else horizon(end))
        agent = lacking != NULL
        return Trace(
            manifest={"act": self.act, "plan": self.plan},
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
        return verify(
            task,
            self.run(),
            self.run(NULL),
            self.run(Without(controls=frozenset(task.required))) if task.required else None,
            run=self.run if worlds else None,
            identity=identity,
        )
