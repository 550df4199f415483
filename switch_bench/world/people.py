"""Other people's hands: a force on a mechanism, of what a finger can do, that takes it where the person wants it.

A person's script writes `<person>.hand` in the network ("<device>.<control>=<value>", "" to let go). The world turns it
into a bounded force on the mechanism's joint; the mechanism moves, or doesn't, as for any other push. The hand moves at
a hand's pace, makes up for springs and friction as far as its strength goes, and stays until it is to let go.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco
import numpy as np

from switch_bench.controls.base import Grip
from switch_bench.world.handles import Handles

HAND = "hand"  # the signal by which a person's hand is moved
FINGER_FORCE = (
    12.0  # N, a firm press: a third of the 5th-percentile adult's index finger push (DTI 2000, Strength Data)
)
FINGER_TORQUE = 0.6  # N·m, between thumb and finger on a knob of 40 mm (DTI 2000)
PACE = 25.0  # 1/s: how fast a hand closes the gap to where it wants a mechanism
FASTEST = (0.1, 4.0)  # m/s, rad/s: and no faster than that
PATIENCE = 200  # ticks before a person gives up what won't go


@dataclass
class Push:
    """A person's hand on one mechanism: aims the joint at `aim`, for as long as the person's wish is `wish`.

    most: the force [N] or torque [N·m] that it has about the joint.
    """

    person: str  # the actor, "person:<name>"
    wish: str
    control: int
    readout: int
    value: str
    aim: float
    most: float
    left: int = PATIENCE


def parse(handles: Handles, model: mujoco.MjModel, data: mujoco.MjData, person: str, wish: str) -> Push | None:
    """The push a wish means; None for "" or where the mechanism can't be brought to that value."""
    if not wish:
        return None
    name, _, value = wish.rpartition("=")
    index = handles.by_signal[name]
    readout = handles.readouts[index]
    grips = handles.mounted[readout.control].built.grips
    for grip in grips.values():
        for reached, aim in grip.aim.items():
            if written(reached) == value:
                most = _strength(model, data, readout.dof, grip)
                return Push(person, wish, readout.control, index, value, aim, most)
    for state in readout.states:
        if written(state.value) == value:
            most = _strength(model, data, readout.dof, None)
            return Push(person, wish, readout.control, index, value, state.rest, most)
    return None


def _strength(model: mujoco.MjModel, data: mujoco.MjData, dof: int, grip: Grip | None) -> float:
    """The most that a hand brings to bear on a joint [N | N·m]; on a hinge, as far from its axis as the grip is."""
    joint = int(model.dof_jntid[dof])
    if model.jnt_type[joint] == mujoco.mjtJoint.mjJNT_SLIDE:
        return FINGER_FORCE
    if grip is None or grip.verb in ("turn", "push_turn"):
        return FINGER_TORQUE
    arm = np.cross(data.xaxis[joint], data.site_xpos[model.site(grip.site).id] - data.xanchor[joint])
    return FINGER_FORCE * float(np.linalg.norm(arm))


def written(value: object) -> str:
    """A readout's value as it stands in a wish: true and false in lower case, else as it prints."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def press(
    handles: Handles, model: mujoco.MjModel, data: mujoco.MjData, push: Push, state: int, tick: float, wanted: bool
) -> bool:
    """Set the push's force for the coming tick of `tick` [s]; False once the hand lets go.

    wanted: whether the person still wants it so; till then, a mechanism that has got there is held there.
    """
    readout = handles.readouts[push.readout]
    dof = readout.dof
    there = written(readout.states[state].value) == push.value
    push.left -= not there
    if push.left <= 0 or (there and not wanted):
        data.qfrc_applied[dof] = 0.0
        return False
    slides = model.jnt_type[model.dof_jntid[dof]] == mujoco.mjtJoint.mjJNT_SLIDE
    fastest = FASTEST[0] if slides else FASTEST[1]
    pace = min(max(PACE * (push.aim - float(data.qpos[readout.qpos])), -fastest), fastest)
    lacking = (pace - float(data.qvel[dof])) / tick - float(data.qacc[dof])  # m/s² | rad/s²
    force = float(data.qfrc_applied[dof]) + float(model.dof_M0[dof]) * lacking
    data.qfrc_applied[dof] = min(max(force, -push.most), push.most)
    return True
