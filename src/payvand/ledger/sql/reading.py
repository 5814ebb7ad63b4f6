"""What does a step read, and lock, before it decides? Constant text, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from payvand.ledger.sql.running import (
    JSON_COLUMNS,
    Order,
    among,
    as_id,
    is_postgres,
    reader_of,
    run,
    run_all,
)
from payvand.ledger.sql.writing import UPDATED

READ = (
    "id", "kind", "case_id", "case_code", "service", "question", "title", "asker_id",
    "debtor_id", "office_id", "place_id", "ground_id", "about_id", "term", "spec", "level",
    "state", "sent_at", "opened_at", "delivered_at", "proof", "answered_at", "recorded_at",
    "outcome", "reply", "due_at", "next_rung_at", "rung", "calendar_version", "has_stops",
    "claimed_by_id",
)  # fmt: skip


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
    return _read(where, params, _in_order(ids), "")


def lock_with(
    ids: list[UUID], others: Sequence[Order]
) -> tuple[list[Owed], list[list[tuple[Any, ...]]]]:
    """Do as `lock`, and return also the rows of other readings, made just after it."""
    where, params = among("o.id", ids)
    text = _reading(where, _in_order(ids), "")
    found, *rest = run_all([(text, params), *others])
    return [Owed(*_decode(row)) for row in found], rest


def _in_order(ids: Sequence[UUID]) -> str:
    """Return how rows are put in order before they are locked; one row is not sorted."""
    return " ORDER BY o.case_id, o.id" if len(ids) > 1 else ""


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
    for place, read in _readers():
        if values[place] is not None:
            values[place] = read(values[place])
    return values


@lru_cache(maxsize=1)
def _readers() -> tuple[tuple[int, Callable[[Any], Any]], ...]:
    """Return the places in `READ` of what the database does not give as it is used."""
    columns = JSON_COLUMNS if is_postgres() else READ
    found = [(place, reader_of(c)) for place, c in enumerate(READ) if c in columns]
    return tuple((place, how) for place, how in found if how is not None)


def lock_heads(streams: set[UUID]) -> dict[UUID, tuple[int, str]]:
    """Lock the chain heads of streams; a stream that begins now stands at nothing."""
    where, params = among("stream", list(streams))
    text = f"SELECT stream, seq, head FROM audit_chain WHERE {where} ORDER BY stream"
    if is_postgres():
        text += " FOR UPDATE"
    known = {as_id(s): (n, h) for s, n, h in run(text, params)}
    return {s: known.get(s, (0, "")) for s in streams}


def standing_of(column: str) -> str:
    """Return the SELECT term for all inquiries and decisions of the case in a column.

    It gives a JSON list of [question, outcome, returned fields]; no rows give NULL.
    """
    gather, row, fields = (
        ("json_agg", "json_build_array", "q.reply->'fields'")
        if is_postgres()
        else ("json_group_array", "json_array", "json_extract(q.reply, '$.fields')")
    )
    return (
        f"(SELECT {gather}({row}(q.question, q.outcome, {fields})) FROM ledger_obligation q "
        f"WHERE q.case_id = {column} AND q.kind IN ('inquiry', 'decision') "
        "AND q.state <> 'cancelled')"
    )
