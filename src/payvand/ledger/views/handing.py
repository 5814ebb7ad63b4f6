"""How does an inquiry come onto my desk, go back to everybody, or on to a colleague?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from payvand.kernel.errors import Invalid, NotFound
from payvand.kernel.text import format_number
from payvand.ledger import access, handovers, queries
from payvand.ledger.forms import HandOverForm, chosen_ids
from payvand.ledger.queries import as_owed
from payvand.ledger.views.edge import back_of, guarded, put_errors, status_of, tell
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor
from payvand.ui.language import lang, pick


def colleagues_of(by: Actor, debtors: Collection[UUID]) -> list[tuple[int, str]]:
    """Return to whom the actor can hand inquiries of this organisation over, by name."""
    if len(debtors) != 1:
        return []
    found = registry.colleagues(next(iter(debtors)), access.DESK, but=by.user_id)
    return [(one.user, pick(one.name)) for one in found]


@login_required
@require_POST
@guarded
def claim(request: HttpRequest) -> HttpResponse:
    """Put the ticked inquiries on the actor's own desk, or hand them back to everybody."""
    by, ids = actor(request), chosen_ids(request.POST)
    if request.POST.get("to") == "nobody":
        moved = handovers.release(by=by, obligation_ids=ids)
        said = ngettext("%(n)s inquiry handed back.", "%(n)s inquiries handed back.", moved)
    else:
        moved = handovers.claim(by=by, obligation_ids=ids)
        said = ngettext("%(n)s inquiry is on your desk.", "%(n)s inquiries are on your desk.",
                        moved)  # fmt: skip
    tell(request, said % {"n": format_number(moved, lang())}, "ok" if moved else "warn")
    return redirect(back_of(request, "ledger:inbox"))


@login_required
@require_POST
@guarded
def hand_over(request: HttpRequest) -> HttpResponse:
    """Hand the ticked inquiries over to a named colleague: first to whom, then it is done."""
    by, ids = actor(request), chosen_ids(request.POST)
    if not ids:
        tell(request, _("Tick at least one inquiry."), "warn")
        return redirect(back_of(request, "ledger:inbox"))
    rows = queries.by_ids(ids)
    if len(rows) != len(ids):
        raise NotFound
    for owed in rows:
        access.may_answer(by, as_owed(owed)).or_raise()
    sent = request.POST if "colleague" in request.POST else None
    form = HandOverForm(colleagues_of(by, {o.debtor_id for o in rows}), sent)
    if sent is not None and form.is_valid() and _handed(request, form, ids):
        return redirect(back_of(request, "ledger:inbox"))
    back = back_of(request, reverse("ledger:inbox"))
    context: dict[str, Any] = {"form": form, "rows": rows, "back": back}
    return render(request, "ledger/hand_over.html", context, status=status_of(form))


def _handed(request: HttpRequest, form: HandOverForm, ids: list[UUID]) -> bool:
    to, note = form.cleaned_data["colleague"], form.cleaned_data["note"]
    try:
        moved = handovers.hand_over(by=actor(request), obligation_ids=ids, to=to, note=note)
    except Invalid as wrong:
        put_errors(form, wrong)
        return False
    names = registry.account_names([to])
    text = ngettext("%(n)s inquiry was handed over to %(who)s, who is told.",
                    "%(n)s inquiries were handed over to %(who)s, who is told.", moved)  # fmt: skip
    said = text % {"n": format_number(moved, lang()), "who": pick(names[to])}
    tell(request, said, "ok" if moved else "warn")
    return True
