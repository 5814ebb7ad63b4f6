"""How does a province stand, now and for 72 hours? For its operator and its governor."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from payvand.energy import access, labels, shown
from payvand.energy.actions import outlooks, planning, releasing
from payvand.energy.models import Outlook
from payvand.energy.queries import balance as queries
from payvand.energy.queries import plans
from payvand.energy.queries.balance import Quality, Used
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import DAYS, ELECTRICITY
from payvand.energy.views.steps import do
from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor
from payvand.ui.language import lang

QUALITY_DAYS = 7


@require_safe
@login_required
def balance(request: HttpRequest, area: str) -> HttpResponse:
    """Demand against supply, the probability of a shortage, and what to do about it."""
    by, carrier = actor(request), carrier_of(request)
    access.may_see_balance(by, area, carrier).or_raise()
    language, today = lang(), clock.local_date(clock.now())
    seen, told = queries.outlook_of(area, carrier), queries.ahead(area, carrier)
    last = queries.latest_day(area, carrier)
    used = queries.used(area, last, carrier) if last else Used(today)
    quality = queries.quality_by_day(area, last, QUALITY_DAYS, carrier)
    around = tabs(by, area, "balance", carrier)
    operates, is_power = around["operates"], carrier == ELECTRICITY
    context = {
        **around, "used": used, "quality": quality, "seen": seen, "told": told,
        "tiles": shown.tiles(seen, used, _sum([q for _, q in quality]), language),
        "chart": shown.days_ahead(told, language, carrier)
        if told and told.status != "refused" else None,
        "is_power": is_power,
        "chance": shown.probability(seen, language) if seen else None,
        "short_hours": shown.short_hours(seen, language, clock.now()),
        "unknown": shown.unknown_hours(seen),
        "cities": shown.cities(used), "sectors": shown.sectors(used),
        "feeders": queries.deviating(area) if operates and is_power else [],
        "is_old": seen is not None and seen.first < today,
        "city_of": labels.city, "warning": _warning(by, seen),
        "plans": [(plan, shown.plan_title(plan), *shown.standing(plan))
                  for plan in queries.newest_plans(area, 8, carrier)],
        "days": [(day, day == (outlooks.day_of(seen) if seen else today)) for day in
                 (today + timedelta(days=n) for n in range(DAYS))
                 if day >= CARRIERS[carrier].next_day(today)],
    }  # fmt: skip
    for feeder in context["feeders"]:
        feeder.city_name = labels.city(feeder.city)
        feeder.percent = feeder.gap_ppm / 10_000
    return render(request, "energy/balance.html", context)


def carrier_of(request: HttpRequest) -> str:
    """Return the carrier that was asked for, electricity where it is none."""
    asked = (request.POST if request.method == "POST" else request.GET).get("carrier", "")
    asked = asked or request.GET.get("carrier", "")
    return asked if asked in CARRIERS else ELECTRICITY


def _sum(rows: list[Quality]) -> Quality:
    return Quality(sum(q.expected for q in rows), sum(q.present for q in rows),
                   sum(q.bad for q in rows))  # fmt: skip


def _warning(by: Actor, seen: Outlook | None) -> dict[str, Any] | None:
    """Return the warning that belongs to the outlook, and whether the reader must answer it."""
    if seen is None or seen.warning is None:
        return None
    owed = ledger.Obligation.objects.select_related("office").filter(pk=seen.warning).first()
    if owed is None:
        return None
    return {
        "owed": owed, "is_open": owed.state in ledger.OPEN,
        "is_mine": owed.state in ledger.OPEN and owed.office_id in by.offices,
        "office": {"fa": owed.office.title_fa, "en": owed.office.title_en} if owed.office else {},
        "order": (owed.reply or {}).get("text", ""), "day": outlooks.day_of(seen),
    }  # fmt: skip


def tabs(by: Actor, area: str, here: str, carrier: str = ELECTRICITY) -> dict[str, Any]:
    """Return what the head of every page of a province shows."""
    places = registry.all_places()
    if area not in places:
        raise NotFound(area=area)
    charge, may_set = access.in_charge_of(by), access.may_set_threshold(by, area).ok
    operated = set(access.carriers_operated_by(by))
    open_areas = charge | {code for code, kind in operated if kind == carrier}
    known = [code for code in queries.areas_with_data(carrier) if code in open_areas]
    kinds = [
        kind
        for kind in CARRIERS
        if (area, kind) in operated
        or ((area in charge or may_set) and access.operator_of(area, kind) is not None)
    ]
    return {
        "area": area, "place": places[area], "here": here, "carrier": carrier,
        "of": of(carrier), "measure": shown.units(carrier), "line": CARRIERS[carrier],
        "carriers": [(code, labels.CARRIERS[code]) for code in kinds],
        "areas": [(code, places[code].name) for code in known if code in places],
        "operates": access.may_operate(by, area, carrier).ok, "sees": area in open_areas,
        "may_set": may_set, "installed": _is_installed(), "is_official": bool(charge),
    }  # fmt: skip


def _is_installed() -> bool:
    from importlib.util import find_spec

    return find_spec("scipy") is not None


def of(carrier: str) -> str:
    """Return what an address of a carrier ends with."""
    return "" if carrier == ELECTRICITY else f"?carrier={carrier}"


@require_safe
@login_required
def choose(request: HttpRequest) -> HttpResponse:
    """Lead from the select of provinces to the page of the chosen one."""
    area = request.GET.get("area", "")
    if area not in registry.all_places():
        raise NotFound(area=area)
    page = "energy:burden" if request.GET.get("page") == "burden" else "energy:balance"
    return redirect(reverse(page, args=[area]) + of(carrier_of(request)))


@require_POST
@login_required
def acknowledge(request: HttpRequest, area: str, obligation_id: UUID) -> HttpResponse:
    """The office acknowledges the warning with its order."""
    order = request.POST.get("order", "").strip()
    back = reverse("energy:balance", args=[area]) + of(carrier_of(request))
    if not order:
        order = _("Acknowledged.")

    def act(by: Actor) -> None:
        outlooks.acknowledge(area, by=by, obligation_id=obligation_id, order=order)

    return do(request, act, _("The warning is acknowledged; your order is on record."), back)


@require_POST
@login_required
def forecast(request: HttpRequest, area: str) -> HttpResponse:
    """Make forecast and outlook anew from what is known now."""
    carrier = carrier_of(request)

    def act(by: Actor) -> None:
        outlooks.forecast(area, by=by, carrier=carrier)
        outlooks.foresee(area, by=by, carrier=carrier)

    return do(request, act, _("Forecast and outlook are made anew."),
              reverse("energy:balance", args=[area]) + of(carrier))  # fmt: skip


@require_POST
@login_required
def make_plan(request: HttpRequest, area: str) -> HttpResponse:
    """Make a draft for a day, and show it."""
    day, carrier = _day(request), carrier_of(request)
    made: list[Any] = []
    answer = do(request, lambda by: made.append(planning.make(area, day, by=by, carrier=carrier)),
                _("The draft is made; nobody has been asked yet."),
                reverse("energy:balance", args=[area]) + of(carrier))  # fmt: skip
    return redirect("energy:plan", made[0].pk) if made else answer


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        return clock.local_date(clock.now()) + timedelta(days=1)


@require_POST
@login_required
def release(request: HttpRequest, area: str) -> HttpResponse:
    """Publish the consumption of the last whole day, as far as privacy allows."""
    carrier = carrier_of(request)
    day = queries.latest_day(area, carrier)
    if day is None:
        raise NotFound(area=area)
    return do(request, lambda by: releasing.release_day(area, day, by=by, carrier=carrier),
              _("Published as far as the rules of privacy allow."),
              reverse("energy:schedule", args=[carrier, area]))  # fmt: skip


@require_safe
@login_required
def burden(request: HttpRequest, area: str) -> HttpResponse:
    """Who has borne how much in this year, and how evenly it lies."""
    by, carrier = actor(request), carrier_of(request)
    access.may_see_balance(by, area, carrier).or_raise()
    from payvand.kernel import jalali

    today = clock.local_date(clock.now())
    first = jalali.parse(jalali.to_jalali(today)[0], 1, 1)
    rows = plans.burden(area, first, today, carrier)
    made = queries.newest_plans(area, 50, carrier)
    settled = [plan for plan in made if plan.state == "settled"]
    context = {
        **tabs(by, area, "burden", carrier), "rows": shown.burden_rows(rows, carrier),
        "first": first,
        "today": today, "fair": plans.evenness(rows), "settled": settled,
        "most": max((one.days for one in rows), default=0.0),
    }  # fmt: skip
    return render(request, "energy/burden.html", context)
