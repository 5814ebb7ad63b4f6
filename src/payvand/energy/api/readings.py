"""How does a metering system send readings, and learn where to go on after an interruption?

A reading is known by meter, hour and version: sending it again changes nothing, so that a system
whose connection broke sends its last batch again, whatever became of it. A correction is a higher
version. The days are summed within a minute.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from payvand.energy import access, labels
from payvand.energy.actions import loading
from payvand.energy.api.rows import RowProblem, problem
from payvand.energy.queries import balance
from payvand.registry.public import actor

router = Router()
MOST = 50_000
DAYS = 60


class ReadingIn(Schema):
    """One reading: ts is the hour of UTC it begins in; wh, or kwh; version from 1.

    Values are judged row by row: what cannot be read leaves out its row, not the batch.
    """

    meter: Any
    ts: Any
    wh: Any = None
    kwh: Any = None
    version: Any = 1


class ReadingList(Schema):
    """A batch of readings of one carrier; all in wh, or all in kwh."""

    carrier: Literal["electricity", "gas"] = "electricity"
    readings: list[ReadingIn] = Field(min_length=1, max_length=MOST)


class ReadingsTaken(Schema):
    """What became of a batch: kept now, known already, left out with the reason (the first 1,000).

    days: of UTC, to be summed.
    """

    kept: int
    same: int
    refused: int
    days: list[date]
    problems: list[RowProblem]


class DayState(Schema):
    """One day in Tehran: readings owed, come, not trusted."""

    day: date
    expected: int
    present: int
    bad: int


class ReadingsState(Schema):
    """Where a province stands: days summed, the newest first, and UTC days that wait for it."""

    days: list[DayState]
    due: list[date]


@router.post("/energy/{area}/readings", response=ReadingsTaken, operation_id="energy_readings")
def send(request: HttpRequest, area: str, body: ReadingList) -> dict[str, Any]:
    """Keep readings, each once; rows that cannot be used are told, the others kept."""
    unit = "kwh" if any(one.kwh is not None for one in body.readings) else "wh"
    rows = [{"meter": r.meter, "ts": r.ts, unit: getattr(r, unit), "version": r.version}
            for r in body.readings]  # fmt: skip
    found = loading.take_sent(area, rows, body.carrier, by=actor(request))
    words = {**labels.SUPPLY_KINDS, **labels.READING_KINDS}
    return {
        "kept": found.kept, "same": found.same, "refused": sum(found.rejected.values()),
        "days": sorted(found.days),
        "problems": [problem(why, _(words[why]), f"/readings/{row - 1}", text)
                     for row, why, text in sorted(found.first_rejected)],
    }  # fmt: skip


@router.get("/energy/{area}/readings", response=ReadingsState, operation_id="energy_readings_state")
def state(
    request: HttpRequest, area: str, carrier: Literal["electricity", "gas"] = "electricity"
) -> dict[str, Any]:
    """Return what has come day by day, so that a system knows where to go on."""
    access.may_operate(actor(request), area, carrier).or_raise()
    days = balance.quality_by_day(area, balance.latest_day(area, carrier), DAYS, carrier)
    return {
        "days": [{"day": day, "expected": q.expected, "present": q.present, "bad": q.bad}
                 for day, q in days],
        "due": balance.readings_due(carrier),
    }  # fmt: skip
