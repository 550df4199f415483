"""The JSON API of accounts and their tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from switch_bench.leaderboard import tokening
from switch_bench.leaderboard.asking import Board, Known, Maintainer, Served, Source, count_token
from switch_bench.leaderboard.problems import documented

router = APIRouter(prefix="/api/v1", responses=documented(400, 401, 413, 414, 422, 429, 431))
Name = Annotated[str, Path(description="An account's name.", max_length=64)]
TokenId = Annotated[int, Path(ge=1, lt=2**63)]


class Wanted(BaseModel):
    """A token that is to be made. label: what it is for, in one's own words."""

    model_config = ConfigDict(extra="forbid")
    label: Annotated[str, Field(max_length=64)] = ""


class NewAccount(BaseModel):
    """An account that is to be made."""

    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, Field(min_length=1, max_length=64)]
    role: Literal["submitter", "maintainer"]


class Tokens(BaseModel):
    """Tokens of an account, the newest first."""

    tokens: tuple[tokening.TokenLine, ...]


class MadeToken(BaseModel):
    """A new token. secret: the token itself; this is the only time that it is told."""

    secret: str
    token: tokening.TokenLine


class Accounts(BaseModel):
    """Accounts in the order that they were made. next: `after` for those after them; null if there are none."""

    accounts: tuple[tokening.AccountLine, ...]
    next: int | None


@router.get("/tokens")
def get_tokens(board: Board, person: Known) -> Tokens:
    """One's own tokens, without themselves."""
    return _tokens(board, person, "")


@router.post("/tokens", status_code=201, responses=documented(409))
def make_token(board: Board, person: Known, address: Source, asked: Wanted) -> MadeToken:
    """Make oneself another token."""
    return _make(board, person, address, asked, "")


@router.delete("/tokens/{number}", responses=documented(404, 409))
def revoke_token(board: Board, person: Known, address: Source, number: TokenId) -> tokening.TokenLine:
    """Revoke a token: one's own, and for maintainers any but the last maintainer's last one."""
    with board.database.writing() as session:
        return tokening.revoke(session, person, number, address)


@router.get("/accounts", responses=documented(403))
def get_accounts(
    board: Board,
    person: Maintainer,
    after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
    count: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Accounts:
    """All accounts."""
    with board.database.reading() as session:
        found = tokening.all_accounts(session, after, count)
    return Accounts(accounts=found, next=found[-1].id if len(found) == count else None)


@router.post("/accounts", status_code=201, responses=documented(403, 409))
def make_account(board: Board, person: Maintainer, address: Source, asked: NewAccount) -> tokening.AccountLine:
    """Make an account, as yet without a token."""
    with board.database.writing() as session:
        return tokening.account_line(tokening.add_account(session, person, asked.name, asked.role, address))


@router.get("/accounts/{name}/tokens", responses=documented(403, 404))
def get_tokens_of(board: Board, person: Maintainer, name: Name) -> Tokens:
    """An account's tokens, without themselves."""
    return _tokens(board, person, name)


@router.post("/accounts/{name}/tokens", status_code=201, responses=documented(403, 404, 409))
def make_token_for(board: Board, person: Maintainer, address: Source, name: Name, asked: Wanted) -> MadeToken:
    """Make a token for an account."""
    return _make(board, person, address, asked, name)


def _tokens(board: Served, person: Known, name: str) -> Tokens:
    with board.database.reading() as session:
        return Tokens(tokens=tokening.of(session, person, name))


def _make(board: Served, person: Known, address: str, asked: Wanted, name: str) -> MadeToken:
    count_token(board, person)
    with board.database.writing() as session:
        made = tokening.make(session, board.settings.limits, person, asked.label, address, name)
    return MadeToken(secret=made.secret, token=made.line)
