"""What was recorded can be run again: the same, with the hands off, with a control's readout frozen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_rooms import changes, control, facts, perform, room

from switch_bench.skills import verbs
from switch_bench.skills.sense import Sense
from switch_bench.trace.hashing import digest
from switch_bench.trace.store import load, save
from switch_bench.verify.worlds import Without
from switch_bench.world import replay
from switch_bench.world.stage import Stage
from switch_bench.world.walk import WentOtherwise, walk
from switch_bench.world.world import World


@pytest.fixture(scope="module")
def evening():
    """A light is switched on in the flat, and then for five minutes nothing is done."""
    stage = Stage(room("flat"))
    sense = Sense(stage)
    assert perform(stage, verbs.go_before(sense, control(stage, "light.gang_1"))) == "done"
    assert perform(stage, verbs.press(sense, control(stage, "light.gang_1"), True)) == "done"
    stage.wait(300_000_000)
    stage.report("done")
    return stage.finish()


def test_the_evening_has_an_agents_act_and_a_jump(evening):
    assert changes(evening, "light.gang_1") == [(pytest.approx(12, abs=12), True, "agent")]
    assert evening.jumps
    assert len(evening.hashes) > 5


def test_the_same_again_has_every_hash_and_every_event(evening):
    again = replay.identity(room("flat"), evening)
    assert again.hashes == evening.hashes
    assert facts(again.events) == facts(evening.events)
    assert again.end == evening.end
    assert digest(replace(again, claim=evening.claim)) == digest(evening)


def test_a_trace_from_a_file_replays_alike(evening, tmp_path):
    kept = load(save(evening, tmp_path / "evening.npz"))
    assert digest(kept) == digest(evening)
    assert replay.identity(room("flat"), kept).hashes == evening.hashes


def test_another_target_gives_another_hash(evening):
    targets = evening.targets.copy()
    targets[10:, 6] += 0.02
    again = replay.identity(room("flat"), replace(evening, targets=targets))
    assert again.hashes[0] == evening.hashes[0]
    assert again.hashes[1:] != evening.hashes[1:]


def test_every_hash_time_can_be_watched(evening):
    times = []
    replay.identity(room("flat"), evening, watch=lambda world: times.append(world.now))
    assert times == [t for t, _ in evening.hashes]


def test_with_the_hands_off_it_is_a_fresh_idle_run(evening):
    null = replay.without_hands(room("flat"), evening)
    idle = World(room("flat"))
    idle.run(null.end // 10_000)
    assert facts(null.events) == facts(idle.network.log)
    assert null.end > evening.end
    assert changes(null, "light.gang_1") == []
    assert not [e for e in null.events if e.actor == "agent"]


def test_masked_the_rocker_moves_but_the_device_never_hears_of_it(evening):
    masked = replay.without(room("flat"), evening, Without(controls=frozenset({"light.gang_1"})))
    assert changes(masked, "light.gang_1") == []
    assert changes(masked, "light.lamp_1") == []
    assert [v for _, v, a in changes(masked, "light.gang_1_touch") if a == "agent"][:1] == [True]
    assert [e for e in masked.events if e.signal == "kettle.lever"]


def test_masking_another_control_changes_nothing(evening):
    masked = replay.without(room("flat"), evening, Without(controls=frozenset({"light.gang_2"})))
    assert [f for f in facts(masked.events) if f[0] <= evening.end] == facts(evening.events)


def test_without_a_schedule_its_acts_are_gone_and_the_agents_stay(evening):
    postman = frozenset({"schedule:postman"})
    alone = replay.without(room("flat"), evening, Without(others=postman))
    assert changes(alone, "door.leaf") == []
    assert [v for _, v, _ in changes(alone, "light.gang_1")] == [True]
    nobody = replay.without(room("flat"), evening, Without(others=postman, agent_from=0))
    assert changes(nobody, "door.leaf") == changes(nobody, "light.gang_1") == []


def test_on_another_machine_it_says_what_is_unlike(evening):
    versions = dict(evening.manifest["versions"], mujoco="3.16.0")
    elsewhere = replace(evening, manifest={**evening.manifest, "versions": versions})
    replay.comparable(evening)
    with pytest.raises(replay.Unverifiable, match=r"mujoco: '3\.16\.0' there"):
        replay.comparable(elsewhere)


def test_targets_are_noted_when_they_change_and_only_then(evening):
    rows = evening.targets
    assert np.all(np.diff(rows[:, 0]) >= 50_000)
    assert np.all(np.any(np.diff(rows[:, 1:], axis=0) != 0.0, axis=1))


def test_a_walk_stops_where_asked_also_in_the_midst_of_a_jump(evening):
    (since, until), *_ = evening.jumps
    times = [0, 500_000, since, since + 10_000_000, until, evening.end]
    seen = [(world.now, float(world.value("hall.illuminance"))) for world in walk(room("flat"), evening, times)]
    assert [t for t, _ in seen] == times
    assert seen[-1][1] == seen[3][1] != seen[0][1]  # the light was switched on before the jump


def test_a_walk_of_other_targets_says_where_it_went_otherwise(evening):
    targets = evening.targets.copy()
    targets[10:, 6] += 0.02
    with pytest.raises(WentOtherwise) as why:
        list(walk(room("flat"), replace(evening, targets=targets), []))
    assert why.value.t == evening.hashes[1][0]
