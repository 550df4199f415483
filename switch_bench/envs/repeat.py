"""An episode played again from what was given in it: its seed, and the actions or inputs of its trace.

All else comes about anew: what the body did, what was in view, what was claimed. A log that couldn't have come about in
such an episode is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from switch_bench.envs.act import pose_change
from switch_bench.envs.env import SwitchEnv
from switch_bench.envs.errors import EnvError

CLAIMS = ("done", "impossible")
READ = ["read", None]


class RepeatError(ValueError):
    """What can't be repeated; `place` is its place in the log, from 0."""

    def __init__(self, message: str, place: int):
        super().__init__(message)
        self.place = place


Seen = Callable[[int, Any], None]


def repeat_actions(
    env: SwitchEnv,
    seed: int,
    actions: Sequence[Any],
    *,
    pictures: frozenset[int] = frozenset(),
    seen: Seen | None = None,
) -> None:
    """Give the actions again, each as to `env.step`; after the last the hands are off to the horizon.

    seen: called with the number of each observation (0 is the reset's) and the observation; its images are None but in
    those of `pictures`, whose drawing changes nothing else.

    Raises: RepeatError for what is no action, and for actions after the end.
    """
    watch = seen or (lambda number, obs: None)
    env.observer.blind = 0 not in pictures
    try:
        watch(0, env.reset(seed=seed)[0])
        for number, action in enumerate(actions):
            if env.over:
                raise RepeatError("there are actions after the end of the episode", number)
            env.observer.blind = number + 1 not in pictures
            try:
                obs = env.step(action)[0]
            except EnvError as error:
                raise RepeatError(str(error), number) from error
            watch(number + 1, obs)
    finally:
        env.observer.blind = False
    if not env.over:
        env.end()


def repeat_inputs(env: SwitchEnv, seed: int, inputs: Sequence[Any]) -> None:
    """Put the same into the world again, as `Trace.inputs` has it; after the last, time passes to the horizon.

    Raises: RepeatError for what is no input, for one after the end, and for a wait into the past or past the horizon.
    """
    env.observer.blind = True
    try:
        env.reset(seed=seed)
    finally:
        env.observer.blind = False
    for number, given in enumerate(inputs):
        if not (isinstance(given, list | tuple) and len(given) == 2):
            raise RepeatError(f"expected [what, value], got {given!r:.80}", number)
        if env.over and list(given) != READ:
            raise RepeatError("there are inputs after the end of the episode", number)
        try:
            _put(env, str(given[0]), given[1])
        except (EnvError, ValueError) as error:
            raise RepeatError(str(error), number) from error
    if not env.over:
        assert env.stage is not None
        env.end(wait=env.stage.now < env.task.horizon_us)


def _put(env: SwitchEnv, what: str, value: Any) -> None:
    stage = env.stage
    assert stage is not None
    horizon = env.task.horizon_us
    if what == "apply":
        if stage.now >= horizon:
            raise ValueError("a move after the horizon")
        stage.apply(pose_change(value))
    elif what == "wait":
        if not (type(value) is int and stage.now <= cast(int, value) <= horizon):
            raise ValueError(f"a wait until {value!r:.40} µs at {stage.now} µs, with the horizon at {horizon} µs")
        stage.wait(value)
    elif what == "look" and type(value) is bool:
        env.look_around(zoomed=value)
    elif what == "report" and value in CLAIMS:
        env.end(value)
    elif [what, value] == READ:
        stage.finish()
    else:
        raise ValueError(f"unknown input {what!r:.40} with {value!r:.40}")
