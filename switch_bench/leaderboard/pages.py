"""The pages: what is shown, as HTML. They work without a script; forms are in `forms.py`."""

from __future__ import annotations

import json
import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from switch_bench.leaderboard import (
    api,
    auditing,
    details,
    health,
    managing,
    render,
    shown,
    uploads,
    views,
    withdrawing,
)
from switch_bench.leaderboard.accounts import Person, csrf
from switch_bench.leaderboard.asking import Board, Served, Visitor, secret_of
from switch_bench.leaderboard.database import utc
from switch_bench.leaderboard.models import Audit
from switch_bench.leaderboard.problems import Problem
from switch_bench.leaderboard.render import Context

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
FILM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.(mp4|webm|jpg)")
KINDS = {"mp4": "video/mp4", "webm": "video/webm", "jpg": "image/jpeg"}
ROWS = 100


def context(request: Request, person: Person | None) -> Context:
    """What a page needs to know of its request."""
    served: Served = request.app.state.served
    return Context(
        csrf=csrf(secret_of(request)),
        who=person.name if person else None,
        role=person.role if person else "",
        nonce=request.state.nonce,
        base=served.settings.base,
    )


@router.get("/")
def board_page(
    request: Request,
    board: Board,
    person: Visitor,
    track: api.Word = "",
    suite: api.Word = "",
    protocol: api.Word = "",
    status: api.Word = "",
    q: api.Word = "",
    sort: api.Word = "rate",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> HTMLResponse:
    """The table."""
    filters = {"track": track, "suite": suite, "protocol": protocol, "status": status, "q": q}
    sort = sort if sort in shown.SORTS else "rate"
    key = ("html", tuple(filters.values()), sort, page)
    with board.database.reading() as session:
        revision = board.listing.revision(session)
        kept = board.kept.find(revision, key) if person is None else None
        if kept is None:
            found, total = board.listing.board(session, filters, sort, page, ROWS)
            drawn = render.board(found, context(request, person), page, max(1, -(-total // ROWS)), total=total)
            kept = drawn.encode()
            if person is None and status not in uploads.BUSY:  # nothing in it is for one visitor
                board.kept.keep(revision, key, kept)
    return HTMLResponse(kept)


@router.get("/submissions/{number}")
def submission_page(request: Request, board: Board, person: Visitor, number: api.Number) -> HTMLResponse:
    """A submission."""
    with board.database.reading() as session:
        found, name = views.find(session, number, person)
        progress = views.progress(session, found)
        row = views.row(found, name)
        others = board.listing.scored(session, row.suite) if row.status in shown.RANKED else ()
    may = views.may_download(found, person)
    it = details.submission(board.settings, found, row, progress, archive=may)
    change = withdrawing.may(found, person)
    return HTMLResponse(render.submission(it, context(request, person), others, change))


@router.get("/submissions/{number}/episodes/{task}/{episode}")
def episode_page(
    request: Request, board: Board, person: Visitor, number: api.Number, task: str, episode: int
) -> HTMLResponse:
    """An episode."""
    found, name = _find(board, person, number)
    it = details.episode(views.row(found, name), views.run_of(board.settings, found), task, episode)
    return HTMLResponse(render.episode(it, context(request, person)))


@router.get("/submissions/{number}/videos/{name}")
def video(board: Board, person: Visitor, number: api.Number, name: str) -> FileResponse:
    """A film, or its poster; parts of it by range requests."""
    found, _ = _find(board, person, number)
    path = views.run_of(board.settings, found) / "videos" / name
    if not FILM.fullmatch(name) or not path.is_file():
        raise Problem(404, "There is no such film.")
    return FileResponse(path, media_type=KINDS[name.rpartition(".")[2]], headers={"Cache-Control": "private, no-cache"})


@router.get("/submissions/{number}/archive", response_class=FileResponse)
def archive(board: Board, person: Visitor, number: api.Number) -> FileResponse:
    """The archive, if they may have it."""
    found, _ = _find(board, person, number)
    return api.archive(board, found, views.may_download(found, person))


@router.get("/submissions/{number}/results.json")
def results(board: Board, person: Visitor, number: api.Number) -> Response:
    """The recomputed results, to be kept."""
    found, _ = _find(board, person, number)
    told = json.dumps(details.results(views.run_of(board.settings, found)), indent=2)
    headers = {"Content-Disposition": f'attachment; filename="{found.id}.results.json"'}
    return Response(told, media_type="application/json", headers=headers)


@router.get("/compare")
def compare_page(
    request: Request, board: Board, person: Visitor, of: Annotated[list[str] | None, Query()] = None
) -> HTMLResponse:
    """Two submissions side by side; without two of them a form to choose, which says what was wrong with the choice."""
    chosen = [one for one in of or () if one]  # who chooses nothing in the form sends ""
    with board.database.reading() as session:
        rows = board.listing.scored(session)
    it, said, status = None, "", 200
    if of:
        try:
            it = _compared(board, person, chosen)
        except Problem as problem:
            said, status = f"{problem.message} {problem.hint}".strip(), problem.status_code
    return HTMLResponse(render.comparison(it, context(request, person), rows, said, chosen), status)


@router.get("/rounds")
def rounds_page(request: Request, board: Board, person: Visitor) -> HTMLResponse:
    """Hidden rounds."""
    with board.database.reading() as session:
        found = [views.round_shown(session, one) for one in managing.all_rounds(session)]
    return HTMLResponse(render.rounds(found, context(request, person)))


@router.get("/audit")
def audit_page(
    request: Request, board: Board, person: Visitor, before: Annotated[int | None, Query(ge=1, lt=2**63)] = None
) -> HTMLResponse:
    """The audit log, for maintainers."""
    if person is None or not person.maintains:
        raise Problem(403, "This is for maintainers.", hint="Sign in with a maintainer's token.")
    with board.database.reading() as session:
        lines = [_line(line) for line in auditing.lines(session, before=before, count=ROWS)]
    older = lines[-1].id if len(lines) == ROWS else None
    return HTMLResponse(render.audit(lines, context(request, person), older))


@router.get("/healthz", response_class=JSONResponse)
def healthz(board: Board) -> JSONResponse:
    """200 if the database answers and a worker was seen lately, else 503."""
    database, there = health.answers(board.database)
    well = database and there
    told = {"status": "ok" if well else "unwell", "database": database, "worker": there}
    return JSONResponse(told, 200 if well else 503)


def _line(line: Audit) -> shown.AuditLine:
    return shown.AuditLine(
        id=line.id,
        at=utc(line.at),
        who=line.who,
        what=line.what,
        target=line.target,
        source=line.source,
        detail=json.dumps(line.detail, ensure_ascii=False) if line.detail else "",
    )


def _compared(board: Served, person: Person | None, chosen: list[str]) -> shown.Comparison:
    """The comparison of what was chosen.

    Raises:
        Problem: it isn't two, one of them can't be seen or has no recomputed score, or nothing is common to them.
    """
    if len(chosen) == 2 and chosen[0] == chosen[1]:
        raise Problem(422, "That is the same submission twice.", hint="Choose two different ones.")
    if len(chosen) != 2:
        many = {0: "none was", 1: "only one was"}.get(len(chosen), f"{len(chosen)} were")
        raise Problem(422, f"A comparison takes two submissions, and {many} chosen.")
    rows, runs = [], []
    for number, which in zip(chosen, ("first", "second"), strict=True):
        try:
            found, name = _find(board, person, number)
        except Problem as problem:
            raise Problem(problem.status_code, f"There is no such submission as the {which} of these.") from problem
        rows.append(views.row(found, name))
        if rows[-1].status not in shown.RANKED:
            what = rows[-1].policy or f"The {which} of these"
            raise Problem(409, f"{what} is {rows[-1].status}: there are no recomputed scores of it to be compared.")
        runs.append(views.run_of(board.settings, found))
    it = details.comparison(rows[0], runs[0], rows[1], runs[1])
    if not it.paired and it.a.suite != it.b.suite:
        message = f"They are of different suites, {it.a.suite} and {it.b.suite}, and have no episode in common."
        raise Problem(422, message, hint="Choose two of the same suite.")
    return it


def _find(board: Served, person: Person | None, number: str):
    with board.database.reading() as session:
        return views.find(session, number, person)
