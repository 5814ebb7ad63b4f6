"""What do the meters of the sample country say, at its beginning and day by day?

Readings go the way of all readings: a register, Parquet, roll-ups, sums. Figures are scaled from
published ones: 275 TWh a year in the country (sales of 1398), sector shares of the same year. Each
sample meter stands for many; how many there are is a setting. The store is marked SAMPLE.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from payvand.energy.actions.taking_over import CARRIER, HEAD, Sums, take_over
from payvand.energy.models import Asset, AssetLoad, Feeder
from payvand.kernel import clock
from payvand.plugins.slots import Sample
from payvand.registry import public as registry

EAST, LORESTAN = "IR-03", "IR-15"
AREAS = (EAST, LORESTAN)
MEAN_MW = {EAST: 1413, LORESTAN: 565}  # shares of 0.045 and 0.018 of 31.4 GW, chosen for the sample
CITIES = {EAST: ("IR-03-303", "IR-03-306", "IR-03-307", "IR-03-302"),
          LORESTAN: ("IR-15-1503", "IR-15-1502", "IR-15-1505", "IR-15-1501")}  # fmt: skip
DAYS = 17  # before the first day of the sample
LINES = 200  # feeders of a province: of about 7 MW in one, 3 in the other
# Industry, farms and offices have more of the meters than in truth, so that a feeder of few sample
# meters is still like another; their use is as in truth.
METERS = {"residential": 0.5, "industrial": 0.15, "agriculture": 0.1, "public": 0.1, "other": 0.1,
          "street_lighting": 0.05}  # fmt: skip
BAD = 0.002  # share of readings that are wrong or missing


def line_name(n: int) -> str:
    """Return the name of the n-th sample feeder; those of a province follow each other."""
    return f"sample-{n + 1:04}"


def _where(n: int) -> tuple[str, str, str]:
    """Return province, city and district of the n-th sample feeder."""
    area, own = AREAS[n // LINES], n % LINES
    return area, CITIES[area][own % 4], str(own // 4 % 3 + 1)


class Country:
    """The sample meters of both provinces: the same seed, the same readings."""

    def __init__(self, seed: int, meters: int) -> None:
        import numpy as np

        from payvand.energy import sample

        self.seed, self.count = seed, meters
        chance, names = np.random.default_rng(seed), list(sample.SHARES)
        self.sector = chance.choice(len(names), meters, p=[METERS[name] for name in names])
        usual = np.array([sample.SHARES[name] / METERS[name] for name in names])
        mean = usual[self.sector] * chance.lognormal(-0.125, 0.5, meters)
        self.line = np.arange(meters) * (LINES * len(AREAS)) // meters
        self.area = self.line // LINES
        scale = [MEAN_MW[area] * 1e6 / (mean[self.area == n].sum() or 1.0)
                 for n, area in enumerate(AREAS)]  # fmt: skip
        self.mean = mean * np.array(scale)[self.area]  # Wh of an hour
        # a head meter sees what is lost on the way: some per cent, on a few lines much more
        lines = LINES * len(AREAS)
        lost = np.abs(chance.normal(0.04, 0.01, lines))
        self.lost = 1 + lost + np.where(chance.random(lines) < 0.02, 0.14, 0.0)

    @cached_property
    def store(self) -> Any:
        """Return the store of the installation."""
        return _store()

    def register(self) -> None:
        """Write the register of meters anew, and the feeders with their districts."""
        import numpy as np
        import pyarrow

        from payvand.energy import sample

        root = self.store.root
        if root.exists():
            shutil.rmtree(root)
        root.mkdir(parents=True)
        (root / "SAMPLE").write_text("Made-up readings for trying out. Nothing was measured.\n")
        names = list(sample.SHARES)
        lines = np.arange(LINES * len(AREAS))
        line = np.concatenate([self.line, lines])
        places = [_where(int(n)) for n in lines]
        load = np.bincount(self.line, weights=self.mean, minlength=len(lines))
        self.store.write_meters(CARRIER, pyarrow.table({
            "meter": np.arange(1, len(line) + 1),
            "province": [places[n][0] for n in line], "city": [places[n][1] for n in line],
            "feeder": [line_name(n) for n in line],
            "sector": [*(names[n] for n in self.sector), *[HEAD] * len(lines)],
            "most_wh": (np.concatenate([self.mean, load]) * 8).astype(np.int64) + 2000,
        }))  # fmt: skip
        Feeder.objects.bulk_create(
            [Feeder(code=line_name(n), area_id=area, city=city, district=district)
             for n, (area, city, district) in enumerate(places)], batch_size=500,
        )  # fmt: skip

    def read(self, days: Iterable[date]) -> None:
        """Make up the readings of some UTC days, roll them up and take their sums over."""
        from payvand.energy import ingest

        made = list(days)
        for day in made:
            self.store.write_part(CARRIER, day, "sample", self._day(day))
        rolled = ingest.roll_up(self.store, CARRIER, made)
        sums, by = Sums(self.store), registry.system("sample")
        for area in AREAS:
            take_over(area, sums, rolled, by=by)

    def _day(self, day: date) -> Any:
        """Return the readings of a UTC day; two in a thousand are wrong or missing."""
        import numpy as np

        from payvand.energy import sample
        from payvand.energy.engine.store import number
        from payvand.energy.rules.rollup import Readings

        chance = np.random.default_rng([self.seed, number(day)])
        wanted = sample.shape(day)[self.sector] * self.mean[:, None]
        true = (wanted * chance.lognormal(-0.02, 0.2, wanted.shape)).astype(np.int64)
        lines = LINES * len(AREAS)
        slot = self.line[:, None] * 24 + np.arange(24)
        sums = np.bincount(slot.ravel(), weights=true.ravel(), minlength=lines * 24)
        heads = (sums.reshape(lines, 24) * self.lost[:, None]).astype(np.int64)
        wh, luck = true.ravel(), chance.random(true.size)
        wh[luck < BAD / 4] *= -1
        wh[(luck >= BAD / 4) & (luck < BAD / 2)] *= 1000
        there = np.concatenate([luck < 1 - BAD / 2, np.ones(heads.size, dtype=bool)])
        count = self.count + lines
        one = np.ones(count * 24, dtype=np.int64)
        rows = Readings(
            np.repeat(np.arange(1, count + 1), 24),
            np.tile(number(day) * 24 + np.arange(24), count),
            np.concatenate([wh, heads.ravel()]), one, one * (number(day) + 1) * 86400,
        )  # fmt: skip
        return rows.rows(there)


def _store() -> Any:
    from payvand.energy.engine.store import Store

    return Store(Path(settings.PAYVAND_ENERGY_STORE))


def begin(told: Sample) -> None:
    """Make up readings of both provinces until yesterday; an earlier sample store is replaced.

    Raises RuntimeError where the store holds readings that are no sample.
    """
    store = _store()
    if store.days("readings", CARRIER) and not store.is_sample:
        raise RuntimeError(f"{store.root} holds real readings: no sample is written there")
    today = clock.local_date(told.now)
    country = Country(told.seed, settings.PAYVAND_DEMO_METERS)
    country.register()
    country.read(today - timedelta(days=n) for n in range(DAYS + 1, 0, -1))


def go_on(seed: int, today: date) -> list[date]:
    """Make up the readings of the days that have passed since; returns the new days."""
    store = _store()
    if not store.is_sample:
        return []
    last = store.days("readings", CARRIER)[-1]
    new = [last + timedelta(days=n + 1) for n in range((today - last).days - 1)]
    if new:
        Country(seed, settings.PAYVAND_DEMO_METERS).read(new)
    return new


def meter_assets(
    assets: Sequence[Asset],
    days: Iterable[date],
    *,
    seed: int,
    moved: Mapping[tuple[UUID, date], Any],
) -> None:
    """Make up what the consumers known by name used; on some days they moved some of it."""
    import numpy as np

    rows = []
    for day in days:
        chance = np.random.default_rng([seed, day.toordinal()])
        for asset in assets:
            usual = np.array(asset.usual_mw) * (0.85 if day.weekday() == 4 else 1.0)
            mw = usual * chance.normal(1.0, 0.02, usual.size)
            if (asset.pk, day) in moved:
                mw = np.maximum(mw - moved[asset.pk, day], 0.0)
            rows.append(AssetLoad(asset=asset, day=day, wh=[int(v * 1e6) for v in mw]))
    AssetLoad.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
