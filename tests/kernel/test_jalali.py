"""Are Jalali dates right, and is an impossible one explained?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.kernel import jalali


@given(st.dates(date(1850, 1, 1), date(2200, 1, 1)))
def test_there_and_back_is_the_same_day(day: date) -> None:
    assert jalali.parse(*jalali.to_jalali(day)) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1403-12-30", date(2025, 3, 20)),
        ("1404-01-01", date(2025, 3, 21)),
        ("۱۴۰۴/۸/۱۹", date(2025, 11, 10)),
        ("1399-12-30", date(2021, 3, 20)),
    ],
)
def test_known_days(text: str, day: date) -> None:
    assert jalali.from_iso(text) == day


def test_a_day_that_the_month_does_not_have_is_explained() -> None:
    with pytest.raises(jalali.ImpossibleDate) as caught:
        jalali.parse(1404, 12, 30)
    assert caught.value.facts == {
        "fields": {}, "year": 1404, "month": 12, "day": 30, "last_day": 29,
    }  # fmt: skip
    assert caught.value.why.format(**caught.value.facts) == "That month has 29 days."


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1404-13-01", jalali.ImpossibleMonth),
        ("1404-00-01", jalali.ImpossibleMonth),
        ("04-01-01", jalali.ImpossibleYear),
        ("2025-01-01", jalali.ImpossibleYear),
        ("1404-07-31", jalali.ImpossibleDate),
        ("1404-01-00", jalali.ImpossibleDate),
        ("1404-01", jalali.UnreadableDate),
        ("a-b-c", jalali.UnreadableDate),
        ("²-1-1", jalali.UnreadableDate),
    ],
)
def test_what_is_no_date_is_refused_with_its_reason(text: str, error) -> None:
    with pytest.raises(jalali.ImpossibleDate) as caught:
        jalali.from_iso(text)
    assert type(caught.value) is error
    for sentence in (error.what, error.why, error.now):
        assert "{" not in sentence.format(**caught.value.facts)


def test_months_have_their_bounds() -> None:
    assert jalali.month_bounds(1403, 12) == (date(2025, 2, 19), date(2025, 3, 20))
    assert jalali.month_bounds(1404, 1) == (date(2025, 3, 21), date(2025, 4, 20))


def test_dates_are_written_in_both_languages() -> None:
    day, at = date(2025, 11, 9), datetime(2025, 11, 9, 21, 5, tzinfo=UTC)
    assert jalali.format_date(day, "en", weekday=True) == "Sunday 18 Aban 1404"
    assert jalali.format_date(day, "fa", year=False) == "۱۸ آبان"
    assert jalali.format_date(at, "fa") == "۱۹ آبان ۱۴۰۴"  # past midnight in Tehran
    assert jalali.format_datetime(at, "en") == "19 Aban 1404, 00:35"
    assert jalali.format_datetime(at, "fa") == "۱۹ آبان ۱۴۰۴، ساعت ۰۰:۳۵"
