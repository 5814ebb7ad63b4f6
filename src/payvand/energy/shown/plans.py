"""How does a plan look on a page: who gives what when, what else was possible, by which rules?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from payvand.energy import labels
from payvand.energy.models import Plan
from payvand.energy.queries import schedules
from payvand.energy.queries.plans import Borne, GroupLines
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.policies import ANY, Policy
from payvand.energy.shown.words import Tile, number, periods_of, sign
from payvand.kernel import jalali
from payvand.kernel.text import format_number
from payvand.ui import charts
from payvand.ui.charts import Chart, Series
from payvand.ui.language import lang as get_lang


def plan_chart(plan: Plan, lines: Sequence[GroupLines], lang: str) -> Chart:
    """Return by period what is missing, what the plan gives, and what it takes back."""
    when, count = periods_of(plan, lang), len(plan.result["short"])
    given, back = [0.0] * count, [0.0] * count
    for one in lines:
        for lever, cells in one.mw.items():
            for hour, (mw, _why) in cells.items():
                target = back if lever == "shift_back" else given
                target[hour] += mw
    short: list[float | None] = [max(0.0, v) for v in plan.result["short"]]
    names = [when.first(n) for n in range(count)]
    title = (_("Missing and given by hour, MW") if when.steps > 1
             else _("Missing and given day by day, MWh"))  # fmt: skip
    return charts.line(
        title, names,
        [Series(_("missing"), short), Series(_("given by the plan"), given),
         Series(_("taken at another time"), back)],
        lang=lang,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring periods of a group and lever with the same reason."""

    hours: str
    lever: str
    mw: str
    why: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group of a plan: what it gives, when, and why."""

    name: str
    mwh: float
    share: float | None  # percent of its usual day, or of what was offered
    is_offer: bool
    spans: list[Span]


def group_rows(plan: Plan, lines: Sequence[GroupLines], lang: str) -> list[GroupRow]:
    """Return the groups that give something, the most first."""
    steps = CARRIERS[plan.carrier].steps
    loads = {g["key"]: sum(g["load"]) * steps / len(g["load"]) for g in plan.result["groups"]}
    rows = []
    for one in lines:
        mwh = one.mwh("shed") + one.mwh("shift_out")
        usual = loads.get(one.group) or 0.0
        spans = [span for lever in ("shift_out", "shed", "shift_back")
                 for span in _Spans(plan, one, lever, lang).told()]  # fmt: skip
        share = 100 * mwh / usual if usual else None
        is_offer = one.group.endswith(("/offers", "/switch"))
        rows.append(GroupRow(labels.group(one.group, plan.carrier), mwh, share, is_offer, spans))
    return sorted(rows, key=lambda row: -row.mwh)


class _Spans:
    """What a group does with one lever, neighbouring periods of the same reason in one line."""

    def __init__(self, plan: Plan, one: GroupLines, lever: str, lang: str) -> None:
        self.when, self.carrier, self.lang = periods_of(plan, lang), plan.carrier, lang
        self.cells, self.lever = one.mw.get(lever, {}), labels.lever(one.group, lever)

    def told(self) -> list[Span]:
        """Return the lines, the earliest first."""
        found: list[Span] = []
        run: list[int] = []
        for hour in sorted(self.cells):
            if run and (hour != run[-1] + 1 or self.cells[hour][1] != self.cells[run[0]][1]):
                found.append(self._span(run))
                run = []
            run.append(hour)
        return [*found, self._span(run)] if run else found

    def _span(self, run: list[int]) -> Span:
        least, most = (f(self.cells[h][0] for h in run) for f in (min, max))
        digits = 1 if self.when.steps > 1 else 0
        mw = format_number(round(most, 1), self.lang, digits)
        if most - least > (0.5 if digits else 1):
            low = format_number(round(least, 1), self.lang, digits)
            mw = _("%(low)s to %(high)s") % {"low": low, "high": mw}
        return Span(self.when.name(run[0], len(run)), self.lever, mw,
                    labels.why(self.cells[run[0]][1], self.carrier))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spared:
    """A group of which nothing is asked while there is a shortage, and why."""

    name: str
    mw: float
    why: str


def spared(plan: Plan, lines: Sequence[GroupLines]) -> list[Spared]:
    """Return the groups that give nothing while there is a shortage, each with the reason."""
    giving = {one.group for one in lines}
    short = [n for n, mw in enumerate(plan.result["short"]) if mw > 0]
    rows = []
    for group in plan.result["groups"]:
        if group["key"] in giving or not short or not any(group["load"]):
            continue
        worst = max(short, key=lambda n: plan.result["short"][n])
        rows.append(Spared(labels.group(group["key"], plan.carrier), group["load"][worst],
                           labels.why(group["why"][worst], plan.carrier)))  # fmt: skip
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
    daily = CARRIERS[plan.carrier].steps == 1
    return [
        Tile("alert-triangle", _("Missing on the days of the plan") if daily
             else _("Missing on the day"), number(missing, lang), _("MWh")),
        Tile("refresh", _("Moved, or given up as offered") if daily
             else _("Moved to other hours"), number(result["shifted_mwh"], lang), _("MWh")),
        Tile("bolt", _("Cut"), number(result["shed_mwh"], lang), _("MWh")),
        Tile("hourglass", _("Largest burden"), number(100 * result["largest_burden"], lang, 1),
             sign(lang), _("of a usual day, with what was borne this year")),
        Tile("x", _("Cannot be met"), number(unmet, lang), _("MWh"),
             _("no protection is broken to meet it"), "bad" if unmet > 0.5 else ""),
    ]  # fmt: skip


def standing(plan: Plan) -> tuple[str, str]:
    """Return kind and words of a plan's state."""
    return labels.status(labels.STATES, plan.state)


def plan_title(plan: Plan) -> str:
    """Return what a plan is called: of gas it goes from day to day."""
    lang = get_lang()
    day = jalali.format_date(plan.day, lang)
    if CARRIERS[plan.carrier].steps > 1:
        return _("Plan for %(day)s") % {"day": day}
    if plan.last == plan.day:
        return _("Gas plan for %(day)s") % {"day": day}
    short = jalali.format_date(plan.day, lang, year=False)
    last = jalali.format_date(plan.last, lang)
    return _("Gas plan from %(first)s to %(last)s") % {"first": short, "last": last}


def behind(plan: Plan, lang: str) -> str:
    """Return from which day on a plan only takes back what was moved; empty where it never does."""
    seen = plan.result.get("foreseen", 24)
    when = periods_of(plan, lang)
    return when.name(seen) if seen < min(when.count, len(plan.result["short"])) else ""


def less_rows(plan: Plan, lang: str) -> list[dict[str, Any]]:
    """Return by how much each sector must use less, day by day."""
    when = periods_of(plan, lang)
    return [
        {"name": labels.sector(one.sector),
         "days": [(when.name(n), share) for n, share in enumerate(one.percent) if share > 0]}
        for one in schedules.less_of(plan) if any(one.percent)
    ]  # fmt: skip


def never_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the sectors that a plan may not cut, with the word on which that rests."""
    return [{"name": labels.sector(sector), "source": source, "sample": sample}
            for sector, source, sample in schedules.never_cut(plan)]  # fmt: skip


def rules(found: Mapping[str, Policy]) -> list[dict[str, Any]]:
    """Return the rows of the rules in force, sector by sector."""
    return [_rule(sector, rule.as_json()) for sector, rule in found.items()]


def rule_rows(plan: Plan) -> list[dict[str, Any]]:
    """Return the rows of the rules by which a plan was made; none of plans made before them."""
    return [_rule(sector, rule) for sector, rule in plan.result.get("rules", {}).items()]


def _rule(sector: str, rule: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": _("Other sectors") if sector == ANY else labels.sector(sector),
        "never": rule["never_cut"], "shed": 100 * rule["shed_cap"], "all": 100 * rule["day_cap"],
        "harm": rule["harm"], "source": rule["source"], "sample": rule["sample"],
    }  # fmt: skip


def burden_rows(rows: Iterable[Borne], carrier: str) -> list[dict[str, Any]]:
    """Return the rows of the burden of a year."""
    return [{"name": labels.group(one.group, carrier),
             "lever": labels.lever(one.group, one.lever),
             "mwh": one.mwh, "days": one.days, "is_cut": one.lever == "shed"}
            for one in rows]  # fmt: skip
