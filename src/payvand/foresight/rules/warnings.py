"""Which open questions deserve a warning today, within what an office can attend to?

An answer that has waited longer than half, eight or nine in ten such answers ever did has passed
its P50, P80 or P90. Each level is told once; of an office's new ones only the most pressing are
told on a day. They are ranked, never given a percentage: after a change of pace such numbers were
far too sure (ADR 0014).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

LEVELS = (("p50", 0.5), ("p80", 0.8), ("p90", 0.9))
ORDER = {name: place for place, (name, _p) in enumerate(LEVELS)}
A_DAY = 5  # warnings that an office is given on one day, at most


@dataclass(frozen=True, slots=True)
class Open:
    """One open question, and how long it has waited."""

    key: Any
    office: Any
    waited: float  # working days
    told: str = ""  # highest level it was warned of before


@dataclass(frozen=True, slots=True)
class Found:
    """One question that has passed a level of its own."""

    open: Open
    level: str
    bound: float  # working days: the quantile that was passed
    press: float  # waited ÷ P90, or ÷ the highest quantile that is known


def passed(one: Open, quantile: Callable[[float], float | None]) -> Found | None:
    """Return the highest level that a question has passed, if it was not told of it before.

    quantile: of its own kind of answer; None where history does not reach.
    """
    level, bound, highest = "", 0.0, 0.0
    for name, p in LEVELS:
        edge = quantile(p)
        if edge is None:
            break
        highest = edge
        if one.waited > edge:
            level, bound = name, edge
    if not level or (one.told and ORDER[one.told] >= ORDER[level]):
        return None
    return Found(one, level, bound, one.waited / max(highest, 0.1))


def chosen(
    found: Iterable[Found],
    given: Mapping[Any, int] = {},
    *,
    budget: int = A_DAY,
) -> list[Found]:
    """Return the warnings of a day: of each office the most pressing, within its budget.

    given: how many an office was given on this day already. Higher levels come first, then those
    that have waited longest for their kind.
    """
    by_office: dict[Any, list[Found]] = defaultdict(list)
    for one in found:
        by_office[one.open.office].append(one)
    kept: list[Found] = []
    for office, ones in by_office.items():
        ones.sort(key=lambda f: (-ORDER[f.level], -f.press, str(f.open.key)))
        kept += ones[: max(0, budget - given.get(office, 0))]
    return kept
