"""How well is the remaining time known after each event, by the protocol that is usually published?

The cases in order of start: 64 % teach, 16 % tune, the last 20 % test; prefixes of 2 to n − 1
events of cases with at least three. Cases that teach may still have been open when the test began:
this hindsight makes it comparable with published figures, and no measure of what can be promised.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules import features
from payvand.foresight.rules.calibration import TARGET
from payvand.foresight.rules.eventlog import EventLog, Floats
from payvand.foresight.rules.features import Table
from payvand.foresight.rules.survival import kaplan_meier

TEACH, TUNE = 0.64, 0.80
LEAST_EVENTS, LEAST_TAUGHT, LEAST_TESTED = 3, 100, 20
ROUNDS, PATIENCE, FIXED_ROUNDS = 600, 40, 150
SHAPE = {
    "learning_rate": 0.05, "num_leaves": 31, "min_data_in_leaf": 20, "bagging_fraction": 0.8,
    "bagging_freq": 1, "feature_fraction": 0.6, "seed": 1, "verbose": -1, "deterministic": True,
    "force_row_wise": True,
}  # fmt: skip
# The same median looks different to a model on each scale; the committee hears all three.
SCALES: tuple[tuple[Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    (np.positive, np.positive), (np.sqrt, np.square), (np.log1p, np.expm1),
)  # fmt: skip
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Published:
    """What the published protocol found; days."""

    cases: int  # with at least three events
    prefixes: int  # that were tested
    mae: float | None = None  # of the committee, over all prefixes
    mae_naive: float | None = None  # of the median by last activity alone
    p50_share: float | None = None  # of prefixes that ended by the median
    p90_share: float | None = None  # of prefixes that ended by the P90
    p90_days: float | None = None  # median of the P90
    interval_share: float | None = None  # inside the interval 5–95 %
    interval_days: float | None = None  # its median width
    submission_share: float | None = None  # P90 at submission with hindsight
    learned: bool = False  # did LightGBM take part?


@dataclass(frozen=True, slots=True)
class _Prefixes:
    """All prefixes that count, with what is known of them and what was left."""

    table: Table
    left: Floats
    teach: Mask
    tune: Mask
    test: Mask


def published(
    log: EventLog, *, with_learning: bool, threads: int = 1,
    tell: Callable[[str], None] = lambda _: None,
) -> Published:  # fmt: skip
    """Return the figures of the published protocol; without them where the log is too small."""
    long = log.only(np.diff(log.first) >= LEAST_EVENTS)
    if not long.cases:
        return Published(0, 0)
    known = _prefixes(long)
    found = Published(len(long.cases), int(known.test.sum()))
    if known.teach.sum() < LEAST_TAUGHT or found.prefixes < LEAST_TESTED or not known.tune.any():
        return found
    both, truth = known.teach | known.tune, known.left[known.test]
    naive = _by_word(known, ("activity_0",), both)
    votes = [naive, _by_word(known, ("activity_0", "place"), both)]
    extra: dict[str, Any] = {}
    if with_learning:
        for no, scale in enumerate(SCALES, 1):
            tell(f"remaining time, model {no} of {len(SCALES)}")
            votes += _boosted(known, scale, threads)
        tell("remaining time, intervals")
        extra = _intervals(known, threads)
    middle = np.median(votes, axis=0) if with_learning else naive
    return Published(
        found.cases, found.prefixes, float(np.abs(middle - truth).mean()),
        float(np.abs(naive - truth).mean()), float((truth <= middle).mean()),
        submission_share=_hindsight(log), learned=with_learning, **extra,
    )  # fmt: skip


def _prefixes(log: EventLog) -> _Prefixes:
    """Return the prefixes 2 … n − 1 of each case and the part that the case belongs to."""
    case, size = log.case, np.diff(log.first)
    place = np.arange(len(case)) - log.first[:-1][case] + 1
    used = (place >= 2) & (place <= size[case] - 1)
    part = np.digitize(case, [int(len(size) * TEACH), int(len(size) * TUNE)])[used]
    table = features.after_each_event(log).rows(used)
    return _Prefixes(table, (log.end[case] - log.time)[used], part == 0, part == 1, part == 2)


def _by_word(known: _Prefixes, names: tuple[str, ...], taught: Mask) -> Floats:
    """Return the median that was left after the same last activity (and place)."""
    columns = [known.table.values[:, known.table.names.index(name)] for name in names]
    _, keys = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    order = np.argsort(keys[taught], kind="stable")
    sorted_keys, left = keys[taught][order], known.left[taught][order]
    bounds = np.flatnonzero(np.r_[True, np.diff(sorted_keys) != 0, True])
    medians = np.full(int(keys.max()) + 1, float(np.median(left)))
    for low, high in pairwise(bounds):
        medians[sorted_keys[low]] = np.median(left[low:high])
    return np.asarray(medians[keys[known.test]], float)


def _boosted(known: _Prefixes, scale: tuple[Any, Any], threads: int) -> list[Floats]:
    """Return what two boosted medians on one scale say: the tuned one, and one taught by all."""
    import lightgbm

    there, back = scale
    shape = SHAPE | {"objective": "l1", "metric": "l1", "num_threads": threads}
    teach = _data(known, known.teach, there)
    tune = _data(known, known.tune, there, reference=teach)
    stop = lightgbm.early_stopping(PATIENCE, verbose=False)
    tuned = lightgbm.train(shape, teach, ROUNDS, valid_sets=[tune], callbacks=[stop])
    every = _data(known, known.teach | known.tune, there)
    model = lightgbm.train(shape, every, max(tuned.best_iteration, 5))
    rows = known.table.values[known.test]
    said = [back(one.predict(rows, num_threads=threads)) for one in (tuned, model)]
    return [np.asarray(np.maximum(days, 0), float) for days in said]


def _data(known: _Prefixes, rows: Mask, there: Any, reference: Any = None) -> Any:
    import lightgbm

    return lightgbm.Dataset(
        known.table.values[rows], there(known.left[rows]), reference=reference,
        categorical_feature=list(known.table.words), params={"verbose": -1},
    )  # fmt: skip


def _intervals(known: _Prefixes, threads: int) -> dict[str, Any]:
    """Return how P90 and the interval 5–95 % do, each moved to hold on the tuning cases."""
    import lightgbm

    data = _data(known, known.teach, np.positive)
    tuned, truth = known.left[known.tune], known.left[known.test]
    bounds = {}
    for level in (0.05, TARGET, 0.95):
        shape = SHAPE | {"objective": "quantile", "alpha": level, "num_threads": threads}
        model = lightgbm.train(shape, data, FIXED_ROUNDS)
        said = model.predict(known.table.values, num_threads=threads)
        offset = float(np.quantile(tuned - said[known.tune], level))
        bounds[level] = np.maximum(said[known.test] + offset, 0)
    low, upper, high = bounds.values()
    return {
        "p90_share": float((truth <= upper).mean()), "p90_days": float(np.median(upper)),
        "interval_share": float(((truth >= low) & (truth <= high)).mean()),
        "interval_days": float(np.median(high - low)),
    }  # fmt: skip


def _hindsight(log: EventLog) -> float | None:
    """Return the coverage of a flat P90 at submission learned from all earlier cases in full."""
    days = log.end - log.start
    place = int(len(days) * TUNE)
    if place < 1 or place >= len(days):
        return None
    flat = kaplan_meier(days[:place], np.ones(place, bool)).quantile(TARGET)
    return None if flat is None else float((days[place:] <= flat).mean())
