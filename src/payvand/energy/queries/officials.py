"""How do the provinces stand side by side: foreseen, planned, kept, borne, from month to month?

Of every carrier at once: a carrier is a column, and one more costs no query more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from payvand.energy.models import BurdenEntry, Outlook, Plan, Threshold
from payvand.energy.rules.carriers import CARRIERS
from payvand.kernel import jalali

MONTHS = 12
Where = tuple[str, str]  # province and carrier
Month = tuple[tuple[int, int], float, float]  # (year, month), MWh cut, MWh moved


@dataclass(frozen=True, slots=True)
class Province:
    """One province and carrier: what is foreseen, its latest plan, how plans were kept, borne."""

    code: str
    carrier: str
    outlook: Outlook | None
    plan: Plan | None
    kept: float | None  # mean share delivered of what was agreed, this year
    cut_mwh: float
    moved_mwh: float

    @property
    def chance(self) -> float:
        """Return how likely a shortage is; below 0 where nothing is foreseen."""
        return -1.0 if self.outlook is None else self.outlook.any_probability or 0.0


def taking_part() -> list[Where]:
    """Return the provinces that take part, each with its carriers."""
    rows = Threshold.objects.order_by("carrier", "area_id").values_list("area_id", "carrier")
    return [(area, carrier) for area, carrier in rows if carrier in CARRIERS]


def provinces(where: Collection[Where], first: date) -> list[Province]:
    """Return some provinces and carriers, the most probable shortage first. Three queries."""
    if not where:
        return []
    seen: dict[Where, Outlook] = {}
    for row in Outlook.objects.filter(_within(where)).order_by("-made_at", "-pk")[:400]:
        seen.setdefault((row.area_id, row.carrier), row)
    plans: dict[Where, Plan] = {}
    kept: dict[Where, list[float]] = {}
    made = Plan.objects.filter(_within(where), day__gte=first).defer("alternatives", "result")
    for plan in made.order_by("-day", "-made_at")[:500]:
        key = plan.area_id, plan.carrier
        if plan.state not in ("superseded", "refused"):
            plans.setdefault(key, plan)
        if plan.kept is not None:
            kept.setdefault(key, []).append(plan.kept)
    sums = _entries(where, first).values_list("area_id", "carrier", "lever").annotate(Sum("mwh"))
    borne = {(area, carrier, lever): mwh for area, carrier, lever, mwh in sums}
    found = [
        Province(*key, seen.get(key), plans.get(key),
                 sum(kept[key]) / len(kept[key]) if key in kept else None,
                 borne.get((*key, "shed"), 0.0), borne.get((*key, "shift_out"), 0.0))
        for key in where
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.chance, one.code))


def _within(where: Collection[Where]) -> Q:
    within = Q()
    for kind in sorted({kind for _, kind in where}):
        within |= Q(carrier=kind, area_id__in=[area for area, own in where if own == kind])
    return within


def _entries(where: Collection[Where], first: date) -> Any:
    return BurdenEntry.objects.filter(_within(where), day__gte=first, asset=None).order_by()


def by_sector(where: Collection[Where], first: date) -> dict[str, dict[str, dict[str, float]]]:
    """Return MWh since a day: carrier → sector → lever → MWh. One query."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    rows = _entries(where, first).values_list("carrier", "group", "lever").annotate(Sum("mwh"))
    for carrier, group, lever, mwh in rows:
        told = found.setdefault(carrier, {}).setdefault(group.partition("/")[0], {})
        told[lever] = told.get(lever, 0.0) + mwh
    return found


def months(where: Collection[Where], today: date) -> dict[str, list[Month]]:
    """Return the last twelve Jalali months of each carrier. One query."""
    year, month, _ = jalali.to_jalali(today)
    place = year * 12 + month - MONTHS
    first = jalali.parse(place // 12, place % 12 + 1, 1)
    keys = [((place + n) // 12, (place + n) % 12 + 1) for n in range(MONTHS)]
    found: dict[str, dict[tuple[int, int], list[float]]] = {}
    rows = _entries(where, first).values_list("carrier", "day", "lever").annotate(Sum("mwh"))
    for carrier, day, lever, mwh in rows:
        own = found.setdefault(carrier, {key: [0.0, 0.0] for key in keys})
        key = jalali.to_jalali(day)[:2]
        if key in own and lever in ("shed", "shift_out"):
            own[key][lever == "shift_out"] += mwh
    return {carrier: [(key, cut, moved) for key, (cut, moved) in own.items()]
            for carrier, own in found.items()}  # fmt: skip
