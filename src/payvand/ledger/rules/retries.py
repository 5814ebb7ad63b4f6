"""When is a failed delivery tried again, and when is it a person's turn?

Pure. One minute, doubled at each failure, an hour at most. It is given up only after twelve tries
*and* two days: at an hour a try, twelve are over in a night, and an agency's system that is down
over a weekend must not turn its inquiries into dead letters by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=1)
TRIES = 12
PATIENCE = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Failures:
    """How often a delivery has failed, and since when."""

    count: int  # >= 1
    since: datetime


def next_try(failures: Failures, now: datetime) -> datetime | None:
    """Return when to try again, or None when a person must look at it.

    >>> from datetime import UTC
    >>> noon = datetime(2025, 11, 9, 12, tzinfo=UTC)
    >>> [(next_try(Failures(n, noon), noon) - noon).seconds // 60 for n in (1, 2, 3, 7, 12)]
    [1, 2, 4, 60, 60]
    """
    if failures.count >= TRIES and now - failures.since >= PATIENCE:
        return None
    doubled: int = 2 ** min(failures.count - 1, 10)
    return now + min(FIRST * doubled, LONGEST)
