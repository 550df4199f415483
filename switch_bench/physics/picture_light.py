"""How bright things look under how much light."""

FULL = 220.0  # lx that shows a surface as bright as it is painted


def brightness(lux: float) -> float:
    """How bright a surface looks, 0..1.15, under `lux` [lx]; nearly linear, so that spilled light stays faint."""
    return min(1.15, max(0.0, lux / FULL) ** 0.9)
