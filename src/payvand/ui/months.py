"""Which Jalali months does a row of dates count in?"""

from datetime import date

from payvand.kernel import jalali, text


def months_between(first: date, last: date, lang: str) -> list[tuple[tuple[int, int], str]]:
    """Return every Jalali month from first to last as ((year, month), name)."""
    year, month, _day = jalali.to_jalali(first)
    end = jalali.to_jalali(last)[:2]
    found = []
    while (year, month) <= end:
        found.append(((year, month), text.months(lang)[month - 1]))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def bucket(day: date) -> tuple[int, int]:
    """Return the Jalali (year, month) that a day counts in."""
    return jalali.to_jalali(day)[:2]
