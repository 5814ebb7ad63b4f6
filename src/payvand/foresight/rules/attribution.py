"""Whose time was it? Every second of a case is charged to somebody, and the parts sum exactly.

A case is a bundle of branches: each question that is open is one. Who holds a branch at a moment is
decided by the first of these that is true (`ORDER`):

1. the law: a publication or objection term is running on it;
2. the applicant: something was asked of them, or the objection is theirs to file;
3. an outage: the connection to the office failed;
4. the calendar: a closed day of the office that must answer (from midnight to midnight, there);
5. the operator of the window: the question has not reached the office, by letter or machine;
6. the office itself, within its term or past it.

Branches that are open at the same moment share it equally. For branches that run side by side
from one start this is the Shapley value of "who makes the case last longer" (the airport game), so
an office that answers sooner is always charged less, whatever the others do (ADR 0014). While no
question is open, the case lies with the office that owns the service: that time is `idle`.

A closure of which one learns only after a branch was due takes nothing off that office's account.
Times are whole seconds since 1970, UTC, half-open [start, end).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules.causes import (
    AGENCY,
    APPLICANT,
    CALENDAR,
    CAUSES,
    IDLE,
    OPERATOR,
    ORDER,
    OUTAGE,
    STATUTORY,
)

__all__ = [
    "AGENCY", "APPLICANT", "CALENDAR", "CAUSES", "IDLE", "OPERATOR", "ORDER", "OUTAGE", "STATUTORY",
]  # fmt: skip

Ints = NDArray[np.int64]

NEVER = np.int64(2**62)  # open day; no due time
ALWAYS = -NEVER  # a closed day that everybody could foresee
ROOM = 8  # times as many places as parts, for a table of groups
CHUNK = 3000  # cases looked at together: keeps the tables in the processor's cache


@dataclass(frozen=True, slots=True)
class Calendars:
    """Which local days are closed where, and since when that was known."""

    midnights: Ints  # beginnings of the days, increasing; one more than there are days
    closed_since: Ints  # calendar × day: NEVER = open, ALWAYS = foreseeable, else when known


@dataclass(frozen=True, slots=True)
class Cases:
    """Some cases: from when until when, and who owns the service."""

    start: Ints
    end: Ints
    owner: Ints  # index of the agency that the time without any question is charged to
    calendar: Ints  # row of that agency in `Calendars.closed_since`
    decided: Ints  # from here on, a time without any question is the applicant's; NEVER if not

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class Branches:
    """The questions of the cases, in the order of the cases and of their sending."""

    case: Ints
    start: Ints
    end: Ints
    agency: Ints
    calendar: Ints
    due: Ints  # NEVER without a term

    def __len__(self) -> int:
        return len(self.case)


@dataclass(frozen=True, slots=True)
class Holds:
    """Stretches in which a branch was not in the office's hands, and in whose it was."""

    branch: Ints
    cause: Ints  # STATUTORY, APPLICANT, OUTAGE or OPERATOR
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class Parts:
    """The partition: each row charges some seconds of one day of a case to somebody."""

    case: Ints
    branch: Ints  # −1: no question was open
    cause: Ints
    agency: Ints
    day: Ints  # place in `Calendars.midnights`
    seconds: Ints
    late: Ints  # of those, past the branch's term

    def only(self, chosen: NDArray[np.bool_]) -> Parts:
        """Return some of the parts."""
        return Parts(*(getattr(self, f.name)[chosen] for f in fields(self)))

    def groups(self, *keys: Ints) -> tuple[Ints, Ints]:
        """Return the distinct rows of `keys`, and for each part which of them is its own.

        keys: one array per column, as long as the parts.
        """
        lows = [int(column.min(initial=0)) for column in keys]
        sizes = [int(k.max(initial=0)) - low + 1 for k, low in zip(keys, lows, strict=True)]
        code = np.zeros(len(self.seconds), np.int64)
        for column, low, size in zip(keys, lows, sizes, strict=True):
            code = code * size + (column - low)
        room = int(np.prod(sizes, dtype=np.float64))
        if room <= ROOM * len(code):  # a table of all that could be is quicker than sorting
            there = np.zeros(room, bool)
            there[code] = True
            known, place = np.flatnonzero(there), (np.cumsum(there) - 1)[code]
        else:
            known, place = np.unique(code, return_inverse=True)
        columns = np.zeros((len(keys), len(known)), np.int64)
        for number in range(len(keys) - 1, -1, -1):
            known, rest = np.divmod(known, sizes[number])
            columns[number] = rest + lows[number]
        return columns.T, place

    def sums(self, *keys: Ints, weights: Sequence[Ints] = ()) -> tuple[Ints, Ints]:
        """Return the distinct rows of `keys`, beside each its seconds, late seconds, weights."""
        rows, place = self.groups(*keys)
        found = np.zeros((len(rows), 2 + len(weights)), np.int64)
        for column, added in enumerate((self.seconds, self.late, *weights)):
            np.add.at(found[:, column], place, added)
        return rows, found


def joined(parts: Sequence[Parts]) -> Parts:
    """Return several partitions as one."""
    names = [f.name for f in fields(Parts)]
    empty = np.zeros(0, np.int64)
    return Parts(*(np.concatenate([empty, *(getattr(p, n) for p in parts)]) for n in names))


def midnights(first: date, last: date, zone: ZoneInfo) -> Ints:
    """Return when the local days from first to last begin, and when the last one ends."""
    count = (last - first).days + 2
    days = (datetime.combine(first + timedelta(days=n), time(), zone) for n in range(count))
    return np.array([int(day.timestamp()) for day in days], np.int64)


def attribute(cases: Cases, branches: Branches, holds: Holds, calendars: Calendars) -> Parts:
    """Return the partition of all cases; the parts of a case sum to its end − start, exactly.

    Branches outside their case are cut to it; what ends before it begins counts for nothing.
    All times must lie within `calendars.midnights`.
    """
    return joined(list(attributed(cases, branches, holds, calendars)))


def attributed(
    cases: Cases, branches: Branches, holds: Holds, calendars: Calendars
) -> Iterator[Parts]:
    """Yield the same partition some cases at a time, for sums over more than fits in memory."""
    order = np.argsort(branches.case, kind="stable")
    by_case = branches.case[order]
    place = np.empty(len(order), np.int64)  # where a branch stands in that order
    place[order] = np.arange(len(order))
    held = np.argsort(place[holds.branch], kind="stable")
    held_at = place[holds.branch[held]]
    for low in range(0, len(cases), CHUNK):
        high = min(low + CHUNK, len(cases))
        a, b = np.searchsorted(by_case, (low, high))
        rows = order[a:b]
        h = held[slice(*np.searchsorted(held_at, (a, b)))]
        some = Cases(*(getattr(cases, f.name)[low:high] for f in fields(Cases)))
        own = Branches(*(getattr(branches, f.name)[rows] for f in fields(Branches)))
        own = replace(own, case=own.case - low)
        parted = _attribute(some, own, Holds(place[holds.branch[h]] - a, holds.cause[h],
                                             holds.start[h], holds.end[h]), calendars)  # fmt: skip
        branch = np.where(parted.branch < 0, -1, rows[parted.branch] if len(rows) else -1)
        yield replace(parted, case=parted.case + low, branch=branch)


def _attribute(cases: Cases, branches: Branches, holds: Holds, calendars: Calendars) -> Parts:
    """Return the partition of a few cases; branches are in the order of the cases."""
    first, last = cases.start, np.maximum(cases.end, cases.start)
    start = np.clip(branches.start, first[branches.case], last[branches.case])
    end = np.clip(branches.end, start, last[branches.case])
    case_of_hold = branches.case[holds.branch]
    held_from = np.clip(holds.start, start[holds.branch], end[holds.branch])
    held_to = np.maximum(np.minimum(holds.end, end[holds.branch]), held_from)
    cuts = _Cuts(cases, calendars.midnights)
    due = np.clip(branches.due, start, end)
    cuts.add(np.tile(branches.case, 3), np.concatenate((start, end, due)))
    cuts.add(np.tile(case_of_hold, 2), np.concatenate((held_from, held_to)))
    cuts.close()
    low, high = cuts.find(branches.case, start), cuts.find(branches.case, end)
    branch, piece = _expanded(low, high)
    day = cuts.day[piece]
    agency = branches.agency[branch]
    # From the weakest cause to the strongest: each overwrites what it holds.
    cause = np.full(len(piece), AGENCY, np.int64)
    base = np.concatenate(([0], np.cumsum(high - low)))[:-1]

    def hold(*causes: int) -> None:
        for which in causes:
            chosen = holds.cause == which
            own, case = holds.branch[chosen], case_of_hold[chosen]
            owner, covered = _expanded(cuts.find(case, held_from[chosen]),
                                       cuts.find(case, held_to[chosen]))  # fmt: skip
            cause[base[own[owner]] + covered - low[own[owner]]] = which

    hold(OPERATOR)
    known = np.minimum(branches.due, NEVER - 1)  # an open day is never closed
    cause[calendars.closed_since[branches.calendar[branch], day] <= known[branch]] = CALENDAR
    hold(OUTAGE, APPLICANT, STATUTORY)
    seconds = _shared(cuts.length, branch, piece)
    late = np.where((cause == AGENCY) & (cuts.start[piece] >= branches.due[branch]), seconds, 0)
    idle = _idle(cases, calendars, cuts, piece)
    own_parts = Parts(branches.case[branch], branch, cause, agency, day, seconds, late)
    return joined([own_parts, idle])


class _Cuts:
    """All moments of some cases at which anything changes, and the pieces of time between them."""

    def __init__(self, cases: Cases, nights: Ints) -> None:
        self.cases, self.nights = cases, nights
        self.t0 = int(cases.start.min()) if len(cases) else 0
        ends = np.maximum(cases.end, cases.start)
        self.span = int(ends.max(initial=self.t0)) - self.t0 + 1
        every = np.arange(len(cases))
        first = np.searchsorted(nights, cases.start, side="right")
        after = np.searchsorted(nights, ends, side="left")
        owner, night = _expanded(first, np.maximum(after, first))
        self._keys = [
            self._key(every, cases.start), self._key(every, ends), self._key(owner, nights[night]),
        ]  # fmt: skip

    def _key(self, case: Ints, at: Ints) -> Ints:
        return np.asarray(case * self.span + (at - self.t0), np.int64)

    def add(self, case: Ints, at: Ints) -> None:
        self._keys.append(self._key(case, at))

    def close(self) -> None:
        """Sort the moments; between each and the next of the same case lies a piece."""
        keys = np.sort(np.concatenate(self._keys))
        self.keys = keys[np.diff(keys, prepend=-1) != 0]
        self.case = self.keys // self.span
        self.start = self.keys - self.case * self.span + self.t0
        self.length = np.diff(self.start, append=0)
        is_last = np.diff(self.case, append=-1) != 0
        self.length[is_last] = 0  # after a case's last moment there is no piece
        self.day = np.searchsorted(self.nights, self.start, side="right") - 1

    def find(self, case: Ints, at: Ints) -> Ints:
        return np.searchsorted(self.keys, self._key(case, at))


def _expanded(low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Return, for each half-open range, its number repeated and the places that it covers."""
    counts = high - low
    owner = np.repeat(np.arange(len(low)), counts)
    begins = np.concatenate(([0], np.cumsum(counts)))[:-1]
    place = np.arange(len(owner)) - begins[owner] + low[owner] if len(owner) else owner
    return owner, place


def _shared(length: Ints, branch: Ints, piece: Ints) -> Ints:
    """Return each branch's part of each piece; what does not divide goes to the first one sent."""
    count = np.bincount(piece, minlength=len(length))
    share, rest = np.divmod(length, np.maximum(count, 1))
    seconds = share[piece]
    first = np.full(len(length), -1, np.int64)
    first[piece[::-1]] = np.arange(len(piece))[::-1]  # the last one written is the first sent
    takers = first[first >= 0]
    seconds[takers] += rest[piece[takers]]
    return np.asarray(seconds, np.int64)


def _idle(cases: Cases, calendars: Calendars, cuts: _Cuts, taken: Ints) -> Parts:
    """Return the pieces in which no question was open."""
    is_free = cuts.length > 0
    is_free[taken] = False
    piece = np.flatnonzero(is_free)
    case, day, seconds = cuts.case[piece], cuts.day[piece], cuts.length[piece]
    closed = calendars.closed_since[cases.calendar[case], day] <= cuts.start[piece]
    cause = np.where(closed, CALENDAR, IDLE)
    cause[cuts.start[piece] >= cases.decided[case]] = APPLICANT
    nobody = np.full(len(piece), -1, np.int64)
    return Parts(case, nobody, cause, cases.owner[case], day, seconds, np.zeros_like(seconds))
