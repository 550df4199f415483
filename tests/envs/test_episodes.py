"""An episode from its reset to its end: time, reward, success, what is heard, and what the body knows of itself."""

from __future__ import annotations

import numpy as np
import pytest
from small_envs import BOIL, SwitchEnv, make

from switch_bench.bodies.hand import AXES
from switch_bench.envs.act import VERBS
from switch_bench.envs.errors import EnvError
from switch_bench.envs.observe import PROPRIO, SOUNDS
from switch_bench.skills.plan import run_plan
from switch_bench.spec.steps import Report

IDLE = np.zeros(12, np.float32)


def skill(verb: str, amount: float = 0.0, text: str = "") -> dict:
    """A skill without a mark."""
    return {"verb": VERBS.index(verb), "mark": 0, "amount": amount, "text": text}


def boiled(**options) -> SwitchEnv:
    """The kettle's task carried out, up to the report."""
    env = make(BOIL, obs="state", act="skill", variations=1, **options)
    env.reset(seed=0)
    *steps, report = env.task.solution
    assert isinstance(report, Report)
    run_steps(env, steps)
    return env


def run_steps(env: SwitchEnv, steps) -> None:
    """Carry out steps without ending the episode."""
    end, env.end = env.end, lambda claim=None: None
    run_plan(env, steps)
    env.end = end


def test_a_step_is_50_ms_and_says_so():
    env = make(BOIL, obs="state", variations=1)
    _, info = env.reset(seed=0)
    assert info["elapsed_us"] == 0
    seen, reward, terminated, truncated, info = env.step(IDLE)
    assert info["elapsed_us"] == 50_000
    assert seen[0] == pytest.approx(0.05)
    assert (reward, terminated, truncated) == (0.0, False, False)


def test_a_report_of_what_is_so_ends_it_with_success():
    env = boiled()
    assert env.is_success()
    assert not env.over
    _, reward, terminated, truncated, info = env.step(skill("report", text="done"))
    assert (reward, terminated, truncated) == (1.0, True, False)
    assert info["is_success"] is True
    assert info["said"] == "done"
    assert env.verdict().success is True


def test_a_report_of_what_isnt_so_ends_it_without():
    env = make(BOIL, obs="state", act="skill", variations=1)
    env.reset(seed=0)
    _, reward, terminated, _, info = env.step(skill("report", text="done"))
    assert (reward, terminated, info["is_success"]) == (0.0, True, False)


def test_success_does_not_end_it():
    env = boiled()
    *_, terminated, truncated, info = env.step(skill("wait", 1.0))
    assert not terminated
    assert not truncated
    assert "is_success" not in info


def test_at_the_horizon_it_is_cut_off_to_the_microsecond():
    env = make(BOIL, obs="state", act="skill", variations=1)
    env.reset(seed=0)
    *_, terminated, truncated, info = env.step(skill("wait", 3600.0))
    assert (terminated, truncated) == (False, True)
    assert info["elapsed_us"] == env.task.horizon_us
    assert info["is_success"] is False


def test_no_reward_when_none_is_asked_for():
    env = boiled(reward="none")
    assert env.step(skill("report", text="done"))[1] == 0.0


def test_the_shaped_reward_adds_nothing_in_the_long_run():
    env = make(BOIL, obs="state", act="skill", variations=1, reward="shaped")
    env.reset(seed=0)
    start = env._potential
    run_steps(env, env.task.solution[:1])
    total, elapsed = 0.0, env.stage.now
    env._potential = start = env._nearness.now()
    begin = elapsed
    rewards = []
    for action in (skill("wait", 30.0), skill("wait", 40.0), skill("wait", 20.0), skill("report", text="done")):
        _, reward, *_ = env.step(action)
        total += 0.99 ** ((elapsed - begin) * 1e-6) * reward
        rewards.append(reward)
        elapsed = env.stage.now
    assert rewards[0] != 0.0
    assert total == pytest.approx(-start + 0.99 ** ((elapsed - begin) * 1e-6) * float(env.is_success()), abs=0.05)


def test_no_window_without_a_display(monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    env = make(BOIL, obs="state", variations=1, render_mode="human")
    with pytest.raises(EnvError, match=r"render_mode 'human' needs a display.*use 'rgb_array'"):
        env.reset(seed=0)


def test_the_body_feels_where_it_is():
    env = make(BOIL, obs="proprio", variations=1)
    before, _ = env.reset(seed=0)
    assert before.shape == (len(PROPRIO),) == (17,)
    for _ in range(10):
        after, *_ = env.step(np.array([0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0], np.float32))
    height = 3 + [a.name for a in AXES[3:8]].index("hand_z")
    assert after[height] > before[height] + 0.1
    assert after[:2] == pytest.approx(before[:2], abs=0.01)
    assert after[-1] == 0.0


def test_one_hears_the_kettle_in_its_room():
    env = boiled()
    listener = make(BOIL, obs="sounds", act="skill", variations=1)
    quiet, _ = listener.reset(seed=0)
    assert quiet.sum() == 0
    run_steps(listener, listener.task.solution[:1])
    heard = np.zeros(len(SOUNDS), bool)
    for _ in range(110):
        heard |= listener.step(skill("wait", 1.0))[0].astype(bool)
    assert {SOUNDS[i] for i in np.flatnonzero(heard)} & {"boil", "click", "other"}
    assert env.stage is not None


def test_the_state_is_named_and_the_same_number_means_the_same_in_every_variation():
    env = make(BOIL, obs="state")
    env.reset(seed=0)
    names = env.observer.state_names
    lengths = set()
    for seed in range(3):
        seen, _ = env.reset(seed=seed)
        lengths.add(len(seen))
        assert env.observer.state_names == names
        at = names.index("kettle.temperature")
        assert seen[at] == pytest.approx(env.stage.world.value("kettle.temperature"), abs=1e-3)
    assert lengths == {len(names)}


def test_a_position_has_its_number_whatever_came_before():
    env = make(BOIL, obs="state", act="skill", variations=1)
    env.reset(seed=0)
    at = env.observer.state_names.index("kettle.lever")
    off = env.observer.observe()[at]
    run_steps(env, env.task.solution[:1])
    on = env.observer.observe()[at]
    assert on != off
    env.reset(seed=0, options={"faults": []})
    assert env.observer.observe()[at] == off
