from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from switch_bench.spec.steps import Plan, Touch

PLAN = TypeAdapter(Plan)


@pytest.mark.parametrize("widget", ["heating", "go:lights", "light:2"])
def test_a_widget_is_named_by_a_word_or_by_what_it_does_to_what(widget: str) -> None:
    (step,) = PLAN.validate_python([{"touch": "panel.screen", "widget": widget}])
    assert isinstance(step, Touch)
    assert step.widget == widget


@pytest.mark.parametrize("widget", ["", "go:", "go:lights:on", "two words", 3])
def test_nothing_else_names_a_widget(widget: object) -> None:
    with pytest.raises(ValidationError, match="name of a widget"):
        PLAN.validate_python([{"touch": "panel.screen", "widget": widget}])
