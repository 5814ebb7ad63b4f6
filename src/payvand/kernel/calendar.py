"""On which days is this office open, from when until when, and which rule says so?

The calendar is data: dated rules on a chain of scopes, from the country down to one organisation.
How the rules of one day combine (the table in docs/reference/terms.md shows each case):

* The more specific scope wins over the general one. Closures add up on the way down the chain;
  only an `open` rule of the same or a lower scope lifts them. An organisation whose class is named
  in ``classes`` is exempt from that rule.
* Within one scope: `open` beats `closure` and `holiday`, these beat `weekend`; among rules of one
  kind the later ``known_from`` wins, then the shorter validity, then the fewer weekdays.
* An `open` rule that recurs on weekdays ("Thursdays are working days here") lifts a weekend only:
  a holiday on such a Thursday stays a holiday. An `open` rule for dates lifts everything.
* A closure with hours is a part day: the office is open only within them.
* `hours` come from the most specific scope that states them; without any, the day is the legal day
  from midnight to midnight. `remote` changes nothing: the offices work and the day counts.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Literal

from payvand.kernel.clock import TEHRAN
from payvand.kernel.errors import Invalid, PayvandError, gettext_noop

KINDS = ("weekend", "holiday", "closure", "hours", "open", "remote")
STATUSES = ("official", "announced", "estimated", "corrected", "sample")

_MIDNIGHT, _LAST_MINUTE = time(0), time(23, 59)


class CalendarTooShort(PayvandError):
    """The working calendar does not reach the day that was asked for."""

    code = "calendar.too_short"
    status = 422
    what = gettext_noop("The working calendar does not reach that far.")
    why = gettext_noop("It is known from {first} to {last}.")
    now = gettext_noop("Extend the calendar with the holidays of the year in question.")


class ImpossibleHours(Invalid):
    """Office hours that end before they begin."""

    code = "calendar.impossible_hours"
    what = gettext_noop("An office cannot close at {closes} when it opens at {opens}.")
    why = gettext_noop("The hours end before they begin.")
    now = gettext_noop("Correct the hours; an office that stays shut needs a whole-day closure.")


@dataclass(frozen=True, slots=True)
class CalendarRule:
    """One dated statement about the days of a scope, with its source and when it was known."""

    id: int | str
    scope: str  # "IR", "IR-15", "IR-15-1503" or "org:<uuid>"
    starts: date
    ends: date | None  # inclusive; None = until further notice
    weekdays: frozenset[int] | None  # Monday = 0; None = every day
    kind: str  # one of KINDS
    opens: time | None = None  # for hours, part days and open days
    closes: time | None = None
    status: str = "official"  # one of STATUSES
    title_fa: str = ""
    title_en: str = ""
    source: str = ""
    known_from: datetime = datetime(1900, 1, 1, tzinfo=UTC)
    known_to: datetime | None = None  # exclusive; None = still held to be true
    classes: frozenset[str] = frozenset()  # classes of organisation that are exempt

    def __post_init__(self) -> None:
        if self.opens is not None and self.closes is not None and self.opens >= self.closes:
            raise ImpossibleHours(opens=self.opens, closes=self.closes)

    @property
    def is_part_day(self) -> bool:
        """A closure that leaves some office hours."""
        return self.kind == "closure" and (self.opens is not None or self.closes is not None)

    @property
    def recurs(self) -> bool:
        """It speaks of days of the week rather than of dates."""
        return self.weekdays is not None and self.ends != self.starts

    def was_known(self, at: datetime | None) -> bool:
        """Tell whether the rule was held to be true at that moment; None means now."""
        if at is None:
            return self.known_to is None
        return self.known_from <= at and (self.known_to is None or at < self.known_to)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of an office; ``rule`` is what closed or shortened it."""

    date: date
    is_open: bool
    opens: time | None
    closes: time | None
    rule: CalendarRule | None


# What one day's rules come to: closed or open, hours, and the rule that closed or shortened it.
_Shape = tuple[bool, time | None, time | None, CalendarRule | None]


class WorkCalendar:
    """The working days of one office between two dates, as tables for fast look-up."""

    def __init__(self, shapes: list[_Shape], *, first: date, version: str) -> None:
        self.version = version
        self.zone = TEHRAN
        self.first = first
        self.last = first + timedelta(days=len(shapes) - 1)
        self._shapes = shapes
        self._base = first.toordinal()
        self._open: list[int] = []  # ordinals of the open days
        self._before: list[int] = []  # per day: how many open days precede it
        for offset, shape in enumerate(shapes):
            self._before.append(len(self._open))
            if shape[0]:
                self._open.append(self._base + offset)
        self._before.append(len(self._open))

    @classmethod
    def build(
        cls,
        chain: Sequence[str],
        rules: Iterable[CalendarRule],
        *,
        first: date,
        last: date,
        known_at: datetime | None = None,
        org_class: str = "",
    ) -> WorkCalendar:
        """Return the calendar of an office, from the rules on its chain of scopes.

        chain: the scopes from the general to the specific, ("IR", "IR-15", "org:…").
        known_at: take the rules as they were known then; by default as they are known now.
        """
        level = {scope: place for place, scope in enumerate(chain)}
        applied = [
            rule
            for rule in rules
            if rule.scope in level and rule.was_known(known_at) and org_class not in rule.classes
        ]
        applied.sort(key=lambda rule: (level[rule.scope], *_precedence(rule)))
        shapes = _shapes(applied, first, last)
        return cls(shapes, first=first, version=_digest(chain, applied))

    def day(self, d: date) -> Day:
        """Return what is known of a day; raises CalendarTooShort outside the calendar."""
        is_open, opens, closes, rule = self._shapes[self.offset(d)]
        return Day(d, is_open, opens, closes, rule)

    def is_open(self, d: date) -> bool:
        """Tell whether the office works on that day."""
        return self._shapes[self.offset(d)][0]

    def next_open(self, d: date) -> date:
        """Return the day itself when it is open, or else the next open day."""
        return self.open_day(self.open_before(d))

    def opening(self, d: date) -> datetime:
        """Return the moment the office opens on an open day, in UTC."""
        return self._moment(d, self.day(d).opens)

    def closing(self, d: date) -> datetime:
        """Return the moment the office closes on an open day, in UTC."""
        return self._moment(d, self.day(d).closes)

    def add_working_days(self, d: date, n: int) -> date:
        """Return the n-th open day strictly after `d`; a negative n counts backwards.

        Zero returns the day itself.
        """
        if n == 0:
            return d
        if n > 0:
            return self.open_day(self._before[self.offset(d) + 1] + n - 1)
        return self.open_day(self._before[self.offset(d)] + n)

    def working_days_between(self, a: date, b: date) -> int:
        """Return how many open days lie after `a`, up to and including `b`; negative when b < a."""
        return self._before[self.offset(b) + 1] - self._before[self.offset(a) + 1]

    def closed_days(self, a: date, b: date) -> list[Day]:
        """Return the closed days from `a` to `b`, both included, each with its rule."""
        return [
            Day(self.first + timedelta(days=place), False, None, None, self._shapes[place][3])
            for place in range(self.offset(a), self.offset(b) + 1)
            if not self._shapes[place][0]
        ]

    # What the arithmetic of terms needs: open days by their place in the row of open days.

    def offset(self, d: date) -> int:
        """Return the place of a day in the calendar; raises CalendarTooShort outside it."""
        place = d.toordinal() - self._base
        if not 0 <= place < len(self._shapes):
            raise self.too_short(d)
        return place

    def open_before(self, d: date) -> int:
        """Return how many open days of the calendar precede `d`."""
        return self._before[self.offset(d)]

    def open_day(self, place: int) -> date:
        """Return the open day at a place in the row of open days."""
        if not 0 <= place < len(self._open):
            raise self.too_short(None)
        return date.fromordinal(self._open[place])

    def too_short(self, wanted: date | datetime | None) -> CalendarTooShort:
        """Return the error for a day outside the calendar."""
        return CalendarTooShort(first=self.first, last=self.last, wanted=wanted)

    @cached_property
    def begins(self) -> datetime:
        """The moment from which the calendar knows, in UTC."""
        return self.midnight(self.first)

    @cached_property
    def closings(self) -> list[datetime]:
        """The closing moments of all open days, in UTC."""
        return self._moments(2)

    @cached_property
    def openings(self) -> list[datetime]:
        """The opening moments of all open days, in UTC."""
        return self._moments(1)

    @cached_property
    def midnights(self) -> list[datetime]:
        """The moments at which the open days begin (local midnight), in UTC."""
        return [self.midnight(date.fromordinal(ordinal)) for ordinal in self._open]

    @cached_property
    def office_time(self) -> list[timedelta]:
        """The office time worked before each open day, and in all at the end."""
        total, sums = timedelta(), [timedelta()]
        for opens, closes in zip(self.openings, self.closings, strict=True):
            total += closes - opens
            sums.append(total)
        return sums

    def worked_by(self, at: datetime) -> timedelta:
        """Return the office time from the calendar's first day until a moment."""
        place = bisect_right(self.openings, at)
        if place == 0:
            return timedelta()
        return self.office_time[place - 1] + (
            min(at, self.closings[place - 1]) - self.openings[place - 1]
        )

    def when_worked(self, amount: timedelta) -> datetime:
        """Return the first moment by which that much office time has passed."""
        place = bisect_left(self.office_time, amount) - 1
        if place >= len(self._open):
            raise self.too_short(None)
        place = max(place, 0)
        return self.openings[place] + (amount - self.office_time[place])

    def midnight(self, d: date) -> datetime:
        """Return the moment at which a local day begins, in UTC."""
        return datetime(d.year, d.month, d.day, tzinfo=self.zone).astimezone(UTC)

    def _moment(self, d: date, at: time | None) -> datetime:
        if at is None:
            raise ValueError(f"the office is closed on {d}")
        return datetime.combine(d, at, self.zone).astimezone(UTC)

    def _moments(self, end: Literal[1, 2]) -> list[datetime]:
        return [
            self._moment(date.fromordinal(ordinal), self._shapes[ordinal - self._base][end])
            for ordinal in self._open
        ]


def _precedence(rule: CalendarRule) -> tuple[datetime, int, int, str]:
    """Order the rules of one scope and kind, the one that wins last."""
    length = (rule.ends or date.max).toordinal() - rule.starts.toordinal()
    return rule.known_from, -length, -len(rule.weekdays or range(7)), str(rule.id)


def _digest(chain: Sequence[str], applied: Sequence[CalendarRule]) -> str:
    text = "\n".join(
        f"{r.id}|{r.scope}|{r.starts}|{r.ends}|{sorted(r.weekdays or ())}|{r.weekdays is None}|"
        f"{r.kind}|{r.opens}|{r.closes}|{r.status}|{r.title_fa}|{r.title_en}|{r.source}|"
        f"{r.known_from.timestamp()}"
        for r in applied
    )
    return hashlib.sha256(f"{tuple(chain)}\n{text}".encode()).hexdigest()[:16]


def _shapes(applied: Sequence[CalendarRule], first: date, last: date) -> list[_Shape]:
    """Return the shape of every day; days under the same rules share one."""
    base, count = first.toordinal(), last.toordinal() - first.toordinal() + 1
    if count < 1:
        raise ValueError("a calendar needs at least one day")
    ruled: list[list[int]] = [[] for _ in range(count)]
    for place, rule in enumerate(applied):
        start = max(rule.starts.toordinal() - base, 0)
        stop = min((rule.ends or last).toordinal() - base + 1, count)
        if rule.weekdays is None:
            for offset in range(start, stop):
                ruled[offset].append(place)
        else:
            for weekday in rule.weekdays:
                # The proleptic day 1 was a Monday, so ordinal - 1 gives the day of the week.
                shift = (weekday - (base + start - 1)) % 7
                for offset in range(start + shift, stop, 7):
                    ruled[offset].append(place)
    known: dict[tuple[int, ...], _Shape] = {}
    shapes: list[_Shape] = []
    for places in ruled:
        key = tuple(places)
        shape = known.get(key)
        if shape is None:
            shape = known[key] = _resolve([applied[place] for place in key])
        shapes.append(shape)
    return shapes


def _resolve(rules: Sequence[CalendarRule]) -> _Shape:
    """Return what one day's rules come to; they are ordered by scope and precedence."""
    closed: CalendarRule | None = None
    opens: time | None = None
    closes: time | None = None
    parts: list[CalendarRule] = []
    for scope in dict.fromkeys(rule.scope for rule in rules):
        here = [rule for rule in rules if rule.scope == scope]
        lifted = [rule for rule in here if rule.kind == "open"]
        shut = [rule for rule in here if rule.kind in ("closure", "holiday")]
        weekend = [rule for rule in here if rule.kind == "weekend"]
        if any(not rule.recurs for rule in lifted):
            closed, parts = None, []
        else:
            if lifted:
                closed = None if closed is None or closed.kind == "weekend" else closed
            elif weekend and closed is None:
                closed = weekend[-1]
            whole = [rule for rule in shut if not rule.is_part_day]
            closed = whole[-1] if whole else closed
            parts += [rule for rule in shut if rule.is_part_day]
        for rule in [*(rule for rule in here if rule.kind == "hours"), *lifted]:
            opens, closes = rule.opens or opens, rule.closes or closes
    if closed is not None:
        return False, None, None, closed
    return _shortened(opens or _MIDNIGHT, closes or _LAST_MINUTE, parts)


def _shortened(opens: time, closes: time, parts: Sequence[CalendarRule]) -> _Shape:
    """Return an open day within the hours that its part-day closures leave."""
    if opens >= closes:
        # Half a statement in one scope may contradict the other half in another.
        raise ImpossibleHours(opens=opens, closes=closes)
    cause: CalendarRule | None = None
    for part in parts:
        later, sooner = max(opens, part.opens or opens), min(closes, part.closes or closes)
        if (later, sooner) != (opens, closes):
            opens, closes, cause = later, sooner, part
        if opens >= closes:
            return False, None, None, cause
    return True, opens, closes, cause
