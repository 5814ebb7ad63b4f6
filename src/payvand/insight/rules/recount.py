"""What does one obligation count for, and on which days?

A day is a legal day in Tehran. An obligation falls due when its due time passes while it still
stands: what was cancelled before never fell due, what was cancelled after stays late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from payvand.insight.rules.measures import class_of
from payvand.kernel.clock import local_date


@dataclass(frozen=True, slots=True)
class Marks:
    """The days on which an obligation is counted, and as what."""

    sent_day: date
    due_day: date | None  # None: it has no term, or was cancelled before
    closed_day: date | None
    on_time: bool  # answered, and not after its due time
    seconds: int | None  # from question to answer; None without an answer
    time_class: int | None


def marks(state: str, *, sent: datetime, due: datetime | None, closed: datetime | None) -> Marks:
    """Return what one obligation counts for.

    state: sent, stopped, answered, deemed or cancelled. closed: when it was answered, settled by
    silence or cancelled. A stopped clock has no due time, so nothing falls due while it stands.
    """
    answered = state == "answered" and closed is not None
    fell = due
    if state == "cancelled" and (due is None or closed is None or closed <= due):
        fell = None
    seconds = int((closed - sent).total_seconds()) if answered and closed is not None else None
    seconds = None if seconds is None else max(0, seconds)
    return Marks(
        sent_day=local_date(sent), due_day=local_date(fell) if fell else None,
        closed_day=local_date(closed) if closed else None,
        on_time=bool(answered and closed is not None and due is not None and closed <= due),
        seconds=seconds, time_class=None if seconds is None else class_of(seconds),
    )  # fmt: skip
