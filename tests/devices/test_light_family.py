"""What holds of every model of the lights, switches, boards, remotes and doors."""

from __future__ import annotations

from dataclasses import replace

import pytest
from device_house import House, declare

from switch_bench.devices.catalogue import kind
from switch_bench.devices.unit import controls, unit
from switch_bench.network.declare import Signal

FAMILY = (
    "ceiling_light",
    "wall_switch",
    "two_way_light",
    "dimmer_light",
    "stair_light",
    "breaker_panel",
    "smart_bulb",
    "radio_remote",
    "intercom",
    "street_door",
)
MODELS = [(name, model) for name in FAMILY for model in kind(name).models]


@pytest.fixture(params=MODELS, ids="/".join)
def declared(request):
    return declare(*request.param)


def names(device):
    made = unit("it", "room", device)
    return {s.name for s in (*made.signals, *made.flows, *made.comparators)}


def test_words_pictures_and_faults_speak_of_signals_it_has(declared):
    known = names(declared)
    assert set(declared.words) <= known
    assert set(declared.shows) <= known
    assert set(declared.shows.values()) <= {"body"} | {panel.name for panel in declared.panels}
    for fault in declared.faults.values():
        assert set(fault.signals) <= known
        assert set(fault.stuck) <= {control.name for control in controls(declared)}
        assert fault.means


def test_every_sound_lamp_and_control_has_its_words(declared):
    said = set(declared.words)
    shining = {lamp.signal for panel in declared.panels for lamp in panel.lamps}
    shining |= {part.glow for part in declared.parts if part.glow}
    sounds = {signal.name for signal in declared.signals if signal.kind == "sound"}
    assert shining | sounds <= said


def test_every_fault_can_be_there_at_the_start(declared):
    for fault in declared.faults:
        House({"it": declared}, faults={"it": fault}).wait(1.0)


def test_without_mains_it_draws_and_shines_nothing(declared):
    if not declared.mains:
        assert "mains" not in names(declared)
        return
    h = House({"it": declared})
    for control in controls(declared):
        for signal, values in control.values():
            h.write({f"it.{signal}": values[-1]})
    h.put(it__mains=False)
    h.wait(5.0)
    assert h["it.load"] == 0.0
    for glow in [lamp.signal for panel in declared.panels for lamp in panel.lamps]:
        assert not h[f"it.{glow}"]
    assert h["room.illuminance"] == 0.0


def test_controls_add_their_readouts_and_touches(device):
    made = unit("light", "room", device("dimmer_light", "white"))
    signals = {s.name: s for s in made.signals}
    assert signals["dim"] == Signal(name="dim", initial=0.6, kind="control")
    assert signals["dim_push"] == Signal(name="dim_push", initial=False, kind="control", values=(False, True))
    assert signals["dim_touch"] == Signal(name="dim_touch", initial=False, kind="touch")


def test_a_signal_declared_twice_is_named(device):
    light = device("ceiling_light", "solo")
    twice = replace(light, signals=(*light.signals, Signal(name="gang_1", initial=False)))
    with pytest.raises(ValueError, match=r"hall: signals declared twice.*: gang_1"):
        unit("hall", "room", twice)
