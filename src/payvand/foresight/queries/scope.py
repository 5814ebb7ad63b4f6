"""Which cases and days do the readings mean, and what is a party called that has no name?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from payvand.kernel import clock

UNDECIDED = ("in_review", "awaiting", "deciding")  # states of an open application
REPLAYED = "replay-"  # services that were read from a log begin so; they are no sample of offices
NAMELESS = {"fa": "—", "en": "—"}


def midnight(day: date) -> datetime:
    """Return the beginning of a legal day."""
    return datetime.combine(day, time(), clock.TEHRAN).astimezone(UTC)
