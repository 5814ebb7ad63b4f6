"""Which Jalali date is this, and why can that one not exist?

Dates are stored Gregorian and shown Jalali; the conversion is that of persiantools.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from persiantools.jdatetime import JalaliDate

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.text import fold_digits, months, to_persian_digits, weekdays

FIRST_YEAR, LAST_YEAR = 1200, 1599


class ImpossibleDate(Invalid):
    """The month has no such day; ``last_day`` is its last one."""

    code = "input.impossible_date"
    what = gettext_noop("There is no day {day} in month {month} of {year}.")
    why = gettext_noop("That month has {last_day} days.")
    now = gettext_noop("Enter a day from 1 to {last_day}.")

    def __init__(self, *, year: int = 0, month: int = 0, day: int = 0, **facts: Any) -> None:
        super().__init__(year=year, month=month, day=day, **facts)


class ImpossibleMonth(ImpossibleDate):
    """A year has twelve months."""

    code = "input.impossible_month"
    what = gettext_noop("There is no month {month}.")
    why = gettext_noop("A year has twelve months.")
    now = gettext_noop("Choose a month from 1 to 12.")


class ImpossibleYear(ImpossibleDate):
    """The year is outside what this system keeps; two-digit years are not guessed."""

    code = "input.impossible_year"
    what = gettext_noop("{year} is not a year that can be entered.")
    why = gettext_noop("Years are written with four digits, from {first} to {last}.")
    now = gettext_noop("Enter the Jalali year with four digits, such as 1404.")


class UnreadableDate(ImpossibleDate):
    """The text is not a date of the form year-month-day."""

    code = "input.unreadable_date"
    what = gettext_noop("“{text}” is not a date.")
    why = gettext_noop("A date is written as year, month and day.")
    now = gettext_noop("Write it like 1404-08-19.")


def parse(year: int, month: int, day: int) -> date:
    """Return the Gregorian date of a Jalali one.

    Raises ImpossibleDate, whose facts say which days there are.

    >>> parse(1403, 12, 30)
    datetime.date(2025, 3, 20)
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ImpossibleYear(year=year, month=month, day=day, first=FIRST_YEAR, last=LAST_YEAR)
    if not 1 <= month <= 12:
        raise ImpossibleMonth(year=year, month=month, day=day)
    last_day = JalaliDate.days_in_month(month, year)
    if not 1 <= day <= last_day:
        raise ImpossibleDate(year=year, month=month, day=day, last_day=last_day)
    gregorian: date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
    return gregorian


def from_iso(text: str) -> date:
    """Return the Gregorian date of a Jalali one written year-month-day, in any digits.

    >>> from_iso("1404-08-19")
    datetime.date(2025, 11, 10)
    """
    parts = fold_digits(text).replace("/", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise UnreadableDate(text=text)
    year, month, day = map(int, parts)
    return parse(year, month, day)


@lru_cache(maxsize=4096)
def to_jalali(day: date) -> tuple[int, int, int]:
    """Return the Jalali year, month and day.

    >>> to_jalali(date(2025, 3, 20))
    (1403, 12, 30)
    """
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    return jalali.year, jalali.month, jalali.day


def month_bounds(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last day of a Jalali month."""
    first = parse(year, month, 1)
    return first, first + timedelta(days=JalaliDate.days_in_month(month, year) - 1)


def weekday_name(day: date, lang: str) -> str:
    """Return the name of the day of the week."""
    return weekdays(lang)[(day.weekday() + 2) % 7]


def format_date(day: date, lang: str, *, weekday: bool = False, year: bool = True) -> str:
    """Return the Jalali date in words, in either language.

    >>> format_date(date(2025, 11, 9), "fa", weekday=True)
    'یکشنبه ۱۸ آبان ۱۴۰۴'
    >>> format_date(date(2025, 11, 9), "en", year=False)
    '18 Aban'
    """
    if isinstance(day, datetime):
        day = clock.local_date(day)
    jyear, jmonth, jday = to_jalali(day)
    words = [weekday_name(day, lang)] if weekday else []
    words += [str(jday), months(lang)[jmonth - 1]]
    if year:
        words.append(str(jyear))
    return _digits(" ".join(words), lang)


def format_datetime(at: datetime, lang: str) -> str:
    """Return the Jalali date and the time in Tehran.

    >>> from datetime import UTC
    >>> format_datetime(datetime(2025, 11, 9, 10, 30, tzinfo=UTC), "fa")
    '۱۸ آبان ۱۴۰۴، ساعت ۱۴:۰۰'
    """
    local = at.astimezone(clock.TEHRAN)
    between = "، ساعت " if lang == "fa" else ", "
    return format_date(local.date(), lang) + between + _digits(f"{local:%H:%M}", lang)


def _digits(text: str, lang: str) -> str:
    return to_persian_digits(text) if lang == "fa" else text
