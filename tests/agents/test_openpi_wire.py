"""The wire is openpi's to the byte, and lets through numbers and texts alone."""

import pickle
from contextlib import suppress

import msgpack
import numpy as np
import openpi_twin as twin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.agents.openpi_wire import DTYPES, WireError, pack, unpack

MOST = 1 << 20


def binary(data: bytes) -> bytes:
    """msgpack's `bin 8`."""
    return bytes([0xC4, len(data)]) + data


def test_an_array_is_packed_as_the_format_has_it() -> None:
    """By msgpack's specification: a map of four, byte keys as bin 8, true, a text as fixstr, a list as fixarray."""
    array = np.array([[1.0], [2.0]], "<f4")
    expected = b"\x84" + binary(b"__ndarray__") + b"\xc3" + binary(b"data") + binary(b"\0\0\x80?\0\0\0@")
    expected += binary(b"dtype") + b"\xa3<f4" + binary(b"shape") + b"\x92\x02\x01"
    assert pack({"a": array}) == b"\x81\xa1a" + expected


MESSAGES = [
    {"observation/image": np.arange(48, dtype=np.uint8).reshape(4, 4, 3), "prompt": "Boil — 98 °C"},
    {"observation/state": np.linspace(0, 1, 17, dtype=np.float32), "seed": 7},
    {"a": np.float32(0.25), "b": np.int32(-3), "c": np.bool_(True), "d": [1, None, {"e": 2.5}], "f": b"\0"},
    {"empty": np.zeros((0, 12), np.float32), "scalar": np.array(3, np.int16)},
]


@pytest.mark.parametrize("message", MESSAGES)
def test_what_is_packed_is_openpi_clients_to_the_byte_and_comes_back(message) -> None:
    data = pack(message)
    assert data == twin.pack(message)
    ours, theirs = unpack(data, most=MOST), twin.unpack(data)
    assert ours.keys() == theirs.keys() == message.keys()
    for name, value in message.items():
        if isinstance(value, np.ndarray | np.generic):
            assert (
                (ours[name].dtype, ours[name].shape) == (value.dtype, value.shape) == (theirs[name].dtype, value.shape)
            )
            assert np.array_equal(ours[name], value)
        else:
            assert ours[name] == value


@pytest.mark.parametrize("dtype", sorted(DTYPES))
def test_every_dtype_that_is_let_through_comes_back(dtype) -> None:
    array = np.array([0, 1], dtype)
    assert unpack(pack({"a": array}), most=MOST)["a"].tobytes() == array.tobytes()


NO_PLACE = {
    "an object array": np.array([{}], object),
    "complex numbers": np.array([1j]),
    "a structure": np.zeros(1, "i4,f8"),
    "a text array": np.array(["a"]),
    "the other byte order": np.array([1.0], ">f4"),
    "an object": object(),
    "a set": {1, 2},
}


@pytest.mark.parametrize("name", NO_PLACE)
def test_what_has_no_place_in_a_message_is_not_packed(name) -> None:
    with pytest.raises(WireError, match="can't be sent"):
        pack({"a": NO_PLACE[name]})


def array(**changes):
    return {b"__ndarray__": True, b"data": b"\0" * 8, b"dtype": "<f4", b"shape": [2]} | {
        name.encode(): value for name, value in changes.items()
    }


BAD = {
    "an object array": (array(dtype="|O"), "dtype '|O' isn't let through"),
    "a structure": (array(dtype="i4,f4"), "isn't let through"),
    "a text array": (array(dtype="<U2"), "isn't let through"),
    "no dtype": (array(dtype=None), "isn't let through"),
    "a shape that doesn't fit": (array(shape=[3]), "in 8 bytes"),
    "a shape that overflows": (array(shape=[2**32, 2**32, 2]), "in 8 bytes"),
    "a negative shape": (array(shape=[-2]), "an array of shape"),
    "a shape of truths": (array(shape=[True, 2]), "an array of shape"),
    "a shape that is a number": (array(shape=2), "without its data and shape"),
    "nine dimensions": (array(shape=[1] * 8 + [2]), "an array of shape"),
    "data that is a text": (array(data="12345678"), "without its data and shape"),
    "a scalar that is a list": ({b"__npgeneric__": True, b"data": [1], b"dtype": "<f4"}, "a scalar of list"),
    "a scalar too big": ({b"__npgeneric__": True, b"data": 300, b"dtype": "|u1"}, "can't hold"),
    "an extension": (msgpack.ExtType(5, b"x"), "extension type of msgpack \\(5\\)"),
    "too long a list": (list(range(10_001)), "no msgpack as openpi packs it"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_let_through_is_told(name) -> None:
    message, said = BAD[name]
    with pytest.raises(WireError, match=said.replace("|O", r"\|O")):
        unpack(msgpack.packb({"a": message}), most=MOST)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xc1", b"\x81\xa1a", b"\x81\xa1a\x01 more", b"\x81" * 2000, b"\xdd\xff\xff\xff\xff", b"\x81\xa1\xff\x01"],
)
def test_garbage_is_told(data) -> None:
    with pytest.raises(WireError, match="no msgpack as openpi packs it"):
        unpack(data, most=MOST)


def test_a_pickle_is_bytes_and_stays_so() -> None:
    data = pickle.dumps({"a": 1})
    assert unpack(pack({"a": data}), most=MOST) == {"a": data}


def test_a_message_longer_than_allowed_is_not_read() -> None:
    data = pack({"a": b"\0" * 100})
    with pytest.raises(WireError, match=f"a message of {len(data)} bytes came, and 100 is the most"):
        unpack(data, most=100)


@given(st.binary(max_size=200))
def test_whatever_comes_is_a_message_or_refused(data) -> None:
    with suppress(WireError):
        assert not isinstance(unpack(data, most=MOST), np.ndarray) or b"__ndarray__" in data
