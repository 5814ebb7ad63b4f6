"""Small made-up series and readings for the tests."""

from __future__ import annotations

from datetime import date

import numpy as np

from payvand.energy.rules.rollup import Meters, Readings
from payvand.energy.rules.series import Panel

FIRST = date(2025, 1, 4)


def panel(days: int = 70, series: int = 2, *, noise: float = 0.02, seed: int = 1) -> Panel:
    """Return series with a shape of the day and the week, and a little chance."""
    chance = np.random.default_rng(seed)
    hour, day = np.arange(24), np.arange(days)
    shape = 100 + 30 * np.sin((hour - 8) / 24 * 2 * np.pi)
    week = np.where(day % 7 == 6, 0.8, 1.0)
    level = 1 + 0.05 * np.sin(day / 9)
    base = (week * level)[:, None] * shape[None]
    size = 10.0 ** np.arange(series)
    demand = base[..., None] * size * (1 + noise * chance.standard_normal((days, 24, series)))
    return Panel(tuple(f"s{n}" for n in range(series)), FIRST, demand)


def readings(wh: np.ndarray, *, first_meter: int = 1, day: int = 20000, version: int = 1,
             known: int = 0) -> Readings:  # fmt: skip
    """Return readings of one day from (meter, hour)."""
    meters, hours = wh.shape
    size = wh.size
    return Readings(
        np.repeat(np.arange(first_meter, first_meter + meters), hours),
        np.tile(day * 24 + np.arange(hours), meters),
        wh.ravel().astype(np.int64),
        np.full(size, version),
        np.full(size, known),
    )


def meters(count: int, *, cells: int = 1, most_wh: int = 10_000) -> Meters:
    """Return registered meters, spread over cells."""
    return Meters(np.arange(1, count + 1), np.arange(count) % cells, np.full(count, most_wh), cells)


def together(*parts: Readings) -> Readings:
    """Return all rows in one."""
    names = ("meter", "hour", "wh", "version", "known")
    return Readings(*(np.concatenate([getattr(p, n) for p in parts]) for n in names))
