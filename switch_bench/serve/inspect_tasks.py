"""Tasks for Inspect: `inspect eval switch_bench/core --model …`. Needs the extra `inspect`.

Each suite is a task, `all` one of all tasks; a sample is an episode, the same as that of `switch-bench eval` by number
and seed. What the model is given holds no id; those stand in the samples' metadata, where only the log has them.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Callable

from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample

from switch_bench.agents.session import Limits
from switch_bench.agents.tell import TRACKS
from switch_bench.evaluate import bench
from switch_bench.evaluate.episode import episode_seed
from switch_bench.evaluate.errors import InputError, closest
from switch_bench.serve.inspect_agent import player
from switch_bench.serve.inspect_score import verdict

TRACES = "runs/inspect"


def suite_task(
    suite: str,
    track: str = "vlm",
    episodes: int = 1,
    seed: int = 0,
    calls: int = Limits.calls,
    malformed: int = Limits.malformed,
    tokens: int | None = None,
    seconds: float = Limits.seconds,
    memory: int = 4,
    traces: str = TRACES,
) -> Task:
    """A suite, or one task by its id.

    Args:
        suite: core, a scene's suite, all, or a task's id.
        track: vlm, llm or pixel.
        episodes: Episodes for each task.
        seed: The run's seed, as `switch-bench eval --seed` has it.
        calls: Answers of the model in an episode.
        malformed: Those of them that can't be carried out.
        tokens: Of an episode; None: any number.
        seconds: Of wall time an episode may take.
        memory: So many of the latest views are sent whole.
        traces: The folder for traces; "": none are kept.

    Raises:
        InputError: there is no such suite or track.
    """
    suites = bench.suites()
    if suite not in suites and suite not in suites["all"]:
        raise InputError(f"there is no suite {suite!r}", where="suite", hint=closest(suite, [*suites, *suites["all"]]))
    if track not in TRACKS:
        raise InputError(f"there is no track {track!r}", where="track", hint=closest(track, TRACKS))
    samples = [
        Sample(
            id=f"{name}/{episode}",
            input=bench.task(name).instruction,
            metadata={"task": name, "episode": episode, "seed": episode_seed(seed, name, episode)},
        )
        for name in suites.get(suite, (suite,))
        for episode in range(episodes)
    ]
    limits = Limits(calls=calls, malformed=malformed, tokens=tokens, seconds=seconds)
    return Task(
        dataset=MemoryDataset(samples, name=f"switch_bench/{suite}"),
        solver=player(track=track, limits=limits, memory=memory, traces=traces),
        scorer=verdict(),
    )


def _registered(suite: str) -> Callable[..., Task]:
    """The task of a suite, by which Inspect finds it."""

    @task(name=suite)
    def made(
        track: str = "vlm",
        episodes: int = 1,
        seed: int = 0,
        calls: int = Limits.calls,
        malformed: int = Limits.malformed,
        tokens: int | None = None,
        seconds: float = Limits.seconds,
        memory: int = 4,
        traces: str = TRACES,
    ) -> Task:
        return suite_task(suite, track, episodes, seed, calls, malformed, tokens, seconds, memory, traces)

    return made


SUITES = {suite: _registered(suite) for suite in bench.suites()}
