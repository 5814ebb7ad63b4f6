"""What does the log hold of many cases, and how are many counted rows written at once?

The log is only read: its events by chunks of cases, and the outages that it tells of.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection, models

from payvand.ledger import public as ledger

_OUTAGES = (
    "SELECT facts FROM audit_event WHERE id > %s AND id <= %s"
    " AND verb IN ('ledger.outage', 'ledger.undelivered')"
)
_EVENTS = "SELECT stream, seq, at, verb, subject, facts FROM audit_event WHERE"


def events_of(streams: list[UUID]) -> list[tuple[Any, ...]]:
    """Return (stream, seq, at, verb, subject, facts as JSON) of all events of some cases."""
    if not streams:
        return []
    return [(_uuid(row[0]), *row[1:]) for row in ledger.run_among(_EVENTS, "stream", streams)]


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))


def earliest_outage(after: int, until: int) -> datetime | None:
    """Return the beginning of the earliest outage that was told in (after, until]."""
    with connection.cursor() as cursor:
        cursor.execute(_OUTAGES, [after, until])
        told = [json.loads(row[0]).get("begin") for row in cursor.fetchall()]
    return min((datetime.fromisoformat(begin) for begin in told if begin), default=None)


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write many rows of a read model at once; ids are given by the database.

    names: attributes of the columns. Making an object of each row cost five times as much.
    """
    known = {f.attname: str(f.column) for f in model._meta.concrete_fields}
    columns = ", ".join(f'"{known[name]}"' for name in names)
    places = ", ".join(["%s"] * len(names))
    text = f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({places})'
    lite = connection.vendor == "sqlite"
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while part := list(islice(waiting, 5000)):
            cursor.executemany(text, [[_lite(v) for v in row] for row in part] if lite else part)


def _lite(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    return value.isoformat() if isinstance(value, date) else value
