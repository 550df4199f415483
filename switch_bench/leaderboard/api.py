"""The JSON API: the board, submissions, episodes, comparisons, uploads. Bodies are those of `shown.py`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel
from sqlalchemy.orm import Session

from switch_bench.leaderboard import details, shown, uploads, views
from switch_bench.leaderboard.asking import Anyone, Board, Known, Source, count_upload
from switch_bench.leaderboard.models import Submission
from switch_bench.leaderboard.problems import Problem, documented

router = APIRouter(prefix="/api/v1", responses=documented(400, 401, 413, 414, 422, 429, 431))
BINARY = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "An archive of `switch-bench submit pack`.",
        "content": BINARY | {"application/octet-stream": BINARY["application/zip"]},
    }
}
FILE: dict[int | str, dict[str, Any]] = {200: {"description": "The archive.", "content": BINARY}}
ALLOWED = ("archive_bytes", "upload_s", "stored_bytes", "uploads_an_hour", "waiting", "requests_a_minute")
Number = Annotated[str, Path(description="A submission's id.", max_length=16)]
NO_NUL = r"^[^\x00]*$"  # SQLite takes a text to end there
Word = Annotated[str, Query(max_length=200, pattern=NO_NUL)]


class Page(BaseModel):
    """A page of the table. total: rows on all pages."""

    board: shown.Board
    page: int
    per_page: int
    total: int


class Accepted(BaseModel):
    """An archive that was taken in and waits."""

    id: str
    status: shown.Status
    sha256: str
    bytes: int


class Standing(BaseModel):
    """How far it is. ahead: so many are before it; done: of so many episodes, 0 of 0 while that isn't known."""

    id: str
    status: shown.Status
    means: str
    ahead: int
    done: int
    of: int


class Allowed(BaseModel):
    """What one may send and store; what is over ends in 413 or 429. verify_s: how long one verification may take."""

    archive_bytes: int
    upload_s: float
    stored_bytes: int
    uploads_an_hour: int
    waiting: int
    requests_a_minute: int
    verify_s: float


class Me(BaseModel):
    """Whose token this is."""

    name: str
    role: Literal["submitter", "maintainer"]
    submissions: tuple[shown.Row, ...]


@router.get("/board", response_model=Page)
def get_board(
    board: Board,
    person: Anyone,
    track: Word = "",
    suite: Word = "",
    protocol: Word = "",
    status: shown.Status | Literal[""] = "",
    q: Annotated[
        str, Query(max_length=200, pattern=NO_NUL, description="Words in a policy's or a submitter's name, or an id.")
    ] = "",
    sort: Literal["rate", "macro", "date", "policy"] = "rate",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    per_page: Annotated[int, Query(ge=1, le=100)] = 50,
) -> Response:
    """The table. Without a status: all that were verified, whatever that came to, but the refused."""
    filters = {"track": track, "suite": suite, "protocol": protocol, "status": status, "q": q}
    key = ("json", tuple(filters.values()), sort, page, per_page)
    with board.database.reading() as session:
        revision = board.listing.revision(session)
        kept = board.kept.find(revision, key)
        if kept is None:
            found, total = board.listing.board(session, filters, sort, page, per_page)
            kept = Page(board=found, page=page, per_page=per_page, total=total).model_dump_json().encode()
            if status not in uploads.BUSY:
                board.kept.keep(revision, key, kept)
    return Response(kept, media_type="application/json")


@router.post(
    "/submissions",
    status_code=201,
    openapi_extra=BODY,
    responses=documented(408, 409, 413, 415),
    response_model=Accepted,
)
async def submit(request: Request, response: Response, board: Board, person: Known, address: Source) -> Accepted:
    """Submit an archive: its bytes are the body. It is verified later."""
    return await take_in(request, response, board, person, address, None)


@router.get("/submissions/{number}", responses=documented(404))
def get_submission(board: Board, person: Anyone, number: Number) -> shown.Submission:
    """A submission: status, reasons, and once it is verified what it came to."""
    with board.database.reading() as session:
        found, name = views.find(session, number, person)
        progress = views.progress(session, found)
    may = views.may_download(found, person)
    return details.submission(board.settings, found, views.row(found, name), progress, archive=may)


@router.get("/submissions/{number}/progress", responses=documented(404))
def get_progress(board: Board, person: Anyone, number: Number) -> Standing:
    """How far it is."""
    with board.database.reading() as session:
        found, _ = views.find(session, number, person)
        return standing(session, found)


@router.get("/submissions/{number}/episodes", responses=documented(404, 409, 410))
def get_episodes(board: Board, person: Anyone, number: Number) -> tuple[shown.EpisodeRow, ...]:
    """Its episodes, judged anew."""
    found, name = _find(board, person, number)
    views.run_of(board.settings, found)
    return details.submission(board.settings, found, views.row(found, name), None, archive=False).episodes


@router.get("/submissions/{number}/episodes/{task}/{episode}", responses=documented(404, 409, 410))
def get_episode(
    board: Board,
    person: Anyone,
    number: Number,
    task: Annotated[str, Path(max_length=100)],
    episode: Annotated[int, Path(ge=0, le=10**6)],
) -> shown.Episode:
    """One episode: its verdict with words, and a timeline of causes."""
    found, name = _find(board, person, number)
    return details.episode(views.row(found, name), views.run_of(board.settings, found), task, episode)


@router.get("/comparison", responses=documented(404, 409, 410))
def get_comparison(board: Board, person: Anyone, a: Word, b: Word) -> shown.Comparison:
    """Two submissions on the episodes that both played."""
    (first, first_name), (second, second_name) = _find(board, person, a), _find(board, person, b)
    return details.comparison(
        views.row(first, first_name), views.run_of(board.settings, first),
        views.row(second, second_name), views.run_of(board.settings, second),
    )  # fmt: skip


@router.get("/submissions/{number}/results.json", responses=documented(404, 409, 410))
def get_results(board: Board, person: Anyone, number: Number) -> dict[str, Any]:
    """The recomputed results, as `switch-bench eval` writes them."""
    found, _ = _find(board, person, number)
    return details.results(views.run_of(board.settings, found))


@router.get(
    "/submissions/{number}/archive", responses=FILE | documented(403, 404, 410, 416), response_class=FileResponse
)
def get_archive(board: Board, person: Anyone, number: Number) -> FileResponse:
    """The archive: for its owner, and for all once it is replay-verified."""
    found, _ = _find(board, person, number)
    return archive(board, found, views.may_download(found, person))


@router.get("/limits")
async def get_limits(board: Board, person: Anyone) -> Allowed:
    """What one may send and store: ask before a large upload."""
    limits = asdict(board.settings.limits)
    return Allowed(verify_s=board.settings.verify_s, **{name: limits[name] for name in limits if name in ALLOWED})


@router.get("/me")
def get_me(board: Board, person: Known) -> Me:
    """Whose token this is, and what they have submitted."""
    with board.database.reading() as session:
        rows = views.own(session, person)
    role: Any = person.role
    return Me(name=person.name, role=role, submissions=rows)


def standing(session: Session, found: Submission) -> Standing:
    """How far a submission is."""
    progress = views.progress(session, found)
    status: Any = found.status
    done, of = (progress.done, progress.of) if progress else (0, 0)
    ahead = views.ahead(session, found)
    return Standing(id=found.id, status=status, means=shown.MEANS[status], ahead=ahead, done=done, of=of)


def archive(board: Board, found: Submission, may: bool) -> FileResponse:
    """The answer with an archive.

    Raises:
        Problem: 403 if they may not, 410 if it was removed.
    """
    if found.removed is not None:
        raise views.removed()
    if not may:
        raise Problem(403, "This archive is for its owner and for maintainers.", hint="Until it is replay-verified.")
    return FileResponse(board.settings.archive(found.digest), media_type="application/zip", filename=f"{found.id}.sbz")


def _find(board: Board, person: Anyone, number: str) -> tuple[Submission, str]:
    with board.database.reading() as session:
        return views.find(session, number, person)


async def take_in(
    request: Request, response: Response, board: Board, person: Known, address: str, parent: str | None
) -> Accepted:
    """Take in the archive that is a request's body. parent: the submission that it is a hidden run for.

    Raises:
        Problem: 409, 413, 415, 422, 429: see `uploads`.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in BODY["requestBody"]["content"]:
        raise Problem(415, f"{kind or 'nothing'} isn't taken here.", hint="Send it as application/zip.")
    count_upload(board, person)
    arrived = await uploads.receive(request.stream(), board.settings)
    made = await uploads.in_thread(uploads.enter, board.database, board.settings, person, arrived, address, parent)
    response.headers["Location"] = f"{board.settings.base}/api/v1/submissions/{made.id}"
    return Accepted(id=made.id, status="queued", sha256=made.digest, bytes=made.size)
