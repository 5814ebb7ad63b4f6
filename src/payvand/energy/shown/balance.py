"""How does the balance look on a page: charts, tiles and rows in words?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from payvand.energy import labels
from payvand.energy.models import Outlook
from payvand.energy.queries.balance import Ahead, Quality, Used
from payvand.energy.rules import hours
from payvand.energy.rules.hours import ELECTRICITY, STEPS
from payvand.energy.shown.words import Tile, clock_time, number, sign
from payvand.kernel import jalali, text
from payvand.kernel.text import format_number
from payvand.ui import charts
from payvand.ui.charts import Chart, Series

LIKELY = 0.2  # hours with a lower probability are not listed


def moment(first: date, hour: int, lang: str) -> str:
    """Return a day and the beginning of an hour, short, for an axis."""
    day = first + timedelta(days=hour // 24)
    said = hours.label(hour)
    said = text.to_persian_digits(said) if lang == "fa" else said
    return f"{jalali.format_date(day, lang, year=False)} {said}"


def _axis(first: date, count: int, lang: str, steps: int = 24) -> list[str]:
    """Return the names of hours, the last one short, for it stands at the edge; or of days."""
    if steps == 1:
        days = [first + timedelta(days=n) for n in range(count)]
        return [jalali.format_date(day, lang, year=False) for day in days]
    names = [moment(first, n, lang) for n in range(count)]
    return [*names[:-1], names[-1].rpartition(" ")[2]]


def days_ahead(told: Ahead, lang: str, carrier: str = ELECTRICITY) -> Chart:
    """Return demand with its band against supply over three days."""
    hourly = STEPS[carrier] > 1
    names = _axis(told.first, len(told.middle), lang, STEPS[carrier])
    title = (_("Demand foreseen and supply stated, MW") if hourly
             else _("Demand foreseen and supply stated, GWh a day"))  # fmt: skip
    low, middle, high, supply = (
        [value if value is None or hourly else value / 1000 for value in row]
        for row in (told.low, told.middle, told.high, told.supply)
    )
    band = charts.Band(_("demand, eight times in ten"),
                       Series(_("demand, one in ten below"), low),
                       Series(_("demand, nine in ten below"), high))  # fmt: skip
    return charts.line(
        title, names, [Series(_("demand, most likely"), middle), Series(_("supply"), supply)],
        lang=lang, band=band,
    )  # fmt: skip


def probability(seen: Outlook, lang: str) -> Chart:
    """Return the probability of a shortage over the hours."""
    names = _axis(seen.first, len(seen.probability), lang, STEPS[seen.carrier])
    values = [None if p is None else round(100 * p, 1) for p in seen.probability]
    return charts.line(_("Probability of a shortage, percent"), names,
                       [Series(_("probability"), values)], lang=lang)  # fmt: skip


def tiles(seen: Outlook | None, used: Used, quality: Quality, lang: str) -> list[Tile]:
    """Return the figures above the balance, the quality of the data first."""
    share = quality.imputed_percent
    found = [
        Tile("info-circle", _("Filled in"), format_number(share, lang, 2), sign(lang),
             _("of the readings of the last days were missing or not trusted"),
             "bad" if share > 5 else ""),
    ]  # fmt: skip
    if seen is None:
        return found
    chance = seen.any_probability
    found.append(Tile(
        "alert-triangle", _("Probability of a shortage"),
        "—" if chance is None else format_number(100 * chance, lang, 1 if chance > 0.99 else 0),
        sign(lang),
        _("within 72 hours"), "bad" if (chance or 0) >= 0.5 else ""))  # fmt: skip
    found.append(Tile("bolt", _("Expected to be missing"), number(seen.energy_mwh, lang),
                      _("MWh"), _("over 72 hours")))  # fmt: skip
    peak = max((v for v in used.total if v is not None), default=None)
    on, hourly = jalali.format_date(used.day, lang), STEPS[seen.carrier] > 1
    title, unit = (_("Hours of shortage"), _("hours")) if hourly else (_("Days of shortage"),
                                                                       _("days"))  # fmt: skip
    found.append(Tile("clock-hour-4", title, number(seen.hours, lang, 1), unit,
                      _("on average of all that may happen")))  # fmt: skip
    title, unit = (_("Peak of the last day"), _("MW")) if hourly else (_("Use of the last day"),
                                                                       _("MWh"))  # fmt: skip
    found.append(Tile("chart-bar", title, number(peak, lang), unit, on))
    return found


@dataclass(frozen=True, slots=True)
class ShortHour:
    """One hour in which a shortage is likely."""

    day: date
    span: str
    probability: float
    short_mw: float


def short_hours(seen: Outlook | None, lang: str, now: datetime) -> list[ShortHour]:
    """Return the hours still to come in which a shortage is likely, in order."""
    if seen is None:
        return []
    steps = STEPS[seen.carrier]
    here = hours.hour_at(now, seen.first) * steps // 24
    return [
        ShortHour(seen.first + timedelta(days=n // steps),
                  clock_time(n % 24, lang) if steps > 1 else _("the whole day"), 100 * p,
                  seen.short_mw[n])
        for n, p in enumerate(seen.probability) if p is not None and p >= LIKELY and n >= here
    ]  # fmt: skip


def unknown_hours(seen: Outlook | None) -> int:
    """Return for how many hours nobody has stated the supply."""
    return 0 if seen is None else sum(p is None for p in seen.probability)


def cities(used: Used) -> list[dict[str, Any]]:
    """Return demand by city and sector of a day, the largest city first."""
    names = sorted(used.sectors, key=lambda s: -used.sectors[s])
    rows = [
        {"name": labels.city(code), "mwh": sum(of.values()), "parts": [of.get(s) for s in names]}
        for code, of in used.cities.items()
    ]
    return sorted(rows, key=lambda row: -row["mwh"])


def sectors(used: Used) -> list[tuple[str, float]]:
    """Return (name, MWh) of the sectors, the largest first."""
    ordered = sorted(used.sectors.items(), key=lambda one: -one[1])
    return [(labels.sector(code), mwh) for code, mwh in ordered]
