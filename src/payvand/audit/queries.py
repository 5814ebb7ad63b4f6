"""What does the log say about one stream, and what did the heads look like at the end of a day?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db.models import Max, Min

from payvand.audit.models import Chain, DailyRoot, Event
from payvand.audit.rules.chain import EventRow, Head
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


def moved_until(day: date, state: State, heads: dict[UUID, Head]) -> list[Leaf]:
    """Return the heads at the end of a day (Tehran) of the streams that moved since `state`.

    heads: present heads. An event that arrives late, dated into a day that was signed before, is
    found too, since streams are compared by count and not by date.
    """
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=clock.TEHRAN)
    grown = [s for s, (seq, _) in heads.items() if seq > state.heads.get(s, (0, ""))[0]]
    leaves: list[Leaf] = []
    waiting = iter(sorted(grown))
    while part := list(islice(waiting, 500)):
        last = (
            Event.objects.filter(stream__in=part, at__lt=end)
            .values_list("stream")
            .annotate(last=Max("seq"))
        )
        wanted = {s: seq for s, seq in last if seq > state.heads.get(s, (0, ""))[0]}
        rows = Event.objects.filter(stream__in=wanted, seq__in=set(wanted.values()))
        found = rows.values_list("stream", "seq", "hash")
        leaves += [row for row in found if wanted[row[0]] == row[1]]
    return sorted(leaves)
