"""Survival curves: as the reference library has them, and never shorter than what was waited."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.foresight.rules.survival import EMPTY, grouped, kaplan_meier, shrunk

days = st.floats(0, 1000, allow_nan=False)
cases = st.lists(st.tuples(days, st.booleans()), min_size=1, max_size=40)


def made(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    # Rounded, so that ends and censored times tie.
    return np.round(chance.exponential(10, n), 1), chance.random(n) < 0.7, chance.random(n) + 0.1


@pytest.mark.parametrize("weighted", [False, True])
def test_curve_is_that_of_the_reference_library(weighted):
    lifelines = pytest.importorskip("lifelines", reason="lifelines is not installed")
    duration, observed, load = made(1)
    weights = load if weighted else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of weights that are no whole numbers
        theirs = lifelines.KaplanMeierFitter().fit(duration, observed, weights=weights)
        ours = kaplan_meier(duration, observed, weights)
        expected = theirs.survival_function_at_times(ours.times).to_numpy()
        median = theirs.percentile(0.5)
    np.testing.assert_allclose(ours.survival, expected, atol=1e-12)
    assert ours.quantile(0.5) == pytest.approx(median)
    assert (ours.n, ours.events) == (400, int(observed.sum()))


def test_curve_that_stops_early_has_no_late_quantile():
    curve = kaplan_meier([1, 2, 3, 4], [True, True, False, False])
    assert curve.quantile(0.5) == 2
    assert curve.quantile(0.6) is None
    assert curve.reach == pytest.approx(0.5)


def test_quantile_after_waiting_counts_only_the_longer_ones():
    curve = kaplan_meier([1, 2, 3, 4], [True] * 4)
    assert curve.quantile(0.5, waited=2) == 3
    assert curve.quantile(0.5, waited=9) is None


def test_nothing_known_promises_nothing():
    assert EMPTY.quantile(0.5) is None
    assert np.isinf(EMPTY.sample([0.1, 0.9])).all()
    assert np.isinf(kaplan_meier([3.0], [False]).sample([0.5])).all()


@given(cases, st.floats(0, 2000), st.integers(0, 2**31))
@settings(max_examples=80, deadline=None)
def test_a_sample_is_longer_than_what_was_waited(found, waited, seed):
    curve = kaplan_meier(*zip(*found, strict=True))
    drawn = curve.sample(np.random.default_rng(seed).random(50), waited)
    assert (drawn >= waited * (1 - 1e-9)).all()
    assert not np.isnan(drawn).any()


def test_samples_have_the_distribution_of_the_curve():
    duration, observed, _ = made(2)
    curve = kaplan_meier(duration, observed)
    drawn = curve.sample((np.arange(20_000) + 0.5) / 20_000)
    for days_ in (2.0, 5.0, 10.0, 20.0):
        assert (drawn > days_).mean() == pytest.approx(float(curve.at(days_)), abs=1e-3)


def test_each_sample_may_have_waited_differently():
    curve = kaplan_meier([1, 2, 3, 4], [True] * 4)
    np.testing.assert_array_equal(curve.sample([0.0, 0.0, 0.0], [0.0, 1.0, 2.5]), [1, 2, 3])


def test_waiting_past_all_that_is_known_goes_on_in_proportion():
    curve = kaplan_meier([1, 2, 4, 8], [True] * 4)
    first, second = curve.sample([0.5, 0.5], [100.0, 200.0])
    assert second == pytest.approx(2 * first)


def test_a_small_group_leans_on_its_parent_and_a_large_one_hardly():
    quick, slow = np.linspace(0.1, 2, 400), np.linspace(10, 30, 400)
    parent = kaplan_meier(slow, np.ones(400, bool))
    few = shrunk(kaplan_meier(quick[:3], [True] * 3), parent, 20)
    many = shrunk(kaplan_meier(quick, np.ones(400, bool)), parent, 20)
    assert few.quantile(0.5) > 5
    assert many.quantile(0.5) < 2
    assert shrunk(EMPTY, parent, 20).quantile(0.5) == parent.quantile(0.5)


def test_groups_in_one_pass_are_the_groups_one_by_one():
    duration, observed, load = made(3)
    groups = np.arange(400) % 7
    parents = {0: "even", 2: "even", 4: "even", 1: "odd", 3: "odd", "even": "all", "odd": "all",
               5: "all", 6: "all"}  # fmt: skip
    found = grouped(duration, observed, groups, parents, 15, weights=load)
    everything = kaplan_meier(duration, observed, load)
    even = np.isin(groups, (0, 2, 4))
    above = shrunk(kaplan_meier(duration[even], observed[even], load[even]), everything, 15)
    own = groups == 2
    alone = shrunk(kaplan_meier(duration[own], observed[own], load[own]), above, 15)
    np.testing.assert_allclose(found["all"].survival, everything.survival)
    np.testing.assert_allclose(found["even"].survival, above.survival)
    np.testing.assert_allclose(found[2].survival, alone.survival)


def test_a_group_that_is_its_own_ancestor_is_refused():
    with pytest.raises(ValueError, match="ancestor"):
        grouped([1.0], [True], ["a"], {"a": "b", "b": "a"}, 5)


def test_no_cases_make_no_groups():
    assert grouped([], [], [], {}, 5) == {}
    assert kaplan_meier([], []) is EMPTY
