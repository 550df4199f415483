"""Which machine this is, as far as floats hang on it."""

from hashlib import blake2b

import pytest

from switch_bench.trace import machine

CPUINFO = """processor\t: 0
model name\t: A CPU @ 2.0 GHz: fast
flags\t\t: fpu sse sse4_1 avx2 avx fma

processor\t: 1
model name\t: Another
flags\t\t: fpu
"""


@pytest.fixture
def cpuinfo(monkeypatch, tmp_path):
    """Puts a text in the place of /proc/cpuinfo; None: there is no such file."""

    def put(text):
        path = tmp_path / "cpuinfo"
        if text is not None:
            path.write_text(text)
        monkeypatch.setattr(machine, "CPUINFO", path)
        machine.cpu_info.cache_clear()

    yield put
    machine.cpu_info.cache_clear()


def test_facts_are_those_of_the_first_processor(cpuinfo):
    cpuinfo(CPUINFO)
    assert machine.cpu_info()["model name"] == "A CPU @ 2.0 GHz: fast"


def test_only_flags_that_floats_hang_on_are_in_the_digest_whatever_their_order(cpuinfo):
    cpuinfo(CPUINFO)
    assert machine.cpu_flags() == blake2b(b"avx avx2 fma sse4_1", digest_size=8).hexdigest()


def test_a_system_that_does_not_tell_has_no_facts(cpuinfo):
    cpuinfo(None)
    assert machine.cpu_info() == {}
    assert len(machine.cpu_flags()) == 16
