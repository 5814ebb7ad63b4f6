"""How is one human step written? The only hand-written SQL that writes the ledger.

A step collects its rows in `Work`; `flush` writes them in one round trip on PostgreSQL, each by a
constant text that is prepared once, and with one `executemany` per table on SQLite. Both are held
to the same tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
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
from payvand.ledger.sql.running import (
    ADAPTED,
    JSON_COLUMNS,
    Order,
    adapt,
    dump,
    is_postgres,
    run_all,
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
    beside: list[Order] = field(default_factory=list)  # what upper contexts write with it

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


def flush(work: Work, *, last: bool = False) -> None:
    """Write all rows of a step; the caller holds the transaction and the locks of `work.heads`.

    last: the caller does nothing more in this transaction.
    """
    events, heads = audit.compute(work.entries, work.heads, by=work.by, at=work.at)
    if is_postgres():
        _flush_postgres(work, events, heads, last)
    else:
        _flush_sqlite(work, events, heads)
    for stream, head in heads.items():
        work.heads[stream] = head


_EVENT = ("stream", "seq", "at", "actor", "verb", "subject", "facts", "hash")
_CHAIN = ("stream", "seq", "head")
_MOVE = " ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, head = excluded.head"
FEW = 8  # rows of a table that go as values; more go as one set of JSON


@lru_cache(maxsize=256)
def _insert(name: str, columns: tuple[str, ...], tail: str = "", rows: int = 1) -> str:
    marks = f"({', '.join(['%s'] * len(columns))})"
    return f"INSERT INTO {name} ({', '.join(columns)}) VALUES {', '.join([marks] * rows)}{tail}"


@lru_cache(maxsize=64)
def _insert_set(name: str, columns: tuple[str, ...], tail: str = "") -> str:
    listed = ", ".join(columns)
    return (f"INSERT INTO {name} ({listed}) SELECT {listed} FROM "
            f"jsonb_populate_recordset(NULL::{name}, %s::jsonb){tail}")  # fmt: skip


@lru_cache(maxsize=16)
def _update(columns: tuple[str, ...]) -> str:
    sets = ", ".join(f"{c} = %s" for c in columns)
    return f"UPDATE ledger_obligation SET {sets} WHERE id = %s"


@lru_cache(maxsize=16)
def _update_set(columns: tuple[str, ...]) -> str:
    sets = ", ".join(f"{c} = x.{c}" for c in columns)
    return (f"UPDATE ledger_obligation o SET {sets} FROM jsonb_populate_recordset("
            "NULL::ledger_obligation, %s::jsonb) x WHERE o.id = x.id")  # fmt: skip


@lru_cache(maxsize=256)
def _insert_given(table: str, given: tuple[str, ...]) -> tuple[str, tuple[int, ...]]:
    """Return the INSERT of a row of which these columns are given, and the places of JSON in it.

    The defaults of the others stand in its text: what does not travel need not be read.
    """
    blank = _blank(table)
    rest = {column: value for column, value in blank.items()
            if column not in given and value is not None}  # fmt: skip
    marks = ["%s"] * len(given) + [_literal(value) for value in rest.values()]
    text = (f"INSERT INTO ledger_{table.lower()} ({', '.join((*given, *rest))}) "
            f"VALUES ({', '.join(marks)})")  # fmt: skip
    by_name = {f.attname: f for f in MODELS[table]._meta.concrete_fields}
    return text, _places([by_name[column] for column in given], models.JSONField)


def _places(fields: Sequence[models.Field[Any, Any]], kind: type) -> tuple[int, ...]:
    return tuple(place for place, f in enumerate(fields) if isinstance(f, kind))


def _literal(default: Any) -> str:
    """Return a default of a model as SQL: a number, a truth value, plain text, or JSON."""
    if isinstance(default, bool | int):
        return str(default).lower()
    text = default if isinstance(default, str) else dump(default)
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def _orders_of(table: str, rows: list[dict[str, Any]]) -> list[Order]:
    if len(rows) > FEW:
        name = f"ledger_{table.lower()}"
        return [(_insert_set(name, tuple(_blank(table))), [dump(_full(table, rows))])]
    found: list[Order] = []
    for row in rows:
        text, places = _insert_given(table, tuple(row))
        found.append((text, _with_json(list(row.values()), places)))
    return found


def _with_json(values: list[Any], places: tuple[int, ...]) -> list[Any]:
    for place in places:
        if values[place] is not None:
            values[place] = dump(values[place])
    return values


def insertion(row: models.Model) -> Order:
    """Return how a row of an upper context is inserted, for `Work.beside`."""
    fields = [f for f in row._meta.concrete_fields if not isinstance(f, models.AutoField)]
    values = [getattr(row, f.attname) for f in fields]
    values = _with_json(values, _places(fields, models.JSONField))
    for place in _places(fields, models.DateField):
        if type(values[place]) is date:  # SQLite keeps a day as text
            values[place] = values[place].isoformat()
    row._state.adding, row._state.db = False, connection.alias
    return _insert(row._meta.db_table, tuple(f.column for f in fields)), values


def _orders_of_updates(work: Work) -> list[Order]:
    if len(work.updates) > FEW:
        return [(_update_set(work.columns), [dump(work.updates)])]
    columns = (*work.columns, "id")
    places = tuple(place for place, column in enumerate(columns) if column in JSON_COLUMNS)
    return [(_update(work.columns), _with_json([row[c] for c in columns], places))
            for row in work.updates]  # fmt: skip


def _orders_of_events(events: list[Any], heads: dict[UUID, tuple[int, str]]) -> list[Order]:
    if len(events) > FEW:
        rows = [dict(zip(_EVENT, e, strict=True)) for e in events]
        ends = [{"stream": s, "seq": n, "head": h} for s, (n, h) in heads.items()]
        return [(_insert_set("audit_event", _EVENT), [dump(rows)]),
                (_insert_set("audit_chain", _CHAIN, _MOVE), [dump(ends)])]  # fmt: skip
    told = _insert("audit_event", _EVENT, "", len(events))
    moved = _insert("audit_chain", _CHAIN, _MOVE, len(heads))
    ends_told = [value for stream, head in heads.items() for value in (stream, *head)]
    return [(told, [value for event in events for value in event]), (moved, ends_told)]


def _flush_postgres(
    work: Work, events: list[Any], heads: dict[UUID, tuple[int, str]], last: bool
) -> None:
    orders = list(work.beside)
    for table in TABLES:
        rows = work.inserts.get(table)
        if rows:
            orders += _orders_of(table, rows)
    if work.updates:
        orders += _orders_of_updates(work)
    if events:
        orders += _orders_of_events(events, heads)
    if orders:
        run_all(orders, last=last)


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
            how = ADAPTED.get(type(values[place]))
            if how:
                values[place] = how(values[place])
        found.append(values)
    return found


def _flush_sqlite(work: Work, events: list[Any], heads: dict[UUID, tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        for text, values in work.beside:
            cursor.execute(text, [adapt(value) for value in values])
        for table in TABLES:
            rows = work.inserts.get(table)
            if rows:
                columns = tuple(_blank(table))
                text = _insert(f"ledger_{table.lower()}", columns)
                cursor.executemany(text, _adapted(columns, _full(table, rows)))
        if work.updates:
            columns = (*work.columns, "id")
            cursor.executemany(_update(work.columns), _adapted(columns, work.updates))
        if events:
            at = adapt(work.at)
            cursor.executemany(
                _insert("audit_event", _EVENT), [(e[0].hex, e[1], at, *e[3:]) for e in events]
            )
            cursor.executemany(
                _insert("audit_chain", _CHAIN, _MOVE),
                [[s.hex, n, h] for s, (n, h) in heads.items()],
            )
