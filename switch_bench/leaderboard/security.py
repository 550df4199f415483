"""What every request passes and every answer carries: sizes, rate, headers, and one form for all that goes wrong. One
ASGI layer round the routes.

The content security policy lets nothing run or look good that doesn't come from the server's own files, but what
carries the nonce of its page.
"""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switch_bench.leaderboard.problems import CODES, Problem, archive_too_large
from switch_bench.leaderboard.rates import Rates, network
from switch_bench.leaderboard.settings import Settings

LOG = logging.getLogger("switch_bench.leaderboard")
LONGEST_ADDRESS = 8 * 1024
LONGEST_HEADERS = 16 * 1024
PLAIN = ("text/plain", "text/plain; charset=utf-8")
Tell = Callable[[Scope, Problem], Response]
UPLOADS = re.compile(r"/submit|/submissions/[^/]+/hidden|/api/v1/submissions(/[^/]+/hidden)?")
FORM_EXTRA = 64 * 1024  # what a form has beside its file
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Enough(Exception):
    """Raised into an application that goes on sending the body of an answer to HEAD."""


class Guard:
    """The layer. `scope["state"]` gets "nonce" and "source", the address that is asked from.

    HEAD is served as GET without the body, wherever GET is. An address that ends in a slash leads to the one without.
    What goes wrong in any way ends in `tell`'s form, also what the framework would tell in its own.
    """

    def __init__(self, app: ASGIApp, settings: Settings, rates: Rates, tell: Tell) -> None:
        """Round `app`. tell: makes the answer that tells of a problem."""
        self.app = app
        self.settings = settings
        self.rates = rates
        self.tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = _below(scope, self.settings.base)
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {}).update(nonce=nonce, source=_source(scope, headers, self.settings.proxies))
        path = scope["path"].removeprefix(self.settings.base)
        sending = _Sending(send, path, nonce, self.settings.secure, head=scope["method"] == "HEAD")
        if sending.head:
            scope = {**scope, "method": "GET"}
        try:
            limit = self._check(scope, headers, path)
            elsewhere = _without_slash(scope, path, self.settings.base)
            app = self.app if elsewhere is None else RedirectResponse(elsewhere, 308)
            await app(scope, _counted(receive, limit, self._over(limit)), sending)
            problem = sending.strange
        except Enough:
            return
        except Problem as found:
            problem = found
        except Exception as error:
            LOG.error("%s %r failed", scope["method"], path, exc_info=error)
            if sending.begun:
                raise  # the server cuts the connection, so that nobody takes what was sent for the whole
            problem = Problem(500, "Something went wrong here; it was written down.")
        if problem is not None:
            await self.tell(scope, problem)(scope, receive, sending.last())

    def _check(self, scope: Scope, headers: Headers, path: str) -> int:
        """Refuse what is too much; how long the body may be."""
        self.rates.take(f"address {network(scope['state']['source'])}", self.settings.limits.requests_a_minute, 60)
        if len(scope["path"]) + len(scope.get("query_string", b"")) > LONGEST_ADDRESS:
            raise Problem(414, f"The address has more than {LONGEST_ADDRESS} bytes.")
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEADERS:
            raise Problem(431, f"The headers have more than {LONGEST_HEADERS} bytes.")
        limit = self._limit(scope["method"], path)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            raise Problem(400, "Content-Length isn't a number.")
        if int(length) > limit:
            raise self._over(limit)
        return limit

    def _limit(self, method: str, path: str) -> int:
        if method == "POST" and UPLOADS.fullmatch(path):
            return self.settings.limits.archive_bytes + FORM_EXTRA
        return self.settings.limits.body_bytes

    def _over(self, limit: int) -> Problem:
        """413, with what is allowed: of an upload the archive's size, without what a form has beside it."""
        most = self.settings.limits.archive_bytes
        if limit == most + FORM_EXTRA:
            return archive_too_large(most)
        return Problem(413, f"The body has more than {limit} bytes.")


class _Sending:
    """What sends an answer: adds the headers, leaves out the body of an answer to HEAD, and holds back an error that
    isn't in our form (`strange`).
    """

    def __init__(self, send: Send, path: str, nonce: str, secure: bool, *, head: bool) -> None:
        self.head = head
        self.begun = False
        self.strange: Problem | None = None
        self._send = send
        self._told = False
        self._headers = dict(HEADERS) | {"Content-Security-Policy": POLICY.format(nonce=nonce)}
        self._headers["Cache-Control"] = "public, max-age=300" if path.startswith("/static/") else "no-store"
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    def last(self) -> Send:
        """The same, for the answer that is sent in any case."""
        self._told = True
        return self

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            found = MutableHeaders(scope=message)
            if not self._told and message["status"] >= 400 and found.get("content-type", "text/plain") in PLAIN:
                self.strange = _strange(message["status"], found)
                return
            for name, value in self._headers.items():
                found.setdefault(name, value)
            if message["status"] >= 400:
                found["Cache-Control"] = "no-store"
            self.begun = True
        elif self.strange is not None and not self._told:
            return
        elif self.head and message.get("body"):
            more = message.get("more_body", False)
            message = {**message, "body": b"", "more_body": False}
            if more:
                await self._send(message)
                raise Enough
        await self._send(message)


def _strange(status: int, headers: MutableHeaders) -> Problem:
    """An error of the framework's, told as ours."""
    words = {400: "The request can't be read.", 416: "There is no such part of it."}
    found = Problem(status if status in CODES else 400, words.get(status, "That can't be served."))
    if "content-range" in headers:
        found.headers = {**(found.headers or {}), "Content-Range": headers["content-range"]}
    return found


def _without_slash(scope: Scope, path: str, base: str) -> str | None:
    """Where an address that ends in a slash leads to; None for all others, and for what isn't to be read."""
    if scope["method"] != "GET" or path == "/" or not path.endswith("/") or "//" in path:
        return None
    query = scope.get("query_string", b"").decode("latin-1")
    return base + quote(path[:-1]) + (f"?{query}" if query else "")


def _below(scope: Scope, base: str) -> Scope:
    """The request as asked for below `base`, whether the proxy before us has taken the base away or left it."""
    path = scope["path"]
    whole = path if path.startswith(f"{base}/") else base + path
    return {**scope, "root_path": base, "path": whole, "raw_path": whole.encode()} if base else scope


def _counted(receive: Receive, limit: int, over: Problem) -> Receive:
    """`receive`, which raises `over` when more than `limit` bytes have come."""
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > limit:
            raise over
        return message

    return counted


def _source(scope: Scope, headers: Headers, proxies: int) -> str:
    """The address that is asked from; of those that proxies tell, the one that the outermost of ours has seen."""
    client = scope.get("client")
    direct = client[0] if client else ""
    told = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    return told[-proxies][:64] if 0 < proxies <= len(told) else direct
