"""From a run to an archive and to a verdict of one's own: nothing is believed, and nothing honest is refused."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from submitted_runs import EPISODES, SEED, TASK, key, packed, run_folder

from switch_bench.evaluate import bench
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import read_episodes
from switch_bench.submit import archive, check, log, pack, signing
from switch_bench.submit.again import again, comparable
from switch_bench.submit.archive import Archive, episode_file
from switch_bench.submit.errors import Refused, Unverifiable

JUDGED = ("task", "episode", "seed", "status", "success", "parts", "words", "why", "since", "evidence", "verdict",
          "scores", "elapsed_us", "instruction")  # fmt: skip


def judged(folder: Path) -> list[dict[str, object]]:
    """What was found of each episode of a run folder."""
    records = sorted(read_episodes(folder), key=lambda record: record["episode"])
    return [{name: record[name] for name in JUDGED} for record in records]


def edit(run: Path, episode: int, changed: dict[str, object]) -> None:
    """Change an episode's record in a run folder."""
    file = run / "episodes" / f"{TASK}.{episode}.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | changed))


@pytest.mark.parametrize("policy", ["oracle", "explorer"])
def test_a_run_comes_out_the_same_where_nobody_believes_it(policy: str, tmp_path: Path) -> None:
    seen = []
    found = check.verify(packed(policy).path, tmp_path, progress=lambda done, of: seen.append((done, of)))
    assert found.status == "replay-verified", found.reasons
    assert judged(tmp_path) == judged(run_folder(policy))
    assert seen == [(1, EPISODES), (2, EPISODES)]
    told = json.loads((tmp_path / "verification.json").read_text())
    assert told["archive_sha256"] == packed(policy).sha256
    assert told["key"] == packed(policy).key
    assert told["manifest"]["policy"] == policy
    theirs, ours = (json.loads((f / "results.json").read_text()) for f in (run_folder(policy), tmp_path))
    assert ours["success"] == theirs["success"]
    assert ours["tasks"] == theirs["tasks"]


def test_scores_in_an_archive_are_not_read(tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(run_folder("noop"), run)
    boast = json.loads((run / "results.json").read_text())
    assert boast["success"]["k"] == 0
    boast["success"] |= {"k": EPISODES, "rate": 1.0}
    (run / "results.json").write_text(json.dumps(boast))
    for n in range(EPISODES):
        edit(run, n, {"success": True})
    made = pack.pack(run, tmp_path / "boast.sbz", key())
    found = check.verify(made.path, tmp_path / "out")
    assert found.status == "replay-verified"
    assert json.loads((tmp_path / "out" / "results.json").read_text())["success"]["k"] == 0


def test_without_running_it_again_it_is_self_reported_and_nothing_is_scored(tmp_path: Path) -> None:
    found = check.verify(packed("oracle").path, tmp_path, replay=False)
    assert found.status == "self-reported"
    assert {path.name for path in tmp_path.iterdir()} == {"verification.json"}


def test_an_error_stays_one_and_counts(tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(run_folder("explorer"), run)
    error = {
        "task": TASK, "episode": 1, "seed": episode_seed(SEED, TASK, 1), "status": "error", "wall_s": 0.0,
        "error": {"where": "policy", "type": "ValueError", "message": "no", "traceback": "…"},
    }  # fmt: skip
    edit(run, 1, error)
    made = pack.pack(run, tmp_path / "a.sbz", key())
    assert made.errors == 1
    found = check.verify(made.path, tmp_path / "out")
    assert found.status == "replay-verified"
    results = json.loads((tmp_path / "out" / "results.json").read_text())
    assert (results["success"]["n"], results["errors"]) == (1, 1)


def test_a_run_on_unlike_machines_is_packed_and_said_to_be_unverifiable_as_a_whole(tmp_path: Path) -> None:
    assert packed("noop").unlike == ""
    run = tmp_path / "run"
    shutil.copytree(run_folder("noop"), run)
    here = json.loads((run / "episodes" / f"{TASK}.1.json").read_text())["machine"]
    edit(run, 1, {"machine": here | {"maths": "0123456789abcdef"}})
    assert "differ in what its maths functions come to" in pack.pack(run, tmp_path / "a.sbz", key()).unlike


def test_the_same_run_makes_the_same_log_and_another_key_only_another_signature(tmp_path: Path) -> None:
    other = tmp_path / "key.pem"
    signing.new_key(other)
    made = pack.pack(run_folder("oracle"), tmp_path / "b.sbz", other)
    with Archive(made.path) as ours, Archive(packed("oracle").path) as theirs:
        name = episode_file(TASK, 0)
        assert ours.read(name) == theirs.read(name)
        assert ours.read("signature.json") != theirs.read("signature.json")
    assert made.key != packed("oracle").key


def played(policy: str) -> log.Played:
    with Archive(packed(policy).path) as opened:
        found = log.parse(opened.read(episode_file(TASK, 0)), "log")
    assert isinstance(found, log.Played)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [("mujoco", "3.18.0"), ("libm", "musl 1.2"), ("numpy", "1.26.4")],
)
def test_another_machine_makes_it_unverifiable_and_says_in_what(name: str, value: str) -> None:
    made = played("explorer")
    elsewhere = made.model_copy(update={"versions": made.versions | {name: value}})
    comparable(made, bench, "log")
    with pytest.raises(Unverifiable, match=rf"{name}: '{value}' there, '.+' here"):
        comparable(elsewhere, bench, "log")
    with pytest.raises(Unverifiable, match="'bullet'"):
        comparable(made.model_copy(update={"engine": "bullet"}), bench, "log")
    with pytest.raises(Unverifiable, match="file isn't the one"):
        comparable(made.model_copy(update={"task_hash": "0" * 32}), bench, "log")


def with_versions(made: log.Played, **other: str) -> log.Played:
    return made.model_copy(update={"versions": made.versions | other})


def of_before(made: log.Played) -> log.Played:
    """As logs were before they told what the maths functions come to."""
    told = {name: value for name, value in made.versions.items() if name != "maths"}
    return made.model_copy(update={"versions": told})


def test_a_log_of_before_the_maths_functions_were_told_is_judged_by_the_cpus_flags(tmp_path: Path) -> None:
    (tmp_path / "traces").mkdir()
    made = of_before(played("noop"))
    assert again(made, bench, tmp_path, "log")["status"] == "done"
    with pytest.raises(Unverifiable, match="cpu_flags: '1' there"):
        again(with_versions(made, cpu_flags="1"), bench, tmp_path, "log")
    with pytest.raises(Refused, match="the state at") as found:
        again(otherwise(made), bench, tmp_path, "log")
    assert not isinstance(found.value, Unverifiable)


def otherwise(made: log.Played) -> log.Played:
    """With a state that doesn't come about here."""
    return made.model_copy(update={"hashes": [*made.hashes[:-1], (made.hashes[-1][0], "0" * 16)]})


@pytest.mark.parametrize("fact", ["cpu_flags", "maths"])
def test_a_machine_that_rounds_otherwise_is_no_obstacle_and_no_reason_to_refuse(fact: str, tmp_path: Path) -> None:
    (tmp_path / "traces").mkdir()
    made = with_versions(played("noop"), **{fact: "0123456789abcdef"})
    assert again(made, bench, tmp_path, "log")["status"] == "done"
    with pytest.raises(Unverifiable, match=rf"isn't the log's; that may be the machine's doing: {fact}: '01.+' there"):
        again(otherwise(made), bench, tmp_path, "log")


def test_where_the_c_library_rounds_otherwise_nothing_honest_is_refused(tmp_path: Path) -> None:
    """glibc as on a processor without FMA: its sin and atan have other last bits, and its name is the same."""
    run = [sys.executable, "-c", "from switch_bench.cli import main; main()", "submit", "verify", packed("oracle").path]
    elsewhere = os.environ | {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA"}
    subprocess.run([*run, "--out", tmp_path / "out"], env=elsewhere, check=False, capture_output=True, timeout=600)
    found = json.loads((tmp_path / "out" / "verification.json").read_text())
    assert found["status"] in ("replay-verified", "unverifiable")
    assert {reason["code"] for reason in found["reasons"]} <= {"machine"}


def test_what_was_told_to_the_policy_is_compared(tmp_path: Path) -> None:
    made = played("explorer")
    (tmp_path / "traces").mkdir()
    observed = list(made.observed)
    observed[-1] = ("0" * 16, observed[-1][1])
    with pytest.raises(Refused, match=f"observation {len(observed) - 1} isn't") as found:
        again(made.model_copy(update={"observed": observed}), bench, tmp_path, "log")
    assert found.value.code == "observation"
    with pytest.raises(Refused, match="observations in the log"):
        again(made.model_copy(update={"observed": observed[:-1]}), bench, tmp_path, "log")


@pytest.mark.gl
def test_pictures_are_drawn_again_and_compared_where_the_same_renderer_drew_them(tmp_path: Path) -> None:
    from switch_bench.envs.env import SwitchEnv
    from switch_bench.evaluate.observed import Observed

    keys = ("rgb", "instruction")
    env = SwitchEnv(TASK, obs=keys, act="delta_pose", size=(64, 64))
    observed = Observed(keys)
    observed.see(env.reset(seed=9)[0])
    for turn in (0.5, -1.0, 0.2):
        observed.see(env.step([0.0] * 9 + [turn, 0.0, 0.0])[0])
    assert env.stage is not None
    env.stage.note("observed", [list(pair) for pair in observed.hashes])
    env.end()
    made = log.of_trace(env.trace, {"task": TASK, "episode": 0, "seed": 9})
    assert made.renderer != "none"
    (tmp_path / "traces").mkdir()
    assert again(made, bench, tmp_path, "log", (0, 2))["pictures_compared"] == 2
    wrong = list(made.observed)
    wrong[2] = (wrong[2][0], "f" * 16)
    edited = made.model_copy(update={"observed": wrong})
    with pytest.raises(Refused, match="the pictures of observation 2"):
        again(edited, bench, tmp_path, "log", (0, 2))
    elsewhere = edited.model_copy(update={"renderer": "egl: another"})
    assert again(elsewhere, bench, tmp_path, "log", (0, 2))["pictures_compared"] == 0


def test_a_run_that_is_no_finished_one_is_not_packed(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no run folder"):
        pack.pack(tmp_path, tmp_path / "a.sbz", key())
    run = tmp_path / "run"
    shutil.copytree(run_folder("noop"), run)
    (run / "episodes" / f"{TASK}.1.json").unlink()
    with pytest.raises(InputError, match=r"isn't finished: episode .*1 isn't there"):
        pack.pack(run, tmp_path / "a.sbz", key())
    with pytest.raises(InputError, match="no such file"):
        pack.pack(run_folder("noop"), tmp_path / "a.sbz", tmp_path / "key.pem")
    assert not (tmp_path / "a.sbz").exists()


def test_what_is_missing_is_told_before_anything_is_packed(tmp_path: Path) -> None:
    """Packing a whole run takes many minutes: nobody should wait for them to learn of it."""
    run = tmp_path / "run"
    shutil.copytree(run_folder("noop"), run)
    (trace,) = run.glob(f"traces/{TASK}.1.*")
    trace.unlink()
    with pytest.raises(InputError, match=f"{TASK}, episode 1: there is no .*{trace.name}") as found:
        pack.pack(run, tmp_path / "none" / "a.sbz", key())
    assert "can't be run again" in found.value.hint


def test_what_readers_get_beside_is_left_out_where_it_is_too_large(tmp_path: Path) -> None:
    run = tmp_path / "run"
    shutil.copytree(run_folder("noop"), run)
    (run / "report.html").write_bytes(bytes((48 << 20) + 1))
    results = json.loads((run / "results.json").read_text())
    (run / "results.json").write_text(json.dumps(results) + " " * (8 << 20))
    made = pack.pack(run, tmp_path / "a.sbz", key())
    assert made.left_out == ("results.json", "report.html")
    assert check.verify(made.path, tmp_path / "out", replay=False).status == "self-reported"


def test_a_log_that_would_not_be_taken_is_told_by_its_episode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = {kind: 100 if kind.startswith("episodes") else size for kind, size in archive.KINDS.items()}
    monkeypatch.setattr(archive, "KINDS", small)
    with pytest.raises(InputError, match=f"{TASK}.0.json: .* such a file has at most 100"):
        pack.pack(run_folder("noop"), tmp_path / "a.sbz", key())
    monkeypatch.undo()
    monkeypatch.setattr(log, "MOST_STEPS", 0)
    with pytest.raises(InputError, match=f"{TASK}, episode 0: it has [0-9]+ steps; a log has at most 0"):
        pack.pack(run_folder("noop"), tmp_path / "a.sbz", key())
    assert list(tmp_path.iterdir()) == []


def test_an_archive_that_would_be_too_large_leaves_the_one_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "a.sbz"
    out.write_bytes(b"an older one")
    monkeypatch.setattr(archive, "MOST", 1000)
    with pytest.raises(InputError, match="an archive has at most 1000"):
        pack.pack(run_folder("noop"), out, key())
    assert out.read_bytes() == b"an older one"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_that_holds_things_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="holds things"):
        check.verify(packed("oracle").path, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_key_is_readable_by_its_owner_only_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "key.pem"
    public = signing.new_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert signing.public(signing.load_key(file)) == public
    with pytest.raises(InputError, match="a file already"):
        signing.new_key(file)
    assert archive.SUFFIX == ".sbz"
