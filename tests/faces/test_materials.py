"""Materials tile without seams, differ by seed, and say what comes close to a wrong name."""

import numpy as np
import pytest

from switch_bench.faces.materials import UnknownMaterialError, material, names

TEXTURED = ["oak", "walnut", "tiles", "stone", "steel", "plaster", "carpet", "parquet", "linoleum", "fabric"]


@pytest.mark.parametrize("name", TEXTURED)
def test_a_texture_is_seamless(name):
    texture = material(name).texture.astype(int)
    assert texture.shape[0] == texture.shape[1] in (256, 512)
    for axis in (0, 1):
        steps = np.abs(np.diff(texture, axis=axis)).mean(axis=(1 - axis, 2))
        seam = np.abs(np.take(texture, 0, axis) - np.take(texture, -1, axis)).mean()
        assert seam <= steps.max() * 1.3


@pytest.mark.parametrize("name", ["oak", "parquet", "plaster"])
def test_another_seed_is_another_piece_of_the_same_stuff(name):
    a, b = material(name, 1).texture.astype(int), material(name, 2).texture.astype(int)
    assert not np.array_equal(a, b)
    assert np.abs(a.mean((0, 1)) - b.mean((0, 1))).max() < 12


def test_the_same_seed_is_the_same_picture():
    material.cache_clear()
    first = material("stone", 3).texture
    material.cache_clear()
    assert np.array_equal(first, material("stone", 3).texture)


def test_every_material_is_within_range():
    for name in names():
        row = material(name)
        assert all(0 <= v <= 1 for v in (*row.rgba, row.specular, row.shininess, row.reflectance, row.emission)), name
        assert all(s > 0 for s in row.size)


def test_the_names_declarations_use_exist():
    wanted = {"white", "black", "grey", "steel", "chrome", "glass", "glass_dark", "enamel", "lens", "plastic_white"}
    assert wanted <= set(names())


def test_a_wrong_name_gets_a_hint():
    with pytest.raises(UnknownMaterialError, match="walnut"):
        material("wallnut")
