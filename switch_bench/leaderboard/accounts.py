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

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from switch_bench.evaluate.errors import InputError, closest
from switch_bench.leaderboard.models import Account, Token, Visit

ROLES = ("submitter", "maintainer")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}[A-Za-z0-9]|[A-Za-z0-9]")
PREFIX = "sb_"
VISIT_S = 12 * 3600.0
USED_S = 600.0  # as exactly is written down when a token was used


@dataclass(frozen=True)
class Person:
    """Who a request comes from. visit: the secret of the cookie, "" for a bearer token.

    used: when the token last was, 0 for never, or where it isn't asked for.
    """

    account: int
    token: int
    name: str
    role: str
    visit: str = ""
    used: float = 0.0

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


class LooksAlike(InputError):
    """A name that one could take for another account's."""


def new_account(session: Session, name: str, role: str, at: float) -> Account:
    """A new account, as yet without a token.

    Raises:
        InputError: no such role, or no good name. LooksAlike: one could take it for another's.
    """
    if role not in ROLES:
        raise InputError(f"there is no role {role!r}", where="--role", hint=closest(role, ROLES))
    if not NAME.fullmatch(name):
        raise InputError(
            f"{name!r} can't be a name", where="NAME", hint="1 to 64 letters of A-Z, a-z, 0-9, dot, dash, blank"
        )
    like = next((one for one in session.scalars(select(Account.name)) if looks(one) == looks(name)), None)
    if like is not None:
        raise LooksAlike(f"{name!r} looks like {like!r}", where="NAME", hint="Take another name.")
    account = Account(name=name, role=role, created=at)
    session.add(account)
    session.flush()
    return account


def looks(name: str) -> str:
    """The same for names that one could take for each other: case, dots, dashes, blanks, letters that look alike."""
    plain = re.sub(r"[ ._-]", "", name.casefold()).translate(str.maketrans("01i", "oll"))
    return plain.replace("rn", "m").replace("vv", "w")


def new_token(session: Session, account: Account, label: str, at: float) -> str:
    """A new token for an account. This is the only time it is seen."""
    secret = PREFIX + secrets.token_urlsafe(32)
    session.add(Token(account_id=account.id, hash=hashed(secret), begins=secret[:8], label=label, created=at))
    return secret


def add_token(session: Session, name: str, role: str, at: float, label: str = "") -> str:
    """A new token for the account `name`, which is made if it isn't there. This is the only time it is seen.

    Raises:
        InputError: no such role, no good name or label, or the account has another role.
    """
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        account = new_account(session, name, role, at)
    elif account.role != role:
        raise InputError(f"{name} is a {account.role}", where="--role", hint=f"--role {account.role}, or another name")
    if len(label) > 64 or not label.isprintable():
        raise InputError("a label has at most 64 letters that can be printed", where="--label")
    return new_token(session, account, label, at)


def tokens(session: Session) -> Sequence[tuple[Token, Account]]:
    """All tokens with their accounts, in the order they were made."""
    found = session.execute(select(Token, Account).join(Account, Token.account_id == Account.id).order_by(Token.id))
    return [(token, account) for token, account in found]


def token(session: Session, number: int) -> Token:
    """A token by its number.

    Raises:
        InputError: there is none.
    """
    found = session.get(Token, number)
    if found is None:
        raise InputError(f"there is no token {number}", where="NUMBER", hint="leaderboard token list shows them")
    return found


def revoke(session: Session, number: int, at: float) -> Token:
    """End a token, and whoever is signed in by it.

    Raises:
        InputError: there is no such token.
    """
    found = token(session, number)
    found.revoked = found.revoked or at
    session.execute(delete(Visit).where(Visit.token_id == number))
    return found


def is_last(session: Session, token: Token) -> bool:
    """Whether no maintainer could come in any more without it."""
    open_ones = session.scalars(
        select(Token.id)
        .join(Account, Token.account_id == Account.id)
        .where(Account.role == "maintainer", Token.revoked.is_(None))
        .limit(2)
    ).all()
    return open_ones == [token.id]


def note_use(session: Session, person: Person, at: float) -> None:
    """Write down that a token was used."""
    session.execute(update(Token).where(Token.id == person.token).values(used=at))


def by_token(session: Session, secret: str) -> Person | None:
    """Whose token this is; None if nobody's, or revoked."""
    wanted = hashed(secret)
    row = session.execute(
        select(Token, Account).join(Account, Token.account_id == Account.id).where(Token.hash == wanted)
    ).first()
    if row is None or not hmac.compare_digest(row[0].hash, wanted) or row[0].revoked is not None:
        return None
    token, account = row
    return Person(account.id, token.id, account.name, account.role, used=token.used or 0.0)


def sign_in(session: Session, person: Person, at: float) -> str:
    """A new visit: the secret for the cookie. Visits that are over are swept."""
    session.execute(delete(Visit).where(Visit.until < at))
    secret = secrets.token_urlsafe(32)
    session.add(Visit(hash=hashed(secret), token_id=person.token, until=at + VISIT_S))
    note_use(session, person, at)
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
