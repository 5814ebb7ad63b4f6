"""Can the clock be held, advanced and trusted?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from payvand.kernel import clock

NOON = datetime(2025, 11, 9, 12, tzinfo=clock.TEHRAN)


def test_the_machines_clock_is_aware_and_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_frozen_clock_stands_and_then_goes_on_even_after_a_failure() -> None:
    def fail_while_frozen() -> None:
        with clock.frozen(NOON) as at:
            assert clock.now() == at == NOON
            assert clock.now().tzinfo is UTC
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_while_frozen()
    assert clock.now() > NOON


def test_a_demonstration_may_advance_the_clock() -> None:
    clock.set_source(lambda: NOON + timedelta(days=3))
    try:
        with clock.frozen(NOON):
            pass
        assert clock.now() == NOON + timedelta(days=3)
    finally:
        clock.set_source(None)


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.local_date(datetime(2025, 1, 1))


def test_legal_days_are_days_in_tehran() -> None:
    assert clock.local_date(datetime(2025, 11, 9, 20, 29, tzinfo=UTC)) == date(2025, 11, 9)
    assert clock.local_date(datetime(2025, 11, 9, 20, 30, tzinfo=UTC)) == date(2025, 11, 10)


def test_zone_data_know_the_end_of_summer_time() -> None:
    assert clock.has_current_zone_data()
    assert datetime(2022, 7, 1, tzinfo=clock.TEHRAN).utcoffset() == timedelta(hours=4.5)
