"""What do the past errors of a forecast say about the error of tomorrow, seen in several ways?

Pure: numpy. Errors differ by series, by hour, and by how things have gone lately, and no one way to
sort them is best everywhere: plain errors of an hour are best where hours differ in kind (a
factory, street lights), errors divided by what is usual where few weeks are known, and those
divided by the pace of the last days where calm and stormy times take turns (ADR 0021).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from payvand.energy.rules.series import Floats

LEVELS = np.array([0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
VIEWS = ("hour", "near_hours", "all_series", "own_pace", "quick_pace")
HOURLY, SHARED, PACED = 56, 28, 42  # days of errors that the views look back on
FROM = 7  # days of errors before an hour is looked at by itself
USUAL = 14.0  # days, half-life of what is usual
PACES = (0.8, 0.6)  # what stays of the pace from one day to the next
BOLDNESS = 0.7  # power by which the pace counts
CALM, STORM = 0.3, 4.0  # the pace is kept between
MOST = 30.0  # times the usual error: beyond it an error says no more


@dataclass
class Errors:
    """The errors of one lead, day by day; the series are last in every array."""

    usual: Floats | None = None  # (24, series): weighted sum of absolute errors
    count: Floats | None = None  # (24, series): sum of the weights
    pace: Floats | None = None  # (pace, series): recent errors in units of the usual ones
    errors: list[Floats] = field(default_factory=list)  # (24, series), the latest last
    ratios: list[Floats] = field(default_factory=list)  # the same, divided by the usual
    paces: list[Floats] = field(default_factory=list)  # (pace, series) before each of the ratios
    _views: Floats | None = None  # made once a day

    def laid_out(self) -> dict[str, Floats]:
        """Return what was learnt as arrays."""
        known = {"usual": self.usual, "count": self.count, "pace": self.pace}
        found = {name: value for name, value in known.items() if value is not None}
        lists = {"errors": self.errors, "ratios": self.ratios, "paces": self.paces}
        return found | {name: np.stack(days) for name, days in lists.items() if days}

    def take_up(self, kept: dict[str, Floats]) -> None:
        """Go on from what was laid out."""
        self.usual, self.count, self.pace = (kept.get(n) for n in ("usual", "count", "pace"))
        self.errors, self.ratios, self.paces = (
            list(kept.get(n, ())) for n in ("errors", "ratios", "paces")
        )
        self._views = None

    def see(self, error: Floats) -> None:
        """Learn from the errors (24, series) of a day; NaN where none is known."""
        known = np.isfinite(error)
        spread = self.spread()
        if spread is not None:
            ratio = np.where(known, np.clip(error / spread, -MOST, MOST), np.nan)
            if self.pace is None:
                self.pace = np.ones((len(PACES), error.shape[-1]))
            self.ratios = [*self.ratios[-PACED + 1 :], ratio]
            self.paces = [*self.paces[-PACED + 1 :], self._stride()]
            self.pace = self._paced(ratio)
        self.errors = [*self.errors[-HOURLY + 1 :], np.where(known, error, np.nan)]
        fresh = smooth(np.where(known, np.abs(error), 0.0))
        seen, keep = smooth(known.astype(float)), 0.5 ** (1 / USUAL)
        self.usual = fresh if self.usual is None else keep * self.usual + fresh
        self.count = seen if self.count is None else keep * self.count + seen
        self._views = None

    def _stride(self) -> Floats:
        """Return (pace, series) by which errors are larger these days than usual."""
        assert self.pace is not None  # noqa: S101 - for the type checker
        found: Floats = np.clip(self.pace, CALM, STORM) ** BOLDNESS
        return found

    def _paced(self, ratio: Floats) -> Floats:
        """Return the pace after a day of errors in units of the usual; as it was if unheard."""
        assert self.pace is not None  # noqa: S101 - for the type checker
        known = np.isfinite(ratio)
        total = np.where(known, np.abs(ratio), 0.0).sum(axis=0)
        hours = known.sum(axis=0)
        day = np.where(hours > 0, np.minimum(total / np.maximum(hours, 1), STORM), self.pace)
        keep = np.array(PACES)[:, None]
        found: Floats = keep * self.pace + (1 - keep) * day
        return found

    def spread(self) -> Floats | None:
        """Return the usual absolute error (24, series); None before anything is known."""
        if self.usual is None or self.count is None:
            return None
        flat = self.usual.sum(axis=0) / np.maximum(self.count.sum(axis=0), 1e-9)
        own = self.usual / np.maximum(self.count, 1e-9)
        found: Floats = np.maximum(np.where(self.count > 0, own, flat), 1e-9 + 0.02 * flat)
        return found

    def views(self) -> Floats:
        """Return (view, level, 24, series), quantiles of the error of tomorrow; NaN: says nothing.

        To be asked once there are ratios.
        """
        if self._views is None:
            self._views = np.stack([*self._by_hour(), *self._by_ratio()])
        return self._views

    def _by_hour(self) -> list[Floats]:
        """Return the quantiles of each hour's own errors, and with its two neighbours' ones."""
        errors = np.stack(self.errors)
        shape = (len(LEVELS), *errors.shape[1:])
        if len(errors) < FROM:
            return [np.full(shape, np.nan)] * 2
        near = np.concatenate([np.roll(errors, 1, axis=1), errors, np.roll(errors, -1, axis=1)])
        return [quantiles(one.reshape(len(one), -1)).reshape(shape) for one in (errors, near)]

    def _by_ratio(self) -> list[Floats]:
        """Return the usual times the quantiles of all series together, and of each at its pace."""
        spread, ratios = self.spread(), np.stack(self.ratios)
        assert spread is not None  # noqa: S101 - for the type checker
        told = [quantiles(ratios[-SHARED:].reshape(-1, 1))]
        paces, now = np.stack(self.paces), self._stride()
        for place in range(len(PACES)):
            even = ratios / paces[:, place, None, :]
            told.append(quantiles(even.reshape(-1, even.shape[-1])) * now[place])
        return [one[:, None, :] * spread for one in told]


def smooth(day: Floats, axis: int = 0) -> Floats:
    """Return the mean of each hour with the one before and the one after, round the clock."""
    found: Floats = (np.roll(day, 1, axis=axis) + day + np.roll(day, -1, axis=axis)) / 3
    return found


def quantiles(values: Floats) -> Floats:
    """Return (level, column) of values (sample, column), NaN left out; NaN where nothing is known.

    The conformal rank: of n samples the level p takes the p (n + 1)-th.
    """
    ordered = np.sort(values, axis=0)
    count = np.isfinite(values).sum(axis=0)
    last = np.maximum(count - 1, 0)
    place = np.clip(LEVELS[:, None] * (count + 1) - 1, 0, last)
    low = np.floor(place).astype(int)
    part = place - low
    lower = np.take_along_axis(ordered, low, axis=0)
    upper = np.take_along_axis(ordered, np.minimum(low + 1, last), axis=0)
    found: Floats = lower * (1 - part) + upper * part
    return found
