"""Which series and days of a file can be judged, and what must a reader know about the rest?

Pure. Time and memory are bounded here: days before the last ones that models use, series beyond a
number, and series that the slow single models cannot be fitted to in time are left out, by name and
count, never silently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from payvand.energy.rules.ground import Ground
from payvand.energy.rules.quality import Flag
from payvand.energy.rules.series import Floats, Ints, Note, Panel, SeriesUnreadable

FIRST = 42  # days of history before the first test day
KEPT = 800  # days before the test that any model looks back on
MOST_SERIES = 60
STATISTICAL = 1000  # series-days that the slow single models are fitted to


def fit_to_test(panel: Panel, days: int, most: int) -> tuple[Panel, int]:
    """Return the panel that can be judged, with notes of what was left out, and its first test day.

    Raises SeriesUnreadable when no series is long enough.
    """
    notes = list(panel.notes)
    panel, cut = _recent(panel, days)
    if cut:
        notes.append(Note("older_days", "", cut, str(panel.first)))
    first = max(FIRST, panel.days - days)
    keep = []
    for place, name in enumerate(panel.names):
        known = ~np.isnan(panel.demand[..., place])
        begins = int(known.any(axis=1).argmax()) if known.any() else panel.days
        if first - begins < FIRST:
            notes.append(Note("too_short", name, int(known.sum())))
        elif not known[first:].any():
            notes.append(Note("ended", name, int(known.sum()), str(panel.day(first))))
        else:
            keep.append(place)
    if panel.days <= first or not keep:
        raise SeriesUnreadable(reason=f"{panel.days} days; {FIRST} days of history and at least one"
                               " to be tested are needed of some series")  # fmt: skip
    if len(keep) > most:
        notes.append(Note("series_left_out", "", len(keep) - most))
        keep = [keep[n] for n in evenly(len(keep), most)]
    return replace(only(panel, keep), notes=tuple(notes)), first


def only(panel: Panel, places: Sequence[int]) -> Panel:
    """Return the panel of some of its series."""

    def cut(values: Floats | None) -> Any:
        return None if values is None else values[..., list(places)]

    return replace(panel, names=tuple(panel.names[n] for n in places), demand=cut(panel.demand),
                   temperature=cut(panel.temperature), outlook=cut(panel.outlook))  # fmt: skip


def _recent(panel: Panel, days: int) -> tuple[Panel, int]:
    """Return the panel without the days that no model looks at, and how many these are."""
    cut = panel.days - days - KEPT
    if cut <= 0:
        return panel, 0

    def late(values: Floats | None) -> Any:
        return None if values is None else values[cut:]

    recent = replace(panel, first=panel.day(cut), demand=late(panel.demand),
                     temperature=late(panel.temperature), outlook=late(panel.outlook))  # fmt: skip
    return recent, cut


def evenly(count: int, most: int) -> Ints:
    """Return so many places out of a row, spread evenly.

    >>> evenly(10, 3).tolist()
    [0, 4, 9]
    """
    return np.unique(np.linspace(0, count - 1, min(most, count)).astype(int))


def fitted(series: int, days: int) -> Ints:
    """Return the series that the slow single models are fitted to."""
    return evenly(series, max(1, STATISTICAL // days))


def rejections(ground: Ground) -> list[Note]:
    """Return notes of what was rejected, by reason and series, with the first place of each."""
    found = []
    names = {Flag.FLAT: "rejected_flat", Flag.UNIT: "rejected_unit", Flag.RANGE: "rejected_range"}
    for place, series in enumerate(ground.panel.names):
        left = ground.flags[..., place]
        for flag, code in names.items():
            where = (left & flag) > 0
            left = np.where(where, 0, left)  # each reading is told once
            if where.any():
                day, hour = divmod(int(where.ravel().argmax()), 24)
                at = f"{ground.panel.day(day)} {hour:02}:00"
                found.append(Note(code, series, int(where.sum()), at))
    return found
