"""What can be found of whom? The texts and facts that an index and a rule of eligibility read.

Two ways in: page through everything once, then ask which parties have changed since and read those
again whole (so that what was deleted falls out). Merged entries come under the one that stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from payvand.registry.models import (
    Capability,
    Certificate,
    Evidence,
    Party,
    Presence,
    Product,
    Profile,
)
from payvand.registry.queries.aliases import families, heads
from payvand.registry.queries.databank import certificates_in_force
from payvand.registry.queries.people import today
from payvand.registry.rules.databank import VERIFIED

KINDS = ("evidence", "capability", "product")
_COLUMNS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "evidence": (Evidence, ("kind", "text_fa", "text_en", "dated")),
    "capability": (Capability, ("title_fa", "title_en", "text_fa", "text_en")),
    "product": (Product, ("title_fa", "title_en", "text_fa", "text_en")),
}


@dataclass(frozen=True, slots=True)
class ItemText:
    """One thing by which a party can be found. Never a client's name."""

    key: str  # evidence:12, capability:7, product:3
    party: UUID  # the entry that stands, after merges
    kind: str  # contract delivery licence offer product | capability | product
    fa: str
    en: str
    codes: str
    is_verified: bool
    dated: date | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """Parties whose entries changed, and the mark after which to ask next."""

    parties: list[UUID]
    after: str  # opaque; give it back


@dataclass(frozen=True, slots=True)
class Paper:
    """A certificate that holds today, as far as is known."""

    title: str
    number: str
    issuer: str
    valid_to: date | None
    is_verified: bool


@dataclass(frozen=True, slots=True)
class FirmFacts:
    """What a rule of eligibility may know of a party; None is not known, and never "no".

    Tiers of sites are not here: which firm may work at which tier is a licence, and a licence is a
    certificate or an answer of the authority that gave it.
    """

    party: UUID
    kind: str
    field: str
    provinces: frozenset[str]
    from_home: bool
    size_band: str
    languages: frozenset[str]
    exports: bool | None
    is_verified: bool
    is_sample: bool
    certificates: tuple[Paper, ...] = ()
    domestic_percent: tuple[int, ...] = ()  # of capabilities and products, with a basis
    highest_readiness: int | None = None
    evidence: int = 0  # contracts and deliveries: 0 marks a newcomer
    codes: frozenset[str] = made(default_factory=frozenset)


def texts(kind: str, *, after: int = 0, limit: int = 5000) -> tuple[list[ItemText], int]:
    """Return a page of items of one kind, in the order of their ids, and the id to go on after.

    kind: evidence, capability or product. Only of parties that are shown to everybody; the list is
    over when the returned id is 0.
    """
    model, columns = _COLUMNS[kind]
    rows = list(
        model.objects.filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", "party_id", "codes", "standing", *columns)[:limit]
    )
    members = families(row[1] for row in rows)
    shown = _listed(members.values())
    found = [_item(kind, row, members[row[1]]) for row in rows if members[row[1]] in shown]
    return found, rows[-1][0] if len(rows) == limit else 0


def texts_of(parties: Iterable[UUID]) -> dict[UUID, list[ItemText]]:
    """Return all items of parties, by the entry that stands; one not shown has an empty list."""
    members = families(parties)
    shown = _listed(members.values())
    found: dict[UUID, list[ItemText]] = {head: [] for head in members.values()}
    for kind, (model, columns) in _COLUMNS.items():
        rows = model.objects.filter(party__in=members).order_by("pk")
        for row in rows.values_list("pk", "party_id", "codes", "standing", *columns):
            if members[row[1]] in shown:
                found[members[row[1]]].append(_item(kind, row, members[row[1]]))
    return found


def changed(after: str = "", *, limit: int = 2000) -> Changed:
    """Return the parties that changed after a mark, in the order of the change.

    A step that committed late may carry an earlier time than one already read: whoever polls asks
    again from a few seconds before, reading twice does no harm. See `slots.evidence_changed` for
    being told at once.
    """
    moment, _, last = after.rpartition("~")
    rows = Profile.objects.order_by("changed_at", "party_id")
    if moment:
        at = datetime.fromisoformat(moment)
        rows = rows.filter(Q(changed_at__gt=at) | Q(changed_at=at, party_id__gt=UUID(last)))
    found = list(rows.values_list("party_id", "changed_at")[:limit])
    mark = f"{found[-1][1].isoformat()}~{found[-1][0]}" if found else after
    kept = heads()
    return Changed(list(dict.fromkeys(kept.get(pk, pk) for pk, _at in found)), mark)


def facts_of(parties: Iterable[UUID]) -> dict[UUID, FirmFacts]:
    """Return what is known of parties for a rule of eligibility, by the entry that stands."""
    members = families(parties)
    standing = set(members.values())
    rows = {p.pk: p for p in Party.objects.filter(pk__in=standing).select_related("profile")
            if hasattr(p, "profile")}  # fmt: skip
    papers: dict[UUID, list[Paper]] = defaultdict(list)
    shares: dict[UUID, list[int]] = defaultdict(list)
    levels: dict[UUID, list[int]] = defaultdict(list)
    codes: dict[UUID, list[str]] = defaultdict(list)
    day = today()
    for cert in Certificate.objects.filter(certificates_in_force(day), party__in=members):
        papers[members[cert.party_id]].append(
            Paper(cert.title, cert.number, cert.issuer, cert.valid_to, cert.standing == VERIFIED)
        )
    for pk, share, level, told in Capability.objects.filter(party__in=members).values_list(
        "party_id", "domestic_percent", "readiness", "codes"
    ):
        shares[members[pk]] += [share] if share is not None else []
        levels[members[pk]] += [level] if level is not None else []
        codes[members[pk]] += told.split()
    for pk, share in Product.objects.filter(
        party__in=members, domestic_percent__isnull=False
    ).values_list("party_id", "domestic_percent"):
        shares[members[pk]] += [share] if share is not None else []
    done: dict[UUID, int] = defaultdict(int)
    past = Evidence.objects.filter(party__in=members, kind__in=("contract", "delivery"))
    for pk in past.values_list("party_id", flat=True):
        done[members[pk]] += 1
    where = defaultdict(set)
    for pk, province in Presence.objects.filter(party__in=members).values_list(
        "party_id", "province"
    ):
        where[members[pk]].add(province)
    return {
        head: FirmFacts(
            head, p.profile.kind, p.profile.field, frozenset(where[head]), p.profile.from_home,
            p.profile.size_band, frozenset(filter(None, p.profile.languages.split(","))),
            p.profile.exports, p.profile.standing == VERIFIED, p.is_sample, tuple(papers[head]),
            tuple(shares[head]), max(levels[head], default=None), done[head],
            frozenset(codes[head]),
        )
        for head, p in rows.items()
    }  # fmt: skip


def _listed(ids: Iterable[UUID]) -> set[UUID]:
    rows = Profile.objects.filter(pk__in=set(ids), is_listed=True)
    return set(rows.values_list("party_id", flat=True))


def _item(kind: str, row: tuple[Any, ...], head: UUID) -> ItemText:
    pk, _party, codes, standing, *rest = row
    if kind == "evidence":
        what, fa, en, dated = rest
    else:
        what, dated = kind, None
        fa, en = _joined(rest[0], rest[2]), _joined(rest[1], rest[3])
    return ItemText(f"{kind}:{pk}", head, what, fa, en, codes, standing == VERIFIED, dated)


def _joined(title: str, text: str) -> str:
    return f"{title}. {text}" if title and text else title or text


def everything(kind: str, *, limit: int = 5000) -> Iterator[ItemText]:
    """Yield every item of one kind, page by page."""
    after = 0
    while True:
        found, after = texts(kind, after=after, limit=limit)
        yield from found
        if not after:
            return
