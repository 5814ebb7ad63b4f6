"""How long does a sample office take, and what does it answer?

Pure. Everything is drawn from the case's code and the question, so that the history and the
simulator that carries it on agree without storing a draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import exp
from random import Random

from payvand.kernel.calendar import WorkCalendar

LOG_SD = 1.4  # spread of answer times around an office's median; heavy tails, as measured
OFFICES_LOG_SD = 0.45  # spread of the medians of offices
OFFICE_DAY = timedelta(hours=7)
LONGEST_DAYS = 90.0
MIN_MEDIAN, MAX_MEDIAN = 0.4, 6.0  # working days
SHARE_OF_TERM = 0.42
PER_UNIT = {"wd": 1.0, "d": 5 / 7, "wh": 1 / 7}  # working days in a unit of a term
LEVELS = {"inbox": 1.0, "letter": 1.6, "rest": 0.3}
NO_TERM_DAYS = 4.0


@dataclass(frozen=True, slots=True)
class Draw:
    """What chance has in store for one question of one case."""

    days: float  # working days until the answer
    opened: float  # share of that time until the inquiry is opened
    fate: float  # decides the outcome, 0..1
    stop: float  # decides whether something is asked of the applicant
    rest: Random  # for what the answer says


@lru_cache(maxsize=4096)
def pace(slug: str) -> float:
    """Return how slow an office is, compared with others; 1 is usual."""
    return exp(Random(f"pace:{slug}").gauss(0, OFFICES_LOG_SD))


def term_days(term: str) -> float:
    """Return a term in working days.

    >>> term_days("5wd"), term_days("14d")
    (5.0, 10.0)
    """
    if not term:
        return NO_TERM_DAYS
    number = term.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(number) * PER_UNIT[term[len(number) :]]


def median(slug: str, term: str, level: str = "inbox") -> float:
    """Return the working days within which an office answers half of such questions."""
    usual = SHARE_OF_TERM * term_days(term) * pace(slug) * LEVELS.get(level, 1.0)
    return min(max(usual, MIN_MEDIAN), MAX_MEDIAN)


def draw(code: str, question: str, *, slug: str, term: str, level: str = "inbox") -> Draw:
    """Return what happens to a question; the same arguments, the same draw."""
    rng = Random(f"{code}/{question}")
    days = min(median(slug, term, level) * exp(rng.gauss(0, LOG_SD)), LONGEST_DAYS)
    return Draw(days, rng.uniform(0.05, 0.6), rng.random(), rng.random(), rng)


def patience(code: str, question: str, median_days: float, log_sd: float = 1.0) -> Draw:
    """Return what a person does with a request or a report: when, and how."""
    rng = Random(f"{code}/{question}")
    days = min(median_days * exp(rng.gauss(0, log_sd)), LONGEST_DAYS)
    return Draw(days, 0.3, rng.random(), rng.random(), rng)


def after(start: datetime, days: float, calendar: WorkCalendar) -> datetime:
    """Return the moment in office hours by which so many working days have been worked."""
    worked = calendar.worked_by(start) + max(days, 0.02) * OFFICE_DAY
    return calendar.when_worked(worked)
