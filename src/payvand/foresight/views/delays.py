"""Where did the days go? The delay account, its cases, its cost and its assumptions."""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from payvand.foresight import charge, selection, shown_delays
from payvand.foresight.actions import rates
from payvand.foresight.delay_forms import RateForm
from payvand.foresight.queries import accounts
from payvand.foresight.queries.accounts import Scope
from payvand.foresight.queries.scope import NAMELESS
from payvand.foresight.rules import tables
from payvand.foresight.rules.causes import AGENCY, CAUSES
from payvand.foresight.selection import Selection
from payvand.kernel.errors import Invalid
from payvand.kernel.text import fold_digits
from payvand.registry import public as registry
from payvand.registry.public import actor
from payvand.ui.language import pick
from payvand.window import public as window
from payvand.window.public import Charge

MOST_PERCENT = 1000


def titles() -> dict[str, dict[str, str]]:
    """Return the titles of the services. One query."""
    return dict(window.Service.objects.values_list("slug", "title"))


def _home(found: Charge) -> str:
    alone = not found.everything and len(found.provinces) == 1
    return next(iter(found.provinces)) if alone else ""


def _scope(chosen: Selection) -> Scope:
    return Scope(chosen.province, chosen.service, chosen.agency_id)


@require_safe
@login_required
def delays(request: HttpRequest) -> HttpResponse:
    """The delay account of a period, for officials."""
    found = charge.charge_of(actor(request))
    charge.may_see_account(found).or_raise()
    chosen = selection.read(request.GET, province=_home(found))
    days, known = chosen.days(), titles()
    scope = _scope(chosen)
    account = accounts.account(days, scope, known)
    other = _rate(request)
    cost = accounts.cost(days, scope, other)
    own, cases = reverse("foresight:delays"), reverse("foresight:delay_cases")
    rows = shown_delays.part_rows(account.agencies, chosen, "agency", (own, cases))
    whole = request.GET.get("agencies") == "all"
    context = {
        **selection.choices(chosen, own, accounts.first_day()), "account": account, "cost": cost,
        "tiles": shown_delays.tiles(account, cost), "trend": shown_delays.trend(account),
        "causes": shown_delays.cause_rows(account.whole, chosen, cases),
        "agencies": rows if whole else rows[: shown_delays.TOP],
        "left_out": 0 if whole else max(0, len(rows) - shown_delays.TOP),
        "services": shown_delays.part_rows(account.services, chosen, "service", (own, cases)),
        "provinces": shown_delays.part_rows(account.provinces, chosen, "province", (own, cases)),
        "assumptions": shown_delays.assumption_rows(cost, known),
        "total_cost": shown_delays.money(cost.total), "other_rate": other,
        "may_set": charge.may_set_rates(found).ok,
        "agency_name": _agency_name(chosen),
    }  # fmt: skip
    return render(request, "foresight/delays.html", context)


def _agency_name(chosen: Selection) -> str:
    if chosen.agency_id is None:
        return ""
    names = registry.party_names([chosen.agency_id])
    return pick(names.get(chosen.agency_id, NAMELESS))


def _rate(request: HttpRequest) -> Decimal | None:
    """Return another rate to see the cost under, when the address names one."""
    text = fold_digits(request.GET.get("rate", "")).replace("٫", ".").strip()
    try:
        rate = Decimal(text)
    except InvalidOperation:
        return None
    return rate if rate.is_finite() and 0 <= rate <= MOST_PERCENT else None


@require_safe
@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind one figure, those that took longest first, for officials in charge."""
    found = charge.charge_of(actor(request))
    charge.may_see_account(found).or_raise()
    chosen = selection.read(request.GET, province=_home(found))
    cause = CAUSES.index(chosen.cause) if chosen.cause in CAUSES else AGENCY
    verdict = charge.may_see_cases(found, province=chosen.province, agency=chosen.agency_id)
    page = None
    if verdict:
        after = request.GET.get("after", "")
        page = accounts.cases(chosen.days(), _scope(chosen), cause, after)
    rows = page.rows if page else ()
    addresses = charge.pages_of(actor(request), {row.case_id for row in rows})
    names, known = registry.party_names({row.agency_id for row in rows}), titles()
    own = reverse("foresight:delay_cases")
    words = shown_delays.cause_words()[cause]
    context = {
        **selection.choices(chosen, own, accounts.first_day()), "verdict": verdict,
        "rows": [
            {"row": row, "days": row.seconds / accounts.DAY, "late": row.late / accounts.DAY,
             "agency": names.get(row.agency_id, NAMELESS),
             "service": known.get(row.service, {"fa": row.service, "en": row.service}),
             "href": addresses.get(row.case_id, "")}
            for row in rows
        ],
        "cause_name": words[0], "cause_what": words[1],
        "back": f"{reverse('foresight:delays')}?{chosen.query(cause='', agency='')}",
        "older_url": f"{own}?{chosen.query()}&after={page.after}" if page and page.after else "",
        "newer_url": f"{own}?{chosen.query()}" if request.GET.get("after") else "",
    }  # fmt: skip
    return render(request, "foresight/delay_cases.html", context)


@require_safe
@login_required
def delays_csv(request: HttpRequest) -> HttpResponse:
    """The account as CSV: one row per agency, service, province and cause."""
    found = charge.charge_of(actor(request))
    charge.may_see_account(found).or_raise()
    chosen = selection.read(request.GET, province=_home(found))
    days = chosen.days()
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"delays-{days.first}-{days.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    out = csv.writer(response)
    out.writerow(("from", "to", *accounts.COLUMNS))
    for row in accounts.table(days, _scope(chosen)):
        out.writerow([str(days.first), str(days.last), *map(tables.safe, row)])
    return response


@require_http_methods(["GET", "POST"])
@login_required
def rate(request: HttpRequest) -> HttpResponse:
    """Set what a day of delay is taken to cost."""
    by = actor(request)
    charge.may_set_rates(charge.charge_of(by)).or_raise()
    services = [(slug, pick(title)) for slug, title in titles().items()]
    form = RateForm(request.POST or None, services=services)
    if request.method == "POST" and form.is_valid():
        try:
            rates.set_rate(form.draft(), by=by)
        except Invalid as wrong:
            for name, message in wrong.facts["fields"].items():
                form.add_error(name, _(message))
        else:
            messages.success(request, _("Recorded. The account is counted anew within the hour."))
            return redirect("foresight:delays")
    return render(request, "foresight/rate.html", {"form": form},
                  status=422 if form.errors else 200)  # fmt: skip
