"""Who uses and supplies electricity in the sample country? Two provinces, made up and marked so.

Figures are scaled from published ones: 275 TWh a year in the country (sales of 1398), sector shares
of the same year, a shortage at the peak as in 1403. Readings come from 2,000 sample meters, each of
which stands for many; consumers and feeders known by name are inventions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from payvand.energy import sample
from payvand.energy.access import OPERATOR_ROLE
from payvand.energy.actions import thresholds
from payvand.energy.engine.store import number
from payvand.energy.models import Asset, AssetLoad, DayLoad, Feeder, Offer
from payvand.energy.rules.hours import BEFORE
from payvand.energy.rules.rollup import ELECTRICITY, Meters, Readings, Rolled, roll
from payvand.kernel import clock
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.plugins.slots import Sample
from payvand.registry import public as registry
from payvand.registry.public import Actor

EAST, LORESTAN = "IR-03", "IR-15"
AREAS = (EAST, LORESTAN)
MEAN_MW = {EAST: 1413, LORESTAN: 565}  # shares of 0.045 and 0.018 of 31.4 GW, chosen for the sample
CITIES = {EAST: ("IR-03-303", "IR-03-306", "IR-03-307", "IR-03-302"),
          LORESTAN: ("IR-15-1503", "IR-15-1502", "IR-15-1505", "IR-15-1501")}  # fmt: skip
METERS, DAYS = 2000, 17
LINES = 10  # sample feeders of about 7 MW made of the meters of one
MARK = ("(نمونه)", "(sample)")
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
    account = told.users.get("demo-registrar")
    if account is not None and area == EAST:
        registry.seat(registry.SeatDraft(account, org, "signatory", since), by=by)
        registry.appoint(office, registry.Appointment(account, since), by=by)
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
        assets.append(Asset(
            party_id=party, site_id=site, title=title, area_id=EAST, city=city,
            feeder=_feeder_in(n), sector=made.sector, is_medical=made.kind == "person",
            protected_hours=list(made.protected), usual_mw=[made.mw] * 24, shed_cap=made.shed_cap,
            day_cap=15, notice_hours=10,
        ))  # fmt: skip
    Asset.objects.bulk_create(assets)
    Offer.objects.bulk_create(
        Offer(asset=asset, mw=made.offer[0], from_hour=made.offer[1], to_hour=made.offer[2],
              notice_hours=10, price_rial=made.offer[3], made_at=told.now - timedelta(days=60))
        for asset, made in zip(assets, CONSUMERS, strict=True) if made.offer
    )  # fmt: skip
    return assets


def _feeder_in(n: int) -> str:
    """Return a sample feeder in the city of the n-th consumer."""
    return f"sample-{n % 3 + 1 + 4 * (n // 3 % 4):05}-{n % LINES}"


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


# --- readings ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Register:
    """The sample meters: province, feeder and sector of each, and its usual Wh of an hour."""

    area: Any
    feeder: Any
    sector: Any
    mean: Any

    @property
    def most(self) -> Any:
        """Return the Wh that one reading can hold at the most."""
        return (self.mean * 8).astype("int64") + 2000


def _register(seed: int) -> _Register:
    import numpy as np

    chance, names = np.random.default_rng(seed), list(sample.SHARES)
    sector = chance.choice(len(names), METERS, p=list(sample.METERS.values()))
    usual = np.array([sample.SHARES[n] / sample.METERS[n] for n in names]) * sample.MEAN_WH
    feeder = np.arange(METERS) // sample.PER_FEEDER
    return _Register(feeder * len(AREAS) * sample.PER_FEEDER // METERS, feeder, sector,
                     usual[sector] * chance.lognormal(-0.125, 0.5, METERS))  # fmt: skip


def _day(meters: _Register, day: date, seed: int) -> Readings:
    """Return the readings of a UTC day; two in a thousand are wrong or missing."""
    import numpy as np

    chance = np.random.default_rng([seed, number(day)])
    wanted = sample.shape(day)[meters.sector] * meters.mean[:, None]
    wh = (wanted * chance.lognormal(-0.02, 0.2, wanted.shape)).astype(np.int64).ravel()
    luck = chance.random(wh.size)
    wh[luck < sample.BAD / 4] *= -1
    wh[(luck >= sample.BAD / 4) & (luck < sample.BAD / 2)] *= 1000
    hours = np.tile(number(day) * 24 + np.arange(24), METERS)
    one = np.ones(wh.size, dtype=np.int64)
    rows = Readings(np.repeat(np.arange(1, METERS + 1), 24), hours, wh, one, one)
    return rows.rows(luck < 1 - sample.BAD / 2)


def read_meters(told: Sample) -> None:
    """Make up readings of both provinces until yesterday, judge and sum them, keep the sums."""
    import numpy as np

    today, meters = clock.local_date(told.now), _register(told.seed)
    first = today - timedelta(days=DAYS + 1)
    keys = list(zip(meters.area.tolist(), meters.feeder.tolist(), meters.sector.tolist(),
                    strict=True))  # fmt: skip
    cells = sorted(set(keys))
    place = {key: n for n, key in enumerate(cells)}
    cell = np.array([place[key] for key in keys])
    rules = Meters(np.arange(1, METERS + 1), cell, meters.most, len(cells))
    rolled: list[Rolled] = []
    for n in range(DAYS + 1):
        day = first + timedelta(days=n)
        before = rolled[-1].tail if rolled else None
        rows = _day(meters, day, told.seed)
        rolled.append(roll(rows, rules, ELECTRICITY, day=number(day), before=before))
    cut = slice(24 - BEFORE, -BEFORE)  # whole days of Tehran
    whole = {name: np.concatenate([getattr(r, name) for r in rolled], axis=1)[:, cut]
             for name in ("wh", "n", "bad", "expected")}  # fmt: skip
    largest = np.zeros(len(cells))
    np.maximum.at(largest, cell, meters.mean * 24)
    counts = np.bincount(cell, minlength=len(cells))
    names = list(sample.SHARES)
    told_cells = [(AREAS[a], f"sample-{f + 1:05}", names[s]) for a, f, s in cells]
    _loads(told_cells, whole, (counts, largest), first + timedelta(days=1), told.now)
    _feeders(told_cells, whole["wh"], counts, today - timedelta(days=1), told.seed)


def _where(feeder: str) -> tuple[int, str]:
    """Return the place of a sample feeder's city among four, and its district."""
    n = int(feeder.rpartition("-")[2]) - 1
    return n % 4, str(n // 4 % 3 + 1)


def _scale(area: str) -> float:
    """Return how many meters each sample meter stands for."""
    return MEAN_MW[area] * 1e6 / (METERS / len(AREAS) * sample.MEAN_WH)


def _loads(  # noqa: PLR0917 - one call, above
    names: list[Any], whole: dict[str, Any], more: tuple[Any, Any], first: date, now: datetime
) -> None:
    counts, largest = more
    cells: dict[tuple[str, str, str, str], list[int]] = {}
    for n, (area, feeder, sector) in enumerate(names):
        place, district = _where(feeder)
        cells.setdefault((area, CITIES[area][place], district, sector), []).append(n)
    rows = []
    for (area, city, district, sector), own in cells.items():
        scale = _scale(area)
        sums = {name: values[own].sum(axis=0).reshape(-1, 24) for name, values in whole.items()}
        rows += [
            DayLoad(
                area_id=area, city=city, district=district, sector=sector,
                day=first + timedelta(days=day),
                wh=[int(v * scale) for v in sums["wh"][day]],
                expected=int(sums["expected"][day].sum()), n=int(sums["n"][day].sum()),
                bad=int(sums["bad"][day].sum()), consumers=int(counts[own].sum()),
                largest=int(largest[own].max() * scale), known_at=now,
            )
            for day in range(len(sums["wh"]))
        ]  # fmt: skip
    DayLoad.objects.bulk_create(rows, batch_size=1000)


def _feeders(  # noqa: PLR0917 - one call, above
    names: list[Any], wh: Any, counts: Any, last: date, seed: int
) -> None:
    """Make the feeders: each of the meters' feeders stands for ten lines of about seven MW.

    Head meters read some per cent more than the sum, on a few lines much more.
    """
    import numpy as np

    chance = np.random.default_rng([seed, 1])
    load: dict[tuple[str, str], Any] = {}
    people: dict[tuple[str, str], int] = {}
    for n, (area, feeder, _sector) in enumerate(names):
        hours = wh[n].reshape(-1, 24).mean(axis=0)
        load[area, feeder] = load.get((area, feeder), np.zeros(24)) + hours
        people[area, feeder] = people.get((area, feeder), 0) + int(counts[n])
    rows = []
    for (area, feeder), hours in load.items():
        city, district = _where(feeder)
        scale = _scale(area) / LINES
        for line in range(LINES):
            lost = abs(chance.normal(0.04, 0.01)) + (0.14 if chance.random() < 0.02 else 0.0)
            rows.append(Feeder(
                code=f"{feeder}-{line}", area_id=area, city=CITIES[area][city], district=district,
                consumers=round(people[area, feeder] * scale),
                usual_mw=[round(float(v) * scale / 1e6, 3) for v in hours],
                gap_ppm=int(1e6 * lost / (1 + lost)), gap_day=last,
            ))  # fmt: skip
    Feeder.objects.bulk_create(rows, batch_size=500)


def meter_assets(world: World, told: Sample, *, moved: Mapping[UUID, Any], day: date) -> None:
    """Make up the metered hours of the consumers known by name; on one day they moved some."""
    import numpy as np

    chance = np.random.default_rng(told.seed)
    today = clock.local_date(told.now)
    rows = []
    for asset in world.assets:
        for back in range(DAYS, 0, -1):
            on = today - timedelta(days=back)
            usual = np.array(asset.usual_mw) * (0.85 if on.weekday() == 4 else 1.0)
            mw = usual * chance.normal(1.0, 0.02, 24)
            if on == day and asset.pk in moved:
                mw = np.maximum(mw - moved[asset.pk], 0.0)
            rows.append(AssetLoad(asset=asset, day=on, wh=[int(v * 1e6) for v in mw]))
    AssetLoad.objects.bulk_create(rows, batch_size=500)
