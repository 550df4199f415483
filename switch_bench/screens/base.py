"""Embedded GUIs as data: pages of widgets in pixels. Logic lives in the device; a screen only shows and is touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Widget:
    """One thing on a page. rect: x, y, width, height [px], y down.

    kind: "button" and "toggle" can be touched; "value" shows `signal` by `text` as a format ("{:.1f} °C"); "bar" shows
    a 0..1 signal; "label" shows `text`; "icon" shows `icon`. A toggle is drawn on while its `signal` is truthy, and so
    is a button with a bool or number as its signal; a button with a str signal shows that by `text` as a format. A
    widget with `enabled` (a bool signal) is greyed, and dead, while that is False. Words, and str values before they go
    into a format, are in the language of displays (`text.py`): "{clock}", "{left:…}".
    """

    name: str
    kind: Literal["button", "toggle", "value", "bar", "label", "icon"]
    rect: tuple[int, int, int, int]
    text: str = ""
    icon: str = ""
    signal: str | None = None
    enabled: str | None = None
    accent: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: what is drawn when the page signal has its key."""

    title: str = ""
    widgets: tuple[Widget, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Screen:
    """A GUI. size: pixels (w, h). page: the local str signal that names the page shown; "" shows a dark screen."""

    size: tuple[int, int]
    pages: Mapping[str, Page]
    page: str = "page"
    dark: bool = True  # light text on dark ground
