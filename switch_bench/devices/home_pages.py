"""The pages of a home panel: tabs, lights, heating, scenes, settings.

A touchable widget is called by what it does and to what: ``go:lights``, ``light:2``, ``scene:night``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from switch_bench.screens.base import Page, Screen, Widget

TABS = ("home", "lights", "heating", "scenes", "settings")


class Scene(NamedTuple):
    """What one key of the scenes page does. lights: which are on (None: left as they are)."""

    title: str
    icon: str
    lights: str | None  # "all", "none", "first"
    setpoint: float | None
    away: bool


SCENES: Mapping[str, Scene] = {
    "morning": Scene("Morning", "sun", "first", 21.0, False),
    "evening": Scene("Evening", "sofa", "all", 21.5, False),
    "night": Scene("Good night", "moon", "none", 17.0, False),
    "leave": Scene("Leave home", "door", "none", None, True),
}


class _Area(NamedTuple):
    """A rectangle to lay widgets out in [px]."""

    x: int
    y: int
    w: int
    h: int

    def cell(self, column: int, row: int, columns: int, rows: int, gap: int = 8) -> tuple[int, int, int, int]:
        """One cell of a grid with gaps in and around it."""
        w = (self.w - gap * (columns + 1)) // columns
        h = (self.h - gap * (rows + 1)) // rows
        return self.x + gap + column * (w + gap), self.y + gap + row * (h + gap), w, h


ICONS = {"home": "home", "lights": "lamp", "heating": "radiator", "scenes": "sofa", "settings": "settings"}


def screen(
    pixels: tuple[int, int], dark: bool, rail: bool, brand: str, lights: Sequence[str], rooms: Sequence[str]
) -> Screen:
    """All pages. rail: the tabs stand on the left, not along the bottom; lights, rooms: their titles."""
    width, height = pixels
    bar = round(0.115 * height) + 2
    if rail:
        bar_area = _Area(0, bar, 76, height - bar)
        tabs = [bar_area.cell(0, i, 1, len(TABS), gap=4) for i in range(len(TABS))]
        body = _Area(80, bar, width - 80, height - bar)
    else:
        deep = 54
        bar_area = _Area(0, height - deep, width, deep)
        tabs = [bar_area.cell(i, 0, len(TABS), 1, gap=4) for i in range(len(TABS))]
        body = _Area(0, bar, width, height - deep - bar)

    def page(name: str, title: str, widgets: list[Widget]) -> Page:
        bar_keys = [
            Widget(name=f"go:{tab}", kind="button", rect=rect, icon=ICONS[tab], accent=tab == name)
            for tab, rect in zip(TABS, tabs, strict=True)
        ]
        return Page(title=title, widgets=(*bar_keys, *widgets))

    whole = _Area(0, 0, width, height)
    return Screen(
        size=pixels,
        dark=dark,
        pages={
            "home": page("home", "Home   {clock}", _home(body, rooms)),
            "lights": page("lights", "Lights", _light_page(body, lights)),
            "heating": page("heating", "Heating", _heating(body)),
            "scenes": page("scenes", "Scenes", _scenes(body)),
            "settings": page("settings", "Settings", _settings(body)),
            "confirm": Page(
                title="Leave home",
                widgets=(
                    Widget(
                        name="question",
                        kind="label",
                        rect=whole.cell(0, 1, 1, 4),
                        text="All off and away?",
                        accent=True,
                    ),
                    Widget(name="confirm:no", kind="button", rect=whole.cell(0, 2, 2, 4), text="Cancel", icon="cross"),
                    Widget(name="confirm:yes", kind="button", rect=whole.cell(1, 2, 2, 4), text="Leave", icon="check"),
                ),
            ),
            "clean": Page(
                title="Cleaning",
                widgets=(
                    Widget(name="wiping", kind="value", rect=whole.cell(0, 1, 1, 3), text="{}", signal="clean_words"),
                ),
            ),
            "boot": Page(
                widgets=(
                    Widget(name="logo", kind="icon", rect=whole.cell(0, 0, 1, 2), icon="home"),
                    Widget(name="starting", kind="label", rect=whole.cell(0, 2, 1, 4), text=f"{brand} is starting"),
                )
            ),
            "sleep": Page(widgets=(Widget(name="wake", kind="button", rect=(0, 0, width, height), text="{clock}"),)),
        },
    )


def _home(body: _Area, rooms: Sequence[str]) -> list[Widget]:
    widgets = []
    for k, title in enumerate(rooms):
        x, y, w, h = body.cell(k, 0, len(rooms), 2)
        widgets.append(Widget(name=f"title_{k}", kind="label", rect=(x, y, w, h // 3), text=title))
        widgets.append(
            Widget(
                name=f"room_{k}",
                kind="value",
                rect=(x, y + h // 3, w, h - h // 3),
                text="{:.1f} °C",
                signal=f"room_{k + 1}",
            )
        )
    widgets.append(Widget(name="all_off", kind="button", rect=body.cell(0, 1, 2, 2), icon="off", text="All lights off"))
    widgets.append(
        Widget(name="away", kind="toggle", rect=body.cell(1, 1, 2, 2), text="Away", icon="door", signal="away")
    )
    return widgets


def _light_page(body: _Area, lights: Sequence[str]) -> list[Widget]:
    columns = 1 if len(lights) < 3 or body.w < 340 else 2
    rows = max(2, -(-len(lights) // columns))
    return [
        Widget(
            name=f"light:{i + 1}",
            kind="toggle",
            rect=body.cell(i % columns, i // columns, columns, rows),
            text=title,
            signal=f"shown_{i + 1}",
        )
        for i, title in enumerate(lights)
    ]


def _heating(body: _Area) -> list[Widget]:
    return [
        Widget(name="cooler", kind="button", rect=body.cell(0, 0, 4, 2), icon="minus"),
        Widget(
            name="target",
            kind="value",
            rect=_join(body.cell(1, 0, 4, 2), body.cell(2, 0, 4, 2)),
            text="{:.1f} °C",
            signal="setpoint",
            accent=True,
        ),
        Widget(name="warmer", kind="button", rect=body.cell(3, 0, 4, 2), icon="plus"),
        Widget(name="calls", kind="icon", rect=body.cell(0, 1, 4, 2), icon="flame", enabled="call", accent=True),
        Widget(name="room", kind="value", rect=body.cell(1, 1, 4, 2), text="now {:.1f}", signal="room_1"),
        Widget(
            name="away",
            kind="toggle",
            rect=_join(body.cell(2, 1, 4, 2), body.cell(3, 1, 4, 2)),
            text="Away",
            signal="away",
        ),
    ]


def _scenes(body: _Area) -> list[Widget]:
    return [
        Widget(
            name=f"scene:{name}", kind="button", rect=body.cell(i % 2, i // 2, 2, 2), text=scene.title, icon=scene.icon
        )
        for i, (name, scene) in enumerate(SCENES.items())
    ]


def _settings(body: _Area) -> list[Widget]:
    return [
        Widget(name="sleep", kind="button", rect=body.cell(0, 0, 1, 3), icon="moon", signal="sleep_words"),
        Widget(
            name="clicks", kind="toggle", rect=body.cell(0, 1, 1, 3), text="Key clicks", icon="speaker", signal="clicks"
        ),
        Widget(name="clean", kind="button", rect=body.cell(0, 2, 1, 3), text="Clean the screen", icon="water"),
    ]


def _join(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The rectangle from the upper left corner of `a` to the lower right one of `b`."""
    return a[0], a[1], b[0] + b[2] - a[0], b[1] + b[3] - a[1]
