"""How well do well-known single models forecast the same days, from the same readings?

Pure: numpy, statsforecast, LightGBM. They are measured beside ours: seasonal naive, MSTL
and AutoTheta of statsforecast on eight weeks, fitted anew each day, and LightGBM pooled over all
series on the difference to the day before, in each series' own yardstick, grown weekly (which is
one of our members as well).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from payvand.energy.rules.boosted import Grown
from payvand.energy.rules.ground import Ground
from payvand.energy.rules.members import WEEK
from payvand.energy.rules.series import Floats, Ints

WINDOW = 56
Progress = Callable[[int], None]


def naive(ground: Ground, origins: Iterable[int], lag: int) -> Floats:
    """Return (origin, 24, series): the day `lag` days before."""
    return np.stack([ground.filled[o - lag] for o in origins])


def statistical(  # noqa: PLR0917 - one question, of one caller
    ground: Ground, origins: Iterable[int], name: str, tick: Progress, series: Ints
) -> Floats:
    """Return (origin, 24, series) of MSTL or AutoTheta for some series, fitted anew each day."""
    found = []
    for origin in origins:
        past = ground.filled[max(0, origin - WINDOW) : origin].reshape(-1, ground.filled.shape[2])
        found.append(np.stack([_fitted(past[:, c], name) for c in series], axis=1))
        tick(1)
    return np.stack(found)


def _fitted(past: Floats, name: str) -> Floats:
    """Return the next 24 hours; NaN where the model cannot be fitted."""
    from statsforecast.models import MSTL, AutoTheta

    silent = np.full(24, np.nan)
    known = past[np.argmax(np.isfinite(past)) :]
    if len(known) < 3 * 168 or not np.isfinite(known).all():
        return silent
    model = MSTL(season_length=[24, 168]) if name == "MSTL" else AutoTheta(season_length=24)
    try:
        said: Floats = np.asarray(model.forecast(y=known, h=24)["mean"], dtype=float)
    except (ArithmeticError, ValueError, IndexError, RuntimeError, np.linalg.LinAlgError):
        return silent
    return said


def boosted(ground: Ground, origins: Iterable[int], tick: Progress) -> Floats:
    """Return (origin, 24, series) of pooled LightGBM with lags, rolling means and calendar."""
    trees, grown, found = Grown(leads=1), -WEEK, []
    for origin in origins:
        if origin >= grown + WEEK:
            trees.learn(ground, origin)
            grown = origin
        found.append(trees.forecast(ground, origin)[0])
        tick(1)
    return np.stack(found)
