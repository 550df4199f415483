"""A keypad: rows of momentary keys, each a push button of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from switch_bench.controls.base import Built, Control
from switch_bench.controls.button import PushButton
from switch_bench.network.declare import Value

if TYPE_CHECKING:
    import mujoco

PITCH = (0.019, 0.019)  # m; ISO 9241-410: 19 mm between key centres
TRAVEL = 0.003  # m; ISO 9241-410: 1.5-6 mm, best 2-4
FORCE = 1.8  # N; MIL-STD-1472 numeric keys: 1-4 N


@dataclass(frozen=True, kw_only=True)
class Keypad(Control):
    """Keys in rows from the top, "" leaves a gap; signals `<name>_<key>`. pitch, size: of one key [m].

    legends: what is printed on a key, where it isn't the key's own name.
    """

    keys: tuple[tuple[str, ...], ...] = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("*", "0", "#"))
    pitch: tuple[float, float] = PITCH
    size: tuple[float, float] = (0.013, 0.013)
    legends: Mapping[str, str] = field(default_factory=dict)
    travel: float = TRAVEL
    force: float = FORCE

    def keys_as_buttons(self) -> tuple[PushButton, ...]:
        """Its keys as buttons in their places on the panel, in reading order."""
        buttons = []
        for r, row in enumerate(self.keys):
            for c, key in enumerate(row):
                if not key:
                    continue
                x = self.at[0] + (c - (len(row) - 1) / 2) * self.pitch[0]
                y = self.at[1] - (r - (len(self.keys) - 1) / 2) * self.pitch[1]
                buttons.append(
                    PushButton(
                        name=f"{self.name}_{key}",
                        at=(x, y),
                        size=self.size,
                        shape="square",
                        travel=self.travel,
                        force=self.force,
                        legend=self.legends.get(key, key),
                        colour=self.colour,
                        glow=self.glow,
                    )
                )
        return tuple(buttons)

    def values(self) -> tuple[tuple[str, tuple[Value, ...]], ...]:
        """One bool for each key."""
        return tuple(v for button in self.keys_as_buttons() for v in button.values())

    def build(self, spec: mujoco.MjSpec, panel: mujoco.MjsBody, prefix: str, initial: Value | None = None) -> Built:
        """All keys; grips are named "key 5". Raises ValueError for an `initial`: keys start released."""
        if initial is not None:
            raise ValueError(
                f"{prefix}{self.name}: keys start released, there is no initial value {initial!r} to give them"
            )
        whole = Built((), (), {})
        skip = len(self.name) + 1
        for button in self.keys_as_buttons():
            one = button.build(spec, panel, prefix)
            whole = replace(
                whole,
                readouts=whole.readouts + one.readouts,
                geoms=whole.geoms + one.geoms,
                grips={**whole.grips, f"key {button.name[skip:]}": one.grips["press"]},
                bodies=whole.bodies + one.bodies,
                caps={**whole.caps, button.name[skip:]: one.geoms[0]},
            )
        return whole
