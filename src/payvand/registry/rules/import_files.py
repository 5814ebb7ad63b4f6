"""How does a file of firms — XLSX, CSV or JSON, in any usual encoding — become rows of cells?

The content decides what a file is, not its name. CSV is read line by line in constant memory; XLSX
and JSON are bounded before they are opened. Formulas come as text. No file reaches the disk here.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.text import fold_digits
from payvand.kernel.workbooks import BROKEN, DamagedWorkbook, unpacked_size
from payvand.registry.rules.import_columns import NEEDED, column

MB = 1024 * 1024
MOST_MB = 20  # XLSX and JSON, and whatever is uploaded; CSV from the command line may be longer
MOST_UNPACKED_MB = 300  # a workbook of a few kilobytes can unfold to gigabytes
MOST_ROWS = 100_000
MOST_COLUMNS = 100
LONGEST_CELL = 20_000
NESTED = {
    "capabilities": {
        "title_fa": "capability_fa",
        "title_en": "capability_en",
        "text_fa": "capability_text",
    },
    "products": {"title_fa": "product_fa", "title_en": "product_en"},
    "certificates": {
        "title": "certificate",
        "number": "certificate_number",
        "issuer": "certificate_issuer",
        "valid_to": "certificate_to",
    },
    "evidence": {
        "kind": "evidence_kind",
        "text_fa": "evidence_fa",
        "text_en": "evidence_en",
        "client": "evidence_client",
        "dated": "evidence_date",
    },
}


class BadFile(Invalid):
    """The file as a whole cannot be read: ``place``, ``reason`` and ``remedy`` say the rest."""

    code = "registry.bad_file"
    what = gettext_noop("The file cannot be read.")
    why = "{at}{reason}"
    now = "{remedy}"

    def __init__(self, reason: str, remedy: str, *, place: str = "-", **facts: Any) -> None:
        at = "" if place == "-" else f"{place}: "
        super().__init__(reason=reason, remedy=remedy, place=place, at=at, **facts)


@dataclass(frozen=True, slots=True)
class Cells:
    """The named cells of one row, where it stands, and whether its encoding was guessed."""

    place: int  # number of the line or row, from 1; of the object in JSON
    cells: Mapping[str, str]
    is_guessed: bool = False  # Windows-1256 within a UTF-8 file


def rows_of(
    file: IO[bytes], *, most_mb: int | None = MOST_MB, needed: Sequence[str] = NEEDED
) -> Iterator[Cells]:
    """Yield the rows of a file; raises BadFile when it is none of the three kinds, or too large.

    most_mb: None lets CSV be of any length; XLSX and JSON keep their bound. needed: columns that
    the first row must name; without any, one that is known suffices.
    """
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    head = file.read(4096)
    file.seek(0)
    if not head.strip():
        raise BadFile(gettext_noop("The file is empty."), gettext_noop("Choose another file."))
    is_book = head.startswith(b"PK\x03\x04")
    is_json = not is_book and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")
    limit = MOST_MB if most_mb is None and (is_book or is_json) else most_mb
    if limit is not None and size > limit * MB:
        raise BadFile(
            gettext_noop("It is too large."),
            gettext_noop("Split it into files of at most 20 MB; importing twice does no harm."),
            size_mb=round(size / MB),
        )
    if head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!")):
        raise BadFile(
            gettext_noop("It is neither XLSX nor CSV nor JSON."),
            gettext_noop("Save it as XLSX (an old XLS file too) and send it again."),
        )
    if is_book:
        yield from _book(file, needed)
    elif is_json:
        yield from _json(file)
    else:
        yield from _table(_lines(file, head), needed)


def _table(
    rows: Iterable[tuple[int, Sequence[str], bool]], needed: Sequence[str]
) -> Iterator[Cells]:
    """Name the cells of rows by the first one that is not empty."""
    names: dict[int, str] = {}
    for count, (place, row, guessed) in enumerate(rows):
        if count > MOST_ROWS:
            raise BadFile(
                gettext_noop("There are more rows than can be read at once."),
                gettext_noop("Split it into files of at most 100,000 rows."),
                place=str(place),
            )
        if not any(row):
            continue
        if not names:
            names = _heading(row, place, needed)
            continue
        cells = {name: row[n][:LONGEST_CELL] for n, name in names.items() if n < len(row)}
        if any(cells.values()):
            yield Cells(place, cells, guessed)
    if not names:
        raise BadFile(gettext_noop("The file is empty."), gettext_noop("Choose another file."))


def _heading(row: Sequence[str], place: int, needed: Sequence[str]) -> dict[int, str]:
    found: dict[int, str] = {}
    for n, heading in enumerate(row[:MOST_COLUMNS]):
        name = column(heading)
        if name is None:
            continue
        if name in found.values():
            raise BadFile(
                gettext_noop("Two columns have the same meaning."),
                gettext_noop("Keep one of them."),
                place=f"{place}:{n + 1}",
            )
        found[n] = name
    if not found:
        raise BadFile(
            gettext_noop("The first row names no column that is known."),
            gettext_noop("Name the columns as in the list beside the form."),
            place=str(place),
        )
    missing = [name for name in needed if name not in found.values()]
    if missing and "name_en" not in found.values():
        raise BadFile(
            gettext_noop("The first row names no column with the names of firms."),
            gettext_noop("Name the columns as in the template, for example name_fa or “نام شرکت”."),
            place=str(place),
        )
    return found


# --- CSV --------------------------------------------------------------------------------------


class _Decoder:
    """Decodes line by line: UTF-8, else Windows-1256; tells which lines were guessed."""

    def __init__(self) -> None:
        self.is_utf8 = False  # some line before held UTF-8 beyond ASCII
        self.was_guessed = False  # of the last line

    def __call__(self, lines: Iterable[bytes]) -> Iterator[str]:
        for line in lines:
            self.was_guessed = False
            try:
                text = line.decode("utf-8")
                self.is_utf8 = self.is_utf8 or not line.isascii()
            except UnicodeDecodeError:
                text = line.decode("cp1256", errors="replace")
                self.was_guessed = True
            yield text


def _lines(file: IO[bytes], head: bytes) -> Iterator[tuple[int, Sequence[str], bool]]:
    wide = _wide(head)
    decoder = _Decoder()
    lines: Iterator[str]
    if wide:
        lines = iter(io.TextIOWrapper(file, encoding=wide, errors="replace", newline=""))
    else:
        lines = decoder(file)
    first = next(lines, "").removeprefix("\ufeff")
    if "\x00" in first:
        raise BadFile(
            gettext_noop("It is neither XLSX nor CSV nor JSON."),
            gettext_noop("Save it as XLSX or as CSV in UTF-8."),
        )
    mark = max(",;\t|،", key=first.count)
    if not first.count(mark):
        mark = ","
    reader = csv.reader(_then(first, lines), delimiter=mark)
    while True:
        try:
            row = next(reader, None)
        except csv.Error as problem:
            raise BadFile(
                gettext_noop("A quotation mark is not closed, or a cell is too long."),
                gettext_noop("Look at this line and mend the quotation marks."),
                place=str(reader.line_num),
            ) from problem
        if row is None:
            return
        yield reader.line_num, row, decoder.was_guessed and decoder.is_utf8


def _then(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _wide(head: bytes) -> str:
    """Return the UTF-16 that a text is written in, by its mark or by its zeros; else nothing."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Latin and Persian letters have 0x00 and 0x06 as their upper byte, and seldom as the lower.
    upper = [sum(byte in (0x00, 0x06) for byte in head[n:400:2]) for n in (0, 1)]
    most = len(head[:400]) // 2 * 0.8
    if b"\x00" not in head or max(upper) < most:
        return ""
    return "utf-16-be" if upper[0] > upper[1] else "utf-16-le"


# --- XLSX -------------------------------------------------------------------------------------


def _book(file: IO[bytes], needed: Sequence[str]) -> Iterator[Cells]:
    _refuse_bomb(file)
    from openpyxl import load_workbook  # late: slow to import
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (InvalidFileException, *BROKEN)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS)
    except broken as problem:
        raise _broken() from problem
    yield from _table(_told(rows, broken), needed)


def _told(
    rows: Iterator[Sequence[Any]], broken: tuple[type[Exception], ...]
) -> Iterator[tuple[int, Sequence[str], bool]]:
    number = 0
    while True:
        try:
            row = next(rows, None)
        except broken as problem:
            raise _broken(number + 1) from problem
        if row is None:
            return
        number += 1
        yield number, [_cell(value) for value in row], False


def _broken(row: int = 0) -> BadFile:
    return BadFile(
        gettext_noop("The workbook is damaged."),
        gettext_noop("Open it in a spreadsheet program, save it as XLSX and send it again."),
        place=str(row or "-"),
    )


def _refuse_bomb(file: IO[bytes]) -> None:
    try:
        unpacked = unpacked_size(file)
    except DamagedWorkbook as problem:
        raise _broken() from problem
    if unpacked > MOST_UNPACKED_MB * MB:
        raise BadFile(
            gettext_noop("The workbook unfolds to far more than it seems to hold."),
            gettext_noop("Copy the rows into a new workbook, or save them as CSV."),
            size_mb=round(unpacked / MB),
        )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)


# --- JSON -------------------------------------------------------------------------------------


def _json(file: IO[bytes]) -> Iterator[Cells]:
    try:
        told = json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise BadFile(
            gettext_noop("It is not written in UTF-8."),
            gettext_noop("Save it as UTF-8 and send it again."),
            place=str(problem.start),
        ) from problem
    except (json.JSONDecodeError, RecursionError) as problem:
        place = f"{getattr(problem, 'lineno', 1)}:{getattr(problem, 'colno', 1)}"
        raise BadFile(
            gettext_noop("It is not JSON: a comma, bracket or quotation mark is wrong."),
            gettext_noop("Mend this place and send it again."),
            place=place,
        ) from problem
    firms = told.get("firms") if isinstance(told, dict) else told
    if not isinstance(firms, list):
        raise BadFile(
            gettext_noop("It holds no list of firms."),
            gettext_noop("Write a list of objects, or an object with a list “firms”."),
        )
    if len(firms) > MOST_ROWS:
        raise BadFile(
            gettext_noop("There are more rows than can be read at once."),
            gettext_noop("Split it into files of at most 100,000 rows."),
        )
    for number, firm in enumerate(firms, 1):
        yield from _firm(number, firm)


def _firm(number: int, firm: object) -> Iterator[Cells]:
    if not isinstance(firm, dict):
        raise BadFile(
            gettext_noop("It holds no list of firms."),
            gettext_noop("Write a list of objects, or an object with a list “firms”."),
            place=str(number),
        )
    base = {
        name: _told_by(value)
        for key, value in firm.items()
        if key not in NESTED and (name := column(str(key)))
    }
    parts: list[dict[str, str]] = []
    for kind, names in NESTED.items():
        listed = firm.get(kind)
        for item in listed if isinstance(listed, list) else ():
            told = item if isinstance(item, dict) else {next(iter(names)): item}
            parts.append(
                {names.get(k, k): _told_by(v) for k, v in told.items() if column(names.get(k, k))}
            )
    yield Cells(number, {**base, **(parts[0] if parts else {})})
    same: dict[str, str] = {name: base[name] for name in _SAME if name in base}
    for part in parts[1:]:
        yield Cells(number, {**same, **part})


_SAME = ("national_id", "ref", "name_fa", "name_en", "kind", "place")  # tells whose row it is


def _told_by(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)[:LONGEST_CELL]
    return (
        fold_digits(_cell(value)) if isinstance(value, int | float) else _cell(value)[:LONGEST_CELL]
    )
