"""Calibration: past promises judge the next one, and only past ones."""

from __future__ import annotations

import numpy as np
import pytest

from payvand.foresight.rules import calibration
from payvand.foresight.rules.calibration import level_for, moved, offset_for, origins, pinball
from payvand.kernel.shares import wilson

EVEN = (np.arange(2000) + 0.5) / 2000
ALL = np.ones(2000, bool)


def test_promises_that_hold_are_read_where_they_were():
    found = level_for(EVEN, ALL)
    assert found.level == pytest.approx(0.9, abs=0.005)
    assert found.coverage == pytest.approx(0.9, abs=0.001)
    assert not found.is_off


def test_promises_that_were_too_long_are_shortened():
    found = level_for(EVEN**2, ALL)  # cases ended sooner than was said
    assert 0.75 <= found.level < 0.85
    assert found.coverage > 0.94


def test_promises_that_were_too_short_are_lengthened_and_told():
    found = level_for(EVEN**0.5, ALL)  # cases took longer than was said
    assert found.level > 0.93
    assert found.is_off


def test_a_level_is_not_raised_for_what_may_be_chance():
    found = level_for(EVEN**0.9, ALL)  # covers 88.9 %
    assert found.coverage == pytest.approx(0.889, abs=0.002)
    assert found.level == 0.9


def test_open_cases_judge_as_longer_than_so_far():
    chance = np.random.default_rng(4).random(4000)
    watched = np.random.default_rng(5).random(4000) * 1.5
    found = level_for(np.minimum(chance, watched), chance <= watched)
    assert found.coverage == pytest.approx(0.9, abs=0.02)


def test_too_few_past_promises_leave_the_level_and_say_nothing():
    found = level_for([0.1] * 5, [True] * 5)
    assert (found.level, found.coverage, found.judged) == (0.9, None, 5)


def test_offset_makes_nine_in_ten_hold():
    days = np.random.default_rng(6).lognormal(2, 1, 3000)
    promised = np.full(3000, 5.0)
    offset = offset_for(promised, days, np.ones(3000, bool))
    assert (days <= moved(promised, offset) + 1e-9).mean() == pytest.approx(0.9, abs=0.01)


def test_pinball_charges_a_delay_nine_times_as_much_as_a_surplus():
    np.testing.assert_allclose(pinball([20, 10], [10, 20]), [9.0, 1.0])


def test_origins_judge_only_cases_whose_promise_has_run_out():
    starts = np.sort(np.random.default_rng(7).uniform(0, 1000, 500))
    found = origins(starts, 1000.0, 200.0)
    judged = np.zeros(500, bool)
    for moment, rows in found:
        assert (starts[rows] >= moment).all()
        judged |= rows
    assert starts[judged].max() <= 800
    assert starts[judged].min() > 200


def test_coverage_counts_an_unkept_day_of_zero():
    assert calibration.coverage([0.0, 1.0], [True, True], [0.0, 0.0]) == pytest.approx(0.5)
    assert calibration.coverage([], [], []) is None


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [(0.9, 100, 0.8256, 0.9448), (1.0, 10, 0.7225, 1.0), (0.0, 0, 0.0, 1.0)],
)
def test_interval_of_a_share_is_that_of_wilson(share, n, low, high):
    assert wilson(share * n, n) == pytest.approx((low, high), abs=1e-3)


def test_ended_cases_stand_for_the_censored_ones():
    chance = np.random.default_rng(8)
    days, watched = chance.exponential(10, 6000), chance.uniform(0, 60, 6000)
    weights = calibration.censoring_weights(np.minimum(days, watched), days <= watched)
    late = np.average(np.minimum(days, watched) > 10, weights=weights)
    assert late == pytest.approx(np.exp(-1), abs=0.03)
