"""Who held the ball in some cases, as columns for the attribution?

Four readings whatever the number of cases: applications, their questions, the stretches in which a
clock stood still, and what the log says of outages and withdrawals.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import numpy as np

from payvand.foresight.queries.told import KINDS, province_of, told_of
from payvand.foresight.rules import attribution as rules
from payvand.kernel import clock
from payvand.kernel.calendar import WorkCalendar
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

T = TypeVar("T", bound=Hashable)
STOPPED_BY = {
    "completion": rules.APPLICANT, "statutory": rules.STATUTORY, "objection": rules.STATUTORY,
    "outage": rules.OUTAGE,
}  # fmt: skip
CASE = ("id", "code", "service_id", "service__owner_id", "place_id", "submitted_at", "decided_at")
OWED = (
    "id", "case_id", "kind", "debtor_id", "level", "state", "sent_at", "delivered_at",
    "answered_at", "due_at", "has_stops", "question",
)  # fmt: skip


@dataclass
class Holdings:
    """Some cases as the attribution reads them, and what its numbers stand for."""

    cases: rules.Cases
    branches: rules.Branches
    holds: rules.Holds
    calendars: rules.Calendars
    first: date  # the day at place 0
    ids: list[UUID] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)  # province codes
    agencies: list[UUID] = field(default_factory=list)  # by index
    is_open: list[bool] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)  # of the branches

    def day(self, place: int) -> date:
        """Return the day at a place of the calendars."""
        return self.first + timedelta(days=int(place))


@dataclass
class _Rows:
    """What was read of some cases."""

    cases: list[tuple[Any, ...]]
    owed: list[tuple[Any, ...]]
    stops: list[tuple[UUID, str, datetime, datetime | None]]
    outages: list[tuple[UUID, datetime, datetime]]  # obligation, from, to
    cancelled: dict[UUID, datetime]


def holdings(case_ids: Sequence[UUID], now: datetime) -> Holdings:
    """Return what is known of some cases until now; four queries."""
    return _columns(_read(case_ids, now), int(now.timestamp()))


def _read(ids: Sequence[UUID], now: datetime) -> _Rows:
    cases = list(window.Application.objects.filter(pk__in=ids).order_by("pk").values_list(*CASE))
    mine = ledger.Obligation.objects.filter(case_id__in=[row[0] for row in cases], kind__in=KINDS)
    owed = list(mine.order_by("sent_at", "pk").values_list(*OWED))
    held = mine.filter(has_stops=True, interruptions__starts__isnull=False).order_by("pk")
    stops = held.values_list(
        "pk", "interruptions__kind", "interruptions__starts", "interruptions__ends"
    )
    outages, cancelled = told_of([row[0] for row in cases], now)
    return _Rows(cases, owed, list(stops), outages, cancelled)


def _seconds(at: datetime | None, otherwise: int) -> int:
    return otherwise if at is None else int(at.timestamp())


def _columns(rows: _Rows, now: int) -> Holdings:
    number: Numbering[UUID] = Numbering()
    place_of = {row[0]: n for n, row in enumerate(rows.cases)}
    branch_of = {row[0]: n for n, row in enumerate(rows.owed)}
    owners = [number(row[3]) for row in rows.cases]
    debtors = [number(row[3]) for row in rows.owed]
    ends, is_open, decided = _ends(rows, place_of, now)
    starts = [int(row[5].timestamp()) for row in rows.cases]
    first, last = _span(starts, now)
    calendars, calendar_of = _calendars(list(number), first, last)
    closed = [ends[place_of[row[1]]] for row in rows.owed]
    answered = [
        _seconds(row[8] if row[5] != "cancelled" else rows.cancelled.get(row[0]), end)
        for row, end in zip(rows.owed, closed, strict=True)
    ]
    never = int(rules.NEVER)
    return Holdings(
        rules.Cases(*map(_ints, (starts, ends, owners, (calendar_of[o] for o in owners),
                                 decided))),
        rules.Branches(*map(_ints, (
            (place_of[row[1]] for row in rows.owed),
            (int(row[6].timestamp()) for row in rows.owed), answered, debtors,
            (calendar_of[d] for d in debtors), (_seconds(row[9], never) for row in rows.owed),
        ))),
        _holds(rows, branch_of, answered, now), calendars, first,
        [row[0] for row in rows.cases], [row[1] for row in rows.cases],
        [row[2] for row in rows.cases], [province_of(row[4]) for row in rows.cases],
        list(number), is_open, [row[11] for row in rows.owed],
    )  # fmt: skip


def _ends(
    rows: _Rows, place_of: dict[UUID, int], now: int
) -> tuple[list[int], list[bool], list[int]]:
    """Return when each case was over, whether it is open, and when it was first decided."""
    ends = [_seconds(row[6], now) for row in rows.cases]
    is_open = [row[6] is None for row in rows.cases]
    decided = [int(rules.NEVER)] * len(rows.cases)
    for row in rows.owed:
        place = place_of[row[1]]
        if row[5] in ledger.OPEN:
            ends[place], is_open[place] = now, True
        elif row[8] is not None:
            answered = int(row[8].timestamp())
            ends[place] = max(ends[place], answered)
            if row[2] == "decision":
                decided[place] = min(decided[place], answered)
    return ends, is_open, decided


def _holds(rows: _Rows, branch_of: dict[UUID, int], answered: list[int], now: int) -> rules.Holds:
    """Return the stretches in which a question was not in its office's hands."""
    found: list[tuple[int, int, int, int]] = [
        (branch_of[key], STOPPED_BY.get(kind, rules.STATUTORY), int(starts.timestamp()),
         _seconds(ends, now))
        for key, kind, starts, ends in rows.stops
    ]  # fmt: skip
    found += [
        (branch_of[key], rules.OUTAGE, int(begin.timestamp()), int(end.timestamp()))
        for key, begin, end in rows.outages
        if key in branch_of
    ]
    for place, row in enumerate(rows.owed):
        if row[4] != "inbox":  # in our own inbox it lies before the office at once
            reached = min(_seconds(row[7], answered[place]), answered[place])
            found.append((place, rules.OPERATOR, int(row[6].timestamp()), reached))
    return rules.Holds(*np.array(found, np.int64).reshape(-1, 4).T)


def _ints(values: Iterable[int]) -> rules.Ints:
    return np.array(list(values), np.int64)


class Numbering(dict[T, int]):
    """Numbers given to things in the order in which they are first met; a list of it is by number.

    >>> number = Numbering()
    >>> number("b"), number("a"), number("b"), list(number)
    (0, 1, 0, ['b', 'a'])
    """

    def __call__(self, thing: T) -> int:
        """Return the number of a thing, a new one when it is new."""
        return self.setdefault(thing, len(self))


def _span(starts: Sequence[int], now: int) -> tuple[date, date]:
    first = min(starts, default=now)
    return tuple(clock.local_date(datetime.fromtimestamp(at, UTC)) for at in (first, now))  # type: ignore[return-value]


def _calendars(
    agencies: Sequence[UUID], first: date, last: date
) -> tuple[rules.Calendars, list[int]]:
    """Return the closed days of some agencies, and which row is whose."""
    known = registry.calendars_of(agencies)
    row: Numbering[str] = Numbering()
    places = [row(known[agency].version) for agency in agencies]
    by_version = {calendar.version: calendar for calendar in known.values()}
    days = (last - first).days + 1
    table = np.full((max(len(row), 1), days), rules.NEVER, np.int64)
    for version, place in row.items():
        _fill(table[place], by_version[version], first)
    return rules.Calendars(_midnights(first, last), table), places


_midnights: Callable[[date, date], rules.Ints] = lru_cache(maxsize=8)(
    lambda first, last: rules.midnights(first, last, clock.TEHRAN)
)


def _fill(row: rules.Ints, calendar: WorkCalendar, first: date) -> None:
    """Write the closed days of a calendar; beyond what it knows, every day counts as open."""
    here = _closed(calendar)
    shift = (calendar.first - first).days
    low, high = max(shift, 0), min(shift + len(here), len(row))
    if low < high:
        row[low:high] = here[low - shift : high - shift]


_KEPT: dict[tuple[str, date, date], rules.Ints] = {}


def _closed(calendar: WorkCalendar) -> rules.Ints:
    """Return, for each day of a calendar, since when it was known to be closed."""
    key = (calendar.version, calendar.first, calendar.last)
    if key not in _KEPT:
        if len(_KEPT) > 4000:
            _KEPT.clear()
        found = np.full((calendar.last - calendar.first).days + 1, rules.NEVER, np.int64)
        for day in calendar.closed_days(calendar.first, calendar.last):
            rule = day.rule
            late = rule is not None and rule.kind == "closure"
            found[(day.date - calendar.first).days] = (
                int(rule.known_from.timestamp()) if late and rule is not None else rules.ALWAYS
            )
        _KEPT[key] = found
    return _KEPT[key]
