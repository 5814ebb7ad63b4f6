"""How does a program find a service, file an application, follow it, and verify a licence?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import access, actions, compiled
from payvand.window.actions.drafts import current_version
from payvand.window.models import Application, Service
from payvand.window.queries import cases

router = Router()


class TextOut(Schema):
    """A text in both languages."""

    fa: str
    en: str


class ServiceOut(Schema):
    """One service of the catalogue."""

    slug: str
    title: TextOut
    summary: TextOut
    category: str


class FieldOut(Schema):
    """One field that the form of a service asks for."""

    id: str
    type: str
    title: TextOut
    required: bool
    format: str
    codes: list[str]


class QuestionOut(Schema):
    """One inquiry of a service: who is asked, what they see, how long they have."""

    key: str
    title: TextOut
    role: str
    sees: list[str]
    waits_for: list[str]
    terms: list[str]


class ServiceDetail(ServiceOut):
    """What a service asks, and whom."""

    version: str
    fields: list[FieldOut]
    inquiries: list[QuestionOut]


class ApplicationIn(Schema):
    """A new application; money as strings of rials, dates as ISO Gregorian."""

    service: str
    applicant: UUID
    place: str
    data: dict[str, Any]


class ObligationState(Schema):
    """How one inquiry stands; times in UTC."""

    question: str
    title: dict[str, str]
    kind: str
    state: str
    outcome: str
    sent_at: datetime
    due_at: datetime | None
    answered_at: datetime | None
    is_overdue: bool


class ApplicationOut(Schema):
    """One application and everything that is owed in it."""

    id: UUID
    code: str
    service: str
    state: str
    submitted_at: datetime
    decided_at: datetime | None
    obligations: list[ObligationState]


class DecisionIn(Schema):
    """A decision; a refusal names the numbered condition and gives reasons."""

    outcome: Literal["positive", "conditional", "negative"]
    text: str = ""
    conditions: list[str] = []
    refused: str = ""


class LicenceOut(Schema):
    """What anyone may know of a licence."""

    number: str
    state: str
    service: str
    public: dict[str, Any]
    valid_from: date
    valid_to: date | None
    by_silence: bool


@router.get("/services", response=list[ServiceOut], auth=None, operation_id="services")
def services(request: HttpRequest) -> list[Service]:
    """Return the services of this installation."""
    return list(Service.objects.order_by("slug"))


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
    }  # fmt: skip


@router.post("/applications", response={201: ApplicationOut}, operation_id="fileApplication")
def file_application(request: HttpRequest, body: ApplicationIn) -> Status[dict[str, Any]]:
    """File an application: every office whose inputs exist is asked at once."""
    made = actions.file(by=registry.actor(request), version=current_version(body.service),
                        applicant=body.applicant, place=body.place, data=body.data)  # fmt: skip
    return Status(201, _out(made))


@router.get("/applications/{uuid:key}", response=ApplicationOut, operation_id="application")
def application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Return one application to its applicant's side or the owner office."""
    found = cases.application(key)
    access.may_read_application(registry.actor(request), found).or_raise()
    return _out(found)


@router.post("/applications/{uuid:key}/withdraw", response=ApplicationOut, operation_id="withdraw")
def withdraw(request: HttpRequest, key: UUID, reason: str = "") -> dict[str, Any]:
    """Withdraw an application; recorded opinions stay on record."""
    actions.withdraw(by=registry.actor(request), application_id=key, reason=reason)
    return _out(cases.application(key))


@router.post("/applications/{uuid:key}/decision", response=ApplicationOut, operation_id="decide")
def decide(request: HttpRequest, key: UUID, body: DecisionIn) -> dict[str, Any]:
    """Take the decision; an approval issues the licence."""
    reply = ledger.Reply(body.outcome, body.text, conditions=tuple(body.conditions),
                         refused=body.refused)  # fmt: skip
    actions.decide(by=registry.actor(request), application_id=key, reply=reply)
    return _out(cases.application(key))


@router.get("/licences/{number}", response=LicenceOut, auth=None, operation_id="verifyLicence")
def verify_licence(request: HttpRequest, number: str) -> dict[str, Any]:
    """Verify a licence by its number or check code; open to everyone."""
    found = cases.licence_by(number)
    if found is None:
        raise NotFound(licence=number)
    return {
        "number": found.number, "state": found.state, "service": found.service_id,
        "public": found.public, "valid_from": found.valid_from, "valid_to": found.valid_to,
        "by_silence": found.by_silence,
    }  # fmt: skip


def _out(made: Application) -> dict[str, Any]:
    now = clock.now()
    owed = ledger.Obligation.objects.filter(case_id=made.id).exclude(kind="acknowledgement")
    names = ("question", "title", "kind", "state", "outcome", "sent_at", "due_at", "answered_at")
    return {
        "id": made.id, "code": made.code, "service": made.service_id, "state": made.state,
        "submitted_at": made.submitted_at, "decided_at": made.decided_at,
        "obligations": [
            {**row, "is_overdue": bool(
                row["due_at"] and row["due_at"] < (row["answered_at"] or now))}
            for row in owed.order_by("id").values(*names)
        ],
    }  # fmt: skip
