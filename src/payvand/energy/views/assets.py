"""Which consumers are asked or protected by name, and how does the operator keep the list?

A home is shown by its number. Its owner's name is read on request alone, and that is put on record
for the owner to see.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.energy import access, labels
from payvand.energy.actions import assets as acting
from payvand.energy.actions import looking
from payvand.energy.actions.uploads import CONSUMERS
from payvand.energy.errors import FileUnfit
from payvand.energy.forms import AssetFileForm, AssetForm
from payvand.energy.models import Asset
from payvand.energy.queries import assets as queries
from payvand.energy.queries import plans
from payvand.energy.rules import asset_rows
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import ELECTRICITY
from payvand.energy.views.balance import carrier_of, of, tabs
from payvand.energy.views.steps import do
from payvand.energy.views.uploads import handed_over, is_large
from payvand.kernel.errors import NotFound
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor
from payvand.ui.errors import said
from payvand.ui.language import pick


def _operates(request: HttpRequest, area: str) -> tuple[Actor, str]:
    by, carrier = actor(request), carrier_of(request)
    access.may_operate(by, area, carrier).or_raise()
    return by, carrier


def _found(area: str, asset_id: UUID, carrier: str | None = None) -> Asset:
    """Return a consumer of the province; one of another province or carrier is not found here."""
    found = plans.asset(asset_id)
    if found.area_id != area or carrier not in (None, found.carrier):
        raise NotFound(asset=str(asset_id))
    return found


def _list(area: str, carrier: str) -> str:
    return reverse("energy:assets", args=[area]) + of(carrier)


@require_safe
@login_required
@never_cache
def assets(request: HttpRequest, area: str) -> HttpResponse:
    """The registered consumers, with search, a page at a time."""
    by, carrier = _operates(request, area)
    text, typed = request.GET.get("q", "")[:80], request.GET.get("after", "")
    try:
        after = UUID(typed) if typed else None
    except ValueError:
        raise NotFound(page=typed) from None
    lines, more = queries.listed(area, text, carrier=carrier, after=after)
    same = {"q": text} if carrier == ELECTRICITY else {"q": text, "carrier": carrier}
    older = "?" + urlencode(same | {"after": more}) if more else ""
    context = {
        **tabs(by, area, "assets", carrier), "q": text, "older_url": older,
        "newer_url": "?" + urlencode(same) if after else "",
        "rows": [(line, labels.sector(line.row.sector), labels.city(line.row.city))
                 for line in lines],
    }  # fmt: skip
    return render(request, "energy/assets.html", context)


def _form(request: HttpRequest, area: str, carrier: str, **options: Any) -> AssetForm:
    granting = queries.authorities(access.operator_of(area, carrier))
    return AssetForm(
        request.POST if request.method == "POST" else None,
        cities=[(card.code, pick(card.name)) for card in registry.children_of(area)],
        authorities=[(slug, pick(card.name)) for slug, card in granting.items()],
        carrier=carrier, **options,
    )  # fmt: skip


def _register(
    form: AssetForm, where: tuple[str, str], by: Actor, fixed: dict[str, str]
) -> UUID | None:
    """Register what the form says; put what is wrong at its fields. Returns the consumer's id."""
    area, carrier = where
    if not form.is_valid():  # tell everything that is wrong at once
        form.put(acting.judge(area, form.cells() | fixed, carrier).faults)
        return None
    report = acting.register(area, [(1, form.cells() | fixed)], by=by, carrier=carrier)
    if report.counts["refused"]:
        form.put(fault for _, fault in report.faults)
        return None
    return report.ids.get(1)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest, area: str) -> HttpResponse:
    """Register one consumer."""
    by, carrier = _operates(request, area)
    form = _form(request, area, carrier)
    if request.method == "POST" and _register(form, (area, carrier), by, {}):
        messages.success(request, _("The consumer is registered."))
        return redirect(_list(area, carrier))
    context = {**tabs(by, area, "assets", carrier), "form": form}
    return render(request, "energy/asset_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def change(request: HttpRequest, area: str, asset_id: UUID) -> HttpResponse:
    """Change one consumer; its owner and number stay."""
    by, carrier = _operates(request, area)
    found = _found(area, asset_id, carrier)
    owner = registry.party(found.party_id)
    granting = queries.authorities(access.operator_of(area, carrier))
    slug = next((s for s, card in granting.items() if card.id == found.protected_by_id), "")
    cells = acting.cells_of(found, owner, slug)
    fixed = {name: cells.pop(name) for name in ("code", "owner_id")}
    without = ("code", "owner_id", "owner_fa", *(("title_fa", "title_en") if found.is_home else ()))
    form = _form(request, area, carrier, without=without,
                 initial=cells | {"medical": found.is_medical})  # fmt: skip
    if request.method == "POST" and _register(form, (area, carrier), by, fixed):
        messages.success(request, _("The consumer is changed."))
        return redirect(_list(area, carrier))
    shown = not found.is_home or request.GET.get("owner") == "shown"
    if shown and found.is_home:
        looking.look_at(found, looking.NAME, by=by)
    context = {
        **tabs(by, area, "assets", carrier), "form": form, "asset": found,
        "owner": owner.name if shown else None,
        "is_ranked": bool(found.site_id and registry.site_tiers([found.site_id])),
    }  # fmt: skip
    return render(request, "energy/asset_form.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def close(request: HttpRequest, area: str, asset_id: UUID) -> HttpResponse:
    """Close one consumer."""
    found = _found(area, asset_id)
    return do(request, lambda by: acting.close(asset_id, by=by), _("The consumer is closed."),
              _list(area, found.carrier))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest, area: str) -> HttpResponse:
    """Register the consumers of a file, and tell row by row what could not be used."""
    by, carrier = _operates(request, area)
    form = AssetFileForm(request.POST, request.FILES) if request.method == "POST" else None
    report, wrong = None, ""
    if form is not None and form.is_valid():
        try:
            if is_large(form.cleaned_data["file"]):
                return handed_over((area, carrier), CONSUMERS, form.cleaned_data["file"], by)
            report = _take((area, carrier), form.cleaned_data["file"], by)
        except FileUnfit as error:
            parts = (error.what, error.why, error.now)
            wrong = " ".join(said(part, error.facts) for part in parts)
    context = {
        **tabs(by, area, "assets", carrier), "form": form or AssetFileForm(), "report": report,
        "wrong": wrong, "faults": _faults(report) if report else [],
        "columns": [(name, labels.column(name, carrier), name in asset_rows.NEEDED)
                    for name in columns_of(carrier)],
    }  # fmt: skip
    bad = wrong or (form is not None and form.errors)
    return render(request, "energy/asset_import.html", context, status=422 if bad else 200)


def columns_of(carrier: str) -> list[str]:
    """Return the columns of a file of consumers."""
    out = {"tier"} if CARRIERS[carrier].has_turns else {"tier", *AssetForm.HOURLY}
    return [name for name in asset_rows.NAMES if name not in out]


def _take(where: tuple[str, str], file: Any, by: Actor) -> acting.Report:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(str(file.name)).name[-80:]
        with path.open("wb") as out:
            for chunk in file.chunks():
                out.write(chunk)
        return acting.import_file(where[0], path, by=by, carrier=where[1])


def _faults(report: acting.Report) -> list[tuple[int, str, str, str]]:
    """Return row, column, what is wrong and what was typed, in words."""
    return [(row, _(labels.COLUMNS[one.column]), _(labels.ASSET_WHY[one.why]), one.text)
            for row, one in report.faults]  # fmt: skip


@require_safe
@login_required
def template(request: HttpRequest, area: str) -> HttpResponse:
    """An empty file with the columns."""
    _by, carrier = _operates(request, area)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="consumers.csv"'
    csv.writer(response).writerow(columns_of(carrier))
    return response
