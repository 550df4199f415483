"""Actions in their shortest decimals are those that were played, to the last bit, and old archives still verify."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hostile import FIRST, NUDGER, SECOND, files, first_no, log, put, sealed, with_log
from hypothesis import given
from hypothesis import strategies as st
from submitted_runs import TASK, run_folder

from switch_bench.evaluate.folder import read_episodes
from switch_bench.submit.log import of_trace, parse
from switch_bench.submit.numbers import LARGEST, exact, shortest
from switch_bench.trace.schema import Trace
from switch_bench.trace.store import load

ORACLE = "oracle"


def bits(values: list[float]) -> bytes:
    return struct.pack(f"<{len(values)}d", *values)


def traced(policy: str, episode: int = 0) -> Trace:
    """The trace of an episode as it was played."""
    folder = run_folder(policy)
    record = next(record for record in read_episodes(folder) if record["episode"] == episode)
    return load(folder / record["trace"])


@given(st.lists(st.integers(0, 2**32 - 1).map(lambda n: float(np.uint32(n).view(np.float32))), max_size=12))
def test_every_float32_comes_back_to_the_last_bit_after_json(values: list[float]) -> None:
    finite = [value for value in values if np.isfinite(value)]
    short = shortest(finite)
    assert short is not None
    assert bits(exact(json.loads(json.dumps(short)))) == bits(finite)
    assert all(len(repr(value).lstrip("-").replace(".", "").split("e")[0].strip("0")) <= 9 for value in short)


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1 + 2**-40, 2 * LARGEST, -1e300, 5e-324])
def test_what_is_no_float32_has_no_short_form(value: float) -> None:
    assert shortest([0.0, value]) is None
    assert shortest([]) == []


def test_a_log_says_each_number_shortly_and_means_what_was_played() -> None:
    """Uniform draws need nine digits where float64's decimals take seventeen."""
    told, trace = log(), traced(NUDGER)
    assert told["version"] == 2
    found = parse(json.dumps(told).encode(), FIRST)
    assert found.status == "done"
    played = [action for _, action in trace.actions]
    assert [bits(action) for action in found.given()] == [bits(action) for action in played]
    long, short = (sum(len(repr(value)) for action in which for value in action) for which in
                   (played, [action for _, action in told["actions"]]))  # fmt: skip
    assert short < 0.65 * long


def old(told: dict[str, Any], episode: int) -> None:
    """Write the log as before there was a short form."""
    told["version"] = 1
    told["actions"] = [[t, action] for t, action in traced(NUDGER, episode).actions]


def test_an_archive_of_before_the_short_form_still_verifies(tmp_path: Path) -> None:
    found = files()
    for n, name in enumerate((FIRST, SECOND)):
        found |= {name: with_log(lambda told, n=n: old(told, n), name=name)[name]}
    assert first_no(put(tmp_path / "a.sbz", sealed(found)), tmp_path / "out") is None


def test_short_numbers_in_the_old_form_are_taken_as_they_stand_and_come_out_otherwise(tmp_path: Path) -> None:
    edited = with_log(lambda told: told.update(version=1))
    no = first_no(put(tmp_path / "a.sbz", sealed(edited)), tmp_path / "out")
    assert no is not None
    assert no.code in ("state", "observation")
    assert no.where == FIRST


def test_moves_of_a_privileged_policy_are_no_float32_and_stay_as_they_are() -> None:
    told, trace = log(ORACLE), traced(ORACLE)
    assert told["inputs"] == json.loads(json.dumps(trace.inputs))
    moves = [value for what, value in told["inputs"] if what == "apply"]
    assert any(shortest(move) is None for move in moves)


def test_a_move_that_is_no_float32_keeps_a_whole_log_in_the_old_form() -> None:
    """Who steps an environment by lists of its own may give other numbers than a run does."""
    trace = traced(NUDGER)
    trace.actions[0] = (trace.actions[0][0], [0.1] * 12)
    made = of_trace(trace, {"task": TASK, "episode": 0, "seed": 1})
    assert made.version == 1
    assert [action for _, action in made.actions] == [action for _, action in trace.actions]
    assert made.given()[0] == [0.1] * 12
