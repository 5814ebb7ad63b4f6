"""On whose behalf does a program call, and which places can it name?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Schema

from payvand.kernel.text import compact_key
from payvand.registry.api.reading import router
from payvand.registry.api.shapes import Words
from payvand.registry.public import actor, all_places, party_names


class SeatOut(Schema):
    """A seat in an organisation: what the caller may do there, and where."""

    org: UUID
    name: Words
    role: str = Field(examples=["clerk"])
    place: str = Field(description="limits the seat; empty = everywhere", examples=[""])


class ApplicantOut(Schema):
    """Somebody for whom the caller may apply."""

    id: UUID
    name: Words


class MeOut(Schema):
    """Who is calling."""

    kind: str = Field(description="user (a person) or agency (a system)", examples=["agency"])
    seats: list[SeatOut]
    applicants: list[ApplicantOut]
    offices: list[int] = Field(description="offices held today", examples=[[]])


class PlaceOut(Schema):
    """A place of the country."""

    code: str = Field(examples=["IR-15-1503"])
    kind: str = Field(examples=["county"])
    name: Words
    within: str | None = Field(examples=["IR-15"])


class PlacesQuery(Schema):
    """Which places?"""

    q: str = Field("", max_length=80, description="part of a name, in Persian or English")
    kind: str = Field("", max_length=20, description="country, province or county")


@router.get("/me", response=MeOut, operation_id="me")
def me(request: HttpRequest) -> dict[str, Any]:
    """Return on whose behalf the caller acts: its seats, and for whom it may apply."""
    by = actor(request)
    applicants = [p for p in dict.fromkeys((by.party, *by.mandates)) if p is not None]
    names = party_names({*applicants, *(seat.org for seat in by.seats)})
    return {
        "kind": by.kind,
        "seats": [
            {"org": s.org, "name": names.get(s.org, {}), "role": s.role, "place": s.place or ""}
            for s in by.seats
        ],
        "applicants": [{"id": p, "name": names.get(p, {})} for p in applicants],
        "offices": list(by.offices),
    }


@router.get("/places", response=list[PlaceOut], auth=None, operation_id="places")
def places(request: HttpRequest, asked: Query[PlacesQuery]) -> list[dict[str, Any]]:
    """Return the places of the country in the order of the Persian alphabet, or those found."""
    del request
    wanted = compact_key(asked.q)
    return [
        {"code": p.code, "kind": p.kind, "name": p.name, "within": p.parent}
        for p in all_places().values()
        if (not asked.kind or p.kind == asked.kind)
        and (not wanted or any(wanted in compact_key(name) for name in p.name.values()))
    ]
