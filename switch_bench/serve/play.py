"""Play an episode at a terminal, or from a program by lines of JSON on standard input and output.

A line of JSON in is {"tool": name, "arguments": {...}}; a line out {"text", "images": [paths], "over", "malformed"}.
The tools "help", which tells the tools with their schemas, and "quit" are no calls.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from switch_bench.agents import tools
from switch_bench.agents.session import Limits
from switch_bench.agents.tell import TRACKS, Told, Track, png
from switch_bench.evaluate.folder import write_atomically
from switch_bench.serve import spoken
from switch_bench.serve.rounds import Round, Rounds

LONGEST_LINE = 64 * 1024  # bytes
TYPED = Limits(calls=10_000, malformed=10_000, seconds=float("inf"))  # a person may take as long as it takes
QUIT = "the player stopped"
LOST = "the program's end of the line was closed"
IN_VIEW = "In view: "
WIDE = 100  # columns of what a person reads
PROMPT = "> "


class Gallery:
    """Where the pictures of an episode go: `pictures/EPISODE/NUMBER.png` below the run folder."""

    def __init__(self, folder: Path, episode: int) -> None:
        self._folder = folder.absolute() / "pictures" / str(episode)
        self._taken = 0

    def keep(self, told: Told) -> list[str]:
        """Write what was seen; the paths."""
        self._folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for image in told.images:
            self._taken += 1
            path = self._folder / f"{self._taken:04}.png"
            write_atomically(path, png(image))
            paths.append(str(path))
        return paths


def lines(given: BinaryIO) -> Iterator[bytes | None]:
    """The lines there are, without their ends; None for one that is too long, which is left out."""
    while line := given.readline(LONGEST_LINE + 1):
        if line.endswith(b"\n") or len(line) <= LONGEST_LINE:
            yield line.rstrip(b"\r\n")
            continue
        while line and not line.endswith(b"\n"):
            line = given.readline(LONGEST_LINE)
        yield None


# ------------------------------------------------------------------------------------------------- for programs


def by_json(rounds: Rounds, task: str, given: BinaryIO, out: TextIO) -> Round:
    """Let a program play an episode. Where its end of the line is closed first, the episode is kept as an error."""
    round_, told = rounds.begin(task)
    gallery = Gallery(rounds.path, len(rounds.begun))

    def answer(told: Told, **more: Any) -> None:
        said = {"text": told.text, "images": gallery.keep(told), "over": told.over, "malformed": told.malformed}
        out.write(json.dumps(said | more, ensure_ascii=False) + "\n")
        out.flush()

    try:
        answer(told)
        for line in lines(given) if not told.over else ():
            told, more = _answer(round_, TRACKS[rounds.track], line)
            answer(told, **more)
            if told.over:
                return round_
        round_.abandon(LOST)
    except BrokenPipeError:
        round_.abandon(LOST)
    return round_


def _answer(round_: Round, track: Track, line: bytes | None) -> tuple[Told, dict[str, Any]]:
    if line is None:
        return round_.mistake(f"a line has at most {LONGEST_LINE} bytes"), {}
    if not line.strip():
        return Told("an empty line; help tells the tools", malformed=True), {}
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError) as error:
        return round_.mistake(f'not a line of JSON: {error}; expected {{"tool": ..., "arguments": {{...}}}}'), {}
    if (
        not isinstance(asked, dict)
        or not isinstance(asked.get("tool"), str)
        or not asked.keys() <= {"tool", "arguments"}
    ):
        return round_.mistake('expected {"tool": ..., "arguments": {...}} and nothing else'), {}
    if asked["tool"] == "help":
        known = [
            {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
            for tool in tools.tools(track.act).values()
        ]
        return Told(track.briefing), {"tools": known}
    if asked["tool"] == "quit":
        return round_.give_up(QUIT), {}
    return round_.call(asked["tool"], asked.get("arguments")), {}


# --------------------------------------------------------------------------------------------------- for people


def asked(given: BinaryIO, out: TextIO) -> Callable[[], str | None]:
    """What gives the next line that is typed, after a prompt; None at the end. At a terminal it can be edited."""
    if given.isatty():

        def edited() -> str | None:
            try:
                return input(PROMPT)
            except EOFError:
                out.write("\n")
                return None

        return edited
    typed = lines(given)

    def plain() -> str | None:
        out.write(PROMPT)
        out.flush()
        return next(((line or b"").decode(errors="replace") for line in typed), None)

    return plain


def by_text(rounds: Rounds, task: str, given: BinaryIO, out: TextIO) -> Round:
    """Let a person play an episode, and say at the end what it came to. The end of the input is as `quit`."""
    round_, told = rounds.begin(task)
    gallery = Gallery(rounds.path, len(rounds.begun))
    act = TRACKS[rounds.track].act

    def say(text: str = "") -> None:
        out.write(text + "\n")
        out.flush()

    def show(told: Told) -> str:
        view = shown(told, gallery.keep(told))
        say(view)
        return view

    seen = show(told)
    say("\nType what to do, or help.")
    ask = asked(given, out)
    while not round_.over:
        say()
        line = ask()
        words = "quit" if line is None else line.strip()
        if words in ("help", "?", "h"):
            say(spoken.usage(act))
        elif words == "view":
            say(seen)
        elif words in ("quit", "exit", "q"):
            say("Hands off until the end.")
            round_.give_up(QUIT)
        elif words:
            try:
                told = round_.call(*spoken.understand(act, words))
            except tools.ToolError as error:
                say(wrapped(str(error)))
                continue
            view = show(told)
            seen = seen if told.malformed else view
    say("\n" + verdict(round_))
    return round_


def shown(told: Told, paths: list[str]) -> str:
    """What is told, for a person to read."""
    found = []
    for line in told.text.splitlines():
        if line.startswith(IN_VIEW):
            found.append(_view(json.loads(line.removeprefix(IN_VIEW))))
        else:
            found.append(wrapped(line))
    found += [f"You see: {path}" for path in paths]
    return "\n".join(found)


def _view(view: dict[str, Any]) -> str:
    """What is in view, a line for each thing and mark."""
    rooms = ", ".join(view["rooms"])
    told = [f"You see the {rooms}:" if rooms else "You see:"]
    for thing in view["things"]:
        told.append(wrapped("; ".join([thing["thing"], *thing.get("shows", ())]), "  "))
        for mark in thing.get("marks", ()):
            words = f'{mark["what"]} "{mark["printed"]}"' if "printed" in mark else mark["what"]
            told.append(f"    {mark['mark']:>2}  {words}" + (f": {mark['stands']}" if "stands" in mark else ""))
    return "\n".join(told if view["things"] else [*told, "  nothing of note"])


def verdict(round_: Round) -> str:
    """What an episode came to, in words."""
    record = round_.record
    if record["status"] == "error":
        return f"The episode ended in an error: {record['error']['message']}"
    head = {True: "Success.", False: "No success.", None: "It can't be said whether this was a success."}
    words = [head[record["success"]], *(f"{part}: {said}" for part, said in record["words"].items())]
    return "\n".join(wrapped(line) for line in words)


def wrapped(text: str, indent: str = "") -> str:
    """A line of text in lines that fit the screen."""
    return textwrap.fill(text, WIDE, initial_indent=indent, subsequent_indent=indent + "  " * bool(indent))
