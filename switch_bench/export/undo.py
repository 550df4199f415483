"""From targets back to `delta_pose`: the action that leads from one set of the body's targets to the next.

A trace keeps the targets that the hand's actuators were given, whatever the policy acted by. `bodies.command.DeltaPose`
makes targets of actions; this turns it round. What its leash held back is not in the targets, and so not in the action
either: carried out again, the action gives the same targets.
"""

from __future__ import annotations

from itertools import product
from math import acos, cos, pi, sin, sqrt

import numpy as np
from scipy.optimize import least_squares

from switch_bench.bodies.command import HZ, SPEED, STEP_HAND, STEP_HEAD, STEP_TURN, TURN_SPEED, DeltaPose, rotation
from switch_bench.bodies.hand import OPENING

EXACT = 1e-7  # m | rad: nearer to a target than rounding to float32 leaves it
_YAW, _PAN, _WRIST, _GRIP = 2, 3, slice(8, 11), 11
_MOVES = {(3, 4, 5): (8, 9, 10), (7, 8): (0, 1), (0, 1, 2): (5, 6, 7)}  # parts of an action → the targets they move
_PARTS = tuple(_MOVES)


def action(before: np.ndarray, after: np.ndarray, seconds: float, q: np.ndarray, v: np.ndarray) -> np.ndarray:
    """(12,) float32 in −1 … 1: the action of that length which leads from targets `before` to `after`, (12,) each.

    q, v: (13,) positions and velocities of the body's joints before it. Over one control step it is exact but for
    rounding. Over several, the base's turn is taken as if it came at the end, and what goes beyond a full action is cut
    off.
    """
    share = seconds * HZ
    out = np.zeros(12)
    moved = after - before
    c, s = cos(before[_YAW]), sin(before[_YAW])
    out[0:3] = moved[5:8] / (share * STEP_HAND)
    out[3:6] = axis_angle(_matrix(after) @ _matrix(before).T) / (share * STEP_TURN)
    out[6] = 1.0 - 2.0 * after[_GRIP] / OPENING
    out[7] = (c * moved[0] + s * moved[1]) / (SPEED * seconds)
    out[8] = (-s * moved[0] + c * moved[1]) / (SPEED * seconds)
    out[9] = moved[_YAW] / (TURN_SPEED * seconds)
    out[10:12] = moved[_PAN : _PAN + 2] / (share * STEP_HEAD)
    found = np.clip(out, -1.0, 1.0)
    return (_leashed(found, before, after, seconds, q, v) if share <= 1.0 else found).astype(np.float32)


def _leashed(
    found: np.ndarray, before: np.ndarray, after: np.ndarray, seconds: float, q: np.ndarray, v: np.ndarray
) -> np.ndarray:
    """(12,): where a leash held targets back or drew them along, an action by which the law itself does so."""
    law = DeltaPose(seconds)
    ctrl, where, speed = before.tolist(), q.tolist(), v.tolist()

    def gap(action: np.ndarray) -> np.ndarray:
        return np.array(law.step(action.tolist(), ctrl, where, speed)) - after

    best, least = found, float(np.abs(gap(found)).max())
    for part in _PARTS:
        for start in product((0.0, -0.9, 0.9), repeat=len(part)):
            if least < EXACT or float(np.abs(gap(best)[list(_MOVES[part])]).max()) < EXACT:
                break

            def trying(tried: np.ndarray, part: tuple[int, ...] = part, best: np.ndarray = best) -> np.ndarray:
                whole = best.copy()
                whole[list(part)] = tried
                return whole

            first = best[list(part)] if start == (0.0,) * len(part) else np.array(start)
            solved = least_squares(lambda x, t=trying: gap(t(x)), np.clip(first, -0.999, 0.999), bounds=(-1.0, 1.0))
            left = float(np.abs(gap(trying(solved.x))).max())
            if left < least:
                best, least = trying(solved.x), left
    return best


def axis_angle(turn: np.ndarray) -> np.ndarray:
    """(3,) axis times angle [rad], at most half a turn, of a rotation (3, 3)."""
    twice = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])  # 2 sin · axis
    size = float(np.linalg.norm(twice))
    trace = float(np.trace(turn))
    if size < 1e-6 and trace > 0.0:  # the sine is the angle
        return 0.5 * twice
    angle = acos(min(1.0, max(-1.0, 0.5 * (trace - 1.0))))
    if size < 1e-6:  # half a turn: the axis is the column of turn + 1 that is longest
        both = turn + np.eye(3)
        column = both[:, int(np.argmax(np.diag(both)))]
        return pi * column / sqrt(float(column @ column))
    return twice * (angle / size)


def _matrix(targets: np.ndarray) -> np.ndarray:
    return np.array(rotation(*targets[_WRIST].tolist())).reshape(3, 3)
