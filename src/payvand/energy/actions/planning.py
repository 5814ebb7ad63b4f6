"""How is a plan made, compared, proposed, signed, and replaced when supply changes?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from payvand.energy import access
from payvand.energy.actions.journal import SERVICE, need_arithmetic, record
from payvand.energy.actions.plan_inputs import Inputs, consumers_of, inputs_of
from payvand.energy.errors import NoOperator, WrongState
from payvand.energy.models import Feeder, FeederCut, Plan, PlanLine, Request
from payvand.energy.queries import balance
from payvand.energy.queries import plans as queries
from payvand.energy.rules import schedule
from payvand.energy.rules.hours import ELECTRICITY, GAS
from payvand.kernel import clock, jalali
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.ids import tracking_code
from payvand.ledger import public as ledger
from payvand.registry import public as registry
from payvand.registry.public import Actor

if TYPE_CHECKING:
    from payvand.energy.rules.groups import Consumer

TERM = "2wh"  # working hours to sign: the day of the plan is near
LADDER = ({"at": "0", "to": "first-vice-president", "ack": "4wh"},)
TINY = 0.01  # MWh a period
TITLES = {
    ELECTRICITY: ("امضای برنامهٔ برق {name} برای {day}",
                  "Sign the electricity plan of {name} for {day}"),
    GAS: ("امضای برنامهٔ گاز {name} از {day}", "Sign the gas plan of {name} from {day}"),
}  # fmt: skip


@transaction.atomic
def make(
    area: str, day: date, *, by: Actor, is_sample: bool = False, carrier: str = ELECTRICITY
) -> Plan:
    """Make a draft from a day on; a plan in force is read for the answers it got, replaced later.

    Raises Refused, NotInstalled, NoForecast.
    """
    access.may_operate(by, area, carrier).or_raise()
    need_arithmetic()
    before = next(iter(queries.in_force(area, carrier, day, day)), None)
    inputs = inputs_of(area, day, carrier)
    consumers = consumers_of(area, day, before, carrier=carrier, periods=len(inputs.short))
    found = _Solved(inputs, consumers)
    made = Plan.objects.create(
        carrier=carrier, area_id=area, day=day, last=day + timedelta(days=found.last()),
        code=tracking_code(), inputs=inputs.digest(consumers),
        result={}, alternatives=found.alternatives(), made_at=clock.now(),
        made_by=by.name(), supersedes=before, is_sample=is_sample,
    )  # fmt: skip
    PlanLine.objects.bulk_create(found.lines(made), batch_size=500)
    cuts = found.cuts(made, area, day)
    FeederCut.objects.bulk_create(cuts, batch_size=500)
    made.result = found.result() | {"schedule": _schedule(area, day, cuts) if cuts else []}
    Plan.objects.filter(pk=made.pk).update(result=made.result)
    Request.objects.bulk_create(found.requests(made), batch_size=500)
    record(by, "plan_made", made.pk, f"plan:{made.pk}", area=area, day=str(day), carrier=carrier,
           inputs=made.inputs, supersedes=str(before.pk) if before else "")  # fmt: skip
    return made


def _schedule(area: str, day: date, cuts: Sequence[FeederCut]) -> list[dict[str, Any]]:
    """Return what the public may read of the rota: hours by schedule area, never by feeder."""
    lines = queries.feeder_lines(area, day)
    parts = schedule.parts(lines)
    off: dict[int, list[str]] = {}
    for cut in cuts:
        off.setdefault(cut.hour, []).append(cut.feeder_id)
    told = schedule.told(parts, lines, off)
    return [{"city": part.city, "districts": list(part.districts), "hours": told[part.name]}
            for part in parts]  # fmt: skip


class _Solved:
    """A plan in arithmetic, before it is written down."""

    def __init__(self, inputs: Inputs, consumers: Sequence[Consumer]) -> None:
        import numpy as np

        from payvand.energy.rules import groups, plan

        self.inputs, self.consumers = inputs, consumers
        self.settings = plan.Settings(days=inputs.days, hours=inputs.kind.hours)
        loads = {name: np.array(mw) for name, mw in inputs.loads.items()}
        self.groups = groups.build(inputs.area, loads, consumers, inputs.rules,
                                   borne=inputs.borne)  # fmt: skip
        self.short = {inputs.area: np.array(inputs.short)}
        self.found = plan.solve(self.groups, self.short, now=inputs.now, settings=self.settings)
        self.why = plan.explain(self.groups, self.short, self.found, now=inputs.now,
                                step=inputs.kind.hours)  # fmt: skip
        self.shares = groups.shares(self.groups, self.found, consumers)
        self.uncovered: list[float] = []

    def last(self) -> int:
        """Return how far the last day with anything asked, taken or unmet lies from the first."""
        taken = sum((mw.sum(axis=0) for mw in self._levers().values()),
                    self.found.unmet.sum(axis=0))  # fmt: skip
        busy = [n for n, mw in enumerate(taken) if mw > TINY]
        return max(busy, default=0) // self.inputs.kind.steps

    def _levers(self) -> dict[str, Any]:
        return {"shed": self.found.shed, "shift_out": self.found.shift_out,
                "shift_back": self.found.shift_back}  # fmt: skip

    def alternatives(self) -> list[dict[str, Any]]:
        """Return the plan beside others, each as figures."""
        from payvand.energy.rules import plan

        rows = plan.compare(self.groups, self.short, now=self.inputs.now,
                            settings=self.settings)  # fmt: skip
        return [{name: value if name == "name" else round(value, 3)
                 for name, value in asdict(row).items()} for row in rows]  # fmt: skip

    def result(self) -> dict[str, Any]:
        """Return the figures of the plan and what each group was spared for which reason."""
        from payvand.energy.rules.groups import limits

        found, unmet, kind = self.found, self.found.unmet.sum(axis=0), self.inputs.kind
        told = [] if kind.has_turns else limits(self.groups, found)
        return {
            "harm": round(found.harm, 3), "largest_burden": round(found.largest_burden, 4),
            "shed_mwh": round(float(found.shed.sum()), 3),
            "shifted_mwh": round(float(found.shift_out.sum()), 3),
            "unmet": [round(float(v), 3) for v in unmet], "short": self.inputs.short,
            "unknown": self.inputs.unknown, "level": self.inputs.level,
            "uncovered": self.uncovered, "foreseen": self.inputs.foreseen,
            "limits": [{"sector": one.sector, "percent": list(one.percent)} for one in told],
            "rules": {name: rule.as_json() for name, rule in self.inputs.rules.items()},
            "groups": [
                {"key": g.key, "load": [round(float(v), 3) for v in g.load], "why": why}
                for g, why in zip(self.groups, self.why, strict=True)
            ],
        }  # fmt: skip

    def lines(self, made: Plan) -> list[PlanLine]:
        """Return every group, lever and period with anything."""
        return [
            PlanLine(plan=made, group=group.key, lever=lever, hour=hour,
                     mw=round(float(mw[n, hour]), 3),
                     why="back" if lever == "shift_back" else self.why[n][hour])
            for n, group in enumerate(self.groups) for lever, mw in self._levers().items()
            for hour in range(mw.shape[1]) if mw[n, hour] > TINY
        ]  # fmt: skip

    def cuts(self, made: Plan, area: str, day: date) -> list[FeederCut]:
        """Return who of the feeders is off when, to give what is cut by turns."""
        if not self.inputs.kind.has_turns:
            return []
        import numpy as np

        from payvand.energy.rules import groups, rotation

        rest = [n for n, g in enumerate(self.groups) if g.key.endswith(f"/{groups.REST}")]
        wanted = groups.blocks(self.found.shed[rest].sum(axis=0))
        feeders = list(Feeder.objects.filter(area_id=area).order_by("code"))
        if not feeders or wanted.max() <= TINY:
            self.uncovered = [round(float(v), 3) for v in wanted]
            return []
        load = np.array([f.usual_mw for f in feeders]).reshape(len(feeders), -1, groups.BLOCK)
        load = load.mean(axis=2)
        barred = queries.barred_feeders(area, day)
        off = np.array([[f.code in barred] * len(wanted) for f in feeders])
        past = np.arange(len(wanted)) * groups.BLOCK < self.inputs.now
        cost = np.array([(1.0 + f.consumers) * (1 + 0.5 * f.cuts) for f in feeders])
        found = rotation.rotate(load, wanted, cost, barred=off | past[None, :], seconds=5.0)
        self.uncovered = [round(float(v), 3) for v in found.uncovered]
        return [
            FeederCut(plan=made, feeder=feeders[n], hour=int(block) * groups.BLOCK,
                      mw=round(float(load[n, block]), 3))
            for n, block in np.argwhere(found.off)
        ]  # fmt: skip

    def requests(self, made: Plan) -> list[Request]:
        """Return what each consumer known by name would be asked for."""
        return [
            Request(plan=made, asset_id=UUID(share.key), out_mw=share.out.tolist(),
                    back_mw=share.back.tolist())
            for share in self.shares
        ]  # fmt: skip


def locked(plan_id: UUID, *states: str) -> Plan:
    """Return a plan for a step, locked; raises NotFound, and WrongState in another state."""
    queries.plan(plan_id)
    found = Plan.objects.select_for_update(of=("self",)).get(pk=plan_id)
    if found.state not in states:
        raise WrongState(state=found.state)
    return found


@transaction.atomic
def propose(plan_id: UUID, *, by: Actor) -> UUID:
    """Put a draft before the office that must sign; returns the obligation to decide.

    Raises Refused, WrongState, NoOperator.
    """
    found = locked(plan_id, "draft")
    access.may_operate(by, found.area_id, found.carrier).or_raise()
    limit = balance.threshold_of(found.area_id, found.carrier)
    operator = access.operator_of(found.area_id, found.carrier)
    if limit is None or operator is None:
        raise NoOperator(area=found.area_id)
    name = registry.place(found.area_id).name
    title = {
        language: words.format(name=name[language], day=jalali.format_date(found.day, language))
        for language, words in zip(("fa", "en"), TITLES[found.carrier], strict=True)
    }
    ask = ledger.Ask(
        "resolution", found.pk, "decision", title, operator, operator, term=TERM,
        case_code=found.code, service=SERVICE, place=found.area_id, office=limit.signer_id,
        ground=limit.ground_id, spec={"ladder": list(LADDER)},
    )  # fmt: skip
    record(by, "plan_proposed", found.pk, f"plan:{found.pk}", office=limit.signer_id)
    (key,) = ledger.ask([ask], by=by)
    Plan.objects.filter(pk=found.pk).update(state="proposed", decision=key)
    return key


@transaction.atomic
def decide(plan_id: UUID, *, by: Actor, approve: bool, order: str) -> Plan:
    """Sign a plan with an order, or send it back with the reason. Raises Refused, Invalid."""
    found = locked(plan_id, "proposed")
    access.may_decide(by, found).or_raise()
    if not order.strip():
        raise Invalid({"order": gettext_noop("Write your order, or what is to be changed.")})
    assert found.decision is not None  # noqa: S101 - a proposed plan has one
    outcome = "positive" if approve else "negative"
    ledger.answer(by=by, obligation_id=found.decision,
                  reply=ledger.Reply(outcome, text=order.strip()))  # fmt: skip
    state = "approved" if approve else "refused"
    record(by, f"plan_{state}", found.pk, f"plan:{found.pk}")
    Plan.objects.filter(pk=found.pk).update(
        state=state, order=order.strip(), decided_at=clock.now()
    )
    return queries.plan(plan_id)
