"""How does one human step become two statements? The only hand-written SQL of the product.

A step collects its rows in `Work`; `flush` writes them with one statement on PostgreSQL (a chain
of data-modifying CTEs fed by JSON, so that its text is constant and prepared once) and with one
`executemany` per table on SQLite. Both are held to the same tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
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


@lru_cache(maxsize=1)
def is_postgres() -> bool:
    """Are we on PostgreSQL?"""
    return bool(connection.vendor == "postgresql")


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


def _dump(value: Any) -> str:
    return orjson.dumps(value).decode()


# one for each connection: making a cursor costs more than binding the statement
_cursors: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


def run(text: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """Run one constant statement that returns rows, and return them.

    On PostgreSQL it is bound and prepared by the server, which the connection's own cursor does not
    do: planning the step anew each time cost more than running it.
    """
    if is_postgres():
        import psycopg

        connection.ensure_connection()
        link = connection.connection
        cursor = _cursors.get(link)
        if cursor is None:
            cursor = _cursors[link] = psycopg.Cursor(link)
        return cursor.execute(text, params, prepare=True).fetchall()
    with connection.cursor() as plain:
        plain.execute(text, [adapt(p) for p in params])
        return list(plain.fetchall())


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
    params = [_dump(_full(t, work.inserts[t])) for t in tables]
    # a set is expected to hold a hundred rows, for which the planner walks a table that is small
    # when the statement is prepared, and goes on walking it as it grows; a record is one row
    changes = "jsonb_populate_record" if len(work.updates) == 1 else "jsonb_populate_recordset"
    if work.updates:
        params.append(_dump(work.updates[0] if len(work.updates) == 1 else work.updates))
    if events:
        params.append(_dump([dict(zip(_EVENT, e, strict=True)) for e in events]))
        params.append(_dump([{"stream": s, "seq": n, "head": h} for s, (n, h) in heads.items()]))
    if not params:
        return
    updated = work.columns if work.updates else ()
    run(_statement(tables, updated, changes, bool(events)), params)


def adapt(value: Any) -> Any:
    """Return a value as SQLite stores it: ids as hex, times as UTC text, objects as JSON."""
    how = _ADAPTED.get(type(value))
    return how(value) if how else value


def _sqlite_time(at: datetime) -> str:
    plain = at if at.tzinfo is UTC else at.astimezone(UTC)
    return plain.replace(tzinfo=None).isoformat(" ")


# By exact type: a batch of the sweep asks this seventy thousand times.
_ADAPTED: dict[type, Callable[[Any], Any]] = {
    UUID: lambda value: value.hex, datetime: _sqlite_time,
    dict: _dump, list: _dump, tuple: _dump,
}  # fmt: skip


@lru_cache(maxsize=32)
def _unlike(columns: tuple[str, ...]) -> tuple[int, ...]:
    """Return the places of columns whose values SQLite does not keep as they are."""
    kinds = (models.UUIDField, models.DateTimeField, models.JSONField)
    known = {f.attname for m in MODELS.values() for f in m._meta.concrete_fields
             if isinstance(f.target_field if f.remote_field else f, kinds)}  # fmt: skip
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


READ = (
    "id", "kind", "case_id", "case_code", "service", "question", "title", "asker_id",
    "debtor_id", "office_id", "place_id", "ground_id", "about_id", "term", "spec", "level",
    "state", "sent_at", "opened_at", "delivered_at", "proof", "answered_at", "recorded_at",
    "outcome", "reply", "due_at", "next_rung_at", "rung", "calendar_version", "has_stops",
    "claimed_by_id",
)  # fmt: skip
_JSON = frozenset(("title", "spec", "reply"))
_TIMES = frozenset(
    ("sent_at", "opened_at", "delivered_at", "answered_at", "recorded_at", "due_at", "next_rung_at")
)
_IDS = frozenset(("id", "case_id", "asker_id", "debtor_id", "about_id"))


@dataclass(slots=True)
class Owed:
    """One obligation as an action reads it, locked, with the head of its case's chain."""

    id: UUID
    kind: str
    case_id: UUID
    case_code: str
    service: str
    question: str
    title: dict[str, str]
    asker_id: UUID
    debtor_id: UUID
    office_id: int | None
    place_id: str | None
    ground_id: int | None
    about_id: UUID | None
    term: str
    spec: dict[str, Any]
    level: str
    state: str
    sent_at: datetime
    opened_at: datetime | None
    delivered_at: datetime | None
    proof: str
    answered_at: datetime | None
    recorded_at: datetime | None
    outcome: str
    reply: dict[str, Any] | None
    due_at: datetime | None
    next_rung_at: datetime | None
    rung: int
    calendar_version: str
    has_stops: bool
    claimed_by_id: int | None
    seq: int = 0
    head: str = ""

    def changed(self, columns: tuple[str, ...] = UPDATED) -> dict[str, Any]:
        """Return the row for `Work.updates`."""
        row: dict[str, Any] = {c: getattr(self, c) for c in columns}
        row["id"] = self.id
        return row


def lock(ids: list[UUID]) -> list[Owed]:
    """Read and lock obligations together with their cases' chain heads, in one statement."""
    where, params = among("o.id", ids)
    return _read(where, params, " ORDER BY o.case_id, o.id", "")


def among(column: str, ids: list[UUID]) -> tuple[str, list[Any]]:
    """Return a condition with constant text on PostgreSQL, so that it is prepared once.

    One id has a text of its own: for an array the planner expects ten and walks the whole table
    while that is small, or plans anew each time.
    """
    if len(ids) == 1:
        return f"{column} = %s", list(ids)
    if is_postgres():
        return f"{column} = ANY(%s)", [list(ids)]
    return f"{column} IN ({', '.join(['%s'] * len(ids))})", list(ids)


def lock_due(now: datetime, limit: int) -> list[Owed]:
    """Read and lock obligations that the sweep must look at; skips what others hold."""
    where = "o.next_rung_at IS NOT NULL AND o.next_rung_at <= %s"
    return _read(where, [now], f" ORDER BY o.next_rung_at LIMIT {int(limit)}", " SKIP LOCKED")


def _read(where: str, params: list[Any], tail: str, skip: str) -> list[Owed]:
    return [Owed(*_decode(row)) for row in run(_reading(where, tail, skip), params)]


@lru_cache(maxsize=64)
def _reading(where: str, tail: str, skip: str) -> str:
    columns = ", ".join(f"o.{c}" for c in READ)
    text = (
        f"SELECT {columns}, c.seq, c.head FROM ledger_obligation o "
        f"JOIN audit_chain c ON c.stream = o.case_id WHERE {where}{tail}"
    )
    return text + " FOR UPDATE OF o, c" + skip if is_postgres() else text


def _decode(row: tuple[Any, ...]) -> list[Any]:
    values = list(row)
    for place in _json_places() if is_postgres() else _lite_places():
        value = values[place]
        if is_postgres():
            values[place] = _load(READ[place], value) if isinstance(value, str) else value
        else:
            values[place] = from_sqlite(READ[place], value)
    return values


@lru_cache(maxsize=1)
def _json_places() -> tuple[int, ...]:
    return tuple(place for place, column in enumerate(READ) if column in _JSON)


@lru_cache(maxsize=1)
def _lite_places() -> tuple[int, ...]:
    unlike = _JSON | _TIMES | _IDS | {"has_stops"}
    return tuple(place for place, column in enumerate(READ) if column in unlike)


# One question is asked a thousand times in the same words: its text is read once, and shared by
# all rows, so nothing may write into a title or a spec.
_shared = lru_cache(maxsize=4096)(orjson.loads)


def _load(column: str, text: str) -> Any:
    return orjson.loads(text) if column == "reply" else _shared(text)


def from_sqlite(column: str, value: Any) -> Any:
    """Return a value that SQLite gave as the type that the rest of the product uses."""
    if value is None:
        return None
    if column in _JSON:
        return _load(column, value)
    if column in _TIMES:
        return value if isinstance(value, datetime) and value.tzinfo else _aware(value)
    if column in _IDS:
        return value if isinstance(value, UUID) else UUID(hex=value)
    return bool(value) if column == "has_stops" else value


def _aware(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC)


def lock_heads(streams: set[UUID]) -> dict[UUID, tuple[int, str]]:
    """Lock the chain heads of streams; a stream that begins now stands at nothing."""
    where, params = among("stream", list(streams))
    text = f"SELECT stream, seq, head FROM audit_chain WHERE {where} ORDER BY stream"
    if is_postgres():
        text += " FOR UPDATE"
    known = {from_sqlite("id", s): (n, h) for s, n, h in run(text, params)}
    return {s: known.get(s, (0, "")) for s in streams}


def standing_of(column: str) -> str:
    """Return the SELECT term for all inquiries and decisions of the case in a column.

    It gives a JSON list of [question, outcome, returned fields]; no rows give NULL.
    """
    gather, row, fields = (
        ("jsonb_agg", "jsonb_build_array", "q.reply->'fields'")
        if is_postgres()
        else ("json_group_array", "json_array", "json_extract(q.reply, '$.fields')")
    )
    return (
        f"(SELECT {gather}({row}(q.question, q.outcome, {fields})) FROM ledger_obligation q "
        f"WHERE q.case_id = {column} AND q.kind IN ('inquiry', 'decision') "
        "AND q.state <> 'cancelled')"
    )


def loads(value: Any) -> Any:
    """Return a JSON value that the database gave as text; an empty dict for none."""
    return orjson.loads(value) if isinstance(value, str) else (value or {})


def run_among(text: str, column: str, ids: list[UUID]) -> list[tuple[Any, ...]]:
    """Run a constant SELECT that ends in WHERE for some ids; the hot readings of upper contexts."""
    where, params = among(column, ids)
    return run(f"{text} {where}", params)
