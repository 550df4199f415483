"""Loose things: free bodies of a few geoms, at rest where they lie, asleep until something touches them."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, sin

import mujoco

from switch_bench.physics.draft import Draft, Recipe
from switch_bench.spec.things import Loose

# shape, half size [m], centre above the ground [m], material
Geom = tuple[str, Sequence[float], Sequence[float], str]
MUG = ("cylinder", (0.041, 0.047), (0, 0, 0.047), "ceramic")
HANDLE = ("box", (0.018, 0.006, 0.028), (0.055, 0, 0.05), "ceramic")
FOOT = ("cylinder", (0.040, 0.012), (0, 0, 0.012), "ceramic")
BOWL = ("cylinder", (0.080, 0.024), (0, 0, 0.048), "ceramic")
PAN = ("cylinder", (0.115, 0.025), (0, 0, 0.025), "steel_dark")
PAN_HANDLE = ("box", (0.09, 0.012, 0.008), (0.20, 0, 0.042), "black")
BOOK = ("box", (0.085, 0.12, 0.014), (0, 0, 0.014), "fabric_blue")
BOX = ("box", (0.09, 0.06, 0.11), (0, 0, 0.11), "cardboard")
BOTTLE = ("cylinder", (0.036, 0.10), (0, 0, 0.10), "glass_smoked")
NECK = ("cylinder", (0.014, 0.045), (0, 0, 0.245), "glass_smoked")
POT = ("cylinder", (0.06, 0.055), (0, 0, 0.055), "copper")
LEAVES = ("ellipsoid", (0.10, 0.10, 0.11), (0, 0, 0.21), "leaf")
THINGS: dict[str, tuple[float, tuple[Geom, ...]]] = {  # mass [kg], geoms
    "mug": (0.32, (MUG, HANDLE)),
    "bowl": (0.40, (FOOT, BOWL)),
    "pan": (1.1, (PAN, PAN_HANDLE)),
    "book": (0.5, (BOOK,)),
    "box": (0.4, (BOX,)),
    "bottle": (0.7, (BOTTLE, NECK)),
    "plant": (1.2, (POT, LEAVES)),
}


def add_object(draft: Draft, thing: Loose, zone: str, at: tuple[float, float, float], turn: float) -> str:
    """Add a loose thing standing at `at` [m], turned by `turn` [rad]; returns its body's name."""
    mass, geoms = THINGS[thing.kind]
    body = draft.spec.worldbody.add_body(
        name=thing.id, pos=[at[0], at[1], at[2]], quat=[cos(turn / 2), 0.0, 0.0, sin(turn / 2)]
    )
    body.add_freejoint(name=f"{thing.id}/free")
    body.sleep = mujoco.mjtSleepPolicy.mjSLEEP_INIT
    for i, (shape, size, centre, material) in enumerate(geoms):
        name = f"{thing.id}/{i}"
        recipe = Recipe(material=thing.colour or material)
        draft.geom(body, zone, shape, size, centre, recipe=recipe, name=name, moving=True)
        draft.spec.geom(name).mass = mass / len(geoms)
    return thing.id
