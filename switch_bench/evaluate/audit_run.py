"""One variation of one task, audited: every case played, and the mutants tried on what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from switch_bench.evaluate import audit_cases as cases
from switch_bench.evaluate import audit_mutants as mutants
from switch_bench.evaluate import audit_words, policies
from switch_bench.evaluate.audit_cases import Case
from switch_bench.evaluate.bench import Bench, Retrial, load_bench
from switch_bench.evaluate.episode import act_out, episode_seed
from switch_bench.spec.task import Task

SHARP = (960, 960)  # px: so sharp that the random agent has marks on all it could make out


@dataclass(frozen=True)
class Job:
    """One variation of a task."""

    task: str
    index: int
    seed: int  # the audit's
    bench: str
    killed: frozenset[str] = frozenset()  # the words of mutants that need no more trial


@dataclass(frozen=True)
class Outcome:
    """What came of a case. trouble: "" if it is as it must be. elapsed: length [µs]. acts: the agent's actuations."""

    kind: str
    name: str
    trouble: str
    success: bool | None = None
    elapsed: int = 0
    acts: int = 0
    lucky: bool = False
    needed: bool = False


@dataclass(frozen=True)
class Audited:
    """A variation of a task, audited.

    seed: the environment's. mutants: those tried, by what each was killed, "" if by nothing. missing: what the
    instruction names and the room lacks.
    """

    task: str
    index: int
    seed: int
    outcomes: tuple[Outcome, ...] = ()
    mutants: Mapping[mutants.Mutant, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    broke: str = ""  # what the program raised


def work(job: Job) -> Audited:
    """Audit one variation; what the simulator raises is a trouble like others."""
    bench = load_bench(job.bench)
    task = bench.spec(job.task)
    seed = episode_seed(job.seed, job.task, job.index)
    with closing(bench.make(job.task, obs=("proprio",), act="skill")) as env:
        env.reset(seed=seed)
        room = bench.surroundings(env)
        first = _tried(bench, env, job, cases.oracle(task), seed)
        spare = task.horizon_us - first[0].elapsed
        rest = [_tried(bench, env, job, case, seed) for case in cases.others(task, room, job.index, spare)]
    found = [first, *rest]
    played = [run for outcome, run in found if run is not None and not outcome.trouble and not outcome.lucky]
    missing = audit_words.missing(task, room) if task.feasible else ()
    outcomes = tuple(outcome for outcome, _ in found)
    return Audited(job.task, job.index, seed, outcomes, mutants.tried(task, played, job.killed), missing)


def _tried(bench: Bench, env: Any, job: Job, case: Case, seed: int) -> tuple[Outcome, mutants.Played | None]:
    """What came of a case, and its episode if it has one."""
    task = bench.spec(job.task)
    try:
        episode = _play(bench, env, job, case, seed)
        verdict = episode.verdict(task)
    except Exception as error:
        return Outcome(case.kind, case.name, f"{type(error).__name__}: {error}"), None
    wrong = cases.trouble(case, verdict)
    if not task.feasible and not wrong and episode.verdict(_feasible(task)).success is not False:
        wrong = "it can't be done, and was done here"
    outcome = Outcome(
        kind=case.kind,
        name=case.name,
        trouble=wrong,
        success=verdict.success,
        elapsed=episode.end,
        acts=episode.acts,
        lucky=cases.lucky(case, verdict),
        needed=cases.needed(case, verdict),
    )
    return outcome, mutants.Played(case, episode)


def _feasible(task: Task) -> Task:
    """A task that can't be done, as if it could."""
    return task.model_copy(update={"feasible": True, "disconfirming": ()})


def _play(bench: Bench, env: Any, job: Job, case: Case, seed: int) -> Retrial:
    if case.kind == cases.RANDOM:
        return _guess(bench, job, case, seed)
    env.reset(seed=seed)
    if case.plan is None:
        bench.idle(env)
    else:
        bench.carry_out(env, case.plan)
    return bench.retrial(env)


def _guess(bench: Bench, job: Job, case: Case, seed: int) -> Retrial:
    policy, says = policies.load(bench.GUESSER)
    draws = episode_seed(job.seed, job.task, job.index, f"policy/{case.draw}")
    with closing(bench.make(job.task, obs=says.obs, act=says.act, size=SHARP)) as env:
        obs, info = env.reset(seed=seed)
        act_out(policy, env, bench, job.task, draws, obs, info)
        return bench.retrial(env)
