"""Files and JSON with something done to them: what fuzzers feed to readers."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

NUMBERS = (0, 1, 2, 22, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)
MARKS = (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"\x93NUMPY\x01\x00", b"../", b"\0")
PLACES = st.floats(0, 1, exclude_max=True)  # a share of the file's length, so that a shorter file shrinks well
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("flip"), PLACES, st.integers(0, 7)),
        st.tuples(st.just("byte"), PLACES, st.integers(0, 255)),
        st.tuples(st.just("number"), PLACES, st.sampled_from(NUMBERS)),
        st.tuples(st.just("mark"), PLACES, st.sampled_from(MARKS)),
        st.tuples(st.just("cut"), PLACES, PLACES),
        st.tuples(st.just("end"), PLACES, st.none()),
        st.tuples(st.just("put"), PLACES, st.binary(max_size=40)),
        st.tuples(st.just("copy"), PLACES, PLACES),
        st.tuples(st.just("near"), st.integers(1, 120), st.integers(0, 255)),
    ),
    min_size=1,
    max_size=6,
)

SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=12)
    | st.sampled_from(["\x1b[2J", "\u202e", "done", "error", "mujoco", "x" * 3000, 10**30, -1, 2**53, 1e308, ""])
)  # fmt: skip
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def changed(data: bytes, changes: list[tuple[str, Any, Any]], other: bytes = b"") -> bytes:
    """A file after what is done to it; `other` is what "copy" takes from."""
    for kind, where, what in changes:
        size = len(data)
        at = max(0, size - where) if kind == "near" else int(where * size)
        if kind == "flip" and size:
            data = data[:at] + bytes([data[at] ^ (1 << what)]) + data[at + 1 :]
        elif kind in ("byte", "near"):
            data = data[:at] + bytes([what]) + data[at + 1 :]
        elif kind == "number":
            data = data[:at] + what.to_bytes(4, "little") + data[at + 4 :]
        elif kind == "mark":
            data = data[:at] + what + data[at + len(what) :]
        elif kind == "cut":
            data = data[:at] + data[int(what * size) :]
        elif kind == "end":
            data = data[:at]
        elif kind == "put":
            data = data[:at] + what + data[at:]
        elif kind == "copy":
            source = other or data
            start = int(what * len(source))
            data = data[:at] + source[start : start + 400] + data[at:]
    return data


@st.composite
def edited(draw: st.DrawFn, value: Any) -> Any:
    """JSON data with some parts of it replaced, removed, doubled or named otherwise."""
    found = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        place: Any = found
        for _ in range(draw(st.integers(0, 4))):
            inner = list(place.values()) if isinstance(place, dict) else place
            inner = [part for part in inner if isinstance(part, dict | list) and part]
            if not inner:
                break
            place = draw(st.sampled_from(inner))
        if not place:
            continue
        key = draw(st.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
        match draw(st.sampled_from(["replace", "remove", "double", "name"])):
            case "replace":
                place[key] = draw(JSON)
            case "remove":
                del place[key]
            case "double" if isinstance(place, list):
                place[key:key] = [place[key]] * draw(st.integers(1, 50))
            case "name" if isinstance(place, dict):
                place[draw(st.text(max_size=8))] = place.pop(key)
            case _:
                place[key] = draw(SCALARS)
    return found


def text(value: Any) -> bytes:
    """JSON data as it may be written: NaN as NaN, halves of pairs as they are."""
    return json.dumps(value).encode("utf-8", "surrogatepass")
