"""Which readings are missing, doubtful or impossible, and why?

Pure, vectorised, numpy only; Python's loops run over days at most. Each reading keeps its flags, so
that a point is rejected, never a whole series, and counts are made before anything is filtered.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payvand.energy.rules.series import Bools, Floats, Ints

Flags = NDArray[np.uint16]
RECENT = 28  # days that a reading is compared with
DAY = 24
FLAT_DAYS = 7  # equal readings of whole days after which a meter seems stuck


class Flag(IntFlag):
    """What is wrong with a reading; several may be."""

    MISSING = 1  # nothing came
    FLAT = 2  # the same value for a day or longer
    JUMP = 4  # leaves its neighbours and comes back
    RANGE = 8  # negative, or far above all that was seen or may be drawn
    UNIT = 16  # a thousand times too large or small: kW written for MW
    PARTS = 32  # the whole is not the sum of its parts
    AGAIN = 64  # the same meter, time and version twice
    OLD = 128  # a version older than one that is there already
    CLOCK = 256  # an hour that the change of summer time leaves out or doubles
    STRANGER = 512  # a meter that nobody registered


def mark(flags: Flags, where: Bools, flag: Flag) -> None:
    """Add a flag to the readings it holds for, in place."""
    flags[where] |= np.uint16(flag)


def implausible(demand: Floats) -> Flags:
    """Return the flags of (day, 24, series), each day judged by the 28 days before it.

    Only what cannot be true: negative where hardly anything was, more than four times the highest,
    a fiftieth of the lowest, or unchanged for 24 hours while other days moved.
    """
    found = np.zeros(demand.shape, dtype=np.uint16)
    mark(found, flat_runs(demand, DAY if demand.shape[1] > 1 else FLAT_DAYS), Flag.FLAT)
    clean = np.where(found > 0, np.nan, demand)
    for day in range(len(demand)):
        past = clean[max(0, day - RECENT) : day]
        if day < 3:
            continue
        high, low = _extremes(past)
        now = demand[day]
        with np.errstate(invalid="ignore"):
            above = (now > 4 * high) & (high > 0)
            below = (low > 0.1 * high) & (now < low / 50)
            negative = demand[max(0, day - RECENT) : day] < 0
            rare = negative.sum(axis=(0, 1)) < demand.shape[1]
            mark(found[day], (now < 0) & (low >= 0) & rare, Flag.RANGE)
            mark(found[day], above, Flag.RANGE)
            mark(found[day], (above & (now > 300 * low)) | (below & (now > 0)), Flag.UNIT)
            mark(found[day], below & (now >= 0), Flag.RANGE)
        clean[day] = np.where(found[day] > 0, np.nan, now)
    return found


def _extremes(past: Floats) -> tuple[Floats, Floats]:
    """Return the highest and lowest (series,) of (day, 24, series); NaN where nothing is known."""
    known = ~np.isnan(past)
    some = known.any(axis=(0, 1))
    high = np.where(known, past, -np.inf).max(axis=(0, 1))
    low = np.where(known, past, np.inf).min(axis=(0, 1))
    return np.where(some, high, np.nan), np.where(some, low, np.nan)


def flat_runs(demand: Floats, hours: int = 24, *, zero_is_flat: bool = False) -> Bools:
    """Return where (day, 24, series) a run of equal values has lasted at least so many hours.

    The first hours of a run are not flagged: at that time nobody could know. A series that never
    moves is constant, not broken. Zero is what an empty house draws.
    """
    values = demand.reshape(-1, demand.shape[-1])
    same = np.zeros(values.shape, dtype=bool)
    same[1:] = values[1:] == values[:-1]
    if not zero_is_flat:
        same &= values != 0
    place = np.arange(len(values))[:, None]
    broken = np.maximum.accumulate(np.where(same, 0, place), axis=0)
    moved = np.maximum.accumulate(~same & (place > 0) & ~np.isnan(values), axis=0)
    found: Bools = (same & (place - broken >= hours - 1) & moved).reshape(demand.shape)
    return found


def jumps(values: Floats, factor: float = 8.0) -> Bools:
    """Return where a point leaves the median of its five neighbours and the next ones do not.

    values: (time, series). The yardstick is the median of such distances in the series, plus five
    per cent of its level.
    """
    padded = np.pad(values, ((2, 2), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 5, axis=0)
    with np.errstate(invalid="ignore"):
        middle = np.nanmedian(np.where(np.isnan(windows).all(-1, keepdims=True), 0, windows), -1)
        distance = np.abs(values - middle)
        usual = _median(distance) * 1.4826 + 0.05 * np.abs(_median(values))
        found: Bools = distance > factor * usual
    return found


def _median(values: Floats) -> Floats:
    empty = np.isnan(values).all(axis=0)
    found: Floats = np.nanmedian(np.where(empty, 0.0, values), axis=0)
    return found


def wrong_units(values: Floats, usual: Floats | None = None) -> Floats:
    """Return for each value the factor 1000 or 0.001 that was lost, or 1.

    values: (time, series) or (time,). usual: level of each series; else its median. A factor is
    taken when the value is 300 to 3,000 times too large or too small.

    >>> wrong_units(np.array([51.0, 49.0, 50_000.0, 0.05, 52.0]))
    array([1.e+00, 1.e+00, 1.e-03, 1.e+03, 1.e+00])
    """
    level = np.nanmedian(np.where(values > 0, values, np.nan), axis=0) if usual is None else usual
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = values / level
    large, small = (ratio > 300) & (ratio < 3000), (ratio > 1 / 3000) & (ratio < 1 / 300)
    return np.where(large, 0.001, np.where(small, 1000.0, 1.0))


def parts_differ(whole: Floats, parts: Floats, tolerance: float = 0.005) -> Bools:
    """Return where the sum of the parts (..., part) misses the whole by more than its tolerance.

    A part that is missing makes the sum unknown, and unknown is not wrong.
    """
    total = parts.sum(axis=-1)
    with np.errstate(invalid="ignore"):
        found: Bools = np.abs(total - whole) > tolerance * np.abs(whole) + 1e-9
    return found


def unlike_neighbours(values: Floats, factor: float = 3.0) -> Bools:
    """Return which of a short row of figures is beyond `factor` times both of its neighbours.

    >>> unlike_neighbours(np.array([4563.0, 2740.0, 31193.0, 4407.0, 3690.0]))
    array([False, False,  True, False, False])
    """
    before = np.concatenate([values[1:2], values[:-1]])
    after = np.concatenate([values[1:], values[-2:-1]])
    with np.errstate(invalid="ignore", divide="ignore"):
        large = values > factor * np.fmax(before, after)
        small = values * factor < np.fmin(before, after)
    found: Bools = large | small
    return found


def mixed_basis(basis: list[str]) -> Bools:
    """Return which figures stand on another basis than most of their row.

    >>> mixed_basis(["whole_country", "whole_country", "grid"])
    array([False, False,  True])
    """
    usual = max(set(basis), key=basis.count)
    return np.array([one != usual for one in basis])


def clock_gaps(hours_of_day: Ints, *, expected: int = 24) -> str:
    """Return what a local day with these hours tells: "", "short", "double" or "missing".

    >>> clock_gaps(np.delete(np.arange(24), 2)), clock_gaps(np.sort(np.r_[np.arange(24), 1]))
    ('short', 'double')
    """
    present, counts = np.unique(hours_of_day, return_counts=True)
    absent = expected - len(present)
    if absent == 0:
        return "double" if counts.max() > 1 else ""
    return "short" if absent == 1 and 0 not in np.setdiff1d(range(expected), present) else "missing"


def absent(expected: Ints, seen: Ints) -> Ints:
    """Return which of the expected feeders or meters sent nothing."""
    found: Ints = np.setdiff1d(expected, seen, assume_unique=False)
    return found


@dataclass(frozen=True, slots=True)
class Summary:
    """How good are some readings? Counted before anything was left out."""

    expected: int
    present: int
    flagged: dict[str, int]
    imputed: int = 0

    @property
    def imputed_percent(self) -> float:
        """Return the share of what had to be filled in."""
        return 100.0 * self.imputed / self.expected if self.expected else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return the figures for machines."""
        return {
            "expected": self.expected, "present": self.present, "flagged": self.flagged,
            "imputed": self.imputed, "imputed_percent": round(self.imputed_percent, 3),
        }  # fmt: skip


def summary(flags: Flags, present: Bools) -> Summary:
    """Return the counts of each flag; what is missing or flagged has to be imputed."""
    counted = {
        flag.name.lower(): int(((flags & flag) > 0).sum()) for flag in Flag if flag.name is not None
    }
    counted["missing"] = int((~present).sum())
    return Summary(
        expected=int(present.size),
        present=int(present.sum()),
        flagged={name: count for name, count in counted.items() if count},
        imputed=int((~present | (flags > 0)).sum()),
    )
