"""Do promises made in the past hold, and at which level must the next one be read off?

Every question is answered with what was known then: at each *origin*, a moment in the past, only
what had ended by it teaches, and the cases that began after it judge. A case that is still open
judges too, as longer than it has waited so far.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from payvand.foresight.rules.survival import Curve, Floats, kaplan_meier, shrunk
from payvand.kernel.shares import wilson

TARGET = 0.9
BAND = (0.85, 0.97)  # a rolling coverage outside of it is told, and answered
LEVELS = (0.75, 0.985)  # a level beyond them says more about chance than about the office
DOUBT = 60.0  # the nominal level weighs as much as so many judged cases
ORIGINS = 6
LEAST = 20  # cases that must judge


@dataclass(frozen=True, slots=True)
class Level:
    """At which level a P90 is read off, and what the past said about the nominal one."""

    level: float  # read the curve here, to be kept by `target` of the cases
    coverage: float | None  # of past promises at the nominal level; None with too few cases
    low: float | None  # Wilson, 95 %
    high: float | None
    judged: int  # cases that judged

    @property
    def is_off(self) -> bool:
        """Did past promises leave the band, so that the reader is told?"""
        return self.coverage is not None and not BAND[0] <= self.coverage <= BAND[1]


def level_for(
    chances: ArrayLike, observed: ArrayLike, *, target: float = TARGET,
    weights: ArrayLike | None = None,
) -> Level:  # fmt: skip
    """Return the level at which promises hold for `target` of the cases, from those of the past.

    chances: for each past case P(T ≤ its duration) under the promise made to it, whatever made
    that promise (a curve, a composition of inquiries): the promise at level p was kept where
    chance ≤ p. observed: false where the case is still open; then its chance so far. The level is
    the target's quantile of the chances, open ones censored, leaning on the nominal level. It is
    lowered whenever promises were longer than they had to be, and raised only when the nominal
    one left the band: inside it, what looks short may be chance.
    """
    chance, ended = np.asarray(chances, float), np.asarray(observed, bool)
    if len(chance) < LEAST or not ended.any():
        return Level(target, None, None, None, len(chance))
    judged = kaplan_meier(chance, ended, weights)
    coverage = 1 - float(judged.at(target + 1e-9))
    found = shrunk(judged, _uniform(), DOUBT).quantile(target)
    level = target if found is None else found
    if target >= TARGET:
        level = float(np.clip(level, *LEVELS))
        level = level if coverage < BAND[0] else min(level, target)
    return Level(level, coverage, *wilson(coverage * len(chance), len(chance)), len(chance))


def offset_for(
    promised: ArrayLike, durations: ArrayLike, observed: ArrayLike, *, target: float = TARGET
) -> float:
    """Return what must be added to promises, in √days, to be kept by `target` of the cases.

    The one-sided conformal offset: the target's quantile of √duration − √promise over past cases,
    open ones censored; 0 with too few.
    """
    score = np.sqrt(np.asarray(durations, float)) - np.sqrt(np.asarray(promised, float))
    if len(score) < LEAST:
        return 0.0
    lift = float(score.min())  # curves begin at 0
    found = kaplan_meier(score - lift, observed).quantile(target)
    return float(score.max()) if found is None else found + lift


def moved(promised: ArrayLike, offset: float) -> Floats:
    """Return promises with an offset of `offset_for`, in days, never below 0."""
    return np.asarray(np.maximum(np.sqrt(np.asarray(promised, float)) + offset, 0) ** 2, float)


def origins(starts: Floats, until: float, horizon: float, count: int = ORIGINS) -> list[
    tuple[float, NDArray[np.bool_]]
]:  # fmt: skip
    """Return moments of the past and the cases that judge each: those begun until the next one.

    starts: of the cases, days. Cases begun less than `horizon` days before `until` do not judge:
    whether a promise of that length holds is not known yet. The first third only teaches.
    """
    able = np.sort(starts[starts <= until - horizon])
    if len(able) < LEAST:
        return []
    bounds = np.quantile(able, np.linspace(1 / 3, 1, count + 1), method="lower")
    edges = np.unique(bounds)
    edges[-1:] = np.nextafter(edges[-1:], np.inf)
    return [(float(low), (starts >= low) & (starts < high)) for low, high in pairwise(edges)]


def pinball(durations: ArrayLike, promised: ArrayLike, level: float = TARGET) -> Floats:
    """Return the pinball loss of each promise, in days: `level` of a delay, the rest of a surplus.

    Of a case that is still open, give the days it has waited: its loss is then the least it can be.
    """
    over = np.asarray(durations, float) - np.asarray(promised, float)
    return np.asarray(np.maximum(level * over, (level - 1) * over), float)


def coverage(durations: ArrayLike, observed: ArrayLike, promised: ArrayLike) -> float | None:
    """Return the share of promises that hold, cases still open counted as longer than so far."""
    days, bound = np.asarray(durations, float), np.asarray(promised, float)
    if not len(days):
        return None
    ratio = np.divide(days, bound, out=np.where(days > 0, np.inf, 0.0), where=bound > 0)
    return 1 - float(kaplan_meier(np.minimum(ratio, 1e9), observed).at(1 + 1e-9))


def censoring_weights(durations: Floats, observed: NDArray[np.bool_], most: float = 20.0) -> Floats:
    """Return weights under which the ended cases stand for all: 1 / P(not censored by then)."""
    watched = kaplan_meier(durations, ~observed)
    kept = np.concatenate(([1.0], watched.survival))[
        np.searchsorted(watched.times, durations, side="left")
    ]  # fmt: skip
    return np.where(observed, np.minimum(1 / np.maximum(kept, 1e-9), most), 0.0)


def _uniform() -> Curve:
    """Return the curve of chances under promises that are exactly right."""
    grid = np.linspace(0.005, 1, 200)
    return Curve(grid, 1 - grid, np.ones(200), 200, 200)
