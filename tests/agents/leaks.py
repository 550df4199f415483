"""What an agent must not be told, and where to look for it.

A channel is a function of (task, seed) that yields, one after the other, all that an agent gets by one way into the
benchmark: observations, answers of tools, frames. `strings` finds every text in it, however it is nested; `Secrets.in_`
says what of it gives something away. A new way in is a new entry of `CHANNELS`.
"""

from __future__ import annotations

import dataclasses
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import gymnasium
import numpy as np

import switch_bench.envs  # noqa: F401  # registers the tasks
from switch_bench.agents import tools
from switch_bench.agents.session import Session, make
from switch_bench.agents.tell import TRACKS
from switch_bench.controls.keypad import Keypad
from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.devices.base import Scale, Text
from switch_bench.devices.catalogue import kinds
from switch_bench.envs.elements import PLATES
from switch_bench.envs.env import SwitchEnv
from switch_bench.envs.observe import SOUNDS
from switch_bench.spec.find import load_task
from switch_bench.world.room import Room

ROOT = Path(__file__).parents[2]
JUDGED = (
    "temporal", "spatial", "causal", "honesty", "verdict", "reward", "success", "is_success", "horizon", "eventually",
    "forbidden", "near_miss", "mutant", "oracle", "robustness", "traceback",
)  # fmt: skip  # words of verdicts and of what makes them
FILES = (
    "/tmp/",
    "/home/",
    "/root/",
    "site-packages",
    str(ROOT),
    ".yaml",
    ".npz",
    ".jsonl",
    ".py",
    "episodes.",
    "frames/",
)

PLACE = re.compile(r"\(-?\d+\.\d\d, -?\d+\.\d\d\)")  # coordinates of the room

Channel = Callable[[str, int], Iterator[Any]]


def strings(value: Any) -> Iterator[str]:
    """Every text in a value, keys included."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from strings(key)
            yield from strings(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from strings(item)
    else:
        assert value is None or isinstance(value, bool | int | float | np.ndarray | np.generic), f"what is {value!r}?"
        assert not isinstance(value, np.ndarray) or value.dtype.kind in "buif", f"an array of {value.dtype}"


@dataclass(frozen=True)
class Secrets:
    """Names and texts that must not be told of one episode, but for what `known` holds: the words anyone could use."""

    names: frozenset[str]
    phrases: frozenset[str]
    known: str

    def in_(self, text: str) -> list[str]:
        """What a text gives away."""
        said = " ".join(text.split()).lower()
        found = [name for name in self.names if _holds(said, name) and not _holds(self.known, name)]
        found += [phrase for phrase in self.phrases if phrase in said and phrase not in self.known]
        found += [word for word in JUDGED if _holds(said, word) and not _holds(self.known, word)]
        found += ["coordinates"] if PLACE.search(said) else []
        return sorted(found + [file for file in FILES if file.lower() in said])


def _holds(text: str, name: str) -> bool:
    """Whether a text has a name in it, as a word of its own."""
    return name in text and re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", text) is not None


def secrets(task: str, env: SwitchEnv) -> Secrets:
    """What must not be told of a task in the room that an environment was reset to."""
    assert env.stage is not None
    room = env.stage.room
    spec, scene = load_task(task), room.scenario.scene
    ids = {
        task, task.partition(".")[2], task.partition(".")[2].partition("-")[0], scene.id,
        *(item.id for group in (scene.devices, scene.objects, scene.furniture, scene.doorways) for item in group),
        *scene.zones, *scene.points, *scene.regions, *scene.circuits,
        *(miss.name for miss in spec.near_misses), *(fault for _, fault in room.scenario.faults),
        *(fault for placed in room.drawn.placed.values() for fault in placed.device.faults),
    }  # fmt: skip
    signals = set(env.stage.world.network.info)
    local = {name.partition(".")[2] for name in signals}
    ids |= signals | {name for name in local if "_" in name}
    spaced = {name.replace("_", " ") for name in ids if "_" in name and "." not in name}
    texts = (
        spec.title,
        scene.title,
        spec.goal,
        *spec.never,
        *spec.paraphrases,
        *(miss.says for miss in spec.near_misses),
    )
    phrases = {" ".join(text.split()).lower() for text in texts}
    phrases |= {
        text.replace("-", " ").replace("_", " ").lower() for text in (task.partition(".")[2].partition("-")[0],)
    }
    return Secrets(frozenset(n.lower() for n in ids | spaced), frozenset(phrases), _known(spec.instruction, room))


def _known(instruction: str, room: Room) -> str:
    """What can be said since anyone can see it: what is asked, what things of a kind are called, what is printed."""
    scene = room.scenario.scene
    said = [instruction, *(zone.replace("_", " ") for zone in scene.zones), *(thing.kind for thing in scene.objects)]
    for name, placed in room.drawn.placed.items():
        said += _printed(placed.device)
        said += [str(words) for entry in scene.devices if entry.id == name for words in entry.labels.values()]
    return " ".join(" ".join([_usual(), *said]).lower().split())


def _printed(device: Any) -> Iterator[str]:
    for panel in device.panels:
        for control in panel.controls:
            yield from (str(control.label or ""), str(control.legend or ""), str(getattr(control, "unit", "") or ""))
            if isinstance(control, Keypad):
                yield from control.legends.values()
            if isinstance(control, Touchscreen):
                for page in control.screen.pages.values():
                    yield from (str(widget.text) for widget in page.widgets)
        for mark in panel.marks:
            yield from (mark.text,) if isinstance(mark, Text) else ()
            yield from (words for words, _ in mark.marks) if isinstance(mark, Scale) else ()
        yield from (lamp.label for lamp in panel.lamps)
    for words in device.words.values():
        yield from (
            (words,) if isinstance(words, str) else map(str, words.values() if isinstance(words, Mapping) else words)
        )


@cache
def _usual() -> str:
    """What is told in every episode alike: titles of kinds, sounds, tools and briefings."""
    told = [*(kind.title for kind in kinds().values()), *PLATES.values(), *(s.replace("_", " ") for s in SOUNDS)]
    told += [track.briefing for track in TRACKS.values()]
    for act in ("skill", "pixel"):
        told += [json.dumps([tool.name, tool.description, dict(tool.parameters)]) for tool in tools.tools(act).values()]
    return " ".join(told)


# ------------------------------------------------------------------------------------------------------- channels

SKILLS: tuple[tuple[str, Any], ...] = (
    ("look", {"direction": "left"}), ("read", {"mark": 1}), ("press", {"mark": 2}), ("turn", {"mark": 1, "to": "9"}),
    ("open", {"mark": 3}), ("goto", {"mark": 4}), ("goto", {"room": "attic"}), ("press", {"mark": 63}),
    ("type", {"mark": 1, "keys": "30"}), ("press", {"button": 1}), ("pres", {}), ("read", {"mark": 2}),
    ("wait", {"seconds": 7}), ("look", {"direction": "right"}), ("report", {"what": "impossible"}),
)  # fmt: skip
POINTS: tuple[tuple[str, Any], ...] = (
    ("look", {"x": 0.9, "y": 0.5}), ("read", {"x": 0.5, "y": 0.5}), ("tap", {"x": 0.5, "y": 0.5}),
    ("turn", {"x": 0.4, "y": 0.5, "radians": 1}), ("goto", {"x": 0.5, "y": 0.8}), ("tap", {"x": 2, "y": 0}),
    ("drag", {"x": 0.5, "y": 0.5, "to_x": 0.6, "to_y": 0.5}), ("wait", {"seconds": 7}), ("report", {"what": "done"}),
)  # fmt: skip


def calls(act: str) -> tuple[tuple[str, Any], ...]:
    """A few calls of every sort, some of which can't be carried out."""
    return SKILLS if act == "skill" else POINTS


def env_of(task: str, seed: int, **kwargs: Any) -> SwitchEnv:
    """An environment of a task after its reset."""
    env = cast(SwitchEnv, gymnasium.make(f"switch_bench/{task}", disable_env_checker=True, **kwargs).unwrapped)
    env.reset(seed=seed)
    return env


def of_track(track: str) -> Channel:
    """What a session tells on a track."""

    def channel(task: str, seed: int) -> Iterator[Any]:
        session = Session(task, track, env=make(task, TRACKS[track]))
        yield session.begin(seed)
        for name, arguments in calls(TRACKS[track].act):
            yield session.call(name, arguments)

    return channel


def of_preset(preset: str) -> Channel:
    """What the environment gives a policy by a preset, but for the privileged."""

    def channel(task: str, seed: int) -> Iterator[Any]:
        env = gymnasium.make(f"switch_bench/{task}", preset=preset, disable_env_checker=True)
        yield env.reset(seed=seed)[0]
        for k in range(3):
            action = np.full(env.action_space.shape or (12,), 0.2 * (k - 1), np.float32)
            yield env.step(action)[0]

    return channel


def of_desk(track: str) -> Channel:
    """What an MCP client gets: the tools, the tasks, and results as they go over the wire."""

    def channel(task: str, seed: int) -> Iterator[Any]:
        from switch_bench.serve.desk import Desk
        from switch_bench.serve.mcp import result

        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(Path(folder), suite=task, track=track, seed=seed, pictures=False)
            for named in (False, True):
                yield [[tool.name, tool.description, tool.parameters] for tool in desk.tools(named=named)]
            for name, arguments in (
                ("list_tasks", {}), ("press", {"mark": 1}), ("start_task", {"task": 9}), ("start_task", {"task": 1}),
                ("start_task", {"task": 1}), *calls(desk.track.act), ("list_tasks", {}),
            ):  # fmt: skip
                sent = result(desk.call("place", "client", name, arguments)).model_dump(by_alias=True)
                yield [part.get("text", "") for part in sent["content"]]
            desk.close()

    return channel


def of_play(track: str) -> Channel:
    """The lines that a program reads, but for where its pictures are, which is the caller's own folder."""

    def channel(task: str, seed: int) -> Iterator[Any]:
        import io

        from switch_bench.serve.play import by_json
        from switch_bench.serve.rounds import Rounds

        given = [{"tool": "help"}, "garbage", *({"tool": n, "arguments": a} for n, a in calls(TRACKS[track].act))]
        out = io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            with Rounds(
                "play", Path(folder), suite="all", track=track, seed=seed, pictures=False, picked=True
            ) as rounds:
                by_json(rounds, task, io.BytesIO("\n".join(map(json.dumps, given)).encode()), out)
            for line in out.getvalue().splitlines():
                said = json.loads(line)
                said["images"] = [str(Path(path).relative_to(folder)) for path in said["images"]]
                yield said

    return channel


def played(policy: str, task: str, seed: int) -> None:
    """Play an episode of a policy that is elsewhere, as `eval` does."""
    from switch_bench.evaluate.episode import Job, play

    with tempfile.TemporaryDirectory() as folder:
        record = play(Job(policy, task, 0, seed, folder, pictures=False, bench="switch_bench.evaluate.bench"))
    assert record["status"] == "done", record


def of_socket(task: str, seed: int) -> Iterator[Any]:
    """The frames that a policy at a web socket gets, and the headers it is called with."""
    import threading

    from openpi_twin import pack, unpack
    from websockets.sync.server import ServerConnection, serve

    got: list[Any] = []

    def handle(connection: ServerConnection) -> None:
        assert connection.request is not None
        got.append(dict(connection.request.headers) | {"path": connection.request.path})
        connection.send(pack({}))
        for n, frame in enumerate(connection):
            assert isinstance(frame, bytes)
            got.append(unpack(frame))
            connection.send(pack({"actions": np.full((5, 12), 0.1 * n, np.float32)} if n < 4 else {"done": True}))

    with serve(handle, "127.0.0.1", 0, compression=None, max_size=None) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        played(f"ws://127.0.0.1:{server.socket.getsockname()[1]}", task, seed)
        server.shutdown()
    yield from got


def of_model(track: str) -> Channel:
    """The requests that a language model's endpoint gets."""

    def channel(task: str, seed: int) -> Iterator[Any]:
        from endpoint import endpoint

        asked = [("press", {"mark": "x"}), *calls(TRACKS[track].act), ("report", {"what": "impossible"})]

        def reply(body: Any, n: int, _: Any) -> Any:
            name, arguments = asked[min(n, len(asked) - 1)]
            call = {"name": name, "arguments": json.dumps(arguments)}
            message = {"role": "assistant", "tool_calls": [{"id": f"c{n}", "type": "function", "function": call}]}
            return {"choices": [{"message": message}], "usage": {"total_tokens": 1}}

        with endpoint(reply) as server:
            played(server.name(f"track={track}"), task, seed)
        yield from server.headers
        for body in server.bodies:
            for message in body["messages"]:
                parts = message["content"] if isinstance(message.get("content"), list) else []
                for part in parts:
                    if part.get("type") == "image_url":
                        part["image_url"] = part["image_url"]["url"][:22]  # a picture is no text
            yield body

    return channel


CHANNELS: Mapping[str, Channel] = {
    "vla": of_preset("vla"),
    "socket": of_socket,
    **{track: of_track(track) for track in TRACKS},
    **{f"model {track}": of_model(track) for track in TRACKS},
    **{f"mcp {track}": of_desk(track) for track in TRACKS},
    **{f"play {track}": of_play(track) for track in TRACKS},
}
