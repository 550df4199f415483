"""The planner at work: it plans in imagined worlds, acts in the real one, compares, and plans again where they part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from switch_bench.planning.aim import Aim, Told
from switch_bench.planning.imagine import Act, Imagined, operated
from switch_bench.planning.options import means, options
from switch_bench.planning.search import Move, Node, Pause, Search, carried_out
from switch_bench.planning.wires import distances
from switch_bench.skills.plan import motion, pass_time
from switch_bench.skills.sense import SkillFailed
from switch_bench.spec.steps import Step, read_step
from switch_bench.world.views import faces

FREELY, WITHOUT_WAITS, BY_THESE, WITH_OTHERS = 2000, 2400, 700, 1200  # what may be tried out in each search for a plan
BUDGET = FREELY + WITHOUT_WAITS + BY_THESE + WITH_OTHERS  # acts and waits tried out for a plan at the most
PLANS = 6  # that are made in an episode at the most
GRAIN = 1.0  # s between two looks whether the goal has come
LOOKING = 12_000_000  # µs that a look takes at the most
LOOKS = 2  # at what the goal speaks of, before a report
WIDE = 2  # how far from the goal devices are that are looked at to see why it can't be done


@dataclass(frozen=True)
class Found:
    """What came of a search. t: when it was made [µs]. tried: acts and waits tried out. plan: in words, () for none.
    guided: whether the search went by the controls that the task asks for.
    """

    t: int
    tried: int
    plan: tuple[str, ...]
    guided: bool


class Planner:
    """An episode of an environment that has just been reset. searches: what came of each search for a plan."""

    def __init__(self, env: Any):
        self.env = env
        self.told = Told.of(env.task)
        stage = env.stage
        self.aim = Aim(self.told, Imagined.of(stage.world), stage.trace.manifest, stage.trace.poses)
        self.near = distances(stage.room.network, self.aim.watched)
        self.searches: list[Found] = []
        self.means: frozenset[str] = frozenset()  # the controls that plans must use, once it turned out to matter

    @property
    def now(self) -> int:
        """The time [µs]."""
        return self.env.stage.now

    @property
    def left(self) -> int:
        """The time left [µs]."""
        return self.told.horizon_us - self.now

    def play(self) -> None:
        """Bring the goal about and report it, or find that it can't be done and report that."""
        for _ in range(PLANS):
            node = self.plan()
            if node is None:
                break
            if self._carry_out(node.plan) and self._wait_for_it():
                self._look_at_goal()
                if self._stands():
                    self.env.end("done")
                    return
            if self.left <= 0:
                break
        if not self.env.over and self.left > 0 and not self._stands():
            self._give_up()
        if not self.env.over:
            self.env.end("done" if self._stands() and self.left > 0 else None)

    # ------------------------------------------------------------------ plans

    def plan(self) -> Node | None:
        """A plan from here on.

        First by any means. If none is found so, or one that does without a control that the task asks for, then by
        those controls alone, without waiting and with it, and last by all, those asked for having a part in it.
        """
        start = self._imagined()
        search = Search(self.aim, self.near, self._by_means)
        node = None
        if not self.means:
            free = Search(self.aim, self.near, lambda _: True)
            node = free.plan(start, FREELY)
            search.tried = free.tried
            if node is None or not self._by_means(node):
                node, self.means = None, frozenset(self.told.required)
        if node is None and self.means:
            node = (
                search.plan(start, WITHOUT_WAITS, only=self.means, waits=False)
                or search.plan(start, BY_THESE, only=self.means)
                or search.plan(start, WITH_OTHERS)
            )
        words = tuple(move.words for move in node.plan) if node else ()
        self.searches.append(Found(self.now, search.tried, words, bool(self.means)))
        self.env.stage.note("plans", [asdict(found) for found in self.searches])
        return node

    def _by_means(self, node: Node) -> bool:
        """Whether the controls that the task asks for all had a part in what came about."""
        asked = frozenset(self.told.required)
        done = operated(self._imagined()) | _uses(node.plan)
        if not asked <= done:
            return False
        if not asked or self.now > 0:
            return True
        deaf = carried_out(Imagined.begun(self.env.stage.world, asked), node.plan)
        if deaf is None:
            return True
        there = self.aim.outlook(deaf)
        return there.comes is None or node.outlook.comes is None or there.comes > node.outlook.comes + 1_000_000

    def _imagined(self) -> Imagined:
        """The world as it is now."""
        return Imagined.of(self.env.stage.world)

    # ------------------------------------------------------------------ acts

    def _carry_out(self, plan: Sequence[Move]) -> bool:
        """Do the moves; False once what is left of them no longer leads to the goal."""
        for k, move in enumerate(plan):
            self.make(move)
            if self.env.over or self.left <= 0:
                return False
            then = carried_out(self._imagined(), plan[k + 1 :])
            if then is None or not self.aim.outlook(then).good:
                return False
        return True

    def make(self, move: Move) -> None:
        """Make a move, through physics; where it doesn't come off, stand aside."""
        if not self._do(move.step):
            self._step_back(move)

    def _do(self, step: Step) -> bool:
        """Do a step; False if the hand knows that it didn't come off."""
        done = True
        if step.verb == "wait":
            pass_time(self.env, step)  # pyright: ignore[reportArgumentType]
        else:
            try:
                done = self.env.perform(motion(self.env.sense, step)) == "done"
            except SkillFailed:
                done = False
        self.env.look_around()
        return done

    def _step_back(self, move: Move) -> None:
        """Go to the middle of the room, so that what didn't come off is tried from another place next time."""
        if isinstance(move, Act):
            placed = self.env.stage.room.drawn.placed[self.env.stage.room.handles.mounted[move.control].device]
            self._do(read_step({"goto": placed.zone}))

    def _wait_for_it(self) -> bool:
        """Wait until the goal stands; False if it isn't coming any more."""
        while self.left > 0:
            outlook = self.aim.outlook(self._imagined())
            if not outlook.good or outlook.comes is None:
                return False
            if outlook.comes <= self.now:
                return True
            self.env.wait(max(GRAIN / 20, (outlook.comes - self.now) * 1e-6))
        return False

    def _stands(self) -> bool:
        """Whether the goal stands now, and nothing that must not be is so."""
        outlook = self.aim.outlook(self._imagined())
        return outlook.good and outlook.comes == self.now

    # ------------------------------------------------------------------ looks

    def _look_at_goal(self) -> None:
        """Look at what the goal speaks of; where that can't be seen, at what else its device shows."""
        shown = {name for face in faces(self.env.stage.room) for name in face.signals}
        wanted = [name for name in sorted(self.aim.names) if name in shown]
        blind = {name.partition(".")[0] for name in self.aim.names} - {name.partition(".")[0] for name in wanted}
        wanted += [name for name in sorted(shown) if name.partition(".")[0] in blind]
        for name in wanted[:LOOKS]:
            if self.left > LOOKING + 5_000_000 and self._lasts():
                self._do(read_step({"look": name}))

    def _lasts(self) -> bool:
        """Whether the goal goes on standing while one looks, if nothing is done."""
        then = self._imagined()
        then.pass_to(self.now + LOOKING)
        outlook = self.aim.outlook(then)
        return outlook.good and outlook.comes == then.now

    def _give_up(self) -> None:
        """Try what the task asks for, look at all that may tell why nothing comes of it, put it back, and say so."""
        tried = self._try()
        self._look_for_reasons()
        for act in tried:
            if self.aim.left(self._imagined(), strictly=True):
                if not self._do(act.step):
                    self._step_back(act)
                    self._do(act.step)
                self._look_for_reasons()
        if self.left > 0:
            self.env.end("impossible")

    def _try(self) -> list[Act]:
        """Do something to one of the controls asked for; returns what puts it back."""
        here = self._imagined()
        for control, item in enumerate(here.handles.mounted):
            if not means(item, self.told.required):
                continue
            before = {r.name: here.states[here.handles.by_signal[f"{item.device}.{r.name}"]]
                      for r in item.built.readouts}  # fmt: skip
            for act in options(here, control, self.aim.numbers):
                then = carried_out(here, [act])
                if then is None or self.aim.outlook(then).broken or not _uses([act]) & set(self.told.required):
                    continue
                self._do(act.step)
                after = self._imagined()
                back = options(after, control, self.aim.numbers)
                return [b for b in back if b.screen is None and _restores(after, b, item.device, before)][:1]
        return []

    def _look_for_reasons(self) -> None:
        """Look at what shows the goal's signals and those of the devices that act on them, the nearest first."""
        far = {}
        for face in faces(self.env.stage.room):
            for name in face.signals:
                device = name.partition(".")[0]
                if self.near.get(device, WIDE + 1) <= WIDE:
                    far[name] = (name not in self.aim.names, self.near[device], name)
        seen: set[str] = set()
        for name in sorted(far, key=lambda name: far[name]):
            if name not in seen and self.left > LOOKING:
                self._do(read_step({"look": name}))
                seen |= {name, *self.env.stage.trace.views[-1].seen}


def _uses(plan: Sequence[Move]) -> frozenset[str]:
    """The controls, by their signals, that a plan does something to."""
    acts = [move for move in plan if not isinstance(move, Pause)]
    touched = {act.step.screen for act in acts if act.screen is not None}  # pyright: ignore[reportAttributeAccessIssue]
    return frozenset(touched | {signal for act in acts for signal, _ in act.strokes})


def _restores(world: Imagined, act: Act, device: str, before: dict[str, int]) -> bool:
    """Whether an act brings what it moves back to the state it was in before."""
    signal, value = act.strokes[-1]
    readout = world.handles.readouts[world.handles.by_signal[signal]]
    return readout.states[before[signal.removeprefix(f"{device}.")]].value == value
