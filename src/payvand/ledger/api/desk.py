"""How does another system read its inbox, answer, and acknowledge? Schema in, action, schema out.

Refusals are raised; the place that mounts this router turns them into problem details (RFC 9457).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest
from ninja import Query, Router, Status

from payvand.kernel.errors import Invalid, NotFound, Refused, gettext_noop
from payvand.ledger import access, actions, corrections, deliveries, files, handovers, queries
from payvand.ledger import notices as told
from payvand.ledger.api.shapes import (
    AnsweredOut,
    AnswerIn,
    AnswersIn,
    CompletionAsk,
    CompletionAsked,
    CorrectionIn,
    CountOut,
    HandOverIn,
    IdsIn,
    InboxOut,
    InboxQuery,
    LetterIn,
    NoticesOut,
    ObligationLine,
    ObligationOut,
    OrderIn,
    WhyOut,
)
from payvand.ledger.errors import CompletionTooLate
from payvand.ledger.explaining import why
from payvand.ledger.models import Obligation
from payvand.ledger.queries import Detail, Filters, as_owed
from payvand.ledger.sendfile import sent_file
from payvand.ledger.sql import Owed
from payvand.registry import public as registry
from payvand.registry.public import Actor, actor

router = Router()
A_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
BINARY = {"responses": {200: {"content": A_FILE}}}


def _line(owed: Obligation) -> dict[str, Any]:
    names = [*ObligationLine.model_fields]
    return {name: getattr(owed, name) for name in names}


def _out(owed: Obligation) -> dict[str, Any]:
    """Return an obligation with its question, its ground, and the fields that it declares."""
    cited = owed.ground
    ground = None if cited is None else {"fa": cited.title_fa, "en": cited.title_en}
    return {
        **_line(owed), "asked": owed.spec.get("question") or owed.title,
        "ground": ground, "fields": owed.payload, "returns": list(owed.spec.get("returns", ())),
        "conditions": list(owed.spec.get("conditions", ())), "outcome": owed.outcome,
        "reply": owed.reply,
    }  # fmt: skip


def answered(owed: Owed) -> dict[str, Any]:
    """Return what was recorded."""
    return {name: getattr(owed, name) for name in AnsweredOut.model_fields}


@router.get("/obligations", response=InboxOut, operation_id="inbox")
def inbox(request: HttpRequest, asked: Query[InboxQuery]) -> dict[str, Any]:
    """Return the open obligations of an organisation in which the caller has a seat.

    Without `org`: of the first organisation that /me names.
    """
    by = actor(request)
    org = asked.org or next((seat.org for seat in by.desks), None)
    if org is None:
        raise Refused(gettext_noop("You have no desk in an organisation."))
    filters = Filters(when=asked.when, service=asked.service, code=asked.code)
    page = queries.inbox(by, org=org, filters=filters, after=asked.after)
    return {"rows": [_line(row.owed) for row in page.rows], "after": page.after}


@router.get("/obligations/{uuid:id}", response=ObligationOut, operation_id="obligation")
def obligation(request: HttpRequest, id: UUID) -> dict[str, Any]:  # noqa: A002 - the path says id
    """Return one obligation; reading it is written down as a disclosure."""
    return _out(_seen(actor(request), id).owed)


@router.get("/obligations/{uuid:id}/why", response=WhyOut, operation_id="explainTerm")
def explain(request: HttpRequest, id: UUID) -> dict[str, Any]:  # noqa: A002
    """Explain the due time of an obligation: each day that was not counted, and why."""
    found = queries.detail(actor(request), id)
    access.may_see(actor(request), as_owed(found.owed)).or_raise()
    return {"due_at": found.owed.due_at, "why": why(found)}


def _seen(by: Actor, key: UUID) -> Detail:
    found = queries.detail(by, key)
    access.may_see(by, as_owed(found.owed)).or_raise()
    if queries.recently_opened(by, key):
        return found
    actions.open_(by=by, obligation_id=key)
    return queries.detail(by, key)


@router.post("/obligations/{uuid:id}/answer", response=AnsweredOut, operation_id="answer")
def answer(request: HttpRequest, id: UUID, body: AnswerIn) -> dict[str, Any]:  # noqa: A002
    """Record the answer to one obligation. 409 when it was answered before."""
    return answered(actions.answer(by=actor(request), obligation_id=id, reply=body.to_reply()))


@router.post("/obligations/{uuid:id}/correct", response=AnsweredOut, operation_id="correct")
def correct(request: HttpRequest, id: UUID, body: CorrectionIn) -> dict[str, Any]:  # noqa: A002
    """Replace an answer, with a reason, until the decision. 409 when it is too late."""
    by = actor(request)
    return answered(corrections.correct(by=by, obligation_id=id, reply=body.to_reply(),
                                         reason=body.reason))  # fmt: skip


@router.post("/obligations/{uuid:id}/hand-over", response={204: None}, operation_id="hand_over")
def hand_over(request: HttpRequest, id: UUID, body: HandOverIn) -> Status[None]:  # noqa: A002
    """Put an inquiry on the desk of a named colleague, who is told."""
    to = registry.account_named(body.account).id
    handovers.hand_over(by=actor(request), obligation_ids=[id], to=to, note=body.note)
    return Status(204, None)


@router.post("/obligations/answers", response=CountOut, operation_id="answerMany")
def answer_many(request: HttpRequest, body: AnswersIn) -> dict[str, Any]:
    """Give many inquiries one answer, all or none."""
    done = actions.answer_many(by=actor(request), obligation_ids=body.ids, reply=body.to_reply())
    return {"count": done}


@router.post("/obligations/{uuid:id}/draft", response={204: None}, operation_id="draftAnswer")
def draft(request: HttpRequest, id: UUID, body: AnswerIn) -> Status[None]:  # noqa: A002
    """Keep an answer as a draft until a signatory signs it; a later draft replaces it."""
    actions.draft_answer(by=actor(request), obligation_id=id, reply=body.to_reply())
    return Status(204, None)


@router.post("/obligations/{uuid:id}/sign", response=AnsweredOut, operation_id="signAnswer")
def sign(request: HttpRequest, id: UUID) -> dict[str, Any]:  # noqa: A002
    """Sign the draft: it becomes the answer."""
    return answered(actions.sign(by=actor(request), obligation_id=id))


@router.post("/obligations/{uuid:id}/completion", response={201: CompletionAsked},
             operation_id="askCompletion")  # fmt: skip
def ask_completion(request: HttpRequest, id: UUID, body: CompletionAsk) -> Status[Any]:  # noqa: A002
    """Ask the applicant for declared items; the clock stands still until they answer."""
    by, found = actor(request), queries.by_ids([id])
    if not found:
        raise NotFound(obligation=str(id))
    access.may_answer(by, as_owed(found[0])).or_raise()
    applicant = queries.applicant(found[0].case_id)
    if applicant is None:
        raise CompletionTooLate(
            reason=gettext_noop("The applicant of this case is not known here.")
        )
    key = actions.request_completion(by=by, obligation_id=id, items=body.items, text=body.text,
                                     applicant=applicant)  # fmt: skip
    return Status(201, {"id": key})


@router.post("/obligations/{uuid:id}/receipt", response={204: None}, operation_id="recordReceipt")
def receipt(request: HttpRequest, id: UUID, body: LetterIn) -> Status[None]:  # noqa: A002
    """Record the secretariat's number of a letter: its delivery is proven, the term runs."""
    deliveries.record_receipt(by=actor(request), obligation_id=id, letter_no=body.letter_no)
    return Status(204, None)


@router.post("/obligations/claim", response=CountOut, operation_id="takeOnDesk")
def claim(request: HttpRequest, body: IdsIn) -> dict[str, Any]:
    """Put inquiries on the caller's own desk; a system has none."""
    by = actor(request)
    if by.user_id is None:
        raise Refused(gettext_noop("Only a person with an account has a desk of their own."))
    return {"count": handovers.claim(by=by, obligation_ids=body.ids)}


@router.post("/obligations/release", response=CountOut, operation_id="giveBack")
def release(request: HttpRequest, body: IdsIn) -> dict[str, Any]:
    """Give inquiries back to the whole desk."""
    return {"count": handovers.release(by=actor(request), obligation_ids=body.ids)}


@router.get("/answer-files/{uuid:id}", operation_id="answer_file", openapi_extra=BINARY)
def answer_file(request: HttpRequest, id: UUID) -> FileResponse:  # noqa: A002
    """Download a file of an answer; the reading is written down as a disclosure."""
    return sent_file(files.download(by=actor(request), file_id=id))


@router.get("/obligations/{uuid:id}/files/{uuid:file_id}", operation_id="carried_file",
            openapi_extra=BINARY)  # fmt: skip
def carried_file(request: HttpRequest, id: UUID, file_id: UUID) -> FileResponse:  # noqa: A002
    """Download a file that an inquiry carries; the reading is written down as a disclosure."""
    return sent_file(files.download_carried(by=actor(request), obligation_id=id, file_id=file_id))


@router.post("/obligations/{uuid:id}/acknowledge", response={204: None}, operation_id="acknowledge")
def acknowledge(request: HttpRequest, id: UUID, body: OrderIn) -> Status[None]:  # noqa: A002
    """Acknowledge a delay report with an order."""
    if not body.order.strip():
        raise Invalid({"order": gettext_noop("Write what is to be done.")})
    actions.acknowledge(by=actor(request), obligation_id=id, order=body.order.strip())
    return Status(204, None)


@router.get("/notices", response=NoticesOut, operation_id="notices")
def notices(request: HttpRequest, before: str = "") -> dict[str, Any]:
    """Return what was told to the caller, its organisations and offices, the newest first."""
    rows, older = queries.notices(actor(request), before=before)
    names = ("id", "at", "read_at", "verb", "case_id")
    shown = [
        {n: getattr(row, n) for n in names} | {"text": told.sentence(row.verb, row.args)}
        for row in rows
    ]
    return {"rows": shown, "before": older}


@router.post("/notices/read", response=CountOut, operation_id="readNotices")
def notices_read(request: HttpRequest) -> dict[str, Any]:
    """Mark everything that the caller was told as read."""
    return {"count": told.mark_read(actor(request))}
