"""How do the sums of what is read once a day, such as gas, reach the pages?

A reading is of a whole day, so the day of the reading is the day of the page: no day has to be put
together from the hours of two. A district is not told apart; gas has no feeders.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from payvand.energy import access
from payvand.energy.actions.journal import record, stream_of
from payvand.energy.actions.taking_over import HEAD, KINDS
from payvand.energy.models import Asset, AssetLoad, DayLoad
from payvand.energy.rules.hours import GAS
from payvand.kernel import clock
from payvand.registry.public import Actor


@transaction.atomic
def take_over_days(
    area: str, store: Any, days: Iterable[date], *, by: Actor, carrier: str = GAS
) -> int:
    """Write the sums of rolled-up days into rows for the pages; returns how many rows."""
    access.may_operate(by, area, carrier).or_raise()
    register, rows, wanted = store.register(carrier), [], sorted(set(days))
    for day in wanted:
        sums = _sums(store, carrier, day, area)
        if sums is None:
            continue
        consumers, largest = _consumers(store, register, carrier, day)
        _load_named(area, store, carrier, day)
        for (city, sector), own in sums.items():
            cells = [n for n, where in enumerate(zip(register.names["province"],
                     register.names["city"], register.names["sector"], strict=True))
                     if where == (area, city, sector)]  # fmt: skip
            rows.append(DayLoad(
                carrier=carrier, area_id=area, city=city[:16], district="1", sector=sector, day=day,
                wh=[own["wh"] if own["n"] else None], expected=own["expected"], n=own["n"],
                bad=own["bad"], consumers=int(consumers[cells].sum()),
                largest=int(largest[cells].max(initial=0)), known_at=clock.now(),
            ))  # fmt: skip
    DayLoad.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True,
        unique_fields=["carrier", "area", "day", "city", "district", "sector"],
        update_fields=["wh", "expected", "n", "bad", "consumers", "largest", "known_at"],
    )  # fmt: skip
    record(by, "loads_taken_over", stream_of(area), f"area:{area}", days=len(wanted),
           rows=len(rows), carrier=carrier)  # fmt: skip
    return len(rows)


def _sums(
    store: Any, carrier: str, day: date, area: str
) -> dict[tuple[str, str], dict[str, int]] | None:
    """Return {(city, sector): sums} of a day; None where it was not rolled up."""
    import pyarrow.parquet as parquet

    path = store.folder("rollup", carrier, day) / "rollup.parquet"
    if not path.exists():
        return None
    table = parquet.read_table(path, partitioning=None).to_pandas()
    own = table[(table["province"] == area) & (table["sector"] != HEAD)]
    found = own.groupby(["city", "sector"], observed=True)[list(KINDS)].sum()
    return {
        (str(city), str(sector)): {name: int(row[name]) for name in KINDS}
        for (city, sector), row in found.iterrows()
    }


def _load_named(area: str, store: Any, carrier: str, day: date) -> None:
    """Keep the day of those who are asked by name: for themselves, settlement and operator."""
    import numpy as np

    from payvand.energy.rules.rollup import OVERLOAD, current

    named = Asset.objects.filter(carrier=carrier, area_id=area, closed_on=None, meter__isnull=False)
    meters = {int(meter or 0): pk for meter, pk in named.values_list("meter", "pk")}
    if not meters:
        return
    rows, _old = current(store.readings(carrier, day))
    register = store.register(carrier).meters
    place = register.places(rows.meter)
    ours = np.isin(rows.meter, list(meters)) & (place >= 0) & (rows.wh >= 0)
    ours &= rows.wh <= OVERLOAD * np.where(place >= 0, register.most_wh[place], 0)
    found = [AssetLoad(asset_id=meters[int(meter)], day=day, wh=[int(wh)])
             for meter, wh in zip(rows.meter[ours], rows.wh[ours], strict=True)]  # fmt: skip
    AssetLoad.objects.bulk_create(found, batch_size=500, update_conflicts=True,
                                  unique_fields=["asset", "day"], update_fields=["wh"])  # fmt: skip


def _consumers(store: Any, register: Any, carrier: str, day: date) -> tuple[Any, Any]:
    """Return by cell how many consumers there are, and the Wh of the largest one on a day."""
    import numpy as np

    from payvand.energy.rules.rollup import current

    meters = register.meters
    rows, _old = current(store.readings(carrier, day))
    place = meters.places(rows.meter)
    known = (place >= 0) & (rows.wh > 0)
    top = np.zeros(meters.cells)
    wh = np.minimum(rows.wh[known], meters.most_wh[place[known]])
    np.maximum.at(top, meters.cell[place[known]], wh)
    return np.bincount(meters.cell, minlength=meters.cells), top
