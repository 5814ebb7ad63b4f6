"""How does a buyer write a need, carry it on, and see firms and answers?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.kernel.errors import Conflict, Invalid, NotFound, Refused
from payvand.matching import forms
from payvand.matching.exchange import access, answers, deals, needs, ranking, reading
from payvand.matching.forms import deals as deal_forms
from payvand.matching.models import Need
from payvand.matching.rules import needs as rules
from payvand.matching.views import parts
from payvand.registry import public as registry
from payvand.registry.public import databank
from payvand.ui.errors import said

REFUSALS = (Invalid, Conflict)


def complain(request: HttpRequest, error: Invalid | Conflict) -> None:
    """Tell at the top of the next page what was refused."""
    fields: dict[str, str] = error.facts.get("fields") or {}
    told = [said(text, error.facts) for text in (error.what, error.why, error.now)]
    told += [_(text) for text in fields.values()]
    messages.error(request, " ".join(filter(None, told)))


def posted(request: HttpRequest) -> Any:
    """Return what a form was sent with; None while it is only shown."""
    return request.POST if request.method == "POST" else None


def _buyer(request: HttpRequest) -> UUID:
    """Return for whom a need is written: chosen, or the only one."""
    able = reading.acting_for(registry.actor(request))
    asked = request.GET.get("for", "") or request.POST.get("for", "")
    chosen = [key for key in able if str(key) == asked]
    if not (chosen or able):
        raise Refused(reason=_("You act for nobody who could buy something."))
    return (chosen or able)[0]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def write(request: HttpRequest) -> HttpResponse:
    """Write a need."""
    by, buyer = registry.actor(request), _buyer(request)
    data = posted(request)
    form, rows = forms.NeedForm(data, buyer=buyer), forms.RequirementRows(data)

    def keep(draft: rules.NeedDraft) -> UUID:
        return needs.write(draft, by=by, buyer=buyer)

    able = forms.party_choices(reading.acting_for(by))
    return _form(request, form, rows, keep=keep, more={"buyer": str(buyer), "buyers": able})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Change a draft."""
    by = registry.actor(request)
    row = reading.need(need_id, by=by)
    access.may_buy(by, row).or_raise()
    needs.must_be(row, rules.DRAFT)
    data = posted(request)
    form = forms.NeedForm(data, buyer=row.buyer_id, initial=forms.initial_of(row))
    rows = forms.RequirementRows(data, forms.requirements_of(row))

    def keep(draft: rules.NeedDraft) -> UUID:
        needs.rewrite(need_id, draft, by=by)
        return need_id

    return _form(request, form, rows, keep=keep, more={"need": row, "buyer": str(row.buyer_id)})


def _form(request: HttpRequest, form: forms.NeedForm, rows: forms.RequirementRows, *,
          keep: Any, more: dict[str, Any]) -> HttpResponse:  # fmt: skip
    asks_more = "more" in request.POST or "lookup" in request.POST
    status, is_sent = 200, request.method == "POST" and not asks_more
    if request.method == "POST" and not is_sent:
        forms.quiet(form)
    elif is_sent and form.is_valid():
        used = rows.drafts()
        try:
            key = keep(form.draft([draft for _f, draft in used]))
        except REFUSALS as error:
            forms.refuse_need(form, rows, error, [f for f, _draft in used])
            status = 422
        else:
            messages.success(request, _("The need is kept as a draft. Freeze it when it is right."))
            return redirect("matching:need", key)
    elif is_sent:
        status = 422
    typed, known = request.POST.get("find_code", ""), databank.codes()
    ticked = [known[code] for code in request.POST.getlist("pick") if code in known]
    context = {"form": form, "rows": rows, "typed": typed, "ticked": ticked,
               "found": databank.suggest(typed) if typed else [], **more}  # fmt: skip
    return render(request, "matching/write.html", context, status=status)


@require_POST
@login_required
def step(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Freeze, open or close a need."""
    by, wanted = registry.actor(request), request.POST.get("step", "")
    acts = {"freeze": needs.freeze, "open": needs.open_, "close": needs.close}
    said = {
        "freeze": _("The requirements are frozen. Now names may come."),
        "open": _("The need is open."),
        "close": _("The answers are closed."),
    }
    if wanted in acts:
        try:
            acts[wanted](need_id, by=by)
            messages.success(request, said[wanted])
        except REFUSALS as error:
            complain(request, error)
    return redirect("matching:need", need_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, need_id: UUID, kind: str) -> HttpResponse:
    """Give firms longer to answer, or withdraw the need; both with a reason that all read."""
    by = registry.actor(request)
    row = reading.need(need_id, by=by)
    access.may_buy(by, row).or_raise()
    asks = deal_forms.ExtendForm if kind == "extend" else deal_forms.ReasonForm
    form = asks(posted(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            if kind == "extend":
                needs.extend(need_id, told["until"], by=by, reason=told["reason"])
            else:
                needs.withdraw(need_id, by=by, reason=told["reason"])
        except REFUSALS as error:
            forms.refuse(form, error)
        else:
            messages.success(
                request,
                _("The new day is recorded; everybody concerned is told.")
                if kind == "extend"
                else _("The need is withdrawn; everybody concerned is told."),
            )
            return redirect("matching:need", need_id)
    context = {**parts.need_row(row), "form": form, "extends": kind == "extend",
               "deals": row.exchanges.filter(contract_no="", ended_on=None).count()}  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "matching/change.html", context, status=status)


@require_safe
@login_required
def telling(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """How far the telling has come: a part of the page of a need, asked again while it runs."""
    by = registry.actor(request)
    row = reading.need(need_id, by=by)
    access.may_buy(by, row).or_raise()
    return render(request, "matching/_telling.html", parts.telling_of(row))


@require_safe
@login_required
def matches(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Firms for a need, with reasons; refused to public buyers before the answers are closed."""
    by = registry.actor(request)
    row = reading.need(need_id, by=by)
    found = ranking.show(need_id, by=by)
    states = {i.firm_id: i.state for i in reading.invitations_of(row)}
    rows = [parts.found_row(one) | {"invited": states.get(UUID(one.match.firm))} for one in found]
    return render(
        request, "matching/matches.html",
        {**parts.need_row(row), "rows": rows, "may_invite": access.may_invite(by, row)
         and row.state in (rules.FROZEN, rules.OPEN),
         "newcomers": sum(one["is_newcomer"] for one in rows)},
    )  # fmt: skip


@require_POST
@login_required
def open_firm(request: HttpRequest, need_id: UUID, firm: UUID) -> HttpResponse:
    """Open a firm's profile from the list; it is kept as feedback."""
    ranking.opened(need_id, firm, by=registry.actor(request))
    return redirect("registry:databank_profile", firm)


@require_POST
@login_required
def invite(request: HttpRequest, need_id: UUID, firm: UUID) -> HttpResponse:
    """Invite a firm to answer."""
    try:
        answers.invite(need_id, firm, by=registry.actor(request))
        messages.success(request, _("The firm is invited. If it stays silent, nothing happens."))
    except REFUSALS as error:
        complain(request, error)
    return redirect("matching:matches", need_id)


@require_safe
@login_required
def answer_list(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """The answers, side by side."""
    by = registry.actor(request)
    row = reading.need(need_id, by=by)
    found = [parts.answer_row(one) for one in reading.answers(row, by=by)]
    begun = dict(row.exchanges.values_list("firm_id", "pk"))
    for one in found:
        one["deal"] = begun.get(one["row"].firm_id)
    return render(request, "matching/answers.html", {**parts.need_row(row), "rows": found})


@require_POST
@login_required
def introduce(request: HttpRequest, need_id: UUID, firm: UUID) -> HttpResponse:
    """Take up an answer: a deal begins."""
    try:
        deal = deals.introduce(need_id, firm, by=registry.actor(request))
    except REFUSALS as error:
        complain(request, error)
        return redirect("matching:answers", need_id)
    return redirect("matching:deal", deal)


@require_POST
@login_required
def reply(request: HttpRequest, question_id: int) -> HttpResponse:
    """Answer a question for everybody."""
    try:
        answers.reply(question_id, request.POST.get("text", ""), by=registry.actor(request))
        messages.success(request, _("Everybody can read the answer now."))
    except REFUSALS as error:
        complain(request, error)
    row = Need.objects.filter(questions=question_id).first()
    if row is None:
        raise NotFound(question=question_id)
    return redirect("matching:need", row.pk)
