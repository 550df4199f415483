"""Pressing by model-predictive control: go there, line up, push until it reads what it should, draw back."""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, hypot, pi
from typing import Any

import numpy as np

from switch_bench.controls.base import Grip
from switch_bench.physics.housing import Mounted
from switch_bench.planning.cem import MOVED, Cem, Cost
from switch_bench.planning.imagine import Act
from switch_bench.skills.move import TUCK, stand_for
from switch_bench.skills.operate import AWAY, front_of
from switch_bench.skills.sense import Pose, SkillFailed, facing
from switch_bench.world.floor import NoWay
from switch_bench.world.screens import widget_point
from switch_bench.world.world import World

DEEP = 0.012  # m past a control's stop that the hand aims
KEPT = 2  # control steps that a plan is followed before the next is made
HAND = np.array([1.0] * 6 + [0.0] * 3)
BODY = np.ones(len(MOVED))
PATIENCE = {"go": 14.0, "line up": 9.0, "push": 4.0, "draw back": 1.2}  # s that each takes at most
BUMP = 0.02  # cost of each newton against anything else
SQUARE = 0.12  # m that a radian of slant counts as


class Presser:
    """Presses controls in an environment of `delta_pose`. most: plans that may be made in the whole episode."""

    def __init__(self, env: Any, seed: int, most: int):
        self.env, self.most = env, most
        self.cem = Cem(np.random.default_rng(seed))
        room = env.stage.room
        self._tip = env.stage.world.model.site(room.hand.tip).id
        self._hand = np.flatnonzero(room.handles.hand_geom)

    @property
    def tired(self) -> bool:
        """Whether as many plans were made as may be."""
        return self.cem.count >= self.most

    def press(self, act: Act) -> None:
        """Press what an act presses. Raises SkillFailed where it can't be reached, or doesn't give way."""
        sense = self.env.sense
        item = sense.room.handles.mounted[act.control]
        grip, pose = self._target(item, act)
        before, goal = facing(pose, away=AWAY), facing(pose, away=-(grip.reach + DEEP))
        self._go(stand_for(sense, [before, facing(pose)], front_of(sense, item, pose)))
        if not self._until(
            "line up", self._to(before, act.control, bump=True), lambda: self._gap(before) < 0.012, BODY
        ):
            raise SkillFailed("the fingertip didn't get there")
        count = sense.stage.world.network.count
        if not self._until("push", self._to(goal, act.control), lambda: self._did(act, count), HAND):
            self._until("draw back", self._to(before, act.control), lambda: self._gap(before) < 0.02, HAND)
            raise SkillFailed("it didn't give way")
        end = sense.stage.now + round(act.hold * 1e6)
        self._until("push", self._to(goal, act.control), lambda: sense.stage.now >= end, HAND)
        self._until("draw back", self._to(before, act.control), lambda: self._gap(before) < 0.02, HAND)

    # ------------------------------------------------------------------ where to

    def _target(self, item: Mounted, act: Act) -> tuple[Grip, Pose]:
        """The grip that presses for what the act wants, and where it is."""
        sense, grips = self.env.sense, item.built.grips
        if act.screen is not None:
            world = sense.stage.world
            widget = next(
                w for page in getattr(item.control, "screen").pages.values() for w in page.widgets  # noqa: B009
                if w.name == act.screen[1]
            )  # fmt: skip
            at = widget_point(world, item, widget)
            return grips["touch"], Pose(at, sense.site(grips["touch"].site).axes)
        signal, value = act.strokes[-1]
        key = f"key {signal.removeprefix(f'{item.name}_')}"
        found = [
            g for name, g in grips.items() if g.verb == "press" and (name == key if key in grips else value in g.aim)
        ]
        if not found or act.step.verb not in ("press", "hold"):
            raise SkillFailed("that can't be done by pressing alone")
        return found[0], sense.site(found[0].site)

    def _did(self, act: Act, count: int) -> bool:
        """Whether the mechanism reads what the act wants, or the screen has felt it."""
        world = self.env.stage.world
        if act.screen is not None:
            signal = world.handles.screens[act.screen[0]].signal
            return any(e.signal == signal and e.new == act.screen[1] for e in world.network.since(count))
        signal, value = act.strokes[-1]
        index = world.handles.by_signal[signal]
        return world.handles.readouts[index].states[world.states[index]].value == value

    def _gap(self, pose: Pose) -> float:
        return float(np.linalg.norm(self.env.sense.tip.at - pose.at))

    # ------------------------------------------------------------------ costs

    def _to(self, pose: Pose, control: int, *, bump: bool = False) -> Cost:
        """Distance of the fingertip from a pose, its slant, and what the hand bumps into on its way."""
        tip, point, along = self._tip, pose.at, pose.axes[:, 2]

        def cost(world: World) -> float:
            data = world.data
            slant = float(np.arccos(np.clip(data.site_xmat[tip].reshape(3, 3)[:, 2] @ along, -1.0, 1.0)))
            far = float(np.linalg.norm(data.site_xpos[tip] - point))
            return far + SQUARE * slant + (BUMP * self._bumps(world, control) if bump else 0.0)

        return cost

    def _bumps(self, world: World, control: int) -> float:
        """How hard the hand pushes against what isn't the control [N]."""
        told, handles = world.told, world.handles
        if not told.ncon:
            return 0.0
        total = 0.0
        for k, (a, b) in enumerate(told.contact.geom.tolist()):
            if handles.hand_geom[a] != handles.hand_geom[b]:
                other = b if handles.hand_geom[a] else a
                if handles.control_of_geom[other] != control:
                    total += world.engine.force(k)
        return min(total, 40.0)

    def _at(self, x: float, y: float, heading: float) -> Cost:
        """Distance of the base from a pose on the floor, and of the hand from where it is out of the way."""
        q = self.env.stage.room.body_qpos

        def cost(world: World) -> float:
            bx, by, yaw = world.data.qpos[q : q + 3].tolist()
            hand = world.data.qpos[q + 5 : q + 8]
            turn = abs((heading - yaw + pi) % (2 * pi) - pi)
            tucked = float(np.abs(hand - TUCK).max())
            return hypot(x - bx, y - by) + 0.25 * turn + 0.5 * tucked + BUMP * self._bumps(world, -1)

        return cost

    # ------------------------------------------------------------------ motion

    def _go(self, stand: tuple[float, float, float]) -> None:
        sense = self.env.sense
        x, y, heading = stand
        bx, by, yaw = sense.base
        if hypot(x - bx, y - by) < 0.12 and abs((heading - yaw + pi) % (2 * pi) - pi) < 0.12:
            return
        try:
            way = sense.floor().path((bx, by), (x, y)) if hypot(x - bx, y - by) > 0.05 else [(x, y)]
        except NoWay as error:
            raise SkillFailed(str(error)) from error
        for k, (px, py) in enumerate(way):
            last = k == len(way) - 1
            bx, by, _ = sense.base
            along = heading if last or hypot(px - bx, py - by) < 0.15 else atan2(py - by, px - bx)

            def there(px: float = px, py: float = py, along: float = along, last: bool = last) -> bool:
                bx, by, yaw = sense.base
                turn = abs((along - yaw + pi) % (2 * pi) - pi)
                return hypot(px - bx, py - by) < (0.05 if last else 0.12) and (turn < 0.08 or not last)

            if not self._until("go", self._at(px, py, along), there, BODY):
                raise SkillFailed("the body didn't get there")

    def _until(self, phase: str, cost: Cost, done: Callable[[], bool], free: np.ndarray) -> bool:
        """Move so that it costs least, until it is done; False if it isn't within the phase's patience."""
        env = self.env
        end = env.stage.now + round(PATIENCE[phase] * 1e6)
        while not done():
            if self.tired or env.stage.now >= min(end, env.task.horizon_us):
                return False
            near = min(1.0, 0.08 + 3.0 * cost(env.stage.world))
            action = self.cem.action(env.stage.world, cost, 0.5 * near, free)
            for _ in range(KEPT):
                if env.stage.now < env.task.horizon_us and not done():
                    env.step(np.array(action, np.float32))
        return True
