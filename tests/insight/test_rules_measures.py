"""Are the indices what their definition says, for any counts?"""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payvand.insight.rules import measures, periods
from payvand.insight.rules.measures import CLASSES, Counts
from payvand.insight.rules.recount import marks
from payvand.kernel.shares import wilson

SENT = datetime(2025, 11, 10, 6, 30, tzinfo=UTC)
DUE = SENT + timedelta(days=5)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "due", "closed", "expected"),
    [  # expected: fell due?, on time?
        pytest.param("answered", DUE, DUE, (True, True), id="at-the-last-moment"),
        pytest.param(
            "answered", DUE, DUE + timedelta(seconds=1), (True, False), id="a-second-late"
        ),
        pytest.param("deemed", DUE, DUE, (True, False), id="silence-is-late"),
        pytest.param("sent", DUE, None, (True, False), id="unanswered-is-late"),
        pytest.param("stopped", None, None, (False, False), id="stopped-clock"),
        pytest.param("cancelled", DUE, DUE - timedelta(days=1), (False, False), id="withdrawn"),
        pytest.param(
            "cancelled", DUE, DUE + timedelta(days=1), (True, False), id="too-late-to-hide"
        ),
        pytest.param("answered", None, DUE, (False, False), id="no-term"),
    ],
)
def test_what_an_obligation_counts_for(state, due, closed, expected):
    made = marks(state, sent=SENT, due=due, closed=closed)
    assert (made.due_day is not None, made.on_time) == expected


def test_days_are_days_in_tehran():
    late_evening = datetime(2025, 11, 10, 21, 0, tzinfo=UTC)  # 00:30 of the 11th in Tehran
    assert marks("sent", sent=late_evening, due=None, closed=None).sent_day == date(2025, 11, 11)


def test_an_answer_dated_before_its_question_takes_no_time():
    made = marks("answered", sent=SENT, due=DUE, closed=SENT - timedelta(days=1))
    assert (made.seconds, made.time_class) == (0, 0)


def test_few_are_hidden_and_the_tenth_shows_them():
    assert measures.index(Counts(due=9, on_time=9)).is_hidden
    assert measures.index(Counts(due=10, on_time=9, received=10)).ours == 90


@pytest.mark.parametrize(
    ("received", "open_late", "published"),
    [
        pytest.param(435_860, 21_372, 95.1, id="Tehran 1403-1404"),
        pytest.param(1_095_769, 111_984, 89.8, id="country 1401-1402"),
        pytest.param(1_084_791, 106_153, 90.2, id="spring 1402"),
    ],
)
def test_the_inferred_index_reproduces_the_published_ones(received, open_late, published):
    found = measures.portal(Counts(received=received, open_late=open_late))
    assert found == pytest.approx(published, abs=0.05)


def test_what_was_answered_late_is_forgiven_by_the_portal_and_not_by_us():
    found = measures.index(Counts(received=20, due=20, on_time=10, answered=20, open_late=0))
    assert (found.ours, found.portal) == (50, 100)


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_interval_holds_the_share_and_stays_within_bounds(tries, share):
    hits = round(tries * share)
    low, high = wilson(hits, tries)
    assert 0 <= low <= hits / tries + 1e-9
    assert hits / tries - 1e-9 <= high <= 1


@given(st.lists(st.floats(0, 200 * 86400), min_size=1, max_size=60))
def test_the_median_lies_in_the_class_of_the_true_median(seconds):
    classes = [0] * CLASSES
    for one in seconds:
        classes[measures.class_of(one)] += 1
    true = measures.class_of(sorted(seconds)[(len(seconds) - 1) // 2])
    low = measures.EDGES_DAYS[true - 1] if true else 0
    high = measures.EDGES_DAYS[true] if true < len(measures.EDGES_DAYS) else low
    assert low <= measures.median_days(classes) <= high


def test_jalali_periods_begin_where_they_should():
    today = date(2025, 11, 25)  # 4 Azar 1404
    assert periods.current("month", today).first == date(2025, 11, 22)
    assert periods.current("quarter", today).first == date(2025, 9, 23)
    assert periods.current("year", today).first == date(2025, 3, 21)
    assert len(periods.last_months(today, 12).months) == 12
    assert periods.last_months(today, 12).months[0] == (1403, 10)


def test_a_range_may_be_given_backwards_and_is_never_endless():
    found = periods.between((1404, 3), (1403, 11))
    assert found.months[0] == (1403, 11)
    assert len(found.months) == 5
    assert len(periods.between((1300, 1), (1404, 1)).months) == periods.LONGEST_MONTHS


@pytest.mark.parametrize("text", ["", "1404", "1404-13", "x-1", "1404-0", "-", "1404-1-1"])
def test_a_broken_month_is_none(text):
    assert periods.month_from(text) is None


def test_a_month_may_be_typed_in_persian_digits():
    assert periods.month_from("۱۴۰۴-۰۸") == (1404, 8)


def test_the_days_before_are_as_many():
    found = periods.previous(periods.of_days(date(2025, 1, 11), date(2025, 1, 20)))
    assert (found.first, found.last) == (date(2025, 1, 1), date(2025, 1, 10))
