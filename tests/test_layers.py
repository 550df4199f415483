"""Imports point up the list of packages only, and no module is longer than one idea."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LAYERS = (
    "spec", "network", "trace", "verify", "screens", "controls", "devices", "faces", "physics", "bodies", "world",
    "skills", "envs", "agents", "planning", "evaluate", "export", "serve", "submit",
    "leaderboard", "baselines", "cli",
)  # fmt: skip
BESIDE = {"_version", "_osmesa", "scenes", "tasks"}  # part of no layer: a number, a finder of a library, and data
LONGEST = 400  # lines
NAMED = re.compile(r"switch_bench\.(\w+)[\w.:]*")  # a module named in a text, to be imported later
PLUGGED = {"baselines"}  # policies are found by their names, from below


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name below `switch_bench`."""
    found = {}
    for top, folder in (("", ROOT / "switch_bench"), ("baselines.", ROOT / "baselines")):
        for path in sorted(folder.rglob("*.py")):
            name = ".".join(path.relative_to(folder).with_suffix("").parts)
            found[top + name] = path
    return found


MODULES = modules()


def layer(module: str) -> str:
    """ "world.stage" → "world"; the modules of commands, "cli_serve", are part of "cli"."""
    top = module.partition(".")[0]
    return "cli" if top.startswith("cli_") else top


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, module below switch_bench) of each import that happens when the code runs, and of each that is named."""
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            todo += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name.partition(".")[2]) for a in node.names if layer(a.name) == "switch_bench")
        elif isinstance(node, ast.ImportFrom) and node.module == "switch_bench":
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("switch_bench."):
            yield node.lineno, str(node.module).partition(".")[2]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            named = NAMED.fullmatch(node.value)
            if named and named[1] in LAYERS and named[1] not in PLUGGED:
                yield node.lineno, named[1]
        todo += ast.iter_child_nodes(node)


def relative(tree: ast.AST, module: str) -> list[int]:
    """Lines of relative imports; a baseline may so name its neighbour, which type checkers don't find in full."""
    near = 1 if layer(module) == "baselines" else 0
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level > near]


def test_a_module_imports_only_from_its_own_package_and_those_before_it() -> None:
    wrong = []
    for module, path in MODULES.items():
        if layer(module) not in LAYERS:
            continue
        own = LAYERS.index(layer(module))
        tree = ast.parse(path.read_text())
        wrong += [
            f"{path.relative_to(ROOT)}:{line}: {layer(module)} imports switch_bench.{target}, but {layer(target)} is "
            f"after {layer(module)} in {', '.join(LAYERS)}"
            for line, target in imported(tree)
            if layer(target) not in BESIDE and LAYERS.index(layer(target)) > own
        ]
        wrong += [f"{path.relative_to(ROOT)}:{line}: name the package in full" for line in relative(tree, module)]
    assert not wrong, "\n".join(wrong)


def test_every_package_has_its_place_in_the_list() -> None:
    there = {layer(m) for m in MODULES} - {"__init__"} - BESIDE
    assert there == set(LAYERS), "give a new package its place in LAYERS, and in docs/architecture.md"


def test_an_import_inside_a_function_or_by_name_counts_and_one_for_types_does_not() -> None:
    source = """
if TYPE_CHECKING:
    from switch_bench.world.room import Room
else:
    from switch_bench import physics
def later():
    import switch_bench.verify.stl
    return import_module(f"switch_bench.devices.{name}"), "switch_bench.evaluate.bench:Bench", "switch_bench.world's"
"""
    found = sorted(target for _, target in imported(ast.parse(source)))
    assert found == ["devices", "evaluate", "physics", "verify.stl"]


def test_a_module_is_no_longer_than_one_idea() -> None:
    lines = {path.relative_to(ROOT): len(path.read_text().splitlines()) for path in MODULES.values()}
    wrong = [
        f"{path} has {n} lines, over {LONGEST}: find the two names in it" for path, n in lines.items() if n > LONGEST
    ]
    assert not wrong, "\n".join(wrong)
