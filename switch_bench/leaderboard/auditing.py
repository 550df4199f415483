"""The audit log: a line for everything that changes something, written in the transaction that changes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from switch_bench.leaderboard.database import now
from switch_bench.leaderboard.models import Audit


def note(session: Session, who: str, what: str, target: str = "", source: str = "", **detail: Any) -> None:
    """Add a line: who ("" for nobody known) did what to what, from which address."""
    session.add(Audit(at=now(), who=who[:64], what=what[:40], target=target[:80], source=source[:64], detail=detail))


def lines(session: Session, *, before: int | None = None, count: int = 100) -> Sequence[Audit]:
    """The newest lines first; those whose number is below `before`."""
    asked = select(Audit).order_by(Audit.id.desc()).limit(count)
    return session.scalars(asked if before is None else asked.where(Audit.id < before)).all()
