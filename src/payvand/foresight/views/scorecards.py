"""How did the offices do, and what do they say to it? The public scorecard and its drafts."""

from __future__ import annotations

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.foresight import charge
from payvand.foresight.actions import scorecards as actions
from payvand.foresight.models import Scorecard, ScoreVoice
from payvand.foresight.queries import scorecards as queries
from payvand.foresight.rules import tables
from payvand.foresight.rules.intervals import LEAST
from payvand.foresight.views.delays import titles
from payvand.kernel import clock, periods
from payvand.kernel.errors import Invalid, NotFound, PayvandError
from payvand.ledger import public as ledger
from payvand.registry.public import Actor, actor
from payvand.window.public import Charge

COLUMNS = (
    "from", "to", "agency_fa", "agency_en", "service", "fell_due", "on_time",
    "on_time_index_percent", "interval_low", "interval_high", "answered", "median_days",
    "p90_days", "promised_p90_passed", "kept", "kept_percent", "reply", "definition_version",
)  # fmt: skip


@require_safe
def scorecards(request: HttpRequest) -> HttpResponse:
    """The published scorecards; for officials the drafts as well."""
    found = charge.charge_of(actor(request)) if request.user.is_authenticated else Charge()
    context = {
        "published": queries.published(),
        # a draft is for those it is about, and for those who publish it
        "drafts": queries.drafts() if found.everything or found.agencies else [],
        "may_see_tabs": bool(found),
        "may_draw": bool(found) and charge.may_draw_scorecards(found).ok,
    }  # fmt: skip
    return render(request, "foresight/scorecards.html", context)


def _seen(request: HttpRequest, key: UUID) -> tuple[Scorecard, frozenset[UUID] | None, Charge]:
    """Return a scorecard and whose lines may be read: all (None), or only some agencies'."""
    card = queries.scorecard(key)
    found = charge.charge_of(actor(request)) if request.user.is_authenticated else Charge()
    if card.state == "published" or found.everything:
        return card, None, found
    if not found.agencies:
        raise NotFound(scorecard=str(key))  # a draft is not for the public
    return card, found.agencies, found


@require_safe
def scorecard(request: HttpRequest, key: UUID) -> HttpResponse:
    """One scorecard: to everybody once published, before that to those whom it is about."""
    card, agencies, found = _seen(request, key)
    known, service = titles(), request.GET.get("service", "")[:60]
    rows = queries.rows(card, service=service, agencies=agencies)
    shown = [row for row in rows if not row.is_hidden]
    said = queries.replies_to([r.voice.obligation for r in shown if r.voice]) if agencies else {}
    context = {
        "card": card, "rows": shown, "hidden": len(rows) - len(shown), "least": LEAST,
        "service": service, "said": said, "is_draft": card.state == "draft",
        "services": [(slug, known.get(slug, {"fa": slug, "en": slug}))
                     for slug in queries.services_of(card)],
        "may_publish": card.state == "draft" and charge.may_draw_scorecards(found).ok,
        "is_over": clock.now() >= card.reply_until, "own": agencies is not None,
    }  # fmt: skip
    return render(request, "foresight/scorecard.html", context)


@require_safe
def scorecard_csv(request: HttpRequest, key: UUID) -> HttpResponse:
    """A scorecard as CSV; numbers that rest on too few stay empty."""
    card, agencies, _found = _seen(request, key)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"scorecard-{card.first}-{card.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    out = csv.writer(response)
    out.writerow(COLUMNS)
    for service in ["", *queries.services_of(card)]:
        for row in queries.rows(card, service=service, agencies=agencies):
            out.writerow(map(tables.safe, _cells(card, service, row)))
    return response


def _cells(card: Scorecard, service: str, row: queries.Row) -> list[Any]:
    head = [str(card.first), str(card.last), row.name["fa"], row.name["en"], service]
    text = row.voice.text if row.voice else ""
    if row.is_hidden:
        return [*head, f"<{LEAST}", *[""] * 11, card.version]
    line = row.line
    times = [round(t, 2) for t in row.times] if row.times else ["", ""]
    kept = ["", "", ""] if row.kept.is_hidden else [line.promised, line.kept,
                                                    round(row.kept.value, 1)]  # fmt: skip
    percent = [round(v, 1) for v in (row.on_time.value, row.on_time.low, row.on_time.high)]
    return [*head, line.due, line.on_time, *percent, line.answered, *times, *kept, text,
            card.version]  # fmt: skip


@require_http_methods(["GET", "POST"])
@login_required
def reply(request: HttpRequest, key: UUID, agency: UUID) -> HttpResponse:
    """The agency's right of reply: its figures, and what it says to them."""
    by = actor(request)
    card = queries.scorecard(key)
    voice = queries.voice_of(key, agency)
    owed = ledger.Obligation.objects.filter(pk=voice.obligation).first() if voice else None
    if owed is None or not _may_read(by, owed, agency):
        raise NotFound(scorecard=str(key))
    error, text = "", ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            actions.reply(by=by, scorecard_id=key, agency=agency, text=text)
        except Invalid as wrong:
            error = _(wrong.facts["fields"].get("text", ""))
        else:
            messages.success(request, _("Your reply is recorded; it will stand beside the"
                                        " figures."))  # fmt: skip
            return redirect(request.path)
    context = {
        "card": card, "rows": queries.rows(card, agencies=frozenset({agency})), "owed": owed,
        "parts": [(titles().get(slug, {"fa": slug, "en": slug}), row)
                  for slug in queries.services_of(card)
                  for row in queries.rows(card, service=slug, agencies=frozenset({agency}))],
        "is_open": owed.state in ledger.OPEN and card.state == "draft", "text": text,
        "error": error, "least": LEAST,
    }  # fmt: skip
    return render(request, "foresight/reply.html", context, status=422 if error else 200)


def _may_read(by: Actor, owed: Any, agency: UUID) -> bool:
    return (owed.office_id in by.offices or by.works_for(agency)
            or charge.charge_of(by).everything)  # fmt: skip


@require_POST
@login_required
def draw(request: HttpRequest) -> HttpResponse:
    """Draw the scorecard of the last whole quarter, and ask the agencies."""
    today = clock.local_date(clock.now())
    quarter = periods.current(periods.QUARTER, today)
    last = periods.current(periods.QUARTER, periods.previous(quarter).last)
    return _done(request, lambda by: actions.draw(last, by=by))


@require_POST
@login_required
def publish(request: HttpRequest, key: UUID) -> HttpResponse:
    """Publish a scorecard once its hearing is over."""
    return _done(request, lambda by: actions.publish(by=by, scorecard_id=key))


def _done(request: HttpRequest, act: Any) -> HttpResponse:
    """Do it and show the scorecard, or say why not."""
    try:
        card = act(actor(request))
    except PayvandError as error:
        if error.status != 409:
            raise
        messages.warning(request, " ".join(_(part) for part in (error.what, error.now)))
        return redirect("foresight:scorecards")
    return redirect("foresight:scorecard", card.pk)


def page_of(obligation_id: UUID) -> str | None:
    """Return where the hearing of an obligation is answered."""
    voice = ScoreVoice.objects.filter(obligation=obligation_id).first()
    if voice is None:
        return None
    return reverse("foresight:reply", args=[voice.scorecard_id, voice.agency_id])
