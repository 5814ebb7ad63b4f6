"""How do the provinces stand side by side: foreseen, planned, kept, borne, from month to month?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from payvand.energy.models import BurdenEntry, Outlook, Plan
from payvand.energy.queries import balance
from payvand.kernel import jalali

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Province:
    """One province: what is foreseen, its latest plan, how plans were kept, what was borne."""

    code: str
    outlook: Outlook | None
    plan: Plan | None
    kept: float | None  # mean share delivered of what was agreed, this year
    cut_mwh: float
    moved_mwh: float


def provinces(codes: Collection[str], first: date) -> list[Province]:
    """Return the provinces, the most probable shortage first. Three queries."""
    seen = balance.outlooks(codes)
    plans: dict[str, Plan] = {}
    kept: dict[str, list[float]] = {}
    rows = Plan.objects.filter(area_id__in=list(codes), day__gte=first).defer("alternatives")
    for plan in rows.order_by("-day", "-made_at")[:500]:
        if plan.state not in ("superseded", "refused"):
            plans.setdefault(plan.area_id, plan)
        if plan.kept is not None:
            kept.setdefault(plan.area_id, []).append(plan.kept)
    borne = _borne(codes, first)
    found = [
        Province(code, seen.get(code), plans.get(code),
                 sum(kept[code]) / len(kept[code]) if code in kept else None,
                 borne.get((code, "shed"), 0.0), borne.get((code, "shift_out"), 0.0))
        for code in codes
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-_chance(one), one.code))


def _chance(one: Province) -> float:
    return -1.0 if one.outlook is None else one.outlook.any_probability or 0.0


def _borne(codes: Collection[str], first: date) -> dict[tuple[str, str], float]:
    rows = BurdenEntry.objects.filter(area_id__in=list(codes), day__gte=first, asset=None)
    sums = rows.order_by().values_list("area_id", "lever").annotate(Sum("mwh"))
    return {(area, lever): mwh for area, lever, mwh in sums}


def by_sector(codes: Collection[str], first: date) -> dict[str, dict[str, float]]:
    """Return MWh cut and moved by sector since a day: sector → lever → MWh. One query."""
    rows = BurdenEntry.objects.filter(area_id__in=list(codes), day__gte=first, asset=None)
    found: dict[str, dict[str, float]] = {}
    for group, lever, mwh in rows.order_by().values_list("group", "lever").annotate(Sum("mwh")):
        of = found.setdefault(group.partition("/")[0], {})
        of[lever] = of.get(lever, 0.0) + mwh
    return found


def months(codes: Collection[str], today: date) -> list[tuple[tuple[int, int], float, float]]:
    """Return ((year, month), MWh cut, MWh moved) of the last twelve Jalali months. One query."""
    year, month, _ = jalali.to_jalali(today)
    place = year * 12 + month - MONTHS
    first = jalali.parse(place // 12, place % 12 + 1, 1)
    rows = BurdenEntry.objects.filter(area_id__in=list(codes), day__gte=first, asset=None)
    found: dict[tuple[int, int], list[float]] = {
        ((place + n) // 12, (place + n) % 12 + 1): [0.0, 0.0] for n in range(MONTHS)
    }
    for day, lever, mwh in rows.order_by().values_list("day", "lever").annotate(Sum("mwh")):
        key = jalali.to_jalali(day)[:2]
        if key in found and lever in ("shed", "shift_out"):
            found[key][lever == "shift_out"] += mwh
    return [(key, cut, moved) for key, (cut, moved) in found.items()]
