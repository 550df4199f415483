"""Boards in folders of their own, with clients in this process."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

# what needs the extras that `make test-board` installs
if importlib.util.find_spec("fastapi") is None:
    collect_ignore_glob = ["test_board_*.py", "test_render.py", "test_site.py", "test_card.py", "test_browser*.py"]
elif importlib.util.find_spec("schemathesis") is None:
    collect_ignore_glob = ["test_board_schema.py"]
if TYPE_CHECKING:
    from halls import Hall

    Build = Callable[..., Hall]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Make boards with settings and limits of one's own."""
    from fastapi.testclient import TestClient
    from halls import VERIFY, Hall

    from switch_bench.leaderboard.app import make_app
    from switch_bench.leaderboard.asking import Served
    from switch_bench.leaderboard.server import open_board
    from switch_bench.leaderboard.settings import Limits, Settings

    made: list[Hall] = []

    def make(limits: Any = None, **settings: Any) -> Hall:
        plain = Settings(tmp_path / f"board{len(made)}", verify=VERIFY, secure=False, films=False)
        told = replace(plain, limits=limits or Limits(), **settings)
        told.make_folders()
        served = Served(told, open_board(told))
        client = TestClient(make_app(served), raise_server_exceptions=False, client=("127.0.0.1", 50000))
        made.append(Hall(served, client))
        return made[-1]

    yield make
    for hall in made:
        hall.client.close()
        hall.served.database.close()


@pytest.fixture
def hall(build: Build) -> Hall:
    """A board as it is by default."""
    return build()
