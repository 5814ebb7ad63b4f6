"""How does an organisation come into the house, and how does it begin to answer for a role?"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from payvand.kernel.errors import Conflict, Invalid
from payvand.registry import public as registry
from payvand.registry.forms import refuse
from payvand.registry.forms.organisations import AgencyForm, DutyForm
from payvand.ui.language import pick


def places() -> list[tuple[str, str]]:
    """Return the places for a list of choices, the country first."""
    known = registry.all_places().values()
    ordered = sorted(known, key=lambda p: (p.kind != "country", p.kind != "province"))
    return [(p.code, pick(p.name)) for p in ordered]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Register an organisation; then its page asks how it is connected."""
    by = registry.actor(request)
    registry.may_manage(by).or_raise()
    form = AgencyForm(request.POST or None, places=places())
    if request.method == "POST" and form.is_valid():
        try:
            made = registry.register_party(form.draft(), by=by)
        except (Invalid, Conflict) as error:
            refuse(form, error)
        else:
            messages.success(
                request, _("The organisation is registered. Say now what it answers for.")
            )
            return redirect("registry:agency", made)
    status = 422 if form.errors else 200
    return render(request, "registry/agency_add.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def duty(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """Let an organisation answer for a role at a place."""
    by = registry.actor(request)
    registry.may_manage(by).or_raise()
    card = registry.party(agency_id)
    form = DutyForm(request.POST or None, places=places())
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            registry.set_debtor(told["role"].strip(), told["place"], agency_id, by=by,
                                starts=told["starts"])  # fmt: skip
        except (Invalid, Conflict) as error:
            refuse(form, error)
        else:
            messages.success(request, _("From now on the organisation answers for this."))
            return redirect("registry:agency", agency_id)
    answering = {k: role for k, role in registry.roles().items() if role["kind"] != "office"}
    context = {"form": form, "card": card, "roles": answering}
    status = 422 if form.errors else 200
    return render(request, "registry/agency_duty.html", context, status=status)
