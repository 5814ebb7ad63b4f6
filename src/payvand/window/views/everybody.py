"""What may anybody see: the standing of a case by its code, a licence by its number, the league?"""

from __future__ import annotations

from uuid import UUID

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from payvand.kernel import clock
from payvand.registry.public import actor
from payvand.window import access, queries
from payvand.window.forms import TrackingForm, VerifyForm
from payvand.window.models import Licence
from payvand.window.views.edge import answered


@require_safe
@never_cache
def find_case(request: HttpRequest) -> HttpResponse:
    """The standing of a case by its tracking code: its state, no names and no answers."""
    form = TrackingForm(request.GET if "code" in request.GET else None)
    found, asked = None, False
    if form.is_bound and form.is_valid():
        asked = True
        found = queries.by_code(form.cleaned_data["code"], now=clock.now())
    context = {"form": form, "found": found, "asked": asked}
    return render(request, "window/find_case.html", context, status=_status(form, asked, found))


@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """Is this licence genuine and valid today?"""
    form = VerifyForm(request.GET if "q" in request.GET else None)
    found, asked = None, False
    if form.is_bound and form.is_valid():
        asked = True
        found = queries.licence_by(form.cleaned_data["q"])
    context = {
        "form": form,
        "licence": found,
        "asked": asked,
        "standing": _standing(found) if found else "",
        "public": queries.public_lines(found) if found else (),
    }
    return render(request, "window/verify.html", context, status=_status(form, asked, found))


def _status(form: object, asked: bool, found: object) -> int:
    return 404 if asked and found is None else answered(form)


def _standing(licence: Licence) -> str:
    """Return valid, suspended, revoked, expired or early."""
    today = clock.local_date(clock.now())
    if licence.state != "valid":
        return licence.state
    if licence.valid_to is not None and licence.valid_to < today:
        return "expired"
    return "early" if licence.valid_from > today else "valid"


@require_safe
@login_required
def licence(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """The licence with its QR code, for its holder and the owner office."""
    found = queries.licence(licence_id)
    by = actor(request)
    access.may_read_application(by, found.application).or_raise()
    address = request.build_absolute_uri(f"{reverse('window:verify')}?q={found.check_code}")
    context = {
        "licence": found,
        "standing": _standing(found),
        "public": queries.public_lines(found),
        "address": address,
        "qr": segno.make(address, error="m").svg_data_uri(scale=4, border=2),
        "may_decide": access.may_decide(by, found.application).ok,
    }
    return render(request, "window/licence.html", context)


@require_safe
def cities(request: HttpRequest) -> HttpResponse:
    """The league of connected cities."""
    return render(request, "window/cities.html", {"league": queries.league()})
