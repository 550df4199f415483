"""A board as a source of the static site: what anyone may see of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from switch_bench.leaderboard import managing, shown, views, withdrawing
from switch_bench.leaderboard.database import Database
from switch_bench.leaderboard.listing import PUBLIC
from switch_bench.leaderboard.models import Account, Submission
from switch_bench.leaderboard.settings import Settings
from switch_bench.leaderboard.site import Entry


class FromDatabase:
    """A `site.Source`: all that is listed, with archives of those that are replay-verified."""

    def __init__(self, settings: Settings, database: Database) -> None:
        """Of this board."""
        self.settings = settings
        self.database = database

    def entries(self) -> Iterator[Entry]:
        """What is listed, the first submitted first."""
        with self.database.reading() as session:
            found: Any = session.execute(
                select(Submission, Account.name)
                .join(Account, Submission.account_id == Account.id)
                .where(*PUBLIC, Submission.status.in_(shown.LISTED))
                .order_by(Submission.created, Submission.id)
            )
            everything = [(submission, name) for submission, name in found]
        for submission, name in everything:
            ranked = submission.status in shown.RANKED
            yield Entry(
                row=views.row(submission, name),
                run=self.settings.runs / submission.run if ranked else None,
                reasons=tuple(shown.Reason(**reason) for reason in submission.reasons),
                archive=self.settings.archive(submission.digest) if ranked else None,
            )

    def rounds(self) -> Sequence[shown.Round]:
        """Hidden rounds, the newest first."""
        with self.database.reading() as session:
            return [views.round_shown(session, one) for one in managing.all_rounds(session)]

    def withdrawn(self) -> Sequence[shown.Gone]:
        """How many were withdrawn."""
        with self.database.reading() as session:
            return withdrawing.counted(session)
