"""Who applied for what, when, and what did they write? The plan of the sample history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from payvand.demo import data
from payvand.demo.people import People
from payvand.kernel import clock
from payvand.kernel.ids import check_tracking

TRADE, LAND, BUSINESS = "trade-clearance", "land-window", "business-licence"
SHARES = ((TRADE, 0.4), (LAND, 0.3), (BUSINESS, 0.3))
RUSH_SHARE, RUSH_DAYS = 0.15, 24  # so many of the applications came in the last days
OWN_SHARE = 0.06  # of the newest applications: filed by accounts of the sign-in page
NEWEST_DAYS = 75
MEASURED_SHARE = 0.25  # of the newest imports: they need an answer with two signatures


@dataclass(frozen=True, slots=True)
class Filing:
    """One application to be."""

    code: str
    service: str
    applicant: UUID
    place: str
    by: str  # as the log names who filed it
    at: datetime
    facts: dict[str, Any]
    sequential: bool  # asked one after another, as before the graph
    assisted: bool
    is_own: bool  # of somebody whom the sign-in page offers


def filings(people: People, *, count: int, seed: int, now: datetime) -> list[Filing]:
    """Return the applications of two years of trade and one of land and business, by time.

    The trade service's first half was asked one after another; the second by the graph.
    """
    found: list[Filing] = []
    for service, share in SHARES:
        number = max(round(count * share), 1)
        days = data.HISTORY_DAYS if service == TRADE else data.HISTORY_DAYS // 2
        for n in range(number):
            rng = Random(f"{seed}/{service}/{n}")
            at = _moment(now, _days_ago((n + rng.random()) / number, days), rng)
            sequential = service == TRADE and n < number // 2
            found.append(_filing(people, service, at, rng, is_new=now - at
                                 < timedelta(days=NEWEST_DAYS), sequential=sequential))  # fmt: skip
    return sorted(found, key=lambda one: (one.at, one.code))


def _days_ago(place: float, days: int) -> float:
    """Return how long ago the application at a place (0 oldest, 1 newest) came: lately, more do.

    >>> _days_ago(0.0, 300), _days_ago(1.0, 300)
    (300.0, 0.0)
    """
    if place > 1 - RUSH_SHARE:
        return RUSH_DAYS * (1 - place) / RUSH_SHARE
    return RUSH_DAYS + (days - RUSH_DAYS) * (1 - place / (1 - RUSH_SHARE))


def _moment(now: datetime, days_ago: float, rng: Random) -> datetime:
    """Return a moment of that day at which people file: seldom at night."""
    day = clock.local_date(now - timedelta(days=days_ago))
    minutes = int(min(max(rng.gauss(12.5, 3.2), 0.3), 23.6) * 60)
    local = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=clock.TEHRAN)
    at = local.astimezone(UTC) + timedelta(seconds=rng.randrange(60))
    return min(at, now - timedelta(minutes=5 + rng.randrange(300)))


def _filing(
    people: People, service: str, at: datetime, rng: Random, *, is_new: bool, sequential: bool
) -> Filing:
    crowd = people.companies if service == TRADE else people.persons
    own = is_new and rng.random() < OWN_SHARE
    applicant, place = crowd[0] if own else rng.choice(crowd[1:])
    assisted = not own and service != TRADE and rng.random() < 0.15
    account = "demo-company" if service == TRADE else "demo-applicant"
    who = f"user:{people.users['demo-counter' if assisted else account]}"
    return Filing(
        _code(rng), service, applicant, place, who if own or assisted else "sample:applicant",
        at, FACTS[service](rng, place, is_new), sequential, assisted, own,
    )  # fmt: skip


def _code(rng: Random) -> str:
    """Return a tracking code drawn from the seed, with its true check digit."""
    body = str(rng.randrange(10**10, 10**11))
    return next(body + digit for digit in "0123456789" if check_tracking(body + digit))


def _trade(rng: Random, place: str, is_new: bool) -> dict[str, Any]:
    measured = is_new and rng.random() < MEASURED_SHARE
    chosen = data.MEASURED if measured else rng.choice(data.GOODS)
    what, maker, model, material, tariff, quantity, trait = chosen
    producer = rng.random() < 0.6
    sea = rng.random() < 0.7
    facts = {
        "company_id": "14990000007", "economic_code": f"4111{rng.randrange(10**7, 10**8)}",
        "goods_group": "machinery" if trait in ("", "radiation") else "raw_material",
        "is_producer": producer, "contact_mobile": "09120000000", "description": what,
        "maker": maker, "model": model, "material": material, "tariff_code": tariff,
        "quantity": quantity, "standard_required": trait in ("standard", ""),
        "exemption_asked": producer and rng.random() < 0.4, "transmits": trait == "radio",
        "has_radiation_source": trait == "radiation", "is_chemical": trait == "chemical",
        "proforma_number": f"PI-{rng.randrange(1000, 9999)}", "seller": maker,
        "origin_country": rng.choice(("آلمان", "چین", "ترکیه", "ایتالیا")),
        "currency": rng.choice(("eur", "usd", "aed", "cny")),
        "amount": rng.randrange(20, 900) * 1000, "incoterm": rng.choice(("fob", "cfr", "cif")),
        "supply_route": rng.choice(("bank", "bank", "own_export", "no_transfer")),
        "policy_required": rng.random() < 0.7, "policy_number": f"B-{rng.randrange(10**5, 10**6)}",
        "insured_value": rng.randrange(20, 900) * 1000, "freight": rng.randrange(1, 30) * 1000,
        "transport": "sea" if sea else "land", "route": "بندر نمونه تا گمرک مقصد",
        "bill_of_lading": f"BL{rng.randrange(10**6, 10**7)}",
        "vessel": "MV Sample 12" if sea else "", "container": f"SMPU{rng.randrange(10**6, 10**7)}",
        "gross_weight_kg": rng.randrange(300, 24000), "entry_customs": "گمرک نمونه",
        "county": place, "wooden_packing": trait == "wood" or rng.random() < 0.3,
        "treatment_mark": "IPPC", "invoice": _file("invoice.pdf"),
        "catalogue": _file("catalogue.pdf"), "statement": True,
    }  # fmt: skip
    if producer:
        facts["plant_licence_number"] = f"{rng.randrange(100, 999)}/{rng.randrange(10**4, 10**5)}"
    if facts["exemption_asked"]:
        facts["production_line"] = "خط شمارهٔ ۲، سالن نمونه"
    for key, text in TRAITS.get(trait, {}).items():
        facts[key] = _file(text) if text.endswith(".pdf") else text
    return facts


TRAITS = {
    "radio": {"radio_details": "باند ۴۳۳ مگاهرتز، ۱۰ میلی‌وات، ۴۰ دستگاه"},
    "radiation": {"radiation_details": "مولد پرتو ایکس، ۷۰ کیلوولت"},
    "chemical": {"cas_number": "108-88-3", "chemical_use": "حلال رنگ", "safety_sheet": "sds.pdf"},
}


def _land(rng: Random, place: str, is_new: bool) -> dict[str, Any]:
    inside, workplace = rng.random() < 0.75, rng.random() < 0.25
    facts = {
        "owner_national_id": "0092000002", "owner_mobile": "09120000000",
        "deal": rng.choice(("sale", "sale", "sale", "gift", "exchange")),
        "price": rng.randrange(5, 400) * 1_000_000_000, "county": place,
        "location": "inside_city" if inside else "outside_city",
        "main_plate": str(rng.randrange(10, 4000)), "sub_plate": str(rng.randrange(1, 900)),
        "registry_section": str(rng.randrange(1, 9)),
        "deed_serial": str(rng.randrange(10**5, 10**6)),
        "postal_code": str(rng.randrange(10**9, 10**10)), "polygon": "",
        "share_percent": rng.choice((100, 100, 50, 33)),
        "subscriptions": str(rng.randrange(10**7, 10**8)), "is_workplace": workplace,
        "statement": True,
    }  # fmt: skip
    if inside:
        facts["renewal_code"] = f"{rng.randrange(1, 20)}-{rng.randrange(100, 999)}"
    if workplace:
        facts["workshop_code"] = str(rng.randrange(10**9, 10**10))
    return facts


def _business(rng: Random, place: str, is_new: bool) -> dict[str, Any]:
    which = rng.randrange(len(data.TRADES))
    return {
        "national_id": "0092000002", "birth_date": f"{rng.randrange(1965, 2002)}-05-14",
        "mobile": "09120000000", "trade": data.TRADES[which],
        "business_name": f"{data.SHOPS[which]} {rng.randrange(1, 90)}",
        "activity_class": rng.choice(("class_a", "class_a", "class_b", "class_c")),
        "county": place, "premises_postal_code": str(rng.randrange(10**9, 10**10)),
        "premises": "محل نمونه", "plate": f"{rng.randrange(10, 900)}/{rng.randrange(1, 90)}",
        "use": rng.choice(("تجاری", "تجاری", "کارگاهی")), "area_m2": rng.randrange(18, 240),
        "tenancy": _file("tenancy.pdf"), "statement": True,
    }  # fmt: skip


def _file(name: str) -> dict[str, str]:
    """Return a file field of the history: a name only, the sample keeps no documents."""
    return {"name": name}


FACTS = {TRADE: _trade, LAND: _land, BUSINESS: _business}
