"""A motion sensor's contact follows what it sees, holds for a while, and lies when it is faulty."""

from __future__ import annotations

import pytest
from device_house import House, declare


def sensor(model: str = "corner", fault: str = "", **options) -> House:
    return House({"eye": declare("motion_sensor", model, **options)}, faults={"eye": fault} if fault else {})


def seen(house: House, *, wait: float = 1.0, duration: float = 1.0) -> House:
    """Somebody walks by."""
    house.wait(wait)
    house.press("eye.sees", duration)
    return house


@pytest.mark.parametrize(("model", "holds"), [("corner", 3.0), ("corridor", 5.0)])
def test_the_contact_closes_when_it_sees_somebody_and_opens_a_while_after(model, holds):
    house = seen(sensor(model))
    assert house["eye.motion"] is house["eye.walk_test"] is True
    house.wait(holds - 0.01)
    assert house["eye.motion"] is True
    house.wait(0.02)
    assert house["eye.motion"] is house["eye.walk_test"] is False


def test_who_comes_back_in_time_keeps_it_closed():
    house = seen(seen(sensor()), wait=2.0, duration=4.0)
    house.wait(4.0)
    assert house.history("eye.motion") == [(1.0, True), (11.0, False)]


def test_the_time_it_holds_can_be_set():
    house = seen(sensor(holds=20))
    house.wait(19.9)
    assert house["eye.motion"] is True


def test_a_time_out_of_range_is_refused():
    with pytest.raises(ValueError, match="holds"):
        sensor(holds=1e4)


@pytest.mark.parametrize(
    ("fault", "contact", "lamp"),
    [("blind", False, False), ("broken", False, True), ("lamp_dead", True, False)],
)
def test_faults(fault, contact, lamp):
    house = seen(sensor(fault=fault))
    assert (house["eye.motion"], house["eye.walk_test"]) == (contact, lamp)
