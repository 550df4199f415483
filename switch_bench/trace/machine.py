"""What of a machine decides a float's last bit, and which machine it is. Loads nothing heavy."""

from __future__ import annotations

import platform
from functools import cache
from hashlib import blake2b
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")


@cache
def cpu_info() -> dict[str, str]:
    """The first processor's facts, as the system tells them ("model name", "flags" …); {} where it doesn't."""
    try:
        with CPUINFO.open(encoding="ascii", errors="replace") as info:
            lines = info.read().partition("\n\n")[0].splitlines()
    except OSError:
        return {}
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}


def cpu_flags() -> str:
    """A digest of the flags that decide how floats are computed (AVX, FMA, SSE 4)."""
    flags = cpu_info().get("flags", "" if cpu_info() else platform.processor())
    wide = [f for f in flags.split() if f.startswith(("avx", "fma", "sse4"))]
    return blake2b(" ".join(sorted(wide)).encode(), digest_size=8).hexdigest()


def libm() -> str:
    """The C library, which brings the maths functions."""
    return " ".join(platform.libc_ver())
