"""How do balance, plan and schedule look on a page: charts, tiles and rows in words?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from payvand.energy import labels
from payvand.energy.models import Asset, Outlook, Plan
from payvand.energy.queries.balance import Ahead, Quality, Used
from payvand.energy.queries.plans import Borne, GroupLines
from payvand.energy.rules import hours
from payvand.energy.rules.hours import ELECTRICITY, STEPS
from payvand.kernel import jalali, text
from payvand.kernel.text import format_number
from payvand.ui import charts
from payvand.ui.charts import Chart, Series

LIKELY = 0.2  # hours with a lower probability are not listed


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure above the charts."""

    icon: str
    label: str
    value: str
    unit: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """In which unit the use of one consumer is told: Wh in it, its power and its energy."""

    wh: float
    power: str
    energy: str


def unit_of(asset: Asset) -> Unit:
    """Return MW and MWh for a large consumer, kW and kWh for a small one."""
    if max([0.0, *asset.usual_mw]) < 0.1:
        return Unit(1e3, _("kW"), _("kWh"))
    return Unit(1e6, _("MW"), _("MWh"))


def clock_time(hour: int, lang: str, span: int = 1) -> str:
    """Return from when until when, in the digits of the language."""
    return (
        text.to_persian_digits(hours.span(hour, span)) if lang == "fa" else hours.span(hour, span)
    )


def sign(lang: str) -> str:
    """Return the sign of per cent."""
    return "٪" if lang == "fa" else "%"


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


def number(value: float | None, lang: str, decimals: int = 0) -> str:
    """Return a figure, or a dash for what is unknown."""
    return "—" if value is None else format_number(value, lang, decimals)


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


# --- plans ------------------------------------------------------------------------------------


def plan_chart(plan: Plan, lines: Sequence[GroupLines], lang: str) -> Chart:
    """Return by hour what is missing, what the plan gives, and what it takes back."""
    given = [0.0] * 24
    back = [0.0] * 24
    for one in lines:
        for lever, cells in one.mw.items():
            for hour, (mw, _why) in cells.items():
                target = back if lever == "shift_back" else given
                target[hour] += mw
    short: list[float | None] = [max(0.0, v) for v in plan.result["short"]]
    names = [clock_time(n, lang).partition("–")[0] for n in range(24)]
    return charts.line(
        _("Missing and given by hour, MW"), names,
        [Series(_("missing"), short), Series(_("given by the plan"), given),
         Series(_("taken later instead"), back)],
        lang=lang,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring hours of a group and lever with the same reason."""

    hours: str
    lever: str
    mw: str
    why: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a plan: what it gives, in which hours, and why."""

    name: str
    mwh: float
    share: float | None  # percent of its usual day
    spans: list[Span]


def group_rows(plan: Plan, lines: Sequence[GroupLines], lang: str) -> list[GroupRow]:
    """Return the groups that give something, the most first."""
    loads = {g["key"]: sum(g["load"]) for g in plan.result["groups"]}
    rows = []
    for one in lines:
        mwh = one.mwh("shed") + one.mwh("shift_out")
        usual = loads.get(one.group) or 0.0
        spans = [span for lever in ("shift_out", "shed", "shift_back")
                 for span in _spans(one.mw.get(lever, {}), lever, lang)]  # fmt: skip
        rows.append(GroupRow(labels.group(one.group), mwh, 100 * mwh / usual if usual else None,
                             spans))  # fmt: skip
    return sorted(rows, key=lambda row: -row.mwh)


def _spans(cells: dict[int, tuple[float, str]], lever: str, lang: str) -> list[Span]:
    found: list[Span] = []
    run: list[int] = []
    for hour in sorted(cells):
        if run and (hour != run[-1] + 1 or cells[hour][1] != cells[run[0]][1]):
            found.append(_span(run, cells, lever, lang))
            run = []
        run.append(hour)
    return [*found, _span(run, cells, lever, lang)] if run else found


def _span(run: list[int], cells: dict[int, tuple[float, str]], lever: str, lang: str) -> Span:
    least, most = (f(cells[h][0] for h in run) for f in (min, max))
    mw = format_number(round(most, 1), lang, 1)
    if most - least > 0.5:
        low = format_number(round(least, 1), lang, 1)
        mw = _("%(low)s to %(high)s") % {"low": low, "high": mw}
    return Span(clock_time(run[0], lang, len(run)), labels.said(labels.LEVERS, lever), mw,
                labels.why(cells[run[0]][1]))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spared:
    """A group of which nothing is asked in the hours of shortage, and why."""

    name: str
    mw: float
    why: str


def spared(plan: Plan, lines: Sequence[GroupLines]) -> list[Spared]:
    """Return the groups that give nothing in the hours of shortage, each with the reason."""
    giving = {one.group for one in lines}
    short = [n for n, mw in enumerate(plan.result["short"]) if mw > 0]
    rows = []
    for group in plan.result["groups"]:
        if group["key"] in giving or not short or not any(group["load"]):
            continue
        worst = max(short, key=lambda n: plan.result["short"][n])
        rows.append(Spared(labels.group(group["key"]), group["load"][worst],
                           labels.why(group["why"][worst])))  # fmt: skip
    return sorted(rows, key=lambda row: -row.mw)


def alternatives(plan: Plan) -> list[dict[str, Any]]:
    """Return the rows of the table of alternatives."""
    return [row | {"label": labels.said(labels.ALTERNATIVES, row["name"]),
                   "is_chosen": row["name"] == "chosen",
                   "burden": 100 * row["largest_burden"]} for row in plan.alternatives]  # fmt: skip


def exemption_cost(plan: Plan) -> float | None:
    """Return how much more harm protecting costs: this plan against one that protects nobody."""
    rows = {row["name"]: row for row in plan.alternatives}
    if "chosen" not in rows or "no_exemptions" not in rows:
        return None
    return max(0.0, float(rows["chosen"]["harm"] - rows["no_exemptions"]["harm"]))


def plan_tiles(plan: Plan, lang: str) -> list[Tile]:
    """Return the figures of a plan."""
    result = plan.result
    unmet = sum(result["unmet"]) + 2 * sum(result["uncovered"])
    missing = sum(max(0.0, v) for v in result["short"])
    return [
        Tile("alert-triangle", _("Missing on the day"), number(missing, lang), _("MWh")),
        Tile("refresh", _("Moved to other hours"), number(result["shifted_mwh"], lang), _("MWh")),
        Tile("bolt", _("Cut"), number(result["shed_mwh"], lang), _("MWh")),
        Tile("hourglass", _("Largest burden"), number(100 * result["largest_burden"], lang, 1),
             sign(lang), _("of a usual day, with what was borne this year")),
        Tile("x", _("Cannot be met"), number(unmet, lang), _("MWh"),
             _("no protection is broken to meet it"), "bad" if unmet > 0.5 else ""),
    ]  # fmt: skip


def standing(plan: Plan) -> tuple[str, str]:
    """Return kind and words of a plan's state."""
    return labels.status(labels.STATES, plan.state)


def burden_rows(rows: Iterable[Borne]) -> list[dict[str, Any]]:
    """Return the rows of the burden of a year."""
    return [{"name": labels.group(one.group), "lever": labels.said(labels.LEVERS, one.lever),
             "mwh": one.mwh, "days": one.days, "is_cut": one.lever == "shed"}
            for one in rows]  # fmt: skip
