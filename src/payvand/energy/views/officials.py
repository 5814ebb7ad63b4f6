"""Where is a shortage foreseen, were plans kept, and who bears the burden? For officials."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from payvand.energy import access, labels, shown
from payvand.energy.queries import officials as queries
from payvand.energy.views.balance import of
from payvand.kernel import clock, jalali, text
from payvand.registry import public as registry
from payvand.registry.public import actor
from payvand.ui import charts
from payvand.ui.charts import Series
from payvand.ui.language import lang

BREAKS = (10, 30, 50, 80)  # percent; fixed, so that two days can be compared by eye


@require_safe
@login_required
def officials(request: HttpRequest) -> HttpResponse:
    """The provinces side by side, gas beside electricity, with maps, sectors and months."""
    by = actor(request)
    access.may_see_officials(by).or_raise()
    charge, operated = access.in_charge_of(by), set(access.carriers_operated_by(by))
    where = [key for key in queries.taking_part() if key[0] in charge or key in operated]
    today, language, names = clock.local_date(clock.now()), lang(), registry.all_places()
    year = jalali.parse(jalali.to_jalali(today)[0], 1, 1)
    rows = queries.provinces(where, year)
    context: dict[str, Any] = {
        "rows": [{"one": row, "name": names[row.code].name, "of": of(row.carrier),
                  "carrier": labels.CARRIERS[row.carrier],
                  "status": shown.standing(row.plan) if row.plan else None,
                  "kept": None if row.kept is None else 100 * row.kept,
                  "chance": _percent(row.outlook)} for row in rows],
        "parts": _parts(where, rows, (year, today), language), "year": year, "today": today,
        "breaks": BREAKS,
    }  # fmt: skip
    return render(request, "energy/officials.html", context)


def _parts(
    where: list[queries.Where], rows: list[queries.Province], days: tuple[date, date], language: str
) -> list[dict[str, Any]]:
    """Return map, sectors and months of each carrier."""
    sectors, months = queries.by_sector(where, days[0]), queries.months(where, days[1])
    return [
        {
            "code": kind, "name": labels.CARRIERS[kind],
            "values": {row.code: _percent(row.outlook) for row in rows
                       if row.carrier == kind and row.outlook is not None},
            "sectors": sorted(
                ((labels.sector(code), told.get("shed", 0.0), told.get("shift_out", 0.0))
                 for code, told in sectors.get(kind, {}).items()),
                key=lambda row: -row[1] - row[2]),
            "trend": _trend(months.get(kind, []), language),
        }
        for kind in dict.fromkeys(own for _, own in where)
    ]  # fmt: skip


def _trend(months: list[queries.Month], language: str) -> charts.Chart | None:
    if not any(cut or moved for _k, cut, moved in months):
        return None
    return charts.line(
        _("Cut and moved from month to month, MWh"),
        [text.months(language)[month - 1] for (_year, month), _c, _m in months],
        [Series(_("cut"), [cut for _k, cut, _m in months]),
         Series(_("moved or given up"), [moved for _k, _c, moved in months])],
        lang=language,
    )  # fmt: skip


def _percent(outlook: Any) -> float:
    return round(100 * (outlook.any_probability or 0.0), 1) if outlook is not None else 0.0
