"""The zones' fields: heat through walls and doorways, light through open ones."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_networks import FLAT, control, inlet, output, unit

from switch_bench.network.declare import (
    HOUR,
    MINUTE,
    MS,
    SECOND,
    Comparator,
    Doorway,
    Flow,
    Luminaire,
    NetworkSpec,
    Point,
    Ray,
    ThermalNode,
    Unit,
    Zone,
)
from switch_bench.network.errors import InvalidSpec, UnknownSignal
from switch_bench.network.kernel import Network
from switch_bench.network.thermal import jacobi

matrices = st.integers(1, 7).flatmap(
    lambda n: st.lists(st.lists(st.floats(-9.0, 9.0), min_size=n, max_size=n), min_size=n, max_size=n)
)


@settings(max_examples=100, deadline=None)
@given(matrices)
def test_jacobi_takes_a_symmetric_matrix_apart(rows):
    n = len(rows)
    matrix = [[rows[i][j] + rows[j][i] for j in range(n)] for i in range(n)]
    values, q = jacobi(matrix)
    assert values == sorted(values)
    for i in range(n):
        for j in range(n):
            again = sum(q[i][k] * values[k] * q[j][k] for k in range(n))
            assert again == pytest.approx(matrix[i][j], abs=1e-10)
            assert sum(q[k][i] * q[k][j] for k in range(n)) == pytest.approx(float(i == j), abs=1e-12)


def test_a_room_by_itself_cools_as_one_resistance_and_one_capacity():
    net = Network(NetworkSpec(zones=(Zone(name="hall", capacity=1e5, temperature=20.0, outdoor=20.0),), outdoor=5.0))
    net.advance(2 * HOUR)
    assert net.level("hall.temperature") == pytest.approx(5.0 + 15.0 * exp(-7200.0 * 20.0 / 1e5), abs=1e-9)
    assert net.log == []


def heater(power: float = 1000.0, **more) -> Unit:
    return unit(
        "heater",
        control("on"),
        output("power", 0.0),
        logic=lambda io: io.set("power", power if io["on"] else 0.0),
        **more,
    )


def oven(**more) -> Unit:
    """A heater in a small cavity with thick walls in a hall."""
    cavity = ThermalNode(name="cavity", capacity=2e3, initial=20.0, links=(("wall", 20.0),), power=("power",))
    wall = ThermalNode(name="wall", capacity=8e3, initial=20.0, links=(("/hall", 4.0),))
    return heater(nodes=(cavity, wall), **more)


def test_heat_finds_its_way_as_small_steps_in_time_say():
    net = Network(NetworkSpec(zones=(Zone(name="hall", capacity=5e4, outdoor=15.0),), units=(oven(),), outdoor=8.0))
    net.push("heater.on", True, t=0)
    net.advance(20 * MINUTE)
    cavity, wall, hall = 20.0, 20.0, 20.0
    dt = 0.01
    for _ in range(round(1200 / dt)):
        into_wall, into_hall, away = 20.0 * (cavity - wall), 4.0 * (wall - hall), 15.0 * (hall - 8.0)
        cavity += dt * (1000.0 - into_wall) / 2e3
        wall += dt * (into_wall - into_hall) / 8e3
        hall += dt * (into_hall - away) / 5e4
    assert net.level("heater.cavity") == pytest.approx(cavity, abs=0.02)
    assert net.level("heater.wall") == pytest.approx(wall, abs=0.02)
    assert net.level("hall.temperature") == pytest.approx(hall, abs=0.02)


def test_without_a_way_out_all_heat_stays():
    net = Network(NetworkSpec(zones=(Zone(name="hall", capacity=5e4, outdoor=0.0),), units=(oven(),)))
    net.push("heater.on", True, t=0)
    net.push("heater.on", False, t=HOUR)
    net.advance(24 * HOUR)
    stored = 2e3 * net.level("heater.cavity") + 8e3 * net.level("heater.wall") + 5e4 * net.level("hall.temperature")
    assert stored == pytest.approx(20.0 * 60e3 + 3600.0 * 1000.0, rel=1e-9)


def test_an_overshoot_is_noticed_though_no_event_lies_near_it():
    """A plate beside the cavity goes on warming after the heater is off, and is cool again long before the end."""
    plate = ThermalNode(name="plate", capacity=4e3, initial=20.0, links=(("/heater.cavity", 6.0), ("/outdoor", 3.0)))
    probe = unit(
        "probe",
        nodes=(plate,),
        comparators=(Comparator(name="hot", flow="plate", at=51.0, hysteresis=0.5),),
    )
    source = heater(nodes=(ThermalNode(name="cavity", capacity=6e3, initial=20.0, power=("power",)),))
    net = Network(NetworkSpec(units=(source, probe), outdoor=20.0))
    net.push("heater.on", True, t=SECOND)
    net.push("heater.on", False, t=8 * MINUTE)
    net.advance(8 * MINUTE)
    for name in ("heater.cavity", "probe.plate"):
        assert net.last_event(name) is not None
    assert net.value("probe.hot") is False
    off = net.last_event("probe.plate")
    net.advance(10 * HOUR)
    rise, fall = (e for e in net.log if e.signal == "probe.hot")
    assert (rise.new, fall.new) == (True, False)
    assert rise.causes == fall.causes == (off,)
    anchor = net.anchor("probe.plate")
    assert anchor.at(rise.t) >= 51.25 > anchor.at(rise.t - MS)
    assert anchor.at(fall.t) <= 50.75 < anchor.at(fall.t - MS)
    assert anchor.at(8 * MINUTE) < 40.0
    assert net.level("probe.plate") < 40.0


def test_power_is_the_cause_of_warmth_elsewhere():
    net = Network(FLAT)
    net.advance(HOUR)
    for room in ("kitchen", "living"):
        events = [e for e in net.log if e.signal == f"{room}.temperature"]
        assert net.log[events[0].causes[0]].signal.endswith(".power")
        assert events[0].id in events[1].causes


def test_a_heated_flat_keeps_its_hall_within_a_degree_of_what_is_wanted():
    net = Network(FLAT)
    net.advance(6 * HOUR)
    for _ in range(200):
        net.advance(net.now + 7 * MINUTE)
        assert abs(net.level("hall.temperature") - 21.0) < 1.0


def test_a_closed_door_keeps_the_heat_in():
    def warmth(is_open: bool) -> float:
        net = Network(
            NetworkSpec(
                zones=(Zone(name="hall"), Zone(name="bath")),
                doorways=(Doorway(name="way", zones=("hall", "bath"), gate="door.open"),),
                units=(oven(), unit("door", control("open", is_open))),
            )
        )
        net.push("heater.on", True, t=0)
        net.advance(2 * HOUR)
        return net.level("bath.temperature")

    assert warmth(True) > warmth(False) + 1.0


def test_a_door_that_moves_re_anchors_both_rooms_and_is_their_cause():
    net = Network(FLAT)
    net.advance(HOUR)
    net.push("door.open", False, t=HOUR)
    net.advance(HOUR)
    door = net.last_event("door.open")
    for room in ("hall", "living"):
        assert door in net.log[net.last_event(f"{room}.temperature")].causes
        assert net.anchor(f"{room}.temperature").t0 == HOUR


def test_weather_can_change():
    net = Network(NetworkSpec(zones=(Zone(name="hall"),), outdoor=20.0))
    net.push("outdoor.temperature", 0.0, t=HOUR)
    net.advance(2 * HOUR)
    assert net.level("hall.temperature", HOUR) == pytest.approx(20.0)
    assert net.level("hall.temperature") < 19.0


def test_heat_between_parts_that_never_meet_is_kept_apart():
    spec = NetworkSpec(zones=(Zone(name="hall"), Zone(name="bath")), units=(oven(),))
    net = Network(spec)
    net.push("heater.on", True, t=SECOND)
    net.advance(SECOND)
    assert net.last_event("hall.temperature") is not None
    assert net.last_event("bath.temperature") is None


def lamp(zone: str, lux: float = 200.0) -> Unit:
    return unit(
        f"lamp_{zone}",
        control("on"),
        output("lit"),
        logic=lambda io: io.set("lit", bool(io["on"])),
        zone=zone,
        luminaires=(Luminaire(level="lit", lux=lux),),
    )


LIT = NetworkSpec(
    zones=(Zone(name="hall", daylight=30.0), Zone(name="bath"), Zone(name="attic")),
    doorways=(
        Doorway(name="way", zones=("hall", "bath"), light=0.1, gate="door.open"),
        Doorway(name="hatch", zones=("bath", "attic"), light=0.5),
    ),
    units=(lamp("hall"), lamp("bath", 100.0), unit("door", control("open", True))),
)


def test_a_room_is_lit_by_its_lamps_its_daylight_and_its_neighbours_own_light():
    net = Network(LIT)
    assert (net.level("hall.illuminance"), net.level("bath.illuminance"), net.level("attic.illuminance")) == (
        30.0,
        3.0,
        0.0,
    )
    net.push("lamp_hall.on", True, t=1)
    net.advance(1)
    assert net.level("hall.illuminance") == 230.0
    assert net.level("bath.illuminance") == pytest.approx(23.0)
    assert net.level("attic.illuminance") == 0.0


def test_a_lamp_may_hang_in_another_zone_than_its_switch():
    far = unit("far", control("on"), luminaires=(Luminaire(level="on", lux=80.0, zone="bath"),))
    net = Network(NetworkSpec(zones=(Zone(name="hall"), Zone(name="bath")), units=(far,)))
    net.push("far.on", True, t=1)
    net.advance(1)
    assert (net.level("hall.illuminance"), net.level("bath.illuminance")) == (0.0, 80.0)


def test_a_closed_door_lets_no_light_through():
    net = Network(LIT)
    net.push("lamp_hall.on", True, t=1)
    net.push("door.open", False, t=2)
    net.advance(2)
    assert net.level("bath.illuminance") == 0.0
    dark = net.log[net.last_event("bath.illuminance")]
    assert net.last_event("door.open") in dark.causes


def test_a_door_between_dark_rooms_changes_no_light():
    net = Network(NetworkSpec(zones=(Zone(name="hall"), Zone(name="bath")), doorways=LIT.doorways[:1], units=LIT.units))
    net.push("door.open", False, t=1)
    net.advance(1)
    assert net.last_event("bath.illuminance") is None


DESK = Point(
    name="desk",
    zone="bath",
    rays=(
        Ray(level="bath.daylight", lux=1.0),
        Ray(level="lamp_bath.lit", lux=160.0),
        Ray(level="lamp_hall.lit", lux=5.0, gate="door.open"),
    ),
)


def test_a_point_is_lit_by_its_rays_and_not_as_its_room():
    net = Network(replace(LIT, points=(DESK,)))
    levels = [net.level("desk.illuminance")]
    for t, (name, value) in enumerate([("lamp_bath.on", True), ("lamp_hall.on", True), ("door.open", False)], 1):
        net.push(name, value, t=t)
        net.advance(t)
        levels.append(net.level("desk.illuminance"))
    assert levels == [0.0, 160.0, 165.0, 160.0]
    assert net.info["desk.illuminance"].zone == "bath"
    shut = net.log[net.last_event("desk.illuminance")]
    assert net.last_event("door.open") in shut.causes


def test_a_point_needs_a_room_and_lamps_that_are_there():
    with pytest.raises(InvalidSpec, match="point desk: no zone 'cellar'"):
        Network(replace(LIT, points=(replace(DESK, zone="cellar"),)))
    with pytest.raises(UnknownSignal, match=r"point desk: no signal 'lamp_bath\.li'.*lamp_bath\.lit"):
        Network(replace(LIT, points=(replace(DESK, rays=(Ray(level="lamp_bath.li", lux=1.0),)),)))


def test_light_follows_a_lamp_that_warms_up():
    def logic(io):
        if io.rose("on"):
            io.lag("glow", 1.0, 2.0)

    slow = unit(
        "slow",
        control("on"),
        logic=logic,
        flows=(Flow(name="glow", initial=0.0),),
        luminaires=(Luminaire(level="glow", lux=300.0),),
        comparators=(Comparator(name="bright", flow="@illuminance", at=150.0, hysteresis=1.0),),
    )
    net = Network(NetworkSpec(zones=(Zone(name="hall"),), units=(slow, lamp("hall", 50.0))))
    net.push("slow.on", True, t=SECOND)
    net.push("lamp_hall.on", True, t=2 * SECOND)
    net.advance(10 * SECOND)
    for t in (2 * SECOND, 3 * SECOND, 9 * SECOND):
        expected = 50.0 + 300.0 * (1.0 - exp(-(t / SECOND - 1.0) / 2.0))
        assert net.level("hall.illuminance", t) == pytest.approx(expected, abs=1e-9)
    bright = net.log[net.last_event("slow.bright")]
    assert bright.new is True
    assert net.level("hall.illuminance", bright.t) >= 150.5


def test_a_dark_neighbours_door_leaves_a_lamp_that_warms_up_alone():
    def logic(io):
        if io.first:
            io.lag("glow", 1.0, 5.0)

    slow = unit(
        "slow", logic=logic, flows=(Flow(name="glow", initial=0.0),), luminaires=(Luminaire(level="glow", lux=9.0),)
    )
    spec = NetworkSpec(
        zones=(Zone(name="hall"), Zone(name="bath")),
        doorways=(Doorway(name="way", zones=("hall", "bath"), gate="door.open"),),
        units=(slow, unit("door", control("open", True))),
    )
    net = Network(spec)
    before = net.anchor("hall.illuminance")
    net.push("door.open", False, t=SECOND)
    net.advance(SECOND)
    assert net.anchor("hall.illuminance") is before
    assert net.anchor("bath.illuminance").terms == ()


def test_a_light_switched_in_a_fork_can_be_switched_in_its_origin():
    net = Network(LIT)
    fork = net.fork()
    for either in (fork, net):
        either.push("lamp_hall.on", True, t=SECOND)
        either.advance(SECOND)
        assert either.level("hall.illuminance") == 230.0


def test_dusk_is_an_input_of_the_zone():
    net = Network(LIT)
    net.push("hall.daylight", 0.0, t=1)
    net.advance(1)
    assert net.level("hall.illuminance") == 0.0
    assert net.level("bath.illuminance") == 0.0


def test_logic_reads_the_fields_of_its_zone_and_of_others():
    seen = {}

    def logic(io):
        seen["here"] = io.level("@temperature")
        seen["there"] = io["/bath.temperature"]
        seen["sun"] = io["@daylight"]

    zones = (Zone(name="hall", temperature=19.0, daylight=7.0), Zone(name="bath", temperature=24.0))
    Network(NetworkSpec(zones=zones, units=(unit("u", inlet("i"), logic=logic),)))
    assert seen == {"here": pytest.approx(19.0), "there": pytest.approx(24.0), "sun": 7.0}
