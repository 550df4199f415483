from __future__ import annotations

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.devices.smart_bulb import MODELS
from switch_bench.network.declare import Wire, seconds


def radio(remote="remote", receiver="bulb.radio_1", delay=0.5, jitter=0.0, loss=0.0):
    return Wire(
        source=f"{remote}.radio",
        target=receiver,
        delay=seconds(delay),
        jitter=seconds(jitter),
        loss=loss,
        medium="radio",
    )


def room(model="a60", *, wires=None, remotes=("A",), paired=("A",), **given_to_house):
    devices = {"bulb": declare("smart_bulb", model, paired=paired)}
    names = ("remote", "other")[: len(remotes)]
    devices |= {n: declare("radio_remote", "bar", id=i) for n, i in zip(names, remotes, strict=True)}
    return House(devices, wires=wires or [radio()], **given_to_house)


def test_the_bulb_answers_after_the_latency():
    h = room()
    h.put(remote__on=True)
    h.wait(0.4)
    assert h["bulb.level"] == 0.0
    h.wait(0.6)
    assert h["bulb.level"] == 1.0
    assert h["bulb.lit"]


def test_off_puts_it_out_and_on_brings_the_last_light_back():
    h = room()
    for key in ("on", "dimmer", "dimmer", "off"):
        h.press(f"remote.{key}")
        h.wait(1.5)
    assert not h["bulb.lit"]
    h.press("remote.on")
    h.wait(1.5)
    assert h["bulb.level"] == MODELS["a60"].steps[2]


def test_a_panel_can_tell_it_what_a_remote_can():
    h = room()
    h.put(bulb__told=True)
    h.wait(1.0)
    assert h["bulb.lit"]
    h.press("remote.off")
    h.wait(1.5)
    assert not h["bulb.lit"]
    h.put(bulb__told=False)
    h.put(bulb__told=True)
    h.wait(1.0)
    assert h["bulb.lit"]


def test_brighter_and_dimmer_stop_at_the_ends():
    h = room()
    h.press("remote.on")
    for key, end in (("dimmer", MODELS["a60"].steps[0]), ("brighter", 1.0)):
        for _ in range(8):
            h.press(f"remote.{key}")
            h.wait(1.0)
        h.wait(1.0)
        assert h["bulb.level"] == end


def test_holding_a_key_goes_on_stepping():
    h = room()
    h.press("remote.on")
    h.wait(1.0)
    h.press("remote.dimmer", held=1.6)
    h.wait(2.0)
    assert h["bulb.level"] == MODELS["a60"].steps[0]


def test_on_while_lit_goes_through_the_scenes():
    h = room()
    levels = []
    for _ in range(5):
        h.press("remote.on")
        h.wait(1.5)
        levels.append((h["bulb.scene"], h["bulb.level"]))
    scenes = list(MODELS["a60"].scenes)
    assert levels == [("", 1.0), *scenes, scenes[0]]


def test_dimming_leaves_the_scene():
    h = room()
    for key in ("on", "on", "dimmer"):
        h.press(f"remote.{key}")
        h.wait(1.5)
    assert h["bulb.scene"] == ""
    assert h["bulb.level"] == MODELS["a60"].steps[-2]


def test_a_dark_bulb_ignores_brighter():
    h = room()
    h.press("remote.brighter")
    h.wait(2.0)
    assert not h["bulb.lit"]


def test_a_strangers_packets_do_nothing():
    h = room(remotes=("A", "B"), wires=[radio("other")])
    h.press("other.on")
    h.wait(3.0)
    assert h["other.lamp"] is False
    assert not h["bulb.lit"]


def pair(h, held=3.5):
    h.put(bulb__mains=False)
    h.wait(1.0)
    h.put(bulb__mains=True)
    h.wait(5.0)
    h.press("remote.on", held=held)
    h.wait(5.0)


def test_pairing_needs_fresh_mains_and_a_long_press():
    h = room("panel", paired=())
    pair(h, held=1.0)
    h.press("remote.on")
    h.wait(2.0)
    assert not h["bulb.lit"]
    pair(h)
    h.press("remote.on")
    h.wait(2.0)
    assert h["bulb.lit"]


def test_a_pairing_too_late_is_refused():
    h = room("panel", paired=())
    h.put(bulb__mains=False)
    h.wait(1.0)
    h.put(bulb__mains=True)
    h.wait(31.0)
    h.press("remote.on", held=3.5)
    h.wait(5.0)
    assert h["bulb.paired"] == ""


def test_the_bulb_winks_three_times_when_it_is_paired():
    h = room("panel", paired=())
    pair(h)
    assert [lit for _, lit in h.history("bulb.lit")] == [True, False] * 3


def test_pairing_a_fifth_remote_forgets_the_first():
    h = room("panel", paired=("B", "C", "D", "E"))
    pair(h)
    assert h["bulb.paired"] == "C,D,E,A"


def test_two_remotes_may_rule_one_bulb():
    h = room(remotes=("A", "B"), paired=("A", "B"), wires=[radio(), radio("other", "bulb.radio_2", delay=1.0)])
    h.press("remote.on")
    h.wait(2.0)
    h.press("other.off")
    h.wait(2.0)
    assert not h["bulb.lit"]


@pytest.mark.parametrize(
    ("model", "before", "after"), [("a60", False, True), ("globe", True, True), ("panel", True, False)]
)
def test_the_mains_return_as_the_model_says(model, before, after):
    h = room(model)
    if before:
        h.press("remote.on")
        h.wait(2.0)
    h.put(bulb__mains=False)
    assert h["bulb.level"] == 0.0
    assert h["bulb.load"] == 0.0
    h.wait(1.0)
    h.put(bulb__mains=True)
    h.wait(1.0)
    assert h["bulb.lit"] is after


def test_a_packet_that_comes_during_a_power_cut_is_lost():
    h = room("globe")
    h.put(bulb__mains=False)
    h.press("remote.on")
    h.wait(5.0)
    h.put(bulb__mains=True)
    h.wait(5.0)
    assert not h["bulb.lit"]


def test_a_lost_packet_is_noticed_only_at_the_bulb():
    h = room(wires=[radio(loss=0.999999)])
    h.put(remote__on=True)
    assert h["remote.lamp"]
    h.wait(5.0)
    assert not h["bulb.lit"]


def test_a_burnt_bulb_keeps_its_radio():
    h = room(faults={"bulb": "burnt_lamp"})
    h.press("remote.on")
    h.wait(2.0)
    assert h["bulb.on"]
    assert not h["bulb.lit"]
    assert 0.0 < h["bulb.load"] < 1.0


def test_a_hung_radio_comes_back_with_the_mains():
    h = room("globe", faults={"bulb": "hung_radio"})
    h.press("remote.on")
    h.wait(2.0)
    assert not h["bulb.lit"]
    h.put(bulb__mains=False)
    h.wait(1.0)
    h.put(bulb__mains=True)
    h.press("remote.on")
    h.wait(2.0)
    assert h["bulb.lit"]


@pytest.mark.parametrize("fault", ["unpaired", "paired_elsewhere"])
def test_a_bulb_that_does_not_know_the_remote_stays_dark(fault):
    h = room(faults={"bulb": fault})
    h.press("remote.on")
    h.wait(2.0)
    assert not h["bulb.lit"]


def test_the_last_user_may_have_left_it_dim():
    h = room(faults={"bulb": "left_dim"})
    h.press("remote.on")
    h.wait(2.0)
    assert h["bulb.level"] == MODELS["a60"].steps[0]


def test_a_bulb_remembers_four_remotes():
    with pytest.raises(ValueError, match="remembers 4"):
        declare("smart_bulb", "a60", paired=("A", "B", "C", "D", "E"))
    with pytest.raises(ValueError, match="list of remotes"):
        declare("smart_bulb", "a60", paired="AB")


@given(st.lists(st.sampled_from(["on", "off", "brighter", "dimmer"]), max_size=12), st.sampled_from(sorted(MODELS)))
def test_the_light_is_always_dark_or_at_a_step_or_scene(keys, model):
    h = room(model, wires=[radio(delay=0.2, jitter=1.8)])
    for key in keys:
        h.press(f"remote.{key}")
        h.wait(3.0)
    allowed = {0.0, *MODELS[model].steps, *(level for _, level in MODELS[model].scenes)}
    assert h["bulb.level"] in allowed
    last = [key for key in keys if key in ("on", "off")][-1:]
    assert h["bulb.lit"] is (last == ["on"])
