"""Which compiled service belongs to a version, and what does each of its questions carry?

Versions never change, so what is derived from them is kept in the process.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from payvand.kernel import rules
from payvand.registry import public as registry
from payvand.window.models import ServiceVersion
from payvand.window.rules import graph, packs
from payvand.window.rules.pack_model import (
    CompiledService,
    Decision,
    Field,
    Inquiry,
    LegalBasis,
    TermRule,
    Text,
)


@lru_cache(maxsize=256)
def service_of(version_id: int) -> CompiledService:
    """Return the compiled service of an installed version."""
    body = ServiceVersion.objects.values_list("body", flat=True).get(pk=version_id)
    return packs.from_json(body)


@lru_cache(maxsize=256)
def owner_of(version_id: int) -> UUID:
    """Return the organisation that owns the service of a version."""
    return ServiceVersion.objects.values_list("service__owner_id", flat=True).get(pk=version_id)


def both(text: Text) -> dict[str, str]:
    """Return a text as it is stored."""
    return {"fa": text.fa, "en": text.en}


def level_place(place: str, level: str) -> str:
    """Return the place code at a level: IR-15-1503 at province level is IR-15."""
    parts = place.split("-")
    depth = {"country": 1, "province": 2}.get(level, len(parts))
    return "-".join(parts[:depth])


def term_of(terms: tuple[TermRule, ...], facts: Mapping[str, Any], on: date) -> TermRule | None:
    """Return the strictest term that applies on a day; terms of unlike units by usual length.

    A term whose `when` is unknown applies: unknown is never "no".
    """
    fits = [
        t
        for t in terms
        if (t.from_ is None or t.from_ <= on)
        and (t.to is None or on <= t.to)
        and (t.when is None or rules.evaluate(t.when, facts).value is not False)
    ]
    usual = {"wd": 7 / 5, "d": 1.0, "wh": 1 / 8}
    return min(fits, key=lambda t: t.term.amount * usual[str(t.term.unit)], default=None)


def _field(one: Field) -> dict[str, Any]:
    return {
        "id": one.id, "type": one.type, "title": both(one.title), "required": one.required,
        "format": one.format, "codelist": one.codelist, **dict(one.options),
        **({"confidential": True} if one.confidential else {}),
    }  # fmt: skip


def _cited(basis: LegalBasis) -> dict[str, str] | str:
    """Return the article, in {fa, en} where they differ; empty, so without effect, for none."""
    if basis.ref is None:
        return ""
    return basis.ref.fa if basis.ref.fa == basis.ref.en else both(basis.ref)


@lru_cache(maxsize=4096)
def spec_of(version_id: int, key: str) -> dict[str, Any]:
    """Return what the ledger must know of an inquiry: ladder, silence, returned fields and so on.

    The dict is shared by all obligations of the question: never change it.
    """
    service = service_of(version_id)
    asked: Inquiry | Decision | None = service.by_key.get(key, service.decision)
    spec: dict[str, Any] = {}
    if asked is None:
        return spec
    if asked.ladder:
        spec["ladder"] = [
            {"at": r.at, "to": r.to, "ack": str(r.ack) if r.ack else ""} for r in asked.ladder
        ]
    if asked.silence.do != "none" and asked.silence.ref:
        basis = service.legal_basis[asked.silence.ref]
        spec["silence"] = {"do": asked.silence.do, "ref": _cited(basis), "title": both(basis.title),
                           "status": basis.status}  # fmt: skip
    if asked.delivery:
        spec["presume"] = {"term": str(asked.delivery.presume),
                           "ref": _cited(service.legal_basis[asked.delivery.ref])}  # fmt: skip
    if asked.signatures != 1:
        spec["signatures"] = asked.signatures
    if isinstance(asked, Inquiry):
        spec.update(_inquiry_spec(service, asked))
    else:
        spec["conditions"] = [{"number": c.number, "title": both(c.title)}
                              for c in service.conditions]  # fmt: skip
    return spec


def _codes(service: CompiledService, fields: Iterable[Field]) -> dict[str, Any]:
    """Return the code lists that the fields choose from."""
    return {
        name: [{"code": c.code, "title": both(c.title)} for c in service.codelists[name]]
        for name in sorted({f.codelist for f in fields if f.codelist})
    }


@lru_cache(maxsize=4096)
def words_of(version_id: int, key: str) -> dict[str, Any]:
    """Return titles, types and code lists of the fields that a question shows to its office."""
    service = service_of(version_id)
    asked = service.by_key.get(key)
    seen = [(name, service.find_field(name)) for name in (asked.sees if asked else ())]
    known = [(name, field) for name, field in seen if field is not None]
    return {
        "fields": [{**_field(field), "id": name} for name, field in known],
        "codelists": _codes(service, [field for _, field in known]),
    }


def _inquiry_spec(service: CompiledService, asked: Inquiry) -> dict[str, Any]:
    spec: dict[str, Any] = {"question": both(asked.question)}
    if asked.returns:
        spec["returns"] = [_field(f) for f in asked.returns]
        spec["codelists"] = _codes(service, asked.returns)
    if asked.completion:
        done = asked.completion
        spec["completion"] = {
            "items": [_field(f) for f in done.items],
            "term": str(done.answer_term) if done.answer_term else "10wd",
        }
    if asked.conditions:
        spec["conditions"] = [
            {"number": c.number, "title": both(c.title)}
            for c in service.conditions
            if c.number in asked.conditions
        ]
    if asked.fatal_on:
        spec["fatal_on"] = list(asked.fatal_on)
    return spec


@lru_cache(maxsize=4096)
def ground_of(version_id: int, ref: str) -> int | None:
    """Return the registered ground of a legal basis of the pack."""
    if not ref:
        return None
    code = f"{service_of(version_id).id}:{ref}"
    return registry.ground_ids([code]).get(code)


def plan_of(stored: Mapping[str, Any]) -> graph.Plan:
    """Return the plan that an application keeps, ready for questions of order."""
    return _plan(tuple(stored["active"]), tuple(stored["branches"].items()))


@lru_cache(maxsize=1024)
def _plan(active: tuple[str, ...], branches: tuple[tuple[str, int], ...]) -> graph.Plan:
    return graph.Plan(active, branches=dict(branches))


def forget() -> None:
    """Drop what is kept in the process; needed only where a database is replaced under it."""
    for kept in (service_of, owner_of, spec_of, words_of, ground_of, _plan):
        kept.cache_clear()
