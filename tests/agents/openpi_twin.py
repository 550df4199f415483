"""What openpi-client 0.1.2 does on the wire, written anew from reading it, since its pins (numpy < 2) clash with ours.

`tests/serve/test_openpi_client.py` runs the package itself, in a virtual environment of its own.
"""

from __future__ import annotations

from typing import Any

import msgpack
import numpy as np
from websockets.sync.client import connect

BARRED = "VOc"  # kinds of dtypes: structures, objects, complex numbers


def _out(value: Any) -> Any:
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in BARRED:
        raise ValueError(value.dtype)
    if isinstance(value, np.ndarray):
        array = {b"__ndarray__": True, b"data": value.tobytes()}
        return array | {b"dtype": value.dtype.str, b"shape": value.shape}
    if isinstance(value, np.generic):
        return {b"__npgeneric__": True, b"data": value.item(), b"dtype": value.dtype.str}
    return value


def _in(found: dict) -> Any:
    if b"__ndarray__" in found:
        return np.ndarray(found[b"shape"], np.dtype(found[b"dtype"]), found[b"data"])
    if b"__npgeneric__" in found:
        return np.dtype(found[b"dtype"]).type(found[b"data"])
    return found


def pack(message: Any) -> bytes:
    return msgpack.packb(message, default=_out)


def unpack(data: bytes) -> Any:
    return msgpack.unpackb(data, object_hook=_in)


class Client:
    """Connects, takes the metadata, and infers; a text frame is a RuntimeError."""

    def __init__(self, port: int, api_key: str | None = None) -> None:
        headers = {"Authorization": f"Api-Key {api_key}"} if api_key else None
        url = f"ws://127.0.0.1:{port}"
        self.socket = connect(
            url, compression=None, max_size=None, additional_headers=headers, proxy=None, close_timeout=2
        ).__enter__()
        self.metadata = unpack(self._frame())

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def infer(self, obs: dict) -> dict:
        return self.send(pack(obs))

    def send(self, frame: str | bytes) -> dict:
        self.socket.send(frame)
        answer = self._frame()
        if isinstance(answer, str):
            raise RuntimeError(f"Error in inference server:\n{answer}")
        return unpack(answer)

    def _frame(self) -> Any:
        return self.socket.recv(timeout=120)
