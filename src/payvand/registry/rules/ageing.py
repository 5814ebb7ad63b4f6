"""When does a profile ask to be confirmed, and when is it stale?

A profile is confirmed for a year. For the last month it asks; afterwards it is stale: it stays
visible and says so, because silence costs nobody a right (source: DESIGN.md, rules that protect
people).
"""

from __future__ import annotations

from datetime import date, timedelta

GOOD_FOR_DAYS, ASKS_FOR_DAYS = 365, 30
FRESH, ASKING, STALE, UNCONFIRMED = "fresh", "asking", "stale", "unconfirmed"


def confirm_due(confirmed: date) -> date:
    """Return the day until which a confirmation holds.

    >>> confirm_due(date(2025, 1, 1))
    datetime.date(2026, 1, 1)
    """
    return confirmed + timedelta(days=GOOD_FOR_DAYS)


def age(due: date | None, today: date) -> str:
    """Return how a profile stands on a day; the day of the term itself is still in time.

    >>> age(date(2026, 1, 1), date(2025, 12, 10)), age(None, date(2026, 1, 1))
    ('asking', 'unconfirmed')
    """
    if due is None:
        return UNCONFIRMED
    if today > due:
        return STALE
    return ASKING if today > due - timedelta(days=ASKS_FOR_DAYS) else FRESH


def asks_from(today: date) -> date:
    """Return the last due day that asks on a day: whatever is due until then is to be asked.

    >>> age(asks_from(date(2026, 1, 1)), date(2026, 1, 1))
    'asking'
    """
    return today + timedelta(days=ASKS_FOR_DAYS - 1)
