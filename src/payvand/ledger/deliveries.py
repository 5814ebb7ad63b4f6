"""How does what is in the outbox reach its receiver, once in effect, whatever breaks in between?

A worker leases due rows in a short transaction, sends outside any transaction, and marks each row
in a second one. Killed in between, it leaves a lease that runs out; the row is sent again with the
same Idempotency-Key, so that the receiver sees one delivery. Nothing is ever dropped: what cannot
be sent ends at the dead-letter desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import translation

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, PayvandError, Refused, gettext_noop
from payvand.ledger import access, actions, links, lookups, sql
from payvand.ledger.adapters import adapter_for
from payvand.ledger.adapters.rest import Taken
from payvand.ledger.explaining import value_text
from payvand.ledger.models import OPEN, Notice, Outbox
from payvand.ledger.notices import fan_out
from payvand.ledger.queries import shown_fields, words_for
from payvand.ledger.rules.reply import Reply
from payvand.ledger.rules.retries import LONGEST, Failures, next_try
from payvand.plugins.adapters import Failed, Message, Receipt, Retry
from payvand.registry import public as registry
from payvand.registry.public import Actor

__all__ = ["deliver_once", "fan_out", "give_up", "record_receipt", "retry", "tell_new"]

LEASE = timedelta(minutes=5)  # far longer than one batch may take
STALE_NOTICE = timedelta(days=1)
BATCH = 10  # rows leased at once: at most BATCH × the adapter's time-out
WORKER = "system:delivery"
ONLY_OPERATORS = gettext_noop("Only administrators of the installation handle dead letters.")


def deliver_once(now: datetime | None = None, limit: int = 100) -> int:
    """Send what is due and return how many rows were handled; safe to run in several processes."""
    handled = 0
    down: set[tuple[str, str]] = set()  # addresses that failed in this pass: not asked again now
    while handled < limit:
        rows = lease(now or clock.now(), min(BATCH, limit - handled))
        if not rows:
            break
        for row in rows:
            _handle(row, down, now)
        handled += len(rows)
    return handled


@transaction.atomic
def lease(now: datetime, limit: int) -> list[Outbox]:
    """Take due rows for this worker: nobody else sees them until the lease has run out."""
    due = Outbox.objects.filter(state="waiting", next_try_at__lte=now).order_by("next_try_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True, of=("self",))
    rows = list(due.select_related("obligation__debtor", "obligation__asker")[:limit])
    Outbox.objects.filter(pk__in=[r.pk for r in rows]).update(next_try_at=now + LEASE)
    return rows


def _handle(row: Outbox, down: set[tuple[str, str]], now: datetime | None) -> None:
    where = (row.channel, row.address)
    if where in down and row.channel != "letter":
        _postpone(row, now or clock.now())
        return
    came = adapter_for(row.channel).send(message_of(row))
    if isinstance(came, Receipt):
        mark_sent(row, came, now or clock.now())
    else:
        if isinstance(came, Retry):
            down.add(where)
        _failed(row, came, now or clock.now())


def message_of(row: Outbox) -> Message:
    """Return everything the adapter needs; the same bytes at every attempt."""
    if row.obligation is None or row.kind != "inquiry":
        return Message(row.key, row.address, row.body)
    owed = row.obligation
    token = links.create(owed.pk, key=row.key)
    body: dict[str, Any] = {
        "id": str(owed.pk), "kind": owed.kind, "case_code": owed.case_code,
        "service": owed.service, "question": owed.question, "title": owed.title,
        "asker": {"fa": owed.asker.name_fa, "en": owed.asker.name_en},
        "debtor": {"fa": owed.debtor.name_fa, "en": owed.debtor.name_en},
        "sent_at": owed.sent_at.isoformat(), "term": owed.term,
        "asked": owed.spec.get("question") or owed.title, "fields": _fields(row),
        "returns": owed.spec.get("returns", []),
        "conditions": owed.spec.get("conditions", []),
    }  # fmt: skip
    if row.channel == "rest":
        body["callback"] = links.callback_url(token)
    else:
        body["link"] = links.page_url(token)
    return Message(row.key, row.address, body, registry.connection_of(owed.debtor_id).secret_name)


def _fields(row: Outbox) -> list[dict[str, Any]]:
    """Return the declared fields with titles and raw values; on paper also as people read them."""
    owed = row.obligation
    assert owed is not None  # noqa: S101 - the caller looked
    found = []
    for one in shown_fields(owed.payload, words_for(owed)):
        title, said = one["title"], {}
        for language in ("fa", "en"):
            with translation.override(language):
                said[language] = str(value_text(one["value"]))
        named = title if isinstance(title, dict) else {"fa": title, "en": title}
        told = {"id": one["id"], "title": named, "value": owed.payload[one["id"]]}
        found.append(told | {"shown": said} if row.channel == "letter" else told)
    return found


# --- what became of it -------------------------------------------------------------------------


@transaction.atomic
def mark_sent(row: Outbox, receipt: Receipt, now: datetime) -> bool:
    """Record a delivery with its proof, once; an answer that came at once is recorded with it.

    Returns False when another worker has recorded it before.
    """
    changed = Outbox.objects.filter(pk=row.pk, state="waiting").update(
        state="sent", sent_at=now, receipt=receipt.id[:200], next_try_at=None, last_error="",
        attempts=row.attempts + 1,
    )  # fmt: skip
    if not changed:
        return False
    if row.obligation_id is not None and row.kind == "inquiry":
        taken = receipt if isinstance(receipt, Taken) else None
        proof = f"receipt:{receipt.id}" if taken else ""
        _prove(row, row.obligation_id, proof, now)
        if taken is not None and taken.reply is not None:
            _answer_at_once(row, taken.reply)
    return True


def _prove(row: Outbox, obligation_id: UUID, proof: str, now: datetime) -> None:
    """Log the delivery, the outage that preceded it, and derive the clock from the proof."""
    owed = sql.lock([obligation_id])[0]
    work = sql.Work(at=now, by=WORKER, heads={owed.case_id: (owed.seq, owed.head)})
    if row.first_failed_at is not None:
        work.log(owed.case_id, "ledger.outage", f"obligation:{owed.id}", channel=row.channel,
                 begin=row.first_failed_at.isoformat(), end=now.isoformat(),
                 attempts=row.attempts + 1)  # fmt: skip
    work.log(owed.case_id, "ledger.delivered" if proof else "ledger.dispatched",
             f"obligation:{owed.id}", channel=row.channel, key=row.key)  # fmt: skip
    if proof:
        _set_proof(work, owed, proof)
    sql.flush(work)


def _set_proof(work: sql.Work, owed: sql.Owed, proof: str) -> None:
    if owed.delivered_at is None and owed.state in OPEN:
        owed.delivered_at, owed.proof = work.at, proof[:40]
        actions.rederive(owed, lookups.stops_of(owed.id) if owed.has_stops else ())
        work.updates.append(owed.changed())


def _answer_at_once(row: Outbox, body: Any) -> None:
    """Record the answer that came with the receipt; one that cannot stand is noted."""
    owed = row.obligation
    if owed is None:
        return
    label = owed.debtor.slug or str(owed.debtor_id)
    agency = Actor(kind="agency", party=owed.debtor_id, label=label)
    try:
        with transaction.atomic():
            actions.answer(by=agency, obligation_id=owed.pk, reply=reply_of(body))
    except (PayvandError, TypeError, ValueError) as refused:
        Outbox.objects.filter(pk=row.pk).update(last_error=f"answer not accepted: {refused}"[:300])


def reply_of(body: Any) -> Reply:
    """Return a reply from JSON; raises TypeError or ValueError for what is none."""
    known = {k: body[k] for k in ("outcome", "text", "fields", "refused", "letter_no") if k in body}
    share = body.get("share")
    return Reply(**known, conditions=tuple(str(c) for c in body.get("conditions", ())),
                 share=int(share) if share is not None else None)  # fmt: skip


def _postpone(row: Outbox, now: datetime) -> None:
    """Leave a row for later without an attempt: its address has just failed for another one."""
    later = now + timedelta(minutes=1)
    first = row.first_failed_at or now
    Outbox.objects.filter(pk=row.pk, state="waiting").update(
        next_try_at=later, first_failed_at=first
    )


@transaction.atomic
def _failed(row: Outbox, came: Retry | Failed, now: datetime) -> None:
    first = row.first_failed_at or now
    at = next_try(Failures(row.attempts + 1, first), now) if isinstance(came, Retry) else None
    if at and isinstance(came, Retry) and came.after:
        at = max(at, now + min(timedelta(seconds=came.after), LONGEST))
    Outbox.objects.filter(pk=row.pk, state="waiting").update(
        state="waiting" if at else "dead", attempts=row.attempts + 1, next_try_at=at,
        first_failed_at=first, last_error=came.reason[:300],
    )  # fmt: skip
    if at is None:
        _log(row, WORKER, "ledger.undelivered", now, channel=row.channel, begin=first.isoformat(),
             attempts=row.attempts + 1)  # fmt: skip


def _log(row: Outbox, by: str, verb: str, now: datetime, **facts: Any) -> None:
    if row.obligation_id is None:
        return
    owed = sql.lock([row.obligation_id])[0]
    work = sql.Work(at=now, by=by, heads={owed.case_id: (owed.seq, owed.head)})
    work.log(owed.case_id, verb, f"obligation:{owed.id}", **facts)
    sql.flush(work)


# --- what people do about it -------------------------------------------------------------------


def _dead(by: Actor, row_ids: Sequence[int]) -> list[Outbox]:
    if not by.is_operator:
        raise Refused(reason=ONLY_OPERATORS)
    return list(Outbox.objects.select_for_update().filter(pk__in=row_ids, state="dead"))


@transaction.atomic
def retry(*, by: Actor, row_ids: Sequence[int]) -> int:
    """Put dead letters back into the outbox, with their old keys; returns how many."""
    rows = _dead(by, row_ids)
    now = clock.now()
    Outbox.objects.filter(pk__in=[r.pk for r in rows]).update(
        state="waiting", attempts=0, next_try_at=now
    )
    for row in rows:
        _log(row, by.name(), "ledger.delivery_retried", now, channel=row.channel)
    return len(rows)


@transaction.atomic
def give_up(*, by: Actor, row_ids: Sequence[int], reason: str) -> int:
    """Close dead letters with a reason; an inquiry stays open in the agency's inbox."""
    if not reason.strip():
        raise Invalid({"reason": gettext_noop("Say why this is not sent any more.")})
    rows = _dead(by, row_ids)
    now = clock.now()
    Outbox.objects.filter(pk__in=[r.pk for r in rows]).update(
        state="dropped", next_try_at=None, last_error=reason.strip()[:300]
    )
    for row in rows:
        _log(row, by.name(), "ledger.delivery_given_up", now, reason=reason.strip()[:300])
    return len(rows)


@transaction.atomic
def record_receipt(*, by: Actor, obligation_id: UUID, letter_no: str) -> None:
    """Record the secretariat number of a letter that was received: the proof of its delivery."""
    if not letter_no.strip():
        raise Invalid({"letter_no": gettext_noop("Enter the number that the secretariat gave.")})
    found = sql.lock([obligation_id])
    if not found:
        raise NotFound(obligation=str(obligation_id))
    owed = found[0]
    access.may_see(by, owed).or_raise()
    work = sql.Work(at=clock.now(), by=by.name(), heads={owed.case_id: (owed.seq, owed.head)})
    _set_proof(work, owed, f"letter:{letter_no.strip()}")
    work.log(owed.case_id, "ledger.delivered", f"obligation:{owed.id}", channel="letter",
             letter_no=letter_no.strip()[:80])  # fmt: skip
    sql.flush(work)


def tell_new(now: datetime, limit: int = 500) -> int:
    """Put the e-mails and text messages of new notices into the outbox; returns how many.

    The step that caused a notice only writes it; addresses are looked up here, once for many. The
    mark and the outbox rows are one transaction, so that nothing is lost or told twice. What is
    older than a day (an imported history) stays in the list and is not sent any more.
    """
    with transaction.atomic():
        rows = Notice.objects.filter(told=False).order_by("id")
        if sql.is_postgres():
            rows = rows.select_for_update(skip_locked=True)
        found = list(rows[:limit])
        if not found:
            return 0
        work = sql.Work(at=now, by="system:notices")
        for one in found:
            if one.at > now - STALE_NOTICE:
                work.add("Notice", party_id=one.party_id, office_id=one.office_id,
                         user_id=one.user_id, verb=one.verb, args=one.args,
                         case_id=one.case_id)  # fmt: skip
        added = fan_out(work)
        work.inserts.pop("Notice", None)
        sql.flush(work)
        Notice.objects.filter(id__in=[one.pk for one in found]).update(told=True)
    return added
