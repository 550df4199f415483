"""What the maths functions come to tells machines apart that the CPU's flags and the C library's name don't."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

from switch_bench.trace import machine, maths

PROGRAM = "from switch_bench.trace import machine, maths; print(maths.maths(), machine.cpu_flags(), machine.libm())"
PATIENCE = 300.0  # s: only what hangs takes as long


def elsewhere(**environment: str) -> list[str]:
    """The digest, the CPU's flags and the C library in a process with this environment."""
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=os.environ | environment, capture_output=True, text=True, check=True,
        timeout=PATIENCE,
    )  # fmt: skip
    return told.stdout.split(maxsplit=2)


def test_another_process_comes_to_the_same_however_many_threads_it_has():
    here = [maths.maths(), machine.cpu_flags(), machine.libm() + "\n"]
    assert elsewhere(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", PYTHONHASHSEED="4711") == here
    assert elsewhere(OMP_NUM_THREADS="7", OPENBLAS_NUM_THREADS="7") == here


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc" or "fma" not in machine.cpu_info().get("flags", "").split(),
    reason="glibc has variants with FMA, on processors that have it",
)
def test_a_c_library_that_takes_variants_without_fma_is_told_apart_by_nothing_else():
    found = elsewhere(GLIBC_TUNABLES="glibc.cpu.hwcaps=-AVX2,-FMA")
    assert found[0] != maths.maths()
    assert found[1:] == [machine.cpu_flags(), machine.libm() + "\n"]


def test_one_bit_of_one_result_is_enough(monkeypatch):
    honest = maths.maths.__wrapped__()
    sin = maths.math.sin
    monkeypatch.setattr(maths.math, "sin", lambda x: maths.math.nextafter(sin(x), 2.0) if x > 60.0 else sin(x))
    assert maths.maths.__wrapped__() != honest


def test_arguments_are_of_both_signs_and_many_sizes():
    xs = maths.arguments()
    assert len(set(xs)) == len(xs) == maths.COUNT
    assert {x > 0 for x in xs} == {True, False}
    assert {maths.math.frexp(x)[1] for x in xs} == set(range(-5, 7))
