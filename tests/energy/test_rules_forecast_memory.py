"""Does a nightly run that stops and goes on say what an unbroken one says?"""

from dataclasses import replace

import numpy as np
import pytest

from payvand.energy.rules import forecast, forecast_memory, ground, intervals, members, selection
from payvand.energy.rules.series import Panel
from tests.energy import sample

SUM = {"all": ("a", "b")}


def family(days: int = 75, steps: int = 24) -> Panel:
    """Return two series and their sum; with one step a day, by the day."""
    panel = sample.panel(days=days)
    demand = panel.demand if steps == 24 else panel.demand.sum(axis=1, keepdims=True)
    demand = np.concatenate([demand, demand.sum(axis=2, keepdims=True)], axis=2)
    return replace(panel, names=("a", "b", "all"), demand=demand)


def caster(panel: Panel, *, until: int) -> forecast.Forecaster:
    """Return a forecaster that knows the days before one, as on that night."""
    known = replace(panel, demand=panel.demand[:until])
    return forecast.Forecaster(known, SUM, forecast.members(trees=False))


@pytest.mark.parametrize("steps", [24, 1])
def test_stopping_every_night_equals_one_run(steps):
    panel = family(steps=steps)
    whole = forecast.Forecaster(panel, SUM, forecast.members(trees=False))
    whole.warm(45)
    kept: dict = {}
    for origin in range(45, 50):
        tonight = caster(panel, until=origin)
        assert tonight.go_on(origin, kept) is bool(kept)
        said, unbroken = tonight.step(origin), whole.step(origin)
        assert np.array_equal(said.point, unbroken.point)
        assert np.array_equal(said.told, unbroken.told)
        kept = tonight.memory.laid_out(tonight.panel)


def test_nights_that_were_missed_are_caught_up():
    panel = family()
    whole = forecast.Forecaster(panel, SUM, forecast.members(trees=False))
    whole.warm(50)
    first = caster(panel, until=50)
    first.warm(50)
    first.step(50)
    kept = first.memory.laid_out(first.panel)
    late = caster(panel, until=58)
    assert late.go_on(58, kept)
    for origin in range(50, 58):
        whole.step(origin)
    assert np.array_equal(late.step(58).told, whole.step(58).told)


def test_the_same_night_twice_changes_nothing():
    panel = family()
    one = caster(panel, until=50)
    one.warm(50)
    said = one.step(50)
    again = caster(panel, until=50)
    assert again.go_on(50, one.memory.laid_out(one.panel))
    assert np.array_equal(again.step(50).told, said.told)


def test_a_window_that_moves_on_takes_the_memory_along():
    panel = family()
    one = caster(panel, until=50)
    one.warm(50)
    one.step(50)
    moved = replace(panel, first=panel.day(7), demand=panel.demand[7:51])
    later = forecast.Forecaster(moved, SUM, forecast.members(trees=False))
    assert later.go_on(44, one.memory.laid_out(one.panel))
    assert later.memory.bands[0].errors.count is not None


@pytest.mark.parametrize("wrong", ["version", "series", "day", "members"])
def test_a_memory_that_does_not_fit_is_not_taken_up(wrong):
    panel = family()
    one = caster(panel, until=50)
    one.warm(50, days=5)
    one.step(50)
    kept = one.memory.laid_out(one.panel)
    if wrong == "version":
        kept = {name: own | {"version": np.array([99])} for name, own in kept.items()}
    elif wrong == "series":
        del kept["b"]
    elif wrong == "day":
        kept["b"] = kept["b"] | {"day": kept["b"]["day"] - 1}
    else:
        kept = {n: own | {f"members_{k}": own[f"members_{k}"][:, :2] for k in range(3)}
                for n, own in kept.items()}  # fmt: skip
    assert forecast_memory.taken_up(panel, kept, 5) is None


def test_a_memory_of_long_ago_is_left_and_the_forecaster_warms_anew():
    panel = family()
    one = caster(panel, until=25)
    one.step(25)
    fresh, warmed = caster(panel, until=70), caster(panel, until=70)
    assert not fresh.go_on(70, one.memory.laid_out(one.panel))
    warmed.warm(70)
    assert np.array_equal(fresh.step(70).told, warmed.step(70).told)


def test_what_is_kept_holds_no_object():
    one = caster(family(), until=50)
    one.warm(50, days=5)
    one.step(50)
    for own in one.memory.laid_out(one.panel).values():
        assert all(value.dtype.kind in "if" for value in own.values())


def test_one_far_better_member_is_followed_alone():
    errors = np.full((20, 3, 1), 5.0)
    errors[:, 1] = 1.0
    even, sharp = (selection.weights(errors, way) for way in selection.WAYS)
    told = np.stack([[2.0], [1.0]])[None].repeat(10, axis=0)
    assert np.allclose(selection.choose(np.stack([even, sharp]), told), sharp)
    assert sharp[1, 0] > 0.99


def test_no_member_leaves_the_range_of_the_recent_weeks_by_more_than_itself():
    class Wild:
        name = "wild"

        def learn(self, _ground, _origin):
            pass

        def forecast(self, made, _origin):
            return np.full((3, 24, made.filled.shape[2]), 1e9)

    panel = sample.panel(days=40)
    said = forecast.Forecaster(panel, members=[Wild()]).step(40)
    high, low = panel.demand[-56:].max(axis=(0, 1)), panel.demand[-56:].min(axis=(0, 1))
    assert (said.point <= high + (high - low) + 1e-9).all()


def test_a_day_off_in_a_series_around_zero_stays_in_its_range():
    """The quietest day was once scaled by its sum, which is nothing where signs cancel."""
    panel = sample.panel(days=60)
    around = panel.with_demand(panel.demand - panel.demand.mean(axis=(0, 1)))
    off = replace(around, holidays={around.day(57): "closure"})
    member = members.Decomposed("steady", (31, 31), 26)
    said = member.forecast(ground.prepare(off), 57)
    assert np.abs(said).max() < 2 * np.abs(around.demand).max()


def test_an_hour_of_chaos_does_not_blow_up_the_band():
    band, zero = intervals.Band(), np.zeros((24, 1))
    for day in range(40):
        truth = np.zeros((24, 1))
        truth[5] = 100.0 if day == 30 else 0.0
        band.see(truth, zero, band.quantiles(zero))
    assert np.abs(band.quantiles(zero)).max() <= 100


def test_the_memory_of_a_day_is_small():
    panel = family()
    one = caster(panel, until=60)
    one.warm(60)
    one.step(60)
    size = sum(value.nbytes for value in one.memory.laid_out(panel)["all"].values())
    assert size < 200_000
    assert forecast_memory.MEMORY < 60
