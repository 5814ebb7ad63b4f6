"""Which seats, offices and mandates have I, who can act for me, and whom can I appoint?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from payvand.plugins import slots
from payvand.registry.models import Connection, Mandate, Membership, User
from payvand.registry.queries import duties
from payvand.registry.queries.people import in_force, today
from payvand.registry.rules.actor import Actor


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat of mine."""

    org_id: UUID
    org: dict[str, str]
    role: str
    place: dict[str, str] | None
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One mandate that I gave or hold, and whether it holds today."""

    id: int
    principal: dict[str, str]
    agent: dict[str, str]
    services: list[dict[str, str]]  # titles; empty = all
    evidence: str
    starts: date
    ends: date | None
    has_begun: bool


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """One way in which an agency is or was connected."""

    level: str
    address: str
    since: object
    until: object


def seats_of(user_id: int) -> list[SeatRow]:
    """Return the seats that a user has today."""
    rows = (
        Membership.objects.filter(in_force(today()), user_id=user_id)
        .select_related("org", "place")
        .order_by("org__sort_key", "role")
    )
    return [
        SeatRow(
            row.org_id,
            {"fa": row.org.name_fa, "en": row.org.name_en or row.org.name_fa},
            row.role,
            {"fa": row.place.name_fa, "en": row.place.name_en} if row.place else None,
            row.valid_from,
            row.valid_to,
        )
        for row in rows
    ]


def may_sign_for(by: Actor) -> list[UUID]:
    """Return the parties in whose name the actor may give mandates: the person, and companies."""
    own = [by.party] if by.party else []
    companies = [
        seat.org
        for seat in by.seats
        if seat.org in by.mandates and seat.role in ("signatory", "head", "admin")
    ]
    return list(dict.fromkeys([*own, *companies]))


def mandates_given(principals: list[UUID]) -> list[MandateRow]:
    """Return the mandates that these parties gave and that have not ended."""
    return _mandates(principal_id__in=principals)


def mandates_held(agents: list[UUID]) -> list[MandateRow]:
    """Return the mandates that these parties hold and that have not ended."""
    return _mandates(agent_id__in=agents)


def _mandates(**condition: object) -> list[MandateRow]:
    day = today()
    rows = (
        Mandate.objects.filter(**condition)
        .select_related("principal", "agent")
        .order_by("-valid_from", "-pk")
    )
    named = {slug for row in rows for slug in row.services.split(",") if slug != "*"}
    titles = service_titles(named) if named else {}
    return [
        MandateRow(
            row.pk,
            {"fa": row.principal.name_fa, "en": row.principal.name_en or row.principal.name_fa},
            {"fa": row.agent.name_fa, "en": row.agent.name_en or row.agent.name_fa},
            [
                titles.get(slug, {"fa": slug, "en": slug})
                for slug in row.services.split(",")
                if slug != "*"
            ],
            row.evidence,
            row.valid_from,
            row.valid_to,
            row.valid_from <= day,
        )
        for row in rows
        if row.valid_to is None or row.valid_to >= day
    ]


def service_titles(slugs: Collection[str] | None = None) -> dict[str, dict[str, str]]:
    """Return the titles of services by slug, as upper contexts know them; None: of all."""
    found: dict[str, dict[str, str]] = {}
    for ask in slots.service_titles:
        found |= ask(slugs)
    return found


def connection_history(agency_id: UUID) -> list[ConnectionRow]:
    """Return how an agency is and was connected, the newest first."""
    rows = Connection.objects.filter(agency_id=agency_id).order_by("-valid_from", "-pk")
    return [ConnectionRow(r.level, r.address, r.valid_from, r.valid_to) for r in rows]


def account(username: str) -> int | None:
    """Return the id of an active account by its name; None when there is none."""
    found = User.objects.filter(username=username, is_active=True).values_list("pk", flat=True)
    return found.first()


def agencies_headed(by: Actor) -> list[UUID]:
    """Return the agencies in which the actor may appoint."""
    return [
        seat.org
        for seat in by.seats
        if seat.role in ("head", "admin") and seat.org not in by.mandates
    ]


def debtor_roles() -> dict[UUID, list[tuple[str, str]]]:
    """Return for every agency the roles for which it answers, each with the place."""
    found: dict[UUID, list[tuple[str, str]]] = {}
    for role, place, agency in duties.roles_today():
        found.setdefault(agency, []).append((role, place))
    return found
