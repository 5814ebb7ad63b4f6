"""Does everything leave the house, and does the worker run?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from payvand.kernel import clock
from payvand.ledger.models import Outbox, Pulse


def dead_letters(size: int = 200) -> list[Outbox]:
    """Return what could not be sent and waits for a person, the newest first."""
    rows = Outbox.objects.filter(state="dead").select_related("obligation__debtor")
    return list(rows.order_by("-id")[:size])


@dataclass(frozen=True, slots=True)
class Beat:
    """One worker's sign of life."""

    name: str
    at: datetime
    age_seconds: int
    is_late: bool
    facts: dict[str, Any]

    @property
    def title(self) -> str:
        """What does it do, in the reader's language?"""
        return _("Watches the terms and delivers") if self.name == "sweep" else self.name

    @property
    def is_worker(self) -> bool:
        """Is it the sign of a worker, rather than the state of a job or of the calendar?"""
        return ":" not in self.name and self.name != "calendar"


def pulse(alarm_after_seconds: int = 60) -> list[Beat]:
    """Return when each worker last proved that it runs; late ones raise the alarm."""
    now = clock.now()
    beats = []
    for one in Pulse.objects.order_by("name"):
        age = int((now - one.at).total_seconds())
        beats.append(Beat(one.name, one.at, age, age > alarm_after_seconds, one.facts))
    return beats


def worker_state(alarm_after_seconds: int) -> str:
    """Say whether a worker watches the terms: `ok`, `late`, or `never` where none has ever run."""
    workers = [beat for beat in pulse(alarm_after_seconds) if beat.is_worker]
    if not workers:
        return "never"
    return "late" if any(beat.is_late for beat in workers) else "ok"
