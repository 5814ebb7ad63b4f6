"""What is an event log, once it has been read?

Arrays, one place per event, sorted by case (in order of start), time and row. Times are days since
1970.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# What may be noticed, and whether it stays in the figures.
NOTED = {
    "row_without_case": (False, "rows without a case"),
    "row_without_time": (False, "rows whose time cannot be read"),
    "time_far_away": (False, "rows whose time lies decades away from the rest of the log"),
    "repeated_row": (False, "rows equal to an earlier row of their case"),
    "column_named_twice": (True, "columns named like an earlier one; only the first is read"),
    "row_too_long": (True, "rows with more cells than the header; the surplus is not read"),
    "row_too_short": (True, "rows with fewer cells than the header; what is missing is empty"),
    "row_without_activity": (True, "rows without an activity"),
    "mixed_offsets": (True, "rows without a time zone in a log that has some; taken as UTC"),
    "case_of_one_event": (True, "cases of a single event, which last 0 days"),
    "case_without_end": (True, "cases without an end date; their last event counts as the end"),
    "ends_before_start": (True, "cases that end before they start by their own dates"),
    "midnight_stamp": (True, "events stamped exactly at midnight: dates rather than times"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """One more thing written down of each event: a code per event, and what the codes mean."""

    codes: Ints
    words: tuple[str, ...]  # words[code]; "" is nothing

    def numbers(self) -> Floats | None:
        """Return the values as numbers, NaN for nothing; None when they are not numbers."""
        found = np.full(len(self.words), np.nan)
        for place, word in enumerate(self.words):
            if word:
                try:
                    found[place] = float(word)
                except ValueError:
                    return None
        return found[self.codes] if np.isfinite(found).any() else None


@dataclass(frozen=True, slots=True)
class EventLog:
    """Events sorted by case (in order of start) and time, and what was noted while reading."""

    cases: tuple[str, ...]  # names, in order of start
    first: Ints  # index of the first event of each case; one more at the end
    time: Floats  # of each event, days
    activity: Column
    columns: dict[str, Column]  # of the events; those that start with case_ belong to the case
    noted: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: int = 0
    own_ends: Floats | None = None  # end dates that the log itself gives; NaN = none

    @property
    def start(self) -> Floats:
        """Return the first time of each case, in days."""
        return self.time[self.first[:-1]]

    @property
    def end(self) -> Floats:
        """Return the last time of each case, in days."""
        return self.time[self.first[1:] - 1]

    @property
    def until(self) -> float:
        """Return the last time of the log; 0 for an empty one."""
        return float(self.time.max()) if len(self.time) else 0.0

    @property
    def case(self) -> Ints:
        """Return the place of each event's case."""
        return np.repeat(np.arange(len(self.cases)), np.diff(self.first))

    def cut(self, moment: float) -> EventLog:
        """Return the log as it stood at a moment: later events have not happened yet."""
        return self._kept(self.time <= moment)

    def only(self, cases: NDArray[np.bool_]) -> EventLog:
        """Return the log of some of its cases."""
        return self._kept(cases[self.case])

    def _kept(self, keep: NDArray[np.bool_]) -> EventLog:
        counts = np.add.reduceat(keep.astype(np.int64), self.first[:-1]) if len(keep) else keep
        stay = np.flatnonzero(counts)
        return EventLog(
            tuple(self.cases[i] for i in stay), np.r_[0, np.cumsum(counts[stay])].astype(np.int64),
            self.time[keep], Column(self.activity.codes[keep], self.activity.words),
            {k: Column(c.codes[keep], c.words) for k, c in self.columns.items()},
            self.noted, self.rows, None if self.own_ends is None else self.own_ends[stay],
        )  # fmt: skip
