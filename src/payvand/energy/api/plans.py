"""How does a program load supply, read balance and plan, and answer for a consumer?"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from payvand.energy import access, exports
from payvand.energy.actions import looking, outlooks, publishing
from payvand.energy.queries import plans, schedules
from payvand.energy.rules.carriers import CARRIERS
from payvand.kernel import clock
from payvand.kernel.errors import NotFound
from payvand.registry import public as registry
from payvand.registry.public import actor

router = Router()


Kind = Literal["electricity", "gas"]


class SupplyIn(Schema):
    """What can be supplied in one hour; at: UTC."""

    at: datetime
    mw: float = Field(ge=0, le=1_000_000)
    sd_mw: float = Field(default=0, ge=0, le=1_000_000)


class SupplyList(Schema):
    """Some hours of supply, and where the figures come from; of gas days, in MWh."""

    carrier: Kind = "electricity"
    source: str = Field(max_length=80)
    rows: list[SupplyIn] = Field(max_length=5000)


class Taken(Schema):
    """How many rows were kept."""

    rows: int


class BalanceOut(Schema):
    """The outlook of a province: by hour, of gas by day, from the first day on.

    Null where supply is unknown; mw of gas is MWh a day.

    Hours begin at half past in Tehran: hour 0 of a day is 00:30. imputed_percent: of the readings
    of the last days.
    """

    area: str
    carrier: Kind
    first: date | None
    made_at: datetime | None
    probability: list[float | None]
    short_mw: list[float | None]
    supply_mw: list[float | None]
    any_probability: float | None
    energy_mwh: float | None
    hours: float | None
    imputed_percent: float


class LineOut(Schema):
    """What a group gives with a lever in a period, and the rule that decided.

    hour: place of the period from the plan's first day on; mw: MWh a period.
    """

    group: str
    lever: str
    hour: int
    mw: float
    why: str


class EnergyPlanOut(Schema):
    """A plan with its lines, its figures and its alternatives."""

    id: UUID
    carrier: Kind
    area: str
    day: date
    last: date
    state: str
    inputs: str
    harm: float
    largest_burden: float
    shed_mwh: float
    shifted_mwh: float
    unmet_mw: list[float]
    alternatives: list[dict[str, Any]]
    lines: list[LineOut]
    is_sample: bool


class AskedOut(Schema):
    """One request: what to give and to take later by period, from the plan's first day on.

    standing: open, accepted, declined. mw: MWh a period, which of an hour is MW.
    """

    id: UUID
    carrier: Kind
    day: date
    out_mw: list[float]
    back_mw: list[float]
    standing: str
    delivered_mwh: float | None
    credit_rial: str


class ConsumerAnswerIn(Schema):
    """The consumer's answer."""

    accept: bool
    text: str = Field(default="", max_length=2000)


@router.get("/energy/{area}/balance", response=BalanceOut, operation_id="energy_balance")
def balance(request: HttpRequest, area: str, carrier: Kind = "electricity") -> dict[str, Any]:
    """Return the outlook of a province; to its operator and the officials in charge."""
    access.may_see_balance(actor(request), area, carrier).or_raise()
    return exports.balance(area, carrier)


@router.post("/energy/{area}/supply", response=Taken, operation_id="energy_supply")
def supply(request: HttpRequest, area: str, body: SupplyList) -> dict[str, int]:
    """Record supply as known now; earlier figures stay with the time they were known."""
    last = {row.at.replace(minute=0, second=0, microsecond=0): row for row in body.rows}
    rows = [outlooks.SupplyRow(at, row.mw, row.sd_mw) for at, row in sorted(last.items())]
    kept = outlooks.take_supply(area, rows, by=actor(request), source=body.source,
                                carrier=body.carrier)  # fmt: skip
    return {"rows": kept}


@router.get("/energy/plans/{uuid:id}", response=EnergyPlanOut, operation_id="energy_plan")
def plan(request: HttpRequest, id: UUID) -> dict[str, Any]:  # noqa: A002
    """Return a plan; to the operator, the office that signs and the officials in charge."""
    found = plans.plan(id)
    access.may_see_plan(actor(request), found).or_raise()
    return exports.plan(found)


@router.get("/energy/plans/{uuid:id}/openadr", response=dict[str, Any],
            operation_id="energy_openadr")  # fmt: skip
def openadr(request: HttpRequest, id: UUID) -> dict[str, Any]:  # noqa: A002
    """Return a plan as OpenADR 3 program and events, requests included; to the operator.

    404 of a plan of gas: OpenADR has no words for it.
    """
    found = plans.plan(id)
    access.may_operate(actor(request), found.area_id, found.carrier).or_raise()
    if not CARRIERS[found.carrier].has_openadr:
        raise NotFound(plan=str(id))
    return exports.openadr(found, registry.place(found.area_id).name["en"], asked=True)


@router.get("/energy/{area}/schedule", response=dict[str, Any], auth=None,
            operation_id="energy_schedule")  # fmt: skip
def schedule(request: HttpRequest, area: str, carrier: Kind = "electricity") -> dict[str, Any]:
    """Return the published schedules of a province; open to everybody.

    Of electricity as OpenADR 3; of gas by how many percent which sector uses less on which day.
    """
    if area not in schedules.areas(carrier):
        raise NotFound(area=area)
    found = schedules.in_force(area, clock.local_date(clock.now()), carrier)
    return exports.public_schedule(found, registry.place(area).name["en"])


@router.get("/energy/requests/{uuid:id}", response=AskedOut, operation_id="energy_request")
def asked(request: HttpRequest, id: UUID) -> dict[str, Any]:  # noqa: A002
    """Return one request; to that consumer and to the operator."""
    one = plans.request(id)
    looking.look_at(one.row.asset, looking.LOAD, by=actor(request), how="api")
    return _asked(one)


def _asked(one: plans.Asked) -> dict[str, Any]:
    settled = one.settlement
    return {
        "id": one.row.pk, "carrier": one.row.plan.carrier, "day": one.row.plan.day,
        "out_mw": one.row.out_mw, "back_mw": one.row.back_mw, "standing": one.standing,
        "delivered_mwh": settled.delivered_mwh if settled else None,
        "credit_rial": str(settled.credit_rial if settled else 0),
    }  # fmt: skip


@router.post("/energy/requests/{uuid:id}/answer", response=AskedOut, operation_id="energy_answer")
def answer(request: HttpRequest, id: UUID, body: ConsumerAnswerIn) -> dict[str, Any]:  # noqa: A002
    """Accept or decline a request for the consumer, once."""
    publishing.answer(id, by=actor(request), accept=body.accept, text=body.text)
    return _asked(plans.request(id))
