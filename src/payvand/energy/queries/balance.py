"""How do demand and supply stand in a province, now and for 72 hours, and how good are the data?

Everything is read from sums, forecasts and outlooks that were written when data came in; no engine
is started by a page. A fixed number of queries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, Sum

from payvand.energy.models import (
    DayLoad,
    Feeder,
    Forecast,
    Outlook,
    Plan,
    ReadingsDue,
    Supply,
    Threshold,
)
from payvand.energy.rules.hours import DAYS, ELECTRICITY, STEPS, start_of

WORST_FEEDERS = 10
MIO = 1_000_000
Numbers = list[float | None]


@dataclass(frozen=True, slots=True)
class Quality:
    """Readings owed, come and not trusted; what is lacking or bad had to be imputed."""

    expected: int = 0
    present: int = 0
    bad: int = 0

    @property
    def missing(self) -> int:
        """Return how many of the readings owed did not come."""
        return self.expected - self.present

    @property
    def imputed_percent(self) -> float:
        """Return the share that had to be filled in."""
        lacking = self.expected - self.present + self.bad
        return 100.0 * lacking / self.expected if self.expected else 0.0


@dataclass(slots=True)
class Used:
    """What was used on one day: MWh by period, by sector and (city, sector), with its quality."""

    day: date
    total: Numbers = field(default_factory=lambda: [None] * 24)
    sectors: dict[str, float] = field(default_factory=dict)  # MWh of the day
    cities: dict[str, dict[str, float]] = field(default_factory=dict)
    quality: Quality = Quality()


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is foreseen: by hour, NaN-free (None where unknown)."""

    first: date
    made_at: datetime
    status: str
    missing: float
    low: Numbers
    middle: Numbers
    high: Numbers
    supply: Numbers


def latest_day(area: str, carrier: str = ELECTRICITY) -> date | None:
    """Return the newest day with sums."""
    rows = DayLoad.objects.filter(carrier=carrier, area_id=area).order_by("-day")
    return rows.values_list("day", flat=True).first()


def used(area: str, day: date, carrier: str = ELECTRICITY) -> Used:
    """Return what was used on a day. One query."""
    found = Used(day)
    steps = STEPS[carrier]
    rows = DayLoad.objects.filter(area_id=area, day=day, carrier=carrier)
    expected = present = bad = 0
    total = [0.0] * steps
    known = [False] * steps
    for row in rows.values_list("city", "sector", "wh", "expected", "n", "bad"):
        city, sector, wh, owed, came, doubtful = row
        mwh = sum(value or 0 for value in wh) / MIO
        found.sectors[sector] = found.sectors.get(sector, 0.0) + mwh
        of_city = found.cities.setdefault(city, {})
        of_city[sector] = of_city.get(sector, 0.0) + mwh
        for hour, value in enumerate(wh[:steps]):
            if value is not None:
                total[hour] += value / MIO
                known[hour] = True
        expected, present, bad = expected + owed, present + came, bad + doubtful
    found.total = [value if there else None for value, there in zip(total, known, strict=True)]
    found.quality = Quality(expected, present, bad)
    return found


def used_by_day(
    area: str, first: date, last: date, carrier: str = ELECTRICITY
) -> list[dict[str, float]]:
    """Return the MWh of each day between two by sector, the earliest first. One query."""
    rows = DayLoad.objects.filter(carrier=carrier, area_id=area, day__gte=first, day__lte=last)
    found: dict[date, dict[str, float]] = {}
    for day, sector, wh in rows.order_by("day").values_list("day", "sector", "wh"):
        own = found.setdefault(day, {})
        own[sector] = own.get(sector, 0.0) + sum(value or 0 for value in wh) / MIO
    return list(found.values())


def quality_by_day(
    area: str, last: date | None, days: int = 14, carrier: str = ELECTRICITY
) -> list[tuple[date, Quality]]:
    """Return the quality of the days up to the last one, the newest first. One query at most."""
    if last is None:
        return []
    rows = DayLoad.objects.filter(carrier=carrier, area_id=area, day__lte=last,
                                  day__gt=last - timedelta(days=days))  # fmt: skip
    sums = rows.order_by().values_list("day").annotate(Sum("expected"), Sum("n"), Sum("bad"))
    return [(day, Quality(*counts)) for day, *counts in sums.order_by("-day")]


def readings_due(carrier: str = ELECTRICITY) -> list[date]:
    """Return the UTC days whose readings came and are not summed yet."""
    rows = ReadingsDue.objects.filter(carrier=carrier).order_by("day")
    return list(rows.values_list("day", flat=True))


def latest_forecast(area: str, sector: str = "", carrier: str = ELECTRICITY) -> Forecast | None:
    """Return the newest forecast of a sector, or of all."""
    rows = Forecast.objects.filter(carrier=carrier, area_id=area, sector=sector)
    return rows.order_by("-made_at").first()


def forecasts_of(area: str, made_at: datetime, carrier: str = ELECTRICITY) -> dict[str, Forecast]:
    """Return the forecasts of all sectors made at one moment."""
    rows = Forecast.objects.filter(carrier=carrier, area_id=area, made_at=made_at)
    return {row.sector: row for row in rows}


def supply_of(
    area: str, first: date, days: int = DAYS, *, carrier: str = ELECTRICITY,
    as_of: datetime | None = None,
) -> tuple[Numbers, Numbers]:  # fmt: skip
    """Return supply and its standard deviation by step, as last known (or as known at a moment)."""
    start, steps = start_of(first), STEPS[carrier]
    rows = Supply.objects.filter(carrier=carrier, area_id=area, at__gte=start,
                                 at__lt=start + timedelta(days=days))  # fmt: skip
    if as_of is not None:
        rows = rows.filter(known_at__lte=as_of)
    mw: Numbers = [None] * (days * steps)
    spread: Numbers = [None] * (days * steps)
    for at, value, sd in rows.order_by("known_at", "pk").values_list("at", "mw", "sd_mw"):
        place = int((at - start).total_seconds() // (86400 / steps))
        mw[place], spread[place] = value, sd
    return mw, spread


def outlook_of(area: str, carrier: str = ELECTRICITY) -> Outlook | None:
    """Return the newest outlook of a province."""
    rows = Outlook.objects.filter(carrier=carrier, area_id=area)
    return rows.order_by("-made_at", "-pk").first()


def ahead(area: str, carrier: str = ELECTRICITY) -> Ahead | None:
    """Return the next three days with their bands; None before a forecast was made.

    A refused forecast has no bands: its figures are unknown.
    """
    row = latest_forecast(area, carrier=carrier)
    if row is None:
        return None
    nothing: Numbers = [None] * (DAYS * STEPS[carrier])
    told = {round(level, 2): row.told[n] if row.told else nothing
            for n, level in enumerate(row.levels)}  # fmt: skip
    supply, _ = supply_of(area, row.first, carrier=carrier)
    return Ahead(row.first, row.made_at, row.status, row.missing, told[0.1], told[0.5],
                 told[0.9], supply)  # fmt: skip


def carriers_of(area: str) -> list[str]:
    """Return the carriers of which a province has sums, electricity first."""
    rows = DayLoad.objects.filter(area_id=area).order_by("carrier")
    return list(rows.values_list("carrier", flat=True).distinct())


def deviating(area: str) -> list[Feeder]:
    """Return the feeders whose head meter and meters differ most; for the operator only."""
    rows = Feeder.objects.filter(area_id=area, gap_ppm__gt=0).order_by("-gap_ppm", "code")
    return list(rows[:WORST_FEEDERS])


def areas_with_data(carrier: str = "") -> list[str]:
    """Return the provinces of which anything is known, of a carrier or of any."""
    rows: Any = Threshold.objects.order_by("area_id").values_list("area_id", flat=True)
    return list((rows.filter(carrier=carrier) if carrier else rows).distinct())


def threshold_of(area: str, carrier: str = ELECTRICITY) -> Threshold | None:
    """Return who is warned and who signs in a province."""
    rows = Threshold.objects.filter(area_id=area, carrier=carrier)
    return rows.select_related("ground").first()


FORECAST, OUTLOOK = "forecast", "outlook"


def waiting(today: date) -> dict[tuple[str, str], str]:
    """Return (province, carrier) whose forecast is of an earlier day, or whose supply is news.

    A forecast waits for the sums of the day before. Four queries.
    """
    eve, pair = today - timedelta(days=1), ("area_id", "carrier")
    whole = set(DayLoad.objects.filter(day=eve).values_list(*pair).distinct())
    forecasts = Forecast.objects.filter(sector="").order_by().values_list(*pair)
    told = {(area, kind): at for area, kind, at in forecasts.annotate(Max("first"))}
    stated = Supply.objects.order_by().values_list(*pair).annotate(Max("known_at"))
    made = Outlook.objects.order_by().values_list(*pair).annotate(Max("made_at"))
    news, seen = ({(area, kind): at for area, kind, at in rows} for rows in (stated, made))
    found = {}
    for key in sorted(news):
        if key in whole and (key not in told or told[key] < today):
            found[key] = FORECAST
        elif key in told and (key not in seen or news[key] > seen[key]):
            found[key] = OUTLOOK
    return found


def newest_plans(area: str, size: int = 20, carrier: str = ELECTRICITY) -> list[Plan]:
    """Return the plans of a province, the newest day first."""
    rows = Plan.objects.filter(carrier=carrier, area_id=area).order_by("-day", "-made_at")
    return list(rows[:size])
