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


@lru_cache(maxsize=256)
def _tables(version: str, origin: date, calendar: Kept) -> OfficeDays:
    source = calendar.calendar
    midnight = source.midnight(origin)
    last = (source.last - origin).days + 1
    offset = source.offset(origin)
    first_open = source.open_before(origin)
    opens = np.full(last, CLOSED, np.float32)
    length = np.ones(last, np.float32)
    is_open = np.zeros(last, bool)
    day_opens, day_length = [], []
    pairs = zip(source.openings[first_open:], source.closings[first_open:], strict=True)
    for opening, closing in pairs:
        start = (opening - midnight).total_seconds() / DAY_SECONDS
        spent = max((closing - opening).total_seconds() / DAY_SECONDS, 1e-4)
        day = min(int(start + 1e-9), last - 1)
        opens[day], length[day], is_open[day] = start - day, spent, True
        day_opens.append(start)
        day_length.append(spent)
    place = np.concatenate(([0], np.cumsum(is_open)[:-1])).astype(np.float32)
    count = max(len(day_opens), 1)
    return OfficeDays(
        origin, version, midnight, place, opens, length,
        np.asarray(day_opens or [0.0], np.float32), np.asarray(day_length or [1.0], np.float32),
        pace=max(last - (offset < 0), 1) / count,
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
    return _tables(calendar.version, origin, Kept(calendar))


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
