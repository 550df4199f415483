"""The packets that radio remotes send: one str value a packet, numbered so that the same command twice is two
packets."""

from __future__ import annotations

from typing import NamedTuple


class Packet(NamedTuple):
    """One radio message: whose it is, what it asks, and its number."""

    sender: str
    command: str
    number: int


def write(packet: Packet) -> str:
    """The packet as a signal's value."""
    return f"{packet.sender} {packet.command} {packet.number}"


def read(value: object) -> Packet | None:
    """The packet in a signal's value; None for anything that isn't one ("": none was sent yet)."""
    words = str(value).split()
    if len(words) != 3 or not words[2].isdecimal():
        return None
    return Packet(words[0], words[1], int(words[2]))
