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
    outer = [_interval(truth, told, share, unit) for share in (0.8, 0.9)]
    return Score(*plain, float(mean_of(pinball, 0)), outer[0][0], outer[1][0], outer[0][1],
                 outer[1][1])  # fmt: skip


def _pinball(truth: Floats, told: Floats, level: float) -> Floats:
    under = truth - told
    found: Floats = np.maximum(level * under, (level - 1) * under)
    return found


def _interval(truth: Floats, told: Floats, share: float, unit: Floats) -> tuple[float, float]:
    """Return the interval score (Gneiting and Raftery 2007) and the coverage in per cent."""
    tail = (1 - share) / 2
    low = told[np.isclose(LEVELS, tail)][0]
    high = told[np.isclose(LEVELS, 1 - tail)][0]
    known = np.isfinite(truth) & np.isfinite(low)
    out = np.maximum(low - truth, 0) + np.maximum(truth - high, 0)
    size = np.where(known, high - low + out / tail, np.nan)
    inside = ((truth >= low) & (truth <= high))[known]
    cover = 100 * float(inside.mean()) if inside.size else float("nan")
    return float(mean_of(mean_of(size, (0, 1)) / unit, 0)), cover
