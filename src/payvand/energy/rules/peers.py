"""How well do well-known single models forecast the same days, from the same readings?

Pure: numpy, statsforecast, LightGBM. They are measured beside ours, never used by it: seasonal
naive, MSTL and AutoTheta of statsforecast on eight weeks, fitted anew each day, and LightGBM pooled
over all series on the difference to the day before, in each series' own yardstick, grown weekly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from payvand.energy.rules.ground import Ground
from payvand.energy.rules.scores import yardstick
from payvand.energy.rules.series import Floats

WINDOW = 56
SETTINGS = {
    "objective": "l1", "learning_rate": 0.05, "verbose": -1, "num_threads": 1, "seed": 1,
}  # fmt: skip
Progress = Callable[[int], None]


def naive(ground: Ground, origins: Iterable[int], lag: int) -> Floats:
    """Return (origin, 24, series): the day `lag` days before."""
    return np.stack([ground.filled[o - lag] for o in origins])


def statistical(ground: Ground, origins: Iterable[int], name: str, tick: Progress) -> Floats:
    """Return (origin, 24, series) of MSTL or AutoTheta, each series fitted anew each day."""
    found = []
    for origin in origins:
        past = ground.filled[max(0, origin - WINDOW) : origin].reshape(-1, ground.filled.shape[2])
        found.append(np.stack([_fitted(past[:, c], name) for c in range(past.shape[1])], axis=1))
        tick(1)
    return np.stack(found)


def _fitted(past: Floats, name: str) -> Floats:
    from statsforecast.models import MSTL, AutoTheta

    known = past[np.argmax(np.isfinite(past)) :]
    if len(known) < 3 * 168 or not np.isfinite(known).all():
        return np.full(24, np.nan)
    model = MSTL(season_length=[24, 168]) if name == "MSTL" else AutoTheta(season_length=24)
    said: Floats = np.asarray(model.forecast(y=known, h=24)["mean"], dtype=float)
    return said


def boosted(ground: Ground, origins: Iterable[int], tick: Progress) -> Floats:
    """Return (origin, 24, series) of pooled LightGBM with lags, rolling means and calendar."""
    import lightgbm

    values = ground.filled
    rows: Floats | None = None
    trees, unit, grown = None, np.ones(values.shape[2]), -7
    found = []
    for origin in origins:
        if origin >= grown + 7:
            unit, grown = yardstick(values[max(0, origin - WINDOW) : origin]), origin
            rows = _inputs(ground, unit)
            first = max(15, origin - 730)
            y = ((ground.seen[first:origin] - values[first - 1 : origin - 1]) / unit).ravel()
            x = rows[first:origin].reshape(-1, rows.shape[-1])
            known = np.isfinite(y)
            trees = lightgbm.train(SETTINGS, lightgbm.Dataset(x[known], y[known]), 250)
        assert rows is not None and trees is not None  # noqa: S101, PT018 - for the type checker
        now = rows[origin].reshape(-1, rows.shape[-1])
        said = np.asarray(trees.predict(now, num_threads=1)).reshape(24, -1)
        found.append(values[origin - 1] + said * unit)
        tick(1)
    return np.stack(found)


def _inputs(ground: Ground, unit: Floats) -> Floats:
    """Return (day, 24, series, input): what is known at the start of each day."""
    values = ground.filled
    days = len(values)

    def back(lag: int) -> Floats:
        return np.concatenate([np.full((lag, *values.shape[1:]), np.nan), values[: days - lag]])

    def shifted(hours: int) -> Floats:
        flat = values.reshape(-1, values.shape[2])
        moved = np.concatenate([np.full((hours, flat.shape[1]), np.nan), flat[: len(flat) - hours]])
        return moved.reshape(values.shape)

    last = back(1)
    own = [shifted(h) - last for h in (25, 26, 48, 72, 168, 336)]
    weekly = np.stack([back(k) for k in range(1, 8)]).mean(axis=0)
    daily = np.broadcast_to(last.mean(axis=1, keepdims=True), last.shape)
    own += [
        weekly - last,
        daily - last,
        daily - back(2).mean(axis=1, keepdims=True),
        (last - back(2))[:, 23:] + 0 * last,
    ]
    # a day of the year that was never seen before teaches nothing
    season = (np.arange(days) + ground.panel.first.timetuple().tm_yday) % 365 * (days > 400)
    calendar = [
        np.broadcast_to(np.arange(24.0)[None, :, None], last.shape),
        *(np.broadcast_to(np.asarray(one, float)[:, None, None], last.shape)
          for one in (ground.kinds[:days, :7].argmax(axis=1), ground.kinds[:days, 7], season)),
    ]  # fmt: skip
    return np.stack([*(one / unit for one in own), *calendar], axis=-1)
