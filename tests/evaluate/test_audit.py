"""The audit of tasks."""

import io

import fake_bench
import pytest
from rich.console import Console

from switch_bench.evaluate import audit, audit_table
from switch_bench.evaluate.errors import InputError
from switch_bench.spec import reference_runs


def audited(suite="quick", seeds=1, workers=0):
    return audit.audit(suite, seeds, 0, workers, Console(quiet=True), bench="fake_bench")


def changed(monkeypatch, **keys):
    """Every fake task, with these keys otherwise."""
    spec = fake_bench.spec
    monkeypatch.setattr(fake_bench, "spec", lambda id: spec(id).model_copy(update=keys))


def test_a_good_benchmark_passes():
    report = audited(seeds=2)
    assert report["ok"] is True
    assert report["tasks"].keys() == {"fake.lamp-v1", "fake.kettle-v1"}
    row = report["tasks"]["fake.lamp-v1"]
    kinds = ("oracle", "noop", "near_misses", "required_steps", "detour", "random_skill", "horizon", "instruction")
    assert all(row[kind] is True for kind in kinds)
    assert row["mutants"]["killed"] == row["mutants"]["total"] > 0
    assert row["troubles"] == []


def test_a_task_that_does_itself_falls_short(monkeypatch):
    monkeypatch.setattr(fake_bench, "idle", lambda env: fake_bench.solve(env, ""))
    report = audited("fake.lamp-v1")
    row = report["tasks"]["fake.lamp-v1"]
    assert (report["ok"], row["oracle"], row["noop"], row["random_skill"]) == (False, True, False, False)
    assert any("fake.lamp-v1, noop, seed" in line for line in audit.troubles(report))
    assert any("it succeeds in 4 of 4 episodes" in line for line in audit.troubles(report))


def test_a_solution_that_raises_falls_short(monkeypatch):
    def carry_out(env, plan):
        raise RuntimeError("the knob is out of reach")

    monkeypatch.setattr(fake_bench, "carry_out", carry_out)
    report = audited("fake.lamp-v1")
    assert report["tasks"]["fake.lamp-v1"]["oracle"] is False
    assert "RuntimeError: the knob is out of reach" in audit.troubles(report)[0]


def test_a_step_that_can_be_left_out_is_not_required(monkeypatch):
    solution = fake_bench.spec("fake.lamp-v1").solution
    spare = solution[0].model_copy()
    changed(monkeypatch, solution=(spare, *solution))
    report = audited("fake.lamp-v1")
    row = report["tasks"]["fake.lamp-v1"]
    assert row["required_steps"] is False
    said = "the solution without step 1, press switch.gang_1 succeeds"
    assert any(said in line for line in audit.troubles(report))


def test_a_step_that_is_needed_and_not_flagged_is_told(monkeypatch):
    press, *rest = fake_bench.spec("fake.lamp-v1").solution
    changed(monkeypatch, solution=(press.model_copy(update={"required": False}), *rest))
    report = audited("fake.lamp-v1")
    assert report["tasks"]["fake.lamp-v1"]["needed_steps"] == ["without step 1, press switch.gang_1"]


@pytest.mark.parametrize(
    ("horizon", "fits"), [(800_000, False), (1_000_000, True), (3_600_000, True), (3_700_000, False)]
)
def test_the_horizon_is_from_one_and_a_half_to_six_times_what_it_takes(monkeypatch, horizon, fits):
    changed(monkeypatch, horizon_us=horizon)
    assert audited("fake.lamp-v1")["tasks"]["fake.lamp-v1"]["horizon"] is fits


def test_naming_what_is_not_there_falls_short(monkeypatch):
    changed(monkeypatch, paraphrases=("Turn on the light, and the dishwasher.",))
    report = audited("fake.lamp-v1")
    assert report["tasks"]["fake.lamp-v1"]["instruction"] is False
    assert audit.troubles(report) == ["fake.lamp-v1, instruction: it names a thing that the room lacks: dishwasher"]


def test_a_task_that_cannot_be_done_may_name_what_is_not_there(monkeypatch):
    keys = {"feasible": False, "disconfirming": ("lamp.lit",), "goal": 'eventually mug.owner == "Ben"'}
    changed(monkeypatch, paraphrases=("Use the dishwasher.",), **keys)
    assert audited("fake.lamp-v1")["tasks"]["fake.lamp-v1"]["instruction"] is True


def test_a_goal_that_comes_about_is_feasible(monkeypatch):
    changed(monkeypatch, feasible=False, disconfirming=("lamp.lit",))
    assert any("it can't be done, and was done here" in line for line in audit.troubles(audited("fake.lamp-v1")))


def test_a_mutant_that_nothing_tells_from_the_original_falls_short_unless_it_is_listed(monkeypatch):
    changed(monkeypatch, goal="eventually lamp.lit or eventually (hall.temperature >= 90 degC)")
    report = audited("fake.lamp-v1")
    assert report["tasks"]["fake.lamp-v1"]["mutants"]["ok"] is False
    alive = report["tasks"]["fake.lamp-v1"]["mutants"]["survivors"]
    assert "left out: eventually (hall.temperature >= 90 degC)" in alive

    monkeypatch.setattr(fake_bench, "accepted_mutants", lambda: {"fake.lamp-v1": dict.fromkeys(alive, "It never is.")})
    row = audited("fake.lamp-v1")["tasks"]["fake.lamp-v1"]
    assert row["mutants"]["ok"] is True
    assert row["mutants"]["listed"] == len(alive)


def test_a_listed_mutant_that_does_not_exist_is_told(monkeypatch):
    monkeypatch.setattr(fake_bench, "accepted_mutants", lambda: {"fake.lamp-v1": {"left out: no such thing": "Old."}})
    assert "there is no such mutant: left out: no such thing" in audit.troubles(audited("fake.lamp-v1"))[0]


def test_the_table_says_what_passed():
    screen = Console(record=True, width=200, file=io.StringIO())
    screen.print(audit_table.table(audited()))
    assert screen.export_text().count("✓") == 2 * len(audit_table.COLUMNS)


def test_the_page_has_a_row_for_each_task_and_says_how_it_was_made():
    page = audit_table.page(audited(), "switch-bench audit --suite quick --seeds 1")
    assert page.count("\n| `fake.") == 2
    assert "switch-bench audit --suite quick --seeds 1" in page


def test_what_the_reference_takes_is_recorded(tmp_path):
    file = tmp_path / "reference_runs.json"
    audit.record(audited(), file)
    kept = reference_runs.read(file.read_text())
    assert kept.tasks["fake.kettle-v1"].time_s == pytest.approx(1.6)
    assert kept.tasks["fake.kettle-v1"].acts == 1
    audit.record(audited("fake.lamp-v1"), file)
    assert reference_runs.read(file.read_text()) == kept


def test_processes_find_the_same():
    assert audited(workers=2) == audited()


def test_an_unknown_suite_is_told():
    with pytest.raises(InputError, match="no suite 'kitchn'"):
        audited("kitchn")
