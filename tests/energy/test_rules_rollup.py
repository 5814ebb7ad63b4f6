"""Do the sums of a day hold exactly what they should, and is what was left out counted?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.energy.rules import rollup
from payvand.energy.rules.rollup import ELECTRICITY, GAS, roll
from tests.energy import sample

DAY = 20000


def wave(meters: int = 4) -> np.ndarray:
    return 500 + 10 * np.arange(24) + np.arange(meters)[:, None]


def test_bad_readings_are_counted_before_they_are_left_out():
    wh = wave()
    wh[1, 5] = -40
    wh[2, 7] = 2_000_000
    found = roll(sample.readings(wh), sample.meters(4), ELECTRICITY, day=DAY)
    assert (found.n.sum(), found.bad.sum(), found.expected.sum()) == (96, 2, 96)
    assert found.wh.sum() == wh.sum() - (-40) - 2_000_000
    assert found.flagged == {"range": 2, "unit": 1, "jump": 1}
    assert sorted(found.marked.meter.tolist()) == [2, 3]


def test_missing_readings_lower_n_and_never_count_as_zero():
    rows = sample.readings(wave())
    found = roll(rows.rows(rows.hour % 24 != 3), sample.meters(4), ELECTRICITY, day=DAY)
    assert found.n[0, 3] == 0
    assert found.expected[0, 3] == 4
    assert found.flagged == {"missing": 4}


def test_the_highest_version_counts_and_the_others_are_kept_apart():
    old, new = sample.readings(wave()), sample.readings(wave() + 100, version=2, known=50)
    found = roll(sample.together(new, old), sample.meters(4), ELECTRICITY, day=DAY)
    assert found.wh.sum() == (wave() + 100).sum()
    assert found.flagged == {"old": 96}


def test_the_same_version_again_changes_nothing():
    first, again = sample.readings(wave()), sample.readings(wave() + 7, known=90)
    found = roll(sample.together(again, first), sample.meters(4), ELECTRICITY, day=DAY)
    assert found.wh.sum() == wave().sum()
    assert found.flagged == {"again": 96}


def test_what_was_known_at_a_time_can_be_asked():
    rows = sample.together(sample.readings(wave()), sample.readings(wave() * 2, version=2, known=9))
    before = roll(rollup.as_of(rows, 8), sample.meters(4), ELECTRICITY, day=DAY)
    assert before.wh.sum() == wave().sum()


def test_a_meter_nobody_registered_is_named_and_not_summed():
    rows = sample.readings(wave(), first_meter=3)
    found = roll(rows, sample.meters(4), ELECTRICITY, day=DAY)
    assert found.flagged["stranger"] == 48
    assert found.n.sum() == 48


def test_a_meter_is_stuck_only_after_a_day_and_the_next_day_goes_on_counting():
    still = np.full((1, 24), 321)
    first = roll(sample.readings(still[:, 1:]), sample.meters(1), ELECTRICITY, day=DAY)
    assert "flat" not in first.flagged
    second = roll(sample.readings(still, day=DAY + 1), sample.meters(1), ELECTRICITY,
                  day=DAY + 1, before=first.tail)  # fmt: skip
    assert second.flagged["flat"] == 24


def test_an_empty_house_draws_nothing_and_is_not_called_stuck():
    found = roll(sample.readings(np.zeros((1, 24))), sample.meters(1), ELECTRICITY, day=DAY)
    assert found.flagged == {}


def test_gas_by_the_day_takes_the_same_path():
    wh = np.full((3, 1), 4000)
    tail = None
    for day in range(DAY, DAY + 7):
        found = roll(sample.readings(wh, day=day), sample.meters(3), GAS, day=day, before=tail)
        tail = found.tail
    assert found.wh.shape == (1, 1)
    assert found.expected.sum() == 3
    assert found.flagged == {"flat": 3}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 4))
def test_sums_are_exact_and_blind_to_the_order_of_rows(seed, meters, cells):
    chance = np.random.default_rng(seed)
    wh = chance.integers(0, 2**44, (meters, 24))
    known = sample.meters(meters, cells=cells, most_wh=2**45)
    rows = sample.readings(wh)
    plain = roll(rows, known, ELECTRICITY, day=DAY)
    mixed = roll(rows.rows(chance.permutation(len(rows))), known, ELECTRICITY, day=DAY)
    good = np.ones(wh.shape, dtype=bool)
    good[(plain.marked.meter - 1), plain.marked.hour - DAY * 24] = False
    assert int(plain.wh.sum()) == int(wh[good].sum(dtype=object))
    assert (plain.wh == mixed.wh).all()


@pytest.mark.parametrize("numbers", [np.array([5, 6, 7]), np.array([5, 90, 700])])
def test_meters_are_found_whether_their_numbers_have_gaps_or_not(numbers):
    known = rollup.Meters(numbers, np.zeros(3, dtype=int), np.full(3, 10), 1)
    assert known.places(np.array([numbers[2], 4, numbers[0]])).tolist() == [2, -1, 0]
