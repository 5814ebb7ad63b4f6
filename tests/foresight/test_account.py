"""Is every day of every case in the account, once, and does it stay so as time goes on?"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum

from payvand.audit.models import Event
from payvand.foresight.actions import accounts, rates
from payvand.foresight.actions.rates import RateDraft
from payvand.foresight.models import CaseShare, DelayDay
from payvand.foresight.queries import accounts as queries
from payvand.foresight.rules import costs
from payvand.foresight.rules.attribution import CAUSES
from payvand.kernel import clock, periods
from payvand.kernel.errors import Invalid, Refused
from payvand.ledger.models import Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window.models import Application
from tests.foresight.account_sample import NOW, START, apply, ask, at, happen, made, stop

pytestmark = pytest.mark.django_db
YEAR = periods.of_days(date(2025, 11, 1), date(2026, 2, 1))
DAY = 86400


@pytest.fixture
def world():
    with clock.frozen(NOW):
        yield made()
    registry.forget()


def days(**scope):
    """Return the days of the account by cause, those that are not empty."""
    spent = queries.account(YEAR, queries.Scope(**scope), {}).whole
    return {name: spent.of(n) for n, name in enumerate(CAUSES) if spent.of(n)}


def fingerprint():
    order = ("day", "agency", "place", "service", "cause")
    return list(DelayDay.objects.order_by(*order).values_list(*order, "seconds", "late"))


def a_bit_of_everything(world):
    """Write five cases that meet every cause."""
    one = apply(world, decided=20)
    ask(world, one, answered=5, due=3, question="q00")
    held = ask(world, one, "a1", answered=12, due=11, question="q01")
    stop(held, 4, 7)
    ask(world, one, "owner", sent=12, answered=20, due=18, kind="decision", question="decision")
    letter = apply(world, days=1, decided=9, place="IR-03")
    ask(world, letter, "other", sent=1, answered=8, level="letter", delivered_at=at(3))
    rest = ask(world, apply(world, days=2), "a2", sent=2, level="rest", delivered_at=at(4))
    happen(rest, "ledger.outage", 4, begin=at(2.5).isoformat(), end=at(4).isoformat())
    gone = apply(world, days=3, decided=6, state="withdrawn")
    happen(ask(world, gone, sent=3, state="cancelled"), "ledger.cancelled", 6)
    apply(world, days=4)


def test_the_days_of_the_account_are_the_days_that_cases_were_open(world):
    a_bit_of_everything(world)
    accounts.account()
    open_for = 0
    for case in Application.objects.all():
        open_for += ((case.decided_at or NOW) - case.submitted_at).total_seconds()
    assert DelayDay.objects.aggregate(n=Sum("seconds"))["n"] == open_for
    assert CaseShare.objects.aggregate(n=Sum("seconds"))["n"] == open_for
    assert set(days()) == {"applicant", "outage", "calendar", "operator", "agency", "idle"}


def test_the_account_of_one_case_is_the_one_reckoned_by_hand(world):
    case = apply(world, decided=14)  # Sunday to Sunday a fortnight later: two closed Fridays
    held = ask(world, case, answered=10, due=7)
    stop(held, 2, 4)
    ask(world, case, "owner", sent=11, answered=14, kind="decision", question="decision")
    accounts.account()
    assert days() == {"applicant": 2, "calendar": 2, "agency": 9, "idle": 1}
    assert queries.account(YEAR, queries.Scope(), {}).whole.late_days == 3


def test_a_round_more_changes_nothing_and_time_adds_only_open_days(world):
    a_bit_of_everything(world)
    accounts.account()
    before = fingerprint()
    accounts.account()
    assert fingerprint() == before
    with clock.frozen(NOW + timedelta(days=1)):
        accounts.account()
        grown = DelayDay.objects.aggregate(n=Sum("seconds"))["n"]
        assert grown - sum(row[5] for row in before) == 2 * DAY  # two cases are open
        ongoing = fingerprint()
        accounts.account(everything=True)
        assert fingerprint() == ongoing


def test_what_moves_later_is_counted_where_it_belongs(world):
    case = apply(world)
    owed = ask(world, case)
    accounts.account()
    with clock.frozen(NOW + timedelta(days=3)):
        Obligation.objects.filter(pk=owed.pk).update(state="answered", answered_at=at(62))
        happen(owed, "ledger.answered", 62)
        accounts.account()
        ongoing = fingerprint()
        accounts.account(everything=True)
        assert fingerprint() == ongoing


def test_an_outage_told_late_is_taken_off_the_office_for_the_days_before(world):
    owed = ask(world, apply(world), level="rest")
    accounts.account()
    assert "outage" not in days()
    with clock.frozen(NOW + timedelta(hours=2)):
        happen(owed, "ledger.outage", 60, begin=at(50).isoformat(), end=at(60).isoformat())
        accounts.account()
        assert days()["outage"] == 10


def test_a_closure_declared_after_the_due_time_never_erases_delay(world):
    case = apply(world, decided=12)
    ask(world, case, answered=12, due=3)
    r.CalendarFact.objects.create(
        scope="IR-15", starts=START.date() + timedelta(days=9), kind="closure",
        ends=START.date() + timedelta(days=9), title_fa="تعطیلی", title_en="Closure",
        status="announced", source="tests", known_from=at(8),
    )  # fmt: skip
    registry.forget()
    accounts.account()
    assert days() == {"calendar": 1, "agency": 11}  # the Friday alone, known for long
    Obligation.objects.update(due_at=at(9))
    accounts.account(everything=True)
    assert days() == {"calendar": 2, "agency": 10}


def test_a_province_an_agency_and_a_service_see_their_part(world):
    a_bit_of_everything(world)
    accounts.account()
    whole = queries.account(YEAR, queries.Scope(), {})
    parts = [queries.account(YEAR, queries.Scope(province=p), {}).whole.total
             for p in ("IR-15", "IR-03")]  # fmt: skip
    assert sum(parts) == pytest.approx(whole.whole.total)
    assert sum(one.spent.total for one in whole.agencies) == pytest.approx(whole.whole.total)
    assert queries.account(YEAR, queries.Scope(service="none"), {}).whole.total == 0


def test_replayed_logs_show_only_when_they_are_asked_for(world):
    case = apply(world, decided=5)
    ask(world, case, answered=5)
    accounts.account()
    DelayDay.objects.update(service="replay-log")
    assert days() == {}
    assert days(service="replay-log")


def test_the_page_asks_a_fixed_number_of_questions(world, django_assert_num_queries):
    for count in (2, 12):
        for n in range(count):
            ask(world, apply(world, days=n, decided=n + 5), answered=n + 5, sent=n)
        accounts.account()
        registry.all_places()
        with django_assert_num_queries(4):
            queries.account(YEAR, queries.Scope(), {})
        with django_assert_num_queries(2):
            queries.cost(YEAR, queries.Scope())


def test_cases_come_longest_first_page_by_page_and_none_twice(world, monkeypatch):
    for n in range(7):
        ask(world, apply(world, days=n, decided=10), answered=10, sent=n)
    accounts.account()
    monkeypatch.setattr(queries, "PAGE", 3)
    agency = CAUSES.index("agency")
    seen, after = [], ""
    while True:
        page = queries.cases(YEAR, queries.Scope(), agency, after)
        seen += [row.seconds for row in page.rows]
        after = page.after
        if not after:
            break
    assert len(seen) == 7
    assert seen == sorted(seen, reverse=True)
    assert len(queries.cases(YEAR, queries.Scope(), agency, "broken~").rows) == 3


# --- cost ------------------------------------------------------------------------------------


def vice(world):
    office = r.Office.objects.create(role="first-vice-president", place_id="IR", title_fa="معاون",
                                     title_en="First VP")  # fmt: skip
    r.Holding.objects.create(office=office, user=r.User.objects.get(username="holder"),
                             valid_from=date(2020, 1, 1))  # fmt: skip
    world.offices["vice"] = office.pk
    registry.forget()
    return world.holder("vice")


def test_sixty_billion_for_forty_days_is_a_query_with_its_assumptions(world):
    by = vice(world)
    ask(world, apply(world, decided=40, amount="60000000000", currency="usd"), answered=40)
    draft = RateDraft("grid", date(2025, 1, 1), Decimal(10), "amount", "currency",
                      {"usd": "1"}, 0, "of a circular")  # fmt: skip
    rates.set_rate(draft, by=by)
    accounts.account()
    found = queries.cost(YEAR, queries.Scope())
    assert found.value_days == 60_000 * 40  # million × days
    assert found.total == round(60_000 * 40 * 0.10 / 365)
    (line,) = found.lines
    told = (line.assumption.note, line.assumption.office)
    assert told == ("of a circular", world.offices["vice"])
    assert queries.cost(YEAR, queries.Scope(), Decimal(20)).total == pytest.approx(
        2 * found.total, abs=1
    )


def test_a_rate_is_set_by_the_office_in_charge_and_leaves_an_event(world):
    draft = RateDraft("grid", date(2025, 1, 1), Decimal(10), note="of a circular")
    with pytest.raises(Refused):
        rates.set_rate(draft, by=world.holder("governor"))
    assert Event.objects.count() == 0
    rates.set_rate(draft, by=vice(world))
    assert Event.objects.get().verb == "foresight.rate_set"
    with pytest.raises(Invalid) as wrong:
        rates.set_rate(RateDraft("nothing", date(2025, 1, 1), Decimal(-1), "1;x"),
                       by=world.holder("vice"))  # fmt: skip
    assert set(wrong.value.facts["fields"]) == {"percent_a_year", "service", "value_field", "note"}


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        pytest.param("2000000", "usd", (1_200_000, True), id="in-dollars"),
        pytest.param("2000000", "xyz", (7, False), id="unknown-currency"),
        pytest.param(None, "usd", (7, False), id="nothing-written"),
        pytest.param("many", "usd", (7, False), id="not-a-number"),
        pytest.param("NaN", "usd", (7, False), id="nan"),
        pytest.param("-5", "usd", (7, False), id="negative"),
    ],
)
def test_a_value_that_cannot_be_read_leaves_the_flat_one(amount, currency, expected):
    one = costs.Assumption("", date(2025, 1, 1), Decimal(10), "amount", "currency",
                           {"usd": "600000"}, 7)  # fmt: skip
    assert costs.value_of(one, amount, currency) == expected


def test_a_later_setting_holds_from_its_day_and_the_service_goes_before_all():
    old = costs.Assumption("", date(2025, 1, 1), Decimal(10), key=1)
    new = costs.Assumption("", date(2025, 6, 1), Decimal(20), key=2)
    own = costs.Assumption("trade", date(2025, 3, 1), Decimal(30), key=3)
    known = [old, new, own]
    assert costs.in_force(known, "land", date(2025, 5, 31)) is old
    assert costs.in_force(known, "land", date(2025, 6, 1)) is new
    assert costs.in_force(known, "trade", date(2025, 7, 1)) is own
    rows = [("land", date(2025, 5, 31), 36500), ("land", date(2025, 6, 1), 36500)]
    lines, unset = costs.costed(known, [*rows, ("land", date(2024, 1, 1), 5)])
    assert [line.cost for line in lines] == [10, 20]
    assert unset == 5
