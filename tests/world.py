"""Which small country do the tests live in? Two provinces, a few agencies, one 4×4 service."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from payvand.kernel.ids import make_company_id, make_national_id
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.registry.public import Actor, Seat
from payvand.window import compiled
from payvand.window import models as w

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MONDAY = datetime(2025, 11, 10, 6, 30, tzinfo=UTC)  # 10:00 in Tehran, 1404-08-19


@dataclass
class World:
    """Ids and actors that tests need again and again."""

    agencies: dict[str, UUID] = field(default_factory=dict)
    offices: dict[str, int] = field(default_factory=dict)
    applicant: Actor = field(default_factory=Actor)
    stranger: Actor = field(default_factory=Actor)
    company: UUID | None = None
    version: int = 0

    def clerk(self, agency: str, role: str = "clerk", user: int = 77) -> Actor:
        """Return somebody with a seat in an agency."""
        return Actor(user_id=user, seats=(Seat(self.agencies[agency], role),))

    def holder(self, office: str) -> Actor:
        """Return somebody who holds an office today."""
        return Actor(user_id=88, offices=(self.offices[office],))


def grid_pack(layers: int = 4, width: int = 4, *, ladder: bool = True) -> dict[str, Any]:
    """Return the body of a service whose inquiries form layers, each needing the one before."""

    def both(text: str) -> dict[str, str]:
        return {"fa": text, "en": text}

    inquiries = []
    for layer in range(layers):
        for n in range(width):
            key = f"q{layer}{n}"
            one: dict[str, Any] = {
                "id": key, "title": both(f"استعلام {key}"), "question": both("?"),
                "to": {"role": f"role{n}", "place": "province"}, "sees": ["name", "amount"],
                "term": "5wd", "term_ref": "basis",
                "returns": [{"id": "number", "type": "text", "title": both("شماره")}],
            }  # fmt: skip
            if layer:
                one["needs"] = [f"q{layer - 1}{n}", f"q{layer - 1}{(n + 1) % width}"]
            if ladder:
                one["escalate"] = [
                    {"at": "0", "to": "agency-head", "ack": "1wd"},
                    {"at": "+2wd", "to": "governor", "ack": "1wd"},
                ]
            inquiries.append(one)
    return {
        "payvand": "service-pack/1", "id": "grid", "version": "1.0.0",
        "title": both("خدمت آزمون"), "summary": both("برای آزمون"), "category": "business",
        "icon": "certificate", "owner": "owner", "class": "confirmation", "sample": True,
        "legal_basis": [{"id": "basis", "title": both("قانون نمونه"), "ref": "م ۱",
                         "date": "2020-01-01", "status": "sample"}],
        "subject": {"type": "firm", "applicant": ["firm"]},
        "conditions": [{"number": 1, "title": both("شرط یک")}],
        "form": [{"id": "main", "title": both("مشخصات"), "fields": [
            {"id": "name", "type": "text", "title": both("نام"), "required": True},
            {"id": "amount", "type": "integer", "title": both("مقدار")},
            {"id": "secret", "type": "text", "title": both("محرمانه")}]}],
        "inquiries": inquiries,
        "decision": {"by": "owner", "term": "5wd", "term_ref": "basis",
                     "outcomes": ["approve", "approve_with_conditions", "reject"]},
        "licence": {"type": "grid", "title": both("پروانهٔ آزمون"),
                    "number": "GR-{jyear}-{seq:05}", "valid_months": 12, "public": ["name"]},
    }  # fmt: skip


def install(body: dict[str, Any], owner: UUID) -> int:
    """Put a pack body into the database as an installed version; returns the version's id."""
    service, _ = w.Service.objects.get_or_create(
        slug=body["id"], defaults={"owner_id": owner, "title": body["title"]}
    )
    version = w.ServiceVersion.objects.create(
        service=service, version=body["version"], body=body, digest="x", installed_at=LONG_AGO,
        effective_from=date(2020, 1, 1),
    )  # fmt: skip
    for basis in body.get("legal_basis", ()):
        r.Ground.objects.get_or_create(
            code=f"{body['id']}:{basis['id']}",
            defaults={"kind": "sample", "title_fa": basis["title"]["fa"],
                      "title_en": basis["title"]["en"], "status": basis["status"]},
        )  # fmt: skip
    return version.pk


def build(pack: dict[str, Any] | None = None) -> World:
    """Make the places, calendar, agencies, offices and the service."""
    compiled.forget()
    world = World()
    for code, parent, kind, name in (
        ("IR", None, "country", "ایران"), ("IR-03", "IR", "province", "آذربایجان شرقی"),
        ("IR-15", "IR", "province", "لرستان"), ("IR-15-1503", "IR-15", "county", "خرم‌آباد"),
    ):  # fmt: skip
        r.Place.objects.create(code=code, parent_id=parent, kind=kind, name_fa=name, name_en=code)
    fact = {"scope": "IR", "starts": date(2020, 1, 1), "status": "sample", "source": "tests",
            "known_from": LONG_AGO}  # fmt: skip
    r.CalendarFact.objects.create(**fact, kind="weekend", weekdays="4", title_fa="جمعه",
                                  title_en="Friday")  # fmt: skip
    r.CalendarFact.objects.create(**fact, kind="hours", opens=time(7), closes=time(14),
                                  title_fa="ساعت کار", title_en="Office hours")  # fmt: skip
    for slug, place in (("owner", "IR"), ("a0", "IR-15"), ("a1", "IR-15"), ("a2", "IR-15"),
                        ("a3", "IR-15"), ("other", "IR-03")):  # fmt: skip
        party = r.Party.objects.create(kind="agency", slug=slug, name_fa=f"دستگاه {slug}",
                                       name_en=f"Agency {slug}", place_id=place)  # fmt: skip
        world.agencies[slug] = party.pk
        world.offices[f"head-{slug}"] = r.Office.objects.create(
            role="agency-head", agency=party, place_id=place, title_fa=f"رئیس {slug}",
            title_en=f"Head of {slug}",
        ).pk  # fmt: skip
    for n in range(4):
        r.DebtorRole.objects.create(role=f"role{n}", place_id="IR-15",
                                    agency_id=world.agencies[f"a{n}"])  # fmt: skip
    world.offices["governor"] = r.Office.objects.create(
        role="governor", place_id="IR-15", title_fa="استاندار", title_en="Governor"
    ).pk
    user = r.User.objects.create(username="holder")
    for office in world.offices.values():
        r.Holding.objects.create(office_id=office, user=user, valid_from=date(2020, 1, 1))
    company = r.Party.objects.create(
        kind="company", national_id=make_company_id("1400999907"), name_fa="شرکت نمونه",
        name_en="Sample Co", place_id="IR-15-1503",
    )  # fmt: skip
    person = r.Party.objects.create(kind="person", national_id=make_national_id("001234504"),
                                    name_fa="متقاضی نمونه", place_id="IR-15-1503")  # fmt: skip
    world.company = company.pk
    world.applicant = Actor(user_id=user.pk, party=person.pk, mandates=(company.pk,))
    world.stranger = Actor(user_id=999, party=None)
    registry.forget()
    world.version = install(pack or grid_pack(), world.agencies["owner"])
    return world


DATA = {"name": "کارخانهٔ نمونه", "amount": 12, "secret": "پنهان"}
