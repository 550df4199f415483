"""The table: which rows, in which order, and which places they may have.

What takes all rows (the places, the choices of filters) is worked out anew only when something was written down since.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, load_only

from switch_bench.leaderboard import shown, withdrawing
from switch_bench.leaderboard.models import Account, Audit, Submission
from switch_bench.leaderboard.views import NEEDED, row

QUIET = ("signed in", "submitted", "token added", "token revoked", "account added")  # what changes no row of the table
FILTERS = ("track", "suite", "protocol", "status", "q")
ORDERS: dict[str, tuple[Any, ...]] = {  # as shown.arranged has them
    "rate": (Submission.rate.desc().nulls_last(), Submission.created.desc(), Submission.id),
    "macro": (Submission.macro.desc().nulls_last(), Submission.created.desc(), Submission.id),
    "date": (Submission.created.desc(), Submission.id),
    "policy": (func.lower(Submission.policy), Submission.id),
}
PUBLIC = (Submission.withdrawn.is_(False), Submission.parent.is_(None))


@dataclass(frozen=True)
class Whole:
    """What all rows with a score come to, as of a line of the audit log."""

    revision: int
    rows: tuple[shown.Row, ...]
    ranks: Mapping[str, tuple[int, int]]
    choices: Mapping[str, tuple[str, ...]]
    gone: tuple[shown.Gone, ...] = ()


class Listing:
    """The table of one board."""

    def __init__(self) -> None:
        """Nothing is worked out yet."""
        self._turn = threading.Lock()
        self._whole = Whole(-1, (), {}, {})
        self._rows: dict[str, tuple[Any, shown.Row]] = {}  # id → what it was made of, and the row

    def board(
        self, session: Session, filters: Mapping[str, str], sort: str, page: int, count: int
    ) -> tuple[shown.Board, int]:
        """One page of the table in the order of `sort`, of shown.SORTS, and how many rows there are in all."""
        asked = _asked(filters)
        total = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
        here = asked.options(load_only(*NEEDED)).order_by(*ORDERS[sort]).offset((page - 1) * count).limit(count)
        found: Any = session.execute(here)
        rows = tuple(self._row(submission, name) for submission, name in found)
        whole = self._current(session)
        board = shown.Board(
            rows=rows,
            filters={name: filters.get(name, "") for name in FILTERS},
            choices=dict(whole.choices),
            sort=sort,
            ranks={one.id: whole.ranks[one.id] for one in rows if one.id in whole.ranks},
            withdrawn=tuple(one for one in whole.gone if _fits(one, filters)),
        )
        return board, total

    def revision(self, session: Session) -> int:
        """The number of the newest line of the audit log that may have changed the table."""
        newest = select(Audit.id).where(Audit.what.not_in(QUIET)).order_by(Audit.id.desc()).limit(1)
        return session.scalar(newest) or 0

    def scored(self, session: Session, suite: str = "", most: int = 200) -> tuple[shown.Row, ...]:
        """Rows with a score, of one suite or of all, the best first."""
        return tuple(one for one in self._current(session).rows if suite in ("", one.suite))[:most]

    def _current(self, session: Session) -> Whole:
        revision = self.revision(session)
        with self._turn:
            if self._whole.revision != revision:
                self._whole = _whole(session, revision, self._row)
            return self._whole

    def _row(self, submission: Submission, name: str) -> shown.Row:
        """As `views.row`, which is only asked again about what has changed."""
        made_of = (submission.shown, submission.status, submission.withdrawn, name)
        kept = self._rows.get(submission.id)
        if submission.shown is None:
            return row(submission, name)
        if kept is None or kept[0] != made_of:
            kept = self._rows[submission.id] = made_of, row(submission, name)
        return kept[1]


def _whole(session: Session, revision: int, row: Callable[[Submission, str], shown.Row]) -> Whole:
    """What is so in the state that the session sees."""
    found: Any = session.execute(
        select(Submission, Account.name)
        .join(Account, Submission.account_id == Account.id)
        .options(load_only(*NEEDED))
        .where(*PUBLIC, Submission.status.in_(shown.RANKED))
        .order_by(*ORDERS["rate"])
    )
    rows = tuple(row(submission, name) for submission, name in found)
    choices: dict[str, tuple[str, ...]] = {"status": shown.STATUSES}
    for name, column in (("track", Submission.track), ("suite", Submission.suite), ("protocol", Submission.protocol)):
        there = session.scalars(
            select(column).where(*PUBLIC, Submission.status.in_(shown.LISTED), column != "").distinct()
        )
        choices[name] = tuple(sorted(there))
    return Whole(revision, rows, shown.ranks(rows), choices, withdrawing.counted(session, row))


def _fits(gone: shown.Gone, filters: Mapping[str, str]) -> bool:
    told = {"track": gone.track.name, "suite": gone.suite, "protocol": gone.protocol}
    return all(filters.get(name, "") in ("", value) for name, value in told.items())


def _asked(filters: Mapping[str, str]) -> Any:
    status = filters.get("status", "")
    where = [*PUBLIC, Submission.status == status if status else Submission.status.in_(shown.LISTED)]
    for name, column in (("track", Submission.track), ("suite", Submission.suite), ("protocol", Submission.protocol)):
        if filters.get(name):
            where.append(column == filters[name])
    words = filters.get("q", "").strip()
    if words:
        where.append(
            or_(
                Submission.policy.icontains(words, autoescape=True),
                Account.name.icontains(words, autoescape=True),
                Submission.id == words,
            )
        )
    return select(Submission, Account.name).join(Account, Submission.account_id == Account.id).where(*where)
