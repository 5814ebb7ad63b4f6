"""What does the administrator see: dead letters, the pulse of the workers, closures?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, Refused, gettext_noop
from payvand.kernel.text import format_number
from payvand.ledger import closures, deliveries, queries, rederiving
from payvand.ledger.forms import ClosureForm, ReasonForm
from payvand.ledger.views.edge import guarded, put_errors, status_of, tell
from payvand.plugins import channels
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor
from payvand.ui.language import lang, pick

ONLY_OPERATORS = gettext_noop("Only administrators of the installation see its operations.")


def _operator(request: HttpRequest) -> Actor:
    by = actor(request)
    if not by.is_operator:
        raise Refused(reason=ONLY_OPERATORS)
    return by


WAYS = {"rest": gettext_lazy("system of the agency"), "letter": gettext_lazy("letter"),
        "email": gettext_lazy("e-mail"), "sms": gettext_lazy("SMS")}  # fmt: skip
SECONDS_HERE = 2.0  # what a page may spend on moving terms before it hands over to the worker


def _limit() -> int:
    """Return after how many silent seconds a worker counts as stopped."""
    return max(int(settings.PAYVAND_SWEEP_SECONDS) * 6, 60)


@login_required
@require_GET
@guarded
def pulse(request: HttpRequest) -> HttpResponse:
    """When did each worker last prove that it runs? Late or absent ones raise the alarm."""
    _operator(request)
    limit = _limit()
    beats = queries.pulse(limit)
    workers = [b for b in beats if b.is_worker]
    context = {
        "beats": workers, "jobs": rederiving.latest(), "limit": limit,
        "alarm": not workers or any(b.is_late for b in workers),
        "dead": len(queries.dead_letters(100)),
        "is_texting": channels.is_set("sms"),
    }  # fmt: skip
    return render(request, "ledger/pulse.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@guarded
def dead_letters(request: HttpRequest) -> HttpResponse:
    """What could not be sent: try again, or give up with a reason."""
    by = _operator(request)
    gives_up = request.POST.get("do") == "give_up"
    form = ReasonForm(request.POST if gives_up else None)
    ids = [int(x) for x in request.POST.getlist("id") if x.isascii() and x.isdigit()]
    if request.method == "POST" and not ids:
        tell(request, _("Tick at least one message."), "warn")
        return redirect("ledger:dead_letters")
    if request.method == "POST" and not gives_up:
        done = deliveries.retry(by=by, row_ids=ids)
        text = ngettext("%(n)s message will be sent again.", "%(n)s messages will be sent again.",
                        done)  # fmt: skip
        tell(request, text % {"n": format_number(done, lang())})
        return redirect("ledger:dead_letters")
    if gives_up and form.is_valid():
        try:
            done = deliveries.give_up(by=by, row_ids=ids, reason=form.cleaned_data["reason"])
        except Invalid as wrong:
            put_errors(form, wrong)
        else:
            text = ngettext("%(n)s message was closed.", "%(n)s messages were closed.", done)
            tell(request, text % {"n": format_number(done, lang())})
            return redirect("ledger:dead_letters")
    rows = [(row, WAYS.get(row.channel, row.channel)) for row in queries.dead_letters()]
    context = {"rows": rows, "form": form, "chosen": ids}
    return render(request, "ledger/dead_letters.html", context, status=status_of(form))


def _scopes() -> list[tuple[str, Any]]:
    """Return what a closure can be declared for: places by kind, then organisations."""
    groups: dict[str, list[tuple[str, str]]] = {"country": [], "province": [], "county": []}
    for place in registry.all_places().values():
        groups.setdefault(place.kind, []).append((place.code, pick(place.name)))
    named = (("country", _("Country")), ("province", _("Provinces")), ("county", _("Counties")))
    found: list[tuple[str, Any]] = [(str(t), groups[k]) for k, t in named if groups.get(k)]
    orgs = [(registry.scope_of(c.id), pick(c.name)) for c in registry.agencies(limit=500)]
    return [*found, (_("Organisations"), orgs)]


@login_required
@require_http_methods(["GET", "POST"])
@guarded
def closure(request: HttpRequest) -> HttpResponse:
    """Declare a closure: first what it would move, then apply it."""
    by = _operator(request)
    form = ClosureForm(_scopes(), request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "jobs": rederiving.latest(5)}
    if request.method == "POST" and form.is_valid():
        declared = _closure(form.cleaned_data)
        if request.POST.get("do") == "apply":
            job = closures.declare(by=by, closure=declared)
            rederiving.go_on(SECONDS_HERE, [job], limit=rederiving.SMALL_BATCH)
            return redirect("ledger:moving", job)
        found = closures.preview(by=by, closure=declared)
        names = registry.party_names(found.by_agency)
        by_agency = sorted(found.by_agency.items(), key=lambda pair: -pair[1])
        context |= {
            "preview": found,
            "agencies": [(names.get(key), n) for key, n in by_agency[:12]],
            "sample": [{"moved": m, "agency": names.get(m.debtor)} for m in found.sample[:8]],
        }
    return render(request, "ledger/closure.html", context, status=status_of(form))


@login_required
@require_http_methods(["GET", "POST"])
@guarded
def moving(request: HttpRequest, job: str) -> HttpResponse:
    """How far are the terms that the calendar moves? Safe to reload; a post takes some steps here.

    The steps are the worker's; where none runs, the administrator can take them from this page.
    """
    _operator(request)
    if request.method == "POST":
        rederiving.go_on(SECONDS_HERE, [job], limit=rederiving.SMALL_BATCH)
        return redirect("ledger:moving", job)
    now = rederiving.progress_of(job)
    context = {
        "job": now,
        "seconds": max(0, int(((now.at if now.is_done else clock.now()) - now.began_at)
                              .total_seconds())),
        "where": _names_of(now.scopes),
        "is_watched": queries.worker_state(_limit()) == "ok",
    }  # fmt: skip
    part = "ledger/_moving.html" if request.headers.get("HX-Request") else "ledger/moving.html"
    return render(request, part, context)


def _names_of(scopes: tuple[str, ...]) -> list[str]:
    known = registry.all_places()
    orgs = {scope: org for scope in scopes if (org := registry.org_of(scope)) is not None}
    names = registry.party_names(orgs.values())
    found = [known[s].name if s in known else names.get(orgs[s], {}) if s in orgs else {}
             for s in scopes]  # fmt: skip
    return [pick(name) for name in found if name]


def _closure(typed: dict[str, Any]) -> closures.Closure:
    classes = typed["exempt"].replace("،", ",").split(",")
    return closures.Closure(
        scope=typed["scope"], starts=typed["starts"], ends=typed["ends"] or typed["starts"],
        title_fa=typed["title_fa"], title_en=typed["title_en"] or typed["title_fa"],
        source=typed["source"], opens=typed["opens"], closes=typed["closes"],
        exempt=tuple(c.strip() for c in classes if c.strip()),
    )  # fmt: skip
