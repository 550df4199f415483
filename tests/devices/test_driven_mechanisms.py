"""What the devices of this family move themselves, moved by physics: handles thrown by their springs, and doors."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from device_house import declare

sys.path.append(str(Path(__file__).resolve().parent.parent / "bodies"))

from bare_world import BareWorld

from switch_bench.devices import breaker_panel, street_door


def control(kind, model, name):
    return next(c for panel in declare(kind, model).panels for c in panel.controls if c.name == name)


@pytest.mark.parametrize("model", breaker_panel.MODELS)
def test_the_spring_throws_a_handle_to_the_middle_and_leaves_it_there(model):
    handle = control("breaker_panel", model, "mcb_1")
    world = BareWorld(handle)
    assert world.reads("mcb_1") == "on"
    world.drive("mcb_1", True)
    world.wait(0.3)
    assert world.reads("mcb_1") == "tripped"
    world.drive("mcb_1", False)
    world.wait(5.0)
    assert world.reads("mcb_1") == "tripped"


@pytest.mark.parametrize("model", street_door.MODELS)
def test_the_operator_opens_the_door_and_shuts_it_in_its_time(model):
    leaf = control("street_door", model, "leaf")
    world = BareWorld(leaf, distance=1.5)
    world.lock("leaf", True)
    world.drive("leaf", "open")
    world.wait(2.0)
    assert world.reads("leaf") == "closed"
    world.lock("leaf", False)
    world.drive("leaf", "open")
    world.wait(street_door.OPENING / 1e6)
    assert world.joint("it.leaf/joint") > 0.9 * street_door.OPENS
    world.drive("leaf", "close")
    world.wait(street_door.CLOSING / 1e6)
    assert world.reads("leaf") == "closed"
    world.wait(street_door.SETTLE / 1e6)
    assert abs(world.joint("it.leaf/joint")) < 0.01


def test_an_unlocked_door_stays_shut_until_something_moves_it():
    world = BareWorld(control("street_door", "glass", "leaf"), distance=1.5)
    world.wait(10.0)
    assert world.reads("leaf") == "closed"
