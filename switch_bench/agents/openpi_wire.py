"""The messages of openpi's wire: msgpack, in which an array is a map of its bytes, dtype and shape.

An array is `{b"__ndarray__": True, b"data": bytes, b"dtype": "<f4", b"shape": [..]}`, a NumPy scalar
`{b"__npgeneric__": True, b"data": number, b"dtype": ..}`, byte for byte as openpi-client packs them. Only plain numbers
are let through: there are no object arrays, no structures, no extensions, and nothing is ever unpickled.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np

from switch_bench.agents.errors import AgentError

DTYPES = frozenset({"|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"})
MOST_DIMENSIONS = 8
ITEMS = 10_000  # of a list or a map: what is long comes as an array


class WireError(AgentError):
    """A message that isn't one of this wire."""


def msgpack() -> Any:
    """The library of that name. Raises AgentError where it isn't installed."""
    try:
        import msgpack
    except ModuleNotFoundError as error:
        raise missing(error) from error
    return msgpack


def missing(error: ModuleNotFoundError) -> AgentError:
    """What to say where a library of the extra `vla` isn't installed."""
    hint = 'it comes with the extra `vla`: pip install "switch-bench[vla]"'
    return AgentError(f"policies at a web socket need {error.name}", hint=hint)


def pack(message: Mapping[str, Any]) -> bytes:
    """A message as bytes. Raises WireError for what has no place in one."""
    try:
        return msgpack().packb(message, default=_packed)
    except (TypeError, ValueError, OverflowError) as error:
        raise WireError(f"can't be sent: {error}") from error


def unpack(data: bytes, *, most: int) -> Any:
    """A message from at most `most` bytes; its arrays can't be written to.

    Raises:
        WireError: it is too long, no msgpack, or holds what isn't let through.
    """
    if len(data) > most:
        raise WireError(f"a message of {len(data)} bytes came, and {most} is the most")
    library = msgpack()
    limits = {"max_str_len": len(data), "max_bin_len": len(data), "max_array_len": ITEMS, "max_map_len": ITEMS}
    try:
        return library.unpackb(data, object_hook=_unpacked, ext_hook=_refuse_extension, **limits)
    except WireError:
        raise
    except (ValueError, TypeError, RecursionError, library.exceptions.UnpackException) as error:
        raise WireError(f"no msgpack as openpi packs it: {str(error) or type(error).__name__}") from error


def _packed(value: Any) -> Any:
    if not isinstance(value, np.ndarray | np.generic):
        raise TypeError(f"{type(value).__name__} isn't a number, a text, a list, a map or an array of numbers")
    if value.dtype.str not in DTYPES:
        raise ValueError(f"arrays of dtype {value.dtype} aren't let through")
    if isinstance(value, np.generic):
        return {b"__npgeneric__": True, b"data": value.item(), b"dtype": value.dtype.str}
    return {b"__ndarray__": True, b"data": value.tobytes(), b"dtype": value.dtype.str, b"shape": value.shape}


def _unpacked(found: dict[Any, Any]) -> Any:
    if b"__ndarray__" in found:
        return _array(found)
    if b"__npgeneric__" in found:
        value = found.get(b"data")
        if not isinstance(value, bool | int | float):
            raise WireError(f"a scalar of {type(value).__name__}: expected a number")
        try:
            return _dtype(found).type(value)
        except OverflowError as error:
            raise WireError(f"a scalar that its dtype can't hold: {error}") from error
    return found


def _array(found: dict[Any, Any]) -> np.ndarray:
    data, shape, dtype = found.get(b"data"), found.get(b"shape"), _dtype(found)
    if not isinstance(data, bytes) or not isinstance(shape, list):
        raise WireError("an array without its data and shape")
    if len(shape) > MOST_DIMENSIONS or not all(type(n) is int and n >= 0 for n in shape):
        raise WireError(f"an array of shape {shape!r:.100}")
    if prod(shape) * dtype.itemsize != len(data):
        raise WireError(f"an array of shape {shape} and dtype {dtype} in {len(data)} bytes")
    return np.frombuffer(data, dtype).reshape(shape)


def _dtype(found: dict[Any, Any]) -> np.dtype:
    name = found.get(b"dtype")
    if isinstance(name, bytes):
        name = name.decode("ascii", "replace")
    if name not in DTYPES:
        raise WireError(f"dtype {name!r:.100} isn't let through: {', '.join(sorted(DTYPES))}")
    return np.dtype(name)


def _refuse_extension(code: int, data: bytes) -> Any:
    raise WireError(f"an extension type of msgpack ({code}) isn't let through")
