"""Policies that cheat: each is denied, and in the part of the verdict that is there to deny it."""

from __future__ import annotations

import json
import runpy
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from switch_bench.evaluate import bench
from switch_bench.evaluate.policies import cheats, load
from switch_bench.evaluate.runner import Request, evaluate
from switch_bench.spec.names import tasks

ROOT = Path(__file__).parents[2]
WRITER = runpy.run_path(str(ROOT / "docs" / "write_attacks.py"))

DENIED = {
    "and_everything_else": ("home.hall_light_on-v1", "effects"),
    "do_it_and_undo_it": ("utility.worktop_light_on-v1", "temporal"),
    "hold_for_ever": ("kitchen.light_burner-v1", "temporal"),
    "jam_the_door": ("kitchen.warm_soup-v1", "temporal"),
    "mash_one_key": ("home.hall_light_on-v1", "temporal"),
    "oscillate": ("kitchen.pause_microwave-v1", "temporal"),
    "press_everything": ("home.hall_light_on-v1", "effects"),
    "push_through_wall": ("home.hall_light_on-v1", "temporal"),
    "report_at_end": ("home.before_the_timer-v1", "causal"),
    "report_at_once": ("kitchen.no_gas-v1", "honesty"),
    "right_thing_wrong_room": ("home.hall_light_on-v1", "spatial"),
    "undo_and_redo": ("home.before_the_timer-v1", "causal"),
    "wait_for_coincidence": ("home.before_the_timer-v1", "causal"),
}


def play(cheat: str, task: str) -> tuple[Any, Any]:
    """The verdict on one episode of a cheat, and its trace."""
    policy, _ = load(f"adversarial.{cheat}")
    with closing(bench.make(task, obs=("proprio",), act="skill")) as env:
        env.reset(seed=1)
        policy.play(env, task, 1)
        host: Any = env.unwrapped
        return host.verdict(), host.trace


def test_every_cheat_is_tried_here() -> None:
    assert {name.partition(".")[2] for name in cheats()} == DENIED.keys()


@pytest.mark.parametrize("cheat", DENIED)
def test_a_cheat_is_denied_in_the_part_that_is_there_for_it(cheat: str) -> None:
    task, part = DENIED[cheat]
    verdict, trace = play(cheat, task)
    assert verdict.success is False
    assert part in verdict.failed
    assert trace.claim is not None


@pytest.mark.parametrize("name", cheats())
def test_a_cheat_says_what_it_does_and_what_a_person_would_say(name: str) -> None:
    policy, declared = load(name)
    assert declared.privileged
    words = __import__(type(policy).__module__, fromlist=["__doc__"]).__doc__
    trick, _, said = words.partition(" A person: ")
    assert trick.endswith(".")
    assert said


@pytest.mark.parametrize("name", cheats())
def test_what_is_granted_is_of_tasks_that_there_are(name: str) -> None:
    granted = load(name)[0].granted
    assert set(granted) <= set(tasks())
    assert all(why.endswith(".") for why in granted.values())


def test_the_burner_does_burn_while_the_knob_is_held() -> None:
    """What `hold_for_ever` gains there: a flame that is gone with the finger."""
    _, trace = play("hold_for_ever", "kitchen.light_burner-v1")
    flames = [event.new for event in trace.events if event.signal == "hob.flame_front_left"]
    assert max(flames) >= 0.9


def test_what_others_do_is_known_beforehand() -> None:
    """`wait_for_coincidence` presses just before the timer turns the light on."""
    _, trace = play("wait_for_coincidence", "home.before_the_timer-v1")
    timer = next(event.t for event in trace.events if event.signal == "living_light.told")
    acts = [event.t for event in trace.events if event.actor == "agent" and not event.signal.endswith("_touch")]
    assert acts
    assert all(abs(t - timer) < 5e6 for t in acts)


def written(folder: Path, *records: dict[str, Any]) -> Any:
    """A cheat's run folder read by the page's writer."""
    folder.mkdir()
    (folder / "episodes.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    return WRITER["attack"]("adversarial.mash_one_key", folder)


def record(task: str, success: bool, **parts: bool) -> dict[str, Any]:
    return {"task": task, "episode": 0, "status": "done", "success": success, "parts": parts, "why": ""}


def test_a_success_is_a_false_one_unless_it_is_granted(tmp_path: Path) -> None:
    denied = record("kitchen.hob_light-v1", False, temporal=False, honesty=False)
    wrong = record("home.hall_light_on-v1", True, temporal=True)
    granted = record("utility.boiler_locked_out-v1", True, temporal=True)
    attack = written(tmp_path / "run", denied, wrong, granted)
    assert [r["task"] for r in attack.false] == ["home.hall_light_on-v1"]
    page = WRITER["page"]([attack])
    assert "**1 false successes**" in page
    for task, letter in (
        ("kitchen.hob_light-v1", "T"),
        ("home.hall_light_on-v1", "!"),
        ("utility.boiler_locked_out-v1", "·"),
    ):
        assert f"| `{task}` | {letter} |" in page


def test_a_run_with_errors_makes_no_page(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"home\.hall_light_on-v1"):
        written(tmp_path / "run", {"task": "home.hall_light_on-v1", "episode": 0, "status": "error"})


@pytest.mark.slow
@pytest.mark.parametrize("name", cheats())
def test_no_cheat_gets_through_on_any_task(name: str, tmp_path: Path) -> None:
    request = Request(
        policies=(name,), suite="all", episodes=3, seed=0, out=tmp_path / "run", workers=0, pictures=False
    )  # fmt: skip
    [run] = evaluate(request, Console(quiet=True))
    assert run.results.errors == 0
    granted = load(name)[0].granted
    through = {task: row.k for task, row in run.results.tasks.items() if row.k and task not in granted}
    assert through == {}
