"""Where is it punctual and where not? The officials' dashboard, and the public page of the same."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from payvand.insight import access, forms, queries, shown
from payvand.insight.forms import Selection
from payvand.insight.queries import Scope
from payvand.insight.rules import measures, periods
from payvand.kernel import clock, jalali
from payvand.kernel.errors import NotFound
from payvand.registry import public as registry
from payvand.registry.public import actor
from payvand.ui.language import lang
from payvand.window import public as window
from payvand.window.public import Charge

TREND_MONTHS = 12
MAP_BREAKS = (60, 70, 80, 90)  # percent; fixed, so that two periods can be compared by eye


@require_safe
@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of the country or a province, for officials in charge of something."""
    by = actor(request)
    charge = access.charge_of(by)
    access.may_see_dashboard(charge).or_raise()
    selection = forms.read(request.GET, province=_home(charge))
    context = _figures(selection, reverse("insight:dashboard"), whole=_whole(request))
    reports = shown.report_rows(queries.reports(by), lang())
    context |= {"reports": reports, "is_official": True}
    return render(request, "insight/dashboard.html", context)


@require_safe
def performance(request: HttpRequest) -> HttpResponse:
    """The same figures for everybody: aggregates only."""
    selection = forms.read(request.GET)
    context = _figures(selection, reverse("insight:performance"), whole=_whole(request))
    return render(request, "insight/performance.html", context)


@require_safe
@login_required
def agency(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """One agency: its figures and, for those in charge of them, the cases that were late."""
    charge = access.charge_of(actor(request))
    access.may_see_dashboard(charge).or_raise()
    card = registry.party(agency_id)
    if card.kind != "agency":
        raise NotFound(agency=str(agency_id))
    selection = forms.read(request.GET, province=_home(charge))
    today = _today()
    period = selection.period(today)
    scope = Scope(selection.province or None, agency_id, selection.service or None)
    months = queries.months(_trend_period(period), scope)
    verdict = access.may_see_cases(charge, province=selection.province or None, agency=agency_id)
    everything = request.GET.get("show") == "all"
    page = None
    if verdict:
        after = request.GET.get("after", "")
        page = queries.cases(period, scope, only_late=not everything, after=after)
    own = reverse("insight:agency", args=[agency_id])
    index = queries.index(period, scope)
    context = {
        **_choices(selection, own), "card": card, "index": index, "page": page,
        "tiles": shown.tiles(index, queries.index(periods.previous(period), scope), months, lang()),
        "trend": shown.trend(months, lang(), today), "everything": everything, "verdict": verdict,
        "opens_cases": actor(request).works_for(agency_id), "period": period,
        "looks": bool(page) and not actor(request).is_operator,
        "back": f"{reverse('insight:dashboard')}?{selection.query()}",
        "older_url": _more(own, selection, page, everything), "query": selection.query(),
        "newer_url": f"{own}?{selection.query()}" if request.GET.get("after") else "",
    }  # fmt: skip
    return render(request, "insight/agency.html", context)


def _more(own: str, selection: Selection, page: Any, everything: bool) -> str:
    if page is None or not page.after:
        return ""
    tail = "&show=all" if everything else ""
    return f"{own}?{selection.query()}&after={page.after.replace('+', '%2B')}{tail}"


@require_safe
def league_csv(request: HttpRequest) -> HttpResponse:
    """The league as CSV, for everybody: aggregates only, small numbers left empty."""
    selection = forms.read(request.GET)
    period = selection.period(_today())
    lines = queries.league(period, selection.province or None, selection.service or None)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"league-{period.first}-{period.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    out = csv.writer(response)
    out.writerow(COLUMNS)
    out.writerows([str(period.first), str(period.last), *csv_row(line)] for line in lines)
    return response


COLUMNS = (
    "from", "to", "agency_fa", "agency_en", "fell_due", "on_time", "on_time_index_percent",
    "interval_low", "interval_high", "portal_index_percent", "received", "answered",
    "settled_by_silence", "open_late", "median_days", "definition_version",
)  # fmt: skip


def csv_row(line: queries.Line) -> list[str]:
    """Return one agency of the league as cells; numbers of a hidden one stay empty."""
    found, counts = line.index, line.index.counts
    names = [_safe(line.name["fa"]), _safe(line.name["en"])]
    if found.is_hidden:
        return [*names, f"<{measures.LEAST}", *[""] * 10, measures.VERSION]
    percent = [f"{v:.1f}" if v is not None else "" for v in
               (found.ours, found.low, found.high, found.portal)]  # fmt: skip
    whole = [str(n) for n in (counts.received, counts.answered, counts.deemed, counts.open_late)]
    days = f"{found.median_days:.1f}" if found.median_days is not None else ""
    return [*names, str(counts.due), str(counts.on_time), *percent, *whole, days, measures.VERSION]


def _safe(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _whole(request: HttpRequest) -> bool:
    return request.GET.get("league") == "all"


def _today() -> Any:
    return clock.local_date(clock.now())


def _home(charge: Charge) -> str:
    """Return the province with which a governor begins; empty for everybody else."""
    alone = not charge.everything and len(charge.provinces) == 1
    return next(iter(charge.provinces)) if alone else ""


def _trend_period(period: periods.Period) -> periods.Period:
    """Return the period, or the twelve months that end with it when it is shorter."""
    longer = periods.last_months(period.last, TREND_MONTHS)
    return period if period.first < longer.first else longer


def _choices(selection: Selection, own: str) -> dict[str, Any]:
    """Return the selects above the figures. Two queries."""
    today, language = _today(), lang()
    period, first = selection.period(today), queries.first_day()
    start, end = (jalali.to_jalali(day)[:2] for day in (period.first, period.last))
    chosen = window.Service.objects.filter(slug=selection.service).first()
    return {
        "selection": selection, "period": period, "own": own, "query": selection.query(),
        "period_options": forms.period_options(selection),
        "from_options": forms.month_options(start, first, today, language),
        "to_options": forms.month_options(end, first, today, language),
        "province_options": forms.province_options(selection, today, language),
        "service": chosen, "least": measures.LEAST, "version": measures.VERSION,
    }  # fmt: skip


def _figures(selection: Selection, own: str, *, whole: bool) -> dict[str, Any]:
    """Return everything that dashboard and public page share."""
    context = _choices(selection, own)
    period, language = context["period"], lang()
    scope = Scope(selection.province or None, None, selection.service or None)
    board = queries.board(period, scope.province, scope.service)
    months = queries.months(_trend_period(period), scope)
    index, by_place = board.index, board.provinces
    names = registry.all_places()
    values = {p: round(i.ours, 1) for p, i in by_place.items() if i.ours is not None}
    return context | {
        "index": index, "trend": shown.trend(months, language, _today()), "map_values": values,
        "tiles": shown.tiles(index, queries.index(periods.previous(period), scope), months,
                             language),
        "map_href": f"{own}?{selection.query(province='')}&province={{}}",
        "place": names.get(selection.province),
        "league": shown.league(board.league, language, whole=whole),
        "place_rows": sorted(
            ((p, names[p].name, i) for p, i in by_place.items() if p in names),
            key=lambda row: (row[2].ours is None, -(row[2].ours or 0)),
        ),
        "map_breaks": MAP_BREAKS, "place_query": selection.query(province=""),
    }  # fmt: skip
