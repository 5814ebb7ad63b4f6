"""Which sites has a party, and how critical does the authority hold one to be?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from payvand.registry.models import Site, SiteTier
from payvand.registry.queries.people import in_force, today


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
