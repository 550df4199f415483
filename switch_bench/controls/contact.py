"""Who can touch whom, and how surfaces and stops give. Bits of MuJoCo's `contype` and `conaffinity`.

A hand touches controls, statics and objects; objects touch each other, statics and controls. A control never touches
another control or the housing it sits in, so that a knob's skirt may lie in its panel. A hand doesn't touch itself.
"""

from __future__ import annotations

from typing import NamedTuple


class Bits(NamedTuple):
    """Two geoms meet if the contype of either shares a bit with the conaffinity of the other."""

    contype: int
    conaffinity: int


_HAND, _CONTROL, _STATIC, _OBJECT = 1, 2, 4, 8

NONE = Bits(0, 0)
HAND = Bits(_HAND, 0)
CONTROL = Bits(_CONTROL, _HAND)
STATIC = Bits(_STATIC, _HAND)
OBJECT = Bits(_OBJECT, _HAND | _CONTROL | _STATIC | _OBJECT)
SKIN = Bits(0, _HAND)  # of a round loose thing: the hand feels it round, while it stands on its
FOOT = Bits(_OBJECT, _CONTROL | _STATIC | _OBJECT)  # square foot: a cylinder on an edge or a disc never comes to rest

CREEP = 1e6  # N·s/m or N·m·s/rad: against what soft dry friction would creep under a hand's push, 25 µm/s at most
STUCK = 100.0  # N or N·m: dry friction of a jammed mechanism, beyond what the 25 N hand overcomes

# Contact: as stiff as 5 ms steps allow (the time constant may not be under two steps).
SOLREF = (0.01, 1.0)
SOLIMP = (0.95, 0.99, 0.001, 0.5, 2.0)
# Stops and locks: an impedance of 0.9999 keeps 25 N on a key of 20 g within 0.02 mm of its stop.
STOP_SOLREF = (0.01, 1.0)
STOP_SOLIMP = (0.999, 0.9999, 0.001, 0.5, 2.0)

# A cushion at a stop: a one-sided damper that stiffens over its depth to the stop's own impedance. Without one, a hand
# at 0.4 m/s goes 2 mm past a stop within one 5 ms step before the stop is felt. As light as keeps 25 N at full speed
# within 10 % of a 3 mm travel; measured: a press of 5 N still closes a contact in 0.1 s.
CUSHION_DAMPING = 200.0  # 1/s: one over the time step, which stops a heavy body in one step
CUSHION_SOLIMP = (0.9, 0.9999)  # impedance at the cushion's beginning and end
CUSHION_MIDPOINT, CUSHION_POWER = 0.2, 2.0
CUSHION_GAP = 3e-4  # 1 − impedance at which a cushion bears the hardest push

PAD_FRICTION = (1.0, 0.01, 0.001)  # of fingertips: 1 mm of rolling resistance, else a held knob rolls back between them
FRICTION = (1.0, 0.01, 0.0001)  # sliding, torsional [m], rolling [m]: rubber or skin on dry plastic
