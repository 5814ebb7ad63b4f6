"""Where did the days of a period go: by cause, agency, service, province, month — and which cases?

Read from the daily sums; each function costs a fixed number of queries. Replayed logs are left out
unless their service is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from payvand.foresight.models import CaseShare, Counted, DelayDay
from payvand.foresight.queries import rates
from payvand.foresight.queries.scope import NAMELESS, REPLAYED
from payvand.foresight.rules import costs
from payvand.foresight.rules.causes import AGENCY, CAUSES, IDLE
from payvand.kernel import jalali
from payvand.kernel.periods import Period
from payvand.registry import public as registry

DAY = 86400
PAGE = 50


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose days: everybody's, or only of a province, a service, an agency."""

    province: str = ""
    service: str = ""
    agency: UUID | None = None


@dataclass
class Spent:
    """Some days, by cause; `late` are those that an office spent past its term."""

    seconds: list[int] = field(default_factory=lambda: [0] * len(CAUSES))
    late: int = 0

    def add(self, cause: int, seconds: int, late: int) -> None:
        """Count some more."""
        self.seconds[cause] += seconds
        self.late += late

    @property
    def total(self) -> float:
        """Days in all."""
        return sum(self.seconds) / DAY

    @property
    def office(self) -> float:
        """Days in the hands of offices."""
        return (self.seconds[AGENCY] + self.seconds[IDLE]) / DAY

    @property
    def late_days(self) -> float:
        """Of those, past the term."""
        return self.late / DAY

    def of(self, cause: int) -> float:
        """Days of one cause."""
        return self.seconds[cause] / DAY


@dataclass(frozen=True, slots=True)
class Named:
    """One agency, service or province with its days."""

    key: Any
    name: dict[str, str]
    spent: Spent


@dataclass(frozen=True, slots=True)
class Account:
    """One period: the whole, and each way of dividing it; the largest first."""

    whole: Spent
    agencies: list[Named]
    services: list[Named]
    provinces: list[Named]
    months: list[tuple[tuple[int, int], Spent]]
    at: datetime | None  # until when it was counted


def _rows(period: Period, scope: Scope) -> QuerySet[DelayDay]:
    rows = DelayDay.objects.filter(day__gte=period.first, day__lte=period.last).order_by()
    if scope.province:
        rows = rows.filter(place=scope.province)
    if scope.agency is not None:
        rows = rows.filter(agency_id=scope.agency)
    if scope.service:
        return rows.filter(service=scope.service)
    return rows.exclude(service__startswith=REPLAYED)


def account(period: Period, scope: Scope, titles: dict[str, dict[str, str]]) -> Account:
    """Return the account of a period; titles: those of the services. Four queries."""
    whole = Spent()
    parts: tuple[dict[Any, Spent], ...] = ({}, {}, {})
    sums = {"n": Sum("seconds"), "l": Sum("late")}
    grouped = _rows(period, scope).values_list("agency_id", "service", "place", "cause")
    for *keys, cause, seconds, late in grouped.annotate(**sums):
        whole.add(cause, seconds, late)
        for key, part in zip(keys, parts, strict=True):
            part.setdefault(key, Spent()).add(cause, seconds, late)
    months = {month: Spent() for month in period.months}
    by_day = _rows(period, scope).values_list("day", "cause").annotate(**sums)
    for day, cause, seconds, late in by_day:
        months[jalali.to_jalali(day)[:2]].add(cause, seconds, late)
    at = Counted.objects.values_list("at", flat=True).first()
    places = {code: card.name for code, card in registry.all_places().items()}
    agencies = _named(parts[0], registry.party_names(parts[0]))
    return Account(
        whole, sorted(agencies, key=lambda one: -one.spent.office), _named(parts[1], titles),
        _named(parts[2], places), list(months.items()), at,
    )  # fmt: skip


def _named(parts: dict[Any, Spent], names: dict[Any, dict[str, str]]) -> list[Named]:
    found = [Named(key, names.get(key, NAMELESS), spent) for key, spent in parts.items()]
    return sorted(found, key=lambda one: -one.spent.total)


@dataclass(frozen=True, slots=True)
class Costs:
    """What the days of a period cost, and every assumption behind it; money in million rials."""

    lines: list[costs.Costed]
    unset: int  # million-rial-days of services for which nothing was set
    total: int
    value_days: int


def cost(period: Period, scope: Scope, override: Decimal | None = None) -> Costs:
    """Return the cost of all days of a period, by service. Two queries."""
    known = rates.assumptions()
    rows: Iterable[tuple[str, date, int]] = (
        _rows(period, scope).values_list("service", "day").annotate(n=Sum("value_days"))
    )
    lines, unset = costs.costed(known, rows, override)
    return Costs(lines, unset, sum(one.cost for one in lines), sum(one.value_days for one in lines))


def first_day() -> date | None:
    """Return the first day that was counted."""
    return DelayDay.objects.order_by("day").values_list("day", flat=True).first()


# --- single cases, for officials in charge -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases, those that took longest first, and where the next ones begin."""

    rows: tuple[CaseShare, ...] = ()
    after: str = ""


def cases(period: Period, scope: Scope, cause: int, after: str = "") -> CasePage:
    """Return cases that spent days of a period with one cause, by what they spent in all."""
    rows = CaseShare.objects.filter(
        cause=cause, first_day__lte=period.last, last_day__gte=period.first
    ).order_by("-seconds", "id")
    if scope.agency is not None:
        rows = rows.filter(agency_id=scope.agency)
    if scope.province:
        rows = rows.filter(place=scope.province)
    rows = (
        rows.filter(service=scope.service)
        if scope.service
        else rows.exclude(service__startswith=REPLAYED)
    )
    seconds, _, key = after.partition("~")
    if seconds.isascii() and seconds.isdigit() and key.isascii() and key.isdigit():
        at = int(seconds)
        rows = rows.filter(Q(seconds__lt=at) | Q(seconds=at, id__gt=int(key)), seconds__lte=at)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    more = f"{shown[-1].seconds}~{shown[-1].pk}" if len(found) > PAGE else ""
    return CasePage(tuple(shown), more)


# --- for machines --------------------------------------------------------------------------------

COLUMNS = (
    "agency_fa", "agency_en", "service", "province", "cause", "days", "days_past_the_term",
    "million_rial_days",
)  # fmt: skip


def table(period: Period, scope: Scope) -> list[tuple[Any, ...]]:
    """Return one row per agency, service, province and cause, in the order of COLUMNS."""
    grouped = _rows(period, scope).values_list("agency_id", "service", "place", "cause")
    found = list(
        grouped.annotate(n=Sum("seconds"), late=Sum("late"), value=Sum("value_days")).order_by(
            "service", "place", "cause", "agency_id"
        )
    )
    names = registry.party_names({row[0] for row in found})
    return [
        (names.get(agency, NAMELESS)["fa"], names.get(agency, NAMELESS)["en"], service, place,
         CAUSES[cause], round(seconds / DAY, 3), round(late / DAY, 3), value)
        for agency, service, place, cause, seconds, late, value in found
    ]  # fmt: skip
