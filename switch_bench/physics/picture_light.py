"""How bright things look under how much light."""

FULL = 220.0  # lx under which a surface looks as bright as it is painted
KNEE = 0.05  # share of FULL, squared, at which it looks half so bright


def brightness(lux: float) -> float:
    """How bright a surface looks, 0..1.1, under `lux` [lx].

    A camera's exposure in one curve: by daylight and by lamps a room is bright, while light spilled through a doorway
    (a few lux) leaves it dark.
    """
    x = max(0.0, lux / FULL)
    return 1.1 * x * x / (x * x + KNEE)
