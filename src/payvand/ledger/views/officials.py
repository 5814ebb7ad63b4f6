"""What do officials see: delay reports to acknowledge, resolutions, notices?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from payvand.kernel.text import format_number
from payvand.ledger import actions, notices, queries, resolutions
from payvand.ledger.forms import ImportForm, OrderForm, chosen_ids
from payvand.ledger.resolutions import Line
from payvand.ledger.rules.reply import Reply
from payvand.ledger.views.edge import guarded, status_of, tell
from payvand.ledger.views.shown import term_text
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor
from payvand.ui.errors import said
from payvand.ui.language import lang


@login_required
@require_http_methods(["GET", "POST"])
@guarded
def desk(request: HttpRequest) -> HttpResponse:
    """Delay reports addressed to the actor's offices; acknowledge one or many with an order."""
    by = actor(request)
    ids = chosen_ids(request.POST)
    form = OrderForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not ids:
        form.add_error(None, _("Tick at least one report."))
    elif request.method == "POST" and form.is_valid():
        reply = Reply("acknowledged", text=form.cleaned_data["order"])
        done = actions.answer_many(by=by, obligation_ids=ids, reply=reply)
        text = ngettext("%(n)s report acknowledged.", "%(n)s reports acknowledged.", done)
        tell(request, text % {"n": format_number(done, lang())})
        return redirect("ledger:desk")
    page = queries.desk(by, after=request.GET.get("after", ""))
    context = {
        "page": page, "form": form, "chosen": {str(one) for one in ids},
        "offices": list(registry.office_names(by.offices[:3]).values()),
        "more_offices": max(0, len(by.offices) - 3),
        "older_url": f"?after={page.after}" if page.after else "",
        "newer_url": "?" if request.GET.get("after") else "",
    }  # fmt: skip
    return render(request, "ledger/desk.html", context, status=status_of(form))


@login_required
@require_GET
@guarded
def resolution_list(request: HttpRequest) -> HttpResponse:
    """The resolutions of the actor's desk: owner, term, state, proof; also as one printed page."""
    by = actor(request)
    printing = request.GET.get("print") == "1"
    shows_all = printing or request.GET.get("all") == "1"
    page = queries.resolutions(by, after=request.GET.get("after", ""), ended=shows_all,
                               size=200 if printing else 50)  # fmt: skip
    context = {
        "page": page, "shows_all": shows_all, "may_import": resolutions.may_import(by).ok,
        "lines": [{"row": row, "term": term_text(row.owed.term)} for row in page.rows],
        "opens": not by.is_operator or bool(by.desks),  # who only administers opens none of them
        "older_url": f"?after={page.after}" + ("&all=1" if shows_all else "") if page.after else "",
    }  # fmt: skip
    template = "ledger/resolutions_print.html" if printing else "ledger/resolutions.html"
    return render(request, template, context)


@login_required
@require_http_methods(["GET", "POST"])
@guarded
def resolution_import(request: HttpRequest) -> HttpResponse:
    """Read a spreadsheet, show what it says row by row, and enter it when nothing is wrong."""
    by = actor(request)
    resolutions.may_import(by).or_raise()
    if "rows" in request.POST:
        return _enter(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    heads = {name: _(title) for name, title in resolutions.TITLES.items()}
    context: dict[str, Any] = {"form": form, "heads": heads.values()}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        lines, problems = resolutions.read(file)
        context |= {
            "lines": [{"line": one, "term": term_text(one.term),
                       "place": registry.place(one.place).name if one.place else ""}
                      for one in lines],
            "problems": [{"row": p.row, "column": heads.get(p.column, p.column),
                          "why": said(p.why, {"text": heads.get(p.text, p.text)})}
                         for p in problems],
            "orgs": [(key, name) for key, name in _keepers(by).items()],
            "rows": "" if problems else signing.dumps([_packed(x) for x in lines], compress=True),
            "source": file.name,
        }  # fmt: skip
    bad = bool(context.get("problems")) or status_of(form) == 422
    return render(request, "ledger/resolutions_import.html", context, status=422 if bad else 200)


def _keepers(by: Actor) -> dict[UUID, dict[str, str]]:
    """Return the organisations that can keep the list; the administrator enters it for any."""
    if by.is_operator and not by.desks:
        return {card.id: card.name for card in registry.agencies(limit=500)}
    return registry.party_names(dict.fromkeys(seat.org for seat in by.desks))


def _packed(line: Line) -> list[Any]:
    return [
        line.row,
        line.title,
        str(line.owner or ""),
        line.office,
        line.term,
        line.place,
        line.proof,
        line.title_en,
    ]


def _enter(request: HttpRequest) -> HttpResponse:
    """Enter what the preview showed; the rows come back signed, so that none can be slipped in."""
    by = actor(request)
    try:
        rows = signing.loads(request.POST["rows"], max_age=3600)
        asker = UUID(request.POST.get("asker", ""))
    except (signing.BadSignature, ValueError):
        tell(request, _("The preview is too old. Choose the file once more."), "warn")
        return redirect("ledger:resolution_import")
    lines = [Line(row, title, UUID(owner) if owner else None, {}, office, *rest)
             for row, title, owner, office, *rest in rows]  # fmt: skip
    made = resolutions.enter(lines, by=by, asker=asker, source=request.POST.get("source", ""))
    text = ngettext("%(n)s resolution entered.", "%(n)s resolutions entered.", len(made))
    tell(request, text % {"n": format_number(len(made), lang())})
    return redirect("ledger:resolutions")


@login_required
@require_GET
@guarded
def notice_list(request: HttpRequest) -> HttpResponse:
    """What was told to the actor, the newest first."""
    by = actor(request)
    rows, older = queries.notices(by, before=request.GET.get("before", ""))
    cases = notices.pages_of(rows)
    context = {
        "rows": [{"text": notices.sentence(n.verb, n.args), "at": n.at, "new": n.read_at is None,
                  "page": notices.page(n.verb, n.args, n.case_id, cases)} for n in rows],
        "older_url": "?" + urlencode({"before": older}) if older else "",
    }  # fmt: skip
    return render(request, "ledger/notices.html", context)


@login_required
@require_POST
@guarded
def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark the actor's notices as read."""
    notices.mark_read(actor(request))
    return redirect("ledger:notices")
