"""What does the log say about one stream, and what did the heads look like at the end of a day?"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db.models import Max, Min

from payvand.audit.models import Chain, DailyRoot, Event
from payvand.audit.rules.chain import START, EventRow, Head
from payvand.audit.rules.roots import Leaf, State
from payvand.kernel import clock

_COLUMNS = ("stream", "seq", "at", "actor", "verb", "subject", "facts", "hash")


@dataclass(frozen=True, slots=True)
class Happened:
    """One event as it can be shown."""

    stream: UUID
    seq: int
    at: datetime
    actor: str
    verb: str
    subject: str
    facts: dict[str, Any]
    hash: str


def last_event() -> int:
    """Return the number of the newest event; 0 of none."""
    return Event.objects.aggregate(last=Max("id"))["last"] or 0


def moved(after: int, until: int) -> list[UUID]:
    """Return the streams that have an event with a number in (after, until]."""
    rows = Event.objects.filter(id__gt=after, id__lte=until)
    return list(rows.order_by().values_list("stream", flat=True).distinct())


def history(stream: UUID) -> list[Happened]:
    """Return the events of one stream, oldest first."""
    rows = Event.objects.filter(stream=stream).order_by("seq").values_list(*_COLUMNS)
    return [
        Happened(row.stream, row.seq, row.at, row.actor, row.verb, row.subject,
                 facts=json.loads(row.facts), hash=row.hash)
        for row in (EventRow(*row) for row in rows)
    ]  # fmt: skip


def all_streams() -> Iterator[tuple[UUID, list[EventRow]]]:
    """Yield every stream that has events, with all of them, without loading the log at once."""
    rows = Event.objects.order_by("stream", "seq").values_list(*_COLUMNS).iterator(5000)
    for stream, group in groupby((EventRow(*row) for row in rows), key=lambda row: row.stream):
        yield stream, list(group)


def all_heads() -> dict[UUID, Head]:
    """Return every stored head."""
    rows = Chain.objects.values_list("stream", "seq", "head").iterator(5000)
    return {stream: (seq, head) for stream, seq, head in rows}


def roots() -> Iterator[tuple[DailyRoot, list[Leaf]]]:
    """Yield the signed days in order, with the heads that moved in each."""
    for root in DailyRoot.objects.order_by("day").iterator(50):
        yield root, [(UUID(stream), seq, head) for stream, seq, head in json.loads(root.leaves)]


def first_day() -> date | None:
    """Return the day of the earliest event."""
    at = Event.objects.aggregate(at=Min("at"))["at"]
    return None if at is None else clock.local_date(at)


def unsigned(state: State, heads: dict[UUID, Head]) -> dict[date, dict[UUID, Head]]:
    """Return, by day (Tehran), the last event of that day in each stream that grew since `state`.

    heads: present heads. Streams are compared by count and not by date, so that an event that
    arrives late, dated into a day that was signed before, is found too.
    """
    found: dict[date, dict[UUID, Head]] = defaultdict(dict)
    waiting = iter(sorted(s for s, (seq, _) in heads.items() if seq > _signed(state, s)))
    while part := list(islice(waiting, 500)):
        rows = Event.objects.filter(stream__in=part).order_by("stream", "seq")
        for stream, seq, at, head in rows.values_list("stream", "seq", "at", "hash").iterator(5000):
            if seq > _signed(state, stream):
                found[clock.local_date(at)][stream] = (seq, head)
    return found


def take_until(day: date, waiting: dict[date, dict[UUID, Head]], state: State) -> list[Leaf]:
    """Take the days up to `day` out of `waiting`; return the heads of the streams that moved."""
    moved: dict[UUID, Head] = {}
    for past in sorted(known for known in waiting if known <= day):
        for stream, head in waiting.pop(past).items():
            if head[0] > moved.get(stream, START)[0]:
                moved[stream] = head
    return sorted((s, *head) for s, head in moved.items() if head[0] > _signed(state, s))


def _signed(state: State, stream: UUID) -> int:
    return state.heads.get(stream, START)[0]
