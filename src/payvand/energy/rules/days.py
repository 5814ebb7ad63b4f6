"""What kind of day is it: which weekday, off, Nowruz, Ramadan, a bridge between days off?

Pure. Days off come from a list (of the country, the province, or a closure announced a day ahead);
Nowruz and Ramadan follow from the calendar. Ramadan is taken from the arithmetical calendar, which
may differ by a day from what was seen in the sky.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from payvand.energy.rules.series import Floats
from payvand.kernel import jalali

NAMES = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "off", "before_off", "after_off", "bridge", "nowruz", "after_nowruz", "ramadan",
)  # fmt: skip
OFF = NAMES.index("off")
JALALI_COUNTRIES = ("IR", "AF")


def kinds(first: date, days: int, holidays: Mapping[date, str], country: str = "") -> Floats:
    """Return (days, kind) of zeros and ones; the kinds are NAMES.

    >>> from datetime import date
    >>> row = kinds(date(2025, 3, 20), 2, {date(2025, 3, 21): "Nowruz"}, "IR")[0]
    >>> [name for name, is_so in zip(NAMES, row) if is_so]
    ['thursday', 'before_off', 'ramadan']
    """
    every = [first + timedelta(days=n) for n in range(-1, days + 1)]
    off = np.array([day in holidays for day in every], dtype=float)
    rest = np.array([day.weekday() in weekend(country) for day in every]) | (off > 0)
    found = np.zeros((days, len(NAMES)))
    found[np.arange(days), [day.weekday() for day in every[1:-1]]] = 1
    found[:, OFF] = off[1:-1]
    found[:, OFF + 1] = off[2:]
    found[:, OFF + 2] = off[:-2]
    found[:, OFF + 3] = rest[2:] & rest[:-2] & ~rest[1:-1]
    if country in JALALI_COUNTRIES:
        for place, day in enumerate(every[1:-1]):
            found[place, OFF + 4 :] = _jalali_kinds(day)
    return found


def weekend(country: str) -> tuple[int, ...]:
    """Return the weekly days off, Monday being 0."""
    return (4,) if country in JALALI_COUNTRIES else (5, 6)


def _jalali_kinds(day: date) -> tuple[float, float, float]:
    """Return 1 or 0 for Nowruz (1 to 4 Farvardin), the days after it (to the 13th), Ramadan."""
    _, month, number = jalali.to_jalali(day)
    return (
        float(month == 1 and number <= 4),
        float(month == 1 and 4 < number <= 13),
        float(hijri_month(day) == 9),
    )


def hijri_month(day: date) -> int:
    """Return the month, 1 to 12, of the arithmetical Islamic calendar.

    >>> from datetime import date
    >>> hijri_month(date(2025, 3, 15)), hijri_month(date(2024, 6, 17))
    (9, 12)
    """
    since = day.toordinal() - date(622, 7, 19).toordinal()  # 1 Muharram of the year 1
    year = (30 * since + 10646) // 10631
    begins = (year - 1) * 354 + (3 + 11 * year) // 30
    return min(12, int((since - begins) / 29.5) + 1)
