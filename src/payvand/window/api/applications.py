"""How does a program apply, follow, complete, pay, object and withdraw, for its applicant?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest
from ninja import Status

from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.window import access, actions, queries
from payvand.window.actions.drafts import current_version
from payvand.window.api.catalogue import licence_out, router
from payvand.window.api.shapes import (
    ApplicationIn,
    ApplicationLines,
    ApplicationOut,
    CompletionIn,
    ExplainedOut,
    ObjectionIn,
    ReceiptIn,
    SeenOut,
)
from payvand.window.models import Application

BINARY = {
    "responses": {
        200: {
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            }
        }
    }
}


@router.get("/applications", response=ApplicationLines, operation_id="applications")
def applications(request: HttpRequest, before: str = "") -> dict[str, Any]:
    """Return the caller's applications and those of whom it acts for, the newest first."""
    page = queries.cases_of(registry.actor(request), now=clock.now(), before=before)
    names = ("id", "code", "service", "submitted_at", "decided_at")
    rows = [{n: getattr(row, n) for n in names} | {"state": row.stage} for row in page.rows]
    return {"rows": rows, "before": page.before}


@router.post("/applications", response={201: ApplicationOut}, operation_id="fileApplication")
def file_application(request: HttpRequest, body: ApplicationIn) -> Status[dict[str, Any]]:
    """File an application: every office whose inputs exist is asked at once."""
    made = actions.file_with_files(
        by=registry.actor(request), version=current_version(body.service),
        applicant=body.applicant, place=registry.place(body.place).code, data=body.data,
    )  # fmt: skip
    return Status(201, application_out(made))


@router.get("/applications/{uuid:key}", response=ApplicationOut, operation_id="application")
def application(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Return one application to its applicant's side or the owner office."""
    return application_out(_readable(request, key))


@router.get("/applications/{uuid:key}/dates", response=list[ExplainedOut],
            operation_id="explainedDates")  # fmt: skip
def dates(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """Explain every date of an application: each day that was not counted, and why."""
    found = queries.tracking(_readable(request, key))
    return [
        {"title": row.what, "office": row.name, "due_at": row.due, "why": list(row.why)}
        for row in found.rows
    ]


@router.get("/applications/{uuid:key}/disclosures", response=list[SeenOut],
            operation_id="disclosures")  # fmt: skip
def disclosures(request: HttpRequest, key: UUID) -> list[dict[str, Any]]:
    """Return which office was shown which fields of an application, and when it looked."""
    found = queries.tracking(_readable(request, key))
    return [
        {"office": one.agency, "question": one.question, "fields": list(one.fields),
         "sent_at": one.sent_at, "opened_at": one.opened_at}
        for one in found.seen
    ]  # fmt: skip


@router.post("/applications/{uuid:key}/withdraw", response=ApplicationOut, operation_id="withdraw")
def withdraw(request: HttpRequest, key: UUID, reason: str = "") -> dict[str, Any]:
    """Withdraw an application; recorded opinions stay on record."""
    queries.application(key)
    actions.withdraw(by=registry.actor(request), application_id=key, reason=reason)
    return application_out(queries.application(key))


@router.post("/applications/{uuid:key}/objection", response=ApplicationOut,
             operation_id="objectToDecision")  # fmt: skip
def objection(request: HttpRequest, key: UUID, body: ObjectionIn) -> dict[str, Any]:
    """Object to the decision within its term; the body that the service names owes an answer."""
    queries.application(key)
    actions.object_(by=registry.actor(request), application_id=key, text=body.text)
    return application_out(queries.application(key))


@router.post("/applications/{uuid:key}/fees/{int:fee_id}/receipt", response=ApplicationOut,
             operation_id="recordPayment")  # fmt: skip
def pay(request: HttpRequest, key: UUID, fee_id: int, body: ReceiptIn) -> dict[str, Any]:
    """Record the receipt of a payment; it is kept and never changed."""
    found = queries.application(key)
    if not found.fees.filter(pk=fee_id).exists():
        raise NotFound(fee=fee_id)
    actions.pay(by=registry.actor(request), fee_id=fee_id, receipt=body.receipt)
    return application_out(found)


@router.post("/applications/{uuid:key}/completions/{uuid:request_id}", response=ApplicationOut,
             operation_id="completeApplication")  # fmt: skip
def complete(
    request: HttpRequest, key: UUID, request_id: UUID, body: CompletionIn
) -> dict[str, Any]:
    """Give what an agency asked to complete; its clock runs again."""
    queries.application(key)
    actions.complete_with_files(by=registry.actor(request), application_id=key,
                                obligation_id=request_id, fields=body.fields)  # fmt: skip
    return application_out(queries.application(key))


@router.get("/files/{uuid:file_id}", operation_id="attachment", openapi_extra=BINARY)
def attachment(request: HttpRequest, file_id: UUID) -> FileResponse:
    """Download a file of an application; for its two sides and desks whose inquiry carries it."""
    row, by = queries.file_of(file_id), registry.actor(request)
    if row.application is None:
        raise NotFound(file=str(file_id))
    if not queries.is_on_desk(by, row):
        access.may_read_application(by, row.application).or_raise()
    media = row.media_type or "application/octet-stream"
    return FileResponse(
        default_storage.open(row.stored), as_attachment=True, filename=row.name, content_type=media
    )


def _readable(request: HttpRequest, key: UUID) -> Application:
    found = queries.application(key)
    access.may_read_application(registry.actor(request), found).or_raise()
    return found


def application_out(made: Application) -> dict[str, Any]:
    """Return an application with everything that is owed in it."""
    now = clock.now()
    found = ledger.Obligation.objects.filter(case_id=made.id).exclude(kind="acknowledgement")
    owed = list(found.defer("payload").order_by("id"))
    names = ("id", "question", "title", "kind", "state", "outcome", "sent_at", "due_at",
             "answered_at")  # fmt: skip
    own = ("id", "code", "state", "submitted_at", "decided_at")
    decided = [o for o in owed if o.kind == "decision" and o.answered_at is not None]
    return {
        **{name: getattr(made, name) for name in own},
        "service": made.service_id, "applicant": made.applicant_id, "place": made.place_id,
        "obligations": [
            {name: getattr(o, name) for name in names}
            | {"is_overdue": bool(o.due_at and o.due_at < (o.answered_at or now))}
            for o in owed
        ],
        "fees": [
            {"id": f.pk, "key": f.key, "title": f.title, "amount_rial": str(f.amount_rial),
             "receipt": f.receipt, "paid_at": f.paid_at}
            for f in made.fees.order_by("pk")
        ],
        "wanted": [
            {"id": o.pk, "text": o.spec.get("text", ""), "due_at": o.due_at,
             "items": list(o.spec.get("items", ()))}
            for o in owed if o.kind == "completion" and o.state in ledger.OPEN
        ],
        "decision": _decision(decided[-1]) if decided else None,
        "licences": [licence_out(one) for one in made.licences.order_by("-id")],
    }  # fmt: skip


def _decision(owed: Any) -> dict[str, Any]:
    reply = owed.reply or {}
    return {
        "outcome": owed.outcome, "text": reply.get("text", ""),
        "refused": reply.get("refused", ""), "conditions": list(reply.get("conditions", ())),
        "answered_at": owed.answered_at,
    }  # fmt: skip
