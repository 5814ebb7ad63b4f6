"""Which rows make a page, where does the next page begin, and in which state is each of them?

Keyset pages in the order of an index, never a count of everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from payvand.kernel import clock
from payvand.kernel.terms import Left, Stops, remaining
from payvand.ledger.models import Interruption, Obligation
from payvand.ledger.rules.clockwork import parse_term
from payvand.registry import public as registry

PAGE = 50
MANY = 100  # a menu says 99+ from here on
# Written out, not bound: SQLite uses a partial index only when it can read the condition.
_OPEN = "ledger_obligation.state IN ('sent', 'stopped')"

Stop = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a desk."""

    owed: Obligation
    state: str  # a kind of `ui.words.STATUSES`
    left: Left | None
    has_draft: bool = False
    href: str = ""  # of the whole case, where the reader is in charge of it


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and where the next ones begin (empty at the end)."""

    rows: tuple[Row, ...]
    after: str = ""


def cursor_of(owed: Obligation) -> str:
    """Return where the page after this obligation begins."""
    return f"{owed.due_at.isoformat() if owed.due_at else '-'}~{owed.pk}"


def _read_cursor(text: str) -> tuple[datetime | None, UUID] | None:
    due, _, key = text.partition("~")
    try:
        return (None if due == "-" else datetime.fromisoformat(due)), UUID(key)
    except ValueError:
        return None  # a broken address shows the first page


def in_order(rows: QuerySet[Obligation], after: str, size: int) -> tuple[list[Obligation], str]:
    """Return one page ordered by (due_at, id), those without a term last, from the index."""
    start = _read_cursor(after) if after else None
    found: list[Obligation] = []
    if start is None or start[0] is not None:
        dated = rows.filter(due_at__isnull=False)
        if start is not None:
            due, key = start
            dated = dated.filter(Q(due_at__gt=due) | Q(due_at=due, pk__gt=key), due_at__gte=due)
        found = list(dated.order_by("due_at", "pk")[: size + 1])
    if len(found) <= size:
        undated = rows.filter(due_at__isnull=True)
        if start is not None and start[0] is None:
            undated = undated.filter(pk__gt=start[1])
        found += undated.order_by("pk")[: size + 1 - len(found)]
    more = len(found) > size
    found = found[:size]
    return found, cursor_of(found[-1]) if more else ""


def open_rows() -> QuerySet[Obligation]:
    """Return what still needs an answer."""
    return Obligation.objects.extra(where=[_OPEN])  # noqa: S610 - a constant


def rows_of(found: Sequence[Obligation]) -> Iterator[Row]:
    """Yield obligations with their state and what is left of their terms; two queries at most."""
    stops = stops_of([o.pk for o in found if o.has_stops])
    calendars = registry.calendars_of({o.debtor_id for o in found}) if found else {}
    now = clock.now()
    for owed in found:
        held = stops.get(owed.pk, ())
        left = left_of(owed, held, calendars[owed.debtor_id], now)
        yield Row(owed, state_of(owed, now), left, bool(getattr(owed, "has_draft", False)))


def stops_of(ids: Sequence[UUID]) -> dict[UUID, tuple[Stop, ...]]:
    """Return the interruptions of obligations, the earliest first."""
    found: dict[UUID, tuple[Stop, ...]] = {}
    if ids:
        for one in Interruption.objects.filter(obligation_id__in=ids).order_by("starts"):
            found[one.obligation_id] = (*found.get(one.obligation_id, ()), (one.starts, one.ends))
    return found


def left_of(owed: Obligation, stops: Sequence[Stop], calendar: Any, now: datetime) -> Left | None:
    """Return what is left of a term; None while the clock stands still or without a term."""
    if not owed.term or any(end is None for _, end in stops):
        return None
    start = counted_from(owed)
    return remaining(parse_term(owed.term), start, now, Stops.of(stops), calendar)


def counted_from(owed: Any) -> datetime:
    """Return the moment from which the term of an obligation is counted.

    Who opens a message only after its term gains no time (`rules.clockwork.derive`): a due time
    that lies before the delivery was counted from sending.
    """
    sent: datetime = owed.sent_at
    if owed.delivered_at is None or (owed.due_at and owed.due_at <= owed.delivered_at):
        return sent
    delivered: datetime = owed.delivered_at
    return delivered


_ENDED = {
    "positive": "ok", "conditional": "cond", "negative": "no", "not_ours": "out",
    "deemed": "deemed", "acknowledged": "done", "done": "done",
}  # fmt: skip


def state_of(owed: Obligation, now: datetime) -> str:
    """Return the kind of status chip; overdue is derived, never stored."""
    if owed.state in ("answered", "deemed"):
        return _ENDED.get(owed.outcome, "done")
    if owed.state == "cancelled":
        return "wait"
    if owed.state == "stopped":
        return "stop"
    if owed.due_at is None:
        return "run"
    if owed.due_at < now:
        return "over"
    return "soon" if owed.due_at - now < timedelta(days=1) else "run"
