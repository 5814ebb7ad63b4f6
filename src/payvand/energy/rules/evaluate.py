"""How good are our forecasts on a series, beside well-known single models, day after day?

Pure. Rolling origin: at the start of each test day all models forecast it with the days before it.
What was missing or impossible is neither learnt as truth nor scored. Interval figures count after
two weeks; models that give no intervals get those of their own past errors by hour.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from payvand.energy.rules import peers as others
from payvand.energy.rules import reconcile
from payvand.energy.rules.forecast import Forecast, Forecaster, members
from payvand.energy.rules.ground import prepare
from payvand.energy.rules.intervals import LEVELS
from payvand.energy.rules.members import LEADS
from payvand.energy.rules.scores import Score, score, yardstick
from payvand.energy.rules.series import Floats, Panel, SeriesUnreadable

OURS, PEERS = "Payvand", ("SNaive 24", "SNaive 168", "MSTL", "AutoTheta", "LightGBM")
FIRST, SETTLED = 42, 14  # days of history before the first test day; days until bands count
Progress = Callable[[str, int, int], None]


@dataclass
class Report:
    """The table, and what went into it."""

    panel: Panel
    first: int
    days: int
    rows: dict[str, Score] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)  # per 1,000 series-days
    weekly_seconds: float = 0.0
    leads: list[Score] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    imputed_percent: float = 0.0
    whole: Mapping[str, Sequence[str]] = field(default_factory=dict)
    per_series: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def best_single(self) -> str:
        """Return which single model had the lowest MASE."""
        return min((n for n in PEERS if n in self.rows), key=lambda n: self.rows[n].mase)

    @property
    def ratio(self) -> float:
        """Return our MASE as a share of the best single model's."""
        return self.rows[OURS].mase / self.rows[self.best_single].mase

    def as_json(self) -> dict[str, Any]:
        """Return the report for machines."""
        found: dict[str, Any] = {
            "series": len(self.panel.names), "first_day": str(self.panel.day(self.first)),
            "days": self.days, "imputed_percent": round(self.imputed_percent, 3),
            "statuses": self.statuses, "whole": {k: list(v) for k, v in self.whole.items()},
            "models": {n: {**row.as_json(), "cpu_s_per_1000_series_days": round(
                self.seconds.get(n, 0.0), 2)} for n, row in self.rows.items()},
            "weekly_learning_cpu_s_per_1000_series_days": round(self.weekly_seconds, 2),
            "by_day_ahead": [row.as_json() for row in self.leads],
            "mase_by_series": self.per_series,
            "notes": [vars_of(note) for note in self.panel.notes],
        }  # fmt: skip
        if any(n in self.rows for n in PEERS):
            found |= {"best_single": self.best_single, "mase_vs_best_single": round(self.ratio, 4)}
        return found


def vars_of(note: Any) -> dict[str, Any]:
    """Return the fields of a note."""
    return {name: getattr(note, name) for name in note.__slots__}


def evaluate(
    panel: Panel,
    *,
    days: int = 56,
    parts: Mapping[str, Sequence[str]] | None = None,
    peers: Sequence[str] = PEERS,
    tick: Progress = lambda _name, _done, _all: None,
) -> Report:
    """Return the scores of the last `days` days. Raises SeriesUnreadable when there are too few."""
    first = max(FIRST, panel.days - days)
    if panel.days - first < 1:
        raise SeriesUnreadable(reason=f"{panel.days} days; at least {FIRST + 1} are needed")
    whole = reconcile.whole_of(panel) if parts is None else parts
    report = Report(panel, first, panel.days - first, whole=whole)
    run = _Run(report, tick)
    run.ours()
    for name in peers:
        run.peer(name)
    return report


class _Run:
    """The measuring of one report."""

    def __init__(self, report: Report, tick: Progress) -> None:
        self.report, self.tick = report, tick
        panel, first = report.panel, report.first
        self.origins = range(first, panel.days)
        self.ground = prepare(panel)
        self.truth = self.ground.seen[first:]
        self.unit = yardstick(self.ground.filled[:first])
        report.imputed_percent = 100 * float(np.isnan(self.truth).mean())

    def ours(self) -> None:
        """Score our forecasts, with our bands and with those of past errors."""
        caster = _Timed(self.report.panel, self.report.whole)
        caster.warm(self.report.first)
        caster.weekly = 0.0
        said: list[Forecast] = []
        with self._clock(OURS) as clock:
            for origin in self.origins:
                said.append(caster.step(origin))
                self.tick(OURS, len(said), len(self.origins))
            clock.minus = caster.weekly
        self.report.weekly_seconds = self._per_thousand(caster.weekly)
        self.report.statuses = _counted(said)
        point = np.stack([one.point[0] for one in said])
        told = np.stack([one.told[:, 0] for one in said], axis=1)
        self._row(OURS, point, told)
        self._row(f"{OURS}, bands of past errors", point, None)
        for lead in range(1, LEADS):
            truth = self.truth[lead:]
            if len(truth) > SETTLED:
                ahead = np.stack([one.point[lead] for one in said])[: len(truth)]
                band = np.stack([one.told[:, lead] for one in said], axis=1)[:, : len(truth)]
                self.report.leads.append(_settled(truth, ahead, band, self.unit))

    def peer(self, name: str) -> None:
        """Score one of the other models."""
        done = 0

        def tick(count: int) -> None:
            nonlocal done
            done += count
            self.tick(name, done, len(self.origins))

        with self._clock(name):
            if name.startswith("SNaive"):
                lag = 1 if name.endswith(" 24") else 7
                point = others.naive(self.ground, self.origins, lag)
            elif name == "LightGBM":
                point = others.boosted(self.ground, self.origins, tick)
            else:
                point = others.statistical(self.ground, self.origins, name, tick)
        self._row(name, point, None)

    def _row(self, name: str, point: Floats, told: Floats | None) -> None:
        bands = past_error_bands(self.truth, point) if told is None else told
        self.report.rows[name] = _settled(self.truth, point, bands, self.unit)
        error = np.abs(self.truth - point)
        known = ~np.isnan(error).all(axis=(0, 1))
        mean = np.nanmean(np.where(known, error, 0.0), axis=(0, 1)) / self.unit
        self.report.per_series[name] = {
            series: round(float(value), 4)
            for series, value in zip(self.report.panel.names, mean, strict=True)
        }

    def _per_thousand(self, seconds: float) -> float:
        return 1000 * seconds / (len(self.origins) * len(self.report.panel.names))

    @contextmanager
    def _clock(self, name: str) -> Iterator[_Clock]:
        clock = _Clock()
        start = time.process_time()
        yield clock
        spent = time.process_time() - start - clock.minus
        self.report.seconds[name] = self._per_thousand(spent)


@dataclass
class _Clock:
    minus: float = 0.0


class _Timed(Forecaster):
    """A forecaster that says how long its weekly learning took."""

    def __init__(self, panel: Panel, parts: Mapping[str, Sequence[str]]) -> None:
        super().__init__(panel, parts, members())
        self.weekly = 0.0

    def learn(self, origin: int) -> None:
        start = time.process_time()
        super().learn(origin)
        self.weekly += time.process_time() - start


def _settled(truth: Floats, point: Floats, told: Floats, unit: Floats) -> Score:
    """Return the score: points of all days, bands of those after two weeks."""
    plain = score(truth, point, None, unit)
    if len(truth) <= SETTLED:
        return plain
    late = score(truth[SETTLED:], point[SETTLED:], told[:, SETTLED:], unit)
    return Score(plain.mae, plain.mase, late.pinball, late.interval_80, late.interval_90,
                 late.cover_80, late.cover_90)  # fmt: skip


def past_error_bands(truth: Floats, point: Floats, least: int = 7) -> Floats:
    """Return (level, day, 24, series): the quantiles of all past errors of the series and hour."""
    error = truth - point
    told = np.full((len(LEVELS), *point.shape), np.nan)
    for day in range(least, len(point)):
        past = error[:day]
        known = np.where(np.isnan(past).all(axis=0), 0.0, past)
        told[:, day] = point[day] + np.nanquantile(known, LEVELS, axis=0)
    return told


def _counted(said: Sequence[Forecast]) -> dict[str, int]:
    every = [status for one in said for status in one.status]
    return {status: every.count(status) for status in sorted(set(every))}
