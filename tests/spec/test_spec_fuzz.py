"""Whatever is done to a good file, it is read or refused with a place: nothing else comes out of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from spec_files import FLAT, LIGHT_ON, sample_kinds

from switch_bench.spec.check import check, check_task
from switch_bench.spec.errors import SpecError
from switch_bench.spec.load import parse_scene, parse_task

KINDS = sample_kinds()
SCENE = parse_scene(FLAT)
WORDS = st.sampled_from(
    ["", "~", "[]", "{}", "true", "-1", "3.5", "nan", ".inf", "x", "kitchen", "5 m", "'", "[1, [2]]", "a.b"]
)


def read_scene(text: str) -> None:
    check(parse_scene(text), KINDS)


def read_task(text: str) -> None:
    check_task(parse_task(text), SCENE, KINDS)


READERS = [(FLAT, read_scene), (LIGHT_ON, read_task)]


def is_read_or_refused(read: Callable[[str], None], text: str) -> None:
    refused: SpecError | None = None
    try:
        read(text)
    except SpecError as error:
        refused = error
    if refused is not None:
        assert all(problem.path and problem.message for problem in refused.problems)


@pytest.mark.parametrize(("good", "read"), READERS, ids=["scene", "task"])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_value_replaced(good: str, read: Callable[[str], None], data: st.DataObject) -> None:
    lines = good.splitlines()
    i = data.draw(st.integers(0, len(lines) - 1))
    key, colon, _ = lines[i].partition(":")
    lines[i] = f"{key}{colon} {data.draw(WORDS)}"
    is_read_or_refused(read, "\n".join(lines))


@pytest.mark.parametrize(("good", "read"), READERS, ids=["scene", "task"])
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_a_part_of_the_tree_replaced(good: str, read: Callable[[str], None], data: st.DataObject) -> None:
    tree = YAML(typ="safe", pure=True).load(good)
    put = data.draw(
        st.sampled_from([None, True, -1, 2.5, "x", "kettle.lever", [], {}, [None], {"x": 1}, "5 min", 10**30])
    )
    is_read_or_refused(read, json.dumps(replaced(tree, put, data)))  # JSON is YAML


def replaced(tree: Any, put: Any, data: st.DataObject) -> Any:
    """The tree with one part, at a depth that is drawn, replaced."""
    if not isinstance(tree, dict | list) or not tree or data.draw(st.integers(0, 4)) == 0:
        return put
    key = data.draw(st.sampled_from(sorted(tree) if isinstance(tree, dict) else list(range(len(tree)))))
    copy = tree.copy()
    copy[key] = replaced(tree[key], put, data)
    return copy
