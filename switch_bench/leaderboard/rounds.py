"""Hidden rounds: seeds that are fixed by a commitment before, and revealed after.

A maintainer opens a round with the commitment alone, runs a submitter's policy on its seeds, and attaches that run to
the submission; it is verified like any other. Until the reveal only maintainers see hidden runs, since their episodes
tell the seeds. At the reveal salt and seeds must hash to the commitment, and hidden runs on other seeds are refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from switch_bench.leaderboard import shown
from switch_bench.leaderboard.database import now
from switch_bench.leaderboard.models import Round, Submission
from switch_bench.submit.hidden import commitment

VERIFIED = ("replay-verified", "hidden-verified")


def refusal(session: Session, run: Submission, committed: str) -> tuple[str, str, str] | None:
    """Why a hidden run doesn't count (code, where, said), or None; then it is of the round it names."""
    found = session.scalar(select(Round).where(Round.commitment == committed))
    if found is None:
        return "no_round", "manifest", "There is no round with the commitment that it names."
    if found.revealed is not None and run.created >= found.revealed:
        return "round_revealed", "manifest", "It was uploaded after its round had been revealed."
    parent = session.get_one(Submission, run.parent)
    if (parent.suite, parent.track) != (run.suite, run.track):
        return "other_track", "manifest", "Its suite or its track isn't that of the submission it is for."
    if run.suite != found.suite:
        return "other_suite", "manifest", f"The round is of the suite {found.suite}."
    run.round_id = found.id
    return None


def runs(session: Session, found: Round) -> Sequence[Submission]:
    """The hidden runs of a round, as they were uploaded."""
    return session.scalars(select(Submission).where(Submission.round_id == found.id).order_by(Submission.created)).all()


def settle(session: Session, submission: Submission) -> None:
    """Let a submission be hidden-verified if it has a hidden run that is verified, and only then."""
    parent = submission if submission.parent is None else session.get_one(Submission, submission.parent)
    if parent.status not in VERIFIED or parent.shown is None:
        return
    best = session.scalar(
        select(Submission)
        .where(Submission.parent == parent.id, Submission.status == "replay-verified", Submission.withdrawn.is_(False))
        .order_by(Submission.verified.desc())
        .limit(1)
    )
    parent.status = "hidden-verified" if best is not None else "replay-verified"
    rate = best.shown["rate"] if best is not None and best.shown is not None else None
    parent.shown = shown.Row.model_validate({**parent.shown, "status": parent.status, "hidden": rate}).model_dump(
        mode="json"
    )


def opens(found: Round, salt: str, seeds: Mapping[str, list[int]]) -> bool:
    """Whether this is what the round committed to."""
    return commitment(salt, seeds) == found.commitment


def reveal(
    session: Session,
    found: Round,
    salt: str,
    seeds: dict[str, list[int]],
    played: Mapping[str, Mapping[str, list[int]]],
) -> list[str]:
    """Reveal a round. played: the seeds of each hidden run of it. The ids of those on others: refused."""
    found.salt, found.seeds, found.revealed = salt, seeds, now()
    wrong = []
    for run in runs(session, found):
        if run.id not in played:
            continue
        theirs = {task: sorted(values) for task, values in played[run.id].items()}
        if theirs != {task: sorted(values) for task, values in seeds.items()}:
            run.status = "refused"
            run.reasons = [
                {"code": "other_seeds", "where": "episodes", "said": "Its episodes aren't on the seeds of its round."}
            ]
            wrong.append(run.id)
            session.flush()
            settle(session, run)
    return wrong
