"""The environment: one task as a `gymnasium.Env`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np

from switch_bench.envs import act as acts
from switch_bench.envs.errors import EnvError
from switch_bench.envs.observe import KEYS, PRIVILEGED, Observer
from switch_bench.envs.presets import PRESETS, USUAL
from switch_bench.envs.shaping import Potential
from switch_bench.physics.engine import ENGINES, need
from switch_bench.skills.move import draw_back
from switch_bench.skills.sense import Sense, SkillFailed
from switch_bench.spec.errors import did_you_mean
from switch_bench.spec.find import load_task
from switch_bench.trace.schema import Trace
from switch_bench.verify.stl import evaluate, parse
from switch_bench.verify.stl_ast import relations
from switch_bench.verify.verdict import Verdict
from switch_bench.world.cast import Variation, room_for
from switch_bench.world.judge import judge
from switch_bench.world.stage import CONTROL_HZ, Stage
from switch_bench.world.views import Lookout

ACTS = ("delta_pose", "pixel", "skill")
BODIES = ("hand",)
REWARDS = ("sparse", "shaped", "none")
RENDERERS = ("auto", "egl", "osmesa", "tiny")
IDLE = 5.0  # s: nobody leans on things for longer than that while waiting
THIRD_PERSON = (640, 480)  # px
OPTIONS = ("variation", "faults", "draws")


class SwitchEnv(gymnasium.Env):
    """A room, a body in it, and a task.

    preset: what `obs`, `act`, `size` and `reward` are where they aren't given: one of `presets.PRESETS`. Without one
    they are "rgb", "delta_pose", (256, 256) and "sparse". obs: one key or several of `observe.KEYS`; several give a
    Dict. act: "delta_pose", "pixel" or "skill". size: (width, height) px of images. variations: draw from this many
    variations at reset (None: from 2³¹). reward: "sparse" (1 at the end for a success), "shaped" (potential-based on
    the goal's robustness), "none". control_hz: how many `delta_pose` actions a second, 10, 20 or 50; the other acts'
    motions go by the same steps. engine: "mujoco", or "bullet" (the extra `bullet`), which runs episodes but has no
    verdicts. renderer: who draws pictures: "egl", "osmesa", "tiny", or "auto" for the first of them that works.

    An episode ends with a report (terminated) or at the task's horizon (truncated). `info` holds `elapsed_us`, camera
    intrinsics and poses for images, after a `pixel` or `skill` action `said` (what a hand could know of how it went),
    and at the end `is_success`.

    Raises: EnvError for arguments that aren't known, with what comes close; EngineError if Bullet isn't installed.
    """

    metadata = {"render_modes": ["human", "rgb_array"], "render_fps": 20}  # noqa: RUF012  # Gymnasium's own form

    def __init__(
        self,
        task: str,
        *,
        preset: str | None = None,
        obs: str | Sequence[str] | None = None,
        act: str | None = None,
        engine: str = "mujoco",
        body: str = "hand",
        render_mode: str | None = None,
        size: tuple[int, int] | None = None,
        variations: int | None = None,
        reward: str | None = None,
        control_hz: int = 20,
        renderer: str = "auto",
    ):
        _known("preset", () if preset is None else (preset,), tuple(PRESETS))
        usual = PRESETS[preset] if preset is not None else USUAL
        obs = usual.obs if obs is None else obs
        act = usual.act if act is None else act
        size = usual.size if size is None else size
        reward = usual.reward if reward is None else reward
        keys = (obs,) if isinstance(obs, str) else tuple(obs)
        _known("obs", keys, KEYS)
        _known("act", (act,), ACTS)
        _known("engine", (engine,), ENGINES)
        need(engine)
        _known("body", (body,), BODIES)
        _known("reward", (reward,), REWARDS)
        _known("renderer", (renderer,), RENDERERS)
        _known("render_mode", () if render_mode is None else (render_mode,), ("human", "rgb_array"))
        if not keys or len(set(keys)) != len(keys):
            raise EnvError(f"obs: expected one or more different keys, got {keys!r}")
        whole = isinstance(size, Sequence) and len(size) == 2 and all(isinstance(s, int) for s in size)
        if not whole or not all(16 <= s <= 1280 for s in size) or size[1] > 960:
            raise EnvError(f"size: expected (width, height) from 16 × 16 to 1280 × 960 px, got {size!r}")
        if variations is not None and variations < 1:
            raise EnvError(f"variations: expected how many to draw from, 1 or more, got {variations!r}")
        if control_hz not in CONTROL_HZ:
            raise EnvError(f"control_hz: expected one of {', '.join(map(str, CONTROL_HZ))}, got {control_hz!r}")
        self.control_hz = int(control_hz)
        self.metadata = self.metadata | {"render_fps": self.control_hz}
        self.renderer = renderer
        self.task = load_task(task)
        self.act, self.engine, self.render_mode, self.reward = act, engine, render_mode, reward
        self.variations = variations
        self.observer = Observer(keys, (size[0], size[1]))
        self._privileged = any(k in PRIVILEGED for k in keys)
        self.observation_space = self.observer.space(Stage(room_for(self.task, variation="none")))
        self.action_space = acts.action_space(act)
        self.stage: Stage | None = None
        formulas = (self.task.goal, *self.task.never)
        self._looks = any("visible" in relations(parse(text).root) for text in formulas)  # whether to note what is seen
        self._over = True
        self._nearness: Potential | None = None  # to the goal, for the shaped reward
        self._trace: Trace | None = None
        self._verdict: Verdict | None = None
        self._window: Any = None

    # ------------------------------------------------------------------ gymnasium

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode. options: `variation` (a number, "none", or stream → number), `faults` ((device, fault) …),
        and `draws`: False for a room in which wires and people take their mean delays and nothing is lost or missed.

        Raises: EnvError, VariationError or ScenarioError for options that can't be had.
        """
        super().reset(seed=seed)
        options = options or {}
        _known("options", tuple(options), OPTIONS)
        variation: Variation = options.get("variation")
        most = self.variations or 2**31
        drawn = int(self.np_random.integers(1, most + 1)) if most > 1 else 0
        self.run_seed = int(self.np_random.integers(2**31))
        faults = _pairs(options.get("faults", ()))
        room = room_for(
            self.task, variation=drawn if variation is None else variation, seed=self.run_seed, faults=faults
        )
        if not options.get("draws", True):
            room = room.steady()
        track = {
            "act": self.act, "obs": list(self.observer.keys), "privileged": self._privileged,
            "control_hz": self.control_hz, "size": list(self.observer.size),
        }  # fmt: skip
        notes = {"horizon_us": self.task.horizon_us, "track": track, "task_hash": self.task.spec_hash}
        self.stage = Stage(
            room, control_hz=self.control_hz, notes=notes, engine=self.engine, renderer=self.renderer
        )  # fmt: skip
        self.sense = Sense(self.stage)
        self._lookout: Lookout | None = None
        self.observer.begin(self.stage, self.sense, self.instruction)
        if self._looks:
            self.stage.watch(self._in_view)
        self._over, self._trace, self._verdict = False, None, None
        self._nearness = Potential(self.task.goal, self.stage) if self.reward == "shaped" else None
        self._potential = self._nearness.now() if self._nearness else 0.0
        observation = self._deliver()
        if self.render_mode == "human":
            self.render()
        return observation, self._info()

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One action: one control step of `delta_pose`, or a whole gesture or skill.

        Raises EnvError before a reset, after the end, and for what is no action.
        """
        self.act_on(action)
        return self.outcome()

    def act_on(self, action: Any) -> None:
        """The first half of a step: what the body does. Needs no OpenGL, whatever is observed.

        Raises EnvError as `step` does.
        """
        stage = self.stage
        if stage is None or self._over:
            raise EnvError("step: the episode is over; call reset first")
        self._before, self._said = stage.now, ""
        if self.act == "delta_pose":
            values = acts.pose_change(action)
            stage.trace.actions.append((stage.now, values))
            stage.apply(values)
        else:
            action = acts.checked(self.act, action)
            stage.did(acts.plain(action))
            self._said = self._do(action)

    def outcome(self) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """The second half of a step: what is observed of it, and what it is worth."""
        stage = self.stage
        assert stage is not None
        claimed = stage.trace.claim is not None
        late = stage.now >= self.task.horizon_us
        self._over = claimed or late
        observation = self._deliver()
        info = self._info()
        if self.act != "delta_pose":
            info["said"] = self._said
        reward = self._rewarded(self._before)
        if self._over:
            info["is_success"] = self.is_success()
        if self.render_mode == "human":
            self.render()
        return observation, reward, claimed, late and not claimed, info

    def render(self) -> np.ndarray | None:
        """A third-person picture (480, 640, 3) uint8, or, for "human", one shown in a window."""
        if self.render_mode is None or self.stage is None:
            return None
        image = self.third_person()
        if self.render_mode == "rgb_array":
            return image
        if self._window is None:
            from switch_bench.envs.window import Window

            self._window = Window(self.task.title, THIRD_PERSON)
        self._window.show(image)
        return None

    def close(self) -> None:
        """Close the window, if there is one. OpenGL contexts are shared, and freed at exit."""
        if self._window is not None:
            self._window.close()
            self._window = None

    # ------------------------------------------------------------------ for evaluation

    @property
    def instruction(self) -> str:
        """What the agent is told."""
        return self.task.instruction

    @property
    def trace(self) -> Trace:
        """The trace of the episode so far; complete at its end."""
        if self.stage is None:
            raise EnvError("trace: there is no episode; call reset first")
        if self._trace is None or not self._over:
            self._trace = self.stage.finish()
        return self._trace

    @property
    def state_names(self) -> tuple[str, ...]:
        """What each number of the `state` observation is."""
        return self.observer.state_names

    @property
    def takes_pictures(self) -> bool:
        """Whether its observations, or its window, need OpenGL."""
        return self.observer.images or self.render_mode == "human"

    @property
    def over(self) -> bool:
        """Whether the episode has ended."""
        return self._over

    def verdict(self) -> Verdict:
        """The verdict on the episode so far; runs the worlds it is compared to. Raises EngineError on Bullet."""
        if self.stage is None:
            raise EnvError("verdict: there is no episode; call reset first")
        if self._verdict is None or not self._over:
            self._verdict = judge(self.task, self.stage.room, self.trace)
        return self._verdict

    def is_success(self) -> bool:
        """Whether the episode so far is a success; the other worlds are only run if the goal holds.

        On Bullet, which has no verdicts, whether the goal holds (of a task that can't be done: whether that was said).
        """
        if self.engine != "mujoco":
            claim = self.trace.claim
            told = claim is not None and claim.what == "impossible"
            return self._goal_holds() if self.task.feasible else told and not self._goal_holds()
        return (self.task.feasible is False or self._goal_holds()) and self.verdict().success is True

    def third_person(self, *, fine: bool = False) -> np.ndarray:
        """(480, 640, 3) uint8 picture of the room from outside the body."""
        assert self.stage is not None
        return self.stage.picture(self.stage.room.outside(self.stage.world.data), THIRD_PERSON, fine=fine)

    # ------------------------------------------------------------------ plans run on the stage

    def perform(self, motion: acts.Motion) -> str:
        """Run a motion to its end, its failure, or the horizon; returns what a hand could say of it."""
        assert self.stage is not None
        try:
            for action in motion:
                if self.stage.now >= self.task.horizon_us:
                    return "there was no more time"
                self.stage.apply(action)
        except SkillFailed as failure:
            for action in draw_back(self.sense):
                if self.stage.now >= self.task.horizon_us:
                    break
                self.stage.apply(action)
            return str(failure)
        return "done"

    def wait(self, seconds: float) -> None:
        """Let time pass, to the horizon at most; for a longer wait the hand lets go of what it touches."""
        assert self.stage is not None
        until = min(self.stage.now + round(seconds * 1e6), self.task.horizon_us)
        if seconds > IDLE and self.sense.touching():
            self.perform(draw_back(self.sense))
        self.stage.wait(max(until, self.stage.now))

    def look_around(self, *, zoomed: bool = False) -> None:
        """Note what the head camera would show now, as an agent at this place would see it."""
        assert self.stage is not None
        self.observer.zoom(zoomed)
        self.stage.saw("head", self._in_view(self.observer.camera), zoomed=zoomed)

    def end(self, claim: str | None = None, *, wait: bool = True) -> None:
        """End the episode: with a claim, at the horizon, or, without `wait`, as it stands."""
        assert self.stage is not None
        if claim is not None:
            self.stage.report(claim)
        elif wait:
            self.stage.wait(self.task.horizon_us)
        self._over = True
        self._trace = self._verdict = None

    # ------------------------------------------------------------------ own

    def _in_view(self, camera: int | None = None) -> Sequence[str]:
        """What the head camera sees now, or another."""
        assert self.stage is not None
        if self._lookout is None:
            self._lookout = Lookout(self.stage.world)
        return self._lookout.seen(self.observer.head if camera is None else camera, self.observer.size)

    def _do(self, action: Any) -> str:
        assert self.stage is not None
        translate = acts.pixel if self.act == "pixel" else acts.skill
        try:
            doing = translate(self.sense, self.observer, action)
        except SkillFailed as failure:
            self.stage.apply(self.sense.rest())
            return str(failure)
        self.observer.zoom(isinstance(doing, acts.Read))
        if isinstance(doing, acts.Wait):
            self.wait(max(self.stage.dt, doing.seconds))
            return "done"
        if isinstance(doing, acts.Report):
            if doing.what in ("done", "impossible"):
                self.stage.report(doing.what)
                return "done"
            self.stage.apply(self.sense.rest())
            return "a report says done or impossible"
        before = self.stage.now
        said = self.perform(doing)
        if self.stage.now == before:
            self.stage.apply(self.sense.rest())
        return said

    def _deliver(self) -> Any:
        observer = self.observer
        if observer.images or self.act != "delta_pose" or "elements" in observer.keys:
            if (self.act == "skill" or "elements" in observer.keys) and "marks" not in observer.keys:
                observer.number()
            assert self.stage is not None
            observer.seen = self._in_view(observer.camera)
            self.stage.saw("head", observer.seen, zoomed=observer.zoomed)
        return observer.observe()

    def _info(self) -> dict[str, Any]:
        assert self.stage is not None
        return {"elapsed_us": self.stage.now, **self.observer.info()}

    def _goal_holds(self) -> bool:
        trace = self.trace
        return evaluate(parse(self.task.goal, trace.signals), trace, final=True).value is True

    def _rewarded(self, before: int) -> float:
        assert self.stage is not None
        if self.reward == "none":
            return 0.0
        last = float(self.is_success()) if self._over else 0.0
        if self._nearness is None:
            return last
        gamma, tau = 0.99, 1.0  # per second
        potential = 0.0 if self._over else self._nearness.now()
        shaped = gamma ** ((self.stage.now - before) * 1e-6 / tau) * potential - self._potential
        self._potential = potential
        return last + shaped


def _pairs(faults: Any) -> list[tuple[str, str]]:
    """Faults as (device, fault) pairs. Raises EnvError."""
    try:
        return [(str(device), str(fault)) for device, fault in faults]
    except (TypeError, ValueError):
        raise EnvError(f"faults: expected (device, fault) pairs, got {faults!r}") from None


def _known(what: str, given: Sequence[Any], known: Sequence[str]) -> None:
    for item in given:
        if item not in known:
            raise EnvError(f"{what}: unknown {item!r}. {did_you_mean(str(item), known)}")
