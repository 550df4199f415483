"""Statistics of a data set's columns, as LeRobot normalises by them: of each episode, and of all together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

QUANTILES = {"q01": 0.01, "q10": 0.10, "q50": 0.50, "q90": 0.90, "q99": 0.99}
SAMPLED = 100  # pictures of an episode that its statistics are taken from, evenly spread
COARSE = 150  # px: of larger pictures every so many-th pixel counts

Stats = dict[str, np.ndarray]  # min, max, mean, std, count (1,), and the quantiles


def of_numbers(values: np.ndarray) -> Stats:
    """Of (n,) or (n, k) numbers or truth values, each (1,) or (k,)."""
    table = np.asarray(values, np.float64).reshape(len(values), -1)
    return _of(table, len(table))


def of_pictures(pictures: Sequence[np.ndarray]) -> Stats:
    """Of (height, width, 3) uint8 pictures by channel, from 0 to 1, each (3, 1, 1)."""
    step = max(1, max(pictures[0].shape[:2]) // COARSE)
    table = np.concatenate([p[::step, ::step].reshape(-1, 3) for p in pictures]) / 255.0
    stats = _of(table, len(pictures))
    return {name: value if name == "count" else value.reshape(3, 1, 1) for name, value in stats.items()}


def sampled(count: int) -> frozenset[int]:
    """Which of so many pictures the statistics are taken from."""
    return frozenset(np.round(np.linspace(0, count - 1, min(count, SAMPLED))).astype(int).tolist())


def together(parts: Sequence[Stats]) -> Stats:
    """Of several episodes' statistics those of all. Quantiles are the episodes' means, by length, as with LeRobot."""
    counts = np.array([float(part["count"][0]) for part in parts])
    shares = counts / counts.sum()

    def mean(name: str) -> np.ndarray:
        return sum((share * part[name] for share, part in zip(shares, parts, strict=True)), np.zeros(()))

    centre = mean("mean")
    spread = sum(
        (share * (part["std"] ** 2 + (part["mean"] - centre) ** 2) for share, part in zip(shares, parts, strict=True)),
        np.zeros(()),
    )
    return {
        "min": np.minimum.reduce([part["min"] for part in parts]),
        "max": np.maximum.reduce([part["max"] for part in parts]),
        "mean": centre,
        "std": np.sqrt(spread),
        "count": np.array([int(counts.sum())]),
        **{name: mean(name) for name in QUANTILES},
    }


def _of(table: np.ndarray, count: int) -> Stats:
    return {
        "min": table.min(axis=0),
        "max": table.max(axis=0),
        "mean": table.mean(axis=0),
        "std": table.std(axis=0),
        "count": np.array([count]),
        **dict(zip(QUANTILES, np.quantile(table, list(QUANTILES.values()), axis=0), strict=True)),
    }
