"""How much does each member count for a series, judged by its past errors only?

Pure. A blend beats the single best model nearly always, and which model is best changes from series
to series; where one is far better than the rest it is best alone (ADR 0021). So two ways of sharing
are kept, an even and a sharp one, and each series follows the one that did better on the past. A
member that did not answer counts nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from payvand.energy.rules.series import Floats


@dataclass(frozen=True, slots=True)
class Way:
    """A way of sharing: by which power errors count, and how much worse than the best may stay."""

    sharpness: float
    tolerated: float  # times the best error


EVEN, SHARP = Way(4.0, 1.5), Way(48.0, 1.1)
WAYS = (EVEN, SHARP)
LEAST = 5  # origins with known outcome before members are told apart
TRIED = 7  # origins with known outcome before the two ways are told apart
HALF_LIFE = 21.0  # origins


def weights(errors: Floats, way: Way = EVEN) -> Floats:
    """Return (member, series) shares that sum to one, from errors (origin, member, series).

    errors: mean absolute error of each past origin, the latest last; NaN where unknown.

    >>> weights(np.array([[[1.0], [1.0], [9.0]]] * 6)).round(2).ravel().tolist()
    [0.5, 0.5, 0.0]
    """
    known = ~np.isnan(errors)
    mean = _recent(errors, known)
    equal = np.full_like(mean, 1.0 / mean.shape[0])
    tried = known.sum(axis=0).max(axis=0, initial=0) >= LEAST
    with np.errstate(invalid="ignore", divide="ignore"):
        best = np.where(np.isnan(mean), np.inf, mean).min(axis=0)
        worse = np.maximum(mean / np.maximum(best, 1e-9), 1.0)  # one: none is better
        share = np.where(worse <= way.tolerated, worse**-way.sharpness, 0.0)
    share = np.nan_to_num(share, nan=0.0, posinf=1.0)
    whole = share.sum(axis=0)
    found: Floats = np.where(tried & (whole > 0), share / np.where(whole > 0, whole, 1.0), equal)
    return found


def choose(shares: Floats, errors: Floats) -> Floats:
    """Return (member, series) of shares (way, member, series): those whose past errors were least.

    errors: mean absolute error (origin, way, series) of what each way said at past origins.

    >>> even, sharp = np.array([[0.5], [0.5]]), np.array([[1.0], [0.0]])
    >>> choose(np.stack([even, sharp]), np.array([[[2.0], [1.0]]] * 8)).ravel().tolist()
    [1.0, 0.0]
    """
    known = ~np.isnan(errors)
    mean = _recent(errors, known)
    tried = known.any(axis=1).sum(axis=0) >= TRIED
    best = np.where(tried, np.where(np.isnan(mean), np.inf, mean).argmin(axis=0), 0)
    found: Floats = np.take_along_axis(shares, best[None, None, :], axis=0)[0]
    return found


def _recent(errors: Floats, known: Floats) -> Floats:
    """Return the mean over the origins, the latest counting most; NaN where nothing is known."""
    age = np.arange(len(errors))[::-1].reshape(-1, *[1] * (errors.ndim - 1))
    trust = np.where(known, 0.5 ** (age / HALF_LIFE), 0.0)
    total = (trust * np.where(known, errors, 0.0)).sum(axis=0)
    count = trust.sum(axis=0)
    found: Floats = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
    return found


def blend(forecasts: Floats, shares: Floats) -> Floats:
    """Return (..., series) of forecasts (member, ..., series); members that are silent count not.

    NaN only where every member with a share was silent.
    """
    wide = shares.reshape(len(shares), *[1] * (forecasts.ndim - 2), shares.shape[-1])
    counted = np.where(np.isfinite(forecasts), wide, 0.0)
    total = counted.sum(axis=0)
    found = (counted * np.nan_to_num(forecasts, posinf=0.0, neginf=0.0)).sum(axis=0)
    mixed: Floats = np.divide(found, total, out=np.full_like(found, np.nan), where=total > 1e-9)
    return mixed
