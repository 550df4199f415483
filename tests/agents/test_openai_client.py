"""Every fault of an endpoint, over real sockets: asked again where that may help, and then one clear error."""

from __future__ import annotations

import socket
import time
import traceback
from contextlib import suppress
from typing import Any

import pytest
from endpoint import WAIT, Reply, endpoint

from switch_bench.agents.errors import AgentError, AgentGone
from switch_bench.agents.openai_address import KEY_VARIABLE, parse
from switch_bench.agents.openai_client import Client, OutOfTime

KEY = "s3cr3t-key"
FAST = "backoff=0.01&timeout=120&max_bytes=20000"
SOON = FAST.replace("timeout=120", "timeout=0.4")  # where no answer comes


def ask(server: Any, options: str = FAST, *, within: float = 300.0) -> Any:
    client = Client(parse(server.name(options), {KEY_VARIABLE: KEY}))
    try:
        return client.ask({"messages": [], "tools": []}, within=within)
    finally:
        client.close()


def always(answer: Any) -> Reply:
    return lambda body, n, handler: answer


def test_an_answer_is_a_message_and_what_it_took() -> None:
    with endpoint(always(WAIT)) as server:
        answer = ask(server)
    assert answer.message["tool_calls"][0]["function"]["name"] == "wait"
    assert (answer.finish, answer.tokens) == ("tool_calls", 100)
    assert server.paths == ["/v1/chat/completions"]
    assert server.bodies[0]["model"] == "toy"
    assert server.headers[0]["Authorization"] == f"Bearer {KEY}"


# ---------------------------------------------------------------------------------------------- what may pass


def hang_up(handler: Any) -> None:
    handler.connection.shutdown(socket.SHUT_RDWR)


def cut_short(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [')


def sleep(handler: Any) -> None:
    """Say nothing until the client has given up."""
    handler.connection.settimeout(120)
    with suppress(OSError):
        handler.connection.recv(1)


def drip(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "10000")
    handler.end_headers()
    for _ in range(2000):  # until the client hangs up
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


PASSING = {
    "busy": ((503, {"error": {"message": "model is loading"}}), "status 503: 'model is loading'"),
    "rate": ((429, {"error": {"message": "slow down", "code": "rate_limit"}}), "status 429: 'slow down rate_limit'"),
    "broken": ((500, b"<html>oops</html>"), "status 500: '<html>oops</html>'"),
    "hangs up": (hang_up, "the connection broke"),
    "cut short": (cut_short, "the connection broke"),
    "hangs": (sleep, "no answer within 0.4 s"),
    "drips": (drip, "no answer within 0.4 s"),
}


def once(fault: Any, handler: Any) -> Any:
    if callable(fault):
        with suppress(OSError):  # the client has gone, as it should
            fault(handler)
        return None
    return fault


@pytest.mark.parametrize("name", PASSING)
def test_what_may_pass_is_asked_again(name: str) -> None:
    fault, _ = PASSING[name]
    options = FAST.replace("timeout=120", "timeout=5") if fault in (sleep, drip) else FAST
    with endpoint(lambda body, n, handler: once(fault, handler) if n == 0 else WAIT) as server:
        assert ask(server, options).tokens == 100
    assert len(server.bodies) == 2


@pytest.mark.parametrize("name", PASSING)
def test_what_does_not_pass_is_one_error(name: str) -> None:
    fault, says = PASSING[name]
    always_so: Reply = lambda body, n, handler: once(fault, handler)  # noqa: E731
    with endpoint(always_so) as server, pytest.raises(AgentError, match=says) as error:
        ask(server, f"{SOON if fault in (sleep, drip) else FAST}&tries=2")
    assert "tried 2 times" in str(error.value)
    assert not isinstance(error.value, AgentGone)
    assert len(server.bodies) == 2


# ---------------------------------------------------------------------------------------------- what doesn't pass

LASTING = {
    "no JSON": (b"<html>hello</html>", "isn't JSON: '<html>hello</html>'"),
    "half JSON": (b'{"choices": [', "isn't JSON"),
    "deep JSON": (b"[" * 15_000, "isn't JSON"),
    "other JSON": ({"object": "list"}, "no chat completion with a message"),
    "a list": ([1], "no chat completion with a message"),
    "no choices": ({"choices": []}, "no chat completion with a message"),
    "a text": ({"choices": [{"message": "hello"}]}, "no chat completion with a message"),
    "too long": (b" " * 20_001, "longer than max_bytes=20000"),
    "bad request": ((400, {"error": {"message": "no tools here"}}), "status 400: 'no tools here'"),
    "a redirect": ((302, b""), "status 302"),
}


@pytest.mark.parametrize("name", LASTING)
def test_what_is_no_answer_is_an_error_at_once(name: str) -> None:
    answer, says = LASTING[name]
    with endpoint(always(answer)) as server, pytest.raises(AgentError, match=says) as error:
        ask(server)
    assert not isinstance(error.value, AgentGone)
    assert len(server.bodies) == 1


GONE = {
    "no key": ((401, {"error": {"message": f"wrong key {KEY}"}}), "status 401: 'wrong key …'"),
    "no model": ((404, {"error": "there is no model toy"}), "status 404: 'there is no model toy'"),
    "no money": ((429, {"error": {"message": "pay", "code": "insufficient_quota"}}), "insufficient_quota"),
}


@pytest.mark.parametrize("name", GONE)
def test_what_every_request_would_meet_means_that_it_is_gone(name: str) -> None:
    answer, says = GONE[name]
    with endpoint(always(answer)) as server, pytest.raises(AgentGone, match=says) as error:
        ask(server)
    assert len(server.bodies) == 1
    assert error.value.hint


def test_nobody_there_means_that_it_is_gone() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    client = Client(parse(f"openai:toy@http://127.0.0.1:{port}/v1?tries=2&backoff=0.01", {}))
    with pytest.raises(AgentGone, match=r"can't be reached: .*refused.*\(tried 2 times\)"):
        client.ask({}, within=300)


def test_no_error_shows_the_key() -> None:
    for answer in ((400, f"denied to {KEY}".encode()), f"you are {KEY}".encode(), (500, KEY.encode())):
        with endpoint(always(answer)) as server, pytest.raises(AgentError) as error:
            ask(server, f"{FAST}&tries=1")
        shown = "".join(traceback.format_exception(error.value))
        assert KEY not in shown
        assert "…" in shown


# ---------------------------------------------------------------------------------------------- time


def test_an_answer_that_takes_longer_than_the_episode_may_is_no_error_of_the_server() -> None:
    with endpoint(lambda body, n, handler: sleep(handler)) as server:
        began = time.monotonic()
        with pytest.raises(OutOfTime):
            ask(server, "timeout=120", within=0.3)
        assert time.monotonic() - began < 60


def test_waits_get_longer_unless_the_server_says_how_long() -> None:
    waits: list[float] = []

    def reply(body: Any, n: int, handler: Any) -> Any:
        if n != 2:
            return 503, b"busy"
        handler.send_response(429)
        handler.send_header("Retry-After", "7")
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return None

    with endpoint(reply) as server:
        client = Client(parse(server.name("tries=5&backoff=1"), {}), sleep=waits.append)
        with pytest.raises(AgentError, match="tried 5 times"):
            client.ask({}, within=1000)
    assert len(waits) == 4
    assert 0.75 <= waits[0] <= 1.25
    assert 1.5 <= waits[1] <= 2.5
    assert waits[2] == 7
    assert 6 <= waits[3] <= 10


def test_a_server_that_wants_to_be_left_alone_for_too_long_is_an_error() -> None:
    with endpoint(always((503, b"busy"))) as server, pytest.raises(AgentError, match=r"busy.*\(tried once\)"):
        ask(server, "backoff=60", within=5)
