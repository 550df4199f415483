"""The JSON API of maintainers and of hidden rounds."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from switch_bench.leaderboard import auditing, managing, rounds, views, withdrawing
from switch_bench.leaderboard.api import BODY, Accepted, Number, Standing, standing, take_in
from switch_bench.leaderboard.asking import Board, Known, Maintainer, Source
from switch_bench.leaderboard.database import utc
from switch_bench.leaderboard.models import Round
from switch_bench.leaderboard.problems import documented

router = APIRouter(prefix="/api/v1", responses=documented(400, 401, 413, 414, 422, 429, 431))
RoundId = Annotated[str, Path(max_length=64)]
Task = Annotated[str, Field(max_length=100)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]


class Opened(BaseModel):
    """A round to be opened. commitment: SHA-256, hex, of salt and seeds."""

    model_config = ConfigDict(extra="forbid")
    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    suite: Annotated[str, Field(min_length=1, max_length=64)]
    episodes: Annotated[int, Field(ge=1, le=10_000, strict=True)]


class Revealed(BaseModel):
    """What a round committed to."""

    model_config = ConfigDict(extra="forbid")
    salt: Annotated[str, Field(max_length=200)]
    seeds: Annotated[dict[Task, Annotated[list[Seed], Field(max_length=10_000)]], Field(max_length=1000)]


class HiddenRound(BaseModel):
    """A hidden round. revealed: null until it is. runs: ids of its hidden runs, once it is revealed, but for so many
    (`withdrawn`) that were withdrawn, or whose submission was.
    """

    id: str
    commitment: str
    suite: str
    episodes: int
    opened: str
    revealed: Revealed | None
    revealed_at: str | None
    runs: tuple[str, ...]
    withdrawn: int


class Rounds(BaseModel):
    """All rounds, the newest first."""

    rounds: tuple[HiddenRound, ...]


class Withdrawn(BaseModel):
    """Whether it is to be withdrawn."""

    model_config = ConfigDict(extra="forbid")
    withdrawn: Annotated[bool, Field(strict=True)]


class Line(BaseModel):
    """A line of the audit log."""

    id: int
    at: str
    who: str
    what: str
    target: str
    source: str
    detail: dict[str, Any]


class Log(BaseModel):
    """Lines of the audit log, the newest first. next: `before` for those before them; null if there are none."""

    lines: tuple[Line, ...]
    next: int | None


@router.get("/rounds")
def get_rounds(board: Board) -> Rounds:
    """All hidden rounds with their commitments, and what was revealed of them."""
    with board.database.reading() as session:
        return Rounds(rounds=tuple(_shown(session, found) for found in managing.all_rounds(session)))


@router.get("/rounds/{number}", responses=documented(404))
def get_round(board: Board, number: RoundId) -> HiddenRound:
    """A hidden round."""
    with board.database.reading() as session:
        return _shown(session, managing.find_round(session, number))


@router.post("/rounds", status_code=201, responses=documented(403, 409))
def open_round(board: Board, person: Maintainer, address: Source, asked: Opened, response: Response) -> HiddenRound:
    """Open a hidden round by its commitment."""
    with board.database.writing() as session:
        made = managing.open_round(session, person, asked.commitment, asked.suite, asked.episodes, address)
        response.headers["Location"] = f"{board.settings.base}/api/v1/rounds/{made.id}"
        return _shown(session, made)


@router.post("/rounds/{number}/reveal", responses=documented(403, 404, 409))
def reveal_round(board: Board, person: Maintainer, address: Source, number: RoundId, asked: Revealed) -> HiddenRound:
    """Reveal a round: salt and seeds must hash to its commitment. Hidden runs on other seeds are refused."""
    with board.database.writing() as session:
        found = managing.reveal_round(session, person, board.settings, number, asked.salt, asked.seeds, address)
        return _shown(session, found)


@router.post(
    "/submissions/{number}/hidden",
    status_code=201,
    openapi_extra=BODY,
    responses=documented(403, 404, 408, 409, 413, 415),
)
async def attach(
    request: Request, response: Response, board: Board, person: Maintainer, address: Source, number: Number
) -> Accepted:
    """Attach a hidden run, packed like a submission. Once it is replay-verified, its submission is hidden-verified."""
    return await take_in(request, response, board, person, address, number)


@router.post("/submissions/{number}/again", responses=documented(403, 404, 409, 410))
def verify_again(board: Board, person: Maintainer, address: Source, number: Number) -> Standing:
    """Have a submission verified again."""
    with board.database.writing() as session:
        found, _ = views.find(session, number, person)
        managing.verify_again(session, person, found, address)
        return standing(session, found)


@router.post("/submissions/{number}/withdraw", responses=documented(403, 404, 410))
def withdraw(board: Board, person: Known, address: Source, number: Number, asked: Withdrawn) -> Withdrawn:
    """Withdraw a submission, or put it back: one's own, and for maintainers any. What was found of it stays."""
    with board.database.writing() as session:
        found, _ = views.find(session, number, person)
        withdrawing.change(session, person, found, asked.withdrawn, address)
    return asked


@router.get("/audit", responses=documented(403))
def get_audit(
    board: Board,
    person: Maintainer,
    before: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
    count: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Log:
    """The audit log: who did what to what, when and from where."""
    with board.database.reading() as session:
        found = auditing.lines(session, before=before, count=count)
    lines = tuple(
        Line(id=n.id, at=utc(n.at), who=n.who, what=n.what, target=n.target, source=n.source, detail=n.detail)
        for n in found
    )
    return Log(lines=lines, next=lines[-1].id if len(lines) == count else None)


def _shown(session: Session, found: Round) -> HiddenRound:
    revealed = None
    if found.revealed is not None and found.salt is not None and found.seeds is not None:
        revealed = Revealed(salt=found.salt, seeds=found.seeds)
    made = rounds.runs(session, found) if revealed else ()
    seen = tuple(run.id for run in made if views.may_see(session, run, None))
    return HiddenRound(
        id=found.id,
        commitment=found.commitment,
        suite=found.suite,
        episodes=found.episodes,
        opened=utc(found.opened),
        revealed=revealed,
        revealed_at=utc(found.revealed) if found.revealed is not None else None,
        runs=seen,
        withdrawn=len(made) - len(seen),
    )
