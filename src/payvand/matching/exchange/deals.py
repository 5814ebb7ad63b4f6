"""How does an introduction become repeated production, end, or go on? Each step is dated once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction

from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound, gettext_noop
from payvand.kernel.text import clean
from payvand.ledger import public as ledger
from payvand.matching.exchange import access, needs
from payvand.matching.exchange.journal import record
from payvand.matching.exchange.ranking import note
from payvand.matching.models import Exchange, ExchangeStep, Milestone, Need, Resumption
from payvand.matching.rules import needs as rules
from payvand.matching.rules.needs import StepTaken
from payvand.registry import public as registry
from payvand.registry.public import Actor

NOT_NEXT = gettext_noop("It is dated already, or a later one is, or it needs a contract first.")
BEFORE = gettext_noop("A step cannot lie before the one that came before it.")
ENDED = gettext_noop("The deal has ended; either side may resume it.")
AHEAD = gettext_noop("A step is dated when it has happened: today or earlier.")


def locked(deal_id: UUID) -> Exchange:
    """Return a deal, locked for this transaction; raises NotFound."""
    row = Exchange.objects.select_for_update().filter(pk=deal_id).first()
    if row is None:
        raise NotFound(exchange=str(deal_id))
    return row


def begin(need: Need, firm: UUID, *, by: Actor) -> Exchange:
    """Begin a deal with its introduction, inside a larger action; the same once only."""
    now = clock.now()
    row, new = Exchange.objects.get_or_create(
        need=need, firm_id=firm,
        defaults={"buyer_id": need.buyer_id, "stage": "introduction", "begun_at": now},
    )  # fmt: skip
    if new:
        ExchangeStep.objects.create(exchange=row, kind="introduction", on=clock.local_date(now))
        record(by, row.pk, "deal_begun", f"deal:{row.pk}", need=str(need.pk), firm=str(firm))
    return row


@transaction.atomic
def introduce(need_id: UUID, firm: UUID, *, by: Actor) -> UUID:
    """Let a buyer take up an answer that it may read; raises Refused, NotFound."""
    need = needs.locked(need_id)
    access.may_read_answers(by, need).or_raise()
    needs.must_be(need, rules.OPEN, rules.CLOSED, rules.AWARDED)
    if need.exchanges.filter(firm=firm, ended_on__isnull=False).exists():
        raise StepTaken(problem=ENDED)
    if not need.answers.filter(firm=firm).exists():
        raise NotFound(need=str(need_id), firm=str(firm))
    note(need, "accepted", [firm])
    return begin(need, firm, by=by).pk


def begin_at_fair(fair: UUID, buyer: UUID, firm: UUID, *, by: Actor, on: date) -> Exchange:
    """Begin a deal with a meeting held at a fair, inside a larger action; the same once only."""
    row, new = Exchange.objects.get_or_create(
        fair_id=fair, buyer_id=buyer, firm_id=firm, need=None,
        defaults={"stage": "meeting", "begun_at": clock.now()},
    )  # fmt: skip
    if new:
        ExchangeStep.objects.bulk_create(
            ExchangeStep(exchange=row, kind=kind, on=on) for kind in ("introduction", "meeting")
        )
        record(by, row.pk, "deal_begun", f"deal:{row.pk}", fair=str(fair), firm=str(firm))
    return row


@transaction.atomic
def step(deal_id: UUID, kind: str, on: date, *, by: Actor, note_: str = "") -> None:
    """Date a step other than the contract. Raises Refused, StepTaken, Invalid."""
    row = locked(deal_id)
    access.may_see_deal(by, row).or_raise()
    if kind == "contract":
        raise StepTaken(problem=NOT_NEXT)
    _take(row, kind, on, note_)
    record(by, row.pk, "step_dated", f"deal:{row.pk}", step=kind, on=on.isoformat())


def _take(row: Exchange, kind: str, on: date, note_: str) -> None:
    taken = dict(row.steps.values_list("kind", "on"))
    if row.ended_on:
        raise StepTaken(step=kind, problem=ENDED)
    last = _last_day(row, taken.values())
    if kind not in rules.next_steps(taken):
        raise StepTaken(step=kind, problem=NOT_NEXT)
    if on > clock.local_date(clock.now()):
        raise Invalid(fields={"on": AHEAD})
    if last and on < last:
        raise Invalid(fields={"on": BEFORE})
    ExchangeStep.objects.create(exchange=row, kind=kind, on=on, note=clean(note_)[:300])
    row.stage = rules.furthest([*taken, kind])
    row.save(update_fields=["stage"])


def _last_day(row: Exchange, days: Iterable[date]) -> date | None:
    """Return the last day on which something happened to a deal: a step, or being resumed."""
    return max([*days, *row.resumptions.values_list("on", flat=True)], default=None)


@transaction.atomic
def end(deal_id: UUID, on: date, *, by: Actor, because: str, note_: str = "") -> None:
    """End a deal without a contract, with the reason; either side may, and the other is told.

    Raises Refused, StepTaken (ended or contracted already), Invalid.
    """
    row = locked(deal_id)
    access.may_see_deal(by, row).or_raise()
    if row.ended_on or row.contract_no:
        why = ENDED if row.ended_on else gettext_noop("A contract is signed: it is carried out.")
        raise StepTaken(problem=why)
    last = _last_day(row, row.steps.values_list("on", flat=True))
    wrong = {}
    if because not in rules.ENDINGS:
        wrong["because"] = gettext_noop("Choose a reason from the list.")
    elif because == "other" and not note_.strip():
        wrong["note"] = gettext_noop("Say in a few words why.")
    if on > clock.local_date(clock.now()):
        wrong["on"] = AHEAD
    elif last and on < last:
        wrong["on"] = BEFORE
    if wrong:
        raise Invalid(fields=wrong)
    row.ended_on, row.ended_because, row.ended_note = on, because, clean(note_)[:300]
    row.save(update_fields=["ended_on", "ended_because", "ended_note"])
    _tell_other(row, "deal.ended", by)
    record(by, row.pk, "deal_ended", f"deal:{row.pk}", because=because, on=on.isoformat())


@transaction.atomic
def resume(deal_id: UUID, on: date, *, by: Actor, reason: str) -> None:
    """Take a deal up again that had ended, with the reason; either side may, the other is told.

    How it had ended stays in its history. Raises Refused, StepTaken (it goes on, or its need was
    withdrawn), Invalid.
    """
    row = locked(deal_id)
    access.may_see_deal(by, row).or_raise()
    if row.ended_on is None:
        raise StepTaken(problem=gettext_noop("The deal has not ended."))
    if row.need and row.need.state == rules.WITHDRAWN:
        raise StepTaken(problem=gettext_noop("The need was withdrawn."))
    told, wrong = clean(reason)[:300], {}
    if not told:
        wrong["reason"] = gettext_noop("Say in a few words why.")
    if on > clock.local_date(clock.now()):
        wrong["on"] = AHEAD
    elif on < row.ended_on:
        wrong["on"] = gettext_noop("The deal ended later than this day.")
    if wrong:
        raise Invalid(fields=wrong)
    Resumption.objects.create(
        exchange=row, ended_on=row.ended_on, ended_because=row.ended_because,
        ended_note=row.ended_note, on=on, reason=told, at=clock.now(),
    )  # fmt: skip
    row.ended_on, row.ended_because, row.ended_note = None, "", ""
    row.save(update_fields=["ended_on", "ended_because", "ended_note"])
    _tell_other(row, "deal.resumed", by)
    record(by, row.pk, "deal_resumed", f"deal:{row.pk}", on=on.isoformat())


def _tell_other(row: Exchange, verb: str, by: Actor) -> None:
    """Tell the side that did not act; a system tells both."""
    work = ledger.Work(at=clock.now(), by="system:matching")
    names = registry.party_names([row.buyer_id, row.firm_id])
    for party, other in ((row.buyer_id, row.firm_id), (row.firm_id, row.buyer_id)):
        if not access.may_act(by, party):
            work.add("Notice", party_id=party, case_id=row.pk, verb=verb, at=work.at,
                     args={"other": names.get(other, {})})  # fmt: skip
    if work.inserts:
        ledger.flush(work)


@transaction.atomic
def contract(deal_id: UUID, on: date, *, by: Actor, number: str,
             amount_rial: int | None = None) -> None:  # fmt: skip
    """Record the contract: the ground of all milestones; the need is awarded.

    Raises Refused, StepTaken, WrongState (a public need still open), Invalid.
    """
    row = locked(deal_id)
    access.may_sign_contract(by, row).or_raise()
    if not number.strip():
        raise Invalid(fields={"number": gettext_noop("The number of the contract is needed.")})
    if amount_rial is not None and amount_rial <= 0:
        raise Invalid(fields={"amount_rial": gettext_noop("The amount must be more than zero.")})
    need = needs.locked(row.need_id) if row.need_id else None
    if need is not None:
        states = (rules.CLOSED, rules.AWARDED)
        needs.must_be(need, *(states if need.is_public else (rules.FROZEN, rules.OPEN, *states)))
    _take(row, "contract", on, "")
    row.contract_no, row.amount_rial = clean(number)[:60], amount_rial
    row.save(update_fields=["contract_no", "amount_rial"])
    if need is not None:
        needs.award_within(need)
        note(need, "contracted", [row.firm_id])
    record(by, row.pk, "contract_recorded", f"deal:{row.pk}", on=on.isoformat())


@transaction.atomic
def promise(deal_id: UUID, kind: str, title: str, due: date, *, by: Actor) -> int:
    """Add a milestone that the contract owes: an obligation of the firm on the contract's ground.

    Raises Refused, StepTaken (no contract yet), Invalid.
    """
    row = locked(deal_id)
    access.may_sign_contract(by, row).or_raise()
    if not row.contract_no:
        raise StepTaken(problem=gettext_noop("Milestones come after the contract."))
    today = clock.local_date(clock.now())
    wrong = {}
    if kind not in rules.MILESTONES:
        wrong["kind"] = gettext_noop("Choose a kind from the list.")
    if not title.strip():
        wrong["title"] = gettext_noop("Say what is to be done.")
    if due <= today:
        wrong["due"] = gettext_noop("This day is past: choose one that is still to come.")
    if wrong:
        raise Invalid(fields=wrong)
    ground = _ground(row)
    said = clean(title)[:200]
    ask = ledger.Ask("milestone", row.pk, f"{kind}:{row.milestones.count() + 1}",
                     {"fa": said, "en": said}, row.buyer_id, row.firm_id,
                     term=f"{(due - today).days}d", ground=ground)  # fmt: skip
    obligation = ledger.ask([ask], by=by)[0]
    made = Milestone.objects.create(
        exchange=row, kind=kind, title=said, due=due, obligation=obligation
    )
    record(by, row.pk, "milestone_set", f"deal:{row.pk}", kind=kind, due=due.isoformat())
    return made.pk


def _ground(row: Exchange) -> int:
    code = f"contract:{row.pk}"
    signed = row.steps.get(kind="contract").on
    ground = {
        "code": code, "kind": "contract", "title_fa": f"قرارداد {row.contract_no}",
        "title_en": f"Contract {row.contract_no}", "ref": row.contract_no,
        "dated": signed.isoformat(), "status": "in_force",
    }  # fmt: skip
    return registry.ensure_grounds([ground], by=registry.system("matching"))[code]


@transaction.atomic
def fulfil(milestone_id: int, *, by: Actor, text: str = "") -> None:
    """Let the firm report a milestone as done; its step is dated too where it is the next one.

    Raises Refused, NotFound, AlreadyAnswered.
    """
    found = Milestone.objects.select_for_update().filter(pk=milestone_id).first()
    if found is None:
        raise NotFound(milestone=milestone_id)
    row = locked(found.exchange_id)
    access.may_act(by, row.firm_id).or_raise()
    ledger.answer(by=by, obligation_id=found.obligation, reply=ledger.Reply("done", text=text))
    today = clock.local_date(clock.now())
    found.done = today
    found.save(update_fields=["done"])
    if found.kind in rules.next_steps(row.steps.values_list("kind", flat=True)):
        _take(row, found.kind, today, "")
    record(by, row.pk, "milestone_done", f"deal:{row.pk}", kind=found.kind)
