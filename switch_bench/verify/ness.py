"""The NESS test: where the goal comes without the agent too, was its act a needed element of a set that sufficed?

After Wright (1985). Others are left out of the world until the agent's act alone makes the difference:

- Where something came about, there is a set R of other people and schedules such that without R it still comes in time,
  and without R and the agent it doesn't. It must be R's doing that the agent's made superfluous. Where the agent only
  put off what R would have done sooner, it brought nothing about. Where R never acted, the agent forestalled it; by its
  own hand that is preemption, but through another's it can't be told from a switch that only chose who would do it.
- Where something stayed so, the threat must still have stood when the agent acted: with everyone silent from that act
  on it is broken, and with that one act more it isn't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from switch_bench.trace.schema import Event
from switch_bench.verify.counterfactual import Compared, Question
from switch_bench.verify.facts import AGENT
from switch_bench.verify.words import listing, seconds, whose
from switch_bench.verify.worlds import Without

MANY = 6  # other actors up to which every set of them is tried
TOUCHES = 12  # of the agent's, up to which each is tried for having ended a threat
ON_ITS_WAY = 500_000  # µs: so long before a touch the hand has not yet been sent to press


@dataclass(frozen=True, slots=True)
class Credit:
    """Whether the agent's act counts, why, and the world in which it alone made the difference."""

    value: bool | None
    words: str
    ground: Without = Without()  # noqa: RUF009  # frozen


def judge(asked: Question, without: Compared) -> Credit:
    """Whether the agent counts as a cause of what also comes without it (`without`)."""
    stays = asked.came.since == 0 == without.since
    if not asked.came.acts and not (stays and asked.facts.acts):
        return Credit(False, "Nothing the agent did led to it.")
    others = asked.facts.others | asked.null.others
    if not others:
        return Credit(False, "Nobody else's doing stands in for the agent's.")
    sets, all_seen = _sufficing(asked, others)
    if sets and stays:
        return _ended_a_threat(asked)
    grades = [_grade(asked, without, left_out) for left_out in sets]
    for value in (True, None):
        found = [grade for grade in grades if grade.value is value]
        if found:
            return found[0]
    if not all_seen:
        return Credit(None, "Undetermined: not all worlds without other people's acts could be looked at.")
    return (
        grades[0] if grades else Credit(False, "Without the others' acts the agent's would not have brought it about.")
    )


def _sufficing(asked: Question, others: frozenset[str]) -> tuple[list[frozenset[str]], bool]:
    """The smallest sets of actors without whom it comes in time through the agent alone; and whether all were tried."""
    found: list[frozenset[str]] = []
    tried: set[frozenset[str]] = set()
    missing = False
    while todo := [r for r in _sets(others) if r not in tried]:
        for left_out in todo:
            tried.add(left_out)
            if any(smaller <= left_out for smaller in found):
                continue
            alone = asked.world(Without(others=left_out))
            nobody = asked.world(Without(others=left_out, agent_from=0))
            if alone is None or nobody is None:
                missing = True
                continue
            if not asked.compare(alone).differs and asked.compare(nobody).differs:
                found.append(left_out)
            others |= alone.others | nobody.others  # who had been forestalled may act now
    return found, not missing and len(others) <= MANY


def _sets(actors: frozenset[str]) -> Iterator[frozenset[str]]:
    """The sets of actors to leave out, small ones first: all, or each one and everybody where they are many."""
    sizes = range(1, len(actors) + 1) if len(actors) <= MANY else (1, len(actors))
    return (frozenset(r) for size in sizes for r in combinations(sorted(actors), size))


def _grade(asked: Question, without: Compared, left_out: frozenset[str]) -> Credit:
    """What it means that without these it comes through the agent alone."""
    who = listing([whose(name) for name in sorted(left_out)])
    acted = left_out <= asked.facts.others
    came = asked.came
    if without.since is not None and without.since + came.tolerance < came.since:
        if acted:
            return Credit(False, f"The agent only put off what {who} had under way.")
        return Credit(None, f"Undetermined: the agent kept {who} from doing it sooner, and did it later.")
    if acted or _by_own_hand(asked):
        words = f"But the agent's act sufficed: without {who} it would have come through the agent alone."
        return Credit(True, words, Without(others=left_out))
    return Credit(
        None,
        f"Undetermined: {who} would have done it and did nothing, because of the agent or because another did it "
        "through whom the agent's act went.",
    )


def _by_own_hand(asked: Question) -> bool:
    """Whether an act of the agent led to the goal with nobody else's act in between."""
    events = asked.facts.trace.events
    todo, seen = [e.id for e in asked.came.deciding], set[int]()
    while todo:
        event = events[todo.pop()]
        if event.id in seen or event.actor not in (None, AGENT):
            continue
        if event.actor == AGENT:
            return True
        seen.add(event.id)
        todo += event.causes
    return False


def _ended_a_threat(asked: Question) -> Credit:
    """Whether, at an act of the agent, what threatened the goal still stood, and that act ended it."""
    touches = list(_touches(asked))
    missing = len(touches) > TOUCHES
    for act, start, end in touches[:TOUCHES]:
        before = Without(agent_from=start, others_from=act.t)
        ground = Without(agent_from=end, others_from=act.t)
        broken, kept = asked.differs(before), asked.differs(ground)
        missing = missing or broken is None or kept is None
        if broken and kept is False:
            words = (
                f"But at {seconds(act.t)} it was still threatened, and the agent's act then ended that, whatever "
                "others did later."
            )
            return Credit(True, words, ground)
    if missing:
        return Credit(None, "Undetermined: not all worlds without the others' later acts could be looked at.")
    return Credit(False, "When the agent acted, nothing threatened it any more.")


def _touches(asked: Question) -> Iterator[tuple[Event, int, int]]:
    """The first act of each touch of a control by the agent, the time before the touch, and that of its end [µs]."""
    kinds = asked.facts.trace.signals
    felt = [e for e in asked.facts.trace.events if e.actor == AGENT and kinds[e.signal].kind == "touch"]
    past = -1
    for act in asked.facts.acts:
        if act.t < past:
            continue
        begun = max((e.t for e in felt if e.new and e.t <= act.t), default=act.t)
        past = min((e.t for e in felt if not e.new and e.t > act.t), default=asked.facts.end if felt else act.t) + 1
        yield act, max(0, begun - ON_ITS_WAY) if felt else act.t, past
