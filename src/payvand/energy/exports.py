"""How does a published plan leave the house: as OpenADR 3, and as CSV?"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from payvand.energy.models import Plan
from payvand.energy.queries import balance as balances
from payvand.energy.queries import plans as queries
from payvand.energy.queries import schedules
from payvand.energy.rules import openadr as adr
from payvand.energy.rules.carriers import CARRIERS
from payvand.energy.rules.hours import ELECTRICITY, label, start_of

TEXT = "Electricity may be off in parts of the area"
COLUMNS = ("day", "schedule_area", "city", "districts", "from", "until")
LESS = ("day", "sector", "percent_less")
LINES = ("day", "from", "until", "group", "lever", "mwh", "why")


def openadr(plan: Plan, name: str, *, asked: bool = False) -> dict[str, Any]:
    """Return program and events of a plan; with `asked` also what single consumers are asked.

    What single consumers are asked is for the operator, or for that consumer alone.
    """
    program = adr.program(f"payvand-energy-{plan.area_id}", f"Shortage plans, {name}", plan.area_id)
    start = start_of(plan.day)
    blocks = {part.name: hours for part, hours in schedules.told_of(plan)}
    events = adr.outages(adr.Frame(plan.code, program["id"], start), blocks, TEXT)
    if asked:
        events += [one_asked(plan, one) for one in queries.requests_of(plan.pk)]
    return {"program": program, "events": events}


def one_asked(plan: Plan, one: queries.Asked) -> dict[str, Any]:
    """Return the event of one request; for that consumer and the operator."""
    mw = [back - out for out, back in zip(one.row.out_mw, one.row.back_mw, strict=True)]
    frame = adr.Frame(str(one.row.pk), f"payvand-energy-{plan.area_id}", start_of(plan.day))
    return adr.asked(frame, str(one.row.asset_id), mw)


def csv_rows(plan: Plan) -> list[list[str]]:
    """Return the public schedule as rows: schedule areas with clock times, or sectors by day."""
    if not CARRIERS[plan.carrier].has_turns:
        return [[str(day), sector, f"{share:g}"] for day, sector, share in less(plan)]
    return [
        [str(plan.day), part.name, part.city, "+".join(part.districts), label(hour),
         label(hour + 2)]
        for part, hours in schedules.told_of(plan) for hour in hours
    ]  # fmt: skip


def less(plan: Plan) -> list[tuple[date, str, float]]:
    """Return by how many percent which sector uses less on which day."""
    return [
        (plan.day + timedelta(days=n), one.sector, share)
        for one in schedules.less_of(plan)
        for n, share in enumerate(one.percent)
        if share
    ]


def line_rows(plan: Plan) -> list[tuple[Any, ...]]:
    """Return the lines of a plan as rows: day, clock times, group, lever, MWh and the reason."""
    kind, rows = CARRIERS[plan.carrier], plan.lines.order_by("group", "hour", "pk")
    return [
        (plan.day + timedelta(days=hour // kind.steps),
         *((label(hour), label(hour + 1)) if kind.steps > 1 else ("", "")), group, lever, mw, why)
        for group, lever, hour, mw, why in rows.values_list("group", "lever", "hour", "mw", "why")
    ]  # fmt: skip


def public_schedule(plans: list[Plan], name: str) -> dict[str, Any]:
    """Return schedules in force: OpenADR 3, or what sectors are told where it has no words."""
    return {"plans": [
        openadr(one, name) if CARRIERS[one.carrier].has_openadr else
        {"carrier": one.carrier, "first": one.day, "last": one.last,
         "less": [{"day": day, "sector": sector, "percent": share}
                  for day, sector, share in less(one)],
         "never_cut": [sector for sector, _source, _sample in schedules.never_cut(one)]}
        for one in plans
    ]}  # fmt: skip


def balance(area: str, carrier: str = ELECTRICITY) -> dict[str, Any]:
    """Return the outlook of a province as plain figures."""
    seen = balances.outlook_of(area, carrier)
    last = balances.latest_day(area, carrier)
    quality = [q for _, q in balances.quality_by_day(area, last, 7, carrier)]
    owed = sum(q.expected for q in quality)
    lacking = sum(q.missing + q.bad for q in quality)
    names = ("first", "made_at", "any_probability", "energy_mwh", "hours")
    lists = ("probability", "short_mw", "supply_mw")
    return {
        "area": area, "carrier": carrier,
        "imputed_percent": round(100 * lacking / owed, 3) if owed else 0.0,
        **{name: getattr(seen, name) if seen else None for name in names},
        **{name: getattr(seen, name) if seen else [] for name in lists},
    }  # fmt: skip


def plan(found: Plan) -> dict[str, Any]:
    """Return a plan as plain figures."""
    result = found.result
    lines = found.lines.order_by("group", "hour", "pk")
    return {
        "id": found.pk, "carrier": found.carrier, "area": found.area_id, "day": found.day,
        "last": found.last, "state": found.state,
        "inputs": found.inputs, "harm": result["harm"], "largest_burden": result["largest_burden"],
        "shed_mwh": result["shed_mwh"], "shifted_mwh": result["shifted_mwh"],
        "unmet_mw": result["unmet"], "alternatives": found.alternatives,
        "lines": list(lines.values("group", "lever", "hour", "mw", "why")),
        "is_sample": found.is_sample,
    }  # fmt: skip
