"""How far may the truth lie from the forecast, and does that promise hold as time goes on?

Pure: numpy. Past errors are divided by what is usual for the series and the hour, so that few weeks
suffice for a quantile (normalised conformal prediction); each tail's level is then corrected online
by how often it was missed (adaptive conformal inference, Gibbs and Candes 2021), above and below
apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from payvand.energy.rules.series import Bools, Floats

LEVELS = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
WINDOW = 35  # days of errors from which quantiles are taken
HALF_LIFE = 14.0  # days, of what is usual
TOGETHER, APART = 0.06, 0.01  # how fast levels move: all series together, each by itself
BEFORE = 3  # days until the yardstick is trusted


@dataclass
class Band:
    """What was learnt about the errors of one lead, day by day."""

    usual: Floats | None = None  # (24, series): weighted sum of absolute errors
    count: Floats | None = None  # (24, series): sum of the weights
    ratios: list[Floats] = field(default_factory=list)  # (24, series), the latest last
    shift: Floats | None = None  # (level, series): correction of the levels

    def spread(self) -> Floats | None:
        """Return the usual absolute error (24, series); None before anything is known."""
        if self.usual is None or self.count is None:
            return None
        flat = self.usual.sum(axis=0) / np.maximum(self.count.sum(axis=0), 1e-9)
        own = self.usual / np.maximum(self.count, 1e-9)
        found: Floats = np.maximum(np.where(self.count > 0, own, flat), 1e-9 + 0.02 * flat)
        return found

    def quantiles(self, forecast: Floats) -> Floats | None:
        """Return (level, 24, series) around a forecast (24, series); None while too young."""
        spread = self.spread()
        if spread is None or len(self.ratios) < BEFORE:
            return None
        ratios = np.stack(self.ratios[-WINDOW:])
        levels = LEVELS[:, None] + (0 if self.shift is None else self.shift)
        every = _quantiles(ratios.reshape(-1, 1), levels.mean(axis=1, keepdims=True))
        own = _quantiles(ratios.reshape(-1, ratios.shape[-1]), levels)
        trust = np.clip(len(self.ratios) / WINDOW, 0, 1) * 0.5
        factor = trust * own + (1 - trust) * every
        found = forecast + factor[:, None, :] * spread
        return np.sort(found, axis=0)

    def see(self, truth: Floats, forecast: Floats, told: Floats | None) -> None:
        """Learn from a day that has passed: truth and forecast (24, series), quantiles if any."""
        error = truth - forecast
        known: Bools = np.isfinite(error)
        if told is not None:
            self._correct(truth, told, known)
        spread = self.spread()
        if spread is not None:
            self.ratios = [*self.ratios[-WINDOW + 1 :], np.where(known, error / spread, np.nan)]
        size = np.where(known, np.abs(error), 0.0)
        fresh, seen = _smooth(size), _smooth(known.astype(float))
        keep = 0.5 ** (1 / HALF_LIFE)
        self.usual = fresh if self.usual is None else keep * self.usual + fresh
        self.count = seen if self.count is None else keep * self.count + seen

    def _correct(self, truth: Floats, told: Floats, known: Bools) -> None:
        """Move each level by how often the truth fell below it against how often it should."""
        heard = known & np.isfinite(told).all(axis=0)
        below = np.where(heard, truth < told, False).sum(axis=1)
        hours = heard.sum(axis=0)
        if not hours.any():
            return
        own = np.where(hours > 0, LEVELS[:, None] - below / np.maximum(hours, 1), 0.0)
        every = LEVELS[:, None] - below.sum(axis=1, keepdims=True) / hours.sum()
        moved = (0.0 if self.shift is None else self.shift) + TOGETHER * every + APART * own
        room = np.minimum(LEVELS, 1 - LEVELS)[:, None] * 0.8
        self.shift = np.clip(moved, -room, room)


def _smooth(day: Floats) -> Floats:
    """Return the mean of each hour with the one before and the one after, round the clock."""
    found: Floats = (np.roll(day, 1, axis=0) + day + np.roll(day, -1, axis=0)) / 3
    return found


def _quantiles(values: Floats, levels: Floats) -> Floats:
    """Return (level, column) of values (sample, column) at levels (level, column), NaN left out.

    The conformal rank: of n samples the level p takes the p (n + 1)-th.
    """
    ordered = np.sort(values, axis=0)
    count = np.isfinite(values).sum(axis=0)
    place = np.clip(levels * (count + 1) - 1, 0, np.maximum(count - 1, 0))
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    part = place - low
    lower = np.take_along_axis(ordered, low, axis=0)
    found: Floats = lower * (1 - part) + np.take_along_axis(ordered, high, axis=0) * part
    return found
