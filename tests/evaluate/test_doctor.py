"""What the doctor says of a machine."""

import subprocess
import sys

import pytest

from switch_bench.evaluate import doctor


def by_name(checks):
    return {check.name: check for check in checks}


@pytest.fixture
def no_gl(monkeypatch):
    monkeypatch.setattr(doctor, "try_gl", lambda backend: ("", f"{backend}: no library"))
    monkeypatch.setattr(doctor, "try_tiny", lambda: ("", "tiny: no pybullet"))
    monkeypatch.delenv("MUJOCO_GL", raising=False)


def test_without_gl_pictures_are_missing_and_the_rest_is_able(no_gl):
    checks = doctor.examine()
    pictures = by_name(checks)["pictures"]
    assert pictures.state == "missing"
    assert all(way in pictures.hint for way in ("libegl1", "libosmesa6", "switch-bench[bullet]"))
    assert "without pictures work" in pictures.hint
    assert doctor.able(checks)


def test_where_only_osmesa_works_it_is_chosen(monkeypatch):
    monkeypatch.setattr(doctor, "try_gl", lambda name: ("softpipe", "") if name == "osmesa" else ("", f"{name}: no"))
    monkeypatch.setenv("MUJOCO_GL", "")
    assert doctor.settle_gl() == ""
    assert doctor.os.environ["MUJOCO_GL"] == "osmesa"


def test_a_chosen_backend_that_fails_is_told(monkeypatch):
    monkeypatch.setattr(doctor, "try_gl", lambda name: ("llvmpipe", "") if name == "egl" else ("", f"{name}: no"))
    monkeypatch.setenv("MUJOCO_GL", "osmesa")
    assert doctor.settle_gl() == "osmesa: no"
    pictures = by_name(doctor.examine())["pictures"]
    assert (pictures.state, pictures.hint) == ("missing", "set MUJOCO_GL=egl")


def test_no_backend_says_why_of_each(no_gl):
    assert doctor.settle_gl() == "egl: no library; osmesa: no library; tiny: no pybullet"


def test_where_only_tinyrenderer_works_it_draws_and_opengl_is_left_alone(monkeypatch, no_gl):
    monkeypatch.setattr(doctor, "try_tiny", lambda: ("TinyRenderer", ""))
    checks = by_name(doctor.examine())
    assert (checks["pictures"].state, checks["pictures"].found) == ("good", "drawn by tiny")
    assert checks["OpenGL by osmesa"].state == "note"
    assert "switch-bench[osmesa]" in checks["OpenGL by osmesa"].hint
    assert doctor.settle_gl() == ""
    assert doctor.os.environ["MUJOCO_GL"] == "disabled"


def test_tinyrenderer_is_tried_by_drawing(monkeypatch):
    monkeypatch.setattr(doctor, "TRY_TINY", "raise ImportError('no module named pybullet')")
    assert doctor.try_tiny() == ("", "tiny: ImportError: no module named pybullet")


@pytest.mark.parametrize(
    ("version", "state", "said"),
    [
        (doctor.REFERENCE_MUJOCO, "good", "reference"),
        ("3.18.2", "note", "may differ"),
        ("3.16.0", "missing", "3.17.0"),
        ("5.0.0", "missing", "3.17.0"),
        (None, "missing", "pip install"),
    ],
)
def test_mujocos_version_is_held_against_the_reference(monkeypatch, no_gl, version, state, said):
    real = doctor._version
    monkeypatch.setattr(doctor, "_version", lambda name: version if name == "mujoco" else real(name))
    checks = doctor.examine()
    check = by_name(checks)["MuJoCo"]
    assert check.state == state
    assert said in check.found + check.hint
    assert doctor.able(checks) == (state != "missing")


def test_a_missing_extra_is_named_with_how_to_get_it(monkeypatch, no_gl):
    monkeypatch.setattr(doctor.importlib.util, "find_spec", lambda name: None)
    assert 'pip install "switch-bench[rl]"' in by_name(doctor.examine())["extra rl"].hint


def test_every_extra_that_users_install_is_told_of():
    from configparser import ConfigParser
    from pathlib import Path

    setup = ConfigParser()
    setup.read(Path(__file__).parents[2] / "setup.cfg")
    for_developers = {"dev", "docs", "browser"}
    assert set(doctor.EXTRAS) == set(setup["options.extras_require"]) - for_developers


def test_the_reference_is_that_of_the_constraints():
    from pathlib import Path

    constraints = Path(__file__).parents[2] / "constraints.txt"
    assert f"mujoco=={doctor.REFERENCE_MUJOCO}" in constraints.read_text().replace(" ", "")


def test_a_backend_that_does_not_exist_is_told_not_raised():
    drawn, trouble = doctor.try_gl("no_such_backend")
    assert drawn == ""
    assert trouble.startswith("no_such_backend: ")
    assert "no_such_backend" in trouble.partition(": ")[2] or "Error" in trouble


def test_looking_needs_no_mujoco_in_this_process():
    code = "import sys; from switch_bench.evaluate import doctor; doctor._mujoco(); print('mujoco' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
