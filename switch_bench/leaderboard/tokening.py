"""Tokens and accounts as their owners and maintainers look after them by page and API. A token itself is told once,
when it is made; what is shown of it later are its first letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from switch_bench.evaluate.errors import InputError
from switch_bench.leaderboard import accounts, auditing
from switch_bench.leaderboard.accounts import Person
from switch_bench.leaderboard.database import now, utc
from switch_bench.leaderboard.models import Account, Submission, Token
from switch_bench.leaderboard.problems import Problem
from switch_bench.leaderboard.settings import Limits
from switch_bench.leaderboard.shown import Shown

MOST = 200  # tokens of an account that are shown, the newest


class TokenLine(Shown):
    """A token. begins: its first letters. used: to ten minutes; null if it never was. current: it is asked with."""

    id: int
    label: str
    begins: str
    made: str
    used: str | None
    revoked: str | None
    current: bool


class AccountLine(Shown):
    """An account. tokens: those that aren't revoked; used: when one of them last was; submissions: with hidden runs."""

    id: int
    name: str
    role: Literal["submitter", "maintainer"]
    created: str
    tokens: int
    used: str | None
    submissions: int


@dataclass(frozen=True)
class Made:
    """A new token with its secret, for the one time that it is told."""

    secret: str
    line: TokenLine


def of(session: Session, person: Person, name: str = "") -> tuple[TokenLine, ...]:
    """Someone's own tokens, or those of the account `name`; the newest first."""
    account = _account(session, person, name)
    found = session.scalars(select(Token).where(Token.account_id == account.id).order_by(Token.id.desc()).limit(MOST))
    return tuple(_line(token, person) for token in found)


def make(session: Session, limits: Limits, person: Person, label: str, source: str, name: str = "") -> Made:
    """A new token for oneself, or for the account `name`.

    Raises:
        Problem: 404 if there is no such account for them, 409 if it has as many as it may, 422 for the label.
    """
    account = _account(session, person, name)
    if len(label) > 64 or not label.isprintable():
        raise Problem(422, "A label has at most 64 letters that can be printed.")
    there = select(func.count()).where(Token.account_id == account.id, Token.revoked.is_(None))
    if (session.scalar(there) or 0) >= limits.tokens:
        hint = "Revoke one that isn't used."
        raise Problem(409, f"{account.name} has {limits.tokens} tokens.", code="too_many_tokens", hint=hint)
    secret = accounts.new_token(session, account, label.strip(), now())
    session.flush()
    token = session.scalars(select(Token).where(Token.account_id == account.id).order_by(Token.id.desc())).first()
    assert token is not None
    auditing.note(session, person.name, "token added", account.name, source, token=token.id, by_token=person.token)
    return Made(secret, _line(token, person))


def revoke(session: Session, person: Person, number: int, source: str) -> TokenLine:
    """End one's own token, or for maintainers anybody's, and whoever is signed in by it.

    Raises:
        Problem: 404 if there is none for them, 409 if no maintainer could come in any more.
    """
    token = session.get(Token, number)
    if token is None or not (person.maintains or token.account_id == person.account):
        raise Problem(404, "There is no such token.")
    if accounts.is_last(session, token):
        hint = "Make another one first."
        raise Problem(409, "It is the last token of the last maintainer.", code="last_token", hint=hint)
    if token.revoked is None:
        accounts.revoke(session, number, now())
        owner = session.get_one(Account, token.account_id)
        auditing.note(session, person.name, "token revoked", owner.name, source, token=number, by_token=person.token)
    return _line(token, person)


def add_account(session: Session, person: Person, name: str, role: str, source: str) -> Account:
    """A new account, as yet without a token.

    Raises:
        Problem: 409 if the name is taken, or looks like another's; 422 if it can't be one.
    """
    if session.scalar(select(Account.id).where(Account.name == name)) is not None:
        raise Problem(409, f"There is an account {name}.", code="taken")
    try:
        made = accounts.new_account(session, name, role, now())
    except accounts.LooksAlike as error:
        raise Problem(409, error.message, code="looks_alike", hint=error.hint) from error
    except InputError as error:
        raise Problem(422, error.message, hint=error.hint) from error
    auditing.note(session, person.name, "account added", name, source, role=role)
    return made


def all_accounts(session: Session, after: int = 0, count: int = 500) -> tuple[AccountLine, ...]:
    """Accounts in the order that they were made, from the one after the number `after` on."""
    tokens = (
        select(Token.account_id, func.count().label("count"), func.max(Token.used).label("used"))
        .where(Token.revoked.is_(None))
        .group_by(Token.account_id)
        .subquery()
    )
    sent = select(Submission.account_id, func.count().label("count")).group_by(Submission.account_id).subquery()
    found: Any = session.execute(
        select(Account, tokens.c.count, tokens.c.used, sent.c.count)
        .outerjoin(tokens, tokens.c.account_id == Account.id)
        .outerjoin(sent, sent.c.account_id == Account.id)
        .where(Account.id > after)
        .order_by(Account.id)
        .limit(count)
    )
    return tuple(account_line(account, held or 0, used, made or 0) for account, held, used, made in found)


def account_line(account: Account, tokens: int = 0, used: float | None = None, submissions: int = 0) -> AccountLine:
    """An account as it is shown."""
    role: Any = account.role
    return AccountLine(
        id=account.id, name=account.name, role=role, created=utc(account.created), tokens=tokens,
        used=None if used is None else utc(used), submissions=submissions,
    )  # fmt: skip


def _account(session: Session, person: Person, name: str) -> Account:
    if not name or name == person.name:
        return session.get_one(Account, person.account)
    found = session.scalar(select(Account).where(Account.name == name)) if person.maintains else None
    if found is None:
        raise Problem(404, "There is no such account.")
    return found


def _line(token: Token, person: Person) -> TokenLine:
    return TokenLine(
        id=token.id,
        label=token.label,
        begins=token.begins,
        made=utc(token.created),
        used=None if token.used is None else utc(token.used),
        revoked=None if token.revoked is None else utc(token.revoked),
        current=token.id == person.token,
    )
