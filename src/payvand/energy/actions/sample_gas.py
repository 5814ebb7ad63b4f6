"""How much natural gas does the sample country use, day by day? Made up, and marked so.

Sums of days in one province, with the shape of a cold country: homes burn most when it is cold,
industry and offices rest on Fridays. Supply is tight tomorrow, ample on the other days.
"""

from __future__ import annotations

from datetime import date, timedelta

from payvand.energy.actions import outlooks
from payvand.energy.actions.sample_readings import CITIES, EAST
from payvand.energy.models import DayLoad, Outlook
from payvand.energy.queries import balance
from payvand.energy.rules.hours import GAS
from payvand.kernel import clock
from payvand.plugins.slots import Sample
from payvand.registry import public as registry

DAYS = 120
AHEAD = 7  # days for which supply is stated
MEAN_MWH = 300_000  # of a day in the province, chosen for the sample
SHARES = {"residential": 0.45, "industrial": 0.25, "power": 0.15, "public": 0.06, "other": 0.09}
OF_CITIES = (0.6, 0.2, 0.12, 0.08)
CONSUMERS = {"residential": 180_000, "industrial": 900, "power": 4, "public": 2_500,
             "other": 14_000}  # fmt: skip
TIGHT, AMPLE, DOUBT = 0.97, 1.2, 0.01  # supply against the middle of demand; its spread


def begin(told: Sample) -> None:
    """Add the sums of the past."""
    today = clock.local_date(told.now)
    with clock.frozen(told.now - timedelta(minutes=20)):
        _read(told.seed, [today - timedelta(days=n) for n in range(DAYS, 0, -1)])


def go_on(seed: int, today: date) -> bool:
    """Read the days that have passed since the last one; False where there is none."""
    last = balance.latest_day(EAST, GAS)
    if last is not None:
        _read(seed, [last + timedelta(days=n) for n in range(1, (today - last).days)])
    return last is not None


def foresee(first: date, short_on: date | None) -> Outlook:
    """Forecast from the sums, say how supply meets that for a week, and foresee."""
    by = registry.system("sample")
    outlooks.forecast(EAST, by=by, first=first, carrier=GAS)
    made = balance.latest_forecast(EAST, carrier=GAS)
    middle = made.told[made.levels.index(0.5)] if made is not None and made.told else [MEAN_MWH]
    mwh = [AMPLE * (middle[n] if n < len(middle) else max(middle)) for n in range(AHEAD)]
    place = (short_on - first).days if short_on is not None else -1
    if 0 <= place < len(middle):
        mwh[place] = TIGHT * middle[place]
    rows = outlooks.hour_rows(first, [round(v, 1) for v in mwh], DOUBT * middle[0], carrier=GAS)
    outlooks.take_supply(EAST, rows, by=by, source="sample", carrier=GAS)
    return outlooks.foresee(EAST, by=by, carrier=GAS)


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
        use = {"residential": 0.25 + 0.08 * cold, "industrial": rest, "power": 0.9,
               "public": rest * (0.3 + 0.07 * cold), "other": 0.4 + 0.05 * cold}  # fmt: skip
        for sector, share in SHARES.items():
            for city, part in zip(CITIES[EAST], OF_CITIES, strict=True):
                mwh = MEAN_MWH * share * part * use[sector] * float(chance.normal(1, 0.02))
                meters = max(1, int(CONSUMERS[sector] * part))
                rows.append(DayLoad(
                    carrier=GAS, area_id=EAST, city=city, district="1", sector=sector, day=day,
                    wh=[int(mwh * 1e6)], expected=meters, n=meters - meters // 500,
                    bad=meters // 900, consumers=meters, largest=int(mwh * 1e6 * 0.05),
                    known_at=now,
                ))  # fmt: skip
    DayLoad.objects.bulk_create(rows, batch_size=1000)
