"""Every device's panels can be printed, and its displays show what they show at the start."""

import pytest

from switch_bench.controls.touchscreen import Touchscreen
from switch_bench.devices.base import Device
from switch_bench.devices.catalogue import KINDS, kind
from switch_bench.faces.display import draw_display
from switch_bench.faces.layout import lay_out
from switch_bench.faces.materials import names
from switch_bench.faces.print import ICON
from switch_bench.screens.check import check
from switch_bench.screens.icons import icon_mask
from switch_bench.screens.text import text

KIND = pytest.mark.parametrize("name", KINDS)


def devices(name) -> list[Device]:
    one = kind(name)
    return [one.declare(row, dict(one.options)) for row in one.models.values()]


def values(device) -> set[str]:
    """The names of everything a screen may show."""
    held = (device.signals, device.flows, device.comparators, device.quantisers, device.timers)
    return {thing.name for kind_of in held for thing in kind_of}


@KIND
def test_its_panels_have_room_for_their_print_and_know_their_pictograms(name):
    for device in devices(name):
        for panel in device.panels:
            layout = lay_out(panel)
            printed = [*layout.prints, *(figure for scale in layout.scales for figure in scale.figures)]
            legends = [p.content for p in printed] + [control.legend for control in panel.controls]
            for legend in legends:
                if legend.startswith(ICON):
                    assert icon_mask(legend.removeprefix(ICON), 16).any()


@KIND
def test_its_displays_can_show_what_they_start_with(name):
    for device in devices(name):
        initial = {signal.name: signal.initial for signal in device.signals}
        for display in (display for panel in device.panels for display in panel.displays):
            assert draw_display(display, text(initial[display.signal], 0, 0)).any()


@KIND
def test_its_touchscreens_are_sound(name):
    for device in devices(name):
        for control in (control for panel in device.panels for control in panel.controls):
            if isinstance(control, Touchscreen):
                check(control.screen, values(device), control.size)


@KIND
def test_its_materials_are_known(name):
    for device in devices(name):
        assert {part.material for part in device.parts} <= set(names())
