"""Each of these tasks has one thing wrong, and the error says which, where, and what was expected."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from spec_edits import Edit, assert_one_problem
from spec_files import LIGHT_ON

from switch_bench.spec.check import KindInfo, check_task
from switch_bench.spec.errors import TaskError
from switch_bench.spec.in_scene import fit
from switch_bench.spec.load import parse_task
from switch_bench.spec.scene import Scene

PATH = "tasks/home/light_on-v1.yaml"
GOAL = "eventually[0, 120 s](lamp.lit and living.illuminance > 100 lx)"

SHAPES = [
    Edit("the goal is missing", f"goal: {GOAL}\n", "", "goal", ("missing", "Expected a formula")),
    Edit("the goal is empty", f"goal: {GOAL}", "goal:  #!", "goal", ("expected a formula", "nothing")),
    Edit("the level is too high", "level: 3", "level: 6  #!", "level", ("at most 5", "6")),
    Edit("the level is a text", "level: 3", "level: three  #!", "level", ("whole number", "'three'")),
    Edit("an ability is unknown", "[ui_grounding, result", "[ui_groundin  #!\n  , result", "abilities[0]",
         ("Did you mean 'ui_grounding'?",)),
    Edit("an ability is there twice", "result_verification]", "ui_grounding]  #!", "abilities",
         ("'ui_grounding' is there twice",)),
    Edit("there are no abilities", "abilities: [ui_grounding, result_verification]", "abilities: []  #!", "abilities",
         ("at least 1",)),
    Edit("the split isn't one", "split: val", "split: dev  #!", "split", ("train, val, test",)),
    Edit("the horizon is none", "horizon: 3 min", "horizon: 0 s  #!", "horizon", ("more than 0",)),
    Edit("the horizon is a length", "horizon: 3 min", "horizon: 3 m  #!", "horizon", ("expected a time", "length",
         "'min'")),
    Edit("a stream is pinned at a word", "layout: 0", "layout: fixed  #!", "variation.layout", ("`vary`", "'fixed'")),
    Edit("a stream is pinned below 0", "layout: 0", "layout: -1  #!", "variation.layout", ("0 or more",)),
    Edit("a declared stream has a wrong key", "    daylight: {living: [0, 5]}", "    dayligt: {living: [0, 5]}  #!",
         "variation.light.dayligt", ("Did you mean 'daylight'?",)),
    Edit("a required control is a pattern with a space", "required: [plate.gang_1]", "required: [plate gang_1]  #!",
         "required[0]", ("<owner>.<name>",)),
    Edit("a pattern has a space", "forbidden: [kettle.*]", "forbidden: [kettle *]  #!", "forbidden[0]", ("kettle.*",)),
    Edit("something is both allowed and forbidden", "forbidden: [kettle.*]", "forbidden: [plate.*]  #!", "forbidden[0]",
         ("both allowed and forbidden",)),
    Edit("a feasible task has disconfirming evidence", "title: Light", "disconfirming: [living]\ntitle: Light", "",
         ("isn't feasible",)),
    Edit("an infeasible task has none", "title: Light", "feasible: false\ntitle: Light", "", ("needs `disconfirming`",
         )),
    Edit("feasible is a word", "title: Light", "feasible: maybe  #!\ntitle: Light", "feasible", ("true or false",)),
    Edit("a paraphrase repeats another", "  - Make it bright in the living room.\n",
         "  - Make it bright in the living room.\n  - Make it bright in the living room.  #!\n", "paraphrases[1]",
         ("same words",)),
    Edit("a step has no verb", "  - goto: plate", "  - went: plate  #!", "solution[0]", ("one of the verbs press, turn",
         )),
    Edit("a step's verb is misspelt", "  - goto: plate", "  - gto: plate  #!", "solution[0]", ("Did you mean 'goto'?",
         )),
    Edit("a step has two verbs", "  - goto: plate", "  - {goto: plate, look: plate}  #!", "solution[0]",
         ("one verb", "goto and look")),
    Edit("a step is a word", "  - goto: plate", "  - goto  #!", "solution[0]", ("such as `press: kettle.lever`",)),
    Edit("a step has an unknown key beside its verb", "to: on, required", "too: on,  #!\n     required",
         "solution[1].too",
         ("Did you mean 'to'?",)),
    Edit("a step has an unknown key below its verb", "press: {control: plate.gang_2, to: on}",
         "press: {control: plate.gang_2, at: on}  #!", "near_misses[other_gang].plan[0].press.at",
         ("unknown key", "control, required, to")),
    Edit("a step says something twice", "- press: {control: plate.gang_2, to: on}",
         "- {press: {control: plate.gang_2, to: on}, to: off}  #!", "near_misses[other_gang].plan[0]",
         ("beside and below",)),
    Edit("a turn has nothing to turn to", "turn: {control: radio.volume, to: 5}", "turn: radio.volume  #!",
         "near_misses[without_looking].plan[3].to", ("missing", "the value to turn it to")),
    Edit("a hold has no time", "hold: {control: radio.power, for: 2 s}", "hold: {control: radio.power}  #!",
         "near_misses[without_looking].plan[1].hold.for", ("missing", "how long")),
    Edit("a hold's time has a wrong unit", "for: 2 s", "for: 2 sec  #!\n       ",
         "near_misses[without_looking].plan[1].hold.for",
         ("unknown unit 'sec'",)),
    Edit("a wait is for ever", "at_most: 10 s", "until: true  #!\n   ", "solution[4].wait.until", ("twice",)),
    Edit("a wait has no end", "wait: {until: lamp.lit, at_most: 10 s}", "wait: {until: lamp.lit}  #!", "solution[4]",
         ("`until` and `at_most` go together",)),
    Edit("a wait says neither time nor condition", "wait: {until: lamp.lit, at_most: 10 s}", "wait: {}  #!",
         "solution[4]",
         ("either a time or `until`",)),
    Edit("a look is at no name", "look: lamp", "look: lamp..on  #!", "solution[3].look", ("a signal it shows",)),
    Edit("a report says something else", "look: lamp\n  - wait: {until: lamp.lit, at_most: 10 s}\n  - report: done",
         "look: lamp\n  - report: finished  #!", "solution[4].report", ("done, impossible", "'finished'")),
    Edit("a near miss fails in no part", "fails: temporal", "fails: temporly  #!", "near_misses[other_gang].fails",
         ("Did you mean 'temporal'?",)),
    Edit("two near misses have one name", "name: without_looking", "name: other_gang  #!",
         "near_misses[other_gang].name",
         ("twice",)),
]  # fmt: skip

REFERENCES = [
    Edit("it asks for an effect in an unknown zone", "where: [living]", "where: [lving]  #!", "where[0]",
         ("unknown zone", "Did you mean 'living'?")),
    Edit("it requires a control of an unknown device", "required: [plate.gang_1]", "required: [plat.gang_1]  #!",
         "required[0]", ("unknown device 'plat'", "Did you mean 'plate'?")),
    Edit("its evidence is of nothing", "[lamp.lit, living]", "[lamp.lit, attic]  #!",
         "evidence.physical_world_state[1]", ("unknown zone 'attic'",)),
    Edit("it sets a signal of nothing", "signals: {plate.gang_1: false}", "signals: {plte.gang_1: false}  #!",
         "setup.signals.plte.gang_1", ("Did you mean 'plate'?",)),
    Edit("it breaks an unknown device", "{device: kettle", "{device: ketle  #!\n     ", "setup.faults[ketle].device",
         ("Did you mean 'kettle'?",)),
    Edit("its person has the name of a device", "{name: ben,", "{name: lamp,  #!\n     ", "setup.people[lamp].name",
         ("taken in the scene",)),
    Edit("its object is where nothing is", "on: table, at: [0.2, 0.2]", "on: tabel, at: [0.2, 0.2]  #!\n    ",
         "setup.objects[mug].on", ("Did you mean 'table'?",)),
    Edit("it starts outside its room", "at: [1.0, 1.0]", "at: [9.0, 1.0]  #!\n    ", "setup.start.at",
         ("outside kitchen",)),
    Edit("it varies an unknown zone's light", "daylight: {living: [0, 5]}", "daylight: {livin: [0, 5]}  #!",
         "variation.light.daylight.livin", ("Did you mean 'living'?",)),
    Edit("a plan goes nowhere", "  - goto: living", "  - goto: lving  #!", "solution[2].goto",
         ("Did you mean 'living'?",)),
    Edit("a plan looks at nothing", "  - look: lamp", "  - look: lmp  #!", "solution[3].look", ("Did you mean 'lamp'?",
         )),
    Edit("a plan works on nothing", "- press: {control: plate.gang_2,", "- press: {control: pate.gang_2,  #!\n       ",
         "near_misses[other_gang].plan[0].press", ("Did you mean 'plate'?",)),
]  # fmt: skip

KINDS = [
    Edit("a required control isn't one", "required: [plate.gang_1]", "required: [plate.gang_9]  #!", "required[0]",
         ("unknown control 'gang_9' of plate", "gang_1")),
    Edit("a required control is only a lamp", "required: [plate.gang_1]", "required: [lamp.lit]  #!", "required[0]",
         ("unknown control 'lit' of lamp",)),
    Edit("a signal is set to what it can't be", "signals: {plate.gang_1: false}", "signals: {plate.gang_1: 2}  #!",
         "setup.signals.plate.gang_1", ("can't be 2", "false, true")),
    Edit("a fault is unknown", "fault: boil_dry", "fault: boil_dri  #!\n     ", "setup.faults[kettle].fault",
         ("unknown fault 'boil_dri'", "Did you mean 'boil_dry'?")),
    Edit("a pattern matches nothing", "forbidden: [kettle.*]", "forbidden: [ketle.*]  #!", "forbidden[0]",
         ("matches no signal",)),
    Edit("evidence is of no signal", "ui_signal: [plate.gang_1]", "ui_signal: [plate.gang]  #!",
         "evidence.ui_signal[0]", ("unknown signal 'gang' of plate", "Did you mean")),
    Edit("the goal names no signal", f"goal: {GOAL}", "goal: eventually(lamp.lt)  #!", "goal",
         ("unknown signal 'lt' of lamp", "Did you mean 'lit'?")),
    Edit("the goal names no field of a zone", f"goal: {GOAL}", "goal: eventually(living.iluminance > 100 lx)  #!",
         "goal",
         ("unknown signal 'iluminance'", "Did you mean 'illuminance'?")),
    Edit("a formula that must never hold names no signal", 'kettle.lever == "on"', 'kettle.levr == "on"  #!',
         "never[0]",
         ("Did you mean 'lever'?",)),
    Edit("a wait is for no signal", "until: lamp.lit", "until: lamp.lite  #!\n     ", "solution[4].wait.until",
         ("Did you mean 'lit'?",)),
    Edit("a knob is turned to a number", "turn: {control: radio.volume, to: \"5\"}",
         "turn: {control: radio.volume, to: 5}  #!",
         "near_misses[without_looking].plan[3].turn", ('Put quotes round it: "5"',)),
    Edit("a slider is moved off its scale", "to: low", "to: middle  #!\n       ",
         "near_misses[without_looking].plan[4].slide",
         ("can't be 'middle'", "'low', 'high'")),
    Edit("a key isn't on the keypad", "keys: [1, 2, start]", "keys: [1, 2, strt]  #!\n       ",
         "near_misses[without_looking].plan[2].type.keys", ("unknown key 'strt'", "Did you mean 'start'?")),
    Edit("a keypad isn't there", "control: radio.pad", "control: radio.pd  #!\n       ",
         "near_misses[without_looking].plan[2].type", ("no keypad 'pd'",)),
    Edit("a widget isn't on the screen", "widget: alarm", "widget: alrm  #!\n       ",
         "near_misses[without_looking].plan[7].touch", ("can't be 'alrm'", "'alarm'")),
    Edit("a plan looks at what can't be seen", "  - look: lamp", "  - look: lamp.live  #!", "solution[3].look",
         ("unknown sight 'live' of lamp",)),
    Edit("what is opened is no door", "- open: kettle.lid", "- open: kettle.lever  #!",
         "near_misses[without_looking].plan[5].open", ("can't be 'open'",)),
]  # fmt: skip

GOOD = LIGHT_ON.replace("to: 5}", 'to: "5"}')


@pytest.mark.parametrize("edit", SHAPES, ids=lambda e: e.name)
def test_a_task_is_refused_when(edit: Edit) -> None:
    text, line = edit.apply(LIGHT_ON)
    with pytest.raises(TaskError) as caught:
        parse_task(text, PATH)
    assert_one_problem(caught.value, edit, PATH, line)


@pytest.mark.parametrize("edit", REFERENCES, ids=lambda e: e.name)
def test_a_task_does_not_fit_its_scene_when(edit: Edit, flat: Scene) -> None:
    text, line = edit.apply(LIGHT_ON)
    task = parse_task(text, PATH)
    with pytest.raises(TaskError) as caught:
        fit(task, flat)
    assert_one_problem(caught.value, edit, PATH, line)


@pytest.mark.parametrize("edit", KINDS, ids=lambda e: e.name)
def test_a_task_asks_too_much_of_the_devices_when(edit: Edit, flat: Scene, kinds: Mapping[str, KindInfo]) -> None:
    text, line = edit.apply(GOOD)
    task = parse_task(text, PATH)
    with pytest.raises(TaskError) as caught:
        check_task(task, flat, kinds)
    assert_one_problem(caught.value, edit, PATH, line)


def test_the_good_task_asks_nothing_the_devices_lack(flat: Scene, kinds: Mapping[str, KindInfo]) -> None:
    check_task(parse_task(GOOD, PATH), flat, kinds)


def test_all_problems_of_a_file_are_told_at_once() -> None:
    text = (
        LIGHT_ON.replace("level: 3", "level: 7").replace("split: val", "split: vla").replace("goto: plate", "go: plate")
    )
    with pytest.raises(TaskError) as caught:
        parse_task(text, PATH)
    assert [p.where for p in caught.value.problems] == ["level", "split", "solution[0]"]
    assert str(caught.value).count("\n") == 2
