"""How much of a lamp's light comes to a point, in rooms with walls and doorways."""

from __future__ import annotations

from math import cos, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from switch_bench.physics import lighting
from switch_bench.physics.lighting import Lamp, direct, rays, reflected
from switch_bench.spec.places import WAYS
from switch_bench.spec.rooms import Doorway, Zone

HALL, DEN = Zone(size=(4.0, 3.0)), Zone(size=(4.0, 3.0), at=(4.1, 0.0))
ROOMS = {"hall": HALL, "den": DEN}
WAY = Doorway(id="way", zones=("hall", "den"), at=(4.05, 1.5), width=0.9, gate="door.open")

inside = st.floats(0.1, 2.9)
places = st.tuples(inside, inside, st.floats(0.1, 1.5))


def light(at, lamp, *, zone="hall", doorways=(), facing="up", lit="hall", lux=100.0) -> float:
    """What a lamp of 100 lx does to a point [lx]."""
    found = rays(zone, at, WAYS[facing], ROOMS, doorways, [Lamp("lamp.lit", lux, lit, lamp)])
    return sum(ray.lux for ray in found if ray.level == "lamp.lit")


def test_a_bare_lamp_obeys_the_inverse_square_and_cosine_laws():
    above, aside = direct((0, 0, 2.0), (0, 0, 0)), direct((0, 0, 2.0), (2.0, 0, 0))
    assert above == pytest.approx(1 / (4 * pi * 4.0))
    assert aside == pytest.approx(above / 2 * 0.5**0.5)
    assert direct((0, 0, 2.0), (0, 0, 1.0)) == pytest.approx(4 * above)
    assert direct((0, 0, 2.0), (0, 0, 0), WAYS["down"]) == 0.0


@settings(deadline=None)
@given(st.floats(0.3, 2.0), st.floats(0.01, 0.9), st.floats(0.0, 2 * pi))
def test_light_falls_with_the_distance_from_under_the_lamp(height, step, angle):
    lamp, reach = (2.0, 1.5, 0.5 + height), [0.05 + step * k for k in range(1, 4)]
    lit = [light((2.0 + r * cos(angle) * 0.5, 1.5 + r * sin(angle) * 0.5, 0.5), lamp) for r in reach]
    assert lit[0] > lit[1] > lit[2]


@settings(deadline=None)
@given(places, inside, inside)
def test_a_lamp_and_a_room_seen_in_a_mirror_give_the_same_light(at, x, y):
    mirrored = light((4.0 - at[0], at[1], at[2]), (4.0 - x, y, 2.2))
    assert light(at, (x, y, 2.2)) == pytest.approx(mirrored, rel=1e-9)


@settings(deadline=None, max_examples=20)
@given(inside, inside, st.floats(1.2, 2.4))
def test_the_mean_over_the_working_plane_is_the_zones_own(x, y, z):
    n = lighting.GRID
    plane = [(4.0 * (i + 0.5) / n, 3.0 * (j + 0.5) / n, lighting.PLANE) for i in range(n) for j in range(n)]
    assert sum(light(at, (x, y, z)) for at in plane) / n**2 == pytest.approx(100.0, rel=1e-9)


@settings(deadline=None)
@given(places, places)
def test_nothing_comes_through_a_wall_without_a_doorway(at, lamp):
    assert light((at[0] + 4.1, at[1], at[2]), lamp, zone="den") == 0.0


def test_through_a_doorway_light_comes_straight_where_the_opening_is_in_the_way():
    lamp = (1.0, 1.5, 2.0)
    before, beside = (5.0, 1.5, 0.9), (5.0, 0.2, 0.9)
    lit = [light(at, lamp, zone="den", doorways=[WAY]) for at in (before, beside)]
    assert lit[0] > 2 * lit[1] > 0.0
    assert light(beside, lamp, zone="den", doorways=[WAY]) < 100.0 * WAY.light


def test_over_a_lintel_no_light_comes_straight():
    lamp, over, beside = (1.0, 1.5, 2.4), (4.3, 1.5, 2.2), (4.3, 0.2, 2.2)
    lit = [light(at, lamp, zone="den", doorways=[WAY], facing="west") for at in (over, beside)]
    assert lit[0] == lit[1] > 0.0


@settings(deadline=None, max_examples=20)
@given(inside, inside, st.floats(1.2, 2.4), st.floats(0.0, 0.05))
def test_the_mean_of_what_comes_through_is_the_share_the_doorway_lets_pass(x, y, z, share):
    way, n = WAY.model_copy(update={"light": share}), lighting.GRID
    plane = [(4.1 + 4.0 * (i + 0.5) / n, 3.0 * (j + 0.5) / n, lighting.PLANE) for i in range(n) for j in range(n)]
    come = sum(light(at, (x, y, z), zone="den", doorways=[way]) for at in plane)
    assert come / n**2 == pytest.approx(100.0 * share, rel=1e-9)


def test_a_door_stands_before_all_that_comes_through_it_and_before_nothing_else():
    lamps = [Lamp("near.lit", 100.0, "den", (6.0, 1.5, 2.0)), Lamp("far.lit", 100.0, "hall", (1.0, 1.5, 2.0))]
    found = rays("den", (5.0, 1.5, 0.9), WAYS["up"], ROOMS, [WAY], lamps)
    gates = {ray.level: ray.gate for ray in found}
    assert gates == {"den.daylight": None, "near.lit": None, "hall.daylight": "door.open", "far.lit": "door.open"}


def test_a_surface_that_looks_away_gets_only_what_the_room_reflects():
    lamp, at = (1.0, 1.5, 2.2), (3.0, 1.5, 1.2)
    away, towards = light(at, lamp, facing="east"), light(at, lamp, facing="west")
    assert towards > away
    assert away == pytest.approx(light((3.9, 0.1, 0.1), lamp, facing="down"))


def test_a_larger_room_reflects_less_on_each_square_metre():
    assert reflected(Zone(size=(8.0, 6.0))) < reflected(HALL)
