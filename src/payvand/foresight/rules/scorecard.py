"""How did an office do in a period: in time, how fast, and were the promised days kept?

On-time index = answered within the term ÷ all that fell due in the period; what is unanswered or
was settled by silence counts as late, so does what was withdrawn after its term; a question that
was put again counts once (as in docs/explain/figures.md). A promised day is kept when the case was
over by the P90 that was told at submission; only days that have passed are counted, so that slow
cases are not left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from payvand.foresight.rules.intervals import quantile

VERSION = "2"
DAY = 86400


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation that fell due in the period."""

    agency: Hashable
    service: str
    case: Hashable
    state: str
    sent: datetime
    due: datetime
    closed: datetime | None  # answered, settled by silence or withdrawn


@dataclass
class Figures:
    """What is counted for one agency and service."""

    due: int = 0
    on_time: int = 0
    answered: int = 0
    promised: int = 0
    kept: int = 0
    days: list[float] = field(default_factory=list, repr=False)  # from question to answer

    @property
    def median_days(self) -> float | None:
        """Half of the answers came within so many days."""
        return quantile(sorted(self.days), 0.5)

    @property
    def p90_days(self) -> float | None:
        """Nine in ten of the answers came within so many days."""
        return quantile(sorted(self.days), 0.9)


def figures(rows: Iterable[Owed], kept: Mapping[Hashable, bool]) -> dict[tuple[Any, str], Figures]:
    """Return the figures by agency and service, and with service "" by agency.

    kept: of the cases whose promised P90 has passed, whether they were over by then.
    """
    found: dict[tuple[Any, str], Figures] = defaultdict(Figures)
    cases: dict[tuple[Hashable, str], set[Hashable]] = defaultdict(set)
    for one in rows:
        if one.state == "cancelled" and (one.closed is None or one.closed <= one.due):
            continue  # it never fell due
        answered = one.state == "answered" and one.closed is not None
        for key in ((one.agency, one.service), (one.agency, "")):
            line = found[key]
            line.due += 1
            if answered and one.closed is not None:
                line.answered += 1
                line.on_time += one.closed <= one.due
                line.days.append(max(0.0, (one.closed - one.sent).total_seconds() / DAY))
            if one.case in kept and one.case not in cases[key]:
                cases[key].add(one.case)
                line.promised += 1
                line.kept += kept[one.case]
    return dict(found)


def is_kept(promised: date, over: date | None, today: date) -> bool | None:
    """Return whether a promised day was kept; None while it has not passed.

    >>> is_kept(date(2025, 3, 1), date(2025, 3, 1), date(2025, 4, 1))
    True
    >>> is_kept(date(2025, 5, 1), date(2025, 3, 1), date(2025, 4, 1)) is None
    True
    """
    if promised >= today:
        return None
    return over is not None and over <= promised
