"""How does a program of the owner office see what waits, decide, and change a licence?"""

from __future__ import annotations

from html import unescape
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.html import strip_tags
from ninja import Status

from payvand.kernel import clock
from payvand.kernel.errors import NotFound, Refused, gettext_noop
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import access, actions, queries
from payvand.window.api.applications import application_out
from payvand.window.api.catalogue import licence_out, router
from payvand.window.api.shapes import (
    ApplicationOut,
    DecisionIn,
    DossierOut,
    LicenceOut,
    ReasonIn,
    WaitingLines,
)
from payvand.window.models import Licence


@router.get("/decisions", response=WaitingLines, operation_id="waitingDecisions")
def waiting(request: HttpRequest, after: str = "") -> dict[str, Any]:
    """Return the applications that wait for a decision of the caller's office, by term."""
    by = registry.actor(request)
    if not queries.owners_of(by):
        raise Refused(gettext_noop("You have no seat in an office that decides."))
    page = queries.to_decide(by, now=clock.now(), after=after)
    names = ("code", "title", "applicant", "place", "sent_at", "due_at")
    rows = [{"id": row.case_id} | {n: getattr(row, n) for n in names} for row in page.rows]
    return {"rows": rows, "after": page.after}


@router.get("/applications/{uuid:key}/dossier", response=DossierOut, operation_id="dossier")
def dossier(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Return answers, opinions and the trace of the checks to the owner office."""
    found, by = queries.application(key), registry.actor(request)
    if not by.works_for(found.service.owner_id, *access.DESK):
        access.may_decide(by, found).or_raise()
    view = queries.dossier(found)
    said = ("agency", "title", "at", "text", "refused", "letter_no", "is_replaced")
    return {
        "id": found.pk, "code": found.code, "state": found.state,
        "answers": _lines(line for block in view.blocks for line in block.rows),
        "opinions": [
            {n: getattr(one, n) for n in said}
            | {"outcome": str(one.label), "conditions": list(one.conditions),
               "fields": _lines(one.fields)}
            for one in view.opinions
        ],
        "checks": [
            {"message": one.message, "severity": one.severity, "verdict": str(one.label),
             "trace": [" ".join(filter(None, (t.fact, t.operator, t.expected, "–", t.actual)))
                       for t in one.trace]}
            for one in view.checks
        ],
        "outcomes": list(view.outcomes), "conditions": [list(c) for c in view.conditions],
    }  # fmt: skip


@router.post("/applications/{uuid:key}/decision", response=ApplicationOut, operation_id="decide")
def decide(request: HttpRequest, key: UUID, body: DecisionIn) -> dict[str, Any]:
    """Take the decision; an approval issues the licence."""
    reply = ledger.Reply(body.outcome, body.text, conditions=tuple(body.conditions),
                         refused=body.refused)  # fmt: skip
    actions.decide(by=registry.actor(request), application_id=key, reply=reply)
    return application_out(queries.application(key))


@router.post("/licences/{number}/suspend", response=LicenceOut, operation_id="suspendLicence")
def suspend(request: HttpRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """Suspend a valid licence, with a reason."""
    return _changed(request, number, actions.suspend_licence, body.reason)


@router.post("/licences/{number}/reinstate", response=LicenceOut, operation_id="reinstateLicence")
def reinstate(request: HttpRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """Make a suspended licence valid again, with a reason."""
    return _changed(request, number, actions.reinstate_licence, body.reason)


@router.post("/licences/{number}/revoke", response=LicenceOut, operation_id="revokeLicence")
def revoke(request: HttpRequest, number: str, body: ReasonIn) -> dict[str, Any]:
    """Revoke a licence for good, with a reason."""
    return _changed(request, number, actions.revoke_licence, body.reason)


@router.post("/licences/{number}/renew", response={201: LicenceOut}, operation_id="renewLicence")
def renew(request: HttpRequest, number: str) -> Status[dict[str, Any]]:
    """Issue the licence that follows a valid one; the old one stays on record."""
    old = _licence(number)
    return Status(201, licence_out(actions.renew_licence(by=registry.actor(request),
                                                         licence_id=old.pk)))  # fmt: skip


def _licence(number: str) -> Licence:
    found = queries.licence_by(number)
    if found is None:
        raise NotFound(licence=number)
    return found


def _changed(request: HttpRequest, number: str, action: Any, reason: str) -> dict[str, Any]:
    found = _licence(number)
    action(by=registry.actor(request), licence_id=found.pk, reason=reason)
    return licence_out(_licence(number))


def _lines(lines: Any) -> list[dict[str, str]]:
    return [
        {"title": line.key, "value": unescape(strip_tags(str(line.value or "")))} for line in lines
    ]
