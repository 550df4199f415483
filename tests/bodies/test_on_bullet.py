"""What fingers do to mechanisms, on Bullet: the same tests as on MuJoCo."""

from functools import partial

import bare_world
import pytest
import test_pressing
import test_turning
from test_pressing import *  # noqa: F403
from test_turning import *  # noqa: F403


@pytest.fixture(autouse=True)
def on_bullet(monkeypatch):
    for module in (test_pressing, test_turning):
        monkeypatch.setattr(module, "BareWorld", partial(bare_world.BareWorld, engine="bullet"))
