"""What do the forecasts stand on: readings without gaps, kinds of days, temperatures?

Pure. Every value of a day is made of that day and earlier ones only, so a forecast made at the
start of a day may use all rows before it. What is filled in serves the models as input; it is never
shown as a reading and never scored. Nothing is filled with zero.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from payvand.energy.rules import days, quality
from payvand.energy.rules.quality import Flags
from payvand.energy.rules.series import Bools, Floats, Panel

LEAST_WEATHER = 0.5  # share of the hours with a temperature below which none is used
SHORT_GAP = 3  # hours that a straight line may bridge within a day
WEEK = 7


@dataclass(frozen=True, slots=True)
class Ground:
    """A panel, made ready; arrays are (day, 24, series) or (day, kind)."""

    panel: Panel
    seen: Floats  # readings that passed the checks, else NaN
    filled: Floats  # the same, gaps filled from the past
    calm: Floats  # filled, and days off replaced by what an ordinary day would have been
    kinds: Floats
    flags: Flags  # why a reading did not pass


def prepare(panel: Panel, ahead: int = 3) -> Ground:
    """Return the ground of a panel; `ahead` empty days are added to forecast into."""
    flags = quality.implausible(panel.demand)
    seen = np.where(flags > 0, np.nan, panel.demand)
    kinds = days.kinds(panel.first, panel.days + ahead, panel.holidays, panel.country)
    filled = fill(seen)
    off = kinds[: panel.days, days.OFF] + kinds[: panel.days, days.OFF + 4] > 0
    calm = fill(np.where(off[:, None, None], np.nan, seen), ordinary=~off)
    calm = np.where(np.isnan(calm), filled, calm)
    return Ground(_with_weather(panel.longer(ahead)), seen, filled, calm, kinds, flags)


def _with_weather(panel: Panel) -> Panel:
    """Return the panel with temperatures without gaps, or without temperatures that are too few.

    A series without a thermometer of its own takes the mean of the others; what is missing comes
    from earlier days, so a day still knows no later one.
    """

    def whole(degrees: Floats | None) -> Floats | None:
        if degrees is None:
            return None
        known = ~np.isnan(degrees)
        if np.asarray(known.any(axis=2))[: panel.days].mean() < LEAST_WEATHER:
            return None
        count = known.sum(axis=2, keepdims=True)
        total = np.where(known, degrees, 0.0).sum(axis=2, keepdims=True)
        mean = np.divide(total, count, out=np.full_like(total, np.nan), where=count > 0)
        mute = ~known.any(axis=(0, 1))
        return fill(np.where(mute, mean, degrees))

    return replace(panel, temperature=whole(panel.temperature), outlook=whole(panel.outlook))


def fill(seen: Floats, ordinary: Bools | None = None) -> Floats:
    """Return the readings with gaps filled from what was known by the end of the same day.

    A gap of up to three hours within a day is bridged; else the same hour a week ago is taken,
    moved by how much the level has changed since. What comes before the first reading stays NaN.
    """
    found = seen.copy()
    gaps = np.isnan(found).any(axis=(1, 2))
    for day in np.flatnonzero(gaps):
        if ordinary is None or ordinary[day]:
            _bridge(found[day])
        holes = np.isnan(found[day])
        if not holes.any() or day == 0:
            continue
        guess = found[day - WEEK] if day >= WEEK else np.full_like(found[day], np.nan)
        if day > WEEK:
            guess = guess + _change(found, int(day))
        guess = np.where(np.isnan(guess), found[day - 1], guess)
        found[day] = np.where(holes, guess, found[day])
    return found


def _bridge(day: Floats) -> None:
    """Fill short gaps of one day (24, series) along a straight line, in place."""
    hours = np.arange(len(day))
    for column in np.flatnonzero(np.isnan(day).any(axis=0)):
        known = np.flatnonzero(~np.isnan(day[:, column]))
        if len(known) < 2:
            continue
        inside = np.isnan(day[:, column]) & (hours > known[0]) & (hours < known[-1])
        after = known[np.searchsorted(known, hours).clip(0, len(known) - 1)]
        before = known[(np.searchsorted(known, hours) - 1).clip(0)]
        short = inside & (after - before - 1 <= SHORT_GAP)
        day[short, column] = np.interp(hours[short], known, day[known, column])


def _change(found: Floats, day: int) -> Floats:
    """Return how much the level (series,) of the last days lies above that of a week earlier."""
    since = max(WEEK, day - 3)
    last = found[since:day] - found[since - WEEK : day - WEEK]
    known = ~np.isnan(last)
    count = known.sum(axis=(0, 1))
    total = np.where(known, last, 0.0).sum(axis=(0, 1))
    change: Floats = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    return change
