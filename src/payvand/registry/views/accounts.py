"""Which accounts are there, who sits in an organisation, and how is a password given or chosen?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, NotFound
from payvand.kernel.text import fold_digits, format_number
from payvand.registry import labels
from payvand.registry import public as registry
from payvand.registry.access import may_seat
from payvand.registry.forms import MandateForm, put_errors, refuse
from payvand.registry.forms.accounts import AccountForm, CounterAccountForm, PasswordForm, SeatForm
from payvand.registry.queries import profile
from payvand.ui.language import lang, pick


def _manager(request: HttpRequest) -> registry.Actor:
    by = registry.actor(request)
    registry.may_manage(by).or_raise()
    return by


@require_safe
@login_required
def accounts(request: HttpRequest) -> HttpResponse:
    """All accounts, or those whose name or national id was asked for."""
    _manager(request)
    text, after = request.GET.get("q", "")[:80], fold_digits(request.GET.get("after", ""))
    start = int(after) if after.isascii() and after.isdigit() else 0
    rows, more = registry.accounts(text, after=start)
    older = f"?q={text}&after={more}" if more else ""
    context = {"rows": rows, "q": text, "older_url": older, "newer_url": "?" if start else ""}
    return render(request, "registry/accounts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once."""
    by = _manager(request)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = registry.open_for(form.draft(), by=by)
        except Invalid as error:
            put_errors(form, error)
        else:
            return _password_page(request, opened.user, opened.password, is_new=True)
    status = 422 if form.errors else 200
    return render(request, "registry/account_open.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def open_at_counter(request: HttpRequest) -> HttpResponse:
    """Open an account for somebody who came in person; the first password is shown once."""
    by = registry.actor(request)
    registry.may_open_at_counter(by).or_raise()
    form = CounterAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = registry.open_at_counter(form.draft(), form.cleaned_data["document"], by=by)
        except Invalid as error:
            put_errors(form, error)
        else:
            return _password_page(request, opened.user, opened.password, is_new=True)
    status = 422 if form.errors else 200
    return render(request, "registry/account_at_counter.html", {"form": form}, status=status)


def _password_page(
    request: HttpRequest, user: int, password: str, *, is_new: bool = False
) -> HttpResponse:
    context = {
        "card": registry.account_card(user), "password": password, "is_new": is_new,
        "may_manage": registry.may_manage(registry.actor(request)).ok,
    }  # fmt: skip
    return render(request, "registry/account_password.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def account(request: HttpRequest, user_id: int) -> HttpResponse:
    """One account: seats, offices, mandates; new password, close, open again, give a mandate."""
    by = _manager(request)
    card = registry.account_card(user_id)
    do = request.POST.get("do", "")
    if request.method == "POST" and do == "password":
        return _password_page(request, user_id, registry.reset_password(user_id, by=by))
    if request.method == "POST" and do == "close":
        seats, held = registry.close_account(user_id, by=by)
        told = ngettext("The account is closed; %(n)s seat or appointment ended with it.",
                        "The account is closed; %(n)s seats and appointments ended with it.",
                        seats + held)  # fmt: skip
        messages.success(request, told % {"n": format_number(seats + held, lang())})
        return redirect("registry:account", user_id)
    if request.method == "POST" and do == "reopen":
        registry.reopen_account(user_id, by=by)
        messages.success(request, _("The account is open again. Seats are given anew."))
        return redirect("registry:account", user_id)
    form = _mandate_form(request, card)
    if form is not None and request.method == "POST" and form.is_valid() and _gives(form, by):
        messages.success(request, _("The mandate is recorded."))
        return redirect("registry:account", user_id)
    parties = [card.party] if card.party else []
    context = {
        "card": card, "form": form, "seats": _seats(registry.seat_lines(user=user_id)),
        "offices": registry.office_cards(ids=registry.offices_of(user_id)),
        "given": profile.mandates_given(parties), "held": profile.mandates_held(parties),
        "is_me": by.user_id == user_id, "back": request.path,
    }  # fmt: skip
    return render(request, "registry/account.html", context,
                  status=422 if form is not None and form.errors else 200)  # fmt: skip


def _mandate_form(request: HttpRequest, card: registry.AccountCard) -> MandateForm | None:
    if card.party is None:
        return None
    return MandateForm(
        request.POST or None, principals=[(str(card.party), pick(card.name))],
        initial={"starts": clock.local_date(clock.now())},
    )  # fmt: skip


def _gives(form: MandateForm, by: registry.Actor) -> bool:
    told = form.cleaned_data
    draft = registry.MandateDraft(
        principal=UUID(told["principal"]), agent=told["agent"].id, evidence=told["evidence"],
        starts=told["starts"], ends=told["ends"], services=told["services"],
    )  # fmt: skip
    try:
        registry.give_mandate(draft, by=by)
    except Invalid as error:
        put_errors(form, error)
        return False
    return True


def _seats(lines: list[registry.SeatLine]) -> list[dict[str, Any]]:
    places = registry.all_places()
    return [
        {"line": line, "role": labels.SEATS.get(line.role, line.role),
         "place": places[line.place].name if line.place in places else None}
        for line in lines
    ]  # fmt: skip


def place_choices() -> list[tuple[str, Any]]:
    """Return provinces with their counties, for a select."""
    today, root = clock.local_date(clock.now()), registry.country()
    provinces = registry.children_of(root, on=today) if root else []
    return [
        (pick(one.name), [(one.code, pick(one.name)), *(
            (county.code, pick(county.name)) for county in registry.children_of(one.code, on=today)
        )])
        for one in provinces
    ]  # fmt: skip


# --- who sits in an organisation ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def people(request: HttpRequest, org_id: UUID) -> HttpResponse:
    """The seats of an organisation, with their dates; give one."""
    by = registry.actor(request)
    may_seat(by, org_id).or_raise()
    form = SeatForm(
        request.POST or None, places=place_choices(),
        initial={"starts": clock.local_date(clock.now())},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        draft = registry.SeatDraft(told["account"], org_id, told["role"], told["starts"],
                                   told["ends"], told["place"] or None)  # fmt: skip
        try:
            registry.seat(draft, by=by)
        except (Invalid, Conflict) as error:
            refuse(form, error)
        else:
            messages.success(request, _("The seat is given."))
            return redirect("registry:people", org_id)
    context = {
        "org": registry.party(org_id), "form": form,
        "seats": _seats(registry.seat_lines(org=org_id)), "may_manage": registry.may_manage(by),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "registry/people.html", context, status=status)


@require_POST
@login_required
def end_seat(request: HttpRequest, org_id: UUID, seat_id: int) -> HttpResponse:
    """End a seat at once; what was done from it stays done."""
    by = registry.actor(request)
    if seat_id not in {line.id for line in registry.seat_lines(org=org_id)}:
        raise NotFound(seat=seat_id)
    registry.end_seat(seat_id, by=by)
    messages.success(request, _("The seat has ended. What was done from it stays done."))
    return redirect("registry:people", org_id)


# --- my password ----------------------------------------------------------------------------------


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def my_password(request: HttpRequest) -> HttpResponse:
    """Choose a password of one's own."""
    by = registry.actor(request)
    form = PasswordForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            registry.choose_password(by.user_id or 0, form.cleaned_data["password"], by=by)
        except Invalid as error:
            put_errors(form, error)
        else:
            fresh = get_user_model().objects.get(pk=by.user_id or 0)
            update_session_auth_hash(request, fresh)  # this session stays, the others end
            messages.success(request, _("Your new password holds from now on."))
            return redirect("home")
    must = bool(getattr(request.user, "must_change_password", False))
    context = {"form": form, "must": must}
    return render(request, "registry/password.html", context, status=422 if form.errors else 200)
