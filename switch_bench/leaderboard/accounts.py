"""Accounts, their tokens, and who is signed in on the page.

A token has 256 random bits and is shown once; what is stored is its SHA-256. It is found by that hash and compared
once more in constant time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from switch_bench.evaluate.errors import InputError, closest
from switch_bench.leaderboard.models import Account, Token, Visit

ROLES = ("submitter", "maintainer")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}[A-Za-z0-9]|[A-Za-z0-9]")
PREFIX = "sb_"
VISIT_S = 12 * 3600.0


@dataclass(frozen=True)
class Person:
    """Who a request comes from. visit: the secret of the cookie, "" for a bearer token."""

    account: int
    token: int
    name: str
    role: str
    visit: str = ""

    @property
    def maintains(self) -> bool:
        """Whether all submissions are theirs to look after."""
        return self.role == "maintainer"


def hashed(secret: str) -> str:
    """SHA-256, hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf(secret: str) -> str:
    """What a form must send beside the cookie `secret`: who can't read the cookie can't make it."""
    return hmac.new(secret.encode(), b"switch-bench csrf", hashlib.sha256).hexdigest()


def add_token(session: Session, name: str, role: str, at: float) -> str:
    """A new token for the account `name`, which is made if it isn't there. This is the only time it is seen.

    Raises:
        InputError: no such role, no good name, or the account has another role.
    """
    if role not in ROLES:
        raise InputError(f"there is no role {role!r}", where="--role", hint=closest(role, ROLES))
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r} can't be a name", where="NAME", hint="1 to 64 letters of A-Z, a-z, 0-9, dot, dash, blank"
        )
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        account = Account(name=name, role=role, created=at)
        session.add(account)
        session.flush()
    elif account.role != role:
        raise InputError(f"{name} is a {account.role}", where="--role", hint=f"--role {account.role}, or another name")
    secret = PREFIX + secrets.token_urlsafe(32)
    session.add(Token(account_id=account.id, hash=hashed(secret), begins=secret[:8], created=at))
    return secret


def tokens(session: Session) -> Sequence[tuple[Token, Account]]:
    """All tokens with their accounts, in the order they were made."""
    found = session.execute(select(Token, Account).join(Account, Token.account_id == Account.id).order_by(Token.id))
    return [(token, account) for token, account in found]


def revoke(session: Session, number: int, at: float) -> Token:
    """End a token, and whoever is signed in by it.

    Raises:
        InputError: there is no such token.
    """
    token = session.get(Token, number)
    if token is None:
        raise InputError(f"there is no token {number}", where="NUMBER", hint="leaderboard token list shows them")
    token.revoked = token.revoked or at
    session.execute(delete(Visit).where(Visit.token_id == number))
    return token


def by_token(session: Session, secret: str) -> Person | None:
    """Whose token this is; None if nobody's, or revoked."""
    wanted = hashed(secret)
    row = session.execute(
        select(Token, Account).join(Account, Token.account_id == Account.id).where(Token.hash == wanted)
    ).first()
    if row is None or not hmac.compare_digest(row[0].hash, wanted) or row[0].revoked is not None:
        return None
    token, account = row
    return Person(account.id, token.id, account.name, account.role)


def sign_in(session: Session, person: Person, at: float) -> str:
    """A new visit: the secret for the cookie. Visits that are over are swept."""
    session.execute(delete(Visit).where(Visit.until < at))
    secret = secrets.token_urlsafe(32)
    session.add(Visit(hash=hashed(secret), token_id=person.token, until=at + VISIT_S))
    return secret


def sign_out(session: Session, secret: str) -> None:
    """End a visit."""
    session.execute(delete(Visit).where(Visit.hash == hashed(secret)))


def by_visit(session: Session, secret: str, at: float) -> Person | None:
    """Who is signed in with this cookie; None if the visit is over or its token revoked."""
    row = session.execute(
        select(Token, Account)
        .join(Account, Token.account_id == Account.id)
        .join(Visit, Visit.token_id == Token.id)
        .where(Visit.hash == hashed(secret), Visit.until > at, Token.revoked.is_(None))
    ).first()
    return None if row is None else Person(row[1].id, row[0].id, row[1].name, row[1].role, visit=secret)
