"""What holds of every appliance, whatever is done to it."""

from __future__ import annotations

import pytest
from device_house import House
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.devices.base import Device
from switch_bench.devices.catalogue import kind
from switch_bench.devices.unit import controls
from switch_bench.screens.text import check_text

KINDS = (
    "thermostat_digital",
    "gas_boiler",
    "radiator",
    "kettle",
    "oven",
    "microwave",
    "gas_hob",
    "washing_machine",
    "home_panel",
)
MODELS = [(name, model) for name in KINDS for model in kind(name).models]


def declared(name: str, model: str) -> Device:
    row = kind(name)
    return row.declare(row.models[model], row.options)


def displays(device: Device) -> list[str]:
    return [display.signal for panel in device.panels for display in panel.displays]


def moves(device: Device) -> st.SearchStrategy:
    """One thing that may happen: a control or an on-off input changes, and some time passes."""
    choices = []
    for control in controls(device):
        for name, values in control.values():
            given_values = st.sampled_from(values) if len(values) > 1 else st.sampled_from((0.0, 120.0, 250.0))
            choices.append(st.tuples(st.just(name), given_values))
    inputs = [s.name for s in device.signals if s.kind == "input" and isinstance(s.initial, bool)]
    choices += [st.tuples(st.just(name), st.booleans()) for name in inputs]
    waits = st.sampled_from((0.0, 0.1, 1.0, 4.0, 30.0, 300.0, 4000.0))
    return st.tuples(st.one_of(choices), waits)


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_what_is_spoken_of_shown_or_broken_is_there(name, model):
    device = declared(name, model)
    known = House({"d": device}).network.index
    spoken = {*device.words, *device.shows, *displays(device)}
    spoken |= {lamp.signal for panel in device.panels for lamp in panel.lamps}
    spoken |= {signal for fault in device.faults.values() for signal in fault.signals}
    assert [signal for signal in spoken if f"d.{signal}" not in known] == []
    names = {control.name for control in controls(device)}
    keys = {signal for control in controls(device) for signal, _ in control.values()}
    assert [c for fault in device.faults.values() for c in fault.stuck if c not in names | keys] == []
    readable = {panel.name for panel in device.panels} | {"body"}
    assert set(device.shows.values()) <= readable
    assert device.mains == ("d.mains" in known and "d.load" in known)


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_every_control_can_be_spoken_of(name, model):
    device = declared(name, model)
    assert [
        signal for control in controls(device) for signal, _ in control.values() if signal not in device.words
    ] == []


@pytest.mark.parametrize("name", KINDS)
def test_models_look_different(name):
    faces = [declared(name, model) for model in kind(name).models]
    assert len(faces) >= 2
    for i, a in enumerate(faces):
        for b in faces[i + 1 :]:
            assert a.panels != b.panels or a.parts != b.parts


@pytest.mark.parametrize("fault", [False, True])
@pytest.mark.parametrize(("name", "model"), MODELS)
@settings(max_examples=6, deadline=None)
@given(data=st.data())
def test_without_mains_nothing_is_drawn_or_shown(name, model, fault, data):
    device = declared(name, model)
    chosen = data.draw(st.sampled_from(sorted(device.faults))) if fault and device.faults else None
    h = House({"d": device}, faults={"d": chosen} if chosen else None)
    for (signal, value), wait in data.draw(st.lists(moves(device), max_size=12)):
        h.write({f"d.{signal}": value})
        h.wait(wait)
        for display in displays(device):
            check_text(h[f"d.{display}"])
        if device.mains:
            assert h["d.load"] >= 0.0
        if device.mains and not h["d.mains"]:
            assert h["d.load"] == 0.0
            assert [h[f"d.{display}"] for display in displays(device)] == [""] * len(displays(device))


@pytest.mark.parametrize(("name", "model"), MODELS)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_one_long_wait_is_as_good_as_many_short_ones(name, model, data):
    device = declared(name, model)
    jumped, stepped = House({"d": device}), House({"d": device})
    for (signal, value), wait in data.draw(st.lists(moves(device), max_size=6)):
        for h in (jumped, stepped):
            h.write({f"d.{signal}": value})
        jumped.wait(min(wait, 300.0))
        for _ in range(10):
            stepped.wait(min(wait, 300.0) / 10)
    assert jumped.network.log == stepped.network.log
