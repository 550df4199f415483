"""From rows to what is shown, and who may see it.

Withdrawn submissions are for their owner and maintainers. Hidden runs are for maintainers until their round is
revealed, since episodes tell their seeds, and then for whoever may see the submission that they were made for.
Archives are for their owner and maintainers, and for all once they are replay-verified, so that anyone can verify them
again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from switch_bench.leaderboard import rounds, shown
from switch_bench.leaderboard.accounts import Person
from switch_bench.leaderboard.database import utc
from switch_bench.leaderboard.models import Account, Round, Submission, Verification
from switch_bench.leaderboard.problems import Problem
from switch_bench.leaderboard.settings import Settings

NEEDED = (  # what `row` looks at; model cards are long
    Submission.shown, Submission.status, Submission.withdrawn, Submission.policy, Submission.suite, Submission.protocol,
    Submission.created,
)  # fmt: skip


def find(session: Session, number: str, person: Person | None) -> tuple[Submission, str]:
    """A submission that this person may see, and its submitter's name.

    Raises:
        Problem: 404 if there is none, or none for them.
    """
    found = session.execute(
        select(Submission, Account.name)
        .join(Account, Submission.account_id == Account.id)
        .where(Submission.id == number)
    ).first()
    if found is None or not may_see(session, found[0], person):
        raise Problem(404, "There is no such submission.")
    return found[0], found[1]


def find_listed(session: Session, number: str) -> tuple[Submission, str] | None:
    """As `find` for anyone; None where that is a Problem."""
    try:
        return find(session, number, None)
    except Problem:
        return None


def may_see(session: Session, submission: Submission, person: Person | None) -> bool:
    """Whether a submission is shown to someone."""
    if person is not None and person.maintains:
        return True
    if submission.parent is not None:
        held = session.get(Round, submission.round_id) if submission.round_id else None
        if held is None or held.revealed is None or submission.withdrawn:
            return False
        return may_see(session, session.get_one(Submission, submission.parent), person)
    return not submission.withdrawn or owns(submission, person)


def owns(submission: Submission, person: Person | None) -> bool:
    """Whether it is theirs."""
    return person is not None and person.account == submission.account_id


def may_download(submission: Submission, person: Person | None) -> bool:
    """Whether someone who may see it may have its archive."""
    if submission.removed is not None:
        return False
    maintains = person is not None and person.maintains
    return maintains or owns(submission, person) or submission.status in shown.RANKED


def row(submission: Submission, submitter: str) -> shown.Row:
    """Its row; of one that isn't verified yet there is little."""
    if submission.shown is not None:
        known = {**submission.shown, "status": submission.status, "withdrawn": submission.withdrawn}
        if submission.status not in shown.RANKED:
            known |= {"rate": None, "macro": None, "hidden": None}
        return shown.Row.model_validate(known)
    return shown.Row(
        id=submission.id,
        policy=submission.policy,
        submitter=submitter,
        track=shown.Track(act="", obs=(), privileged=False),
        suite=submission.suite,
        protocol=submission.protocol,
        episodes=0,
        status=submission.status,  # pyright: ignore[reportArgumentType]
        rate=None,
        macro=None,
        hidden=None,
        submitted=utc(submission.created),
        withdrawn=submission.withdrawn,
    )


def progress(session: Session, submission: Submission) -> shown.Progress | None:
    """How far its verification is; None if it isn't being verified."""
    last = session.scalar(
        select(Verification)
        .where(Verification.submission_id == submission.id)
        .order_by(Verification.id.desc())
        .limit(1)
    )
    return shown.Progress(done=last.done, of=last.of) if last is not None and last.state == "leased" else None


def ahead(session: Session, submission: Submission) -> int:
    """How many verifications come before its own, those being made included."""
    own = select(func.max(Verification.id)).where(Verification.submission_id == submission.id).scalar_subquery()
    before = select(func.count()).where(Verification.state.in_(("waiting", "leased")), Verification.id < own)
    return session.scalar(before) or 0 if submission.status == "queued" else 0


def own(session: Session, person: Person) -> tuple[shown.Row, ...]:
    """Someone's submissions, the newest first."""
    found = session.scalars(
        select(Submission)
        .where(Submission.account_id == person.account, Submission.parent.is_(None))
        .order_by(Submission.created.desc())
        .limit(500)
    )
    return tuple(row(submission, person.name) for submission in found)


def run_of(settings: Settings, submission: Submission) -> Path:
    """Its verified run.

    Raises:
        Problem: 409 if it has none, 410 if it was removed.
    """
    if submission.removed is not None:
        raise removed()
    if not submission.run or submission.status not in shown.RANKED:
        raise Problem(409, f"It is {submission.status}.", code="not_verified", hint=shown.MEANS[submission.status])  # pyright: ignore[reportArgumentType]
    return settings.runs / submission.run


def removed() -> Problem:
    """410, of a submission whose files are gone."""
    return Problem(410, "Its archive and its episodes were removed, to make room.", code="removed")


def round_shown(session: Session, found: Round) -> shown.Round:
    """A round as pages show it; what was run in it once it is revealed."""
    runs: tuple[shown.Row, ...] = ()
    withdrawn = 0
    if found.revealed is not None:
        parents = dict.fromkeys(run.parent for run in rounds.runs(session, found) if run.parent is not None)
        seen = [find_listed(session, parent) for parent in parents]
        runs = tuple(row(*one) for one in seen if one is not None)
        withdrawn = len(parents) - len(runs)
    seeds: Mapping[str, list[int]] | None = found.seeds
    return shown.Round(
        id=found.id,
        commitment=found.commitment,
        suite=found.suite,
        episodes=found.episodes,
        opened=utc(found.opened),
        revealed=utc(found.revealed) if found.revealed is not None else None,
        salt=found.salt,
        seeds={task: tuple(values) for task, values in seeds.items()} if seeds is not None else None,
        runs=runs,
        withdrawn=withdrawn,
    )
