"""What waits at the registrar's desk: claims, entries that may be one, stale profiles, merges?

Every list is narrowed to the places for which the reader is responsible (None: everywhere).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.registry.models import (
    Claim,
    ImportRun,
    Keeper,
    Mandate,
    Membership,
    Merge,
    Party,
    Suspicion,
    User,
)
from payvand.registry.queries.databank import names
from payvand.registry.queries.people import in_force, today
from payvand.registry.rules import ageing

PAGE = 50
Places = set[str] | None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim that waits."""

    id: int
    party: UUID
    name: dict[str, str]
    national_id: str
    account: str
    claimant: dict[str, str] | None
    proof: str
    is_contested: bool
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two entries that may be one."""

    id: int
    left: dict[str, str]
    right: dict[str, str]
    shared: str
    percent: int


@dataclass(frozen=True, slots=True)
class StaleLine:
    """A profile that asks to be confirmed."""

    id: UUID
    name: dict[str, str]
    due: date | None
    is_kept: bool
    days_past: int = 0  # since the due day
    asked_on: date | None = None  # None: nobody could be asked, or not yet


@dataclass(frozen=True, slots=True)
class Due:
    """A profile whose people are asked whether it is still true."""

    party: UUID
    due: date
    hears: bool  # somebody reads what the party is told
    keepers: tuple[int, ...]  # accounts that keep it from outside


def _within(places: Places, prefix: str = "") -> Q:
    if places is None:
        return Q()
    return Q(**{f"{prefix}place__in": places}) | Q(**{f"{prefix}place": None})


def claims(places: Places, *, parties: set[UUID] | None = None) -> list[ClaimLine]:
    """Return the open claims, the oldest first; `parties`: only on these (a guild's members)."""
    rows = Claim.objects.filter(_within(places, "party__"), state="open")
    if parties is not None:
        rows = rows.filter(party__in=parties)
    found = rows.select_related("party", "user__party").order_by("made_at", "pk")[:PAGE]
    return [_claim(row) for row in found]


def claim(claim_id: int) -> Claim:
    """Return one claim with its party and account; raises NotFound."""
    row = Claim.objects.select_related("party", "user__party").filter(pk=claim_id).first()
    if row is None:
        raise NotFound(claim=claim_id)
    return row


def open_claims(party_id: UUID) -> list[int]:
    """Return the ids of the claims on a party that wait, the oldest first."""
    rows = Claim.objects.filter(party=party_id, state="open").order_by("pk")
    return list(rows.values_list("pk", flat=True))


def claims_of(user_id: int) -> list[Claim]:
    """Return somebody's own claims, the latest first."""
    return list(Claim.objects.filter(user=user_id).select_related("party").order_by("-pk")[:20])


def _claim(row: Claim) -> ClaimLine:
    party = row.user.party
    return ClaimLine(
        row.pk, row.party_id, names(row.party), row.party.national_id, row.user.username,
        names(party) if party else None, row.proof, row.is_contested, row.made_at,
    )  # fmt: skip


def pairs(places: Places) -> list[PairLine]:
    """Return the pairs that nobody has judged, the likeliest first."""
    rows = Suspicion.objects.filter(_within(places, "left__"), state="open")
    found = rows.select_related("left", "right").order_by("-score", "pk")[:PAGE]
    return [
        PairLine(row.pk, names(row.left), names(row.right), row.shared, round(row.score * 100))
        for row in found
    ]


def pair(pair_id: int) -> Suspicion:
    """Return one suspected pair; raises NotFound."""
    row = Suspicion.objects.select_related("left", "right").filter(pk=pair_id).first()
    if row is None:
        raise NotFound(pair=pair_id)
    return row


def merges(places: Places) -> list[Merge]:
    """Return the latest merges, undone ones too."""
    rows = Merge.objects.filter(_within(places, "kept__")).select_related("kept", "gone")
    return list(rows.order_by("-made_at", "-pk")[:PAGE])


def merge(merge_id: int) -> Merge:
    """Return one merge; raises NotFound."""
    row = Merge.objects.select_related("kept", "gone").filter(pk=merge_id).first()
    if row is None:
        raise NotFound(merge=merge_id)
    return row


def asking(places: Places) -> QuerySet[Party]:
    """Return the parties whose profiles ask to be confirmed, or are stale."""
    return Party.objects.filter(
        _within(places), profile__confirm_due__lte=ageing.asks_from(today()),
        profile__erased_at=None, alias=None,
    )  # fmt: skip


def stale(places: Places) -> list[StaleLine]:
    """Return profiles that ask to be confirmed, those waiting longest first."""
    rows = asking(places).select_related("profile").order_by("profile__confirm_due", "pk")[:PAGE]
    found, day = list(rows), today()
    kept = set(
        Party.objects.filter(pk__in=[p.pk for p in found], keepers__until=None)
        .filter(keepers__isnull=False)
        .values_list("pk", flat=True)
    )
    return [_stale(p, day, is_kept=p.pk in kept) for p in found]


def _stale(party: Party, day: date, *, is_kept: bool) -> StaleLine:
    row = party.profile
    asked = row.asked_at if row.asked_for == row.confirm_due else None
    return StaleLine(
        party.pk, names(party), row.confirm_due, is_kept,
        max(0, (day - row.confirm_due).days) if row.confirm_due else 0,
        clock.local_date(asked) if asked else None,
    )  # fmt: skip


def due_for_confirmation(*, limit: int = 500) -> list[Due]:
    """Return profiles whose time to be confirmed has come and whose people were not asked yet.

    One line each, with whom to ask; a profile that reaches nobody stays out. Locked where the
    database can, so that two workers never ask the same. Four queries.
    """
    day = today()
    seated = Membership.objects.filter(in_force(day), org=OuterRef("pk"))
    agents = Mandate.objects.filter(in_force(day), principal=OuterRef("pk"))
    kept = Keeper.objects.filter(party=OuterRef("pk"), until=None)
    own = User.objects.filter(party=OuterRef("pk"), is_active=True)
    heard = ~Q(email="") | ~Q(mobile="") | Q(Exists(seated)) | Q(Exists(agents)) | Q(Exists(own))
    fresh = Q(profile__asked_for=None) | ~Q(profile__asked_for=F("profile__confirm_due"))
    rows = asking(None).filter(fresh).annotate(hears=Case(When(heard, then=True), default=False))
    rows = rows.filter(Q(hears=True) | Exists(kept)).order_by("pk")
    if connection.vendor == "postgresql":
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    found = list(rows.select_related("profile")[:limit])
    outside = _keepers_outside([party.pk for party in found], day)
    return [
        Due(p.pk, p.profile.confirm_due or day, p.hears, tuple(outside.get(p.pk, ())))
        for p in found
    ]


def _keepers_outside(ids: list[UUID], day: date) -> dict[UUID, list[int]]:
    """Return the accounts that keep profiles and would not hear what their parties are told."""
    rows = Keeper.objects.filter(party__in=ids, until=None, user__is_active=True)
    rows = rows.exclude(user__party=F("party"))
    seats = Membership.objects.filter(in_force(day), org__in=ids).values_list("user_id", "org_id")
    inside, found = set(seats), defaultdict(list)
    for user, party in rows.order_by("pk").values_list("user_id", "party_id"):
        if (user, party) not in inside:
            found[party].append(user)
    return found


def runs() -> list[ImportRun]:
    """Return the latest imports without their rows."""
    return list(ImportRun.objects.defer("rows").order_by("-pk")[:20])


def run(run_id: int) -> ImportRun:
    """Return one import with what came of its rows; raises NotFound."""
    row = ImportRun.objects.filter(pk=run_id).first()
    if row is None:
        raise NotFound(run=run_id)
    return row


def side_by_side(ids: Iterable[UUID]) -> list[Party]:
    """Return parties with their profiles, in the order given, for comparing."""
    ids = list(ids)
    found = {p.pk: p for p in Party.objects.select_related("profile").filter(pk__in=ids)}
    return [found[key] for key in ids if key in found]
