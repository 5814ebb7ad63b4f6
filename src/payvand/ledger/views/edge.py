"""What do all pages of the ledger share: who asks, what a refusal looks like, where to go back?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from payvand.kernel.errors import Invalid, PayvandError
from payvand.ledger import queries, resolutions
from payvand.registry.public import Actor, actor
from payvand.ui.context import NavItem
from payvand.ui.errors import said

View = Callable[..., HttpResponseBase]


def guarded(view: View) -> View:
    """Show a refusal as a page that says what happened, why, and what to do now."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except PayvandError as error:
            return refusal(request, error)

    return wrapped


def refusal(request: HttpRequest, error: PayvandError, **more: Any) -> HttpResponse:
    """Return the error page with the error's own status."""
    sentences = {name: said(getattr(error, name), error.facts) for name in ("what", "why", "now")}
    context = {"status": error.status, "error_code": error.code, **sentences, **more}
    return render(request, "ui/error.html", context, status=error.status)


def put_errors(form: Any, error: Invalid) -> None:
    """Write what an action found wrong to the fields of the form it came from."""
    fields: Mapping[str, str] = error.facts.get("fields") or {}
    for name, message in fields.items():
        base, _dot, inner = name.partition(".")
        returned = getattr(form, "returned", None)
        if inner and returned is not None and inner in returned.fields:
            returned.add_error(inner, _(message))
        else:
            form.add_error(base if base in form.fields else None, _(message))
    if not fields:
        form.add_error(None, said(error.what, error.facts))


def tell(request: HttpRequest, text: str, tone: str = "ok") -> None:
    """Show a sentence on the next page."""
    messages.add_message(request, messages.SUCCESS, text, extra_tags=tone)


def back_of(request: HttpRequest, otherwise: str) -> str:
    """Return the address the form came from, when it is one of ours."""
    back = request.POST.get("back", "")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else otherwise


def status_of(form: Any) -> int:
    """Return the status of a form page: 422 when what was typed needs correction."""
    return 422 if form.is_bound and (form.errors or form_has_row_errors(form)) else 200


def form_has_row_errors(form: Any) -> bool:
    """Tell whether the returned fields of an answer have errors."""
    returned = getattr(form, "returned", None)
    return bool(returned is not None and returned.is_bound and returned.errors)


def desks_of(by: Actor) -> list[Any]:
    """Return the organisations in which the actor has a seat, in order, without doubles."""
    return list(dict.fromkeys(seat.org for seat in by.seats))


def nav(request: HttpRequest) -> list[NavItem]:
    """Return the entries of the main menu: inbox, delay desk, resolutions, operations."""
    if not request.user.is_authenticated:
        return []
    by = actor(request)
    found = []
    if any(seat.role != "counter" for seat in by.seats):  # a counter answers nothing
        count = queries.count_inbox(desks_of(by))
        found.append(NavItem(_("Inbox"), reverse("ledger:inbox"), "inbox", count, order=20))
    if by.offices:
        count = queries.count_desk(by.offices)
        found.append(NavItem(_("Delay reports"), reverse("ledger:desk"), "alert-triangle", count,
                             hot=True, order=22))  # fmt: skip
    if by.offices or resolutions.may_import(by):
        found.append(NavItem(_("Resolutions"), reverse("ledger:resolutions"), "list-check",
                             order=34))  # fmt: skip
    if by.is_operator:
        found.append(NavItem(_("Operations"), reverse("ledger:pulse"), "settings", order=15,
                             prefix=reverse("ledger:pulse").rsplit("pulse", 1)[0]))  # fmt: skip
    return found


def account_nav(request: HttpRequest) -> list[NavItem]:
    """Return the entry of the account menu that leads to the notices."""
    if not request.user.is_authenticated:
        return []
    return [NavItem(_("Notices"), reverse("ledger:notices"), "mail", order=10)]
