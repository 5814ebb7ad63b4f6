"""How does somebody choose who to be in the demonstration, and move its clock?

Every page here is 404 unless the settings say that this is a demonstration.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from payvand.demo import data, journey
from payvand.demo.clock import offset
from payvand.kernel import clock, jalali, text
from payvand.ledger import public as ledger
from payvand.registry.public import Actor
from payvand.ui.language import lang

View = Callable[..., HttpResponse]
BACKEND = "django.contrib.auth.backends.ModelBackend"

GROUPS = {
    "applicant": (gettext_lazy("You need something from the state"), "green"),
    "agency": (gettext_lazy("You work in an agency"), ""),
    "official": (gettext_lazy("You hold an office"), "blue"),
    "operator": (gettext_lazy("You run the window"), "amber"),
}
STEPS = {
    "1wd": gettext_lazy("One working day"),
    "5wd": gettext_lazy("Five working days"),
    "report": gettext_lazy("To the next report of a delay"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One account as the page offers it."""

    username: str
    name: str
    text: str
    icon: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The accounts of one side of the counter."""

    key: str
    title: Any
    tone: str
    cards: list[Card]


def only_in_demo(view: View) -> View:
    """Answer 404 where this is not a demonstration."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.PAYVAND_DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@only_in_demo
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Offer every role with one click, and the clock."""
    return render(
        request,
        "demo/welcome.html",
        {
            "groups": _groups(request), "now": clock.now(), "steps": STEPS.items(),
            "days_ahead": offset().days, "figures": _figures(),
            "ways": [(_("A way to follow: electricity, from a warning to the settlement"),
                      _way(data.ENERGY_WAY)),
                     (_("The same for natural gas, over days"), _way(data.GAS_WAY))],
        },
    )  # fmt: skip


def _groups(request: HttpRequest) -> list[Group]:
    current = request.user.get_username() if request.user.is_authenticated else ""
    return [
        Group(key, title, tone, [
            Card(a.username, a.name_fa if lang() == "fa" else a.name_en, _(a.text), a.icon,
                 a.username == current)
            for a in data.ACCOUNTS if a.group == key
        ])
        for key, (title, tone) in GROUPS.items()
    ]  # fmt: skip


def _way(steps: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Return who does what on the way from a foreseen shortage to its settlement."""
    names = {a.username: a.name_fa if lang() == "fa" else a.name_en for a in data.ACCOUNTS}
    return [(names[who], _(words)) for who, words in steps]


def _figures() -> list[dict[str, Any]]:
    """Return what waits now: open questions, late ones, reports nobody has acknowledged."""
    now = clock.now()
    waiting = ledger.Obligation.objects.filter(state__in=ledger.OPEN)
    asked = waiting.filter(kind__in=("inquiry", "decision"))
    late, reports = asked.filter(due_at__lt=now), waiting.filter(kind="acknowledgement")
    return [
        {"icon": "file-text", "number": asked.count(), "tone": "",
         "label": _("Open inquiries and decisions")},
        {"icon": "hourglass", "number": late.count(), "tone": "bad", "label": _("Past their term")},
        {"icon": "bell", "number": reports.count(), "tone": "warn",
         "label": _("Reports to be acknowledged")},
    ]  # fmt: skip


@only_in_demo
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's accounts, and as no other."""
    username = request.POST.get("username", "")
    if username not in {account.username for account in data.ACCOUNTS}:
        raise Http404
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        messages.error(request, _("The sample country is not built yet: run payvand demo build."))
        return redirect("demo:welcome")
    login(request, user, backend=BACKEND)
    return redirect("home")


@only_in_demo
@require_POST
def advance(request: HttpRequest) -> HttpResponse:
    """Move the clock on; the sample offices go on answering meanwhile."""
    span = request.POST.get("span", "")
    if span not in STEPS:
        raise Http404
    journey.begin(span)
    came = journey.carry_on(journey.IN_REQUEST_S)
    if not came.is_done:
        return redirect(f"{reverse('demo:under_way')}?{urlencode({'next': _back(request)})}")
    messages.success(request, _told(came.done))
    return redirect(_back(request))


@only_in_demo
@require_safe
@never_cache
def under_way(request: HttpRequest) -> HttpResponse:
    """Show how far the clock has come; go back once it is there. htmx asks again by itself."""
    came = journey.progress()
    back = _back(request)
    if came.is_done:
        messages.success(request, _told(came.done))
        if getattr(request, "htmx", False):  # leave the whole page, not only its middle
            return HttpResponse(headers={"HX-Redirect": back})
        return redirect(back)
    part = getattr(request, "htmx", False)
    name = "demo/_under_way.html" if part else "demo/under_way.html"
    context = {"came": came, "told": _happened(came.done), "now": clock.now(), "next": back}
    return render(request, name, context)


def _told(done: Counter[str]) -> str:
    """Return what happened meanwhile, in one sentence."""
    told = _happened(done)
    if not told:
        return _("The clock has moved on; nothing was due.")
    return _("The clock has moved on. Meanwhile: %(what)s.") % {"what": _(", ").join(told)}


def _happened(done: Counter[str]) -> list[str]:
    """Return how much of each kind happened, in words."""
    parts = [
        (done["filed"], ngettext("%(n)s new case", "%(n)s new cases", done["filed"])),
        (done["answered"], ngettext("%(n)s answer", "%(n)s answers", done["answered"])),
        (done["sweep.rung"], ngettext("%(n)s report", "%(n)s reports", done["sweep.rung"])),
        (done["sweep.silence"], ngettext("%(n)s settled by silence", "%(n)s settled by silence",
                                         done["sweep.silence"])),
    ]  # fmt: skip
    return [words % {"n": text.format_number(n, lang())} for n, words in parts if n]


def _back(request: HttpRequest) -> str:
    """Return to the page that asked, when it is one of ours."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours else reverse("demo:welcome")


@csrf_exempt
@only_in_demo
@require_POST
def agency_system(request: HttpRequest) -> HttpResponse:
    """Be the system of a sample agency: take an inquiry over and promise an answer."""
    key = request.headers.get("Idempotency-Key", "")
    try:
        json.loads(request.body or b"{}")
    except ValueError:
        return JsonResponse({"error": "the body is not JSON"}, status=400)
    if not key:
        return JsonResponse({"error": "an Idempotency-Key is needed"}, status=400)
    return JsonResponse({"receipt": f"sample-{key[:36]}"}, status=202)


def ribbon(request: HttpRequest) -> dict[str, SafeString]:
    """Show the demo's date and the way back to its page on every page's ribbon."""
    day = clock.local_date(clock.now())
    return {
        "ribbon_extra": format_html(
            '<a href="{}">{}</a> <span>{}</span>', reverse("demo:welcome"), _("Roles and clock"),
            jalali.format_date(day, lang(), weekday=True),
        )
    }  # fmt: skip


def beginning(by: Actor) -> str | None:
    """Let visitors begin by choosing who to be."""
    return reverse("demo:welcome") if by.kind == "guest" else None
