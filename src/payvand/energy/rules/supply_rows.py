"""Which rows of a table of supply can be used, and what is wrong with the others?

Pure. Columns: ts (UTC, ISO 8601), mw, and where known sd_mw. A row is judged by itself, never the
whole file; a value a thousand times the usual one is named as probably kW, not corrected.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

from payvand.kernel.text import fold_digits

NAMES = {"ts": ("ts", "time", "hour_start"), "mw": ("mw", "supply_mw"), "sd_mw": ("sd_mw", "sd")}


@dataclass(frozen=True, slots=True)
class Row:
    """One usable hour."""

    at: datetime
    mw: float
    sd_mw: float


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which row (from 1, the heading included); why is a code."""

    row: int
    why: str
    text: str


def read(table: Iterable[tuple[int, Sequence[Any]]]) -> tuple[list[Row], list[Problem]]:
    """Return the usable rows of a numbered table with a heading, and what is wrong with the others.

    >>> table = [["ts", "mw"], ["2026-07-22T10:00Z", "2100"], ["soon", "2100"]]
    >>> rows, wrong = read(enumerate(table, 1))
    >>> len(rows), wrong[0].row, wrong[0].why
    (1, 3, 'time_unreadable')
    """
    numbered = iter(table)
    _number, heading = next(numbered, (1, ()))
    head = [str(cell or "").strip().lower() for cell in heading]
    places = {name: next((head.index(a) for a in known if a in head), -1)
              for name, known in NAMES.items()}  # fmt: skip
    if places["ts"] < 0 or places["mw"] < 0:
        return [], [Problem(1, "no_column", ", ".join(head)[:80])]
    rows: list[tuple[int, Row]] = []
    problems: list[Problem] = []
    for number, cells in numbered:
        if not any(cell not in (None, "") for cell in cells):
            continue
        found = _row(cells, places)
        if isinstance(found, str):
            problems.append(Problem(number, found, str(list(cells))[:80]))
        else:
            rows.append((number, found))
    usual = median(row.mw for _, row in rows) if rows else 0.0
    wrong = {
        n for n, row in rows if usual > 0 and (row.mw > 300 * usual or 0 < row.mw < usual / 300)
    }
    problems += [Problem(n, "units_doubtful", f"{row.mw:g}") for n, row in rows if n in wrong]
    return [row for n, row in rows if n not in wrong], sorted(problems, key=lambda p: p.row)


def _row(cells: Sequence[Any], places: dict[str, int]) -> Row | str:
    """Return a row, or the code of what is wrong."""
    at = _moment(_cell(cells, places["ts"]))
    if at is None:
        return "time_unreadable"
    mw = _amount(_cell(cells, places["mw"]))
    if mw is None:
        return "mw_unreadable"
    if mw < 0:
        return "mw_negative"
    return Row(at, mw, abs(_amount(_cell(cells, places["sd_mw"])) or 0.0))


def _cell(cells: Sequence[Any], place: int) -> Any:
    return cells[place] if 0 <= place < len(cells) else None


def _moment(given: Any) -> datetime | None:
    """Return the beginning of the hour of UTC; None when it is no time."""
    try:
        value = given if isinstance(given, datetime) else datetime.fromisoformat(
            fold_digits(str(given or "")).strip())  # fmt: skip
    except ValueError:
        return None
    at = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return at.replace(minute=0, second=0, microsecond=0)


def _amount(value: Any) -> float | None:
    if isinstance(value, int | float):
        return float(value) if value == value else None
    try:
        return float(fold_digits(str(value or "")).replace("٫", ".").strip())
    except ValueError:
        return None
