"""How long does it take to say whose time it was, in a million closed inquiries?

62,500 cases of sixteen inquiries, three layers deep, with answer times of the shape measured on
real logs (log-sd 1.4), a fifth of them stopped, 200 offices with calendars of their own. Measured
is the whole rule: arrays in, every day of every case charged, and summed by day, office and cause.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from bench.core import Result
from bench.promises import result
from payvand.foresight.rules import attribution as rules

CASES, QUESTIONS, OFFICES, DAYS = 62_500, 16, 200, 1500
LAYERS = np.array([0] * 9 + [1] * 5 + [2] * 2)
DAY = 86400
MEDIAN_DAYS, LOG_SD, LONGEST_DAYS, STOPPED = 4.1, 1.4, 200, 0.2


def measures() -> list[Callable[[], list[Result]]]:
    """Return the measurement."""
    return [attribution]


def attribution() -> list[Result]:
    """Seconds for a million closed inquiries, in one process."""
    cases, branches, holds, calendars = sample()
    seconds, charged = 0.0, 0
    start = time.perf_counter()
    for parts in rules.attributed(cases, branches, holds, calendars):
        _groups, sums = parts.sums(parts.day, parts.agency, parts.cause)
        charged += int(sums[:, 0].sum())
    seconds = time.perf_counter() - start
    if charged != int((cases.end - cases.start).sum()):
        raise RuntimeError("the parts do not sum to the elapsed time")
    return [result("foresight.attribution_1m_s", seconds)]


def sample() -> tuple[rules.Cases, rules.Branches, rules.Holds, rules.Calendars]:
    """Return the cases, the same at every run."""
    rng = np.random.default_rng(1405)
    nights = np.arange(DAYS + 1) * DAY
    closed = rng.random((OFFICES, DAYS)) < 2 / 7
    begin = rng.integers(10 * DAY, (DAYS - 700) * DAY, CASES)
    lengths = rng.lognormal(np.log(MEDIAN_DAYS * DAY), LOG_SD, (CASES, QUESTIONS))
    lengths = np.minimum(lengths, LONGEST_DAYS * DAY).astype(np.int64)
    start, end = np.zeros_like(lengths), np.zeros_like(lengths)
    now = begin
    for layer in range(3):
        chosen = layer == LAYERS
        start[:, chosen] = now[:, None]
        end[:, chosen] = now[:, None] + lengths[:, chosen]
        now = end[:, chosen].max(axis=1)
    offices = rng.integers(0, OFFICES, CASES * QUESTIONS)
    owners = rng.integers(0, OFFICES, CASES)
    starts, ends = start.ravel(), end.ravel()
    held = np.flatnonzero(rng.random(len(starts)) < STOPPED)
    span = ends[held] - starts[held]
    causes = rng.choice([rules.STATUTORY, rules.APPLICANT, rules.OUTAGE, rules.OPERATOR], len(held))
    case = np.repeat(np.arange(CASES), QUESTIONS)
    return (
        rules.Cases(begin, now + DAY, owners, owners, now),
        rules.Branches(case, starts, ends, offices, offices, starts + 7 * DAY),
        rules.Holds(held, causes, starts[held] + span // 4, starts[held] + span // 2),
        rules.Calendars(nights, np.where(closed, rules.ALWAYS, rules.NEVER)),
    )
