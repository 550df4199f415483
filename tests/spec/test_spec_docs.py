"""The documentation of scene and task files says of every key what the models say, with an example that is accepted."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from switch_bench.spec import people, places, rooms, scene, steps, task, things, vary
from switch_bench.spec.fields import Spec, keys
from switch_bench.spec.load import parse_task

DOCS = Path(__file__).parents[2] / "docs"

SECTIONS: dict[str, dict[str, type[Spec]]] = {
    "scenes.md": {
        "The file": scene.Scene,
        "Zones": rooms.Zone,
        "Windows": rooms.Window,
        "Doorways": rooms.Doorway,
        "Furniture": rooms.Furniture,
        "Devices": things.Device,
        "Mount: on a wall": things.OnWall,
        "Mount: on furniture": things.OnTop,
        "Mount: built in": things.BuiltIn,
        "Mount: on the ceiling": things.OnCeiling,
        "Mount: on the floor": things.OnFloor,
        "Objects": things.Loose,
        "Points": places.Spot,
        "Regions": places.Region,
        "Wires": things.Wire,
        "Sums": things.Sum,
        "People and schedules": people.Schedule,
        "Acts: set": people.SetAct,
        "Acts: press": people.PressAct,
        "Start": rooms.Start,
        "View": rooms.ThirdPerson,
        "Variation": vary.Variation,
        "Layout": vary.LayoutVariation,
        "Jitter": vary.Jitter,
        "Faces": vary.FacesVariation,
        "Wiring": vary.WiringVariation,
        "Clutter": vary.Clutter,
        "Light": vary.LightVariation,
    },
    "tasks.md": {
        "The file": task.Task,
        "Variation": task.TaskVariation,
        "Setup": task.Setup,
        "Faults": task.InjectedFault,
        "Evidence": task.Evidence,
        "Near misses": task.NearMiss,
        **{f"Step: {verb}": step for verb, step in steps.VERBS.items()},
    },
}
CASES = [(file, heading) for file, sections in SECTIONS.items() for heading in sections]


def section(file: str, heading: str) -> str:
    parts = re.split(r"^##+ ", (DOCS / file).read_text(), flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(f"{heading}\n"))


def rows(file: str, heading: str) -> dict[str, list[str]]:
    """The rows of the section's last table by key: meaning, default, example."""
    table = section(file, heading).split("| key |")[1]
    cells = [re.split(r"(?<!\\) \| ", line.strip("| ")) for line in table.splitlines()[2:] if line.startswith("| `")]
    return {key.strip("`"): rest for key, *rest in cells}


@pytest.mark.parametrize(("file", "heading"), CASES, ids=lambda part: part)
def test_a_table_has_every_key_with_its_meaning(file: str, heading: str) -> None:
    model = SECTIONS[file][heading]
    told = {key: row[0].lower() for key, row in rows(file, heading).items()}
    assert told == {key: meaning.lower() for key, meaning in keys(model).items()}


@pytest.mark.parametrize(("file", "heading"), CASES, ids=lambda part: part)
def test_a_table_has_the_defaults_and_examples_that_are_accepted(file: str, heading: str) -> None:
    model = SECTIONS[file][heading]
    required = {field.alias or name for name, field in model.model_fields.items() if field.is_required()}
    for key, (_, default, example) in rows(file, heading).items():
        assert (default == "required") == (key in required), key
        values = [YAML(typ="safe", pure=True).load(example.strip("`"))]
        if default not in ("required", "none"):
            values.append(YAML(typ="safe", pure=True).load(f'"{default}"' if ":" in default else default))
        for value in values:
            with pytest.raises(ValidationError) as caught:
                model.model_validate({key: value, "no such key": None})
            assert [error["loc"] for error in caught.value.errors() if key in error["loc"][:1]] == []


def test_defaults_are_told_as_they_are() -> None:
    for file, heading in CASES:
        model = SECTIONS[file][heading]
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        for key, (_, default, _) in rows(file, heading).items():
            value = fields[key].get_default(call_default_factory=True)
            if isinstance(value, float):
                assert float(default) == value, f"{heading}: {key}"
            elif isinstance(value, bool | str) and value:
                assert default == str(value).lower(), f"{heading}: {key}"


def test_the_furniture_table_has_the_usual_sizes() -> None:
    table = re.findall(
        r"^\| (\w+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", section("scenes.md", "Furniture"), re.M
    )
    assert {kind: tuple(map(float, sizes)) for kind, *sizes in table} == dict(rooms.STATURE)


def test_the_task_shown_is_accepted() -> None:
    block = re.search(r"(?:^    .*\n)+", (DOCS / "tasks.md").read_text(), re.MULTILINE)
    assert block is not None
    made = parse_task(dedent(block[0]))
    assert made.required == ("kettle.lever",)


def test_every_verb_is_in_the_table_of_steps() -> None:
    shown = re.findall(r"^\| `(\w+)` \| [^|]+ \| [^|]+ \| `(.+)` \|$", section("tasks.md", "Steps"), re.MULTILINE)
    assert [verb for verb, _ in shown] == list(steps.VERBS)
    for verb, example in shown:
        assert steps.read_step(YAML(typ="safe", pure=True).load(example)).verb == verb
