"""What is level, what is the day's and what the week's shape, and how do they go on?

Pure: numpy and scipy. Source: Cleveland and others (1990), "STL"; Bandara, Hyndman, Bergmeir
(2021), "MSTL". Without the robust steps STL is a linear map of the readings. So the forecast of a
decomposition is one matrix, worked out once for a length of history and then multiplied with the
readings of any number of series: the costly part of MSTL becomes free (ADR 0021).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy import sparse

from payvand.energy.rules.series import Floats

WEEK = 7
LEAST_DAYS, AHEAD = 21, 72


def forecast(history: Floats, spans: tuple[int, int], ahead: int = AHEAD, day: int = 24) -> Floats:
    """Return the next hours (ahead, series) of readings (hours, series) that have no gap.

    The history must be whole weeks, at least three. spans: how many days, and how many weeks, the
    two shapes are smoothed over; both odd. The level of the last hour goes on.
    """
    shape, level = operator(len(history), spans, ahead, day)
    found: Floats = shape @ history + level @ history
    return found


@lru_cache(maxsize=64)
def operator(
    hours: int, spans: tuple[int, int], ahead: int, day: int = 24
) -> tuple[Floats, Floats]:
    """Return the matrices (ahead, hours) of the seasons to come and (1, hours) of the last level.

    Two rounds over the two periods, or over the week alone where a day has one step. Worked out
    backwards, from the few rows that are wanted.
    """
    periods = (day, WEEK * day)[day == 1 :]
    seasons = []
    for period in periods:
        wanted = np.zeros((hours, ahead + 1))
        wanted[hours - period + np.arange(ahead) % period, np.arange(ahead)] = 1
        seasons.append(wanted)
    rest = np.zeros((hours, ahead + 1))
    rest[-1, -1] = 1
    smoothers = [
        _Smoother(hours, p, span) for p, span in zip(periods, spans[day == 1 :], strict=True)
    ]
    # forwards: rest += season; season = STL(rest); rest -= season, for each period, twice
    for place in (1, 0, 1, 0) if day > 1 else (0, 0):
        before = rest + smoothers[place].pull(seasons[place] - rest)
        seasons[place], rest = before, before
    rows = np.ascontiguousarray(rest.T)
    return rows[:ahead], rows[ahead:]


class _Smoother:
    """The season that STL finds for one period, as a linear map; `pull` applies its transpose."""

    rounds = 5

    def __init__(self, hours: int, period: int, span: int) -> None:
        cycles = _cycles(hours, period, span)
        odd = period + 1 + period % 2
        low = loess(hours, odd) @ _means(hours + 2, 3)
        low = low @ _means(hours + period + 1, period) @ _means(hours + 2 * period, period)
        trend = int(np.ceil(1.5 * period / (1 - 1.5 / span)))
        self._inner = cycles[period : hours + period].T.tocsr()
        self._cycles = cycles.T.tocsr()
        self._low = low.T.tocsr()
        self._trend = loess(hours, trend + 1 - trend % 2).T.tocsr()

    def pull(self, rows: Floats) -> Floats:
        return self._season(rows, self.rounds)

    def _season(self, rows: Floats, rounds: int) -> Floats:
        raw: Floats = self._inner @ rows - self._cycles @ (self._low @ rows)
        if rounds == 1:
            return raw
        trended: Floats = self._trend @ raw
        return raw - trended + self._season(trended, rounds - 1)


def _cycles(hours: int, period: int, span: int) -> Any:
    """Return the smoothing of each hour of the period over its cycles, one cycle more each side."""
    rows, columns, weights = [], [], []
    for phase in range(period):
        own = np.arange(phase, hours, period)
        smooth = loess(len(own), span, slope=False, beyond=1).tocoo()
        rows.append(smooth.row * period + phase)
        columns.append(own[smooth.col])
        weights.append(smooth.data)
    where = (np.concatenate(rows), np.concatenate(columns))
    shape = (hours + 2 * period, hours)
    return sparse.csr_matrix((np.concatenate(weights), where), shape=shape)


def _means(length: int, width: int) -> Any:
    rows = length - width + 1
    return sparse.diags(
        [np.full(rows, 1 / width)] * width, list(range(width)), shape=(rows, length)
    ).tocsr()


@lru_cache(maxsize=64)
def loess(length: int, width: int, *, slope: bool = True, beyond: int = 0) -> Any:
    """Return the sparse matrix of a local fit to equally spaced points, rows from -beyond on.

    width: how many nearest points count, weighted by the tricube of their distance.
    """
    at = np.arange(-beyond, length + beyond)
    near = min(width, length)
    low = np.clip(at - (near - 1) // 2, 0, length - near)
    points = low[:, None] + np.arange(near)
    gap = np.abs(points - at[:, None]).astype(float)
    reach = gap.max(1, keepdims=True) + max(0, (width - length) // 2)
    weights = np.where(gap <= 0.999 * reach, (1 - (gap / np.maximum(reach, 1e-9)) ** 3) ** 3, 0.0)
    weights /= weights.sum(1, keepdims=True)
    if slope:
        centre = (weights * points).sum(1, keepdims=True)
        spread = (weights * (points - centre) ** 2).sum(1, keepdims=True)
        weights *= 1 + (at[:, None] - centre) * (points - centre) / np.maximum(spread, 1e-9)
    where = (np.repeat(np.arange(len(at)), near), points.ravel())
    return sparse.csr_matrix((weights.ravel(), where), shape=(len(at), length))
