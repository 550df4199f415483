"""Fixtures for all tests of devices; the house itself is in `device_house.py`."""

from __future__ import annotations

import device_house
import pytest


@pytest.fixture
def device():
    """`device(kind, model, **options)` declares one."""
    return device_house.declare


@pytest.fixture
def house():
    """`house({name: device}, wires=…)` builds one."""
    return device_house.House
