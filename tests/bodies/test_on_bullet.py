"""What fingers do to mechanisms, on Bullet: the same tests as on MuJoCo."""

from functools import partial
from importlib.util import find_spec

import bare_world
import pytest
import test_pressing
import test_turning

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        find_spec("pybullet") is None,
        reason="needs PyBullet, the extra `bullet`, which has wheels for Python 3.11 only",
    ),
]

MODULES = (test_pressing, test_turning)
for module in MODULES:
    globals().update({name: test for name, test in vars(module).items() if name.startswith("test_")})


@pytest.fixture(autouse=True)
def on_bullet(monkeypatch):
    for module in MODULES:
        monkeypatch.setattr(module, "BareWorld", partial(bare_world.BareWorld, engine="bullet"))
