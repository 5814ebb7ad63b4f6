"""How does a table in a CSV or XLSX file become rows, one at a time and within bounds?

A workbook is read as a stream and refused above a size: a few kilobytes can unfold to gigabytes.
The content decides what a file is, not its name. Formulas come as what they were last worth.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from payvand.energy.errors import FileUnfit
from payvand.kernel.errors import gettext_noop
from payvand.kernel.workbooks import BROKEN, DamagedWorkbook, unpacked_size

MB = 1024 * 1024
MOST_BOOK_MB = 20
MOST_UNPACKED_MB = 300
MOST_COLUMNS = 100
LONGEST_CELL = 2000
BOOK, PARQUET = b"PK\x03\x04", b"PAR1"
Row = tuple[int, list[str]]  # its number, from 1, and its cells


def is_book(path: Path) -> bool:
    """True for a workbook, whatever it is called."""
    with path.open("rb") as file:
        return file.read(4) == BOOK


def kind_of(path: Path) -> str:
    """Return .xlsx, .parquet or .csv, by the content alone. Raises FileUnfit.

    A workbook is measured; nothing else is read beyond its beginning and its end.
    """
    with path.open("rb") as file:
        head = file.read(4096)
        if head.startswith(BOOK):
            _refuse_bomb(file)
            return ".xlsx"
        if head.startswith(PARQUET):
            file.seek(-len(PARQUET), io.SEEK_END)
            if file.read() != PARQUET:
                raise FileUnfit(gettext_noop("The file breaks off before its end."),
                                gettext_noop("Hand it over again."))  # fmt: skip
            return ".parquet"
    if not head.strip():
        raise FileUnfit(gettext_noop("The file is empty."), gettext_noop("Choose another file."))
    if b"\x00" in head:
        raise _no_table()
    return ".csv"


def rows(path: Path) -> Iterator[Row]:
    """Yield the rows of a CSV or XLSX file, blank ones left out. Raises FileUnfit."""
    with path.open("rb") as file:
        found = _book(file) if file.read(4) == BOOK else _text(file)
        for number, cells in found:
            if any(cells):
                yield number, cells


def frames(path: Path, size: int) -> Iterator[Any]:
    """Yield the rows of a file as tables of so many rows, named by the first; all cells text."""
    import pandas as pd

    found = rows(path)
    _number, head = next(found, (1, []))
    kept: list[list[str]] = []
    for _number, cells in found:
        kept.append([*cells, *[""] * len(head)][: len(head)])
        if len(kept) == size:
            yield pd.DataFrame(kept, columns=head, dtype=str)
            kept = []
    yield pd.DataFrame(kept, columns=head, dtype=str)


def _text(file: IO[bytes]) -> Iterator[Row]:
    file.seek(0)
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="") as lines:
        first = lines.readline()
        if "\x00" in first:
            raise _no_table()
        lines.seek(0)
        reader = csv.reader(lines, delimiter=max(",;\t|", key=first.count))
        try:
            for cells in reader:
                yield reader.line_num, [c.strip()[:LONGEST_CELL] for c in cells[:MOST_COLUMNS]]
        except csv.Error as problem:
            raise FileUnfit(gettext_noop("A quotation mark is not closed, or a cell is too long."),
                            gettext_noop("Mend the line and send the file again."),
                            row=reader.line_num) from problem  # fmt: skip


def _book(file: IO[bytes]) -> Iterator[Row]:
    _refuse_bomb(file)
    from openpyxl import load_workbook  # late: slow to import

    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
            yield number, [_cell(value) for value in cells]
    except BROKEN as problem:
        raise _damaged() from problem


def _refuse_bomb(file: IO[bytes]) -> None:
    """Refuse a workbook that is too large, packed or unpacked, or that defines entities."""
    packed = file.seek(0, io.SEEK_END)
    try:
        unpacked = unpacked_size(file)
    except DamagedWorkbook as problem:
        raise _damaged() from problem
    if packed > MOST_BOOK_MB * MB or unpacked > MOST_UNPACKED_MB * MB:
        raise FileUnfit(
            gettext_noop("The workbook is too large."),
            gettext_noop("Save it as CSV or Parquet, or split it into workbooks of at most"
                         " 20 MB; loading twice does no harm."),
            mb=round(max(packed, unpacked) / MB),
        )  # fmt: skip


def _no_table() -> FileUnfit:
    return FileUnfit(gettext_noop("It is neither a table nor text."),
                     gettext_noop("Save it as XLSX or as CSV in UTF-8."))  # fmt: skip


def _damaged() -> FileUnfit:
    return FileUnfit(gettext_noop("The workbook is damaged."),
                     gettext_noop("Open it in a spreadsheet program, save it as XLSX and send it"
                                  " again."))  # fmt: skip


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).strip()[:LONGEST_CELL]
