"""The commands on good input."""

import json
import resource
import subprocess
import sys

import fake_bench
import pytest

from switch_bench import cli

EVAL = ("eval", "--workers", "0", "--suite", "quick")


def test_help_is_quick_and_names_every_command():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = subprocess.run(
        [sys.executable, "-c", "from switch_bench.cli import main; main()", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.5  # s of this process alone
    for command in ("list", "doctor", "eval", "audit", "replay", "render"):
        assert f"\n  {command} " in said.stdout


def test_help_imports_nothing_heavy():
    code = (
        "import sys, switch_bench.cli\n"
        "try: switch_bench.cli.app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'mujoco', 'cv2', 'scipy', 'numpy', 'gymnasium', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stderr.strip() == "[]"


def test_eval_prints_a_table_and_where_the_report_is(fake, run):
    result = run(*EVAL, "--policy", "fake_policies:Presser", "--out", "out")
    assert result.exit_code == 0
    assert "fake.kettle-v1" in result.stdout
    assert "2/2  100 %" in result.stdout
    assert "34 % to 100 %" in result.stdout
    assert result.stdout.rstrip().endswith("report: out/report.html")
    assert "2 episodes to run" in result.stderr
    assert (fake / "out" / "report.html").exists()


def test_eval_of_several_policies_ends_with_one_table_and_all_reports(fake, run):
    result = run(*EVAL, "--policy", "fake_policies:Presser,noop", "--out", "out")
    assert result.exit_code == 0
    assert "fake_policies:Presser" in result.stdout
    assert "0/2" in result.stdout
    assert "report: out/fake_policies-Presser/report.html" in result.stdout
    assert "report: out/noop/report.html" in result.stdout
    assert "fake.kettle-v1" not in result.stdout


def test_eval_without_a_folder_names_one_after_what_was_asked(fake, run):
    assert run(*EVAL, "--policy", "noop", "--seed", "4").exit_code == 0
    assert (fake / "runs" / "noop-quick-4" / "results.json").exists()


def test_eval_with_the_same_folder_goes_on(fake, run):
    for _ in range(2):
        result = run(*EVAL, "--policy", "noop", "--out", "out")
        assert result.exit_code == 0
    assert "there already" in result.stderr
    assert len((fake / "out" / "episodes.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize("policy", ["FailsInReset", "FailsInStep", "WrongShape"])
def test_errors_of_a_policy_are_told_apart_and_the_run_is_done(fake, run, policy):
    result = run(*EVAL, "--policy", f"fake_policies:{policy}", "--out", "out")
    assert result.exit_code == 0
    assert "2 episodes ended in an error and are not counted" in result.stderr
    assert "0/0" in result.stdout
    assert json.loads((fake / "out" / "results.json").read_text())["success"]["n"] == 0


def test_ctrl_c_is_exit_code_3(fake, run, monkeypatch):
    def stop(env, id):
        raise KeyboardInterrupt

    monkeypatch.setattr(fake_bench.Room, "step", stop)
    result = run(*EVAL, "--policy", "noop", "--out", "out")
    assert result.exit_code == 3
    assert "interrupted: 0 of 2 episodes are kept in out; the same command goes on from there" in result.stderr


def test_audit_prints_what_it_proved(fake, run):
    result = run("audit", "--suite", "quick", "--seeds", "2", "--workers", "0")
    assert result.exit_code == 0
    assert "The audit passed." in result.stdout


def test_audit_as_json_is_all_there_is_on_standard_output(fake, run):
    result = run("audit", "--suite", "quick", "--seeds", "1", "--workers", "0", "--json")
    report = json.loads(result.stdout)
    assert report["ok"] is True
    assert report["tasks"]["fake.lamp-v1"].items() >= {"oracle": True, "noop": True, "near_misses": True}.items()


def test_an_audit_of_two_engines_prints_and_writes_how_they_agree(fake, run):
    asked = ("audit", "--engine", "bullet", "--suite", "quick", "--seeds", "1", "--workers", "0")
    result = run(*asked, "--write", "page.md")
    assert result.exit_code == 0
    assert "2 of 2 tasks agree (100 %)" in result.stdout
    assert "`switch-bench audit --engine bullet --suite quick --seeds 1`" in (fake / "page.md").read_text()


def test_engines_that_disagree_are_exit_code_1(fake, run, monkeypatch):
    def carry_out(env, plan):
        raise RuntimeError("the knob is out of reach")

    from switch_bench.evaluate import bench

    monkeypatch.setattr(bench, "carry_out", carry_out)
    result = run("audit", "--engine", "bullet", "--suite", "quick", "--seeds", "1", "--workers", "0")
    assert result.exit_code == 1
    assert "the knob is out of reach" in result.stdout


def test_an_audit_that_falls_short_is_exit_code_1(fake, run, monkeypatch):
    monkeypatch.setattr("switch_bench.evaluate.bench.idle", lambda env: fake_bench.solve(env, ""))
    result = run("audit", "--suite", "quick", "--seeds", "1", "--workers", "0")
    assert result.exit_code == cli.FELL_SHORT == 1
    assert "doing nothing succeeds" in result.stdout
    assert "fell short" in result.stdout


def test_doctor_tells_and_is_able(run):
    result = run("doctor")
    assert result.exit_code == 0
    for said in ("Python", "MuJoCo", "OpenGL by egl", "pictures", "extra rl"):
        assert said in result.stdout


def test_doctor_as_json(run):
    report = json.loads(run("doctor", "--json").stdout)
    assert report["ok"] is True
    assert {"name", "state", "found", "hint"} <= report["checks"][0].keys()


def test_doctor_without_mujoco_is_not_able(run, monkeypatch):
    from switch_bench.evaluate import doctor

    real = doctor._version
    monkeypatch.setattr(doctor, "_version", lambda name: None if name == "mujoco" else real(name))
    monkeypatch.setattr(doctor, "try_gl", lambda backend: ("", f"{backend}: no"))
    monkeypatch.setattr(doctor, "try_tiny", lambda: ("", "tiny: no"))
    result = run("doctor")
    assert result.exit_code == 1
    assert "pip install mujoco" in result.stdout


def test_list_as_json_has_the_names_others_rely_on(run):
    found = json.loads(run("list", "--json").stdout)
    assert {"scenes", "devices", "tasks", "suites"} <= found.keys()
    assert {"kind", "model"} <= found["devices"][0].keys()
    for task in found["tasks"]:
        assert {"id", "suite", "scene", "level", "split"} <= task.keys()
    assert sorted(found["suites"]["all"]) == sorted(task["id"] for task in found["tasks"])


def test_list_for_a_reader(run):
    result = run("list")
    assert result.exit_code == 0
    for said in ("Scenes", "Devices", "Tasks", "Suites", "kettle"):
        assert said in result.stdout


def test_eval_redoes_errors_when_asked(fake, run, monkeypatch):
    import fake_policies

    asked = (*EVAL, "--policy", "fake_policies:FailsOnKettle", "--out", "out")
    assert "1 episode ended in an error" in run(*asked).stderr
    monkeypatch.setattr(fake_policies.FailsOnKettle, "reset", fake_policies.Presser.reset)
    assert "there already" in run(*asked).stderr
    result = run(*asked, "--redo-errors")
    assert "1 episode to run (1 are there already), 1 of them again after an error" in result.stderr
    assert "2/2" in result.stdout


def test_a_server_that_goes_away_is_exit_code_3_with_how_to_go_on(fake, run, monkeypatch):
    from switch_bench.agents.errors import AgentGone

    def reset(self, task, seed, info):
        raise AgentGone("can't be reached: Connection refused (tried 5 times)")

    import fake_policies

    monkeypatch.setattr(fake_policies.Presser, "reset", reset)
    result = run(*EVAL, "--policy", "fake_policies:Presser", "--episodes", "50", "--out", "out")
    assert result.exit_code == 3
    assert "stopped: --policy fake_policies:Presser: can't be reached: Connection refused" in result.stderr
    assert "1 of 100 episodes are kept in out" in result.stderr
    assert "--redo-errors" in result.stderr
    [record] = [json.loads(line) for line in (fake / "out" / "episodes.jsonl").read_text().splitlines()]
    assert (record["status"], record["gone"], record["error"]["type"]) == ("error", True, "AgentGone")
