"""Which answers take longer than usual today, and was it right to warn of such?"""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from payvand.foresight import charge
from payvand.foresight.queries import warnings as queries
from payvand.foresight.queries.scope import NAMELESS
from payvand.foresight.rules.warnings import A_DAY
from payvand.foresight.views.delays import titles
from payvand.kernel import clock
from payvand.registry import public as registry
from payvand.registry.public import actor


@require_safe
@login_required
def warnings(request: HttpRequest) -> HttpResponse:
    """The warnings of the offices that the reader is in charge of, the newest first."""
    found = charge.charge_of(actor(request))
    charge.may_see_account(found).or_raise()
    whole = request.GET.get("show") == "all"
    page = queries.page(found, open_only=not whole, after=request.GET.get("after", ""))
    names = registry.party_names({row.agency_id for row in page.rows})
    addresses = charge.pages_of(actor(request), {row.case_id for row in page.rows})
    today, known = clock.local_date(clock.now()), titles()
    own = reverse("foresight:warnings")
    kept = {"show": "all"} if whole else {}
    context = {
        "rows": [
            {"row": row, "agency": names.get(row.agency_id, NAMELESS),
             "service": known.get(row.service, {"fa": row.service, "en": row.service}),
             "href": addresses.get(row.case_id, ""), "is_today": row.day == today}
            for row in page.rows
        ],
        "precision": queries.precision(today), "whole": whole, "a_day": A_DAY,
        "older_url": f"{own}?{urlencode({**kept, 'after': page.after})}" if page.after else "",
        "newer_url": f"{own}?{urlencode(kept)}" if request.GET.get("after") else "",
    }  # fmt: skip
    return render(request, "foresight/warnings.html", context)
