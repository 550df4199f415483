"""Folders for what is made once for many tests; they are gone when the process of the tests ends."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

_kept: list[TemporaryDirectory[str]] = []  # removed as they are let go of, at the end at the latest


def scratch(what: str) -> Path:
    """A new folder."""
    _kept.append(TemporaryDirectory(prefix=f"switch-bench-{what}-"))
    return Path(_kept[-1].name)
