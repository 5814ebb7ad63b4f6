"""Which province do the tests about plans live in? Lorestan of the small world, made of formulas.

Feeders of 4 MW in two cities, five consumers known by name, ten days of sums, and supply that
misses the evening peak of the day after tomorrow's eve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import exp
from typing import Any
from uuid import UUID

from payvand.energy.actions import outlooks
from payvand.energy.models import Asset, AssetLoad, DayLoad, Feeder, Offer, Plan, Threshold
from payvand.energy.rules.hours import GAS
from payvand.kernel import clock
from payvand.kernel.ids import make_company_id
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.registry.public import Actor, Seat
from tests import world as worlds

AREA = "IR-15"
NOW = datetime(2025, 11, 10, 5, 30, tzinfo=worlds.MONDAY.tzinfo)  # Monday, 9:00 in Tehran
TODAY = date(2025, 11, 10)
DAY = TODAY + timedelta(days=1)
SHARES = {"residential": 0.4, "industrial": 0.35, "public": 0.15, "other": 0.1}
PEAK = 200.0  # MW
GAS_SECTORS = {"residential": 6000, "industrial": 4000}  # MWh a day
CITIES = ("IR-15-1503", "IR-15-1502")
SYSTEM = registry.system("tests")


@dataclass
class Province:
    """The actors and consumers of the tests."""

    world: worlds.World
    operator: Actor = field(default_factory=Actor)
    governor: Actor = field(default_factory=Actor)
    assets: dict[str, Asset] = field(default_factory=dict)
    gas: dict[str, Asset] = field(default_factory=dict)
    parties: dict[str, UUID] = field(default_factory=dict)
    authority: UUID | None = None

    def speaker(self, name: str) -> Actor:
        """Return somebody who signs for a consumer."""
        party = self.parties[name]
        return Actor(user_id=5, seats=(Seat(party, "signatory"),), mandates=(party,))


def shape(hour: int) -> float:
    """Return the share of the peak that is used in an hour: most at 18:30."""
    return 0.6 + 0.4 * exp(-(((hour - 18) / 3.0) ** 2))


def build() -> Province:
    """Make the province as of NOW; the clock must stand there."""
    world = worlds.build()
    made = Province(world)
    org = world.agencies["owner"]
    for role in ("energy-operator", "gas-operator"):
        r.DebtorRole.objects.create(role=role, place_id=AREA, agency_id=org)
    made.operator = Actor(user_id=41, seats=(Seat(org, "clerk"),))
    made.governor = world.holder("governor")
    for carrier in ("electricity", "gas"):
        Threshold.objects.create(
            carrier=carrier, area_id=AREA, office_id=world.offices["governor"],
            signer_id=world.offices["governor"], probability=0.5,
        )  # fmt: skip
    _feeders()
    _loads()
    _assets(made)
    registry.forget()
    return made


def _feeders() -> None:
    Feeder.objects.bulk_create(
        Feeder(code=f"f{n:02}", area_id=AREA, city=CITIES[n % 2], district=str(n // 2 % 3 + 1),
               consumers=300 + n, usual_mw=[round(4 * shape(h), 3) for h in range(24)],
               gap_ppm=40_000 + n, gap_day=TODAY)
        for n in range(40)
    )  # fmt: skip


def _loads() -> None:
    rows = []
    for back in range(10, 0, -1):
        for n, city in enumerate(CITIES):
            for sector, share in SHARES.items():
                mw = [PEAK * share * (0.6 if n == 0 else 0.4) * shape(h) * (1 + back % 3 / 100)
                      for h in range(24)]  # fmt: skip
                few = sector == "industrial" and n == 1
                rows.append(DayLoad(
                    area_id=AREA, city=city, district="1", sector=sector,
                    day=TODAY - timedelta(days=back), wh=[int(v * 1e6) for v in mw], expected=2400,
                    n=2390, bad=3, consumers=4 if few else 400,
                    largest=int(sum(mw) * 1e6 * (0.5 if few else 0.01)), known_at=NOW,
                ))  # fmt: skip
    DayLoad.objects.bulk_create(rows)


def _assets(made: Province) -> None:
    authority = r.Party.objects.create(kind="agency", slug="rank", name_fa="مرجع نمونه",
                                       name_en="Sample authority", place_id="IR")  # fmt: skip
    made.authority = authority.pk
    for n, (name, sector, tier, mw, offer) in enumerate((
        ("steel", "industrial", "ordinary", 20.0, 12.0),
        ("cement", "industrial", "ordinary", 10.0, 6.0),
        ("glass", "industrial", None, 5.0, 0.0), ("hospital", "public", "vital", 3.0, 0.0),
        ("dairy", "other", "sensitive", 4.0, 0.0),
    )):  # fmt: skip
        party = r.Party.objects.create(
            kind="company", national_id=make_company_id(f"14009998{n:02}"), name_fa=f"نمونه {name}",
            name_en=name, place_id=CITIES[0] if n else AREA,
        )  # fmt: skip
        site = r.Site.objects.create(owner=party, place_id=AREA, title=name)
        if tier:
            r.SiteTier.objects.create(site=site, tier=tier, authority=authority, ref="S-1",
                                      valid_from=date(2024, 1, 1))  # fmt: skip
        made.parties[name] = party.pk
        asset = made.assets[name] = Asset.objects.create(
            party=party, site=site, title={"fa": f"نمونه {name}", "en": name}, area_id=AREA,
            city=CITIES[0], feeder=f"f{n:02}", sector=sector, usual_mw=[mw] * 24,
            shed_cap=10 if sector == "industrial" else 5, day_cap=20, notice_hours=8,
            protected_hours=[17, 18] if name == "dairy" else [],
        )  # fmt: skip
        if offer:
            Offer.objects.create(asset=asset, mw=offer, from_hour=8, to_hour=24, notice_hours=8,
                                 price_rial=20_000_000, made_at=NOW)  # fmt: skip


def supply(mw: float = 0.88 * PEAK, *, unknown: tuple[int, ...] = ()) -> None:
    """State supply for three days, short at the peaks unless more is stated."""
    rows = outlooks.hour_rows(TODAY, [mw if n // 24 == 1 else 1.3 * PEAK for n in range(72)], 2.0)
    outlooks.take_supply(AREA, [row for n, row in enumerate(rows) if n not in unknown], by=SYSTEM,
                         source="tests")  # fmt: skip


def gas(days: int = 60, *, until: date = TODAY, sectors: Mapping[str, float] = GAS_SECTORS) -> None:
    """Write sums of days of gas for some sectors; Fridays are low."""
    rows = []
    for back in range(days, 0, -1):
        day = until - timedelta(days=back)
        for sector, mwh in sectors.items():
            use = mwh * (0.8 if day.weekday() == 4 else 1.0) * (1 + (back * 7 % 5 - 2) / 100)
            rows.append(DayLoad(
                carrier=GAS, area_id=AREA, city=CITIES[0], district="1", sector=sector,
                day=day, wh=[int(use * 1e6)], expected=100, n=100, bad=0, consumers=100,
                largest=10**9, known_at=NOW,
            ))  # fmt: skip
    DayLoad.objects.bulk_create(rows)


def gas_supply(*mwh: float) -> None:
    """State the supply of gas for some days from today on."""
    rows = outlooks.hour_rows(TODAY, mwh, 50.0, carrier=GAS)
    outlooks.take_supply(AREA, rows, by=SYSTEM, source="tests", carrier=GAS)


def gas_consumers(made: Province) -> None:
    """Register consumers of gas: steel moves, a power plant has another fuel, a hospital neither.

    Their days are metered.
    """
    for name, sector, tier, mwh, offer in (
        ("steel", "industrial", None, 900.0, (500.0, True)),
        ("plant", "power", "ordinary", 1500.0, (600.0, False)),
        ("hospital", "public", None, 60.0, None),
    ):  # fmt: skip
        if name in made.assets:  # the same place as of electricity, with the same rank
            party, site = made.assets[name].party, made.assets[name].site
        else:
            party = r.Party.objects.create(
                kind="company", national_id=make_company_id("1400999850"), name_fa=f"نمونه {name}",
                name_en=name, place_id=AREA,
            )  # fmt: skip
            site = r.Site.objects.create(owner=party, place_id=AREA, title=name)
            r.SiteTier.objects.create(site=site, tier=tier, authority_id=made.authority, ref="S-1",
                                      valid_from=date(2024, 1, 1))  # fmt: skip
        made.parties[name] = party.pk
        asset = made.gas[name] = Asset.objects.create(
            carrier=GAS, party=party, site=site, title={"fa": f"نمونه {name}", "en": name},
            area_id=AREA, city=CITIES[0], sector=sector, usual_mw=[mwh], shed_cap=10, day_cap=10,
            notice_hours=8,
        )  # fmt: skip
        if offer:
            Offer.objects.create(asset=asset, mw=offer[0], notice_hours=8, made_at=NOW,
                                 price_rial=3_000_000, comes_back=offer[1])  # fmt: skip


def gas_foreseen(*mwh: float) -> Any:
    """Foresee gas: a day short of it tomorrow unless other supply is told; returns the outlook."""
    gas(sectors=GAS_SECTORS | {"power": 2000, "public": 500})
    gas_supply(*(mwh or (15_000, 10_500, 15_000, 15_000, 15_000, 15_000, 15_000, 15_000)))
    outlooks.forecast(AREA, by=SYSTEM, carrier=GAS)
    return outlooks.foresee(AREA, by=SYSTEM, carrier=GAS)


def meter_gas(made: Province, plan: Plan, shares: dict[str, float]) -> None:
    """Write the metered days of the gas consumers: as usual, less what each gave."""
    asked = {row.asset_id: row.out_mw for row in plan.requests.all()}
    rows = []
    for name, asset in made.gas.items():
        for n in range(-20, (plan.last - plan.day).days + 1):
            given = asked[asset.pk][n] if n >= 0 and asset.pk in asked else 0.0
            mwh = asset.usual_mw[0] - shares.get(name, 0.0) * given
            rows.append(AssetLoad(asset=asset, day=plan.day + timedelta(days=n),
                                  wh=[int(mwh * 1e6)]))  # fmt: skip
    AssetLoad.objects.bulk_create(rows)


def foreseen() -> Any:
    """Make forecast and outlook; returns the outlook."""
    supply()
    outlooks.forecast(AREA, by=SYSTEM)
    return outlooks.foresee(AREA, by=SYSTEM)


def meter(made: Province, plan: Plan, shares: dict[str, float]) -> None:
    """Write the metered days of the consumers: as usual, less what each moved on the plan's day."""
    asked = {row.asset_id: row.out_mw for row in plan.requests.all()}
    rows = []
    for name, asset in made.assets.items():
        for back in range(12, -1, -1):
            day = plan.day - timedelta(days=back)
            mw = list(asset.usual_mw)
            if day == plan.day and asset.pk in asked:
                mw = [u - shares.get(name, 0.0) * o
                      for u, o in zip(mw, asked[asset.pk], strict=True)]  # fmt: skip
            rows.append(AssetLoad(asset=asset, day=day, wh=[int(v * 1e6) for v in mw]))
    AssetLoad.objects.bulk_create(rows)


def at(day: date, hour: int) -> datetime:
    """Return a moment in Tehran."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.TEHRAN)
