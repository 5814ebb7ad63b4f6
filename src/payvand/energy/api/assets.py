"""How does a customer system keep the consumers that are asked or protected by name?

The same rules as for a file. Nothing here tells who lives in a home, where a consumer hangs on the
grid, or how it is protected: a program that needs that has it already.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Router, Schema

from payvand.energy import access, labels
from payvand.energy.actions import assets as acting
from payvand.energy.api.rows import RowProblem, problem
from payvand.energy.queries import assets as queries
from payvand.registry.public import actor

router = Router()
MOST = 2000


class AssetIn(Schema):
    """One consumer; the columns of the file (docs/how-to/register-consumers.md)."""

    code: str = Field(max_length=40)
    owner_id: str = Field(max_length=20)
    owner_fa: str = ""
    owner_en: str = ""
    title_fa: str = ""
    title_en: str = ""
    city: str
    feeder: str = ""
    sector: str
    meter: int | None = None
    usual_mw: float | list[float]
    shed_cap: int = 0
    day_cap: int = 10
    notice_hours: int = 12
    medical: bool = False
    protected_hours: str = ""
    protected_by: str = ""
    protected_ref: str = ""


class AssetList(Schema):
    """Some consumers of one province and carrier; of gas usual_mw is MWh a day."""

    carrier: Literal["electricity", "gas"] = "electricity"
    consumers: list[AssetIn] = Field(min_length=1, max_length=MOST)


class AssetsTaken(Schema):
    """What became of the rows, and what is wrong with those left out."""

    new: int
    changed: int
    same: int
    refused: int
    problems: list[RowProblem]


class AssetOut(Schema):
    """One consumer; of a home neither title nor owner."""

    id: UUID
    code: str
    is_home: bool
    title: dict[str, str]
    sector: str
    city: str
    peak_mw: float
    shed_cap: int
    day_cap: int
    notice_hours: int


class AssetPage(Schema):
    """A page of consumers, the newest first; next: what to hand over as `after`."""

    consumers: list[AssetOut]
    next: str


@router.post("/energy/{area}/assets", response=AssetsTaken, operation_id="energy_assets_register")
def register(request: HttpRequest, area: str, body: AssetList) -> dict[str, Any]:
    """Register or change consumers, each once by its number; bad rows are told, the others kept."""
    rows = [(n, _cells(one)) for n, one in enumerate(body.consumers)]
    report = acting.register(area, rows, by=actor(request), source="api", carrier=body.carrier)
    return {name: report.counts[name] for name in acting.OUTCOMES} | {
        "problems": [
            problem(one.why, _(labels.ASSET_WHY[one.why]), f"/consumers/{row}/{one.column}",
                    one.text)
            for row, one in report.faults
        ]
    }  # fmt: skip


def _cells(one: AssetIn) -> dict[str, str]:
    """Return a row as a file would hold it."""
    told = {name: str(value) for name, value in one.dict().items() if value is not None}
    usual = one.usual_mw if isinstance(one.usual_mw, list) else [one.usual_mw]
    return told | {"usual_mw": " ".join(str(v) for v in usual),
                   "medical": "yes" if one.medical else "no"}  # fmt: skip


@router.get("/energy/{area}/assets", response=AssetPage, operation_id="energy_assets")
def listed(
    request: HttpRequest,
    area: str,
    *,
    q: str = "",
    after: UUID | None = None,
    carrier: Literal["electricity", "gas"] = "electricity",
) -> dict[str, Any]:
    """Return the registered consumers, a page at a time; to the operator."""
    access.may_operate(actor(request), area, carrier).or_raise()
    lines, more = queries.listed(area, q[:80], after=after, carrier=carrier)
    return {
        "consumers": [
            {"id": line.row.pk, "code": line.row.code, "is_home": line.row.is_home,
             "title": {} if line.row.is_home else line.row.title, "sector": line.row.sector,
             "city": line.row.city, "peak_mw": line.peak_mw, "shed_cap": line.row.shed_cap,
             "day_cap": line.row.day_cap, "notice_hours": line.row.notice_hours}
            for line in lines
        ],
        "next": more,
    }  # fmt: skip
