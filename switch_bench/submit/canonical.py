"""JSON that has one form (RFC 8785), and a reader that takes no other liberties: what is signed is what is read."""

from __future__ import annotations

import json
from typing import Any

from switch_bench.evaluate.errors import InputError
from switch_bench.submit.errors import Refused

LONGEST_NUMBER = 40  # characters


def canonical(value: Any) -> bytes:
    """The one form of a JSON value. Raises ValueError for what has none: numbers that aren't finite, or too large."""
    try:
        import rfc8785
    except ModuleNotFoundError as error:
        raise missing("rfc8785") from error
    return rfc8785.dumps(value)


def missing(module: str) -> InputError:
    """The error for a library of the extra that isn't there."""
    return InputError(f"{module} isn't installed", where="submit", hint="pip install 'switch-bench[submit]'")


def read(data: bytes, where: str) -> Any:
    """Parse JSON from a stranger.

    Raises: Refused for what isn't UTF-8 or JSON, names a key twice, holds NaN or infinity, or is nested too deeply.
    """

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(items)
        if len(found) != len(items):
            raise Refused("json", where, "an object names a key twice")
        return found

    def number(text: str) -> Any:
        raise Refused("json", where, f"{text} is no number of JSON")

    def whole(text: str) -> int:
        if len(text) > LONGEST_NUMBER:
            raise Refused("json", where, "a number has too many digits")
        return int(text)

    try:
        return json.loads(data.decode(), object_pairs_hook=pairs, parse_constant=number, parse_int=whole)
    except UnicodeDecodeError as error:
        raise Refused("json", where, f"not UTF-8: {error.reason} at byte {error.start}") from None
    except RecursionError:
        raise Refused("json", where, "nested too deeply") from None
    except ValueError as error:
        raise Refused("json", where, f"not JSON: {error}") from None
