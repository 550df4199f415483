"""The desk where clients come to play: tools to list and start tasks beside those of a track, an episode each.

Tasks have numbers here, since their ids would tell what is behind them. Nothing is told of a verdict.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from switch_bench.agents import tools
from switch_bench.agents.session import Limits
from switch_bench.agents.tell import TRACKS, Told
from switch_bench.agents.tools import Arguments, Tool, ToolError
from switch_bench.evaluate import bench
from switch_bench.serve import rounds
from switch_bench.serve.rounds import Round, Rounds
from switch_bench.spec.errors import did_you_mean

EPISODE = "episode"
MOST_PLAYERS = 64  # names of clients that a server meets
NOT_BEGUN = "No episode is under way: call list_tasks, then start_task with the number of a task."
UNDER_WAY = "An episode is under way: it ends with report, and then another can be started."


class ListTasks(Arguments):
    """List the tasks that there are: the number of each, what is asked for, how many episodes you have begun."""

    verb: ClassVar[str] = "list_tasks"


class StartTask(Arguments):
    """Start an episode of a task; you are told what is asked for, and what you see."""

    verb: ClassVar[str] = "start_task"
    task: Annotated[int, Field(ge=1, description="The task's number in list_tasks.")]


LIST, START = tools.described(ListTasks), tools.described(StartTask)


@dataclass
class _Seat:
    """An episode, and when its player was last heard of [s]."""

    round: Round
    heard: float


class Desk:
    """All clients' episodes. Everything must be called on one thread.

    most: so many episodes at a time. idle: an episode of which nothing is heard for so long [s] is kept as an error.
    """

    def __init__(
        self,
        out: Path,
        *,
        suite: str,
        track: str,
        seed: int,
        limits: Limits | None = None,
        pictures: bool = True,
        most: int = 32,
        idle: float = 1800.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises InputError: no such suite or track, or nothing can be written below `out`."""
        rounds.writable(out, "mcp", suite=suite, track=track, seed=seed)
        self.track, self.most, self.idle = TRACKS[track], most, idle
        self._out, self._clock = out, clock
        self._run = {
            "suite": suite, "track": track, "seed": seed, "limits": limits,
            "pictures": rounds.settle(track, pictures),
        }  # fmt: skip
        self._players: dict[str, Rounds] = {}
        self._seats: dict[str, _Seat] = {}

    def tools(self, *, named: bool) -> list[Tool]:
        """The tools there are. named: those of the track take the name of their episode, too."""
        own = tools.tools(self.track.act).values()
        return [LIST, START, *(_with_episode(tool) if named else tool for tool in own)]

    def call(self, place: str | None, client: str, name: str, arguments: Any) -> Told:
        """Carry out a client's call.

        place: where it sits, where its transport keeps that: it has one episode there at a time. Without it each
        episode gets a name when it starts, which all its calls must give.
        """
        try:
            if name == LIST.name:
                tools.understood(LIST, arguments)
                return self._list(self._player(client))
            if name == START.name:
                return self._start(place, client, arguments)
            known = tools.tools(self.track.act)
            if name not in known:
                names = (LIST.name, START.name, *known)
                raise ToolError(f"there is no tool {name[:60]!r}. {did_you_mean(name, names)}")
            if place is None:
                place, arguments = self._named(name, arguments)
        except ToolError as error:
            seat = self._seats.get(place or "")
            return self._answer(place or "", seat, seat.round.mistake(str(error))) if seat else _wrong(str(error))
        seat = self._seats.get(place)
        if seat is None:
            return _wrong(NOT_BEGUN)
        return self._answer(place, seat, seat.round.call(name, arguments))

    def leave(self, place: str, why: str) -> None:
        """A client is gone: its episode, if it has one under way, is kept as an error."""
        seat = self._seats.pop(place, None)
        if seat is not None:
            seat.round.abandon(why)

    def sweep(self) -> None:
        """End the episodes of which nothing was heard for too long."""
        now = self._clock()
        for place in [p for p, seat in self._seats.items() if now - seat.heard > self.idle]:
            self.leave(place, f"nothing was heard of the player for {self.idle:g} s")

    def write(self) -> None:
        """Write the reports of players of whom an episode has ended since."""
        for player in self._players.values():
            player.write()

    def close(self) -> None:
        """End what is under way, and write every player's results."""
        for place in tuple(self._seats):
            self.leave(place, "the player went away, or the server ended, before the episode did")
        for player in self._players.values():
            player.close()
        self._players.clear()

    # ------------------------------------------------------------------ own

    def _player(self, client: str) -> Rounds:
        name = "".join(c for c in client if c.isprintable())[:60] or "unnamed"
        if name not in self._players:
            if len(self._players) >= MOST_PLAYERS:
                raise ToolError(f"this server has met {MOST_PLAYERS} clients, as many as may be")
            self._players[name] = rounds.free_folder(self._out, f"mcp:{name}", **self._run)
        return self._players[name]

    def _list(self, player: Rounds) -> Told:
        begun = [task for task, _ in player.begun]
        listed = [
            {"task": number, "asks": bench.task(task).instruction, "begun": begun.count(task)}
            for number, task in enumerate(player.tasks, 1)
        ]
        return Told(json.dumps({"tasks": listed}, ensure_ascii=False))

    def _start(self, place: str | None, client: str, arguments: Any) -> Told:
        if place is not None and place in self._seats:
            raise ToolError(UNDER_WAY)
        asked = tools.understood(START, arguments)
        assert isinstance(asked, StartTask)
        player = self._player(client)
        if asked.task > len(player.tasks):
            raise ToolError(f"start_task: there are tasks 1 to {len(player.tasks)}")
        if len(self._seats) >= self.most:
            raise ToolError(f"start_task: {self.most} episodes are under way, as many as may be; try again later")
        begun, seen = player.begin(player.tasks[asked.task - 1])
        text = f"{self.track.briefing}\n\n{seen.text}"
        if place is None:
            place = secrets.token_hex(6)
            text = f"This episode is called {place}: give that as `{EPISODE}` in each of its calls.\n\n{text}"
        if not seen.over:
            self._seats[place] = _Seat(begun, self._clock())
        return replace(seen, text=text if not seen.over else seen.text)

    def _named(self, name: str, arguments: Any) -> tuple[str, Any]:
        """The place of the episode that a call names, and the arguments without that."""
        if not isinstance(arguments, Mapping) or not isinstance(arguments.get(EPISODE), str):
            raise ToolError(f"{name}: `{EPISODE}` is missing: the name that start_task gave the episode")
        place = arguments[EPISODE]
        if place not in self._seats:
            raise ToolError(f"{name}: there is no episode {place[:40]!r} under way; start_task starts one")
        return place, {key: value for key, value in arguments.items() if key != EPISODE}

    def _answer(self, place: str, seat: _Seat, answer: Told) -> Told:
        seat.heard = self._clock()
        if answer.over:
            del self._seats[place]
        return answer


def _wrong(why: str) -> Told:
    return Told(why, malformed=True)


def _with_episode(tool: Tool) -> Tool:
    """The same tool with the name of the episode among its arguments."""
    schema = dict(tool.parameters)
    named = {"type": "string", "description": "The episode's name, as start_task gave it."}
    schema["properties"] = {EPISODE: named, **schema.get("properties", {})}
    schema["required"] = [EPISODE, *schema.get("required", ())]
    return replace(tool, parameters=schema)
