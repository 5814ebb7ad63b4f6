"""How are forecasts of parts and wholes made to agree?

Pure: numpy. Source: Wickramasuriya, Athanasopoulos, Hyndman (2019), minimum trace. What sums in the
readings must sum in the forecast; each forecast is moved the less, the better it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from payvand.energy.rules import quality
from payvand.energy.rules.series import Floats, Panel

FULL = 60  # series up to which all covariances are used; above, variances only
SHRINK = 0.3


class Tree:
    """Which series are sums of which others."""

    def __init__(self, names: Sequence[str], parts: Mapping[str, Sequence[str]]) -> None:
        self.names, self.parts = tuple(names), {k: tuple(v) for k, v in parts.items() if v}
        place = {name: n for n, name in enumerate(names)}
        self.leaves = [place[name] for name in names if name not in self.parts]
        column = {leaf: n for n, leaf in enumerate(self.leaves)}
        self.sums = np.zeros((len(names), len(self.leaves)))
        for name in names:
            for leaf in self._below(name):
                self.sums[place[name], column[place[leaf]]] += 1

    def _below(self, name: str) -> list[str]:
        if name not in self.parts:
            return [name]
        return [leaf for part in self.parts[name] for leaf in self._below(part)]

    def __bool__(self) -> bool:
        return bool(self.parts)


def whole_of(panel: Panel) -> dict[str, tuple[str, ...]]:
    """Return {whole: parts} where one series is the sum of all others, else nothing."""
    total = panel.demand.sum(axis=-1)
    if len(panel.names) < 3 or np.isnan(total).all():
        return {}
    for place, name in enumerate(panel.names):
        own = panel.demand[..., place]
        known = ~np.isnan(total) & ~np.isnan(own)
        parts = np.delete(panel.demand, place, axis=-1)
        if known.sum() >= 24 and quality.parts_differ(own[known], parts[known]).mean() < 0.05:
            return {name: tuple(n for n in panel.names if n != name)}
    return {}


def agree(forecast: Floats, tree: Tree, residuals: Floats) -> Floats:
    """Return the forecast (..., series) moved so that every whole is the sum of its parts.

    residuals: past errors (time, series), NaN where unknown. Unchanged where a series has none.
    """
    if not tree or not np.isfinite(forecast).all():
        return forecast
    mapping = _mapping(tree, residuals)
    found: Floats = forecast @ mapping.T
    return found


def _mapping(tree: Tree, residuals: Floats) -> Floats:
    """Return the matrix (series, series) that takes forecasts to the nearest agreeing ones."""
    sums = tree.sums
    known = residuals[np.isfinite(residuals).all(axis=1)]
    if len(known) < 48:
        inverse = np.diag(1.0 / sums.sum(axis=1))
    else:
        centred = known - known.mean(axis=0)
        variance = np.maximum((centred**2).mean(axis=0), 1e-12)
        if len(variance) <= FULL:
            cover = (1 - SHRINK) * centred.T @ centred / len(known)
            np.fill_diagonal(cover, variance)
            inverse = _inverse(cover)
        else:
            inverse = np.diag(1.0 / variance)
    leaves = np.linalg.solve(sums.T @ inverse @ sums, sums.T @ inverse)
    found: Floats = sums @ leaves
    return found


def _inverse(cover: Floats) -> Floats:
    """Return the inverse of a covariance; where that cannot be had, of its variances alone."""
    try:
        return np.asarray(np.linalg.inv(cover), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.asarray(np.diag(1.0 / np.diagonal(cover)), dtype=np.float64)
