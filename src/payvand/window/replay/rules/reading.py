"""Which cases does a log hold, and what in it could not be taken at its word?

Rows are read one after another and need no order: within a case, row order decides among equal
times. Nothing is dropped in silence; what is set aside is counted and named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from payvand.window.replay.rules.mapping import FIRST, LAST, LogMapping, fits

# What may be noticed, and whether the case (or row) stays in the figures.
NOTED = {
    "row_without_case": (False, "rows without a case"),
    "row_without_time": (False, "rows whose time cannot be read"),
    "repeated_row": (False, "rows equal to an earlier row of their case"),
    "unreadable_date": (False, "cases with a start, end or deadline that cannot be read"),
    "ends_before_start": (True, "cases that end before they start"),
    "deadline_before_start": (True, "cases whose deadline lies before their start"),
    "deadline_before_first_event": (True, "cases whose deadline lies before their first event"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a log; times are aware, UTC."""

    id: str
    agency: str  # empty = not named
    start: datetime
    end: datetime | None  # None = still open
    deadline: datetime | None
    trace: tuple[tuple[datetime, str], ...]  # what was done, in order

    def days_late(self, due: datetime | None) -> float | None:
        """Return by how many days the end lies after `due`, negative before; None if unknown."""
        if self.end is None or due is None:
            return None
        return (self.end - due).total_seconds() / 86400


@dataclass(frozen=True, slots=True)
class Log:
    """What was read: the cases, the columns that were taken, and what was noted."""

    cases: tuple[Case, ...]
    columns: dict[str, str]  # role -> column; empty = the log has none
    noted: dict[str, tuple[str, ...]]  # kind of `NOTED` -> names of cases, or row numbers
    rows: int
    until: datetime | None  # the last event of the log


@dataclass(slots=True)
class _Open:
    """A case while its rows come in."""

    row: Mapping[str, str]
    trace: list[tuple[datetime, str]] = field(default_factory=list)
    agency: str = ""
    seen: set[int] = field(default_factory=set)


def read(rows: Iterable[Mapping[str, str]], header: Sequence[str], mapping: LogMapping) -> Log:
    """Return the cases of a log in the order in which they first appear.

    Raises BadMapping when the log lacks a needed column.
    """
    fits(mapping, header)
    columns = {role: mapping.column(role, header) for role in mapping.columns}
    noted: dict[str, list[str]] = {}
    found: dict[str, _Open] = {}
    count = 0
    for count, row in enumerate(rows, 1):
        key = (row.get(columns["case"]) or "").strip()
        if not key:
            noted.setdefault("row_without_case", []).append(str(count + 1))
            continue
        at = moment(row.get(columns["time"]) or "", mapping)
        if at is None:
            noted.setdefault("row_without_time", []).append(str(count + 1))
            continue
        case = found.setdefault(key, _Open(row))
        mark = hash(tuple(row.values()))
        if mark in case.seen:
            noted.setdefault("repeated_row", []).append(str(count + 1))
            continue
        case.seen.add(mark)
        case.row = row
        case.trace.append((at, row.get(columns["activity"]) or ""))
        case.agency = _word(row, columns.get("agency", ""), mapping) or case.agency
    cases = [c for key, one in found.items() if (c := _case(key, one, columns, mapping, noted))]
    until = max((at for one in found.values() for at, _ in one.trace), default=None)
    named = {kind: tuple(names) for kind, names in noted.items()}
    return Log(tuple(cases), columns, named, count, until)


def moment(text: str, mapping: LogMapping) -> datetime | None:
    """Return a time of the log in UTC; None when it cannot be read.

    Times without an offset are wall time in the mapping's zone; of a doubled hour, the first.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (at.replace(tzinfo=mapping.zone) if at.tzinfo is None else at).astimezone(UTC)


def _word(row: Mapping[str, str], column: str, mapping: LogMapping) -> str:
    text = (row.get(column) or "").strip()
    return "" if text in mapping.null else text


class _UnreadableError(Exception):
    """A date of a case cannot be read."""


def _date(one: _Open, column: str, mapping: LogMapping) -> datetime | None:
    if not column:
        return None
    if column in (FIRST, LAST):
        times = [at for at, _ in one.trace]
        return min(times) if column == FIRST else max(times)
    text = _word(one.row, column, mapping)
    if not text:
        return None
    at = moment(text, mapping)
    if at is None:
        raise _UnreadableError
    return at


def _case(key: str, one: _Open, columns: Mapping[str, str], mapping: LogMapping,  # noqa: PLR0917
          noted: dict[str, list[str]]) -> Case | None:  # fmt: skip
    trace = tuple(sorted(one.trace, key=lambda step: step[0]))
    try:
        start, end, deadline = (
            _date(one, columns.get(role, ""), mapping) for role in ("start", "end", "deadline")
        )
    except _UnreadableError:
        noted.setdefault("unreadable_date", []).append(key)
        return None
    start = start or trace[0][0]
    case = Case(key, one.agency, start, end, deadline, trace)
    if end is not None and end < start:
        noted.setdefault("ends_before_start", []).append(key)
    if deadline is not None and deadline < start:
        noted.setdefault("deadline_before_start", []).append(key)
    elif deadline is not None and deadline < trace[0][0]:
        noted.setdefault("deadline_before_first_event", []).append(key)
    return case
