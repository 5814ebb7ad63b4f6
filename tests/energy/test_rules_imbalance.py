"""Is a foreseen shortage a number that can be trusted, and is the unknown left unknown?"""

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

from payvand.energy.rules import imbalance
from payvand.energy.rules.intervals import LEVELS

HOURS = 24
TOLD = 1000 + 50 * np.repeat(norm.ppf(LEVELS)[:, None], HOURS, axis=1)


def at(supply: float, sd: float = 0.0) -> imbalance.Shortage:
    return imbalance.shortage(TOLD, np.full(HOURS, supply), np.full(HOURS, sd))


def test_plenty_is_safe_and_want_is_certain():
    assert at(1400).any_probability == 0
    assert at(700).probability.min() == 1
    assert at(700).energy_mwh == pytest.approx(HOURS * 300, rel=0.01)
    assert at(700).hours == HOURS


def test_the_figures_are_those_of_the_normal_law():
    """Demand N(1000, 50), supply N(1020, 40): the gap is N(-20, 64)."""
    found = at(1020, 40)
    sd = np.hypot(50, 40)
    z = -20 / sd
    assert found.probability.mean() == pytest.approx(norm.cdf(z), abs=0.02)
    expected = sd * (norm.pdf(z) + z * norm.cdf(z))
    assert found.short_mw.mean() == pytest.approx(expected, rel=0.06)


def test_hours_that_hang_together_make_a_shortage_rarer_but_longer():
    found = at(1020)
    alone = 1 - (1 - found.probability.mean()) ** HOURS
    assert found.any_probability < alone
    assert found.hours / found.any_probability > 1.2 * HOURS * found.probability.mean() / alone


def test_supply_nobody_stated_is_unknown_not_zero():
    supply = np.full(HOURS, 900.0)
    supply[5:8] = np.nan
    found = imbalance.shortage(TOLD, supply, np.zeros(HOURS))
    assert np.flatnonzero(found.unknown).tolist() == [5, 6, 7]
    assert np.isnan(found.probability[5:8]).all()
    assert found.energy_mwh == pytest.approx((HOURS - 3) * 100, rel=0.1)


def test_with_no_supply_known_nothing_is_claimed():
    found = at(float("nan"))
    assert np.isnan(found.any_probability)
    assert found.worst_hour == -1


def test_the_same_input_gives_the_same_answer():
    assert at(1010, 30).energy_mwh == at(1010, 30).energy_mwh


def test_the_two_peak_regimes_are_told_apart():
    names = imbalance.regimes(datetime(2025, 7, 22, 0), 24)
    supply = np.full(HOURS, 1100.0)
    supply[12:17] = 800
    told = imbalance.shortage(TOLD, supply, np.zeros(HOURS)).by_regime(names)
    assert told["summer_afternoon"][0] == pytest.approx(5 * 200, rel=0.02)
    assert told[""][0] < 50
    assert imbalance.WINTER_EVENING in imbalance.regimes(datetime(2025, 12, 10, 12), 12)


def test_every_published_monthly_peak_lies_in_its_regime():
    path = Path(__file__).parents[3] / "shared" / "data" / "energy" / "iran_monthly_peaks.csv"
    if not path.exists():
        pytest.skip("the published Iranian figures are not at hand")
    import pandas as pd

    from payvand.kernel import jalali

    for row in pd.read_csv(path).itertuples():
        day = jalali.parse(row.year_jalali, row.month_no, row.day)
        wanted = "summer_afternoon" if 2 <= row.month_no <= 6 else "winter_evening"
        assert imbalance.regime(day, int(row.time[:2])) == wanted, row
