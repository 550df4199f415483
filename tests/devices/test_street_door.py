from __future__ import annotations

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.devices.street_door import CLOSING

OPENS_IN, SHUTS_IN = 0.5, 3.0  # s


class Entrance(House):
    """A street door wired to an intercom, whose leaf moves as its motor and bolt allow."""

    def __init__(self, model="oak", *, side="outside", faults=None, wedge=False):
        devices = {"door": declare("street_door", model, side=side), "flat": declare("intercom", "slim")}
        super().__init__(
            devices, wires=[("flat.release", "door.release"), ("door.ringing", "flat.ring")], faults=faults or {}
        )
        self.wedge = wedge
        self.moves: tuple[int, str] | None = None

    def wait(self, duration):
        end = self.network.now + round(duration * 1e6)
        while self.network.now < end:
            self._aim()
            stop = min(end, self.moves[0]) if self.moves else end
            self.network.advance(stop, stop=True)
            if self.moves and self.network.now >= self.moves[0]:
                self.write({"door.leaf": self.moves[1]})
                self.moves = None

    def _aim(self):
        goal = {"open": "open", "close": "closed"}.get(self["door.motor"], "")
        held = self["door.bolt"] if goal == "open" else self.wedge
        if not goal or goal == self["door.leaf"] or held:
            self.moves = None
        elif self.moves is None or self.moves[1] != goal:
            self.moves = (self.network.now + round((OPENS_IN if goal == "open" else SHUTS_IN) * 1e6), goal)


def states(h):
    return [state for _, state in h.history("door.state")]


def test_the_far_door_opens_and_locks_itself_again():
    h = Entrance()
    assert h["door.state"] == "locked"
    h.press("flat.unlock")
    h.wait(30.0)
    assert states(h) == ["closed", "open", "closed", "locked"]
    assert h["door.motor"] == "idle"


def test_a_plain_door_is_free_for_five_seconds():
    h = Entrance("glass")
    h.press("flat.unlock")
    h.wait(10.0)
    assert h.history("door.state") == [(0.0, "closed"), (5.0, "locked")]
    assert h.history("door.bolt") == [(0.0, False), (5.0, True)]
    assert h.history("door.free_lamp") == [(0.0, True), (5.0, False)]


def test_a_visitor_gets_in_within_the_window_and_not_after_it():
    h = Entrance("glass")
    h.press("flat.unlock")
    h.wait(4.0)
    h.press("door.enter")
    h.wait(1.0)
    assert h["door.state"] == "open"
    h.wait(30.0)
    assert h["door.state"] == "locked"
    h.press("flat.unlock")
    h.wait(5.0)
    h.press("door.enter")
    h.wait(5.0)
    assert h["door.state"] == "locked"


def test_the_window_ends_behind_an_open_door_without_bolting_it():
    h = Entrance("glass")
    h.press("flat.unlock")
    h.press("door.enter")
    h.wait(7.0)
    assert h["door.leaf"] == "open"
    assert not h["door.bolt"]


def test_holding_unlock_opens_no_second_window():
    h = Entrance("glass")
    h.press("flat.unlock", held=9.0)
    assert h.history("door.bolt") == [(0.0, False), (5.0, True)]


def test_a_second_release_starts_the_window_anew():
    h = Entrance("glass")
    h.press("flat.unlock")
    h.wait(3.8)
    h.press("flat.unlock")
    h.wait(4.5)
    assert h["door.state"] == "closed"
    h.wait(1.0)
    assert h["door.state"] == "locked"


def test_a_leaf_held_up_opens_again_and_then_shuts():
    h = Entrance(wedge=True)
    h.press("flat.unlock")
    h.wait(30.0)
    motor = [value for _, value in h.history("door.motor")]
    assert motor[:3] == ["open", "close", "open"]
    h.wedge = False
    h.wait(40.0)
    assert h["door.state"] == "locked"


def test_a_hand_that_pushes_the_free_leaf_starts_the_operator():
    h = Entrance("glass")
    h.press("flat.unlock")
    h.put(door__leaf="open")
    assert h["door.motor"] == "open"


def test_the_exit_push_frees_the_door_from_inside():
    h = Entrance(side="inside")
    h.press("door.exit")
    h.wait(2.0)
    assert h["door.state"] == "open"


def test_a_ring_at_the_door_calls_the_flat_by_bell_or_by_script():
    h = Entrance()
    h.press("door.bell")
    assert h["flat.call_lamp"]
    h.wait(40.0)
    h.press("door.ring")
    assert h["flat.call_lamp"]
    assert h["flat.sound"] == "chime"


def test_one_door_buzzes_while_it_is_free():
    h = Entrance("green_buzzer")
    h.press("flat.unlock")
    h.wait(10.0)
    assert h.history("door.sound") == [(0.0, "buzz"), (5.0, "")]


def test_without_mains_the_strike_holds():
    h = Entrance()
    h.put(door__mains=False)
    h.press("flat.unlock")
    h.wait(5.0)
    assert h["door.state"] == "locked"
    assert h["door.load"] == 0.0


@pytest.mark.parametrize("after", [0.1, 2.0, 6.0])
def test_a_cut_lets_the_spring_close_what_stands_open(after):
    h = Entrance()
    h.press("flat.unlock", held=0.05)
    h.wait(after)
    h.put(door__mains=False)
    assert h["door.motor"] == "close"
    h.wait(10.0)
    assert h["door.state"] == "locked"
    h.put(door__mains=True)
    h.wait(10.0)
    assert h["door.state"] == "locked"


def test_a_dead_strike_does_not_let_go():
    h = Entrance(faults={"door": "strike_dead"})
    h.press("flat.unlock")
    h.wait(5.0)
    assert states(h) == []


def test_with_a_dead_operator_a_hand_opens_the_free_leaf_and_the_spring_shuts_it():
    h = Entrance(faults={"door": "motor_dead"})
    h.press("flat.unlock")
    h.wait(1.0)
    assert h["door.state"] == "closed"
    h.put(door__leaf="open")
    h.wait(3.5)
    assert h["door.leaf"] == "closed"
    h.wait(5.0)
    assert h["door.state"] == "locked"


@given(
    st.sampled_from(["oak", "glass", "green_buzzer"]),
    st.lists(
        st.tuples(
            st.sampled_from(["flat.unlock", "door.enter", "door.exit", "cut", "wedge"]), st.floats(0.0, CLOSING / 1e6)
        ),
        max_size=8,
    ),
)
def test_the_bolt_never_holds_an_open_leaf_and_the_door_ends_locked(model, acts):
    h = Entrance(model, side="inside")
    for act, wait in acts:
        if act == "cut":
            h.put(door__mains=not h["door.mains"])
        elif act == "wedge":
            h.wedge = not h.wedge
        else:
            h.press(act, held=0.1)
        assert not (h["door.bolt"] and h["door.leaf"] == "open")
        h.wait(wait)
        assert not (h["door.bolt"] and h["door.leaf"] == "open")
    h.wedge = False
    h.wait(60.0)
    assert h["door.state"] == "locked"
    assert h["door.motor"] == "idle"


def test_a_door_is_seen_from_one_side():
    outside = {c.name for panel in declare("street_door", "oak").panels for c in panel.controls}
    inside = {c.name for panel in declare("street_door", "oak", side="inside").panels for c in panel.controls}
    assert (outside, inside) == ({"leaf", "bell"}, {"leaf", "exit"})
    with pytest.raises(ValueError, match="side: expected outside or inside, got 'left'"):
        declare("street_door", "oak", side="left")
