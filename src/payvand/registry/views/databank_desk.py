"""What waits at the databank's desk: claims, duplicates, stale profiles, files to import?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid
from payvand.kernel.text import to_persian_digits
from payvand.registry import databank_labels as labels
from payvand.registry import public as registry
from payvand.registry.access import databank as access
from payvand.registry.forms import databank as forms
from payvand.registry.forms import put_errors
from payvand.registry.public import databank as door
from payvand.registry.queries import databank, desk, groups, vocabulary
from payvand.registry.rules.import_columns import COLUMNS, ENTRIES, NAMES
from payvand.registry.rules.import_files import BadFile
from payvand.registry.views.databank import line_row, posted
from payvand.ui.language import lang, pick
from payvand.ui.sheets import sheet

ROWS = 100  # of a report, on one page


def _places(request: HttpRequest) -> set[str] | None:
    by = registry.actor(request)
    access.may_open_desk(by).or_raise()
    return access.desk_places(by)


def _members(ids: set[UUID]) -> list[dict[str, Any]]:
    """Return the members of a guild that everybody sees, those only declared first."""
    found = {line.id: line for line in databank.lines(ids).values()}.values()
    return [line_row(line) for line in
            sorted(found, key=lambda one: (one.is_verified, one.sort_key))[:ROWS]]  # fmt: skip


@require_safe
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The work lists of a registrar, or the claims on a guild's members."""
    by, places = registry.actor(request), _places(request)
    is_registrar = places is None or bool(places)
    members = None if is_registrar else groups.members_of(access.guilds(by))
    return render(
        request,
        "registry/databank/desk.html",
        {
            "members": _members(members) if members is not None else [],
            "claims": desk.claims(None if members is not None else places, parties=members),
            "pairs": desk.pairs(places) if is_registrar else [],
            "stale": desk.stale(places) if is_registrar else [],
            "merges": desk.merges(places)[:10] if is_registrar else [],
            "runs": desk.runs() if is_registrar else [], "is_registrar": is_registrar,
            "names": databank.names, "today": clock.local_date(clock.now()),
        },
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Decide on one claim, beside what is known of the firm and of the claimant."""
    row = desk.claim(claim_id)
    access.may_verify(registry.actor(request), row.party).or_raise()
    form = forms.ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        accept = request.POST.get("step") == "accept"
        try:
            door.decide_claim(claim_id, accept=accept, by=registry.actor(request),
                              reason=form.cleaned_data["reason"])  # fmt: skip
        except Invalid as error:
            put_errors(form, error)
        except Conflict as error:
            form.add_error(None, f"{_(error.what)} {_(error.now)}")
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("registry:databank_desk")
    claimant = row.user.party
    return render(
        request,
        "registry/databank/decide_claim.html",
        {
            "row": row, "form": form, "name": databank.names(row.party),
            "claimant": databank.names(claimant) if claimant else None,
            "keepers": list(row.party.keepers.filter(until=None).select_related("user")),
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def pair(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Two entries that may be one, side by side: merge them or keep them apart."""
    row, by = desk.pair(pair_id), registry.actor(request)
    access.may_register(by, row.left.place_id).or_raise()
    wrong = ""
    if request.method == "POST":
        step = request.POST.get("step", "")
        try:
            if step == "apart":
                door.keep_apart(pair_id, by=by)
                messages.success(request, _("They stay apart and are not suspected again."))
            else:
                kept, gone = row.left_id, row.right_id
                if step == "right":
                    kept, gone = gone, kept
                door.merge(kept, gone, by=by, reason=request.POST.get("reason", "")[:300])
                messages.success(request, _("Merged. It can be undone at any time."))
            return redirect("registry:databank_desk")
        except Conflict as error:
            reason = _(str(error.facts.get("reason", "")))
            wrong = " ".join(filter(None, (_(error.what), reason, _(error.now))))
    sides = desk.side_by_side((row.left_id, row.right_id))
    pages = [databank.full(party.pk) for party in sides if hasattr(party, "profile")]
    return render(
        request,
        "registry/databank/pair.html",
        {"row": row, "percent": round(row.score * 100), "wrong": wrong, "has_errors": bool(wrong),
         "left": sides[0], "right": sides[-1], "compared": compared(pages)},
        status=422 if wrong else 200,
    )  # fmt: skip


def compared(pages: list[databank.FullProfile]) -> list[tuple[str, list[str], bool]]:
    """Return what the entries say, line by line, and whether they say the same."""
    rows = [
        (_("Name in Persian"), [p.party.name_fa for p in pages]),
        (_("Name in English"), [p.party.name_en for p in pages]),
        (_("National identifier"), [p.party.national_id for p in pages]),
        (_("Places"), ["، ".join(pick(place) for place in p.places) for p in pages]),
        (_("Field of work"), [pick(vocabulary.fields().get(p.row.field, "")) for p in pages]),
        (_("Web address"), [p.row.website for p in pages]),
        (_("Capabilities"), ["؛ ".join(c.title_fa for c in p.capabilities[:6]) for p in pages]),
        (_("Past work"), ["؛ ".join((e.text_fa or e.text_en)[:80] for e in p.evidence[:3])
                          for p in pages]),
        (_("Source"), [p.row.source for p in pages]),
    ]  # fmt: skip
    return [(name, told, len(set(told)) == 1 and told[0] != "") for name, told in rows if any(told)]


@require_POST
@login_required
def undo(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Part two merged entries again."""
    door.undo_merge(merge_id, by=registry.actor(request))
    messages.success(request, _("The merge is undone: both entries stand again as before."))
    return redirect("registry:databank_desk")


@require_POST
@login_required
def search_duplicates(request: HttpRequest) -> HttpResponse:
    """Compare all organisations now."""
    new = door.look_for_duplicates(by=registry.actor(request))
    messages.success(request, _("New pairs to judge: %(n)s") % {"n": new})
    return redirect("registry:databank_desk")


@require_POST
@login_required
def verify(
    request: HttpRequest, party_id: UUID, kind: str, entry_id: int | None = None
) -> HttpResponse:
    """Verify a profile or one entry."""
    door.verify(party_id, kind, entry_id, by=registry.actor(request))
    messages.success(request, _("Verified."))
    return redirect("registry:databank_profile", party_id)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: HttpRequest) -> HttpResponse:
    """Import a file of firms."""
    by = registry.actor(request)
    access.may_register(by).or_raise()
    form = forms.ImportForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            run = door.import_firms(file.file, by=by, filename=file.name)
        except BadFile as error:
            form.add_error("file", bad_file(error))
        else:
            return redirect("registry:databank_run", run.pk)
    return render(
        request,
        "registry/databank/import.html",
        {"form": form, "columns": [(name, NAMES[name]) for name in COLUMNS]},
        status=422 if form.errors else 200,
    )  # fmt: skip


def bad_file(error: BadFile) -> str:
    """Return what is wrong with a file, where, and what helps, in the reader's language."""
    facts = error.facts
    number = facts["place"].replace(":", "/")  # line and column
    number = to_persian_digits(number) if lang() == "fa" else number
    place = "" if facts["place"] == "-" else _("Line or row %(n)s:") % {"n": number}
    return " ".join(filter(None, (place, _(facts["reason"]), _(facts["remedy"]))))


@require_safe
@login_required
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """What came of each row of a file."""
    row = desk.run(run_id)
    access.may_read_import(registry.actor(request), row.made_by).or_raise()
    which = request.GET.get("show", "")
    rows = [line for line in row.rows if not which or which == line[1]
            or (which == "remarks" and line[4])]  # fmt: skip
    first = max(0, int(request.GET.get("from", "0")) if request.GET.get("from", "0").isascii()
                and request.GET.get("from", "0").isdigit() else 0)  # fmt: skip
    query = f"show={which}&" if which else ""
    return render(
        request,
        "registry/databank/run.html",
        {
            "row": row, "is_desk": bool(access.may_register(registry.actor(request))),
            "lines": [told_line(line) for line in rows[first : first + ROWS]],
            "show": which,
            "counts": [(key, name, row.counts.get(key, 0), labels.TONES[key])
                       for key, name in labels.OUTCOMES.items()],
            "remarks": row.counts.get("remarks", 0),
            "older_url": f"?{query}from={first + ROWS}" if len(rows) > first + ROWS else "",
            "newer_url": f"?{query}from={max(0, first - ROWS)}" if first else "",
        },
    )  # fmt: skip


def told_line(line: list[Any]) -> dict[str, Any]:
    """Return one row of a report in the reader's language."""
    place, outcome, name, party, remarks = line
    return {
        "place": place, "outcome": labels.OUTCOMES[outcome], "tone": labels.TONES[outcome],
        "name": name, "party": party,
        "remarks": [labels.remark(one) for one in remarks],
    }  # fmt: skip


REPORT = (gettext_noop("row"), gettext_noop("outcome"), gettext_noop("name"),
          gettext_noop("column"), gettext_noop("what"), gettext_noop("what to do"))  # fmt: skip


@require_safe
@login_required
def run_csv(request: HttpRequest, run_id: int) -> HttpResponse:
    """The report as CSV, one line a remark."""
    row = desk.run(run_id)
    access.may_read_import(registry.actor(request), row.made_by).or_raise()
    told: list[list[str]] = [[_(name) for name in REPORT]]
    for line in map(told_line, row.rows):
        head = [line["place"], str(line["outcome"]), line["name"]]
        told += [
            [*head, remark["column"], remark["what"], remark["now"]]
            for remark in line["remarks"] or [{"column": "", "what": "", "now": ""}]
        ]
    return sheet(f"import-{row.pk}.csv", told)


@require_safe
@login_required
def template(request: HttpRequest) -> HttpResponse:
    """An empty file with the columns in the reader's language."""
    persian = pick({"fa": "fa", "en": "en"}) == "fa"
    columns = ENTRIES if request.GET.get("own") else COLUMNS
    return sheet("firms.csv", [[_heading(name, persian=persian) for name in columns]])


def _heading(name: str, *, persian: bool) -> str:
    said = [alias for alias in NAMES[name] if alias.isascii() != persian]
    return said[0] if said else name
