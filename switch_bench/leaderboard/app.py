"""The web application: routes, the guard round them, and one form for everything that goes wrong."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match
from starlette.types import Scope

from switch_bench._version import __version__
from switch_bench.leaderboard import api, api_rounds, api_tokens, asking, forms, forms_tokens, pages, render
from switch_bench.leaderboard.accounts import Person
from switch_bench.leaderboard.asking import Served
from switch_bench.leaderboard.problems import CODES, Problem
from switch_bench.leaderboard.security import Guard

LONGEST = 500  # letters of what is told of a request that isn't valid


def make_app(served: Served) -> FastAPI:
    """The application that serves a board."""
    app = FastAPI(
        title="switch_bench leaderboard",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # see Guard
    )
    app.add_exception_handler(HTTPException, _failed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.state.served = served
    app.include_router(api.router)
    app.include_router(api_rounds.router)
    app.include_router(api_tokens.router)
    app.include_router(forms.router)
    app.include_router(forms_tokens.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(packages=list(render.STATIC)), name="static")
    app.add_middleware(Guard, settings=served.settings, rates=served.rates, tell=tell)
    return app


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if not isinstance(error, Problem):
        words = {404: "There is nothing here.", 405: "That method isn't served here."}
        known = error.status_code if error.status_code in CODES else 400
        allow = _methods(request) if known == 405 else ""
        error = Problem(known, words.get(known, str(error.detail)), allow=allow)
    return _told(request, error)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    said = f"{where}: {first['msg']}"[:LONGEST]
    return _told(request, Problem(422, said.encode("utf-8", "backslashreplace").decode()))


def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)  # nobody hears it


def _told(request: Request, problem: Problem) -> Response:
    """The problem, to whoever is signed in."""
    of_api = _path(request).startswith("/api/")
    return tell(request.scope, problem, None if of_api else asking.visitor(request))


def tell(scope: Scope, problem: Problem, person: Person | None = None) -> Response:
    """The answer that tells of a problem: of the API JSON, else a page."""
    request = Request(scope)
    if _path(request).startswith("/api/"):
        return JSONResponse(problem.body(), problem.status_code, problem.headers)
    page = render.error(problem.status_code, problem.message, problem.hint, pages.context(request, person))
    return HTMLResponse(page, problem.status_code, problem.headers)


def _path(request: Request) -> str:
    return request.scope["path"].removeprefix(request.app.state.served.settings.base)


def _methods(request: Request) -> str:
    """Which methods are served at a request's address, as `Allow` has them."""
    if _path(request).startswith("/static/"):
        return "GET, HEAD"
    found = []
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            found += [method, "HEAD"] if method == "GET" else [method]
    return ", ".join(found)
