"""Is money exact?"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.kernel import money


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("۱٬۲۵۰٬۰۰۰ ریال", 1250000),
        ("1,250,000 Rials", 1250000),
        ("1 250 000", 1250000),
        ("−۵۰۰", -500),
        (" 9223372036854775807 ", money.LARGEST),
    ],
)
def test_whole_rials_are_read(text: str, amount: int) -> None:
    assert money.parse_rial(text) == amount


@pytest.mark.parametrize("text", ["", "ریال", "12.5", "۱۲٫۵", "۱۰۰ تومان", "1,,0", "1e3", "²"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(money.BadAmount) as caught:
        money.parse_rial(text)
    assert caught.value.facts["text"] == text


def test_what_does_not_fit_64_bits_is_refused() -> None:
    for act in (
        lambda: money.parse_rial("9223372036854775808"),
        lambda: money.checked(-(2**63) - 1),
    ):
        with pytest.raises(money.AmountTooLarge):
            act()
    assert money.checked(-(2**63)) == -(2**63)


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(["fa", "en"]))
def test_what_is_shown_can_be_typed_back(amount: int, lang: str) -> None:
    assert money.parse_rial(money.format_rial(amount, lang)) == amount


@given(
    st.integers(0, 10**15),
    st.lists(st.integers(0, 10**6) | st.fractions(0, 10), min_size=1, max_size=8),
)
def test_shares_sum_to_the_whole_and_are_off_by_less_than_one(total, weights) -> None:
    if not any(weights):
        with pytest.raises(ValueError, match="positive"):
            money.split_largest_remainder(total, weights)
        return
    parts = money.split_largest_remainder(total, weights)
    whole = sum(map(Fraction, weights))
    assert sum(parts) == total
    assert all(
        abs(part - total * Fraction(weight) / whole) < 1
        for part, weight in zip(parts, weights, strict=True)
    )


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        money.split_largest_remainder(10, [1, -1])
