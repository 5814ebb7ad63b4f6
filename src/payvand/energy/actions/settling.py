"""What came of a plan: who delivered what, who is credited, and who bore how much?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F

from payvand.energy import access
from payvand.energy.actions.journal import need_arithmetic, record
from payvand.energy.actions.planning import locked
from payvand.energy.models import AssetLoad, BurdenEntry, Feeder, Plan, Request, Settlement
from payvand.energy.queries import plans as queries
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import start_of
from payvand.kernel import clock
from payvand.kernel.errors import Conflict, gettext_noop
from payvand.registry.public import Actor

WH = 1_000_000


class DayNotOver(Conflict):
    """A plan is settled when its day is over."""

    code = "energy.day_not_over"
    what = gettext_noop("The plan of {day} cannot be settled yet.")
    why = gettext_noop("Its day is not over; the last hours are still to come.")
    now = gettext_noop("Settle it tomorrow, when the readings are in.")


@transaction.atomic
def settle(plan_id: UUID, *, by: Actor) -> Plan:
    """Settle a published plan: deliveries against baselines, credits, and the burden of the year.

    Raises Refused, WrongState, DayNotOver.
    """
    found = locked(plan_id, "published")
    access.may_operate(by, found.area_id, found.carrier).or_raise()
    need_arithmetic()
    if clock.now() < start_of(found.last + timedelta(days=1)):
        raise DayNotOver(day=str(found.last))
    asked = list(Request.objects.filter(plan=found).select_related("asset").order_by("pk"))
    settled = [_settled(row, found) for row in asked]
    Settlement.objects.bulk_create(settled, batch_size=500)
    BurdenEntry.objects.bulk_create(_burden(found, asked, settled), batch_size=500)
    for code, count in found.cuts.values_list("feeder_id").annotate(n=Count("pk")).order_by():
        Feeder.objects.filter(pk=code).update(cuts=F("cuts") + count)
    agreed = [one for one, row in zip(settled, asked, strict=True)
              if row.answer == "accepted" and one.delivered_mwh is not None]  # fmt: skip
    wanted = sum(one.asked_mwh for one in agreed)
    kept = sum(one.delivered_mwh or 0.0 for one in agreed) / wanted if wanted else None
    Plan.objects.filter(pk=found.pk).update(state="settled", settled_at=clock.now(), kept=kept)
    record(by, "plan_settled", found.pk, f"plan:{found.pk}", requests=len(asked),
           kept=None if kept is None else round(kept, 4))  # fmt: skip
    return queries.plan(plan_id)


def _settled(row: Request, found: Plan) -> Settlement:
    """Return what one consumer delivered; credited only when it had agreed, never charged.

    Every day of the plan on which something was asked has a baseline of its own.
    """
    import numpy as np

    from payvand.energy.rules import settle as rules

    steps, days = CARRIERS[found.carrier].steps, (found.last - found.day).days + 1
    asked = np.array(row.out_mw)[: days * steps].reshape(days, steps)
    made = Settlement(request=row, asked_mwh=round(float(asked.sum()), 3), at=clock.now())
    loads, told = _Loads(row, found), []
    try:
        for n in range(days):
            before, metered = loads.around(found.day + timedelta(days=n))
            if asked[n].any():
                told.append(rules.settle(before, metered, asked[n]))
            else:
                told.append(rules.nothing(metered))
    except rules.NoBaseline:
        return made
    made.baseline, made.metered = (
        [None if v != v else round(float(v), 3) for one in told for v in getattr(one, name)]
        for name in ("baseline", "metered")
    )
    made.delivered_mwh = round(sum(float(one.delivered.sum()) for one in told), 3)
    if row.answer == "accepted":
        prices = row.asset.offers.filter(made_at__lte=found.made_at).order_by("-pk")
        price = prices.values_list("price_rial", flat=True).first() or 0
        made.credit_rial = round(made.delivered_mwh * price)
    return made


class _Loads:
    """The metered days of one consumer, and which of them compare with a day of a plan."""

    def __init__(self, row: Request, found: Plan) -> None:
        import numpy as np

        kind = CARRIERS[found.carrier]
        self.first, self.steps = found.day, kind.steps
        since = found.day - timedelta(days=kind.look_back)
        rows = AssetLoad.objects.filter(asset=row.asset, day__gte=since, day__lte=found.last)
        rows = rows.order_by("day")
        self.mwh = {on: np.array([np.nan if v is None else v / WH for v in wh])
                    for on, wh in rows.values_list("day", "wh")}  # fmt: skip
        asked = Request.objects.filter(asset=row.asset, plan__state="settled")
        self.events = {
            day + timedelta(days=n)
            for day, last in asked.values_list("plan__day", "plan__last")
            for n in range((last - day).days + 1)
        }

    def around(self, day: date) -> tuple[Any, Any]:
        """Return the comparable days before the plan (day × period, MWh) and the day itself.

        Comparable: working days for a working day, rest days for a rest day, no day of another
        event.
        """
        import numpy as np

        before = [
            mwh for on, mwh in self.mwh.items()
            if on < self.first and on not in self.events
            and (on.weekday() == 4) == (day.weekday() == 4)
        ]  # fmt: skip
        metered = self.mwh.get(day, np.full(self.steps, np.nan))
        return np.array(before).reshape(-1, self.steps), metered


def _burden(found: Plan, asked: list[Request], settled: list[Settlement]) -> list[BurdenEntry]:
    """Return the entries of groups as the plan cut them, and of consumers as they delivered."""
    kind = CARRIERS[found.carrier]
    until = kind.steps * ((found.last - found.day).days + 1)
    loads = {group["key"]: sum(group["load"]) * kind.steps / len(group["load"])
             for group in found.result["groups"]}  # fmt: skip
    same = {"carrier": found.carrier, "area_id": found.area_id, "day": found.day, "plan": found}
    entries = [
        BurdenEntry(**same, group=lines.group, lever=lever, mwh=round(lines.mwh(lever, until), 3),
                    usual_mwh=loads.get(lines.group, 0.0))
        for lines in queries.lines_of(found.pk) for lever in ("shed", "shift_out")
        if lines.mwh(lever, until) > 0
    ]  # fmt: skip
    for row, one in zip(asked, settled, strict=True):
        if row.answer == "accepted" and one.delivered_mwh:
            entries.append(BurdenEntry(
                **same, group=f"{row.asset.sector}/offers", asset=row.asset, lever="shift_out",
                mwh=one.delivered_mwh, usual_mwh=sum(row.asset.usual_mw),
            ))  # fmt: skip
    return entries
