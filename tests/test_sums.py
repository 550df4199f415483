"""No state and no act hangs on the built-in `sum` of floats, whose last bits differ between Python 3.11 and 3.12."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The layers from which states, signals, traces, verdicts and acts come. What comes after them tells and counts.
STATES = (
    "spec", "network", "trace", "verify", "screens", "controls", "devices", "faces", "physics", "bodies", "world",
    "skills", "envs", "agents", "planning",
)  # fmt: skip
COUNTING = {"bool", "int", "len", "isinstance", "startswith"}  # functions and methods that give whole numbers
EXCUSED = {  # file: what is added there, and why its last bits don't matter
    "switch_bench/envs/act.py": {"values": "only whether it is finite is asked, at every step"},
    "switch_bench/devices/washing_cycle.py": {"duration": "whole microseconds"},
    "switch_bench/physics/cameras.py": {"unobstructed(model, data, eye, target + [0.0, 0.0, up], slack=0.45)": "bools"},
    "switch_bench/physics/housing.py": {"p.solid and p.frame == 'device'": "bools"},
    "switch_bench/world/touch.py": {"points": "arrays, which NumPy adds"},
}


def sources() -> list[Path]:
    """Every module of these layers, and of the baselines."""
    folders = [*(ROOT / "switch_bench" / layer for layer in STATES), ROOT / "baselines"]
    return [path for folder in folders for path in sorted(folder.rglob("*.py"))]


def sums(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, what is added) of each use of the built-in `sum` that doesn't visibly count; "" where it isn't called."""
    called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "sum":
            call = called.get(id(node))
            added = call.args[0] if call else None
            each = added.elt if isinstance(added, ast.GeneratorExp | ast.ListComp) else added
            if not counts(each):
                yield node.lineno, ast.unparse(each) if each else ""


def counts(each: ast.AST | None) -> bool:
    """Whether an addend is a whole number, by its form."""
    match each:
        case ast.Compare() | ast.Constant(value=int()) | ast.UnaryOp(op=ast.Not()) | ast.BinOp(op=ast.LShift()):
            return True
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in COUNTING
        case _:
            return False


def test_floats_of_states_are_added_by_network_adding() -> None:
    wrong = []
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        wrong += [
            f"{name}:{line}: sum of {added or 'whatever it is given'}: use switch_bench.network.adding.total, or say "
            "in EXCUSED why its last bits don't matter"
            for line, added in sums(ast.parse(path.read_text()))
            if added not in EXCUSED.get(name, {})
        ]
    assert not wrong, "\n".join(wrong)


def test_what_is_excused_is_still_there() -> None:
    for name, excused in EXCUSED.items():
        there = {added for _, added in sums(ast.parse((ROOT / name).read_text()))}
        assert there >= set(excused), name


def test_a_sum_is_found_wherever_it_is_named() -> None:
    source = """
a = sum(x * x for x in xs)
b = (sum if both else min)(xs)
c = sum(xs)
d = sum(x > 1 for x in xs) + sum(len(x) for x in xs) + sum(1 for x in xs) + sum(x.startswith("a") for x in xs)
e = numpy.sum(xs) + xs.sum()
"""
    assert sorted(sums(ast.parse(source))) == [(2, "x * x"), (3, ""), (4, "xs")]
