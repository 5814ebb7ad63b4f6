"""Is one ranking better than another, or is that chance?

nDCG@10, R@10 and MRR@10 as in data sets of needs and judged firms, and a paired bootstrap that
draws whole groups (needs of one procurement belong together), so that one procurement published
twice does not count twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from random import Random

DEPTH = 10
DRAWS = 4_000


@dataclass(frozen=True, slots=True)
class Measured:
    """How one need was answered."""

    ndcg: float
    recall: float
    mrr: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Mean difference to another run, with the interval that holds 95 % of the draws."""

    mean: float
    low: float
    high: float


def measure(ranking: Sequence[str], judged: Mapping[str, float]) -> Measured:
    """Return the measures of one ranking; judged: firm -> relevance above 0.

    >>> measure(["b", "a"], {"a": 1}).mrr
    0.5
    """
    gains = sorted(judged.values(), reverse=True)[:DEPTH]
    best = sum(gain / log2(2 + at) for at, gain in enumerate(gains))
    top = list(dict.fromkeys(ranking))[:DEPTH]
    got = sum(judged.get(firm, 0.0) / log2(2 + at) for at, firm in enumerate(top))
    hits = [at for at, firm in enumerate(top) if judged.get(firm, 0) > 0]
    return Measured(
        got / best if best else 0.0,
        len(hits) / len(judged) if judged else 0.0,
        1 / (1 + hits[0]) if hits else 0.0,
    )


def bootstrap(
    differences: Sequence[float], groups: Sequence[str], *, draws: int = DRAWS, seed: int = 1
) -> Difference:
    """Return the mean of paired differences with its interval, drawing groups with replacement."""
    sums: dict[str, list[float]] = {}
    for value, group in zip(differences, groups, strict=True):
        kept = sums.setdefault(group, [0.0, 0.0])
        kept[0] += value
        kept[1] += 1
    if not sums:
        return Difference(0.0, 0.0, 0.0)
    units, chance, means = list(sums.values()), Random(seed), []  # noqa: S311 - repeatable, not secret
    for _ in range(draws):
        drawn = chance.choices(units, k=len(units))
        means.append(sum(unit[0] for unit in drawn) / sum(unit[1] for unit in drawn))
    means.sort()
    return Difference(
        sum(differences) / len(differences),
        means[int(0.025 * draws)],
        means[min(int(0.975 * draws), draws - 1)],
    )
