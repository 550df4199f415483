"""How --policy names a policy, and what a policy may do."""

from pathlib import Path

import numpy as np
import pytest
from gymnasium import spaces

from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.policies import ActionError, Declared, baselines, checked, load
from switch_bench.spec.source import digest

BAD = {
    "nop": r"no baseline 'nop'(.|\n)*did you mean noop",
    "zzz": r"no baseline 'zzz'(.|\n)*noop, oracle, planner, ppo, random",
    "": "no baseline ''",
    "ws://127.0.0.1:1?tries=1": r"can't be reached: Connection refused \(tried once\)(.|\n)*policy's server running",
    "no_such_module:Policy": r"no module no_such_module(.|\n)*current folder",
    "no_such_package.module:Policy": "no module no_such_package",
    "fake_policies:Preser": r"has no 'Preser'(.|\n)*did you mean Presser",
    "fake_policies:": "not a module and an attribute",
    ":Policy": "not a module and an attribute",
    "fake_policies.py:Presser": r"not a module and an attribute(.|\n)*fake_policies:Presser",
    "fake_policies:Presser:x": "not a module and an attribute",
    "fake_policies:FailsWhenMade": r"OSError: no such checkpoint(.|\n)*fake_policies\.py:\d+",
    "fake_policies:UnknownAct": r"'telepathy'(.|\n)*delta_pose, pixel, skill",
    "fake_policies:NoAct": "doesn't say how it acts",
    "fake_policies:UnknownObs": r"observe 'rbg'(.|\n)*did you mean rgb",
    "fake_policies:ObsIsText": "`obs` is 'rgb'",
    "fake_policies:TooWide": r"`size` is \(2000, 200\)(.|\n)*16 × 16 to 1280 × 960 px",
    "fake_policies:SizeIsOneNumber": r"`size` is 224(.|\n)*\(width, height\)",
    "fake_policies:SizeIsNoWholeNumber": r"`size` is \(224.0, 224\)",
    "fake_policies:NoReset": "isn't a policy",
    "fake_policies:PlaysUnprivileged": "privileged = True",
    "fake_policies:np": "failed|isn't|doesn't",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_policy_is_told_with_its_name(name):
    with pytest.raises(InputError, match=BAD[name]) as error:
        load(name)
    assert error.value.where == f"--policy {name.partition('?')[0]}"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("1 / 0", r"importing broken_\d failed: ZeroDivisionError: (.|\n)*broken_\d\.py:1"),
        ("import sys; sys.exit('bye')", "SystemExit: bye"),
        ("import no_such_library", r"no module no_such_library(.|\n)*broken_\d needs it"),
        ("def f(:", "SyntaxError"),
    ],
)
def test_a_module_that_fails_is_told_with_the_line(tmp_path, monkeypatch, source, said, request):
    name = f"broken_{next(iter(request.node.callspec.indices.values()))}"
    (tmp_path / f"{name}.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(InputError, match=said):
        load(f"{name}:Policy")


def test_a_policy_is_found_in_the_current_folder(tmp_path, monkeypatch):
    (tmp_path / "mine_here.py").write_text("from fake_policies import Presser as Policy\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", [*__import__("sys").path])
    assert load("mine_here:Policy")[1].act == "delta_pose"


@pytest.mark.parametrize("name", ["fake_policies:Presser", "fake_policies:made", "fake_policies:factory"])
def test_a_class_an_object_and_a_function_that_makes_one_will_do(name):
    policy, declared = load(name)
    assert type(policy).__name__ == "Presser"
    files = {"fake_policies.py": digest((Path(__file__).parent / "fake_policies.py").read_bytes())}
    assert declared == Declared(act="delta_pose", obs=("proprio",), privileged=False, files=files)


def test_a_policy_says_the_size_of_its_images_or_has_that_of_all():
    assert load("fake_policies:Presser")[1].size == (256, 256)
    assert load("fake_policies:Wide")[1].size == (320, 200)


def test_who_sees_the_state_is_privileged():
    assert load("fake_policies:SeesState")[1].privileged


def test_pictures_are_wanted_by_those_who_look():
    assert load("fake_policies:Wants")[1].wants_pictures
    assert not load("fake_policies:Presser")[1].wants_pictures


ACTS = {
    "explorer": "skill", "mpc": "delta_pose", "noop": "delta_pose", "oracle": "skill", "planner": "skill",
    "ppo": "delta_pose", "random": "delta_pose", "random_skill": "skill", "scripted_llm": "skill", "vision": "skill",
}  # fmt: skip


def test_the_baselines():
    assert baselines() == tuple(ACTS)
    declared = {name: load(name)[1] for name in baselines()}
    assert {name: says.act for name, says in declared.items()} == ACTS
    assert [name for name, says in declared.items() if says.privileged] == ["mpc", "oracle", "planner", "ppo"]


def test_noop_never_moves():
    policy, _ = load("noop")
    policy.reset("a task", 1, {})
    assert policy({}, {}) is None


def test_random_draws_are_those_of_its_seed():
    policy, _ = load("random")
    first, second, again = [], [], []
    for draws, seed in ((first, 1), (second, 2), (again, 1)):
        policy.reset("a task", seed, {})
        draws += [policy({}, {}).tolist() for _ in range(3)]
    assert first == again != second
    assert np.abs(first).max() <= 1


def test_random_stops_with_its_hand_drawn_in():
    policy, _ = load("random")
    policy.reset("a task", 1, {})
    actions = []
    while (action := policy({}, {})) is not None:
        actions.append(action)
    assert len(actions) < 1000
    assert actions[-1].tolist() == [-1.0] + [0.0] * 11


BOX = spaces.Box(-1, 1, (3,), np.float32)
SLOTS = spaces.Dict({"verb": spaces.Discrete(3), "amount": BOX})


def test_numbers_are_taken_in_the_type_of_the_space():
    action = checked([0, 0.5, 1.0], BOX)
    assert action.dtype == np.float32
    action = checked({"verb": 2, "amount": np.zeros(3)}, SLOTS)
    assert SLOTS.contains(action)


@pytest.mark.parametrize(
    ("action", "space", "said"),
    [
        (np.zeros(4), BOX, r"shape \(3,\); got \(4,\)"),
        (np.zeros((1, 3)), BOX, r"shape \(3,\); got \(1, 3\)"),
        (0.5, BOX, r"shape \(3,\)"),
        (None, BOX, "shape|numbers|finite"),
        ("left", BOX, "numbers"),
        ([0, np.inf, 0], BOX, "finite"),
        (np.zeros(3), SLOTS, "a dict with amount, verb; got ndarray|a dict with verb, amount"),
        ({"verb": 1}, SLOTS, "exactly"),
        ({"verb": 3, "amount": np.zeros(3)}, SLOTS, "verb: expected one of"),
        ({"verb": 1, "amount": np.zeros(2)}, SLOTS, "amount: expected shape"),
    ],
)
def test_what_is_no_action_is_refused(action, space, said):
    with pytest.raises(ActionError, match=said):
        checked(action, space)
