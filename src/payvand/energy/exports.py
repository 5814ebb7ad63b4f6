"""How does a published plan leave the house: as OpenADR 3, and as CSV?"""

from __future__ import annotations

from typing import Any

from payvand.energy.models import Plan
from payvand.energy.queries import balance as balances
from payvand.energy.queries import plans as queries
from payvand.energy.queries import schedules
from payvand.energy.rules import openadr as adr
from payvand.energy.rules.hours import label, start_of

TEXT = "Electricity may be off in parts of the area"
COLUMNS = ("day", "schedule_area", "city", "districts", "from", "until")


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
    """Return the public schedule as rows: day, schedule area, from and until (clock times)."""
    return [
        [str(plan.day), part.name, part.city, "+".join(part.districts), label(hour),
         label(hour + 2)]
        for part, hours in schedules.told_of(plan) for hour in hours
    ]  # fmt: skip


def balance(area: str) -> dict[str, Any]:
    """Return the outlook of a province as plain figures."""
    seen = balances.outlook_of(area)
    last = balances.latest_day(area)
    quality = [q for _, q in balances.quality_by_day(area, last, 7)]
    owed = sum(q.expected for q in quality)
    lacking = sum(q.missing + q.bad for q in quality)
    names = ("first", "made_at", "any_probability", "energy_mwh", "hours")
    lists = ("probability", "short_mw", "supply_mw")
    return {
        "area": area, "imputed_percent": round(100 * lacking / owed, 3) if owed else 0.0,
        **{name: getattr(seen, name) if seen else None for name in names},
        **{name: getattr(seen, name) if seen else [] for name in lists},
    }  # fmt: skip


def plan(found: Plan) -> dict[str, Any]:
    """Return a plan as plain figures."""
    result = found.result
    lines = found.lines.order_by("group", "hour", "pk")
    return {
        "id": found.pk, "area": found.area_id, "day": found.day, "state": found.state,
        "inputs": found.inputs, "harm": result["harm"], "largest_burden": result["largest_burden"],
        "shed_mwh": result["shed_mwh"], "shifted_mwh": result["shifted_mwh"],
        "unmet_mw": result["unmet"], "alternatives": found.alternatives,
        "lines": list(lines.values("group", "lever", "hour", "mw", "why")),
        "is_sample": found.is_sample,
    }  # fmt: skip
