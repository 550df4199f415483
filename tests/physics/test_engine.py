"""Which engine steps a room: asked for by name, and refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.physics import engine
from switch_bench.physics.bullet_model import groups
from switch_bench.physics.engine import EngineError

BITS = st.integers(0, 15)


def test_an_unknown_engine_is_refused_with_what_comes_close():
    with pytest.raises(EngineError, match=r"engine: unknown 'bulet'\. Did you mean 'bullet'"):
        engine.need("bulet")


def test_without_pybullet_the_engine_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(engine, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match=r"pip install 'switch-bench\[bullet\]'"):
        engine.need("bullet")
    engine.need("mujoco")


@given(st.lists(st.tuples(BITS, BITS), unique=True, min_size=1, max_size=8))
def test_in_bullet_just_those_meet_that_meet_in_mujoco(kinds):
    of = groups(kinds)
    for a in kinds:
        for b in kinds:
            meet = bool(of[a][0] & of[b][1]) and bool(of[b][0] & of[a][1])
            assert meet is bool(a[0] & b[1] or b[0] & a[1])
