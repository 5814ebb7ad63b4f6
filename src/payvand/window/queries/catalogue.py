"""Which services can be asked for today, and what does each of them ask, cost and take?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from payvand.kernel.errors import NotFound
from payvand.kernel.terms import Term, Unit
from payvand.kernel.text import compact_key, tokens
from payvand.ui.assets import ICONS
from payvand.ui.words import term as say_term
from payvand.window.compiled import service_of
from payvand.window.models import Service, ServiceVersion
from payvand.window.rules import packs
from payvand.window.rules.pack_model import (
    CompiledService,
    Condition,
    Fee,
    Field,
    Inquiry,
    LegalBasis,
    Step,
    Text,
)

# category: name, css classes of its icon, icon where the pack names none that we have
CATEGORIES: dict[str, tuple[Any, str, str]] = {
    "trade": (gettext_lazy("Trade"), "ic", "truck-delivery"),
    "land": (gettext_lazy("Land"), "ic green", "map-pin"),
    "business": (gettext_lazy("Business"), "ic blue", "license"),
    "city": (gettext_lazy("City"), "ic", "building-community"),
    "security": (gettext_lazy("Safety and security"), "ic red", "shield-check"),
    "programme": (gettext_lazy("Programmes"), "ic blue", "rocket"),
    "support": (gettext_lazy("Support"), "ic amber", "users"),
    "industry": (gettext_lazy("Industry"), "ic", "building-factory-2"),
    "energy": (gettext_lazy("Energy"), "ic amber", "bolt"),
    "other": (gettext_lazy("Other"), "ic", "file-text"),
}
APPLICANTS: dict[str, Any] = {
    "citizen": gettext_lazy("a person"),
    "firm": gettext_lazy("a company"),
    "knowledge_based_firm": gettext_lazy("a knowledge-based company"),
    "agency": gettext_lazy("an agency"),
    "guild": gettext_lazy("a guild"),
    "university": gettext_lazy("a university"),
    "consortium": gettext_lazy("a group of companies"),
}
# How many working days one unit of a term is worth, only to find the longest way.
_WORTH = {Unit.WORKING_DAYS: 1.0, Unit.CALENDAR_DAYS: 0.7, Unit.WORKING_HOURS: 1 / 7}


def compiled(version: ServiceVersion) -> CompiledService:
    """Return the compiled service of a version; made once per process."""
    return service_of(version.pk)


def _in_force(day: date) -> Q:
    return Q(effective_from__lte=day) & (Q(effective_to=None) | Q(effective_to__gte=day))


def current_version(slug: str, day: date) -> ServiceVersion:
    """Return the version of a service that holds on that day; raises NotFound."""
    found = (
        ServiceVersion.objects.filter(_in_force(day), service_id=slug)
        .select_related("service")
        .defer("body")
        .order_by("-effective_from", "-id")
        .first()
    )
    if found is None:
        raise NotFound(service=slug)
    return found


@dataclass(frozen=True, slots=True)
class Card:
    """One service in the catalogue."""

    slug: str
    title: Mapping[str, str]
    summary: Mapping[str, str]
    category: str
    css: str
    icon: str
    inquiries: int
    longest: str
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Tab:
    """One category of the catalogue that has services."""

    key: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the catalogue page shows."""

    cards: tuple[Card, ...]
    tabs: tuple[Tab, ...]
    text: str


def find_services(text: str, category: str, day: date) -> Catalogue:
    """Return the services in force that match every typed word, however it is written."""
    rows = ServiceVersion.objects.filter(_in_force(day)).select_related("service").defer("body")
    newest: dict[str, ServiceVersion] = {}
    for version in rows.order_by("service_id", "-effective_from", "-id"):
        newest.setdefault(version.service_id, version)
    keys = [compact_key(word) for word in tokens(text)]
    whole = compact_key(text)
    found = [v for v in newest.values() if _matches(v.service, keys, whole)]
    present = {v.service.category or "other" for v in newest.values()}
    tabs = [Tab("", _("All"), not category)]
    tabs += [
        Tab(k, str(name), k == category) for k, (name, *_look) in CATEGORIES.items() if k in present
    ]
    if category:
        found = [v for v in found if (v.service.category or "other") == category]
    return Catalogue(tuple(_card(v) for v in found), tuple(tabs), text)


def _matches(service: Service, keys: list[str], whole: str) -> bool:
    key = f"{service.search_key} {_category_key(service.category or 'other')}"
    return whole in key or all(word in key for word in keys)


@lru_cache
def _category_key(category: str) -> str:
    """Return the names of a category in both languages, as they are searched for."""
    name = CATEGORIES.get(category, CATEGORIES["other"])[0]
    found = []
    for language in ("fa", "en"):
        with translation.override(language):
            found.append(compact_key(str(name)))
    return " ".join(found)


def _card(version: ServiceVersion) -> Card:
    service, row = compiled(version), version.service
    category = row.category or "other"
    _name, css, icon = CATEGORIES.get(category, CATEGORIES["other"])
    return Card(
        slug=row.slug,
        title=row.title,
        summary=row.summary,
        category=category,
        css=css,
        icon=row.icon if row.icon in ICONS else icon,
        inquiries=len(service.inquiries),
        longest=say_terms(longest_terms(service)),
        is_sample=service.sample,
    )


def _longest(terms: Iterable[Term]) -> Term | None:
    return max(terms, key=lambda t: t.amount * _WORTH[t.unit], default=None)


def longest_terms(service: CompiledService) -> tuple[Term, ...]:
    """Return the terms along the longest way through the inquiries, the decision's included.

    One term per unit; where an inquiry has several terms, its longest counts.
    """
    ways: dict[str, tuple[Term, ...]] = {}
    for key in service.order:
        inquiry = service.by_key[key]
        before = max((ways[p] for p in inquiry.predecessors if p in ways), key=_weight, default=())
        own = _longest(rule.term for rule in inquiry.terms)
        ways[key] = (*before, own) if own else before
    way = max(ways.values(), key=_weight, default=())
    last = _longest(rule.term for rule in service.decision.terms) if service.decision else None
    return _summed((*way, last) if last else way)


def _weight(terms: tuple[Term, ...]) -> float:
    return sum(t.amount * _WORTH[t.unit] for t in terms)


def _summed(terms: Iterable[Term]) -> tuple[Term, ...]:
    sums: dict[Unit, int] = {}
    for one in terms:
        sums[one.unit] = sums.get(one.unit, 0) + one.amount
    return tuple(Term(amount, unit) for unit, amount in sorted(sums.items()))


def say_terms(terms: Iterable[Term]) -> str:
    """Return terms in words: “16 working days”, joined with “and”."""
    return _(" and ").join(say_term(t.amount, t.unit) for t in terms)


@dataclass(frozen=True, slots=True)
class Question:
    """One inquiry as the service page tells of it."""

    title: Text
    role: Text
    question: Text
    terms: tuple[str, ...]
    grounds: tuple[LegalBasis, ...]
    after: tuple[Text, ...]
    is_conditional: bool
    is_per_row: bool
    on_silence: str


@dataclass(frozen=True, slots=True)
class AskedField:
    """One thing that the applicant will be asked for."""

    title: Text
    is_required: bool


@dataclass(frozen=True, slots=True)
class AskedStep:
    """One step of the form, as the service page tells of it."""

    title: Text
    fields: tuple[AskedField, ...]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """What a person should know before applying."""

    slug: str
    service: CompiledService
    version: str
    owner: Text
    category: str
    applicants: tuple[str, ...]
    steps: tuple[AskedStep, ...]
    files: tuple[Text, ...]
    questions: tuple[Question, ...]
    fees: tuple[Fee, ...]
    conditions: tuple[Condition, ...]
    grounds: tuple[LegalBasis, ...]
    longest: str
    decision_term: str
    objection_term: str
    is_by_silence: bool


def service_page(slug: str, day: date) -> ServicePage:
    """Return everything the page of one service shows; raises NotFound."""
    version = current_version(slug, day)
    service = compiled(version)
    decision, objection = service.decision, service.objection
    category = CATEGORIES.get(service.category, CATEGORIES["other"])
    return ServicePage(
        slug=slug,
        service=service,
        version=version.version,
        owner=role_name(service.owner),
        category=str(category[0]),
        applicants=tuple(str(APPLICANTS.get(a, a)) for a in service.applicants),
        steps=tuple(_asked(step) for step in service.steps),
        files=tuple(f.title for f in service.fields() if f.type == "file"),
        questions=tuple(_question(service, service.by_key[key]) for key in service.order),
        fees=service.fees,
        conditions=service.conditions,
        grounds=tuple(service.legal_basis.values()),
        longest=say_terms(longest_terms(service)),
        decision_term=say_terms(_own(decision.terms)) if decision else "",
        objection_term=say_term(objection.term.amount, objection.term.unit) if objection else "",
        is_by_silence=bool(decision and decision.silence.do != "none"),
    )


def _own(rules: Iterable[Any]) -> tuple[Term, ...]:
    longest = _longest(rule.term for rule in rules)
    return (longest,) if longest else ()


def _asked(step: Step) -> AskedStep:
    return AskedStep(step.title, tuple(AskedField(f.title, _must(f)) for f in step.fields))


def _must(field: Field) -> bool:
    return field.required and field.show_when is None


def _question(service: CompiledService, asked: Inquiry) -> Question:
    refs = [rule.ref for rule in asked.terms if rule.ref] + list(asked.legal_basis)
    grounds = [service.legal_basis[r] for r in dict.fromkeys(refs) if r in service.legal_basis]
    return Question(
        title=asked.title,
        role=role_name(asked.role),
        question=asked.question,
        terms=tuple(_unbroken(rule.term) for rule in asked.terms),
        grounds=tuple(grounds),
        after=tuple(service.by_key[k].title for k in asked.predecessors),
        is_conditional=asked.when is not None,
        is_per_row=bool(asked.for_each),
        on_silence=asked.silence.do,
    )


def _unbroken(term: Term) -> str:
    """Return a term in words that stay on one line of a narrow column."""
    return say_term(term.amount, term.unit).replace(" ", "\N{NO-BREAK SPACE}")


def role_name(slug: str) -> Text:
    """Return the name of a role in both languages; the slug where the list does not know it."""
    role = packs.roles().get(slug)
    return role.title if role else Text(slug, slug)
