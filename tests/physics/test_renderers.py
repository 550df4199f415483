"""Which renderer draws, and what is said where none can."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from switch_bench.physics import renderers
from switch_bench.physics.renderers import NoPicture, settle


@pytest.fixture
def machine(monkeypatch):
    """A machine on which only the renderers named work."""

    def only(*working: str) -> None:
        for name in ("MUJOCO_GL", "PYOPENGL_PLATFORM"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(renderers, "_none", {})
        monkeypatch.setattr(renderers, "_no_egl", lambda: "" if "egl" in working else "libEGL.so.1: no such file")
        monkeypatch.setattr(renderers, "lend", lambda: "osmesa" in working)
        monkeypatch.setitem(sys.modules, "pybullet", object() if "tiny" in working else None)

    return only


@pytest.mark.parametrize(
    ("working", "taken"),
    [
        (("egl", "osmesa", "tiny"), "egl"),
        (("osmesa", "tiny"), "osmesa"),
        (("tiny",), "tiny"),
    ],
)
def test_auto_takes_the_first_that_works(machine, working, taken):
    machine(*working)
    assert settle("auto") == taken


def test_what_is_asked_for_is_taken_though_a_better_one_works(machine):
    machine("egl", "osmesa", "tiny")
    assert [settle(name) for name in ("osmesa", "tiny", "egl")] == ["osmesa", "tiny", "egl"]


@pytest.mark.parametrize(
    ("asked", "why", "how"),
    [
        ("egl", "libEGL.so.1: no such file", "libegl1"),
        ("osmesa", "there is no libOSMesa", "lavavu-osmesa"),
        ("tiny", "pybullet isn't installed", "pip install pybullet"),
    ],
)
def test_one_that_cannot_be_had_is_refused_with_why_and_how_to_get_it(machine, asked, why, how):
    machine(*({"egl", "osmesa", "tiny"} - {asked}))
    with pytest.raises(NoPicture) as refused:
        settle(asked)
    assert why in str(refused.value)
    assert how in str(refused.value)


def test_where_nothing_works_the_reason_of_each_is_told(machine):
    machine()
    with pytest.raises(NoPicture) as refused:
        settle("auto")
    assert all(f"{name}: " in str(refused.value) for name in ("egl", "osmesa", "tiny"))
    assert "State-only observations work" in str(refused.value)


def test_a_process_draws_by_one_opengl_only(machine, monkeypatch):
    machine("egl", "osmesa")
    monkeypatch.setenv("PYOPENGL_PLATFORM", "egl")
    with pytest.raises(NoPicture, match="this process draws by egl already"):
        settle("osmesa")


def test_a_context_that_fails_is_not_tried_again(machine, monkeypatch):
    machine("egl", "tiny")
    monkeypatch.setitem(sys.modules, "mujoco.egl", None)
    assert settle("auto") == "egl"
    with pytest.raises(NoPicture, match="no context could be made"):
        renderers.gl_context("egl")
    assert settle("auto") == "tiny"


def test_an_unknown_renderer_is_refused():
    with pytest.raises(ValueError, match="expected one of auto, egl, osmesa, tiny"):
        settle("vulkan")


DRAW = """
import gymnasium, switch_bench.envs
env = gymnasium.make("switch_bench/kitchen.boil_water-v1", obs="rgb", size=(64, 64), renderer="{renderer}").unwrapped
image, _ = env.reset(seed=0, options={{"variation": "none"}})
print(env.trace.manifest["renderer"], image.mean() > 60)
"""


def drawn(renderer: str, **env: str) -> str:
    """What an environment says of its renderer in a process of its own."""
    others = {k: v for k, v in os.environ.items() if k not in ("MUJOCO_GL", "PYOPENGL_PLATFORM", "DISPLAY")}
    code = DRAW.format(renderer=renderer)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=others | env, check=False)
    said = [line for line in (done.stdout or done.stderr).splitlines() if not line.startswith("pybullet build time")]
    return said[-1]


def test_without_opengl_an_environment_is_drawn_by_tinyrenderer():
    pytest.importorskip("pybullet", reason="PyBullet has no wheel for this Python")
    lines = drawn("auto", MUJOCO_GL="disabled")
    assert lines == "tiny: pybullet 3.2.7 True"


def test_an_opengl_that_is_turned_off_is_refused_by_its_name():
    assert "MUJOCO_GL=disabled turns OpenGL off" in drawn("egl", MUJOCO_GL="disabled")


FORK = """
import os, sys
sys.path.append({tests!r})
from small_rooms import room
from switch_bench.world.pictures import Camera
from switch_bench.world.world import World
world = World(room("bench"))
head = world.model.camera("head").id
Camera().picture(world, head, (32, 32))
child = os.fork()
if not child:
    try:
        Camera({backend!r}).picture(world, head, (32, 32))
    except Exception as error:
        print(type(error).__name__, error, flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""


@pytest.mark.gl
def test_a_fork_of_a_process_that_draws_is_refused_and_does_not_hang():
    code = FORK.format(tests=str(Path(__file__).parents[1] / "world"), backend=settle("auto"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout.startswith("NoPicture")
    assert "forked" in done.stdout
