"""Are the right answers warned of, to the right office, and never more than an office can bear?"""

from datetime import timedelta

import pytest

from payvand.audit.models import Event
from payvand.foresight.actions import learn, warnings
from payvand.foresight.models import Warned
from payvand.foresight.queries import warnings as queries
from payvand.foresight.rules import warnings as rules
from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.ledger import public as ledger
from payvand.ledger.models import Notice, Obligation
from payvand.registry import public as registry
from payvand.window.public import Charge
from tests.foresight.account_sample import NOW, apply, ask, happen, made

EDGES = {0.5: 2.0, 0.8: 5.0, 0.9: 9.0}.get


def waiting(days, told="", office="a", key=1):
    return rules.Open(key, office, days, told)


@pytest.mark.parametrize(
    ("days", "told", "level"),
    [
        pytest.param(2.0, "", None, id="at-the-bound-is-not-past-it"),
        pytest.param(2.1, "", "p50", id="past-half"),
        pytest.param(6.0, "", "p80", id="past-eight-in-ten"),
        pytest.param(50.0, "", "p90", id="past-nine-in-ten"),
        pytest.param(3.0, "p50", None, id="told-before"),
        pytest.param(6.0, "p50", "p80", id="a-higher-level-is-news"),
        pytest.param(6.0, "p90", None, id="never-a-lower-level"),
    ],
)
def test_the_highest_level_that_was_passed_is_told_once(days, told, level):
    found = rules.passed(waiting(days, told), EDGES)
    assert (found.level if found else None) == level


def test_where_history_does_not_reach_there_is_no_warning():
    assert rules.passed(waiting(99), lambda p: None) is None
    half = rules.passed(waiting(99), lambda p: 3.0 if p == 0.5 else None)
    assert half is not None
    assert half.level == "p50"


def test_an_office_hears_of_the_most_pressing_within_its_budget():
    found = [rules.passed(waiting(days, key=n), EDGES)
             for n, days in enumerate((3, 4, 6, 7, 30, 20, 2.5))]  # fmt: skip
    found.append(rules.passed(waiting(3, office="b", key=9), EDGES))
    kept = [one.open.key for one in rules.chosen(found, budget=3)]
    assert kept == [4, 5, 3, 9]
    assert [o.open.key for o in rules.chosen(found, {"a": 2}, budget=3)] == [4, 9]
    assert [o.open.key for o in rules.chosen(found, {"a": 5}, budget=3)] == [9]


# --- with the ledger ---------------------------------------------------------------------------


@pytest.fixture
def world(db):
    with clock.frozen(NOW):
        found = made()
        for n in range(40):  # answers of one to eight days, and decided cases
            case = apply(found, days=n % 20, decided=30)
            ask(found, case, "a0", sent=n % 20, due=n % 20 + 30, answered=n % 20 + 1 + n % 8)
        learn.learn_all(NOW)
        yield found
    registry.forget()


def late_one(world, sent=40.0, due=90.0, **more):
    return ask(world, apply(world, days=sent), "a0", sent=sent, due=due, **more)


def test_a_slow_answer_is_told_to_the_head_and_the_governor_and_logged(world):
    slow = late_one(world)
    late_one(world, sent=59.9)
    before = Obligation.objects.filter(pk=slow.pk).values().get()
    assert warnings.warn_today() == 1
    told = Warned.objects.get()
    assert (told.obligation, told.level, told.late) == (slow.pk, "p90", None)
    assert told.waited_days > told.bound_days
    offices = set(Notice.objects.values_list("office_id", flat=True))
    assert offices == {world.offices["head-a0"], world.offices["governor"]}
    assert Event.objects.filter(verb="ledger.warned").count() == 1
    assert Obligation.objects.filter(pk=slow.pk).values().get() == before  # no term, no rung


def test_nobody_is_told_twice_of_the_same_level(world):
    late_one(world)
    assert warnings.warn_today() == 1
    assert warnings.warn_today() == 0
    with clock.frozen(NOW + timedelta(days=1)):
        assert warnings.warn_today() == 0


def test_what_is_past_its_term_or_stopped_is_left_to_others(world):
    late_one(world, due=59.0)
    late_one(world, state="stopped")
    assert warnings.warn_today() == 0


def test_the_budget_of_a_day_holds_over_several_rounds(world):
    for _ in range(4):
        late_one(world)
    assert warnings.warn_today(budget=3) == 3
    assert warnings.warn_today(budget=3) == 0
    with clock.frozen(NOW + timedelta(days=1)):
        assert warnings.warn_today(budget=3) == 1


def test_it_is_logged_whether_it_was_right_to_warn(world):
    rows = [late_one(world, due=70) for _ in range(3)]
    assert warnings.warn_today(budget=9) == 3
    late, in_time, gone = rows
    Obligation.objects.filter(pk=in_time.pk).update(state="answered", answered_at=NOW)
    Obligation.objects.filter(pk=gone.pk).update(state="cancelled")
    with clock.frozen(NOW + timedelta(days=15)):
        warnings.settle(clock.now())
        verdicts = dict(Warned.objects.values_list("obligation", "late"))
        assert verdicts == {late.pk: True, in_time.pk: False, gone.pk: True}
        found = queries.precision(clock.local_date(clock.now()))[2]
        assert (found.given, found.settled, found.late, found.share) == (3, 3, 2, None)


def test_an_official_sees_the_warnings_of_those_in_charge(world):
    late_one(world)
    warnings.warn_today()
    agency = frozenset({world.agencies["a0"]})
    assert queries.page(Charge(agencies=agency)).rows
    assert queries.page(Charge(provinces=frozenset({"IR-15"}))).rows
    assert not queries.page(Charge(provinces=frozenset({"IR-03"}))).rows
    assert not queries.page(Charge()).rows


def test_a_person_cannot_warn_and_an_answered_one_is_left_out(world):
    slow = late_one(world)
    foreseen = [ledger.Foreseen(slow.pk, "p50", 3.0)]
    with pytest.raises(Refused):
        ledger.warn(foreseen, by=world.holder("governor"))
    Obligation.objects.filter(pk=slow.pk).update(state="answered", answered_at=NOW)
    happen(slow, "ledger.answered", 60)
    assert ledger.warn(foreseen, by=registry.system("foresight")) == []
    assert not Notice.objects.exists()


def test_half_way_only_the_desk_hears(world):
    slow = late_one(world)
    assert ledger.warn([ledger.Foreseen(slow.pk, "p50", 3.0)], by=registry.system("f")) == [slow.pk]
    assert Notice.objects.get().party_id == world.agencies["a0"]
