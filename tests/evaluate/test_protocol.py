"""The official protocol: what it fixes, what it refuses, and what a run folder must be to keep to it."""

import dataclasses
import hashlib
import json

import pytest
from rich.console import Console

from switch_bench.agents.session import Limits
from switch_bench.evaluate import dry_run, protocol, runner
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import read_episodes
from switch_bench.evaluate.policies import Declared
from switch_bench.evaluate.protocol import V1, check, check_policy, faults, fixed
from switch_bench.evaluate.record import budget
from switch_bench.evaluate.runner import Request, evaluate

KEPT = {"suite": "all", "suites": ("all", "core"), "episodes": 50, "seed": V1.seed}


@pytest.fixture
def short(monkeypatch):
    """The protocol with two episodes a task."""
    monkeypatch.setitem(protocol.PROTOCOLS, "v1", dataclasses.replace(V1, episodes=2))
    monkeypatch.setattr(runner.doctor, "settle_gl", lambda: "")


def request(out, **changes):
    asked = {"suite": "quick", "episodes": 2, "seed": V1.seed, "workers": 0, "pictures": False, "protocol": "v1"}
    return Request(policies=("fake_policies:Presser",), out=out, bench="fake_bench", **(asked | changes))


def test_its_seed_is_one_that_nobody_chose():
    digest = hashlib.sha256(b"switch_bench/protocol/v1").hexdigest()
    assert V1.seed == int(digest[:8], 16) // 2


def test_its_limits_are_what_agents_get_by_default():
    assert dict(V1.limits) == budget(Limits())


def test_it_fills_in_what_was_not_given():
    assert fixed("v1", set(), suite="core", episodes=1, seed=0) == ("all", 50, V1.seed)
    assert fixed("v1", {"suite"}, suite="core", episodes=1, seed=0) == ("core", 50, V1.seed)
    assert fixed("v1", {"seed", "episodes"}, suite="core", episodes=1, seed=0) == ("all", 1, 0)


def test_what_keeps_to_it_is_taken():
    check("v1", **KEPT)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"episodes": 49}, "--episodes 49: protocol v1 fixes it at 50"),
        ({"seed": 0}, f"--seed 0: protocol v1 fixes it at {V1.seed}"),
        ({"suite": "kitchen.boil_water-v1"}, "--suite kitchen.boil_water-v1: protocol v1 is played over a suite"),
    ],
)
def test_what_contradicts_it_is_refused(changes, said):
    with pytest.raises(InputError) as refused:
        check("v1", **(KEPT | changes))
    assert str(refused.value).startswith(said)


def test_another_engine_is_refused_and_how_to_get_the_right_one_is_told(monkeypatch):
    monkeypatch.setattr(protocol, "version", lambda name: "3.18.1")
    with pytest.raises(InputError, match=r"MuJoCo 3\.17\.0, and here is 3\.18\.1\nhint: pip install mujoco==3\.17\.0"):
        check("v1", **KEPT)


def test_an_unknown_protocol_is_told():
    with pytest.raises(InputError, match="no protocol 'v2'\nhint: there is v1"):
        fixed("v2", set(), suite="core", episodes=1, seed=0)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(calls=201), "200 calls at most, and the policy takes 201"),
        (Limits(malformed=21), "20 malformed at most, and the policy takes 21"),
        (Limits(seconds=float("inf")), "3600 seconds at most, and the policy takes any number"),
    ],
)
def test_a_policy_that_takes_more_than_it_gives_is_refused(limits, said):
    declared = Declared("skill", (), privileged=False, limits=budget(limits))
    with pytest.raises(InputError, match=said):
        check_policy("v1", "openai:m@http://127.0.0.1:1/v1", declared)


@pytest.mark.parametrize("limits", [None, Limits(), Limits(calls=80, tokens=1000)])
def test_a_policy_may_take_less_or_have_no_budget(limits):
    check_policy("v1", "noop", Declared("skill", (), privileged=False, limits=budget(limits)))


def test_a_run_by_it_says_so_and_has_no_fault(short, tmp_path):
    [run] = evaluate(request(tmp_path), Console(quiet=True))
    settings = json.loads((tmp_path / "run.json").read_text())
    assert (settings["protocol"], run.results.protocol) == ("v1", "v1")
    assert faults(settings, read_episodes(tmp_path)) == []


def test_a_run_by_none_says_that(short, tmp_path):
    [run] = evaluate(request(tmp_path, protocol="", seed=1), Console(quiet=True))
    assert run.results.protocol == ""
    assert faults(json.loads((tmp_path / "run.json").read_text()), []) == ["There is no protocol ''."]


def test_a_run_that_only_claims_it_is_not_begun(short, tmp_path):
    with pytest.raises(InputError, match="--episodes 1: protocol v1 fixes it at 2"):
        evaluate(request(tmp_path / "run", episodes=1), Console(quiet=True))
    assert not (tmp_path / "run").exists()


def settings(**changes):
    made = {
        "protocol": "v1",
        "episodes": 2,
        "seed": V1.seed,
        "versions": {"mujoco": "3.17.0"},
        "record": {"engine": "mujoco", "limits": None},
        "tasks": {"lamp": "", "kettle": ""},
    }
    return made | changes


PLAYED = [{"task": t, "episode": e, "machine": {"code": "1"}} for t in ("lamp", "kettle") for e in range(2)]


@pytest.mark.parametrize(
    ("changes", "records", "said"),
    [
        ({"episodes": 3}, PLAYED, "Its number of episodes a task is 3, not 2."),
        ({"seed": 0}, PLAYED, f"Its seed is 0, not {V1.seed}."),
        ({"versions": {"mujoco": "3.18.0"}}, PLAYED, "Its version of MuJoCo is 3.18.0, not 3.17.0."),
        ({"record": {"engine": "bullet"}}, PLAYED, "Its engine is bullet, not mujoco."),
        (
            {"record": {"engine": "mujoco", "limits": {"calls": 500}}},
            PLAYED,
            "An episode's calls may be 500, not 200 at most.",
        ),
        ({}, PLAYED[1:], "1 of its 4 episodes are missing."),
        ({}, [*PLAYED, PLAYED[0]], "1 of its episodes are there more than once."),
        ({}, [*PLAYED, PLAYED[0] | {"episode": 2}], "1 of its episodes are none of the protocol's."),
        (
            {},
            [*PLAYED[1:], PLAYED[0] | {"machine": {"code": "2"}}],
            "Its episodes were played by 2 states of the code.",
        ),
    ],
)
def test_what_keeps_a_folder_from_it_is_told(short, changes, records, said):
    assert faults(settings(), PLAYED) == []
    assert faults(settings(**changes), records) == [said]


def test_a_dry_run_tells_how_much_it_is(short, tmp_path):
    said = dry_run.planned(request(tmp_path / "run"))
    assert said.startswith(f"4 episodes: 1 policy on 2 tasks, 2 each, seed {V1.seed}, protocol v1: at most 16 s of")
    assert not (tmp_path / "run").exists()
