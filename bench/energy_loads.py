"""On which hourly series can a way to forecast be tried, when only one real file is there?

Made up, the same for the same seed: homes and cities that follow a weather nobody tells, factories
with shifts and stops, street lights, a hospital, a school, roofs with solar panels, loads that grow
or jump, pumps, meters that count whole units, and series of which much is missing. Half of the
kinds are for choosing, the other half for confirming (ADR 0021).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from payvand.energy.rules.series import Floats, Panel

FIRST, DAYS = date(2024, 9, 2), 224  # a Monday
HOURS = np.arange(24.0)
CHOOSING = ("homes", "shifts", "lights", "solar", "grows", "pump", "cold_store", "zone")
CONFIRMING = ("city", "machines", "hospital", "school", "wind", "jumps", "spikes", "counted",
              "gaps", "office", "heat_pumps", "quiet")  # fmt: skip


@dataclass
class _World:
    """What the series of one seed share: the weather and the days off."""

    seed: int
    days: int = DAYS
    country: int = 0  # its days off are those of all its series
    chance: Any = field(init=False)

    def __post_init__(self) -> None:
        self.chance = np.random.default_rng(self.seed)
        season = -np.cos(2 * np.pi * (np.arange(self.days) + 245 - 15) / 365.25)
        slow, fast = self.drift(self.days, 0.8), self.drift(self.days * 24, 0.93)
        clear = 0.5 + 0.5 * np.tanh(self.drift(self.days, 0.6))  # share of the sky
        wave = 4 * np.cos(2 * np.pi * (HOURS - 15) / 24)
        self.clear = clear[:, None] * np.clip(1 + 0.3 * fast.reshape(-1, 24), 0, 1)
        self.degrees = (12 + 11 * season + 3.5 * slow)[:, None] + wave * (0.4 + clear[:, None])
        self.degrees = self.degrees + 0.7 * fast.reshape(-1, 24)
        self.weekday = np.arange(self.days) % 7
        off = np.random.default_rng(self.country).choice(self.days, 9, replace=False)
        self.off = np.zeros(self.days, dtype=bool)
        self.off[off] = True
        self.rest = (self.weekday >= 5) | self.off

    def drift(self, size: int, keep: float) -> Floats:
        """Return a slow random walk around zero, of variance one."""
        found = np.zeros(size)
        noise = self.chance.normal(0, np.sqrt(1 - keep**2), size)
        for n in range(1, size):
            found[n] = keep * found[n - 1] + noise[n]
        return found

    def noise(self, size: float, keep: float = 0.7) -> Floats:
        """Return (day, 24) of errors that hang together, as a share."""
        return 1 + size * self.drift(self.days * 24, keep).reshape(-1, 24)

    def hump(self, at: float, width: float) -> Floats:
        """Return (24,) with a hump at an hour, round the clock."""
        away = np.abs((HOURS - at + 12) % 24 - 12)
        found: Floats = np.exp(-0.5 * (away / width) ** 2)
        return found

    def switched(self, on: float, off: float) -> Floats:
        """Return (day, 24) of 0 and 1: how long something stays on and off, in hours."""
        state, found = 0.0, np.zeros(self.days * 24)
        draws = self.chance.random(self.days * 24)
        for n, draw in enumerate(draws):
            state = 1 - state if draw < 1 / (on if state else off) else state
            found[n] = state
        return found.reshape(-1, 24)


def _homes(w: _World) -> Floats:
    size = w.chance.uniform(0.5, 3)
    day = 0.5 + 0.6 * w.hump(8, 1.5) + w.hump(20, 2.5) + 0.3 * w.hump(13, 3)
    week = np.where(w.rest, 1.12, 1.0)[:, None] * day
    weather = 0.02 * np.maximum(14 - w.degrees, 0) + 0.05 * np.maximum(w.degrees - 24, 0)
    return size * (week + weather) * w.noise(0.05)


def _city(w: _World) -> Floats:
    day = 0.7 + 0.35 * w.hump(11, 3.5) + 0.45 * w.hump(19, 2)
    week = np.where(w.rest, 0.86, 1.0)[:, None] * day
    weather = 0.012 * np.maximum(16 - w.degrees, 0) + 0.03 * np.maximum(w.degrees - 22, 0)
    return 900 * (week + weather) * w.noise(0.008, 0.9)


def _shifts(w: _World) -> Floats:
    shift = np.where((HOURS >= 6) & (HOURS < 22), 1.0, 0.35)
    works = np.where(w.rest, 0.15, 1.0)[:, None] * shift
    stopped = w.switched(6, 200)
    return 12 * np.where(stopped > 0, 0.2, works) * w.noise(0.06, 0.5)


def _machines(w: _World) -> Floats:
    day = np.where((HOURS >= 7) & (HOURS < 17), 1.0, 0.1)
    parts = [w.switched(30, 50) * w.chance.uniform(0.3, 1) for _ in range(3)]
    found: Floats = np.where(w.rest, 0.2, 1.0)[:, None] * day + sum(parts)
    return found * w.noise(0.03, 0.3)


def _lights(w: _World) -> Floats:
    half = 6 - 1.6 * np.cos(2 * np.pi * (np.arange(w.days) + 245 + 10) / 365.25)
    rise, fall = (12 - half)[:, None], (12 + half)[:, None]
    dark = np.clip(rise - HOURS, 0, 1) + np.clip(HOURS + 1 - fall, 0, 1)
    return 0.4 * np.clip(dark, 0, 1) * w.noise(0.01, 0.3) + 0.004


def _hospital(w: _World) -> Floats:
    day = 1 + 0.4 * w.hump(12, 4)
    week = np.where(w.rest, 0.9, 1.0)[:, None] * day
    return 2.2 * (week + 0.02 * np.maximum(w.degrees - 20, 0)) * w.noise(0.025, 0.6)


def _school(w: _World) -> Floats:
    away = ((np.arange(w.days) // 7) % 9 == 8)[:, None]
    open_ = (~w.rest)[:, None] * ((HOURS >= 7) & (HOURS < 16))
    return (0.05 + 0.3 * np.where(away, 0.15, 1.0) * open_) * w.noise(0.12, 0.5)


def _office(w: _World) -> Floats:
    open_ = (~w.rest)[:, None] * w.hump(12.5, 3.6)
    cool = 1 + 0.04 * np.maximum(w.degrees - 18, 0)
    return (0.2 + 0.8 * open_ * cool) * w.noise(0.05, 0.8)


def _solar(w: _World) -> Floats:
    height = np.clip(1 - ((HOURS - 12) / 6.2) ** 2, 0, None)
    return _homes(w) - w.chance.uniform(1.0, 3.5) * height * w.clear


def _wind(w: _World) -> Floats:
    blown = np.clip(0.35 + 0.3 * w.drift(w.days * 24, 0.97), 0, 1).reshape(-1, 24)
    return 60 + 15 * w.hump(18, 4) - 50 * blown


def _grows(w: _World) -> Floats:
    rate = w.chance.uniform(0.5, 3.0)
    return _city(w) * (1 + rate * np.arange(w.days) / w.days)[:, None]


def _jumps(w: _World) -> Floats:
    level = np.ones(w.days)
    for at in w.chance.choice(w.days, 9, replace=False):
        level[at:] *= w.chance.choice([0.6, 0.75, 1.3, 1.6])
    return _homes(w) * level[:, None]


def _pump(w: _World) -> Floats:
    return w.switched(4, 9) * w.noise(0.04, 0.2) + 0.05


def _spikes(w: _World) -> Floats:
    rare = (w.chance.random((w.days, 24)) < 0.03) * w.chance.pareto(2.0, (w.days, 24))
    return (1 + 0.3 * w.hump(14, 4) + rare) * w.noise(0.1, 0.3)


def _cold_store(w: _World) -> Floats:
    works = 0.6 + 0.015 * np.maximum(w.degrees, 0) + 0.25 * w.hump(15, 4)
    return works * np.where(w.switched(3, 3) > 0, 1.25, 0.8) * w.noise(0.05, 0.4)


def _counted(w: _World) -> Floats:
    usual = 0.4 + 1.8 * w.hump(20, 2.5) + 0.8 * w.hump(7, 1.2)
    return w.chance.poisson(np.broadcast_to(usual, (w.days, 24))).astype(float)


def _gaps(w: _World) -> Floats:
    found = _homes(w)
    found[w.chance.random((w.days, 24)) < 0.1] = np.nan
    for at in w.chance.choice(w.days - 70, 30, replace=False):
        found[at, w.chance.integers(0, 20) :] = np.nan
    found[20:60, ::2] = np.nan
    return found


def _heat_pumps(w: _World) -> Floats:
    cold = np.maximum(17 - w.degrees, 0) ** 1.2
    return (0.3 + 0.12 * cold + 0.4 * w.hump(6, 1.5) + 0.5 * w.hump(18, 2)) * w.noise(0.07, 0.8)


def _quiet(w: _World) -> Floats:
    hours = np.clip(1 + 0.02 * w.chance.normal(size=(w.days, 24)), 0.9, 1.1)
    return np.where(w.switched(40, 400) > 0, 2.5, 1.0) * hours


def _zone(w: _World) -> Floats:
    return _city(w) + 60 * _homes(w) + 8 * _shifts(w)


KINDS: dict[str, Callable[[_World], Floats]] = {
    name.lstrip("_"): made for name, made in dict(globals()).items()
    if name.lstrip("_") in (*CHOOSING, *CONFIRMING)
}  # fmt: skip


def panel(kind: str, seeds: range, *, days: int = DAYS) -> Panel:
    """Return made-up series of one kind, one a seed; their days off are told, their weather not."""
    return mixed([kind], seeds, days=days)


def mixed(kinds: Sequence[str], seeds: range, *, days: int = DAYS) -> Panel:
    """Return made-up series of several kinds, one a kind and seed."""
    names = tuple(f"{kind} {seed}" for kind in kinds for seed in seeds)
    worlds = [_World(seed + 1000 * list(KINDS).index(kind), days)
              for kind in kinds for seed in seeds]  # fmt: skip
    made = [KINDS[kind](w) for kind, w in zip(np.repeat(kinds, len(seeds)), worlds, strict=True)]
    off = {FIRST + timedelta(days=int(n)): "off" for n in np.flatnonzero(worlds[0].off)}
    return Panel(names, FIRST, np.stack(made, axis=-1), holidays=off)
