"""What becomes of an error that a page did not handle itself?"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from payvand.kernel.errors import PayvandError
from payvand.web import keeping, problems
from payvand.web.errors import BadRequest, PasswordFirst, TooLarge, WrongMediaType, WrongMethod

MEGABYTE = 1024 * 1024
GetResponse = Callable[[HttpRequest], HttpResponse]


class FitBodies:
    """Refuse what a program sends too large or as something else than JSON, before it is read."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the headers of what is sent below /api/."""
        if not request.path.startswith(problems.API_PREFIX):
            return self.get_response(request)
        if "%00" in request.META.get("QUERY_STRING", ""):  # no database keeps a NUL
            return problems.problem(BadRequest())
        length = request.headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdigit() else 0
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if size > most:
            return problems.problem(TooLarge(mb=most // MEGABYTE))
        kind = request.content_type or ""
        if size and kind != "application/json":
            return problems.problem(WrongMediaType(sent=kind[:100]))
        return self.get_response(request)


class ErrorPages:
    """Turn a PayvandError into a page or a problem; a visitor who may not read signs in first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; errors come through `process_exception`."""
        response = self.get_response(request)
        if response.status_code != 405:
            return response
        allowed = response.headers.get("Allow", "")
        told = problems.respond(request, WrongMethod(method=request.method, allowed=allowed))
        told.headers["Allow"] = allowed
        return told

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer to a refusal; None leaves every other error to Django."""
        if not isinstance(error, PayvandError):
            return None
        is_page = not request.path.startswith(problems.API_PREFIX)
        is_visitor = not request.user.is_authenticated
        if is_page and is_visitor and request.method == "GET" and error.status in (401, 403):
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('login')}?{query}")
        return problems.respond(request, error)


class NothingTypedIsLost:
    """Ask a visitor whose session ran out to sign in, and keep the form that they sent."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at answers to forms that lead to the sign-in page."""
        response = self.get_response(request)
        leads_there = response.status_code == 302 and response.headers["Location"].startswith(
            reverse("login")
        )
        if request.method != "POST" or not leads_there or request.user.is_authenticated:
            return response
        text = keeping.keep(request)
        return keeping.ask_to_sign_in(request, text) if text else response


class OwnPasswordFirst:
    """Lead whoever signed in with a password that was made for them to choosing their own."""

    FREE = ("registry:password", "logout", "healthz", "healthz_pages")

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what everybody may do; send everything else to the password page."""
        if not getattr(request.user, "must_change_password", False):
            return self.get_response(request)
        if request.path in {reverse(name) for name in self.FREE}:
            return self.get_response(request)
        if request.path.startswith(problems.API_PREFIX):
            return problems.problem(PasswordFirst())
        return HttpResponseRedirect(reverse("registry:password"))
