"""Sessions: an episode behind tools, with budgets, judged like any other."""

from __future__ import annotations

import json
from itertools import count

import pytest

from switch_bench.agents.session import Limits, Session
from switch_bench.agents.tell import Told

BOIL = "kitchen.boil_water-v1"
PLAIN = {"variation": "none"}


def lever(told: Told) -> int:
    """The number of the kettle's lever in what is in view."""
    view = json.loads(told.text.partition("In view: ")[2])
    marks = [mark for thing in view["things"] if thing["thing"] == "kettle" for mark in thing["marks"]]
    return next(mark["mark"] for mark in marks if mark["what"] == "lever")


def test_a_model_without_eyes_boils_water() -> None:
    session = Session(BOIL, "llm")
    told = session.begin(0, PLAIN)
    assert told.text.startswith("What is asked for: Bring the water in the kettle to the boil")
    assert not told.images
    told = session.call("press", {"mark": lever(told)})
    assert told.text.startswith("Done.")
    assert '"stands": "on"' in told.text
    session.call("wait", {"seconds": 150})
    end = session.call("report", {"what": "done"})
    assert end.over
    assert session.over
    assert session.env.verdict().success is True
    assert session.call("wait", {"seconds": 1}).text == "The episode is over."


def test_a_mistake_does_nothing_and_is_counted() -> None:
    session = Session(BOIL, "llm")
    session.begin(0, PLAIN)
    told = session.call("press", {"mark": "the kettle"})
    assert told.malformed
    assert not told.over
    assert session.env.trace.end == 0
    assert (session.spent.calls, session.spent.malformed) == (1, 1)


@pytest.mark.parametrize(
    ("limits", "call", "taken", "says"),
    [
        (Limits(calls=2), ("wait", {"seconds": 1}), 2, "all 2 calls are spent"),
        (Limits(malformed=2), ("wait", {"second": 1}), 2, "2 calls could not be carried out"),
        (Limits(seconds=2.5), ("wait", {"seconds": 1}), 3, "the 2.5 s of wall time are spent"),
    ],
)
def test_a_spent_budget_ends_the_episode_at_the_horizon_without_a_claim(
    limits: Limits, call: tuple[str, dict], taken: int, says: str
) -> None:
    ticks = count()
    session = Session(BOIL, "llm", limits=limits, clock=lambda: float(next(ticks)))
    session.begin(0, PLAIN)
    told = []
    while not session.over:
        told.append(session.call(*call))
    assert len(told) == taken
    assert says in told[-1].text
    assert told[-1].over
    assert session.env.trace.end == session.env.task.horizon_us
    assert session.env.trace.claim is None


def test_a_session_begins_again_as_if_nothing_had_been() -> None:
    session = Session(BOIL, "llm")
    first = session.begin(3)
    session.call("press", {"mark": 99})
    session.call("wait", {"seconds": 30})
    assert session.begin(3) == first
    assert (session.spent.calls, session.over) == (0, False)
