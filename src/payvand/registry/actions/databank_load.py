"""How do many firms come in at once, each once, without overwriting what somebody keeps?

Set-based: a few statements for each batch, whatever its size. The identifier decides who is who;
without one, the same name in the same province is the same row of an earlier load. Everything that
only looks alike is left to a person (see `databank_merge`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Refused, gettext_noop
from payvand.kernel.ids import uuid7
from payvand.kernel.text import compact_key, sort_key
from payvand.registry.access import databank as access
from payvand.registry.access.databank import REGISTRAR
from payvand.registry.actions.databank import changed, entry_columns
from payvand.registry.actions.databank_merge import names_of_bank, suspicions
from payvand.registry.actions.journal import record, subject
from payvand.registry.models import Keeper, Party, Position, Presence, Profile, Suspicion
from payvand.registry.queries import aliases, databank
from payvand.registry.queries.people import today
from payvand.registry.rules import ageing
from payvand.registry.rules.actor import Actor
from payvand.registry.rules.databank import (
    DECLARED,
    PERSONAL,
    VERIFIED,
    EvidenceDraft,
    PositionDraft,
)
from payvand.registry.rules.import_draft import RowDraft
from payvand.registry.rules.import_rows import entry_key
from payvand.registry.rules.similarity import Bank, Name, name_of

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
BATCH = 1000
KINDS = {"CapabilityDraft": "capability", "ProductDraft": "product",
         "CertificateDraft": "certificate", "EvidenceDraft": "evidence"}  # fmt: skip
Key = tuple[str, str]


@dataclass(slots=True)
class Loaded:
    """What came of one row."""

    outcome: str
    party: UUID | None = None


@dataclass(slots=True)
class Loader:
    """Takes rows in batches; one per load, within one transaction."""

    source: str
    is_sample: bool = False
    verifier: UUID | None = None
    now: datetime = field(default_factory=clock.now)
    touched: dict[UUID, None] = field(default_factory=dict)
    _province: dict[str, str] = field(default_factory=databank.provinces)
    _bank: Bank | None = None
    _nameless: dict[Key, UUID] = field(default_factory=dict)  # entries without an identifier

    def take(self, rows: Sequence[RowDraft]) -> list[Loaded]:
        """Store rows without faults and return what came of each, in order."""
        known, heads = self._known(rows), aliases.heads()
        result: list[Loaded] = []
        fresh: dict[Key, tuple[Party, RowDraft]] = {}
        for row in rows:
            key = self._key(row)
            party = known.get(key) or (fresh[key][0].pk if key in fresh else None)
            if party is None:
                made = self._party(row)
                fresh[key] = (made, row)
                result.append(Loaded(CREATED, made.pk))
            else:
                result.append(Loaded(UNCHANGED, heads.get(party, party)))
        self._create([made for made, _row in fresh.values()])
        self._profiles(rows, result)
        self._entries(rows, result)
        self._suspect([made for made, _row in fresh.values()])
        return result

    def take_own(self, rows: Sequence[RowDraft], party: UUID) -> list[Loaded]:
        """Store the entries of rows without faults that one party sent of itself."""
        result = [Loaded(UNCHANGED, party) for _row in rows]
        self._entries(rows, result)
        return result

    def _key(self, row: RowDraft) -> Key:
        if row.national_id:
            return ("id", row.national_id)
        place = row.profile.places[0] if row.profile.places else ""
        return (compact_key(row.name_fa or row.name_en),
                self._province.get(place or "", ""))  # fmt: skip

    def _known(self, rows: Sequence[RowDraft]) -> dict[Key, UUID]:
        ids = {row.national_id for row in rows if row.national_id}
        found = Party.objects.filter(national_id__in=ids).values_list("national_id", "pk")
        known: dict[Key, UUID] = {("id", number): pk for number, pk in found}
        if self._bank is None:
            names = names_of_bank()
            self._bank = Bank(names)
            self._nameless = self._without_id()
        return known | self._nameless

    def _without_id(self) -> dict[Key, UUID]:
        rows = Party.objects.filter(national_id="", profile__isnull=False).exclude(kind="agency")
        return {
            (compact_key(fa), self._province.get(place or "", "")): pk
            for pk, fa, place in rows.values_list("pk", "name_fa", "place_id")
        }

    def _party(self, row: RowDraft) -> Party:
        name = row.name_fa or row.name_en
        search = (compact_key(name), compact_key(row.name_en), row.national_id)
        place = row.profile.places[0] if row.profile.places else None
        return Party(
            id=uuid7(), kind="person" if row.profile.kind in PERSONAL else "company",
            national_id=row.national_id, name_fa=name, name_en=row.name_en,
            sort_key=sort_key(name)[:320], search_key=" ".join(filter(None, search))[:640],
            place_id=place, email=row.email, is_sample=self.is_sample,
        )  # fmt: skip

    def _create(self, parties: list[Party]) -> None:
        Party.objects.bulk_create(parties, batch_size=500)
        for party in parties:
            if not party.national_id:
                province = self._province.get(party.place_id or "", "")
                self._nameless[compact_key(party.name_fa), province] = party.pk

    def _profiles(self, rows: Sequence[RowDraft], result: list[Loaded]) -> None:
        """Open profiles that are missing; fill empty fields of those that are there."""
        ids = {done.party for done in result}
        present = {p.pk: p for p in Profile.objects.filter(party__in=ids)}
        kept = set(
            Keeper.objects.filter(party__in=ids, until=None).values_list("party_id", flat=True)
        )
        new: dict[UUID, Profile] = {}
        changed_rows: dict[UUID, Profile] = {}
        places: dict[tuple[UUID, str], None] = {}
        for row, done in zip(rows, result, strict=True):
            pk = done.party
            assert pk is not None  # noqa: S101 - every taken row has its party
            places |= dict.fromkeys((pk, code) for code in row.profile.places)
            if pk in present:
                mine = present[pk].source.startswith("import") and pk not in kept
                if present[pk].erased_at is None and self._fill(present[pk], row, mine):
                    changed_rows[pk] = present[pk]
                    self._mark(done, pk)
            elif pk in new:
                self._fill(new[pk], row, False)
            else:
                new[pk] = self._profile(pk, row)
                self._mark(done, pk)
        Profile.objects.bulk_create(new.values(), batch_size=500)
        Profile.objects.bulk_update(changed_rows.values(), _FILLED, batch_size=500)
        self._places(places)

    def _places(self, wanted: dict[tuple[UUID, str], None]) -> None:
        parties = {party for party, _code in wanted}
        there = set(Presence.objects.filter(party__in=parties).values_list("party_id", "place_id"))
        Presence.objects.bulk_create(
            [Presence(party_id=party, place_id=code, province=self._province[code])
             for party, code in wanted if (party, code) not in there],
            batch_size=500,
        )  # fmt: skip

    def _profile(self, pk: UUID, row: RowDraft) -> Profile:
        told = row.profile
        day = row.confirmed_on
        made = Profile(
            party_id=pk, kind=told.kind, field=told.field, about_fa=told.about_fa,
            about_en=told.about_en, from_home=told.from_home,
            languages=",".join(told.languages), exports=told.exports,
            exports_shown=told.exports_shown, size_band=told.size_band, website=told.website,
            is_shown=told.is_shown, is_listed=told.is_shown, source=self.source,
            changed_at=self.now, confirm_due=ageing.confirm_due(day or today()),
            confirmed_at=datetime.combine(day, time(8), clock.TEHRAN) if day else None,
            consent_at=self.now if told.is_shown and told.kind in PERSONAL else None,
        )  # fmt: skip
        for name, value in self._standing(row).items():
            setattr(made, name, value)
        return made

    def _standing(self, row: RowDraft) -> dict[str, Any]:
        if not (row.is_verified and self.verifier):
            return {"standing": DECLARED}
        return {"standing": VERIFIED, "verified_by_id": self.verifier,
                "verified_role": REGISTRAR, "verified_at": self.now}  # fmt: skip

    def _fill(self, profile: Profile, row: RowDraft, overwrite: bool) -> bool:
        told, did = row.profile, False
        for name in _TOLD:
            value = getattr(told, name)
            value = ",".join(value) if name == "languages" else value
            there = getattr(profile, name)
            if value not in ("", None) and value != there and (overwrite or there in ("", None)):
                setattr(profile, name, value)
                did = True
        return did

    def _entries(self, rows: Sequence[RowDraft], result: list[Loaded]) -> None:
        ids = {done.party for done in result if done.party}
        new: dict[str, list[Any]] = {kind: [] for kind in databank.MODELS}
        for kind, model in databank.MODELS.items():
            if not any(KINDS[type(e).__name__] == kind for row in rows for e in row.entries):
                continue
            there = {_identity(row) for row in model.objects.filter(party__in=ids)}
            for row, done in zip(rows, result, strict=True):
                for draft in row.entries:
                    if KINDS[type(draft).__name__] != kind or done.party is None:
                        continue
                    made = self._entry(model, draft, row, done.party)
                    if _identity(made) not in there:
                        there.add(_identity(made))
                        new[kind].append(made)
                        self._mark(done, done.party)
        for kind, made_rows in new.items():
            databank.MODELS[kind].objects.bulk_create(made_rows, batch_size=500)

    def _entry(self, model: Any, draft: Any, row: RowDraft, party: UUID) -> Any:
        told = entry_columns(draft)
        if isinstance(draft, EvidenceDraft):
            told["key"] = entry_key(draft)
        return model(
            party_id=party, source=self.source, changed_at=self.now, **told, **self._standing(row)
        )

    def _mark(self, done: Loaded, party: UUID) -> None:
        self.touched[party] = None
        if done.outcome == UNCHANGED:
            done.outcome = UPDATED

    def _suspect(self, made: Iterable[Party]) -> None:
        assert self._bank is not None  # noqa: S101 - read before the first batch
        new: list[Name] = [
            name_of(p.pk, p.name_fa, p.name_en, national_id=p.national_id,
                    province=self._province.get(p.place_id or "", ""))
            for p in made if p.kind != "person"
        ]  # fmt: skip
        found = suspicions(new, self._bank)
        Suspicion.objects.bulk_create(found, batch_size=500, ignore_conflicts=True)


_TOLD = ("field", "about_fa", "about_en", "languages", "exports", "size_band", "website")
_FILLED = list(_TOLD)


def _identity(row: Any) -> tuple[Any, ...]:
    """Return by what an entry is known as the same one when it is loaded again."""
    if hasattr(row, "readiness"):
        return (row.party_id, compact_key(row.title_fa))
    if hasattr(row, "issuer"):
        return (row.party_id, compact_key(row.title), compact_key(row.number))
    if hasattr(row, "client"):
        told = EvidenceDraft(row.kind, row.text_fa, row.text_en, dated=row.dated)
        return (row.party_id, row.key or entry_key(told))
    return (row.party_id, compact_key(row.title_fa))


@transaction.atomic
def load_firms(
    rows: Sequence[RowDraft],
    *,
    by: Actor,
    source: str,
    is_sample: bool = False,
    verifier: UUID | None = None,
) -> list[UUID]:
    """Store firms, or people with profiles, that are known to be right; return their ids in order.

    Each row must be good; loading the same again changes nothing. One event for all.
    """
    access.may_register(by).or_raise()
    loader = Loader(source, is_sample, verifier)
    found: list[UUID] = []
    for start in range(0, len(rows), BATCH):
        found += [done.party for done in loader.take(rows[start : start + BATCH]) if done.party]
    changed(loader.touched, at=loader.now)
    record(by, "firms_loaded", subject("party", "many"),
           facts={"rows": len(rows), "changed": len(loader.touched), "source": source})  # fmt: skip
    return found


@transaction.atomic
def load_positions(
    org_of: Sequence[tuple[UUID, PositionDraft]], *, by: Actor, source: str, shown: bool = False
) -> int:
    """Store who works where, many at once; `shown` only for samples: people decide themselves."""
    access.may_register(by).or_raise()
    if shown and by.kind != "system":
        raise Refused(reason=gettext_noop("Only the person may decide whether this is shown."))
    now = clock.now()
    rows = [
        Position(
            person_id=draft.person, org_id=org, kind=draft.kind, title_fa=draft.title_fa[:120],
            title_en=draft.title_en[:120], valid_from=draft.valid_from, valid_to=draft.valid_to,
            is_shown=shown, source=source, changed_at=now,
        )
        for org, draft in org_of
    ]  # fmt: skip
    Position.objects.bulk_create(rows, batch_size=500)
    record(by, "positions_loaded", subject("party", "many"), facts={"rows": len(rows)})
    return len(rows)
