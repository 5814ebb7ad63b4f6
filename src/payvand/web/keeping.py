"""What becomes of a form that is sent after the session has run out? Nothing typed is lost.

The fields come back signed: to a visitor inside the sign-in page, to whoever is signed in as a page
with one button that sends them again. Only a form of our own pages is kept: one that another site
has sent gets the plain refusal, so that nobody is led to send what they never typed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from payvand.web.forms import SignInForm

SALT = "payvand.web.keeping"
FIELD = "kept"
MOST_CHARACTERS = 200_000
MOST_SECONDS = 3600
SECRET = ("password", "csrfmiddlewaretoken", FIELD)


def keep(request: HttpRequest) -> str:
    """Return what was typed, signed; empty where nothing of it can or may be sent again."""
    if request.method != "POST" or not _is_ours(request):
        return ""
    typed = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    if any(name.startswith(SECRET[0]) for name, _value in typed):
        return ""
    fields = [pair for pair in typed if pair[0] not in SECRET]
    if not fields or sum(len(value) for _name, value in fields) > MOST_CHARACTERS:
        return ""
    told = {"to": request.get_full_path(), "fields": fields, "files": sorted(request.FILES)}
    return signing.dumps(told, salt=SALT, compress=True)


def _is_ours(request: HttpRequest) -> bool:
    """Did a page of this very site send it, as the browser says?"""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    return bool(origin) and urlsplit(origin).netloc == request.get_host()


def kept(text: str) -> dict[str, Any] | None:
    """Return what was kept; None for nothing, for what is too old, and for a forgery."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=SALT, max_age=MOST_SECONDS)
    except signing.BadSignature:
        return None
    return found


def ask_to_sign_in(request: HttpRequest, text: str) -> HttpResponse:
    """Return the sign-in page that carries what was typed."""
    context = {
        "form": SignInForm(request), "next": "", FIELD: text,
        "note": _("You were signed out meanwhile. What you typed is kept: sign in, and send it."),
    }  # fmt: skip
    return render(request, "web/sign_in.html", context, status=401)


def send_again(request: HttpRequest, text: str) -> HttpResponse | None:
    """Return the page that sends again what was kept; None when nothing was."""
    found = kept(text)
    if found is None:
        return None
    context = {"to": found["to"], "fields": found["fields"], "files": bool(found["files"])}
    return render(request, "web/send_again.html", context)
