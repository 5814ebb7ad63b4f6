"""What does the log say about one stream?"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from payvand.audit.models import Event


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as it can be shown."""

    stream: UUID
    seq: int
    at: datetime
    actor: str
    verb: str
    subject: str
    facts: dict[str, Any]
    hash: str


def history(stream: UUID) -> list[Happened]:
    """Return the events of one stream, oldest first."""
    rows = Event.objects.filter(stream=stream).order_by("seq")
    names = ("stream", "seq", "at", "actor", "verb", "subject", "facts", "hash")
    return [
        Happened(*row[:6], facts=json.loads(row[6]), hash=row[7])
        for row in rows.values_list(*names)
    ]
