"""Which offices does the sample country have, and at which level does each of them sit?

Every agency is registered through the registry's own actions, carries `is_sample`, and says in its
name that it is a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from payvand.demo import data
from payvand.kernel import clock
from payvand.registry import public as registry
from payvand.registry.public import Actor

ANSWERING_OFFICES = ("governor",)  # offices that also answer: they hear objections
TITLES = {"governor": ("استانداری", "Governorate")}  # of the agency, not of the office
LETTERS = "letters"  # folder of the letters that are fetched
OWNERS = ("customs", "registry", "guild-union")  # own the shipped services: named without a place
SYSTEM = "/en/demo/agency"  # the simulated system of an agency, served by the demo itself
HEADS = 24  # sample persons who lead the agencies


@dataclass(frozen=True, slots=True)
class Seat:
    """One agency to be: slug, role, place it answers for, names."""

    slug: str
    role: str
    place: str
    name_fa: str
    name_en: str


def wanted() -> list[Seat]:
    """Return every agency of the sample country, from the country down to the counties."""
    found: list[Seat] = []
    places = registry.all_places()
    for slug, role in registry.roles().items():
        if role["kind"] == "office" and slug not in ANSWERING_OFFICES:
            continue
        fa, en = TITLES.get(slug, (role["fa"], role["en"]))
        central = role["level"] == "country"
        tail = ("", "") if central or slug in OWNERS else ("، دیگر استان‌ها", ", elsewhere")
        found.append(_seat(slug, slug, "IR", fa=fa + tail[0], en=en + tail[1]))
        if central:
            continue
        for province in data.PROVINCES:
            name = places[province].name
            found.append(_seat(f"{slug}-{province[3:]}", slug, province,
                               fa=f"{fa} {name['fa']}", en=f"{en}, {name['en']}"))  # fmt: skip
            if role["level"] == "county":
                found += _counties(slug, fa, en, province)
    return found


def _counties(role: str, fa: str, en: str, province: str) -> list[Seat]:
    places = registry.all_places()
    return [
        _seat(f"{role}-{code.rpartition('-')[2]}", role, code,
              fa=f"{fa} {places[code].name['fa']}", en=f"{en}, {places[code].name['en']}")
        for code in data.COUNTIES[province]
    ]  # fmt: skip


def _seat(slug: str, role: str, place: str, *, fa: str, en: str) -> Seat:
    return Seat(slug, role, place, f"{fa} {data.MARK_FA}", f"{en} {data.MARK_EN}")


def establish(*, by: Actor, since: datetime) -> dict[str, UUID]:
    """Register agencies, duties, heads' offices and connections; return the ids by slug."""
    seats = wanted()
    drafts = [
        registry.PartyDraft("agency", s.name_fa, s.name_en, slug=s.slug, place=s.place,
                            is_sample=True)
        for s in seats
    ]  # fmt: skip
    drafts.append(
        registry.PartyDraft("agency", f"پیشخوان خدمات {data.MARK_FA}",
                            f"Service counter {data.MARK_EN}", slug="service-counter",
                            place="IR-15-1503", is_sample=True)
    )  # fmt: skip
    ids = registry.register_parties(drafts, by=by)
    agencies = {draft.slug or "": key for draft, key in zip(drafts, ids, strict=True)}
    for seat in seats:
        registry.set_debtor(seat.role, seat.place, agencies[seat.slug], by=by)
    _lead(seats, agencies, by=by, since=clock.local_date(since))
    for slug in data.BY_LETTER:
        registry.connect(agencies[slug], letter_link(slug), by=by)
    for slug in data.BY_REST:
        registry.connect(agencies[slug], rest_link(), by=by)
    return agencies


def rest_link() -> registry.Link:
    """Return the address of the simulated agency system that the demo itself serves."""
    base = settings.PAYVAND_BASE_URL.rstrip("/")
    return registry.Link("rest", f"{base}{SYSTEM}", data.SECRET_NAME)


def letter_link(slug: str) -> registry.Link:
    """Return the folder, beside the uploads, from which a sample agency fetches its letters."""
    return registry.Link(
        "letter", str(Path(settings.MEDIA_ROOT).parent.absolute() / LETTERS / slug)
    )


def reconnect() -> None:
    """Point the sample agencies to the address that is served now, and to folders that are here."""
    by, link = registry.system("demo"), rest_link()
    for slug in data.BY_LETTER:
        agency, folder = registry.party_by_slug(slug).id, letter_link(slug)
        present = registry.connection_of(agency)
        if present.level == "letter" and present != folder and LETTERS in present.address:
            registry.connect(agency, folder, by=by)
    for slug in data.BY_REST:
        agency = registry.party_by_slug(slug).id
        present = registry.connection_of(agency)
        if present.level == "rest" and present != link and present.address.endswith(SYSTEM):
            registry.connect(agency, link, by=by)


def _lead(seats: list[Seat], agencies: dict[str, UUID], *, by: Actor, since: date) -> None:
    """Give each agency a head's office, and each office somebody of a small sample crowd."""
    crowd = [registry.open_account(f"sample-head-{n:02}", by=by) for n in range(1, HEADS + 1)]
    for n, seat in enumerate(seats):
        office = registry.create_office(
            registry.OfficeDraft("agency-head", f"رئیس {seat.name_fa}", f"Head, {seat.name_en}",
                                 agency=agencies[seat.slug], place=seat.place),
            by=by,
        )  # fmt: skip
        if seat.slug != "municipality-1503":  # held by an account of the sign-in page
            registry.appoint(office, registry.Appointment(crowd[n % HEADS], since), by=by)
