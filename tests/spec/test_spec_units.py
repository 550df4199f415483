from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.spec import units

MANY = [
    ("60 s", units.TIME, 60.0),
    ("5 min", units.TIME, 300.0),
    ("250us", units.TIME, 250e-6),
    ("1.5 h", units.TIME, 5400.0),
    ("0.4 m", units.LENGTH, 0.4),
    ("40 cm", units.LENGTH, 0.4),
    ("95 degC", units.TEMPERATURE, 95.0),
    ("-5 °C", units.TEMPERATURE, -5.0),
    ("300 K", units.TEMPERATURE, 26.85),
    ("20 lx", units.ILLUMINANCE, 20.0),
    ("1.7 l", units.VOLUME, 1.7),
    ("330 ml", units.VOLUME, 0.33),
    ("2.2 kW", units.POWER, 2200.0),
    ("180 kJ/K", units.CAPACITY, 180e3),
    ("5 %", units.SHARE, 0.05),
    ("90 deg", units.ANGLE, 90.0),
    ("1e3 g", units.MASS, 1.0),
    (".5 m", units.LENGTH, 0.5),
]
BARE = {unit for dimension in units.DIMENSIONS for unit in dimension.units if unit}


@pytest.mark.parametrize(("text", "dimension", "value"), MANY)
def test_a_quantity_is_read_into_its_base_unit(text: str, dimension: units.Dimension, value: float) -> None:
    assert units.parse(text, dimension) == value


@given(st.floats(-1e9, 1e9), st.sampled_from(units.DIMENSIONS))
def test_a_bare_number_is_in_the_base_unit(number: float, dimension: units.Dimension) -> None:
    assert units.parse(number, dimension) == number
    assert units.parse(f"{number!r} {dimension.base}", dimension) == number


@given(st.integers(0, 10**15))
def test_a_duration_survives_writing_and_reading(us: int) -> None:
    assert units.microseconds(units.duration(us)) == us


@given(st.integers(0, 10**9), st.sampled_from([("ms", 1_000), ("s", 1_000_000), ("min", 60_000_000)]))
def test_durations_are_exact_in_every_unit(number: int, unit: tuple[str, int]) -> None:
    assert units.microseconds(f"{number} {unit[0]}") == number * unit[1]


def test_a_tenth_of_a_second_is_exact() -> None:
    assert [units.microseconds(f"0.{i} s") for i in range(1, 10)] == [100_000 * i for i in range(1, 10)]


@given(st.sampled_from(units.DIMENSIONS), st.sampled_from(sorted(BARE)))
def test_a_unit_of_another_dimension_is_refused_and_named(dimension: units.Dimension, unit: str) -> None:
    if unit in dimension.units:
        assert isinstance(units.parse(f"2 {unit}", dimension), float)
    else:
        with pytest.raises(units.UnitError, match=f"expected a {dimension.name} such as .*a unit of"):
            units.parse(f"2 {unit}", dimension)


@pytest.mark.parametrize(
    "value", [True, None, [], {}, "", "s", "1 2 s", "1,5 s", "--1 s", "nan", "inf s", float("nan"), float("inf"), 1e300]
)
def test_what_is_no_duration_is_refused(value: object) -> None:
    with pytest.raises(units.UnitError, match="expected a time"):
        units.microseconds(value)


@given(st.text())
def test_a_text_that_does_not_end_in_a_figure_or_unit_is_no_length(text: str) -> None:
    if text.strip().rstrip("cm ")[-1:] not in tuple("0123456789."):
        with pytest.raises(units.UnitError, match="expected a length"):
            units.parse(text, units.LENGTH)


@pytest.mark.parametrize("text", ["1.5e999999999 m", "1e-999999999 m", "9" * 400 + " m"])
def test_a_size_beyond_all_sense_is_refused_at_once(text: str) -> None:
    with pytest.raises(units.UnitError, match="size that means something"):
        units.parse(text, units.LENGTH)


def test_a_text_of_an_option_is_a_number_only_if_it_has_a_known_unit() -> None:
    assert units.plain("1.7 l") == 1.7
    assert units.plain("2 min") == 120.0
    assert units.plain("12") is None
    assert units.plain("3 wishes") is None
    assert units.plain("hob") is None
