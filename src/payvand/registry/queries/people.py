"""Who is this party or user, and on whose behalf may they act today?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from payvand.kernel import clock
from payvand.kernel.errors import YES, Verdict, gettext_noop, no
from payvand.kernel.text import compact_key, fold_digits
from payvand.registry.models import Ground, Mandate, Membership, Party, User
from payvand.registry.queries.aliases import with_families
from payvand.registry.queries.duties import offices_of
from payvand.registry.rules.actor import Actor, Seat
from payvand.registry.rules.refusals import NoOrganisation, NoParty

if TYPE_CHECKING:
    from django.http import HttpRequest

NOT_YOURS = gettext_noop("You hold no mandate to act for this person or organisation.")


@dataclass(frozen=True, slots=True)
class PartyCard:
    """One person, company or agency, as other contexts may see it."""

    id: UUID
    kind: str
    slug: str | None
    national_id: str
    name: dict[str, str]
    place: str | None
    org_class: str
    email: str
    mobile: str
    is_sample: bool


def in_force(day: date, *, prefix: str = "") -> Q:
    """Return the condition that a dated row holds on a day, both ends included."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def today() -> date:
    """Return the legal day of now."""
    return clock.local_date(clock.now())


def actor_for(user: User | AnonymousUser) -> Actor:
    """Return on whose behalf a user acts today: seats, offices held or fallen to them, mandates.

    At most three queries: seats, mandates, and once a second a look whether offices changed.
    """
    if not user.is_authenticated:
        return Actor(kind="guest", label="visitor")
    account = user
    day = today()
    rows = list(
        Membership.objects.filter(in_force(day), user_id=account.pk).values_list(
            "org_id", "role", "place_id", "org__kind"
        )
    )
    companies = [org for org, _role, _place, kind in rows if kind != "agency"]
    agents = [*([account.party_id] if account.party_id else []), *companies]
    given = (
        Mandate.objects.filter(in_force(day), agent_id__in=agents).values_list(
            "principal_id", flat=True
        )
        if agents
        else ()
    )
    kin = with_families({*(row[0] for row in rows), *given})  # what was merged goes together
    return Actor(
        user_id=account.pk,
        party=account.party_id,
        seats=tuple(
            Seat(member, role, place or "")
            for org, role, place, _kind in rows
            for member in kin[org]
        ),
        offices=offices_of(account.pk, day),
        mandates=tuple(dict.fromkeys(m for key in [*companies, *given] for m in kin[key])),
        is_operator=account.is_superuser,
    )


def actor(request: HttpRequest) -> Actor:
    """Return the actor of a request, built once."""
    known = getattr(request, "_payvand_actor", None)
    user = getattr(request, "user", None) or AnonymousUser()  # before sign-in is looked at
    if known is None or known[0] != user.pk:
        known = (user.pk, actor_for(cast("User", user)))
        request._payvand_actor = known  # type: ignore[attr-defined]
    return cast("Actor", known[1])


def may_act_for(by: Actor, party_id: UUID, service_slug: str = "") -> Verdict:
    """May the actor apply on behalf of a party, for this service?"""
    if by.kind == "system" or party_id == by.party or by.works_for(party_id):
        return YES
    if party_id not in by.mandates:
        return no(NOT_YOURS)
    agents = [org for org in (by.party, *(seat.org for seat in by.seats)) if org is not None]
    scopes = Mandate.objects.filter(
        in_force(today()), principal_id=party_id, agent_id__in=agents
    ).values_list("services", flat=True)
    if any(covers(services, service_slug) for services in scopes):
        return YES
    return no(gettext_noop("Your mandate does not cover this service."))


def covers(services: str, slug: str) -> bool:
    """Does the text of a mandate (slugs, or *) cover a service? Without a slug: any service."""
    named = {part.strip() for part in services.split(",")}
    return "*" in named or not slug or slug in named


def find_party(kind: str, national_id: str) -> PartyCard | None:
    """Return the party with this national id, typed in any digits; None when there is none."""
    digits = fold_digits(national_id).replace(" ", "").replace("-", "")
    row = Party.objects.filter(kind=kind, national_id=digits).exclude(national_id="").first()
    return None if row is None else card(row)


def find_parties(national_ids: Iterable[str]) -> dict[str, PartyCard]:
    """Return the persons and companies with these national ids (plain digits), by id. One query."""
    rows = Party.objects.filter(national_id__in={one for one in national_ids if one})
    return {row.national_id: card(row) for row in rows}


def party(party_id: UUID) -> PartyCard:
    """Return one party; raises NoParty."""
    row = Party.objects.filter(pk=party_id).first()
    if row is None:
        raise NoParty(party=str(party_id))
    return card(row)


def party_by_slug(slug: str) -> PartyCard:
    """Return an agency by its slug; raises NoParty."""
    row = Party.objects.filter(slug=slug).first()
    if row is None:
        raise NoParty(party=slug)
    return card(row)


def organisation_named(text: str) -> PartyCard:
    """Return an agency by its slug or an organisation by its national id; raises NoOrganisation."""
    wanted = fold_digits(text.strip())
    rows = Party.objects.exclude(kind="person")
    row = rows.filter(Q(slug=wanted) | Q(national_id=wanted)).first() if wanted else None
    if row is None:
        raise NoOrganisation(text=text)
    return card(row)


def agencies(text: str = "", *, limit: int = 100) -> list[PartyCard]:
    """Return agencies in the order of the alphabet, those whose name holds the text."""
    rows = Party.objects.filter(kind="agency").order_by("sort_key", "pk")
    if text:
        rows = rows.filter(search_key__contains=compact_key(text))
    return [card(row) for row in rows[:limit]]


def party_names(ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    """Return the names of parties in both languages; an unknown id is left out."""
    rows = Party.objects.filter(pk__in=set(ids)).values_list("pk", "name_fa", "name_en")
    return {pk: {"fa": fa, "en": en or fa} for pk, fa, en in rows}


def card(row: Party) -> PartyCard:
    """Return a stored party as others may see it."""
    return PartyCard(
        id=row.pk,
        kind=row.kind,
        slug=row.slug,
        national_id=row.national_id,
        name={"fa": row.name_fa, "en": row.name_en or row.name_fa},
        place=row.place_id,
        org_class=row.org_class,
        email=row.email,
        mobile=row.mobile,
        is_sample=row.is_sample,
    )


def ground_ids(codes: Iterable[str]) -> dict[str, int]:
    """Return the ids of grounds by code; an unknown code is left out."""
    return dict(Ground.objects.filter(code__in=set(codes)).values_list("code", "pk"))
