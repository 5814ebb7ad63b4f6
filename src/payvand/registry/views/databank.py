"""Who is in the databank, and what can they do? The public pages and the open data."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from payvand.kernel import clock
from payvand.plugins import slots
from payvand.registry import databank_labels as labels
from payvand.registry import public as registry
from payvand.registry.access import databank as access
from payvand.registry.forms import databank as forms
from payvand.registry.public.databank import Filters, ProfileLine
from payvand.registry.queries import databank, export, groups, vocabulary
from payvand.registry.queries.aliases import kept_of
from payvand.registry.rules.databank import KINDS, VERIFIED, NoProfile
from payvand.ui.sheets import MARK, guarded


def filters_of(request: HttpRequest) -> Filters:
    """Return what the list is narrowed to; unknown values narrow nothing."""
    get = request.GET.get
    kind, field = get("kind", ""), get("field", "")
    return Filters(
        province=forms.known_place(get("province", "")),
        field=field if field in vocabulary.fields() else "",
        kind=kind if kind in KINDS else "", verified=get("verified") == "1",
        text=get("q", "")[:80],
    )  # fmt: skip


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Whoever is shown in the databank, page by page, with filters."""
    found = filters_of(request)
    page = databank.page(found, after=request.GET.get("after", ""))
    told = {"q": found.text, "province": found.province, "field": found.field, "kind": found.kind,
            "verified": "1" if found.verified else ""}  # fmt: skip
    query = urlencode({name: value for name, value in told.items() if value})
    own = reverse("registry:databank")
    more = urlencode({"after": page.after}) if page.after else ""
    return render(
        request,
        "registry/databank/list.html",
        {
            "lines": [line_row(line) for line in page.lines], "filters": found, "query": query,
            "provinces": forms.province_choices(), "fields": forms.field_choices(),
            "kinds": labels.KINDS.items(), "is_narrowed": bool(query),
            "counts": _by_province(found), "map_href": _map_href(own, told),
            "older_url": f"{own}?{query}&{more}" if more else "",
            "newer_url": f"{own}?{query}" if request.GET.get("after") else "",
        },
    )  # fmt: skip


def _by_province(found: Filters) -> dict[str, int]:
    """Return how many are shown in each province; a kind or a name narrows the list only."""
    counts: dict[str, int] = {}
    for (place, field), n in databank.tally().items():
        if found.field in ("", field):
            counts[place] = counts.get(place, 0) + n
    return counts


def _map_href(own: str, told: dict[str, str]) -> str:
    kept = urlencode({name: v for name, v in told.items() if v and name != "province"})
    return f"{own}?{kept}&province={{}}"


def line_row(line: ProfileLine) -> dict[str, Any]:
    """Return a line with the names of its kind and field."""
    return {"line": line, "kind": labels.KINDS.get(line.kind, line.kind),
            "field": vocabulary.fields().get(line.field)}  # fmt: skip


@require_safe
def profile(request: HttpRequest, party_id: UUID) -> HttpResponse:
    """One profile, as far as this reader may see it; a merged entry leads to the kept one."""
    head = kept_of(party_id)
    if head != party_id:
        # Not permanent: a browser would remember it, and a merge can be undone.
        return redirect("registry:databank_profile", head)
    by, page = registry.actor(request), databank.full(party_id)
    keeps = access.may_keep(by, page.party)
    if not (page.row.is_listed or keeps):
        raise NoProfile(party=str(party_id))
    own = {page.party.pk, *(p.person_id for p in page.people if p.person_id == by.party)}
    panels = [panel for make in slots.profile_panel if (panel := make(request, party_id))]
    return render(
        request,
        "registry/databank/profile.html",
        {
            "page": page, "party": page.party, "row": page.row, "name": databank.names(page.party),
            "kind": labels.KINDS.get(page.row.kind), "size": labels.SIZES.get(page.row.size_band),
            "field": vocabulary.fields().get(page.row.field),
            "languages": [labels.LANGUAGES[c] for c in page.row.languages.split(",")
                          if c in labels.LANGUAGES],
            "evidence": [evidence_row(row, keeps=bool(keeps)) for row in page.evidence],
            "capabilities": [(row, vocabulary.titles(row.codes)) for row in page.capabilities],
            "products": [(row, vocabulary.titles(row.codes)) for row in page.products],
            "people": people_rows(page, keeps=bool(keeps)),
            "certificates": certificate_rows(page), "groups": groups.groups_of((party_id,)),
            "keeps": keeps, "may_verify": access.may_verify(by, page.party), "own": own,
            "shows_exports": page.row.exports is not None and (page.row.exports_shown or keeps),
            "verifier": page.verifiers.get(page.row.verified_by_id),  # type: ignore[arg-type]
            "verifier_role": labels.VERIFIERS.get(page.row.verified_role), "panels": panels,
            "verified": VERIFIED,
        },
    )  # fmt: skip


def evidence_row(row: Any, *, keeps: bool) -> dict[str, Any]:
    """Return an evidence item; the client's name only where the client agreed, or to its keeper."""
    return {
        "row": row, "kind": labels.EVIDENCE.get(row.kind, row.kind),
        "text": {"fa": row.text_fa or row.text_en, "en": row.text_en or row.text_fa},
        "client": row.client if row.client_shown or keeps else "",
        "codes": vocabulary.titles(row.codes),
    }  # fmt: skip


def people_rows(page: databank.FullProfile, *, keeps: bool) -> list[dict[str, Any]]:
    """Return who works here, as far as this reader may see it."""
    return [
        {"row": row, "name": databank.names(row.person), "is_open": is_open,
         "kind": labels.POSITIONS.get(row.kind, row.kind),
         "title": {"fa": row.title_fa or row.title_en, "en": row.title_en or row.title_fa}}
        for row, is_open in databank.people_shown(page, keeps=keeps)
    ]  # fmt: skip


def certificate_rows(page: databank.FullProfile) -> list[tuple[Any, bool]]:
    """Return certificates, each with whether it has expired."""
    today = clock.local_date(clock.now())
    return [(row, bool(row.valid_to and row.valid_to < today)) for row in page.certificates]


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """Codes that fit a word, as boxes to tick: a part of a form, and a page of its own."""
    typed = request.GET.get("find_code", "")[:80]
    context = {"found": vocabulary.suggest(typed), "typed": typed}
    part = "registry/databank/_codes.html"
    htmx = bool(getattr(request, "htmx", False))
    return render(request, part if htmx else "registry/databank/codes.html", context)


class _Echo:
    def write(self, value: str) -> str:
        return value


@require_safe
def open_data(request: HttpRequest) -> HttpResponseBase:
    """The databank as CSV: organisations that are shown; no persons, clients or contacts."""
    found = filters_of(request)
    out = csv.writer(_Echo())

    def lines() -> Iterator[str]:
        yield MARK + out.writerow(export.OPEN_COLUMNS)
        for row in export.open_rows(found):
            yield out.writerow([guarded(cell) for cell in row])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="databank.csv"'
    return response


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form was sent with, an empty one too; None while it is only shown."""
    return request.POST if request.method == "POST" else None
