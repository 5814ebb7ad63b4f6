"""By when should a group have left its state, and how late is it?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class State:
    """One state in the life of a kind of group."""

    key: str
    order: int
    name: dict[str, str]
    target_days: int | None
    is_operating: bool
    is_end: bool


def state_due(state: State, since: date) -> date | None:
    """Return the day by which the state should be over; None when it may last.

    >>> state_due(State("draft", 1, {}, 30, False, False), date(2025, 1, 1))
    datetime.date(2025, 1, 31)
    """
    return None if state.target_days is None else since + timedelta(days=state.target_days)


def days_late(due: date | None, today: date) -> int:
    """Return by how many days a group has outstayed its state; 0 when in time.

    >>> days_late(date(2025, 1, 1), date(2025, 1, 11)), days_late(None, date(2025, 1, 11))
    (10, 0)
    """
    return max(0, (today - due).days) if due else 0
