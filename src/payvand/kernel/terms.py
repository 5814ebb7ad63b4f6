"""When is an answer due, and why then?

Pure. Source: the project's definitions; docs/reference/terms.md shows them row by row.

* Terms run on the debtor's calendar. The day of delivery is not counted; what arrives after closing
  time, or on a closed day, counts as delivered on the next working day.
* ``wd``: due at closing time of the n-th counting working day after the day of delivery.
* ``d``: the n-th counting calendar day; due at its closing time or, when it is closed, at the
  closing time of the next working day.
* ``wh``: office hours only, from delivery or the next opening.
* A part-day closure moves closing time, so a term that ends on such a day ends when the office
  shuts, and an interruption that begins after that no longer postpones it. A whole-day closure
  never makes anything due earlier.
* Interruptions are a union of half-open intervals. A day counts when the clock was running as the
  day began (00:00 local time), so stopping from Monday 09:00 to Wednesday 09:00 costs two days, and
  an interruption within one day costs none. When the clock stands still at the due moment, the
  answer is due at the closing time of the next working day on which it runs. ``wh`` leaves out the
  stopped office time to the second.
"""

# ruff: noqa: PLR0917 - term, delivery, stops and calendar always go together, in this order

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from payvand.kernel.calendar import CalendarRule, Day, WorkCalendar
from payvand.kernel.jalali import format_datetime
from payvand.kernel.term_clock import (
    NO_STOPS,
    BadTerm,
    OpenEndedStop,
    Stops,
    Term,
    Unit,
    arrival,
    due_at,
    nth_calendar_day,
)
from payvand.kernel.term_progress import BadRung, Left, remaining, rung_at
from payvand.kernel.text import to_persian_digits

__all__ = [
    "NO_STOPS",
    "BadRung",
    "BadTerm",
    "Considered",
    "Due",
    "Left",
    "Line",
    "OpenEndedStop",
    "Stops",
    "Strictest",
    "Term",
    "Unit",
    "due",
    "due_at",
    "remaining",
    "rung_at",
    "strictest",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One reason why the due date is where it is.

    kind: weekend, holiday, closure, part_day, delivered_after_hours, delivered_on_closed_day,
    interruption or last_day_closed.
    """

    date: date
    kind: str
    title_fa: str
    title_en: str
    source: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When an answer is due, and why then: one line per skipped or short day and interruption."""

    at: datetime  # aware, UTC
    lines: tuple[Line, ...]


_TITLES = {
    "weekend": ("تعطیلی هفتگی", "Weekend"),
    "holiday": ("تعطیل رسمی", "Public holiday"),
    "closure": ("تعطیلی اداره", "Office closed"),
    "part_day": ("ساعت کار کوتاه‌تر", "Shorter office hours"),
    "delivered_after_hours": (
        "پس از ساعت اداری رسید؛ روز کاری بعد روز دریافت به شمار می‌آید",
        "Delivered after office hours; counts as delivered on the next working day",
    ),
    "delivered_on_closed_day": (
        "در روز تعطیل رسید؛ روز کاری بعد روز دریافت به شمار می‌آید",
        "Delivered on a closed day; counts as delivered on the next working day",
    ),
    "last_day_closed": (
        "روز پایان مهلت تعطیل است؛ مهلت تا پایان ساعت اداری روز کاری بعد است",
        "The last day is closed; the term ends at closing time of the next working day",
    ),
}


def due(term: Term, delivered: datetime, stops: Stops, calendar: WorkCalendar) -> Due:
    """Return the moment after which the answer is late, with its explanation.

    delivered: aware. stops: when the clock stands still. Raises OpenEndedStop when an interruption
    without an end keeps the term from running out, and CalendarTooShort.

    >>> from datetime import time, UTC
    >>> rules = [
    ...     CalendarRule(1, "IR", date(2025, 1, 1), None, frozenset({4}), "weekend"),
    ...     CalendarRule(2, "IR", date(2025, 1, 1), None, None, "hours", time(7), time(14)),
    ... ]
    >>> plain = WorkCalendar.build(
    ...     ["IR"], rules, first=date(2025, 1, 1), last=date(2025, 12, 31)
    ... )
    >>> answer = due(Term.parse("4wd"), datetime(2025, 11, 10, 8, tzinfo=UTC), NO_STOPS, plain)
    >>> answer.at, [line.kind for line in answer.lines]
    (datetime.datetime(2025, 11, 15, 10, 30, tzinfo=datetime.timezone.utc), ['weekend'])
    """
    at = due_at(term, delivered, stops, calendar)
    lines = [
        *_arrival_lines(delivered, calendar),
        *_day_lines(term, delivered, at, stops, calendar),
        *_stop_lines(delivered, at, stops, calendar),
    ]
    return Due(at, tuple(sorted(lines, key=lambda line: line.date)))


def _arrival_lines(delivered: datetime, calendar: WorkCalendar) -> Iterator[Line]:
    day = delivered.astimezone(calendar.zone).date()
    if not calendar.is_open(day):
        yield Line(day, "delivered_on_closed_day", *_TITLES["delivered_on_closed_day"])
    elif delivered > calendar.closing(day):
        yield Line(day, "delivered_after_hours", *_TITLES["delivered_after_hours"])


def _day_lines(
    term: Term, delivered: datetime, at: datetime, stops: Stops, calendar: WorkCalendar
) -> Iterator[Line]:
    """Yield the closed and short days that moved the due date."""
    first, last = (moment.astimezone(calendar.zone).date() for moment in (delivered, at))
    counted: set[date] = set()
    if term.unit is Unit.CALENDAR_DAYS:
        # Closed days count like others, except before the day of delivery and after the last day.
        start = arrival(delivered, calendar)
        end = nth_calendar_day(term.amount, start, stops, calendar)
        if not calendar.is_open(end):
            yield Line(end, "last_day_closed", *_TITLES["last_day_closed"])
        counted = set(_days(calendar.open_day(start) + timedelta(days=1), end - timedelta(days=1)))
    for each in _days(first, last):
        day = calendar.day(each)
        if day.rule is not None and each not in counted:
            yield _rule_line(day, day.rule)


def _rule_line(day: Day, rule: CalendarRule) -> Line:
    if not day.is_open:
        kind = rule.kind if rule.kind in _TITLES else "closure"
        fa, en = rule.title_fa or _TITLES[kind][0], rule.title_en or _TITLES[kind][1]
        return Line(day.date, kind, fa, en, rule.source, rule.status)
    fa, en = rule.title_fa or _TITLES["part_day"][0], rule.title_en or _TITLES["part_day"][1]
    opens, closes = f"{day.opens:%H:%M}", f"{day.closes:%H:%M}"
    fa += to_persian_digits(f" (ساعت کار {opens} تا {closes})")
    en += f" (open {opens}–{closes})"
    return Line(day.date, "part_day", fa, en, rule.source, rule.status)


def _stop_lines(
    delivered: datetime, at: datetime, stops: Stops, calendar: WorkCalendar
) -> Iterator[Line]:
    for start, end in stops.intervals:
        if end is not None and start < at and end > delivered:
            fa = f"توقف مهلت از {format_datetime(start, 'fa')} تا {format_datetime(end, 'fa')}"
            en = (
                f"Clock stopped from {format_datetime(start, 'en')} to {format_datetime(end, 'en')}"
            )
            yield Line(start.astimezone(calendar.zone).date(), "interruption", fa, en)


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


@dataclass(frozen=True, slots=True)
class Considered:
    """One of several terms that may apply, with its ground, and when it would run out."""

    term: Term
    ref: Any
    at: datetime


@dataclass(frozen=True, slots=True)
class Strictest:
    """The term that runs out first, and all that were considered, the strictest first."""

    term: Term
    ref: Any
    at: datetime
    considered: tuple[Considered, ...]


def strictest(
    terms: Sequence[tuple[Term, Any]],
    *,
    delivered: datetime,
    stops: Stops = NO_STOPS,
    calendar: WorkCalendar,
) -> Strictest:
    """Return the term that falls due first, an earlier one in the list among equals.

    terms: pairs of a term and a reference to its ground; at least one.
    """
    considered = [
        Considered(term, ref, due_at(term, delivered, stops, calendar)) for term, ref in terms
    ]
    considered.sort(key=lambda each: each.at)
    if not considered:
        raise ValueError("at least one term is needed")
    first = considered[0]
    return Strictest(first.term, first.ref, first.at, tuple(considered))
