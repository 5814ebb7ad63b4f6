"""How is a profile opened, kept true, verified and confirmed?

Whoever changes what was verified makes it declared again. Each step stamps the profile's
`changed_at` and tells the slot `evidence_changed`, so that an index needs no rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock, units
from payvand.kernel.codes import codes
from payvand.kernel.errors import Conflict, gettext_noop
from payvand.kernel.text import clean
from payvand.plugins import slots
from payvand.registry.access import databank as access
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Alias, Party, Position, Presence, Profile
from payvand.registry.queries import aliases, databank, vocabulary
from payvand.registry.queries.people import today
from payvand.registry.queries.places import place
from payvand.registry.rules import ageing
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.databank import (
    DECLARED,
    PERSONAL,
    POSITIONS,
    VERIFIED,
    CapabilityDraft,
    CertificateDraft,
    Entry,
    EvidenceDraft,
    NoProfile,
    PositionDraft,
    ProductDraft,
    ProfileDraft,
    check_entry,
    check_profile,
    plain,
)
from payvand.registry.rules.refusals import NoParty, Unfit

KIND_OF: dict[type, str] = {
    CapabilityDraft: "capability",
    ProductDraft: "product",
    CertificateDraft: "certificate",
    EvidenceDraft: "evidence",
}
TEXTS = frozenset("about_fa about_en title_fa title_en text_fa text_en title number issuer client "
                  "capacity_unit domestic_basis".split())  # fmt: skip


class ProfileExists(Conflict):
    """The party has a profile already."""

    code = "registry.profile_exists"
    what = gettext_noop("This party has a profile in the databank already.")
    now = gettext_noop("Change that profile.")


def changed(ids: Iterable[UUID], *, at: datetime | None = None) -> None:
    """Stamp profiles as changed and tell whoever keeps an index; within the action."""
    heads = list(dict.fromkeys(aliases.kept_of(key) for key in ids))
    Profile.objects.filter(party__in=heads).update(changed_at=at or clock.now())
    for tell in slots.evidence_changed:
        tell(heads)


def relist(ids: Iterable[UUID]) -> None:
    """Write the cache `is_listed` anew: shown, not erased, not merged into another."""
    ids = list(ids)
    gone = set(Alias.objects.filter(gone__in=ids).values_list("gone_id", flat=True))
    shown = Profile.objects.filter(party__in=ids, is_shown=True, erased_at=None).exclude(
        party__in=gone
    )
    listed = set(shown.values_list("party_id", flat=True))
    Profile.objects.filter(party__in=ids).exclude(party__in=listed).update(is_listed=False)
    Profile.objects.filter(party__in=listed).update(is_listed=True)


def party_for_update(party_id: UUID) -> Party:
    """Return the party that stands for an id, locked; raises NoParty."""
    party = (
        Party.objects.select_for_update(of=("self",)).filter(pk=aliases.kept_of(party_id)).first()
    )
    if party is None:
        raise NoParty(party=str(party_id))
    return party


def profile_of(party: Party) -> Profile:
    """Return the profile of a party; raises NoProfile."""
    row = Profile.objects.filter(party=party, erased_at=None).first()
    if row is None:
        raise NoProfile(party=str(party.pk))
    return row


@transaction.atomic
def open_profile(
    party_id: UUID, draft: ProfileDraft, *, by: Actor, source: str = "entered"
) -> UUID:
    """Open the databank profile of a registered party and return the party's id.

    A personal profile stays hidden until its person consents. Raises Refused, Unfit, ProfileExists.
    """
    party = party_for_update(party_id)
    access.may_keep(by, party).or_raise()
    if Profile.objects.filter(party=party, erased_at=None).exists():
        raise ProfileExists(party=str(party.pk))
    _check(draft)
    now = clock.now()
    told = _profile_columns(draft)
    own = by.party == party.pk
    told["is_shown"] = draft.is_shown and (draft.kind not in PERSONAL or own)
    Profile.objects.update_or_create(
        party=party,
        defaults={
            **told, "standing": DECLARED, "source": source, "changed_at": now, "erased_at": None,
            "consent_at": now if own and told["is_shown"] else None, "confirmed_at": now,
            "confirm_due": ageing.confirm_due(today()),
        },
    )  # fmt: skip
    set_places(party, draft.places)
    relist([party.pk])
    record(by, "profile_opened", subject("party", party.pk), facts={"kind": draft.kind})
    changed([party.pk], at=now)
    return party.pk


@transaction.atomic
def change_profile(party_id: UUID, draft: ProfileDraft, *, by: Actor) -> None:
    """Change what a profile says; what was verified becomes declared when its sense changed.

    Whether a personal profile is shown is not changed here: see `consent`.
    """
    party = party_for_update(party_id)
    access.may_keep(by, party).or_raise()
    row = profile_of(party)
    _check(draft)
    told = _profile_columns(draft)
    if row.kind in PERSONAL or draft.kind in PERSONAL:
        told["is_shown"] = row.is_shown
    differs = [name for name, value in told.items() if getattr(row, name) != value]
    now = clock.now()
    if set(differs) & {"kind", "field", "exports", "size_band"}:
        told |= _declared()
    told |= {"confirmed_at": now, "confirm_due": ageing.confirm_due(today()), "changed_at": now}
    Profile.objects.filter(pk=party.pk).update(**told)
    set_places(party, draft.places)
    relist([party.pk])
    record(by, "profile_changed", subject("party", party.pk), facts={"fields": sorted(differs)})
    changed([party.pk], at=now)


def _check(draft: ProfileDraft) -> None:
    wrong = check_profile(draft, fields=frozenset(vocabulary.fields()))
    if wrong:
        raise Unfit(fields=wrong)
    for code in draft.places:
        place(code)


def _profile_columns(draft: ProfileDraft) -> dict[str, Any]:
    told = {name: plain(v) if name in TEXTS else v for name, v in asdict(draft).items()}
    told["languages"] = ",".join(told["languages"])
    del told["places"]
    return told


def _declared() -> dict[str, Any]:
    return {"standing": DECLARED, "verified_by": None, "verified_role": "", "verified_at": None}


def set_places(party: Party, codes_of: tuple[str, ...]) -> None:
    """Let a party work at these places and no others."""
    Presence.objects.filter(party=party).exclude(place__in=codes_of).delete()
    Presence.objects.bulk_create(
        [Presence(party=party, place_id=code, province=databank.province_of(code))
         for code in dict.fromkeys(codes_of)],
        ignore_conflicts=True,
    )  # fmt: skip


def entry_columns(draft: Entry) -> dict[str, Any]:
    """Return a draft as it is stored: texts freed of markup, codes in one form."""
    told = {f.name: getattr(draft, f.name) for f in fields(draft)}
    for name in told.keys() & TEXTS:
        told[name] = plain(told[name])
    if "codes" in told:
        told["codes"] = codes(told["codes"])
    if "capacity_unit" in told:
        told["capacity_unit"] = units.stored(told["capacity_unit"])
    if "title_fa" in told and not told["title_fa"]:
        told["title_fa"] = told["title_en"]
    return told


def _overfull(model: type[Any], told: dict[str, Any]) -> dict[str, str]:
    """Return what its column cannot hold, by field; SQLite would take it and PostgreSQL not."""
    wrong = {}
    for name, value in told.items():
        column = model._meta.get_field(name)
        if isinstance(value, str) and column.max_length and len(value) > column.max_length:
            wrong[name] = gettext_noop("This is too long: say it in fewer words.")
        if isinstance(value, Decimal) and abs(value) >= 10 ** (
            column.max_digits - column.decimal_places
        ):
            wrong[name] = gettext_noop("This number is too large: check the zeros.")
    return wrong


@transaction.atomic
def put_entry(party_id: UUID, draft: Entry, *, by: Actor, entry_id: int | None = None) -> int:
    """Add a capability, product, certificate or evidence item, or change one; return its id.

    Raises Refused, Unfit, NoProfile. A changed entry is declared again.
    """
    party = party_for_update(party_id)
    access.may_keep(by, party).or_raise()
    profile_of(party)
    kind, now = KIND_OF[type(draft)], clock.now()
    told = entry_columns(draft)
    wrong = _overfull(databank.MODELS[kind], told) | check_entry(draft)
    if wrong:
        raise Unfit(fields=wrong)
    if entry_id is None:
        row = databank.MODELS[kind].objects.create(
            party=party, source="entered", changed_at=now, **told
        )
        verb = "entry_added"
    else:
        row = _own(kind, entry_id, party)
        type(row).objects.filter(pk=row.pk).update(**told, **_declared(), changed_at=now)
        verb = "entry_changed"
    record(by, verb, subject(kind, row.pk), facts={"party": str(party.pk)})
    changed([party.pk], at=now)
    return int(row.pk)


@transaction.atomic
def drop_entry(party_id: UUID, kind: str, entry_id: int, *, by: Actor) -> None:
    """Take an entry out of a profile for good."""
    party = party_for_update(party_id)
    access.may_keep(by, party).or_raise()
    row = _own(kind, entry_id, party)
    row.delete()
    record(by, "entry_dropped", subject(kind, entry_id), facts={"party": str(party.pk)})
    changed([party.pk])


def _own(kind: str, entry_id: int, party: Party) -> Any:
    row = databank.entry(kind, entry_id)
    if row.party_id not in aliases.family(party.pk):
        raise NoProfile(entry=f"{kind}:{entry_id}")
    return row


@transaction.atomic
def verify(party_id: UUID, kind: str, entry_id: int | None = None, *, by: Actor) -> None:
    """Verify a profile (kind `profile`) or one entry, as registrar or as the party's guild."""
    party = party_for_update(party_id)
    access.may_verify(by, party).or_raise()
    role, body = access.capacity(by, party)
    now = clock.now()
    told = {"standing": VERIFIED, "verified_by_id": body, "verified_role": role,
            "verified_at": now, "changed_at": now}  # fmt: skip
    if kind == "profile":
        Profile.objects.filter(pk=profile_of(party).pk).update(**told)
        about = subject("party", party.pk)
    else:
        row = _own(kind, entry_id or 0, party)
        type(row).objects.filter(pk=row.pk).update(**told)
        about = subject(kind, row.pk)
    record(by, "verified", about, facts={"as": role, "body": str(body or "")})
    changed([party.pk], at=now)


@transaction.atomic
def consent(party_id: UUID, *, shown: bool, by: Actor) -> None:
    """Show a personal profile to everybody, or hide it again; only the person may."""
    party = party_for_update(party_id)
    access.may_consent(by, party.pk).or_raise()
    row, now = profile_of(party), clock.now()
    Profile.objects.filter(pk=row.pk).update(
        is_shown=shown, consent_at=now if shown else None, changed_at=now
    )
    relist([party.pk])
    record(by, "consent_given" if shown else "consent_withdrawn", subject("party", party.pk))
    changed([party.pk], at=now)


@transaction.atomic
def add_position(org_id: UUID, draft: PositionDraft, *, by: Actor) -> int:
    """Say that somebody works for an organisation; it is shown only once that person agrees."""
    org = party_for_update(org_id)
    access.may_add_person(by, org, profile_of(org)).or_raise()
    person = Party.objects.filter(pk=draft.person, kind="person").first()
    if person is None:
        raise NoParty(party=str(draft.person))
    if draft.kind not in POSITIONS:
        raise Unfit(fields={"kind": gettext_noop("Choose a kind from the list.")})
    row = Position.objects.create(
        person=person, org=org, kind=draft.kind, title_fa=clean(draft.title_fa)[:120],
        title_en=clean(draft.title_en)[:120], valid_from=draft.valid_from,
        valid_to=draft.valid_to, source="entered", changed_at=clock.now(),
    )  # fmt: skip
    record(by, "position_added", subject("party", org.pk), facts={"person": str(person.pk)})
    return row.pk


@transaction.atomic
def show_position(position_id: int, *, shown: bool, by: Actor) -> None:
    """Let a position be shown on the organisation's page, or not; only its person may."""
    row = Position.objects.filter(pk=position_id).first()
    if row is None:
        raise NoProfile(position=position_id)
    access.may_consent(by, row.person_id).or_raise()
    Position.objects.filter(pk=row.pk).update(is_shown=shown, changed_at=clock.now())
    verb = "position_shown" if shown else "position_hidden"
    record(by, verb, subject("party", row.org_id), facts={"person": str(row.person_id)})


@transaction.atomic
def drop_position(position_id: int, *, by: Actor) -> None:
    """Take a position out: the organisation may, and so may its person."""
    row = Position.objects.select_related("org").filter(pk=position_id).first()
    if row is None:
        raise NoProfile(position=position_id)
    if not access.may_consent(by, row.person_id):
        access.may_keep(by, row.org).or_raise()
    row.delete()
    record(by, "position_dropped", subject("party", row.org_id), facts={"position": position_id})
