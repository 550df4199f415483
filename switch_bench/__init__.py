"""A benchmark of tangible control interfaces: what an agent caused, in time and space."""

from switch_bench._version import __version__

__all__ = ["__version__"]
