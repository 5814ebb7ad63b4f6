"""What might a province's meters say? Made-up readings, scaled from published Iranian figures.

Nothing here is measured: the store is marked SAMPLE. Sector shares are those of the sales of 1398
(industry 35.3 %, homes 32.2 %, farming 14.1 %, public 9.3 %, other 7.3 %, street lights 1.8 %); the
day peaks in the afternoon in the warm half of the year and in the evening in the cold half.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from payvand.energy.engine.questions import HEAD
from payvand.energy.engine.store import Store, number
from payvand.energy.rules.rollup import ELECTRICITY, Carrier, Readings
from payvand.energy.rules.series import Floats, Ints

SHARES = {
    "residential": 0.322, "industrial": 0.353, "agriculture": 0.141, "public": 0.093,
    "other": 0.073, "street_lighting": 0.018,
}  # fmt: skip
METERS = {
    "residential": 0.80, "industrial": 0.02, "agriculture": 0.04, "public": 0.04,
    "other": 0.08, "street_lighting": 0.02,
}  # fmt: skip
MEAN_WH = 1100  # of all meters, an hour: 275 TWh a year over some 28 million meters
PER_FEEDER = 50
BAD = 0.002


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make up."""

    meters: int
    first: date
    days: int
    provinces: tuple[str, ...]
    carrier: Carrier = ELECTRICITY
    seed: int = 1404


def build(store: Store, plan: Plan, tell: Callable[[int, int], None] | None = None) -> None:
    """Write a register and readings of so many days; the same plan makes the same readings."""
    chance = np.random.default_rng(plan.seed)
    store.root.mkdir(parents=True, exist_ok=True)
    (store.root / "SAMPLE").write_text("Made-up readings for trying out. Nothing was measured.\n")
    sector, mean = _register(store, plan, chance)
    for place in range(plan.days):
        day = plan.first + timedelta(days=place)
        rows = _with_heads(_day(chance, day, plan.carrier, (sector, mean)), plan.meters, chance)
        store.write_part(plan.carrier.name, day, "sample-0", rows)
        if tell:
            tell(place + 1, plan.days)


def _register(store: Store, plan: Plan, chance: np.random.Generator) -> tuple[Ints, Floats]:
    """Write the register; return sector number and mean Wh of each meter."""
    import pyarrow

    count, provinces = plan.meters, plan.provinces
    names = list(SHARES)
    sector = chance.choice(len(names), count, p=list(METERS.values()))
    usual = np.array([SHARES[n] / METERS[n] for n in names]) * MEAN_WH
    mean = usual[sector] * chance.lognormal(-0.125, 0.5, count)
    feeder = np.arange(count) // PER_FEEDER
    feeders = int(feeder[-1]) + 1
    province = feeder * len(provinces) // feeders
    own = np.arange(feeders)
    of_feeder = own * len(provinces) // feeders
    city = [f"{provinces[p]}-city-{f % 4 + 1}" for f, p in enumerate(of_feeder)]
    load = np.bincount(feeder, weights=mean)
    store.write_meters(plan.carrier.name, pyarrow.table({
        "meter": np.arange(1, count + feeders + 1),
        "province": [provinces[p] for p in (*province, *of_feeder)],
        "city": [city[f] for f in (*feeder, *own)],
        "feeder": [f"sample-{f + 1:05d}" for f in (*feeder, *own)],
        "sector": [*(names[s] for s in sector), *[HEAD] * feeders],
        "most_wh": (np.concatenate([mean, load]) * 8).astype(np.int64) + 2000,
    }))  # fmt: skip
    return sector, mean


def _with_heads(rows: Readings, meters: int, chance: np.random.Generator) -> Readings:
    """Return the rows and those of the feeders' head meters: 4 % lost on the way, in some more."""
    feeder = (rows.meter - 1) // PER_FEEDER
    hours, slot = np.unique(rows.hour, return_inverse=True)
    feeders = int(feeder.max()) + 1
    # a head meter is one device: it does not see what a household meter misreads
    sound = np.where((rows.wh < 0) | (rows.wh > 1_000_000), 0, rows.wh)
    sums = np.bincount(feeder * len(hours) + slot, weights=sound, minlength=feeders * len(hours))
    lost = 1.04 + 0.15 * (np.arange(feeders) % 97 == 0) + 0.004 * chance.standard_normal(feeders)
    wh = (sums.reshape(feeders, -1) * lost[:, None]).astype(np.int64).ravel()
    head = np.repeat(np.arange(feeders), len(hours)) + meters + 1
    one = np.ones(wh.size, dtype=np.int64)
    return Readings(*(np.concatenate(pair) for pair in (
        (rows.meter, head), (rows.hour, np.tile(hours, feeders)), (rows.wh, wh),
        (rows.version, one), (rows.known, one * rows.known.max()),
    )))  # fmt: skip


def shape(day: date) -> Floats:
    """Return (sector, 24) of how the hours of a UTC day compare with the mean, in Tehran."""
    hour = (np.arange(24) + 3.5) % 24
    warm = 0.5 * (1 - np.cos(2 * np.pi * (day.timetuple().tm_yday - 20) / 365.25))
    noon, evening = np.exp(-(((hour - 15) / 3.5) ** 2)), np.exp(-(((hour - 19) / 2.2) ** 2))
    night = ((hour >= 19) | (hour < 5.5)).astype(float)
    friday = day.weekday() == 4
    home = 0.7 + (0.25 + 0.9 * warm) * noon + (1.0 - 0.4 * warm) * evening
    work = 0.45 + 1.2 * np.exp(-(((hour - 11.5) / 4) ** 2)) * (0.4 if friday else 1.0)
    rows = [
        home, np.full(24, 0.8 if friday else 1.03), 0.3 + 1.4 * warm * (0.6 + 0.4 * night), work,
        0.5 * home + 0.5 * work, 0.02 + 2.2 * night,
    ]  # fmt: skip
    found: Floats = np.stack(rows) * (0.85 + 0.45 * warm)
    return found


def _day(
    chance: np.random.Generator, day: date, carrier: Carrier, meters: tuple[Ints, Floats]
) -> Readings:
    """Return the readings of all meters of one day; two in a thousand are wrong or missing."""
    sector, mean = meters
    count, slots = len(mean), carrier.slots
    hours = number(day) * 24 + np.arange(slots) * carrier.step_hours
    wanted = shape(day)[sector] * mean[:, None] * chance.lognormal(-0.02, 0.2, (count, 24))
    wh = wanted.reshape(count, slots, -1).sum(axis=2).astype(np.int64).ravel()
    luck = chance.random(wh.size)
    wh[luck < BAD / 4] *= -1
    wh[(luck >= BAD / 4) & (luck < BAD / 2)] *= 1000
    there = luck < 1 - BAD / 2
    meter = np.repeat(np.arange(1, count + 1), slots)
    known = np.full(wh.size, (number(day) + 1) * 86400)
    rows = Readings(meter, np.tile(hours, count), wh, np.ones(wh.size, dtype=np.int64), known)
    return rows.rows(there)
