"""Which way of promising would have been best in the past?

Each way is tried at the same origins: it learns what was known then, promises the cases that began
next, and is calibrated by the other origins. The least pinball loss wins; a way with more parts
must win by more than chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from payvand.foresight.rules import calibration, challenger, classes
from payvand.foresight.rules.calibration import TARGET, Level
from payvand.foresight.rules.classes import Curves, History, Split
from payvand.foresight.rules.features import Table
from payvand.foresight.rules.gate import LEAST_CLOSED
from payvand.foresight.rules.survival import Floats
from payvand.kernel.shares import wilson

T = TypeVar("T", bound=np.generic)
HALF = 0.5
MOST_FACTS = 3
HALF_LIVES = (180.0, 60.0)  # days
NOT_CHANCE = 1.0  # standard errors by which the larger way must be better


@dataclass(frozen=True, slots=True)
class Past:
    """What is known at T: facts and times of the cases begun before it, and the origins."""

    table: Table
    starts: Floats
    ends: Floats
    now: float
    origins: list[tuple[float, NDArray[np.bool_]]]

    @property
    def history(self) -> History:
        """Return what is known at T of all cases."""
        return History.at(self.now, self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class Judged:
    """The cases of one origin, and what was learned before them."""

    table: Table
    days: Floats
    observed: NDArray[np.bool_]
    learned: Any


@dataclass(frozen=True, slots=True)
class Trial:
    """How one way would have done in the past."""

    name: str
    judged: list[Judged]
    losses: Floats  # pinball at P90 of each judged case, calibrated by the other origins

    @property
    def loss(self) -> float:
        """Return the mean loss, infinite when nothing could be judged."""
        return float(self.losses.mean()) if len(self.losses) else float("inf")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The way that won, learned at T and calibrated, and those that lost."""

    name: str
    promise: Callable[[Table, float], Floats]  # days promised to each row at 0.5 or 0.9
    levels: dict[float, Level]
    trials: dict[str, float] = field(default_factory=dict)  # name -> mean loss in the past


def choose(past: Past, *, with_challenger: bool) -> Chosen:
    """Return the way of promising that would have been best before T."""
    plain = _tried(past, "all cases alike", Split())
    best, split = plain, Split()
    for _ in range(MOST_FACTS):
        nexts = [
            (_tried(past, _name(past.table, one), one), one) for one in _longer(split, past.table)
        ]
        if not nexts:
            break
        trial, longer = min(nexts, key=lambda pair: pair[0].loss)
        if not _is_better(trial, best):
            break
        best, split = trial, longer
    for half_life in HALF_LIVES:
        recent = Split(split.columns, half_life)
        trial = _tried(past, _name(past.table, recent), recent)
        if _is_better(trial, best):
            best, split = trial, recent
    trials = {plain.name: plain.loss, best.name: best.loss}
    if with_challenger:
        rival = _rival(past)
        trials[rival.name] = rival.loss
        if _is_better(rival, best):
            return _by_rival(past, rival, trials)
    return _by_class(past, best, split, trials)


def _longer(split: Split, table: Table) -> Iterator[Split]:
    for column in range(len(table.names)):
        if column not in split.columns:
            yield Split((*split.columns, column), split.half_life)


def _name(table: Table, split: Split) -> str:
    facts = " × ".join(table.names[column] for column in split.columns) or "all cases alike"
    return facts if split.half_life is None else f"{facts}, half-life {split.half_life:g} d"


def _is_better(new: Trial, old: Trial) -> bool:
    """Is the new way better by more than chance, on the same cases?"""
    if len(new.losses) != len(old.losses) or len(new.losses) < calibration.LEAST:
        return False
    gain = old.losses - new.losses
    return bool(gain.mean() > NOT_CHANCE * gain.std() / np.sqrt(len(gain)))


def _judged(past: Past, learn: Callable[[Table, History], Any]) -> list[Judged]:
    found = []
    for moment, rows in past.origins:
        before = past.starts < moment
        history = History.at(moment, past.starts[before], past.ends[before])
        if history.observed.sum() < LEAST_CLOSED:
            continue
        later = History.at(past.now, past.starts[rows], past.ends[rows])
        found.append(Judged(past.table.rows(rows), later.days, later.observed,
                            learn(past.table.rows(before), history)))  # fmt: skip
    return found


def _others(values: list[NDArray[T]], place: int) -> NDArray[T]:
    """Return the values of all origins but one; of all with −1."""
    kept = [one for i, one in enumerate(values) if i != place]
    return np.concatenate(kept) if kept else np.empty(0, values[0].dtype if values else float)


# --- curves of classes -----------------------------------------------------------------------


def _tried(past: Past, name: str, split: Split) -> Trial:
    judged = _judged(past, lambda table, history: classes.learn(table, history, split))
    chances = [one.learned.chances(one.table, one.days) for one in judged]
    seen = [one.observed for one in judged]
    losses = []
    for place, one in enumerate(judged):
        level = calibration.level_for(_others(chances, place), _others(seen, place))
        promised = _reached(one.learned, one.table, level.level)
        losses.append(calibration.pinball(one.days, promised))
    return Trial(name, judged, np.concatenate(losses) if losses else np.empty(0))


def _reached(curves: Curves, table: Table, level: float) -> Floats:
    """Return quantiles; where no curve reaches the level, the longest time that was seen."""
    found = curves.quantiles(table, level)
    times = curves.curves[classes.ALL].times
    return np.where(np.isnan(found), times[-1] if len(times) else 0.0, found)


def _by_class(past: Past, best: Trial, split: Split, trials: dict[str, float]) -> Chosen:
    levels = {}
    for target in (HALF, TARGET):
        chances = [one.learned.chances(one.table, one.days) for one in best.judged]
        seen = [one.observed for one in best.judged]
        levels[target] = calibration.level_for(_others(chances, -1), _others(seen, -1),
                                               target=target)  # fmt: skip
    curves = classes.learn(past.table, past.history, split)

    def promise(table: Table, target: float) -> Floats:
        return _reached(curves, table, levels[target].level)

    return Chosen(best.name, promise, levels, trials)


# --- the challenger --------------------------------------------------------------------------


def _rival(past: Past) -> Trial:
    both = (HALF, TARGET)
    judged = _judged(past, lambda table, history: challenger.learn(table, history, both))
    raw = [one.learned.quantiles(one.table, TARGET) for one in judged]
    days, seen = [one.days for one in judged], [one.observed for one in judged]
    losses = []
    for place, one in enumerate(judged):
        offset = calibration.offset_for(
            _others(raw, place), _others(days, place), _others(seen, place)
        )
        losses.append(calibration.pinball(one.days, calibration.moved(raw[place], offset)))
    return Trial("LightGBM", judged, np.concatenate(losses) if losses else np.empty(0))


def _by_rival(past: Past, rival: Trial, trials: dict[str, float]) -> Chosen:
    model = challenger.learn(past.table, past.history, (HALF, TARGET))
    days = _others([one.days for one in rival.judged], -1)
    seen = _others([one.observed for one in rival.judged], -1)
    offsets, levels = {}, {}
    for target in (HALF, TARGET):
        raw = _others([one.learned.quantiles(one.table, target) for one in rival.judged], -1)
        offsets[target] = calibration.offset_for(raw, days, seen, target=target)
        share = calibration.coverage(days, seen, raw) or 0.0
        levels[target] = Level(target, share, *wilson(share * len(raw), len(raw)), len(raw))

    def promise(table: Table, target: float) -> Floats:
        return calibration.moved(model.quantiles(table, target), offsets[target])

    return Chosen(rival.name, promise, levels, trials)
