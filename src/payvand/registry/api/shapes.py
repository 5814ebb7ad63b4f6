"""What does the databank look like to a program? Least data: what the page shows to this reader."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema

from payvand.kernel import units
from payvand.registry.queries import databank
from payvand.registry.queries.databank import FullProfile, ProfileLine
from payvand.registry.rules.databank import (
    CapabilityDraft,
    CertificateDraft,
    Entry,
    EvidenceDraft,
    ProductDraft,
    ProfileDraft,
)


class Words(Schema):
    """A text in both languages; where one is missing the other stands for it."""

    fa: str = ""
    en: str = ""


class ProfileLineOut(Schema):
    """A profile in a list."""

    id: UUID
    name: Words
    kind: str = Field(description="company, knowledge_based, guild, freelancer or expert")
    field: str
    places: list[Words]
    from_home: bool
    is_verified: bool
    age: str = Field(description="fresh, asking, stale or unconfirmed")
    confirmed_until: date | None
    capabilities: list[Words] = Field(description="the first ones")


class ProfileLinesOut(Schema):
    """A page of profiles in the order of the Persian alphabet."""

    rows: list[ProfileLineOut]
    after: str = Field(description="where the next page begins; empty at the end")


class StandingOut(Schema):
    """What every entry says of itself."""

    id: int
    standing: str = Field(description="declared or verified")


class CapabilityOut(StandingOut):
    """Something a firm can do."""

    title: Words
    text: Words
    readiness: int | None
    capacity: str = Field(description="a month, as a decimal number; empty when not told")
    capacity_unit: str = Field(description="UN/ECE code such as KGM; else as it was written")
    capacity_unit_name: Words
    domestic_percent: int | None
    domestic_basis: str
    codes: list[str]


class ProductOut(StandingOut):
    """Something a firm makes."""

    title: Words
    text: Words
    domestic_percent: int | None
    domestic_basis: str
    codes: list[str]


class CertificateOut(StandingOut):
    """A certificate and the days between which it holds."""

    title: str
    number: str
    issuer: str
    valid_from: date | None
    valid_to: date | None


class EvidenceOut(StandingOut):
    """Something a firm has done."""

    kind: str
    text: Words
    dated: date | None
    client: str = Field(description="only where the client agreed; to its keeper always")
    codes: list[str]


class PositionOut(Schema):
    """Somebody who works there, and agreed to be shown."""

    person: UUID
    name: Words
    kind: str
    title: Words


class ProfileOut(ProfileLineOut):
    """One profile, as far as this reader may see it."""

    about: Words
    languages: list[str]
    exports: bool | None = Field(description="null: not told, or not shown to everybody")
    size_band: str
    website: str
    capabilities: list[CapabilityOut]  # type: ignore[assignment]  # the whole of them
    products: list[ProductOut]
    certificates: list[CertificateOut]
    evidence: list[EvidenceOut]
    people: list[PositionOut]


class GroupLineOut(Schema):
    """A cluster, consortium, association or fair."""

    id: UUID
    kind: str
    name: Words
    field: str
    place: Words | None
    state: str
    is_operating: bool
    since: date
    due: date | None = Field(description="when the state should be over")
    days_late: int
    members: int


class GroupStepOut(Schema):
    """A state that a group entered."""

    state: str
    since: date
    note: str


class GroupOut(GroupLineOut):
    """One group, with its history and the members whom everybody sees."""

    about: Words
    lead: Words | None
    starts: date | None
    ends: date | None
    steps: list[GroupStepOut]
    shown_members: list[ProfileLineOut]


class ClaimOut(Schema):
    """One of the caller's own claims."""

    id: int
    party: UUID
    state: str = Field(description="open, accepted, refused or withdrawn")
    is_contested: bool
    made_at: datetime
    reason: str


# --- what comes in ---------------------------------------------------------------------------


class ProfileIn(Schema):
    """What a profile says of itself; everything is replaced. `places`: codes of counties."""

    kind: str
    field: str = ""
    about: Words = Words()
    from_home: bool = False
    languages: list[str] = []
    exports: bool | None = None
    exports_shown: bool = False
    size_band: str = ""
    website: str = ""
    places: list[str] = []

    def draft(self) -> ProfileDraft:
        """Return what came in."""
        told = self.dict(exclude={"about", "languages", "places"})
        return ProfileDraft(
            about_fa=self.about.fa, about_en=self.about.en, languages=tuple(self.languages),
            places=tuple(self.places), **told,
        )  # fmt: skip


class CapabilityIn(Schema):
    """A capability."""

    title: Words
    text: Words = Words()
    readiness: int | None = None
    capacity: Decimal | None = None
    capacity_unit: str = Field("", max_length=40, description="a UN/ECE code, or any words")
    domestic_percent: int | None = None
    domestic_basis: str = ""
    codes: list[str] = []

    def draft(self) -> Entry:
        """Return what came in."""
        return CapabilityDraft(**_flat(self))


class ProductIn(Schema):
    """A product."""

    title: Words
    text: Words = Words()
    domestic_percent: int | None = None
    domestic_basis: str = ""
    codes: list[str] = []

    def draft(self) -> Entry:
        """Return what came in."""
        return ProductDraft(**_flat(self))


class CertificateIn(Schema):
    """A certificate."""

    title: str
    number: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def draft(self) -> Entry:
        """Return what came in."""
        return CertificateDraft(**self.dict())


class EvidenceIn(Schema):
    """Something that was done."""

    kind: str
    text: Words
    dated: date | None = None
    client: str = ""
    client_shown: bool = Field(False, description="the client has agreed")
    codes: list[str] = []

    def draft(self) -> Entry:
        """Return what came in."""
        return EvidenceDraft(**_flat(self))


class ClaimIn(Schema):
    """Which profile is claimed, and how it is proved."""

    national_id: str
    proof: str = ""
    name_fa: str = Field("", description="only for a firm that is not registered yet")
    place: str = ""
    kind: str = ""


class ClaimDecisionIn(Schema):
    """Accept or refuse a claim; a refusal needs a reason."""

    accept: bool
    reason: str = ""


class ConsentIn(Schema):
    """Show a personal profile to everybody, or hide it."""

    shown: bool


class MadeOut(Schema):
    """The number of what was made."""

    id: int


class ClaimedOut(Schema):
    """What came of a claim."""

    party: UUID
    outcome: Literal["own", "waits", "contested"]


def _flat(row: Schema) -> dict[str, Any]:
    told = row.dict()
    told["codes"] = " ".join(told["codes"])
    for name in ("title", "text"):
        if name in told:
            words = told.pop(name)
            told |= {f"{name}_fa": words["fa"], f"{name}_en": words["en"]}
    return told


# --- what goes out ---------------------------------------------------------------------------


def line_out(line: ProfileLine) -> dict[str, Any]:
    """Return a line of a list."""
    return {
        "id": line.id, "name": line.name, "kind": line.kind, "field": line.field,
        "places": list(line.places), "from_home": line.from_home, "age": line.age,
        "is_verified": line.is_verified, "confirmed_until": line.due,
        "capabilities": list(line.titles),
    }  # fmt: skip


def _words(row: Any, name: str) -> dict[str, str]:
    fa, en = getattr(row, f"{name}_fa"), getattr(row, f"{name}_en")
    return {"fa": fa or en, "en": en or fa}


def _capacity(row: Any) -> dict[str, Any]:
    unit = row.capacity_unit
    return {
        "capacity": "" if row.capacity is None else f"{row.capacity.normalize():f}",
        "capacity_unit": units.stored(unit),
        "capacity_unit_name": {lang: units.named(unit, lang) for lang in ("fa", "en")},
    }


def entry_out(row: Any, *names: str) -> dict[str, Any]:
    """Return an entry: the columns named, and its texts and codes where it has them."""
    told = {"id": row.pk, "standing": row.standing} | {name: getattr(row, name) for name in names}
    if hasattr(row, "codes"):
        told["codes"] = row.codes.split()
    for name in ("title", "text"):
        if hasattr(row, f"{name}_fa"):
            told[name] = _words(row, name)
    return told


def profile_out(page: FullProfile, *, keeps: bool) -> dict[str, Any]:
    """Return one profile; clients and exports only where they are shown, or to its keeper."""
    row, share = page.row, ("domestic_percent", "domestic_basis")
    return {
        "id": page.party.pk, "name": databank.names(page.party), "kind": row.kind,
        "field": row.field, "places": page.places, "from_home": row.from_home, "age": page.age,
        "is_verified": row.standing == "verified", "confirmed_until": row.confirm_due,
        "about": _words(row, "about"), "size_band": row.size_band, "website": row.website,
        "languages": [code for code in row.languages.split(",") if code],
        "exports": row.exports if row.exports_shown or keeps else None,
        "capabilities": [
            entry_out(one, "readiness", *share) | _capacity(one)
            for one in page.capabilities
        ],
        "products": [entry_out(one, *share) for one in page.products],
        "certificates": [
            entry_out(one, "title", "number", "issuer", "valid_from", "valid_to")
            for one in page.certificates
        ],
        "evidence": [
            entry_out(one, "kind", "dated")
            | {"client": one.client if one.client_shown or keeps else ""}
            for one in page.evidence
        ],
        "people": [
            {"person": one.person_id, "name": databank.names(one.person), "kind": one.kind,
             "title": _words(one, "title")}
            for one, _is_open in databank.people_shown(page, keeps=keeps)
        ],
    }  # fmt: skip
