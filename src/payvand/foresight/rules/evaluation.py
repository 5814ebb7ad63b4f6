"""Would promises at submission have held, had they been made with what was known then?

The strict protocol: T is the start of the last fifth of the cases. Only what had ended by T
teaches and calibrates; what was open then is censored. The cases begun from T on are promised at
their first event, and judged by what the log says of them afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules import calibration, candidates, closing, features, gate
from payvand.foresight.rules.calibration import TARGET
from payvand.foresight.rules.candidates import HALF, Chosen, Past
from payvand.foresight.rules.classes import History
from payvand.foresight.rules.eventlog import EventLog, Floats
from payvand.foresight.rules.gate import LEAST_CLOSED, LEAST_SHARE, Verdict
from payvand.foresight.rules.survival import Curve, kaplan_meier
from payvand.kernel.shares import wilson

TEST_FROM = 0.8  # of the cases, by start
LEAST_TEST = 10
NO_TEST = "few_test"


@dataclass(frozen=True, slots=True)
class Quality:
    """How promises at one level did over the cases of the test."""

    share: float  # that ended by the promised day, taking each last event as the end
    low: float  # Wilson, 95 %
    high: float
    share_if_cut: float  # the same, where cases the log's end may have cut off are censored
    pinball: float  # days
    median_days: float  # of the promises
    mae: float  # days between promise and end

    @classmethod
    def of(cls, promised: Floats, test: Outcome, level: float) -> Quality:
        """Return the quality of some promises, one per case of the test."""
        share = float((test.days <= promised + 1e-9).mean())
        return cls(
            share, *wilson(share * len(promised), len(promised)), test.share_if_cut(promised),
            float(calibration.pinball(test.days, promised, level).mean()),
            float(np.median(promised)), float(np.abs(promised - test.days).mean()),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """The cases of the test: how long they took, and how surely they are over."""

    days: Floats
    watched: Floats  # days from the start to the end of the log
    over: Floats  # chance that the last event was the end

    def share_if_cut(self, promised: Floats) -> float:
        """Return the share of kept promises; a case that may go on counts as both, weighted."""
        days = np.r_[self.days, self.watched]
        ended = np.r_[np.ones(len(self.days), bool), np.zeros(len(self.days), bool)]
        weights, twice = np.r_[self.over, 1 - self.over], np.r_[promised, promised]
        ratio = np.divide(days, twice, out=np.where(days > 0, np.inf, 0.0), where=twice > 0)
        curve = kaplan_meier(np.minimum(ratio, 1e9), ended, weights)
        return float(1 - curve.at(1 + 1e-9))


@dataclass(frozen=True, slots=True)
class Strict:
    """What the strict protocol found."""

    split_at: float  # T, days since 1970
    started: int  # cases begun before T
    closed: int  # of them, ended by T by their last event
    surely: int  # of them, silent for long enough to be surely over: these the gate counts
    tested: int  # cases begun from T on
    verdict: Verdict
    way: str = ""  # of promising, chosen in the past
    trials: dict[str, float] = field(default_factory=dict)  # mean past loss of each way
    level: float = TARGET  # at which the curve is read
    past_coverage: float | None = None  # of the nominal level, at the origins
    p90: Quality | None = None
    p50: Quality | None = None
    kaplan_meier: dict[float, Quality] = field(default_factory=dict)  # plain, all cases alike
    history: dict[float, Quality] = field(default_factory=dict)  # quantiles of closed cases


def strict(
    log: EventLog, *, with_challenger: bool, tell: Callable[[str], None] = lambda _: None
) -> Strict:
    """Return how promises at submission do under the strict protocol, or why none is made."""
    count = len(log.cases)
    place = min(int(count * TEST_FROM), max(count - 1, 0))
    now = float(log.start[place]) if count else 0.0
    before = log.start < now
    history = History.at(now, log.start[before], log.end[before])
    over = closing.surely_over(log)
    surely = int((over[before] & history.observed).sum())
    plain = kaplan_meier(history.days, history.observed)
    first = _gate(log, now, over, plain)
    found = Strict(now, int(before.sum()), int(history.observed.sum()), surely,
                   count - int(before.sum()), first)  # fmt: skip
    if not first or found.tested < LEAST_TEST:
        few = Verdict(False, NO_TEST, facts={"tested": found.tested, "least": LEAST_TEST})
        return found if not first else _with(found, verdict=few)
    table = features.at_submission(log, now)
    tell("choosing among ways of promising")
    chosen = _choose(table.rows(before), history, now, plain, with_challenger=with_challenger)
    level = chosen.levels[TARGET]
    verdict = gate.verdict(plain, found.started, found.surely, level.coverage, level=level.level)
    found = _with(found, verdict=verdict, way=chosen.name, trials=chosen.trials,
                  level=level.level, past_coverage=level.coverage)  # fmt: skip
    return _judged(found, log, chosen, history) if verdict else found


def _gate(log: EventLog, now: float, over: NDArray[np.bool_], plain: Curve) -> Verdict:
    """Return whether the log can carry a promise at T, and whether it can as a whole.

    Where the log gives ends of its own, they must say enough too.
    """
    before, whole = log.start < now, int(over.sum())
    if LEAST_CLOSED <= whole < LEAST_SHARE * len(over):
        return gate.verdict(plain, len(over), whole)
    started, closed = int(before.sum()), int((over & (log.end <= now))[before].sum())
    if log.own_ends is not None and np.isfinite(log.own_ends).any():
        own = int((log.own_ends[before] <= now).sum())
        closed = min(own, closed) if own < LEAST_SHARE * started else closed
    return gate.verdict(plain, started, closed)


def _choose(table: features.Table, history: History, now: float, plain: Curve, *,
            with_challenger: bool) -> Chosen:  # fmt: skip
    starts = now - history.age
    ends = np.where(history.observed, starts + history.days, np.inf)
    third = float(history.age.max()) / 3
    horizon = min(plain.quantile(TARGET) or third, third)
    origins = calibration.origins(starts, now, horizon)
    return candidates.choose(Past(table, starts, ends, now, origins),
                             with_challenger=with_challenger)  # fmt: skip


def _judged(found: Strict, log: EventLog, chosen: Chosen, history: History) -> Strict:
    plain = kaplan_meier(history.days, history.observed)
    later = log.start >= found.split_at
    test = Outcome((log.end - log.start)[later], log.until - log.start[later],
                closing.chance_over(log)[later])  # fmt: skip
    rows = features.at_submission(log, found.split_at).rows(later)
    ours = {p: Quality.of(chosen.promise(rows, p), test, p) for p in (HALF, TARGET)}
    curves, naive = {}, {}
    for p in (HALF, TARGET):
        flat = plain.quantile(p)
        if flat is not None:
            curves[p] = Quality.of(np.full(found.tested, flat), test, p)
        ended = np.quantile(history.days[history.observed], p)
        naive[p] = Quality.of(np.full(found.tested, float(ended)), test, p)
    return _with(found, p90=ours[TARGET], p50=ours[HALF], kaplan_meier=curves, history=naive)


def _with(found: Strict, **changes: object) -> Strict:
    return replace(found, **changes)  # type: ignore[arg-type]
