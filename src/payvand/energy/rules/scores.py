"""How good was a forecast? Pure, numpy; what is missing is never scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from payvand.energy.rules.intervals import LEVELS
from payvand.energy.rules.series import Floats


@dataclass(frozen=True, slots=True)
class Score:
    """The row of one model; interval figures are None where it gave no quantiles."""

    mae: float
    mase: float
    pinball: float | None
    interval_80: float | None
    interval_90: float | None
    cover_80: float | None
    cover_90: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the figures for machines; what is not known is null."""
        return {name: rounded(getattr(self, name)) for name in self.__slots__}


def rounded(value: float | None, digits: int = 5) -> float | None:
    """Return a figure for machines: null where it is unknown, for JSON has no such number."""
    return None if value is None or not np.isfinite(value) else round(float(value), digits)


def yardstick(past: Floats) -> Floats:
    """Return (series,) the mean change from one day to the next in (day, 24, series).

    NaN for a series that never changes: no error can be measured by it.
    """
    moved = np.abs(np.diff(past, axis=0))
    found = mean_of(moved, (0, 1))
    level = mean_of(np.abs(past), (0, 1))
    steady: Floats = np.where(found > 1e-9 * np.maximum(level, 1e-9), found, np.nan)
    return steady


def mean_of(values: Floats, axis: tuple[int, ...] | int) -> Floats:
    """Return the mean of what is known; NaN where nothing is, without a warning."""
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    found: Floats = np.divide(total, count, out=np.full(np.shape(total), np.nan), where=count > 0)
    return found


def score(truth: Floats, point: Floats, told: Floats | None, unit: Floats) -> Score:
    """Return the score of forecasts (day, 24, series) with quantiles (level, day, 24, series).

    Errors are averaged within a series; pinball and interval scores are in units of the yardstick.
    """
    mae = mean_of(np.abs(truth - point), (0, 1))
    plain = (float(mean_of(mae, 0)), float(mean_of(mae / unit, 0)))
    if told is None or not np.isfinite(told).any():
        return Score(*plain, None, None, None, None, None)
    loss = [_pinball(truth, told[np.isclose(LEVELS, p)][0], p) for p in (0.1, 0.5, 0.9)]
    pinball = mean_of(np.stack(loss), (0, 1, 2)) / unit
    sizes = [float(mean_of(_sizes(truth, told, share) / unit, 0)) for share in (0.8, 0.9)]
    covers = [_cover(truth, told, share) for share in (0.8, 0.9)]
    return Score(*plain, float(mean_of(pinball, 0)), *sizes, *covers)


def bands_by_series(truth: Floats, told: Floats) -> Floats:
    """Return (figure, series): interval scores of 80 and 90 %, then how much these bands hold."""
    sizes = [_sizes(truth, told, share) for share in (0.8, 0.9)]
    covers = [
        [_cover(truth[..., [n]], told[..., [n]], share) for n in range(truth.shape[-1])]
        for share in (0.8, 0.9)
    ]
    return np.array([*sizes, *covers])


def _pinball(truth: Floats, told: Floats, level: float) -> Floats:
    under = truth - told
    found: Floats = np.maximum(level * under, (level - 1) * under)
    return found


def _edges(told: Floats, share: float) -> tuple[Floats, Floats, float]:
    """Return the lower and the upper edge of a band, and the share that lies beyond each."""
    tail = (1 - share) / 2
    return told[np.isclose(LEVELS, tail)][0], told[np.isclose(LEVELS, 1 - tail)][0], tail


def _sizes(truth: Floats, told: Floats, share: float) -> Floats:
    """Return the interval score (Gneiting and Raftery 2007) of each series, in its own unit."""
    low, high, tail = _edges(told, share)
    out = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    return mean_of(high - low + out / tail, (0, 1))


def _cover(truth: Floats, told: Floats, share: float) -> float:
    """Return in how many per cent of the hours the truth lies within the band."""
    low, high, _ = _edges(told, share)
    inside = ((truth >= low) & (truth <= high))[np.isfinite(truth) & np.isfinite(low)]
    return 100 * float(inside.mean()) if inside.size else float("nan")
