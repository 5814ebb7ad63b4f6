"""Is a case over, or only silent? A log without end marks says no more than its last event.

A case counts as surely over when it has been silent, at the end of the log, for longer than cases
go silent and still come back. In a log that is younger than its process no silence is long enough,
and nothing can be promised from it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules.eventlog import EventLog, Floats
from payvand.foresight.rules.survival import Curve, grouped, kaplan_meier

COMES_BACK = 0.05  # at most so many of the silent ones come back while the silence doubles
LEAST = 20  # silences that were watched for twice as long
MINUTE = 1 / 1440


def surely_over(log: EventLog) -> NDArray[np.bool_]:
    """Return for each case whether its last event is surely its end.

    The silence that is long enough is found for each kind of last event, else for the whole log;
    and it is longer than the silences that are usual inside cases. Without the second demand a
    young log, which has not yet seen a step be followed, would take that step for an end.
    """
    if not log.cases:
        return np.zeros(0, bool)
    last = _lasts(log)
    silence, age = _silences(log, last), log.until - float(log.time.min())
    every = enough(kaplan_meier(silence, ~last), age)
    codes = log.activity.codes
    kinds = grouped(silence, ~last, codes, {}, 0.0)
    needed = np.full(len(log.activity.words), np.inf if every is None else every)
    for code, curve in kinds.items():
        own = enough(curve, age)
        if own is not None:
            needed[int(code)] = own  # type: ignore[call-overload]
    needed = np.maximum(needed, _usual(log, silence, last))
    return np.asarray(silence[last] >= needed[codes[last]])


def _usual(log: EventLog, silence: Floats, last: NDArray[np.bool_]) -> float:
    """Return the silence, in days, that most broken ones and most cases' longest do not exceed."""
    if last.all():
        return 0.0
    longest = np.maximum.reduceat(np.where(last, 0.0, silence), log.first[:-1])
    return float(max(np.quantile(silence[~last], 0.95), np.quantile(longest, 0.9)))


def chance_over(log: EventLog) -> Floats:
    """Return for each case the chance that its last event is its end, not only the log's.

    From events old enough to be judged: how often was this activity the last one, and how long did
    it take where something followed.
    """
    if not log.cases:
        return np.zeros(0)
    last = _lasts(log)
    silence, age = _silences(log, last), log.until - float(log.time.min())
    found = enough(kaplan_meier(silence, ~last), age)
    old = log.time <= log.until - (age * 0.4 if found is None else found)
    codes, kinds = log.activity.codes, len(log.activity.words)
    ended = np.bincount(codes[old & last], minlength=kinds) + 5 * (old & last).sum() / max(
        old.sum(), 1
    )
    ends = ended / (np.bincount(codes[old], minlength=kinds) + 5)  # of this activity, the last ones
    went_on = old & ~last
    curves = grouped(silence[went_on], np.ones(went_on.sum(), bool), codes[went_on],
                     dict.fromkeys(range(kinds), -1), 20.0)  # fmt: skip
    chance = np.ones(len(log.cases))
    for code in np.unique(codes[last]):
        rows = codes[last] == code
        curve = curves.get(int(code)) or curves.get(-1)
        still = curve.at(silence[last][rows]) if curve is not None else np.zeros(rows.sum())
        chance[rows] = ends[code] / np.maximum(ends[code] + (1 - ends[code]) * still, 1e-12)
    return chance


def _lasts(log: EventLog) -> NDArray[np.bool_]:
    """Return which events are the last ones of their case."""
    last = np.zeros(len(log.time), bool)
    last[log.first[1:] - 1] = True
    return last


def _silences(log: EventLog, last: NDArray[np.bool_]) -> Floats:
    """Return the days from each event to the next one of its case, or to the end of the log."""
    return np.asarray(np.where(last, log.until, np.roll(log.time, -1)) - log.time, float)


def enough(silences: Curve, age: float) -> float | None:
    """Return the silence, in days, after which hardly any case comes back; None if there is none.

    silences: of how long it took until something happened again, the last ones of the cases
    censored at the end of the log. Of all longer silences that were watched until they doubled, at
    most `COMES_BACK` may have been broken meanwhile. age: of the log, days.
    """
    if not len(silences.times) or age <= 2 * MINUTE:
        return None
    tried = np.geomspace(MINUTE, age / 2, 60)
    watched = np.r_[silences.at_risk, 0.0][np.searchsorted(silences.times, 2 * tried, side="left")]
    usable = np.flatnonzero(watched >= LEAST)
    if not len(usable):
        return None
    before: Floats = np.maximum(silences.at(tried), 1e-12)
    broken = np.flatnonzero((1 - silences.at(2 * tried) / before > COMES_BACK)
                            & (watched >= LEAST))  # fmt: skip
    first = int(broken[-1]) + 1 if len(broken) else 0
    return float(tried[first]) if first <= usable[-1] else None
