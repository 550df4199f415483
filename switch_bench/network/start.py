"""A network compiled once and begun as often as one likes, each time with a seed of its own."""

from __future__ import annotations

from dataclasses import replace

from switch_bench.network.compile import compile_network
from switch_bench.network.declare import NetworkSpec
from switch_bench.network.kernel import Network


class _Asked(int):
    """A seed that notes whether anything was drawn by it: the key of a draw is the written form of its parts."""

    asked = False

    def __repr__(self) -> str:
        self.asked = True
        return int.__repr__(self)


class Start:
    """The instant 0 of a network. Nothing of it hangs on the seed, unless something is drawn in that instant already.

    like: the start of a network that differs in its zones' daylight and its seed alone, whose compilation will do.

    Raises: NetworkError, see `network.errors`.
    """

    def __init__(self, spec: NetworkSpec, like: Start | None = None) -> None:
        seed = _Asked(spec.seed)
        program = compile_network(spec) if like is None else like._program.relit(spec.zones)
        self._program = replace(program, seed=seed)
        self._begun = Network.of(self._program)
        self.draws = seed.asked  # whether networks of different seeds differ from the start on

    def network(self, seed: int) -> Network:
        """A network at time 0 that draws by `seed`: the same as one made from the declaration with that seed."""
        program = replace(self._program, seed=seed)
        return Network.of(program) if self.draws else self._begun.reseeded(program)
