"""How is a form filled in: task list, steps, check-your-answers, submit, receipt?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, PayvandError, Refused
from payvand.registry import public as registry
from payvand.registry.public import actor
from payvand.ui.errors import what_and_why
from payvand.ui.forms import build_form
from payvand.ui.language import lang
from payvand.window import access, actions, queries
from payvand.window.forms import ApplicantForm, CounterForm
from payvand.window.queries import answers
from payvand.window.queries.cases import DraftView
from payvand.window.views import panels
from payvand.window.views.edge import answered, tell


@require_POST
@login_required
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a draft in somebody's name; the page of the service again when no name was chosen."""
    by = actor(request)
    form = ApplicantForm(request.POST, choices=queries.applicants_of(by, slug))
    if not form.is_valid():
        from payvand.window.views.catalogue import show_service

        return show_service(request, slug, form)
    if by.user_id is None:
        raise Refused(gettext_noop("A draft needs an account of its own."))
    draft = actions.start_draft(
        by=by,
        user_id=by.user_id,
        service_slug=slug,
        applicant=UUID(form.cleaned_data["applicant"]),
    )
    return redirect("window:draft", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assist(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a draft at a counter, for somebody who stands there and is known by national id."""
    by = actor(request)
    if by.user_id is None or not any(seat.role == "counter" for seat in by.seats):
        raise Refused(gettext_noop("Only a counter fills in forms for others."))
    page = queries.service_page(slug, clock.local_date(clock.now()))
    form = CounterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kind, number = form.cleaned_data["kind"], form.cleaned_data["national_id"]
        found = registry.find_party(kind, number)
        if found is not None:
            draft = actions.start_draft(
                by=by, user_id=by.user_id, service_slug=slug, applicant=found.id
            )
            return redirect("window:draft", draft.pk)
        form.add_error("national_id", _("Nobody is registered with this number."))
    context = {"page": page, "form": form}
    return render(request, "window/assist.html", context, status=answered(form))


@require_safe
@login_required
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The task list of a draft."""
    return render(request, "window/draft.html", {"view": queries.draft(actor(request), draft_id)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def step(request: HttpRequest, draft_id: UUID, step_id: str) -> HttpResponse:
    """One step of the form; whatever is typed is kept, right or wrong."""
    by = actor(request)
    view = queries.draft(by, draft_id)
    current = view.step(step_id)
    posted = request.method == "POST"
    form = build_form(
        _specs(view, step_id),
        lang=lang(),
        codelists=_codelists(view),
        data=request.POST if posted else None,
        files=request.FILES if posted else None,
        facts=view.data,
    )
    if posted and not form.is_row_action:
        going = _save(request, view, step_id, form)
        if going is not None:
            return going
    context = {"view": view, "step": current, "form": form, "steps": _steps(view, step_id)}
    return render(request, "window/step.html", context, status=answered(form))


def _save(request: HttpRequest, view: DraftView, step_id: str, form: Any) -> HttpResponse | None:
    """Keep the step; return where to go, or None when the form must be shown again."""
    by, later = actor(request), "later" in request.POST
    complete = form.is_valid()
    gone = {f.id: None for f in view.step(step_id).fields if f.id not in form.shown}
    data = {**gone, **form.answers()} if complete else form.answers()
    draft_id = view.draft.pk
    actions.save_step(by=by, draft_id=draft_id, step_id=step_id, data=data, complete=complete)
    for field, upload in form.uploads().items():
        try:
            actions.attach(by=by, draft_id=draft_id, field=field, upload=upload)
        except Invalid as error:
            form.add_error(field, _(error.facts["fields"][field]))
            complete = False
        else:
            if field in form.fields:  # the page says that it was kept, should it be shown again
                form.fields[field].saved_name = upload.name
    if later:
        tell(request, _("Your draft is saved. You can go on whenever you like."))
        return redirect("window:draft", draft_id)
    if not complete:
        return None
    following = queries.draft(by, draft_id).next_after(step_id)
    if "from_check" in request.GET or not following:
        return redirect("window:check", draft_id)
    return redirect("window:step", draft_id, following)


def _specs(view: DraftView, step_id: str) -> Any:
    """Return the fields of a step as the pack wrote them."""
    return next(s["fields"] for s in view.service.body["form"] if s["id"] == step_id)


def _codelists(view: DraftView) -> Mapping[str, Any]:
    """Return the lists of the pack, and the places for fields that ask for one."""
    places = [
        {"code": p.code, "title": p.name}
        for p in registry.all_places().values()
        if p.kind == "county"
    ]
    return {**view.service.body.get("codelists", {}), "place": places}


def _steps(view: DraftView, step_id: str) -> list[dict[str, Any]]:
    return [
        {
            "title": task.title,
            "href": task.href,
            "state": "now" if task.id == step_id else "done" if task.is_done else "",
        }
        for task in view.tasks
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """All answers on one page with links to change them; a post submits."""
    by = actor(request)
    view = queries.draft(by, draft_id)
    problem = ""
    if request.method == "POST" and view.is_ready:
        try:
            for hidden in view.hidden():
                actions.save_step(by=by, draft_id=draft_id, step_id=hidden, data={})
            application = actions.submit(by=by, draft_id=draft_id)
        except Refused:
            raise
        except PayvandError as error:
            problem = what_and_why(error)
        else:
            return redirect("window:receipt", application.pk)
    elif request.method == "POST":
        problem = _("Some steps are not finished.")
    change = reverse("window:step", args=[draft_id, "STEP"]) + "?from_check=1"
    context = {
        "view": view,
        "blocks": answers.blocks(view.service, view.data, change=change),
        "open": [task for task in view.tasks if not task.is_done],
        "problem": problem,
        "has_errors": bool(problem),
    }
    return render(request, "window/check.html", context, status=422 if problem else 200)


@require_POST
@login_required
def drop(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    actions.drop_draft(by=actor(request), draft_id=draft_id)
    tell(request, _("The draft was deleted."))
    return redirect("window:cases")


@require_safe
@login_required
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The tracking code, to copy and print."""
    application = queries.application(case_id)
    by = actor(request)
    if application.submitted_by != by.name():  # a counter prints the receipt of what it filed
        access.may_read_application(by, application).or_raise()
    context = {
        "application": application,
        "panels": panels.of_application(request, application),
    }
    return render(request, "window/receipt.html", context)
