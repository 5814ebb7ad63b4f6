"""How does the delay account look: causes in words, tiles, a line by month, the cost in words?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from payvand.foresight.queries.accounts import Account, Costs, Named, Spent
from payvand.foresight.queries.fields import titles_of
from payvand.foresight.rules.causes import (
    AGENCY,
    APPLICANT,
    CALENDAR,
    CAUSES,
    IDLE,
    OPERATOR,
    OUTAGE,
    STATUTORY,
)
from payvand.foresight.selection import Selection, month_name
from payvand.kernel import text
from payvand.kernel.text import format_number
from payvand.registry import public as registry
from payvand.ui import charts
from payvand.ui.language import lang, pick

TOP = 12  # agencies shown before "all"


def cause_words() -> dict[int, tuple[str, str]]:
    """Return each cause as a heading and the sentence that explains it."""
    return {
        AGENCY: (_("Offices that were asked"),
                 _("a question lay before the office and was not answered yet")),
        IDLE: (_("The office that owns the service"), _("nothing was asked of anybody")),
        APPLICANT: (_("Applicants"), _("something was asked of them, or the next step is theirs")),
        CALENDAR: (_("Closed days"), _("weekend, holiday or closure of the office that was asked")),
        STATUTORY: (_("Terms that the law sets"), _("publication and objection terms")),
        OUTAGE: (_("Outages of connections"), _("the office’s system could not be reached")),
        OPERATOR: (_("The window itself"), _("the question had not reached the office yet")),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CauseRow:
    """One cause with its days, its share in percent, and where its cases are listed."""

    key: str
    name: str
    what: str
    days: float
    share: float
    late: float
    href: str


def cause_rows(spent: Spent, selection: Selection, cases_url: str) -> list[CauseRow]:
    """Return the causes, the largest first; those without a day are left out."""
    words, total = cause_words(), spent.total or 1
    rows = [
        CauseRow(
            CAUSES[cause], name, what, spent.of(cause), 100 * spent.of(cause) / total,
            spent.late_days if cause == AGENCY else 0.0,
            f"{cases_url}?{selection.query(cause=CAUSES[cause])}",
        )
        for cause, (name, what) in words.items()
        if spent.of(cause) > 0
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -row.days)


def days(value: float) -> str:
    """Return days in words, finer where they are few."""
    return format_number(value, lang(), 0 if value >= 10 else 1)


def percent(value: float) -> str:
    """Return a share in percent with its sign."""
    return format_number(value, lang(), 0) + ("٪" if lang() == "fa" else "%")


def money(million_rial: int) -> str:
    """Return a sum in words: million, billion or thousand billion rials."""
    for size, words in (
        (1_000_000, _("%(n)s thousand billion rials")), (1000, _("%(n)s billion rials")),
    ):  # fmt: skip
        if abs(million_rial) >= 10 * size or (size == 1000 and abs(million_rial) >= size):
            scaled = million_rial / size
            shown = format_number(scaled, lang(), 0 if abs(scaled) >= 100 else 1)
            return words % {"n": shown}
    return _("%(n)s million rials") % {"n": format_number(million_rial, lang())}


def tiles(found: Account, cost: Costs) -> list[dict[str, Any]]:
    """Return the tiles at the top."""
    whole = found.whole
    total = whole.total or 1
    offices = [m.office for _month, m in found.months]
    late = [m.late_days for _month, m in found.months]
    said = _("%(share)s of all days that cases were open")
    return [
        {"icon": "hourglass", "label": _("Days that cases were open"), "value": days(whole.total),
         "note": _("each day of each case counts once"), "trend": []},
        {"icon": "building-community", "label": _("In the hands of offices"),
         "value": days(whole.office), "unit": _("days"), "trend": offices,
         "note": said % {"share": percent(100 * whole.office / total)}, "tone": "warn"},
        {"icon": "alert-triangle", "label": _("Past the term"), "value": days(whole.late_days),
         "unit": _("days"), "trend": late, "tone": "bad",
         "note": said % {"share": percent(100 * whole.late_days / total)}},
        {"icon": "building-warehouse", "label": _("Cost of all days"), "trend": [],
         "value": money(cost.total) if cost.lines else "—",
         "note": _("under the assumptions below") if cost.lines else _("nothing was set yet")},
    ]  # fmt: skip


def trend(found: Account) -> charts.Chart | None:
    """Return the days of offices, applicants and the calendar by Jalali month."""
    known = [(month, spent) for month, spent in found.months if spent.total]
    if len(known) < 2:
        return None
    labels = [text.months(lang())[month[1] - 1] if len(known) <= 12 else month_name(*month)
              for month, _spent in known]  # fmt: skip
    (first, before), (last, after) = known[0], known[-1]
    title = _("Offices: %(a)s days in %(from)s, %(b)s in %(to)s") % {
        "a": days(before.office), "from": month_name(*first), "b": days(after.office),
        "to": month_name(*last),
    }  # fmt: skip
    series = [
        charts.Series(_("The offices"), [round(s.office) for _month, s in known]),
        charts.Series(_("Closed days"), [round(s.of(CALENDAR)) for _month, s in known]),
        charts.Series(_("Applicants"), [round(s.of(APPLICANT)) for _month, s in known]),
    ]
    return charts.line(title, labels, series, lang=lang())


@dataclass(frozen=True, slots=True)
class PartRow:
    """One agency, service or province as a row."""

    name: dict[str, str]
    spent: Spent
    share: float
    href: str
    narrow: str  # the same page for this part only

    @property
    def closed(self) -> float:
        """Days on which the office was closed."""
        return self.spent.of(CALENDAR)

    @property
    def applicants(self) -> float:
        """Days in which the office waited for applicants."""
        return self.spent.of(APPLICANT)


def part_rows(parts: Sequence[Named], selection: Selection, name: str, urls: tuple[str, str]
              ) -> list[PartRow]:  # fmt: skip
    """Return agencies, services or provinces as rows; urls: this page, the list of cases."""
    own, cases = urls
    whole = sum(one.spent.office for one in parts) or 1
    return [
        PartRow(
            one.name, one.spent, 100 * one.spent.office / whole,
            f"{cases}?{selection.query(**{name: str(one.key), 'cause': 'agency'})}",
            f"{own}?{selection.query(**{name: str(one.key)})}",
        )
        for one in parts
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class AssumptionRow:
    """One service with its cost and what it rests on."""

    service: dict[str, str]
    cost: str
    value_days: int
    percent: Any
    basis: str
    since: Any
    note: str
    by: dict[str, str] | None
    set_by: str


def assumption_rows(found: Costs, titles: dict[str, dict[str, str]]) -> list[AssumptionRow]:
    """Return the cost of each service beside every assumption it rests on."""
    offices = registry.office_names(
        {one.assumption.office for one in found.lines if one.assumption.office}
    )
    named = titles_of() if found.lines else {}
    return [
        AssumptionRow(
            titles.get(one.service, {"fa": one.service, "en": one.service}), money(one.cost),
            one.value_days, one.assumption.percent_a_year,
            _basis(one.assumption, named.get((one.service, one.assumption.value_field))),
            one.assumption.since, one.assumption.note,
            offices.get(one.assumption.office or 0), one.assumption.set_by,
        )
        for one in found.lines
    ]  # fmt: skip


def _basis(assumption: Any, title: dict[str, str] | None) -> str:
    flat = money(assumption.flat_million_rial)
    field = pick(title) if title else assumption.value_field
    if not assumption.value_field:
        return _("%(flat)s for every case") % {"flat": flat}
    if not assumption.exchange:
        return _("“%(field)s” of the application; %(flat)s where it is empty") % {
            "field": field, "flat": flat,
        }  # fmt: skip
    rates = "، " if lang() == "fa" else ", "
    told = rates.join(  # each one piece, read from left to right
        f"\u2068{code.upper()}\u00a0=\u00a0{format_number(float(number), lang(), 0)}\u2069"
        for code, number in sorted(assumption.exchange.items())
    )
    return _("“%(field)s” of the application, in rials by %(rates)s; %(flat)s where it is"
             " empty") % {"field": field, "rates": told, "flat": flat}  # fmt: skip


def service_title(titles: dict[str, dict[str, str]], slug: str) -> str:
    """Return the title of a service in the reader's language."""
    return pick(titles[slug]) if slug in titles else slug
