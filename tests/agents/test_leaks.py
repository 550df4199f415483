"""No way into the benchmark tells an agent what it shouldn't know: names, ids, files, what is judged, what is hidden.

Exempt are the observations `state` and `segmentation`, and so the preset `rl`: they are privileged, and results say so.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, cast

import gymnasium
import numpy as np
import pytest

sys.path.append(str(Path(__file__).parent))

import leaks
from leaks import CHANNELS, env_of, secrets, strings

from switch_bench.agents import tools
from switch_bench.envs.env import SwitchEnv
from switch_bench.evaluate.episode import episode_seed
from switch_bench.physics.cameras import project
from switch_bench.spec.find import load_task
from switch_bench.spec.suites import suites
from switch_bench.world.views import faces

ALL = tuple(suites()["all"])
SOME = ("home.find_breaker-v1", "kitchen.light_burner-v1", "utility.key_to_nothing-v1")
QUICK = (
    *(("llm", task) for task in SOME),
    ("vla", SOME[2]), ("pixel", SOME[2]), ("mcp llm", SOME[2]), ("play llm", SOME[1]),
    ("socket", SOME[0]), ("model llm", SOME[0]),
)  # fmt: skip


def told_away(channel: str, task: str, seed: int) -> list[str]:
    """What a channel gives away of a task."""
    played = episode_seed(seed, task, 0) if channel.startswith(("mcp", "play", "model", "socket")) else seed
    env = env_of(task, played, obs="instruction", act="skill")
    hidden = secrets(task, env)
    found = []
    count = 0
    for payload in CHANNELS[channel](task, seed):
        for text in strings(payload):
            count += 1
            found += [f"{what!r} in {text[:200]!r}" for what in hidden.in_(text)]
    assert count > 3
    return found


@pytest.mark.gl
@pytest.mark.parametrize(("channel", "task"), QUICK)
def test_nothing_is_given_away(channel: str, task: str) -> None:
    found = told_away(channel, task, 0)
    assert not found, "\n".join(found)


@pytest.mark.gl
@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_is_given_away_in_any_task(channel: str) -> None:
    seeds = (0, 1, 2) if channel == "llm" else (0,)
    found = [f"{task}: {each}" for seed in seeds for task in ALL for each in told_away(channel, task, seed)]
    assert not found, "\n".join(found)


def test_what_would_give_something_away_is_noticed() -> None:
    """The test's own eye: each of these is found, though the words of the instruction aren't."""
    env = env_of("utility.key_to_nothing-v1", 0, obs="instruction", act="skill")
    hidden = secrets("utility.key_to_nothing-v1", env)
    for text, what in {
        "the spare one": "spare",
        "press spare.key_1": "spare.key_1",
        "it was done by the push": "by the push",
        "a key to nothing": "key to nothing",
        "utility.key_to_nothing-v1": "utility.key_to_nothing-v1",
        "asked for was eventually (stairs.lamp_1 and not once stairs.push)": "stairs.lamp_1",
        "its burnt lamp 1 is dark": "burnt lamp 1",
        "success: false": "success",
        "see /tmp/x/0001.png": "/tmp/",
        "no free floor near (1.25, -0.50)": "coordinates",
    }.items():
        assert what in hidden.in_(text), text
    assert not hidden.in_(env.instruction)


@pytest.mark.parametrize("task", ALL)
def test_an_instruction_names_no_ids(task: str) -> None:
    spec = load_task(task)
    env = env_of(task, 0, obs="instruction", act="skill")
    hidden = secrets(task, env)
    ids = [name for name in hidden.names if "_" in name or "." in name]
    assert ids
    said = spec.instruction.lower()
    assert not [name for name in ids if leaks._holds(said, name)]
    assert not [file for file in leaks.FILES if file in said]


# ---------------------------------------------------------------------------------------------- what isn't in view


def unseen(env: SwitchEnv, obs: Any) -> list[str]:
    """What of `elements` isn't in the picture: marks and facts of devices, lamps and things of which no pixel shows."""
    assert env.stage is not None
    room, world = env.stage.room, env.stage.world
    model, handles, observer = world.model, world.handles, env.observer
    shown = set(np.unique(obs["segmentation"]).tolist()) - {-1}
    names = {model.geom(g).name for g in shown}
    found = []
    for mark in observer.marks:
        control = mark.target.control
        if not any(handles.control_of_geom[g] == control for g in shown):
            found.append(f"mark {mark.number} is {handles.mounted[control].name}")
    bodies = {model.geom_bodyid[g] for g in shown}
    loose = dict(zip(handles.objects, handles.object_body, strict=True))
    for name in observer.seen:
        device, _, local = name.partition(".")
        if name in loose:
            found += [] if loose[name] in bodies else [name]
        elif device in room.drawn.placed:
            placed = room.drawn.placed[device].device
            parts = {f"{device}/part_{i}": part for i, part in enumerate(placed.parts) if part.glow == local}
            out = all(part.hidden for part in parts.values()) and not world.value(name)  # a flame that doesn't burn
            if parts and placed.shows.get(local) == "body" and not out:
                there = not names.isdisjoint(parts)
            else:
                there = any(geom.startswith((f"{device}/", f"{device}.")) for geom in names)
            found += [] if there and _uncovered(env, obs, name) else [name]
    return found


def _uncovered(env: SwitchEnv, obs: Any, name: str) -> bool:
    """Whether no shut door or lid of its device is in the picture where a signal would be read."""
    assert env.stage is not None
    world, observer = env.stage.world, env.observer
    mine = [face for face in faces(env.stage.room) if face.name == name]
    pixels = project(
        world.model, world.data, observer.camera, observer.size, np.array([f.at(world.data) for f in mine])
    )[0]
    for face, (x, y) in zip(mine, pixels, strict=True):
        about = obs["segmentation"][max(0, int(y) - 2) : int(y) + 3, max(0, int(x) - 2) : int(x) + 3]
        if about.size and not set(np.unique(about).tolist()) <= face.lids:
            return True
    return False


def lamps_in(view: str) -> int:
    """How many lamps there are in a view, each a thing of its own, with no switch and nothing else."""
    lamps = 0
    for thing in json.loads(view)["things"]:
        shows = thing.get("shows", [])
        if thing["thing"] == "lamp":
            lamps += 1
            assert "marks" not in thing
            assert shows in (["it is lit"], ["it is dark"])
        else:
            assert not {"it is lit", "it is dark"} & set(shows)
    return lamps


def looked_about(task: str, steps: int) -> int:
    """Look and go about in a room: what is told is in the picture each time. How many lamps were seen."""
    env = env_of(task, 0, obs=("elements", "segmentation"), act="skill", size=(640, 480))
    lamps = 0
    for k in range(steps):
        name, arguments = ("look", {"direction": "left"}) if k % 3 != 2 else ("goto", {"mark": 1})
        obs, _, over, late, _ = env.step(tools.action("skill", name, arguments))
        assert not unseen(env, obs)
        lamps += lamps_in(obs["elements"])
        if over or late:
            break
    return lamps


@pytest.mark.gl
def test_what_is_told_is_in_the_picture_and_lamps_stand_by_themselves() -> None:
    assert looked_about("home.find_breaker-v1", 9) > 0


@pytest.mark.gl
@pytest.mark.slow
@pytest.mark.parametrize("task", ALL)
def test_what_is_told_is_in_the_picture_in_any_task(task: str) -> None:
    looked_about(task, 20)


def told_of_faults(task: str, most: int) -> tuple[int, int]:
    """(faults that don't show, faults that do) at the start of a task, of so many of each device's.

    A fault that changes nothing that is in view changes nothing of what is told either.
    """
    options = {"variation": "none"}
    env = cast(SwitchEnv, gymnasium.make(f"switch_bench/{task}", preset="llm", disable_env_checker=True).unwrapped)

    def start(**more: Any) -> tuple[Any, dict[str, Any]]:
        obs, _ = env.reset(seed=0, options={**options, **more})
        assert env.stage is not None
        value = env.stage.world.value
        signals = env.stage.world.network.info
        return obs, {name: value(name) for name in env.observer.seen if name in signals}

    sound, values = start()
    assert env.stage is not None
    own = {device for device, _ in env.stage.room.scenario.faults}
    hidden = shown = 0
    for device, placed in env.stage.room.drawn.placed.items():
        for fault in [] if device in own else list(placed.device.faults)[:most]:
            obs, now = start(faults=[(device, fault)])
            if now != values:
                shown += 1
                continue
            hidden += 1
            assert obs["elements"] == sound["elements"], (device, fault)
            assert np.array_equal(obs["sounds"], sound["sounds"]), (device, fault)
    return hidden, shown


def test_a_fault_that_does_not_show_is_not_told() -> None:
    hidden, _ = told_of_faults("utility.worktop_light_on-v1", 1)
    assert hidden > 3


@pytest.mark.slow
@pytest.mark.parametrize("task", ["home.hall_light_on-v1", "kitchen.boil_water-v1", "utility.wash_cottons-v1"])
def test_no_fault_that_does_not_show_is_told_in_any_scene(task: str) -> None:
    hidden, _ = told_of_faults(task, 99)
    assert hidden > 10
