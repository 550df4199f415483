"""An episode that has ended, judged by other tasks than its own: what the audit's mutants are tried on."""

from __future__ import annotations

from functools import cached_property

from switch_bench.evaluate.bench import facts_of
from switch_bench.evaluate.facts import VerdictFacts
from switch_bench.spec.task import Task
from switch_bench.trace.schema import Trace
from switch_bench.verify.acts import actuations
from switch_bench.verify.facts import Facts
from switch_bench.verify.stl import parse
from switch_bench.verify.words import Speaker
from switch_bench.world.judge import Worlds, judge
from switch_bench.world.room import Room


class Episode:
    """A trace and the room it was made in; the worlds it is compared to are run once."""

    def __init__(self, room: Room, trace: Trace):
        self.signals = trace.signals
        self.objects = [*room.drawn.objects]
        self.end = trace.end
        self._room, self._trace = room, trace
        self._worlds = Worlds(room, trace)

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self._trace)

    @property
    def acts(self) -> int:
        """How often the agent took hold of a control and changed it, as the verdict counts."""
        return len(actuations(self._facts, Speaker(self.signals)))

    def holds(self, goal: str) -> bool:
        """Whether a formula held at the end. Raises `FormulaError`."""
        root = parse(goal, self.signals, objects=self.objects).root
        return self._facts.since(root, self._trace.end) is not None

    def verdict(self, task: Task) -> VerdictFacts:
        """The verdict, had this been the task."""
        return facts_of(judge(task, self._room, self._trace, worlds=self._worlds), task)
