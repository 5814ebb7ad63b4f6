"""What time is it in the demonstration?

The demo's clock runs ahead of the machine's by a stored offset, read at most once a second, so that
web and worker agree.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError

from payvand.demo.models import DemoClock
from payvand.kernel import clock

LOOK_EVERY = 1.0  # seconds

_read: tuple[float, timedelta] = (float("-inf"), timedelta())


def start() -> None:
    """Let every part of this process take its time from the demo's clock."""
    clock.set_source(now)


def now() -> datetime:
    """Return the demo's moment."""
    return machine_now() + offset()


def machine_now() -> datetime:
    """Return the moment of the machine's own clock."""
    return datetime.now(UTC)


def offset() -> timedelta:
    """Return how far the demo is ahead; nothing before its tables exist."""
    global _read  # noqa: PLW0603 - one clock for the whole process
    at, kept = _read
    if time.monotonic() - at >= LOOK_EVERY:
        _read = (time.monotonic(), kept)  # looked at now; stays as it was if the look fails
        try:
            found = DemoClock.objects.values_list("ahead_seconds", flat=True).first()
        except DatabaseError:
            return kept
        kept = timedelta(seconds=found or 0)
        _read = (time.monotonic(), kept)
    return kept


def move_to(at: datetime) -> None:
    """Set the demo's clock forward to a moment; it never goes back."""
    ahead = max(int((at - machine_now()).total_seconds()), 0)
    DemoClock.objects.filter(pk=1, ahead_seconds__lt=ahead).update(ahead_seconds=ahead)
    forget()


def forget() -> None:
    """Read the offset again at the next look."""
    global _read  # noqa: PLW0603 - as above
    _read = (float("-inf"), timedelta())
