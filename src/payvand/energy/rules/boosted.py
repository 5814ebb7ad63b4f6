"""What do boosted trees, shared by all series, add to the simple forecasts?

Pure: numpy and LightGBM. The trees learn once a week how much the coming hours lie above the last
known day, in each series' own yardstick, because on the raw scale large series drown small ones.
`Boosted` is told the decomposition's forecast and its last errors, and the weather; `Grown` knows
readings and calendar alone and has more leaves: it is best where a long history shows habits.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from payvand.energy.rules import days
from payvand.energy.rules.ground import Ground
from payvand.energy.rules.members import LEADS, WEEK, Decomposed, take
from payvand.energy.rules.series import Floats, Ints

FIRST = 22  # the first day with three weeks before it
MOST_DAYS, MOST_ROWS = 730, 300_000
STEADY: dict[str, Any] = {"objective": "l1", "learning_rate": 0.05, "verbose": -1,
                          "num_threads": 1, "seed": 1, "deterministic": True,
                          "force_row_wise": True}  # fmt: skip


class _Trees:
    """Trees on the difference to the last known day, grown anew each week."""

    name = ""
    settings: ClassVar[dict[str, Any]] = STEADY
    count = 150

    def __init__(self, leads: int = LEADS) -> None:
        self._leads = leads
        self._trees: list[Any] = []
        self._unit: Floats = np.zeros(0)

    def learn(self, ground: Ground, origin: int) -> None:
        """Grow the trees of each lead anew from the days before the origin."""
        import lightgbm

        self._unit = _unit(ground.filled[:origin])
        self._trees = []
        for lead in range(self._leads):
            targets = np.arange(max(FIRST + lead, origin - MOST_DAYS), origin)
            if len(targets) < 2 * WEEK:
                return
            targets, columns = _fewer(targets, ground.filled.shape[2])
            inputs, base = self._inputs(ground, targets, lead)
            wanted = (ground.seen[targets] - base) / self._unit
            x, y = inputs[:, :, columns], wanted[:, :, columns]
            x, y = x.reshape(-1, x.shape[-1]), y.ravel()
            known = np.isfinite(y)
            grown = lightgbm.train(self.settings, lightgbm.Dataset(x[known], y[known]), self.count)
            self._trees.append(grown)

    def forecast(self, ground: Ground, origin: int) -> Floats:
        """Return (lead, 24, series); NaN for a lead with too little history to grow trees."""
        shape = (LEADS, 24, ground.filled.shape[2])
        found = np.full(shape, np.nan)
        for lead, trees in enumerate(self._trees):
            inputs, base = self._inputs(ground, np.array([origin + lead]), lead)
            rows = inputs.reshape(-1, inputs.shape[-1])
            found[lead] = trees.predict(rows, num_threads=1).reshape(shape[1:]) * self._unit
            found[lead] += base[0]
        return found

    def _inputs(self, ground: Ground, targets: Ints, lead: int) -> tuple[Floats, Floats]:
        """Return (target, 24, series, inputs), and the last known day they are compared with."""
        raise NotImplementedError


class Grown(_Trees):
    """Many leaves on readings and calendar alone."""

    name, count = "grown", 250

    def _inputs(self, ground: Ground, targets: Ints, lead: int) -> tuple[Floats, Floats]:
        values, unit, known = ground.filled, self._unit, targets - lead - 1
        last, eve = take(values, known), take(values, known - 1)
        both = np.concatenate([eve, last], axis=1)  # the hours before midnight come from the eve
        own = [both[:, 24 - k : 48 - k] - last for k in (1, 2)]
        own += [eve - last, take(values, known - 2) - last]
        own += [take(values, targets - k) - last for k in (WEEK, 2 * WEEK)]
        daily = np.broadcast_to(last.mean(axis=1, keepdims=True), last.shape)
        own += [
            np.mean([take(values, known - k) for k in range(WEEK)], axis=0) - last,
            daily - last,
            daily - eve.mean(axis=1, keepdims=True),
            np.broadcast_to((last - eve)[:, 23:], last.shape),
        ]
        # a day of the year that was never seen before teaches nothing
        turn = (targets + ground.panel.first.timetuple().tm_yday) % 365 * (targets > 400)
        shared = (ground.kinds[targets, :7].argmax(axis=1), ground.kinds[targets, days.OFF], turn)
        wide = [np.broadcast_to(np.arange(24.0)[None, :, None], last.shape)]
        wide += [np.broadcast_to(np.asarray(one, float)[:, None, None], last.shape)
                 for one in shared]  # fmt: skip
        return np.stack([*(one / unit for one in own), *wide], axis=-1), last


class Boosted(_Trees):
    """Few leaves on everything that is known, the decomposition's forecast included."""

    name = "boosted"
    settings: ClassVar[dict[str, Any]] = STEADY | {
        "num_leaves": 15, "min_child_samples": 60, "bagging_fraction": 0.7, "bagging_freq": 1,
        "feature_fraction": 0.4,
    }  # fmt: skip

    def __init__(self, base: Decomposed) -> None:
        super().__init__()
        self._base = base

    def _inputs(self, ground: Ground, targets: Ints, lead: int) -> tuple[Floats, Floats]:
        """Return (target, 24, series, inputs), and the last known day they are compared with."""
        values, unit = ground.filled, self._unit
        known = targets - lead - 1
        last = take(values, known)
        own = [(take(values, targets - k) - last) / unit for k in (WEEK, 2 * WEEK)]
        own += [(take(values, known - k) - last) / unit for k in (1, 2)]
        own += [(np.roll(last, k, axis=1) - last) / unit for k in (1, -1)]
        daily = values.mean(axis=1)
        level = np.nanmean([take(daily, known - k) for k in range(WEEK)], axis=0)
        own.append((last - level[:, None]) / unit)
        late = values[:, 21:].mean(axis=1)
        flat = [
            (take(late, known) - take(late, known - 1)) / unit,
            (take(daily, known) - level) / unit,
            *self._degrees(ground, targets, known),
        ]
        own += self._decomposed(ground, targets, lead, last)
        if ground.panel.outlook is not None:
            own.append(take(ground.panel.outlook, targets))
        own += [np.broadcast_to(one[:, None, :], last.shape) for one in flat]
        shared = _calendar(ground, targets, known)
        own += [np.broadcast_to(one[:, :, None], last.shape) for one in shared]
        return np.stack(own, axis=-1), last

    def _decomposed(self, ground: Ground, targets: Ints, lead: int, last: Floats) -> list[Floats]:
        """Return the decomposition's forecast of the targets, and its errors on the last days."""
        made = {
            t: self._base.forecast(ground, t)
            for t in {*(targets - lead), *(targets - lead - 1), *(targets - WEEK)}
            if t >= FIRST - 1
        }

        def errors(rows: Ints) -> Floats:
            nothing = np.full(last.shape[1:], np.nan)
            return np.stack([ground.filled[r] - made[r][0] if r in made else nothing for r in rows])

        ahead = np.stack([made[t][lead] for t in targets - lead])
        yesterday = errors(targets - lead - 1)
        night = np.broadcast_to(yesterday[:, 23:], last.shape)
        found = [ahead - last, yesterday, errors(targets - WEEK), night]
        return [one / self._unit for one in found]

    def _degrees(self, ground: Ground, targets: Ints, known: Ints) -> list[Floats]:
        """Return (target, series) of what the temperature did, and was forecast to do."""
        found = []
        if ground.panel.temperature is not None:
            degrees = ground.panel.temperature
            mean = degrees.mean(axis=1)
            now = take(mean, known)
            found += [
                now,
                now - take(mean, known - 1),
                now - take(mean, targets - WEEK),
                take(degrees[:, 23], known) - now,
            ]
        if ground.panel.outlook is not None:
            ahead = take(ground.panel.outlook, targets).mean(axis=1)
            found += [ahead, ahead - take(ground.panel.outlook, known).mean(axis=1)]
        return found


def _calendar(ground: Ground, targets: Ints, known: Ints) -> list[Floats]:
    """Return (target, 24) of hour, weekday, season and kinds of the target and the last day."""
    kinds = ground.kinds
    hours = np.broadcast_to(np.arange(24.0), (len(targets), 24))
    each = [
        kinds[targets, :7].argmax(axis=1),
        *kinds[targets][:, days.OFF :].T,
        kinds[known.clip(0), days.OFF],
        kinds[(targets - WEEK).clip(0), days.OFF],
    ]
    if targets[-1] >= 400:
        each.append(targets % 365.25)
    return [hours, *(np.broadcast_to(np.asarray(one, float)[:, None], hours.shape) for one in each)]


def _unit(past: Floats) -> Floats:
    """Return the mean change from day to day of each series over the last eight weeks."""
    moved = np.abs(np.diff(past[-8 * WEEK :], axis=0))
    found = np.nanmean(np.where(np.isnan(moved).all(axis=(0, 1)), 1.0, moved), axis=(0, 1))
    positive: Floats = np.maximum(found, 1e-9)
    return positive


def _fewer(targets: Ints, series: int) -> tuple[Ints, Ints]:
    """Return days and series to learn from, drawn evenly where there are more than needed."""
    chance = np.random.default_rng(1)
    most = max(20, MOST_ROWS // (24 * len(targets)))
    columns = np.arange(series) if series <= most else chance.choice(series, most, replace=False)
    return targets, np.sort(columns)
