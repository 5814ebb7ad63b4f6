"""From which probability of a shortage on is which office warned, and which office signs plans?

Province by province and carrier by carrier: gas is the affair of other offices than electricity.
For the governor of the province and the administrator. No figure of consumption is shown here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from payvand.energy import access, labels, shown
from payvand.energy.actions import thresholds as acting
from payvand.energy.forms import ThresholdForm
from payvand.energy.models import Threshold
from payvand.energy.queries import balance, policies
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import ELECTRICITY
from payvand.energy.views.balance import carrier_of, of, tabs
from payvand.kernel import clock
from payvand.kernel.errors import Invalid
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor
from payvand.ui.language import pick

DEFAULT = 50


@require_safe
@login_required
def thresholds(request: HttpRequest) -> HttpResponse:
    """The provinces whose threshold the reader may set, and how each is set."""
    by = actor(request)
    areas = sorted(access.may_set_in(by))
    set_now = {(row.area_id, row.carrier): row
               for row in Threshold.objects.filter(area_id__in=areas)}  # fmt: skip
    if len(areas) == 1:
        return redirect("energy:threshold", areas[0])
    if not areas:
        access.may_set_threshold(by, "").or_raise()
    offices = registry.office_names(
        {o for t in set_now.values() for o in (t.office_id, t.signer_id)}
    )
    keys = [(area, kind) for kind in CARRIERS for area in areas]
    operators = {key: access.operator_of(*key) for key in keys}
    names: dict[Any, Any] = dict(registry.party_names(filter(None, operators.values())))
    places = registry.all_places()
    rows = [
        {"area": key[0], "place": places[key[0]].name, "operator": names.get(operators[key]),
         "carrier": labels.CARRIERS[key[1]], "of": of(key[1]),
         "set": set_now.get(key), "percent": _percent(set_now.get(key)),
         "office": offices.get(set_now[key].office_id) if key in set_now else None}
        for key in keys if key[1] == ELECTRICITY or key in set_now or operators[key]
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["set"] is None, row["operator"] is None, pick(row["place"])))
    return render(request, "energy/thresholds.html", {"rows": rows})


def _percent(found: Threshold | None) -> int:
    return round(100 * found.probability) if found is not None else DEFAULT


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def threshold(request: HttpRequest, area: str) -> HttpResponse:
    """The threshold of one province: a form, and how it was set before."""
    by, carrier = actor(request), carrier_of(request)
    access.may_set_threshold(by, area).or_raise()
    found = balance.threshold_of(area, carrier)
    form = _form(request, (area, carrier), found)
    if request.method == "POST" and form.is_valid() and _set((area, carrier), form, by):
        messages.success(request, _("The threshold is set."))
        return redirect(reverse("energy:threshold", args=[area]) + of(carrier))
    operator, today = access.operator_of(area, carrier), clock.local_date(clock.now())
    context = {
        **tabs(by, area, "threshold", carrier), "form": form, "found": found,
        "settings": acting.settings_of(area, carrier), "carrier_name": labels.CARRIERS[carrier],
        "sees": access.may_see_balance(by, area, carrier).ok,
        "rules": shown.rules(policies.rules_of(area, carrier, today)),
        "operator": registry.party_names([operator]).get(operator) if operator else None,
    }  # fmt: skip
    return render(request, "energy/threshold.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, where: tuple[str, str], found: Threshold | None) -> ThresholdForm:
    area, carrier = where
    offices = [card for place in (area, access.COUNTRY)
               for card in registry.office_cards(place=place)]  # fmt: skip
    operator = access.operator_of(area, carrier)
    public = [(str(card.id), pick(card.title)) for card in offices if card.agency is None]
    own = [
        (str(card.id), pick(card.title)) for card in offices if operator and card.agency == operator
    ]
    initial: dict[str, Any] = {"percent": _percent(found)}
    if found is not None:
        initial |= {"office": found.office_id, "signer": found.signer_id,
                    "order": pick({"fa": found.ground.title_fa, "en": found.ground.title_en})
                    if found.ground else ""}  # fmt: skip
    return ThresholdForm(request.POST if request.method == "POST" else None, initial=initial,
                         warned=[*public, *own], signing=public)  # fmt: skip


def _set(where: tuple[str, str], form: ThresholdForm, by: Actor) -> bool:
    area, carrier = where
    told = form.cleaned_data
    changed = bool(told["order"]) and "order" in form.changed_data
    try:
        acting.set_threshold(area, acting.Limit(
            int(told["office"]), int(told["signer"]), told["percent"] / 100,
            acting.order_of(area, told["order"], by=by) if changed else None,
        ), by=by, carrier=carrier)  # fmt: skip
    except Invalid as wrong:
        for name, text in wrong.facts["fields"].items():
            form.add_error(name, _(text))
        return False
    return True
