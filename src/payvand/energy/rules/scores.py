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
        """Return the figures for machines."""
        names = self.__slots__
        return {n: None if (v := getattr(self, n)) is None else round(v, 5) for n in names}


def yardstick(past: Floats) -> Floats:
    """Return (series,) the mean change from one day to the next in the training days."""
    moved = np.abs(np.diff(past, axis=0))
    found: Floats = np.nanmean(moved, axis=(0, 1))
    return np.maximum(found, 1e-12)


def score(truth: Floats, point: Floats, told: Floats | None, unit: Floats) -> Score:
    """Return the score of forecasts (day, 24, series) with quantiles (level, day, 24, series).

    Errors are averaged within a series; pinball and interval scores are in units of the yardstick.
    """
    error = np.abs(truth - point)
    mae = np.nanmean(error, axis=(0, 1))
    plain = (float(np.nanmean(mae)), float(np.nanmean(mae / unit)))
    if told is None or not np.isfinite(told).any():
        return Score(*plain, None, None, None, None, None)
    loss = [_pinball(truth, told[np.isclose(LEVELS, p)][0], p) for p in (0.1, 0.5, 0.9)]
    pinball = np.nanmean(np.stack(loss), axis=(0, 1, 2)) / unit
    outer = [_interval(truth, told, share, unit) for share in (0.8, 0.9)]
    return Score(*plain, float(np.nanmean(pinball)), outer[0][0], outer[1][0], outer[0][1],
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
    return float(np.nanmean(np.nanmean(size, axis=(0, 1)) / unit)), 100 * float(inside.mean())
