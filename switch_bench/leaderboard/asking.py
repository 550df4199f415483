"""What the routes share: the board they serve, and who asks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Annotated

from anyio import to_thread
from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from switch_bench.leaderboard import accounts
from switch_bench.leaderboard.accounts import Person
from switch_bench.leaderboard.database import Database, now
from switch_bench.leaderboard.keeping import Kept
from switch_bench.leaderboard.listing import Listing
from switch_bench.leaderboard.problems import Problem
from switch_bench.leaderboard.rates import Rates, network
from switch_bench.leaderboard.settings import Settings

_bearer = HTTPBearer(auto_error=False, description="A token of `switch-bench leaderboard token add`.")


@dataclass
class Served:
    """A board that is served."""

    settings: Settings
    database: Database
    rates: Rates = field(default_factory=Rates)
    listing: Listing = field(default_factory=Listing)
    kept: Kept = field(default_factory=Kept)


def served(request: Request) -> Served:
    """The board of this request."""
    return request.app.state.served


async def source(request: Request) -> str:
    """The address that is asked from."""
    return request.state.source


async def _served(request: Request) -> Served:
    return served(request)


# what takes no time is async: each other one takes a thread of its own
Board = Annotated[Served, Depends(_served)]
Source = Annotated[str, Depends(source)]
Bearer = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


async def anyone(board: Board, address: Source, bearer: Bearer) -> Person | None:
    """Whose token a call of the API carries; None without one. Cookies aren't looked at there.

    Raises:
        Problem: 401 for a token that isn't anybody's, 429 after too many of those or of calls.
    """
    if bearer is None:
        return None
    limits = board.settings.limits
    wrong = f"wrong tokens {network(address)}"
    board.rates.look(wrong, limits.failures_a_minute, 60)
    secret = bearer.credentials
    person = await to_thread.run_sync(_known, board, secret)
    if person is None:
        board.rates.take(wrong, limits.failures_a_minute, 60)
        raise Problem(401, "There is no such token, or it was revoked.")
    board.rates.take(f"token {person.token}", limits.requests_a_minute, 60)
    return person


Anyone = Annotated[Person | None, Depends(anyone)]


def _known(board: Served, secret: str) -> Person | None:
    with board.database.reading() as session:
        person = accounts.by_token(session, secret)
    if person is not None and now() - person.used > accounts.USED_S:
        with board.database.writing() as session:
            accounts.note_use(session, person, now())
    return person


async def known(person: Anyone) -> Person:
    """Who asks; 401 if nobody is known."""
    if person is None:
        raise Problem(401, "This needs a token.", hint="Send the header Authorization: Bearer TOKEN.")
    return person


Known = Annotated[Person, Depends(known)]


async def maintainer(person: Known) -> Person:
    """Who asks, if a maintainer; else 403."""
    if not person.maintains:
        raise Problem(403, "This is for maintainers.")
    return person


Maintainer = Annotated[Person, Depends(maintainer)]


def cookie(settings: Settings) -> str:
    """The cookie's name; by HTTPS one that no other host can set."""
    return "__Host-sb_visit" if settings.secure else "sb_visit"


def secret_of(request: Request) -> str:
    """The cookie's secret; of who has none a new one, which the answer must set (`request.state.fresh`)."""
    sent = request.cookies.get(cookie(served(request).settings), "")
    if 20 <= len(sent) <= 100:
        request.state.fresh = ""
        return sent
    if not getattr(request.state, "fresh", ""):
        request.state.fresh = secrets.token_urlsafe(32)
    return request.state.fresh


def visitor(request: Request) -> Person | None:
    """Who is signed in on the page."""
    secret = request.cookies.get(cookie(served(request).settings), "")
    if not secret:
        return None
    with served(request).database.reading() as session:
        return accounts.by_visit(session, secret, now())


async def _visitor(request: Request) -> Person | None:
    has = cookie(served(request).settings) in request.cookies
    return await to_thread.run_sync(visitor, request) if has else None


Visitor = Annotated[Person | None, Depends(_visitor)]


def count_upload(board: Served, person: Person) -> None:
    """Take one of the uploads that an account has in an hour; 429 if there is none left."""
    board.rates.take(f"uploads {person.account}", board.settings.limits.uploads_an_hour, 3600)


def count_token(board: Served, person: Person) -> None:
    """Take one of the tokens that an account may make in an hour; 429 if there is none left."""
    board.rates.take(f"tokens {person.account}", board.settings.limits.tokens_an_hour, 3600)
