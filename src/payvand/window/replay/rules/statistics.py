"""How many cases ended in time, by whose clock, and why do two clocks disagree?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from payvand.kernel.calendar import CalendarRule, WorkCalendar
from payvand.kernel.terms import NO_STOPS, Unit, due_at
from payvand.window.replay.rules.mapping import UNIT_HOURS, OwnClock
from payvand.window.replay.rules.reading import Case, Log

DueOf = Callable[[Case], datetime | None]

# Why a due time of ours differs from the log's, in the order in which causes are looked for.
CAUSES = {
    "other_term": "the log gave the case another term than ours",
    "arrived_closed": "the case arrived on a closed day: we count from the next working day",
    "last_day_closed": "the last day is closed: we move the term to the next working day",
    "whole_day": "we let the last day run until closing time; the log ends it at an hour",
    "same": "no difference",
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of some cases, judged by one due time each."""

    cases: int
    ended: int
    judged: int  # ended, with a due time
    late: int  # of them, ended after it
    late_percent: float | None  # of the judged
    median_days_late: float | None  # of the late ones
    open_late: int  # still open when the log ends, past their due time
    on_time_index: float | None  # ours: in time ÷ all that fell due until the log ends, in percent

    def as_json(self) -> dict[str, Any]:
        """Return the figures as plain data."""
        return asdict(self)


def figures(cases: Iterable[Case], due_of: DueOf, until: datetime | None) -> Figures:
    """Return the figures of some cases; `until` is the moment at which the log stops."""
    every = list(cases)
    ended = [case for case in every if case.end is not None]
    dues = [(case, due) for case in every if (due := due_of(case)) is not None]
    lateness = [days for case, due in dues if (days := case.days_late(due)) is not None]
    late = [days for days in lateness if days > 0]
    open_late = sum(c.end is None and until is not None and due < until for c, due in dues)
    fell_due = sum(until is not None and due <= until for _, due in dues)
    in_time = sum(
        c.end is not None and c.end <= due and until is not None and due <= until for c, due in dues
    )
    return Figures(
        len(every), len(ended), len(lateness), len(late),
        100 * len(late) / len(lateness) if lateness else None,
        median(late) if late else None, open_late,
        100 * in_time / fell_due if fell_due else None,
    )  # fmt: skip


def own_deadline(case: Case) -> datetime | None:
    """Return the due time that the log itself gives."""
    return case.deadline


def term_of(case: Case, unit: str) -> int | None:
    """Return the log's term in whole units: deadline − start, rounded; None without a deadline."""
    if case.deadline is None:
        return None
    hours = (case.deadline - case.start).total_seconds() / 3600
    return round(hours / UNIT_HOURS[unit])


def by_term(log: Log, unit: str) -> dict[int, Figures]:
    """Return the figures of each term that the log gives, the most frequent among ended first."""
    groups: dict[int, list[Case]] = {}
    for case in log.cases:
        term = term_of(case, unit)
        if term is not None:
            groups.setdefault(term, []).append(case)
    made = {term: figures(cases, own_deadline, log.until) for term, cases in groups.items()}
    return dict(sorted(made.items(), key=lambda item: (-item[1].ended, item[0])))


def by_agency(log: Log, due_of: DueOf) -> dict[str, Figures]:
    """Return the figures of each agency, the largest first; empty stands for: not named."""
    groups: dict[str, list[Case]] = {}
    for case in log.cases:
        groups.setdefault(case.agency, []).append(case)
    made = {name: figures(cases, due_of, log.until) for name, cases in groups.items()}
    return dict(sorted(made.items(), key=lambda item: (-item[1].cases, item[0])))


# --- our clock -------------------------------------------------------------------------------


def calendar_for(
    log: Log, clock: OwnClock, zone: Any, holidays: Mapping[date, str]
) -> WorkCalendar:
    """Return the working calendar of the log's office, wide enough for every term of ours."""
    starts = [case.start for case in log.cases]
    if clock.term.unit is Unit.WORKING_HOURS:
        room = timedelta(days=60 + clock.term.amount)
    else:
        room = timedelta(days=60 + 2 * clock.term.amount)
    first = min(starts).date() - timedelta(days=2)
    last = max(starts).date() + room
    rules = [
        CalendarRule("weekend", "log", first, None, clock.weekend, "weekend", title_en="Weekend"),
        CalendarRule("hours", "log", first, None, None, "hours",
                     clock.opens or time(0), clock.closes or time(23, 59)),
        *(CalendarRule(f"h{day}", "log", day, day, None, "holiday", title_en=name)
          for day, name in holidays.items() if first <= day <= last),
    ]  # fmt: skip
    calendar = WorkCalendar.build(["log"], rules, first=first, last=last)
    calendar.zone = zone  # the log's own wall clock, set before anything is derived
    return calendar


def our_dues(log: Log, clock: OwnClock, calendar: WorkCalendar) -> dict[str, datetime]:
    """Return the due time of every case by our term and calendar, without interruptions."""
    return {c.id: due_at(clock.term, c.start, NO_STOPS, calendar) for c in log.cases}


@dataclass(frozen=True, slots=True)
class Difference:
    """How many ended cases one cause moved, by how much, and whose verdict it turned."""

    cause: str  # a key of CAUSES
    cases: int
    median_shift_days: float  # ours − the log's
    became_late: tuple[str, ...]  # names of cases: in time by the log, late by ours
    became_in_time: tuple[str, ...]  # the other way round


def differences(
    log: Log, dues: Mapping[str, datetime], clock: OwnClock, calendar: WorkCalendar
) -> list[Difference]:
    """Return why our due times and the log's differ, over the ended cases that have both."""
    groups: dict[str, list[_Both]] = {}
    for case in log.cases:
        if case.end is not None and case.deadline is not None:
            both = _Both(case.id, case.start, case.end, case.deadline, dues[case.id])
            groups.setdefault(_cause(both, term_of(case, "d"), clock, calendar), []).append(both)
    return [_difference(cause, groups[cause]) for cause in CAUSES if cause in groups]


@dataclass(frozen=True, slots=True)
class _Both:
    """An ended case that both clocks judge."""

    id: str
    start: datetime
    end: datetime
    theirs: datetime
    ours: datetime


def _cause(both: _Both, days: int | None, clock: OwnClock, calendar: WorkCalendar) -> str:
    zone = calendar.zone
    if clock.term.unit is Unit.CALENDAR_DAYS and days != clock.term.amount:
        return "other_term"
    if not calendar.is_open(both.start.astimezone(zone).date()):
        return "arrived_closed"
    if both.ours.astimezone(zone).date() == both.theirs.astimezone(zone).date():
        return "same" if both.ours == both.theirs else "whole_day"
    return "last_day_closed"


def _difference(cause: str, cases: Sequence[_Both]) -> Difference:
    shifts = [(one.ours - one.theirs).total_seconds() / 86400 for one in cases]
    stricter = tuple(one.id for one in cases if one.ours < one.end <= one.theirs)
    milder = tuple(one.id for one in cases if one.theirs < one.end <= one.ours)
    return Difference(cause, len(cases), median(shifts), stricter, milder)
