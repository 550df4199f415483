"""`switch-bench play` over real pipes: a program by lines of JSON, a person by words."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import pytest

sys.path.append(str(Path(__file__).parent))

from kettle import DONE, SEED, TASK, WAIT, lever

from switch_bench.evaluate.folder import read_episodes
from switch_bench.serve.play import LONGEST_LINE, by_json, by_text, lines
from switch_bench.serve.rounds import Rounds

LONG = 120  # s that anything here may take
PLAY = (sys.executable, "-c", "from switch_bench.cli import main; main()", "play", TASK, "--no-pictures")


def rounds_in(folder: Path, track: str = "llm") -> Rounds:
    """The run folder of a player in this process."""
    return Rounds("play", folder, suite="all", track=track, seed=SEED, pictures=False, picked=True)


def by_lines(folder: Path, *said: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """What a program is answered that says these lines and then closes its end, and the episode's record."""
    given = b"".join((line if isinstance(line, bytes) else json.dumps(line).encode()) + b"\n" for line in said)
    out = io.StringIO()
    with rounds_in(folder) as rounds:
        by_json(rounds, TASK, io.BytesIO(given), out)
    return [json.loads(line) for line in out.getvalue().splitlines()], read_episodes(folder)[-1]


def test_a_program_boils_water_over_pipes(tmp_path: Path) -> None:
    words = (*PLAY, "--text", "--json", "--track", "llm", "--seed", str(SEED), "--out", str(tmp_path))
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as it:
        assert it.stdin is not None
        assert it.stdout is not None

        def ask(tool: str, **arguments: Any) -> dict[str, Any]:
            assert it.stdin is not None
            assert it.stdout is not None
            it.stdin.write(json.dumps({"tool": tool, "arguments": arguments}) + "\n")
            it.stdin.flush()
            return json.loads(it.stdout.readline())

        begun = json.loads(it.stdout.readline())
        assert begun.keys() == {"text", "images", "over", "malformed"}
        assert begun["text"].startswith("What is asked for: Bring the water in the kettle to the boil")
        assert ask("press", mark=lever(begun["text"]))["text"].startswith("Done.")
        assert ask("press", mark="the lever")["malformed"]
        ask("wait", **WAIT)
        assert ask("report", **DONE) == {
            "text": "Done.\nThe episode is over.", "images": [], "over": True, "malformed": False,
        }  # fmt: skip
        assert it.stdout.read() == ""
        assert it.wait(LONG) == 0
    [record] = read_episodes(tmp_path)
    assert (record["success"], record["calls"], record["malformed"]) == (True, 4, 1)
    results = json.loads((tmp_path / "results.json").read_text())
    assert (results["policy"], list(results["tasks"]), results["success"]["k"]) == ("play", [TASK], 1)


@pytest.mark.gl
def test_a_person_looks_at_pictures_and_is_told_the_verdict(tmp_path: Path) -> None:
    typed = "help\nlook lefft\nlook left\nview\nquit\n"
    words = (*PLAY, "--text", "--out", str(tmp_path))
    ran = subprocess.run(words, input=typed, capture_output=True, text=True, timeout=LONG)
    assert ran.returncode == 0, ran.stderr
    assert "look: write it as look left" in ran.stdout
    paths = [line.removeprefix("You see: ") for line in ran.stdout.splitlines() if line.startswith("You see: ")]
    assert paths == [str(tmp_path / "pictures" / "1" / f"000{k}.png") for k in (1, 2, 2)]
    first, second = (cv2.imread(path) for path in paths[:2])
    assert first is not None
    assert second is not None
    assert first.shape == (480, 640, 3)
    assert (first != second).any()
    assert "No success.\ntemporal: It did not come about" in ran.stdout
    assert ran.stdout.endswith(f"report: {tmp_path / 'report.html'}\n")
    assert (tmp_path / "report.html").exists()


def test_who_quits_is_judged_at_the_horizon(tmp_path: Path) -> None:
    answers, record = by_lines(tmp_path, {"tool": "quit"}, {"tool": "wait", "arguments": {"seconds": 1}})
    assert [a["over"] for a in answers] == [False, True]
    assert (record["status"], record["success"], record["elapsed_us"]) == ("done", False, 240_000_000)


def test_a_program_that_dies_leaves_an_error(tmp_path: Path) -> None:
    answers, record = by_lines(tmp_path, {"tool": "wait", "arguments": {"seconds": 1}})
    assert [a["over"] for a in answers] == [False, False]
    assert (record["status"], record["error"]["where"]) == ("error", "player")


def test_lines_that_are_no_calls_are_answered_and_counted(tmp_path: Path) -> None:
    wrong = (
        b"garbage", b"\xff\xfe", b"[" * 50_000, b"3", {"tool": 3}, {"tool": "wait", "argument": {}}, {"tool": "wate"},
        b'{"tool": "' + b"x" * LONGEST_LINE + b'"}',
    )  # fmt: skip
    (_, *answers, _), record = by_lines(tmp_path, *wrong, {"tool": "quit"})
    assert len(answers) == len(wrong)
    assert all(a["malformed"] and not a["over"] for a in answers)
    assert "Did you mean 'wait'" in answers[-2]["text"]
    assert answers[-1]["text"] == f"a line has at most {LONGEST_LINE} bytes"
    assert (record["calls"], record["malformed"]) == (len(wrong), len(wrong))


def test_help_tells_the_tools_and_is_no_call(tmp_path: Path) -> None:
    (_, told, _), record = by_lines(tmp_path, {"tool": "help"}, {"tool": "quit"})
    names = [tool["name"] for tool in told["tools"]]
    assert {"look", "press", "report"} <= set(names)
    assert told["tools"][names.index("press")]["parameters"]["required"] == ["mark"]
    assert record["calls"] == 0


def test_a_player_who_does_not_listen_any_more_leaves_an_error(tmp_path: Path) -> None:
    class Deaf(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    with rounds_in(tmp_path) as rounds:
        by_json(rounds, TASK, io.BytesIO(b'{"tool": "quit"}\n'), Deaf())
    assert read_episodes(tmp_path)[0]["status"] == "error"


def test_elements_are_written_so_that_a_person_can_read_them(tmp_path: Path) -> None:
    out = io.StringIO()
    with rounds_in(tmp_path) as rounds:
        by_text(rounds, TASK, io.BytesIO(b"quit\n"), out)
    shown = out.getvalue()
    assert "You see the kitchen:\n" in shown
    assert "  lever: off\n" in shown
    assert "{" not in shown
    assert max(len(line) for line in shown.splitlines()) <= 100


def test_a_line_has_an_end_and_a_length() -> None:
    long = b"x" * (3 * LONGEST_LINE)
    whole = b"y" * LONGEST_LINE
    assert list(lines(io.BytesIO(b"a\r\n\n" + long + b"\n" + whole + b"\nb"))) == [b"a", b"", None, whole, b"b"]
    assert list(lines(io.BytesIO(long))) == [None]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((TASK,), "play: say how"),
        (("kitchen.boil_watr-v1", "--text"), "did you mean kitchen.boil_water-v1"),
        ((TASK, "--text", "--track", "lmm"), "there is no track 'lmm'"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from switch_bench.cli import app

    ran = CliRunner().invoke(app, ["play", *words, "--out", str(tmp_path / "run")])
    assert ran.exit_code == 2
    assert says in ran.stderr
    assert not (tmp_path / "run").exists()
