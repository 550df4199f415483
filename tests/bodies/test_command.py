from math import cos, pi, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switch_bench.bodies.command import SIZE, SPEED, TURN_SPEED, DeltaPose, compose, rotation, wrist_angles
from switch_bench.bodies.hand import AXES, CARRIAGE, FORCE, OPENING, WRIST

HOME = [a.home for a in AXES]
X, Y, YAW, PAN, TILT, HX, HY, HZ, PITCH, WYAW, ROLL, GRIP = range(12)
angle = st.floats(-3.1, 3.1)
action = st.lists(st.floats(-1, 1), min_size=SIZE, max_size=SIZE)


def act(**parts: float) -> list[float]:
    names = ("dx", "dy", "dz", "rx", "ry", "rz", "grip", "vx", "vy", "vyaw", "pan", "tilt")
    return [parts.get(n, 0.0) for n in names]


def step(a, ctrl=HOME, q=None, v=None):
    return DeltaPose().step(a, ctrl, list(ctrl[:11]) if q is None else q, [0.0] * 11 if v is None else v)


def matrix(m) -> np.ndarray:
    return np.array(m).reshape(3, 3)


@given(st.floats(-1.4, 2.2), st.floats(-1.4, 1.4), st.floats(-3.6, 3.6))
def test_wrist_angles_undo_rotation_on_the_same_turn(pitch, yaw, roll):
    m = rotation(pitch, yaw, roll)
    assert wrist_angles(m, pitch, yaw, roll) == pytest.approx((pitch, yaw, roll), abs=1e-6)


@given(angle, angle, angle)
def test_whatever_the_orientation_the_wrist_angles_give_it(pitch, yaw, roll):
    m = rotation(pitch, yaw, roll)
    assert matrix(rotation(*wrist_angles(m, 0.0, 0.0, 0.0))) == pytest.approx(matrix(m), abs=1e-6)


@given(st.floats(-3.0, 3.0), st.sampled_from([pi / 2, -pi / 2]), st.floats(-3.0, 3.0))
def test_with_the_fingers_straight_sideways_pitch_is_kept(pitch, yaw, roll):
    m = rotation(pitch, yaw, roll)
    found = wrist_angles(m, pitch, yaw, roll)
    assert found[0] == pitch
    assert matrix(rotation(*found)) == pytest.approx(matrix(m), abs=1e-6)


@given(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1), st.floats(-0.1, 0.1), angle, angle, angle)
def test_composing_is_a_turn_about_the_bases_axes(x, y, z, pitch, yaw, roll):
    before, after = matrix(rotation(pitch, yaw, roll)), matrix(compose((x, y, z), rotation(pitch, yaw, roll)))
    turn = after @ before.T
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.trace(turn) == pytest.approx(1 + 2 * cos((x * x + y * y + z * z) ** 0.5), abs=1e-9)
    assert turn @ [x, y, z] == pytest.approx([x, y, z], abs=1e-9)


def test_at_home_the_fingers_point_forward_and_a_positive_pitch_points_them_down():
    assert matrix(rotation(0, 0, 0)) == pytest.approx(np.eye(3))
    assert matrix(rotation(pi / 2, 0, 0))[:, 0] == pytest.approx([0, 0, -1], abs=1e-12)


def test_no_action_changes_nothing_but_the_grip():
    out = step([0.0] * SIZE)
    assert out[:GRIP] == HOME[:GRIP]
    assert out[GRIP] == 0.5 * OPENING


def test_full_actions_move_by_the_amounts_of_the_table():
    out = step(act(dx=1.0, dy=-1.0, dz=1.0, pan=1.0, tilt=-1.0, grip=1.0))
    moved = [b - a for a, b in zip(HOME, out, strict=True)]
    assert moved == pytest.approx([0, 0, 0, 0.1, -0.1, 0.02, -0.02, 0.02, 0, 0, 0, 0])


@pytest.mark.parametrize("hz", [20, 50])
def test_at_a_higher_rate_full_actions_move_as_much_a_second(hz):
    law, ctrl = DeltaPose(1.0 / hz), [*HOME]
    for _ in range(hz // 10):  # a tenth of a second
        ctrl = law.step(act(dy=1.0, rx=1.0, pan=1.0, vx=1.0, vyaw=1.0, grip=1.0), ctrl, ctrl[:11], [0.0] * 11)
    moved = [b - a for a, b in zip(HOME, ctrl, strict=True)]
    assert [moved[i] for i in (HY, ROLL, PAN, YAW)] == pytest.approx([0.04, 0.2, 0.2, 0.1], abs=1e-9)
    assert moved[X] == pytest.approx(0.05, abs=1e-3)


def test_the_base_goes_forward_where_it_is_turned_to():
    ctrl = [*HOME]
    ctrl[YAW] = pi / 2
    out = step(act(vx=0.1, vy=0.1), ctrl)
    assert out[X] == pytest.approx(-0.0025)
    assert out[Y] == pytest.approx(0.0025)


def test_rolling_about_the_fingers_goes_on_past_a_half_turn():
    ctrl = [*HOME]
    for _ in range(33):
        ctrl = step(act(rx=1.0), ctrl)
    assert ctrl[ROLL] == pytest.approx(3.3)
    assert ctrl[PITCH] == pytest.approx(0.0, abs=1e-9)


@given(
    action, st.lists(st.floats(-2, 2), min_size=11, max_size=11), st.lists(st.floats(-1, 1), min_size=11, max_size=11)
)
def test_a_target_never_asks_for_more_than_the_force_and_never_leaves_the_limits(a, q, v):
    out = step(a, HOME, q, v)
    for i, axis in enumerate(AXES[:GRIP]):
        assert axis.limits[0] <= out[i] <= axis.limits[1]
        if axis.limits[0] < out[i] < axis.limits[1]:
            force = axis.stiffness * (out[i] - q[i]) - axis.damping * v[i]
            stride = axis.stiffness * (0.05 * (SPEED, SPEED, TURN_SPEED)[i] if i < 3 else 0.0)
            assert abs(force) <= axis.force * (1 + 1e-9) + stride


@given(st.lists(st.floats(allow_nan=False, allow_infinity=True), min_size=SIZE, max_size=SIZE))
def test_actions_beyond_one_count_as_one(a):
    assert step(a) == step([min(1.0, max(-1.0, x)) for x in a])


def test_pressure_turns_round_with_the_command():
    law, ctrl, q = DeltaPose(), [*HOME], HOME[:11]
    for _ in range(50):  # pushing against something that doesn't move
        ctrl = law.step(act(dx=1.0), ctrl, q, [0.0] * 11)
    pressed = CARRIAGE[0].stiffness * (ctrl[HX] - q[HX])
    assert pressed == pytest.approx(FORCE)
    ctrl = law.step(act(dx=-1.0), ctrl, q, [0.0] * 11)
    assert ctrl[HX] == pytest.approx(q[HX])
    ctrl = law.step(act(dx=-1.0), ctrl, q, [0.0] * 11)
    assert CARRIAGE[0].stiffness * (ctrl[HX] - q[HX]) == pytest.approx(-FORCE)


def test_the_usual_postures_are_within_the_wrists_limits():
    for fingers in ([1, 0, 0], [0, 0, -1], [cos(0.5), 0, sin(0.5)], [sin(1.2), cos(1.2), 0]):
        pitch, yaw, _ = wrist_angles(
            (fingers[0], 0, 0, fingers[1], 1, 0, fingers[2], 0, 1), 0.0, 0.0, 0.0
        )  # only the fingers' axis matters here
        assert WRIST[0].limits[0] < pitch < WRIST[0].limits[1]
        assert WRIST[1].limits[0] < yaw < WRIST[1].limits[1]
