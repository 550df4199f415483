"""An instruction against its room."""

import pytest

from switch_bench.evaluate.audit_lexicon import NEEDS, VERBS
from switch_bench.evaluate.audit_words import missing, named
from switch_bench.spec.find import load_task
from switch_bench.world.cast import room_for


@pytest.fixture(scope="module")
def kitchen():
    """What is in the galley kitchen."""
    from switch_bench.evaluate.surroundings import of_room

    return of_room(room_for(load_task("kitchen.boil_water-v1"), variation="none"))


def asked(words):
    return load_task("kitchen.boil_water-v1").model_copy(update={"instruction": words, "paraphrases": ()})


@pytest.mark.parametrize(
    ("words", "lacking"),
    [
        ("Bring the water in the kettle to the boil.", ()),
        ("Start the dishwasher.", ("dishwasher",)),
        ("Start the washing machine and then the kettle.", ("washing machine",)),
        ("Turn off both ovens.", ()),
        ("Switch the light in the bedroom off.", ("bedroom",)),
        ("Use the thermostat, not the knob on the oven.", ("thermostat",)),
        ("Put the mug on the sofa.", ("sofa",)),
    ],
)
def test_what_the_room_lacks_is_told(kitchen, words, lacking):
    assert missing(asked(words), kitchen) == lacking


def test_paraphrases_count(kitchen):
    task = asked("Boil water.").model_copy(update={"paraphrases": ("Use the toaster.", "Use the toasters.")})
    assert missing(task, kitchen) == ("toaster",)


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Switch on the lamps.", ["lamp"]),
        ("Press the switch.", ["switch"]),
        ("The breaker panel has breakers.", ["breaker panel", "breaker"]),
        ("Light the front left burner.", ["burner"]),
        ("the living-room light", ["living room", "light"]),
    ],
)
def test_a_text_names_things(text, things):
    assert named(text) == things


def test_the_room_is_known_by_its_devices_furniture_things_and_controls(kitchen):
    assert {"kitchen", "gas_hob", "hob", "counter", "mug", "knob", "keypad"} <= kitchen.has
    assert kitchen.here == "kitchen"
    assert set(kitchen.near) == {"light", "oven", "hob", "kettle", "microwave"}


def test_words_that_are_verbs_too_are_in_the_lexicon():
    assert NEEDS.keys() >= VERBS
