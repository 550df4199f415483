"""Other people's hands: a force on a mechanism, of what a finger can do, until it reads what the person wants.

A person's script writes `<person>.hand` in the network ("<device>.<control>=<value>", "" to let go). The world turns it
into a bounded force on the mechanism's joint; the mechanism moves, or doesn't, as for any other push.
"""

from __future__ import annotations

from dataclasses import dataclass

import mujoco

from switch_bench.world.handles import Handles

HAND = "hand"  # the signal by which a person's hand is moved
FINGER_FORCE = (
    12.0  # N, a firm press: a third of the 5th-percentile adult's index finger push (DTI 2000, Strength Data)
)
FINGER_TORQUE = 0.6  # N·m, between thumb and finger on a knob of 40 mm (DTI 2000)
PATIENCE = 200  # ticks before a person gives up


@dataclass
class Push:
    """A person's hand on one mechanism: aims the joint at `aim` until its readout says `value`."""

    person: str  # the actor, "person:<name>"
    control: int
    readout: int
    value: str
    aim: float
    left: int = PATIENCE


def parse(handles: Handles, person: str, wish: str) -> Push | None:
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
                return Push(person, readout.control, index, value, aim)
    for state in readout.states:
        if written(state.value) == value:
            return Push(person, readout.control, index, value, state.rest)
    return None


def written(value: object) -> str:
    """A readout's value as it stands in a wish: true and false in lower case, else as it prints."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def press(handles: Handles, model: mujoco.MjModel, data: mujoco.MjData, push: Push, state: int) -> bool:
    """Set the push's force for the coming tick; False once the hand lets go."""
    readout = handles.readouts[push.readout]
    push.left -= 1
    if push.left <= 0 or written(readout.states[state].value) == push.value:
        data.qfrc_applied[readout.dof] = 0.0
        return False
    slides = model.jnt_type[model.dof_jntid[readout.dof]] == mujoco.mjtJoint.mjJNT_SLIDE
    most = FINGER_FORCE if slides else FINGER_TORQUE
    gap = push.aim - float(data.qpos[readout.qpos])
    data.qfrc_applied[readout.dof] = most if gap > 0 else -most
    return True
