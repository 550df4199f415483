"""What docs/formulas.md shows is what the parser reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from switch_bench.network.flow import Anchor
from switch_bench.trace.schema import SignalInfo
from switch_bench.verify.stl import FormulaError, parse

PAGE = (Path(__file__).parents[2] / "docs" / "formulas.md").read_text(encoding="utf-8")
FLOWS = ("kettle.temperature", "living.temperature", "hall.temperature", "oven.cavity")
SIGNALS = {
    **{name: SignalInfo("flow", "home", Anchor(0, 20.0), "degC") for name in FLOWS},
    **{name: SignalInfo("output", "home", False) for name in ("lamp.lit", "bell.rings", "oven.heating", "kettle.lamp")},
    **{name: SignalInfo("control", "home", "closed") for name in ("oven.door", "door.leaf")},
}
EXAMPLES = [line.strip() for line in PAGE.split("## Grammar")[0].splitlines() if line.startswith("    ")]
MEASURED = re.findall(r"^\| `(.*?)` \| [\d.]+ \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("text", [*EXAMPLES, *MEASURED])
def test_a_formula_on_the_page_can_be_read(text):
    formula = parse(text, SIGNALS, objects=["cup"])
    assert formula.signals or formula.things


def test_the_error_on_the_page_is_what_is_said():
    with pytest.raises(FormulaError) as caught:
        parse("kettle.watr >= 95 degC", {"kettle.water": SIGNALS["kettle.temperature"]})
    shown = "\n".join(f"    {line}" for line in str(caught.value).splitlines())
    assert shown in PAGE


def test_the_page_has_every_example_and_figure_it_is_read_for():
    assert len(EXAMPLES) == 9
    assert len(MEASURED) == 11
