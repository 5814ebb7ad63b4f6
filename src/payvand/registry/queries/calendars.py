"""On which days does a party work, as far as we know, and who is touched by a closure?

Calendars are kept in the process and shared by all parties under the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from django.db.models import Q, QuerySet

from payvand.kernel import clock, jalali
from payvand.kernel.calendar import CalendarRule, WorkCalendar
from payvand.registry import versions
from payvand.registry.models import CalendarFact, Party
from payvand.registry.queries import places
from payvand.registry.rules.calendars import org_of, path, scope_of, split_classes, split_weekdays
from payvand.registry.rules.refusals import NoParty

YEARS_BACK, YEARS_AHEAD = 3, 1  # Jalali years that a calendar reaches at least
KEPT = 4000  # calendars kept before starting afresh
CHAINS_KEPT = 50_000  # parties whose scopes are kept

Chain = tuple[tuple[str, ...], str]  # scopes from the general to the specific, class of the party


@dataclass(slots=True)
class _Facts:
    """The rules held to be true now, by scope, and the calendars made of them."""

    rules: dict[str, list[CalendarRule]] = field(default_factory=dict)
    classed: set[str] = field(default_factory=set)  # scopes with rules that exempt somebody
    years: tuple[int, int] | None = None  # first and last Jalali year with recorded holidays
    made: dict[object, WorkCalendar] = field(default_factory=dict)


def as_rule(row: CalendarFact) -> CalendarRule:
    """Return a stored fact as the kernel's rule."""
    return CalendarRule(
        id=row.pk,
        scope=row.scope,
        starts=row.starts,
        ends=row.ends,
        weekdays=split_weekdays(row.weekdays) or None,
        kind=row.kind,
        opens=row.opens,
        closes=row.closes,
        status=row.status,
        title_fa=row.title_fa,
        title_en=row.title_en,
        source=row.source,
        known_from=row.known_from,
        known_to=row.known_to,
        classes=split_classes(row.exempt),
    )


def _collect(rows: Iterable[CalendarFact]) -> _Facts:
    facts = _Facts()
    seen: list[date] = []
    for row in rows:
        rule = as_rule(row)
        facts.rules.setdefault(rule.scope, []).append(rule)
        if rule.classes:
            facts.classed.add(rule.scope)
        if rule.kind == "holiday":
            seen.append(rule.starts)
    if seen:
        facts.years = jalali.to_jalali(min(seen))[0], jalali.to_jalali(max(seen))[0]
    return facts


_FACTS = versions.Book(
    lambda: _collect(CalendarFact.objects.filter(known_to=None).order_by("pk")), versions.CALENDAR
)
_CHAINS: versions.Book[dict[UUID, Chain]] = versions.Book(dict, versions.PARTIES, versions.PLACES)


def facts(*, known_at: datetime | None = None, scope: str | None = None) -> QuerySet[CalendarFact]:
    """Return the facts held to be true at a moment (None: now), of one scope or of all."""
    rows = CalendarFact.objects.filter(known_to=None)
    if known_at is not None:
        rows = CalendarFact.objects.filter(
            Q(known_to=None) | Q(known_to__gt=known_at), known_from__lte=known_at
        )
    return (rows if scope is None else rows.filter(scope=scope)).order_by("starts", "pk")


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """A fact that became known, or ceased to hold, since somebody looked."""

    id: int
    scope: str
    starts: date
    ends: date | None
    title_fa: str
    title_en: str
    is_gone: bool


def facts_changed(since: datetime, until: datetime) -> list[ChangedFact]:
    """Return the facts recorded, corrected or taken back in [since, until]."""
    window = Q(known_from__range=(since, until)) | Q(known_to__range=(since, until))
    return [
        ChangedFact(row.pk, row.scope, row.starts, row.ends, row.title_fa, row.title_en,
                    row.known_to is not None)
        for row in CalendarFact.objects.filter(window).order_by("starts", "pk")
    ]  # fmt: skip


def current_rules(scope: str | None = None) -> dict[int, CalendarRule]:
    """Return the rules held to be true now, of one scope or of all, by id."""
    return {row.pk: as_rule(row) for row in facts(scope=scope)}


def calendar_version() -> str:
    """Return a token that changes with every recorded or corrected calendar fact."""
    return versions.token(versions.CALENDAR)


def holidays_known_until() -> date | None:
    """Return the last day of the last year with recorded holidays; None when there are none."""
    years = _FACTS.open().years
    return None if years is None else jalali.parse(years[1] + 1, 1, 1) - timedelta(days=1)


def chains_of(party_ids: Iterable[UUID]) -> dict[UUID, Chain]:
    """Return country → province → county → organisation for each party; raises NoParty."""
    kept = _CHAINS.open()
    if len(kept) > CHAINS_KEPT:
        kept.clear()
    wanted = set(party_ids)
    missing = [party for party in wanted if party not in kept]
    if missing:
        root = places.country()
        parents = places.parents()
        rows = Party.objects.filter(pk__in=missing).values_list("pk", "place_id", "org_class")
        for party, code, org_class in rows:
            above = path(code or root or "", parents)
            kept[party] = ((*above, scope_of(party)), org_class)
    unknown = [party for party in wanted if party not in kept]
    if unknown:
        raise NoParty(party=str(unknown[0]))
    return {party: kept[party] for party in wanted}


def calendar_of(party_id: UUID, *, known_at: datetime | None = None) -> WorkCalendar:
    """Return the working calendar of a party; `known_at` asks what was known at that moment."""
    scopes, org_class = chains_of([party_id])[party_id]
    return calendar_for(scopes, org_class, known_at=known_at)


def calendars_of(party_ids: Iterable[UUID]) -> dict[UUID, WorkCalendar]:
    """Return the working calendars of several parties, with one query at most."""
    return {
        party: calendar_for(scopes, org_class)
        for party, (scopes, org_class) in chains_of(party_ids).items()
    }


def calendar_for(
    chain: Sequence[str], org_class: str = "", *, known_at: datetime | None = None
) -> WorkCalendar:
    """Return the working calendar of a chain of scopes, from the general to the specific.

    Scopes without rules of their own are left out, so that their members share one calendar.
    """
    held = _FACTS.open()
    rules = held if known_at is None else _collect(facts(known_at=known_at))
    scopes = tuple(scope for scope in chain if scope in rules.rules)
    exempt = org_class if rules.classed.intersection(scopes) else ""
    first, last = _span(rules.years)
    key = (scopes, exempt, known_at, first, last)
    calendar = held.made.get(key)
    if calendar is None:
        if len(held.made) > KEPT:
            held.made.clear()
        calendar = held.made[key] = WorkCalendar.build(
            scopes,
            [rule for scope in scopes for rule in rules.rules[scope]],
            first=first,
            last=last,
            known_at=known_at,
            org_class=exempt,
        )
    return calendar


def calendar_with(party_id: UUID, extra: Sequence[CalendarRule]) -> WorkCalendar:
    """Return a party's calendar as it would be with further rules; nothing is recorded.

    Parties under the same rules share one, so that a preview over a province builds few.
    """
    chain, org_class = chains_of([party_id])[party_id]
    held, added = _FACTS.open(), {rule.scope for rule in extra}
    scopes = tuple(scope for scope in chain if scope in held.rules or scope in added)
    first, last = _span(held.years)
    key = ("with", scopes, org_class, tuple(extra), first, last)
    calendar = held.made.get(key)
    if calendar is None:
        rules = [rule for scope in scopes for rule in held.rules.get(scope, ())]
        calendar = held.made[key] = WorkCalendar.build(
            scopes, [*rules, *extra], first=first, last=last, org_class=org_class
        )
    return calendar


def parties_under(scope: str, *, kinds: Sequence[str] = ("agency",)) -> set[UUID]:
    """Return the agencies whose calendar contains the scope: those that a closure touches.

    kinds: add `company` or `person` to learn which applicants have their own terms there.
    """
    org = org_of(scope)
    if org is not None:
        return {org}
    parties = Party.objects.filter(kind__in=kinds)
    inside = Q(place__in=places.places_under(scope))
    if scope == places.country():
        inside |= Q(place=None)
    return set(parties.filter(inside).values_list("pk", flat=True))


def _span(years: tuple[int, int] | None) -> tuple[date, date]:
    """Return whole Jalali years: around today, and as far as holidays are recorded."""
    return _span_on(years, clock.local_date(clock.now()))


@lru_cache(maxsize=64)
def _span_on(years: tuple[int, int] | None, today: date) -> tuple[date, date]:
    this = jalali.to_jalali(today)[0]
    first, last = years or (this, this)
    first, last = min(first, this - YEARS_BACK), max(last, this + YEARS_AHEAD)
    return jalali.parse(first, 1, 1), jalali.parse(last + 1, 1, 1) - timedelta(days=1)
