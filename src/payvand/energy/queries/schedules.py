"""What may everybody read: where electricity may be off and why, and what passed the gate?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from payvand.energy.models import Plan, Published, Release, Threshold
from payvand.energy.rules.hours import ELECTRICITY
from payvand.energy.rules.schedule import Part

SEP = "|"


def areas(carrier: str = ELECTRICITY) -> list[str]:
    """Return the provinces that take part."""
    rows = Threshold.objects.filter(carrier=carrier).order_by("area_id")
    return list(rows.values_list("area_id", flat=True))


def in_force(area: str, today: date, carrier: str = ELECTRICITY) -> list[Plan]:
    """Return the published plans that reach to today or later, the next day first."""
    rows = Plan.objects.filter(carrier=carrier, area_id=area, state="published", last__gte=today)
    return list(rows.order_by("day"))


def told_of(plan: Plan) -> list[tuple[Part, list[int]]]:
    """Return every schedule area with the hours at which some of it may be off, as planned."""
    return [(Part(row["city"], tuple(row["districts"])), row["hours"])
            for row in plan.result["schedule"]]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Less:
    """By how many percent all of a sector must use less, day by day of a plan; None: not at all."""

    sector: str
    percent: list[float]


def less_of(plan: Plan) -> list[Less]:
    """Return what sectors are told, where a carrier has no lines that take turns."""
    days = (plan.last - plan.day).days + 1
    return [Less(row["sector"], row["percent"][:days]) for row in plan.result.get("limits", ())]


def never_cut(plan: Plan) -> list[tuple[str, dict[str, str], bool]]:
    """Return the sectors that a plan may not cut, each with its source, and if that is a sample."""
    rules = plan.result.get("rules", {})
    return [(name, rule["source"], rule["sample"]) for name, rule in sorted(rules.items())
            if rule["never_cut"]]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One published cell: Wh, or a range, or the reason why it is withheld."""

    city: str  # or the province itself
    sector: str
    wh: float | None
    low: float | None
    high: float | None
    reason: str


def released(area: str, carrier: str = ELECTRICITY) -> tuple[date | None, list[Shown]]:
    """Return the newest release of a province's consumption, cell by cell. Two queries."""
    last = Release.objects.filter(carrier=carrier, area_id=area).order_by("-day", "-at").first()
    if last is None:
        return None, []
    rows = Published.objects.filter(release=last).order_by("name")
    found = []
    for name, wh, low, high, reason in rows.values_list("name", "wh", "low", "high", "reason"):
        city, _, sector = name.partition(SEP)
        found.append(Shown(city, sector, wh, low, high, reason))
    return last.day, found
