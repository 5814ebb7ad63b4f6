"""What does the log say of some cases that their rows do not, and in which province do they lie?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from payvand.ledger import public as ledger
from payvand.registry import public as registry

KINDS = ("inquiry", "decision", "objection")  # what offices owe in a case; the rest mirrors it
_LOG = (
    "SELECT stream, subject, verb, at, facts FROM audit_event WHERE verb IN "
    "('ledger.outage', 'ledger.undelivered', 'ledger.cancelled') AND"
)


def told_of(
    ids: list[UUID], now: datetime
) -> tuple[list[tuple[UUID, datetime, datetime]], dict[UUID, datetime]]:
    """Return the outages of some cases, and when their obligations were cancelled; one query."""
    outages: list[tuple[UUID, datetime, datetime]] = []
    cancelled: dict[UUID, datetime] = {}
    for _, subject, verb, at, facts in ledger.run_among(_LOG, "stream", ids) if ids else ():
        key, when = UUID(str(subject).partition(":")[2]), _moment(at)
        if verb == "ledger.cancelled":
            cancelled[key] = when
            continue
        told = json.loads(facts)
        begin, end = told.get("begin"), told.get("end")
        if begin:
            outages.append((key, _moment(begin), _moment(end) if end else when))
    return outages, cancelled


def _moment(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)


def province_of(place: str | None) -> str:
    """Return the code of the province in which a place lies; empty for the country itself."""
    if not place:
        return ""
    path = registry.place_path(place)
    return path[1] if len(path) > 1 else ""
