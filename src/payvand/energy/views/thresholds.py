"""From which probability of a shortage on is which office warned, and which office signs plans?

For the governor of the province and the administrator. No figure of consumption is shown here.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from payvand.energy import access
from payvand.energy.actions import thresholds as acting
from payvand.energy.forms import ThresholdForm
from payvand.energy.models import Threshold
from payvand.energy.views.balance import tabs
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
    set_now = {row.area_id: row for row in Threshold.objects.filter(area_id__in=areas)}
    if len(areas) == 1:
        return redirect("energy:threshold", areas[0])
    if not areas:
        access.may_set_threshold(by, "").or_raise()
    offices = registry.office_names(
        {o for t in set_now.values() for o in (t.office_id, t.signer_id)}
    )
    operators = {area: access.operator_of(area) for area in areas}
    names: dict[Any, Any] = dict(registry.party_names(filter(None, operators.values())))
    places = registry.all_places()
    rows = [
        {"area": area, "place": places[area].name, "operator": names.get(operators[area]),
         "set": set_now.get(area), "percent": _percent(set_now.get(area)),
         "office": offices.get(set_now[area].office_id) if area in set_now else None}
        for area in areas
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["set"] is None, row["operator"] is None, pick(row["place"])))
    return render(request, "energy/thresholds.html", {"rows": rows})


def _percent(found: Threshold | None) -> int:
    return round(100 * found.probability) if found is not None else DEFAULT


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def threshold(request: HttpRequest, area: str) -> HttpResponse:
    """The threshold of one province: a form, and how it was set before."""
    by = actor(request)
    access.may_set_threshold(by, area).or_raise()
    found = Threshold.objects.select_related("ground").filter(pk=area).first()
    form = _form(request, area, found)
    if request.method == "POST" and form.is_valid() and _set(area, form, by):
        messages.success(request, _("The threshold is set."))
        return redirect("energy:threshold", area)
    operator = access.operator_of(area)
    context = {
        **tabs(by, area, "threshold"), "form": form, "found": found,
        "settings": acting.settings_of(area), "sees": access.may_see_balance(by, area).ok,
        "operator": registry.party_names([operator]).get(operator) if operator else None,
    }  # fmt: skip
    return render(request, "energy/threshold.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, area: str, found: Threshold | None) -> ThresholdForm:
    offices = [card for place in (area, access.COUNTRY)
               for card in registry.office_cards(place=place)]  # fmt: skip
    operator = access.operator_of(area)
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


def _set(area: str, form: ThresholdForm, by: Actor) -> bool:
    told = form.cleaned_data
    changed = bool(told["order"]) and "order" in form.changed_data
    try:
        acting.set_threshold(
            area, office=int(told["office"]), signer=int(told["signer"]), by=by,
            probability=told["percent"] / 100,
            ground=acting.order_of(area, told["order"], by=by) if changed else None,
        )  # fmt: skip
    except Invalid as wrong:
        for name, text in wrong.facts["fields"].items():
            form.add_error(name, _(text))
        return False
    return True
