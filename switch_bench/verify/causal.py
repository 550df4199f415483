"""Whether the agent caused it: the goal in the trace against the goal in worlds without the agent's part in it.

(a) In the null world the goal is gone, or later than max(0.1 s, 10 % of the delay from the agent's last act in its
ancestry). (b) Else by the NESS test (a necessary element of a sufficient set; Wright 1985): an agent's act is an
ancestor of the goal's deciding events, and there is a set R of other people's and schedules' acts such that without R
the goal still comes at its time, and without R and the agent it is gone or late. (c) In the masked world, in which the
controls it must be brought about by are frozen, the goal is gone or late. For a goal that must stay so, it is the event
that breaks it in the null world that the agent must have prevented: there the goal is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from switch_bench.trace.schema import Event, Trace
from switch_bench.verify import intervals as iv
from switch_bench.verify.facts import AGENT, Facts
from switch_bench.verify.part import Part
from switch_bench.verify.stl_ast import Node, names
from switch_bench.verify.words import Speaker, listing, seconds, whose

Stripped = Callable[[frozenset[str], bool], Trace | None]
"""(actors removed, with the agent) → the trace of that world; None if it can't be had."""

LEAST = 100_000  # µs
SHARE = 0.1
MANY = 6  # other actors up to which every set of them is tried


@dataclass(frozen=True, slots=True)
class Compared:
    """The goal in another world. differs: gone or late. since: from when it stands there; None: gone."""

    differs: bool
    since: int | None


@dataclass(frozen=True, slots=True)
class Coming:
    """How the goal came about in the trace: since when it stands [µs], by what, and how late is late."""

    since: int
    deciding: tuple[Event, ...]
    ancestry: tuple[Event, ...]
    acts: tuple[Event, ...]  # the agent's, in the ancestry
    tolerance: int  # µs


def horizon(end: int) -> int:
    """How long [µs] the worlds without the agent's part must run for a trace of length `end`.

    By then all has come that would still have been in time; in a shorter one what is only late counts as gone.
    """
    return end + max(LEAST, round(SHARE * end))


def coming(root: Node, facts: Facts, since: int) -> Coming:
    """How the goal that stands from `since` on came about."""
    deciding = facts.deciding(root, since)
    ancestry = facts.ancestry(*(e.id for e in deciding))
    acts = tuple(e for e in ancestry if e.actor == AGENT)
    delay = since - max(e.t for e in acts) if acts else 0
    return Coming(since, deciding, ancestry, acts, max(LEAST, round(SHARE * delay)))


def compare(root: Node, world: Facts, came: Coming, end: int) -> Compared:
    """The goal in another world, at the trace's end, or as long after it as still counts as in time."""
    at = min(world.end, max(end, came.since + came.tolerance))
    since = world.since(root, at)
    return Compared(since is None or since > came.since + came.tolerance, since)


def judge(
    root: Node,
    facts: Facts,
    null: Facts,
    masked: Facts | None,
    *,
    required: tuple[str, ...],
    stripped: Stripped | None,
    same: bool | None,
    speak: Speaker,
) -> Part:
    """The causal part for a goal that stands at the trace's end. same: whether the identity replay equals the trace."""
    since = facts.since(root, facts.end)
    if since is None:
        return Part("causal", None, "Not judged: the goal didn't hold.")
    came = coming(root, facts, since)
    evidence = tuple(sorted({e.id for e in (*came.deciding, *came.acts)}))
    if same is False:
        return Part("causal", None, "Undetermined: a replay of the very same episode went otherwise.", evidence)
    without = compare(root, null, came, facts.end)
    if without.differs:
        words, credited = _by_the_agent(root, facts, null, came, without, speak), True
    else:
        credited, words = _ness(root, facts, null, came, stripped)
        words = f"{_by_itself(came, without)} {words}"
    if credited is not True or not required:
        return Part("causal", credited, words, evidence)
    controls = listing([speak.noun(name) for name in required])
    if masked is None:
        return Part("causal", None, f"{words} Undetermined: there is no replay with {controls} frozen.", evidence)
    frozen = compare(root, masked, came, facts.end)
    if frozen.differs:
        return Part("causal", True, f"{words} With {controls} frozen it would not have come so.", evidence)
    words = f"{words} But it came about without {controls}: with that frozen it would have been so all the same"
    return Part("causal", False, f"{words} at {seconds(frozen.since or 0)}.", evidence)


def _by_itself(came: Coming, without: Compared) -> str:
    when = without.since or 0
    if when == 0 == came.since:
        return "It would have stayed so without the agent."
    if when == 0:
        return "Without the agent it would have been so from the start."
    return f"Without the agent it would have come about all the same, at {seconds(when)} (here: {seconds(came.since)})."


def _by_the_agent(root: Node, facts: Facts, null: Facts, came: Coming, without: Compared, speak: Speaker) -> str:
    if without.since is not None:
        return (
            f"By the agent's doing it came at {seconds(came.since)}; without the agent not before "
            f"{seconds(without.since)}."
        )
    standing = iv.intersection(null.standing(root), [(0, min(null.end, facts.end) + 1)])
    if standing and standing[0][0] == 0:
        broken = standing[0][1]
        event = null.deciding(root, broken)
        last = [e for e in event if e.t <= broken]
        what = f", when {speak.so(last[-1].signal, null.signals.value(last[-1].signal, broken))}" if last else ""
        return f"The agent kept it so: without the agent it would have been broken at {seconds(broken)}{what}."
    acts = [e for e in came.acts if e.t <= came.since]
    how = ""
    if acts:
        act = acts[-1]
        how = f" at {seconds(act.t)}, when {speak.so(act.signal, facts.signals.value(act.signal, act.t))}"
    told = _states(root, null, facts, speak)
    return f"The agent brought it about{how}; without the agent it would not have come{told}."


def _states(root: Node, null: Facts, facts: Facts, speak: Speaker) -> str:
    end = min(null.end, facts.end)
    told = [speak.so(name, null.signals.value(name, end)) for name in names(root)][:3]
    return f": at {seconds(end)} {listing(told)} there" if told else ""


def _ness(root: Node, facts: Facts, null: Facts, came: Coming, stripped: Stripped | None) -> tuple[bool | None, str]:
    """Whether the agent's act was a needed part of some set that sufficed; and that in words."""
    if not came.acts:
        return False, "Nothing the agent did led to it."
    others = facts.others | null.others
    if not others:
        return False, "Nobody else's doing stands in for the agent's."
    if stripped is None:
        return None, "Undetermined: whether the agent's act alone would have sufficed needs replays without the others."
    tried: set[frozenset[str]] = set()
    missing = False
    while True:
        todo = [removed for removed in _sets(others) if removed not in tried]
        if not todo:
            break
        for removed in todo:
            tried.add(removed)
            alone, nobody = stripped(removed, True), stripped(removed, False)
            if alone is None or nobody is None:
                missing = True
                continue
            worlds = Facts(alone), Facts(nobody)
            still = not compare(root, worlds[0], came, facts.end).differs
            if still and compare(root, worlds[1], came, facts.end).differs:
                who = listing([whose(name) for name in sorted(removed)])
                return True, f"But the agent's act sufficed: without {who} it would have come through the agent alone."
            others |= worlds[0].others | worlds[1].others  # who had been forestalled may act now
    if missing or len(others) > MANY:
        return None, "Undetermined: not all worlds without other people's acts could be looked at."
    return False, "Without the others' acts the agent's would not have brought it about."


def _sets(actors: frozenset[str]) -> list[frozenset[str]]:
    """The sets of actors to leave out, small ones first: all, or each one and everybody where they are many."""
    sizes = range(1, len(actors) + 1) if len(actors) <= MANY else (1, len(actors))
    return [frozenset(removed) for size in sizes for removed in combinations(sorted(actors), size)]
