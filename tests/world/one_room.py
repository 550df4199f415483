"""A task's room and a short episode in it; run as a program it prints what came of `task variation`, room by room."""

from __future__ import annotations

import json
import sys
from hashlib import blake2b
from typing import Any

import mujoco
import numpy as np

from switch_bench.spec.find import load_task
from switch_bench.trace.hashing import digest
from switch_bench.world.cast import room_for
from switch_bench.world.room import Room
from switch_bench.world.stage import Stage


def bits(model: mujoco.MjModel) -> bytes:
    """Every array and option of a model."""
    buffer = np.zeros(mujoco.mj_sizeModel(model), np.uint8)
    mujoco.mj_saveModel(model, None, buffer)
    return buffer.tobytes()


def made(room: Room) -> dict[str, Any]:
    """What a room is made of, to the last bit."""
    data = room.start_data
    physics = b"".join(np.ascontiguousarray(a).tobytes() for a in (data.qpos, data.qvel, data.ctrl, data.xpos))
    asleep = np.ascontiguousarray(data.tree_asleep).tobytes() + np.ascontiguousarray(data.eq_active).tobytes()
    network = room.begin()
    return {
        "model": blake2b(bits(room.model)).hexdigest(),
        "start": blake2b(physics + asleep).hexdigest(),
        "states": list(room.start_states),
        "network": network.digest(),
        "log": [repr(event) for event in network.log],
        "wires": repr(room.network.wires),
        "plan": room.plan,
        "drawn": room.scenario.drawn,
    }


def played(room: Room, seed: int, steps: int = 25) -> str:
    """The hash of the trace of a short episode of random motion."""
    rng = np.random.default_rng(seed)
    stage = Stage(room)
    for _ in range(steps):
        stage.apply(rng.uniform(-1.0, 1.0, 12).tolist())
    stage.wait(stage.now + 5_000_000)
    return digest(stage.finish())


def told(task: str, variations: list[dict[str, int]]) -> list[Any]:
    """What each variation's room is and what came of an episode there, one after the other in this process."""
    found = []
    for variation in variations:
        room = room_for(load_task(task), variation=variation, seed=7)
        found.append([made(room), played(room, 5)])
    return json.loads(json.dumps(found))


if __name__ == "__main__":
    print(json.dumps(told(sys.argv[1], json.loads(sys.argv[2]))))
