from __future__ import annotations

import builtins
from math import fsum, log

import pytest
from device_house import House, declare
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.devices.breaker_panel import MAGNET, MODELS, RCD_TRIPS, TAU, TRIPS_AT, VOLTS


class Board(House):
    """A board whose handles spring: what drives a handle to the middle gets it there in 30 ms."""

    def __init__(self, model="row_six", *, fault=None, initial=None, **options):
        faults = {"board": fault} if fault else {}
        super().__init__({"board": declare("breaker_panel", model, **options)}, faults=faults, initial=initial)
        self.handles = [n for n in self.network.names if n.removesuffix("_spring") != n]
        self.spring()

    def spring(self):
        for drive in self.handles:
            if self[drive]:
                super().wait(0.03)
                super().write({drive.removesuffix("_spring"): "tripped"})

    def write(self, values):
        super().write(values)
        self.spring()

    def wait(self, duration):
        """Stop at every drive, as the world does."""
        end = self.network.now + round(duration * 1e6)
        while self.network.now < end:
            self.network.advance(end, stop=True)
            self.spring()

    def handle(self, name, at):
        self.write({f"board.{name}": at})

    def circuits(self):
        return [self[f"board.circuit_{i}"] for i in range(1, 7)]


def amps(current):
    return VOLTS * current


def test_a_board_switched_on_feeds_every_circuit():
    assert Board().circuits() == [True] * 6


def test_a_breaker_off_cuts_its_circuit_alone():
    board = Board()
    board.handle("mcb_2", "off")
    assert board.circuits() == [True, False, True, True, True, True]
    board.handle("mcb_2", "on")
    assert board.circuits() == [True] * 6


def test_the_wiring_says_which_circuit_hangs_on_which_breaker():
    board = Board(fault="swapped_wiring")
    board.handle("mcb_1", "off")
    assert board.circuits() == [True, False, True, True, True, True]


def test_without_current_from_the_street_no_handle_brings_anything_back():
    board = Board(fault="no_supply")
    assert board.circuits() == [False] * 6
    assert not board["board.neon"]
    for name in ("rcd", "mcb_1", "mcb_2"):
        board.handle(name, "off")
        board.handle(name, "on")
    assert board.circuits() == [False] * 6


@pytest.mark.parametrize(("ratio", "within"), [(1.45, 3600.0), (2.55, 60.0)])
def test_an_overload_trips_within_the_time_of_the_standard(ratio, within):
    board = Board()
    board.put(board__load_3=amps(16.0 * ratio))
    expected = TAU * log(ratio**2 / (ratio**2 - TRIPS_AT))
    board.wait(expected - 0.1)
    assert board["board.circuit_3"]
    board.wait(0.2)
    assert not board["board.circuit_3"]
    assert board["board.mcb_3"] == "tripped"
    assert 1.0 < expected < within
    assert board.circuits() == [True, True, False, True, True, True]


def test_a_breaker_carries_its_rating_for_ever():
    board = Board()
    board.put(board__load_3=amps(16.0 * 1.13))
    board.wait(3600.0)
    assert board["board.circuit_3"]


def test_a_short_circuit_trips_in_half_a_wave():
    board = Board()
    board.put(board__load_1=amps(10.0 * MAGNET + 1.0))
    board.wait(0.02)
    assert [value for _, value in board.history("board.circuit_1")] == [True, False]
    assert board.history("board.circuit_1")[-1][0] == pytest.approx(0.01)
    assert board["board.mcb_1"] == "tripped"


def test_a_tripped_breaker_must_go_off_before_on():
    board = Board(fault="tripped_4")
    assert not board["board.circuit_4"]
    board.handle("mcb_4", "on")
    assert not board["board.circuit_4"]
    assert board["board.mcb_4"] == "tripped"
    board.handle("mcb_4", "off")
    board.handle("mcb_4", "on")
    assert board["board.circuit_4"]
    assert board["board.mcb_4"] == "on"


def test_a_handle_held_on_does_not_hold_the_circuit():
    board = Board()
    board.put(board__load_3=amps(40.0))
    House.wait(board, 3600.0)  # the hand holds the handle against its spring
    assert board["board.mcb_3"] == "on"
    assert not board["board.circuit_3"]
    assert board["board.mcb_3_spring"]


def test_a_hot_breaker_trips_again_until_it_has_cooled():
    board = Board()
    board.put(board__load_3=amps(40.0))
    board.wait(30.0)
    board.put(board__load_3=0.0)
    for _ in range(2):
        assert board["board.mcb_3"] == "tripped"
        board.handle("mcb_3", "off")
        board.handle("mcb_3", "on")
    board.wait(25.0)
    board.handle("mcb_3", "off")
    board.handle("mcb_3", "on")
    assert board["board.circuit_3"]


def test_passing_the_middle_by_hand_trips_nothing():
    board = Board()
    for at in ("tripped", "off", "tripped", "on"):
        board.handle("mcb_5", at)
    assert board["board.circuit_5"]


def test_a_handle_found_in_the_middle_has_tripped():
    board = Board(initial={"board.mcb_2": "tripped"})
    board.handle("mcb_2", "on")
    assert not board["board.circuit_2"]


def test_the_test_key_trips_the_rcd_while_it_has_mains():
    board = Board()
    board.put(board__mains=False)
    board.press("board.rcd_test")
    assert board["board.rcd"] == "on"
    board.put(board__mains=True)
    board.press("board.rcd_test")
    assert board["board.rcd"] == "tripped"
    assert board.circuits() == [False] * 6
    assert not board["board.neon"]


def test_the_rcd_must_go_off_before_on_too():
    board = Board(fault="tripped_rcd")
    board.handle("rcd", "on")
    assert board.circuits() == [False] * 6
    board.handle("rcd", "off")
    board.handle("rcd", "on")
    assert board.circuits() == [True] * 6


def test_a_leak_trips_the_rcd_from_its_threshold_on():
    board = Board()
    board.put(board__leak=RCD_TRIPS - 1.0)
    board.wait(1.0)
    assert board["board.rcd"] == "on"
    board.put(board__leak=RCD_TRIPS)
    board.wait(0.1)
    assert board["board.rcd"] == "tripped"


def test_a_leak_shorter_than_the_rcds_time_does_not_trip():
    board = Board()
    board.put(board__leak=100.0)
    board.wait(0.02)
    board.put(board__leak=0.0)
    board.wait(1.0)
    assert board["board.rcd"] == "on"


def test_the_rcd_holds_once_the_leaking_circuit_is_off():
    board = Board(fault="earth_fault_3")
    board.wait(1.0)
    assert board["board.rcd"] == "tripped"
    board.handle("rcd", "off")
    board.handle("rcd", "on")
    board.wait(1.0)
    assert board["board.rcd"] == "tripped"
    board.handle("mcb_3", "off")
    board.handle("rcd", "off")
    board.handle("rcd", "on")
    board.wait(1.0)
    assert board.circuits() == [True, True, False, True, True, True]


def test_circuits_before_the_rcd_stay_live_when_it_trips():
    board = Board("split_eight")
    board.press("board.rcd_test")
    assert [board[f"board.circuit_{i}"] for i in range(1, 9)] == [True, True, *[False] * 6]


def test_a_dead_test_key_does_nothing():
    board = Board(fault="test_dead")
    board.press("board.rcd_test")
    assert board["board.rcd"] == "on"


def test_a_shorted_circuit_throws_its_breaker_every_time():
    board = Board(fault="short_circuit_2")
    board.wait(0.1)
    assert board["board.mcb_2"] == "tripped"
    board.handle("mcb_2", "off")
    board.handle("mcb_2", "on")
    board.wait(0.1)
    assert board["board.mcb_2"] == "tripped"


def test_a_power_cut_leaves_the_handles_where_they_are():
    board = Board()
    board.handle("mcb_6", "off")
    board.put(board__mains=False)
    assert board.circuits() == [False] * 6
    assert board["board.load"] == 0.0
    board.put(board__mains=True)
    assert board.circuits() == [True] * 5 + [False]


def test_the_board_passes_on_the_load_of_live_circuits():
    board = Board()
    board.put(board__load_1=100.0, board__load_2=50.0)
    assert board["board.load"] == 150.0
    board.handle("mcb_1", "off")
    assert board["board.load"] == 50.0


def test_the_boards_load_is_the_same_on_a_python_whose_sum_is_compensated(monkeypatch):
    monkeypatch.setattr(builtins, "sum", fsum)  # from Python 3.12 on it carries what rounding loses along
    board = Board()
    board.put(board__load_1=0.1, board__load_2=0.2, board__load_3=0.3)
    assert board["board.load"] == 0.1 + 0.2 + 0.3 != fsum((0.1, 0.2, 0.3))


@given(
    st.lists(
        st.tuples(st.sampled_from(["rcd", *(f"mcb_{i}" for i in range(1, 7))]), st.sampled_from(["off", "on"])),
        max_size=10,
    )
)
def test_by_hand_a_circuit_is_live_when_its_handles_are_on(moves):
    board = Board()
    for handle, at in moves:
        board.handle(handle, at)
    on = [board["board.rcd"] == "on" and board[f"board.mcb_{i}"] == "on" for i in range(1, 7)]
    assert board.circuits() == on


@pytest.mark.parametrize("model", MODELS)
def test_every_handle_can_be_thrown_to_the_middle_by_its_spring(model):
    handles = [c for panel in declare("breaker_panel", model).panels for c in panel.controls if c.drive]
    assert len(handles) == len(MODELS[model].amps) + 1
    for handle in handles:
        assert handle.driven[True] == dict(handle.positions)["tripped"]


def test_a_wiring_must_name_each_breaker_once():
    with pytest.raises(ValueError, match="wiring: '1123' must name each of 1234"):
        declare("breaker_panel", "garage_four", wiring="1123")
