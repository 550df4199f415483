"""Is a screen sound? Asked once, when a device is declared."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from itertools import combinations

from switch_bench.screens.base import Page, Screen, Widget
from switch_bench.screens.icons import UnknownIconError, icon_mask
from switch_bench.screens.shown import TOUCHABLE, ScreenError, fill
from switch_bench.screens.text import DisplayTextError, check_text

TOUCH_TARGET = 40  # px each way, the least a button or toggle may be; screens have 3 to 5 px a millimetre
TOUCH_TARGET_M = 0.009  # m: 9.2 mm is where errors level off (Parhi, Karlson & Bederson, MobileHCI 2006), rounded


def check(screen: Screen, signals: Collection[str] | None = None, size: tuple[float, float] | None = None) -> None:
    """Raise unless the screen can be drawn and touched on every page.

    Widgets have names of their own and lie inside the screen; buttons and toggles are big enough for a fingertip and
    don't overlap; what shows a signal names one; formats, display texts and pictograms can be read.

    signals: the device's local signals, if given every name must be among them.
    size: of the touchscreen [m], if given buttons must be large enough there too.

    Raises:
        ScreenError: says the page and the widget.
    """
    width, height = screen.size
    if width <= 0 or height <= 0 or not screen.pages:
        raise ScreenError(f"a screen wants a size > 0 and a page; it has {screen.size} and {len(screen.pages)} pages")
    if "" in screen.pages:
        raise ScreenError('no page may be called "": that is the dark screen')
    _known(screen.page, signals, "page signal")
    for key, page in screen.pages.items():
        _check_page(screen, key, page, signals, size)


def _check_page(
    screen: Screen, key: str, page: Page, signals: Collection[str] | None, size: tuple[float, float] | None
) -> None:
    seen: set[str] = set()
    for widget in page.widgets:
        where = f"page {key!r}, widget {widget.name!r}"
        if not widget.name or widget.name in seen:
            raise ScreenError(f"{where}: the name is {'used twice' if widget.name else 'empty'}")
        seen.add(widget.name)
        _check_place(where, widget, screen.size, size)
        _check_content(where, widget, signals)
    for a, b in combinations([w for w in page.widgets if w.kind in TOUCHABLE], 2):
        if _overlap(a.rect, b.rect):
            raise ScreenError(f"page {key!r}: {a.name!r} at {a.rect} and {b.name!r} at {b.rect} overlap")


def _check_place(where: str, widget: Widget, screen: tuple[int, int], size: tuple[float, float] | None) -> None:
    x, y, w, h = widget.rect
    if w <= 0 or h <= 0 or x < 0 or y < 0 or x + w > screen[0] or y + h > screen[1]:
        raise ScreenError(f"{where}: {widget.rect} isn't inside the screen of {screen[0]} × {screen[1]} px")
    if widget.kind not in TOUCHABLE:
        return
    if min(w, h) < TOUCH_TARGET:
        raise ScreenError(f"{where}: {w} × {h} px is too small to touch, at least {TOUCH_TARGET} each way")
    if size is not None:
        real = w * size[0] / screen[0], h * size[1] / screen[1]
        if min(real) < TOUCH_TARGET_M - 1e-9:
            mm = f"{real[0] * 1e3:.1f} × {real[1] * 1e3:.1f} mm"
            raise ScreenError(
                f"{where}: {mm} is too small for a fingertip, at least {TOUCH_TARGET_M * 1e3:.0f} mm each way"
            )


def _check_content(where: str, widget: Widget, signals: Collection[str] | None) -> None:
    if widget.kind in ("value", "bar", "toggle") and not widget.signal:
        raise ScreenError(f"{where}: a {widget.kind} shows a signal, but names none")
    if widget.kind == "icon" and not widget.icon:
        raise ScreenError(f"{where}: an icon names a pictogram, but this one none")
    for signal in (widget.signal, widget.enabled):
        if signal is not None:
            _known(signal, signals, where)
    try:
        if widget.icon:
            icon_mask(widget.icon, 8)
        if widget.kind != "value" and not (widget.kind == "button" and widget.signal):
            check_text(widget.text)
    except (UnknownIconError, DisplayTextError) as error:
        raise ScreenError(f"{where}: {error}") from error
    if widget.kind == "value":
        _check_format(where, widget)


def _check_format(where: str, widget: Widget) -> None:
    errors = []
    for example in (1.5, 1, True, "a"):
        try:
            if fill(widget, example) != fill(widget, type(example)()):
                return
        except ScreenError as error:
            errors.append(error)
    why = f": {errors[0]}" if errors else ""
    raise ScreenError(f"{where}: {widget.text!r} is no format that shows a value, such as '{{:.1f}} °C'{why}")


def _known(signal: str, signals: Collection[str] | None, where: str) -> None:
    if signals is None or signal in signals:
        return
    close = difflib.get_close_matches(signal, signals, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise ScreenError(f"{where}: there is no signal {signal!r}{hint}")


def _overlap(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]
