"""What is known of a case at its submission, and after each of its events?

A table has one row per moment and one column per fact; the facts that are words are codes. Facts
that follow the calendar or the load (month, open cases, recent closures) are *trending*: a model
that learns from closed cases alone would read "now" in them as "short", so the promise at
submission leaves them out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules.eventlog import Column, EventLog, Floats, Ints
from payvand.foresight.rules.reading import moment

COUNTED = 60  # activities whose occurrences are counted
WORDS = 60  # words of a column that keep a code of their own; the others share one
# Words in the name of a case's attribute which say that it was written later than the start, or
# that it is a date: a log holds the last value only.
LATER = (
    "end", "close", "finish", "status", "state", "last", "phase", "final", "outcome", "result",
    "decision", "label", "approv", "reject", "cancel", "resol", "declared", "actual", "total",
    "paid", "overspen", "complete", "deadline", "planned", "due", "date", "time", "term", "fee",
    "procedure", "subcase", "duration", "delay", "late", "length", "events", "days", "hours",
    "responsible",
)  # fmt: skip
# Words in the name of a date of an event which say that it was written after the event.
AFTERWARDS = ("finish", "end", "clos", "complet", "record")
Table32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Table:
    """Facts in columns, moments in rows."""

    names: tuple[str, ...]
    values: Table32  # rows × columns, NaN for unknown
    words: tuple[int, ...]  # columns that hold codes of words

    def rows(self, keep: NDArray[np.bool_] | Ints) -> Table:
        """Return some of the moments."""
        return Table(self.names, self.values[keep], self.words)


def known_at_start(log: EventLog) -> tuple[str, ...]:
    """Return the attributes of a case that may be taken as known at its submission, by name.

    Attributes that differ inside a case, or have more than half as many words as cases and are no
    numbers, are left out too.
    """
    found = []
    for name, column in log.columns.items():
        plain = name.lower()
        if not plain.startswith("case_") or any(word in plain for word in LATER):
            continue
        changes = np.diff(column.codes) != 0
        within = np.diff(log.case) == 0
        if (changes & within).any():
            continue
        if column.numbers() is None and len(column.words) > max(len(log.cases) / 2, 2):
            continue
        found.append(name)
    return tuple(found)


def at_submission(log: EventLog, now: float = np.inf) -> Table:
    """Return what is known when a case begins: its first event, the clock, its attributes.

    Which words are frequent is judged by the events up to `now`.
    """
    first, made = log.first[:-1], _Made(log.time <= now)
    made.words("activity", log.activity, first)
    for name, column in log.columns.items():
        if not name.lower().startswith("case_") and not _holds_times(column):
            made.column(name, column, first)
    for name in known_at_start(log):
        made.column(name, log.columns[name], first)
    made.add("weekday", np.floor(log.time[first]) % 7)
    made.add("hour", log.time[first] % 1 * 24)
    return made.table()


def after_each_event(log: EventLog) -> Table:
    """Return what is known after each event, trending facts included; one row per event."""
    made, time, case = _Made(np.ones(len(log.time), bool)), log.time, log.case
    begin = log.first[:-1][case]
    place = np.arange(len(time)) - begin
    since = np.where(place > 0, np.diff(time, prepend=time[:1]), 0.0)
    day = np.floor(time)
    made.add("place", place + 1)
    made.add("elapsed", time - time[begin])
    made.add("since_last", since)
    made.add("longest_gap", _running_max(since, log.first))
    made.add("active_days", _within(np.r_[0, np.diff(day) != 0] * (place > 0), log.first))
    made.add("weekday", day % 7)
    made.add("hour", time % 1 * 24)
    made.add("month", (day % 365.25) // 30.44)
    made.add("begun_weekday", day[begin] % 7)
    for back in range(3):
        made.words(f"activity_{back}", log.activity, np.arange(len(time)) - back, place >= back)
    for name, column in log.columns.items():
        if not name.lower().startswith("case_") and not _holds_times(column):
            made.column(name, column, np.arange(len(time)))
    for name in known_at_start(log):
        made.column(name, log.columns[name], np.arange(len(time)))
    for name, days in _plans(log).items():
        made.add(name, days)
    for code in np.argsort(-np.bincount(log.activity.codes), kind="stable")[:COUNTED]:
        counts = _within((log.activity.codes == code).astype(float), log.first)
        made.add(f"times_{log.activity.words[code]}", counts)
    for name, values in _load(log).items():
        made.add(name, values)
    return made.table()


class _Made:
    """A table while it is made; `taught` are the events that say which words are frequent."""

    def __init__(self, taught: NDArray[np.bool_]) -> None:
        self.taught = taught
        self.names: list[str] = []
        self.parts: list[Table32] = []
        self.coded: list[int] = []

    def add(self, name: str, values: NDArray[np.generic]) -> None:
        self.names.append(name)
        self.parts.append(np.asarray(values, np.float32))

    def words(
        self, name: str, column: Column, rows: Ints, there: NDArray[np.bool_] | None = None
    ) -> None:
        """Add a column of words: the frequent ones keep a code, the others share one."""
        counts = np.bincount(column.codes[self.taught], minlength=len(column.words))
        rank = np.empty(len(counts), int)
        rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
        codes = np.minimum(rank, WORDS)[column.codes[np.maximum(rows, 0)]]
        self.coded.append(len(self.names))
        self.add(name, codes if there is None else np.where(there, codes, WORDS + 1))

    def column(self, name: str, column: Column, rows: Ints) -> None:
        """Add a column as numbers if it holds nothing else, else as words."""
        if len(column.words) < 2:
            return
        numbers = column.numbers() if len(column.words) > 12 else None
        if numbers is None:
            self.words(name, column, rows)
        else:
            self.add(name, numbers[rows])

    def table(self) -> Table:
        values = np.column_stack(self.parts) if self.parts else np.empty((0, 0), np.float32)
        return Table(tuple(self.names), values, tuple(self.coded))


def _holds_times(column: Column) -> bool:
    """True when most words look like dates."""
    sample = [word for word in column.words[:50] if word]
    dated = sum(len(w) >= 10 and w[4:5] == "-" and w[7:8] == "-" for w in sample)
    return bool(sample) and dated > len(sample) / 2


def _plans(log: EventLog) -> dict[str, Floats]:
    """Return how far ahead the dates lie that were set at each event, and the furthest so far."""
    found = {}
    for name, column in log.columns.items():
        plain = name.lower()
        if plain.startswith("case_") or any(word in plain for word in AFTERWARDS):
            continue
        if _holds_times(column):
            read = [at[0] if (at := moment(word)) else np.nan for word in column.words]
            dates = np.array([*read, np.nan])[column.codes]
            furthest = _running_max(np.nan_to_num(np.maximum(dates, 0)), log.first)
            found[name] = dates - log.time
            found[f"furthest_{name}"] = np.where(furthest > 0, furthest - log.time, np.nan)
    return found


def _within(values: Floats, first: Ints) -> Floats:
    """Return the running sum inside each case."""
    total = np.cumsum(values)
    before = total[first[:-1]] - values[first[:-1]] if len(values) else total
    return np.asarray(total - np.repeat(before, np.diff(first)), float)


def _running_max(values: Floats, first: Ints) -> Floats:
    """Return the largest value so far inside each case; values are ≥ 0."""
    if not len(values):
        return values
    # Each case is lifted above all that came before, so that one pass serves all of them.
    lift = np.repeat(np.arange(len(first) - 1) * (float(values.max()) + 1), np.diff(first))
    return np.asarray(np.maximum.accumulate(values + lift) - lift, float)


def _load(log: EventLog) -> dict[str, Floats]:
    """Return how busy the office was at each event: open cases, arrivals, closures, durations."""
    starts, time = np.sort(log.start), log.time
    order = np.argsort(log.end, kind="stable")
    ends, lasted = log.end[order], (log.end - log.start)[order]
    total = np.r_[0.0, np.cumsum(lasted)]
    begun, closed = np.searchsorted(starts, time, "right"), np.searchsorted(ends, time, "left")
    found = {"open_cases": np.asarray(begun - closed, float)}
    for days in (30, 90):
        since = np.searchsorted(ends, time - days, "left")
        count = closed - since
        found[f"arrived_{days}"] = begun - np.searchsorted(starts, time - days, "right") + 0.0
        found[f"closed_{days}"] = count + 0.0
        found[f"lasted_{days}"] = np.divide(
            total[closed] - total[since], count, out=np.full(len(time), np.nan), where=count > 0
        )
    return found
