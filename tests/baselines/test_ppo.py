"""The learnt baseline: its checkpoint, what it is told, what it does, and that its training trains."""

from __future__ import annotations

import sys
from io import StringIO

import numpy as np
import pytest
from switch_bench.baselines import _ppo_train as training
from switch_bench.baselines import ppo
from switch_bench.baselines._ppo_press import GRIP, MOVED, SHOWN, NoPress, Press, whole

from switch_bench.envs.env import SwitchEnv
from switch_bench.evaluate.policies import load

LIGHT, IN_FRONT = "kitchen.hob_light-v1", "utility.worktop_light_on-v1"
SMALL = {"steps": 64, "environments": 2, "horizon": 12}


def settings(**changes):
    found = training.config() | SMALL | changes
    return found | {"ppo": found["ppo"] | {"n_steps": 32, "batch_size": 32, "n_epochs": 2}}


@pytest.fixture
def press() -> Press:
    env = SwitchEnv(IN_FRONT, obs="proprio", act="delta_pose")
    env.reset(seed=0, options={"variation": "none"})
    return Press(env.task, env.sense)


def test_it_says_that_it_knows_more_than_it_sees():
    _, says = load("ppo")
    assert (says.act, says.privileged, says.wants_pictures) == ("delta_pose", True, False)


def test_its_network_is_as_its_notes_say():
    network = ppo.network()
    sizes = [weight.shape for weight, _ in network.layers]
    first, second = network.made["config"]["policy"]["net_arch"]
    assert sizes == [(first, len(SHOWN)), (second, first), (len(MOVED), second)]
    assert tuple(network.made["shown"]) == SHOWN
    assert network.made["config"] == training.config()
    assert network(np.zeros(len(SHOWN), np.float32)).shape == (len(MOVED),)


def test_a_file_that_is_no_checkpoint_is_refused():
    with pytest.raises(ValueError, match="expected made, weight_0, bias_0 …; got noise"):
        ppo.Network({"noise": np.zeros(3)})


@pytest.mark.parametrize("task", [LIGHT, IN_FRONT])
def test_it_switches_the_light_on(task):
    env = SwitchEnv(task, obs="proprio", act="delta_pose")
    env.reset(seed=0, options={"variation": "none"})
    ppo.Policy().play(env, task, 0)
    assert env.over
    assert env.is_success()


def test_where_nothing_is_pressed_first_it_keeps_its_hands_off():
    env = SwitchEnv("kitchen.light_burner-v1", obs="proprio", act="delta_pose")
    env.reset(seed=0)
    with pytest.raises(NoPress, match="no press that sets a control"):
        Press(env.task, env.sense)
    ppo.Policy().play(env, env.task.id, 0)
    assert env.over
    assert len(env.trace.targets) == 0


def test_what_it_is_told_is_where_the_control_is(press):
    told = dict(zip(SHOWN, press.shown(), strict=True))
    way = press.way()
    apart = press.sense.site(press.grip.site).at - press.sense.tip.at
    assert np.linalg.norm(way) == pytest.approx(np.linalg.norm(apart), abs=0.01)  # and the key's travel
    assert told["way forward"] == pytest.approx(way[0])
    assert told["normal x"] == pytest.approx(-1.0, abs=0.02)  # the switch faces the body
    assert told["stroke"] == 0.0
    assert not press.done()
    assert press.askew() < 0.05


def test_its_six_numbers_move_hand_and_base_with_the_hand_closed():
    action = whole(np.array([0.1, 0.2, 0.3, 0.4, 0.5, 7.0]))
    assert action[list(MOVED)] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 1.0])
    assert action[GRIP] == 1.0
    assert np.flatnonzero(action).tolist() == sorted([*MOVED, GRIP])


def test_on_the_way_only_where_it_ends_pays_and_no_detour():
    weights = training.config()["reward"]
    env = training.PressEnv(IN_FRONT, 1, 50, weights, gamma=1.0)
    env.reset(seed=0)
    far, askew = np.linalg.norm(env.press.way()), env.press.askew()
    ahead, turning = np.eye(6)[3], np.eye(6)[5]
    rewards = [env.step(move)[1] - weights["step"] for move in [ahead] * 8 + [-ahead] * 4 + [turning] * 4]
    nearer, straighter = far - np.linalg.norm(env.press.way()), askew - env.press.askew()
    assert nearer > 0.05
    assert straighter < -0.02
    assert sum(rewards) == pytest.approx(weights["way"] * nearer + weights["askew"] * straighter, abs=1e-6)


def test_it_is_cut_off_at_its_horizon_without_success():
    env = training.PressEnv(LIGHT, 1, 5, training.config()["reward"], gamma=0.99)
    env.reset(seed=0)
    ends = [env.step(np.zeros(6))[2:] for _ in range(5)]
    assert [(ended, late) for ended, late, _ in ends] == [(False, False)] * 4 + [(False, True)]
    assert ends[-1][2]["is_success"] is False


def test_training_without_its_libraries_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "stable_baselines3", None)
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(training.MissingExtra, match=r'pip install "switch-bench\[rl\]"'):
        training.train(settings())


@pytest.mark.rl
def test_training_makes_a_network_that_plays_and_says_what_it_was_made_with(tmp_path):
    made = settings()
    weights, curve = training.train(made, log=StringIO())
    training.save(tmp_path, made, weights, curve)
    archive = np.load(tmp_path / "ppo.npz", allow_pickle=False)
    network = ppo.Network({name: archive[name] for name in archive.files})
    assert network.made["config"] == made
    assert np.isfinite(network(np.ones(len(SHOWN), np.float32))).all()
    lines = (tmp_path / "ppo.csv").read_text().splitlines()
    assert lines[0].split(",")[:3] == ["steps", "episodes", "success"]
    assert [line.split(",")[0] for line in lines[1:]] == ["64"]


@pytest.mark.rl
def test_the_numpy_network_is_the_policy_s_mean():
    from stable_baselines3 import PPO

    env = training.PressEnv(IN_FRONT, 1, 12, training.config()["reward"], gamma=0.99)
    agent = PPO("MlpPolicy", env, seed=0, device="cpu", policy_kwargs={"net_arch": [8, 8]})
    network = ppo.Network({"made": np.frombuffer(b"{}", np.uint8), **training.weights_of(agent)})
    for seed in range(5):
        shown = np.random.default_rng(seed).normal(size=len(SHOWN)).astype(np.float32)
        mean, _ = agent.predict(shown, deterministic=True)
        assert np.clip(network(shown), -1, 1) == pytest.approx(mean, abs=1e-5)


@pytest.mark.rl
def test_the_same_seed_trains_the_same_network():
    first, second = (training.train(settings(), log=StringIO())[0] for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)
    other = training.train(settings(seed=1), log=StringIO())[0]
    assert not np.array_equal(first["weight_0"], other["weight_0"])
