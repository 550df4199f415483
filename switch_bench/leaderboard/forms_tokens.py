"""The page of tokens, and what its forms send."""

from __future__ import annotations

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from switch_bench.leaderboard import render, tokening
from switch_bench.leaderboard.accounts import Person
from switch_bench.leaderboard.api_tokens import TokenId
from switch_bench.leaderboard.asking import Board, Served, Source, Visitor, count_token
from switch_bench.leaderboard.forms import form_of, maintainer_of
from switch_bench.leaderboard.pages import context
from switch_bench.leaderboard.problems import Problem

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)


@router.get("/tokens")
def tokens_page(
    request: Request, board: Board, person: Visitor, account: Annotated[str, Query(max_length=64)] = ""
) -> Response:
    """One's own tokens, or for maintainers those of an account, and all accounts."""
    if person is None:
        return _to(board, "account")
    return HTMLResponse(_page(request, board, person, account))


@router.post("/tokens")
async def make(request: Request, board: Board, person: Visitor, address: Source) -> Response:
    """Make a token, and show it, once."""
    person = _signed_in(person)
    form = await form_of(request)
    name, label = str(form.get("account", ""))[:64], str(form.get("label", ""))[:200]

    def change() -> tokening.Made:
        with board.database.writing() as session:
            return tokening.make(session, board.settings.limits, person, label, address, name)

    try:
        count_token(board, person)
        made = await to_thread.run_sync(change)
    except Problem as problem:
        return _back(request, board, person, problem, name)
    return HTMLResponse(_page(request, board, person, name, made=made), 201)


@router.post("/tokens/{number}/revoke")
async def revoke(request: Request, board: Board, person: Visitor, address: Source, number: TokenId) -> Response:
    """Revoke a token."""
    person = _signed_in(person)
    form = await form_of(request)
    name = str(form.get("account", ""))[:64]

    def change() -> None:
        with board.database.writing() as session:
            tokening.revoke(session, person, number, address)

    try:
        await to_thread.run_sync(change)
    except Problem as problem:
        return _back(request, board, person, problem, name)
    return _to(board, render.Context().to("tokens", account=name)[1:])


@router.post("/accounts")
async def add_account(request: Request, board: Board, person: Visitor, address: Source) -> Response:
    """Make an account with its first token, and show that, once."""
    person = maintainer_of(person)
    form = await form_of(request)
    name, role = str(form.get("name", ""))[:200], str(form.get("role", ""))[:20]

    def change() -> tokening.Made:
        with board.database.writing() as session:
            tokening.add_account(session, person, name, role, address)
            return tokening.make(session, board.settings.limits, person, "", address, name)

    try:
        count_token(board, person)
        made = await to_thread.run_sync(change)
    except Problem as problem:
        return _back(request, board, person, problem, "")
    return HTMLResponse(_page(request, board, person, name, made=made), 201)


def _back(request: Request, board: Served, person: Person, problem: Problem, name: str) -> HTMLResponse:
    said = f"{problem.message} {problem.hint}".strip()
    try:
        page = _page(request, board, person, name, said)
    except Problem:  # there is no such account
        raise problem from None
    return HTMLResponse(page, problem.status_code, problem.headers)


def _page(
    request: Request, board: Served, person: Person, name: str, said: str = "", made: tokening.Made | None = None
) -> str:
    with board.database.reading() as session:
        lines = tokening.of(session, person, name)
        accounts = tokening.all_accounts(session) if person.maintains else ()
    return render.tokens(lines, context(request, person), name or person.name, accounts, said, made and made.secret)


def _signed_in(person: Person | None) -> Person:
    if person is None:
        raise Problem(403, "This is for who is signed in.", hint="Sign in with a token.")
    return person


def _to(board: Served, path: str) -> RedirectResponse:
    return RedirectResponse(f"{board.settings.base}/{path}", 303)
