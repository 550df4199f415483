"""How an outcome becomes a row of the board: status, scores and whose key it is, in one transaction or not at all."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from switch_bench.leaderboard import auditing, gather, queue, rounds, shown, views
from switch_bench.leaderboard.database import Database, now, utc
from switch_bench.leaderboard.models import Account, Key, Submission
from switch_bench.leaderboard.outcome import Outcome
from switch_bench.leaderboard.queue import Claim


def enter(database: Database, held: Claim, outcome: Outcome, run: Path | None) -> bool:
    """Write what a verification came to. run: its folder, under its last name; None unless scores are shown.

    False: the lease was lost in the meantime, and nothing is written.
    """
    with database.writing() as session:
        verification = queue.holds(session, held)
        if verification is None:
            return False
        verification.state, verification.ended = "done", now()
        submission = session.get_one(Submission, held.submission)
        account = session.get_one(Account, submission.account_id)
        submission.verified = now()
        submission.key = outcome.key or ""
        submission.signed = outcome.signed
        for name, value in outcome.facts().items():
            setattr(submission, name, value)
        refusal = _refusal(session, submission, outcome) if outcome.status != "refused" else None
        if refusal is not None:
            submission.status, submission.reasons = "refused", [refusal]
        else:
            submission.status = outcome.status
            submission.reasons = [reason.model_dump() for reason in outcome.reasons]
        submission.run = run.name if run is not None and submission.status in shown.RANKED else ""
        shows = row(submission, account.name, outcome, run if submission.run else None)
        submission.shown = shows.model_dump(mode="json")
        submission.rate = shows.rate.rate if shows.rate else None
        submission.macro = shows.macro.mean if shows.macro else None
        session.flush()
        rounds.settle(session, submission)
        auditing.note(session, "", "verified", submission.id, status=submission.status, verification=verification.id)
        return True


def row(submission: Submission, submitter: str, outcome: Outcome, run: Path | None) -> shown.Row:
    """Its row in the table: what it is from the signed manifest, what it came to from the recomputed episodes."""
    status: shown.Status = submission.status  # pyright: ignore[reportAssignmentType]
    submitted = utc(submission.created)
    if run is not None:
        return gather.row(run, id=submission.id, submitter=submitter, status=status, submitted=submitted)
    manifest = outcome.manifest
    track = manifest.track if manifest else None
    return shown.Row(
        id=submission.id,
        policy=submission.policy,
        submitter=submitter,
        track=shown.Track(
            act=track.act if track else "", obs=track.obs if track else (), privileged=bool(track and track.privileged)
        ),
        suite=submission.suite,
        protocol=submission.protocol,
        episodes=manifest.episodes if manifest else 0,
        status=status,
        rate=None,
        macro=None,
        hidden=None,
        submitted=submitted,
    )


def _refusal(session: Session, submission: Submission, outcome: Outcome) -> dict[str, str] | None:
    """Why it can't be listed though its archive is in order; else the key is the account's from now on."""
    key = session.get(Key, outcome.key)
    if key is not None and key.account_id != submission.account_id:
        return _reason("foreign_key", "manifest", "It is signed with a key that another account used first.")
    twin = session.scalar(
        select(Submission).where(
            Submission.signed == outcome.signed, Submission.id != submission.id, Submission.status != "refused"
        )
    )
    if twin is not None:
        which = f" as {twin.id}" if views.may_see(session, twin, None) else " before"
        return _reason("replayed", "manifest", f"The same signed manifest was submitted{which}.")
    hidden = outcome.manifest.hidden if outcome.manifest else None
    if submission.parent is None and hidden is not None:
        return _reason(
            "hidden", "manifest", "It is a hidden run: a maintainer attaches it to the submission it is for."
        )
    if submission.parent is not None:
        refusal = rounds.refusal(session, submission, hidden.commitment if hidden else "")
        if refusal is not None:
            return _reason(*refusal)
    if key is None:
        session.add(Key(key=outcome.key, account_id=submission.account_id, first=now()))
    return None


def _reason(code: str, where: str, said: str) -> dict[str, str]:
    return {"code": code, "where": where, "said": said}
