"""How far has a term run, and when does it reach a rung of its ladder?

Import it from `payvand.kernel.terms`.
"""
# ruff: noqa: PLR0917 - term, delivery, stops and calendar always go together, in this order

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache

from payvand.kernel.calendar import WorkCalendar
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.term_clock import (
    FOREVER,
    NO_STOPS,
    OpenEndedStop,
    Stops,
    Term,
    Unit,
    after_office_time,
    arrival,
    due_at,
    nth_calendar_day,
    nth_counting,
)


class BadRung(Invalid):
    """The text is no rung of a ladder."""

    code = "term.bad_rung"
    what = gettext_noop("“{text}” is not a rung.")
    why = gettext_noop("A rung is a share of the term, the due moment, or a time after it.")
    now = gettext_noop("Write it like 80%, 0, +3wd or +2d.")


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a term, or by how much it is over, in the unit of the term.

    Days are those still to come after today: zero left and not overdue means due today. Hours are
    rounded up. A term that is over is over by one at least.
    """

    amount: int
    unit: Unit
    is_overdue: bool
    over: int


def remaining(
    term: Term, delivered: datetime, now: datetime, stops: Stops, calendar: WorkCalendar
) -> Left:
    """Return how much of the term is left at `now`, or how far it is over."""
    try:
        end = due_at(term, delivered, stops, calendar)
    except OpenEndedStop:
        end = FOREVER
    if now > end:
        return Left(0, term.unit, True, _over(term.unit, end, now, calendar))
    if term.unit is Unit.WORKING_HOURS:
        used = _running_office_time(delivered, now, stops, calendar)
        return Left(_hours_up(timedelta(hours=term.amount) - used), term.unit, False, 0)
    first = calendar.open_day(arrival(delivered, calendar))
    today = now.astimezone(calendar.zone).date()
    used_days = sum(
        1
        for ordinal in range(first.toordinal() + 1, today.toordinal() + 1)
        if _counts(date.fromordinal(ordinal), term.unit, stops, calendar)
    )
    return Left(max(term.amount - used_days, 0), term.unit, False, 0)


def _counts(day: date, unit: Unit, stops: Stops, calendar: WorkCalendar) -> bool:
    if unit is Unit.WORKING_DAYS and not calendar.is_open(day):
        return False
    return stops.holding(calendar.midnight(day)) is None


def _running_office_time(
    since: datetime, until: datetime, stops: Stops, calendar: WorkCalendar
) -> timedelta:
    if until <= since:
        return timedelta()
    time = calendar.worked_by(until) - calendar.worked_by(since)
    for start, end in stops.intervals:
        low, high = max(start, since), min(end or until, until)
        if low < high:
            time -= calendar.worked_by(high) - calendar.worked_by(low)
    return time


def _over(unit: Unit, end: datetime, now: datetime, calendar: WorkCalendar) -> int:
    if unit is Unit.WORKING_HOURS:
        return max(_hours_up(calendar.worked_by(now) - calendar.worked_by(end)), 1)
    last, today = (at.astimezone(calendar.zone).date() for at in (end, now))
    if unit is Unit.WORKING_DAYS:
        return max(calendar.working_days_between(last, today), 1)
    return max((today - last).days, 1)


def _hours_up(time: timedelta) -> int:
    return -(-time // timedelta(hours=1))


def rung_at(
    rung: str,
    term: Term,
    delivered: datetime,
    due: datetime | None,
    stops: Stops,
    calendar: WorkCalendar,
) -> datetime:
    """Return the moment of a rung: a share of the term, the due moment, or a time after it.

    rung: "80%" (a part of a day is taken of its office hours), "0", "+3wd", "+2d" or "+8wh".
    due: as derived; None while an interruption has no end.
    Raises BadRung, and OpenEndedStop when the rung cannot be reached as things stand.
    """
    share, after = _parsed(rung)
    if share is not None:
        if share == 1 and due is not None:
            return due
        at = _share_at(share, term, delivered, stops, calendar)
        return at if due is None else min(at, due)
    if due is None:
        raise OpenEndedStop(since=stops.intervals[-1][0] if stops.intervals else None)
    # Once the term has run out there is nothing to interrupt: lateness runs on.
    return due_at(after, due, NO_STOPS, calendar) if after else due


@lru_cache(maxsize=1024)
def _parsed(rung: str) -> tuple[Fraction | None, Term | None]:
    """Return the share of the term, or the time after it; neither for the due moment itself."""
    share = re.fullmatch(r"([0-9]{1,3})%", rung)
    if share and int(share[1]) <= 100:
        return Fraction(int(share[1]), 100), None
    after = re.fullmatch(r"\+([1-9][0-9]{0,4}(?:wd|d|wh))", rung)
    if rung != "0" and not after:
        raise BadRung(text=rung)
    return None, Term.parse(after[1]) if after else None


def _share_at(
    share: Fraction, term: Term, delivered: datetime, stops: Stops, calendar: WorkCalendar
) -> datetime:
    """Return the moment by which that share of the term is used up, while the clock runs."""
    budget = term.amount * share
    start = arrival(delivered, calendar)
    if budget == 0:
        return _running_from(max(delivered, calendar.openings[start]), stops, calendar)
    if term.unit is Unit.WORKING_HOURS:
        # Whole seconds: a rung needs no finer time.
        seconds = int(budget * 3600)
        return after_office_time(timedelta(seconds=seconds), delivered, stops, calendar)
    whole, part = divmod(budget, 1)
    days = int(whole) + (part > 0)
    if term.unit is Unit.WORKING_DAYS:
        place = nth_counting(start + 1, days, stops, calendar.midnights)
        is_moved = False
    else:
        day = nth_calendar_day(days, start, stops, calendar)
        place = calendar.open_before(day)
        is_moved = calendar.open_day(place) != day
    calendar.open_day(place)  # raises when the calendar ends before
    opens, closes = calendar.openings[place], calendar.closings[place]
    if is_moved:
        return _running_from(opens, stops, calendar)
    length = closes - opens
    at = opens + timedelta(seconds=int(length.total_seconds() * part)) if part else closes
    return _running_from(at, stops, calendar)


def _running_from(at: datetime, stops: Stops, calendar: WorkCalendar) -> datetime:
    """Return the first office moment, from `at`, at which the clock runs."""
    while True:
        place = arrival(at, calendar)
        at = max(at, calendar.openings[place])
        held = stops.holding(at)
        if held is None:
            return at
        if held[1] is None:
            raise OpenEndedStop(since=held[0])
        at = held[1]
