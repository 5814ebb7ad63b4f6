"""Are the samples put together along the graph, on working days, and never before what is past?"""

from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payvand.foresight.rules import composition, draws, network
from payvand.foresight.rules.composition import Chances, Step, quantiles, table_of
from payvand.foresight.rules.office_days import office_days, working_days
from payvand.foresight.rules.survival import Curve, kaplan_meier
from payvand.kernel.calendar import CalendarRule, WorkCalendar
from payvand.kernel.terms import NO_STOPS, Term, due_at

FIRST, ORIGIN = date(2025, 1, 1), date(2025, 11, 10)


def calendar(weekend=(3, 4), *, closures=()) -> WorkCalendar:
    rules = [
        CalendarRule(1, "IR", FIRST, None, frozenset(weekend), "weekend"),
        CalendarRule(2, "IR", FIRST, None, None, "hours", time(7), time(14)),
        *(CalendarRule(10 + n, "IR", day, day, None, "closure") for n, day in enumerate(closures)),
    ]
    return WorkCalendar.build(["IR"], rules, first=FIRST, last=date(2027, 12, 31))


PLAIN = calendar()
OFFICE = office_days(PLAIN, ORIGIN)
DRAWS = Chances(seed=1, samples=400, rho=0.25)
ONE_DAY = kaplan_meier(np.ones(40), np.ones(40, bool))


def curve(*days: float) -> Curve:
    return kaplan_meier(np.asarray(days), np.ones(len(days), bool))


def composed(net, tables, start=0.4, chances=DRAWS):
    steps = [None if table is None else Step(OFFICE, table) for table in tables]
    return composition.run(net, steps, start, chances)


# --- working days ----------------------------------------------------------------------------


@given(st.floats(0, 700))
def test_a_moment_in_office_hours_survives_the_way_to_working_days_and_back(day):
    worked = OFFICE.worked(np.asarray([day], np.float32))
    back = OFFICE.moments(worked)
    assert OFFICE.worked(back)[0] == pytest.approx(worked[0], abs=2e-3)


@given(st.lists(st.floats(0, 600), min_size=2, max_size=20))
def test_later_moments_never_lie_on_earlier_working_days(days):
    found = OFFICE.worked(np.sort(np.asarray(days, np.float32)))
    assert (np.diff(found) >= 0).all()


@given(st.integers(0, 300), st.integers(1, 20))
def test_a_cap_ends_when_the_kernel_says_that_such_a_term_ends(offset, amount):
    sent = datetime(2025, 11, 10, 5, tzinfo=UTC) + timedelta(days=offset, hours=offset % 24)
    due = due_at(Term.parse(f"{amount}wd"), sent, NO_STOPS, PLAIN)
    net = network.build(["a"], {}, {}, {}, decision=False)
    slow = np.full(draws.GRID, 300, np.float32)
    run = composition.run(net, [Step(OFFICE, slow, cap=amount)], OFFICE.moment(sent), DRAWS)
    assert abs((OFFICE.at(run.done[0]) - due).total_seconds()) < 60


def test_learning_counts_working_days_as_the_calendar_does():
    start, end = datetime(2025, 11, 10, 5, tzinfo=UTC), datetime(2025, 11, 17, 5, tzinfo=UTC)
    days = working_days(PLAIN, np.asarray([start.timestamp()]), np.asarray([end.timestamp()]))
    assert days[0] == pytest.approx(5, abs=1e-6)


def test_a_closure_makes_everything_later_never_earlier():
    shut = office_days(calendar(closures=[ORIGIN + timedelta(days=n) for n in range(1, 4)]), ORIGIN)
    net = network.build(["a", "b"], {"b": ["a"]}, {}, {})
    table = table_of(curve(0.5, 1, 2, 3, 8))
    plain = composed(net, [table] * 3).done
    later = composition.run(net, [Step(shut, table)] * 3, 0.4, DRAWS).done
    assert (later >= plain).all()
    assert later.mean() > plain.mean() + 1


# --- composition -----------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_samples_and_another_one_others():
    net = network.build(["a", "b"], {"b": ["a"]}, {}, {})
    tables = [table_of(curve(1, 2, 5, 9))] * 3
    first = composed(net, tables).done
    draws.places.cache_clear()
    assert (composed(net, tables).done == first).all()
    other = composed(net, tables, chances=Chances(2, 400, 0.25)).done
    assert (other != first).any()


LENGTHS = st.lists(st.floats(0.1, 40), min_size=1, max_size=12)


@settings(max_examples=40)
@given(st.lists(LENGTHS, min_size=3, max_size=3), st.floats(0.1, 15))
def test_nine_in_ten_never_comes_before_half_and_slower_offices_never_make_it_sooner(parts, more):
    net = network.build(["a", "b"], {"b": ["a"]}, {}, {})
    quick = composed(net, [table_of(curve(*one)) for one in parts]).done
    slow = composed(net, [table_of(curve(*(day + more for day in one))) for one in parts]).done
    p50, p90 = quantiles(quick)
    assert p90 >= p50 >= 0.4
    assert all(s >= q for q, s in zip((p50, p90), quantiles(slow), strict=True))


@settings(max_examples=40)
@given(LENGTHS, st.floats(0, 60))
def test_what_has_waited_has_lasted_longer_than_it_has(days, waited):
    left = table_of(curve(*days), waited)
    assert (left >= 0).all()
    known = np.asarray([day for day in days if day > waited])
    if len(known):  # then the shortest remaining time is that of the next known case
        assert left.min() == pytest.approx(known.min() - waited, abs=1e-3)


def test_what_is_answered_is_not_drawn_again():
    net = network.build(["a", "b"], {"b": ["a"]}, {}, {})
    one = table_of(ONE_DAY)
    left = [
        composed(net, tables).done for tables in ([one] * 3, [None, one, one], [None, None, one])
    ]
    days = [float(OFFICE.worked(done)[0]) for done in left]
    assert days[0] - days[1] == pytest.approx(1, abs=0.01)
    assert days[1] - days[2] == pytest.approx(1, abs=0.01)


def test_parallel_questions_take_as_long_as_the_slowest_and_a_chain_as_their_sum():
    slow, quick = table_of(curve(*[3.0] * 30)), table_of(ONE_DAY)
    side = network.build(["a", "b"], {}, {}, {}, decision=False)
    chain = network.build(["a", "b"], {"b": ["a"]}, {}, {}, decision=False)
    position = OFFICE.worked(np.asarray([0.4], np.float32))[0]
    done = {name: OFFICE.worked(composed(net, [slow, quick]).done)[0] - position
            for name, net in {"side": side, "chain": chain}.items()}  # fmt: skip
    assert done == {"side": pytest.approx(3, abs=0.01), "chain": pytest.approx(4, abs=0.01)}


def test_a_quota_goes_on_with_the_first_answers():
    net = network.build(["a", "b", "c"], {}, {"c": ["a", "b"]}, {"c": 1}, decision=False)
    slow, quick = table_of(curve(*[9.0] * 30)), table_of(ONE_DAY)
    run = composed(net, [slow, quick, quick])
    assert run.end(2)[0] < run.end(0)[0]
    assert run.behind[2][0] == 1


def test_what_a_sample_does_not_ask_nobody_waits_for():
    net = network.build(["a", "b"], {"b": ["a"]}, {}, {})
    slow, quick = table_of(curve(*[9.0] * 30)), table_of(ONE_DAY)
    asked = np.arange(400) % 2 == 0
    steps = [Step(OFFICE, slow, asked), Step(OFFICE, quick), Step(OFFICE, quick)]
    done = composition.run(net, steps, 0.4, DRAWS).done
    assert done[asked].min() > done[~asked].max() + 8


def test_a_fatal_answer_lets_the_decision_begin_at_once():
    net = network.build(["a", "b"], {}, {}, {})
    slow, quick = table_of(curve(*[9.0] * 30)), table_of(ONE_DAY)
    steps = [Step(OFFICE, quick, fatal=1.0), Step(OFFICE, slow), Step(OFFICE, quick)]
    run = composition.run(net, steps, 0.4, DRAWS)
    assert run.done[0] < run.end(1)[0]
    assert run.behind[2][0] == 0


def test_the_days_on_the_slowest_chain_sum_to_the_whole():
    net = network.build(["a", "b", "c"], {"c": ["a", "b"]}, {}, {})
    tables = [table_of(curve(1, 4, 9)), table_of(curve(2, 3, 5)), table_of(curve(1, 2)),
              table_of(ONE_DAY)]  # fmt: skip
    run = composed(net, tables)
    assert sum(composition.days_on_the_way(run).values()) == pytest.approx(
        float(run.done.mean()) - 0.4, rel=1e-3
    )


def test_cases_that_are_alike_spread_wider_along_a_chain():
    net = network.in_sequence([f"q{n}" for n in range(6)])
    tables = [table_of(curve(1, 2, 4, 8, 20))] * 7
    apart = composed(net, tables, chances=Chances(1, 4000, 0.0)).done
    alike = composed(net, tables, chances=Chances(1, 4000, 0.5)).done
    assert quantiles(alike)[1] > quantiles(apart)[1] + 5
    assert abs(alike.mean() - apart.mean()) < 0.05 * apart.mean()


def test_questions_of_a_dropped_one_keep_their_draws():
    cells = draws.places(1, "tax", 400, 0.25)
    draws.places(1, "another", 400, 0.25)
    draws.places.cache_clear()
    assert (draws.places(1, "tax", 400, 0.25) == cells).all()
