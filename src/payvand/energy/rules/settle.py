"""What was delivered of what was asked, and who has borne how much over the year?

Pure. The *baseline* of an asset is what it would have used: for each hour the mean of the same hour
on the comparable days before the event (working days for a working day, without days of other
events), moved by what the hours just before the request tell of that day. *Delivered* is baseline
minus metered, never more than what was asked is credited, and a use above the baseline counts as
nothing delivered, not as a debt. The *burden account* is MWh cut per MWh of a usual day, so that a
bakery and a steelworks can be compared.

A period is an hour or a whole day; a day that is one period has no hours before it to adjust by.

Method: the "high 5 of 10 days, with adjustment on the day" that demand-response programmes use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LOOK_BACK, KEPT, ADJUST_HOURS, MOST_ADJUSTED = 10, 5, 3, 0.2


class NoBaseline(ValueError):
    """Fewer comparable days than are needed; the event is settled by agreement, not by a guess."""


@dataclass(frozen=True, slots=True)
class Settled:
    """By hour: baseline, metered, asked, delivered (MWh); `kept` says whether the sum was kept."""

    baseline: Floats
    metered: Floats
    asked: Floats
    delivered: Floats

    @property
    def share(self) -> float:
        """Return delivered ÷ asked; 1 when nothing was asked."""
        wanted = float(self.asked.sum())
        return 1.0 if wanted <= 0 else float(self.delivered.sum()) / wanted


def baseline(days: Floats, metered: Floats, first: int) -> Floats:
    """Return the use that was to be expected on the day of an event, by hour.

    days: MWh on comparable days before, oldest first, day × hour; NaN where not metered. metered:
    the day itself. first: the first hour of the request; the three hours before it adjust the
    level, by a fifth at most, so that using more beforehand does not pay. Raises NoBaseline.
    """
    whole = days[~np.isnan(days).any(axis=1)][-LOOK_BACK:]
    if len(whole) < KEPT:
        raise NoBaseline(f"{len(whole)} comparable days, {KEPT} are needed")
    highest = np.argsort(whole.sum(axis=1), kind="stable")[-KEPT:]
    usual: Floats = whole[highest].mean(axis=0)
    before = slice(max(0, first - ADJUST_HOURS), first)
    known, seen = float(usual[before].sum()), float(np.nansum(metered[before]))
    if known <= 0 or np.isnan(metered[before]).any() or before.start == before.stop:
        return usual
    level = float(np.clip(seen / known, 1 - MOST_ADJUSTED, 1 + MOST_ADJUSTED))
    moved: Floats = usual * level
    return moved


def settle(days: Floats, metered: Floats, asked: Floats) -> Settled:
    """Return what an asset delivered of what it was asked (MWh by hour). Raises NoBaseline."""
    hours = np.flatnonzero(asked > 0)
    expected = baseline(days, metered, int(hours[0]) if len(hours) else 0)
    saved = np.maximum(expected - np.nan_to_num(metered, nan=np.inf), 0.0)
    return Settled(expected, metered, asked, np.where(asked > 0, np.minimum(saved, asked), 0.0))


def nothing(metered: Floats) -> Settled:
    """Return the settlement of a day on which nothing was asked.

    >>> nothing(np.array([3.0])).share
    1.0
    """
    none = np.zeros_like(metered)
    return Settled(np.full_like(metered, np.nan), metered, none, none)


@dataclass(frozen=True, slots=True)
class Burden:
    """One group's year: MWh cut, its usual MWh of a day, and the two as days of use."""

    key: str
    cut: float
    usual_day: float

    @property
    def days(self) -> float:
        """Return how many days of its usual use the group has given."""
        return self.cut / self.usual_day if self.usual_day > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Fairness:
    """How evenly a burden lies: the largest, the mean, and Gini's measure (0 even, 1 on one)."""

    largest: float
    mean: float
    gini: float


def fairness(burdens: Sequence[Burden]) -> Fairness:
    """Return how evenly the burden of a year lies on those who can be asked."""
    days = np.sort(np.array([b.days for b in burdens]))
    if not len(days) or days.sum() <= 0:
        return Fairness(0.0, 0.0, 0.0)
    rank = np.arange(1, len(days) + 1)
    gini = float(((2 * rank - len(days) - 1) * days).sum() / (len(days) * days.sum()))
    return Fairness(float(days[-1]), float(days.mean()), gini)
