"""How good are our forecasts on a series, beside well-known single models, day after day?

Pure. Rolling origin: at the start of each test day all models forecast it with the days before it.
What was missing or impossible is neither learnt as truth nor scored. Interval figures count after
two weeks; models that give no intervals get those of their own past errors by hour. All models are
scored on the same hours, those that every model answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from payvand.energy.rules import judged, reconcile
from payvand.energy.rules import peers as others
from payvand.energy.rules.forecast import Forecast, Forecaster, members
from payvand.energy.rules.ground import prepare
from payvand.energy.rules.intervals import LEVELS
from payvand.energy.rules.judged import FIRST, MOST_SERIES
from payvand.energy.rules.members import LEADS
from payvand.energy.rules.scores import (
    Score,
    bands_by_series,
    mean_of,
    rounded,
    score,
    yardstick,
)
from payvand.energy.rules.series import Bools, Floats, Note, Panel

__all__ = ["FIRST", "OURS", "PAST", "PEERS", "Report", "evaluate"]
OURS, PAST = "Payvand", "Payvand, bands of past errors"
PEERS = ("SNaive 24", "SNaive 168", "MSTL", "AutoTheta", "LightGBM")
SLOW = ("MSTL", "AutoTheta")
SETTLED = 14  # days until bands count
BAND_FIGURES = ("interval_80", "interval_90", "cover_80", "cover_90")
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
    per_series: dict[str, dict[str, float | None]] = field(default_factory=dict)
    bands: dict[str, dict[str, list[float | None]]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)

    def wider(self) -> dict[str, tuple[float, float]]:
        """Return by series the interval scores of 80 and 90 % as a share of past errors' ones."""
        past = self.bands.get(PAST, {})
        return {
            series: (own[0] / its[0], own[1] / its[1])
            for series, own in self.bands.get(OURS, {}).items()
            if (its := past[series])[0] and its[1] and own[0] and own[1]
        }

    def against(self, peer: str) -> float:
        """Return our MASE as a share of a peer's, on the series that both answered; NaN: none."""
        ours = self.per_series[OURS]
        pairs = [
            (own, its)
            for series, its in self.per_series[peer].items()
            if its is not None and (own := ours[series]) is not None
        ]
        total = sum(its for _, its in pairs)
        return sum(own for own, _ in pairs) / total if total else float("nan")

    @property
    def best_single(self) -> str:
        """Return which single model is hardest to beat; empty where none answered."""
        known = {n: share for n in PEERS if n in self.rows and (share := self.against(n)) > 0}
        return max(known, key=lambda n: known[n]) if known else ""

    @property
    def ratio(self) -> float:
        """Return our MASE as a share of the best single model's; NaN where there is none."""
        return self.against(self.best_single) if self.best_single else float("nan")

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
            "bands_by_series": {"figures": BAND_FIGURES, **self.bands},
            "notes": [vars_of(note) for note in self.notes],
        }  # fmt: skip
        if any(n in self.rows for n in PEERS):
            found |= {"best_single": self.best_single or None,
                      "mase_vs_best_single": rounded(self.ratio, 4)}  # fmt: skip
        return found


def vars_of(note: Any) -> dict[str, Any]:
    """Return the fields of a note."""
    return {name: getattr(note, name) for name in note.__slots__}


def evaluate(
    panel: Panel, *, days: int = 56, parts: Mapping[str, Sequence[str]] | None = None,
    peers: Sequence[str] = PEERS, most_series: int = MOST_SERIES,
    tick: Progress = lambda _name, _done, _all: None,
) -> Report:  # fmt: skip
    """Return the scores of the last `days` days. Raises SeriesUnreadable when there are too few."""
    panel, first = judged.fit_to_test(panel, days, most_series)
    whole = reconcile.whole_of(panel) if parts is None else parts
    report = Report(panel, first, panel.days - first, whole=whole, notes=list(panel.notes))
    run = _Run(report, tick)
    run.ours()
    for name in peers:
        run.peer(name)
    run.score()
    return report


class _Run:
    """The measuring of one report."""

    def __init__(self, report: Report, tick: Progress) -> None:
        self.report, self.tick = report, tick
        panel, first = report.panel, report.first
        self.origins = range(first, panel.days)
        self.ground = prepare(panel)
        self.truth = self.ground.seen[first:]
        self.unit = yardstick(self.ground.seen[:first])
        self.points: dict[str, Floats] = {}
        self.told: Floats = np.zeros(0)
        report.imputed_percent = 100 * float(np.isnan(self.truth).mean())
        report.notes += judged.rejections(self.ground)
        report.notes += [Note("constant", panel.names[n], int(first * 24))
                         for n in np.flatnonzero(np.isnan(self.unit))]  # fmt: skip

    def ours(self) -> None:
        """Make our forecasts."""
        caster = _Timed(self.report.panel, self.report.whole)
        caster.warm(self.report.first)
        caster.weekly = 0.0
        said: list[Forecast] = []
        with self._clock(OURS, len(self.report.panel.names)) as clock:
            for origin in self.origins:
                said.append(caster.step(origin))
                self.tick(OURS, len(said), len(self.origins))
            clock.minus = caster.weekly
        names = len(self.report.panel.names)
        self.report.weekly_seconds = self._per_thousand(caster.weekly, names)
        self.report.statuses = _counted(said)
        self.points[OURS] = np.stack([one.point[0] for one in said])
        self.told = np.stack([one.told[:, 0] for one in said], axis=1)
        for lead in range(1, LEADS):
            truth = self.truth[lead:]
            if len(truth) > SETTLED:
                ahead = np.stack([one.point[lead] for one in said])[: len(truth)]
                band = np.stack([one.told[:, lead] for one in said], axis=1)[:, : len(truth)]
                self.report.leads.append(_settled(truth, ahead, band, self.unit))

    def peer(self, name: str) -> None:
        """Make the forecasts of one of the other models."""
        done = 0

        def tick(count: int) -> None:
            nonlocal done
            done += count
            self.tick(name, done, len(self.origins))

        series = len(self.report.panel.names)
        some = judged.fitted(series, len(self.origins)) if name in SLOW else np.arange(series)
        if len(some) < series:
            self.report.notes.append(Note("fitted_to_some", name, len(some)))
        with self._clock(name, len(some)):
            if name.startswith("SNaive"):
                lag = 1 if name.endswith(" 24") else 7
                point = others.naive(self.ground, self.origins, lag)
            elif name == "LightGBM":
                point = others.boosted(self.ground, self.origins, tick)
            else:
                point = np.full(self.truth.shape, np.nan)
                point[..., some] = others.statistical(self.ground, self.origins, name, tick, some)
        self.points[name] = point

    def score(self) -> None:
        """Score all models on the hours that all of them answered."""
        answered = self._answered()
        truth = np.where(answered, self.truth, np.nan)
        lost = int((np.isfinite(self.truth) & ~answered).sum())
        if lost:
            self.report.notes.append(Note("not_compared", "", lost))
        for name, point in self.points.items():
            self._row(name, truth, point, self.told if name == OURS else None)
            if name == OURS:
                self._row(PAST, truth, point, None)

    def _answered(self) -> Bools:
        """Return (day, 24, series) where every model that knows a series at all has answered."""
        found = np.ones(self.truth.shape, dtype=bool)
        for name, point in self.points.items():
            said = np.isfinite(point)
            mute = ~said.any(axis=(0, 1))
            if mute.any() and name not in SLOW:
                places = ", ".join(self.report.panel.names[n] for n in np.flatnonzero(mute)[:4])
                self.report.notes.append(Note("mute", name, int(mute.sum()), places))
            found &= said | mute
        return found

    def _row(self, name: str, truth: Floats, point: Floats, told: Floats | None) -> None:
        bands = past_error_bands(truth, point) if told is None else told
        if name in (OURS, PAST) and len(truth) > SETTLED:
            found = bands_by_series(truth[SETTLED:], bands[:, SETTLED:])
            self.report.bands[name] = {
                series: [rounded(value) for value in found[:, n]]
                for n, series in enumerate(self.report.panel.names)
            }
        self.report.rows[name] = _settled(truth, point, bands, self.unit)
        mean = mean_of(np.abs(truth - point), (0, 1)) / self.unit
        self.report.per_series[name] = {
            series: rounded(value, 4)
            for series, value in zip(self.report.panel.names, mean, strict=True)
        }

    def _per_thousand(self, seconds: float, series: int) -> float:
        return 1000 * seconds / (len(self.origins) * series)

    @contextmanager
    def _clock(self, name: str, series: int) -> Iterator[_Clock]:
        clock = _Clock()
        start = time.process_time()
        yield clock
        spent = time.process_time() - start - clock.minus
        self.report.seconds[name] = self._per_thousand(spent, series)


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
    return replace(late, mae=plain.mae, mase=plain.mase)


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
