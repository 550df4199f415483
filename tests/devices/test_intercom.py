from __future__ import annotations

import pytest

from switch_bench.devices.intercom import MODELS


@pytest.fixture
def called(house, device):
    """`called(model)`: an intercom whose visitor has just rung."""

    def build(model="slim", **given):
        h = house({"intercom": device("intercom", model)}, **given)
        h.press("intercom.ring", held=0.5)
        return h

    return build


def test_a_ring_chimes_and_lights_the_lamp_for_half_a_minute(called):
    h = called()
    h.wait(60.0)
    assert h.history("intercom.sound") == [(0.0, "chime"), (2.0, "")]
    assert h.history("intercom.call_lamp") == [(0.0, True), (30.0, False)]


def test_a_second_ring_starts_the_call_anew(called):
    h = called()
    h.wait(20.0)
    h.press("intercom.ring")
    h.wait(29.0)
    assert h["intercom.call_lamp"]
    assert [sound for _, sound in h.history("intercom.sound")] == ["chime", "", "chime", ""]


def test_answering_ends_the_call_and_brings_the_visitors_voice(called):
    h = called()
    h.put(intercom__talk=True)
    assert h["intercom.line"]
    assert not h["intercom.call_lamp"]
    assert h["intercom.sound"] == "voice"
    h.wait(3.0)
    assert h["intercom.sound"] == ""
    h.put(intercom__talk=False)
    assert not h["intercom.line"]


def test_talking_to_nobody_brings_no_voice(house, device):
    h = house({"intercom": device("intercom", "slim")})
    h.put(intercom__talk=True)
    assert h["intercom.line"]
    assert h["intercom.sound"] == ""


def test_a_latched_line_stays_open_until_pressed_again_or_a_minute(called):
    h = called("black")
    h.press("intercom.talk")
    h.wait(10.0)
    assert h["intercom.line"]
    h.press("intercom.talk")
    assert not h["intercom.line"]
    h.press("intercom.talk")
    h.wait(60.0)
    assert not h["intercom.line"]


def test_unlock_releases_while_it_is_held(house, device):
    h = house({"intercom": device("intercom", "slim")})
    h.press("intercom.unlock", held=0.7)
    assert h.history("intercom.release") == [(0.0, True), (0.7, False)]


def test_one_model_releases_only_during_a_call_or_on_an_open_line(house, device):
    h = house({"intercom": device("intercom", "black")})
    h.press("intercom.unlock")
    assert h.history("intercom.release") == []
    h.press("intercom.ring")
    h.press("intercom.talk")
    h.wait(5.0)
    h.put(intercom__unlock=True)
    assert h["intercom.release"]


def test_a_release_ends_the_call_but_lasts_as_long_as_the_key(called):
    h = called("black")
    h.put(intercom__unlock=True)
    h.wait(0.1)
    assert not h["intercom.call_lamp"]
    assert h["intercom.release"]


def test_muted_only_the_lamp_tells_of_a_call(called):
    h = called("seventies", faults={"intercom": "left_muted"})
    assert h["intercom.call_lamp"]
    assert h.history("intercom.sound") == []


def test_faults_hide_one_thing_each(called):
    assert called(faults={"intercom": "call_lamp_dead"}).history("intercom.call_lamp") == []
    assert called(faults={"intercom": "chime_dead"}).history("intercom.sound") == []
    h = called(faults={"intercom": "strike_wire_broken"})
    h.press("intercom.unlock")
    assert h.history("intercom.release") == []


def test_without_mains_nothing_is_called_or_released(house, device):
    h = house({"intercom": device("intercom", "slim")})
    h.put(intercom__mains=False)
    h.press("intercom.ring")
    h.press("intercom.unlock")
    h.put(intercom__talk=True)
    assert not any(h[f"intercom.{name}"] for name in ("call_lamp", "line", "release", "sound", "load"))
    h.put(intercom__mains=True)
    assert not h["intercom.call_lamp"]
    assert h["intercom.load"] > 0.0


def test_a_cut_ends_a_call(called):
    h = called()
    h.put(intercom__mains=False)
    h.wait(1.0)
    h.put(intercom__mains=True)
    assert not h["intercom.call_lamp"]


@pytest.mark.parametrize("model", MODELS)
def test_every_key_lies_on_the_panel_apart_from_the_others(device, model):
    (panel,) = device("intercom", model).panels
    boxes = [(*c.at, *c.size) for c in panel.controls]
    for i, (x, y, w, h) in enumerate(boxes):
        assert abs(x) + w / 2 < panel.size[0] / 2
        assert abs(y) + h / 2 < panel.size[1] / 2
        for x2, y2, w2, h2 in boxes[:i]:
            assert abs(x - x2) >= (w + w2) / 2 or abs(y - y2) >= (h + h2) / 2
