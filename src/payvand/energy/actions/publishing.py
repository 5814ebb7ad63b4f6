"""How does a signed plan reach those whom it asks, what do they answer, and where do they complain?

Each consumer is asked through the ledger without a ground: it is an invitation, and silence costs
nothing. Who does not agree is treated like everybody else on the same feeder: by the turns that
hold for all, and not one turn more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.energy import access
from payvand.energy.actions.journal import SERVICE, record, stream_of
from payvand.energy.actions.planning import locked
from payvand.energy.errors import NoOperator
from payvand.energy.models import Asset, Offer, Plan, Request
from payvand.energy.queries import balance
from payvand.energy.queries import plans as queries
from payvand.energy.rules.hours import ELECTRICITY, GAS
from payvand.kernel import clock, jalali
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.ids import tracking_code, uuid7
from payvand.ledger import public as ledger
from payvand.registry.public import Actor

KIND = "invitation"
TERM = "2wh"  # working hours: the day is near, and who needs longer loses nothing
COMPLAINT_TERM = "5wd"
COMPLAINT_LADDER = ({"at": "0", "to": "agency-head", "ack": "1wd"},
                    {"at": "+2wd", "to": "governor", "ack": "1wd"})  # fmt: skip
LONGEST = 2000
TITLES = {
    ELECTRICITY: ("درخواست جابه‌جایی مصرف برق برای {day}", "Request to move electricity use, {day}"),
    GAS: ("درخواست کاهش یا جابه‌جایی مصرف گاز از {day}",
          "Request to use less gas, or to move its use, from {day}"),
}  # fmt: skip
COMPLAINTS = {
    ELECTRICITY: {"fa": "شکایت دربارهٔ برنامهٔ برق", "en": "Complaint about an electricity plan"},
    GAS: {"fa": "شکایت دربارهٔ برنامهٔ گاز", "en": "Complaint about a gas plan"},
}


@transaction.atomic
def publish(plan_id: UUID, *, by: Actor) -> Plan:
    """Put a signed plan in force and ask every consumer in it.

    A plan before it for the same days is replaced; one that began earlier ends on the eve, and what
    was agreed for the days until then stays. Raises Refused, WrongState, NoOperator.
    """
    found = locked(plan_id, "approved")
    access.may_operate(by, found.area_id, found.carrier).or_raise()
    operator = access.operator_of(found.area_id, found.carrier)
    if operator is None:
        raise NoOperator(area=found.area_id)
    for old in queries.in_force(found.area_id, found.carrier, found.day, found.last):
        if old.day < found.day:
            _shorten(old, found, by)
        else:
            _supersede(old, found, by)
    now = clock.now()
    asked = list(Request.objects.filter(plan=found).select_related("asset").order_by("pk"))
    record(by, "plan_published", found.pk, f"plan:{found.pk}", requests=len(asked))
    if asked:
        _ask(found, asked, operator, by)
    Plan.objects.filter(pk=found.pk).update(state="published", published_at=now)
    return queries.plan(plan_id)


def _ask(found: Plan, asked: list[Request], operator: UUID, by: Actor) -> None:
    """Ask all of them in one step of the ledger, each with a notice."""
    title = {
        language: words.format(day=jalali.format_date(found.day, language))
        for language, words in zip(("fa", "en"), TITLES[found.carrier], strict=True)
    }
    asks = [
        ledger.Ask(
            KIND, found.pk, f"request:{row.asset_id}", title, operator, row.asset.party_id,
            term=TERM, case_code=found.code, service=SERVICE, place=found.area_id,
            payload={"mwh": round(sum(row.out_mw), 2)},
        )
        for row in asked
    ]  # fmt: skip
    work = ledger.Work(at=clock.now(), by=by.name())
    work.heads = ledger.lock_heads({found.pk})
    keys = ledger.put(work, asks)
    for row, key in zip(asked, keys, strict=True):
        row.obligation = key
        work.add("Notice", party_id=row.asset.party_id, case_id=found.pk, verb="energy.asked",
                 at=work.at, args={"code": found.code, "title": title, "obligation": str(key)},
                 )  # fmt: skip
    ledger.flush(work)
    Request.objects.bulk_update(asked, ["obligation"], batch_size=500)


def _shorten(old: Plan, new: Plan, by: Actor) -> None:
    """End a plan that began earlier on the eve of the new one."""
    last = new.day - timedelta(days=1)
    Plan.objects.filter(pk=old.pk).update(last=last)
    record(by, "plan_shortened", old.pk, f"plan:{old.pk}", by_plan=str(new.pk), last=str(last))


def _supersede(old: Plan, new: Plan, by: Actor) -> None:
    """Close what is still open of the plan before; what was answered stays as it was said."""
    ledger.cancel_case(by=by, case_id=old.pk, reason="superseded")
    Request.objects.filter(plan=old, answer="").update(closed_at=clock.now())
    Plan.objects.filter(pk=old.pk).update(state="superseded")
    record(by, "plan_superseded", old.pk, f"plan:{old.pk}", by_plan=str(new.pk))


@transaction.atomic
def answer(request_id: UUID, *, by: Actor, accept: bool, text: str = "") -> Request:
    """Accept or decline a request, once, for the consumer. Raises Refused, AlreadyAnswered."""
    row = queries.request(request_id).row
    access.may_answer(by, row.asset).or_raise()
    if row.obligation is None:
        raise Invalid({"request": gettext_noop("This request has not been published.")})
    outcome = "positive" if accept else "negative"
    ledger.answer(by=by, obligation_id=row.obligation,
                  reply=ledger.Reply(outcome, text=text.strip()[:LONGEST]))  # fmt: skip
    said = "accepted" if accept else "declined"
    Request.objects.filter(pk=row.pk).update(answer=said, answered_at=clock.now())
    record(by, f"request_{said}", row.plan_id, f"request:{row.pk}")
    row.answer = said
    return row


@dataclass(frozen=True, slots=True)
class Offered:
    """So many MWh a period out of some hours, at which notice and price of a MWh.

    comes_back: it is used later instead; else it is given up, such as by another fuel.
    """

    mw: float
    hours: tuple[int, int] = (0, 24)
    notice: int = 12
    price_rial: int = 0
    comes_back: bool = True


@transaction.atomic
def offer(asset_id: UUID, what: Offered, *, by: Actor) -> Offer:
    """Offer to move or give up so much out of some hours; it holds until it is withdrawn."""
    asset = queries.asset(asset_id)
    mw, hours = what.mw, what.hours
    access.may_answer(by, asset).or_raise()
    wrong = {}
    if not 0 < mw <= max([0.0, *asset.usual_mw]):
        wrong["mw"] = gettext_noop("Offer more than nothing, and not more than you usually use.")
    if not 0 <= hours[0] < hours[1] <= 24:
        wrong["to_hour"] = gettext_noop("The hours end after they begin, within the day.")
    if wrong:
        raise Invalid(wrong)
    made = Offer.objects.create(
        asset=asset, mw=mw, from_hour=hours[0], to_hour=hours[1], notice_hours=what.notice,
        price_rial=what.price_rial, comes_back=what.comes_back, made_at=clock.now(),
    )  # fmt: skip
    record(by, "offer_made", stream_of(asset.area_id), f"asset:{asset.pk}", offer=made.pk)
    return made


@transaction.atomic
def withdraw(offer_id: int, *, by: Actor) -> None:
    """Withdraw an offer; plans made before keep what they asked."""
    found = Offer.objects.select_related("asset").filter(pk=offer_id).first()
    if found is None:
        raise Invalid({"offer": gettext_noop("There is no such offer.")})
    access.may_answer(by, found.asset).or_raise()
    Offer.objects.filter(pk=offer_id, withdrawn_at=None).update(withdrawn_at=clock.now())
    record(by, "offer_withdrawn", stream_of(found.asset.area_id), f"asset:{found.asset_id}",
           offer=offer_id)  # fmt: skip


@transaction.atomic
def complain(asset: Asset, *, by: Actor, text: str, plan: Plan | None = None) -> UUID:
    """Put a complaint on the operator's desk: an obligation with a term and a ladder."""
    access.may_answer(by, asset).or_raise()
    plain = text.strip()
    if not plain:
        raise Invalid({"text": gettext_noop("Write what you complain about.")})
    operator = access.operator_of(asset.area_id, asset.carrier)
    if operator is None:
        raise NoOperator(area=asset.area_id)
    limit = balance.threshold_of(asset.area_id, asset.carrier)  # the order all of it rests on
    payload: dict[str, Any] = {"text": plain[:LONGEST]}
    if plan is not None:
        payload["plan"] = plan.code
    title = COMPLAINTS[asset.carrier]
    spec = {"ladder": list(COMPLAINT_LADDER),
            "fields": [{"id": "text", "title": {"fa": "متن شکایت", "en": "Complaint"}},
                       {"id": "plan", "title": {"fa": "برنامه", "en": "Plan"}}]}  # fmt: skip
    ask = ledger.Ask(
        "objection", uuid7(), "complaint", title, asset.party_id, operator, term=COMPLAINT_TERM,
        case_code=tracking_code(), service=SERVICE, place=asset.area_id, spec=spec,
        payload=payload, ground=limit.ground_id if limit else None,
    )  # fmt: skip
    record(by, "complained", stream_of(asset.area_id), f"asset:{asset.pk}")
    (key,) = ledger.ask([ask], by=by)
    return key
