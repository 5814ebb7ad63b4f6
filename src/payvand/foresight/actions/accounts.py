"""How is the delay account kept current? From the log: cases that moved, and those that are open.

Idempotent: the days since the last round are counted anew and replace what stood there; of a case,
its shares. A round that is cut changes nothing, for it is one transaction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Q

from payvand.audit import public as audit
from payvand.foresight import sql
from payvand.foresight.models import CaseShare, Counted, DelayDay
from payvand.foresight.queries import rates
from payvand.foresight.queries.holdings import Holdings, Numbering, holdings
from payvand.foresight.queries.scope import UNDECIDED, midnight
from payvand.foresight.rules import attribution as rules
from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

NAME = "delays"
VERSION = "1"  # of the definitions in rules.attribution
CASES = 2000  # cases read at once
DAY = 86400
RECHECKED_DAYS = 60  # counted anew when the calendar was changed; older ones by `recount`
DAY_COLUMNS = ("day", "agency_id", "place", "service", "cause", "seconds", "late", "value_days")
SHARE_COLUMNS = (
    "case_id", "code", "place", "service", "cause", "agency_id", "seconds", "late", "first_day",
    "last_day", "is_open",
)  # fmt: skip
Key = tuple[date, UUID, str, str, int]  # day, agency, province, service, cause


@dataclass(frozen=True, slots=True)
class Round:
    """What one round has done."""

    cases: int
    days: int


@transaction.atomic
def account(*, everything: bool = False) -> Round:
    """Bring the account up to now; with `everything`, all of it anew."""
    Counted.objects.get_or_create(name=NAME)
    done = Counted.objects.select_for_update().get(name=NAME)
    now, last = clock.now(), audit.last_event()
    version, calendar = _version(), registry.calendar_version()
    fresh = everything or done.at is None or done.version != version or last < done.event
    since = date.min if fresh else _since(done, now, last, calendar)
    moved = [] if fresh else audit.moved(done.before, last)
    is_new_day = fresh or clock.local_date(done.at or now) != clock.local_date(now)
    again = None if is_new_day else frozenset(moved)
    ids = _touched(since, moved)
    if fresh:
        CaseShare.objects.all().delete()
    tally = _Tally(since, now)
    for start in range(0, len(ids), CASES):
        held = holdings(ids[start : start + CASES], now)
        tally.take(held, again)
    DelayDay.objects.filter(day__gte=since).delete()
    sql.insert(DelayDay, DAY_COLUMNS, tally.rows())
    Counted.objects.filter(pk=done.pk).update(
        before=last if fresh else done.event, event=last, at=now, version=version,
        calendar=calendar,
    )  # fmt: skip
    return Round(len(ids), len({key[0] for key in tally.sums}))


def _version() -> str:
    """Return the version of the definitions and of all that was set about values."""
    said = repr([(one.key, one.since) for one in rates.assumptions()])
    return f"{VERSION}/{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _since(done: Counted, now: datetime, last: int, calendar: str) -> date:
    """Return the first day that counts differently since the last round."""
    day = min(clock.local_date(done.at or now), clock.local_date(now))
    outage = sql.earliest_outage(done.before, last)
    if outage is not None:
        day = min(day, clock.local_date(outage))
    if done.calendar != calendar:
        day = min(day, clock.local_date(now) - timedelta(days=RECHECKED_DAYS))
    return day


def _touched(since: date, moved: Sequence[UUID]) -> list[UUID]:
    """Return the cases that were open on or after a day, or moved."""
    every = window.Application.objects.order_by("pk")
    if since == date.min:
        return list(every.values_list("pk", flat=True))
    start = midnight(since)
    objections = ledger.Obligation.objects.filter(kind="objection", state__in=ledger.OPEN)
    open_now = Q(state__in=UNDECIDED) | Q(decided_at__gte=start)
    open_now |= Q(pk__in=objections.values("case_id"))
    found = set(every.filter(open_now).values_list("pk", flat=True))
    for at in range(0, len(moved), CASES):
        some = every.filter(pk__in=moved[at : at + CASES])
        found.update(some.values_list("pk", flat=True))
    return sorted(found)


class _Tally:
    """The sums of the days, gathered over all cases; writes the shares of the cases as it goes."""

    def __init__(self, since: date, now: datetime) -> None:
        self.since, self.today = since, clock.local_date(now)
        self.known = rates.assumptions()
        self.sums: dict[Key, rules.Ints] = {}

    def take(self, held: Holdings, again: Collection[UUID] | None) -> None:
        """Add some cases; `again`: the only ones whose own shares are written, None = all."""
        parts = rules.attribute(held.cases, held.branches, held.holds, held.calendars)
        self._shares(held, parts, again)
        if self.since != date.min:
            parts = parts.only(parts.day >= (self.since - held.first).days)
        slug: Numbering[str] = Numbering()
        code: Numbering[str] = Numbering()
        service = np.array([slug(one) for one in held.services], np.int64)
        place = np.array([code(one) for one in held.places], np.int64)
        worth = rates.values_of(held.ids, self.known, self.today)
        value = np.array([worth.get(key, 0) for key in held.ids], np.int64)
        groups, sums = parts.sums(
            parts.day, parts.agency, parts.cause, service[parts.case], place[parts.case],
            weights=[parts.seconds * value[parts.case]],
        )  # fmt: skip
        slugs, codes = list(slug), list(code)
        for (day, agency, cause, which, where), row in zip(groups.tolist(), sums, strict=True):
            key = (held.day(day), held.agencies[agency], codes[where], slugs[which], cause)
            known = self.sums.get(key)
            self.sums[key] = row if known is None else known + row

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of the days, in the order of DAY_COLUMNS."""
        for key, row in self.sums.items():
            seconds, late, worth = row.tolist()
            yield (*key, seconds, late, worth // DAY)

    def _shares(self, held: Holdings, parts: rules.Parts, again: Collection[UUID] | None) -> None:
        chosen = [n for n, key in enumerate(held.ids) if again is None or key in again]
        if not chosen:
            return
        if again is not None:
            parts = parts.only(np.isin(parts.case, chosen))
        CaseShare.objects.filter(case_id__in=[held.ids[n] for n in chosen]).delete()
        groups, place = parts.groups(parts.case, parts.agency, parts.cause)
        seconds, late = (np.zeros(len(groups), np.int64) for _ in range(2))
        np.add.at(seconds, place, parts.seconds)
        np.add.at(late, place, parts.late)
        first = np.full(len(groups), np.iinfo(np.int64).max)
        last = np.zeros(len(groups), np.int64)
        np.minimum.at(first, place, parts.day)
        np.maximum.at(last, place, parts.day)
        rows = (
            (held.ids[case], held.codes[case], held.places[case], held.services[case], cause,
             held.agencies[agency], int(seconds[n]), int(late[n]), held.day(first[n]),
             held.day(last[n]), held.is_open[case])
            for n, (case, agency, cause) in enumerate(groups.tolist())
        )  # fmt: skip
        sql.insert(CaseShare, SHARE_COLUMNS, rows)
