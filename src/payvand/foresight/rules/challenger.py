"""Would a learned model promise better than curves of classes?

Gradient-boosted quantiles of √days (LightGBM, an optional extra). Ended cases are weighted for
those that are censored, and no fact that follows the calendar or the load is given to it: learned
from closed cases alone, "now" would mean "short". A one-sided conformal offset corrects it.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np

from payvand.foresight.rules.calibration import censoring_weights
from payvand.foresight.rules.classes import History
from payvand.foresight.rules.features import Table
from payvand.foresight.rules.survival import Floats

ROUNDS = 120
SHAPE = {
    "objective": "quantile", "learning_rate": 0.04, "num_leaves": 15, "min_data_in_leaf": 30,
    "bagging_fraction": 0.8, "bagging_freq": 1, "feature_fraction": 0.8, "seed": 1,
    "verbose": -1, "deterministic": True, "force_row_wise": True,
}  # fmt: skip


def is_installed() -> bool:
    """Is LightGBM there? It comes with the extra `learn`."""
    return find_spec("lightgbm") is not None


@dataclass(frozen=True, slots=True)
class Quantiles:
    """A model of each level that was asked for."""

    models: dict[float, Any]

    def quantiles(self, table: Table, p: float) -> Floats:
        """Return the days by which p of cases such as each row have ended, before any offset."""
        found = self.models[p].predict(table.values, num_threads=1)
        return np.asarray(np.maximum(found, 0) ** 2, float)


def learn(table: Table, history: History, levels: tuple[float, ...]) -> Quantiles:
    """Return the models of some levels, learned at one moment. Needs LightGBM."""
    import lightgbm

    weights = censoring_weights(history.days, history.observed)
    taught = weights > 0
    models = {}
    for level in levels:
        data = lightgbm.Dataset(
            table.values[taught], np.sqrt(history.days[taught]), weight=weights[taught],
            categorical_feature=list(table.words), params={"verbose": -1},
        )  # fmt: skip
        models[level] = lightgbm.train(SHAPE | {"alpha": level, "num_threads": 1}, data, ROUNDS)
    return Quantiles(models)
