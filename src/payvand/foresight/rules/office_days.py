"""How do many moments turn into working days of an office, and back, without a loop?

Pure. A moment is a number of days since the local midnight of `origin`. A *working position* counts
the open days since then; within a day it grows evenly from opening to closing, so that one working
day is one whatever its hours. Position 3.0 is the closing time of the third open day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from payvand.kernel.calendar import WorkCalendar

Floats = NDArray[np.float32]
CLOSED = 2.0  # "opens" of a closed day: later than any fraction of it
DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True, eq=False)
class OfficeDays:
    """The open days of one calendar from `origin` on, as tables."""

    origin: date
    version: str
    zone_midnight: datetime
    place: Floats  # per calendar day: how many open days precede it
    opens: Floats  # per calendar day: its opening as a share of the day, 2 when closed
    length: Floats  # per calendar day: office time as a share of the day
    day_opens: Floats  # per open day: its opening, in days since origin
    day_length: Floats
    pace: float  # calendar days per working day beyond the calendar's end

    def moment(self, at: datetime) -> float:
        """Return a moment as days since the origin."""
        return (at - self.zone_midnight).total_seconds() / DAY_SECONDS

    def at(self, days: float) -> datetime:
        """Return the moment so many days after the origin."""
        return self.zone_midnight + timedelta(days=float(days))

    def worked(self, days: Floats | float) -> Floats:
        """Return the working positions of moments; before the origin there is nothing."""
        moments = np.asarray(days, np.float32)
        day = np.clip(np.floor(moments), 0, len(self.place) - 1).astype(np.intp)
        share = (moments - day - self.opens[day]) / self.length[day]
        found: Floats = self.place[day] + np.clip(share, 0, 1)
        beyond = moments - np.float32(len(self.place))
        if np.any(beyond > 0):
            found = found + np.maximum(beyond, 0) / np.float32(self.pace)
        return found

    def moments(self, worked: Floats) -> Floats:
        """Return the moments of working positions; a whole number is a closing time."""
        last = len(self.day_opens) - 1
        place = np.clip(np.ceil(worked) - 1, 0, last).astype(np.intp)
        share = np.maximum(worked - place, 0)
        found: Floats = self.day_opens[place] + np.minimum(share, 1) * self.day_length[place]
        if np.any(share > 1):
            found = found + np.maximum(share - 1, 0) * np.float32(self.pace)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class _Whole:
    """The tables of a calendar from its first day on."""

    is_open: NDArray[np.bool_]
    opens: NDArray[np.float64]  # per calendar day: its opening as a share of the day
    length: NDArray[np.float64]
    day_opens: NDArray[np.float64]  # per open day: its opening, in days since the first day


@lru_cache(maxsize=256)
def _whole(kept: Kept) -> _Whole:
    source = kept.calendar
    count = (source.last - source.first).days + 1
    base = source.begins.timestamp()
    starts = (np.asarray([at.timestamp() for at in source.openings]) - base) / DAY_SECONDS
    ends = (np.asarray([at.timestamp() for at in source.closings]) - base) / DAY_SECONDS
    # The days themselves, not the moments: summer time moved noon, never the date.
    days = np.asarray(
        [at.astimezone(source.zone).toordinal() for at in source.openings], np.intp
    ) - source.first.toordinal()  # fmt: skip
    is_open, opens, length = np.zeros(count, bool), np.full(count, CLOSED), np.ones(count)
    is_open[days], opens[days] = True, starts - days
    length[days] = np.maximum(ends - starts, 1e-4)
    return _Whole(is_open, opens, length, starts)


@lru_cache(maxsize=2048)
def _tables(kept: Kept, origin: date) -> OfficeDays:
    source, whole = kept.calendar, _whole(kept)
    first = source.offset(origin)
    is_open = whole.is_open[first:]
    place = np.concatenate(([0], np.cumsum(is_open)[:-1]))
    ahead = whole.day_opens[source.open_before(origin) :] - first
    open_days = np.flatnonzero(is_open)
    length = whole.length[first:]
    none = len(open_days) == 0
    return OfficeDays(
        origin, source.version, source.midnight(origin), place.astype(np.float32),
        whole.opens[first:].astype(np.float32), length.astype(np.float32),
        np.zeros(1, np.float32) if none else ahead.astype(np.float32),
        np.ones(1, np.float32) if none else length[open_days].astype(np.float32),
        pace=len(is_open) / max(len(open_days), 1),
    )  # fmt: skip


class Kept:
    """A calendar as part of a key: equal when its version is."""

    __slots__ = ("calendar",)

    def __init__(self, calendar: WorkCalendar) -> None:
        self.calendar = calendar

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and self.calendar.version == other.calendar.version

    def __hash__(self) -> int:
        return hash(self.calendar.version)


def office_days(calendar: WorkCalendar, origin: date) -> OfficeDays:
    """Return the tables of a calendar from `origin` on, kept in the process by version and day.

    Raises CalendarTooShort when the origin lies outside the calendar.
    """
    calendar.offset(origin)
    return _tables(Kept(calendar), origin)


def working_days(
    calendar: WorkCalendar, starts: NDArray[np.float64], ends: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the working days between moments (seconds since 1970), exact, for learning."""
    opens, closes = _edges(Kept(calendar))
    return _position(opens, closes, ends) - _position(opens, closes, starts)


@lru_cache(maxsize=256)
def _edges(kept: Kept) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    calendar = kept.calendar
    return (
        np.asarray([at.timestamp() for at in calendar.openings]),
        np.asarray([at.timestamp() for at in calendar.closings]),
    )


def _position(
    opens: NDArray[np.float64], closes: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    place = np.searchsorted(opens, at, side="right") - 1
    safe = np.maximum(place, 0)
    share = np.clip((at - opens[safe]) / np.maximum(closes[safe] - opens[safe], 1.0), 0, 1)
    return np.where(place < 0, 0.0, place + share)
