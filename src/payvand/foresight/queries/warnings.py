"""Which warnings were given, and how often was it right to warn?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from payvand.foresight.models import Warned
from payvand.foresight.rules.intervals import LEAST
from payvand.foresight.rules.warnings import LEVELS
from payvand.kernel.shares import wilson
from payvand.window.public import Charge

PAGE = 50
MEASURED_DAYS = 180


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the warnings of a level that are settled: how many were late in the end."""

    level: str
    given: int
    settled: int
    late: int

    @property
    def share(self) -> float | None:
        """Percent; None where there are too few."""
        return 100 * self.late / self.settled if self.settled >= LEAST else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share, in percent."""
        low, high = wilson(self.late, self.settled)
        return 100 * low, 100 * high


@dataclass(frozen=True, slots=True)
class Page:
    """Some warnings, the newest first, and where the next ones begin."""

    rows: tuple[Warned, ...]
    after: str = ""


def _within(charge: Charge) -> Q:
    if charge.everything:
        return Q()
    return Q(agency__in=charge.agencies) | Q(place__in=charge.provinces)


def page(charge: Charge, *, agency: UUID | None = None, province: str = "", open_only: bool = True,
         after: str = "") -> Page:  # fmt: skip
    """Return the warnings that an official is in charge of, those of today first. One query."""
    rows = Warned.objects.filter(_within(charge)).order_by("-day", "-pk")
    if open_only:
        rows = rows.filter(settled_at=None)
    if agency is not None:
        rows = rows.filter(agency_id=agency)
    if province:
        rows = rows.filter(place=province)
    start = _cursor(after)
    if start is not None:
        day, key = start
        rows = rows.filter(Q(day__lt=day) | Q(day=day, pk__lt=key))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    more = f"{shown[-1].day}~{shown[-1].pk}" if len(found) > PAGE else ""
    return Page(tuple(shown), more)


def _cursor(text: str) -> tuple[date, int] | None:
    day, _, key = text.partition("~")
    try:
        return date.fromisoformat(day), int(key)
    except ValueError:
        return None  # a broken address shows the first page


def precision(today: date) -> list[Precision]:
    """Return how often it was right to warn, by level, over the last half year. One query."""
    since = today - timedelta(days=MEASURED_DAYS)
    rows: Any = (
        Warned.objects.filter(day__gte=since)
        .order_by()
        .values_list("level")
        .annotate(
            given=Count("pk"), settled=Count("pk", filter=~Q(late=None)),
            late=Count("pk", filter=Q(late=True)),
        )
    )  # fmt: skip
    found = {row[0]: Precision(*row) for row in rows}
    return [found.get(name, Precision(name, 0, 0, 0)) for name, _p in LEVELS]
