"""What may everybody ask: the services, what each asks of whom, a case by its code, a licence?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.window import compiled, queries
from payvand.window.actions.drafts import current_version
from payvand.window.api.shapes import LicenceOut, ServiceDetail, ServiceOut, StandingOut
from payvand.window.models import Service

router = Router()


class ServicesQuery(Schema):
    """Which services?"""

    q: str = Field("", max_length=100, description="words; ي/ك, ZWNJ and digits are forgiven")
    category: str = Field("", max_length=20)


@router.get("/services", response=list[ServiceOut], auth=None, operation_id="services")
def services(request: HttpRequest, asked: Query[ServicesQuery]) -> list[Service]:
    """Return the services that can be asked for today, or those that a search finds."""
    del request
    day = clock.local_date(clock.now())
    slugs = [card.slug for card in queries.find_services(asked.q, asked.category, day).cards]
    found = Service.objects.in_bulk(slugs)
    return [found[slug] for slug in slugs]


@router.get("/services/{slug}", response=ServiceDetail, auth=None, operation_id="service")
def service(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Return what a service asks for and whom it asks, in the version in effect today."""
    found = compiled.service_of(current_version(slug))
    return {
        "slug": found.id, "title": compiled.both(found.title),
        "summary": compiled.both(found.summary), "category": found.category,
        "version": found.version,
        "fields": [
            {"id": f.id, "type": f.type, "title": compiled.both(f.title), "required": f.required,
             "format": f.format,
             "codes": [c.code for c in found.codelists.get(f.codelist, ())]}
            for f in found.fields()
        ],
        "inquiries": [
            {"key": i.key, "title": compiled.both(i.title), "role": i.role, "sees": list(i.sees),
             "waits_for": list(i.predecessors), "terms": [str(t.term) for t in i.terms]}
            for i in found.inquiries
        ],
        "conditions": [
            {"number": str(c.number), "title": compiled.both(c.title)} for c in found.conditions
        ],
        "fees": [
            {"key": f.id, "title": compiled.both(f.title), "amount_rial": str(f.amount_rial)}
            for f in found.fees
        ],
    }  # fmt: skip


@router.get("/follow/{code}", response=StandingOut, auth=None, operation_id="follow")
def follow(request: HttpRequest, code: str) -> dict[str, Any]:
    """Return what a tracking code tells to anybody: no names, no answers."""
    found = queries.by_code(code, now=clock.now())
    if found is None:
        raise NotFound(code=code)
    names = ("code", "title", "submitted_at", "decided_at", "asked", "answered", "overdue")
    return {name: getattr(found, name) for name in names} | {"state": found.label}


@router.get("/licences/{number}", response=LicenceOut, auth=None, operation_id="verifyLicence")
def verify_licence(request: HttpRequest, number: str) -> dict[str, Any]:
    """Verify a licence by its number or check code; open to everyone."""
    found = queries.licence_by(number)
    if found is None:
        raise NotFound(licence=number)
    return licence_out(found)


def licence_out(found: Any) -> dict[str, Any]:
    """Return what anyone may know of a licence."""
    return {
        "number": found.number, "state": found.state, "service": found.service_id,
        "public": found.public, "valid_from": found.valid_from, "valid_to": found.valid_to,
        "by_silence": found.by_silence,
    }  # fmt: skip
