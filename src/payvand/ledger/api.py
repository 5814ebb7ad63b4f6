"""How does another system read its inbox, answer, and acknowledge? Schema in, action, schema out.

Refusals are raised; the place that mounts this router turns them into problem details (RFC 9457).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import FileResponse, HttpRequest
from ninja import Field, Query, Router, Schema, Status

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.ledger import access, actions, corrections, files, handovers, links, queries
from payvand.ledger.errors import LinkUsed
from payvand.ledger.models import AnswerLink, Obligation
from payvand.ledger.queries import Filters, as_owed
from payvand.ledger.rules.reply import Reply
from payvand.ledger.sendfile import sent_file
from payvand.ledger.sql import Owed
from payvand.registry import public as registry
from payvand.registry.public import actor

router = Router(tags=["obligations"])


class Titles(Schema):
    """A text in both languages."""

    fa: str = ""
    en: str = ""


class ObligationLine(Schema):
    """One line of an inbox."""

    id: UUID
    kind: str
    case_code: str
    service: str
    question: str
    title: Titles
    state: str = Field(description="sent, stopped, answered, deemed or cancelled")
    sent_at: datetime
    delivered_at: datetime | None
    due_at: datetime | None
    term: str = Field(description="5wd, 5d or 8wh; empty without a term")


class ObligationOut(ObligationLine):
    """One obligation with the fields that its question declares, and no others."""

    fields: dict[str, Any]
    returns: list[dict[str, Any]]
    conditions: list[dict[str, Any]]
    outcome: str
    reply: dict[str, Any] | None


class InboxOut(Schema):
    """A page of an inbox, in the order of terms."""

    rows: list[ObligationLine]
    after: str = Field(description="where the next page begins; empty at the end")


class AnswerIn(Schema):
    """An answer."""

    outcome: str = Field(description="positive, conditional, negative or not_ours")
    text: str = ""
    fields: dict[str, Any] = Field(
        {}, description="a file is {name, media_type, content}, its content in base64"
    )
    conditions: list[str] = []
    refused: str = Field("", description="number of the condition that is not met")
    letter_no: str = ""
    share: int | None = None

    def to_reply(self) -> Reply:
        """Return the answer as the ledger takes it."""
        return Reply(self.outcome, self.text, self.fields, tuple(self.conditions), self.refused,
                     self.letter_no, self.share)  # fmt: skip


class AnsweredOut(Schema):
    """What was recorded."""

    id: UUID
    state: str
    outcome: str
    answered_at: datetime | None


class CorrectionIn(AnswerIn):
    """An answer that replaces the one before, and why."""

    reason: str


class HandOverIn(Schema):
    """To which colleague an inquiry goes."""

    account: str = Field(description="the name with which the colleague signs in")
    note: str = ""


class OrderIn(Schema):
    """What an office orders when it acknowledges a delay report."""

    order: str


def _line(owed: Obligation) -> dict[str, Any]:
    names = [*ObligationLine.model_fields]
    return {name: getattr(owed, name) for name in names}


def _out(owed: Obligation) -> dict[str, Any]:
    return {
        **_line(owed), "fields": owed.payload, "returns": list(owed.spec.get("returns", ())),
        "conditions": list(owed.spec.get("conditions", ())), "outcome": owed.outcome,
        "reply": owed.reply,
    }  # fmt: skip


def _answered(owed: Owed) -> dict[str, Any]:
    return {name: getattr(owed, name) for name in AnsweredOut.model_fields}


class InboxQuery(Schema):
    """Which part of an inbox?"""

    org: UUID
    when: str = Field("", description="overdue, today or week")
    service: str = ""
    code: str = ""
    after: str = ""


@router.get("/obligations", response=InboxOut, operation_id="inbox")
def inbox(request: HttpRequest, asked: Query[InboxQuery]) -> dict[str, Any]:
    """Return the open obligations of an organisation in which the caller has a seat."""
    filters = Filters(when=asked.when, service=asked.service, code=asked.code)
    page = queries.inbox(actor(request), org=asked.org, filters=filters, after=asked.after)
    return {"rows": [_line(row.owed) for row in page.rows], "after": page.after}


@router.get("/obligations/{uuid:id}", response=ObligationOut, operation_id="obligation")
def obligation(request: HttpRequest, id: UUID) -> dict[str, Any]:  # noqa: A002 - the path says id
    """Return one obligation; reading it is written down as a disclosure."""
    by = actor(request)
    found = queries.detail(by, id)
    access.may_see(by, as_owed(found.owed)).or_raise()
    if not queries.recently_opened(by, id):
        actions.open_(by=by, obligation_id=id)
    return _out(queries.detail(by, id).owed)


@router.post("/obligations/{uuid:id}/answer", response=AnsweredOut, operation_id="answer")
def answer(request: HttpRequest, id: UUID, body: AnswerIn) -> dict[str, Any]:  # noqa: A002
    """Record the answer to one obligation. 409 when it was answered before."""
    return _answered(actions.answer(by=actor(request), obligation_id=id, reply=body.to_reply()))


@router.post("/obligations/{uuid:id}/correct", response=AnsweredOut, operation_id="correct")
def correct(request: HttpRequest, id: UUID, body: CorrectionIn) -> dict[str, Any]:  # noqa: A002
    """Replace an answer, with a reason, until the decision. 409 when it is too late."""
    by = actor(request)
    return _answered(corrections.correct(by=by, obligation_id=id, reply=body.to_reply(),
                                         reason=body.reason))  # fmt: skip


@router.post("/obligations/{uuid:id}/hand-over", response={204: None}, operation_id="hand_over")
def hand_over(request: HttpRequest, id: UUID, body: HandOverIn) -> Status[None]:  # noqa: A002
    """Put an inquiry on the desk of a named colleague, who is told."""
    to = registry.account_named(body.account).id
    handovers.hand_over(by=actor(request), obligation_ids=[id], to=to, note=body.note)
    return Status(204, None)


@router.get("/answer-files/{uuid:id}", operation_id="answer_file")
def answer_file(request: HttpRequest, id: UUID) -> FileResponse:  # noqa: A002
    """Download a file of an answer; the reading is written down as a disclosure."""
    return sent_file(files.download(by=actor(request), file_id=id))


@router.get("/obligations/{uuid:id}/files/{uuid:file_id}", operation_id="carried_file")
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


@router.put("/callbacks/{token}", response=AnsweredOut, auth=None, operation_id="callback",
            url_name="ledger_callback")  # fmt: skip
def callback(request: HttpRequest, token: str, body: AnswerIn) -> dict[str, Any]:
    """Take the answer of an agency's system; the address is the permission, for one answer.

    The same answer sent again gets the same result; another one is refused (410).
    """
    reply = body.to_reply()
    try:
        by = links.actor_for_token(token)
    except LinkUsed:
        return _answered_before(token, reply)
    if by.obligation is None:
        raise LinkUsed(expires_at="", code="")
    with transaction.atomic():
        links.use(token)
        return _answered(actions.answer(by=by, obligation_id=by.obligation, reply=reply))


def _answered_before(token: str, reply: Reply) -> dict[str, Any]:
    """Return what was recorded when this very answer came before; else refuse the link."""
    link = AnswerLink.objects.select_related("obligation").filter(
        token_hash=links.digest(token), used_at__isnull=False
    )  # fmt: skip
    found = link.first()
    if found is None or found.obligation.reply != reply.as_json():
        raise LinkUsed(expires_at=clock.now(), code="")
    return _answered(as_owed(found.obligation))
