"""How far may the truth lie from the forecast, and does that promise hold as time goes on?

Pure: numpy. Two views of the past errors are averaged: errors divided by what is usual for series
and hour, all hours together, so that few weeks suffice (normalised conformal prediction); and the
plain errors of the same hour. The levels at which both are read are then corrected online by how
often each tail was missed, above and below apart (adaptive conformal inference, Gibbs and Candes
2021). Measured choices: ADR 0021.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from payvand.energy.rules.series import Bools, Floats

LEVELS = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
WINDOW = 28  # days of errors, divided by the usual, from which quantiles are taken
BY_HOUR = 35  # days of plain errors of the same hour
HOURLY, FROM, FULL = 0.5, 7, 21  # share of the hour's own view; days from which, until it is whole
HALF_LIFE = 14.0  # days, of what is usual
TOGETHER, APART = 0.06, 0.06  # how fast levels move: all series together, each by itself
BEFORE = 3  # days until the yardstick is trusted
MOST = 30.0  # times the usual error: beyond it an error says no more


@dataclass
class Band:
    """What was learnt about the errors of one lead, day by day."""

    usual: Floats | None = None  # (24, series): weighted sum of absolute errors
    count: Floats | None = None  # (24, series): sum of the weights
    ratios: list[Floats] = field(default_factory=list)  # (24, series), the latest last
    errors: list[Floats] = field(default_factory=list)  # the same, not divided
    shift: Floats | None = None  # (level, series): correction of the levels

    def laid_out(self) -> dict[str, Floats]:
        """Return what was learnt as arrays, the series last in each."""
        known = {"usual": self.usual, "count": self.count, "shift": self.shift}
        found = {name: value for name, value in known.items() if value is not None}
        lists = {"ratios": self.ratios, "errors": self.errors}
        return found | {name: np.stack(days) for name, days in lists.items() if days}

    def take_up(self, kept: dict[str, Floats]) -> None:
        """Go on from what was laid out."""
        self.usual, self.count, self.shift = (kept.get(n) for n in ("usual", "count", "shift"))
        self.ratios, self.errors = (list(kept.get(n, ())) for n in ("ratios", "errors"))

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
        levels = LEVELS[:, None] + (
            np.zeros(spread.shape[-1]) if self.shift is None else self.shift
        )
        every = _quantiles(ratios.reshape(-1, 1), levels.mean(axis=1, keepdims=True))
        own = _quantiles(ratios.reshape(-1, ratios.shape[-1]), levels)
        trust = np.clip(len(self.ratios) / WINDOW, 0, 1) * 0.5
        told = (trust * own + (1 - trust) * every)[:, None, :] * spread
        share = HOURLY * np.clip(len(self.errors) / FULL, 0, 1)
        if len(self.errors) >= FROM:
            hourly = self._hourly(levels)
            told = np.where(np.isfinite(hourly), (1 - share) * told + share * hourly, told)
        return np.sort(forecast + told, axis=0)

    def _hourly(self, levels: Floats) -> Floats:
        """Return (level, 24, series) of the plain errors of each hour; NaN where none is known."""
        errors = np.stack(self.errors[-BY_HOUR:])
        days, hours, series = errors.shape
        wide = np.repeat(levels[:, None, :], hours, axis=1).reshape(len(LEVELS), -1)
        return _quantiles(errors.reshape(days, -1), wide).reshape(len(LEVELS), hours, series)

    def see(self, truth: Floats, forecast: Floats, told: Floats | None) -> None:
        """Learn from a day that has passed: truth and forecast (24, series), quantiles if any."""
        error = truth - forecast
        known: Bools = np.isfinite(error)
        if told is not None:
            self._correct(truth, told, known)
        spread = self.spread()
        if spread is not None:
            ratio = np.where(known, np.clip(error / spread, -MOST, MOST), np.nan)
            self.ratios = [*self.ratios[-WINDOW + 1 :], ratio]
        self.errors = [*self.errors[-BY_HOUR + 1 :], np.where(known, error, np.nan)]
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
