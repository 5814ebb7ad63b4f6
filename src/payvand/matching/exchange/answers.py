"""How do firms and buyers speak about a need: invitations, answers, public questions?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Conflict, Invalid, NotFound, gettext_noop
from payvand.kernel.text import clean
from payvand.ledger import public as ledger
from payvand.matching.exchange import access, deals, needs
from payvand.matching.exchange.journal import record
from payvand.matching.exchange.ranking import note
from payvand.matching.models import (
    AnswerLine,
    Invitation,
    Need,
    NeedAnswer,
    NeedQuestion,
    NeedRequirement,
)
from payvand.matching.rules import needs as rules
from payvand.registry.public import Actor, databank

MOST_QUESTIONS = 20  # of one firm on one need


class AlreadyInvited(Conflict):
    """The firm has its invitation to this need."""

    code = "matching.already_invited"
    what = gettext_noop("This firm is invited already.")
    why = gettext_noop("A firm is invited to a need once.")
    now = gettext_noop("The list of invitations shows how it stands.")


class NotInDatabank(Invalid):
    """The firm has no profile that everybody sees."""

    code = "matching.not_in_databank"
    what = gettext_noop("This firm has no profile in the databank.")
    why = gettext_noop("Only firms that others can find may be invited and answer.")
    now = gettext_noop("Open or claim its profile first.")


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What a firm says to one requirement."""

    says: str  # yes partly no
    text: str = ""
    evidence: Sequence[str] = ()  # keys of its own items: evidence:12


@transaction.atomic
def invite(need_id: UUID, firm: UUID, *, by: Actor, note_: str = "") -> int:
    """Invite a firm to answer; without a ground, so that silence costs it nothing.

    Raises Refused, WrongState, AlreadyInvited, NotInDatabank.
    """
    need = needs.locked(need_id)
    access.may_invite(by, need).or_raise()
    needs.must_be(need, rules.FROZEN, rules.OPEN)
    if firm not in databank.lines([firm]) or firm == need.buyer_id:
        raise NotInDatabank(firm=str(firm))
    if Invitation.objects.filter(need=need, firm=firm).exists():
        raise AlreadyInvited(need=str(need.pk), firm=str(firm))
    title = {"fa": need.title_fa, "en": need.title_en or need.title_fa}
    term = f"{rules.INVITATION_DAYS}d"
    asked = ledger.Ask("invitation", need.pk, f"invitation:{firm}", title, need.buyer_id, firm,
                       term=term, case_code=need.code)  # fmt: skip
    obligation = ledger.ask([asked], by=by)[0]
    now = clock.now()
    row = Invitation.objects.create(
        need=need, firm_id=firm, obligation=obligation, note=clean(note_)[:300], sent_at=now,
        expires_on=clock.local_date(now) + timedelta(days=rules.INVITATION_DAYS),
    )  # fmt: skip
    note(need, "invited", [firm])
    _tell(firm, need, "need.invited")
    record(by, need.pk, "firm_invited", f"need:{need.code}", firm=str(firm))
    return row.pk


@transaction.atomic
def settle(invitation_id: int, *, by: Actor, accept: bool) -> UUID | None:
    """Accept or decline an invitation; accepting begins a deal with its introduction.

    Raises Refused, WrongState (the need is over), Conflict (settled or expired).
    """
    row = Invitation.objects.select_for_update().select_related("need").filter(pk=invitation_id)
    found = row.first()
    if found is None:
        raise NotFound(invitation=invitation_id)
    access.may_act(by, found.firm_id).or_raise()
    if found.state != "sent":
        raise Conflict(invitation=invitation_id, state=found.state)
    if accept:
        needs.must_be(found.need, rules.FROZEN, rules.OPEN, rules.CLOSED)
    ledger.answer(by=by, obligation_id=found.obligation,
                  reply=ledger.Reply("positive" if accept else "negative"))  # fmt: skip
    found.state, found.settled_at = "accepted" if accept else "declined", clock.now()
    found.save(update_fields=["state", "settled_at"])
    note(found.need, found.state, [found.firm_id])
    record(by, found.need_id, f"invitation_{found.state}", f"need:{found.need.code}",
           firm=str(found.firm_id))  # fmt: skip
    if not accept:
        return None
    _tell(found.need.buyer_id, found.need, "invitation.accepted")
    return deals.begin(found.need, found.firm_id, by=by).pk


@transaction.atomic
def expire() -> int:
    """Let invitations expire whose days are over: nobody is told off, nothing escalates."""
    now = clock.now()
    rows = list(
        Invitation.objects.select_for_update()
        .filter(state="sent", expires_on__lt=clock.local_date(now))
        .select_related("need")
    )
    if not rows:
        return 0
    work = ledger.Work(at=now, by="system:matching")
    work.heads = ledger.lock_heads({row.need_id for row in rows})
    ledger.cancel_within(work, [row.obligation for row in rows], reason="expired")
    for row in rows:
        work.log(row.need_id, "matching.invitation_expired", f"need:{row.need.code}",
                 firm=str(row.firm_id))  # fmt: skip
    ledger.flush(work)
    Invitation.objects.filter(pk__in=[row.pk for row in rows]).update(
        state="expired", settled_at=now
    )
    return len(rows)


@transaction.atomic
def answer(need_id: UUID, firm: UUID, lines: Mapping[int, LineDraft], *, by: Actor,
           remark: str = "", ready_on: date | None = None) -> int:  # fmt: skip
    """Answer a need requirement by requirement; a later answer replaces it while the need is open.

    lines: by the number of the requirement. Raises Refused, WrongState, Invalid, NotInDatabank.
    """
    need = needs.locked(need_id)
    access.may_answer(by, need, firm).or_raise()
    needs.must_be(need, rules.OPEN)
    if need.answers_until and need.answers_until < clock.local_date(clock.now()):
        raise rules.WrongState(need=str(need.pk), until=need.answers_until.isoformat())
    if firm not in databank.lines([firm]):
        raise NotInDatabank(firm=str(firm))
    asked = list(need.requirements.order_by("no"))
    wrong = _wrong(asked, lines, {item.key for item in databank.texts_of([firm]).get(firm, ())})
    if wrong:
        raise Invalid(fields=wrong)
    row, new = NeedAnswer.objects.update_or_create(
        need=need, firm_id=firm,
        defaults={"remark": clean(remark)[:2000], "ready_on": ready_on, "at": clock.now()},
    )  # fmt: skip
    row.lines.all().delete()
    AnswerLine.objects.bulk_create(
        AnswerLine(answer=row, requirement=one, says=said.says, text=clean(said.text)[:500],
                   evidence=list(said.evidence))
        for one in asked if (said := lines.get(one.no))
    )  # fmt: skip
    record(by, need.pk, "need_answered" if new else "answer_replaced", f"need:{need.code}",
           firm=str(firm))  # fmt: skip
    return row.pk


def _wrong(asked: Sequence[NeedRequirement], lines: Mapping[int, LineDraft],
           own: set[str]) -> dict[str, str]:  # fmt: skip
    wrong = {}
    for one in asked:
        said = lines.get(one.no)
        if said is None or said.says not in rules.SAYS:
            if one.is_essential:
                wrong[f"says_{one.no}"] = gettext_noop("Say yes, partly or no.")
        elif not set(said.evidence) <= own:
            wrong[f"evidence_{one.no}"] = gettext_noop("Choose among your own entries.")
        elif said.says == "partly" and not said.text.strip():
            wrong[f"text_{one.no}"] = gettext_noop("Say which part is met.")
    return wrong


@transaction.atomic
def ask(need_id: UUID, text: str, *, by: Actor, firm: UUID) -> int:
    """Ask a public question; who asked is not shown. Raises Refused, WrongState, Invalid."""
    need = needs.locked(need_id)
    access.may_answer(by, need, firm).or_raise()
    needs.must_be(need, rules.OPEN)
    if not text.strip():
        raise Invalid(fields={"text": gettext_noop("Write the question.")})
    if need.questions.filter(firm=firm).count() >= MOST_QUESTIONS:
        raise Invalid(fields={"text": gettext_noop("You asked 20 questions on this need already.")})
    row = NeedQuestion.objects.create(
        need=need, firm_id=firm, text=clean(text)[:500], at=clock.now()
    )
    _tell(need.buyer_id, need, "need.questioned")
    record(by, need.pk, "question_asked", f"need:{need.code}", question=row.pk)
    return row.pk


@transaction.atomic
def reply(question_id: int, text: str, *, by: Actor) -> None:
    """Answer a question for everybody, once. Raises Refused, NotFound, Invalid, Conflict."""
    row = NeedQuestion.objects.select_related("need").filter(pk=question_id).first()
    if row is None:
        raise NotFound(question=question_id)
    access.may_buy(by, row.need).or_raise()
    if row.answered_at:
        raise Conflict(question=question_id)
    if not text.strip():
        raise Invalid(fields={"text": gettext_noop("Write the answer.")})
    row.answer, row.answered_at = clean(text)[:1000], clock.now()
    row.save(update_fields=["answer", "answered_at"])
    record(by, row.need_id, "question_answered", f"need:{row.need.code}", question=row.pk)


def _tell(party: UUID, need: Need, verb: str) -> None:
    work = ledger.Work(at=clock.now(), by="system:matching")
    title = {"fa": need.title_fa, "en": need.title_en or need.title_fa}
    work.add("Notice", party_id=party, case_id=need.pk, verb=verb, at=work.at,
             args={"title": title, "code": need.code})  # fmt: skip
    ledger.flush(work)
