"""Finding scenes, tasks and suites by name and by path."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from spec_files import DATA, FLAT, LIGHT_ON

from switch_bench.spec import names
from switch_bench.spec.errors import SceneError, SuiteError, TaskError
from switch_bench.spec.find import load_scene, load_task, scene_of, scenes, tasks
from switch_bench.spec.suites import parse_suites, suite, suites


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that ships the sample files and a list of suites."""
    for file, text in {
        "shipped_scenes/__init__.py": "",
        "shipped_scenes/flat/scene.yaml": FLAT,
        "shipped_scenes/empty/notes.txt": "",
        "shipped_tasks/__init__.py": "",
        "shipped_tasks/suites.yaml": "core: [home.light_on-v1]\n",
        "shipped_tasks/home/light_on-v1.yaml": LIGHT_ON.replace("../flat", "flat"),
        "shipped_tasks/home/light_on-v2.yaml": LIGHT_ON.replace("../flat", "falt"),
        "shipped_tasks/home/draft.yaml": "not a task: its name has no version",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(names, "SCENES", "shipped_scenes")
    monkeypatch.setattr(names, "TASKS", "shipped_tasks")
    return tmp_path


@pytest.mark.usefixtures("shipped")
def test_what_ships_is_listed_by_name() -> None:
    assert scenes() == ("flat",)
    assert tasks() == ("home.light_on-v1", "home.light_on-v2")
    assert suites() == {"home": tasks(), "all": tasks(), "core": ("home.light_on-v1",)}
    assert suite("core") == ("home.light_on-v1",)


@pytest.mark.usefixtures("shipped")
def test_what_ships_is_loaded_by_name() -> None:
    task = load_task("home.light_on-v1")
    assert (task.id, task.source.path) == ("home.light_on-v1", "tasks/home/light_on-v1.yaml")
    scene = scene_of(task)
    assert (scene.id, scene.source.path) == ("flat", "scenes/flat/scene.yaml")


def test_listing_the_package_agrees_with_its_folders() -> None:
    root = Path(__file__).parents[2]
    assert scenes() == tuple(sorted(path.parent.name for path in root.glob("scenes/*/scene.yaml")))
    assert tasks() == tuple(sorted(f"{path.parent.name}.{path.stem}" for path in root.glob("tasks/*/*-v*.yaml")))


def test_files_outside_the_package_are_loaded_by_path(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_scene(DATA / "flat") == load_scene(str(DATA / "flat" / "scene.yaml"))
    task = load_task(DATA / "home" / "light_on-v1.yaml")
    assert (task.id, task.suite) == ("home.light_on-v1", "home")
    assert scene_of(task).id == "flat"
    monkeypatch.chdir(DATA)
    assert load_task("home/light_on-v1.yaml").source.path == "home/light_on-v1.yaml"


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize(
    ("load", "name", "error", "words"),
    [
        (load_scene, "falt", SceneError, "unknown scene 'falt'. Did you mean 'flat'?"),
        (load_scene, "there/scene.yaml", SceneError, "there/scene.yaml: can't be read: No such file"),
        (load_task, "home.light_on", TaskError, "unknown task 'home.light_on'. Did you mean 'home.light_on-v2'?"),
        (load_task, "home.ligth_on-v1", TaskError, "Did you mean 'home.light_on-v1'"),
        (load_task, "home/nowhere-v1.yaml", TaskError, "can't be read"),
        (suite, "cor", SuiteError, "unknown suite 'cor'. Did you mean 'core'?"),
    ],
)
def test_a_name_that_is_not_there_is_refused(load, name: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error) as caught:
        load(name)
    assert words in str(caught.value)


@pytest.mark.usefixtures("shipped")
def test_a_task_in_an_unknown_scene_is_told_in_the_task_file() -> None:
    with pytest.raises(
        TaskError, match=r"tasks/home/light_on-v2.yaml:6: scene: unknown scene 'falt'. Did you mean 'flat'"
    ):
        scene_of(load_task("home.light_on-v2"))


def test_a_task_file_without_a_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "light_on.yaml").write_text(LIGHT_ON)
    with pytest.raises(TaskError, match="with a version"):
        load_task(tmp_path / "light_on.yaml")


def test_a_misspelt_file_is_told_with_its_neighbours() -> None:
    with pytest.raises(TaskError, match=r"Did you mean 'light_on-v1.yaml'"):
        load_task(DATA / "home" / "ligth_on-v1.yaml")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("core: [home.ligth_on-v1]\n", "suites.yaml:1: core[0]: unknown task 'home.ligth_on-v1'. Did you mean"),
        ("core: [home.light_on-v1, home.light_on-v1]\n", "core[1]: home.light_on-v1 is there twice"),
        ("core: home.light_on-v1\n", "core: expected a list of task ids"),
        ("core: []\n", "core: expected a list of task ids"),
        ("# ours\nhome: [home.light_on-v1]\n", "suites.yaml:2: home: the suite 'home' is there already"),
        ("Core!: [home.light_on-v1]\n", "expected a name of small letters"),
        ("", "the file is empty"),
    ],
)
def test_a_list_of_suites_is_refused(text: str, words: str) -> None:
    with pytest.raises(SuiteError) as caught:
        parse_suites(text.encode(), "suites.yaml", ["home.light_on-v1"], ["home", "all"])
    assert words in str(caught.value)


def test_reading_specs_loads_no_engine() -> None:
    code = (
        "import sys; from switch_bench.spec import check, declared, find, suites, variation; find.tasks();"
        "heavy = {'mujoco', 'cv2', 'gymnasium', 'scipy', 'torch'} & set(sys.modules);"
        "ours = {m.split('.')[1] for m in sys.modules if m.startswith('switch_bench.')};"
        "print(sorted(heavy), sorted(ours - {'spec', '_version', 'scenes', 'tasks'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"


def test_listing_names_reads_no_yaml() -> None:
    code = (
        "import sys; from switch_bench.spec.names import scenes, tasks; scenes(), tasks();"
        "print(sorted({'pydantic', 'ruamel.yaml', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
