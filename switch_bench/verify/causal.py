"""Whether the agent caused it: the goal in the trace against the goal in worlds without the agent's part in it.

(a) In the null world the goal is gone, or later than max(0.1 s, 10 % of the delay from the agent's last act in its
ancestry). (b) Else by the NESS test, as in `verify/ness.py`. (c) Each control by which it must be brought about had a
part in it (`_had_a_part`). For a goal that must stay so, it is the event that breaks it in the null world that the
agent must have prevented: there the goal is gone.

`docs/causes.md` has the rule in full, and what it says of the cases of the literature.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from switch_bench.verify import intervals as iv
from switch_bench.verify import ness
from switch_bench.verify.counterfactual import Coming, Compared, Question, Worlds, coming
from switch_bench.verify.facts import Facts
from switch_bench.verify.ness import Credit
from switch_bench.verify.part import Part
from switch_bench.verify.stl_ast import Node, names
from switch_bench.verify.words import Speaker, listing, seconds
from switch_bench.verify.worlds import Without

MANY = 5  # other controls of the agent up to which every set of them is tried


def judge(
    root: Node,
    facts: Facts,
    null: Facts,
    *,
    required: tuple[str, ...],
    worlds: Worlds,
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
    asked = Question(root, facts, null, came, worlds)
    without = asked.compare(null)
    if without.differs:
        credit = Credit(True, _by_the_agent(root, facts, null, came, without, speak))
    else:
        credit = ness.judge(asked, without)
        credit = replace(credit, words=f"{_by_itself(came, without)} {credit.words}")
    if credit.value is True and required:
        value, words = _by_required(asked, credit.ground, required, speak)
        credit = replace(credit, value=value, words=f"{credit.words} {words}")
    return Part("causal", credit.value, credit.words, evidence)


def _by_required(
    asked: Question, ground: Without, required: tuple[str, ...], speak: Speaker
) -> tuple[bool | None, str]:
    """Whether each required control had a part in it, in the world in which the agent's act made the difference."""
    for control in required:
        had = _had_a_part(asked, ground, control)
        name = speak.noun(control)
        if had is None:
            return None, f"Undetermined: not all replays with {name} frozen could be looked at."
        if not had:
            frozen = asked.world(replace(ground, controls=frozenset({control})))
            since = (asked.compare(frozen).since if frozen else None) or 0
            words = f"But it came about without {name}: with that frozen it would have been so all the same"
            return False, f"{words} at {seconds(since)}."
    return True, f"With {listing([speak.noun(name) for name in required])} frozen it would not have come so."


def _had_a_part(asked: Question, ground: Without, control: str) -> bool | None:
    """The NESS test among the agent's own controls: was this one needed, perhaps with others of them frozen?"""

    def differs(*frozen: str) -> bool | None:
        return asked.differs(replace(ground, controls=frozenset(frozen)))

    if (gone := differs(control)) is not False:
        return gone
    world = asked.world(replace(ground, controls=frozenset({control})))
    since = None if world is None else asked.compare(world).since
    if world is None or since is None:
        return None
    kinds = world.trace.signals
    acts = [e for e in coming(asked.root, world, since).acts if kinds[e.signal].kind != "touch"]
    ways = sorted({e.signal for e in acts})
    unsure = len(ways) > MANY
    for size in range(1, len(ways) + 1) if not unsure else (len(ways),):
        for others in combinations(ways, size):
            still, gone = differs(*others), differs(control, *others)
            if still is False and gone:
                return True
            unsure = unsure or still is None or gone is None
    return None if unsure else False


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
