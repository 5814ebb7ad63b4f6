"""How does a signed plan reach those whom it asks, what do they answer, and where do they complain?

Each consumer is asked through the ledger without a ground: it is an invitation, and silence costs
nothing. Who does not agree is treated like everybody else on the same feeder: by the turns that
hold for all, and not one turn more.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from payvand.energy import access
from payvand.energy.actions.journal import SERVICE, record, stream_of
from payvand.energy.actions.planning import locked
from payvand.energy.errors import NoOperator
from payvand.energy.models import Asset, Offer, Plan, Request, Threshold
from payvand.energy.queries import plans as queries
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


@transaction.atomic
def publish(plan_id: UUID, *, by: Actor) -> Plan:
    """Put a signed plan in force and ask every consumer in it; the plan before is replaced.

    Raises Refused, WrongState, NoOperator.
    """
    found = locked(plan_id, "approved")
    access.may_operate(by, found.area_id).or_raise()
    operator = access.operator_of(found.area_id)
    if operator is None:
        raise NoOperator(area=found.area_id)
    for old in Plan.objects.filter(area_id=found.area_id, day=found.day, state="published"):
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
        "fa": f"درخواست جابه‌جایی مصرف برق برای {jalali.format_date(found.day, 'fa')}",
        "en": f"Request to move electricity use, {jalali.format_date(found.day, 'en')}",
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


@transaction.atomic
def offer(asset_id: UUID, *, by: Actor, mw: float, hours: tuple[int, int], notice: int,
          price_rial: int) -> Offer:  # fmt: skip
    """Offer to move so many MW out of some hours; it holds until it is withdrawn."""
    asset = queries.asset(asset_id)
    access.may_answer(by, asset).or_raise()
    wrong = {}
    if not 0 < mw <= max([0.0, *asset.usual_mw]):
        wrong["mw"] = gettext_noop("Offer more than nothing, and not more than you usually use.")
    if not 0 <= hours[0] < hours[1] <= 24:
        wrong["to_hour"] = gettext_noop("The hours end after they begin, within the day.")
    if wrong:
        raise Invalid(wrong)
    made = Offer.objects.create(
        asset=asset, mw=mw, from_hour=hours[0], to_hour=hours[1], notice_hours=notice,
        price_rial=price_rial, made_at=clock.now(),
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
    operator = access.operator_of(asset.area_id)
    if operator is None:
        raise NoOperator(area=asset.area_id)
    limit = Threshold.objects.filter(pk=asset.area_id).first()  # the order all of it rests on
    payload: dict[str, Any] = {"text": plain[:LONGEST]}
    if plan is not None:
        payload["plan"] = plan.code
    title = {"fa": "شکایت دربارهٔ برنامهٔ برق", "en": "Complaint about an electricity plan"}
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
