"""Which service do I need, and what does it ask? Pages for everybody, no account needed."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from payvand.kernel import clock
from payvand.registry.public import actor
from payvand.window import queries
from payvand.window.forms import ApplicantForm
from payvand.window.views import panels
from payvand.window.views.edge import answered


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """The services in force; only the list when htmx asks."""
    text = request.GET.get("q", "")[:100]
    category = request.GET.get("category", "")[:20]
    found = queries.find_services(text, category, _today())
    part = getattr(request, "htmx", False)
    name = "window/_catalogue.html" if part else "window/catalogue.html"
    response = render(request, name, {"found": found, "is_home": True})
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


home = catalogue


@require_safe
def service(request: HttpRequest, slug: str) -> HttpResponse:
    """What one service asks, takes and costs, and by which law."""
    form = None
    if request.user.is_authenticated:
        form = ApplicantForm(choices=queries.applicants_of(actor(request), slug))
    return show_service(request, slug, form)


def show_service(request: HttpRequest, slug: str, form: ApplicantForm | None) -> HttpResponse:
    """Show the page of a service with the form that starts an application."""
    by = actor(request)
    is_counter = any(seat.role == "counter" for seat in by.seats)
    context = {
        "page": queries.service_page(slug, _today()),
        "form": form,
        "is_counter": is_counter,
        "panels": panels.of_service(slug, by),
    }
    return render(request, "window/service.html", context, status=answered(form) if form else 200)


def _today() -> date:
    return clock.local_date(clock.now())
