"""Rounds: episodes that are played by whoever calls from outside, and judged into a run folder like any other.

A record has besides what `evaluate.episode` says `calls` and `malformed`: how many calls were made, and how many of
them couldn't be carried out.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from switch_bench.agents.session import Limits, Session
from switch_bench.agents.tell import TRACKS, Told
from switch_bench.evaluate import doctor, folder, runner
from switch_bench.evaluate.bench import Bench, load_bench
from switch_bench.evaluate.episode import episode_seed, judged, told
from switch_bench.evaluate.errors import InputError, closest
from switch_bench.evaluate.folder import RunFolder
from switch_bench.evaluate.policies import Declared
from switch_bench.evaluate.record import budget, of_machine
from switch_bench.evaluate.runner import Request

FAILED = "The simulator failed here. The episode is over, and is kept as an error."
benchmark: Bench = load_bench(runner.BENCH)
MOST_FOLDERS = 99  # of one name


class Rounds:
    """The episodes of one player in a run folder, one track and one seed.

    An episode of a task that has been played before is its next one, with a seed of its own. All that a player does
    must be done on one thread, since that is where OpenGL is. In the results are all tasks of the suite, or, where
    `picked`, those that were played.
    """

    def __init__(
        self,
        player: str,
        out: Path,
        *,
        suite: str,
        track: str,
        seed: int,
        limits: Limits | None = None,
        pictures: bool = True,
        picked: bool = False,
    ) -> None:
        """Make the run folder, or go on with it. player: stands for the policy in its results.

        Raises:
            InputError: no such suite, or the folder can't be had.
        """
        self.track, self.seed, self.limits, self.pictures = track, seed, limits or Limits(), pictures
        self.tasks = runner.suite_tasks(benchmark, suite)
        self.settings = settings(player, suite, track, seed, self.tasks, out, self.limits)
        self._run = RunFolder(out, self.settings)
        self._begun = [(record["task"], record["episode"]) for record in self._run.episodes]
        self._under_way: list[Round] = []
        self._written, self._picked = not self._run.episodes, picked

    @property
    def path(self) -> Path:
        """The run folder."""
        return self._run.path

    @property
    def begun(self) -> Sequence[tuple[str, int]]:
        """(task, episode) of all that were begun."""
        return self._begun

    def begin(self, task: str) -> tuple[Round, Told]:
        """Begin the next episode of a task: it, and what is told at its start."""
        episode = 1 + max((e for t, e in self._begun if t == task), default=-1)
        begun = Round(self, task, episode)
        self._begun.append((task, episode))
        self._under_way.append(begun)
        return begun, begun.start()

    def keep(self, ended: Round, record: Mapping[str, Any]) -> None:
        """Write the record of an episode that is over, and the results with it."""
        self._under_way.remove(ended)
        self._run.append(record)
        self._written = False
        runner.write_results(self._run, self._so_far())

    def write(self) -> None:
        """Write the report of what there is, if something is new."""
        if not self._written:
            runner.finish(self._run, self._so_far(), benchmark)
            self._written = True

    def _so_far(self) -> dict[str, Any]:
        """The settings, of what was played."""
        most = {"episodes": max(episode + 1 for _, episode in self._begun)}
        if not self._picked:
            return self.settings | most
        played = [task for task in self.tasks if any(task == record["task"] for record in self._run.episodes)]
        some = ", ".join(played) if len(played) <= 3 else f"{len(played)} tasks"
        tasks = {task: self.settings["tasks"][task] for task in played}
        return self.settings | most | {"suite": some, "tasks": tasks}

    def close(self) -> None:
        """End what is under way as errors, write the results and let go of the folder."""
        for each in tuple(self._under_way):
            each.abandon("the program ended before the episode did")
        self.write()
        self._run.__exit__(None, None, None)

    def __enter__(self) -> Rounds:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class Round:
    """One episode, from its start to its record."""

    def __init__(self, rounds: Rounds, task: str, episode: int) -> None:
        self._rounds, self._began = rounds, time.perf_counter()
        self._name = f"{task}.{episode}"
        self.record: dict[str, Any] = {
            "task": task,
            "episode": episode,
            "seed": episode_seed(rounds.seed, task, episode),
            "instruction": benchmark.task(task).instruction,
            "machine": of_machine(),
        }
        self._session: Session | None = None
        self.over = False

    def start(self) -> Told:
        """Begin; what is asked for, and what is seen."""
        try:
            self._session = Session(self.record["task"], self._rounds.track, limits=self._rounds.limits)
            seen = self._session.begin(self.record["seed"])
        except Exception as error:
            return self._failed(error, "environment")
        self.record["setup_s"] = round(time.perf_counter() - self._began, 3)
        return seen

    def call(self, name: str, arguments: Any) -> Told:
        """Carry out a call."""
        return self._do("environment.step", lambda session: session.call(name, arguments))

    def mistake(self, why: str) -> Told:
        """Count what isn't even a call, and say why."""
        return self._do("environment.step", lambda session: session.mistake(why))

    def give_up(self, why: str) -> Told:
        """Keep the hands off to the horizon; the episode counts as it is then."""
        return self._do("environment.step", lambda session: session.give_up(why))

    def abandon(self, why: str) -> None:
        """End without a verdict: the episode is kept as an error, since who played is gone."""
        if not self.over:
            self._failed(Abandoned(why), "player")

    def _do(self, where: str, what: Any) -> Told:
        if self.over or self._session is None:
            return Told("The episode is over.", over=True, malformed=True)
        try:
            answer: Told = what(self._session)
        except Exception as error:
            return self._failed(error, where)
        if answer.over:
            self._judge(self._session)
        return answer

    def _judge(self, session: Session) -> None:
        run_s = round(time.perf_counter() - self._began - self.record["setup_s"], 3)
        rounds = self._rounds
        try:
            found = judged(benchmark, session.env, rounds.path, self._name, pictures=rounds.pictures)
        except Exception as error:
            self._failed(error, "verdict")
            return
        self._end({"run_s": run_s} | found)

    def _failed(self, error: Exception, where: str) -> Told:
        self._end({"status": "error", "error": told(error, where)})
        return Told(FAILED, over=True)

    def _end(self, found: Mapping[str, Any]) -> None:
        self.over = True
        if self._session is not None:
            spent = self._session.spent
            self.record |= {"calls": spent.calls, "malformed": spent.malformed}
            self._session.close()
            self._session = None
        self.record |= {**found, "wall_s": round(time.perf_counter() - self._began, 3)}
        self._rounds.keep(self, self.record)


class Abandoned(Exception):
    """Who played an episode went away before its end."""


def settings(
    player: str, suite: str, track: str, seed: int, tasks: Sequence[str], out: Path, limits: Limits | None = None
) -> dict[str, Any]:
    """What makes such a run this run; `numbers` says which task is which to a player who is told no ids."""
    if track not in TRACKS:
        raise InputError(f"there is no track {track!r}", where="--track", hint=closest(track, TRACKS))
    chosen = TRACKS[track]
    request = Request(policies=(player,), suite=suite, episodes=1, seed=seed, out=out, workers=0)
    says = Declared(act=chosen.act, obs=chosen.obs, privileged=False, size=chosen.size, limits=budget(limits))
    numbers = {f"task {k}": task for k, task in enumerate(tasks, 1)}
    return runner.run_settings(request, benchmark, player, tasks, says) | {"episodes": None, "numbers": numbers}


def settle(track: str, pictures: bool) -> bool:
    """Settle who draws, before anything is drawn; whether reports can have pictures.

    Raises:
        InputError: the track needs pictures, and none can be drawn here.
    """
    trouble = doctor.settle_gl()
    hint = "`switch-bench doctor` says what is missing and how to get it; the track llm needs no pictures"
    if trouble and track in TRACKS and track != "llm":
        raise InputError(f"no picture can be drawn here: {trouble}", where=f"--track {track}", hint=hint)
    return pictures and not trouble


def free_folder(out: Path, player: str, **kwargs: Any) -> Rounds:
    """The rounds of a player in a folder below `out` that is named after it; where another run or process has that, in
    one with the next number.

    Raises:
        InputError: none can be had.
    """
    name = runner.folder_name(player)[:60]
    for number in range(1, MOST_FOLDERS):
        with suppress(InputError):
            return Rounds(player, out / (name if number == 1 else f"{name}-{number}"), **kwargs)
    return Rounds(player, out / f"{name}-{MOST_FOLDERS}", **kwargs)


def writable(out: Path, player: str, *, suite: str, track: str, seed: int) -> None:
    """See that a run can be written below `out`, before anyone plays.

    Raises:
        InputError: it can't, or there is no such suite or track.
    """
    tasks = runner.suite_tasks(benchmark, suite)
    if out.exists() and not out.is_dir():
        raise InputError("is a file, not a folder", where=f"--out {out}", hint="choose another folder")
    folder.check(out / f".{runner.folder_name(player)}.new", settings(player, suite, track, seed, tasks, out))
