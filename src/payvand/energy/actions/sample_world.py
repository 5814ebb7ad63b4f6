"""Who uses and supplies electricity in the sample country? Two provinces, made up and marked so.

Operators, offices, and the consumers known by name, which are inventions. Their readings, and those
of all others, come from sample_readings.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from payvand.energy.access import OPERATOR_ROLE
from payvand.energy.actions import thresholds
from payvand.energy.actions.sample_readings import CITIES, EAST, LORESTAN, line_name
from payvand.energy.models import Asset, Offer
from payvand.energy.queries import assets as queries
from payvand.kernel import clock
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.plugins.slots import Sample
from payvand.registry import public as registry
from payvand.registry.public import Actor

AREAS = (EAST, LORESTAN)
MARK = ("(نمونه)", "(sample)")
DECISION = "تصمیم نمونهٔ {n} / sample decision {n}"
AUTHORITY, MINISTRY = "criticality-authority", "criticality-sample"


@dataclass(frozen=True, slots=True)
class Made:
    """One consumer to be: names, sector, tier, MW, and what it offers (MW, from, to, rials)."""

    fa: str
    en: str
    sector: str
    tier: str | None
    mw: float
    offer: tuple[float, int, int, int] | None = None
    shed_cap: int = 0
    protected: tuple[int, ...] = ()
    kind: str = "company"


CONSUMERS = (
    Made("", "", "industrial", "ordinary", 42.0, (16.0, 9, 23, 21_000_000), 20),  # demo-company
    Made("فولاد نمونه", "Sample Steel", "industrial", "ordinary", 70.0,
         (30.0, 10, 22, 18_500_000), 25),
    Made("سیمان نمونه", "Sample Cement", "industrial", "ordinary", 38.0,
         (18.0, 8, 24, 16_000_000), 25),
    Made("پتروشیمی نمونه", "Sample Petrochemicals", "industrial", "sensitive", 55.0,
         (10.0, 12, 20, 29_000_000), 5, (2, 3, 4)),
    Made("ماشین‌سازی نمونه", "Sample Machinery", "industrial", "important", 24.0,
         (9.0, 11, 21, 20_000_000), 15),
    Made("شیشهٔ نمونه", "Sample Glass", "industrial", None, 18.0),
    Made("تعاونی کشاورزی نمونه", "Sample Farmers’ Cooperative", "agriculture", "ordinary", 30.0,
         (22.0, 9, 23, 9_000_000), 20),
    Made("بیمارستان نمونه", "Sample Hospital", "public", "vital", 6.0),
    Made("تصفیه‌خانهٔ آب نمونه", "Sample Waterworks", "public", "vital", 9.0),
    Made("سردخانهٔ نمونه", "Sample Cold Store", "other", "sensitive", 8.0,
         (3.0, 10, 18, 15_000_000), 5, (0, 1, 2, 3)),
    Made("خانهٔ نمونه با دستگاه تنفسی", "Sample home with a breathing device", "residential",
         None, 0.002, kind="person"),
)  # fmt: skip
OWN = {"fa": "کارخانهٔ شرکت نمونه", "en": "Works of the sample company"}


@dataclass(frozen=True, slots=True)
class World:
    """Ids that the story needs: assets in the order of CONSUMERS, operators by province."""

    assets: list[Asset]
    operators: dict[str, UUID]
    offices: dict[str, int]
    ground: int


def furnish(told: Sample) -> World:
    """Register operators, the authority, sites with their tiers, and the consumers."""
    by, today = registry.system("sample"), clock.local_date(told.now)
    since = today - timedelta(days=400)
    operators = {area: _operator(told, area, by, since) for area in AREAS}
    offices = {area: registry.office_for("governor", agency_id=None, place_code=area)
               for area in AREAS}  # fmt: skip
    grounds = registry.ensure_grounds([{
        "code": "energy:sample", "kind": "sample", "status": "sample",
        "title_fa": "دستور نمونهٔ مدیریت کمبود برق", "title_en": "Sample order on shortages",
    }], by=by)  # fmt: skip
    ground = grounds["energy:sample"]
    for area in AREAS:
        thresholds.set_threshold(area, office=offices[area], signer=offices[area], probability=0.5,
                               ground=ground, by=by)  # fmt: skip
    assets = _consumers(told, by, since)
    return World(assets, operators, offices, ground)


def _agency(slug: str, fa: str, en: str, *, place: str, by: Actor) -> UUID:
    return registry.register_party(
        registry.PartyDraft("agency", f"{fa} {MARK[0]}", f"{en} {MARK[1]}", slug=slug, place=place,
                            is_sample=True), by=by,
    )  # fmt: skip


def _operator(told: Sample, area: str, by: Actor, since: date) -> UUID:
    name = registry.place(area).name
    org = _agency(f"electricity-{area[3:]}", f"شرکت برق {name['fa']}",
                  f"Electricity company, {name['en']}", place=area, by=by)  # fmt: skip
    registry.set_debtor(OPERATOR_ROLE, area, org, by=by)
    office = registry.create_office(
        registry.OfficeDraft("agency-head", f"رئیس شرکت برق {name['fa']} {MARK[0]}",
                             f"Head, electricity company, {name['en']} {MARK[1]}", org, area),
        by=by,
    )  # fmt: skip
    head = registry.open_account(f"sample-electricity-head-{area[3:]}", by=by)
    registry.appoint(office, registry.Appointment(head, since), by=by)
    account = told.users.get("demo-energy")
    if account is not None and area == EAST:
        registry.seat(registry.SeatDraft(account, org, "signatory", since), by=by)
    return org


def _consumers(told: Sample, by: Actor, since: date) -> list[Asset]:
    """Register the consumers of East Azerbaijan, their sites, and the tiers the authority set."""
    authority = _agency(MINISTRY, "مرجع تعیین حساسیت اماکن", "Authority that ranks sites",
                        place="IR", by=by)  # fmt: skip
    registry.set_debtor(AUTHORITY, "IR", authority, by=by)
    account = told.users.get("demo-signer")
    if account is not None:
        registry.seat(registry.SeatDraft(account, authority, "signatory", since), by=by)
    ranks = Actor(kind="sample", label="authority", seats=(registry.Seat(authority, "signatory"),))
    parties = _parties(told, by)
    assets = []
    for n, (made, party) in enumerate(zip(CONSUMERS, parties, strict=True)):
        city = CITIES[EAST][n % 3]
        title = {
            "fa": made.fa or "کارخانهٔ شرکت نمونه",
            "en": made.en or "Works of the sample company",
        }
        site = None
        if made.kind != "person":
            site = registry.add_site(
                registry.SiteDraft(party, city, title["fa"]),
                by=by,
            )
        if site is not None and made.tier:
            rank = registry.TierDraft(made.tier, authority, f"S-{n + 1:03}", since)
            registry.set_tier(site, rank, by=ranks)
        granted = made.kind == "person" or bool(made.protected)
        asset = Asset(
            party_id=party, site_id=site, title=title, area_id=EAST, city=city,
            code=f"S-{4001 + 37 * n}", is_home=made.kind == "person",
            feeder=_feeder_in(n), sector=made.sector, is_medical=made.kind == "person",
            protected_hours=list(made.protected), usual_mw=[made.mw] * 24, shed_cap=made.shed_cap,
            day_cap=15, notice_hours=10, protected_by_id=authority if granted else None,
            protected_ref=DECISION.format(n=n + 1) if granted else "",
        )  # fmt: skip
        asset.search_key = queries.search_key(asset)
        assets.append(asset)
    Asset.objects.bulk_create(assets)
    Offer.objects.bulk_create(
        Offer(asset=asset, mw=made.offer[0], from_hour=made.offer[1], to_hour=made.offer[2],
              notice_hours=10, price_rial=made.offer[3], made_at=told.now - timedelta(days=60))
        for asset, made in zip(assets, CONSUMERS, strict=True) if made.offer
    )  # fmt: skip
    return assets


def _feeder_in(n: int) -> str:
    """Return a sample feeder in the city of the n-th consumer."""
    return line_name(n % 3 + 4 * (7 * n % 40))


def _parties(told: Sample, by: Actor) -> list[UUID]:
    """Return who owns each consumer: the company and the applicant of the demo, the others new."""
    own: dict[int, UUID] = {}
    company = told.users.get("demo-company")
    if company is not None:
        seats = registry.actor_of_account(company).seats
        own[0] = next(seat.org for seat in seats)
    applicant = told.users.get("demo-applicant")
    if applicant is not None:
        party = registry.actor_of_account(applicant).party
        own |= {len(CONSUMERS) - 1: party} if party else {}
    drafts = {
        n: registry.PartyDraft(
            made.kind, f"{made.fa or OWN['fa']} {MARK[0]}", f"{made.en or OWN['en']} {MARK[1]}",
            make_national_id(f"0098{n:05}") if made.kind == "person"
            else make_company_id(f"1496{n:06}"), place=CITIES[EAST][n % 3], is_sample=True)
        for n, made in enumerate(CONSUMERS) if n not in own
    }  # fmt: skip
    new = dict(zip(drafts, registry.register_parties(list(drafts.values()), by=by), strict=True))
    return [own.get(n) or new[n] for n in range(len(CONSUMERS))]
