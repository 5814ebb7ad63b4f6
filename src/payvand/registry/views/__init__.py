"""Which pages has the registry? The working calendar, offices, organisations, and my profile."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.kernel import clock, jalali
from payvand.kernel.errors import Conflict, Invalid, NotFound
from payvand.kernel.text import fold_digits, weekdays
from payvand.registry import labels
from payvand.registry import public as registry
from payvand.registry.access import may_appoint, may_connect, may_seat
from payvand.registry.forms import (
    AppointForm,
    ConnectForm,
    EndForm,
    MandateForm,
    RetractForm,
    refuse,
)
from payvand.registry.queries import calendar_page, duties, profile
from payvand.registry.queries.citations import source_told
from payvand.registry.rules.calendars import org_of
from payvand.ui.language import lang, pick

# --- the working calendar -----------------------------------------------------------------------


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A Jalali year at a place or an organisation: closed days, hours, and the facts behind."""
    by, today = registry.actor(request), clock.local_date(clock.now())
    org = _uuid(request.GET.get("org", ""))
    code = request.GET.get("place") or registry.country()
    chain, org_class = calendar_page.chain_at(code, org)
    days = calendar_page.calendar_at(chain, org_class)
    this = jalali.to_jalali(today)[0]
    years = list(range(jalali.to_jalali(days.first)[0], jalali.to_jalali(days.last)[0] + 1))
    year = _year(request.GET.get("year", ""), years, this)
    first, last = jalali.month_bounds(year, 1)[0], jalali.month_bounds(year, 12)[1]
    sheets = calendar_page.year_sheets(days, year, lang=lang(), today=today)
    known_until = registry.holidays_known_until()
    facts = [_fact_row(rule) for rule in calendar_page.facts_in(chain, first, last)]
    return render(
        request,
        "registry/calendar.html",
        {
            "sheets": sheets,
            "weekdays": [(name, name[:1] if lang() == "fa" else name[:2]) for name in _week()],
            "working_days": sum(sheet.working_days for sheet in sheets),
            "facts": facts,
            "standing": [row for row in facts if not row["is_single"]],
            "show_all": request.GET.get("entries") == "all",
            "single": [row for row in facts if row["is_single"]],
            "may_retract": {s for s in chain if registry.may_declare(by, s)},
            "year": year,
            "years": years,
            "place": code,
            "place_name": registry.place(code).name if code and not org else None,
            "org": org,
            "org_name": registry.party_names([org]).get(org) if org else None,
            "places": _grouped_places(),
            "unknown_year": known_until is None or first > known_until,
        },
    )


def _week() -> list[str]:
    return weekdays(lang())


def _fact_row(rule: Any) -> dict[str, Any]:
    names = weekdays(lang())
    recurring = sorted((day + 2) % 7 for day in rule.weekdays or ())
    org = org_of(rule.scope)
    scope = registry.party_names([org]).get(org) if org else registry.place(rule.scope).name
    return {
        "rule": rule,
        "source": source_told(rule.source),
        "title": {"fa": rule.title_fa, "en": rule.title_en},
        "kind": labels.KINDS.get(rule.kind, rule.kind),
        "status": labels.STATUSES.get(rule.status, rule.status),
        "tone": labels.TONES.get(rule.status, "draft"),
        "scope": scope,
        "days": [names[day] for day in recurring],
        "is_single": rule.ends == rule.starts,
    }


def _grouped_places() -> list[tuple[registry.PlaceCard, list[registry.PlaceCard]]]:
    today = clock.local_date(clock.now())
    root = registry.country()
    provinces = registry.children_of(root, on=today) if root else []
    return [(card, registry.children_of(card.code, on=today)) for card in provinces]


def _year(typed: str, years: list[int], this: int) -> int:
    digits = fold_digits(typed)
    year = int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 4 else this
    return min(max(year, years[0]), years[-1])


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed) if typed else None
    except ValueError:
        raise NotFound(organisation=typed) from None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def retract(request: HttpRequest, fact_id: int) -> HttpResponse:
    """Take a calendar fact back, with a reason; it stays in the record of what was known."""
    by, rule = registry.actor(request), calendar_page.fact(fact_id)
    if rule is None:
        raise NotFound(fact=fact_id)
    registry.may_declare(by, rule.scope).or_raise()
    org, year = org_of(rule.scope), jalali.to_jalali(rule.starts)[0]
    where = f"org={org}" if org else f"place={rule.scope}"
    back = f"{reverse('registry:calendar')}?{where}&year={year}#facts"
    form = RetractForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        registry.retract_fact(fact_id, by=by, reason=form.cleaned_data["reason"])
        messages.success(request, _("The entry was taken back. It stays in the record."))
        return redirect(back)
    context = {"row": _fact_row(rule), "form": form, "back_url": back}
    status = 422 if form.errors else 200
    return render(request, "registry/retract.html", context, status=status)


# --- offices and holders ------------------------------------------------------------------------


@require_safe
@login_required
def offices(request: HttpRequest) -> HttpResponse:
    """Offices with holders, deputies and vacancies: of a place, or of the agencies that I head."""
    by = registry.actor(request)
    headed = profile.agencies_headed(by)
    if not headed:
        registry.may_manage(by).or_raise()
    agency = _uuid(request.GET.get("agency", ""))
    code = request.GET.get("place") or registry.country()
    if not registry.may_manage(by):
        found = [card for org in headed for card in registry.office_cards(agency=org)]
    elif agency:
        found = registry.office_cards(agency=agency)
    else:
        found = registry.office_cards(place=code)
    return render(
        request,
        "registry/offices.html",
        {
            "offices": found,
            "place": code,
            "places": _grouped_places(),
            "country": registry.country(),
            "may_manage": registry.may_manage(by),
            "agency_names": registry.party_names(c.agency for c in found if c.agency),
            "orders": labels.ORDERS,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def office(request: HttpRequest, office_id: int) -> HttpResponse:
    """One office: who holds it, who held it; appoint a holder or a deputy."""
    by = registry.actor(request)
    post = duties.posts().get(office_id)
    if post is None:
        raise NotFound(office=office_id)
    may_appoint(by, post).or_raise()
    form = AppointForm(
        request.POST or None, initial={"starts": clock.local_date(clock.now()), "order": 0}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        appointment = registry.Appointment(
            told["account"], told["starts"], told["ends"], told["order"], told["decree"]
        )
        try:
            registry.appoint(office_id, appointment, by=by)
        except (Invalid, Conflict) as error:
            refuse(form, error)
        else:
            messages.success(request, _("The appointment is recorded."))
            return redirect("registry:office", office_id)
    return _office_page(request, office_id, form=form, end=EndForm())


@require_POST
@login_required
def end_holding(request: HttpRequest, office_id: int, holding_id: int) -> HttpResponse:
    """End an appointment after its last day."""
    form = EndForm(request.POST)
    if form.is_valid():
        try:
            registry.end_holding(
                holding_id, by=registry.actor(request), last_day=form.cleaned_data["last_day"]
            )
        except (Invalid, Conflict) as error:
            refuse(form, error)
        else:
            messages.success(request, _("The end of the appointment is recorded."))
            return redirect("registry:office", office_id)
    may_appoint(registry.actor(request), duties.posts()[office_id]).or_raise()
    return _office_page(request, office_id, form=AppointForm(), end=form)


def _office_page(
    request: HttpRequest, office_id: int, *, form: AppointForm, end: EndForm
) -> HttpResponse:
    card = registry.office_cards(ids=[office_id])[0]
    wrong = form if form.errors else end
    return render(
        request,
        "registry/office.html",
        {
            "office": card,
            "appoint": form,
            "end": end,
            "wrong": wrong,
            "has_errors": bool(wrong.errors),
            "orders": labels.ORDERS,
            "role": registry.roles().get(card.role),
            "agency": registry.party_names([card.agency]).get(card.agency) if card.agency else None,
            "place": registry.place(card.place).name if card.place else None,
        },
        status=422 if wrong.errors else 200,
    )


# --- organisations and their connection ---------------------------------------------------------


@require_safe
@login_required
def agencies(request: HttpRequest) -> HttpResponse:
    """Organisations, how each is connected, and for what it answers."""
    registry.may_manage(registry.actor(request)).or_raise()
    text = request.GET.get("q", "")[:80]
    found = registry.agencies(text, limit=200)
    links, roles = registry.connections_of(card.id for card in found), profile.debtor_roles()
    named = registry.roles()
    rows = [
        {
            "card": card,
            "link": links[card.id],
            "level": labels.LEVELS[links[card.id].level],
            "place": registry.place(card.place).name if card.place else None,
            "roles": [named.get(role, {"fa": role, "en": role}) for role in sorted(
                {role for role, _place in roles.get(card.id, ())})],
        }
        for card in found
    ]  # fmt: skip
    return render(request, "registry/agencies.html", {"rows": rows, "q": text})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def agency(request: HttpRequest, agency_id: UUID) -> HttpResponse:
    """One organisation: its connection, what it answers for, its offices."""
    by = registry.actor(request)
    may_connect(by, agency_id).or_raise()
    card, link = registry.party(agency_id), registry.connection_of(agency_id)
    form = ConnectForm(request.POST or None, initial=link._asdict())
    if request.method == "POST" and form.is_valid():
        try:
            registry.connect(agency_id, form.link(), by=by)
        except (Invalid, Conflict) as error:
            refuse(form, error)
        else:
            messages.success(request, _("The connection holds from now on."))
            return redirect("registry:agency", agency_id)
    named = registry.roles()
    return render(
        request,
        "registry/agency.html",
        {
            "card": card,
            "may_manage": registry.may_manage(by).ok,
            "link": link,
            "level": labels.LEVELS[link.level],
            "levels": [(label, labels.LEVEL_HINTS[key]) for key, label in labels.LEVELS.items()],
            "form": form,
            "place": registry.place(card.place).name if card.place else None,
            "roles": [
                (named.get(role, {"fa": role, "en": role}), registry.place(code).name)
                for role, code in profile.debtor_roles().get(agency_id, ())
            ],
            "history": [
                (row, labels.LEVELS[row.level]) for row in profile.connection_history(agency_id)
            ],
            "offices": registry.office_cards(agency=agency_id),
        },
        status=422 if form.errors else 200,
    )


# --- my profile ---------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_profile(request: HttpRequest) -> HttpResponse:
    """My seats, offices and mandates, who can act for me; give a mandate."""
    by = registry.actor(request)
    signs_for = profile.may_sign_for(by)
    names = registry.party_names(signs_for)
    form = MandateForm(
        request.POST or None,
        principals=[(str(party), pick(names[party])) for party in signs_for],
        initial={"starts": clock.local_date(clock.now())},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        draft = registry.MandateDraft(
            principal=UUID(told["principal"]),
            agent=told["agent"].id,
            evidence=told["evidence"],
            starts=told["starts"],
            ends=told["ends"],
            services=told["services"],
        )
        try:
            registry.give_mandate(draft, by=by)
        except (Invalid, Conflict) as error:
            refuse(form, error)
        else:
            messages.success(request, _("The mandate is recorded."))
            return redirect("registry:profile")
    mine = registry.office_cards(ids=by.offices)
    return render(
        request,
        "registry/profile.html",
        {
            "seats": [(row, labels.SEATS.get(row.role, row.role))
                      for row in profile.seats_of(by.user_id or 0)],
            "held_offices": [card for card in mine if not card.is_vacant],
            "fallen_offices": [card for card in mine if card.is_vacant],
            "given": profile.mandates_given(signs_for),
            "held": profile.mandates_held(signs_for),
            "form": form,
            "may_give": bool(signs_for),
            "may_seat": {seat.org for seat in by.seats if may_seat(by, seat.org).ok},
            "me": registry.party(by.party) if by.party else None,
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_POST
@login_required
def withdraw(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """End a mandate at once."""
    registry.withdraw_mandate(mandate_id, by=registry.actor(request))
    messages.success(request, _("The mandate has ended. What was done under it stays done."))
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_ours else "registry:profile")
