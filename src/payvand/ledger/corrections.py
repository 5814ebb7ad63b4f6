"""How is an answer corrected, until when, and who hears of it?

The debtor replaces its answer by a superseding one, with a reason, until the decision is taken; the
first stays visible. What follows for the inquiries that rest on it is the upper context's rule: it
hears of the correction in `on_corrected`.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, gettext_noop
from payvand.ledger import access, files, lookups, sql
from payvand.ledger.errors import NotOpen, TooLateToCorrect
from payvand.ledger.models import Answer
from payvand.ledger.rules.reply import Reply, problems
from payvand.plugins import slots
from payvand.registry import public as registry
from payvand.registry.public import Actor


@transaction.atomic
def correct(*, by: Actor, obligation_id: UUID, reply: Reply, reason: str) -> sql.Owed:
    """Replace an answer by a superseding one, with a reason, until the decision is taken.

    Raises Refused, NotFound, NotOpen (nothing was answered), TooLateToCorrect, Invalid.
    """
    found = sql.lock([obligation_id])
    if not found:
        raise NotFound(obligation=str(obligation_id))
    owed = found[0]
    must_be_correctable(by, owed)
    if not reason.strip():
        raise Invalid({"reason": gettext_noop("Say why the first answer is corrected.")})
    reply = files.settled(owed, reply, by.name())
    wrong = problems(reply, owed.spec, kind=owed.kind)
    if wrong:
        raise Invalid(wrong)
    work = sql.Work(at=clock.now(), by=by.name(), heads={owed.case_id: (owed.seq, owed.head)})
    before = dict(owed.reply or {})
    _supersede(work, owed, reply, reason.strip())
    for handler in slots.on_corrected:
        handler(owed, before, work)
    sql.flush(work)
    return owed


def must_be_correctable(by: Actor, owed: sql.Owed) -> None:
    """Refuse whoever may not sign, what has no answer, and what comes too late.

    Too late is after the decision, and after the question was put again.
    """
    access.may_sign(by, owed).or_raise()
    if owed.state != "answered":
        raise NotOpen(obligation=str(owed.id), state=owed.state)
    if owed.kind == "inquiry" and lookups.decided(owed.case_id):
        raise TooLateToCorrect(reason=gettext_noop("The case is decided."))
    if lookups.asked_again(owed.case_id, owed.question):
        raise TooLateToCorrect(reason=gettext_noop("The question was put again since then."))


def _supersede(work: sql.Work, owed: sql.Owed, reply: Reply, reason: str) -> None:
    answers = Answer.objects.filter(obligation_id=owed.id, no__gt=0)
    number = answers.count() + 1
    answers.filter(state="signed").update(state="superseded")
    stored = reply.as_json()
    owed.outcome, owed.reply, owed.recorded_at = reply.outcome, stored, work.at
    work.updates.append(owed.changed())
    work.add("Answer", obligation_id=owed.id, no=number, state="signed", reply=stored,
             reason=reason, written_by=work.by, signed_by=work.by, at=work.at)  # fmt: skip
    work.log(owed.case_id, "ledger.corrected", f"obligation:{owed.id}", outcome=reply.outcome,
             reason=reason)  # fmt: skip
    args = {"agency": registry.party_names([owed.debtor_id]).get(owed.debtor_id, {}),
            "title": owed.title, "code": owed.case_code, "obligation": str(owed.id)}  # fmt: skip
    work.add("Notice", party_id=owed.asker_id, case_id=owed.case_id, verb="inquiry.corrected",
             args=args, at=work.at)  # fmt: skip
