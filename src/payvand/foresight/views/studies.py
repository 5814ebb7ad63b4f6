"""How long does each stage take? The release study of a service, on paper and as a workbook."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from payvand.foresight import charge, selection, shown_trs
from payvand.foresight.queries import accounts, studies
from payvand.foresight.queries.scope import REPLAYED
from payvand.foresight.selection import Selection
from payvand.registry.public import actor
from payvand.window import public as window

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _chosen(request: HttpRequest) -> tuple[Selection, str]:
    """Return the choice and the service: the one named, else the first there is."""
    charge.may_see_account(charge.charge_of(actor(request))).or_raise()
    chosen = selection.read(request.GET)
    slugs = window.Service.objects.exclude(slug__startswith=REPLAYED)
    first = slugs.order_by("-slug").values_list("slug", flat=True).first()
    service = chosen.service or first or ""
    return replace(chosen, service=service), service


def _regime(request: HttpRequest) -> str:
    asked = request.GET.get("regime", "")[:80]
    return asked if asked.isidentifier() else ""


@require_safe
@login_required
def trs(request: HttpRequest) -> HttpResponse:
    """The study of a service and period, for officials."""
    chosen, service = _chosen(request)
    period, regime = chosen.days(), _regime(request)
    found = studies.study(service, period, regime=regime, province=chosen.province)
    own = reverse("foresight:trs")
    context = {
        **selection.choices(chosen, own, accounts.first_day()),
        **shown_trs.context_of(found, period), "regime": regime, "service": service,
    }  # fmt: skip
    if request.GET.get("print"):
        return render(request, "foresight/trs_print.html", context)
    return render(request, "foresight/trs.html", context)


@require_safe
@login_required
def workbook(request: HttpRequest) -> HttpResponse:
    """The same as XLSX."""
    chosen, service = _chosen(request)
    period = chosen.days()
    found = studies.study(service, period, regime=_regime(request), province=chosen.province)
    response = HttpResponse(shown_trs.workbook(found, period), content_type=XLSX)
    name = f"trs-{service}-{period.first}-{period.last}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
