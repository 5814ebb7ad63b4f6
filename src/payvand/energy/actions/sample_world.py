"""Who uses and supplies energy in the sample country? Two provinces, made up and marked so.

Operators, offices, and the consumers known by name, which are inventions. Their readings, and those
of all others, come from sample_readings.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from payvand.energy.actions import thresholds
from payvand.energy.actions.sample_readings import CITIES, EAST, LORESTAN, line_name
from payvand.energy.models import Asset, Offer
from payvand.energy.queries import assets as queries
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import ELECTRICITY, GAS
from payvand.kernel import clock
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.plugins.slots import Sample
from payvand.registry import public as registry
from payvand.registry.public import Actor

AREAS = (EAST, LORESTAN)
CODES = {ELECTRICITY: "S", GAS: "G"}
MARK = ("(نمونه)", "(sample)")
DECISION = "تصمیم نمونهٔ {n} / sample decision {n}"
AUTHORITY, MINISTRY = "criticality-authority", "criticality-sample"


@dataclass(frozen=True, slots=True)
class Made:
    """One consumer to be: names, sector, tier, use, and what it offers (so much, from, to, rials).

    Of gas the use is MWh a day, and there are no hours. returns: what it offers is taken later.
    """

    fa: str
    en: str
    sector: str
    tier: str | None
    mw: float
    offer: tuple[float, int, int, int] | None = None
    shed_cap: int = 0
    protected: tuple[int, ...] = ()
    kind: str = "company"
    returns: bool = True


STEEL, CEMENT = ("فولاد نمونه", "Sample Steel"), ("سیمان نمونه", "Sample Cement")
PETRO, GLASS = ("پتروشیمی نمونه", "Sample Petrochemicals"), ("شیشهٔ نمونه", "Sample Glass")
HOSPITAL = ("بیمارستان نمونه", "Sample Hospital")
CONSUMERS = (
    Made("", "", "industrial", "ordinary", 42.0, (16.0, 9, 23, 21_000_000), 20),  # demo-company
    Made(*STEEL, "industrial", "ordinary", 70.0,
         (30.0, 10, 22, 18_500_000), 25),
    Made(*CEMENT, "industrial", "ordinary", 38.0,
         (18.0, 8, 24, 16_000_000), 25),
    Made(*PETRO, "industrial", "sensitive", 55.0,
         (10.0, 12, 20, 29_000_000), 5, (2, 3, 4)),
    Made("ماشین‌سازی نمونه", "Sample Machinery", "industrial", "important", 24.0,
         (9.0, 11, 21, 20_000_000), 15),
    Made(*GLASS, "industrial", None, 18.0),
    Made("تعاونی کشاورزی نمونه", "Sample Farmers’ Cooperative", "agriculture", "ordinary", 30.0,
         (22.0, 9, 23, 9_000_000), 20),
    Made(*HOSPITAL, "public", "vital", 6.0),
    Made("تصفیه‌خانهٔ آب نمونه", "Sample Waterworks", "public", "vital", 9.0),
    Made("سردخانهٔ نمونه", "Sample Cold Store", "other", "sensitive", 8.0,
         (3.0, 10, 18, 15_000_000), 5, (0, 1, 2, 3)),
    Made("خانهٔ نمونه با دستگاه تنفسی", "Sample home with a breathing device", "residential",
         None, 0.002, kind="person"),
)  # fmt: skip
GAS_CONSUMERS = (
    Made("", "", "industrial", "ordinary", 2600.0, (900.0, 0, 24, 2_400_000), 20),  # demo-company
    Made(*STEEL, "industrial", "ordinary", 9500.0, (3000.0, 0, 24, 2_900_000), 25),
    Made(*CEMENT, "industrial", "ordinary", 6800.0, (3400.0, 0, 24, 3_600_000), 25, returns=False),
    Made(*PETRO, "industrial", "sensitive", 14_000.0, (1500.0, 0, 24, 5_200_000), 5),
    Made(*GLASS, "industrial", None, 1900.0),
    Made("نیروگاه نمونه", "Sample Power Plant", "power", "ordinary", 30_000.0,
         (15_000.0, 0, 24, 6_100_000), 10, returns=False),
    Made(*HOSPITAL, "public", "vital", 120.0),
)  # fmt: skip
BY_CARRIER = {ELECTRICITY: CONSUMERS, GAS: GAS_CONSUMERS}
COMPANIES = {
    ELECTRICITY: ("electricity", "شرکت برق", "Electricity company", "demo-energy"),
    GAS: ("natural-gas", "شرکت گاز", "Gas company", "demo-gas"),
}
GAS_AREAS = (EAST,)
OWN = {"fa": "کارخانهٔ شرکت نمونه", "en": "Works of the sample company"}


@dataclass(frozen=True, slots=True)
class World:
    """Ids that the story needs: assets by carrier, the offices that hear of a shortage and sign."""

    assets: dict[str, list[Asset]]
    warned: dict[tuple[str, str], int]
    signing: dict[str, int]


def furnish(told: Sample) -> World:
    """Register operators, the authority, sites with their tiers, and the consumers."""
    by, today = registry.system("sample"), clock.local_date(told.now)
    since = today - timedelta(days=400)
    signing = {area: registry.office_for("governor", agency_id=None, place_code=area)
               for area in AREAS}  # fmt: skip
    heads = {
        (area, kind): _operator(told, area, kind, since)
        for kind, areas in ((ELECTRICITY, AREAS), (GAS, GAS_AREAS))
        for area in areas
    }
    grounds = registry.ensure_grounds([{
        "code": "energy:sample", "kind": "sample", "status": "sample",
        "title_fa": "دستور نمونهٔ مدیریت کمبود انرژی", "title_en": "Sample order on shortages",
    }], by=by)  # fmt: skip
    ground = grounds["energy:sample"]
    # of gas the gas company's own head hears; the governor signs the plans of both
    warned = {key: head if key[1] == GAS else signing[key[0]] for key, head in heads.items()}
    for (area, kind), office in warned.items():
        limit = thresholds.Limit(office, signing[area], 0.5, ground)
        thresholds.set_threshold(area, limit, by=by, carrier=kind)
    return World(_consumers(told, by, since), warned, signing)


def _agency(slug: str, fa: str, en: str, *, place: str, by: Actor) -> UUID:
    return registry.register_party(
        registry.PartyDraft("agency", f"{fa} {MARK[0]}", f"{en} {MARK[1]}", slug=slug, place=place,
                            is_sample=True), by=by,
    )  # fmt: skip


def _operator(told: Sample, area: str, carrier: str, since: date) -> int:
    """Register the company that operates a carrier, with its head; returns the head's office."""
    name, by = registry.place(area).name, registry.system("sample")
    slug, fa, en, account_name = COMPANIES[carrier]
    org = _agency(f"{slug}-{area[3:]}", f"{fa} {name['fa']}", f"{en}, {name['en']}",
                  place=area, by=by)  # fmt: skip
    registry.set_debtor(CARRIERS[carrier].duty, area, org, by=by)
    office = registry.create_office(
        registry.OfficeDraft("agency-head", f"رئیس {fa} {name['fa']} {MARK[0]}",
                             f"Head, {en.lower()}, {name['en']} {MARK[1]}", org, area), by=by,
    )  # fmt: skip
    account = told.users.get(account_name) if area == EAST else None
    if account is not None:
        registry.seat(registry.SeatDraft(account, org, "signatory", since), by=by)
    head = account if carrier == GAS else None
    head = head or registry.open_account(f"sample-{slug}-head-{area[3:]}", by=by)
    registry.appoint(office, registry.Appointment(head, since), by=by)
    return office


def _consumers(told: Sample, by: Actor, since: date) -> dict[str, list[Asset]]:
    """Register the consumers of East Azerbaijan, their sites, and the tiers the authority set.

    Whoever uses both carriers has one site with one tier.
    """
    authority = _agency(MINISTRY, "مرجع تعیین حساسیت اماکن", "Authority that ranks sites",
                        place="IR", by=by)  # fmt: skip
    registry.set_debtor(AUTHORITY, "IR", authority, by=by)
    account = told.users.get("demo-signer")
    if account is not None:
        registry.seat(registry.SeatDraft(account, authority, "signatory", since), by=by)
    ranks = Actor(kind="sample", label="authority", seats=(registry.Seat(authority, "signatory"),))
    parties = _parties(told, by)
    everybody = {made.en: (n, made) for n, made in enumerate(_everybody())}
    sites = {en: _site(made, parties[en], n, (ranks, since))
             for en, (n, made) in everybody.items() if made.kind != "person"}  # fmt: skip
    found: dict[str, list[Asset]] = {}
    for kind, rows in BY_CARRIER.items():
        for n, made in enumerate(rows):
            asset = _asset(kind, made, everybody[made.en][0])
            asset.party_id, asset.site_id = parties[made.en], sites.get(made.en)
            if asset.protected_ref:
                asset.protected_by_id = authority
            asset.code = f"{CODES[kind]}-{4001 + 37 * n}"
            asset.search_key = queries.search_key(asset)
            found.setdefault(kind, []).append(asset)
    Asset.objects.bulk_create([asset for assets in found.values() for asset in assets])
    Offer.objects.bulk_create(
        Offer(asset=asset, mw=made.offer[0], from_hour=made.offer[1], to_hour=made.offer[2],
              notice_hours=10, price_rial=made.offer[3], made_at=told.now - timedelta(days=60),
              comes_back=made.returns)
        for kind, rows in BY_CARRIER.items()
        for asset, made in zip(found[kind], rows, strict=True) if made.offer
    )  # fmt: skip
    return found


def _everybody() -> list[Made]:
    """Return every consumer once, those of electricity first."""
    return list({made.en: made for made in (*CONSUMERS, *GAS_CONSUMERS)}.values())


def _site(made: Made, party: UUID, n: int, ranks: tuple[Actor, date]) -> UUID:
    """Register the site of the n-th consumer, with the tier that the authority sets."""
    draft = registry.SiteDraft(party, CITIES[EAST][n % 3], made.fa or OWN["fa"])
    site, (authority, since) = registry.add_site(draft, by=registry.system("sample")), ranks
    if made.tier:
        rank = registry.TierDraft(made.tier, authority.seats[0].org, f"S-{n + 1:03}", since)
        registry.set_tier(site, rank, by=authority)
    return site


def _asset(carrier: str, made: Made, n: int) -> Asset:
    """Return the n-th consumer, not saved, without its owner."""
    is_home, hourly = made.kind == "person", CARRIERS[carrier].steps > 1
    return Asset(
        carrier=carrier, title={"fa": made.fa or OWN["fa"], "en": made.en or OWN["en"]},
        area_id=EAST, city=CITIES[EAST][n % 3], is_home=is_home,
        feeder=_feeder_in(n) if hourly else "", sector=made.sector, is_medical=is_home,
        protected_hours=list(made.protected), usual_mw=[made.mw] * CARRIERS[carrier].steps,
        shed_cap=made.shed_cap, day_cap=15, notice_hours=10,
        protected_ref=DECISION.format(n=n + 1) if is_home or made.protected else "",
    )  # fmt: skip


def _feeder_in(n: int) -> str:
    """Return a sample feeder in the city of the n-th consumer."""
    return line_name(n % 3 + 4 * (7 * n % 40))


def _parties(told: Sample, by: Actor) -> dict[str, UUID]:
    """Return who owns each consumer: the company and the applicant of the demo, the others new."""
    rows, own = _everybody(), dict[str, UUID]()
    company, applicant = told.users.get("demo-company"), told.users.get("demo-applicant")
    if company is not None:
        own[""] = next(seat.org for seat in registry.actor_of_account(company).seats)
    party = registry.actor_of_account(applicant).party if applicant is not None else None
    if party is not None:
        own |= {made.en: party for made in rows if made.kind == "person"}
    drafts = {
        made.en: registry.PartyDraft(
            made.kind, f"{made.fa or OWN['fa']} {MARK[0]}", f"{made.en or OWN['en']} {MARK[1]}",
            make_national_id(f"0098{n:05}") if made.kind == "person"
            else make_company_id(f"1496{n:06}"), place=CITIES[EAST][n % 3], is_sample=True)
        for n, made in enumerate(rows) if made.en not in own
    }  # fmt: skip
    new = dict(zip(drafts, registry.register_parties(list(drafts.values()), by=by), strict=True))
    return own | new
