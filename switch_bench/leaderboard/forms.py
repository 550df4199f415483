"""What the pages' forms send: signing in and out, submitting, and what maintainers do.

Every form carries a token that goes with the cookie, and browsers that say where a request comes from must say: from
here.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from typing import Any

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from switch_bench.leaderboard import accounts, auditing, managing, render, uploads, views, withdrawing
from switch_bench.leaderboard.accounts import VISIT_S, Person, csrf
from switch_bench.leaderboard.api import Number
from switch_bench.leaderboard.asking import Board, Served, Source, Visitor, cookie, count_upload, secret_of
from switch_bench.leaderboard.database import now
from switch_bench.leaderboard.pages import context
from switch_bench.leaderboard.problems import Problem
from switch_bench.leaderboard.rates import network

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
CHUNK = 256 * 1024


@router.get("/submit")
def upload_page(request: Request, board: Board, person: Visitor) -> HTMLResponse:
    """Where one submits."""
    return _with_cookie(request, HTMLResponse(_upload(request, board, person)))


@router.post("/submit")
async def submit(request: Request, board: Board, person: Visitor, address: Source) -> Response:
    """Take in an archive; then to its page, or back with what was wrong."""
    if person is None:
        return _to(board, "account")
    try:
        made = await _take_in(request, board, person, address, None)
    except Problem as problem:
        if problem.status_code == 403:
            raise
        said = f"{problem.message} {problem.hint}".strip()
        return HTMLResponse(_upload(request, board, person, said), problem.status_code, problem.headers)
    return _to(board, f"submissions/{made}")


@router.get("/account")
def account_page(request: Request, board: Board, person: Visitor) -> HTMLResponse:
    """Who is signed in, with their submissions; or where to sign in."""
    rows: tuple[Any, ...] = ()
    if person is not None:
        with board.database.reading() as session:
            rows = views.own(session, person)
    return _with_cookie(request, HTMLResponse(render.account(context(request, person), rows)))


@router.post("/sign-in")
async def sign_in(request: Request, board: Board, address: Source) -> Response:
    """Sign in by a token."""
    form = await form_of(request)
    limits = board.settings.limits
    wrong = f"wrong tokens {network(address)}"
    board.rates.look(wrong, limits.failures_a_minute, 60)
    token = str(form.get("token", "")).strip()[:200]

    def visit() -> str | None:
        with board.database.reading() as session:
            person = accounts.by_token(session, token)
        if person is None:
            return None
        with board.database.writing() as session:
            auditing.note(session, person.name, "signed in", "", address)
            return accounts.sign_in(session, person, now())

    secret = await to_thread.run_sync(visit)
    if secret is None:
        board.rates.take(wrong, limits.failures_a_minute, 60)
        page = render.account(context(request, None), (), "There is no such token, or it was revoked.")
        return HTMLResponse(page, 401)
    answer = _to(board, "account")
    _set_cookie(request, answer, secret)
    return answer


@router.post("/sign-out")
async def sign_out(request: Request, board: Board, person: Visitor) -> Response:
    """End the visit."""
    await form_of(request)
    if person is not None:

        def end() -> None:
            with board.database.writing() as session:
                accounts.sign_out(session, person.visit)

        await to_thread.run_sync(end)
    answer = _to(board, "account")
    answer.delete_cookie(
        cookie(board.settings), path="/", secure=board.settings.secure, httponly=True, samesite="strict"
    )
    return answer


@router.post("/submissions/{number}/withdraw")
async def withdraw(request: Request, board: Board, person: Visitor, address: Source, number: Number) -> Response:
    """Withdraw a submission, or put it back."""
    if person is None:
        raise Problem(403, "This is for its owner and for maintainers.", hint="Sign in with a token.")
    form = await form_of(request)

    def change() -> None:
        with board.database.writing() as session:
            found, _ = views.find(session, number, person)
            withdrawing.change(session, person, found, form.get("withdrawn") == "1", address)

    await to_thread.run_sync(change)
    return _to(board, f"submissions/{number}")


@router.post("/submissions/{number}/again")
async def again(request: Request, board: Board, person: Visitor, address: Source, number: Number) -> Response:
    """Have a submission verified again."""
    maintainer = maintainer_of(person)
    await form_of(request)

    def change() -> None:
        with board.database.writing() as session:
            found, _ = views.find(session, number, maintainer)
            managing.verify_again(session, maintainer, found, address)

    await to_thread.run_sync(change)
    return _to(board, f"submissions/{number}")


@router.post("/submissions/{number}/hidden")
async def attach(request: Request, board: Board, person: Visitor, address: Source, number: Number) -> Response:
    """Attach a hidden run to a submission."""
    made = await _take_in(request, board, maintainer_of(person), address, number)
    return _to(board, f"submissions/{made}")


async def _take_in(request: Request, board: Served, person: Person, address: str, parent: str | None) -> str:
    form = await form_of(request)
    try:
        file = form.get("archive")
        if not isinstance(file, UploadFile):
            raise Problem(422, "No archive was chosen.", code="empty")
        count_upload(board, person)
        arrived = await uploads.receive(_chunks(file), board.settings)
        made = await uploads.in_thread(uploads.enter, board.database, board.settings, person, arrived, address, parent)
        return made.id
    finally:
        await form.close()


async def _chunks(file: UploadFile) -> AsyncIterator[bytes]:
    while chunk := await file.read(CHUNK):
        yield chunk


async def form_of(request: Request) -> FormData:
    """A form that was sent from one of our pages.

    Raises:
        Problem: 403 if it wasn't.
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Problem(403, "That form was sent from another site.", code="foreign_form")
    if "charset" in (kind := request.headers.get("content-type", "").lower()) and "charset=utf-8" not in kind:
        raise Problem(415, "Forms are sent in UTF-8.")  # else a sender would choose how its letters are read
    form = await request.form(max_files=1, max_fields=8, max_part_size=16 * 1024)
    sent = str(form.get("csrf", ""))
    secret = secret_of(request)
    if not secret or not hmac.compare_digest(sent.encode(), csrf(secret).encode()):
        await form.close()
        raise Problem(403, "The form was out of date.", code="foreign_form", hint="Load the page again, and retry.")
    return form


def _upload(request: Request, board: Served, person: Person | None, said: str = "") -> str:
    address = str(request.base_url).rstrip("/")
    return render.upload(context(request, person), board.settings.limits.archive_bytes, said, address)


def maintainer_of(person: Person | None) -> Person:
    """Who is signed in, if a maintainer; else 403."""
    if person is None or not person.maintains:
        raise Problem(403, "This is for maintainers.")
    return person


def _to(board: Served, path: str) -> RedirectResponse:
    return RedirectResponse(f"{board.settings.base}/{path}", 303)


def _with_cookie(request: Request, answer: HTMLResponse) -> HTMLResponse:
    """Who hasn't got a cookie yet gets the one that the page's form goes with."""
    if request.state.fresh:
        _set_cookie(request, answer, request.state.fresh)
    return answer


def _set_cookie(request: Request, answer: Response, secret: str) -> None:
    settings = request.app.state.served.settings
    answer.set_cookie(
        cookie(settings),
        secret,
        max_age=int(VISIT_S),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="strict",
    )
