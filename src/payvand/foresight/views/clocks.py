"""Whose time was it in this one case?"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from payvand.foresight import charge, shown_delays
from payvand.foresight.queries.told import province_of
from payvand.kernel import clock
from payvand.registry.public import actor


@require_safe
@login_required
def case(request: HttpRequest, key: UUID) -> HttpResponse:
    """The clocks of one case, question by question, for officials in charge of it."""
    from payvand.foresight.queries import clocks  # numpy: loaded when first needed

    found = charge.charge_of(actor(request))
    charge.may_see_account(found).or_raise()
    told = clocks.clocks_of(key, clock.now())
    application = told.application
    verdict = charge.may_see_cases(
        found, province=province_of(application.place_id), agency=application.service.owner_id
    )
    verdict.or_raise()
    words = shown_delays.cause_words()
    addresses = charge.pages_of(actor(request), {key})
    context = {
        "told": told, "href": addresses.get(key, ""), "back": reverse("foresight:delays"),
        "clocks": [(one, words[one.holder][0] if one.holder is not None else "")
                   for one in told.clocks],
        "shares": [(words[cause][0], name, days, 100 * days / (told.days or 1))
                   for cause, name, days in told.shares],
    }  # fmt: skip
    return render(request, "foresight/clocks.html", context)
