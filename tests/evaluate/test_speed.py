"""The benchmark's figures have their names, are held against their aims, and stand in their tables."""

from __future__ import annotations

import json
from math import nan
from pathlib import Path
from typing import Any

import pytest

from switch_bench.evaluate import inserted, speed, speed_rooms, speed_step, speed_table, speed_vector, speed_world
from switch_bench.evaluate.errors import InputError
from switch_bench.evaluate.speed_aims import AIMS, checked
from switch_bench.evaluate.speed_step import Effort

LEAST = Effort(blocks=2, block=3)
MOTION = {"controls", "step_us", "bare_us", "ratio", "real_time_factor"}
HEATED = "home.warm_living-v1"


def motion(step: float, bare: float, controls: int = 50) -> dict[str, Any]:
    """The figures of a motion whose step takes `step` µs, over `bare` µs of physics."""
    return {
        "controls": controls, "step_us": step, "bare_us": bare, "ratio": step / bare, "free_us": None,
        "free_ratio": None, "real_time_factor": round(50_000 / step), "what": "light.gang_1",
        "world_us": bare + 5.0, "stage_us": bare + 8.0,
    }  # fmt: skip


def run(**figures: Any) -> dict[str, Any]:
    """The figures of a run, with what they are held against."""
    machine = {
        "switch_bench": "0", "mujoco": "3", "python": "3.11", "system": "Linux", "processor": "", "processors": 2,
    }  # fmt: skip
    found = {"machine": machine, "quick": False, **figures}
    found["aims"] = checked(found)
    found["ok"] = all(aim["met"] for aim in found["aims"])
    return found


# ---------------------------------------------------------------- what is measured


@pytest.fixture(scope="module")
def task(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(speed_rooms.write(tmp_path_factory.mktemp("rooms"), 10))


def test_a_scene_is_measured_free_close_to_a_wall_and_touching(task: str) -> None:
    found = speed_step.measure(task, LEAST, wall=True)
    assert set(found) >= MOTION | {"touching", "wall"}
    assert set(found["touching"]) >= MOTION
    assert found["controls"] == 10
    assert found["touching"]["in_contact"] == 1.0
    assert found["in_contact"] == found["wall"]["in_contact"] == 0.0
    for timed in (found, found["wall"], found["touching"]):
        assert timed["real_time_factor"] == pytest.approx(50_000 / timed["step_us"], abs=1.0)
        assert timed["bare_us"] > 0.0
    assert found["touching"]["what"] == "wall_switch_1.key_1"


def test_the_physics_that_is_timed_in_turn_goes_the_same_way(task: str) -> None:
    env, *twins = [speed_step.make(task) for _ in range(3)]
    turns = speed_step.InTurn(env, speed_step.wander, 5, twins=twins)
    turns.block()
    world = turns.stage.world
    for _, data in turns.engines.values():
        assert data.time == pytest.approx(0.25)
        assert data.qpos.tolist() == world.data.qpos.tolist()
    for stage in turns.twins:
        assert stage.world.digest() == world.digest()


def test_many_environments_are_measured_beside_the_engine_alone(task: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed_vector, "MAIN", 2)
    monkeypatch.setattr(speed_vector, "MANY", 3)
    monkeypatch.setattr(speed_vector, "VARIANTS", 2)
    found = speed_vector.measure(task, LEAST, (1, 2))
    assert set(found) >= {"envs", "threads", "steps_per_s", "speedup", "rss_mb", "bare_steps_per_s"}
    assert (found["envs"], found["rss_envs"], found["rss_variants"]) == (2, 3, 2)
    assert set(found["by_envs"]) == {"1", "2"}


def test_a_day_goes_by_in_jumps_in_which_the_heating_works() -> None:
    found = speed_world.wait_24h(HEATED, 1)
    assert found["ms"] > 0.0
    assert found["jumps"] >= 1
    assert found["events"] > 24  # the thermostat calls more than once an hour


def test_a_part_gives_its_figures_and_what_they_are_held_against() -> None:
    found = speed.measure(["fork"], quick=True)
    assert found["fork_us"] > 0.0
    assert [aim["figure"] for aim in found["aims"]] == ["fork_us"]
    assert found["ok"] == (found["fork_us"] <= 100)
    assert json.loads(json.dumps(found)) == found


# ---------------------------------------------------------------- aims


def test_every_figure_of_a_path_is_held_against_its_aim() -> None:
    found = run(scenes={"a": {**motion(110, 100), "touching": motion(120, 100)}, "b": {**motion(200, 100)}})
    assert {(aim["figure"], aim["met"]) for aim in found["aims"]} == {
        ("scenes.a.ratio", True), ("scenes.a.touching.ratio", False), ("scenes.b.ratio", False),
    }  # fmt: skip
    assert found["ok"] is False


@pytest.mark.parametrize(("value", "met"), [(1.8, True), (1.79, False), (None, False), (nan, False)])
def test_a_figure_that_is_not_there_meets_no_aim(value: float | None, met: bool) -> None:
    found = run(vector={"speedup": value})
    assert [aim["met"] for aim in found["aims"]] == [met]


def test_each_aim_has_one_bound() -> None:
    assert all((aim.at_most is None) != (aim.at_least is None) for aim in AIMS)


def test_an_unknown_part_is_refused_with_what_comes_close() -> None:
    with pytest.raises(InputError, match="scene") as refused:
        speed.parts(["scene"])
    assert "did you mean scenes" in refused.value.hint


# ---------------------------------------------------------------- tables


def test_the_table_of_aims_shows_the_worst_of_several() -> None:
    found = run(render={"a": {"ratio": 1.1}, "b": {"ratio": 1.3}, "c": {"ratio": 1.0}})
    table = speed_table.pages(found)["aims"]
    assert "| 1.3 (worst: b) | ≤ 1.2 | no |" in table


def test_a_scene_has_a_line_for_each_motion() -> None:
    found = run(scenes={"hall": {**motion(110.4, 100), "touching": motion(240, 200)}})
    lines = speed_table.pages(found)["steps"].splitlines()
    assert lines[2] == "| hall | 50 | free | 110 | 100 | 1.1 | – | – | 453 |"
    assert lines[3] == "| hall | 50 | touching light.gang_1 | 240 | 200 | 1.2 | – | – | 208 |"


def test_what_was_not_measured_has_no_table() -> None:
    assert set(speed_table.pages(run(fork_us=20.0))) == {"aims"}


def test_tables_are_written_where_a_page_has_a_place_for_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    before, between, after = "# Speed\n\n", "\nand\n\n<!-- table:peers -->\nkept\n<!-- /table:peers -->\n", "The end.\n"
    page.write_text(f"{before}<!-- table:aims -->\nold\n<!-- /table:aims -->\n{between}{after}")
    assert inserted.places(page, ["aims", "steps"]) == ["aims"]
    inserted.insert(page, {"aims": "| new |\n", "steps": "| nowhere |\n"})
    assert page.read_text() == f"{before}<!-- table:aims -->\n| new |\n<!-- /table:aims -->\n{between}{after}"


@pytest.mark.parametrize(
    "text", ["# Speed\n", "<!-- table:aims -->\n", "<!-- table:peers -->\n<!-- /table:peers -->\n"]
)
def test_a_page_without_a_place_is_refused(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(InputError, match="no place for a table"):
        inserted.places(page, ["aims"])
