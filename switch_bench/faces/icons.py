"""Pictograms, as printed on panels and caps. They are drawn in `screens`, which shows them too."""

from switch_bench.screens.icons import UnknownIconError, icon, icon_mask, names

__all__ = ["UnknownIconError", "icon", "icon_mask", "names"]
