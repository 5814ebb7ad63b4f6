"""What does the desk of an agency see and do: its inbox, one inquiry, its answers?"""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from payvand.kernel.errors import Invalid, NotFound
from payvand.kernel.text import format_number
from payvand.ledger import access, actions, corrections, deliveries, files, queries
from payvand.ledger.errors import CompletionTooLate
from payvand.ledger.forms import AnswerForm, Files, OrderForm, ProofForm, ReceiptForm, chosen_ids
from payvand.ledger.models import OPEN, Obligation
from payvand.ledger.queries import Detail, Filters, as_owed
from payvand.ledger.rules.reply import Reply
from payvand.ledger.views.edge import (
    back_of,
    desks_of,
    guarded,
    put_errors,
    status_of,
    tell,
)
from payvand.ledger.views.shown import context_of
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor
from payvand.ui.errors import said
from payvand.ui.language import lang


def _filters(request: HttpRequest) -> Filters:
    asked = request.GET
    when = asked.get("when", "")
    return Filters(
        when=when if when in ("overdue", "today", "week") else "",
        mine=asked.get("mine") == "1",
        service=asked.get("service", "")[:60],
        code=asked.get("code", "")[:20],
    )


def _org(request: HttpRequest, by: Actor) -> UUID | None:
    mine = desks_of(by)
    wanted = request.GET.get("org", "")
    return next((org for org in mine if str(org) == wanted), mine[0] if mine else None)


def _tabs() -> list[tuple[str, str]]:
    return [("", _("All")), ("overdue", _("Overdue")), ("today", _("Due today")),
            ("week", _("Due this week"))]  # fmt: skip


@login_required
@require_GET
@guarded
def inbox(request: HttpRequest) -> HttpResponse:
    """The desk's obligations in the order of their terms; only the rows when htmx asks."""
    by = actor(request)
    org = _org(request, by)
    if org is None:
        return render(request, "ledger/no_desk.html", status=403)
    filters = _filters(request)
    page = queries.inbox(by, org=org, filters=filters, after=request.GET.get("after", ""))
    kept = {k: v for k, v in request.GET.items() if k != "after"}
    names, services = registry.party_names(desks_of(by)), queries.services_of(org)
    titles = queries.titles_of({*services, *(row.owed.service for row in page.rows)})
    context = {
        "page": page, "filters": filters, "org": org, "org_name": names.get(org),
        "rows": [(row, titles[row.owed.service]) for row in page.rows],
        "orgs": [(key, names[key]) for key in desks_of(by) if key in names],
        "services": [(slug, titles[slug]) for slug in services],
        "older_url": "?" + urlencode({**kept, "after": page.after}) if page.after else "",
        "newer_url": "?" + urlencode(kept) if request.GET.get("after") else "",
        "tabs": [(k, label, "?" + urlencode({**kept, "when": k})) for k, label in _tabs()],
        "back": request.get_full_path(),
    }  # fmt: skip
    part = "ledger/_inbox_rows.html" if request.headers.get("HX-Request") else "ledger/inbox.html"
    return render(request, part, context)


@login_required
@require_POST
@guarded
def answer_many(request: HttpRequest) -> HttpResponse:
    """Answer many inquiries alike: first the form with the list, then all or none."""
    by = actor(request)
    ids = chosen_ids(request.POST)
    if not ids:
        tell(request, _("Tick at least one inquiry."), "warn")
        return redirect(back_of(request, "ledger:inbox"))
    rows = queries.by_ids(ids)
    if len(rows) != len(ids):
        raise NotFound
    sent = request.POST if request.POST.get("step") == "answer" else None
    aside: list[tuple[Obligation, str]] = []
    if sent is None:
        rows, aside = _together(by, rows)
        if not rows:
            tell(request, _("None of the ticked ones can be answered together."), "warn")
            return redirect(back_of(request, "ledger:inbox"))
    form = AnswerForm(queries.common_spec(rows), sent)
    if sent is not None and form.is_valid():
        try:
            done = actions.answer_many(by=by, obligation_ids=ids, reply=form.reply())
        except Invalid as wrong:
            put_errors(form, wrong)
        else:
            text = ngettext("%(n)s inquiry answered.", "%(n)s inquiries answered.", done)
            tell(request, text % {"n": format_number(done, lang())})
            return redirect(back_of(request, "ledger:inbox"))
    context = {"form": form, "rows": rows, "aside": aside, "back": request.POST.get("back", "")}
    return render(request, "ledger/answer_many.html", context, status=status_of(form))


def _together(
    by: Actor, rows: list[Obligation]
) -> tuple[list[Obligation], list[tuple[Obligation, str]]]:
    """Return which of the ticked ones can get one answer, and the others with the reason."""
    kept: list[Obligation] = []
    aside: list[tuple[Obligation, str]] = []
    for owed in rows:
        access.may_see(by, as_owed(owed)).or_raise()
        verdict = access.may_sign(by, as_owed(owed))
        if owed.kind not in ("inquiry", "objection"):
            aside.append((owed, _("It is answered on a page of its own.")))
        elif owed.state != "sent":
            aside.append((owed, _("It cannot be answered now.")))
        elif not verdict.ok:
            aside.append((owed, _(verdict.reason)))
        elif any(f.get("required") for f in files.fields_of(owed.spec).values()):
            aside.append((owed, _("Its answer needs a file of its own.")))
        else:
            kept.append(owed)
    return kept, aside


def _seen(by: Actor, obligation_id: UUID) -> Detail:
    """Return what the page shows, after the permission, with the opening written down."""
    found = queries.detail(by, obligation_id)
    access.may_see(by, as_owed(found.owed)).or_raise()
    if not queries.recently_opened(by, obligation_id):
        actions.open_(by=by, obligation_id=obligation_id)
        found = queries.detail(by, obligation_id)
    return found


def may_complete(found: Detail) -> bool:
    """Can the applicant still be asked for something: declared, once, and not late?"""
    owed = found.owed
    declared = (owed.spec.get("completion") or {}).get("items")
    asked = any(i.kind == "completion" for i in found.interruptions)
    return bool(declared) and not asked and owed.state == "sent"


AnyForm = AnswerForm | OrderForm | ProofForm


def _answer_form(request: HttpRequest, found: Detail) -> AnyForm:
    data = request.POST if request.method == "POST" else None
    if found.owed.kind == "acknowledgement":
        return OrderForm(data)
    if found.owed.kind in ("resolution", "condition", "completion", "payment"):
        return ProofForm(data)
    draft = dict(found.draft.reply) if found.draft is not None else {}
    draft["conditions"] = "\n".join(draft.get("conditions", ()))
    return AnswerForm(
        found.owed.spec, data, may_complete=may_complete(found), initial=draft,
        files=Files(request.FILES, files.waiting(actor(request), found.owed)),
    )  # fmt: skip


def take_in(by: Actor, obligation_id: UUID, form: AnswerForm) -> bool:
    """Keep what was uploaded, even where another field is wrong; False when a file is refused."""
    fine = True
    for field, upload in form.uploads().items():
        try:
            form.keep(field, files.attach(by=by, obligation_id=obligation_id, field=field,
                                          upload=upload))  # fmt: skip
        except Invalid as wrong:
            put_errors(form, wrong)
            fine = False
    return fine


@login_required
@require_http_methods(["GET", "POST"])
@guarded
def obligation(request: HttpRequest, obligation_id: UUID) -> HttpResponse:
    """One inquiry with its term, its history, and the form to answer it."""
    by = actor(request)
    found = _seen(by, obligation_id)
    elsewhere = queries.page_of(found.owed)
    if elsewhere and found.owed.state in OPEN:
        return redirect(elsewhere)
    form = _answer_form(request, found)
    if request.method == "POST" and _is_ready(by, found, form):
        try:
            text = record(by, found, form, draft="draft" in request.POST)
        except Invalid as wrong:
            put_errors(form, wrong)
        except CompletionTooLate as late:
            form.add_error(
                "outcome", said(late.what, late.facts) + " " + said(late.why, late.facts)
            )
        else:
            tell(request, text)
            return redirect("ledger:obligation", obligation_id)
    context = context_of(by, found)
    is_open = found.owed.state in OPEN and found.owed.state != "stopped"
    context["form"] = form if is_open and context["may_answer"] else None
    context["receipt_form"] = ReceiptForm() if context["wants_receipt"] else None
    return render(request, "ledger/obligation.html", context, status=status_of(form))


def _is_ready(by: Actor, found: Detail, form: AnyForm) -> bool:
    """Judge everything, and keep what was uploaded in any case."""
    fine = form.is_valid()
    if isinstance(form, AnswerForm) and access.may_answer(by, as_owed(found.owed)).ok:
        fine = take_in(by, found.owed.pk, form) and fine
    return fine


def record(by: Actor, found: Detail, form: AnyForm, *, draft: bool = False) -> str:
    """Record what a form says, and return the sentence that confirms it."""
    owed = found.owed
    if isinstance(form, OrderForm):
        actions.acknowledge(by=by, obligation_id=owed.pk, order=form.cleaned_data["order"])
        return _("You have acknowledged the report; your order is on record.")
    if isinstance(form, ProofForm):
        typed = form.cleaned_data
        reply = Reply("done", text=typed["text"], letter_no=typed["letter_no"])
        actions.answer(by=by, obligation_id=owed.pk, reply=reply)
        return _("It was recorded as done.")
    if form.asks_completion:
        asked = queries.applicant(owed.case_id)
        if asked is None:
            raise CompletionTooLate(reason=_("The applicant of this case is not known here."))
        actions.request_completion(
            by=by, obligation_id=owed.pk, items=form.cleaned_data["items"],
            text=form.cleaned_data["text"], applicant=asked,
        )  # fmt: skip
        return _("The applicant was asked; the term stands still until the answer comes.")
    two = int(owed.spec.get("signatures", 1)) > 1
    if draft or (two and not access.may_sign(by, as_owed(owed)).ok):
        actions.draft_answer(by=by, obligation_id=owed.pk, reply=form.reply())
        return _("The draft is kept and waits for a signature.")
    actions.answer(by=by, obligation_id=owed.pk, reply=form.reply())
    return _("Your answer was recorded.")


@login_required
@require_POST
@guarded
def sign(request: HttpRequest, obligation_id: UUID) -> HttpResponse:
    """Sign the draft: it becomes the answer."""
    actions.sign(by=actor(request), obligation_id=obligation_id)
    tell(request, _("The answer is signed and sent."))
    return redirect("ledger:obligation", obligation_id)


@login_required
@require_http_methods(["GET", "POST"])
@guarded
def correct(request: HttpRequest, obligation_id: UUID) -> HttpResponse:
    """Replace an answer by a superseding one, with a reason."""
    by = actor(request)
    found = _seen(by, obligation_id)
    corrections.must_be_correctable(by, as_owed(found.owed))
    last = dict(found.owed.reply or {})
    last["conditions"] = "\n".join(last.get("conditions", ()))
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(found.owed.spec, data, correcting=True, initial=last,
                      files=Files(request.FILES, files.waiting(by, found.owed)))  # fmt: skip
    if data is not None and _is_ready(by, found, form):
        try:
            corrections.correct(by=by, obligation_id=obligation_id, reply=form.reply(),
                                reason=form.cleaned_data["reason"])  # fmt: skip
        except Invalid as wrong:
            put_errors(form, wrong)
        else:
            tell(request, _("The corrected answer holds from now on."))
            return redirect("ledger:obligation", obligation_id)
    context = {**context_of(by, found), "form": form}
    return render(request, "ledger/correct.html", context, status=status_of(form))


@login_required
@require_POST
@guarded
def receipt(request: HttpRequest, obligation_id: UUID) -> HttpResponse:
    """Record the number that the receiver's secretariat gave: the proof of delivery."""
    form = ReceiptForm(request.POST)
    if form.is_valid():
        deliveries.record_receipt(by=actor(request), obligation_id=obligation_id,
                                  letter_no=form.cleaned_data["letter_no"])  # fmt: skip
        tell(request, _("The receipt was recorded; the term runs from now."))
    else:
        tell(request, _("Enter the number that the secretariat gave."), "bad")
    return redirect("ledger:obligation", obligation_id)
