"""Does every second of a case go to somebody, once, in the order that is written down?"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.foresight.rules import attribution as a

DAY = 86400
NIGHTS = np.arange(40) * DAY
OPEN = np.full((2, 39), a.NEVER)


def ints(*values):
    return np.array(values, np.int64)


def one_case(branches, holds=(), *, end=10 * DAY, closed=(), decided=a.NEVER):
    """Attribute a case of agency 9 from 0 to `end`; branch: (agency, start, end[, due])."""
    since = OPEN.copy()
    for calendar, day, known in closed:
        since[calendar, day] = known
    rows = [(*b, a.NEVER)[:4] for b in branches]
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    own = a.Branches(np.zeros(len(rows), np.int64), columns[1], columns[2], columns[0],
                     columns[0] % 2, columns[3])  # fmt: skip
    held = np.array(list(holds), np.int64).reshape(-1, 4).T
    cases = a.Cases(ints(0), ints(end), ints(9), ints(1), ints(decided))
    return a.attribute(cases, own, a.Holds(*held), a.Calendars(NIGHTS, since))


def days(parts, *names):
    """Return days by (cause, agency)."""
    groups, sums = parts.sums(parts.cause, parts.agency)
    return {
        (a.CAUSES[cause], int(agency)): float(seconds) / DAY
        for (cause, agency), seconds in zip(groups, sums[:, 0], strict=True)
    }


def test_one_question_is_the_offices_and_the_rest_is_the_owners():
    parts = one_case([(2, 1 * DAY, 4 * DAY)])
    assert days(parts) == {("agency", 2): 3, ("idle", 9): 7}


def test_questions_open_at_once_share_the_time_equally():
    parts = one_case([(2, 0, 2 * DAY), (4, 0, 10 * DAY)])
    assert days(parts) == {("agency", 2): 1, ("agency", 4): 9}


def test_who_answers_sooner_is_charged_less_whatever_the_others_do():
    slow = days(one_case([(2, 0, 6 * DAY), (4, 0, 10 * DAY)]))[("agency", 2)]
    quick = days(one_case([(2, 0, 5 * DAY), (4, 0, 10 * DAY)]))[("agency", 2)]
    assert quick < slow


def test_the_share_is_the_shapley_value_of_branches_side_by_side():
    lengths = [1, 3, 7]
    parts = one_case([(2 * n + 2, 0, d * DAY) for n, d in enumerate(lengths)], end=7 * DAY)
    shapley = [1 / 3, 1 / 3 + 2 / 2, 1 / 3 + 2 / 2 + 4]
    found = [days(parts)[("agency", 2 * n + 2)] for n in range(3)]
    assert found == pytest.approx(shapley)


@pytest.mark.parametrize(
    ("hold", "cause"),
    [
        pytest.param(a.STATUTORY, "statutory", id="a-publication-term"),
        pytest.param(a.APPLICANT, "applicant", id="something-was-asked-of-the-applicant"),
        pytest.param(a.OUTAGE, "outage", id="the-connection-failed"),
        pytest.param(a.OPERATOR, "operator", id="the-question-had-not-reached-the-office"),
    ],
)
def test_time_out_of_the_offices_hands_is_not_its_own(hold, cause):
    parts = one_case([(2, 0, 10 * DAY)], [(0, hold, 2 * DAY, 5 * DAY)])
    assert days(parts) == {("agency", 2): 7, (cause, 2): 3}


def test_overlaps_go_to_the_first_of_the_written_order():
    everything = [(0, cause, 0, (5 - n) * DAY) for n, cause in
                  enumerate((a.OPERATOR, a.OUTAGE, a.APPLICANT, a.STATUTORY))]  # fmt: skip
    parts = one_case([(2, 0, 10 * DAY)], everything, closed=[(0, 3, a.ALWAYS), (0, 4, a.ALWAYS)])
    assert days(parts) == {
        ("statutory", 2): 2, ("applicant", 2): 1, ("outage", 2): 1, ("calendar", 2): 1,
        ("agency", 2): 5,
    }  # fmt: skip
    assert a.ORDER == (a.STATUTORY, a.APPLICANT, a.OUTAGE, a.CALENDAR, a.OPERATOR, a.AGENCY)


def test_a_stop_that_is_written_down_twice_counts_once():
    twice = [(0, a.APPLICANT, DAY, 4 * DAY), (0, a.APPLICANT, 2 * DAY, 5 * DAY)]
    assert days(one_case([(2, 0, 10 * DAY)], twice))[("applicant", 2)] == 4


def test_a_closed_day_is_the_calendars_for_the_closed_office_only():
    parts = one_case([(2, 0, 2 * DAY), (3, 0, 2 * DAY)], end=2 * DAY, closed=[(0, 1, a.ALWAYS)])
    assert days(parts) == {("agency", 2): 0.5, ("calendar", 2): 0.5, ("agency", 3): 1}


def test_a_closure_declared_after_the_due_time_takes_nothing_off_the_account():
    late = one_case([(2, 0, 10 * DAY, 3 * DAY)], closed=[(0, 6, 8 * DAY)])
    early = one_case([(2, 0, 10 * DAY, 3 * DAY)], closed=[(0, 6, 2 * DAY)])
    assert days(late) == {("agency", 2): 10}
    assert days(early) == {("agency", 2): 9, ("calendar", 2): 1}


def test_time_past_the_term_is_told_apart():
    parts = one_case([(2, 0, 10 * DAY, 4 * DAY)])
    assert parts.late.sum() == 6 * DAY


def test_after_a_decision_the_silence_is_the_applicants():
    parts = one_case([(2, 0, 4 * DAY), (4, 7 * DAY, 10 * DAY)], decided=4 * DAY)
    assert days(parts) == {("agency", 2): 4, ("applicant", 9): 3, ("agency", 4): 3}


def test_negative_and_foreign_stretches_count_for_nothing():
    parts = one_case([(2, 5 * DAY, 3 * DAY), (4, -5 * DAY, 40 * DAY)],
                     [(1, a.OUTAGE, 9 * DAY, 2 * DAY)])  # fmt: skip
    assert days(parts) == {("agency", 4): 10}


def test_nothing_in_nothing_out():
    none = np.zeros(0, np.int64)
    parts = a.attribute(a.Cases(*[none] * 5), a.Branches(*[none] * 6), a.Holds(*[none] * 4),
                        a.Calendars(NIGHTS, OPEN))  # fmt: skip
    assert len(parts.seconds) == 0
    assert parts.sums(parts.case)[0].shape == (0, 1)


stretch = st.tuples(st.integers(0, 12 * DAY), st.integers(0, 12 * DAY))


@st.composite
def worlds(draw):
    count = draw(st.integers(1, 4))
    cases = [sorted(draw(stretch)) for _ in range(count)]
    branches, holds = [], []
    for _ in range(draw(st.integers(0, 12))):
        start, end = draw(stretch)
        branches.append((draw(st.integers(0, count - 1)), start, end, draw(st.integers(0, 5)),
                         draw(st.integers(0, 1)), draw(st.integers(0, 12 * DAY))))  # fmt: skip
    for _ in range(draw(st.integers(0, 8)) if branches else 0):
        start, end = draw(stretch)
        cause = draw(st.sampled_from((a.STATUTORY, a.APPLICANT, a.OUTAGE, a.OPERATOR)))
        holds.append((draw(st.integers(0, len(branches) - 1)), cause, start, end))
    since = draw(st.lists(st.sampled_from([a.ALWAYS, a.NEVER, 6 * DAY]), min_size=78, max_size=78))
    return cases, branches, holds, np.array(since, np.int64).reshape(2, 39)


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_the_parts_of_every_case_sum_to_its_elapsed_time_exactly(world):
    told, branches, holds, since = world
    start, end = np.array(told, np.int64).T
    cases = a.Cases(start, end, np.zeros_like(start), np.zeros_like(start), start + 5 * DAY)
    columns = np.array(branches, np.int64).reshape(-1, 6).T
    own = a.Branches(*columns)
    held = a.Holds(*np.array(holds, np.int64).reshape(-1, 4).T)
    parts = a.attribute(cases, own, held, a.Calendars(NIGHTS, since))
    assert (parts.seconds >= 0).all()
    assert ((parts.late == 0) | (parts.late == parts.seconds)).all()
    sums = np.zeros(len(start), np.int64)
    np.add.at(sums, parts.case, parts.seconds)
    assert (sums == end - start).all()
    for number in range(len(own)):
        mine, case = parts.branch == number, own.case[number]
        length = min(own.end[number], end[case]) - max(own.start[number], start[case])
        assert parts.seconds[mine].sum() <= max(length, 0)
        assert (parts.case[mine] == own.case[number]).all()
    by_day = np.zeros(39, np.int64)
    np.add.at(by_day, parts.day, parts.seconds)
    assert by_day.sum() == (end - start).sum()
    assert (by_day <= DAY * len(start)).all()


@settings(max_examples=60, deadline=None)
@given(worlds(), st.integers(1, 2))
def test_cases_looked_at_apart_or_together_come_to_the_same(world, size):
    told, branches, holds, since = world
    start, end = np.array(told, np.int64).T
    cases = a.Cases(start, end, np.zeros_like(start), np.zeros_like(start), start + 5 * DAY)
    own = a.Branches(*np.array(branches, np.int64).reshape(-1, 6).T)
    held = a.Holds(*np.array(holds, np.int64).reshape(-1, 4).T)
    calendars = a.Calendars(NIGHTS, since)
    whole = a.attribute(cases, own, held, calendars)
    before, a.CHUNK = a.CHUNK, size
    try:
        apart = a.attribute(cases, own, held, calendars)
    finally:
        a.CHUNK = before
    ours, theirs = (p.sums(p.case, p.cause, p.branch) for p in (whole, apart))
    assert (ours[0] == theirs[0]).all()
    assert (ours[1] == theirs[1]).all()
