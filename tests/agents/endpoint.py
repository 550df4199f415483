"""An OpenAI-style endpoint for tests: a real HTTP server on this machine, which answers as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Endpoint:
    """A server and what was asked of it: bodies and headers of requests, in order."""

    port: int = 0
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def name(self, options: str = "", model: str = "toy") -> str:
        """What `--policy` says."""
        return f"openai:{model}@http://127.0.0.1:{self.port}/v1" + (f"?{options}" if options else "")


Reply = Callable[[dict[str, Any], int, BaseHTTPRequestHandler], Any]


@contextmanager
def endpoint(reply: Reply) -> Iterator[Endpoint]:
    """A server that answers with `reply(body, n, handler)`, n = 0, 1, …: a dict, bytes, (status, dict), or None.

    None: the reply has written its answer itself, or leaves the client without one.
    """
    server = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.bodies.append(body)
            server.headers.append(dict(self.headers))
            server.paths.append(self.path)
            answer = reply(body, len(server.bodies) - 1, self)
            if answer is None:
                self.close_connection = True
                return
            status, answer = answer if isinstance(answer, tuple) else (200, answer)
            data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                self.close_connection = True  # the client has gone, as the test wants

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

    with Server(("127.0.0.1", 0), Handler) as running:
        server.port = running.server_address[1]
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            running.shutdown()
            thread.join(5)


def completion(message: dict[str, Any], *, tokens: int | None = 100, finish: str = "tool_calls") -> dict[str, Any]:
    """A chat completion with one message."""
    usage = {} if tokens is None else {"usage": {"prompt_tokens": tokens - 10, "total_tokens": tokens}}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}],
        **usage,
    }


def calls(*made: tuple[str, Any], text: str | None = None, **more: Any) -> dict[str, Any]:
    """A completion with calls of tools; arguments: a dict, or a text as it is."""
    listed = [
        {
            "id": f"c{i}",
            "type": "function",
            "function": {"name": name, "arguments": said if isinstance(said, str) else json.dumps(said)},
        }
        for i, (name, said) in enumerate(made)
    ]
    return completion({"content": text, "tool_calls": listed}, **more)


WAIT = calls(("wait", {"seconds": 1}))
