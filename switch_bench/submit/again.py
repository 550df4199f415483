"""One episode of a submission run again: from its seed and what was given in it, to a verdict of our own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, cast

from gymnasium import Space, spaces

from switch_bench.envs.act import action_space
from switch_bench.envs.errors import EnvError
from switch_bench.envs.repeat import RepeatError, repeat_actions, repeat_inputs
from switch_bench.evaluate.axis import clock
from switch_bench.evaluate.bench import Bench
from switch_bench.evaluate.episode import judged
from switch_bench.evaluate.observed import digests
from switch_bench.evaluate.policies import PICTURE_OBS, PRIVILEGED_OBS
from switch_bench.evaluate.record import of_machine
from switch_bench.submit.errors import Refused, Unverifiable
from switch_bench.submit.log import Played
from switch_bench.trace.schema import Trace

MOST_LOOKS = 20_000  # of a policy that plays by its inputs: they take no simulated time, and each is kept in the trace
LARGEST = 3.4028235e38  # what float32 holds: no run has had a larger number in an action
REFERENCE = ("switch_bench", "mujoco", "numpy", "machine", "system", "libm")  # what must be this machine's
DOUBTFUL = {"state", "action", "observation"}  # refusals that other floats could be the cause of


def comparable(log: Played, bench: Bench, where: str) -> str:
    """See that this machine and these files are those the episode was played with, as far as its states hang on them.

    Where only the CPU's flags or what the maths functions come to differ, it may come out the same nevertheless: that
    is returned as a doubt, "" if there is none. Logs of before the latter was told are judged by the flags.

    Raises: Unverifiable if they aren't, with what differs.
    """
    from switch_bench.world.manifest import platform_facts

    if log.engine != "mujoco":
        raise Unverifiable("engine", where, f"run by {log.engine!r}; only MuJoCo's runs can be repeated bit for bit")
    here = platform_facts()

    def unlike(*names: str) -> str:
        return "; ".join(
            f"{name}: {log.versions.get(name)!r} there, {here.get(name)!r} here"
            for name in names
            if log.versions.get(name) != str(here.get(name))
        )

    if unlike(*REFERENCE) or ("maths" not in log.versions and unlike("cpu_flags")):
        said = unlike(*REFERENCE, "cpu_flags")
        raise Unverifiable("machine", where, f"can't be repeated bit for bit here: {said}")
    ours = bench.task(log.task).digest
    if f"{log.task_hash}/{log.scene_hash}" != ours:
        raise Unverifiable("files", where, "its task's or scene's file isn't the one that is here")
    return unlike("cpu_flags", "maths") if "maths" in log.versions else ""


def again(log: Played, bench: Bench, folder: Path, where: str, pictures: Sequence[int] = ()) -> dict[str, Any]:
    """Run it again, compare, and judge it: its record, as `evaluate.episode` describes it.

    folder: where its trace is kept. pictures: numbers of the observations whose pictures are drawn and compared.

    Raises: Refused if it isn't so, Unverifiable if that can't be told here.
    """
    began = time.perf_counter()
    track = log.track
    if log.inputs is not None and not track.privileged:
        raise Refused("track", where, "it was played by its inputs, which only a privileged policy may")
    if log.inputs is not None and (log.actions or log.observed):
        raise Refused("action", where, "it was played by its inputs, and has actions or observations beside them")
    if sum(what not in ("apply", "wait") for what, _ in log.inputs or ()) > MOST_LOOKS:
        raise Refused("action", where, f"it looks more than {MOST_LOOKS} times")
    if not track.privileged and not PRIVILEGED_OBS.isdisjoint(track.obs):
        raise Refused("track", where, "it saw what only a privileged policy may see")
    if track.control_hz != 20:
        raise Refused("track", where, f"{track.control_hz} actions a second; runs are made with 20")
    if log.inputs is None:
        _proper(track.act, [action for _, action in log.actions], where)
    doubt = comparable(log, bench, where)
    try:
        record = _repeated(log, bench, folder, where, pictures)
    except Refused as error:
        if doubt and error.code in DOUBTFUL:
            raise Unverifiable("machine", where, f"{error.said}; that may be the machine's doing: {doubt}") from error
        raise
    return record | {"wall_s": round(time.perf_counter() - began, 3)}


def _repeated(log: Played, bench: Bench, folder: Path, where: str, pictures: Sequence[int]) -> dict[str, Any]:
    """Run it again, and compare it. Raises: Refused."""
    track = log.track
    sights = _Sights(log, frozenset(pictures))
    try:
        made = bench.make(log.task, obs=tuple(track.obs), act=track.act, size=(track.size[0], track.size[1]))
    except EnvError as error:
        raise Refused("track", where, str(error)) from error
    with closing(made) as env:
        inner = cast(Any, env.unwrapped)
        try:
            if log.inputs is not None:
                repeat_inputs(inner, log.seed, log.inputs)
            else:
                repeat_actions(inner, log.seed, log.given(), pictures=sights.pictures, seen=sights.see)
        except RepeatError as error:
            raise Refused("action", where, f"number {error.place}: {error}") from error
        trace = bench.trace(env)
        same(log, trace, where)
        sights.compare(str(trace.manifest.get("renderer", "none")), where)
        record = {
            "task": log.task,
            "episode": log.episode,
            "seed": log.seed,
            "instruction": bench.task(log.task).instruction,
            "machine": of_machine(),
        }
        record |= judged(bench, env, folder, f"{log.task}.{log.episode}", pictures=False)
    return record | {"pictures_compared": sights.compared}


def _proper(act: str, actions: Sequence[Any], where: str) -> None:
    """See that actions are written as a run writes them: whether they are in their space, the environment sees.

    Raises: Refused for one that holds a switch or text where a number belongs, or what no run has.
    """
    space = action_space(act)
    for number, action in enumerate(actions):
        if not _written(action, space):
            raise Refused("action", where, f"number {number} isn't written as {act} is: {action!r:.80}")


def _written(action: Any, space: Space) -> bool:
    if isinstance(space, spaces.Dict):
        return isinstance(action, dict) and all(
            name in space.spaces and _written(part, space[name]) for name, part in action.items()
        )
    if isinstance(space, spaces.Box):
        return isinstance(action, list) and all(map(_number, action))
    return type(action) is (int if isinstance(space, spaces.Discrete) else str)


def _number(value: Any) -> bool:
    return type(value) in (int, float) and -LARGEST <= value <= LARGEST


def same(log: Played, trace: Trace, where: str) -> None:
    """See that it came out as the log says. Raises: Refused that names when it differs."""
    theirs = list(log.hashes)
    for (t, digest), ours in zip(theirs, trace.hashes, strict=False):
        if (t, digest) != tuple(ours):
            raise Refused("state", where, f"it comes out otherwise: the state at {clock(ours[0])} isn't the log's")
    if len(theirs) != len(trace.hashes) or log.end != trace.end:
        raise Refused("state", where, f"it comes out otherwise: it ends at {clock(trace.end)}, not as the log says")
    if log.inputs is None and [t for t, _ in log.actions] != [t for t, _ in trace.actions]:
        raise Refused("action", where, "the times of its actions aren't those at which they are given")


class _Sights:
    """Compares what the policy was given to see with what it would have been given."""

    def __init__(self, log: Played, pictures: frozenset[int]) -> None:
        self._log = log
        self._keys = tuple(log.track.obs)
        self._draws = not PICTURE_OBS.isdisjoint(self._keys)
        self.pictures = pictures if self._draws else frozenset[int]()
        self._count = 0
        self._told = -1  # the first that was told otherwise
        self._drawn: dict[int, bool] = {}
        self.compared = 0

    def see(self, number: int, obs: Any) -> None:
        """An observation of the repetition."""
        self._count += 1
        if number >= len(self._log.observed):
            return
        told, drawn = digests(self._keys, obs)
        theirs = self._log.observed[number]
        if self._told < 0 and told != theirs[0]:
            self._told = number
        if drawn:
            self._drawn[number] = drawn == theirs[1]

    def compare(self, renderer: str, where: str) -> None:
        """Say what differs. Pictures are only compared if the same renderer drew them.

        Raises: Refused.
        """
        if self._log.inputs is not None:
            return
        if len(self._log.observed) != self._count:
            said = f"{len(self._log.observed)} observations in the log, and {self._count} were given"
            raise Refused("observation", where, said)
        if self._told >= 0:
            raise Refused("observation", where, f"observation {self._told} isn't what such an episode shows")
        if renderer != self._log.renderer:
            return
        wrong = [number for number, alike in sorted(self._drawn.items()) if not alike]
        if wrong:
            said = f"the pictures of observation {wrong[0]} aren't what such an episode shows"
            raise Refused("observation", where, said)
        self.compared = len(self._drawn)
