"""Units in formulas: a dimension and a factor to its base unit. Temperatures are degC; K is a difference of them."""

from __future__ import annotations

UNITS: dict[str, tuple[str, float]] = {
    "s": ("time", 1.0),
    "ms": ("time", 1e-3),
    "us": ("time", 1e-6),
    "min": ("time", 60.0),
    "h": ("time", 3600.0),
    "d": ("time", 86400.0),
    "degC": ("temperature", 1.0),
    "°C": ("temperature", 1.0),
    "K": ("temperature", 1.0),
    "lx": ("illuminance", 1.0),
    "W": ("power", 1.0),
    "mW": ("power", 1e-3),
    "kW": ("power", 1e3),
    "J": ("energy", 1.0),
    "kJ": ("energy", 1e3),
    "Wh": ("energy", 3600.0),
    "kWh": ("energy", 3.6e6),
    "%": ("share", 0.01),
    "m": ("length", 1.0),
    "cm": ("length", 1e-2),
    "mm": ("length", 1e-3),
    "rad": ("angle", 1.0),
    "deg": ("angle", 0.017453292519943295),  # π/180
    "kg": ("mass", 1.0),
    "g": ("mass", 1e-3),
    "l": ("volume", 1.0),
    "ml": ("volume", 1e-3),
    "V": ("voltage", 1.0),
    "A": ("current", 1.0),
    "N": ("force", 1.0),
    "Pa": ("pressure", 1.0),
    "kPa": ("pressure", 1e3),
    "bar": ("pressure", 1e5),
    "Hz": ("frequency", 1.0),
    "rpm": ("frequency", 1 / 60),
    "dB": ("loudness", 1.0),
}

MICROSECONDS = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}


def dimension(unit: str) -> tuple[str, float]:
    """(dimension, factor to the base unit). A unit not known here is a dimension of its own; "" is ("", 1)."""
    if not unit:
        return "", 1.0
    return UNITS.get(unit, (f"[{unit}]", 1.0))
