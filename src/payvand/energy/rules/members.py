"""Which simple forecasts are there to choose from, each from the past only?

Pure: numpy. A member is told the ground once, may learn again at an origin (the start of a day),
and answers with (lead, 24, series) for that day and the two after it. All cost next to nothing: a
ridge regression of the whole day on earlier days, the linear decomposition, and a recent profile.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from payvand.energy.rules import days, decomposition
from payvand.energy.rules.ground import Ground
from payvand.energy.rules.series import Floats, Ints

LEADS = 3  # days ahead
WEEK = 7
STEPS = (26, 22, 18, *range(16, 2, -1))  # weeks of history that a decomposition may use


class Member(Protocol):
    """A way to forecast."""

    name: str

    def learn(self, ground: Ground, origin: int) -> None:
        """Learn from the days before the origin."""

    def forecast(self, ground: Ground, origin: int) -> Floats:
        """Return (lead, 24, series) made from the days before the origin."""


class LastWeek:
    """The same hours a week before: what every other member has to beat."""

    name = "last_week"

    def learn(self, ground: Ground, origin: int) -> None:
        """Nothing to learn."""

    def forecast(self, ground: Ground, origin: int) -> Floats:
        found: Floats = ground.filled[origin - WEEK : origin - WEEK + LEADS]
        return found


class Decomposed:
    """Level, shape of the day, shape of the week; a day off takes the shape of the quietest day."""

    def __init__(self, name: str, spans: tuple[int, int], weeks: int) -> None:
        self.name, self.spans, self.weeks = name, spans, weeks
        self._made: dict[tuple[int, int], Floats] = {}

    def learn(self, ground: Ground, origin: int) -> None:
        """Nothing to learn."""

    def forecast(self, ground: Ground, origin: int) -> Floats:
        key = (id(ground), origin)  # others build on it, so it is kept
        if key not in self._made:
            self._made[key] = self._forecast(ground, origin)
        return self._made[key]

    def _forecast(self, ground: Ground, origin: int) -> Floats:
        weeks = next(w for w in STEPS if w <= min(self.weeks, max(3, origin // WEEK)))
        steps = ground.panel.steps
        history = ground.calm[origin - weeks * WEEK : origin].reshape(weeks * WEEK * steps, -1)
        week = decomposition.forecast(history, self.spans, WEEK * steps, steps)
        week = week.reshape(WEEK, steps, -1)
        found = week[:LEADS].copy()
        for lead in np.flatnonzero(ground.kinds[origin : origin + LEADS, days.OFF] > 0):
            found[lead] = _quietest(week, found[lead], ground, origin)
        return found


def _quietest(week: Floats, usual: Floats, ground: Ground, origin: int) -> Floats:
    """Return the day (24, series) of the coming week that weighs least, series by series."""
    whole = week.sum(axis=1)
    quiet = np.where(np.isnan(whole), np.inf, whole).argmin(axis=0)
    own = np.take_along_axis(week, quiet[None, None, :], axis=0)[0]
    found: Floats = np.where(own.sum(0) < usual.sum(0), own, usual)
    return found


class Ridge:
    """The whole day as a linear map of the days before it, its kind, and the weather."""

    def __init__(self, name: str, *, memory: float, penalty: float = 20.0, most: int = 730) -> None:
        self.name, self.memory, self.penalty, self.most = name, memory, penalty, most
        self._shared: tuple[int, list[Floats]] | None = None

    def learn(self, ground: Ground, origin: int) -> None:
        """Learning is a solve of small systems; it happens at each forecast."""

    def forecast(self, ground: Ground, origin: int) -> Floats:
        found = np.full((LEADS, ground.panel.steps, ground.filled.shape[2]), np.nan)
        for lead in range(LEADS):
            targets = np.r_[max(0, origin - self.most) + lead : origin, origin + lead]
            shared = shared_inputs(ground, targets, lead)
            for column in range(found.shape[2]):
                inputs = np.hstack([own_inputs(ground, targets, lead, column), shared])
                found[lead, :, column] = self._one(ground, targets, inputs, column)
        return found

    def _one(self, ground: Ground, targets: Ints, inputs: Floats, column: int) -> Floats:
        """Return the hours of the last target, learnt from the others."""
        past, now = targets[:-1], inputs[-1]
        invented = np.isnan(ground.seen[past, :, column]).sum(axis=1)
        usable = np.isfinite(inputs[:-1]).all(axis=1) & (invented <= ground.panel.steps // 4)
        if usable.sum() < 2 * WEEK or not np.isfinite(now).all():
            return np.full(ground.panel.steps, np.nan)
        weight = 0.5 ** ((targets[-1] - past[usable]) / self.memory)
        y = ground.filled[past[usable], :, column]
        return _solve(inputs[:-1][usable], y, weight, now=now, penalty=self.penalty)


def _solve(x: Floats, y: Floats, weight: Floats, *, now: Floats, penalty: float) -> Floats:
    """Return the forecast at `now` of a weighted ridge regression with standardised inputs."""
    share = weight / weight.sum()
    centre, level = share @ x, share @ y
    spread = np.sqrt(share @ (x - centre) ** 2)
    moving = spread > 1e-8 * (np.abs(centre) + 1e-8)
    z = (x[:, moving] - centre[moving]) / spread[moving]
    step = np.clip((now[moving] - centre[moving]) / spread[moving], -6, 6)
    weighted = (z * weight[:, None]).T
    system = weighted @ z + penalty * np.eye(z.shape[1])
    found: Floats = level + step @ np.linalg.solve(system, weighted @ (y - level))
    return found


def take(values: Floats, rows: Ints) -> Floats:
    """Return these rows; NaN for those before the first."""
    found: Floats = np.where(
        (rows < 0).reshape(-1, *[1] * (values.ndim - 1)), np.nan, values[np.maximum(rows, 0)]
    )
    return found


def own_inputs(ground: Ground, targets: Ints, lead: int, column: int) -> Floats:
    """Return (target, inputs) of one series, known at the start of the day target - lead.

    The last known day hour by hour, the same weekday a week before the target, and the means of
    five earlier days; with the weather of the last known day, and what was forecast for the target.
    """
    values = ground.filled[:, :, column]
    known = targets - lead - 1
    daily = values.mean(axis=1)
    parts = [take(values, known), take(values, targets - WEEK)]
    parts += [take(daily, known - k)[:, None] for k in range(1, 6)]
    if ground.panel.temperature is not None:
        degrees = ground.panel.temperature[:, :, column]
        mean = degrees.mean(axis=1)
        some = [6, 14, 23] if degrees.shape[1] == 24 else slice(None)
        parts += [take(degrees, known)[:, some], _bent(take(mean, known))]
        parts += [take(mean, rows)[:, None] for rows in (known - 1, targets - WEEK)]
    if ground.panel.outlook is not None:
        ahead = take(ground.panel.outlook[:, :, column], targets)
        parts += [ahead[:, ::3], _bent(ahead.mean(axis=1))]
    return np.hstack(parts)


def _bent(degrees: Floats) -> Floats:
    """Return a temperature, and how far it lies above and below what asks for no cooling, heat."""
    return np.column_stack([degrees, np.maximum(degrees - 20, 0), np.maximum(12 - degrees, 0)])


def shared_inputs(ground: Ground, targets: Ints, lead: int) -> Floats:
    """Return what all series share: kinds of days, the season, where the weather is moving."""
    known = targets - lead - 1
    parts = [
        take(ground.kinds, targets),
        take(ground.kinds, known)[:, days.OFF :],
        take(ground.kinds, targets - WEEK)[:, days.OFF :],
    ]
    if targets[-1] >= 400:
        turn = 2 * np.pi * targets[:, None] / 365.25
        parts += [np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn)]
    degrees = ground.panel.temperature
    if degrees is not None and degrees.shape[2] <= 40:
        parts.append(take(degrees[:, -1] - degrees.mean(axis=1), known))
    return np.hstack(parts)
