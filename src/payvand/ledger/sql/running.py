"""How is one constant statement run, and how does each database keep a value?

Prepared by the server on PostgreSQL; on SQLite, ids are kept as hex, times as UTC text, objects as
JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

Order = tuple[str, Sequence[Any]]  # a constant text with %s, and its values

JSON_COLUMNS = frozenset(("title", "spec", "reply"))
TIMES = frozenset(
    ("sent_at", "opened_at", "delivered_at", "answered_at", "recorded_at", "due_at", "next_rung_at")
)
IDS = frozenset(("id", "case_id", "asker_id", "debtor_id", "about_id"))
OFFICES = frozenset(("asker_id", "debtor_id"))  # few ids, read again and again


@lru_cache(maxsize=1)
def is_postgres() -> bool:
    """Are we on PostgreSQL?"""
    return bool(connection.vendor == "postgresql")


def dump(value: Any) -> str:
    """Return a value as JSON; it knows ids and times."""
    return orjson.dumps(value).decode()


def run(text: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one constant statement that returns rows, and return them."""
    return run_all([(text, params)])[0]


def run_all(orders: Sequence[Order], *, last: bool = False) -> list[list[tuple[Any, ...]]]:
    """Run constant statements together and return the rows of each; one round trip on PostgreSQL.

    last: nothing follows in this transaction, so that its end may travel with them.
    """
    if is_postgres():
        from payvand.ledger.sql.wire import wire  # psycopg is not there where SQLite is used

        return wire().ask(orders, last=last)
    with connection.cursor() as plain:
        return [_fetched(plain, text, params) for text, params in orders]


def _fetched(plain: Any, text: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    plain.execute(text, [adapt(p) for p in params])
    return list(plain.fetchall())


def copy_log_back() -> None:
    """Copy what commits have written from SQLite's log into its file; nothing on PostgreSQL.

    It waits for nobody and holds up nobody, and does nothing inside a transaction. A commit that
    does this itself takes twice as long.
    """
    if not is_postgres() and not connection.in_atomic_block:
        with connection.cursor() as plain:
            plain.execute("PRAGMA wal_checkpoint(PASSIVE)")


def run_among(text: str, column: str, ids: list[UUID]) -> list[tuple[Any, ...]]:
    """Run a constant SELECT that ends in WHERE for some ids; the hot readings of upper contexts."""
    where, params = among(column, ids)
    return run(f"{text} {where}", params)


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


@lru_cache(maxsize=1024)  # a step, or a batch of the sweep, says the same moment many times
def _sqlite_time(at: datetime) -> str:
    plain = at if at.tzinfo is UTC else at.astimezone(UTC)
    return plain.replace(tzinfo=None).isoformat(" ")


# By exact type: a batch of the sweep asks this seventy thousand times.
ADAPTED: dict[type, Callable[[Any], Any]] = {
    UUID: lambda value: f"{value.int:032x}", datetime: _sqlite_time,
    dict: dump, list: dump, tuple: dump,
}  # fmt: skip


def adapt(value: Any) -> Any:
    """Return a value as SQLite stores it: ids as hex, times as UTC text, objects as JSON."""
    how = ADAPTED.get(type(value))
    return how(value) if how else value


# One question is asked a thousand times in the same words: its text is read once, and shared by
# all rows, so nothing may write into a title or a spec.
_shared = lru_cache(maxsize=4096)(orjson.loads)


def reader_of(column: str) -> Callable[[Any], Any] | None:
    """Return how a value that SQLite gave becomes what the rest of the product uses."""
    if column == "reply":
        return orjson.loads
    if column in JSON_COLUMNS:
        return _shared
    if column in TIMES:
        return _aware
    if column in OFFICES:
        return _known_id
    if column in IDS:
        return as_id
    return bool if column == "has_stops" else None


def as_id(value: Any) -> UUID:
    """Return an id that either database gave."""
    return value if isinstance(value, UUID) else UUID(hex=value)


_known_id = lru_cache(maxsize=4096)(as_id)


@lru_cache(maxsize=1024)
def _aware(value: Any) -> datetime:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def loads(value: Any) -> Any:
    """Return a JSON value that the database gave as text; an empty dict for none."""
    return orjson.loads(value) if isinstance(value, str) else (value or {})
