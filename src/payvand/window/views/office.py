"""How does the owner office decide, and change a licence afterwards?"""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, NotFound, Refused
from payvand.ledger.public import Reply
from payvand.registry.public import actor
from payvand.ui.errors import said
from payvand.ui.language import pick
from payvand.window import access, actions, compiled, queries
from payvand.window.forms import DecideForm, LicenceForm, reply_from
from payvand.window.queries.office import Dossier
from payvand.window.rules.pack_model import Reason
from payvand.window.views.edge import answered, put_errors, tell


@require_safe
@login_required
def to_decide(request: HttpRequest) -> HttpResponse:
    """The applications that wait for a decision of my office, by term; and all of its cases."""
    by = actor(request)
    if not queries.owners_of(by):
        raise Refused(gettext_noop("You have no seat in an office that decides."))
    page = queries.to_decide(by, now=clock.now(), after=request.GET.get("after", ""))
    lines, older = queries.of_office(by, before=request.GET.get("before", ""))
    return render(request, "window/to_decide.html", {"page": page, "lines": lines, "older": older})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decide(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The application with all answers and checks; a post decides."""
    by = actor(request)
    application = queries.application(case_id)
    may = access.may_decide(by, application)
    if request.method == "POST":
        may.or_raise()
    else:
        access.may_read_application(by, application).or_raise()
        if not by.works_for(application.service.owner_id):
            may.or_raise()
    view = queries.dossier(application)
    form = DecideForm(
        request.POST if request.method == "POST" else None,
        outcomes=view.outcomes,
        conditions=view.conditions,
    )
    if request.method == "POST" and form.is_valid() and _decided(request, view, form):
        tell(request, _("The decision is recorded and the applicant is told."))
        return redirect("window:decide", case_id)
    context = {"view": view, "form": form, "may": may, "now": clock.now()}
    return render(request, "window/decide.html", context, status=answered(form))


def _decided(request: HttpRequest, view: Dossier, form: DecideForm) -> bool:
    reply = Reply(**reply_from(form.cleaned_data, form.lines()))
    try:
        actions.decide(by=actor(request), application_id=view.application.pk, reply=reply)
    except (Invalid, Conflict) as error:
        if isinstance(error, Invalid):
            put_errors(form, error)
        else:
            form.add_error(None, said(error.what, error.facts))
        if error.why:
            form.add_error(None, said(error.why, error.facts))
        return False
    return True


ACTS = {
    "suspend": (gettext_lazy("Suspend the licence"), actions.suspend_licence),
    "revoke": (gettext_lazy("Revoke the licence"), actions.revoke_licence),
    "reinstate": (gettext_lazy("Make the licence valid again"), actions.reinstate_licence),
}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def licence_act(request: HttpRequest, licence_id: UUID, act: str) -> HttpResponse:
    """Suspend, revoke, reinstate or renew a licence, with a reason of the service."""
    by = actor(request)
    licence = queries.licence(licence_id)
    access.may_decide(by, licence.application).or_raise()
    if act == "renew":
        return _renew(request, licence_id)
    if act not in ACTS:
        raise NotFound(act=act)
    title, action = ACTS[act]
    form = LicenceForm(request.POST or None, reasons=_reasons(licence.application.version_id, act))
    if request.method == "POST" and form.is_valid():
        action(by=by, licence_id=licence_id, reason=form.said())
        tell(request, _("The licence is changed and its holder is told."))
        return redirect("window:licence", licence_id)
    context = {"licence": licence, "form": form, "title": title, "danger": act != "reinstate"}
    return render(request, "window/licence_act.html", context, status=answered(form))


def _renew(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect("window:licence", licence_id)
    new = actions.renew_licence(by=actor(request), licence_id=licence_id)
    tell(request, _("The licence is renewed."))
    return redirect("window:licence", new.pk)


def _reasons(version_id: int, act: str) -> list[tuple[str, str]]:
    """Return the reasons that the pack declares for the act; none = a free text is asked."""
    declared = compiled.service_of(version_id).licence
    kinds = {"suspend": "suspend_reasons", "revoke": "revoke_reasons"}
    reasons: tuple[Reason, ...] = getattr(declared, kinds.get(act, ""), ()) if declared else ()
    return [(r.code, pick(r.title)) for r in reasons]
