"""Asks an OpenAI-style endpoint (`/chat/completions`), and asks again where that may help."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, NoReturn
from urllib.parse import urlsplit

from switch_bench.agents.errors import AgentError, AgentGone
from switch_bench.agents.openai_address import Address

LONGEST_WAIT = 30.0  # s between two tries, unless the server says how long
LOCAL = ("localhost", "127.0.0.1", "::1")  # not asked through a proxy
AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})  # statuses after which asking again may help
FOR_GOOD = frozenset({401, 402, 403, 404, 405})  # statuses after which every request would end so
QUOTA = "insufficient_quota"  # a 429 that waiting doesn't mend
SHOWN = 300  # letters of what a server said that an error shows


class OutOfTime(Exception):
    """The wall time that was left is spent; the answer hasn't come."""


@dataclass(frozen=True)
class Answer:
    """A model's message, as it came, why it ended, and what it took; tokens: None if the server doesn't count."""

    message: Mapping[str, Any]
    finish: str
    tokens: int | None


class Client:
    """One endpoint. clock, sleep: wall time [s], which nothing but waiting depends on.

    Raises AgentError without the extra `llm`.
    """

    def __init__(
        self,
        address: Address,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            import httpx
        except ModuleNotFoundError as error:
            raise AgentError("httpx isn't installed", hint="pip install 'switch-bench[llm]'") from error
        self._httpx, self._address, self._options = httpx, address, address.options
        self._clock, self._sleep = clock, sleep
        self._jitter = Random(0)  # only so that many clients don't all come back at once
        headers = {"Accept-Encoding": "identity", "Accept": "application/json"}
        if address.api_key:
            headers["Authorization"] = f"Bearer {address.api_key}"
        self._http = httpx.Client(headers=headers, trust_env=urlsplit(address.url).hostname not in LOCAL)

    def ask(self, body: Mapping[str, Any], *, within: float) -> Answer:
        """The model's answer to a request. within: wall time [s] for all tries together.

        Raises:
            OutOfTime: that was too short for an answer.
            AgentError: it failed however often it was asked, or said what is no answer.
            AgentGone: it can't be reached, or refuses whoever asks so.
        """
        end = self._clock() + within
        data = json.dumps({"model": self._address.model, **body}, allow_nan=False).encode()
        tried = 0
        while True:
            try:
                return self._answer(self._post(data, end))
            except _AskAgain as failed:
                wait = self._wait(tried) if failed.after is None else failed.after
                tried += 1
                if tried == self._options.tries or self._clock() + wait >= end:
                    times = "tried once" if tried == 1 else f"tried {tried} times"
                    raise self._error(failed.kind, f"{failed} ({times})", hint=failed.hint) from failed.__cause__
                self._sleep(wait)

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    # ---------------------------------------------------------------------------------------------------- one try

    def _post(self, data: bytes, end: float) -> bytes:
        """The body of the answer; it is read no further than the time and `max_bytes` go."""
        httpx, options = self._httpx, self._options
        left = end - self._clock()
        if left <= 0:
            raise OutOfTime
        by = self._clock() + min(options.timeout, left)
        url = f"{self._address.url}/chat/completions"
        headers = {"Content-Type": "application/json"}
        try:
            with self._http.stream("POST", url, content=data, headers=headers, timeout=by - self._clock()) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    if len(body) > options.max_bytes:
                        raise self._error(AgentError, f"the answer is longer than max_bytes={options.max_bytes}")
                    if self._clock() >= by:
                        raise httpx.ReadTimeout("it drips")
        except httpx.ConnectError as error:
            raise _AskAgain(f"can't be reached: {error}", kind=AgentGone, hint="is the server running?") from error
        except httpx.TimeoutException as error:
            if left <= options.timeout:
                raise OutOfTime from error
            raise _AskAgain(f"no answer within {options.timeout:g} s") from error
        except httpx.TransportError as error:
            raise _AskAgain(f"the connection broke: {error}") from error
        except httpx.DecodingError as error:
            raise self._error(AgentError, f"the answer can't be unpacked: {error}") from error
        if response.status_code != 200:
            self._refused(response.status_code, bytes(body), response.headers.get("retry-after", ""))
        return bytes(body)

    def _refused(self, status: int, body: bytes, after: str) -> NoReturn:
        said = f"the server answered with status {status}: {_said(body)}"
        if status in FOR_GOOD or QUOTA in said:
            hint = "is the API key right?" if status in (401, 403) else "are the model's name and the address right?"
            raise self._error(AgentGone, said, hint=hint)
        if status in AGAIN or status >= 500:
            raise _AskAgain(said, after=float(after) if after.isdecimal() else None)
        raise self._error(AgentError, said)

    def _answer(self, body: bytes) -> Answer:
        try:
            found = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise self._error(AgentError, f"the answer isn't JSON: {_said(body)}") from error
        choices = found.get("choices") if isinstance(found, dict) else None
        first = choices[0] if isinstance(choices, list) and choices else None
        message = first.get("message") if isinstance(first, dict) else None
        if not isinstance(first, dict) or not isinstance(message, dict):
            raise self._error(AgentError, f"the answer is no chat completion with a message: {_said(body)}")
        usage = found.get("usage")
        tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
        whole = isinstance(tokens, int) and not isinstance(tokens, bool) and tokens >= 0
        return Answer(message, str(first.get("finish_reason")), tokens if whole else None)

    # ---------------------------------------------------------------------------------------------------- in words

    def _wait(self, tried: int) -> float:
        """How long to wait before the next try [s]: twice as long each time, and not just as long as others do."""
        return min(LONGEST_WAIT, self._options.backoff * 2**tried) * (0.75 + 0.5 * self._jitter.random())

    def _error(self, kind: type[AgentError], message: str, *, hint: str = "") -> AgentError:
        """An error that says what it may: a server can say back the key it was given."""
        if self._address.api_key:
            message = message.replace(self._address.api_key, "…")
        return kind(f"{self._address.model} at {self._address.url}: {message}", hint=hint)


class _AskAgain(Exception):
    """A try failed in a way that may pass. after: so long the server wants to be left alone [s]."""

    def __init__(
        self, message: str, *, kind: type[AgentError] = AgentError, hint: str = "", after: float | None = None
    ) -> None:
        super().__init__(message)
        self.kind, self.hint, self.after = kind, hint, after


def _said(body: bytes) -> str:
    """What a server said, so that it fits into a line: the message of an error object, or its beginning."""
    text = body.decode(errors="replace")
    try:
        error: Any = json.loads(text)["error"]
        text = error if isinstance(error, str) else " ".join(str(error[k]) for k in ("message", "code") if error.get(k))
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        pass
    text = " ".join(text.split())
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")
