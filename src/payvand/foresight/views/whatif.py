"""What would make this service faster? A copy of it is edited; the service itself never changes.

The whole scenario stands in the address, so that it can be shared; no script is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from payvand.foresight import access
from payvand.foresight.rules import blueprint as layouts
from payvand.foresight.rules.blueprint import Change, Refused
from payvand.foresight.rules.scenario import GRAPH, SEQUENCE, Scenario, scenario
from payvand.kernel.errors import NotFound
from payvand.kernel.text import fold_digits
from payvand.registry.public import actor

if TYPE_CHECKING:  # numpy stays out until somebody asks
    from payvand.foresight.queries.plans import Plan


def _asked(request: HttpRequest) -> Scenario:
    return scenario(request.GET.getlist("change"), request.GET.get("base", ""))


@require_safe
@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Edit a copy of the service and see what each change buys; adding one leads to its address."""
    asked = _asked(request)
    if "add" in request.GET:
        added = _added(request)
        if added is None:
            messages.warning(request, _("Write a whole number that is not zero, and try again."))
        more = () if not added or added in asked.changes else (added,)
        return redirect(f"{request.path}?{asked.query_of((*asked.changes, *more))}")
    plan = _plan(request, slug, asked)
    return render(request, "foresight/whatif.html", _context(plan, asked, slug))


def _added(request: HttpRequest) -> Change | None:
    """Return the change that a small form asks for; None when it is not one."""
    kind, key = request.GET.get("add", ""), request.GET.get("key", "")
    tail = {
        layouts.CAP: f":{request.GET.get('days', '')}",
        layouts.MERGE: f":{request.GET.get('other', '')}",
        layouts.DESKS: f":{request.GET.get('now', '')}+{request.GET.get('more', '')}",
    }.get(kind, "")
    try:
        return Change.parse(fold_digits(f"{kind}:{key}{tail}"))
    except Refused:
        return None


def _plan(request: HttpRequest, slug: str, asked: Scenario) -> Plan:
    """Return what the scenario comes to; refuses who may not plan the service."""
    from payvand.foresight.queries import plans

    owner = plans.owner_of(slug)
    if owner is None:
        raise NotFound(service=slug)
    access.may_plan(actor(request), owner).or_raise()
    return plans.plan(slug, asked.changes, sequence=asked.base == SEQUENCE)


def _context(plan: Plan, asked: Scenario, slug: str) -> dict[str, Any]:
    from payvand.foresight.views import whatif_shown as shown
    from payvand.foresight.views.whatif_words import Words

    own = reverse("foresight:whatif", args=[slug])
    words = Words(plan.service, plan.blueprint)
    context: dict[str, Any] = {
        "plan": plan, "slug": slug, "own": own, "asked": asked,
        "graph_url": f"{own}?{asked.query_of(asked.changes, GRAPH)}",
        "sequence_url": f"{own}?{asked.query_of(asked.changes, SEQUENCE)}",
        "pdf_url": f"{reverse('foresight:whatif_pdf', args=[slug])}?{asked.query}",
        "most": layouts.MOST_CHANGES, "is_full": len(asked.changes) >= layouts.MOST_CHANGES,
    }  # fmt: skip
    if plan.study is None or plan.past is None:
        return context | {"reason": shown.reason(plan)}
    return context | {
        "tiles": shown.tiles(plan),
        "effects": shown.effects(plan, words, asked, own),
        "rows": shown.rows(plan, words),
        "ways": shown.ways(plan),
        "verdict": shown.order_in_words(plan),
        "together": shown.together_in_words(plan.study),
        "method": shown.method_in_words(plan),
        "capacities": shown.capacities(plan, words),
    }


@require_safe
@login_required
def document(request: HttpRequest, slug: str) -> HttpResponse:
    """The scenario as a PDF of one page."""
    from payvand.foresight.views import whatif_pdf

    asked = _asked(request)
    plan = _plan(request, slug, asked)
    if plan.study is None:
        return redirect("foresight:whatif", slug)
    address = request.build_absolute_uri(
        f"{reverse('foresight:whatif', args=[slug])}?{asked.query}"
    )
    response = HttpResponse(whatif_pdf.made(plan, address), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="what-if-{slug}.pdf"'
    return response
