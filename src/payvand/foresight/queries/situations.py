"""How do open cases stand: who has answered, who is asked since when, who comes later?

Set-based: two readings for any number of cases. Terms that are still to run give the legal day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Max, QuerySet

from payvand.foresight.queries.history import worked_of
from payvand.foresight.queries.scope import UNDECIDED
from payvand.foresight.rules import network as networks
from payvand.foresight.rules.network import DECISION, Network
from payvand.foresight.rules.promises import AHEAD, CLOSED, OPEN, Situation, Standing
from payvand.kernel import clock
from payvand.kernel.calendar import CalendarTooShort, WorkCalendar
from payvand.kernel.errors import PayvandError
from payvand.kernel.questions import node_of
from payvand.kernel.terms import NO_STOPS, Term, due_at
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import public as window

CASES_AT_ONCE = 2000
WITH_DATA = frozenset(("positive", "conditional", "negative", None))
APPLICATION = (
    "id", "code", "version_id", "service_id", "applicant_id", "place_id", "plan", "submitted_at",
    "state",
)  # fmt: skip
OWED = (
    "case_id", "question", "kind", "debtor_id", "level", "state", "outcome", "sent_at", "due_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenCase:
    """One open application with its situation, and the day by which the law would have it done."""

    id: UUID
    code: str
    service: str
    applicant: UUID
    submitted_at: datetime
    owner: UUID
    situation: Situation
    legal_at: datetime | None
    calendar: WorkCalendar  # of the owner office
    waited: float  # its working days since submission


@dataclass(frozen=True, slots=True)
class Page:
    """Some open cases by id, and the last application that was looked at (None: no more)."""

    cases: list[OpenCase]
    last: UUID | None


def open_cases(now: datetime, ids: Sequence[UUID]) -> list[OpenCase]:
    """Return those of some applications that are open."""
    return _read(list(_open().filter(pk__in=list(ids)).values_list(*APPLICATION)), now)


def open_page(
    now: datetime, *, service: str, after: UUID | None = None, limit: int = CASES_AT_ONCE
) -> Page:
    """Return open cases of a service after one of them."""
    rows = _open().filter(service_id=service)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    found = list(rows.values_list(*APPLICATION)[:limit])
    return Page(_read(found, now), found[-1][0] if found else None)


def _open() -> QuerySet[window.Application]:
    rows = window.Application.objects.filter(state__in=UNDECIDED, sequential=False)
    return rows.order_by("pk")


def submitted(service: str, first: datetime, last: datetime) -> list[OpenCase]:
    """Return cases as they stood when they were submitted in (first, last]: nothing answered."""
    rows = window.Application.objects.filter(
        service_id=service, sequential=False, submitted_at__gt=first, submitted_at__lte=last
    )
    made, offices = [], _Offices(clock.local_date(last))
    for row in rows.order_by("submitted_at", "pk").values_list(*APPLICATION):
        case = _Reader(row, (), waited={}, now=row[7], offices=offices).case()
        if case is not None:
            made.append(case)
    return made


def _read(rows: Sequence[tuple[Any, ...]], now: datetime) -> list[OpenCase]:
    """Return cases as they stand; a case replayed from another log has no plan, and no promise."""
    rows = [row for row in rows if "active" in row[6]]
    owed: dict[UUID, list[tuple[Any, ...]]] = {row[0]: [] for row in rows}
    obligations = ledger.Obligation.objects.filter(
        case_id__in=list(owed), kind__in=("inquiry", "decision")
    )
    for one in obligations.order_by("id").values_list(*OWED):
        owed[one[0]].append(one)
    waited = _waits([one for each in owed.values() for one in each], now)
    since = worked_of(
        [window.owner_of(row[2]) for row in rows],
        np.asarray([row[7].timestamp() for row in rows], float),
        np.full(len(rows), now.timestamp()),
    )
    made, offices = [], _Offices(clock.local_date(now))
    for row, days in zip(rows, since, strict=True):
        reader = _Reader(row, owed[row[0]], waited=waited, now=now, offices=offices)
        reader.since = float(days)
        case = reader.case()
        if case is not None:
            made.append(case)
    return made


def _waits(rows: Sequence[tuple[Any, ...]], now: datetime) -> dict[tuple[UUID, str], float]:
    """Return how many working days each open question has waited."""
    open_ones = [row for row in rows if row[5] in ledger.OPEN]
    starts = np.asarray([row[7].timestamp() for row in open_ones], float)
    ends = np.full(len(open_ones), now.timestamp())
    days = worked_of([row[3] for row in open_ones], starts, ends)
    return {(row[0], row[1]): float(n) for row, n in zip(open_ones, days, strict=True)}


class _Offices:
    """Whose office answers, by which way and calendar; asked once for each in a reading."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._debtors: dict[tuple[str, str], UUID | None] = {}
        self._calendars: dict[UUID, WorkCalendar] = {}
        self._levels: dict[UUID, str] = {}

    def debtor(self, role: str, place: str) -> UUID | None:
        """Return who answers for a role at a place; None where nobody is named."""
        key = role, place
        if key not in self._debtors:
            try:
                self._debtors[key] = registry.debtor_for(role, place, self.on)
            except PayvandError:
                self._debtors[key] = None
        return self._debtors[key]

    def calendar(self, office: UUID) -> WorkCalendar:
        """Return the calendar of an office."""
        if office not in self._calendars:
            self._calendars[office] = registry.calendar_of(office)
        return self._calendars[office]

    def level(self, office: UUID) -> str:
        """Return how an office is asked: inbox, letter or rest."""
        if office not in self._levels:
            self._levels[office] = registry.connection_of(office).level
        return self._levels[office]


@lru_cache(maxsize=2048)
def network_of(version: int, active: tuple[str, ...], branches: tuple[Any, ...]) -> Network:
    """Return the network of a plan."""
    service = window.service_of(version)
    plan = window.plan_of({"active": active, "branches": dict(branches)})
    order, needs, after, joins = [], {}, {}, {}
    for key in service.order:
        for node in plan.groups.get(key, ()):
            inquiry = service.inquiry(node)
            order.append(node)
            needs[node] = [
                one for other, _ in inquiry.needs
                for one in window.predecessors(service, plan, node, other)
            ]  # fmt: skip
            after[node] = [
                one for other in inquiry.after
                for one in window.predecessors(service, plan, node, other)
            ]  # fmt: skip
            joins[node] = inquiry.join
    return networks.build(order, needs, after, joins, decision=service.decision is not None)


class _Reader:
    """One case while its situation is made."""

    def __init__(
        self, row: tuple[Any, ...], owed: Sequence[tuple[Any, ...]], *,
        waited: Mapping[tuple[UUID, str], float], now: datetime, offices: _Offices,
    ) -> None:  # fmt: skip
        self.offices = offices
        (self.id, self.code, self.version, self.service_id, self.applicant, self.place, stored,
         self.submitted_at, _) = row  # fmt: skip
        self.decision = next(
            (one for one in reversed(owed) if one[2] == "decision" and one[5] != "cancelled"), None
        )
        self.owed = self._latest(owed)
        self.waited, self.now = waited, now
        self.service = window.service_of(self.version)
        self.plan = window.plan_of(stored)
        self.network = network_of(
            self.version, tuple(stored["active"]), tuple(stored["branches"].items())
        )
        self.owner = window.owner_of(self.version)
        self.ends: list[datetime | None] = []
        self.since = 0.0

    def _latest(self, owed: Sequence[tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
        """Return the latest round of each node; none where it was taken back and comes again."""
        found = {node_of(one[1]): one for one in owed if one[2] == "inquiry"}
        if self.decision is not None:  # nothing is asked before it any more
            return found
        return {node: one for node, one in found.items() if one[5] != "cancelled"}

    def case(self) -> OpenCase | None:
        """Return the case; None where nothing is left to be answered."""
        state = {node: one[6] or None for node, one in self.owed.items()}
        moot: frozenset[str] = frozenset()
        if not WITH_DATA.issuperset(state.values()):  # else no field can be missing for good
            moot = frozenset(window.moot(self.service, self.plan, state))
        standings = []
        for place, node in enumerate(self.network.nodes):
            standing = (
                self._decision() if node.key == DECISION
                else Standing(CLOSED) if node.key in moot else self._standing(node.key)
            )  # fmt: skip
            standings.append(standing)
            self.ends.append(self._legal_end(place, standing))
        if all(one.state == CLOSED for one in standings):
            return None
        legal = max((end for end in self.ends if end is not None), default=None)
        return OpenCase(
            self.id, self.code, self.service_id, self.applicant, self.submitted_at, self.owner,
            Situation(self.network, tuple(standings)), legal,
            self.offices.calendar(self.owner),
            self.since,
        )  # fmt: skip

    def _standing(self, node: str) -> Standing:
        one, question = self.owed.get(node), node.partition("[")[0]
        if one is not None:
            return self._asked(one, question)
        inquiry = self.service.inquiry(node)
        place = window.level_place(self.place, inquiry.place)
        debtor = self.offices.debtor(inquiry.role, place)
        office = debtor or self.owner  # nobody is named for the role there: the owner's days
        level = self.offices.level(office) if debtor else "inbox"
        return Standing(AHEAD, question, level, debtor.hex if debtor else "",
                        self.offices.calendar(office))  # fmt: skip

    def _asked(self, one: tuple[Any, ...], question: str) -> Standing:
        if one[5] not in ledger.OPEN:
            return Standing(CLOSED)
        return Standing(OPEN, question, one[4], one[3].hex, self.offices.calendar(one[3]),
                        self.waited[one[0], one[1]])  # fmt: skip

    def _decision(self) -> Standing:
        if self.decision is not None:
            return self._asked(self.decision, DECISION)
        return Standing(AHEAD, DECISION, self.offices.level(self.owner), self.owner.hex,
                        self.offices.calendar(self.owner))  # fmt: skip

    @property
    def _today(self) -> date:
        return clock.local_date(self.now)

    def _legal_end(self, place: int, standing: Standing) -> datetime | None:
        """Return when a question would end, were its term used up; now where it is overdue."""
        node = self.network.nodes[place]
        if standing.state == CLOSED:
            return None
        asked = self.decision if node.key == DECISION else self.owed.get(node.key)
        if standing.state == OPEN and asked is not None:
            return max(asked[8], self.now) if asked[8] else self.now
        before = [self.ends[one] for one in (*node.needs, *node.after)]
        starts = max((end for end in before if end is not None), default=self.now)
        term = self._term(node.key)
        if term is None or standing.calendar is None:
            return starts
        return _due(term, max(starts, self.now), standing.calendar)

    def _term(self, key: str) -> str | None:
        if key == DECISION:
            terms = self.service.decision.terms if self.service.decision else ()
        else:
            terms = self.service.inquiry(key).terms
        rule = window.term_of(terms, {}, self._today)
        return str(rule.term) if rule else None


_DUE: dict[tuple[str, datetime, str], datetime | None] = {}


def _due(term: str, start: datetime, calendar: WorkCalendar) -> datetime | None:
    key = term, start, calendar.version
    if key not in _DUE:
        if len(_DUE) > 50_000:
            _DUE.clear()
        try:
            _DUE[key] = due_at(Term.parse(term), start, NO_STOPS, calendar)
        except CalendarTooShort:
            _DUE[key] = None
    return _DUE[key]


def is_stale(case: UUID, at: datetime) -> bool:
    """Say whether somebody has been asked or has answered in a case since a moment. One query."""
    newest = ledger.Obligation.objects.filter(
        case_id=case, kind__in=("inquiry", "decision")
    ).aggregate(asked=Max("sent_at"), answered=Max("answered_at"))
    return any(moment is not None and moment > at for moment in newest.values())
