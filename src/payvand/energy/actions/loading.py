"""How do files of supply and readings come in by a page, and how do roll-ups reach the pages?

Readings go to Parquet (ingest.py); what pages need of them are sums: one row per district, sector
and day, written here whenever days were rolled up. A day is a day in Tehran.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from payvand.energy import access, sheets
from payvand.energy.actions import outlooks
from payvand.energy.actions.journal import record, stream_of
from payvand.energy.actions.outlooks import SupplyRow
from payvand.energy.errors import NoRegister, NotInstalled
from payvand.energy.models import DayLoad, Feeder, ReadingsDue
from payvand.energy.rules import supply_rows
from payvand.energy.rules.hours import BEFORE
from payvand.kernel import clock
from payvand.registry import public as registry
from payvand.registry.public import Actor

if TYPE_CHECKING:
    from payvand.energy.ingest import Loaded

SHOWN = 200
CARRIER = "electricity"
HEAD = "head"


@dataclass
class Report:
    """What became of a file: rows kept, and what is wrong with the others, row by row."""

    kept: int = 0
    again: bool = False
    rejected: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, str, str]] = field(default_factory=list)
    days: list[date] = field(default_factory=list)


def take_supply_file(area: str, path: Path, *, by: Actor) -> Report:
    """Record the supply of a CSV or XLSX file; bad rows are reported, the others kept.

    Raises Refused, FileUnfit.
    """
    access.may_operate(by, area).or_raise()
    rows, problems = supply_rows.read(sheets.rows(path))
    report = Report()
    for one in problems:
        report.rejected[one.why] = report.rejected.get(one.why, 0) + 1
        if len(report.rows) < SHOWN:
            report.rows.append((one.row, one.why, one.text))
    last = {row.at: SupplyRow(row.at, row.mw, row.sd_mw) for row in rows}  # of one hour the last
    if last:
        report.kept = outlooks.take_supply(area, list(last.values()), by=by, source=path.name)
    return report


def take_readings(area: str, path: Path, *, by: Actor, register: bool = False) -> Report:
    """Keep the readings of a file once, roll the touched days up, and take over their sums.

    register: the file is the register of meters. Meters of other provinces are told and left out.
    Raises Refused, NotInstalled, NoRegister, SeriesUnreadable, FileUnfit.
    """
    access.may_operate(by, area).or_raise()
    store = _store()
    try:
        from payvand.energy import ingest

        if register:
            told = ingest.register(store, path, CARRIER, area=area)
            record(by, "meters_registered", stream_of(area), f"area:{area}", meters=told.kept,
                   refused=sum(told.rejected.values()))  # fmt: skip
            return Report(told.kept, rejected=told.rejected, rows=told.first_rejected[:SHOWN])
        found = ingest.load(store, path, CARRIER, now=clock.now(), area=area)
        days = ingest.roll_up(store, CARRIER, None if found.again else found.days)
    except ImportError as error:
        raise NotInstalled(reason=str(error)) from error
    except FileNotFoundError as error:
        raise NoRegister(area=area) from error
    take_over(area, store, days, by=by)
    return Report(found.kept, found.again, found.rejected, found.first_rejected[:SHOWN], days)


def _store() -> Any:
    try:
        from payvand.energy.engine.store import Store
    except ImportError as error:
        raise NotInstalled(reason=str(error)) from error
    return Store(Path(settings.PAYVAND_ENERGY_STORE))


@transaction.atomic
def take_sent(area: str, rows: Sequence[Mapping[str, Any]], carrier: str, *, by: Actor) -> Loaded:
    """Keep readings that a program sends, once for each meter, hour and version.

    Their days are summed by the worker within a minute. Raises Refused, NotInstalled, NoRegister,
    SeriesUnreadable.
    """
    access.may_operate(by, area).or_raise()
    store = _store()
    try:
        import pandas as pd

        from payvand.energy import ingest

        table = pd.DataFrame(list(rows))
        found = ingest.take(store, table, carrier, now=clock.now(), area=area)
    except ImportError as error:
        raise NotInstalled(reason=str(error)) from error
    except FileNotFoundError as error:
        raise NoRegister(area=area) from error
    now = clock.now()
    ReadingsDue.objects.bulk_create(
        [ReadingsDue(carrier=carrier, day=day, since=now) for day in found.days],
        update_conflicts=True, unique_fields=["carrier", "day"], update_fields=["since"],
    )  # fmt: skip
    record(by, "readings_sent", stream_of(area), f"area:{area}", kept=found.kept, same=found.same,
           refused=sum(found.rejected.values()), days=sorted(map(str, found.days)))  # fmt: skip
    return found


def sum_due() -> int:
    """Sum the days whose readings were sent, for every province; returns how many days.

    A day that gets more readings meanwhile stays due.
    """
    due = list(ReadingsDue.objects.order_by("carrier", "day"))
    if not due:
        return 0
    from payvand.energy import ingest

    store, by = _store(), registry.system("energy")
    for carrier in {one.carrier for one in due}:
        own = [one for one in due if one.carrier == carrier]
        for one in own:
            store.compact(carrier, one.day)
        days = ingest.roll_up(store, carrier, [one.day for one in own])
        if carrier == CARRIER:
            areas = set(store.register(carrier).names["province"]) & set(registry.all_places())
            for area in sorted(areas):
                take_over(area, store, days, by=by)
    for one in due:
        ReadingsDue.objects.filter(pk=one.pk, since=one.since).delete()
    return len(due)


@transaction.atomic
def take_over(area: str, store: Any, days: Iterable[date], *, by: Actor) -> int:
    """Write the sums of rolled-up UTC days into rows for the pages; returns how many rows.

    A day in Tehran needs two UTC days; one that lacks its first hours is written with gaps.
    """
    access.may_operate(by, area).or_raise()
    touched = sorted({one for day in days for one in (day, day + timedelta(days=1))})
    districts = dict(Feeder.objects.filter(area_id=area).values_list("code", "district"))
    register = store.register(CARRIER)
    cells = _cells(register.names, area, districts)
    now, rows, newest = clock.now(), [], None
    for day in touched:
        rolled = [_rolled(store, one, register) for one in (day - timedelta(days=1), day)]
        if rolled[1] is None:
            continue
        top = _largest(store, register, (day - timedelta(days=1), day))
        rows += [_row(area, day, key, own, rolled, top, now) for key, own in cells.items()]
        newest = (day, rolled, top[0]) if rolled[0] is not None else newest
    DayLoad.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True,
        unique_fields=["carrier", "area", "day", "city", "district", "sector"],
        update_fields=["wh", "expected", "n", "bad", "consumers", "largest", "known_at"],
    )  # fmt: skip
    if newest is not None:
        _refresh_feeders(area, register.names, newest)
    record(by, "loads_taken_over", stream_of(area), f"area:{area}", days=len(touched),
           rows=len(rows))  # fmt: skip
    return len(rows)


def _refresh_feeders(area: str, names: dict[str, list[str]], newest: tuple[Any, Any, Any]) -> None:
    """Keep what hangs on each feeder, its hours, and how far its head meter lies from the sum.

    A new feeder lies in district 1 until the operator says otherwise; cuts and districts stay.
    """
    import numpy as np

    day, (eve, whole), counts = newest
    hours = np.concatenate([eve["wh"][:, 24 - BEFORE :], whole["wh"][:, : 24 - BEFORE]], axis=1)
    columns = (names["province"], names["city"], names["feeder"], names["sector"])
    found: dict[str, tuple[str, list[int], list[int]]] = {}
    for n, (province, city, feeder, sector) in enumerate(zip(*columns, strict=True)):
        if province == area:
            _city, own, heads = found.setdefault(feeder, (city, [], []))
            (heads if sector == HEAD else own).append(n)
    rows = []
    for code, (city, own, heads) in found.items():
        used, head = hours[own].sum(axis=0), float(hours[heads].sum())
        gap = abs(head - float(used.sum())) / head if head > 0 else 0.0
        rows.append(Feeder(
            code=code[:40], area_id=area, city=city[:16], district="1", gap_day=day,
            consumers=int(counts[own].sum()), gap_ppm=min(int(1e6 * gap), 2_000_000_000),
            usual_mw=[round(float(v) / 1e6, 4) for v in used],
        ))  # fmt: skip
    Feeder.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["code"],
        update_fields=["city", "consumers", "usual_mw", "gap_ppm", "gap_day"],
    )  # fmt: skip


Key = tuple[str, str, str]


def _cells(names: dict[str, list[str]], area: str, districts: dict[str, str]
           ) -> dict[Key, list[int]]:  # fmt: skip
    """Return the rows of the roll-up that count in each city, district and sector of an area."""
    found: dict[Key, list[int]] = {}
    columns = (names["province"], names["city"], names["feeder"], names["sector"])
    for n, (province, city, feeder, sector) in enumerate(zip(*columns, strict=True)):
        if province == area and sector != HEAD:
            found.setdefault((city[:16], districts.get(feeder, "1"), sector), []).append(n)
    return found


def _rolled(store: Any, day: date, register: Any) -> dict[str, Any] | None:
    """Return wh, n, bad and expected of a UTC day as (cell, 24); None where it was not rolled.

    Cells are those of the register of today, whichever the day was summed with.
    """
    import numpy as np
    import pyarrow.parquet as parquet

    from payvand.energy.engine.store import PLACE

    path = store.folder("rollup", CARRIER, day) / "rollup.parquet"
    if not path.exists():
        return None
    table = parquet.read_table(path, partitioning=None)
    columns = (table[name].to_pylist()[::24] for name in PLACE)
    then = {key: n for n, key in enumerate(zip(*columns, strict=True))}
    place = np.array([then.get(key, -1) for key in zip(*(register.names[n] for n in PLACE),
                                                       strict=True)])  # fmt: skip
    found = {}
    for name in ("wh", "n", "bad", "expected"):
        values = table[name].to_numpy().reshape(-1, 24)
        found[name] = np.where(place[:, None] >= 0, values[place], 0)
    return found


def _largest(store: Any, register: Any, days: Sequence[date]) -> tuple[Any, Any]:
    """Return the consumers of each cell, and the Wh of the largest over the two UTC days."""
    import numpy as np

    from payvand.energy.rules.rollup import current

    meters = register.meters
    sums = np.zeros(len(meters.meter))
    for day in days:
        rows, _old = current(store.readings(CARRIER, day))
        place = meters.places(rows.meter)
        known = (place >= 0) & (rows.wh > 0)
        wh = np.minimum(rows.wh[known], meters.most_wh[place[known]])
        sums += np.bincount(place[known], weights=wh, minlength=len(sums))
    top = np.zeros(meters.cells)
    np.maximum.at(top, meters.cell, sums)
    return np.bincount(meters.cell, minlength=meters.cells), top


def _row(  # noqa: PLR0913, PLR0917 - one row from its sources
    area: str, day: date, key: Key, own: list[int], rolled: list[Any], top: Any, now: Any
) -> DayLoad:
    eve, whole = rolled
    counts, largest = top
    hours: list[int | None] = [None] * BEFORE
    expected, n, bad = 0, 0, 0
    if eve is not None:
        hours = [int(v) for v in eve["wh"][own, 24 - BEFORE :].sum(axis=0)]
    hours += [int(v) for v in whole["wh"][own, : 24 - BEFORE].sum(axis=0)]
    for part, cut in ((eve, slice(24 - BEFORE, 24)), (whole, slice(0, 24 - BEFORE))):
        if part is not None:
            expected += int(part["expected"][own, cut].sum())
            n += int(part["n"][own, cut].sum())
            bad += int(part["bad"][own, cut].sum())
    return DayLoad(
        area_id=area, city=key[0], district=key[1], sector=key[2], day=day, wh=hours, n=n, bad=bad,
        expected=expected, consumers=int(counts[own].sum()), largest=int(largest[own].max()),
        known_at=now,
    )  # fmt: skip
