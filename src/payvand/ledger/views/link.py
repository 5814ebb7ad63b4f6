"""How does an agency without an account answer, from the link in its letter?"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from payvand.kernel.errors import Conflict, Invalid, PayvandError
from payvand.ledger import actions, files, links, queries
from payvand.ledger.errors import LinkUsed
from payvand.ledger.forms import AnswerForm, Files
from payvand.ledger.queries import Detail
from payvand.ledger.views.desk import take_in
from payvand.ledger.views.edge import put_errors, refusal, status_of
from payvand.ledger.views.shown import context_of
from payvand.registry.public import Actor
from payvand.ui.errors import said


@never_cache
@require_http_methods(["GET", "POST"])
def answer_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The one inquiry of a single-use link, and its answer; a used link is refused kindly."""
    try:
        by = links.actor_for_token(token)
        return _page(request, by, token)
    except LinkUsed as used:
        context = {"code": used.facts.get("code", ""), "what": said(used.what, {})}
        return render(request, "ledger/link_used.html", context, status=used.status)
    except PayvandError as error:
        return refusal(request, error)


def _page(request: HttpRequest, by: Actor, token: str) -> HttpResponse:
    if by.obligation is None:
        raise LinkUsed(expires_at="", code="")
    if not queries.recently_opened(by, by.obligation):
        actions.open_(by=by, obligation_id=by.obligation)
    found = queries.detail(by, by.obligation)
    form = AnswerForm(found.owed.spec, request.POST if request.method == "POST" else None,
                      files=Files(request.FILES, files.waiting(by, found.owed)))  # fmt: skip
    fine = request.method == "POST" and form.is_valid()
    if request.method == "POST" and take_in(by, found.owed.pk, form) and fine:
        done = _record(by, found, form, token)
        if done:
            context = {"owed": found.owed, "message": _("Your answer was recorded.")}
            return render(request, "ledger/link_done.html", context)
    context = {**context_of(by, found, token=token), "form": form, "by_link": True}
    return render(request, "ledger/answer_by_link.html", context, status=status_of(form))


def _record(by: Actor, found: Detail, form: AnswerForm, token: str) -> bool:
    """Record the answer and use the link up, in one transaction; False when it cannot stand."""
    try:
        with transaction.atomic():
            links.use(token)
            actions.answer(by=by, obligation_id=found.owed.pk, reply=form.reply())
    except Invalid as wrong:
        put_errors(form, wrong)
        return False
    except Conflict as late:
        raise LinkUsed(expires_at="", code=found.owed.case_code) from late
    return True
