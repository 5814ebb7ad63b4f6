"""How punctual was the country, a province, an agency — over a period, from month to month?

Everything is read from the daily counts; each function costs a fixed number of queries. Replayed
logs are left out unless their service is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum

from payvand.insight.models import Clocked, DailyTally
from payvand.insight.rules import measures
from payvand.insight.rules.measures import CLASSES, Counts, Index
from payvand.insight.rules.periods import Period
from payvand.kernel import clock, jalali
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor

KINDS = ("inquiry", "decision", "objection")  # owed to applicants; resolutions are internal
REPLAYED = "replay-"
PAGE = 50
NAMELESS = {"fa": "—", "en": "—"}
_SUMS = ("received", "answered", "due", "on_time", "deemed", "seconds")
_CLASSES = tuple(f"c{n}" for n in range(CLASSES))


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose punctuality: everybody's, or only of a province, an agency, a service."""

    province: str | None = None
    agency: UUID | None = None
    service: str | None = None
    agencies: frozenset[UUID] | None = None  # only among these


@dataclass(frozen=True, slots=True)
class Line:
    """One agency of the league."""

    agency: UUID
    name: dict[str, str]
    index: Index


@dataclass(frozen=True, slots=True)
class Month:
    """One Jalali month of a trend."""

    year: int
    month: int
    index: Index


def _rows(scope: Scope) -> QuerySet[DailyTally]:
    rows = DailyTally.objects.filter(kind__in=KINDS).order_by()
    if scope.province is not None:
        rows = rows.filter(place=scope.province)
    if scope.agency is not None:
        rows = rows.filter(agency_id=scope.agency)
    if scope.agencies is not None:
        rows = rows.filter(agency_id__in=scope.agencies)
    if scope.service is None:
        return rows.exclude(service__startswith=REPLAYED)
    return rows.filter(service=scope.service)


def _grouped(scope: Scope, period: Period, *group: str) -> dict[tuple[Any, ...], Counts]:
    """Return the counts of a period by some columns, in two queries."""
    rows, size = _rows(scope), len(group)
    inside = rows.filter(day__gte=period.first, day__lte=period.last).values_list(*group)
    sums = inside.annotate(**{f"n_{name}": Sum(name) for name in (*_SUMS, *_CLASSES)})
    standing = (
        rows.filter(day__lte=period.last)
        .values_list(*group)
        .annotate(n=Sum(F("due") - F("on_time") - F("late_closed")))
    )
    stock = {row[:size]: row[size] for row in standing}
    found = {row[:size]: _counts(row[size:], stock.pop(row[:size], 0)) for row in sums}
    found |= {key: Counts(open_late=max(0, left)) for key, left in stock.items() if left}
    return found


def _added(counted: Iterable[tuple[Any, Counts]]) -> dict[Any, Counts]:
    """Return counts added up by their key."""
    found: dict[Any, Counts] = {}
    for key, counts in counted:
        found[key] = found[key] + counts if key in found else counts
    return found


def _counts(values: Sequence[int], open_late: int) -> Counts:
    plain = dict(zip(_SUMS, values, strict=False))
    return Counts(**plain, open_late=max(0, open_late), classes=tuple(values[len(_SUMS) :]))


def index(period: Period, scope: Scope = Scope()) -> Index:
    """Return one index over everything in the scope. Two queries."""
    counted = _grouped(scope, period, "kind")
    return measures.index(_added(("", c) for c in counted.values()).get("", Counts()))


def league(
    period: Period, province: str | None = None, service: str | None = None,
    agencies: frozenset[UUID] | None = None,
) -> list[Line]:  # fmt: skip
    """Return the agencies, the most punctual first and those with too few at the end.

    Offices are ranked, never persons. Three queries.
    """
    scope = Scope(province=province, service=service, agencies=agencies)
    return _lines({key[0]: c for key, c in _grouped(scope, period, "agency_id").items()})


def _lines(counted: dict[UUID, Counts]) -> list[Line]:
    names = registry.party_names(counted)
    lines = [Line(k, names.get(k, NAMELESS), measures.index(c)) for k, c in counted.items()]
    return sorted(lines, key=_rank)


def _rank(line: Line) -> tuple[float, float, str]:
    if line.index.ours is None:
        return (1.0, -line.index.counts.due, line.name["fa"])
    return (-line.index.ours, -line.index.counts.due, line.name["fa"])


def provinces(period: Period, service: str | None = None) -> dict[str, Index]:
    """Return the index of every province that has counts, by ISO code. Two queries."""
    counted = _grouped(Scope(service=service), period, "place")
    return {place: measures.index(counts) for (place,), counts in counted.items() if place}


@dataclass(frozen=True, slots=True)
class Board:
    """What one page shows of a period: the whole, the provinces and the league."""

    index: Index
    provinces: dict[str, Index]
    league: list[Line]


def board(period: Period, province: str | None = None, service: str | None = None) -> Board:
    """Return `index`, `provinces` and `league` at the price of one: three queries."""
    counted = _grouped(Scope(service=service), period, "agency_id", "place")
    here = {key: c for key, c in counted.items() if province is None or key[1] == province}
    whole = _added(("", c) for c in here.values()).get("", Counts())
    places = _added((place, c) for (_, place), c in counted.items() if place)
    return Board(
        measures.index(whole),
        {place: measures.index(c) for place, c in places.items()},
        _lines(_added((agency, c) for (agency, _), c in here.items())),
    )


def trend(period: Period, *, agency: UUID | None = None, province: str | None = None,
          service: str | None = None) -> list[Month]:  # fmt: skip
    """Return the Jalali months of a period in order, empty ones too. Two queries.

    The stock of open late ones of a month is that at its end.
    """
    return months(period, Scope(province, agency, service))


def months(period: Period, scope: Scope) -> list[Month]:
    """Return the Jalali months of a period for any scope. Two queries."""
    rows = _rows(scope)
    inside = rows.filter(day__gte=period.first, day__lte=period.last).values_list("day")
    left = Sum(F("due") - F("on_time") - F("late_closed"))
    sums = {f"n_{name}": Sum(name) for name in (*_SUMS, *_CLASSES)}
    before = rows.filter(day__lt=period.first).aggregate(n=left)["n"] or 0
    buckets = {month: Counts() for month in period.months}
    for day, moved, *values in inside.annotate(n_left=left, **sums):
        buckets[jalali.to_jalali(day)[:2]] += _moved(_counts(values, 0), moved)
    found = []
    for (year, month), counts in buckets.items():
        before += counts.open_late
        stock = _moved(counts, max(0, before) - counts.open_late)
        found.append(Month(year, month, measures.index(stock)))
    return found


def _moved(counts: Counts, by: int) -> Counts:
    return counts + Counts(open_late=by)


def first_day() -> date | None:
    """Return the first day that has been counted."""
    return DailyTally.objects.order_by("day").values_list("day", flat=True).first()


# --- single cases, for officials in charge ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One obligation that fell due: never with a person's name."""

    obligation: UUID
    case_id: UUID
    code: str
    title: dict[str, str]
    service: str
    due_at: datetime
    closed_at: datetime | None
    state: str
    days_late: float  # negative = in time


@dataclass(frozen=True, slots=True)
class CasePage:
    """Some cases, and where the next ones begin (empty at the end)."""

    rows: tuple[CaseRow, ...] = ()
    after: str = ""
    only_late: bool = field(default=True)


def cases(period: Period, scope: Scope, *, only_late: bool = True, after: str = "") -> CasePage:
    """Return what fell due at an agency in a period, the oldest due time first. Two queries."""
    now = clock.now()
    rows = Clocked.objects.filter(
        kind__in=KINDS, due_day__gte=period.first, due_day__lte=period.last, due_at__lte=now
    ).order_by("due_at", "obligation")
    if scope.agency is not None:
        rows = rows.filter(agency_id=scope.agency)
    if scope.province is not None:
        rows = rows.filter(place=scope.province)
    if scope.service is None:
        rows = rows.exclude(service__startswith=REPLAYED)
    else:
        rows = rows.filter(service=scope.service)
    if only_late:
        rows = rows.filter(on_time=False)
    start = _cursor(after)
    if start is not None:
        due, key = start
        rows = rows.filter(Q(due_at__gt=due) | Q(due_at=due, obligation__gt=key), due_at__gte=due)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    said = ledger.Obligation.objects.filter(pk__in=[one.obligation for one in shown])
    words = {pk: (code, title) for pk, code, title in said.values_list("pk", "case_code", "title")}
    lines = tuple(_case(one, words.get(one.obligation, ("", {})), now) for one in shown)
    last = shown[-1] if len(found) > PAGE else None
    more = f"{last.due_at.isoformat()}~{last.obligation}" if last and last.due_at else ""
    return CasePage(lines, more, only_late)


def _case(one: Clocked, words: tuple[str, dict[str, str]], now: datetime) -> CaseRow:
    due = one.due_at or one.sent_at
    late = ((one.closed_at or now) - due).total_seconds() / 86400
    return CaseRow(one.obligation, one.case_id, words[0], words[1], one.service, due,
                   one.closed_at, one.state, late)  # fmt: skip


def _cursor(text: str) -> tuple[datetime, UUID] | None:
    due, _, key = text.partition("~")
    try:
        at = datetime.fromisoformat(due)
        return (at, UUID(key)) if at.tzinfo is not None else None
    except ValueError:
        return None  # a broken address shows the first page


def reports(actor: Actor, size: int = 100) -> list[Any]:
    """Return the newest open delay reports addressed to the actor's offices. One query."""
    if not actor.offices:
        return []
    rows = ledger.Obligation.objects.filter(
        office_id__in=actor.offices, kind="acknowledgement", state__in=ledger.OPEN
    )
    rows = rows.select_related("office", "debtor", "about").defer("payload", "reply", "spec")
    return list(rows.order_by("-sent_at", "-pk")[:size])
