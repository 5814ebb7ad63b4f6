"""Where are my cases, how does each stand, and what can I do about it?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_safe

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, Refused
from payvand.kernel.text import fold_digits
from payvand.registry.public import actor
from payvand.ui.forms import build_form
from payvand.ui.language import lang
from payvand.window import access, actions, queries
from payvand.window.actions.applications import CannotWithdraw, ObjectionClosed
from payvand.window.actions.completions import complete as complete_request
from payvand.window.forms import ObjectionForm, PayForm, WithdrawForm
from payvand.window.models import Application
from payvand.window.views import panels
from payvand.window.views.edge import answered, put_errors, reached_from, tell


@require_safe
@login_required
def cases(request: HttpRequest) -> HttpResponse:
    """My drafts, and my cases with the newest first."""
    by = actor(request)
    page = queries.cases_of(by, now=clock.now(), before=request.GET.get("before", ""))
    context = {"page": page, "drafts": queries.drafts_of(by), "waiting": queries.waiting_for(by)}
    return render(request, "window/cases.html", context)


@require_safe
@login_required
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The tracking page."""
    by = actor(request)
    application = queries.application(case_id)
    may = access.may_read_application(by, application)
    if not may:
        sight = access.sight_of(by, application)
        if sight is None:
            raise Refused(may.reason)
        return _look(request, application, sight)
    start = fold_digits(request.GET.get("start", ""))
    mine = by.acts_for(application.applicant_id)
    if not mine:
        reached_from(request, "window:to_decide")
    view = queries.tracking(
        application,
        why=request.GET.get("why"),
        start=int(start) if start.isascii() and start.isdigit() else 0,
        mine=mine,
    )
    context = {
        "view": view,
        "mine": mine,
        "may_decide": access.may_decide(by, application).ok,
        "panels": panels.of_application(request, application),
    }
    return render(request, "window/case.html", context)


def _look(request: HttpRequest, application: Application, sight: access.Sight) -> HttpResponse:
    """Terms and delays for an official in charge; that they looked is put on record."""
    reached_from(request, "ledger:desk")
    actions.look_into(by=actor(request), application_id=application.pk)
    view = queries.overview(application, sight.agencies, why=request.GET.get("why"))
    return render(request, "window/overview.html", {"view": view})


def _mine(request: HttpRequest, case_id: UUID) -> Application:
    application = queries.application(case_id)
    access.may_act_for_applicant(actor(request), application).or_raise()
    return application


def _ask(request: HttpRequest, application: Application, form: Any, **words: Any) -> HttpResponse:
    """Show one small form of a case on a page of its own."""
    context = {"application": application, "form": form, **words}
    return render(request, "window/case_form.html", context, status=answered(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take the application back."""
    application = _mine(request, case_id)
    if application.decided_at is not None:
        raise CannotWithdraw(state=application.state)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.withdraw(by=actor(request), application_id=case_id, reason=reason)
        tell(request, _("The application is withdrawn."))
        return redirect("window:case", case_id)
    return _ask(request, application, form, title=_("Withdraw the application"),
                button=_("Withdraw"), danger=True)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def object_(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Object to the decision."""
    application = _mine(request, case_id)
    if not queries.tracking(application).may_object:
        raise ObjectionClosed(reason=gettext_noop("No decision here can be objected to now."))
    form = ObjectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        actions.object_(by=actor(request), application_id=case_id, text=text)
        tell(request, _("Your objection was sent; its answer appears on this page."))
        return redirect("window:case", case_id)
    return _ask(request, application, form, title=_("Object to the decision"),
                button=_("Send the objection"))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pay(request: HttpRequest, case_id: UUID, fee_id: int) -> HttpResponse:
    """Record the receipt of a payment."""
    application = _mine(request, case_id)
    fee = application.fees.filter(pk=fee_id).first()
    if fee is None:
        raise NotFound(fee=fee_id)
    form = PayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.pay(by=actor(request), fee_id=fee_id, receipt=form.cleaned_data["receipt"])
        except Invalid as error:
            put_errors(form, error)
        else:
            tell(request, _("The receipt is recorded."))
            return redirect("window:case", case_id)
    return _ask(request, application, form, title=_("Pay a fee"), fee=fee,
                button=_("Record the receipt"))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def complete(request: HttpRequest, case_id: UUID, request_id: UUID) -> HttpResponse:
    """Answer a completion request; the agency's clock stands still until then."""
    application = _mine(request, case_id)
    view = queries.tracking(application)
    wanted = next((r for r in view.requests if r.id == request_id), None)
    if wanted is None or not wanted.is_open:
        raise NotFound(request=str(request_id))
    posted = request.method == "POST"
    only = len(wanted.items) == 1  # a single thing that was asked for is needed
    form = build_form(
        [{**item, "required": True} if only else item for item in wanted.items],
        lang=lang(),
        codelists=view.service.body.get("codelists", {}),
        data=request.POST if posted else None,
        files=request.FILES if posted else None,
    )
    if (
        posted
        and form.is_valid()
        and not any(map(_is_given, (*form.answers().values(), *form.uploads().values())))
    ):
        form.add_error(None, _("Give at least one of the things that you were asked for."))
    if posted and form.is_valid():
        complete_request(by=actor(request), application_id=case_id, obligation_id=request_id,
                         data=form.answers(), files=form.uploads())  # fmt: skip
        tell(request, _("Thank you. The clock of the agency runs again."))
        return redirect("window:case", case_id)
    return _ask(request, application, form, title=_("Complete your application"), wanted=wanted,
                button=_("Send"), packed=True)  # fmt: skip


def _is_given(value: Any) -> bool:
    return value not in (None, "", [], {})


@require_safe
@login_required
def file(request: HttpRequest, file_id: UUID) -> HttpResponse | FileResponse:
    """One attachment, as a download; for the case's two sides and agencies whose inquiry has it."""
    row = queries.file_of(file_id)
    by = actor(request)
    if row.application is not None:
        if not queries.is_on_desk(by, row):
            access.may_read_application(by, row.application).or_raise()
    elif row.draft is not None:
        access.may_edit_draft(by, row.draft).or_raise()
    else:
        raise NotFound(file=str(file_id))
    media = row.media_type or "application/octet-stream"
    return FileResponse(
        default_storage.open(row.stored), as_attachment=True, filename=row.name, content_type=media
    )
