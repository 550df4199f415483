"""The web application: routes, the guard round them, and one form for everything that goes wrong."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from switch_bench._version import __version__
from switch_bench.leaderboard import api, api_rounds, asking, forms, pages, render
from switch_bench.leaderboard.asking import Served
from switch_bench.leaderboard.problems import CODES, Problem
from switch_bench.leaderboard.security import Guard

LOG = logging.getLogger("switch_bench.leaderboard")


def make_app(served: Served) -> FastAPI:
    """The application that serves a board."""
    app = FastAPI(
        title="switch_bench leaderboard",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.add_exception_handler(HTTPException, _failed)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _broken)
    app.state.served = served
    app.include_router(api.router)
    app.include_router(api_rounds.router)
    app.include_router(forms.router)
    app.include_router(pages.router)
    app.mount("/static", StaticFiles(packages=list(render.STATIC)), name="static")
    app.add_middleware(Guard, settings=served.settings, rates=served.rates)
    return app


def _failed(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if not isinstance(error, Problem):
        words = {404: "There is nothing here.", 405: "That method isn't served here."}
        known = error.status_code if error.status_code in CODES else 400
        error = Problem(known, words.get(known, str(error.detail)))
    return _told(request, error)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return _told(request, Problem(422, f"{where}: {first['msg']}"))


def _gone(request: Request, error: Exception) -> Response:
    return Response(status_code=400)  # nobody hears it


def _broken(request: Request, error: Exception) -> Response:
    LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return _told(request, Problem(500, "Something went wrong here; it was written down."))


def _told(request: Request, problem: Problem) -> Response:
    path = request.url.path.removeprefix(request.app.state.served.settings.base)
    if path.startswith("/api/"):
        return JSONResponse(problem.body(), problem.status_code, problem.headers)
    ctx = pages.context(request, asking.visitor(request))
    page = render.error(problem.status_code, problem.message, problem.hint, ctx)
    return HTMLResponse(page, problem.status_code, problem.headers)
