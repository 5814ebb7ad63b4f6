"""What do the readings of one day add up to, and how many of them can be trusted?

Pure: numpy. Works on whole days of many meters at once (2.4 million rows in well under a second).
Order matters: versions are chosen, then every reading is judged and counted, and only then are bad
ones left out of the sum; counting after filtering would always find nothing bad. Energy is integer
watt hours, times are hours since 1970 in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from payvand.energy.rules.quality import Flag, Flags, mark
from payvand.energy.rules.series import Bools, Ints

OVERLOAD = 1.2  # times what the connection may draw
JUMP = 10  # times both neighbours


@dataclass(frozen=True, slots=True)
class Carrier:
    """What is delivered, how often it is read, and after how many equal readings it seems stuck."""

    name: str
    step_hours: int
    flat_after: int

    @property
    def slots(self) -> int:
        """Return the readings a meter owes a day."""
        return 24 // self.step_hours


ELECTRICITY = Carrier("electricity", 1, 24)
GAS = Carrier("gas", 24, 7)
CARRIERS = {one.name: one for one in (ELECTRICITY, GAS)}


@dataclass(frozen=True, slots=True)
class Meters:
    """The registered meters, ascending; most_wh is what one reading can hold at the most."""

    meter: Ints
    cell: Ints  # which row of the cells it counts in
    most_wh: Ints
    cells: int

    def places(self, meter: Ints) -> Ints:
        """Return the row of each meter, -1 for strangers."""
        low = int(self.meter[0]) if len(self.meter) else 0
        if len(self.meter) and int(self.meter[-1]) - low + 1 == len(self.meter):
            place = meter - low  # no gaps in the numbers: no search needed
            return np.where((place >= 0) & (place < len(self.meter)), place, -1)
        if not len(self.meter):
            return np.full(len(meter), -1)
        place = np.searchsorted(self.meter, meter).clip(0, len(self.meter) - 1)
        return np.where(self.meter[place] == meter, place, -1)


@dataclass(frozen=True, slots=True)
class Readings:
    """Rows as they came; `known` is when each became known, in seconds since 1970."""

    meter: Ints
    hour: Ints
    wh: Ints
    version: Ints
    known: Ints

    def __len__(self) -> int:
        return len(self.meter)

    def rows(self, which: Bools | Ints) -> Readings:
        """Return some of the rows."""
        return Readings(self.meter[which], self.hour[which], self.wh[which], self.version[which],
                        self.known[which])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tail:
    """How the day ended for each registered meter, so that the next one can go on judging."""

    last: Ints  # -1 where nothing was read
    run: Ints  # how many readings in a row had that value


@dataclass(frozen=True, slots=True)
class Rolled:
    """A day summed per cell and hour: (cell, slot). Wh holds what is neither bad nor missing."""

    wh: Ints
    n: Ints
    bad: Ints
    expected: Ints
    flagged: dict[str, int]
    tail: Tail
    marked: Readings
    flags: Flags  # of the marked readings


def current(rows: Readings) -> tuple[Readings, Readings]:
    """Return the rows that count, ordered by meter and hour, and those that do not.

    Of each meter and hour the highest version counts; of the same version the one known first.
    """
    key = rows.meter * 2**24 + rows.hour
    if len(key) < 2 or bool((key[1:] > key[:-1]).all()):
        return rows, rows.rows(np.zeros(len(rows), dtype=bool))
    order = np.lexsort((-rows.known, rows.version, key))
    ordered, key = rows.rows(order), key[order]
    last = np.append(key[1:] != key[:-1], True)
    return ordered.rows(last), ordered.rows(~last)


def as_of(rows: Readings, moment: int) -> Readings:
    """Return what was known at a moment, in seconds since 1970."""
    return rows.rows(rows.known <= moment)


def judge(
    rows: Readings, place: Ints, meters: Meters, *, carrier: Carrier, before: Tail | None
) -> tuple[Flags, Tail]:
    """Return the flags of rows ordered by meter and hour, and how the day ended."""
    flags = np.zeros(len(rows), dtype=np.uint16)
    wh, stranger = rows.wh, place < 0
    mark(flags, stranger, Flag.STRANGER)
    most = meters.most_wh[place] if len(meters.meter) else np.zeros(len(rows), dtype=np.int64)
    limit = most * OVERLOAD
    over = (wh > limit) & ~stranger
    mark(flags, over | (wh < 0), Flag.RANGE)
    mark(flags, over & (wh > 100 * most), Flag.UNIT)
    mark(flags, _leaves(rows, place) & (2 * wh > most) & ~stranger, Flag.JUMP)
    run, tail = _runs(rows, place, len(meters.meter), before)
    mark(flags, (run >= carrier.flat_after) & (wh != 0) & ~stranger, Flag.FLAT)
    return flags, tail


def _leaves(rows: Readings, place: Ints) -> Bools:
    """Return where a reading is ten times both of its neighbours in time, of the same meter."""
    found = np.zeros(len(rows), dtype=bool)
    if len(rows) < 3:
        return found
    wh = rows.wh
    same = (place[1:] == place[:-1]) & (rows.hour[1:] > rows.hour[:-1])
    top = np.maximum(wh[:-2], wh[2:]) * JUMP
    found[1:-1] = same[1:] & same[:-1] & (wh[1:-1] > top)
    return found


def _runs(rows: Readings, place: Ints, meters: int, before: Tail | None) -> tuple[Ints, Tail]:
    """Return how many equal readings end at each row, counting on from the day before."""
    count = len(rows)
    last, run = np.full(meters, -1, dtype=np.int64), np.zeros(meters, dtype=np.int64)
    if before is not None and len(before.last) == meters:
        last, run = before.last.copy(), before.run.copy()
    if count == 0:
        return np.zeros(0, dtype=np.int64), Tail(last, run)
    index = np.arange(count)
    starts = np.ones(count, dtype=bool)
    starts[1:] = place[1:] != place[:-1]
    broken = starts.copy()
    broken[1:] |= rows.wh[1:] != rows.wh[:-1]
    since = np.maximum.accumulate(np.where(broken, index, 0))
    length = index - since + 1
    known = place >= 0
    first = np.maximum.accumulate(np.where(starts, index, 0))
    goes_on = known & (since == first) & (rows.wh[first] == last[place])
    length = length + np.where(goes_on, run[place], 0)
    ends = np.append(place[1:] != place[:-1], True) & known
    last[place[ends]], run[place[ends]] = rows.wh[ends], length[ends]
    return length, Tail(last, run)


def roll(
    rows: Readings, meters: Meters, carrier: Carrier, *, day: int, before: Tail | None = None
) -> Rolled:
    """Return the sums of one UTC day (days since 1970) from rows of that day in any order."""
    ours, others = current(rows)
    place = meters.places(ours.meter)
    flags, tail = judge(ours, place, meters, carrier=carrier, before=before)
    slots = carrier.slots
    known = place >= 0
    slot = (ours.hour - day * 24) // carrier.step_hours
    known &= (slot >= 0) & (slot < slots)
    cell = np.where(known, meters.cell[place] * slots + slot, 0) if len(meters.meter) else slot * 0
    size = meters.cells * slots
    bad = flags > 0
    n = np.bincount(cell[known], minlength=size)
    worse = np.bincount(cell[known & bad], minlength=size)
    wh = _sum(cell, ours.wh, known & ~bad, size)
    expected = np.repeat(np.bincount(meters.cell, minlength=meters.cells), slots)
    shape = (meters.cells, slots)
    found = {flag.name.lower(): int(((flags & flag) > 0).sum()) for flag in Flag if flag.name}
    found |= _versions(others, ours)
    found["missing"] = int(len(meters.meter) * slots - n.sum())
    return Rolled(wh.reshape(shape), n.reshape(shape), worse.reshape(shape),
                  expected.reshape(shape), {k: v for k, v in found.items() if v}, tail,
                  ours.rows(bad), flags[bad])  # fmt: skip


def _sum(cell: Ints, wh: Ints, which: Bools, size: int) -> Ints:
    """Return integer sums; in two halves, so that doubles stay exact however many are added."""
    low, high = wh & 0xFFFFF, wh >> 20
    small = np.bincount(cell, weights=np.where(which, low, 0), minlength=size)
    large = np.bincount(cell, weights=np.where(which, high, 0), minlength=size)
    found: Ints = small.astype(np.int64) + (large.astype(np.int64) << 20)
    return found


def _versions(others: Readings, ours: Readings) -> dict[str, int]:
    """Return how many rows were the same version again, and how many an older version."""
    if not len(others):
        return {}
    key = ours.meter * 2**24 + ours.hour
    place = np.searchsorted(key, others.meter * 2**24 + others.hour)
    same = ours.version[place] == others.version
    return {"again": int(same.sum()), "old": int((~same).sum())}
