"""How does a firm answer, ask, accept an invitation, and follow its deals and saved searches?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.kernel.errors import Refused
from payvand.matching import forms
from payvand.matching.exchange import (
    access,
    answers,
    deals,
    labels,
    ranking,
    reading,
    subscriptions,
)
from payvand.matching.forms import deals as deal_forms
from payvand.matching.models import Exchange
from payvand.matching.rules import needs as rules
from payvand.matching.views import parts
from payvand.matching.views.buyer import REFUSALS, complain, posted
from payvand.registry import public as registry
from payvand.registry.public import Actor, databank
from payvand.ui.language import pick


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """My needs, my invitations, my deals."""
    by = registry.actor(request)
    able = reading.acting_for(by)
    deal_rows = [parts.deal_row(row) for row in reading.deals(able)]
    return render(
        request, "matching/mine.html",
        {
            "needs": [parts.need_row(row) for row in reading.of_buyers(able)],
            "invitations": [
                {"row": row, "title": parts.both(row.need, "title"),
                 "buyer": parts.party_name(row.need.buyer), "firm": parts.party_name(row.firm),
                 "state": labels.INVITATIONS[row.state],
                 "tone": labels.INVITATION_TONES[row.state]}
                for row in reading.invitations(able)
            ],
            "deals": [one for one in deal_rows if one["row"].ended_on is None],
            "ended": [one for one in deal_rows if one["row"].ended_on],
            "acts": bool(able), "many": len(able) > 1,
        },
    )  # fmt: skip


def _firm(request: HttpRequest, by: Actor, buyer: UUID) -> UUID:
    """Return for which firm an answer is written: chosen, or the first that has a profile."""
    able = [key for key in reading.acting_for(by) if key != buyer]
    asked = request.GET.get("for", "") or request.POST.get("for", "")
    chosen = [key for key in able if str(key) == asked]
    listed = databank.lines(able)
    found = chosen or [key for key in able if key in listed] or able
    if not found:
        raise Refused(reason=_("You act for no firm. Only a firm’s own people answer for it."))
    return found[0]


@require_safe
@login_required
def fitting(request: HttpRequest) -> HttpResponse:
    """Open needs that fit my firms, with the reason."""
    by = registry.actor(request)
    able = reading.acting_for(by)
    listed = databank.lines(able)
    parts_of = [
        {
            "name": pick(line.name),
            "rows": [
                {"item": parts.need_row(need), "row": parts.match_row(match, line)}
                for need, match in ranking.fitting(key, by=by)
            ],
        }
        for key, line in listed.items()
    ]
    return render(request, "matching/fitting.html", {"firms": parts_of[:5]})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def answer(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Answer a need requirement by requirement."""
    by = registry.actor(request)
    row = reading.need(need_id, by=by)
    firm = _firm(request, by, row.buyer_id)
    access.may_answer(by, row, firm).or_raise()
    asked = list(row.requirements.order_by("no"))
    items = [
        (item.key, pick({"fa": item.fa or item.en, "en": item.en or item.fa})[:120])
        for item in databank.texts_of([firm]).get(firm, ())
    ]
    form = forms.AnswerForm(posted(request), asked=asked, items=items,
                            initial=_initial(row, firm))  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            answers.answer(need_id, firm, form.lines(), by=by, remark=told["remark"],
                           ready_on=told["ready_on"])  # fmt: skip
        except REFUSALS as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("The answer is sent. You may replace it until the end."))
            return redirect("matching:need", need_id)
    context = {**parts.need_row(row), "form": form, "firm": str(firm),
               "firm_name": pick(registry.party_names([firm]).get(firm, {})),
               "has_items": bool(items)}  # fmt: skip
    return render(request, "matching/answer.html", context, status=422 if form.errors else 200)


def _initial(row: Any, firm: UUID) -> dict[str, Any]:
    found = reading.answer_of(row, firm)
    if found is None:
        return {}
    told: dict[str, Any] = {"remark": found.remark, "ready_on": found.ready_on}
    for line in found.lines.all():
        no = line.requirement.no
        told |= {f"says_{no}": line.says, f"text_{no}": line.text, f"evidence_{no}": line.evidence}
    return told


@require_POST
@login_required
def ask(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """Ask a public question."""
    by = registry.actor(request)
    row = reading.need(need_id, by=by)
    try:
        firm = _firm(request, by, row.buyer_id)
        answers.ask(need_id, request.POST.get("text", ""), by=by, firm=firm)
        messages.success(request, _("The question is asked; everybody will read the answer."))
    except REFUSALS as error:
        complain(request, error)
    return redirect("matching:need", need_id)


@require_POST
@login_required
def settle(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Accept or decline an invitation."""
    accept = request.POST.get("step") == "accept"
    try:
        deal = answers.settle(invitation_id, by=registry.actor(request), accept=accept)
    except REFUSALS as error:
        complain(request, error)
        return redirect("matching:mine")
    if deal:
        messages.success(request, _("The invitation is accepted: you are introduced."))
        return redirect("matching:deal", deal)
    messages.success(request, _("The invitation is declined."))
    return redirect("matching:mine")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def deal(request: HttpRequest, deal_id: UUID) -> HttpResponse:
    """One deal with its dated steps; both sides carry it on."""
    by = registry.actor(request)
    row = reading.deal(deal_id, by=by)
    act, data = request.POST.get("act", ""), posted(request)
    taken = dict(row.steps.values_list("kind", "on"))
    coming = () if row.ended_on else rules.next_steps(taken)
    made = {
        "step": deal_forms.StepForm(data if act == "step" else None, steps=coming, prefix="s"),
        "contract": deal_forms.ContractForm(data if act == "contract" else None, prefix="c"),
        "milestone": deal_forms.MilestoneForm(data if act == "milestone" else None, prefix="m"),
        "end": deal_forms.EndForm(data if act == "end" else None, prefix="e"),
        "resume": deal_forms.ResumeForm(data if act == "resume" else None, prefix="r"),
    }
    form = made.get(act)
    if form is not None and form.is_valid():
        try:
            _carry_on(row, act, form.cleaned_data, by=by)
        except REFUSALS as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("It is recorded with its day."))
            return redirect("matching:deal", deal_id)
    status = 422 if form is not None and form.errors else 200
    context = _deal_page(row, by, taken, coming) | {"forms": made}
    return render(request, "matching/deal.html", context, status=status)


def _carry_on(row: Exchange, act: str, told: dict[str, Any], *, by: Actor) -> None:
    if act == "step":
        deals.step(row.pk, told["kind"], told["on"], by=by, note_=told["note"])
    elif act == "contract":
        deals.contract(row.pk, told["on"], by=by, number=told["number"],
                       amount_rial=told["amount_rial"])  # fmt: skip
    elif act == "end":
        deals.end(row.pk, told["on"], by=by, because=told["because"], note_=told["note"])
    elif act == "resume":
        deals.resume(row.pk, told["on"], by=by, reason=told["reason"])
    else:
        deals.promise(row.pk, told["kind"], told["title"], told["due"], by=by)


def _deal_page(row: Exchange, by: Actor, taken: dict[str, Any],
               coming: tuple[str, ...]) -> dict[str, Any]:  # fmt: skip
    notes = dict(row.steps.values_list("kind", "note"))
    buys = bool(access.may_sign_contract(by, row))
    today = reading.today()
    return parts.deal_row(row) | {
        "steps": [(labels.STEPS[k], taken.get(k), notes.get(k, "")) for k in rules.STEPS],
        "coming": [k for k in coming if k != "contract"], "buys": buys,
        "may_contract": buys and "contract" in coming, "has_contract": bool(row.contract_no),
        "milestones": [(m, labels.STEPS[m.kind], m.done is None and m.due < today)
                       for m in row.milestones.order_by("due", "pk")],
        "makes": bool(access.may_act(by, row.firm_id)),
        "may_end": not row.contract_no and row.ended_on is None,
        "because": labels.ENDINGS.get(row.ended_because, ""),
        "may_resume": row.ended_on is not None
        and not (row.need and row.need.state == rules.WITHDRAWN),
        "resumptions": [(one, labels.ENDINGS.get(one.ended_because, ""))
                        for one in row.resumptions.order_by("on", "pk")],
    }  # fmt: skip


@require_POST
@login_required
def fulfil(request: HttpRequest, milestone_id: int) -> HttpResponse:
    """Report a milestone as done."""
    try:
        deals.fulfil(milestone_id, by=registry.actor(request))
        messages.success(request, _("The milestone is reported as done."))
    except REFUSALS as error:
        complain(request, error)
    row = Exchange.objects.filter(milestones=milestone_id).first()
    return redirect("matching:deal", row.pk) if row else redirect("matching:mine")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def saved(request: HttpRequest) -> HttpResponse:
    """My saved searches."""
    by = registry.actor(request)
    if request.method == "POST":
        try:
            if gone := request.POST.get("drop", ""):
                subscriptions.drop(int(gone) if gone.isdigit() else 0, by=by)
                messages.success(request, _("The saved search is dropped."))
            else:
                wanted = forms.filters_of(request.POST.get)
                subscriptions.subscribe(wanted, by=by)
                messages.success(request, _("You will be told of new needs that fit."))
        except REFUSALS as error:
            complain(request, error)
        return redirect("matching:saved")
    places, fields = registry.all_places(), databank.fields()
    rows = [
        {"row": row, "field": pick(fields.get(row.field, {})),
         "place": pick(places[row.province].name) if row.province in places else ""}
        for row in subscriptions.mine(by)
    ]  # fmt: skip
    return render(request, "matching/saved.html",
                  {"rows": rows, "provinces": forms.province_choices(),
                   "fields": forms.field_choices()})  # fmt: skip
