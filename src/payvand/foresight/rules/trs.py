"""How long does each stage of a release take: mean, median, range — by stage, agency, regime?

After the guide of the World Customs Organization to measure the time required for the release of
goods (version 3, 2018): the study covers the cases that were released in a period; a stage runs
from one recorded moment to the next. Times are days of 24 hours, closed days included.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import TypeVar

from payvand.foresight.rules.intervals import LEAST, quantile

T = TypeVar("T", bound=Hashable)
DAY = 86400
TOTAL, BEFORE, QUESTIONS, APPLICANT, DECISION = (
    "total", "before", "questions", "applicant", "decision",
)  # fmt: skip
STAGES = (BEFORE, QUESTIONS, APPLICANT, DECISION, TOTAL)
DELIVERY, DESK, ANSWER, WHOLE = "delivery", "desk", "answer", "whole"
STEPS = (DELIVERY, DESK, ANSWER, WHOLE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a case, with its moments."""

    key: str
    agency: Hashable
    sent: datetime
    delivered: datetime | None
    opened: datetime | None
    answered: datetime | None
    is_decision: bool = False


@dataclass(frozen=True, slots=True)
class Released:
    """One case that was released in the period."""

    submitted: datetime
    released: datetime
    regime: str
    asked: Sequence[Asked]
    stops: Sequence[tuple[datetime, datetime]]  # in which the applicant was asked for something


@dataclass(frozen=True, slots=True)
class Measure:
    """What the guide asks for of some durations; None where there are too few to be shown."""

    n: int
    mean: float | None = None
    median: float | None = None
    least: float | None = None
    most: float | None = None
    p90: float | None = None
    spread: float | None = None  # standard deviation


def measure(days: Iterable[float]) -> Measure:
    """Return the measures of some durations in days; fewer than LEAST are only counted.

    >>> measure([1.0] * 9).mean is None, measure(range(10)).median
    (True, 4)
    """
    known = sorted(max(0, one) for one in days)
    n = len(known)
    if n < LEAST:
        return Measure(n)
    mean = sum(known) / n
    spread = sqrt(sum((one - mean) ** 2 for one in known) / (n - 1))
    return Measure(n, mean, quantile(known, 0.5), known[0], known[-1], quantile(known, 0.9), spread)


@dataclass(frozen=True, slots=True)
class Study:
    """The tables of one study, each a list of (keys, measure) in the order to be shown."""

    n: int
    stages: list[tuple[str, Measure]]
    regimes: list[tuple[str, Measure]]
    agencies: list[tuple[Hashable, Measure]]
    questions: list[tuple[str, dict[str, Measure]]]


def study(cases: Iterable[Released]) -> Study:
    """Return the study of some cases; it reads them once."""
    stages: dict[str, list[float]] = defaultdict(list)
    regimes: dict[str, list[float]] = defaultdict(list)
    agencies: dict[Hashable, list[float]] = defaultdict(list)
    steps: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    count = 0
    for case in cases:
        count += 1
        total = _days(case.submitted, case.released)
        regimes[case.regime].append(total)
        for name, days in _stages(case, total):
            stages[name].append(days)
        for one in case.asked:
            if one.answered is None:
                continue
            agencies[one.agency].append(_days(one.sent, one.answered))
            if not one.is_decision:
                for name, days in _steps(one, one.answered):
                    steps[one.key][name].append(days)
    measured = {key: {name: measure(v) for name, v in known.items()}
                for key, known in steps.items()}  # fmt: skip
    return Study(
        count,
        [(name, measure(stages[name])) for name in STAGES],
        _ordered({key: measure(v) for key, v in regimes.items()}),
        _ordered({key: measure(v) for key, v in agencies.items()}),
        sorted(measured.items(), key=lambda kv: -(kv[1][WHOLE].mean or 0)),
    )


def _ordered(found: Mapping[T, Measure]) -> list[tuple[T, Measure]]:
    return sorted(found.items(), key=lambda kv: (-(kv[1].mean or 0), -kv[1].n, str(kv[0])))


def _days(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds() / DAY)


def _stages(case: Released, total: float) -> Iterable[tuple[str, float]]:
    yield TOTAL, total
    questions = [one for one in case.asked if not one.is_decision]
    decisions = [one for one in case.asked if one.is_decision]
    if questions:
        first = min(one.sent for one in questions)
        last = max((one.answered for one in questions if one.answered), default=first)
        yield BEFORE, _days(case.submitted, first)
        yield QUESTIONS, _days(first, last)
    if case.stops:
        yield APPLICANT, union(case.stops)
    if decisions:
        yield DECISION, _days(min(one.sent for one in decisions), case.released)


def _steps(one: Asked, answered: datetime) -> Iterable[tuple[str, float]]:
    yield WHOLE, _days(one.sent, answered)
    opened = min(one.opened or answered, answered)
    reached = min(one.delivered or opened, opened)  # who has opened it has it
    yield DELIVERY, _days(one.sent, reached)
    yield DESK, _days(reached, opened)
    yield ANSWER, _days(opened, answered)


def union(stretches: Iterable[tuple[datetime, datetime]]) -> float:
    """Return the days that some stretches cover together; overlaps count once."""
    days, until = 0.0, None
    for start, end in sorted(stretches):
        begin = start if until is None else max(start, until)
        if end > begin:
            days += _days(begin, end)
            until = end
    return days
