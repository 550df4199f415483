"""Mutants of a task's formulas: each differs in one place, and the audit's runs must tell it from the original.

Changed are bounds (numbers by a quarter, windows and durations halved, doubled and left out), operators (comparisons
turned round, `and` and `or`, `eventually` and `always`, `once` and `historically`, `until` and `since`, `rise` and
`fall`; a negation, an operator or a part left out; an atom negated) and signals (the like beside it, the like in
another room). A mutant is killed by a run whose outcome under it is not what the audit asks for: it would show.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from switch_bench.evaluate.audit_cases import MUST_SUCCEED, Case, trouble
from switch_bench.evaluate.bench import Retrial
from switch_bench.network.flow import Anchor
from switch_bench.spec.task import Task
from switch_bench.trace.schema import SignalInfo
from switch_bench.verify import stl_ast as ast
from switch_bench.verify.intervals import FOREVER
from switch_bench.verify.stl import parse
from switch_bench.verify.stl_text import text

SHARE = 0.25  # of a bound, by which it is moved
LENGTH = 64  # of a formula's text in the words for a change
LIKES = 2  # signals beside, and as many elsewhere, that one is replaced by
TURNED: dict[ast.Operator, ast.Operator] = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "!=", "!=": "=="}
STRICT: dict[ast.Operator, ast.Operator] = {">=": ">", ">": ">=", "<=": "<", "<": "<="}
OTHER = {
    "eventually": "always", "always": "eventually", "once": "historically", "historically": "once",
    "until": "since", "since": "until", "rise": "fall", "fall": "rise",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A formula of a task with one thing changed. place: -1 in the goal, else which of `never`; text: "" left out.

    words: what is changed, as it is listed; no two mutants of a task have the same.
    """

    place: int
    words: str
    text: str

    def instead(self, task: Task) -> Task:
        """The task with the mutant in place of the original."""
        if self.place < 0:
            return task.model_copy(update={"goal": self.text})
        rules = list(task.never)
        rules[self.place : self.place + 1] = [self.text] if self.text else []
        return task.model_copy(update={"never": tuple(rules)})


@dataclass(frozen=True)
class Played:
    """A case that came out as it must, and the episode."""

    case: Case
    episode: Retrial


def tried(task: Task, runs: Sequence[Played], killed: Collection[str] = ()) -> dict[Mutant, str]:
    """Every mutant of a task's formulas but those `killed` already, with the case that kills it, "" for none."""
    if not runs:
        return {}
    return {mutant: killer(task, mutant, runs) for mutant in mutants(task, runs) if mutant.words not in killed}


def killer(task: Task, mutant: Mutant, runs: Iterable[Played]) -> str:
    """What a mutant is killed by; "" if nothing tells it from the original."""
    changed = mutant.instead(task)
    return next((run.case.words for run in runs if _shows(changed, mutant, run)), "")


def _shows(changed: Task, mutant: Mutant, run: Played) -> bool:
    """Whether the audit would find fault with the run if the task were the mutant."""
    case, episode = run.case, run.episode
    if mutant.place < 0:
        holds = episode.holds(changed.goal)
        if not holds and case.kind in MUST_SUCCEED:
            return True
        if not holds and case.fails in ("", "temporal"):
            return False
        if holds and case.fails == "temporal":
            return True
    return trouble(case, episode.verdict(changed)) != ""


def mutants(task: Task, runs: Sequence[Played]) -> list[Mutant]:
    """All mutants of a task's goal and rules, each once; of what can't be done the goal isn't judged, and has none."""
    some = runs[0].episode
    made = _Changes(some.signals, runs)
    out: list[Mutant] = []
    for place, formula in enumerate((task.goal, *task.never), -1):
        if place < 0 and not task.feasible:
            continue
        head = "" if place < 0 else f"never {place + 1}: "
        root = parse(formula, some.signals, objects=some.objects).root
        if place >= 0:
            out.append(Mutant(place, f"{head}left out", ""))
        seen = {plain(root)}
        said: dict[str, int] = {}
        for words, node in made.of(root):
            if plain(node) not in seen:
                seen.add(plain(node))
                said[words] = said.get(words, 0) + 1
                again = f" ({said[words]})" if said[words] > 1 else ""
                out.append(Mutant(place, f"{head}{words}{again}", text(plain(node), some.signals)))
    return out


def plain(node: ast.Node) -> ast.Node:
    """The formula without what changes nothing: double negations, parts said twice, an operator over itself."""
    match node:
        case ast.Not(ast.Not(body)):
            return plain(body)
        case ast.Is(name, False):
            return ast.Not(ast.Is(name, True))
        case ast.And(parts) | ast.Or(parts):
            rest = tuple(dict.fromkeys(plain(part) for part in parts))
            return rest[0] if len(rest) == 1 else replace(node, parts=rest)
        case ast.Window(kind, 0, hi, ast.Window(inner, 0, deep, body)) if kind == inner and hi == deep == FOREVER:
            return plain(ast.Window(kind, 0, FOREVER, body))
        case _:
            return _with(node, [plain(child) for child in ast.children(node)])


def _with(node: ast.Node, children: Sequence[ast.Node]) -> ast.Node:
    match node:
        case ast.And() | ast.Or():
            return replace(node, parts=tuple(children))
        case ast.Implies() | ast.Binary():
            return replace(node, left=children[0], right=children[1])
        case ast.Not() | ast.Window() | ast.Edge() | ast.For():
            return replace(node, body=children[0])
        case _:
            return node


Change = tuple[str, ast.Node]
"""What is changed, in words, and the formula after it."""


class _Changes:
    """Everything that may be changed in a formula, one thing at a time."""

    def __init__(self, signals: Mapping[str, SignalInfo], runs: Sequence[Played]):
        self.signals, self.runs = signals, runs

    def of(self, node: ast.Node) -> Iterator[Change]:
        """The formula with one thing changed, in every way and at every place."""
        for now in self.own(node):
            yield f"{self.short(node)} → {self.short(now)}", now
        if isinstance(node, ast.And | ast.Or):
            for i, part in enumerate(node.parts):
                yield f"left out: {self.short(part)}", replace(node, parts=(*node.parts[:i], *node.parts[i + 1 :]))
        children = ast.children(node)
        for i, child in enumerate(children):
            for words, now in self.of(child):
                yield words, _with(node, [*children[:i], now, *children[i + 1 :]])

    def short(self, node: ast.Node) -> str:
        """The formula's text, or the beginning of it."""
        whole = text(plain(node), self.signals)
        return whole if len(whole) <= LENGTH else whole[:LENGTH] + "…"

    def own(self, node: ast.Node) -> Iterator[ast.Node]:
        """The formula with its outermost operator, its bounds or its signals changed."""
        match node:
            case ast.Compare(left, operator, right):
                yield replace(node, operator=TURNED[operator])
                if operator in STRICT and self.reached(node):
                    yield replace(node, operator=STRICT[operator])
                side = "right" if right.constant or not right.terms else "left"
                bound = right if side == "right" else left
                for step in _steps(bound.constant):
                    yield replace(node, **{side: replace(bound, constant=bound.constant + step)})
                yield from self.elsewhere(node)
            case ast.Is() | ast.Same() | ast.Spatial():
                yield ast.Not(node)
                yield from self.elsewhere(node)
                if isinstance(node, ast.Spatial) and node.distance:
                    yield replace(node, distance=node.distance * 2)
                    yield replace(node, distance=node.distance / 2)
            case ast.Not(body):
                yield body
            case ast.And(parts):
                yield ast.Or(parts)
            case ast.Or(parts):
                yield ast.And(parts)
            case ast.Implies(left, right):
                yield right
                yield ast.And((left, right))
            case ast.Window(kind, lo, hi, body):
                yield replace(node, kind=OTHER[kind])
                yield body
                yield from (replace(node, lo=a, hi=b) for a, b in _windows(lo, hi))
            case ast.Binary(kind, lo, hi, left, right):
                yield replace(node, kind=OTHER[kind])
                yield ast.Window("eventually" if kind == "until" else "once", lo, hi, right)
                yield from (replace(node, lo=a, hi=b) for a, b in _windows(lo, hi))
            case ast.Edge(kind, body):
                yield replace(node, kind=OTHER[kind])
                yield body
            case ast.For(body, duration):
                yield replace(node, duration=duration // 2)
                yield replace(node, duration=duration * 2)
                yield body
            case _:
                return

    def reached(self, node: ast.Compare) -> bool:
        """Whether a run comes to stand at the bound itself, so that `>=` and `>` differ."""
        if any(isinstance(self.signals[n].initial, Anchor) for n in ast.names(node)):
            return False  # a quantity is at its bound for no time at all
        at = text(ast.Window("eventually", 0, FOREVER, replace(node, operator="==")), self.signals)
        return any(run.episode.holds(at) for run in self.runs)

    def elsewhere(self, node: ast.Node) -> Iterator[ast.Node]:
        """The atom with the like of one of its signals in its place."""
        for name in ast.names(node):
            for other in likes(name, self.signals):
                if other not in ast.names(node):
                    yield ast.renamed(node, {name: other})


def _steps(bound: float) -> tuple[float, float]:
    """By how much a bound is moved, both ways; one of 0 by 1."""
    step = SHARE * abs(bound) or 1.0
    return step, -step


def _windows(lo: int, hi: int) -> Iterator[tuple[int, int]]:
    if lo:
        yield 0, hi
        if lo * 2 <= hi:
            yield lo * 2, hi
    if hi < FOREVER:
        yield min(lo, hi // 2), hi // 2
        yield lo, hi * 2
        yield lo, FOREVER


def likes(name: str, signals: Mapping[str, SignalInfo]) -> list[str]:
    """Signals of the same type: those beside it ("gang_2" for "gang_1"), and those of the same name elsewhere."""
    owner, _, local = name.rpartition(".")
    stem = local.rpartition("_")[0]
    alike = [n for n, info in signals.items() if n != name and _type(info) == _type(signals[name])]
    beside = [n for n in alike if stem and n.startswith(f"{owner}.{stem}_")]
    elsewhere = [n for n in alike if n.rpartition(".")[2] == local]
    return sorted(beside)[:LIKES] + sorted(elsewhere)[:LIKES]


def _type(info: SignalInfo) -> tuple[type, str, str]:
    return type(info.initial), info.unit, info.kind
