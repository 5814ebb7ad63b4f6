"""What time is it, and which legal day is that?

Instants are aware UTC; legal days are days in Tehran. The source of time can be replaced, so that a
demonstration may advance it and a test may hold it still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TEHRAN = ZoneInfo("Asia/Tehran")

_source: Callable[[], datetime] | None = None


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    if _source is None:
        return datetime.now(UTC)
    return _as_utc(_source())


def set_source(source: Callable[[], datetime] | None) -> None:
    """Take the time from `source` from now on; None returns to the machine's clock."""
    global _source  # noqa: PLW0603 - one clock for the whole process
    _source = source


@contextmanager
def frozen(at: datetime) -> Iterator[datetime]:
    """Hold the clock at one moment, for tests.

    >>> with frozen(datetime(2025, 11, 9, 8, tzinfo=UTC)):
    ...     now().hour
    8
    """
    before = _source
    moment = _as_utc(at)
    set_source(lambda: moment)
    try:
        yield moment
    finally:
        set_source(before)


def local_date(at: datetime) -> date:
    """Return the day in Tehran that holds this moment.

    >>> local_date(datetime(2025, 11, 9, 21, tzinfo=UTC))
    datetime.date(2025, 11, 10)
    """
    return _as_utc(at).astimezone(TEHRAN).date()


def has_current_zone_data() -> bool:
    """Tell whether the zone data know that Iran keeps +3:30 all year since 1402 (2023)."""
    summer = datetime(2026, 7, 1, 12, tzinfo=TEHRAN)
    return summer.utcoffset() == timedelta(hours=3, minutes=30)


def _as_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC)
