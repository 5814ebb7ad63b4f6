"""How far may the truth lie from the forecast, and does that promise hold as time goes on?

Pure: numpy. Five views of the past errors are kept (views_of_errors.py). For each level and hour of
each series they are averaged by how well they did of late, measured by the pinball loss, the sum of
which is the interval score: the best view alone counts where one is clearly better, and none makes
the band much worse than itself. What is left is stretched or drawn in, slowly and forgetting, by
how often each tail was missed (adaptive conformal inference, Gibbs and Candes 2021). ADR 0021.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from payvand.energy.rules.series import Bools, Floats
from payvand.energy.rules.views_of_errors import LEVELS, VIEWS, Errors, smooth

__all__ = ["LEVELS", "Band"]
BEFORE = 3  # days until the yardstick is trusted
TRIED = 5  # days of errors before views are told apart
HALF_LIFE, SHARPNESS = 14.0, 40.0  # days a loss counts; power by which a worse view counts less
STEPS = (0.09, 0.12, 0.12)  # each day's move of the stretch; later leads hear of a change later
KEEP, OWN = 0.95, 0.5  # what stays of the stretch, and the share of a series' own misses in it
FARTHEST = float(np.log(2.5))  # stretch, as a logarithm
TAILS = np.minimum(LEVELS, 1 - LEVELS)
MIDDLE = len(LEVELS) // 2


@dataclass
class Band:
    """What was learnt about the errors of one lead, day by day; the series are last everywhere."""

    lead: int = 0
    errors: Errors = field(default_factory=Errors)
    losses: Floats | None = None  # (view, level, 24, series): sum of the losses, fading
    stretch: Floats | None = None  # (level, series): logarithm

    def laid_out(self) -> dict[str, Floats]:
        """Return what was learnt as arrays, the series last in each."""
        known = {"losses": self.losses, "stretch": self.stretch}
        found = {name: value for name, value in known.items() if value is not None}
        return self.errors.laid_out() | found

    def take_up(self, kept: dict[str, Floats]) -> None:
        """Go on from what was laid out."""
        self.errors.take_up(kept)
        self.losses, self.stretch = kept.get("losses"), kept.get("stretch")

    def quantiles(self, forecast: Floats) -> Floats | None:
        """Return (level, 24, series) around a forecast (24, series); None while too young."""
        if len(self.errors.ratios) < BEFORE:
            return None
        told = np.sort(_mean(self.errors.views(), self._weights()), axis=0)
        if self.stretch is not None:
            middle = told[MIDDLE]
            told = middle + (told - middle) * np.exp(self.stretch)[:, None, :]
        return np.sort(forecast + told, axis=0)

    def _weights(self) -> Floats:
        """Return (view, level, 24, series), how much each view counts."""
        if self.losses is None or len(self.errors.errors) < TRIED:
            return np.ones((len(VIEWS), 1, 1, 1))
        both = self.losses + self.losses[:, ::-1]  # the two tails of a band are judged together
        worse = np.maximum(both / np.maximum(both.min(axis=0), 1e-300), 1.0)
        found: Floats = np.minimum(worse, 1e6) ** -SHARPNESS
        return found

    def see(self, truth: Floats, forecast: Floats, told: Floats | None) -> None:
        """Learn from a day that has passed: truth and forecast (24, series), quantiles if any."""
        known: Bools = np.isfinite(truth - forecast)
        if told is not None:
            self._stretch(truth, told, known)
        if len(self.errors.ratios) >= BEFORE:
            self._judge(truth - forecast, known)
        self.errors.see(truth - forecast)

    def _judge(self, error: Floats, known: Bools) -> None:
        """Add what each view lost on the day; one that said nothing lost as much as the others."""
        under = error - self.errors.views()
        levels = LEVELS[:, None, None]
        loss = np.maximum(levels * under, (levels - 1) * under)
        said = np.isfinite(loss)
        mean = np.where(said, loss, 0.0).sum(axis=0) / np.maximum(said.sum(axis=0), 1)
        loss = np.where(known, np.where(said, loss, mean), 0.0)
        fresh = smooth(loss, axis=2)
        fading = 0.0 if self.losses is None else 0.5 ** (1 / HALF_LIFE) * self.losses
        self.losses = fading + fresh

    def _stretch(self, truth: Floats, told: Floats, known: Bools) -> None:
        """Move each tail out or in by how often the truth lay beyond it, and should have."""
        heard = known & np.isfinite(told).all(axis=0)
        hours = heard.sum(axis=0)
        if not hours.any():
            return
        below = np.where(heard, truth < told, False).sum(axis=1) / np.maximum(hours, 1)
        missed = np.where(LEVELS[:, None] < 0.5, below, 1 - below)
        own = np.where(hours > 0, missed - TAILS[:, None], 0.0)
        every = own.sum(axis=1, keepdims=True) / (hours > 0).sum()
        moved = STEPS[self.lead] * (OWN * own + (1 - OWN) * every) / np.sqrt(TAILS)[:, None]
        moved[MIDDLE] = 0.0
        before = 0.0 if self.stretch is None else KEEP * self.stretch
        self.stretch = np.clip(before + moved, -FARTHEST, FARTHEST)


def _mean(views: Floats, weights: Floats) -> Floats:
    """Return the weighted mean (level, 24, series) of the views that say something; zero if none.

    >>> _mean(np.array([[1.0], [np.nan], [3.0]]), np.array([[1.0], [9.0], [1.0]])).tolist()
    [2.0]
    """
    counted = np.where(np.isfinite(views), weights, 0.0)
    total = counted.sum(axis=0)
    found = (counted * np.nan_to_num(views)).sum(axis=0)
    mean: Floats = np.divide(found, total, out=np.zeros_like(found), where=total > 0)
    return mean
