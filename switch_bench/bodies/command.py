"""The `delta_pose` law: from an action in Box(−1, 1, 12) and the targets so far to the next targets.

| action | meaning, for 1 at 20 Hz |
|---|---|
| 0-2 | hand by 2 cm along the base's x (forward), y (left), z (up) |
| 3-5 | hand turned by 0.1 rad about the base's x, y, z (axis-angle, added on to where the hand is meant to be) |
| 6 | grip: −1 wide open, 1 closed, absolute |
| 7-9 | base forward 0.5 m/s, left 0.5 m/s, counter-clockwise 1 rad/s |
| 10, 11 | head by 0.1 rad to the left, down |

At another rate an action moves hand and head by as much a second: 0.4 m/s, 2 rad/s.

All state lies in the targets (`ctrl`). A target is never further from the joint than saturates its force, so that
pressure ends at once when the command turns round. Scalar arithmetic throughout: this runs at every environment step.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import asin, atan2, cos, pi, sin, sqrt

from switch_bench.bodies.hand import AXES, OPENING

SIZE = 12
HZ = 20
STEP_HAND = 0.02  # m
STEP_TURN = 0.1  # rad
STEP_HEAD = 0.1  # rad
SPEED, TURN_SPEED = 0.5, 1.0  # m/s, rad/s

_LAG = tuple(a.damping / a.stiffness for a in AXES)  # s: by this much the target leads a moving joint
_LEASH = tuple(a.force / a.stiffness for a in AXES)  # m | rad
_STRIDE = (SPEED, SPEED, TURN_SPEED, *([0.0] * 9))  # m/s | rad/s: what a rolling base covers while its target stands
_LIMITS = tuple(a.limits for a in AXES)
_X, _Y, _YAW, _PAN, _TILT, _HX, _HY, _HZ, _PITCH, _WYAW, _ROLL, _GRIP = range(12)

Matrix = tuple[float, float, float, float, float, float, float, float, float]  # row by row


class DeltaPose:
    """The law for one control rate. `dt`: seconds that a target stands, 0.05 at most: a longer action is several."""

    def __init__(self, dt: float = 1.0 / HZ) -> None:
        self.dt = dt
        share = round(dt * HZ, 9)  # of an action at 20 Hz
        self._hand, self._turn, self._head = share * STEP_HAND, share * STEP_TURN, share * STEP_HEAD

    def step(
        self, action: Sequence[float], ctrl: Sequence[float], q: Sequence[float], v: Sequence[float]
    ) -> list[float]:
        """The next 12 targets.

        action: 12 numbers, clipped to −1..1. ctrl: the 12 targets so far. q, v: positions and velocities of the hand's
        first 11 joints or more (the fingers' aren't used), in plain floats.
        """
        a = [(-1.0 if x < -1.0 else 1.0 if x > 1.0 else x) for x in action]
        out = list(ctrl)
        if a[7] or a[8] or a[9]:
            yaw, ds = ctrl[_YAW], SPEED * self.dt
            c, s = cos(yaw) * ds, sin(yaw) * ds
            out[_X] += c * a[7] - s * a[8]
            out[_Y] += s * a[7] + c * a[8]
            out[_YAW] += TURN_SPEED * self.dt * a[9]
        head, hand, turn = self._head, self._hand, self._turn
        out[_PAN] += head * a[10]
        out[_TILT] += head * a[11]
        out[_HX] += hand * a[0]
        out[_HY] += hand * a[1]
        out[_HZ] += hand * a[2]
        if a[3] or a[4] or a[5]:
            turned = compose((turn * a[3], turn * a[4], turn * a[5]), rotation(ctrl[_PITCH], ctrl[_WYAW], ctrl[_ROLL]))
            out[_PITCH], out[_WYAW], out[_ROLL] = wrist_angles(turned, ctrl[_PITCH], ctrl[_WYAW], ctrl[_ROLL])
        for i in range(_GRIP):
            target, lead, leash = out[i], q[i] + _LAG[i] * v[i], _LEASH[i] + _STRIDE[i] * self.dt
            if target > lead + leash:
                target = lead + leash
            elif target < lead - leash:
                target = lead - leash
            low, high = _LIMITS[i]
            out[i] = low if target < low else high if target > high else target
        out[_GRIP] = 0.5 * (1.0 - a[6]) * OPENING
        return out


def rotation(pitch: float, yaw: float, roll: float) -> Matrix:
    """The palm's axes (columns) in the base's frame for these wrist joints: Ry(pitch) Rz(yaw) Rx(roll)."""
    cp, sp, cy, sy, cr, sr = cos(pitch), sin(pitch), cos(yaw), sin(yaw), cos(roll), sin(roll)
    return (
        cp * cy, sp * sr - cp * sy * cr, sp * cr + cp * sy * sr,
        sy, cy * cr, -cy * sr,
        -sp * cy, cp * sr + sp * sy * cr, cp * cr - sp * sy * sr,
    )  # fmt: skip


def wrist_angles(m: Matrix, pitch: float, yaw: float, roll: float) -> tuple[float, float, float]:
    """The wrist joints that give the palm these axes, of all equal ones those nearest to pitch and roll as given.

    With the fingers straight sideways pitch and roll turn about one line, and pitch is kept.
    """
    y = asin(-1.0 if m[3] < -1.0 else 1.0 if m[3] > 1.0 else m[3])
    if m[0] * m[0] + m[6] * m[6] < 1e-8:
        cp, sp = cos(pitch), sin(pitch)
        roll_now = atan2(cp * m[7] + sp * m[1], cp * m[8] + sp * m[2])
        return pitch, y, _near(roll_now, roll)
    return _near(atan2(-m[6], m[0]), pitch), y, _near(atan2(-m[5], m[4]), roll)


def compose(turn: tuple[float, float, float], m: Matrix) -> Matrix:
    """Exp(turn) · m: the axes `m` turned by the axis-angle `turn` [rad] about the base's axes."""
    x, y, z = turn
    angle2 = x * x + y * y + z * z
    angle = sqrt(angle2)
    if angle < 1e-9:
        return m
    s, k = sin(angle) / angle, (1.0 - cos(angle)) / angle2
    r00, r11, r22 = 1.0 - k * (y * y + z * z), 1.0 - k * (x * x + z * z), 1.0 - k * (x * x + y * y)
    r01, r10 = k * x * y - s * z, k * x * y + s * z
    r02, r20 = k * x * z + s * y, k * x * z - s * y
    r12, r21 = k * y * z - s * x, k * y * z + s * x
    m0, m1, m2, m3, m4, m5, m6, m7, m8 = m
    return (
        r00 * m0 + r01 * m3 + r02 * m6, r00 * m1 + r01 * m4 + r02 * m7, r00 * m2 + r01 * m5 + r02 * m8,
        r10 * m0 + r11 * m3 + r12 * m6, r10 * m1 + r11 * m4 + r12 * m7, r10 * m2 + r11 * m5 + r12 * m8,
        r20 * m0 + r21 * m3 + r22 * m6, r20 * m1 + r21 * m4 + r22 * m7, r20 * m2 + r21 * m5 + r22 * m8,
    )  # fmt: skip


def _near(angle: float, to: float) -> float:
    """`angle` plus the whole turns that bring it nearest to `to`."""
    return angle + 2.0 * pi * round((to - angle) / (2.0 * pi))
