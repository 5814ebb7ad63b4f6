"""Is what was delivered measured fairly, and does the account of burdens add up?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.energy.rules.settle import Burden, NoBaseline, baseline, fairness, settle

FLAT = np.full(24, 10.0)
DAYS = np.tile(FLAT, (10, 1))


def request(mwh: float, *hours: int) -> np.ndarray:
    asked = np.zeros(24)
    asked[list(hours)] = mwh
    return asked


@pytest.mark.parametrize(
    ("used", "delivered", "share"),
    [(10.0, 0.0, 0.0), (7.0, 3.0, 0.75), (6.0, 4.0, 1.0), (0.0, 4.0, 1.0), (15.0, 0.0, 0.0)],
)  # fmt: skip
def test_delivered_is_what_lies_below_the_baseline_and_never_more_than_asked(
    used: float, delivered: float, share: float
) -> None:
    metered = FLAT.copy()
    metered[14] = used
    found = settle(DAYS, metered, request(4.0, 14))
    assert found.delivered[14] == pytest.approx(delivered)
    assert found.delivered.sum() == pytest.approx(delivered)
    assert found.share == pytest.approx(share)


def test_the_hours_before_a_request_move_the_baseline_but_by_a_fifth_at_most() -> None:
    warm = FLAT * 1.1
    assert baseline(DAYS, warm, 14)[14] == pytest.approx(11.0)
    gamed = FLAT * 3
    assert baseline(DAYS, gamed, 14)[14] == pytest.approx(12.0)


def test_an_hour_that_was_not_metered_counts_as_nothing_delivered() -> None:
    metered = FLAT.copy()
    metered[14] = np.nan
    assert settle(DAYS, metered, request(4.0, 14)).delivered.sum() == 0


def test_too_few_comparable_days_are_said_and_not_guessed() -> None:
    days = DAYS.copy()
    days[:6, 3] = np.nan
    with pytest.raises(NoBaseline, match="4 comparable days"):
        baseline(days, FLAT, 14)


def test_the_account_compares_by_days_of_usual_use() -> None:
    found = fairness([Burden("bakery", 1.0, 2.0), Burden("steel", 500.0, 1000.0)])
    assert found.largest == found.mean == pytest.approx(0.5)
    assert found.gini == pytest.approx(0.0)
    alone = fairness([Burden("a", 0.0, 1.0), Burden("b", 0.0, 1.0), Burden("c", 9.0, 1.0)])
    assert alone.gini == pytest.approx(2 / 3)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=30))
def test_the_measure_of_evenness_stays_between_even_and_all_on_one(cuts: list[float]) -> None:
    found = fairness([Burden(str(n), cut, 10.0) for n, cut in enumerate(cuts)])
    assert -1e-9 <= found.gini <= 1 - 1 / len(cuts) + 1e-9
    assert found.largest >= found.mean - 1e-9
