"""The vector environment: many at once, each as it would be alone."""

from __future__ import annotations

import multiprocessing
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from small_envs import BOIL, SMALL, make

from switch_bench.envs.errors import EnvError
from switch_bench.envs.vector import SwitchVectorEnv

QUICK = {"obs": "state", "size": SMALL, "variations": 2}
HALL = "home.hall_light_on-v1"


def vector(num_envs: int = 3, **options: Any) -> SwitchVectorEnv:
    """The vector environment that `make_vec` makes."""
    made = gymnasium.make_vec(
        f"switch_bench/{options.pop('task', BOIL)}",
        num_envs=num_envs,
        vectorization_mode="vector_entry_point",
        **{**QUICK, **options},
    )
    assert isinstance(made, SwitchVectorEnv)
    return made


def skills(*verbs: int) -> dict[str, Any]:
    """A skill for each, without a mark: 9 waits a second, 10 reports done."""
    n = len(verbs)
    return {
        "verb": np.array(verbs),
        "mark": np.zeros(n, np.int64),
        "amount": np.ones((n, 1), np.float32),
        "text": ("done",) * n,
    }


def plain(step: tuple[Any, ...]) -> tuple[Any, ...]:
    """What a step gave, so that it can be compared."""
    seen, rewards, terminated, truncated, infos = step
    return (
        seen.tobytes(), rewards.tolist(), terminated.tolist(), truncated.tolist(),
        {k: np.asarray(v).tolist() for k, v in sorted(infos.items())},
    )  # fmt: skip


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_each_is_to_the_last_bit_what_it_is_alone(threads):
    envs = vector(4, task=HALL, threads=threads)
    envs.action_space.seed(3)
    actions = [envs.action_space.sample() for _ in range(40)]
    first, _ = envs.reset(seed=[4, 5, 6, 7])
    together = [envs.step(action)[0] for action in actions]
    for i, seed in enumerate((4, 5, 6, 7)):
        alone = make(HALL, **QUICK)
        assert np.array_equal(alone.reset(seed=seed)[0], first[i])
        for action, seen in zip(actions, together, strict=True):
            assert np.array_equal(alone.step(action[i])[0], seen[i])
        assert alone.trace.hashes == envs.singles[i].trace.hashes
        assert alone.trace.events == envs.singles[i].trace.events
        assert np.array_equal(alone.trace.targets, envs.singles[i].trace.targets)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_episodes_end_and_begin_as_in_gymnasiums_own(mode):
    envs = vector(act="skill", autoreset_mode=mode)
    own = SyncVectorEnv([lambda: make(**QUICK, act="skill")] * 3, autoreset_mode=mode)
    first, its = envs.reset(seed=2), own.reset(seed=2)
    assert np.array_equal(first[0], its[0])
    ended = 0
    for verbs in ((9, 10, 9), (9, 9, 10), (10, 9, 9), (9, 10, 9)):
        ours, theirs = envs.step(skills(*verbs)), own.step(skills(*verbs))
        finals = [s[4].pop("final_obs", None) for s in (ours, theirs)]
        infos = [s[4].pop("final_info", None) for s in (ours, theirs)]
        assert plain(ours) == plain(theirs)
        if finals[1] is not None:
            assert [None if o is None else o.tobytes() for o in finals[0]] == [
                None if o is None else o.tobytes() for o in finals[1]
            ]
            assert {k: np.asarray(v).tolist() for k, v in infos[0].items()} == {
                k: np.asarray(v).tolist() for k, v in infos[1].items()
            }
        ended += int(ours[2].sum())
    assert ended == 4


def test_without_autoreset_an_ended_episode_wants_a_reset():
    envs = vector(act="skill", autoreset_mode="Disabled")
    envs.reset(seed=1)
    envs.step(skills(9, 10, 9))
    with pytest.raises(EnvError, match=r"episodes of \[1\] are over"):
        envs.step(skills(9, 9, 9))
    _, infos = envs.reset(options={"reset_mask": np.array([False, True, False])})
    assert infos["elapsed_us"].tolist()[1] == 0
    *_, infos = envs.step(skills(9, 9, 9))
    assert infos["elapsed_us"].tolist() == [2_000_000, 1_000_000, 2_000_000]


def test_what_is_no_action_moves_nobody():
    envs = vector()
    envs.reset(seed=0)
    bad = np.zeros((3, 12), np.float32)
    bad[1, 4] = np.nan
    with pytest.raises(EnvError, match=r"environment 1: action: expected 12 finite numbers"):
        envs.step(bad)
    with pytest.raises(EnvError, match=r"expected 3, one for each environment, got 2"):
        envs.step(np.zeros((2, 12), np.float32))
    *_, infos = envs.step(np.zeros((3, 12), np.float32))
    assert infos["elapsed_us"].tolist() == [50_000] * 3


def test_an_error_in_one_is_raised_after_all_have_stepped(monkeypatch):
    envs = vector(threads=2)
    envs.reset(seed=0)

    def breaks(action: Any) -> None:
        raise ArithmeticError("broken")

    monkeypatch.setattr(envs.singles[1], "act_on", breaks)
    with pytest.raises(ArithmeticError, match="broken"):
        envs.step(np.zeros((3, 12), np.float32))
    assert [env.stage.now for env in envs.singles if env.stage] == [50_000, 0, 50_000]


@pytest.mark.parametrize(("wrong", "words"), [({"num_envs": 0}, "num_envs"), ({"threads": 0}, "threads")])
def test_there_is_one_at_least(wrong, words):
    with pytest.raises(EnvError, match=f"{words}: expected 1 or more"):
        SwitchVectorEnv(BOIL, **{"num_envs": 1, **QUICK, **wrong})


@pytest.mark.gl
def test_pictures_are_those_of_each_alone():
    envs = vector(2, obs="rgb", threads=2)
    envs.reset(seed=[1, 2])
    action = np.full((2, 12), 0.5, np.float32)
    seen = envs.step(action)[0]
    for i, seed in enumerate((1, 2)):
        alone = make(**{**QUICK, "obs": "rgb"})
        alone.reset(seed=seed)
        assert np.array_equal(alone.step(action[i])[0], seen[i])
    assert seen[0].std() > 5


def _stepped_in_a_child(envs: SwitchVectorEnv, out: Any) -> None:
    out.put(envs.step(np.zeros((3, 12), np.float32))[4]["elapsed_us"].tolist())


def test_a_forked_child_has_threads_of_its_own():
    envs = vector(threads=2)
    envs.reset(seed=0)
    envs.step(np.zeros((3, 12), np.float32))
    fork = multiprocessing.get_context("fork")
    out = fork.SimpleQueue()
    child = fork.Process(target=_stepped_in_a_child, args=(envs, out))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert out.get() == [100_000] * 3
    envs.close()
