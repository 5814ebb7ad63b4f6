"""Does a forecast keep its promises: from the past only, never silent, adding up?"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from payvand.energy.rules import (
    decomposition,
    forecast,
    ground,
    intervals,
    members,
    reconcile,
    selection,
)
from payvand.energy.rules.boosted import Boosted
from payvand.energy.rules.carried import Carried
from payvand.energy.rules.intervals import LEVELS
from payvand.energy.rules.series import Panel
from tests.energy import sample


class Broken:
    """A member that fails in one way or another."""

    name = "broken"

    def __init__(self, how: str) -> None:
        self.how = how

    def learn(self, ground, origin):
        pass

    def forecast(self, ground, origin):
        if self.how == "raises":
            raise np.linalg.LinAlgError
        return np.full((3, 24, ground.filled.shape[2]), np.nan)


def plain(panel, **options) -> forecast.Forecaster:
    return forecast.Forecaster(panel, members=forecast.members(trees=False), **options)


def test_the_future_changes_no_forecast():
    """Each member, weights and bands use the days before the origin only."""
    panel = sample.panel(days=50)
    changed = panel.demand.copy()
    changed[45:] = 7 * changed[45:] + 3
    said = []
    for demand in (panel.demand, changed):
        steady = members.Decomposed("steady", (31, 31), 26)
        caster = forecast.Forecaster(panel.with_demand(demand), members=[
            *forecast.members(trees=False), Boosted(steady)])  # fmt: skip
        caster.warm(45, days=8)
        said.append(caster.step(45))
    assert np.array_equal(said[0].point, said[1].point)
    assert np.array_equal(said[0].told, said[1].told)


def test_the_forecast_beats_last_week_on_a_regular_series():
    panel = sample.panel(days=60)
    caster = plain(panel)
    caster.warm(50)
    said = np.stack([caster.step(o).point[0] for o in range(50, 60)])
    ours = np.abs(said - panel.demand[50:]).mean()
    assert ours < 0.9 * np.abs(panel.demand[43:53] - panel.demand[50:]).mean()


def test_every_quantile_is_there_and_in_order():
    caster = plain(sample.panel(days=45))
    for origin in (5, 22, 23, 44, 45):
        said = caster.step(origin)
        assert np.isfinite(said.told).all(), origin
        assert (np.diff(said.told, axis=0) >= 0).all(), origin
        assert said.told.shape == (len(LEVELS), 3, 24, 2)


@pytest.mark.parametrize("how", ["raises", "silent"])
def test_when_all_members_fail_the_fallback_answers(how):
    caster = forecast.Forecaster(sample.panel(days=40), members=[Broken(how)])
    said = caster.step(40)
    assert said.status == ("fallback", "fallback")
    assert np.isfinite(said.point).all()
    assert np.isfinite(said.told).all()
    usual = caster.ground.seen[12:40]
    assert (said.point >= usual.min(axis=(0, 1))).all()
    assert (said.point <= usual.max(axis=(0, 1))).all()


def test_one_broken_member_leaves_the_others_in_charge():
    sound = members.Decomposed("steady", (31, 31), 26)
    caster = forecast.Forecaster(sample.panel(days=40), members=[Broken("raises"), sound])
    assert caster.step(40).status == ("model", "model")


def test_a_series_of_three_days_gets_the_fallback():
    assert plain(sample.panel(days=3)).step(3).status == ("fallback", "fallback")


def test_the_fallback_follows_the_recent_weeks_not_the_whole_history():
    panel = sample.panel(days=90, noise=0)
    panel.demand[60:] *= 3
    caster = forecast.Forecaster(panel, members=[Broken("silent")])
    said = caster.step(90).point[0]
    assert np.allclose(said, caster.ground.seen[83], rtol=0.1)


def test_too_much_missing_is_refused_and_little_is_not():
    panel = sample.panel(days=50)
    panel.demand[30:40, :, 0] = np.nan
    panel.demand[45, 3:6, 1] = np.nan
    said = plain(panel).step(50)
    assert said.status == ("refused", "model")
    assert np.isnan(said.point[..., 0]).all()
    assert said.missing[0] == pytest.approx(10 / 28)
    assert 0 < said.missing[1] < 0.01


def test_a_series_that_never_came_is_refused():
    panel = sample.panel(days=50)
    panel.demand[..., 0] = np.nan
    assert plain(panel).step(50).status == ("refused", "model")


def test_gaps_are_filled_near_the_truth_and_never_with_zero():
    panel = sample.panel(days=40, noise=0)
    truth = panel.demand.copy()
    panel.demand[20] = np.nan
    panel.demand[30, 4:7] = np.nan
    filled = ground.prepare(panel).filled
    assert np.allclose(filled[30], truth[30], rtol=0.05)
    assert np.allclose(filled[20], truth[20], rtol=0.1)


def test_filling_uses_nothing_that_came_later():
    panel = sample.panel(days=40)
    panel.demand[20] = np.nan
    later = panel.demand.copy()
    later[21:] *= 2
    one, other = (ground.fill(d) for d in (panel.demand, later))
    assert np.array_equal(one[:21], other[:21])


def test_a_day_off_is_foreseen_to_be_quiet():
    panel = sample.panel(days=60, noise=0)
    off = replace(panel, holidays={panel.first + timedelta(days=57): "closure"})
    usual = members.Decomposed("steady", (31, 31), 26)
    quiet = members.Decomposed("steady", (31, 31), 26)
    day_off = quiet.forecast(ground.prepare(off), 57)[0].sum()
    assert day_off < 0.9 * usual.forecast(ground.prepare(panel), 57)[0].sum()


def test_parts_sum_to_the_whole():
    panel = sample.panel(days=50, series=3)
    demand = np.concatenate([panel.demand, panel.demand.sum(axis=2, keepdims=True)], axis=2)
    whole = replace(panel, names=("a", "b", "c", "all"), demand=demand)
    parts = reconcile.whole_of(whole)
    assert parts == {"all": ("a", "b", "c")}
    caster = plain(whole, parts=parts)
    caster.warm(50, days=10)
    said = caster.step(50).point
    assert np.allclose(said[..., :3].sum(axis=-1), said[..., 3])


def test_series_that_only_look_alike_are_no_sum():
    assert reconcile.whole_of(sample.panel(days=30, series=3)) == {}


def test_three_levels_agree_too():
    tree = reconcile.Tree("a b c ab all".split(), {"ab": ("a", "b"), "all": ("ab", "c")})
    chance = np.random.default_rng(3)
    said = reconcile.agree(chance.random((24, 5)) + 5, tree, chance.random((100, 5)))
    assert np.allclose(said[:, 0] + said[:, 1], said[:, 3])
    assert np.allclose(said[:, 3] + said[:, 2], said[:, 4])


def test_the_decomposition_is_that_of_statsforecast():
    mstl = pytest.importorskip("statsforecast.mstl").mstl
    y = sample.panel(days=21, series=1).demand.reshape(-1)
    theirs = mstl(y, [24, 168])
    seasons = theirs["seasonal24"].to_numpy(), theirs["seasonal168"].to_numpy()
    level = y[-1] - seasons[0][-1] - seasons[1][-1]
    ours = decomposition.forecast(y[:, None], (11, 15), 24)[:, 0]
    assert np.allclose(ours, seasons[0][-24:] + seasons[1][-168:-144] + level)


@settings(max_examples=50, deadline=None)
@given(arrays(float, (6, 3, 2), elements=st.floats(0, 1e6) | st.just(np.nan)))
def test_weights_are_shares(errors):
    found = selection.weights(errors)
    assert np.allclose(found.sum(axis=0), 1)
    assert (found >= 0).all()


def test_a_silent_member_counts_nothing():
    said = np.array([[[1.0]], [[np.nan]], [[3.0]]])
    shares = np.full((3, 1), 1 / 3)
    assert selection.blend(said, shares)[0, 0] == 2
    assert np.isnan(selection.blend(said[1:2], shares[1:2])).all()


def test_bands_hold_what_they_promise_and_bend_to_one_side():
    chance = np.random.default_rng(5)
    band, inside = intervals.Band(), []
    zero = np.zeros((24, 4))
    for day in range(150):
        truth = chance.gamma(1.5, 10, (24, 4)) * (1 + 0.5 * (day > 90))
        told = band.quantiles(zero)
        if told is not None and day > 14:
            inside.append([(truth >= told[0]) & (truth <= told[-1]),
                           (truth >= told[1]) & (truth <= told[-2])])  # fmt: skip
        band.see(truth, zero, told)
    ninety, eighty = 100 * np.mean(inside, axis=(0, 2, 3))
    assert abs(ninety - 90) < 2
    assert abs(eighty - 80) < 2
    last = band.quantiles(zero)
    assert (last[-1] > 3 * last[1]).all()


def test_bands_come_back_after_a_change_of_spread():
    chance = np.random.default_rng(6)
    band, inside = intervals.Band(), []
    zero = np.zeros((24, 3))
    for day in range(120):
        truth = chance.standard_normal((24, 3)) * (1 if day < 60 else 2)
        told = band.quantiles(zero)
        if day >= 74:
            inside.append(((truth >= told[1]) & (truth <= told[-2])).mean())
        band.see(truth, zero, told)
    assert abs(100 * np.mean(inside) - 80) < 4


def stormy(chance, days):
    """Return errors (day, 24, 1): hours differ in kind, and calm and stormy weeks take turns."""
    hours = np.where(np.arange(24) % 6 == 0, 8.0, 1.0)[:, None]
    weeks = np.repeat([1.0, 3.0], 7)[np.arange(days) % 14][:, None, None]
    return chance.laplace(size=(days, 24, 1)) * hours * weeks


@pytest.mark.parametrize("kind", ["hours", "calm", "storms"])
def test_a_band_is_nearly_as_sharp_as_the_best_view_of_the_errors_alone(kind):
    chance = np.random.default_rng(7)
    errors = {"calm": chance.standard_normal((120, 24, 1)), "storms": stormy(chance, 120),
              "hours": stormy(chance, 120)[np.arange(120) % 14 < 7]}[kind]  # fmt: skip
    band, zero, lost = intervals.Band(), np.zeros((24, 1)), []
    for day, error in enumerate(errors):
        told = band.quantiles(zero)
        if day >= 40:
            every = [told, *band.errors.views()]
            lost.append([pinball(error, one) for one in every])
        band.see(error, zero, told)
    ours, *views = np.mean(lost, axis=0)
    assert ours <= 1.02 * min(views)
    assert ours < np.mean(views)


def pinball(truth, told):
    under, level = truth - told, LEVELS[:, None, None]
    return np.maximum(level * under, (level - 1) * under).mean()


def test_a_day_without_readings_leaves_the_band_as_it_was():
    chance, zero = np.random.default_rng(8), np.zeros((24, 2))
    band = intervals.Band()
    for _ in range(30):
        band.see(chance.standard_normal((24, 2)), zero, band.quantiles(zero))
    before = band.quantiles(zero)
    band.see(np.full((24, 2), np.nan), zero, before)
    assert np.abs(band.quantiles(zero) - before).max() < 0.2
    assert np.isfinite(band.quantiles(zero)).all()


def switched(lasts):
    """Return 64 days of a load that goes on and off, and is on at the last midnight."""
    chance = np.random.default_rng(9)
    state = np.repeat(chance.random(64 * 24) < 0.25, lasts)[: 64 * 24].astype(float)
    state[-6:] = 1.0
    return Panel(("pump",), date(2025, 1, 6), state.reshape(64, 24, 1))


def test_what_was_switched_on_is_carried_on_as_far_as_it_used_to_last():
    long, short = (Carried().forecast(ground.prepare(switched(n)), 64) for n in (60, 3))
    assert long[0, :6].mean() > 0.6
    assert short[0, :6].mean() < 0.5
    assert long[2].mean() < long[0].mean()
    assert ((long >= 0) & (long <= 1)).all()


def test_trees_without_enough_history_are_silent_and_invent_nothing():
    trees = Boosted(members.Decomposed("steady", (31, 31), 26))
    made = ground.prepare(sample.panel(days=40))
    trees.learn(made, 37)
    said = trees.forecast(made, 37)
    assert np.isfinite(said[:2]).all()
    assert np.isnan(said[2]).all()
