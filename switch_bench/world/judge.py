"""A verdict on an episode, with the worlds it is compared to run as they are needed."""

from __future__ import annotations

from functools import cached_property

from switch_bench.physics.engine import only_mujoco
from switch_bench.trace.schema import Trace
from switch_bench.trace.signals import Signals
from switch_bench.verify.prefixes import standing
from switch_bench.verify.stl import parse
from switch_bench.verify.stl_truth import atom_table
from switch_bench.verify.task import Task
from switch_bench.verify.verdict import Verdict, verify
from switch_bench.verify.worlds import NULL, Without
from switch_bench.world import replay
from switch_bench.world.room import Room
from switch_bench.world.words import phrases


class Worlds:
    """The worlds that an episode is compared to, each run when it is first asked for."""

    def __init__(self, room: Room, trace: Trace):
        self.room, self.trace = room, trace
        self._run: dict[Without, Trace] = {}

    @cached_property
    def sound(self) -> Trace | None:
        """The same targets without the injected faults; None if there are none."""
        return replay.sound(self.room, self.trace) if self.room.scenario.faults else None

    def without(self, lacking: Without) -> Trace:
        """The world without something."""
        if lacking not in self._run:
            self._run[lacking] = replay.without(self.room, self.trace, lacking)
        return self._run[lacking]


def judge(task: Task, room: Room, trace: Trace, *, prove: bool = False, worlds: Worlds | None = None) -> Verdict:
    """Judge a trace made in this room.

    prove: also repeat the very episode, and let a difference make it undetermined. worlds: those of this trace, where
    it is judged more than once.

    Raises: EngineError for a trace of another engine than MuJoCo, which has no other worlds to compare it with.
    """
    only_mujoco(trace.manifest.get("engine", "mujoco"), "a verdict")
    worlds = worlds or Worlds(room, trace)
    frozen = frozenset(task.required)
    came = _ever_held(task.goal, trace)  # a goal that never came about has no cause to prove
    return verify(
        task,
        trace,
        worlds.without(NULL),
        worlds.without(Without(controls=frozen)) if frozen and came else None,
        run=worlds.without,
        identity=replay.identity(room, trace) if prove else None,
        sound=worlds.sound,
        words=phrases(room),
    )


def _ever_held(goal: str, trace: Trace) -> bool:
    """Whether there was an instant at which, had the episode ended then, its goal would have held."""
    root = parse(goal, trace.signals, objects=Signals.of(trace).objects).root
    return bool(standing(root, atom_table(root, Signals.of(trace)), trace.end))
