"""How do ten ways of looking become one order of firms?

A firm's score in one way is the cube root of the sum of cubes over its evidence: many good matches
count, many poor ones hardly. Each way then speaks twice, by its score (as a share of the best) and
by its rank (60 / (60 + rank)), and the weights below add them up.

The weights were learnt from a bank's own history, without a single judged need: every contract from
the fourth month on was taken as a need, the firms that won it as its answer, earlier contracts as
evidence (`scripts/fit_ranking.py`; docs/adr/0015). An installation may learn its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
RANK = 60
# The class of business speaks apart, for Persian needs: as log(nearness + UNSURE), so that a class
# that is sure of itself decides between like words, and one that is not changes nothing
KINDS, UNSURE = 2.5, 0.1
# So does nearness of meaning for them, in standard deviations, for models differ in how far apart
# their cosines lie
MEANING = 0.4

# way: (weight of its score, weight of its rank)
Weights = dict[str, tuple[float, float]]
WEIGHTS: Weights = {
    "words": (0.22, 0.66),  # BM25 of all words
    "titled": (0.01, 1.12),  # the same, words of the title counted three times
    "runs": (0.72, 0.16),  # letter runs of all words
    "titled_runs": (0.84, 0.95),
    "pairs": (0.0, 0.59),  # words side by side
    "lead": (0.35, 0.59),  # words of the need's title anywhere in the evidence
    "lead_runs": (0.0, 1.03),  # letter runs of both titles
    "client": (0.0, 1.2),  # who asked, and for whom it was done
    "name": (0.89, 0.0),  # the firm's name says what it does
    "name_runs": (1.05, 0.0),
}
# For Persian needs, which no history was there to learn from: few ways, and scores only
PERSIAN: Weights = {
    "titled": (2.0, 0.0),
    "runs": (1.5, 0.0),
    "client": (0.0, 1.2),
    "name": (0.89, 0.0),
    "name_runs": (1.05, 0.0),
}
WITH_MEANING: Weights = {
    "words": (0.0, 0.43),
    "titled": (0.0, 0.21),
    "runs": (0.9, 0.56),
    "titled_runs": (0.0, 0.9),
    "pairs": (0.0, 0.31),
    "lead": (0.0, 0.37),
    "client": (0.0, 1.11),
    "name": (0.85, 0.0),
    "name_runs": (0.89, 0.0),
    "meaning": (1.96, 1.6),  # nearness of meaning of title and text
    "meaning_lead": (1.26, 0.0),  # and of the titles alone
}

# What several firms did together says less about each: score / firms ** SHARED
SHARED = {"words": 0.3, "runs": 0.3, "lead": 0.3}
# Cosines lie close together, so the best must weigh more; and a class is no more certain for
# being shown twice
POWER = {"meaning": 9.0, "meaning_lead": 9.0, "kinds": 9.0}


def of_firms(
    scores: Floats, owners: tuple[Floats, Floats], firms: int, *, way: str, shares: Floats
) -> Floats:
    """Return the score of each firm: cube root of the sum of cubes over its evidence.

    scores: of each item; owners: (item, firm) of each ownership; shares: owners of each item.
    """
    power = POWER.get(way, 3.0)
    value = np.maximum(scores, 0).astype(np.float64) / shares ** SHARED.get(way, 0.0)
    items, who = owners
    summed = np.bincount(who, weights=value[items] ** power, minlength=firms)
    rooted: Floats = summed ** (1 / power)
    return rooted


def combined(found: dict[str, Floats], weights: Weights) -> Floats:
    """Return one score for each firm from its scores in each way that has a weight."""
    firms = len(next(iter(found.values())))
    total = np.zeros(firms)
    for way, scores in features({way: found[way] for way in found if way in weights}).items():
        by_score, by_rank = weights.get(way, (0.0, 0.0))
        total += by_score * scores[0] + by_rank * scores[1]
    if (kinds := found.get("kinds")) is not None:
        total += KINDS * np.log(np.minimum(kinds, 1.0) + UNSURE)
    if "meaning" in found and "meaning" not in weights:
        near = found["meaning"]
        total += MEANING * (near - near.mean()) / max(float(near.std()), 1e-9)
    return total


def features(found: dict[str, Floats]) -> dict[str, Floats]:
    """Return for each way the share of the best score and the value of the rank, both 0 to 1."""
    return {way: np.stack([_share(scores), _rank(scores)]) for way, scores in found.items()}


def shares(found: dict[str, Floats]) -> dict[str, Floats]:
    """Return for each way the share of the best score, 0 to 1."""
    return {way: _share(scores) for way, scores in found.items()}


def _share(scores: Floats) -> Floats:
    best = float(scores.max(initial=0.0))
    return scores / best if best > 0 else np.zeros(len(scores))


def _rank(scores: Floats) -> Floats:
    """Return 60 / (60 + rank); firms that score 0 share the last rank."""
    order = np.argsort(-scores, kind="stable")
    rank = np.empty(len(scores))
    rank[order] = np.arange(1, len(scores) + 1)
    rank[scores <= 0] = len(scores)
    value: Floats = RANK / (RANK + rank)
    return value
