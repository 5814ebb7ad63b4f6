"""Which packs are installed, since when, and which cities are connected?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel import clock
from payvand.kernel.errors import PayvandError
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.ui.language import pick
from payvand.window.models import ServiceVersion

FEW = 10  # a share of fewer answers is not shown
LEVELS: dict[str, tuple[int, str, Any]] = {
    "rest": (0, "ok", gettext_lazy("Connected by its own system")),
    "inbox": (1, "run", gettext_lazy("Answers in the inbox here")),
    "letter": (2, "wait", gettext_lazy("By letter")),
}


@dataclass(frozen=True, slots=True)
class Installed:
    """One version of a service."""

    slug: str
    title: str
    owner: str
    version: str
    digest: str
    effective_from: date
    effective_to: date | None
    installed_at: datetime
    state: str
    label: str


def installed() -> tuple[Installed, ...]:
    """Return every installed version, the newest of each service first."""
    today = clock.local_date(clock.now())
    rows = ServiceVersion.objects.select_related("service__owner").defer("body")
    found: list[Installed] = []
    in_force: set[str] = set()
    for v in rows.order_by("service_id", "-effective_from", "-id"):
        kind, label = "wait", _("Replaced")
        if v.effective_from > today:
            kind, label = "soon", _("Not yet in force")
        elif v.effective_to is not None and v.effective_to < today:
            kind, label = "wait", _("Expired")
        elif v.service_id not in in_force:
            in_force.add(v.service_id)
            kind, label = "ok", _("In force")
        owner = {"fa": v.service.owner.name_fa, "en": v.service.owner.name_en}
        found.append(
            Installed(v.service_id, pick(v.service.title), pick(owner), v.version, v.digest[:12],
                      v.effective_from, v.effective_to, v.installed_at, kind, label)
        )  # fmt: skip
    return tuple(found)


def owners() -> list[tuple[str, str]]:
    """Return (slug, name) of the agencies that may own a service."""
    return [(a.slug, pick(a.name)) for a in registry.agencies(limit=500) if a.slug]


@dataclass(frozen=True, slots=True)
class City:
    """One municipality of the league: how it is connected and how often it answers in time."""

    name: str
    place: str
    rank: int
    state: str
    label: str
    fell_due: int
    on_time: int
    percent: float | None


@dataclass(frozen=True, slots=True)
class League:
    """The municipalities by level of connection, then by name."""

    cities: tuple[City, ...]
    connected: int


def league(role: str = "municipality") -> League:
    """Return the league of connected cities; index: answered in time ÷ all that fell due."""
    today = clock.local_date(clock.now())
    places: dict[UUID, Mapping[str, str]] = {}
    for place in registry.all_places().values():
        if place.kind != "county":
            continue
        try:
            places.setdefault(registry.debtor_for(role, place.code, today), place.name)
        except PayvandError:  # no municipality is named for this county
            continue
    names = registry.party_names(places)
    links = registry.connections_of(places)
    sums = _sums(list(places))
    cities = sorted(
        (_city(names.get(a, {}), places[a], links[a].level, sums.get(a, (0, 0))) for a in places),
        key=lambda c: (c.rank, -(c.percent if c.percent is not None else -1), c.name),
    )
    return League(tuple(cities), sum(c.rank < LEVELS["letter"][0] for c in cities))


def _sums(agencies: list[UUID]) -> dict[UUID, tuple[int, int]]:
    """Return (fell due, answered in time) of each agency; unanswered and deemed count as late."""
    now = clock.now()
    rows = ledger.Obligation.objects.filter(debtor_id__in=agencies, kind="inquiry", due_at__lt=now)
    in_time = Q(state="answered", answered_at__lte=F("due_at"))
    sums = rows.exclude(state="cancelled").order_by("debtor_id").values_list("debtor_id")
    totals = sums.annotate(due=Count("pk"), kept=Count("pk", filter=in_time))
    return {agency: (due, kept) for agency, due, kept in totals}


def _city(
    name: Mapping[str, str], place: Mapping[str, str], level: str, sums: tuple[int, int]
) -> City:
    rank, state, label = LEVELS.get(level, LEVELS["inbox"])
    due, kept = sums
    percent = 100 * kept / due if due >= FEW else None
    return City(pick(name), pick(place), rank, state, str(label), due, kept, percent)
