"""How likely is a shortage, how much will be missing, when, and for how long?

Pure: numpy. Demand comes as quantiles by hour, supply as what is expected and how far it may fail.
Both are drawn together in many paths whose hours hang together, because an hour of heat or a power
station lost lasts. The same input gives the same answer. Supply that nobody stated is unknown: the
hour is named, and counts neither as short nor as safe.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from scipy.special import ndtr

from payvand.energy.rules.intervals import LEVELS
from payvand.energy.rules.series import Bools, Floats
from payvand.kernel import jalali

PATHS = 4000
DEMAND_HOLDS, SUPPLY_HOLDS = 0.95, 0.98  # correlation from one hour to the next
SUMMER_AFTERNOON, WINTER_EVENING, BETWEEN = "summer_afternoon", "winter_evening", ""
# Peaks of 1404 and 1405 as published: months 2 to 6 from 12:27 to 15:35, else 17:32 to 19:43.
SUMMER_MONTHS, AFTERNOON, EVENING = range(2, 7), range(12, 17), range(17, 21)


@dataclass(frozen=True, slots=True)
class Shortage:
    """What is foreseen for some hours; arrays are by hour, NaN where supply is unknown."""

    probability: Floats
    short_mw: Floats  # expected, all paths counted
    low_mw: Floats  # the 10 % and 90 % of demand minus supply
    high_mw: Floats
    any_probability: float
    energy_mwh: float  # expected energy short over all known hours
    hours: float  # expected number of hours short
    worst_hour: int  # the one with the largest expected shortage; -1 when none is known
    unknown: Bools

    def by_regime(self, regimes: Sequence[str]) -> dict[str, tuple[float, float]]:
        """Return {regime: (expected MWh short, highest hourly probability)}."""
        found = {}
        for name in sorted(set(regimes)):
            own = np.array([one == name for one in regimes]) & ~self.unknown
            if own.any():
                found[name] = (float(self.short_mw[own].sum()), float(self.probability[own].max()))
        return found


def regime(day: date, hour: int) -> str:
    """Return which of the two peak regimes a local hour belongs to, if any.

    >>> regime(date(2025, 7, 22), 14), regime(date(2025, 12, 10), 18), regime(date(2025, 7, 22), 3)
    ('summer_afternoon', 'winter_evening', '')
    """
    _, month, _ = jalali.to_jalali(day)
    if month in SUMMER_MONTHS:
        return SUMMER_AFTERNOON if hour in AFTERNOON else BETWEEN
    return WINTER_EVENING if hour in EVENING else BETWEEN


def regimes(first: datetime, hours: int) -> list[str]:
    """Return the regime of each of the hours from a local moment on."""
    whole = [divmod(first.hour + n, 24) for n in range(hours)]
    start = first.date().toordinal()
    return [regime(date.fromordinal(start + days), hour) for days, hour in whole]


def shortage(
    demand_mw: Floats, supply_mw: Floats, supply_sd_mw: Floats, *, seed: int = 1404, hours: int = 1
) -> Shortage:
    """Return the shortage foreseen; demand_mw is (level, hour) with the levels LEVELS.

    supply_mw, supply_sd_mw: (hour,) expected supply and its standard deviation, NaN where unknown.
    hours: of one step; where these are days, all three are MWh a day, and days hang together less.
    """
    steps = demand_mw.shape[1]
    unknown = np.isnan(supply_mw) | np.isnan(demand_mw).any(axis=0)
    chance = np.random.default_rng(seed)
    wanted = _at(demand_mw, ndtr(_waves(chance, steps, DEMAND_HOLDS**hours)))
    failing = _waves(chance, steps, SUPPLY_HOLDS**hours) * np.nan_to_num(supply_sd_mw)
    gap = wanted - np.maximum(0, supply_mw + failing)
    short = np.where(unknown, 0.0, np.maximum(gap, 0))
    known = gap[:, ~unknown]
    if known.shape[1] == 0:
        nothing = np.full(steps, np.nan)
        return Shortage(nothing, nothing, nothing, nothing, float("nan"), float("nan"),
                        float("nan"), -1, unknown)  # fmt: skip
    hidden = np.where(unknown, np.nan, 0.0)
    mean = short.mean(axis=0) + hidden
    low, high = np.quantile(np.where(unknown, 0.0, gap), [0.1, 0.9], axis=0) + hidden
    return Shortage(
        probability=(short > 0).mean(axis=0) + hidden,
        short_mw=mean, low_mw=low, high_mw=high,
        any_probability=float((known > 0).any(axis=1).mean()),
        energy_mwh=float(short.sum(axis=1).mean()),
        hours=float((short > 0).sum(axis=1).mean()),
        worst_hour=int(np.nanargmax(mean)),
        unknown=unknown,
    )  # fmt: skip


def _waves(chance: np.random.Generator, hours: int, holds: float) -> Floats:
    """Return (path, hour) standard normal numbers, each hour hanging on the one before.

    Every path has its mirror image, so that the mean is exact.
    """
    fresh = chance.standard_normal((PATHS // 2, hours))
    found = np.empty_like(fresh)
    found[:, 0] = fresh[:, 0]
    for hour in range(1, hours):
        found[:, hour] = holds * found[:, hour - 1] + np.sqrt(1 - holds**2) * fresh[:, hour]
    return np.concatenate([found, -found])


def _at(told: Floats, level: Floats) -> Floats:
    """Return (path, hour) the demand at these levels.

    Straight between the quantiles; beyond the outermost as the normal distribution goes on.
    """
    found = np.empty_like(level)
    for hour in range(told.shape[1]):
        found[:, hour] = np.interp(level[:, hour], LEVELS, told[:, hour])
    slack = np.clip(level, 1e-6, 1 - 1e-6)
    below, above = slack < LEVELS[0], slack > LEVELS[-1]
    # from the 5 % to the 0.5 % quantile the normal distribution goes on by 0.57 of q50 - q05
    middle = told[LEVELS == 0.5][0]
    deep = np.log10(LEVELS[0] / np.minimum(slack, LEVELS[0])) * 0.57
    far = np.log10(LEVELS[0] / np.minimum(1 - slack, LEVELS[0])) * 0.57
    found -= np.where(below, deep * (middle - told[0]), 0.0)
    found += np.where(above, far * (told[-1] - middle), 0.0)
    return found
