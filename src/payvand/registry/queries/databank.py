"""Who is in the databank, and what may this reader see of them?

Lists go page by page along the alphabet and hold only what is shown to everybody. Nothing here
reads sites or tiers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from payvand.kernel.text import compact_key
from payvand.registry.models import (
    Capability,
    Certificate,
    Evidence,
    Party,
    Position,
    Presence,
    Product,
    Profile,
)
from payvand.registry.queries.aliases import family, kept_of
from payvand.registry.queries.people import today
from payvand.registry.queries.places import all_places, parents
from payvand.registry.rules import ageing
from payvand.registry.rules.calendars import path
from payvand.registry.rules.databank import PERSONAL, VERIFIED, NoProfile

PAGE = 30
MODELS: dict[str, Any] = {
    "capability": Capability,
    "product": Product,
    "certificate": Certificate,
    "evidence": Evidence,
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of the databank is narrowed to; empty means everything."""

    province: str = ""
    field: str = ""
    kind: str = ""
    verified: bool = False
    text: str = ""  # part of a name


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One entry of a list."""

    id: UUID
    name: dict[str, str]
    kind: str
    field: str
    about: dict[str, str]
    places: tuple[dict[str, str], ...]
    from_home: bool
    is_verified: bool
    is_sample: bool
    sort_key: str
    titles: tuple[dict[str, str], ...] = ()  # of the first capabilities
    age: str = ""  # rules/ageing.py
    due: date | None = None  # until when the last confirmation holds


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """Lines in the order of the alphabet, and where the next page begins."""

    lines: list[ProfileLine]
    after: str = ""


@dataclass(frozen=True, slots=True)
class FullProfile:
    """Everything that is kept about a party in the databank; the view shows less to strangers."""

    party: Party
    row: Profile
    places: list[dict[str, str]]
    capabilities: list[Capability]
    products: list[Product]
    certificates: list[Certificate]
    evidence: list[Evidence]
    people: list[Position]
    positions: list[Position]
    age: str
    verifiers: dict[UUID, dict[str, str]] = field(default_factory=dict)

    @property
    def is_personal(self) -> bool:
        """Is this the profile of a natural person?"""
        return self.row.kind in PERSONAL


def listed(filters: Filters) -> QuerySet[Party]:
    """Return the parties shown to everybody that fit, in the order of the alphabet."""
    rows = Party.objects.filter(profile__is_listed=True)
    if filters.field:
        rows = rows.filter(profile__field=filters.field)
    if filters.kind:
        rows = rows.filter(profile__kind=filters.kind)
    if filters.verified:
        rows = rows.filter(profile__standing=VERIFIED)
    if filters.province:
        here = Presence.objects.filter(party=OuterRef("pk"), province=filters.province)
        rows = rows.filter(Exists(here))
    key = compact_key(filters.text)
    if key:
        rows = rows.filter(search_key__contains=key)
    return rows.order_by("sort_key", "pk")


def page(filters: Filters, *, after: str = "", limit: int = PAGE) -> ProfilePage:
    """Return one page of the list. Three queries, whatever the size of the databank."""
    rows = listed(filters)
    key, _, last = after.rpartition("~")
    if last:
        try:
            rows = rows.filter(Q(sort_key__gt=key) | Q(sort_key=key, pk__gt=UUID(last)))
        except ValueError:
            raise NoProfile(after=after) from None
    found = list(rows.select_related("profile")[: limit + 1])
    lines = list(lines_of(found[:limit]))
    more = len(found) > limit
    return ProfilePage(lines, f"{lines[-1].sort_key}~{lines[-1].id}" if more else "")


def lines_of(parties: Iterable[Party], *, titles: int = 3) -> Iterator[ProfileLine]:
    """Yield what a list shows of parties whose profiles are read already. Two queries."""
    parties = list(parties)
    ids, day = [party.pk for party in parties], today()
    where, can = places_of(ids), defaultdict(list)
    if titles:
        rows = Capability.objects.filter(party__in=ids).order_by("pk")
        for pk, fa, en in rows.values_list("party_id", "title_fa", "title_en"):
            can[pk].append({"fa": fa, "en": en or fa})
    for party in parties:
        row = party.profile
        yield ProfileLine(
            party.pk, names(party), row.kind, row.field,
            {"fa": row.about_fa or row.about_en, "en": row.about_en or row.about_fa},
            tuple(where.get(party.pk, ())), row.from_home, row.standing == VERIFIED,
            party.is_sample, party.sort_key, tuple(can[party.pk][:titles]),
            ageing.age(row.confirm_due, day), row.confirm_due,
        )  # fmt: skip


def lines(ids: Iterable[UUID]) -> dict[UUID, ProfileLine]:
    """Return lines of the given parties that are shown to everybody, by id; merged ones follow."""
    heads = {key: kept_of(key) for key in ids}
    rows = Party.objects.filter(pk__in=set(heads.values()), profile__is_listed=True)
    found = {line.id: line for line in lines_of(rows.select_related("profile"))}
    return {key: found[head] for key, head in heads.items() if head in found}


def names(party: Party) -> dict[str, str]:
    """Return the name in both languages."""
    return {"fa": party.name_fa, "en": party.name_en or party.name_fa}


def places_of(ids: Iterable[UUID]) -> dict[UUID, list[dict[str, str]]]:
    """Return the names of the places where parties work, the narrowest of each."""
    known, found = all_places(), defaultdict(list)
    for party, code in (
        Presence.objects.filter(party__in=list(ids)).order_by("pk").values_list("party_id", "place")
    ):
        if code in known:
            found[party].append(known[code].name)
    return found


def province_of(code: str) -> str:
    """Return the province that holds a place; the place itself when it lies above provinces."""
    return provinces()[code]


def provinces() -> dict[str, str]:
    """Return the province of every place, for loops."""
    known = parents()
    return {code: path(code, known)[:2][-1] for code in known}


def full(party_id: UUID) -> FullProfile:
    """Return everything of one party and of what was merged into it; raises NoProfile."""
    ids = family(party_id)
    parties = Party.objects.select_related("profile").filter(pk__in=ids, profile__isnull=False)
    found = sorted(parties, key=lambda p: (ids.index(p.pk), p.pk))
    if not found or found[0].profile.erased_at:
        raise NoProfile(party=str(party_id))
    head = found[0]
    party = head if head.pk == ids[0] else Party.objects.get(pk=ids[0])
    day, where = today(), places_of(ids)
    entries: dict[str, list[Any]] = {
        kind: list(model.objects.filter(party__in=ids).order_by("pk"))
        for kind, model in MODELS.items()
    }
    entries["evidence"].sort(key=lambda e: (e.dated is None, -(e.dated or day).toordinal(), e.pk))
    current = Q(valid_to=None) | Q(valid_to__gte=day)
    people = Position.objects.filter(current, org__in=ids).select_related("person__profile")
    own = Position.objects.filter(current, person__in=ids).select_related("org")
    verifiers = {
        row.verified_by_id
        for row in (head.profile, *(e for rows in entries.values() for e in rows))
        if row.verified_by_id
    }
    return FullProfile(
        party, head.profile, [place for key in ids for place in where.get(key, ())],
        entries["capability"], entries["product"], entries["certificate"], entries["evidence"],
        list(people.order_by("kind", "pk")), list(own.order_by("pk")),
        ageing.age(head.profile.confirm_due, day),
        {pk: {"fa": fa, "en": en or fa} for pk, fa, en in
         Party.objects.filter(pk__in=verifiers).values_list("pk", "name_fa", "name_en")},
    )  # fmt: skip


def people_shown(page: FullProfile, *, keeps: bool) -> list[tuple[Position, bool]]:
    """Return who works there, each with whether everybody may see it.

    For everybody only those who agreed twice: to be listed, and to be named here.
    """
    found = []
    for row in page.people:
        own = getattr(row.person, "profile", None)
        is_open = row.is_shown and own is not None and own.is_listed
        if is_open or keeps:
            found.append((row, is_open))
    return found


def entry(kind: str, entry_id: int) -> Any:
    """Return one capability, product, certificate or evidence item; raises NoProfile."""
    row = MODELS[kind].objects.filter(pk=entry_id).first() if kind in MODELS else None
    if row is None:
        raise NoProfile(entry=f"{kind}:{entry_id}")
    return row


def positions_of(person: UUID) -> list[Position]:
    """Return where somebody is named, shown or not."""
    return list(Position.objects.filter(person=person).select_related("org").order_by("pk"))


def place_codes(party_id: UUID) -> list[str]:
    """Return the codes of the places where a party works, in the order they were entered."""
    rows = Presence.objects.filter(party=party_id).order_by("pk")
    return list(rows.values_list("place_id", flat=True))


def kept_profiles(user_id: int, parties: Iterable[UUID]) -> list[ProfileLine]:
    """Return the profiles that somebody keeps: their own, their firms', and those they claimed."""
    mine = Q(keepers__user=user_id, keepers__until=None) | Q(pk__in=list(parties))
    rows = Party.objects.filter(mine, profile__isnull=False, profile__erased_at=None)
    return list(lines_of(rows.select_related("profile").distinct().order_by("sort_key", "pk")))


def is_keeper(user_id: int, ids: Iterable[UUID]) -> bool:
    """Does this account keep one of these profiles?"""
    return Party.objects.filter(
        pk__in=list(ids), keepers__user=user_id, keepers__until=None
    ).exists()


def certificates_in_force(day: date) -> Q:
    """Return the condition that a certificate holds on a day; no dates: as far as is known."""
    return (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_to=None) | Q(valid_to__gte=day))


def tally(province: str = "") -> dict[tuple[str, str], int]:
    """Return how many listed parties work in each (province, field). One query."""
    rows = Presence.objects.filter(party__profile__is_listed=True).exclude(province="")
    if province:
        rows = rows.filter(province=province)
    counted = rows.values_list("province", "party__profile__field").order_by()
    return {(p, f): n for p, f, n in counted.annotate(n=Count("party", distinct=True))}


def supplier_ids(*, after: UUID | None = None, limit: int = 2000) -> list[UUID]:
    """Return ids of those shown to everybody who may supply something, in their order, after one.

    Experts are named by the firms in which they work; they do not answer needs themselves.
    """
    rows = Profile.objects.filter(is_listed=True).exclude(kind="expert").order_by("party_id")
    if after is not None:
        rows = rows.filter(party_id__gt=after)
    return list(rows.values_list("party_id", flat=True)[:limit])


def count_suppliers() -> int:
    """Return how many of those shown to everybody may supply something. An index is counted."""
    return Profile.objects.filter(is_listed=True).exclude(kind="expert").count()
