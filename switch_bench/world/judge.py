"""A verdict on an episode, with the worlds it is compared to run as they are needed."""

from __future__ import annotations

from switch_bench.spec.task import Task
from switch_bench.trace.schema import Trace
from switch_bench.trace.signals import Signals
from switch_bench.verify.prefixes import standing
from switch_bench.verify.stl import parse
from switch_bench.verify.stl_truth import atom_table
from switch_bench.verify.verdict import Verdict, verify
from switch_bench.world import replay
from switch_bench.world.room import Room
from switch_bench.world.words import phrases


def judge(task: Task, room: Room, trace: Trace, *, prove: bool = False) -> Verdict:
    """Judge a trace made in this room.

    `prove`: also repeat the very episode, and let a difference make it undetermined.
    """
    frozen = frozenset(task.required)
    came = _ever_held(task.goal, trace)  # a goal that never came about has no cause to prove
    return verify(
        task,
        trace,
        replay.without_hands(room, trace),
        replay.masked(room, trace, frozen) if frozen and came else None,
        stripped=lambda removed, with_agent: replay.stripped(room, trace, removed, with_agent),
        identity=replay.identity(room, trace) if prove else None,
        words=phrases(room),
    )


def _ever_held(goal: str, trace: Trace) -> bool:
    """Whether there was an instant at which, had the episode ended then, its goal would have held."""
    root = parse(goal, trace.signals, objects=Signals.of(trace).objects).root
    return bool(standing(root, atom_table(root, Signals.of(trace)), trace.end))
