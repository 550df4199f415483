"""An OpenAI-style endpoint without a model: `scripted_brain` answers. For dry runs and tests, over real HTTP.

    python -m switch_bench.serve.scripted_llm --port 8000

It listens on this machine only.
"""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from switch_bench.serve import scripted_brain

MODEL = "scripted"
HOST = "127.0.0.1"
LONGEST = 64 << 20  # bytes of a request
LETTERS = 4  # that make a token, about
A_PICTURE = 4000  # letters that a picture counts for


class ScriptedServer:
    """The endpoint, in a thread of its own; port 0: any that is free. Use it as a context manager, or close it."""

    def __init__(self, port: int = 0) -> None:
        self._server = ThreadingHTTPServer((HOST, port), _Handler)
        self._server.daemon_threads = True
        self.url = f"http://{HOST}:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self) -> None:
        """Until it ends."""
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        if length > LONGEST:
            self.close_connection = True
            self._send(413, _error("too long"))
            return
        data = self.rfile.read(length)
        if self.path.rstrip("/") != "/v1/chat/completions":
            self._send(404, _error(f"there is no {self.path}; post to /v1/chat/completions"))
            return
        try:
            messages = json.loads(data)["messages"]
            message = scripted_brain.answer(messages)
        except (ValueError, LookupError, TypeError, StopIteration) as error:
            self._send(400, _error(f"not a conversation that it can follow: {type(error).__name__}: {error}"))
            return
        self._send(200, completion(message, _letters(messages)))

    def do_GET(self) -> None:
        if self.path.rstrip("/") == "/v1/models":
            self._send(200, {"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        else:
            self._send(404, _error(f"there is no {self.path}"))

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _send(self, status: int, body: Mapping[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def completion(message: Mapping[str, Any], length: int) -> dict[str, Any]:
    """A chat completion. length: letters of the conversation, which is what its tokens are counted by."""
    asked, said = length // LETTERS, len(json.dumps(message)) // LETTERS
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [
            {"index": 0, "message": message, "finish_reason": "tool_calls" if "tool_calls" in message else "stop"}
        ],
        "usage": {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said},
    }


def _letters(messages: Any) -> int:
    """How long a conversation is."""
    parts = [part for m in messages if isinstance(m["content"], list) for part in m["content"]]
    pictures = [part for part in parts if part["type"] == "image_url"]
    return len(json.dumps(messages)) - sum(len(json.dumps(part)) - A_PICTURE for part in pictures)


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error"}}


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description="An OpenAI-style endpoint without a model, for dry runs.")
    parser.add_argument("--port", type=int, default=8000)
    with ScriptedServer(parser.parse_args().port) as server:
        print(f"openai:{MODEL}@{server.url}?track=llm", flush=True)
        with suppress(KeyboardInterrupt):
            server.wait()


if __name__ == "__main__":
    main()
