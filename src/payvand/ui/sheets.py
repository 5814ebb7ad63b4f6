"""How does a table leave as CSV that every spreadsheet reads, and none runs as a formula?"""

from __future__ import annotations

import csv
from collections.abc import Iterable

from django.http import HttpResponse

MARK = "\ufeff"  # without it Excel takes UTF-8 for the code page of the machine
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    >>> guarded("=1+1"), guarded(-5), guarded("لنت")
    ("'=1+1", -5, 'لنت')
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell


def sheet(name: str, rows: Iterable[Iterable[object]]) -> HttpResponse:
    """Return rows, the headings first, as a CSV file of this name."""
    response = HttpResponse(MARK, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(response).writerows([guarded(cell) for cell in row] for row in rows)
    return response
