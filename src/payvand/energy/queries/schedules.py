"""What may everybody read: where electricity may be off and why, and what passed the gate?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from payvand.energy.models import Plan, Published, Release, Threshold
from payvand.energy.rules.schedule import Part

SEP = "|"


def areas() -> list[str]:
    """Return the provinces that take part."""
    return list(Threshold.objects.order_by("area_id").values_list("area_id", flat=True))


def in_force(area: str, today: date) -> list[Plan]:
    """Return the published plans from today on, the next day first."""
    rows = Plan.objects.filter(area_id=area, state="published", day__gte=today)
    return list(rows.order_by("day"))


def told_of(plan: Plan) -> list[tuple[Part, list[int]]]:
    """Return every schedule area with the hours at which some of it may be off, as planned."""
    return [(Part(row["city"], tuple(row["districts"])), row["hours"])
            for row in plan.result["schedule"]]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One published cell: Wh, or a range, or the reason why it is withheld."""

    city: str  # or the province itself
    sector: str
    wh: float | None
    low: float | None
    high: float | None
    reason: str


def released(area: str) -> tuple[date | None, list[Shown]]:
    """Return the newest release of a province's consumption, cell by cell. Two queries."""
    last = Release.objects.filter(area_id=area).order_by("-day", "-at").first()
    if last is None:
        return None, []
    rows = Published.objects.filter(release=last).order_by("name")
    found = []
    for name, wh, low, high, reason in rows.values_list("name", "wh", "low", "high", "reason"):
        city, _, sector = name.partition(SEP)
        found.append(Shown(city, sector, wh, low, high, reason))
    return last.day, found
