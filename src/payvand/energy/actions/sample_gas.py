"""How much natural gas does the sample country use, day by day? Made up, and marked so.

Sums of days in one province, with the shape of a cold country: homes burn most when it is cold,
industry and offices rest on Fridays. Supply is tight tomorrow, ample on the other days.
"""

from __future__ import annotations

from datetime import date, timedelta

from payvand.energy.actions import outlooks
from payvand.energy.actions.sample_readings import CITIES, EAST
from payvand.energy.models import DayLoad
from payvand.energy.queries import balance
from payvand.energy.rules.hours import GAS
from payvand.kernel import clock
from payvand.plugins.slots import Sample
from payvand.registry import public as registry

DAYS = 120
MEAN_MWH = 300_000  # of a day in the province, chosen for the sample
SHARES = {"residential": 0.45, "industrial": 0.35, "public": 0.08, "other": 0.12}
OF_CITIES = (0.6, 0.2, 0.12, 0.08)
CONSUMERS = {"residential": 180_000, "industrial": 900, "public": 2_500, "other": 14_000}
TIGHT, AMPLE, DOUBT = 0.75, 1.15, 0.01  # level of demand that supply meets; its share; its spread


def add(told: Sample) -> None:
    """Add the sums of the past, forecast from them, and say how supply meets that."""
    today = clock.local_date(told.now)
    with clock.frozen(told.now - timedelta(minutes=20)):
        _read(told.seed, [today - timedelta(days=n) for n in range(DAYS, 0, -1)])
        _foresee(today)


def go_on(seed: int, today: date) -> None:
    """Read the days that have passed since the last one, and foresee anew."""
    last = balance.latest_day(EAST, GAS)
    if last is None:
        return
    _read(seed, [last + timedelta(days=n) for n in range(1, (today - last).days)])
    _foresee(today)


def _foresee(today: date) -> None:
    by = registry.system("sample")
    outlooks.forecast(EAST, by=by, first=today, carrier=GAS)
    made = balance.latest_forecast(EAST, carrier=GAS)
    if made is None or not made.told:
        return
    middle = made.told[made.levels.index(0.5)]
    mwh = [AMPLE * value for value in middle]
    mwh[1] = made.told[made.levels.index(TIGHT)][1]
    rows = outlooks.hour_rows(today, [round(v, 1) for v in mwh], DOUBT * middle[0], carrier=GAS)
    outlooks.take_supply(EAST, rows, by=by, source="sample", carrier=GAS)
    outlooks.foresee(EAST, by=by, carrier=GAS)


def _read(seed: int, days: list[date]) -> None:
    """Write the sums of some days; the same seed and day, the same figures."""
    import numpy as np

    rows, now = [], clock.now()
    for day in days:
        chance = np.random.default_rng([seed, 2, day.toordinal()])
        waves = (np.sin(day.toordinal() / 5.3), np.sin(day.toordinal() / 1.9 + 1))
        mild = 2.5 * waves[0] + 1.5 * waves[1] + chance.normal(0, 1)  # degrees above the usual
        turn = 2 * np.pi * (day.timetuple().tm_yday - 20) / 365.25
        cold = max(0.0, 18 - (12 - 13 * float(np.cos(turn)) + float(mild)))
        rest = 0.85 if day.weekday() == 4 else 1.0
        use = {"residential": 0.25 + 0.08 * cold, "industrial": rest,
               "public": rest * (0.3 + 0.07 * cold), "other": 0.4 + 0.05 * cold}  # fmt: skip
        for sector, share in SHARES.items():
            for city, part in zip(CITIES[EAST], OF_CITIES, strict=True):
                mwh = MEAN_MWH * share * part * use[sector] * float(chance.normal(1, 0.02))
                meters = max(20, int(CONSUMERS[sector] * part))
                rows.append(DayLoad(
                    carrier=GAS, area_id=EAST, city=city, district="1", sector=sector, day=day,
                    wh=[int(mwh * 1e6)], expected=meters, n=meters - meters // 500,
                    bad=meters // 900, consumers=meters, largest=int(mwh * 1e6 * 0.05),
                    known_at=now,
                ))  # fmt: skip
    DayLoad.objects.bulk_create(rows, batch_size=1000)
