"""Which cases do the rows of a file hold, and what in them could not be taken at its word?

One row is one event: a case, an activity, a time, and whatever else was written down. Rows need no
order; among equal times of a case, row order decides. Nothing is dropped in silence: what is set
aside is counted and named. A time without an offset is taken as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np

from payvand.foresight.rules.eventlog import Column, EventLog, Floats
from payvand.kernel.errors import Invalid, gettext_noop
from payvand.kernel.text import fold_digits

DAY = 86400.0
FAR_YEARS = 30  # a time further than this from the middle of the log is a slip of the pen
# The names under which the needed columns are known, ours first, then those of XES tables.
CASE = ("case_id", "case:concept:name", "case")
ACTIVITY = ("activity", "concept:name")
TIME = ("timestamp", "time:timestamp", "time")
START, END = "case_startdate", "case_enddate"
Noted = dict[str, list[str]]


class UnfitLog(Invalid):
    """The file is no event log: a needed column is missing."""

    code = "foresight.unfit_log"
    what = gettext_noop("This log cannot be evaluated.")
    why = gettext_noop("It has no column {wanted}; it has {found}.")
    now = gettext_noop("Name the columns case_id, activity and timestamp in its first line.")


class _Row(NamedTuple):
    """One row that can be used, and its line in the file."""

    case: str
    at: float
    line: int
    has_offset: bool
    values: tuple[str, ...]


def read(header: Sequence[str], rows: Iterable[Sequence[str]]) -> EventLog:
    """Return the log in some rows. Raises UnfitLog when a needed column is missing."""
    names = [name.strip() for name in header]
    where = {name.lower(): place for place, name in reversed(list(enumerate(names)))}
    case, activity, time = (_place(known, where, names) for known in (CASE, ACTIVITY, TIME))
    twice = [name for place, name in enumerate(names) if name and where[name.lower()] != place]
    noted: Noted = {"column_named_twice": twice} if twice else {}
    kept, count = _usable(rows, case, time, width=len(names), noted=noted)
    kept = _near(kept, noted)
    if len({row.has_offset for row in kept}) > 1:
        noted["mixed_offsets"] = [str(row.line) for row in kept if not row.has_offset]
    starts: dict[str, float] = {}
    for row in kept:
        starts[row.case] = min(row.at, starts.get(row.case, row.at))
    kept.sort(key=lambda row: (starts[row.case], row.case, row.at, row.line))
    cases = sorted(starts, key=lambda one: (starts[one], one))
    columns = {
        name: _column([row.values[place] for row in kept])
        for place, name in enumerate(names)
        if place not in (case, activity, time) and name and where[name.lower()] == place
    }
    lengths = np.zeros(len(cases), np.int64)
    codes = {name: place for place, name in enumerate(cases)}
    np.add.at(lengths, [codes[row.case] for row in kept], 1)
    log = EventLog(
        tuple(cases), np.r_[0, np.cumsum(lengths)].astype(np.int64),
        np.array([row.at for row in kept], float),
        _column([row.values[activity] for row in kept]), columns, {}, count,
    )  # fmt: skip
    _note_cases(log, kept, noted)
    return EventLog(
        log.cases, log.first, log.time, log.activity, columns,
        {kind: tuple(found) for kind, found in noted.items()}, count, _own_ends(log),
    )  # fmt: skip


def moment(text: str) -> tuple[float, bool] | None:
    """Return a time as days since 1970, and whether it had an offset; None when unreadable.

    >>> moment("1970-01-02 12:00:00"), moment("1970-01-01T03:30:00+03:30"), moment("soon")
    ((1.5, False), (0.0, True), None)
    """
    plain = text.strip().replace("/", "-")
    try:
        at = datetime.fromisoformat(plain if plain.isascii() else fold_digits(plain))
        has_offset = at.tzinfo is not None
        return (at if has_offset else at.replace(tzinfo=UTC)).timestamp() / DAY, has_offset
    except (ValueError, OverflowError):
        return None


def _place(known: Sequence[str], where: Mapping[str, int], header: Sequence[str]) -> int:
    for name in known:
        if name in where:
            return where[name]
    found = ", ".join(name[:40] for name in header[:20])
    raise UnfitLog({known[0]: "missing"}, wanted=known[0], found=found)


def _usable(
    rows: Iterable[Sequence[str]], case: int, time: int, *, width: int, noted: Noted
) -> tuple[list[_Row], int]:
    """Return the rows that have a case and a time and were not seen before."""
    kept: list[_Row] = []
    seen: set[tuple[str, ...]] = set()
    line = 1
    for line, row in enumerate(rows, 2):
        values = (*map(str.strip, row[:width]), *("",) * (width - len(row)))
        if row and len(row) != width:
            kind = "row_too_long" if len(row) > width else "row_too_short"
            noted.setdefault(kind, []).append(str(line))
        found = moment(values[time])
        if not values[case]:
            noted.setdefault("row_without_case", []).append(str(line))
        elif found is None:
            noted.setdefault("row_without_time", []).append(str(line))
        elif values in seen:
            noted.setdefault("repeated_row", []).append(str(line))
        else:
            seen.add(values)
            kept.append(_Row(values[case], found[0], line, found[1], values))
    return kept, line - 1


def _near(kept: list[_Row], noted: Noted) -> list[_Row]:
    """Return the rows whose time lies near the others."""
    if not kept:
        return kept
    middle = float(np.median([row.at for row in kept]))
    far = [row for row in kept if abs(row.at - middle) > FAR_YEARS * 365.25]
    if far:
        noted["time_far_away"] = [str(row.line) for row in far]
    return [row for row in kept if abs(row.at - middle) <= FAR_YEARS * 365.25]


def _column(values: Sequence[str]) -> Column:
    words: dict[str, int] = {}
    codes = np.fromiter((words.setdefault(v, len(words)) for v in values), np.int64, len(values))
    return Column(codes, tuple(words))


def _dates(log: EventLog, name: str) -> Floats | None:
    """Return a date of each case, taken from its last event; NaN where there is none."""
    column = next((c for k, c in log.columns.items() if k.lower() == name), None)
    if column is None:
        return None
    read_once = [found[0] if (found := moment(word)) else np.nan for word in column.words]
    return np.array([*read_once, np.nan])[column.codes[log.first[1:] - 1]]


def _own_ends(log: EventLog) -> Floats | None:
    return _dates(log, END) if log.cases else None


def _note_cases(log: EventLog, kept: list[_Row], noted: Noted) -> None:
    """Note what is odd about whole cases; they stay."""
    names = np.array(log.cases, object)

    def note(kind: str, odd: object) -> None:
        found = [str(name) for name in names[np.asarray(odd, bool)]]
        if found:
            noted[kind] = found

    note("case_of_one_event", np.diff(log.first) == 1)
    ends, starts = _own_ends(log), _dates(log, START) if log.cases else None
    if ends is not None:
        note("case_without_end", np.isnan(ends))
        if starts is not None:
            note("ends_before_start", ends < starts)
    for kind, odd in (
        ("row_without_activity", log.activity.codes == _code(log.activity, "")),
        ("midnight_stamp", log.time % 1 == 0),
    ):
        lines = [str(kept[place].line) for place in np.flatnonzero(odd)]
        if lines:
            noted[kind] = lines


def _code(column: Column, word: str) -> int:
    return column.words.index(word) if word in column.words else -1
