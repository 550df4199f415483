"""What keeps a run from being exported."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from switch_bench.evaluate.errors import InputError


class MissingExtra(InputError):
    """A library of the extra `learn` isn't installed."""


class NotReplayable(InputError):
    """A trace doesn't come out the same here, so what was seen in its episode can't be shown."""


def need(libraries: Sequence[str], what: str) -> None:
    """Raise MissingExtra unless all of these modules can be imported."""
    missing = [name for name in libraries if find_spec(name) is None]
    if missing:
        raise MissingExtra(
            f"{what} needs {', '.join(missing)}", where="export", hint='pip install "switch-bench[learn]"'
        )
