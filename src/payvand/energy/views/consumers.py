"""What does a consumer see of itself: its load, requests, offers, deliveries, complaints?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.energy import access, exports, labels, shown
from payvand.energy.actions import looking, publishing
from payvand.energy.forms import MOVED, OfferForm
from payvand.energy.models import Asset, AssetLoad
from payvand.energy.queries import plans as queries
from payvand.energy.queries import schedules
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.views.steps import do
from payvand.kernel import clock, jalali
from payvand.kernel.errors import Invalid, NotFound
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor
from payvand.ui import charts
from payvand.ui.charts import Chart, Series
from payvand.ui.language import lang

DAYS = 7


def _parties(by: Actor) -> set[UUID]:
    own = {by.party} if by.party else set()
    return {*by.mandates, *own, *(s.org for s in by.seats if s.role in access.DESK)}


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """The consumers that the reader answers for, their requests and complaints."""
    by = actor(request)
    parties = _parties(by)
    assets = queries.assets_of(parties)
    asked = queries.requests_to([one.pk for one in assets])
    context = {
        "assets": [(one, labels.sector(one.sector), labels.city(one.city),
                    labels.CARRIERS[one.carrier]) for one in assets],
        "asked": [(one, *labels.status(labels.ANSWERS, one.standing)) for one in asked],
        "complaints": queries.complaints_of(parties, ()) if parties else [],
    }  # fmt: skip
    return render(request, "energy/mine.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def asset(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """One consumer: its metered days, its tier by the authority, its offers and what it gave."""
    by, found = actor(request), queries.asset(asset_id)
    access.may_see_asset(by, found).or_raise()
    looking.look_at(found, looking.LOAD, by=by)
    form = OfferForm(request.POST if request.method == "POST" else None, carrier=found.carrier)
    if request.method == "POST" and form.is_valid() and _offered(request, by, found, form):
        return redirect("energy:asset", found.pk)
    days, unit = queries.days_of(found.pk, DAYS), shown.unit_of(found)
    year = jalali.parse(jalali.to_jalali(clock.local_date(clock.now()))[0], 1, 1)
    asked = queries.requests_to([found.pk])
    context = {
        "asset": found, "sector": labels.sector(found.sector), "city": labels.city(found.city),
        "days": [(row, sum(v or 0 for v in row.wh) / unit.wh) for row in days], "unit": unit,
        "is_hourly": CARRIERS[found.carrier].steps > 1, "carrier": found.carrier,
        "carrier_name": labels.CARRIERS[found.carrier],
        "chart": _chart(found, days), "speaks": access.may_answer(by, found).ok, "form": form,
        "offers": queries.offers_of([found.pk]).get(found.pk, []),
        "asked": [(one, *labels.status(labels.ANSWERS, one.standing)) for one in asked],
        "burden": queries.burden_of_asset(found.pk, year),
        "credit": sum(one.settlement.credit_rial for one in asked if one.settlement),
        "is_protected": _tier(found) == "vital" or found.is_medical,
        "may_offer": not (found.is_home or _tier(found) == "vital"),
        "protected": [shown.clock_time(hour, lang()) for hour in found.protected_hours],
        "looked": _looked(found) if access.speaks_for(by, found.party_id) else [],
    }  # fmt: skip
    return render(request, "energy/asset.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def _looked(found: Asset) -> list[tuple[dict[str, str], str, Any]]:
    """Return which organisation looked at what and when, the newest first."""
    seen = ledger.disclosures_of(found.pk)[-20:]
    return [(one.office, ", ".join(labels.said(labels.LOOKED, name) for name in one.fields), one.at)
            for one in reversed(seen)]  # fmt: skip


def _tier(found: Asset) -> str | None:
    return registry.site_tier(found.site_id) if found.site_id else None


def _offered(request: HttpRequest, by: Actor, found: Asset, form: OfferForm) -> bool:
    data = form.cleaned_data
    try:
        hours = (data.get("from_hour", 0), data.get("to_hour", 24))
        publishing.offer(found.pk, publishing.Offered(
            data["mw"], hours, data["notice_hours"], data["price_rial"],
            comes_back=data["way"] == MOVED), by=by)  # fmt: skip
    except Invalid as wrong:
        for name, text in wrong.facts["fields"].items():
            form.add_error(name, _(text))
        return False
    messages.success(request, _("Your offer stands from the next plan on."))
    return True


def _chart(found: Asset, days: list[AssetLoad]) -> Chart | None:
    """Return the last metered day beside the usual use, which is also what is foreseen."""
    if not days:
        return None
    language = lang()
    unit = shown.unit_of(found)
    if CARRIERS[found.carrier].steps == 1:
        return _days(found, days[::-1])
    metered: list[float | None] = [None if v is None else v / unit.wh for v in days[0].wh]
    names = [shown.clock_time(n, language).partition("–")[0] for n in range(24)]
    title = _("Use of %(day)s by hour, %(unit)s") % {
        "day": jalali.format_date(days[0].day, language), "unit": unit.power}  # fmt: skip
    usual: list[float | None] = [mw * 1e6 / unit.wh for mw in found.usual_mw]
    series = [Series(_("metered"), metered), Series(_("foreseen, as usual"), usual)]
    return charts.line(title, names, series, lang=language)


def _days(found: Asset, days: list[AssetLoad]) -> Chart:
    """Return the last metered days beside the usual one, where a day is one reading."""
    language, unit = lang(), shown.unit_of(found)
    names = [jalali.format_date(row.day, language, year=False) for row in days]
    metered: list[float | None] = [None if row.wh[0] is None else row.wh[0] / unit.wh
                                   for row in days]  # fmt: skip
    title = _("Use day by day, %(unit)s") % {"unit": unit.energy}
    usual: list[float | None] = [found.usual_mw[0] * 1e6 / unit.wh] * len(days)
    series = [Series(_("metered"), metered), Series(_("foreseen, as usual"), usual)]
    return charts.line(title, names, series, lang=language)


@require_safe
@login_required
def asked(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request: which hours, how much, why, until when, and what no answer means."""
    by, one = actor(request), queries.request(request_id)
    looking.look_at(one.row.asset, looking.LOAD, by=by)
    key = one.row.obligation
    owed = ledger.Obligation.objects.filter(pk=key).first() if key is not None else None
    speaks = access.may_answer(by, one.row.asset).ok
    if owed is not None and speaks and owed.state in ledger.OPEN and owed.opened_at is None:
        ledger.open_(by=by, obligation_id=owed.pk)
        one = queries.request(request_id)
    kind, words = labels.status(labels.ANSWERS, one.standing)
    when = shown.periods_of(one.row.plan, lang())
    prices = queries.offers_of([one.row.asset_id]).get(one.row.asset_id, [])
    context = {
        "one": one, "plan": one.row.plan, "asset": one.row.asset, "kind": kind, "words": words,
        "hours": [(when.name(hour), out, back) for hour, out, back in one.hours
                  if hour < when.count],
        "line": CARRIERS[one.row.plan.carrier], "measure": shown.units(one.row.plan.carrier),
        "price": prices[-1].price_rial if prices else 0, "owed": owed,
        "may_answer": speaks and owed is not None and owed.state in ledger.OPEN,
        "place": registry.place(one.row.plan.area_id), "speaks": speaks,
    }  # fmt: skip
    return render(request, "energy/request.html", context)


@require_POST
@login_required
def answer(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Accept or decline."""
    accept = request.POST.get("answer") == "accept"
    said = (_("You have accepted. Thank you; what you deliver is credited after the day.")
            if accept else _("You have declined. You lose nothing by it."))  # fmt: skip
    return do(
        request,
        lambda by: publishing.answer(request_id, by=by, accept=accept,
                                     text=request.POST.get("text", "")),
        said, reverse("energy:request", args=[request_id]),
    )  # fmt: skip


@require_POST
@login_required
def withdraw(request: HttpRequest, asset_id: UUID, offer_id: int) -> HttpResponse:
    """Withdraw an offer."""
    return do(request, lambda by: publishing.withdraw(offer_id, by=by),
              _("The offer is withdrawn."), reverse("energy:asset", args=[asset_id]))  # fmt: skip


@require_POST
@login_required
def complain(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """Complain to the operator: it owes an answer within its term."""
    found = queries.asset(asset_id)
    today = clock.local_date(clock.now())
    plan = next(iter(schedules.in_force(found.area_id, today, found.carrier)), None)
    return do(
        request,
        lambda by: publishing.complain(found, by=by, text=request.POST.get("text", ""), plan=plan),
        _("Your complaint is on the operator’s desk; it must answer within five working days."),
        reverse("energy:mine"),
    )


@require_safe
@login_required
def openadr(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request as an OpenADR 3 event; for that consumer and the operator."""
    one = queries.request(request_id)
    access.may_see_asset(actor(request), one.row.asset).or_raise()
    if not CARRIERS[one.row.plan.carrier].has_openadr:
        raise NotFound(request=str(request_id))
    told = exports.one_asked(one.row.plan, one)
    return JsonResponse(told, json_dumps_params={"indent": 1})
