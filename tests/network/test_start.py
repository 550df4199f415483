"""A network begun from what was compiled once is the one made from its declaration, whatever the seed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_networks import FLAT, MS, control, facts, inlet, output, unit

from switch_bench.network.declare import Act, NetworkSpec, Script, Wire
from switch_bench.network.io import IO
from switch_bench.network.kernel import Network
from switch_bench.network.start import Start


def _pass_on(io: IO) -> None:
    io.set("out", io["key"])


def _toss(io: IO) -> None:
    """Lit or not, by a draw as soon as it begins."""
    if io.first:
        io.set("lamp", io.draw("lamp") < 0.5)


def pair(logic: Any = None, **more: Any) -> NetworkSpec:
    """A switch here, a light there, and a wire between them."""
    switch = unit("switch", control("key"), output("out"), logic=_pass_on)
    light = unit("light", inlet("power"), output("lamp"), logic=logic)
    return NetworkSpec(units=(switch, light), wires=(Wire(source="switch.out", target="light.power", **more),))


def run(network: Network) -> list[tuple]:
    """The key is pressed and let go, and time goes by."""
    for t, down in ((40 * MS, True), (90 * MS, False), (2_000 * MS, True)):
        network.push("switch.key", down, t=t)
    network.advance(10_000 * MS)
    return facts(network.log)


@pytest.mark.parametrize("spec", [pair(delay=10 * MS, jitter=900 * MS), pair(_toss)], ids=["later", "at once"])
def test_each_seed_runs_as_if_it_were_compiled_for_it(spec):
    start = Start(spec)
    for seed in (3, 4, 3):
        begun, made = start.network(seed), Network(replace(spec, seed=seed))
        assert (begun.state(), begun.values, facts(begun.log)) == (made.state(), made.values, facts(made.log))
        assert begun.drives_version == made.drives_version
        assert run(begun) == run(made)


def test_one_that_draws_in_the_first_instant_is_begun_anew_for_each_seed():
    start = Start(pair(_toss))
    lit = {bool(start.network(seed).value("light.lamp")) for seed in range(20)}
    assert lit == {True, False}


def test_seeds_differ_in_what_is_drawn_later():
    start = Start(pair(delay=10 * MS, jitter=900 * MS))
    assert run(start.network(1)) != run(start.network(2))


def test_what_one_run_does_is_not_seen_by_the_next():
    start = Start(pair(delay=10 * MS))
    before = start.network(1).state()
    run(start.network(1))
    assert start.network(1).state() == before


def test_a_script_is_part_of_it():
    script = Script(
        name="clock", role="schedule", zone="hall", acts=(Act(signal="light.power", value=True),), at=100 * MS
    )
    spec = replace(pair(), scripts=(script,))
    assert Start(spec).network(0).next_time() == Network(spec).next_time() == 100 * MS


@given(st.lists(st.floats(0.0, 500.0), min_size=3, max_size=3))
def test_other_daylight_is_as_if_it_were_compiled_with_it(levels):
    zones = tuple(replace(zone, daylight=lux) for zone, lux in zip(FLAT.zones, levels, strict=True))
    first, spec = Start(FLAT), replace(FLAT, zones=zones)
    made = Network(spec)
    for begun in (Start(spec, first).network(FLAT.seed), Start(spec, Start(spec, first)).network(FLAT.seed)):
        assert (begun.state(), begun.info, facts(begun.log)) == (made.state(), made.info, facts(made.log))
    assert first.network(FLAT.seed).state() == Network(FLAT).state()
    assert Start(FLAT, Start(spec, first)).network(FLAT.seed).state() == Network(FLAT).state()
