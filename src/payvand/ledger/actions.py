"""What can be done with an obligation: ask, open, answer, sign, complete, acknowledge?

Each action asks permission, writes in one transaction, and leaves at least one event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, gettext_noop
from payvand.kernel.ids import uuid7
from payvand.ledger import access, files, lookups, sql
from payvand.ledger.errors import AlreadyAnswered, CompletionTooLate, NotOpen
from payvand.ledger.models import OPEN, Answer, Interruption
from payvand.ledger.rules.clockwork import Standing, derive
from payvand.ledger.rules.reply import Reply, problems
from payvand.plugins import slots
from payvand.registry import public as registry
from payvand.registry.public import Actor

HOW = {"link": "link", "agency": "api"}  # by what kind of reader fields are opened


@dataclass(frozen=True, slots=True)
class Ask:
    """One obligation to be created."""

    kind: str
    case_id: UUID
    question: str
    title: dict[str, str]
    asker: UUID
    debtor: UUID
    term: str = ""
    case_code: str = ""
    service: str = ""
    place: str | None = None
    office: int | None = None
    ground: int | None = None
    about: UUID | None = None
    rung_no: int = 0
    spec: dict[str, Any] = field(default_factory=dict)
    payload: dict[str, Any] = field(default_factory=dict)


def put(work: sql.Work, asks: Sequence[Ask]) -> list[UUID]:
    """Add obligations to a step that is being written; their clocks start with sending."""
    ids = []
    debtors = {a.debtor for a in asks}
    calendars = registry.calendars_of(debtors)
    connections = {debtor: registry.connection_of(debtor) for debtor in debtors}
    for ask in asks:
        level, address, _ = connections[ask.debtor]
        if ask.office is not None or ask.kind in access.OF_APPLICANT:
            level = "inbox"
        calendar = calendars[ask.debtor]
        times = derive(Standing(ask.term, work.at, None, ask.spec, is_visible=True), calendar)
        new = uuid7()
        work.add(
            "Obligation",
            id=new, kind=ask.kind, case_id=ask.case_id, case_code=ask.case_code,
            service=ask.service, question=ask.question, title=ask.title, asker_id=ask.asker,
            debtor_id=ask.debtor, office_id=ask.office, place_id=ask.place, ground_id=ask.ground,
            about_id=ask.about, rung_no=ask.rung_no, term=ask.term, spec=ask.spec,
            payload=ask.payload, level=level, state="sent", sent_at=work.at,
            due_at=times.due_at, next_rung_at=times.next_at, calendar_version=calendar.version,
        )  # fmt: skip
        work.log(ask.case_id, "ledger.asked", f"obligation:{new}", kind=ask.kind,
                 question=ask.question, debtor=str(ask.debtor), term=ask.term)  # fmt: skip
        if ask.payload and ask.kind == "inquiry":
            work.add("Disclosure", case_id=ask.case_id, obligation_id=new, party_id=ask.debtor,
                     actor=work.by, fields=sorted(ask.payload), how="sent", at=work.at)  # fmt: skip
        if level != "inbox":
            work.add("Outbox", key=f"{new}/1", kind="inquiry", channel=level, address=address,
                     obligation_id=new, next_try_at=work.at)  # fmt: skip
        ids.append(new)
    return ids


@transaction.atomic
def ask(asks: Sequence[Ask], *, by: Actor) -> list[UUID]:
    """Create obligations on streams that exist or begin here, and return their ids."""
    work = sql.Work(at=clock.now(), by=by.name())
    work.heads = sql.lock_heads({a.case_id for a in asks})
    ids = put(work, asks)
    sql.flush(work)
    return ids


def _locked(obligation_id: UUID) -> sql.Owed:
    found = sql.lock([obligation_id])
    if not found:
        raise NotFound(obligation=str(obligation_id))
    return found[0]


def _step(by: Actor, *owed: sql.Owed) -> sql.Work:
    work = sql.Work(at=clock.now(), by=by.name())
    for one in owed:
        work.heads[one.case_id] = (one.seq, one.head)
    return work


def _must_be_open(owed: sql.Owed) -> None:
    if owed.answered_at is not None and owed.outcome != "deemed":
        raise AlreadyAnswered(obligation=str(owed.id), answered_at=owed.answered_at.isoformat())
    if owed.state not in OPEN:
        raise NotOpen(obligation=str(owed.id), state=owed.state)


def _deliver(owed: sql.Owed, at: datetime, proof: str) -> None:
    """Set the proof of delivery once, and derive the clock from it."""
    if owed.delivered_at is None:
        owed.delivered_at, owed.proof = at, proof
        rederive(owed)


def rederive(owed: sql.Owed, stops: Sequence[tuple[datetime, datetime | None]] = ()) -> None:
    """Write the caches of an obligation's clock from its facts."""
    calendar = registry.calendar_of(owed.debtor_id)
    standing = Standing(
        owed.term, owed.sent_at, owed.delivered_at, owed.spec, owed.rung, tuple(stops),
        owed.level == "inbox",
    )  # fmt: skip
    times = derive(standing, calendar)
    owed.due_at, owed.next_rung_at = times.due_at, times.next_at
    owed.calendar_version = calendar.version


@transaction.atomic
def open_(*, by: Actor, obligation_id: UUID) -> None:
    """Record that an authorised person opened the inquiry: proof of delivery, and a disclosure."""
    owed = _locked(obligation_id)
    access.may_see(by, owed).or_raise()
    work = _step(by, owed)
    if owed.opened_at is None and access.may_answer(by, owed).ok and owed.state == "sent":
        owed.opened_at = work.at
        stops = lookups.stops_of(owed.id) if owed.has_stops else ()
        if owed.delivered_at is None:
            owed.delivered_at, owed.proof = work.at, "opened"
            rederive(owed, stops)
        work.updates.append(owed.changed())
        work.log(owed.case_id, "ledger.opened", f"obligation:{owed.id}")
    fields = lookups.payload_keys(owed.id)
    if fields:
        work.add("Disclosure", case_id=owed.case_id, obligation_id=owed.id,
                 party_id=owed.debtor_id, actor=work.by, fields=fields,
                 how=HOW.get(by.kind, "opened"), at=work.at)  # fmt: skip
    sql.flush(work)


def _record(work: sql.Work, owed: sql.Owed, reply: Reply) -> None:
    """Write one signed answer into the step."""
    reply = files.settled(owed, reply, work.by)
    wrong = problems(reply, owed.spec, kind=owed.kind)
    if wrong:
        raise Invalid(wrong)
    stored = reply.as_json()
    if owed.delivered_at is None:
        owed.delivered_at, owed.proof = work.at, "answered"
    if owed.opened_at is None:
        owed.opened_at = work.at
    owed.state, owed.outcome, owed.reply = "answered", reply.outcome, stored
    owed.answered_at = owed.recorded_at = work.at
    owed.next_rung_at = None
    work.updates.append(owed.changed())
    work.add("Answer", obligation_id=owed.id, no=1, state="signed", reply=stored,
             written_by=work.by, signed_by=work.by, at=work.at)  # fmt: skip
    work.log(owed.case_id, "ledger.answered", f"obligation:{owed.id}", outcome=reply.outcome,
             question=owed.question, late=bool(owed.due_at and work.at > owed.due_at))  # fmt: skip


@transaction.atomic
def answer(*, by: Actor, obligation_id: UUID, reply: Reply) -> sql.Owed:
    """Record the debtor's answer, once.

    Raises Refused (not the debtor, or a signature is missing), AlreadyAnswered, NotOpen, Invalid.
    """
    return answer_within(by, [obligation_id], reply, is_last=True)[0]


@transaction.atomic
def answer_many(*, by: Actor, obligation_ids: Sequence[UUID], reply: Reply) -> int:
    """Record the same answer to many obligations, all or none; returns how many."""
    return len(answer_within(by, list(obligation_ids), reply, is_last=True))


def answer_within(by: Actor, ids: list[UUID], reply: Reply, *, is_last: bool = False,
                  known: dict[str, Any] | None = None) -> list[sql.Owed]:  # fmt: skip
    """Record one answer to several obligations inside the transaction of a larger action.

    is_last: the larger action does nothing after this.
    known: what the larger action has read for the handlers, and what they hand back to it.
    """
    readings = [make(ids) for make in slots.answer_reading] if known is None else []
    rows, read = sql.lock_with(ids, [(text, values) for _, text, values in readings])
    if len(rows) != len(set(ids)):
        raise NotFound
    work = _step(by, *rows)
    work.known = known if known is not None else {}
    work.known.update({name: found for (name, *_), found in zip(readings, read, strict=True)})
    for owed in rows:
        access.may_sign(by, owed).or_raise()
        _must_be_open(owed)
        _record(work, owed, reply)
    for handler in slots.on_answered:
        handler(rows, work)
    sql.flush(work, last=is_last)
    return rows


@transaction.atomic
def draft_answer(*, by: Actor, obligation_id: UUID, reply: Reply) -> None:
    """Keep an answer as a draft until a signatory signs it; a later draft replaces it."""
    owed = _locked(obligation_id)
    access.may_answer(by, owed).or_raise()
    _must_be_open(owed)
    reply = files.settled(owed, reply, by.name())
    wrong = problems(reply, owed.spec, kind=owed.kind)
    if wrong:
        raise Invalid(wrong)
    Answer.objects.update_or_create(
        obligation_id=owed.id, no=0,
        defaults={"state": "draft", "reply": reply.as_json(), "written_by": by.name(),
                  "at": clock.now()},
    )  # fmt: skip
    work = _step(by, owed)
    work.log(owed.case_id, "ledger.drafted", f"obligation:{owed.id}", outcome=reply.outcome)
    sql.flush(work)


@transaction.atomic
def sign(*, by: Actor, obligation_id: UUID) -> sql.Owed:
    """Sign the draft: it becomes the answer."""
    draft = Answer.objects.filter(obligation_id=obligation_id, no=0).first()
    if draft is None:
        raise NotFound(obligation=str(obligation_id))
    stored = dict(draft.reply)
    stored["conditions"] = tuple(stored.get("conditions", ()))
    draft.delete()
    return answer_within(by, [obligation_id], Reply(**stored), is_last=True)[0]


@transaction.atomic
def request_completion(*, by: Actor, obligation_id: UUID, items: Sequence[str], text: str,
                       applicant: UUID) -> UUID:  # fmt: skip
    """Ask the applicant for declared items; the clock stands still until they answer.

    Once per inquiry, in the first third of the term, only for items that the pack declares.
    """
    owed = _locked(obligation_id)
    access.may_answer(by, owed).or_raise()
    _must_be_open(owed)
    work = _step(by, owed)
    declared = {str(i["id"]): i for i in (owed.spec.get("completion") or {}).get("items", ())}
    if not items or not set(items) <= set(declared):
        raise Invalid({"items": gettext_noop("Choose among the items that the service declares.")})
    if Interruption.objects.filter(obligation_id=owed.id, kind="completion").exists():
        raise CompletionTooLate(reason=gettext_noop("It was asked once already."))
    start = owed.delivered_at or owed.sent_at
    if owed.due_at and work.at > start + (owed.due_at - start) / 3:
        raise CompletionTooLate(reason=gettext_noop("The first third of the term is over."))
    owed.state, owed.has_stops = "stopped", True
    if owed.delivered_at is None:
        owed.delivered_at, owed.proof = work.at, "opened"
    work.add("Interruption", obligation_id=owed.id, kind="completion", starts=work.at,
             ground_ref=str((owed.spec.get("completion") or {}).get("ref", "")))  # fmt: skip
    rederive(owed, [(work.at, None)])
    work.updates.append(owed.changed())
    term = str((owed.spec.get("completion") or {}).get("term", "10wd"))
    asks = [Ask("completion", owed.case_id, f"{owed.question}.completion", owed.title,
                owed.debtor_id, applicant, term=term, case_code=owed.case_code,
                service=owed.service, place=owed.place_id, about=owed.id,
                spec={"items": [declared[i] for i in items], "text": text})]  # fmt: skip
    new = put(work, asks)[0]
    work.add("Notice", party_id=applicant, case_id=owed.case_id, verb="completion.asked",
             args={"code": owed.case_code, "title": owed.title}, at=work.at)  # fmt: skip
    work.log(owed.case_id, "ledger.stopped", f"obligation:{owed.id}", items=list(items))
    for handler in slots.on_stopped:
        handler([owed], work)
    sql.flush(work)
    return new


@transaction.atomic
def complete(*, by: Actor, obligation_id: UUID, reply: Reply) -> None:
    """The applicant answers a completion request; the agency's clock runs again."""
    request = _locked(obligation_id)
    access.may_answer(by, request).or_raise()
    _must_be_open(request)
    owed = _locked(request.about_id or request.id)
    work = _step(by, request)
    _record(work, request, reply)
    Interruption.objects.filter(obligation_id=owed.id, ends=None).update(ends=work.at)
    owed.state = "sent"
    rederive(owed, lookups.stops_of(owed.id))
    work.updates.append(owed.changed())
    work.log(owed.case_id, "ledger.resumed", f"obligation:{owed.id}")
    for handler in slots.on_stopped:
        handler([owed], work)
    sql.flush(work)


@transaction.atomic
def acknowledge(*, by: Actor, obligation_id: UUID, order: str) -> None:
    """An office acknowledges a delay report and writes its order."""
    answer(by=by, obligation_id=obligation_id, reply=Reply("acknowledged", text=order))


@transaction.atomic
def cancel(*, by: Actor, obligation_ids: Sequence[UUID], reason: str) -> int:
    """Close obligations that nobody needs to answer any more; answered ones stay as they are."""
    rows = sql.lock(list(obligation_ids)) if obligation_ids else []
    work = _step(by, *rows)
    _cancel(work, rows, reason)
    sql.flush(work)
    return len(work.updates)


def cancel_within(work: sql.Work, obligation_ids: Sequence[UUID], *, reason: str) -> None:
    """Close open obligations inside the step of a larger action, which holds their case."""
    _cancel(work, sql.lock(list(obligation_ids)), reason)


def _cancel(work: sql.Work, rows: Sequence[sql.Owed], reason: str) -> None:
    for owed in rows:
        if owed.state in OPEN:
            owed.state, owed.outcome, owed.next_rung_at = "cancelled", "cancelled", None
            work.updates.append(owed.changed())
            work.log(owed.case_id, "ledger.cancelled", f"obligation:{owed.id}", reason=reason)


def expiry(at: datetime, days: int = 30) -> datetime:
    """Return until when a single-use link opens."""
    return at + timedelta(days=days)
