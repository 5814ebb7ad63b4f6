"""Where is a shortage foreseen, were plans kept, and who bears the burden? For officials."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from payvand.energy import access, labels, shown
from payvand.energy.queries import balance
from payvand.energy.queries import officials as queries
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
    """The provinces side by side, with map, sectors and months."""
    by = actor(request)
    access.may_see_officials(by).or_raise()
    open_codes = access.in_charge_of(by) | access.operated_by(by)
    codes = [code for code in balance.areas_with_data() if code in open_codes]
    today, language = clock.local_date(clock.now()), lang()
    year = jalali.parse(jalali.to_jalali(today)[0], 1, 1)
    rows = queries.provinces(codes, year)
    months = queries.months(codes, today)
    names = registry.all_places()
    context: dict[str, Any] = {
        "rows": [{"one": row, "name": names[row.code].name,
                  "status": shown.standing(row.plan) if row.plan else None,
                  "kept": None if row.kept is None else 100 * row.kept,
                  "chance": _percent(row.outlook)} for row in rows],
        "values": {row.code: _percent(row.outlook) for row in rows if row.outlook is not None},
        "sectors": sorted(
            ((labels.sector(code), of.get("shed", 0.0), of.get("shift_out", 0.0))
             for code, of in queries.by_sector(codes, year).items()), key=lambda r: -r[1] - r[2]),
        "year": year, "today": today, "breaks": BREAKS,
        "trend": charts.line(
            _("Cut and moved from month to month, MWh"),
            [text.months(language)[month - 1] for (_year, month), _c, _m in months],
            [Series(_("cut"), [cut for _k, cut, _m in months]),
             Series(_("moved to other hours"), [moved for _k, _c, moved in months])],
            lang=language) if any(cut or moved for _k, cut, moved in months) else None,
    }  # fmt: skip
    return render(request, "energy/officials.html", context)


def _percent(outlook: Any) -> float:
    return round(100 * (outlook.any_probability or 0.0), 1) if outlook is not None else 0.0
