"""How punctual were these offices, and how sure can we be?

On-time index (ours) = answered within term ÷ all that fell due in the period; what is unanswered,
or was settled by silence, counts as late. Beside it the national portal's index as its published
figures let it be inferred: 1 − (open past their term at the end) ÷ (received in the period); it
forgives what was answered late. Both have a version, for a definition may change.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, fields

from payvand.kernel.shares import wilson

VERSION = "2"
LEAST = 10  # fewer that fell due say too little, and might point at single cases
# Upper edges of the answer-time classes, in days; the last class is open.
EDGES_DAYS = (0.25, 1, 2, 3, 5, 7, 10, 14, 21, 30, 60, 120)
CLASSES = len(EDGES_DAYS) + 1


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted over some days; `open_late` is the stock at the end of the last of them."""

    received: int = 0
    answered: int = 0
    due: int = 0
    on_time: int = 0
    deemed: int = 0
    open_late: int = 0
    seconds: int = 0
    classes: tuple[int, ...] = (0,) * CLASSES  # answered, by class of their answer time

    def __add__(self, other: Counts) -> Counts:
        """Return both together."""
        classes = tuple(a + b for a, b in zip(self.classes, other.classes, strict=True))
        plain = {
            f.name: getattr(self, f.name) + getattr(other, f.name)
            for f in fields(self)
            if f.name != "classes"
        }
        return Counts(**plain, classes=classes)

    @property
    def late(self) -> int:
        """Fell due and was not answered in time: answered late, deemed, or still open."""
        return self.due - self.on_time


@dataclass(frozen=True, slots=True)
class Index:
    """One punctuality, in percent; None where there is too little to say."""

    counts: Counts
    ours: float | None
    low: float | None  # 95 % interval of ours (Wilson)
    high: float | None
    portal: float | None
    median_days: float | None

    @property
    def is_hidden(self) -> bool:
        """Did too few fall due?"""
        return self.ours is None


def index(counts: Counts) -> Index:
    """Return both indices of some counts; hidden when fewer than LEAST fell due.

    >>> index(Counts(received=40, answered=30, due=40, on_time=30, open_late=4)).ours
    75.0
    """
    if counts.due < LEAST:
        return Index(counts, None, None, None, None, None)
    low, high = wilson(counts.on_time, counts.due)
    return Index(
        counts, 100 * counts.on_time / counts.due, 100 * low, 100 * high, portal(counts),
        median_days(counts.classes) if counts.answered >= LEAST else None,
    )  # fmt: skip


def portal(counts: Counts) -> float | None:
    """Return the national portal's index in percent, never below 0; None when nothing came in."""
    if not counts.received:
        return None
    return max(0.0, 100 * (1 - counts.open_late / counts.received))


def class_of(seconds: float) -> int:
    """Return the class of an answer time; a day sharp still belongs to "up to one day"."""
    return bisect_left(EDGES_DAYS, seconds / 86400)


def median_days(classes: Sequence[int]) -> float | None:
    """Return the median answer time in days, read off within its class; None of nothing.

    In the open last class it is that class's lower edge, so never more than 120.
    """
    total = sum(classes)
    if not total:
        return None
    before, wanted = 0, total / 2
    for place, count in enumerate(classes):
        if count and before + count >= wanted:
            low = EDGES_DAYS[place - 1] if place else 0.0
            if place == len(EDGES_DAYS):
                return float(low)
            return low + (EDGES_DAYS[place] - low) * (wanted - before) / count
        before += count
    return None
