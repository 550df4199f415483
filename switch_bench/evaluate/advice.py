"""How many episodes it takes to tell two success rates apart, and how well so many episodes tell one rate."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

from switch_bench.evaluate.statistics import CONFIDENCE, wilson

POWER = 0.8
CORRELATIONS = (0.0, 0.3, 0.6)
SPREAD = 0.3  # of tasks' true rates, a standard deviation
NUMBERS = (1, 5, 10, 20, 50, 100, 200)


@dataclass(frozen=True)
class Width:
    """With `episodes` a task: how wide the 95 % interval of one task's rate is, that of the rate over all episodes,
    and that of the mean over tasks, taken as a draw of tasks like these."""

    episodes: int
    task: float
    suite: float
    macro: float


@dataclass(frozen=True)
class Paired:
    """Pairs of episodes that it takes if the outcomes of both policies on the same episode correlate so."""

    correlation: float
    differ: float  # share of pairs in which just one succeeds
    pairs: int
    per_task: int


@dataclass(frozen=True)
class Advice:
    """What it takes to tell rates `a` and `b` apart on a suite of so many tasks. unpaired: episodes of each policy."""

    a: float
    b: float
    tasks: int
    power: float
    unpaired: int
    unpaired_per_task: int
    paired: tuple[Paired, ...]
    widths: tuple[Width, ...]


def advise(a: float, b: float, tasks: int, *, power: float = POWER, spread: float = SPREAD) -> Advice:
    """Advice for rates `a` and `b`; the widths are for their mean. spread: of tasks' rates, a standard deviation.

    Raises:
        ValueError: rates that aren't different or not between 0 and 1, no task, a power not between 0 and 1.
    """
    if tasks < 1 or spread < 0:
        raise ValueError(f"expected one task or more and a spread of 0 or more; got {tasks}, {spread}")
    alone = unpaired(a, b, power)
    low, high = correlations(a, b)
    pairs = [(c, discordant(a, b, c)) for c in CORRELATIONS if low <= c <= high]
    return Advice(
        a=a,
        b=b,
        tasks=tasks,
        power=power,
        unpaired=alone,
        unpaired_per_task=ceil(alone / tasks),
        paired=tuple(Paired(c, differ, n := paired(a - b, differ, power), ceil(n / tasks)) for c, differ in pairs),
        widths=tuple(width((a + b) / 2, n, tasks, spread) for n in NUMBERS),
    )


def unpaired(a: float, b: float, power: float = POWER) -> int:
    """Episodes of each of two policies, played apart, so that a two-sided test at 5 % tells rates `a` and `b` apart
    with that power: J. L. Fleiss, B. Levin, M. C. Paik, Statistical Methods for Rates and Proportions (2003), chapter
    4, without continuity correction.

    Raises:
        ValueError: the rates aren't different, or one isn't between 0 and 1.
    """
    _rates(a, b)
    of_level, of_power = _quantiles(power)
    mean = (a + b) / 2
    spread = of_level * sqrt(2 * mean * (1 - mean)) + of_power * sqrt(a * (1 - a) + b * (1 - b))
    return ceil((spread / (a - b)) ** 2)


def paired(difference: float, differ: float, power: float = POWER) -> int:
    """Pairs of episodes so that McNemar's test, two-sided at 5 %, tells a difference of rates with that power, if in a
    share `differ` of pairs just one succeeds: R. J. Connor, Biometrics 43 (1987) 207-211.

    Raises:
        ValueError: unless 0 < |difference| <= differ <= 1.
    """
    if not 0 < abs(difference) <= differ + 1e-12 or differ > 1:
        raise ValueError(f"expected 0 < |difference| <= differ <= 1; got {difference}, {differ}")
    of_level, of_power = _quantiles(power)
    spread = of_level * sqrt(differ) + of_power * sqrt(max(0.0, differ - difference**2))
    return ceil((spread / difference) ** 2)


def discordant(a: float, b: float, correlation: float) -> float:
    """The share of pairs in which just one of two policies with rates `a` and `b` succeeds.

    Raises:
        ValueError: such rates can't correlate so.
    """
    low, high = correlations(a, b)
    if not low - 1e-12 <= correlation <= high + 1e-12:
        raise ValueError(f"rates {a} and {b} can correlate from {low:.2f} to {high:.2f}; got {correlation}")
    both = a * b + correlation * sqrt(a * (1 - a) * b * (1 - b))
    return max(abs(a - b), a + b - 2 * both)


def correlations(a: float, b: float) -> tuple[float, float]:
    """The lowest and the highest correlation that two outcomes with these rates can have. Raises ValueError."""
    _rates(a, b)
    scale = sqrt(a * (1 - a) * b * (1 - b))
    return (max(0.0, a + b - 1) - a * b) / scale, (min(a, b) - a * b) / scale


def width(rate: float, episodes: int, tasks: int, spread: float = SPREAD) -> Width:
    """How wide intervals become with so many episodes a task, around a rate.

    A task's and the suite's are Wilson's (for the nearest whole number of successes). The macro mean's is
    2 z √((s² + (p(1 − p) − s²) / n) / T), the variance of a mean over T drawn tasks whose rates have the standard
    deviation s, with n episodes each; s is at most √(p(1 − p)).
    """
    between = min(spread**2, rate * (1 - rate))
    within = rate * (1 - rate) - between
    of_level, _ = _quantiles(POWER)
    return Width(
        episodes=episodes,
        task=_wilson_width(rate, episodes),
        suite=_wilson_width(rate, episodes * tasks),
        macro=min(1.0, 2 * of_level * sqrt((between + within / episodes) / tasks)),
    )


def _wilson_width(rate: float, n: int) -> float:
    low, high = wilson(round(rate * n), n)
    return high - low


def _quantiles(power: float) -> tuple[float, float]:
    if not 0 < power < 1:
        raise ValueError(f"power: expected a number between 0 and 1, got {power}")
    from scipy.stats import norm

    return float(norm.ppf((1 + CONFIDENCE) / 2)), float(norm.ppf(power))


def _rates(a: float, b: float) -> None:
    if not (0 < a < 1 and 0 < b < 1) or a == b:
        raise ValueError(f"expected two different rates between 0 and 1; got {a} and {b}")
