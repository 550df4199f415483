"""What a run hangs on, and the machines that played it."""

import hashlib
import json
from pathlib import Path

import fake_bench
import pytest
from rich.console import Console

from switch_bench import _version
from switch_bench.agents.openai import Policy
from switch_bench.agents.openai_address import parse
from switch_bench.agents.session import Limits
from switch_bench.evaluate import bench, record, runner
from switch_bench.evaluate.folder import read_episodes
from switch_bench.evaluate.policies import Declared, declared, load
from switch_bench.evaluate.record import budget, code, files_of, machines, of_machine, of_run, renderers
from switch_bench.evaluate.runner import Request, evaluate

BASELINES = Path(__file__).parents[2] / "baselines"


def blake(data):
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def test_a_run_says_what_must_stay_the_same():
    says = Declared("skill", (), privileged=False, files={"a.py": "1"}, limits=budget(Limits(calls=5)))
    assert of_run(fake_bench, says) == {
        "engine": "mujoco",
        "assets": {"rooms": "digest of rooms"},
        "policy_files": {"a.py": "1"},
        "limits": {"calls": 5, "malformed": 20, "seconds": 3600.0, "tokens": None},
    }


def test_a_run_of_a_policy_without_a_budget_has_none():
    assert of_run(fake_bench, Declared("skill", (), privileged=False))["limits"] is None


def test_assets_are_the_files_that_tasks_share():
    tasks = Path(__file__).parents[2] / "tasks"
    assert bench.assets() == {
        f"tasks/{name}": blake((tasks / name).read_bytes()) for name in ("reference_runs.json", "suites.yaml")
    }


def test_a_baselines_files_are_its_module_and_those_called_like_it():
    files = load("ppo")[1].files
    assert set(files) == {"ppo.py", "ppo.npz", "ppo.yaml", "ppo.csv", "_*.py"}
    assert files["ppo.npz"] == blake((BASELINES / "ppo.npz").read_bytes())


def test_ones_own_policys_file_is_its_modules():
    here = Path(__file__).parent / "fake_policies.py"
    assert load("fake_policies:Presser")[1].files == {"fake_policies.py": blake(here.read_bytes())}


def test_a_module_without_a_file_has_none():
    assert files_of("sys") == {}


def test_a_language_models_budget_is_that_of_its_address():
    policy = Policy(parse("openai:m@http://127.0.0.1:1/v1?calls=7&tokens=900", {}))
    assert declared(policy, "").limits == {"calls": 7, "malformed": 20, "seconds": 3600.0, "tokens": 900}


@pytest.mark.parametrize("limits", [None, 3, {"calls": 1}, Limits])
def test_other_things_called_limits_are_no_budget(limits):
    assert budget(limits) is None


def test_the_codes_digest_is_of_names_and_contents(monkeypatch, tmp_path):
    for name, text in (("a.py", "1"), ("sub/b.py", "2"), ("tasks/__init__.py", "3"), ("notes.txt", "4")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(_version, "__file__", str(tmp_path / "_version.py"))

    def now():
        code.cache_clear()
        return code()

    first = now()
    (tmp_path / "tasks/__init__.py").write_text("not code: the tasks' own digests tell of it")
    (tmp_path / "notes.txt").write_text("not code either")
    assert now() == first
    (tmp_path / "sub/b.py").write_text("22")
    changed = now()
    (tmp_path / "sub/b.py").rename(tmp_path / "sub/c.py")
    assert len({first, changed, now()}) == 3
    monkeypatch.undo()
    code.cache_clear()


def test_machines_are_counted_the_busiest_first():
    here, there = of_machine(), of_machine() | {"cpu": "another"}
    found = machines([{"machine": there}, {"machine": here}, {"machine": here}, {}])
    assert [(each.cpu, each.episodes) for each in found] == [(here["cpu"], 2), ("another", 1)]
    assert found[0].model_dump() == here | {"episodes": 2}


def test_renderers_are_counted_over_the_episodes_that_tell():
    assert renderers([{"renderer": "egl"}, {"renderer": "none"}, {"renderer": "egl"}, {}]) == {"egl": 2, "none": 1}


def test_a_run_goes_on_on_another_machine_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(runner.doctor, "settle_gl", lambda: "")
    asked = {"suite": "quick", "seed": 5, "out": tmp_path, "workers": 0, "pictures": False, "bench": "fake_bench"}
    request = Request(policies=("fake_policies:FailsOnKettle",), episodes=1, **asked)
    evaluate(request, Console(quiet=True))
    other = of_machine() | {"cpu": "another", "cpu_flags": "other", "libm": "musl"}
    monkeypatch.setattr("switch_bench.evaluate.episode.of_machine", lambda: other)
    [run] = evaluate(Request(**{**vars(request), "redo_errors": True}), Console(quiet=True))
    assert {each.cpu: each.episodes for each in run.results.machines} == {of_machine()["cpu"]: 1, "another": 1}
    assert all(episode["machine"]["code"] == record.code() for episode in read_episodes(tmp_path))
    assert json.loads((tmp_path / "results.json").read_text())["record"]["policy_files"].keys() == {"fake_policies.py"}
