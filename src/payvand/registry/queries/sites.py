"""Which sites has a party, and how critical does the authority hold one to be?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from payvand.kernel.errors import NotFound
from payvand.kernel.text import compact_key
from payvand.registry.models import Site, SiteTier
from payvand.registry.queries import duties, places
from payvand.registry.queries.people import in_force, today
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.refusals import NoDebtor

TIER_ROLE = "criticality-authority"  # the debtor role of the body that ranks sites


@dataclass(frozen=True, slots=True)
class SiteCard:
    """One site, without its tier: whoever joins the two answers for keeping it confidential."""

    id: UUID
    owner: UUID
    place: str
    title: str
    zone: str
    address: str


def sites_of(owner_id: UUID) -> list[SiteCard]:
    """Return the sites of a party, the newest first."""
    rows = Site.objects.filter(owner_id=owner_id).order_by("-pk")
    return [
        SiteCard(row.pk, row.owner_id, row.place_id, row.title, row.zone, row.address)
        for row in rows
    ]


def site_tier(site_id: UUID, on: date | None = None) -> str | None:
    """Return the tier of a site on a day; None = not ranked, which is unknown and never "ordinary".

    Not for public pages, search or exports.
    """
    return (
        SiteTier.objects.filter(in_force(on or today()), site_id=site_id)
        .order_by("-valid_from", "-pk")
        .values_list("tier", flat=True)
        .first()
    )


def site_tiers(site_ids: Collection[UUID], on: date | None = None) -> dict[UUID, str]:
    """Return the tiers of sites on a day; a site without one is left out. One query.

    Not for public pages, search or exports.
    """
    dated = SiteTier.objects.filter(in_force(on or today()), site_id__in=set(site_ids))
    return dict(dated.order_by("valid_from", "pk").values_list("site_id", "tier"))


PAGE = 50


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site in a list; the tier only for the desk of the responsible authority."""

    card: SiteCard
    owner_name: dict[str, str]
    is_ranked: bool
    tier: str | None  # None: not ranked, or not for this reader


@dataclass(frozen=True, slots=True)
class TierLine:
    """One dated rank, by which authority and decision."""

    tier: str
    authority: dict[str, str]
    ref: str
    starts: date
    ends: date | None
    standing: str  # now | later | ended


def authority_at(place_code: str) -> UUID | None:
    """Return the authority that ranks sites at a place; None where none is registered."""
    try:
        return duties.debtor_for(TIER_ROLE, place_code)
    except NoDebtor:
        return None


def places_ranked_by(orgs: Collection[UUID]) -> set[str]:
    """Return the places at which one of these organisations ranks sites."""
    if not orgs:
        return set()
    named = {agency for role, _place, agency in duties.roles_today() if role == TIER_ROLE}
    if not named & set(orgs):
        return set()
    return {code for code in places.all_places() if authority_at(code) in orgs}


def parties_of(by: Actor) -> list[UUID]:
    """Return whose sites are the actor's own affair: the person, mandates, organisations."""
    seats = [seat.org for seat in by.seats]
    return list(dict.fromkeys([*([by.party] if by.party else []), *by.mandates, *seats]))


def site(site_id: UUID) -> SiteCard:
    """Return one site; raises NotFound."""
    row = Site.objects.filter(pk=site_id).first()
    if row is None:
        raise NotFound(site=str(site_id))
    return _site_card(row)


def _site_card(row: Site) -> SiteCard:
    return SiteCard(row.pk, row.owner_id, row.place_id, row.title, row.zone, row.address)


def sites_visible(
    by: Actor, text: str = "", *, after: UUID | None = None, size: int = PAGE
) -> tuple[list[SiteLine], str]:
    """Return sites that the actor may see, the newest first, and where the next page begins.

    The administrator sees all, without tiers; an authority those of its places, with them; others
    their own, without.
    """
    rows = Site.objects.select_related("owner").order_by("-pk")
    ranked_here = places_ranked_by({seat.org for seat in by.seats})
    if not (by.is_operator or by.kind == "system"):
        rows = rows.filter(Q(owner_id__in=parties_of(by)) | Q(place_id__in=ranked_here))
    if text.strip():
        key = compact_key(text)
        rows = rows.filter(Q(title__icontains=text.strip()) | Q(owner__search_key__contains=key))
    if after is not None:
        rows = rows.filter(pk__lt=after)
    found = list(rows[: size + 1])
    tiers = site_tiers([row.pk for row in found[:size]])
    lines = [
        SiteLine(
            _site_card(row),
            {"fa": row.owner.name_fa, "en": row.owner.name_en or row.owner.name_fa},
            row.pk in tiers,
            tiers.get(row.pk) if row.place_id in ranked_here else None,
        )
        for row in found[:size]
    ]
    return lines, str(found[size - 1].pk) if len(found) > size else ""


def tiers_of(site_id: UUID) -> list[TierLine]:
    """Return every rank that a site has had, the newest first. Not for public pages or exports."""
    rows = SiteTier.objects.filter(site_id=site_id).select_related("authority")
    day = today()

    def standing(row: SiteTier) -> str:
        if row.valid_to is not None and row.valid_to < max(day, row.valid_from):
            return "ended"
        return "later" if row.valid_from > day else "now"

    return [
        TierLine(
            row.tier,
            {"fa": row.authority.name_fa, "en": row.authority.name_en or row.authority.name_fa},
            row.ref, row.valid_from, row.valid_to, standing(row),
        )
        for row in rows.order_by("-valid_from", "-pk")
    ]  # fmt: skip
