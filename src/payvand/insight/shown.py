"""How do figures look on a page: rows of a league, tiles, findings in words?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from payvand.insight.forms import month_name
from payvand.insight.queries import Line, Month
from payvand.insight.rules.measures import LEAST, Index
from payvand.kernel import clock, jalali, text
from payvand.kernel.text import format_number
from payvand.ui import charts


@dataclass(frozen=True, slots=True)
class LeagueRow:
    """One agency as a row: its place, its bar with the interval, and its numbers."""

    place: int
    agency: UUID
    name: dict[str, str]
    index: Index
    bar: SafeString


@dataclass(frozen=True, slots=True)
class League:
    """The rows of a page: all, or the first and the last and how many lie between."""

    top: list[LeagueRow]
    left_out: int = 0
    bottom: list[LeagueRow] = field(default_factory=list)


ENDS = 10  # rows at each end when the league is long


def league(lines: Sequence[Line], lang: str, *, whole: bool) -> League:
    """Return the league as rows of a table; a long one only with its two ends, unless `whole`."""
    rows = [
        LeagueRow(place, one.agency, one.name, one.index, bar(one.index, lang))
        for place, one in enumerate(lines, 1)
    ]
    ranked = [row for row in rows if not row.index.is_hidden]
    if whole or len(ranked) <= 2 * ENDS + 5:
        return League(rows)
    return League(ranked[:ENDS], len(rows) - 2 * ENDS, ranked[-ENDS:])


def bar(index: Index, lang: str) -> SafeString:
    """Return a bar of the index, 0 to 100 from the reading side, with its interval as a line."""
    if index.ours is None or index.low is None or index.high is None:
        return SafeString("")
    start = charts.mirrored(0, index.ours, lang)
    ends = [charts.mirrored(edge, 0, lang) for edge in (index.low, index.high)]
    return format_html(
        '<svg class="hb" width="100%" height="20" aria-hidden="true">'
        '<rect class="hb-t" x="0" y="6" width="100%" height="8" rx="4"/>'
        '<rect class="{css}" x="{x}%" y="6" width="{w}%" height="8" rx="4"/>'
        '<line class="hb-s" x1="{a}%" x2="{b}%" y1="10" y2="10"/>'
        '<line class="hb-s" x1="{a}%" x2="{a}%" y1="5" y2="15"/>'
        '<line class="hb-s" x1="{b}%" x2="{b}%" y1="5" y2="15"/></svg>',
        css="hb-o" if index.ours < 50 else "hb-k",
        x=f"{start:.1f}", w=f"{index.ours:.1f}", a=f"{ends[0]:.1f}", b=f"{ends[1]:.1f}",
    )  # fmt: skip


def percent(value: float | None, lang: str) -> str:
    """Return a share with its sign; a dash for nothing."""
    if value is None:
        return "—"
    return format_number(value, lang, 0) + ("٪" if lang == "fa" else "%")


def tiles(index: Index, before: Index, months: Sequence[Month], lang: str) -> list[dict[str, Any]]:
    """Return the tiles at the top: both indices, answer time, what is open past its term."""
    counts = index.counts
    line = [m.index.ours for m in months if m.index.ours is not None]
    times = [m.index.median_days for m in months if m.index.median_days is not None]
    late = [float(m.index.counts.open_late) for m in months]

    def number(value: int) -> str:
        return format_number(value, lang)

    return [
        {"icon": "circle-check", "label": _("On-time index"), "value": percent(index.ours, lang),
         "note": _change(index, before, lang), "trend": line},
        {"icon": "chart-bar", "label": _("The national portal’s index (inferred)"),
         "value": percent(index.portal, lang),
         "note": _("forgives what was answered late; see the definitions"), "trend": [],
         "tone": "warn"},
        {"icon": "hourglass", "label": _("Usual answer time"), "trend": times,
         "value": "—" if index.median_days is None else format_number(index.median_days, lang, 1),
         "unit": _("days (median)") if index.median_days is not None else "",
         "note": _("of %(n)s answers in the period") % {"n": number(counts.answered)}},
        {"icon": "alert-triangle", "label": _("Open past their term"), "tone": "bad",
         "value": number(counts.open_late), "trend": late,
         "note": _("at the end of the period; %(n)s were settled by silence in it")
         % {"n": number(counts.deemed)}},
    ]  # fmt: skip


def _change(index: Index, before: Index, lang: str) -> str:
    if index.ours is None:
        return _("fewer than %(n)s fell due: not shown") % {"n": format_number(LEAST, lang)}
    if before.ours is None:
        return _("%(n)s fell due") % {"n": format_number(index.counts.due, lang)}
    moved = round(index.ours) - round(before.ours)
    shown = {"n": format_number(abs(moved), lang)}
    if moved > 0:
        return ngettext("%(n)s point better than in the period before",
                        "%(n)s points better than in the period before", moved) % shown  # fmt: skip
    if moved < 0:
        return ngettext("%(n)s point worse than in the period before",
                        "%(n)s points worse than in the period before", -moved) % shown  # fmt: skip
    return _("as in the period before")


def trend(months: Sequence[Month], lang: str, today: date) -> charts.Chart | None:
    """Return the trend by Jalali month, left to right; None when nothing can be shown.

    The portal's index sets a stock against what came in, so a month that has just begun has none.
    """
    known = [m for m in months if m.index.ours is not None]
    if len(known) < 2:
        return None
    names = {
        "ours": _("On-time index (percent)"),
        "portal": _("The national portal’s index (inferred, percent)"),
    }
    first, last = known[0], known[-1]
    this = jalali.to_jalali(today)[:2]
    portal = [None if (m.year, m.month) == this else m.index.portal for m in months]
    facts = {
        "a": percent(first.index.ours, lang), "from": month_name(first.year, first.month, lang),
        "b": percent(last.index.ours, lang), "to": month_name(last.year, last.month, lang),
    }  # fmt: skip
    title = _("On-time index: %(a)s in %(from)s, %(b)s in %(to)s") % facts
    labels = _labels(months, lang)
    series = [
        charts.Series(names["ours"], [_round(m.index.ours) for m in months]),
        charts.Series(names["portal"], [_round(p) for p in portal]),
    ]
    return charts.line(title, labels, series, lang=lang)


def _labels(months: Sequence[Month], lang: str) -> list[str]:
    """Return short names under the line; with the year only where a year is not enough."""
    if len(months) <= 12:
        return [text.months(lang)[m.month - 1] for m in months]
    shown = [f"{m.year}-{m.month:02}" for m in months]
    return [text.to_persian_digits(one) if lang == "fa" else one for one in shown]


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One delay report: about which question, of which agency, to which office, how late."""

    key: UUID
    code: str
    title: dict[str, str]
    agency: dict[str, str]
    office: dict[str, str]
    late: str


def report_rows(reports: Iterable[Any], lang: str) -> list[ReportRow]:
    """Return delay reports as a page lists them."""
    return [
        ReportRow(
            one.pk, one.case_code, one.title,
            {"fa": one.debtor.name_fa, "en": one.debtor.name_en or one.debtor.name_fa},
            {"fa": one.office.title_fa, "en": one.office.title_en}, _late(one.about, lang),
        )
        for one in reports
    ]  # fmt: skip


def _late(about: Any, lang: str) -> str:
    if about is None or about.due_at is None:
        return ""
    late = ((about.answered_at or clock.now()) - about.due_at).total_seconds()
    if late < 86400:
        return _("less than a day past the term")
    return _("%(n)s days past the term") % {"n": format_number(int(late // 86400), lang)}
