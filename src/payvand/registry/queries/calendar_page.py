"""What does a year look like at a place: which days are closed or shortened, and by which rule?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from payvand.kernel import jalali
from payvand.kernel.calendar import CalendarRule, Day, WorkCalendar
from payvand.kernel.text import months
from payvand.registry.models import CalendarFact
from payvand.registry.queries import places
from payvand.registry.queries.calendars import as_rule, calendar_for, chains_of, facts


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the month table."""

    number: int
    day: Day
    is_today: bool

    @property
    def look(self) -> str:
        """The css class: weekly rest, closed, shortened or plain."""
        rule = self.day.rule
        if not self.day.is_open:
            return "rest" if rule is not None and rule.kind == "weekend" else "shut"
        return "part" if rule is not None else ""

    @property
    def css(self) -> str:
        """All css classes of the day."""
        unsure = "unsure" if self.look and not self.is_sure else ""
        return " ".join(filter(None, (self.look, unsure, "today" if self.is_today else "")))

    @property
    def is_sure(self) -> bool:
        """Is what closed the day settled, rather than estimated or a sample?"""
        return self.day.rule is None or self.day.rule.status not in ("estimated", "sample")


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """One Jalali month: weeks from Saturday to Friday, and the days that need a word."""

    number: int
    name: str
    weeks: list[list[DayCell | None]]
    special: list[DayCell]
    working_days: int


def year_sheets(calendar: WorkCalendar, year: int, *, lang: str, today: date) -> list[MonthSheet]:
    """Return the twelve months of a Jalali year; months outside the calendar are left out."""
    found = []
    for number, name in enumerate(months(lang), 1):
        first, last = jalali.month_bounds(year, number)
        if first < calendar.first or last > calendar.last:
            continue
        cells = [
            DayCell(n + 1, calendar.day(first + timedelta(days=n)), first + timedelta(n) == today)
            for n in range((last - first).days + 1)
        ]
        # Weeks begin on Saturday, Python's weekday 5.
        row: list[DayCell | None] = [None] * ((first.weekday() - 5) % 7)
        row += cells
        row += [None] * (-len(row) % 7)
        found.append(
            MonthSheet(
                number=number,
                name=name,
                weeks=[row[n : n + 7] for n in range(0, len(row), 7)],
                special=[cell for cell in cells if cell.look in ("shut", "part")],
                working_days=sum(cell.day.is_open for cell in cells),
            )
        )
    return found


def chain_at(place_code: str | None, org: UUID | None) -> tuple[tuple[str, ...], str]:
    """Return the scopes that speak for a place or an organisation, and the organisation's class."""
    if org is not None:
        return chains_of([org])[org]
    code = place_code or places.country()
    return (places.place_path(code) if code else ()), ""


def calendar_at(chain: tuple[str, ...], org_class: str) -> WorkCalendar:
    """Return the calendar of the page."""
    return calendar_for(chain, org_class)


def facts_in(chain: Sequence[str], first: date, last: date) -> list[CalendarRule]:
    """Return the facts of the scopes that touch a period, single days last."""
    rows = facts().filter(scope__in=chain, starts__lte=last)
    found = [as_rule(row) for row in rows if row.ends is None or row.ends >= first]
    order = {scope: place for place, scope in enumerate(chain)}
    return sorted(found, key=lambda r: (r.ends == r.starts, order[r.scope], r.starts, r.id))


def fact(fact_id: int) -> CalendarRule | None:
    """Return one fact, if it is still held to be true."""
    row = CalendarFact.objects.filter(pk=fact_id, known_to=None).first()
    return None if row is None else as_rule(row)
