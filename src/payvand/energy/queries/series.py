"""What does a forecast stand on: the sums of the past, and what was learnt until yesterday?"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from payvand.energy.models import DayLoad, ForecastMemory
from payvand.energy.rules.hours import STEPS

HISTORY = 189  # days that a forecast looks back on: 26 whole weeks and one


def panel(area: str, day: date, carrier: str, days_off: Mapping[date, str]) -> Any:
    """Return the series of the sectors and of their sum up to the eve of a day; None if empty."""
    import numpy as np

    from payvand.energy.rules.series import Panel

    rows = DayLoad.objects.filter(
        area_id=area, day__gte=day - timedelta(days=HISTORY), day__lt=day, carrier=carrier
    ).values_list("day", "sector", "wh")
    sums: dict[tuple[date, str], Any] = {}
    for on, sector, wh in rows:
        mwh = np.array([np.nan if v is None else v / 1e6 for v in wh])
        sums[on, sector] = sums[on, sector] + mwh if (on, sector) in sums else mwh
    if not sums:
        return None
    first = min(on for on, _ in sums)
    names = sorted({sector for _, sector in sums})
    demand = np.full(((day - first).days, STEPS[carrier], len(names)), np.nan)
    for (on, sector), mwh in sums.items():
        demand[(on - first).days, :, names.index(sector)] = mwh
    whole = demand.sum(axis=2, keepdims=True)
    return Panel(("", *names), first, np.concatenate([whole, demand], axis=2),
                 holidays=days_off, country="IR")  # fmt: skip


def kept(area: str, carrier: str, *, until: date) -> dict[str, dict[str, Any]]:
    """Return what was learnt about each sector, where it is of a day up to this one."""
    import numpy as np

    found: dict[str, dict[str, Any]] = {}
    rows = ForecastMemory.objects.filter(area_id=area, carrier=carrier, day__lte=until)
    for sector, stored in rows.values_list("sector", "kept"):
        with np.load(io.BytesIO(stored), allow_pickle=False) as arrays:
            found[sector] = {name: arrays[name] for name in arrays.files}
    return found


def as_rows(
    area: str, carrier: str, learnt: Mapping[str, Mapping[str, Any]]
) -> list[ForecastMemory]:
    """Return the rows that keep what was learnt."""
    import numpy as np

    rows = []
    for sector, arrays in learnt.items():
        packed = io.BytesIO()
        np.savez_compressed(packed, **arrays)
        rows.append(ForecastMemory(
            carrier=carrier, area_id=area, sector=sector, version=int(arrays["version"][0]),
            day=date.fromordinal(int(arrays["day"][0])), kept=packed.getvalue(),
        ))  # fmt: skip
    return rows
