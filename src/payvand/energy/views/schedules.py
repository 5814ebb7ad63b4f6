"""Where may electricity be off, who uses less gas, and why? Open to everybody.

No reading of any one consumer is here.
"""

from __future__ import annotations

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from payvand.energy import access, exports, labels, shown
from payvand.energy.models import Plan
from payvand.energy.queries import schedules as queries
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import ELECTRICITY
from payvand.energy.views.balance import carrier_of
from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.registry import public as registry
from payvand.ui.language import lang

BLOCK = 2


@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """The provinces that take part; a single choice leads on."""
    area = request.GET.get("area", "")
    carrier = carrier_of(request)
    if area in queries.areas(carrier):
        return redirect("energy:schedule", carrier, area)
    places = registry.all_places()
    known = {kind: queries.areas(kind) for kind in CARRIERS}
    rows = [(code, places[code].name, [(kind, labels.CARRIERS[kind]) for kind in CARRIERS
                                       if code in known[kind]])
            for code in sorted(set().union(*known.values())) if code in places]  # fmt: skip
    return render(request, "energy/schedules.html", {"areas": rows})


def _known(area: str) -> Any:
    """Return a province, whether it takes part or not: that nothing is published is an answer."""
    place = registry.all_places().get(area)
    if place is None or place.kind != "province":
        raise NotFound(area=area)
    return place


def _taking_part(carrier: str, area: str) -> Any:
    """Return a province that publishes; a file of nothing would be taken for one of no cuts."""
    if area not in queries.areas(carrier):
        raise NotFound(area=area)
    return _known(area)


@require_safe
def schedule(request: HttpRequest, carrier: str, area: str) -> HttpResponse:
    """The schedule of each district, the reason, and the consumption that may be published."""
    place, language, taking_part = _known(area), lang(), queries.areas(carrier)
    head = {"carrier": carrier, "is_power": carrier == ELECTRICITY, "line": CARRIERS[carrier],
            "others": [(kind, labels.CARRIERS[kind]) for kind in CARRIERS
                       if access.operator_of(area, kind) is not None]}  # fmt: skip
    if area not in taking_part:
        return render(request, "energy/schedule_none.html", head | {"place": place})
    plans = queries.in_force(area, clock.local_date(clock.now()), carrier)
    day, cells = queries.released(area, carrier)
    known = registry.all_places()
    context = head | {
        "area": area, "place": place, "plans": [_told(plan, language) for plan in plans],
        "released": day, "cells": _table(area, cells), "withheld": _withheld(cells),
        "areas": [(code, known[code].name) for code in taking_part if code in known],
    }  # fmt: skip
    return render(request, "energy/schedule.html", context)


def _told(plan: Plan, language: str) -> dict[str, Any]:
    rows = [
        {"city": labels.city(part.city), "districts": part.districts,
         "blocks": [shown.clock_time(hour, language, BLOCK) for hour in hours]}
        for part, hours in queries.told_of(plan)
    ]  # fmt: skip
    when, less = shown.periods_of(plan, language), shown.less_rows(plan, language)
    missing = plan.result["short"][: when.count]
    short = [n for n, mw in enumerate(missing) if mw > 0]
    return {
        "plan": plan, "rows": rows, "any": any(row["blocks"] for row in rows) or bool(less),
        "less": less, "never": shown.never_rows(plan),
        "from": when.first(short[0]) if short else "", "until": when.last(short[-1]) if short
        else "",
        "missing": sum(max(0.0, mw) for mw in missing),
        "moved": plan.result["shifted_mwh"],
    }  # fmt: skip


def _withheld(cells: list[queries.Shown]) -> list[tuple[str, str]]:
    """Return the marks in the table and what each of them stands for."""
    there = {cell.reason for cell in cells}
    return [("*" * n, labels.said(labels.REASONS, reason))
            for n, reason in enumerate(labels.REASONS, 1) if reason in there]  # fmt: skip


def _table(area: str, cells: list[queries.Shown]) -> list[dict[str, Any]]:
    """Return city × sector of what passed the gate, each cell with what may be said of it."""
    sectors = sorted({cell.sector for cell in cells if cell.sector})
    rows: dict[str, dict[str, Any]] = {}
    for cell in cells:
        rows.setdefault(cell.city, {})[cell.sector] = cell
    order = sorted(rows, key=lambda city: (city != area, labels.city(city)["fa"]))
    return [
        {"name": labels.city(city), "is_whole": city == area,
         "cells": [_said(rows[city].get(sector), sector) for sector in ("", *sectors)]}
        for city in order
    ]  # fmt: skip


def _said(cell: queries.Shown | None, sector: str) -> dict[str, Any]:
    if cell is None:
        return {"label": labels.sector(sector), "reason": "", "mwh": None, "low": None}
    return {
        "label": labels.sector(sector), "reason": cell.reason,
        "mark": "*" * (1 + list(labels.REASONS).index(cell.reason)) if cell.reason else "",
        "mwh": None if cell.wh is None else cell.wh / 1e6,
        "low": None if cell.low is None else cell.low / 1e6,
        "high": None if cell.high is None else cell.high / 1e6,
    }  # fmt: skip


@require_safe
def schedule_csv(request: HttpRequest, carrier: str, area: str) -> HttpResponse:
    """The schedules in force as CSV, for everybody."""
    _taking_part(carrier, area)
    name = f"schedule-{carrier}-{area}.csv"
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    out = csv.writer(response)
    out.writerow(exports.COLUMNS if CARRIERS[carrier].has_turns else exports.LESS)
    for plan in queries.in_force(area, clock.local_date(clock.now()), carrier):
        out.writerows(exports.csv_rows(plan))
    return response


@require_safe
def schedule_openadr(request: HttpRequest, carrier: str, area: str) -> HttpResponse:
    """The schedules in force as OpenADR 3 events, for everybody; it has no words for gas."""
    name = _taking_part(carrier, area).name["en"]
    if not CARRIERS[carrier].has_openadr:
        raise NotFound(carrier=carrier)
    plans = queries.in_force(area, clock.local_date(clock.now()), carrier)
    told = [exports.openadr(plan, name) for plan in plans]
    return JsonResponse({"plans": told}, json_dumps_params={"indent": 1})
