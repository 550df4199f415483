"""What every request passes and every answer carries: size of the body, rate, headers. One ASGI layer round the
routes.

The content security policy lets nothing run or look good that doesn't come from the server's own files, but what
carries the nonce of its page.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from switch_bench.leaderboard.problems import Problem, archive_too_large
from switch_bench.leaderboard.rates import Rates, network
from switch_bench.leaderboard.settings import Settings

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


class Guard:
    """The layer. `scope["state"]` gets "nonce" and "source", the address that is asked from."""

    def __init__(self, app: ASGIApp, settings: Settings, rates: Rates) -> None:
        """Round `app`."""
        self.app = app
        self.settings = settings
        self.rates = rates

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = _below(scope, self.settings.base)
        headers = Headers(scope=scope)
        nonce = secrets.token_urlsafe(16)
        source = _source(scope, headers, self.settings.proxies)
        scope.setdefault("state", {}).update(nonce=nonce, source=source)

        path = scope["path"].removeprefix(self.settings.base)
        static = path.startswith("/static/")

        async def dress(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    found.setdefault(name, value)
                found.setdefault("Content-Security-Policy", POLICY.format(nonce=nonce))
                found.setdefault("Cache-Control", "public, max-age=300" if static else "no-store")
                if self.settings.secure:
                    found.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        try:
            self.rates.take(f"address {network(source)}", self.settings.limits.requests_a_minute, 60)
            limit = self._limit(scope["method"], path)
            length = headers.get("content-length", "0")
            if not length.isascii() or not length.isdigit():
                raise Problem(400, "Content-Length isn't a number.")
            if int(length) > limit:
                raise self._over(limit)
        except Problem as problem:
            await JSONResponse(problem.body(), problem.status_code, problem.headers)(scope, receive, dress)
            return
        await self.app(scope, _counted(receive, limit, self._over(limit)), dress)

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
