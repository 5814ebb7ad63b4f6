"""How is a refusal told: to a reader as a page, to a program as a problem (RFC 9457)?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from payvand.kernel.errors import PayvandError
from payvand.ui.errors import said
from payvand.web.errors import NotSignedIn

API_PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Told:
    """An error in the reader's language."""

    code: str
    status: int
    what: str
    why: str
    now: str


def tell(error: PayvandError) -> Told:
    """Put an error into words, in the language that is active."""
    sentences = (said(msgid, error.facts) for msgid in (error.what, error.why, error.now))
    return Told(error.code, error.status, *sentences)


def respond(request: HttpRequest, error: PayvandError) -> HttpResponse:
    """Return the answer that fits who asks: a problem below /api/, else a page."""
    if request.path.startswith(API_PREFIX):
        return problem(error)
    return page(request, error)


def page(request: HttpRequest, error: PayvandError) -> HttpResponse:
    """Return the error as a page: what happened, why, what now."""
    if not hasattr(request, "user"):  # refused before anybody asked who it is: a wrong host
        request.user = AnonymousUser()
    told = tell(error)
    context = {
        "what": told.what,
        "why": told.why,
        "now": told.now,
        "status": told.status,
        "error_code": told.code,
    }
    if isinstance(error, NotSignedIn):
        context |= {"back_url": reverse("login"), "back_label": _("Sign in")}
    return render(request, "web/error.html", context, status=told.status)


def problem(error: PayvandError) -> JsonResponse:
    """Return the error as application/problem+json, in the language that was asked for."""
    response = JsonResponse(
        body(error),
        status=error.status,
        content_type=MEDIA_TYPE,
        json_dumps_params={"ensure_ascii": False},
    )
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="payvand"'
    return response


def body(error: PayvandError) -> dict[str, Any]:
    """Return the members of a problem, in the language that is active."""
    told = tell(error)
    found: dict[str, Any] = {
        "type": f"urn:payvand:problem:{told.code}",
        "title": told.what,
        "status": told.status,
        "detail": " ".join(part for part in (told.why, told.now) if part),
        "code": told.code,
        "facts": {k: _plain(v) for k, v in error.facts.items() if k != "fields"},
    }
    fields = error.facts.get("fields") or {}
    if fields:
        found["errors"] = [{"field": name, "message": _(text)} for name, text in fields.items()]
    return found


def _plain(value: Any) -> Any:
    """Return a fact as programs read it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return str(value)
