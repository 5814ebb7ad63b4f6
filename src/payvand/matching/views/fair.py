"""How does a fair look: who takes part, who meets whom when, what came of it?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.kernel.errors import NotFound
from payvand.kernel.text import format_number, to_persian_digits
from payvand.matching import forms
from payvand.matching.exchange import access, fairs, reading
from payvand.matching.models import FairEntry, FairMeeting, FairPlan, Need
from payvand.matching.rules import needs as rules
from payvand.matching.views import parts
from payvand.matching.views.buyer import REFUSALS, complain, posted
from payvand.registry import public as registry
from payvand.registry.public import Actor, databank
from payvand.ui.language import lang, pick


def _name(row: Any) -> str:
    return pick({"fa": row.name_fa, "en": row.name_en or row.name_fa})


def _entries(group_id: UUID) -> list[FairEntry]:
    rows = FairEntry.objects.filter(group=group_id).select_related("party", "need")
    return list(rows.order_by("party__sort_key", "pk"))


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """The fairs: those to come, and what came of those that were held."""
    rows = [(line, parts.funnel_of(reading.funnel(fair=line.id)))
            for line in databank.groups(kind="fair", limit=30)]  # fmt: skip
    return render(request, "matching/fairs.html", {"rows": rows})


@require_safe
def fair(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """The page of a fair: buyers and makers, the schedule, the funnel."""
    by, page = registry.actor(request), fairs.fair(group_id)
    entries = _entries(group_id)
    able = set(reading.acting_for(by))
    row, laid = page.row, FairPlan.objects.filter(group=group_id).first()
    meetings = FairMeeting.objects.filter(group=group_id).count() if laid and laid.made_at else 0
    leads = access.may_lead_fair(by, place=row.place_id, lead=row.lead_id)
    return render(
        request, "matching/fair.html",
        {
            "page": page, "line": page.line, "name": pick(page.line.name), "row": row,
            "about": parts.both(row, "about"), "laid": laid, "meetings": meetings,
            "buyers": [_entry_row(e) for e in entries if e.side == "buyer"],
            "makers": [_entry_row(e) for e in entries if e.side == "firm"],
            "mine": [(e, parts.party_name(e.party)) for e in entries if e.party_id in able],
            "leads": leads, "takes": row.state in ("planned", "registering"),
            "acts": bool(able), "funnel": parts.funnel_of(reading.funnel(fair=group_id)),
            "endings": parts.endings_of(reading.endings(fair=group_id)),
            "percent": round(100 * laid.worth / laid.bound) if laid and laid.bound else None,
        },
    )  # fmt: skip


def _entry_row(entry: FairEntry) -> dict[str, Any]:
    return {"row": entry, "name": parts.party_name(entry.party),
            "need": parts.both(entry.need, "title") if entry.need else ""}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Register for a fair, as a maker or a buyer."""
    by, page = registry.actor(request), fairs.fair(group_id)
    able = reading.acting_for(by)
    others = [(str(e.party_id), parts.party_name(e.party)) for e in _entries(group_id)
              if e.party_id not in able]  # fmt: skip
    needs = Need.objects.filter(buyer__in=able, state__in=rules.WANTED).order_by("-opened_at")
    days = [("", _("every day"))]
    days += [(str(n), _("day %(n)s only") % {"n": format_number(n, lang())})
             for n in range(1, fairs.days_of(page.row) + 1)]  # fmt: skip
    form = forms.EntryForm(
        posted(request), parties=forms.party_choices(able), others=others, days=days,
        needs=[(str(n.pk), parts.both(n, "title")) for n in needs[:50]], initial={"side": "firm"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            fairs.register(group_id, UUID(form.cleaned_data["party"]), form.told(), by=by)
        except REFUSALS as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("You are registered."))
            return redirect("matching:fair", group_id)
    context = {"form": form, "name": pick(page.line.name), "row": page.row}
    return render(request, "matching/fair_register.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


@require_POST
@login_required
def withdraw(request: HttpRequest, group_id: UUID, party: UUID) -> HttpResponse:
    """Take a registration back."""
    fairs.withdraw(group_id, party, by=registry.actor(request))
    messages.success(request, _("The registration is taken back."))
    return redirect("matching:fair", group_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def lay_out(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Set tables and slots, and have the schedule made."""
    by, page = registry.actor(request), fairs.fair(group_id)
    access.may_lead_fair(by, place=page.row.place_id, lead=page.row.lead_id).or_raise()
    laid = FairPlan.objects.filter(group=group_id).first() or FairPlan()
    names = ("slots_a_day", "minutes", "begins", "rooms", "most")
    form = forms.LayoutForm(posted(request), initial={n: getattr(laid, n) for n in names})
    if request.method == "POST" and form.is_valid():
        try:
            fairs.lay_out(group_id, form.layout(), by=by)
            fairs.plan(group_id, by=by)
        except REFUSALS as error:
            forms.refuse(form, error)
        else:
            messages.success(request, _("The schedule is made."))
            return redirect("matching:schedule", group_id)
    context = {"form": form, "name": pick(page.line.name), "row": page.row}
    return render(request, "matching/fair_layout.html", context,
                  status=422 if form.errors else 200)  # fmt: skip


def _meetings(group_id: UUID, party: UUID | None = None) -> list[FairMeeting]:
    rows = FairMeeting.objects.filter(group=group_id).select_related("firm", "buyer")
    if party is not None:
        rows = rows.filter(firm=party) | rows.filter(buyer=party)
    return list(rows.order_by("slot", "room"))


@require_safe
def schedule(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """The schedule of a fair: for the organiser all of it, for others their own meetings."""
    by, page = registry.actor(request), fairs.fair(group_id)
    row = page.row
    leads = access.may_lead_fair(by, place=row.place_id, lead=row.lead_id)
    able = set(reading.acting_for(by))
    laid = FairPlan.objects.filter(group=group_id).first()
    shown = [m for m in _meetings(group_id) if leads or {m.firm_id, m.buyer_id} & able]
    return render(
        request, "matching/schedule.html",
        {"name": pick(page.line.name), "row": row, "laid": laid, "leads": leads,
         "days": _by_day(shown, row, laid, by), "begun": _has_begun(row),
         "sheets": _sheets(shown, able, leads=bool(leads))},
    )  # fmt: skip


def _has_begun(row: Any) -> bool:
    return row.starts is None or row.starts <= reading.today()


def _sheets(shown: list[FairMeeting], able: set[UUID], *, leads: bool) -> list[tuple[UUID, str]]:
    """Return whose sheets this reader may print."""
    found = {}
    for one in shown:
        for key, party in ((one.firm_id, one.firm), (one.buyer_id, one.buyer)):
            if leads or key in able:
                found[key] = parts.party_name(party)
    return sorted(found.items(), key=lambda pair: pair[1])


def _by_day(shown: list[FairMeeting], row: Any, laid: FairPlan | None,
            by: Actor) -> list[dict[str, Any]]:  # fmt: skip
    if laid is None:
        return []
    days: dict[Any, list[dict[str, Any]]] = {}
    del by
    for one in shown:
        at = fairs.time_of(laid, one.slot)
        days.setdefault(fairs.day_of(row, slot=one.slot, laid=laid), []).append({
            "row": one, "time": to_persian_digits(at) if lang() == "fa" else at,
            "firm": parts.party_name(one.firm), "buyer": parts.party_name(one.buyer),
        })  # fmt: skip
    return [{"day": day, "rows": rows} for day, rows in sorted(days.items())]


@require_safe
@login_required
def sheet(request: HttpRequest, group_id: UUID, party: UUID) -> HttpResponse:
    """The meetings of one participant, to be printed."""
    by, page = registry.actor(request), fairs.fair(group_id)
    row = page.row
    if not access.may_lead_fair(by, place=row.place_id, lead=row.lead_id):
        access.may_act(by, party).or_raise()
    entry = FairEntry.objects.filter(group=group_id, party=party).select_related("party").first()
    laid = FairPlan.objects.filter(group=group_id).first()
    if entry is None or laid is None:
        raise NotFound(fair=str(group_id), party=str(party))
    days = _by_day(_meetings(group_id, party), row, laid, by)
    return render(
        request, "matching/sheet.html",
        {"fair": pick(page.line.name), "name": parts.party_name(entry.party), "days": days,
         "side": entry.side, "minutes": laid.minutes},
    )  # fmt: skip


@require_POST
@login_required
def outcome(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """Record whether a meeting was held."""
    row = FairMeeting.objects.filter(pk=meeting_id).first()
    if row is None:
        raise NotFound(meeting=meeting_id)
    try:
        fairs.outcome(meeting_id, by=registry.actor(request), held=request.POST.get("held") == "1")
    except REFUSALS as error:
        complain(request, error)
    return redirect("matching:schedule", row.group_id)
