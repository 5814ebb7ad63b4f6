"""How does a system send a file of entries, and read what came of each row?

The file travels inside JSON, its content in base64, as files do everywhere in this interface; it
may be XLSX, CSV or JSON. Good rows are kept: a refused row is told in the report, not as an error.
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Query, Schema, Status

from payvand.kernel.errors import Invalid, gettext_noop
from payvand.registry import databank_labels as labels
from payvand.registry.access import databank as access
from payvand.registry.api.reading import router
from payvand.registry.models import ImportRun
from payvand.registry.public import actor
from payvand.registry.public import databank as door
from payvand.registry.queries import desk

PAGE = 500  # rows of a report at a time


class ImportIn(Schema):
    """A file of entries; its first row, or the names in it, say what each cell means."""

    name: str = Field(max_length=200, description="name of the file")
    content: str = Field(description="XLSX, CSV or JSON, in base64")


class ImportRemarkOut(Schema):
    """Something wrong or mended in a row: where, what, and what helps."""

    column: str
    what: str
    now: str
    is_fault: bool = Field(description="true: the row was not taken because of it")


class ImportRowOut(Schema):
    """What came of one row."""

    place: str = Field(description="number of the row or line, of the object in JSON")
    outcome: str = Field(description="created, updated, unchanged or refused")
    name: str = Field(description="empty for persons: reports name none")
    party: str
    remarks: list[ImportRemarkOut]


class ImportOut(Schema):
    """The report of an import."""

    id: int
    file: str
    made_at: datetime
    counts: dict[str, int] = Field(description="rows, each outcome, and rows with remarks")
    rows: list[ImportRowOut] = Field(description="the rows asked for: see `show`")
    after: int = Field(description="where the next rows begin; 0 at the end")


class ReportQuery(Schema):
    """Which rows of a report."""

    show: str = Field("remarks", description="remarks (refused ones too), refused or all")
    after: int = Field(0, ge=0)


@router.post("/databank/{uuid:party_id}/import", response={201: ImportOut},
             operation_id="import_entries")  # fmt: skip
def import_entries(request: HttpRequest, party_id: UUID, body: ImportIn) -> Status[dict[str, Any]]:
    """Take a firm's own capabilities, products, certificates and past work in from a file.

    For whoever keeps the profile. Name, place and kind are passed over; the same file again
    changes nothing. 422 when nothing of the file can be read, with the place and the remedy.
    """
    run = door.import_entries(party_id, _file(body), by=actor(request), filename=body.name)
    return Status(201, _report(run))


@router.post("/databank/import", response={201: ImportOut}, operation_id="import_firms")
def import_firms(request: HttpRequest, body: ImportIn) -> Status[dict[str, Any]]:
    """Take firms with what they can do and have done in from a file; for the registrar."""
    run = door.import_firms(_file(body), by=actor(request), filename=body.name)
    return Status(201, _report(run))


@router.get("/databank/imports/{int:run_id}", response=ImportOut, operation_id="import_report")
def import_report(request: HttpRequest, run_id: int, asked: Query[ReportQuery]) -> dict[str, Any]:
    """What came of each row; for whoever sent the file, and the registrar."""
    run = desk.run(run_id)
    access.may_read_import(actor(request), run.made_by).or_raise()
    return _report(run, show=asked.show, after=asked.after)


def _file(body: ImportIn) -> BytesIO:
    try:
        return BytesIO(b64decode(body.content, validate=True))
    except (binascii.Error, ValueError) as broken:
        wrong = gettext_noop("The content of the file is not base64.")
        raise Invalid({"content": wrong}) from broken


def _report(run: ImportRun, *, show: str = "remarks", after: int = 0) -> dict[str, Any]:
    rows = [line for line in run.rows if show == "all" or line[1] == show
            or (show == "remarks" and line[4])]  # fmt: skip
    end = after + PAGE
    return {
        "id": run.pk, "file": run.filename, "made_at": run.made_at, "counts": run.counts,
        "rows": [
            {"place": place, "outcome": outcome, "name": name, "party": party,
             "remarks": [labels.remark(one) for one in remarks]}
            for place, outcome, name, party, remarks in rows[after:end]
        ],
        "after": end if len(rows) > end else 0,
    }  # fmt: skip
