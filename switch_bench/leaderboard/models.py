"""The tables. Times are seconds since 1970, UTC; what is JSON says so.

An account owns tokens, signing keys and submissions. A submission is verified by the last of its verifications. A
hidden run is a submission of its own whose `parent` is the one it is made for. The audit log only grows: triggers see
to it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, Double, ForeignKey, Index, MetaData, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of the tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {float: Double}


class Account(Base):
    """Who submits, or maintains. role: "submitter" or "maintainer"."""

    __tablename__ = "accounts"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    created: Mapped[float]


class Token(Base):
    """A token of an account, by its SHA-256: a token has 256 bits, so nobody finds one by its hash."""

    __tablename__ = "tokens"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    begins: Mapped[str] = mapped_column(String(8))  # its first letters, by which its owner knows it
    created: Mapped[float]
    revoked: Mapped[float | None]
    label: Mapped[str] = mapped_column(String(64), default="")  # what it is for, in its owner's words
    used: Mapped[float | None]  # when it last was, see accounts.USED_S


class Visit(Base):
    """Someone who is signed in on the page. hash: SHA-256 of the cookie; it ends with its token."""

    __tablename__ = "visits"
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("tokens.id"), index=True)
    until: Mapped[float] = mapped_column(index=True)


class Key(Base):
    """A public key that signs submissions belongs to the account that used it first."""

    __tablename__ = "keys"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)  # base64
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    first: Mapped[float]


class Submission(Base):
    """An archive that was uploaded whole, and what verifying it came to.

    status: of shown.STATUSES. shown: JSON of shown.Row once it is verified. signed: SHA-256 of the signed manifest.
    withdrawn: it is hidden, by "owner" or "maintainer" (withdrawn_by) since withdrawn_at. reasons: JSON, a list of
    shown.Reason.
    """

    __tablename__ = "submissions"
    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    created: Mapped[float]
    status: Mapped[str] = mapped_column(String(20))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    withdrawn_by: Mapped[str] = mapped_column(String(16), default="")
    withdrawn_at: Mapped[float | None]
    removed: Mapped[float | None]  # since when its archive and its run folder are gone, to make room
    key: Mapped[str] = mapped_column(String(64), default="")
    signed: Mapped[str] = mapped_column(String(64), default="", index=True)
    round_id: Mapped[str | None] = mapped_column(ForeignKey("rounds.id"))
    verified: Mapped[float | None]
    run: Mapped[str] = mapped_column(String(64), default="")  # the name of its folder below DATA/runs
    reasons: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    shown: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    card: Mapped[str] = mapped_column(default="")
    policy: Mapped[str] = mapped_column(String(200), default="")
    suite: Mapped[str] = mapped_column(String(64), default="")
    protocol: Mapped[str] = mapped_column(String(16), default="")
    track: Mapped[str] = mapped_column(String(200), default="")
    rate: Mapped[float | None]
    macro: Mapped[float | None]

    __table_args__ = (Index("ix_submissions_listed", "withdrawn", "parent", "status", "rate"),)


class Verification(Base):
    """A place in the queue. state: "waiting", "leased", "done" or "failed"; owner, until: whose it is and how long."""

    __tablename__ = "verifications"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"), index=True)
    state: Mapped[str] = mapped_column(String(8), default="waiting", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(String(120), default="")
    until: Mapped[float] = mapped_column(default=0.0)
    done: Mapped[int] = mapped_column(default=0)
    of: Mapped[int] = mapped_column(default=0)
    queued: Mapped[float]
    ended: Mapped[float | None]
    said: Mapped[str] = mapped_column(default="")  # what went wrong with the verification itself, for maintainers

    __table_args__ = (
        Index(
            "uq_verifications_open", "submission_id", unique=True, sqlite_where=text("state IN ('waiting', 'leased')")
        ),
    )


class Worker(Base):
    """A process that verifies, and when it last said that it is there. owner: see queue.owner."""

    __tablename__ = "workers"
    owner: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen: Mapped[float]


class Round(Base):
    """A hidden round. commitment: of salt and seeds; both are None until it is revealed. seeds: JSON, task → seeds."""

    __tablename__ = "rounds"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    commitment: Mapped[str] = mapped_column(String(64), unique=True)
    suite: Mapped[str] = mapped_column(String(64))
    episodes: Mapped[int]
    opened: Mapped[float]
    revealed: Mapped[float | None]
    salt: Mapped[str | None] = mapped_column(String(200))
    seeds: Mapped[dict[str, list[int]] | None] = mapped_column(JSON(none_as_null=True))


class Audit(Base):
    """What was done: when, by whom (an account's name, "" for nobody who is known), what, to what, from where."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[float] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
