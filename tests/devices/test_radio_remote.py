from __future__ import annotations

import pytest

from switch_bench.devices import radio


def sent(h):
    return [radio.read(value).command for _, value in h.history("remote.radio")]


def test_every_press_is_a_packet_of_its_own(house, device):
    h = house({"remote": device("radio_remote", "square", id="hall")})
    for key in ("on", "on", "off"):
        h.press(f"remote.{key}")
        h.wait(0.5)
    packets = [radio.read(value) for _, value in h.history("remote.radio")]
    assert [p.command for p in packets] == ["on", "on", "off"]
    assert {p.sender for p in packets} == {"hall"}
    assert len({p.number for p in packets}) == 3


def test_the_lamp_blinks_for_each_packet(house, device):
    h = house({"remote": device("radio_remote", "bar")})
    h.press("remote.off")
    h.wait(1.0)
    assert h.history("remote.lamp") == [(0.0, True), (0.15, False)]


def test_brighter_repeats_while_held(house, device):
    h = house({"remote": device("radio_remote", "bar")})
    h.press("remote.brighter", held=1.2)
    h.wait(3.0)
    assert sent(h) == ["brighter"] * 3


def test_off_does_not_repeat(house, device):
    h = house({"remote": device("radio_remote", "bar")})
    h.press("remote.off", held=5.0)
    assert sent(h) == ["off"]


def test_on_held_for_three_seconds_asks_to_pair(house, device):
    h = house({"remote": device("radio_remote", "cross")})
    h.press("remote.on", held=2.9)
    assert sent(h) == ["on"]
    h.press("remote.on", held=3.1)
    assert sent(h) == ["on", "on", "pair"]
    assert h["remote.lamp"]
    h.wait(1.0)
    assert not h["remote.lamp"]


def test_a_flat_remote_neither_blinks_nor_sends(house, device):
    h = house({"remote": device("radio_remote", "bar")}, faults={"remote": "flat"})
    h.press("remote.on")
    assert h.history("remote.lamp") == []
    assert sent(h) == []


def test_a_weak_remote_blinks_but_does_not_send(house, device):
    h = house({"remote": device("radio_remote", "bar")}, faults={"remote": "weak"})
    h.press("remote.on")
    assert h.history("remote.lamp")
    assert sent(h) == []


def test_a_dead_lamp_does_not_keep_it_from_sending(house, device):
    h = house({"remote": device("radio_remote", "bar")}, faults={"remote": "lamp_dead"})
    h.press("remote.on")
    assert h.history("remote.lamp") == []
    assert sent(h) == ["on"]


def test_a_missed_press_sends_nothing_even_if_it_is_held(house, device):
    h = house({"remote": device("radio_remote", "bar")}, faults={"remote": "brighter_missed"})
    h.press("remote.brighter", held=2.0)
    assert sent(h) == []
    h.press("remote.brighter")
    assert sent(h) == ["brighter"]


@pytest.mark.parametrize("name", ["", "two words", "a,b"])
def test_an_id_is_one_word(device, name):
    with pytest.raises(ValueError, match="id: expected one word"):
        device("radio_remote", "bar", id=name)


def test_what_is_no_packet_reads_as_none():
    assert radio.read("") is None
    assert radio.read("A on") is None
    assert radio.read("A on x") is None
    packet = radio.Packet("A", "on", 7)
    assert radio.read(radio.write(packet)) == packet
