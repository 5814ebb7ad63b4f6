"""What do the pages of no context show: start, sign-in, errors, help and the statements?"""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from payvand import __version__
from payvand.kernel.errors import NotFound
from payvand.ledger import public as ledger
from payvand.plugins import slots
from payvand.registry import public as registry
from payvand.registry.public import Actor
from payvand.web import keeping, problems
from payvand.web.errors import (
    BadRequest,
    Forbidden,
    FormExpired,
    ServerFault,
    TooLarge,
    TooManyAttempts,
)
from payvand.web.forms import SignInForm

log = logging.getLogger(__name__)

# Where each role begins, first address that exists; `slots.landing` comes before.
BEGINNINGS = {
    "operator": ("ledger:pulse", "window:catalogue"),
    "official": ("ledger:desk", "window:catalogue"),
    "clerk": ("ledger:inbox", "window:catalogue"),
    "counter": ("window:catalogue",),
    "applicant": ("window:cases", "window:catalogue"),
    "visitor": ("window:catalogue",),
}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Lead everybody to where their work begins."""
    by = registry.actor(request)
    for landing in slots.landing:
        if address := landing(by):
            return redirect(address)
    for name in BEGINNINGS[role_of(by)]:
        try:
            return HttpResponseRedirect(reverse(name))
        except NoReverseMatch:
            continue
    return render(request, "web/start.html")


def role_of(by: Actor) -> str:
    """Return the role that decides where somebody begins."""
    if by.kind == "guest":
        return "visitor"
    if by.is_operator:
        return "operator"
    if by.offices:
        return "official"
    if by.desks and all(seat.role == "counter" for seat in by.desks):
        return "counter"
    if by.desks:
        return "clerk"
    return "applicant"


class SignIn(LoginView):
    """Ask for account name and password, and lead on to the page that was asked for."""

    template_name = "web/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Send on what was kept even for whoever has signed in in another window."""
        if request.user.is_authenticated:
            again = keeping.send_again(request, request.POST.get(keeping.FIELD, ""))
            if again is not None:
                return again
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Lead on; or back to what was typed when the session had run out in between."""
        answer = super().form_valid(form)
        return keeping.send_again(self.request, self.request.POST.get(keeping.FIELD, "")) or answer

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Add what is kept meanwhile, so that a wrong password does not lose it."""
        return super().get_context_data(**more, kept=self.request.POST.get(keeping.FIELD, ""))

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        """Say 422, so that programs and tests need not read the page."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class SignOut(LogoutView):
    """End the session and lead to the start page."""

    next_page = "home"


@require_safe
def statement(request: HttpRequest, *, name: str) -> HttpResponse:
    """Show one of the pages of plain text: help, accessibility, privacy."""
    return render(request, f"web/{name}.html")


WORKER_SAID = {
    "late": "The worker has been silent for too long: delays are not reported, nothing is sent.",
    "never": "No worker has run here yet; start one with `payvand worker`.",
}


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say whether the product can work: 200, or 503 with the reason.

    Degraded when a worker has run here and is silent now. Where none has ever run (an installation
    that is being set up, or a copy for reading) that is told, and is no fault. A load balancer asks
    `/healthz/pages`, which looks at the database alone: pages work without the worker.
    """
    said, status = _pages()
    if status == 200:
        state = ledger.worker_state(max(int(settings.PAYVAND_SWEEP_SECONDS) * 6, 60))
        said["worker"] = state
        if state != "ok":
            said["reason"] = WORKER_SAID[state]
        if state == "late":
            said["status"], status = "degraded", 503
    return JsonResponse(said, status=status)


@never_cache
@require_safe
def healthz_pages(request: HttpRequest) -> HttpResponse:
    """Say whether this process can answer requests: 200, or 503 when the database does not."""
    said, status = _pages()
    return JsonResponse(said, status=status)


def _pages() -> tuple[dict[str, str], int]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return {"status": "down", "database": "down", "reason": "The database is silent."}, 503
    return {"status": "ok", "database": "ok", "version": __version__}, 200


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what cannot be read, or is too much to read."""
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        return problems.respond(request, TooLarge(mb=most // (1024 * 1024)))
    return problems.respond(request, BadRequest())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what Django refused."""
    return problems.respond(request, Forbidden())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return problems.respond(request, NotFound())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose secret does not fit the session; a form of ours loses nothing."""
    text = keeping.keep(request)
    if text and request.user.is_authenticated:
        return keeping.send_again(request, text) or problems.respond(request, FormExpired())
    if text:
        return keeping.ask_to_sign_in(request, text)
    return problems.respond(request, FormExpired())


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours; plain when even the page cannot be made (no database)."""
    try:
        return problems.respond(request, ServerFault())
    except (DatabaseError, TemplateDoesNotExist):
        log.exception("the error page itself could not be made")
        return HttpResponse(_PLAIN, status=500)


def locked_out(
    request: HttpRequest, response: HttpResponse | None, credentials: Any
) -> HttpResponse:
    """Answer too many wrong passwords, kindly."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return problems.page(request, TooManyAttempts(minutes=minutes))


_PLAIN = (
    '<!doctype html><html lang="fa" dir="rtl"><meta charset="utf-8"><title>خطا – Error</title>'
    "<h1>اشکالی در سامانه پیش آمده است</h1><p>لطفاً چند دقیقهٔ دیگر دوباره تلاش کنید.</p>"
    '<div lang="en" dir="ltr"><h2>Something went wrong on our side</h2>'
    "<p>Please try again in a few minutes.</p></div></html>"
)
