"""How do supply and readings come in by a page, a file or a program?

Readings go to Parquet (ingest.py) and are rolled up; pages read the sums (taking_over.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from payvand.energy import access, sheets
from payvand.energy.actions import outlooks
from payvand.energy.actions.journal import record, stream_of
from payvand.energy.actions.outlooks import SupplyRow
from payvand.energy.actions.taking_over import CARRIER, Sums, take_over
from payvand.energy.actions.taking_over_days import take_over_days
from payvand.energy.errors import NoRegister, NotInstalled
from payvand.energy.models import ReadingsDue
from payvand.energy.rules import supply_rows
from payvand.kernel import clock
from payvand.registry import public as registry
from payvand.registry.public import Actor

if TYPE_CHECKING:
    from payvand.energy.ingest import Loaded

SHOWN = 200


@dataclass
class Report:
    """What became of a file: rows kept, and what is wrong with the others, row by row."""

    kept: int = 0
    again: bool = False
    rejected: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, str, str]] = field(default_factory=list)
    days: list[date] = field(default_factory=list)


def take_supply_file(
    area: str, path: Path, *, by: Actor, source: str = "", carrier: str = CARRIER
) -> Report:
    """Record the supply of a CSV or XLSX file; bad rows are reported, the others kept.

    source: how the file is called in the log, where not by its path. Raises Refused, FileUnfit.
    """
    access.may_operate(by, area, carrier).or_raise()
    rows, problems = supply_rows.read(sheets.rows(path))
    report = Report()
    for one in problems:
        report.rejected[one.why] = report.rejected.get(one.why, 0) + 1
        if len(report.rows) < SHOWN:
            report.rows.append((one.row, one.why, one.text))
    last = {row.at: SupplyRow(row.at, row.mw, row.sd_mw) for row in rows}  # of one hour the last
    if last:
        report.kept = outlooks.take_supply(area, list(last.values()), by=by,
                                           source=source or path.name, carrier=carrier)  # fmt: skip
    return report


def take_readings(
    area: str, path: Path, *, by: Actor, register: bool = False, carrier: str = CARRIER
) -> Report:
    """Keep the readings of a file once, roll the touched days up, and take over their sums.

    register: the file is the register of meters. Meters of other provinces are told and left out.
    Raises Refused, NotInstalled, NoRegister, SeriesUnreadable, FileUnfit.
    """
    access.may_operate(by, area, carrier).or_raise()
    store = _store()
    try:
        from payvand.energy import ingest

        if register:
            told = ingest.register(store, path, carrier, area=area)
            record(by, "meters_registered", stream_of(area), f"area:{area}", meters=told.kept,
                   refused=sum(told.rejected.values()))  # fmt: skip
            return Report(told.kept, rejected=told.rejected, rows=told.first_rejected[:SHOWN])
        found = ingest.load(store, path, carrier, now=clock.now(), area=area)
        days = ingest.roll_up(store, carrier, None if found.again else found.days)
    except ImportError as error:
        raise NotInstalled(reason=str(error)) from error
    except FileNotFoundError as error:
        raise NoRegister(area=area) from error
    if carrier == CARRIER:
        take_over(area, Sums(store), days, by=by)
    else:
        take_over_days(area, store, days, by=by, carrier=carrier)
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
    access.may_operate(by, area, carrier).or_raise()
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
        sums = Sums(store) if carrier == CARRIER else None
        names = sums.names if sums else store.register(carrier).names
        for area in sorted(set(names["province"]) & set(registry.all_places())):
            if sums:
                take_over(area, sums, days, by=by)
            else:
                take_over_days(area, store, days, by=by, carrier=carrier)
    for one in due:
        ReadingsDue.objects.filter(pk=one.pk, since=one.since).delete()
    return len(due)
