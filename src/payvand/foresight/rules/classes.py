"""Which facts known at submission tell slow cases from quick ones, and how long does each take?

A class is a short row of facts: first the most telling one, then the next within it. Each class
has its own survival curve, which leans on the class above it, and that on all cases. Which facts
are used is chosen where promises of the past would have been best, never by the test.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules.features import Table
from payvand.foresight.rules.survival import Curve, Floats, grouped

ALL: tuple[int, ...] = ()
PARTS = 4  # a number is cut into so many parts of equal size
STRENGTH = 30.0  # a class leans on the one above as on so many cases


@dataclass(frozen=True, slots=True)
class History:
    """What is known at a moment of the cases begun before it."""

    days: Floats  # until its end, or until the moment where it is open
    observed: NDArray[np.bool_]
    age: Floats  # days from its start to the moment

    @classmethod
    def at(cls, moment: float, starts: Floats, ends: Floats) -> History:
        """Return it for cases begun before the moment; an end after the moment is not known yet."""
        observed = ends <= moment
        return cls(np.where(observed, ends, moment) - starts, observed, moment - starts)


@dataclass(frozen=True, slots=True)
class Split:
    """The facts that make classes, in order, and how far recent cases count for more."""

    columns: tuple[int, ...] = ()
    half_life: float | None = None  # days; None = all cases count alike


@dataclass(frozen=True, slots=True)
class Curves:
    """The curves of the classes, learned at one moment."""

    split: Split
    edges: tuple[Floats | None, ...]  # where each fact that is a number was cut
    curves: dict[Hashable, Curve]

    def quantiles(self, table: Table, p: float) -> Floats:
        """Return the days by which p of each row's class have ended.

        Where its curve does not reach p, that of the class above; NaN where none does.
        """
        keys = _keys(table, self.split, self.edges)
        found = np.empty(len(keys))
        for key, rows in _rows_of(keys).items():
            found[rows] = self._reached(key, p)
        return found

    def chances(self, table: Table, days: Floats) -> Floats:
        """Return P(T < days) for each row under the curve of its class.

        A promise at a higher level than that was kept. Ends that fall on the promised time itself
        count as kept, however many there are: P(T ≤ days) would call them all broken.
        """
        keys = _keys(table, self.split, self.edges)
        found = np.empty(len(keys))
        for key, rows in _rows_of(keys).items():
            found[rows] = 1 - self._curve(key).at(np.nextafter(days[rows], -np.inf))
        return found

    def _curve(self, key: tuple[int, ...]) -> Curve:
        """Return the curve of a class, or of the nearest class above it that is known."""
        while key and key not in self.curves:
            key = key[:-1]
        return self.curves[key]

    def _reached(self, key: tuple[int, ...], p: float) -> float:
        """Return the quantile of a class, or of the nearest one above it whose curve reaches p."""
        for length in range(len(key), -1, -1):
            days = self._curve(key[:length]).quantile(p)
            if days is not None:
                return days
        return np.nan


def learn(table: Table, history: History, split: Split, strength: float = STRENGTH) -> Curves:
    """Return the curves of all classes among some cases."""
    edges = tuple(
        None if column in table.words else _cuts(table.values[:, column])
        for column in split.columns
    )
    keys = _keys(table, split, edges)
    parents = {key[:n]: key[: n - 1] for key in set(keys) for n in range(1, len(key) + 1)}
    weights = None if split.half_life is None else 0.5 ** (history.age / split.half_life)
    curves = grouped(history.days, history.observed, keys, parents, strength, weights=weights)
    return Curves(split, edges, curves)


def _cuts(values: NDArray[np.float32]) -> Floats:
    known = values[np.isfinite(values)]
    if not len(known):
        return np.empty(0)
    return np.unique(np.quantile(known, np.arange(1, PARTS) / PARTS)).astype(float)


def _keys(
    table: Table, split: Split, edges: Sequence[Floats | None]
) -> list[tuple[int, ...]]:  # fmt: skip
    """Return the class of each row; an unknown number is a class of its own."""
    parts = []
    for column, cuts in zip(split.columns, edges, strict=True):
        values = table.values[:, column]
        codes = values if cuts is None else np.searchsorted(cuts, values, side="right")
        parts.append(np.where(np.isfinite(values), codes, -1).astype(int).tolist())
    return list(zip(*parts, strict=True)) if parts else [ALL] * len(table.values)


def _rows_of(keys: Sequence[tuple[int, ...]]) -> dict[tuple[int, ...], NDArray[np.int64]]:
    found: dict[tuple[int, ...], list[int]] = {}
    for row, key in enumerate(keys):
        found.setdefault(key, []).append(row)
    return {key: np.array(rows) for key, rows in found.items()}
