"""When were obligations taken back? The one look that the log's door lacks.

Read only. The log names, in each case's stream, every change of an obligation, so nothing in the
ledger needs a mark of its own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

_CANCELLED = "SELECT subject, at FROM audit_event WHERE verb = %s AND stream IN ({})"


def cancelled(streams: list[UUID]) -> dict[UUID, datetime]:
    """Return when obligations of these streams were cancelled."""
    if not streams:
        return {}
    places = ", ".join(["%s"] * len(streams))
    keys = [s if connection.vendor == "postgresql" else s.hex for s in streams]
    with connection.cursor() as cursor:
        cursor.execute(_CANCELLED.format(places), ["ledger.cancelled", *keys])
        rows = cursor.fetchall()
    return {UUID(subject.partition(":")[2]): _moment(at) for subject, at in rows}


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def _moment(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
