"""What does everybody see: needs, firms for some words, supply against need, the funnel, feeds?"""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from payvand.matching import forms, queries
from payvand.matching.exchange import access, labels, ranking, reading, releases
from payvand.matching.rules import needs as rules
from payvand.matching.views import parts
from payvand.registry import public as registry
from payvand.registry.public import databank
from payvand.ui.language import lang, pick
from payvand.ui.sheets import sheet

FOUND = 100  # firms that a search looks at


@require_safe
def needs(request: HttpRequest) -> HttpResponse:
    """The needs that are open or were, with filters and a map."""
    filters = forms.filters_of(request.GET.get)
    page = reading.page(filters, after=request.GET.get("after", ""))
    query = urlencode(_told(filters))
    own = reverse("matching:needs")
    return render(
        request,
        "matching/needs.html",
        {
            "rows": [parts.need_row(row) for row in page.rows], "filters": filters, "query": query,
            "counts": dict(reading.by_province(filters)), **_choices(),
            "states": [(k, labels.STATES[k]) for k in rules.SHOWN],
            "sectors": labels.SECTORS.items(), "map_href": _map_href(own, _told(filters)),
            "older_url": f"{own}?{query}&{urlencode({'after': page.after})}" if page.after else "",
            "newer_url": f"{own}?{query}" if request.GET.get("after") else "",
            "acts": bool(reading.acting_for(registry.actor(request))),
        },
    )  # fmt: skip


def _told(filters: reading.Filters) -> dict[str, str]:
    told = {"q": filters.text, "field": filters.field, "province": filters.province,
            "sector": filters.sector, "state": filters.state}  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _map_href(own: str, told: dict[str, str]) -> str:
    kept = urlencode({name: value for name, value in told.items() if name != "province"})
    return f"{own}?{kept}&province={{}}"


def _choices() -> dict[str, Any]:
    return {"provinces": forms.province_choices(), "fields": forms.field_choices()}


@require_safe
def need(request: HttpRequest, need_id: UUID) -> HttpResponse:
    """One need: what is asked, questions and answers, and what this reader may do."""
    by = registry.actor(request)
    row = reading.need(need_id, by=by)
    return render(request, "matching/need.html", parts.need_page(row, by=by))


@require_safe
def firms(request: HttpRequest) -> HttpResponse:
    """Firms that can do what is written, in Persian or English, and why they are here."""
    text = request.GET.get("q", "").strip()[:300]
    field, province = request.GET.get("field", ""), request.GET.get("province", "")
    verified = request.GET.get("verified") == "1"
    matches = queries.rank(text, limit=FOUND) if text else []
    facts = databank.facts_of(UUID(m.firm) for m in matches)
    lines = databank.lines(UUID(m.firm) for m in matches)
    kept, where = [], Counter[str]()
    for match in matches:
        key = UUID(match.firm)
        if key not in lines or key not in facts or ranking.is_stray(match):
            continue
        known = facts[key]
        if (field and known.field != field) or (verified and not known.is_verified):
            continue
        where.update(known.provinces)
        if not province or province in known.provinces:
            kept.append(parts.match_row(match, lines[key]))
    if not text:
        for (place, name), n in databank.tally().items():
            where[place] += n if field in ("", name) else 0
    told = {"q": text, "field": field, "verified": "1" if verified else "", "province": province}
    told = {name: value for name, value in told.items() if value}
    own = reverse("matching:firms")
    return render(
        request,
        "matching/firms.html",
        {
            "rows": kept[:30], "found": len(kept), "text": text, "field": field,
            "province": province, "verified": verified, "counts": dict(where), **_choices(),
            "map_href": _map_href(own, told),
            "csv": reverse("registry:databank_csv") + "?" + urlencode(
                {k: v for k, v in told.items() if k != "q"}),
        },
    )  # fmt: skip


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """Terms that begin like the last words typed, as suggestions of a search box."""
    typed = request.GET.get("q", "").strip()[:120]
    begun, _space, last = typed.rpartition(" ")
    terms, before = queries.suggest_terms(typed, lang(), limit=8), ""
    if not terms and len(last) > 1:
        terms, before = queries.suggest_terms(last, lang(), limit=8), f"{begun} "
    is_persian = parts.is_persian(last or "ا")
    found = [before + (term["fa"] if is_persian else term["en"]) for term in terms]
    return render(request, "matching/_words.html", {"found": list(dict.fromkeys(found))})


@require_safe
def supply(request: HttpRequest) -> HttpResponse:
    """Supply against need by field and province: what to build or to attract."""
    province = request.GET.get("province", "")
    province = province if province in registry.all_places() else ""
    names, fields = registry.all_places(), databank.fields()
    gaps = reading.gaps(province=province)
    rows = [(gap, names[gap.province].name, fields.get(gap.field)) for gap in gaps]
    missing = [row for row in rows if row[0].is_missing]
    return render(
        request, "matching/supply.html",
        {"rows": rows, "province": province, **_choices(), "missing": missing,
         "counts": dict(Counter(gap.province for gap in gaps if gap.is_missing)),
         "map_href": reverse("matching:supply") + "?province={}"},
    )  # fmt: skip


@require_safe
def supply_csv(request: HttpRequest) -> HttpResponse:
    """The same report as CSV; its headings are in both languages, as its names are."""
    province = request.GET.get("province", "")
    places = registry.all_places()
    province = province if province in places else ""
    heads = {lang: _heads(lang) for lang in ("fa", "en")}
    rows = [
        (gap.province, *_both(places[gap.province].name), gap.field,
         *_both(databank.fields().get(gap.field)), gap.needs, gap.unmet, gap.firms,
         "1" if gap.is_missing else "0")
        for gap in reading.gaps(province=province)
    ]  # fmt: skip
    both = [f"{fa} / {en}" for fa, en in zip(heads["fa"], heads["en"], strict=True)]
    return sheet("supply-and-need.csv", [both, *rows])


def _heads(language: str) -> list[str]:
    with override(language):
        return [
            _("Code of the province"), _("Province, in Persian"), _("Province, in English"),
            _("Key of the field"), _("Field of work, in Persian"), _("Field of work, in English"),
            _("Needs"), _("open, unanswered"), _("Firms"), _("Needed and missing"),
        ]  # fmt: skip


def _both(name: Any) -> tuple[str, str]:
    return pick(name, "fa"), pick(name, "en")


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """The funnel: met, memoranda, contracts, repeated production."""
    province = request.GET.get("province", "")
    province = province if province in registry.all_places() else ""
    fairs = databank.groups(kind="fair", province=province)
    return render(
        request, "matching/results.html",
        {"funnel": parts.funnel_of(reading.funnel(province=province)), "province": province,
         "endings": parts.endings_of(reading.endings(province=province)),
         "fairs": [(line, parts.funnel_of(reading.funnel(fair=line.id))) for line in fairs[:12]],
         **_choices()},
    )  # fmt: skip


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The latest needs that fit, as RSS 2.0."""
    from django.utils.feedgenerator import Rss201rev2Feed

    filters = forms.filters_of(request.GET.get)
    rows = reading.page(filters, limit=50).rows
    home = request.build_absolute_uri(reverse("matching:needs"))
    told = Rss201rev2Feed(
        title=_("Needs in Payvand"), link=home, language=lang(),
        description=_("What buyers look for: the latest needs that are open."),
    )  # fmt: skip
    for row in rows:
        shown = parts.need_row(row)
        link = request.build_absolute_uri(reverse("matching:need", args=[row.pk]))
        told.add_item(title=shown["title"], link=link, description=escape(shown["about"]),
                      unique_id=row.code, unique_id_is_permalink=False,
                      pubdate=row.opened_at)  # fmt: skip
    response = HttpResponse(content_type=told.content_type)
    told.write(response, "utf-8")
    return response


@require_safe
def ocds(request: HttpRequest) -> HttpResponse:
    """Needs to contracts as open contracting data (OCDS 1.1)."""
    whole = releases.package(request.build_absolute_uri())
    response = JsonResponse(whole, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = 'attachment; filename="needs-ocds.json"'
    return response


@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """The broker's work list."""
    by = registry.actor(request)
    access.may_broker(by).or_raise()
    found = reading.work_list(by)
    lonely = {row.pk: unknown for row, unknown in found.nobody_fits}
    return render(
        request, "matching/work.html",
        {"found": found, "unmatched": [(parts.need_row(row), lonely.get(row.pk))
                                       for row in found.unmatched],
         "lonely": [(parts.need_row(row), unknown) for row, unknown in found.nobody_fits]},
    )  # fmt: skip
