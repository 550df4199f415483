"""Nodes with other versions or files are refused; machines that only round otherwise are told."""

import pickle
import platform

import fake_bench  # noqa: F401  # the benchmark of the jobs
import pytest
from rich.console import Console

from switch_bench.evaluate import alike, runner
from switch_bench.evaluate.alike import CODE, UnlikeNodeError, check, kit, policy_files, unlike
from switch_bench.evaluate.episode import Job, Probe
from switch_bench.evaluate.record import Machine, code, of_machine
from switch_bench.evaluate.results import standing_said, versions
from switch_bench.evaluate.runner import Request, evaluate

PRESSER = "fake_policies:Presser"
JOB = Job(PRESSER, "fake.lamp-v1", 0, seed=5, folder="", pictures=False, bench="fake_bench")
HERE = Machine(**of_machine(), episodes=3)


def test_versions_code_and_the_files_of_task_and_policy_are_what_a_job_is_done_with():
    assert kit(JOB, {"fake_policies.py": "12"}) == versions() | {
        CODE: code(),
        "files of fake.lamp-v1": "digest of fake.lamp-v1",
        "the asset rooms": "digest of rooms",
        "the policy's fake_policies.py": "12",
    }
    assert kit(Probe(PRESSER), {}) == versions() | {CODE: code()}


def test_a_node_that_has_the_same_is_taken():
    check(kit(JOB, policy_files(PRESSER)), kit(JOB, policy_files(PRESSER)))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("numpy", "a node has other versions: numpy 0.1, expected "),
        (CODE, f"a node has other files: {CODE} 0.1, expected "),
        ("files of fake.lamp-v1", "other files: files of fake.lamp-v1 0.1, expected digest of fake.lamp-v1"),
        ("the asset rooms", "other files: the asset rooms 0.1, expected digest of rooms"),
        ("the policy's fake_policies.py", "other files: the policy's fake_policies.py 0.1, expected "),
        ("the policy's weights.npz", "other files: the policy's weights.npz 0.1, expected none"),
    ],
)
def test_a_node_with_another_is_refused_by_name(name, said):
    here = kit(JOB, policy_files(PRESSER))
    with pytest.raises(UnlikeNodeError) as refused:
        check(here, here | {name: "0.1"})
    assert said in refused.value.message
    assert platform.node() in refused.value.where


def test_a_node_that_lacks_a_file_is_refused():
    here = kit(JOB, {"weights.npz": "12"})
    with pytest.raises(UnlikeNodeError, match=r"the policy's weights\.npz missing, expected 12"):
        check(here, kit(JOB, {}))


def test_a_policy_that_cant_be_loaded_is_left_to_its_episode_which_tells_it():
    assert policy_files("no_such_module:Policy") is None
    check(kit(JOB, {"a.py": "12"}), kit(JOB, None))
    check(kit(JOB, None), kit(JOB, {"a.py": "12"}))


def test_the_refusal_comes_back_from_another_process_as_what_it_is():
    again = pickle.loads(pickle.dumps(UnlikeNodeError("no", where="there", hint="so")))
    assert (type(again), again.message, again.where, again.hint) == (UnlikeNodeError, "no", "there", "so")


def test_machines_that_are_alike_are_nothing_to_tell():
    assert unlike([]) == unlike([HERE]) == ""
    assert unlike([HERE, HERE.model_copy(update={"cpu": "of another name", "episodes": 1})]) == ""


@pytest.mark.parametrize("fact", alike.FLOATS)
def test_machines_that_round_otherwise_are_told_with_what_differs_and_how_many_can_be_run_again(fact):
    said = unlike([HERE, HERE.model_copy(update={fact: "another", "episodes": 2})])
    assert said == (
        f"its episodes were played on 2 kinds of machines, which differ in {alike.FLOATS[fact]}: on one of them, "
        "those of another may come out otherwise; at most 3 of 5 are of one kind"
    )


def test_where_the_maths_functions_come_to_the_same_the_cpus_flags_say_nothing():
    other = HERE.model_copy(update={"cpu_flags": "another"})
    assert unlike([HERE, other]) == ""
    untold = [each.model_copy(update={"maths": ""}) for each in (HERE, other)]
    assert "differ in CPU flags:" in unlike(untold)


def test_several_differences_are_listed():
    other = HERE.model_copy(update={"system": "Darwin", "maths": "1", "libm": "2"})
    assert "differ in system, C library and what its maths functions come to:" in unlike([HERE, other])


def test_other_code_in_the_same_run_is_told():
    other = HERE.model_copy(update={"code": "another", "episodes": 1})
    assert unlike([HERE, other]) == "its episodes were played by 2 states of the code, at most 3 of 4 by the same"


def test_the_table_and_the_report_of_a_run_on_unlike_machines_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr(runner.doctor, "settle_gl", lambda: "")
    asked = {"suite": "quick", "seed": 5, "out": tmp_path, "workers": 0, "pictures": False, "bench": "fake_bench"}
    request = Request(policies=("fake_policies:FailsOnKettle",), episodes=1, **asked)
    evaluate(request, Console(quiet=True))
    assert "unlike machines" not in (tmp_path / "report.html").read_text()
    other = of_machine() | {"maths": "other"}
    monkeypatch.setattr("switch_bench.evaluate.episode.of_machine", lambda: other)
    [run] = evaluate(Request(**{**vars(request), "redo_errors": True}), Console(quiet=True))
    said = unlike(run.results.machines)
    assert "maths functions" in said
    assert said in standing_said(run.results)
    assert "unlike machines" in (report := (tmp_path / "report.html").read_text())
    assert said in report
