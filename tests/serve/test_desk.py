"""The desk: clients list tasks by number, play, and their run folders hold what it came to."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.append(str(Path(__file__).parent))

from kettle import DONE, SEED, TASK, WAIT, lever

from switch_bench.agents.session import Limits
from switch_bench.agents.tell import Told
from switch_bench.envs.env import SwitchEnv
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.folder import read_episodes
from switch_bench.serve.desk import NOT_BEGUN, UNDER_WAY, Desk
from switch_bench.serve.rounds import FAILED


def desk_in(folder: Path, **kwargs: Any) -> Desk:
    """A desk for one task, without pictures."""
    return Desk(folder, **({"suite": TASK, "track": "llm", "seed": SEED, "pictures": False} | kwargs))


def start(desk: Desk, place: str | None = "a", client: str = "me") -> Told:
    """Start the one task."""
    told = desk.call(place, client, "start_task", {"task": 1})
    assert not told.malformed, told.text
    return told


def episodes(folder: Path, client: str = "mcp-me") -> list[dict[str, Any]]:
    """The records of a client."""
    return read_episodes(folder / client)


def test_an_episode_is_played_and_judged_and_its_verdict_is_not_told(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    told = start(desk)
    told = desk.call("a", "me", "press", {"mark": lever(told.text)})
    desk.call("a", "me", "wait", WAIT)
    end = desk.call("a", "me", "report", DONE)
    assert (end.text, end.over) == ("Done.\nThe episode is over.", True)
    desk.close()
    [record] = episodes(tmp_path)
    assert record["status"] == "done"
    assert record["success"] is True
    assert (record["calls"], record["malformed"]) == (3, 0)
    assert (tmp_path / "mcp-me" / record["trace"]).exists()
    results = json.loads((tmp_path / "mcp-me" / "results.json").read_text())
    assert (results["policy"], results["success"]["k"], results["episodes"]) == ("mcp:me", 1, 1)
    assert (tmp_path / "mcp-me" / "report.html").exists()


def test_tasks_have_numbers_and_the_run_folder_says_which_is_which(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, suite="core")
    listed = json.loads(desk.call("a", "me", "list_tasks", {}).text)["tasks"]
    desk.close()
    numbers = json.loads((tmp_path / "mcp-me" / "run.json").read_text())["numbers"]
    assert [each["task"] for each in listed] == [1 + k for k in range(12)]
    assert len(numbers) == 12
    assert numbers["task 3"] == TASK
    assert listed[2] == {"task": 3, "asks": "Bring the water in the kettle to the boil, then tell me.", "begun": 0}


def test_what_cannot_be_done_is_answered_with_what_can(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)

    def wrong(name: str, arguments: Any) -> str:
        told = desk.call("a", "me", name, arguments)
        assert told.malformed
        return told.text

    assert wrong("press", {"mark": 1}) == NOT_BEGUN
    assert wrong("start_task", {"task": 2}) == "start_task: there are tasks 1 to 1"
    assert "`task` is missing" in wrong("start_task", {})
    assert "Did you mean 'start_task'?" in wrong("start_tusk", {})
    start(desk)
    assert wrong("start_task", {"task": 1}) == UNDER_WAY
    assert "`mark` is missing" in wrong("press", {})
    desk.call("a", "me", "report", {"what": "impossible"})
    desk.close()
    [record] = episodes(tmp_path)
    assert (record["calls"], record["malformed"]) == (3, 2), "only what was wrong in the episode counts in it"


def test_the_same_task_again_is_another_episode(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    for _ in range(2):
        start(desk)
        desk.call("a", "me", "report", DONE)
    desk.close()
    desk = desk_in(tmp_path)
    start(desk)
    desk.call("a", "me", "report", DONE)
    desk.close()
    records = episodes(tmp_path)
    assert [record["episode"] for record in records] == [0, 1, 2]
    assert len({record["seed"] for record in records}) == 3


def test_who_leaves_an_episode_leaves_an_error(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    start(desk)
    desk.leave("a", "the client closed its session")
    desk.leave("a", "again")
    assert desk.call("a", "me", "press", {"mark": 1}).text == NOT_BEGUN
    start(desk)
    desk.close()
    first, second = episodes(tmp_path)
    assert first["status"] == second["status"] == "error"
    assert first["error"]["where"] == "player"
    assert first["error"]["message"] == "the client closed its session"
    assert json.loads((tmp_path / "mcp-me" / "results.json").read_text())["errors"] == 2


def test_a_player_of_whom_nothing_is_heard_is_gone(tmp_path: Path) -> None:
    now = [0.0]
    desk = desk_in(tmp_path, idle=60.0, clock=lambda: now[0])
    start(desk)
    now[0] = 59.0
    desk.call("a", "me", "wait", {"seconds": 1})
    now[0] = 118.0
    desk.sweep()
    assert episodes(tmp_path) == []
    now[0] = 120.0
    desk.sweep()
    assert "nothing was heard of the player for 60 s" in episodes(tmp_path)[0]["error"]["message"]
    desk.close()


def test_players_have_places_and_folders_of_their_own(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, most=2)
    start(desk, "a", "../me")
    start(desk, "b", "you")
    assert "2 episodes are under way" in desk.call("c", "you", "start_task", {"task": 1}).text
    desk.call("a", "../me", "report", DONE)
    assert not desk.call("b", "you", "wait", {"seconds": 1}).over
    desk.close()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["mcp-..-me", "mcp-you"]
    assert episodes(tmp_path, "mcp-..-me")[0]["status"] == "done"
    assert episodes(tmp_path, "mcp-you")[0]["status"] == "error"


def test_without_a_place_an_episode_is_named_in_each_call(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    for tool in desk.tools(named=True)[2:]:
        assert tool.parameters["required"][0] == "episode"
    names = [start(desk, None).text.split("called ")[1].split(":")[0] for _ in range(2)]
    assert names[0] != names[1]
    assert desk.call(None, "me", "report", {**DONE, "episode": names[0]}).over
    assert "`episode` is missing" in desk.call(None, "me", "report", DONE).text
    for gone in (names[0], "nowhere"):
        told = desk.call(None, "me", "report", {**DONE, "episode": gone})
        assert told.malformed
        assert f"there is no episode '{gone}' under way" in told.text
    assert "`marke` isn't an argument" in desk.call(None, "me", "press", {"marke": 1, "episode": names[1]}).text
    desk.close()
    assert [(r["status"], r["malformed"]) for r in episodes(tmp_path)] == [("done", 0), ("error", 1)]


def test_two_servers_do_not_write_to_one_folder(tmp_path: Path) -> None:
    desks = [desk_in(tmp_path), desk_in(tmp_path), desk_in(tmp_path, seed=SEED + 1)]
    for desk in desks:
        start(desk)
    for desk in desks:
        desk.close()
    assert {path.name for path in tmp_path.iterdir()} == {"mcp-me", "mcp-me-2", "mcp-me-3"}


def test_a_spent_budget_ends_an_episode_that_counts(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, limits=Limits(calls=2))
    start(desk)
    desk.call("a", "me", "wait", {"seconds": 1})
    assert desk.call("a", "me", "wait", {"seconds": 1}).over
    desk.close()
    [record] = episodes(tmp_path)
    assert (record["status"], record["success"], record["elapsed_us"]) == ("done", False, 240_000_000)


def test_a_simulator_that_fails_ends_the_episode_and_is_told_to_the_folder_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_in(tmp_path)
    start(desk)

    def broken(*_: Any) -> None:
        raise RuntimeError("kettle.water is missing in /secret")

    monkeypatch.setattr(SwitchEnv, "step", broken)
    told = desk.call("a", "me", "wait", {"seconds": 1})
    assert (told.text, told.over) == (FAILED, True)
    desk.close()
    [record] = episodes(tmp_path)
    assert (record["status"], record["error"]["where"]) == ("error", "environment.step")
    assert "kettle.water is missing" in record["error"]["traceback"]


@pytest.mark.parametrize(
    ("given", "where"), [({"suite": "cor"}, "--suite cor"), ({"track": "vllm"}, "--track"), ({}, "--out")]
)
def test_what_is_wrong_is_said_before_anyone_plays(tmp_path: Path, given: dict[str, str], where: str) -> None:
    folder = tmp_path / "file"
    folder.write_text("in the way")
    with pytest.raises(InputError) as error:
        desk_in(folder if not given else tmp_path, **given)
    assert where in str(error.value)
