"""Which 24 hours make a day in Tehran, when readings are by the hour of UTC?

Pure. Tehran is 3 h 30 min ahead, so the hours of a day begin at half past: hour 0 of a day begins
at 00:30 (21:00 UTC of the day before) and hour 23 ends at 00:30 of the next. Nothing depends on a
time zone of a database or an engine.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

ELECTRICITY, GAS = "electricity", "gas"
STEPS = {ELECTRICITY: 24, GAS: 1}  # readings a day; figures are MWh a step, which of an hour is MW
DAYS = 3  # that a forecast looks ahead
BEFORE = 3  # hours of UTC that belong to the next day in Tehran: 21, 22, 23


def start_of(day: date) -> datetime:
    """Return the moment at which hour 0 of a day begins.

    >>> start_of(date(2026, 7, 22)).isoformat()
    '2026-07-21T21:00:00+00:00'
    """
    return datetime.combine(day, time(0), UTC) - timedelta(hours=BEFORE)


def hour_at(moment: datetime, day: date) -> int:
    """Return which hour of a day a moment lies in; below 0 before it, above 23 after it.

    >>> hour_at(datetime(2026, 7, 21, 21, 40, tzinfo=UTC), date(2026, 7, 22))
    0
    """
    return int((moment - start_of(day)).total_seconds() // 3600)


def label(hour: int) -> str:
    """Return the clock time in Tehran at which an hour begins.

    >>> label(14), label(24)
    ('14:30', '00:30')
    """
    return f"{hour % 24:02}:30"


def span(hour: int, hours: int = 1) -> str:
    """Return from when until when, as clock times.

    >>> span(14, 2)
    '14:30–16:30'
    """
    return f"{label(hour)}–{label(hour + hours)}"
