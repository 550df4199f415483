"""What maintainers do: have a submission verified again, open and reveal hidden rounds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from switch_bench.evaluate import folder
from switch_bench.leaderboard import auditing, queue, rounds, views
from switch_bench.leaderboard.accounts import Person
from switch_bench.leaderboard.database import now
from switch_bench.leaderboard.models import Round, Submission
from switch_bench.leaderboard.problems import Problem
from switch_bench.leaderboard.settings import Settings
from switch_bench.leaderboard.uploads import BUSY, new_id


def verify_again(session: Session, person: Person, submission: Submission, source: str) -> None:
    """Put a submission in the queue again; what it came to before is shown no more.

    Raises:
        Problem: 409 if it is there already, 410 if its archive was removed.
    """
    if submission.removed is not None:
        raise views.removed()
    if submission.status in BUSY:
        raise Problem(409, f"It is {submission.status} already.")
    queue.add(session, submission)
    auditing.note(session, person.name, "verified again", submission.id, source)
    session.flush()
    if submission.parent is not None:
        rounds.settle(session, submission)


def open_round(session: Session, person: Person, committed: str, suite: str, episodes: int, source: str) -> Round:
    """Open a hidden round by its commitment.

    Raises:
        Problem: 409 if there is one with this commitment.
    """
    if session.scalar(select(Round.id).where(Round.commitment == committed)) is not None:
        raise Problem(409, "There is a round with this commitment.")
    made = Round(id=new_id(), commitment=committed, suite=suite, episodes=episodes, opened=now())
    session.add(made)
    auditing.note(session, person.name, "round opened", made.id, source, commitment=committed)
    return made


def reveal_round(
    session: Session,
    person: Person,
    settings: Settings,
    number: str,
    salt: str,
    seeds: dict[str, list[int]],
    source: str,
) -> Round:
    """Reveal a round's salt and seeds, and hold its hidden runs against them.

    Raises:
        Problem: 404 if there is no such round, 409 if it is revealed, 422 if that isn't what it committed to.
    """
    found = find_round(session, number)
    if found.revealed is not None:
        raise Problem(409, "It is revealed already.")
    if not rounds.opens(found, salt, seeds):
        raise Problem(422, "That isn't what the round committed to.", code="other_commitment")
    played = {
        run.id: _seeds(settings, run)
        for run in rounds.runs(session, found)
        if run.run and run.status in rounds.VERIFIED
    }
    wrong = rounds.reveal(session, found, salt, seeds, played)
    auditing.note(session, person.name, "round revealed", number, source, refused=wrong)
    return found


def find_round(session: Session, number: str) -> Round:
    """A round.

    Raises:
        Problem: 404 if there is none.
    """
    found = session.get(Round, number)
    if found is None:
        raise Problem(404, "There is no such round.")
    return found


def all_rounds(session: Session) -> Sequence[Round]:
    """All rounds, the newest first."""
    return session.scalars(select(Round).order_by(Round.opened.desc())).all()


def _seeds(settings: Settings, run: Submission) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for record in folder.read_episodes(settings.runs / run.run):
        found.setdefault(record["task"], []).append(record["seed"])
    return found
