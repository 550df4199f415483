"""Words for what a home has: each with the names and kinds of which one must be in the room if it is named.

Words for devices and rooms that no scene has stand here too, so that naming them is noticed.
"""

from __future__ import annotations

_SWITCH = ("rocker", "button", "knob", "lever", "slider")

_ROOMS = {
    "kitchen": "kitchen galley_kitchen",
    "living room": "living",
    "hall": "hall",
    "stairwell": "stairwell",
    "landing": "landing",
    "utility room": "utility",
    "stairs": "stairwell landing stair_light",
    "bathroom": "bathroom",
    "bedroom": "bedroom",
    "cellar": "cellar",
    "garage": "garage",
    "garden": "garden",
    "office": "office",
    "attic": "attic",
    "balcony": "balcony",
    "corridor": "corridor hall",
    "study": "study",
    "nursery": "nursery",
    "lift": "lift elevator",
}

_DEVICES = {
    "air conditioner": "air_conditioner",
    "alarm clock": "alarm_clock",
    "blender": "blender",
    "blind": "blind",
    "boiler": "gas_boiler",
    "breaker": "breaker_panel",
    "breaker panel": "breaker_panel",
    "ceiling light": "ceiling_light two_way_light dimmer_light",
    "coffee machine": "coffee_machine",
    "computer": "computer",
    "curtain": "curtain",
    "dimmer": "dimmer_light",
    "dishwasher": "dishwasher",
    "doorbell": "street_door intercom",
    "dryer": "tumble_dryer",
    "extractor hood": "hood",
    "fan": "fan",
    "freezer": "freezer",
    "fridge": "fridge",
    "fuse": "breaker_panel",
    "hob": "gas_hob",
    "home panel": "home_panel",
    "intercom": "intercom",
    "iron": "iron",
    "kettle": "kettle",
    "lamp": "ceiling_light two_way_light dimmer_light stair_light smart_bulb",
    "light": "ceiling_light two_way_light dimmer_light stair_light smart_bulb",
    "light switch": "ceiling_light two_way_light dimmer_light stair_light wall_switch",
    "main switch": "breaker_panel",
    "microwave": "microwave",
    "oven": "oven",
    "phone": "phone",
    "printer": "printer",
    "projector": "projector",
    "radiator": "radiator",
    "radio": "radio radio_remote",
    "remote": "radio_remote",
    "robot vacuum": "robot_vacuum",
    "smoke alarm": "smoke_alarm",
    "socket": "breaker_panel kettle microwave",
    "sofa lamp": "sofa_lamp",
    "speaker": "speaker",
    "street door": "street_door",
    "television": "television",
    "thermostat": "thermostat_digital thermostat_dial radiator",
    "toaster": "toaster",
    "touch panel": "touchscreen",
    "touch screen": "touchscreen",
    "tumble dryer": "tumble_dryer",
    "tv": "television",
    "vacuum cleaner": "vacuum_cleaner",
    "washer": "washing_machine",
    "washing machine": "washing_machine",
}

_PARTS = {
    "burner": "gas_hob",
    "dial": "knob pushturnknob",
    "door": "door street_door flat_door kitchen_door living_door landing_door",
    "flame": "gas_hob gas_boiler",
    "key": "button keypad rocker",
    "knob": "knob pushturnknob",
    "lever": "lever",
    "lid": "door",
    "rocker": "rocker",
    "slider": "slider",
    "valve": "radiator gas_hob gas_boiler",
}

_FURNITURE = {
    "armchair": "armchair",
    "bed": "bed",
    "bookshelf": "bookshelf shelf",
    "chair": "chair",
    "counter": "counter",
    "cupboard": "wall_cabinet base_cabinet tall_cabinet",
    "desk": "desk",
    "drawer": "drawer base_cabinet",
    "plant": "plant",
    "rug": "rug",
    "shelf": "shelf",
    "sink": "sink",
    "sofa": "sofa",
    "table": "table",
    "wardrobe": "wardrobe tall_cabinet",
    "worktop": "counter",
}

_THINGS = {
    "book": "book",
    "bottle": "bottle",
    "bowl": "bowl",
    "box": "box",
    "cup": "mug cup",
    "glass": "glass",
    "mug": "mug",
    "pan": "pan",
    "plate": "plate",
    "pot": "pot",
}

_BY_MECHANISM = {"switch": _SWITCH, "button": ("button", "keypad", "touchscreen", "rocker")}

NEEDS: dict[str, tuple[str, ...]] = {
    word: tuple(names.split())
    for words in (_ROOMS, _DEVICES, _PARTS, _FURNITURE, _THINGS)
    for word, names in words.items()
} | _BY_MECHANISM
"""Word or phrase, in the singular → names and kinds (of rooms, devices, furniture, things, controls), one of which must
be there."""

VERBS = frozenset({"book", "box", "dial", "fan", "iron", "key", "lift", "light", "phone", "plant", "study", "switch"})
"""Those of them that are verbs too."""
