"""One thing printed on a panel, and the errors of panels that can't be printed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from switch_bench.faces.colour import Colour
from switch_bench.faces.place import Box
from switch_bench.screens.lettering import BOLD, DESCENT, MEDIUM, measure

ICON = "icon:"


class PanelError(ValueError):
    """A panel's declaration that can't be drawn."""


@dataclass(frozen=True)
class Print:
    """Words or a pictogram on a panel; metres, x right, y up.

    what: a text or icon of its own, a control's or lamp's label, a figure of a scale. owner: the control or signal it
    speaks of, "" for none. content: words (lines end with newlines), or "icon:<name>". at: its middle. cap: height of a
    capital letter; an icon's side. leader: a thin line from it to what it speaks of, if they are apart.
    """

    what: Literal["text", "icon", "label", "lamp", "figure"]
    owner: str
    content: str
    at: tuple[float, float]
    cap: float
    bold: bool = False
    colour: Colour | None = None
    leader: tuple[tuple[float, float], ...] = ()

    @property
    def box(self) -> Box:
        """What it covers, descenders included."""
        return box_of(self.content, self.at, self.cap, self.bold)


def box_of(content: str, at: tuple[float, float], cap: float, bold: bool = False) -> Box:
    """What `content` covers when its middle is at `at` (y up): capitals and descenders, or the icon's square."""
    if content.startswith(ICON):
        return Box.about(*at, cap, cap)
    w, h = measure(content, cap, BOLD if bold else MEDIUM)
    return Box(at[0] - w / 2, at[1] - h / 2 - DESCENT * cap, at[0] + w / 2, at[1] + h / 2)


def unknown(what: str, name: str, known: Iterable[str]) -> PanelError:
    """An error that says what came close."""
    known = list(known)
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(known) or 'none'}"
    return PanelError(f"{what} {name!r}; {hint}")
