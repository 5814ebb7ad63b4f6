"""Over which days is something measured? This month, quarter or year, or from one month to another.

Months, quarters and years are Jalali.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from payvand.kernel import jalali
from payvand.kernel.text import fold_digits

MONTH, QUARTER, YEAR, RANGE = "month", "quarter", "year", "range"
KINDS = (MONTH, QUARTER, YEAR, RANGE)
LONGEST_MONTHS = 60  # what a page will show at once


@dataclass(frozen=True, slots=True)
class Period:
    """Some days, both ends included."""

    kind: str
    first: date
    last: date

    @property
    def months(self) -> list[tuple[int, int]]:
        """The Jalali months it touches, as (year, month), in order."""
        year, month, _ = jalali.to_jalali(self.first)
        end = jalali.to_jalali(self.last)[:2]
        found = []
        while (year, month) <= end:
            found.append((year, month))
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return found


def current(kind: str, today: date) -> Period:
    """Return this Jalali month, quarter or year, until today.

    >>> current("quarter", date(2025, 11, 10)).first
    datetime.date(2025, 9, 23)
    """
    year, month, _ = jalali.to_jalali(today)
    begins = {MONTH: month, QUARTER: 3 * ((month - 1) // 3) + 1, YEAR: 1}[kind]
    return Period(kind, jalali.parse(year, begins, 1), today)


def between(start: tuple[int, int], end: tuple[int, int]) -> Period:
    """Return the days from one Jalali month to another, in either order, at most five years.

    Raises ImpossibleDate.
    """
    start, end = min(start, end), max(start, end)
    first = jalali.month_bounds(*start)[0]
    latest = (start[0] * 12 + start[1] - 1) + LONGEST_MONTHS - 1
    capped = min(end, (latest // 12, latest % 12 + 1))
    return Period(RANGE, first, jalali.month_bounds(*capped)[1])


def of_days(first: date, last: date) -> Period:
    """Return the days from one date to another, in either order."""
    return Period(RANGE, min(first, last), max(first, last))


def last_months(today: date, count: int) -> Period:
    """Return the last `count` Jalali months, this one included, until today."""
    year, month, _ = jalali.to_jalali(today)
    place = year * 12 + month - count
    return Period(RANGE, jalali.parse(place // 12, place % 12 + 1, 1), today)


def previous(period: Period) -> Period:
    """Return as many days just before, to compare with."""
    length = period.last - period.first
    last = period.first - timedelta(days=1)
    return Period(RANGE, last - length, last)


def month_from(text: str) -> tuple[int, int] | None:
    """Return (year, month) of a text such as 1404-08, in any digits; None when it is not one."""
    year, _, month = fold_digits(text).partition("-")
    if not (year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
        return None
    found = (int(year), int(month))
    known = jalali.FIRST_YEAR <= found[0] <= jalali.LAST_YEAR and 1 <= found[1] <= 12
    return found if known else None
