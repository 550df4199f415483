"""Our verdict as Inspect's score: success, with the parts, the scores and what was spent as its metadata."""

# pyright: reportMissingImports=false
from __future__ import annotations

from inspect_ai.scorer import (
    CORRECT,
    INCORRECT,
    Metric,
    SampleScore,
    Score,
    Scorer,
    Target,
    Value,
    accuracy,
    metric,
    scorer,
    stderr,
)
from inspect_ai.solver import TaskState

from switch_bench.evaluate.statistics import wilson
from switch_bench.serve.inspect_agent import KEPT


@metric
def interval() -> Metric:
    """Wilson's 95 % interval of the share that succeeded, and the `n` and `k` that it is of."""

    def compute(scores: list[SampleScore]) -> Value:
        k, n = sum(score.score.as_float() == 1 for score in scores), len(scores)
        low, high = wilson(k, n)
        return {"low": low, "high": high, "k": k, "n": n}

    return compute


@scorer(metrics=[accuracy(), stderr(), interval()])
def verdict() -> Scorer:
    """Correct where the agent succeeded; an undetermined episode isn't, as in `switch-bench eval`."""

    async def score(state: TaskState, target: Target) -> Score | None:
        kept = state.store.get(KEPT)
        if kept is None:
            return None  # the sample ended in an error before there was anything to judge
        return Score(
            value=CORRECT if kept["success"] is True else INCORRECT,
            answer=str(kept["report"]),
            explanation=kept["why"],
            metadata={name: value for name, value in kept.items() if name not in ("why", "report")},
        )

    return score
