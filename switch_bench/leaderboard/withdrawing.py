"""Withdrawing a submission, and putting it back: by its owner or by a maintainer.

What was found of it stays: withdrawing changes no status, no score and no hidden verdict, a verification that is under
way goes on, and putting back shows what would have been shown all the time. The table tells how many each submitter
has withdrawn, so that nobody looks better by keeping only the best. What a maintainer has withdrawn only a maintainer
puts back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from switch_bench.leaderboard import auditing, rounds, shown, views
from switch_bench.leaderboard.accounts import Person
from switch_bench.leaderboard.database import now
from switch_bench.leaderboard.models import Account, Submission
from switch_bench.leaderboard.problems import Problem

Change = Literal["", "withdraw", "put back"]


def may(submission: Submission, person: Person | None) -> Change:
    """Which of the two someone may do with it now; "" for none."""
    if person is None or not (person.maintains or _owners(submission, person)):
        return ""
    if not submission.withdrawn:
        return "withdraw"
    if submission.removed is not None:
        return ""
    return "put back" if person.maintains or submission.withdrawn_by == "owner" else ""


def change(session: Session, person: Person, submission: Submission, withdrawn: bool, source: str) -> None:
    """Withdraw it, or put it back; as it is already, nothing changes. A maintainer takes over an owner's withdrawal.

    Raises:
        Problem: 403 if it isn't theirs, or a maintainer has withdrawn it; 410 to putting back what was removed, since
            nobody could check it any more.
    """
    if not (person.maintains or _owners(submission, person)):
        raise Problem(403, "This is for its owner and for maintainers.")
    by = "maintainer" if person.maintains else "owner"
    if withdrawn:
        if submission.withdrawn and by in (submission.withdrawn_by, "owner"):
            return
        submission.withdrawn_at = now()
    else:
        if not submission.withdrawn:
            return
        if by == "owner" and submission.withdrawn_by != "owner":
            hint = "Ask one to put it back."
            raise Problem(403, "A maintainer has withdrawn it.", code="withdrawn_by_maintainer", hint=hint)
        if submission.removed is not None:
            raise views.removed()
        submission.withdrawn_at = None
    submission.withdrawn = withdrawn
    submission.withdrawn_by = by if withdrawn else ""
    auditing.note(session, person.name, "withdrawn" if withdrawn else "shown again", submission.id, source, by=by)
    session.flush()
    if submission.parent is not None:  # a hidden run counts for its submission no more, or again
        rounds.settle(session, submission)


def counted(session: Session, row: Callable[[Submission, str], shown.Row] = views.row) -> tuple[shown.Gone, ...]:
    """How many submissions each account has withdrawn that would be listed: by track, suite and protocol."""
    found: Any = session.execute(
        select(Submission, Account.name)
        .join(Account, Submission.account_id == Account.id)
        .options(load_only(*views.NEEDED))
        .where(Submission.withdrawn, Submission.parent.is_(None), Submission.status.in_(shown.LISTED))
    )
    rows = [row(submission, name) for submission, name in found]
    counts = Counter((one.submitter, one.track, one.suite, one.protocol) for one in rows)
    gone = [
        shown.Gone(submitter=submitter, track=track, suite=suite, protocol=protocol, count=count)
        for (submitter, track, suite, protocol), count in counts.items()
    ]
    return tuple(sorted(gone, key=lambda one: (one.group, one.submitter)))


def _owners(submission: Submission, person: Person) -> bool:
    """Whether it is theirs, and no hidden run: those are the maintainers'."""
    return views.owns(submission, person) and submission.parent is None
