"""What would a closure move, and how is it declared?

A closure is a dated fact of the calendar; the terms that it touches follow in a job of their own
(`rederiving`), in the worker where they are many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.calendar import CalendarRule, WorkCalendar
from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.ledger import lookups, rederiving
from payvand.ledger.rules.clockwork import Standing, derive
from payvand.registry import public as registry
from payvand.registry.public import Actor

BATCH = rederiving.BATCH


@dataclass(frozen=True, slots=True)
class Closure:
    """A closure to be declared; with opens/closes it shortens the day instead of closing it."""

    scope: str  # IR, IR-15, IR-15-1503 or org:<uuid>
    starts: date
    ends: date
    title_fa: str
    title_en: str
    source: str
    opens: time | None = None
    closes: time | None = None
    exempt: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """One due time that would move."""

    obligation: UUID
    title: dict[str, str]
    debtor: UUID
    was: datetime
    becomes: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """How many open terms a closure moves, whose, and some examples."""

    looked_at: int
    count: int
    by_agency: dict[UUID, int]
    sample: tuple[Moved, ...]


def may_declare(by: Actor) -> Verdict:
    """Closures are declared by the administrator on an official announcement."""
    ok = by.is_operator or by.kind == "system"
    return YES if ok else no(gettext_noop("Only an administrator declares closures."))


def as_rule(closure: Closure, known_from: datetime) -> CalendarRule:
    """Return the closure as a rule of the calendar."""
    return CalendarRule(
        id="preview", scope=closure.scope, starts=closure.starts, ends=closure.ends,
        weekdays=None, kind="closure", opens=closure.opens, closes=closure.closes,
        status="announced", title_fa=closure.title_fa, title_en=closure.title_en,
        source=closure.source, known_from=known_from, known_to=None,
        classes=frozenset(closure.exempt),
    )  # fmt: skip


def _draft(closure: Closure) -> registry.FactDraft:
    return registry.FactDraft(
        scope=closure.scope, starts=closure.starts, ends=closure.ends, kind="closure",
        opens=closure.opens, closes=closure.closes, status="announced", title_fa=closure.title_fa,
        title_en=closure.title_en, source=closure.source, exempt=frozenset(closure.exempt),
    )  # fmt: skip


def preview(*, by: Actor, closure: Closure) -> Preview:
    """Return what the closure would move; nothing is written."""
    may_declare(by).or_raise()
    now = clock.now()
    calendars = _Calendars(closure, now)
    looked = moved = 0
    by_agency: Counter[UUID] = Counter()
    sample: list[Moved] = []
    for rows in _touched(closure, now):
        stops = lookups.stops_of_many([r[0] for r in rows if r[7]])
        for key, debtor, term, sent, delivered, due, title, has_stops, level in rows:
            looked += 1
            standing = Standing(
                term, sent, delivered, {}, 0, tuple(stops.get(key, ())) if has_stops else (),
                level == "inbox",
            )  # fmt: skip
            becomes = derive(standing, calendars.of(debtor)).due_at
            if becomes is not None and becomes != due:
                moved += 1
                by_agency[debtor] += 1
                if len(sample) < 20:
                    sample.append(Moved(key, title, debtor, due, becomes))
    return Preview(looked, moved, dict(by_agency), tuple(sample))


class _Calendars:
    """The calendars with the closure laid over them, one build per agency."""

    def __init__(self, closure: Closure, now: datetime) -> None:
        self.rule = as_rule(closure, now)
        self.known: dict[UUID, WorkCalendar] = {}

    def of(self, debtor: UUID) -> WorkCalendar:
        if debtor not in self.known:
            self.known[debtor] = registry.calendar_with(debtor, [self.rule])
        return self.known[debtor]


@transaction.atomic
def declare(*, by: Actor, closure: Closure) -> str:
    """Record the closure and return the job that re-derives every term it touches.

    The calendar holds from now on; the terms follow batch by batch (`rederiving`). Raises Refused,
    and what the registry raises.
    """
    may_declare(by).or_raise()
    fact = registry.record_closure(_draft(closure), by=by)
    job = f"closure:{fact}"
    rederiving.begin(
        job, by=by.name(), scopes=[closure.scope], starts=closure.starts.isoformat(),
        ends=closure.ends.isoformat(), title_fa=closure.title_fa, title_en=closure.title_en,
        source=closure.source,
    )  # fmt: skip
    return job


def apply(*, by: Actor, closure: Closure,
          progress: Callable[[int], None] | None = None) -> int:  # fmt: skip
    """Declare the closure and do all of its work at once; returns how many terms moved."""
    return rederiving.finish(declare(by=by, closure=closure), progress)


def _touched(closure: Closure, now: datetime) -> Iterator[list[Any]]:
    """Yield the terms that the closure may move, page by page."""
    columns = ("id", "debtor_id", "term", "sent_at", "delivered_at", "due_at", "title",
               "has_stops", "level")  # fmt: skip
    found = rederiving.touched_by([closure.scope], closure.starts, closure.ends, now)
    after = None
    while True:
        page = found.filter(id__gt=after) if after else found
        rows = list(page.values_list(*columns)[:BATCH])
        if rows:
            yield rows
        if len(rows) < BATCH:
            return
        after = rows[-1][0]
