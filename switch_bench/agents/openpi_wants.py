"""What is sent to a policy, as its address and its server's metadata have it between them.

openpi's servers send their metadata when a client connects; what stands in it is left to them. These keys are
understood, all others are passed over: `keys` (the names of what it wants; `seed` among them is a seed for its own
draws), `image_size` ([width, height] px), `replan` (so many actions of a chunk are meant to be carried out),
`action_dim` (12), `act` ("delta_pose") and `control_hz` (20).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from switch_bench.agents.errors import AgentError
from switch_bench.agents.openpi_address import NAMES, Address, checked_size, named
from switch_bench.bodies.command import HZ, SIZE

SEED = "seed"  # the name of the seed
FIXED: Mapping[str, Any] = {"action_dim": SIZE, "act": "delta_pose", "control_hz": HZ}
IMAGE = (224, 224)  # px, what openpi's models see


@dataclass(frozen=True)
class Wants:
    """What to send and how much of the answer to carry out (None: all). keys: (name on the wire, our observation)."""

    keys: tuple[tuple[str, str], ...]
    size: tuple[int, int]
    replan: int | None
    seed: bool

    @property
    def obs(self) -> tuple[str, ...]:
        """Our observations that are needed, each once."""
        return tuple(dict.fromkeys(ours for _, ours in self.keys))


def agreed(address: Address, metadata: Mapping[str, Any]) -> Wants:
    """What an address and a server's metadata come to; what stands in the address counts for more.

    Raises:
        AgentError: the server wants what can't be had.
    """
    for name, value in FIXED.items():
        if name in metadata and not _same(metadata[name], value):
            raise AgentError(f"the server's {name} is {metadata[name]!r:.100}, and here it is {value!r}")
    asked = _names(metadata)
    keys = address.keys
    if keys is None:
        keys = tuple(NAMES.items()) if asked is None else tuple(_named(name) for name in asked if name != SEED)
    elif asked is not None:
        lacking = [name for name in asked if name != SEED and name not in dict(keys)]
        if lacking:
            raise AgentError(
                f"the server wants {', '.join(lacking)}, and the address leaves it out",
                hint="name it with another `key`",
            )
    if not keys:
        raise AgentError("the server wants no observation", hint="name those to send by `key`")
    return Wants(
        keys=keys,
        size=address.size or _size(metadata),
        replan=address.replan or _replan(metadata),
        seed=asked is not None and SEED in asked,
    )


def _names(metadata: Mapping[str, Any]) -> Sequence[str] | None:
    names = metadata.get("keys")
    if names is not None and not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise AgentError(f"the server's `keys` are {names!r:.100}", hint="expected a list of names")
    return names


def _named(name: str) -> tuple[str, str]:
    return named(name, f"the server wants {name!r:.100}")


def _size(metadata: Mapping[str, Any]) -> tuple[int, int]:
    size = metadata.get("image_size", list(IMAGE))
    if not (isinstance(size, list) and len(size) == 2 and all(type(px) is int for px in size)):
        raise AgentError(f"the server's `image_size` is {size!r:.100}", hint="expected [width, height] in px")
    return checked_size((size[0], size[1]), "the server's image_size ")


def _replan(metadata: Mapping[str, Any]) -> int | None:
    replan = metadata.get("replan")
    if replan is not None and not (type(replan) is int and replan >= 1):
        raise AgentError(f"the server's `replan` is {replan!r:.100}", hint="expected a whole number, 1 or more")
    return replan


def _same(found: Any, meant: Any) -> bool:
    return isinstance(found, int | float | str) and not isinstance(found, bool) and found == meant
