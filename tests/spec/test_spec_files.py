"""Scenes and tasks as read: positions, equality, hashes, and what the YAML itself may have wrong."""

from __future__ import annotations

import pickle

import pytest
from spec_files import DATA, FLAT, LIGHT_ON

from switch_bench.spec.errors import Problem, SceneError, SpecError, TaskError, did_you_mean
from switch_bench.spec.load import parse_scene, parse_task
from switch_bench.spec.scene import Scene
from switch_bench.spec.steps import Press, Type, Wait
from switch_bench.spec.task import Task
from switch_bench.spec.things import OnTop, OnWall

BROKEN = [
    ("an empty file", "", 1, "the file is empty"),
    ("a list", "- a\n- b\n", 1, "not a mapping"),
    ("a bracket left open", "title: x\nzones: [1, 2\nstart: 3\n", 3, "not YAML"),
    ("a tab", "title: x\nzones:\n\tkitchen: 1\n", 3, "not YAML"),
    ("a date", "title: 2024-01-01\n", 1, "got a timestamp"),
    ("a tag", "title: !python/object x\n", 1, "expected text or a number"),
    ("a merge key", "a: &a {b: 1}\nc:\n  <<: *a\n", 3, "merge keys"),
    ("a key of two words in brackets", "title: x\n? [a, b]\n: 1\n", 2, "a key must be a word"),
    ("an alias that contains itself", "title: &a [*a]\n", 1, "contains itself"),
    ("an unknown alias", "title: x\nzones: *nothing\n", 2, "not YAML"),
    ("two documents", "title: x\n---\ntitle: y\n", 2, "not YAML"),
    ("a number of too many digits", f"title: {'9' * 5000}\n", 1, "not a number"),
]


@pytest.mark.parametrize(("text", "line", "words"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_yaml_is_refused_that_is(text: str, line: int, words: str) -> None:
    with pytest.raises(SceneError) as caught:
        parse_scene(text, "scene.yaml")
    assert (caught.value.path, caught.value.line) == ("scene.yaml", line)
    assert words in str(caught.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(SceneError, match=r"scene.yaml:2: not UTF-8 text: byte 0xff"):
        parse_scene(b"title: x\nzones: \xff\n", "scene.yaml")


def test_aliases_that_grow_beyond_all_sense_are_refused() -> None:
    rows = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    rows += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    with pytest.raises(SceneError, match="too large"):
        parse_scene("\n".join(rows), "scene.yaml")


def test_words_that_older_yaml_took_for_bools_stay_words() -> None:
    task = parse_task(LIGHT_ON)
    press = task.solution[1]
    assert isinstance(press, Press)
    assert (press.control, press.to, press.required) == ("plate.gang_1", "on", True)


def test_a_scene_is_read_into_base_units(flat: Scene) -> None:
    assert flat.id == "flat"
    assert flat.clock_us == (18 * 60 + 30) * 60_000_000
    assert flat.zones["living"].heat_capacity == 180e3
    assert flat.zones["kitchen"].heat_capacity == pytest.approx(5e3 * 3.2 * 2.8 * 2.5)
    kettle = flat.device("kettle")
    assert isinstance(kettle.mount, OnTop)
    assert (kettle.model, kettle.options) == ("steel", {"fill": 1.7})
    wire = flat.wires[2]
    assert (wire.delay_us, wire.jitter_us, wire.loss) == (200_000, 100_000, 0.05)
    assert flat.start.heading == 90.0
    assert flat.piece("table").facing == 180.0
    assert flat.piece("cabinet").top == pytest.approx(2.15)
    assert flat.people[0].acts[1].release is False


def test_a_circuit_makes_wires_for_mains_and_a_sum_for_its_load(flat: Scene) -> None:
    made = [(wire.source, wire.target, wire.medium) for wire in flat.all_wires[3:]]
    assert made == [
        ("breakers.circuit_1", "kettle.mains", "mains"),
        ("breakers.circuit_1", "radio.mains", "mains"),
    ]
    assert (flat.all_sums[1].target, flat.all_sums[1].sources) == ("breakers.load_1", ("kettle.load", "radio.load"))


def test_a_task_is_read_with_its_name(light_on: Task) -> None:
    assert (light_on.id, light_on.suite, light_on.horizon_us) == ("home.light_on-v1", "home", 180_000_000)
    assert light_on.variation.pinned == {"layout": 0}
    assert list(light_on.variation.declared) == ["light"]
    assert light_on.evidence.names == ("plate.gang_1", "lamp.lit", "living")
    wait, keys = light_on.solution[4], light_on.near_misses[1].plan[2]
    assert isinstance(wait, Wait)
    assert (wait.until, wait.at_most_us) == ("lamp.lit", 10_000_000)
    assert isinstance(keys, Type)
    assert keys.keys == ("1", "2", "start")


def test_a_scene_survives_writing_and_reading(flat: Scene) -> None:
    again = Scene.model_validate(flat.model_dump(by_alias=True))
    assert again.model_copy(update={"id": "flat"}) == flat
    assert Scene.model_validate_json(flat.model_dump_json(by_alias=True)).devices == flat.devices


def test_a_task_survives_writing_and_reading(light_on: Task) -> None:
    again = Task.model_validate(light_on.model_dump(by_alias=True))
    assert again.model_copy(update={"id": light_on.id, "suite": light_on.suite}) == light_on


def test_scenes_and_tasks_can_be_sent_to_another_process(flat: Scene, light_on: Task) -> None:
    assert pickle.loads(pickle.dumps(flat)) == flat
    assert pickle.loads(pickle.dumps(light_on)) == light_on


def test_nothing_in_a_scene_can_be_changed_by_assignment(flat: Scene) -> None:
    with pytest.raises(ValueError, match="frozen"):
        flat.zones["kitchen"].daylight = 3.0  # pyright: ignore[reportAttributeAccessIssue]


def test_where_it_stands_makes_no_difference_to_what_a_scene_says(flat: Scene) -> None:
    moved = parse_scene("\n\n" + FLAT, "elsewhere.yaml", name="flat")
    assert moved == flat
    assert moved.source.line(("title",)) == flat.source.line(("title",)) + 2


def test_the_hash_is_of_the_whole_file(flat: Scene) -> None:
    assert parse_scene(FLAT + "# a remark\n").spec_hash != flat.spec_hash
    assert parse_scene(FLAT, "other.yaml").spec_hash == flat.spec_hash
    made = Scene.model_validate(flat.model_dump(by_alias=True))
    assert made.spec_hash == Scene.model_validate(flat.model_dump(by_alias=True)).spec_hash
    assert len(made.spec_hash) == len(flat.spec_hash) == 32


def test_later_stages_can_point_into_the_file(light_on: Task) -> None:
    problem = light_on.source.problem(("goal",), "expected ')'", "Close the bracket")
    line = 1 + LIGHT_ON[: LIGHT_ON.index("goal:")].count("\n")
    assert str(problem) == f"home/light_on-v1.yaml:{line}: goal: expected ')'. Close the bracket"
    assert light_on.source.mark(("near_misses", 0, "plan", 1, "report"))[1] == 9
    assert str(TaskError.of([problem])) == str(problem)


def test_an_error_can_be_sent_to_another_process() -> None:
    error = SpecError("a.yaml", 3, "goal", "missing", "Write one", (Problem("a.yaml", 9, "level", "missing"),))
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (SpecError, "a.yaml:3: goal: missing. Write one\na.yaml:9: level: missing")


def test_a_hint_names_what_is_close_or_all_if_they_are_few() -> None:
    assert did_you_mean("ketle", ["kettle", "oven"]) == "Did you mean 'kettle'?"
    assert did_you_mean("zzz", ["kettle", "oven"], "kinds") == "Kinds: kettle, oven"
    assert did_you_mean("ON", ["on", "off"]) == "Did you mean 'on'?"
    assert did_you_mean("zzz", [str(i) for i in range(100)]) == ""


def test_a_wall_mount_is_measured_from_the_left_end_seen_from_inside(flat: Scene) -> None:
    mount = flat.device("plate").mount
    assert isinstance(mount, OnWall)
    assert (mount.wall, mount.at, mount.height) == ("east", 0.4, 1.1)


def test_the_sample_files_are_those_that_are_loaded_by_path() -> None:
    assert (DATA / "flat" / "scene.yaml").read_text() == FLAT
