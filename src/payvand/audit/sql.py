"""How are chain heads locked and events written, each in one statement, on both databases?"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from payvand.audit.rules.chain import EventRow, Head

# Sorted by stream: two writers lock in the same order and never wait for each other in a ring.
_LOCK = (
    "SELECT stream, seq, head FROM audit_chain WHERE stream = ANY(%s) ORDER BY stream FOR UPDATE"
)
_CREATE = (
    "INSERT INTO audit_chain (stream, seq, head) SELECT s, 0, '' FROM unnest(%s::uuid[]) AS s"
    " ORDER BY s ON CONFLICT (stream) DO NOTHING"
)
EVENTS_PG = (
    'INSERT INTO audit_event (stream, seq, "at", actor, verb, subject, facts, hash)'
    " SELECT * FROM unnest(%s::uuid[], %s::int[], %s::timestamptz[], %s::text[], %s::text[],"
    " %s::text[], %s::text[], %s::text[])"
)
HEADS_PG = (
    "INSERT INTO audit_chain (stream, seq, head)"
    " SELECT * FROM unnest(%s::uuid[], %s::int[], %s::text[]) AS moved (stream, seq, head)"
    " ORDER BY stream"
    " ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, head = excluded.head"
)
EVENTS_LITE = (
    'INSERT INTO audit_event (stream, seq, "at", actor, verb, subject, facts, hash)'
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
HEADS_LITE = (
    "INSERT INTO audit_chain (stream, seq, head) VALUES (%s, %s, %s)"
    " ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, head = excluded.head"
)


def lock(streams: Collection[UUID]) -> dict[UUID, Head]:
    """Return the heads of the streams, locked until the transaction ends; new ones start at 0."""
    require_transaction()
    wanted = sorted(set(streams))
    if connection.vendor == "postgresql":
        return _lock_pg(wanted)
    found: dict[UUID, Head] = {}
    with connection.cursor() as cursor:
        for part in range(0, len(wanted), 500):
            keys = [stream.hex for stream in wanted[part : part + 500]]
            marks = ",".join(["%s"] * len(keys))
            cursor.execute(
                f"SELECT stream, seq, head FROM audit_chain WHERE stream IN ({marks})",
                keys,
            )
            found.update((UUID(hex=stream), (seq, head)) for stream, seq, head in cursor)
    return found


def _lock_pg(wanted: list[UUID]) -> dict[UUID, Head]:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [wanted])
        found = {stream: (seq, head) for stream, seq, head in cursor}
        if len(found) < len(wanted):
            # A head that nobody has yet must exist before it can be locked.
            cursor.execute(_CREATE, [[stream for stream in wanted if stream not in found]])
            cursor.execute(_LOCK, [wanted])
            found = {stream: (seq, head) for stream, seq, head in cursor}
    return found


def write(rows: Sequence[EventRow], heads: Mapping[UUID, Head]) -> None:
    """Insert the events and move the heads: two statements, whatever their number."""
    require_transaction()
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(EVENTS_PG, events_columns(rows))
            cursor.execute(HEADS_PG, heads_columns(heads))
        else:
            cursor.executemany(EVENTS_LITE, events_lite(rows))
            cursor.executemany(HEADS_LITE, [(s.hex, *head) for s, head in heads.items()])


def events_columns(rows: Sequence[EventRow]) -> list[list[Any]]:
    """Return the eight arrays that EVENTS_PG takes."""
    return [list(column) for column in zip(*rows, strict=True)]


def heads_columns(heads: Mapping[UUID, Head]) -> list[list[Any]]:
    """Return the three arrays that HEADS_PG takes."""
    pairs = heads.values()
    return [list(heads), [seq for seq, _ in pairs], [head for _, head in pairs]]


def events_lite(rows: Sequence[EventRow]) -> list[tuple[Any, ...]]:
    """Return the rows as SQLite stores them: UUIDs as hex, moments as Django writes them."""
    told: dict[Any, Any] = {}
    for row in rows:
        if row.at not in told:
            told[row.at] = connection.ops.adapt_datetimefield_value(row.at)
    return [(row.stream.hex, row.seq, told[row.at], *row[3:]) for row in rows]


def require_transaction() -> None:
    """Raise unless a transaction is open: an event without its action would be a lie."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "events are written in the transaction of the action they tell of"
        )
