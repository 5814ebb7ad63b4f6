"""How does a budget of time run on a working calendar, and where does it stop?

The arithmetic under `payvand.kernel.terms`, which states the definitions; import it from there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from payvand.kernel.calendar import WorkCalendar
from payvand.kernel.errors import Conflict, Invalid, gettext_noop

FOREVER = datetime.max.replace(tzinfo=UTC)


class BadTerm(Invalid):
    """The text is no term."""

    code = "term.bad"
    what = gettext_noop("“{text}” is not a term.")
    why = gettext_noop("A term is a number from 1 and a unit: 5wd, 5d or 8wh.")
    now = gettext_noop("State working days (wd), calendar days (d) or working hours (wh).")


class OpenEndedStop(Conflict):
    """The clock stands still and nobody knows until when, so nothing can fall due."""

    code = "term.open_ended_stop"
    what = gettext_noop("There is no due date at present.")
    why = gettext_noop("The clock has stood still since {since}.")
    now = gettext_noop("The due date follows when the interruption ends.")

    def __init__(self, *, since: datetime | None = None, **facts: Any) -> None:
        super().__init__(since=since, **facts)


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAYS = "wd"
    CALENDAR_DAYS = "d"
    WORKING_HOURS = "wh"


@dataclass(frozen=True, slots=True)
class Term:
    """A budget of time, as written in a pack: 5wd, 5d or 8wh.

    >>> Term.parse("5wd"), str(Term(8, Unit.WORKING_HOURS))
    (Term(amount=5, unit=<Unit.WORKING_DAYS: 'wd'>), '8wh')
    """

    amount: int  # >= 1
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise BadTerm(text=str(self))

    @classmethod
    def parse(cls, text: str) -> Term:
        """Return the term that is written; raises BadTerm."""
        found = re.fullmatch(r"([1-9][0-9]{0,4})(wd|d|wh)", text.strip())
        if not found:
            raise BadTerm(text=text)
        return cls(int(found[1]), Unit(found[2]))

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"


@dataclass(frozen=True, slots=True)
class Stops:
    """When the clock stands still: a union of half-open intervals, in order, never touching.

    An interval without an end lasts. Build it with `Stops.of`.
    """

    intervals: tuple[tuple[datetime, datetime | None], ...] = ()

    @classmethod
    def of(cls, intervals: Iterable[tuple[datetime, datetime | None]]) -> Stops:
        """Return the union; empty and overlapping intervals are allowed.

        >>> at = [datetime(2025, 1, day, tzinfo=UTC) for day in (1, 2, 3, 4)]
        >>> Stops.of([(at[1], at[3]), (at[0], at[2])]) == Stops.of([(at[0], at[3])])
        True
        """
        merged: list[tuple[datetime, datetime]] = []
        for start, end in sorted((start, end or FOREVER) for start, end in intervals):
            if end <= start:
                continue
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            else:
                merged.append((start, end))
        return cls(tuple((start, None if end is FOREVER else end) for start, end in merged))

    def holding(self, at: datetime) -> tuple[datetime, datetime | None] | None:
        """Return the interval in which the clock stands still at that moment, if any."""
        for start, end in self.intervals:
            if start <= at and (end is None or at < end):
                return start, end
        return None


NO_STOPS = Stops()


def due_at(term: Term, delivered: datetime, stops: Stops, calendar: WorkCalendar) -> datetime:
    """Return the moment after which the answer is late, in UTC.

    Raises OpenEndedStop when an interruption without an end keeps the term from running out, and
    CalendarTooShort when the calendar ends before the term.
    """
    start = arrival(delivered, calendar)
    if term.unit is Unit.WORKING_HOURS:
        return after_office_time(timedelta(hours=term.amount), delivered, stops, calendar)
    if term.unit is Unit.WORKING_DAYS:
        place = start + term.amount
        if stops.intervals:
            place = nth_counting(start + 1, term.amount, stops, calendar.midnights)
    else:
        place = calendar.open_before(nth_calendar_day(term.amount, start, stops, calendar))
    return _closing_when_running(place, stops, calendar)


def arrival(delivered: datetime, calendar: WorkCalendar) -> int:
    """Return the place, in the row of open days, of the day that counts as the day of delivery."""
    if delivered < calendar.begins:
        raise calendar.too_short(delivered)
    place = bisect_left(calendar.closings, delivered)
    if place == len(calendar.closings):
        raise calendar.too_short(delivered)
    return place


def nth_counting(first: int, amount: int, stops: Stops, begins: Sequence[datetime]) -> int:
    """Return the place of the n-th day, from `first`, on which the clock ran as the day began."""
    place = first + amount - 1
    for start, end in stops.intervals:
        skipped_from = max(bisect_left(begins, start), first)
        if skipped_from > place:
            break
        if end is None:
            raise OpenEndedStop(since=start)
        place += max(bisect_left(begins, end) - skipped_from, 0)
    return place


def nth_calendar_day(amount: int, start: int, stops: Stops, calendar: WorkCalendar) -> date:
    """Return the n-th counting calendar day after the day of delivery."""
    first = calendar.open_day(start).toordinal() + 1
    last = first + amount - 1
    for stop_from, stop_to in stops.intervals:
        skipped_from = max(_first_day_from(stop_from, calendar), first)
        if skipped_from > last:
            break
        if stop_to is None:
            raise OpenEndedStop(since=stop_from)
        last += max(_first_day_from(stop_to, calendar) - skipped_from, 0)
    return date.fromordinal(last)


def _first_day_from(at: datetime, calendar: WorkCalendar) -> int:
    """Return the ordinal of the first local day that begins at `at` or later."""
    local = at.astimezone(calendar.zone).date()
    return local.toordinal() + (calendar.midnight(local) < at)


def _closing_when_running(place: int, stops: Stops, calendar: WorkCalendar) -> datetime:
    """Return the closing time of the first open day, from `place`, at which the clock runs."""
    closings = calendar.closings
    while True:
        if place >= len(closings):
            raise calendar.too_short(None)
        held = stops.holding(closings[place]) if stops.intervals else None
        if held is None:
            return closings[place]
        if held[1] is None:
            raise OpenEndedStop(since=held[0])
        place = bisect_left(closings, held[1])


def after_office_time(
    amount: timedelta, delivered: datetime, stops: Stops, calendar: WorkCalendar
) -> datetime:
    """Return the moment by which that much running office time has passed since delivery."""
    target = calendar.worked_by(delivered) + amount
    for start, end in stops.intervals:
        if end is not None and end <= delivered:
            continue
        stopped_from = calendar.worked_by(max(start, delivered))
        if stopped_from >= target:
            break
        if end is None:
            raise OpenEndedStop(since=start)
        target += calendar.worked_by(end) - stopped_from
    return calendar.when_worked(target)
