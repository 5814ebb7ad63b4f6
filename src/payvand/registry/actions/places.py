"""How do divisions change, and where and how critical is a site?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from payvand.kernel.errors import NotFound, gettext_noop
from payvand.kernel.text import clean, sort_key
from payvand.registry import access, versions
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Place, Site, SiteTier
from payvand.registry.queries.places import place
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.refusals import Unfit

TIERS = ("vital", "sensitive", "important", "ordinary")


@dataclass(frozen=True, slots=True)
class PlaceDraft:
    """A country, province or county before it is registered."""

    code: str
    parent: str | None
    kind: str
    name_fa: str
    name_en: str
    source: str
    valid_from: date | None = None
    predecessor: str | None = None  # the place it was split from


@transaction.atomic
def add_places(drafts: Sequence[PlaceDraft], *, by: Actor) -> int:
    """Register places, parents first, with one event; return how many were new."""
    access.may_manage(by).or_raise()
    known = set(Place.objects.values_list("code", flat=True))
    rows = [
        Place(
            code=draft.code,
            parent_id=draft.parent,
            kind=draft.kind,
            name_fa=clean(draft.name_fa),
            name_en=draft.name_en,
            sort_key=sort_key(draft.name_fa)[:160],
            valid_from=draft.valid_from,
            predecessor_id=draft.predecessor,
            source=draft.source,
        )
        for draft in drafts
        if draft.code not in known
    ]
    if rows:
        Place.objects.bulk_create(rows)
        record(
            by,
            "places_added",
            subject("place", rows[0].code if len(rows) == 1 else "many"),
            facts={"codes": [row.code for row in rows]},
            topics=(versions.PLACES,),
        )
    return len(rows)


@transaction.atomic
def end_place(code: str, *, by: Actor, last_day: date, source: str) -> None:
    """End a division after its last day; old cases keep it, new ones cannot choose it."""
    access.may_manage(by).or_raise()
    place(code)
    Place.objects.filter(pk=code).update(valid_to=last_day)
    record(
        by,
        "place_ended",
        subject("place", code),
        facts={"to": last_day.isoformat(), "source": source},
        topics=(versions.PLACES,),
    )


@dataclass(frozen=True, slots=True)
class SiteDraft:
    """A place of work or a plot before it is registered."""

    owner: UUID
    place: str
    title: str
    zone: str = ""
    address: str = ""


@transaction.atomic
def add_site(draft: SiteDraft, *, by: Actor) -> UUID:
    """Register a site of a party and return its id; nobody chooses its criticality here."""
    (key,) = add_sites([draft], by=by)
    return key


@transaction.atomic
def add_sites(drafts: Sequence[SiteDraft], *, by: Actor) -> list[UUID]:
    """Register many sites at once, with one event; all or none."""
    for owner in {draft.owner for draft in drafts}:
        access.may_add_site(by, owner).or_raise()
    for code in {draft.place for draft in drafts}:
        place(code)
    if not all(draft.title.strip() for draft in drafts):
        raise Unfit(fields={"title": gettext_noop("The name is needed.")})
    sites = [
        Site(
            owner_id=draft.owner,
            place_id=draft.place,
            title=clean(draft.title),
            zone=draft.zone,
            address=clean(draft.address),
        )
        for draft in drafts
    ]
    Site.objects.bulk_create(sites, batch_size=500)
    only = sites[0] if len(sites) == 1 else None
    if sites:
        record(
            by,
            "site_added",
            subject("site", only.pk if only else "many"),
            facts={"place": only.place_id} if only else {"sites": [str(one.pk) for one in sites]},
        )
    return [site.pk for site in sites]


@dataclass(frozen=True, slots=True)
class TierDraft:
    """How critical a site is, by which decision of which authority, from when on."""

    tier: str
    authority: UUID
    ref: str
    starts: date
    ends: date | None = None  # after it the site is not ranked, which is unknown


@transaction.atomic
def set_tier(site_id: UUID, draft: TierDraft, *, by: Actor) -> None:
    """Rank a site for the responsible authority; a former tier ends the day before.

    Raises Refused, Unfit. The event names no site by title and no tier: it is not public.
    """
    site = Site.objects.select_for_update().filter(pk=site_id).first()
    if site is None:
        raise NotFound(site=str(site_id))
    access.may_rank(
        by, draft.authority, owner_id=site.owner_id, place_code=site.place_id
    ).or_raise()
    if draft.tier not in TIERS:
        raise Unfit(fields={"tier": gettext_noop("Choose one of the tiers.")})
    if not draft.ref.strip():
        raise Unfit(fields={"ref": gettext_noop("Enter the number of the decision.")})
    if draft.ends is not None and draft.ends < draft.starts:
        raise Unfit(fields={"ends": gettext_noop("The last day lies before the first.")})
    eve = date.fromordinal(draft.starts.toordinal() - 1)
    held = SiteTier.objects.filter(Q(valid_to=None) | Q(valid_to__gte=draft.starts), site=site)
    if draft.ends is not None:
        held = held.filter(valid_from__lte=draft.ends)
    held.update(valid_to=eve)
    SiteTier.objects.create(
        site_id=site_id,
        tier=draft.tier,
        authority_id=draft.authority,
        ref=draft.ref,
        valid_from=draft.starts,
        valid_to=draft.ends,
    )
    record(
        by,
        "site_ranked",
        subject("site", site_id),
        facts={"authority": str(draft.authority), "from": draft.starts.isoformat()},
    )
