"""What does the worker do with each kind of file, step by step, so that it can stop anywhere?

Each step is some thousand rows or one day. What a step has written is either harmless to write
again (readings are known by the hash of their file, sums replace sums) or is written in one
transaction with how far it has come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from payvand.energy import access
from payvand.energy.actions import assets, loading
from payvand.energy.actions.taking_over import Sums, take_over
from payvand.energy.actions.taking_over_days import take_over_days
from payvand.energy.actions.uploads import (
    CONSUMERS,
    READINGS,
    REGISTER,
    SUPPLY,
    path_of,
    person,
    progress,
)
from payvand.energy.errors import FileUnfit, NoRegister
from payvand.energy.models import Upload
from payvand.energy.models.uploads import DAYS, ROWS
from payvand.energy.rules.hours import ELECTRICITY
from payvand.kernel.errors import gettext_noop
from payvand.registry.public import Actor

WEEK = 7  # days whose sums are taken over in one transaction


def steps(upload: Upload) -> Iterator[None]:
    """Read a file that was handed over; to be asked on until it ends. Raises PayvandError, Lost."""
    by, path = person(upload), path_of(upload)
    access.may_operate(by, upload.area_id, upload.carrier).or_raise()
    if not path.exists():
        raise FileUnfit(gettext_noop("The file is not there any more."),
                        gettext_noop("Hand it over again."))  # fmt: skip
    kinds = {SUPPLY: _supply, READINGS: _readings, REGISTER: _register, CONSUMERS: _consumers}
    yield from kinds[upload.kind](upload, path, by)


def _supply(upload: Upload, path: Path, by: Actor) -> Iterator[None]:
    with transaction.atomic():  # each news of supply is kept, so it must not come twice
        told = loading.take_supply_file(upload.area_id, path, by=by, carrier=upload.carrier,
                                        source=upload.name)  # fmt: skip
        progress(upload, ROWS, told.kept, told.kept, report=_plain(told))
    yield


def _register(upload: Upload, path: Path, by: Actor) -> Iterator[None]:
    told = loading.take_readings(upload.area_id, path, by=by, register=True,
                                 carrier=upload.carrier)  # fmt: skip
    progress(upload, ROWS, told.kept, told.kept, report=_plain(told))
    yield


def _readings(upload: Upload, path: Path, by: Actor) -> Iterator[None]:
    """Keep the rows, then sum the days they touch, then take the sums over for the pages."""
    from payvand.energy import ingest
    from payvand.energy.engine.store import Store

    store = Store(Path(settings.PAYVAND_ENERGY_STORE))
    try:
        if upload.stage == ROWS:
            whole = ingest.rows_in(path)
            for told in ingest.load_in_steps(store, path, upload.carrier, now=upload.at,
                                             area=upload.area_id):  # fmt: skip
                progress(upload, ROWS, told.rows, whole, report=_read(told))
                yield
            progress(upload, DAYS, 0, 0)
        touched = [date.fromisoformat(day) for day in upload.report["days"]]
        days = []
        for day, count in ingest.roll_in_steps(store, upload.carrier, touched):
            days.append(day)
            progress(upload, DAYS, len(days), count)
            yield
    except FileNotFoundError as error:
        raise NoRegister(area=upload.area_id) from error
    yield from _taken_over(upload, store, days, by)


def _taken_over(upload: Upload, store: Any, days: list[date], by: Actor) -> Iterator[None]:
    sums = Sums(store) if upload.carrier == ELECTRICITY else None
    for place in range(0, len(days), WEEK):
        some = days[place : place + WEEK]
        if sums:
            take_over(upload.area_id, sums, some, by=by)
        else:
            take_over_days(upload.area_id, store, some, by=by, carrier=upload.carrier)
        progress(upload, DAYS, upload.done, upload.whole)
        yield


def _consumers(upload: Upload, path: Path, by: Actor) -> Iterator[None]:
    """Register the rows; a step and its counts are one transaction, so each counts once."""
    begun, report = upload.done, _before(upload)
    done = 0
    for rows in assets.batches(path, upload.carrier):
        done += len(rows)
        if done <= begun:
            continue
        with transaction.atomic():
            told = assets.register(upload.area_id, rows, by=by, source=upload.name,
                                   carrier=upload.carrier)  # fmt: skip
            report["counts"] = dict(Counter(report["counts"]) + told.counts)
            report["faults"] += [[row, one.column, one.why, one.text] for row, one in told.faults]
            report["faults"] = report["faults"][: assets.SHOWN]
            progress(upload, ROWS, done, 0, report=report)
        yield


def _before(upload: Upload) -> dict[str, Any]:
    return {"counts": dict(upload.report.get("counts", {})),
            "faults": list(upload.report.get("faults", []))}  # fmt: skip


def _plain(told: loading.Report) -> dict[str, Any]:
    return {"kept": told.kept, "again": told.again, "rejected": told.rejected,
            "rows": [list(row) for row in told.rows], "days": []}  # fmt: skip


def _read(told: Any) -> dict[str, Any]:
    """Return what became of readings so far."""
    return {"kept": told.kept, "again": told.again, "rejected": told.rejected,
            "rows": [list(row) for row in told.first_rejected[: loading.SHOWN]],
            "days": sorted(str(day) for day in told.days)}  # fmt: skip
