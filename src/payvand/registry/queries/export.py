"""What is kept about a party, in full — for that party; and what is open data — for everybody?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from payvand.registry.models import (
    Capability,
    Claim,
    GroupMember,
    Keeper,
    Membership,
    Party,
    Presence,
)
from payvand.registry.queries import databank
from payvand.registry.queries.aliases import family
from payvand.registry.queries.databank import Filters
from payvand.registry.rules.databank import PERSONAL

OPEN_COLUMNS = (
    "id", "name_fa", "name_en", "kind", "field", "provinces", "places", "size_band", "languages",
    "verified", "capabilities_fa", "capabilities_en", "codes", "confirmed_on", "sample",
)  # fmt: skip
_HIDDEN = ("id", "party", "capability", "key")
CHUNK = 500


def _told(row: Any, *without: str) -> dict[str, str]:
    found = {}
    for column in row._meta.concrete_fields:
        if column.name not in (*_HIDDEN, *without):
            value = getattr(row, column.attname)
            found[column.name] = "" if value is None else str(value)
    return found


def about(party_id: UUID) -> dict[str, Any]:
    """Return everything that the registry keeps about a party, with its sources and standings."""
    page = databank.full(party_id)
    ids = family(party_id)
    party = page.party
    return {
        "party": {
            "id": str(party.pk), "kind": party.kind, "national_id": party.national_id,
            "name_fa": party.name_fa, "name_en": party.name_en, "place": party.place_id or "",
            "email": party.email, "mobile": party.mobile,
        },
        "profile": _told(page.row),
        "places": [place["fa"] for place in page.places],
        "capabilities": [_told(row) for row in page.capabilities],
        "products": [_told(row) for row in page.products],
        "certificates": [_told(row) for row in page.certificates],
        "evidence": [_told(row) for row in page.evidence],
        "positions": [{**_told(row, "person"), "org_name": row.org.name_fa}
                      for row in page.positions],
        "people": [_told(row) for row in page.people],
        "groups": [
            {"group": m.group.name_fa, "from": str(m.valid_from), "to": str(m.valid_to or "")}
            for m in GroupMember.objects.filter(party__in=ids).select_related("group")
        ],
        "claims": [_told(row, "user", "decided_by")
                   for row in Claim.objects.filter(party__in=ids).order_by("pk")],
        "keepers": [{"account": k.user.username, "since": str(k.since), "until": str(k.until or "")}
                    for k in Keeper.objects.filter(party__in=ids).select_related("user")],
        "seats": [{"organisation": m.org.name_fa, "role": m.role, "from": str(m.valid_from),
                   "to": str(m.valid_to or "")}
                  for m in Membership.objects.filter(user__party__in=ids).select_related("org")],
        "merged_entries": [str(key) for key in ids[1:]],
    }  # fmt: skip


def about_rows(told: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield the same as rows of a table: part, number, field, value."""
    for part, value in told.items():
        rows: Iterable[Any] = value if isinstance(value, list) else [value]
        for number, row in enumerate(rows, 1):
            pairs = row.items() if isinstance(row, dict) else [("value", row)]
            for name, cell in pairs:
                yield part, str(number), name, str(cell)


def open_rows(filters: Filters) -> Iterator[tuple[str, ...]]:
    """Yield the open data: organisations that are shown; no persons, clients, exports, contacts."""
    wanted = databank.listed(filters).exclude(profile__kind__in=PERSONAL).exclude(kind="person")
    last: tuple[str, UUID] | None = None
    while True:
        rows = wanted
        if last:
            rows = rows.filter(sort_key__gte=last[0]).exclude(sort_key=last[0], pk__lte=last[1])
        found = list(rows.select_related("profile")[:CHUNK])
        if not found:
            return
        yield from _open(found)
        last = (found[-1].sort_key, found[-1].pk)


def _open(found: list[Party]) -> Iterator[tuple[str, ...]]:
    ids = [party.pk for party in found]
    provinces: dict[UUID, set[str]] = {}
    for pk, code in Presence.objects.filter(party__in=ids).values_list("party_id", "province"):
        provinces.setdefault(pk, set()).add(code)
    codes: dict[UUID, dict[str, None]] = {}
    for pk, told in Capability.objects.filter(party__in=ids).values_list("party_id", "codes"):
        codes.setdefault(pk, {}).update(dict.fromkeys(told.split()))
    lines = {line.id: line for line in databank.lines_of(found, titles=50)}
    for party in found:
        row, line = party.profile, lines[party.pk]
        yield (
            str(party.pk), party.name_fa, party.name_en, row.kind, row.field,
            " ".join(sorted(provinces.get(party.pk, ()))),
            "؛ ".join(place["fa"] for place in line.places), row.size_band,
            row.languages.replace(",", " "), "yes" if line.is_verified else "no",
            "؛ ".join(t["fa"] for t in line.titles), "; ".join(t["en"] for t in line.titles),
            " ".join(codes.get(party.pk, ())),
            row.confirmed_at.date().isoformat() if row.confirmed_at else "",
            "yes" if party.is_sample else "no",
        )  # fmt: skip
