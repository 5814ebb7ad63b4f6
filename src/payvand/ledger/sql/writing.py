"""How does one human step become two statements? The only hand-written SQL that writes the ledger.

A step collects its rows in `Work`; `flush` writes them with one statement on PostgreSQL (a chain
of data-modifying CTEs fed by JSON, so that its text is constant and prepared once) and with one
`executemany` per table on SQLite. Both are held to the same tests.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection, models

from payvand.audit import public as audit
from payvand.ledger.models import (
    Answer,
    Disclosure,
    Interruption,
    Move,
    Notice,
    Obligation,
    Outbox,
)
from payvand.ledger.sql.running import adapt, dump, is_postgres, run

MODELS: dict[str, type[models.Model]] = {
    m.__name__: m for m in (Obligation, Answer, Outbox, Notice, Disclosure, Move, Interruption)
}
TABLES = tuple(MODELS)
UPDATED = (
    "state", "outcome", "opened_at", "delivered_at", "proof", "answered_at", "recorded_at",
    "reply", "due_at", "next_rung_at", "rung", "calendar_version", "has_stops", "claimed_by_id",
)  # fmt: skip
CLOCK = ("due_at", "next_rung_at", "calendar_version")  # all that a closure changes


@dataclass
class Work:
    """Everything that one action writes."""

    at: datetime
    by: str
    inserts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)  # each with id and `columns`
    columns: tuple[str, ...] = UPDATED
    entries: list[audit.Entry] = field(default_factory=list)
    heads: dict[UUID, tuple[int, str]] = field(default_factory=dict)  # locked chain heads
    known: dict[str, Any] = field(default_factory=dict)  # what handlers need not read again

    def add(self, table: str, **row: Any) -> None:
        """Add one row to a table of the ledger."""
        self.inserts.setdefault(table, []).append(row)

    def log(self, stream: UUID, verb: str, subject: str, **facts: Any) -> None:
        """Add one entry to the log of a case."""
        self.entries.append(audit.Entry(stream, verb, subject, facts))


@lru_cache(maxsize=16)
def _blank(table: str) -> dict[str, Any]:
    """Return the columns of a ledger table with their defaults, without its automatic key."""
    found: dict[str, Any] = {}
    for f in MODELS[table]._meta.concrete_fields:
        if not isinstance(f, models.AutoField):
            found[f.attname] = f.get_default() if f.has_default() else (None if f.null else "")
    return found


def _full(table: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    blank = _blank(table)
    return [blank | row for row in rows]


def flush(work: Work) -> None:
    """Write all rows of a step; the caller holds the transaction and the locks of `work.heads`."""
    events, heads = audit.compute(work.entries, work.heads, by=work.by, at=work.at)
    if is_postgres():
        _flush_postgres(work, events, heads)
    else:
        _flush_sqlite(work, events, heads)
    for stream, head in heads.items():
        work.heads[stream] = head


_EVENT = ("stream", "seq", "at", "actor", "verb", "subject", "facts", "hash")


@lru_cache(maxsize=128)
def _statement(
    tables: tuple[str, ...], updated: tuple[str, ...], changes: str, with_events: bool
) -> str:
    parts = []
    for table in tables:
        columns = ", ".join(f'"{c}"' for c in _blank(table))
        name = f"ledger_{table.lower()}"
        parts.append(
            f"i_{table.lower()} AS (INSERT INTO {name} ({columns}) SELECT {columns} "
            f"FROM jsonb_populate_recordset(NULL::{name}, %s::jsonb))"
        )
    if updated:
        sets = ", ".join(f"{c} = x.{c}" for c in updated)
        parts.append(
            f"u AS (UPDATE ledger_obligation o SET {sets} FROM {changes}("
            "NULL::ledger_obligation, %s::jsonb) x WHERE o.id = x.id)"
        )
    if with_events:
        columns = ", ".join(_EVENT)
        parts.append(
            f"e AS (INSERT INTO audit_event ({columns}) SELECT {columns} FROM "
            "jsonb_populate_recordset(NULL::audit_event, %s::jsonb))"
        )
        parts.append(
            "c AS (INSERT INTO audit_chain (stream, seq, head) SELECT stream, seq, head FROM "
            "jsonb_populate_recordset(NULL::audit_chain, %s::jsonb) "
            "ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, head = excluded.head)"
        )
    return "WITH " + ", ".join(parts) + " SELECT 1"


def _flush_postgres(work: Work, events: list[Any], heads: dict[UUID, tuple[int, str]]) -> None:
    tables = tuple(t for t in TABLES if work.inserts.get(t))
    params = [dump(_full(t, work.inserts[t])) for t in tables]
    # a set is expected to hold a hundred rows, for which the planner walks a table that is small
    # when the statement is prepared, and goes on walking it as it grows; a record is one row
    changes = "jsonb_populate_record" if len(work.updates) == 1 else "jsonb_populate_recordset"
    if work.updates:
        params.append(dump(work.updates[0] if len(work.updates) == 1 else work.updates))
    if events:
        params.append(dump([dict(zip(_EVENT, e, strict=True)) for e in events]))
        params.append(dump([{"stream": s, "seq": n, "head": h} for s, (n, h) in heads.items()]))
    if not params:
        return
    updated = work.columns if work.updates else ()
    run(_statement(tables, updated, changes, bool(events)), params)


@lru_cache(maxsize=32)
def _unlike(columns: tuple[str, ...]) -> tuple[int, ...]:
    """Return the places of columns whose values SQLite does not keep as they are."""
    kinds = (models.UUIDField, models.DateTimeField, models.JSONField)
    known = {f.attname for m in MODELS.values() for f in m._meta.concrete_fields
             if isinstance(getattr(f, "target_field", f), kinds)}  # fmt: skip
    return tuple(place for place, column in enumerate(columns) if column in known)


def _adapted(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> list[list[Any]]:
    """Return the values of rows, in the order of the columns, as SQLite stores them."""
    places, found = _unlike(columns), []
    for row in rows:
        values = [row[column] for column in columns]
        for place in places:
            if values[place] is not None:
                values[place] = adapt(values[place])
        found.append(values)
    return found


def _flush_sqlite(work: Work, events: list[Any], heads: dict[UUID, tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            rows = work.inserts.get(table)
            if rows:
                columns = tuple(_blank(table))
                cursor.executemany(
                    f"INSERT INTO ledger_{table.lower()} ({', '.join(columns)}) "
                    f"VALUES ({', '.join(['%s'] * len(columns))})",
                    _adapted(columns, _full(table, rows)),
                )
        if work.updates:
            columns = (*work.columns, "id")
            cursor.executemany(
                f"UPDATE ledger_obligation SET {', '.join(f'{c} = %s' for c in work.columns)} "
                "WHERE id = %s",
                _adapted(columns, work.updates),
            )
        if events:
            at = adapt(work.at)
            cursor.executemany(
                f"INSERT INTO audit_event ({', '.join(_EVENT)}) "
                f"VALUES ({', '.join(['%s'] * len(_EVENT))})",
                [(e[0].hex, e[1], at, *e[3:]) for e in events],
            )
            cursor.executemany(
                "INSERT INTO audit_chain (stream, seq, head) VALUES (%s, %s, %s) ON CONFLICT "
                "(stream) DO UPDATE SET seq = excluded.seq, head = excluded.head",
                [[s.hex, n, h] for s, (n, h) in heads.items()],
            )
