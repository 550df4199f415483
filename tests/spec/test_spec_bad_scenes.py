"""Each of these scenes has one thing wrong, and the error says which, where, and what was expected."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from spec_edits import Edit, assert_one_problem
from spec_files import FLAT

from switch_bench.spec.check import KindInfo, check
from switch_bench.spec.errors import SceneError
from switch_bench.spec.load import parse_scene

PATH = "scenes/flat/scene.yaml"

# (what is wrong, what stands in the good file, what stands there instead, where the problem is, words of the message)
SHAPES = [
    Edit("a required key is missing", "  - id: kettle\n    kind: kettle\n", "  - id: kettle  #!\n",
         "devices[kettle].kind",
         ("missing", "Expected its kind")),
    Edit("a key is misspelt", "clock:", "clok:  #!\nclock:", "clok", ("unknown key", "Did you mean 'clock'?")),
    Edit("a key deep down is misspelt", "{wall: east, at: 0.4, height: 1.1}", "{wall: east, at: 0.4, heigth: 1.1}  #!",
         "devices[plate].mount.heigth", ("unknown key", "Did you mean 'height'?")),
    Edit("a key belongs to the loader", "clock:", "source: here  #!\nclock:", "source", ("unknown key",)),
    Edit("a key is there twice", "outdoor: 5 degC", "outdoor: 5 degC\noutdoor: 6 degC  #!", "outdoor",
         ("twice", "line 3")),
    Edit("a text is a number", "title: A flat of two rooms", "title: 12  #!", "title",
         ("expected text", "Put quotes round it")),
    Edit("a text is empty", "title: A flat of two rooms", "title: ''  #!", "title", ("expected text, got nothing",)),
    Edit("a time of day is a number", 'clock: "18:30"', "clock: 18.5  #!", "clock", ("time of day", "'18:30'")),
    Edit("a time of day is too late", 'clock: "18:30"', 'clock: "24:00"  #!', "clock", ("time of day", "'24:00'")),
    Edit("a unit is of another dimension", "outdoor: 5 degC", "outdoor: 5 m  #!", "outdoor",
         ("expected a temperature", "'m', a unit of length")),
    Edit("a unit is misspelt", "daylight: 120 lx", "daylight: 120 lux  #!", "zones.kitchen.daylight",
         ("unknown unit 'lux'", "Did you mean")),
    Edit("a quantity is a word", "temperature: 19 degC", "temperature: warm  #!", "zones.kitchen.temperature",
         ("expected a temperature such as '60 degC'", "'warm'")),
    Edit("a quantity is true", "capacity: 180 kJ/K", "capacity: true  #!", "zones.living.capacity",
         ("expected a heat capacity", "True")),
    Edit("a temperature is impossible", "outdoor: 5 degC", "outdoor: 5 K  #!", "outdoor", ("at least -100",)),
    Edit("a size has one figure", "size: [4.0, 2.8]", "size: [4.0]  #!", "zones.living.size", ("[x, y] in metres",)),
    Edit("a size is negative", "size: [4.0, 2.8]", "size: [4.0, -2.8]  #!", "zones.living.size[1]",
         ("more than 0", "-2.8")),
    Edit("a list is a mapping", "sums:\n  - {to: breakers.total, from: [kettle.load, radio.load]}\n",
         "sums: {to: breakers.total, from: [kettle.load]}  #!\n", "sums", ("expected a list, got a mapping",)),
    Edit("a name has a capital letter", "- {id: mug,", "- {id: Mug,  #!\n    ", "objects[Mug].id",
         ("small letters", "Did you mean 'mug'?")),
    Edit("a choice isn't one", "kind: wall_cabinet", "kind: wall_cabnet  #!\n    ", "furniture[cabinet].kind",
         ("expected one of counter", "Did you mean 'wall_cabinet'?")),
    Edit("a wall isn't one", "mount: {wall: east,", "mount: {wall: up,  #!\n     ", "devices[plate].mount.wall",
         ("north, east, south, west", "'up'")),
    Edit("a mount is unknown", "mount: {on: counter, at: [1.2, 0.2]}", "mount: {upon: counter, at: [1.2, 0.2]}  #!",
         "devices[radio].mount", ("wall, on, built_in, ceiling, floor",)),
    Edit("a mount is two mounts", "mount: {ceiling: [1.6, 1.4]}", "mount: {ceiling: [1.6, 1.4], floor: [1, 1]}  #!",
         "devices[spare].mount", ("ceiling and floor",)),
    Edit("a mount is a word", "mount: {ceiling: [1.6, 1.4]}", "mount: ceiling  #!", "devices[spare].mount",
         ("expected a mount as a mapping", "'ceiling'")),
    Edit("furniture stands in two ways", "at: [2.0, 1.4], width: 1.2",
         "wall: north, from: 1, to: 2, at: [2, 1.4]  #!\n   ",
         "furniture[table]", ("either", "not both")),
    Edit("furniture ends before it begins", "from: 0.2, to: 0.9", "from: 0.9, to: 0.2  #!\n  ", "furniture[cabinet]",
         ("from 0.9 to 0.2",)),
    Edit("furniture has half a stretch of wall", "from: 0.2, to: 0.9", "from: 0.2  #!\n   ", "furniture[cabinet]",
         ("`wall`, `from` and `to`",)),
    Edit("a facing isn't a direction", "facing: west", "facing: wset  #!\n    ", "furniture[table].facing",
         ("east, north, west, south", "'wset'")),
    Edit("a point is in two places", "{on: counter, at: [1.0,", "{on: counter, zone: kitchen, at: [1.0,  #!\n    ",
         "points.worktop", ("either `zone` or `on`", "not both")),
    Edit("a surface looks nowhere", "facing: south}", "facing: sout}  #!", "points.page.facing", ("up, down, north",)),
    Edit("a region has no room", "high: [0.5, 0.8, 0.3]", "high: [0.5, 0.8, 0]  #!\n   ", "regions.left",
         ("`high` above that of `low`",)),
    Edit("a signal has no owner", "from: radio.alarm", "from: alarm  #!\n   ", "wires[2].from", ("<owner>.<name>",)),
    Edit("a share is over one", "loss: 5 %", "loss: 500 %  #!\n   ", "wires[2].loss", ("at most 1",)),
    Edit("a delay is negative", "delay: 200 ms", "delay: -200 ms  #!\n   ", "wires[2].delay", ("0 or more",)),
    Edit("a wire's medium is unknown", "medium: radio", "medium: wifi  #!\n   ", "wires[2].medium",
         ("mains, hydronic, radio, network, bus",)),
    Edit("a circuit isn't a breaker's output", "breakers.circuit_1: [kettle", "breakers.main: [kettle  #!\n   ",
         "circuits.breakers.main", ("such as breakers.circuit_1",)),
    Edit("a person waits for two things", "  - name: anna\n", "  - name: anna  #!\n    at: 3 s\n", "people[anna]",
         ("only wait for one",)),
    Edit("a schedule never acts", "morning\n    zone: kitchen\n    at: 1 h\n    every: 24 h\n",
         "morning  #!\n    zone: kitchen\n", "schedules[morning]", ("`at`, `every` or `when`",)),
    Edit("an act has no verb", "- {press: radio.snooze}", "- {push: radio.snooze}  #!", "people[anna].acts[1]",
         ("set, press",)),
    Edit("an act is released without a hold", "hold: 1 s, then: true}", "then: true}  #!", "people[anna].acts[0]",
         ("`then` needs a `hold`",)),
    Edit("a clutter range is upside down", "count: [0, 3]", "count: [3, 0]  #!\n    ", "variation.clutter[0].count",
         ("[lowest, highest]",)),
    Edit("a stream is unknown", "  colours:\n", "  colors:  #!\n", "variation.colors", ("Did you mean 'colours'?",)),
]  # fmt: skip

REFERENCES = [
    Edit("a zone is unknown", "start: {zone: kitchen", "start: {zone: kitchn  #!\n  ", "start.zone",
         ("unknown zone 'kitchn'", "Did you mean 'kitchen'?")),
    Edit("two zones overlap", "doorways:\n", "  hall: {size: [1, 1]}  #!\n\ndoorways:\n", "zones.hall",
         ("lies over zone 'kitchen'",)),
    Edit("two things have one name", "{id: mug,", "{id: kettle,  #!\n    ", "objects[kettle].id", ("taken in line",)),
    Edit("a name is reserved", "{id: parcel,", "{id: agent,  #!\n   ", "objects[agent].id", ("reserved",)),
    Edit("a doorway is off its wall", "at: [3.25, 1.2]", "at: [2.0, 1.2]  #!\n   ", "doorways[arch].at",
         ("shared wall", "x = 3.2")),
    Edit("a doorway doesn't fit its wall", "at: [3.25, 1.2]", "at: [3.25, 0.2]  #!\n   ", "doorways[arch].at",
         ("doesn't fit", "y = 0 to 2.8")),
    Edit("a doorway joins a zone to itself", "zones: [kitchen, living]", "zones: [kitchen, kitchen]  #!\n   ",
         "doorways[arch].zones", ("itself",)),
    Edit("furniture is longer than its wall", "from: 0.2, to: 2.6", "from: 0.2, to: 3.6  #!\n   ",
         "furniture[counter].to", ("north wall", "3.2 m long")),
    Edit("a window is off its wall", "at: 1.6, width: 1.2", "at: 3.0, width: 1.2  #!\n       ",
         "zones.kitchen.windows[0]", ("north",)),
    Edit("a device is mounted off its wall", "{wall: east, at: 0.4", "{wall: east, at: 4  #!\n      ",
         "devices[plate].mount.at", ("east wall",)),
    Edit("a device stands on nothing", "{on: counter, at: [0.5,", "{on: conter  #!\n     , at: [0.5,",
         "devices[kettle].mount.on", ("unknown furniture", "Did you mean 'counter'?")),
    Edit("a device stands on another room's furniture", "{on: counter, at: [1.2,", "{on: table  #!\n     , at: [1.1,",
         "devices[radio].mount.on", ("table stands in living",)),
    Edit("a device stands off its furniture", "at: [1.2, 0.2]", "at: [1.2, 0.7]  #!\n     ", "devices[radio].mount.at",
         ("lies off counter", "0.6 m")),
    Edit("a lamp hangs outside its room", "mount: {ceiling: [1.6, 1.4]}", "mount: {ceiling: [5, 1.4]}  #!",
         "devices[spare].mount.ceiling", ("outside kitchen",)),
    Edit("a thing lies on something unknown", "on: counter, at: [1.6, 0.3]", "on: couter, at: [1.6, 0.3]  #!\n    ",
         "objects[mug].on", ("Did you mean 'counter'",)),
    Edit("a point is off its furniture", "at: [1.0, 0.3, 0]", "at: [1.0, 0.9, 0]  #!\n   ", "points.worktop.at",
         ("lies off counter",)),
    Edit("a point is over the ceiling", "at: [2.0, 1.0, 1.1]", "at: [2.0, 1.0, 3.1]  #!\n   ", "points.page.at",
         ("3.1 m above the floor", "2.5 m")),
    Edit("a point has a room's name", "  page: {zone: living", "  living: {zone: living  #!\n   ", "points.living",
         ("taken in line",)),
    Edit("a region is on nothing", "left: {on: table", "left: {on: tabel  #!\n   ", "regions.left.on",
         ("unknown furniture 'tabel'",)),
    Edit("a wire's end is unknown", "to: breakers.leak,", "to: braekers.leak,  #!\n    ", "wires[2].to",
         ("unknown device or zone 'braekers'", "Did you mean 'breakers'?")),
    Edit("a wire is there twice", "\nsums:\n", "  - {from: plate.gang_1, to: lamp.live}  #!\n\nsums:\n", "wires[3]",
         ("already is a wire",)),
    Edit("a device is fed twice", "breakers.circuit_1: [kettle, radio]",
         "breakers.circuit_1: [kettle, radio]\n  breakers.circuit_2: [kettle]  #!", "circuits.breakers.circuit_2[0]",
         ("already hangs on breakers.circuit_1",)),
    Edit("a person's zone is unknown", "name: anna\n    zone: living", "name: anna\n    zone: lving  #!",
         "people[anna].zone", ("Did you mean 'living'?",)),
    Edit("a jitter takes a device through a wall", "plate: {along: 0.1,", "plate: {along: 0.5,  #!\n      ",
         "variation.layout.jitter.plate", ("too far", "east wall")),
    Edit("devices of two rooms are swapped", "swap: [[kettle, radio]]", "swap: [[kettle, radio], [plate, lamp]]  #!",
         "variation.layout.swap[1]", ("one zone",)),
    Edit("an input to permute isn't wired", "permute: [[lamp.live, spare.live]]",
         "permute: [[lamp.live, spare.lve]]  #!",
         "variation.wiring.permute[0][1]", ("Did you mean 'spare.live'?",)),
    Edit("a surface is unknown", "kitchen.wall: [sage", "kitchen.walls: [sage  #!\n     ",
         "variation.colours.kitchen.walls",
         ("Did you mean 'kitchen.wall'",)),
    Edit("clutter would lie on a device", "along: [1.7, 2.4]", "along: [1.1, 1.5]  #!\n     ",
         "variation.clutter[0].along", ("radio stands there",)),
    Edit("clutter would lie on a thing", "along: [1.7, 2.4]", "along: [1.5, 2.4]  #!\n     ",
         "variation.clutter[0].along", ("mug lies there",)),
    Edit("clutter doesn't fit", "count: [0, 3]", "count: [0, 9]  #!\n    ", "variation.clutter[0].count",
         ("9 things", "don't fit")),
]  # fmt: skip

KINDS = [
    Edit("a kind is unknown", "id: plate\n    kind: light", "id: plate\n    kind: ligth  #!", "devices[plate].kind",
         ("unknown kind 'ligth'", "Did you mean 'light'?")),
    Edit("a model is unknown", "model: [steel, glass]", "model: [steel, glas]  #!", "devices[kettle].model",
         ("unknown model 'glas' of kettle", "Did you mean 'glass'?")),
    Edit("a model to draw is unknown", "radio: [walnut, red]", "radio: [walnut, rde]  #!\n     ",
         "variation.faces.models.radio", ("unknown model 'rde'",)),
    Edit("an option is unknown", "options: {fill: 1.7 l}", "options: {fil: 1.7 l}  #!", "devices[kettle].options.fil",
         ("unknown option", "Did you mean 'fill'?")),
    Edit("an option makes no sense", "id: plate\n    kind: light",
         "id: plate\n    options: {order: '11'}  #!\n    kind: light",
         "devices[plate].options", ("'11' must name gangs 1 and 2",)),
    Edit("an option to draw makes no sense", 'order: ["12", "21"]', 'order: ["12", "22"]  #!\n        ',
         "variation.wiring.options.plate.order[1]", ("'22' must name",)),
    Edit("a mount doesn't suit the kind", "mount: {ceiling: [1.6, 1.4]}", "mount: {floor: [1.6, 1.4]}  #!",
         "devices[spare].mount", ("a lamp is fixed on the ceiling", "not on the floor")),
    Edit("a label is of no control", "labels: {power:", "labels: {powr:  #!\n     ", "devices[radio].labels.powr",
         ("unknown control 'powr'", "Did you mean 'power'?")),
    Edit("an initial value is of no signal", "initial: {gang_1: false}", "initial: {gang_3: false}  #!",
         "devices[plate].initial.gang_3", ("unknown signal", "gang_1")),
    Edit("an initial value can't be", "initial: {gang_1: false}", "initial: {gang_1: up}  #!",
         "devices[plate].initial.gang_1", ("can't be 'up'", "false, true")),
    Edit("a wire comes from no signal", "from: radio.alarm", "from: radio.alram  #!\n   ", "wires[2].from",
         ("unknown signal 'alram' of radio", "Did you mean 'alarm'?")),
    Edit("a circuit feeds what takes no mains", "circuit_1: [kettle, radio]", "circuit_1: [kettle, plate]  #!\n   ",
         "circuits.breakers.circuit_1[1]", ("plate takes no mains",)),
    Edit("a breaker has no such circuit", "breakers.circuit_1: [kettle", "breakers.circuit_7: [kettle  #!\n   ",
         "circuits.breakers.circuit_7", ("unknown signal 'circuit_7'",)),
    Edit("a person waits for a value that can't be", "when: {plate.gang_1: true}", "when: {plate.gang_1: 1}  #!",
         "people[anna].when.plate.gang_1", ("can't be 1",)),
]  # fmt: skip


def bad(edit: Edit) -> tuple[str, int]:
    return edit.apply(FLAT)


@pytest.mark.parametrize("edit", SHAPES + REFERENCES, ids=lambda e: e.name)
def test_a_scene_is_refused_when(edit: Edit) -> None:
    text, line = bad(edit)
    with pytest.raises(SceneError) as caught:
        parse_scene(text, PATH)
    assert_one_problem(caught.value, edit, PATH, line)


@pytest.mark.parametrize("edit", KINDS, ids=lambda e: e.name)
def test_a_scene_asks_too_much_of_its_devices_when(edit: Edit, kinds: Mapping[str, KindInfo]) -> None:
    text, line = bad(edit)
    scene = parse_scene(text, PATH)
    with pytest.raises(SceneError) as caught:
        check(scene, kinds)
    assert_one_problem(caught.value, edit, PATH, line)


def test_the_good_scene_asks_nothing_its_devices_lack(flat, kinds: Mapping[str, KindInfo]) -> None:
    check(flat, kinds)
