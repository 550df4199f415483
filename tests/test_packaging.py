"""What is installed is what is in the tree, and it works without the tree."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAPPED = {
    "switch_bench": "switch_bench",
    "switch_bench.scenes": "scenes",
    "switch_bench.tasks": "tasks",
    "switch_bench.baselines": "baselines",
}


@pytest.fixture(scope="module")
def setup() -> ConfigParser:
    """setup.cfg."""
    parser = ConfigParser(comment_prefixes=("#",))
    parser.read(ROOT / "setup.cfg")
    return parser


def words(text: str) -> list[str]:
    """The items of a list over several lines."""
    return text.split()


def data_files() -> Iterator[tuple[str, Path]]:
    """(mapped package, path below its folder) of every file beside the code."""
    for package, folder in MAPPED.items():
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix not in (".py", ".pyc"):
                yield package, path.relative_to(ROOT / folder)


def test_the_list_of_packages_is_the_tree(setup: ConfigParser) -> None:
    there = [
        ".".join([package, *init.parent.relative_to(ROOT / folder).parts])
        for package, folder in MAPPED.items()
        for init in (ROOT / folder).rglob("__init__.py")
    ]
    assert sorted(words(setup["options"]["packages"])) == sorted(there)


def test_every_folder_with_code_is_a_package() -> None:
    bare = {path.parent for folder in MAPPED.values() for path in (ROOT / folder).rglob("*.py")}
    assert [str(folder) for folder in sorted(bare) if not (folder / "__init__.py").is_file()] == []


def test_each_package_is_mapped_to_its_folder(setup: ConfigParser) -> None:
    lines = setup["options"]["package_dir"].strip().splitlines()
    assert {line.split("=")[0].strip(): line.split("=")[1].strip() for line in lines} == MAPPED


def test_every_file_beside_the_code_is_shipped(setup: ConfigParser) -> None:
    patterns = {
        package: [p.strip() for p in text.split(",")] for package, text in setup["options.package_data"].items()
    }
    shipped = {
        (package, found.relative_to(ROOT / MAPPED[package]))
        for package, globs in patterns.items()
        for pattern in globs
        for found in (ROOT / MAPPED[package]).glob(pattern)
    }
    assert sorted(set(data_files()) - shipped) == []


def test_the_pinned_versions_are_those_of_the_declared_requirements(setup: ConfigParser) -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    extras = "\n".join(setup["options.extras_require"].values())
    needed = [line for line in f"{setup['options']['install_requires']}\n{extras}".splitlines() if line.strip()]
    names = {line.split()[0] for line in needed}
    assert names == set(pinned)


# ---------------------------------------------------------------- the wheel itself


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree, so that nothing left over from a build gets in."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for folder in MAPPED.values():
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", out, source], check=True)
    [built] = out.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_code_scenes_tasks_and_baselines_and_no_more(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if not name.split("/")[0].endswith(".dist-info")}
    places = {package: package.replace(".", "/") for package in MAPPED}
    wanted = {f"{places[package]}/{path.as_posix()}" for package, path in data_files()}
    for package, folder in MAPPED.items():
        for path in (ROOT / folder).rglob("*.py"):
            wanted.add(f"{places[package]}/{path.relative_to(ROOT / folder).as_posix()}")
    assert names == wanted


@pytest.mark.slow
def test_a_fresh_install_of_the_wheel_works_far_from_the_tree(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    home = tmp_path / "venv" / "bin"
    subprocess.run([home / "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel], check=True)
    listed = subprocess.run(
        [home / "switch-bench", "list", "--json"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    found = json.loads(listed.stdout)
    assert {scene["id"] for scene in found["scenes"]} == {path.parent.name for path in ROOT.glob("scenes/*/scene.yaml")}
    assert {task["id"] for task in found["tasks"]} == {
        f"{path.parent.name}.{path.stem}" for path in ROOT.glob("tasks/*/*.yaml")
    }
    ran = subprocess.run(
        [home / "switch-bench", "eval", "--policy", "noop", "--suite", found["tasks"][0]["id"], "--no-pictures"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    [results] = (tmp_path / "runs").rglob("results.json")
    assert json.loads(results.read_text())["success"]["n"] == 1
