"""Are the daily counts those that a person would count by hand, however often they are made?"""

import random
from datetime import timedelta

import pytest
from django.db.models import F, Sum

from payvand.insight import actions, jobs, queries
from payvand.insight.models import Clocked, DailyTally, Progress
from payvand.insight.queries import Scope
from payvand.insight.rules import periods
from payvand.kernel import clock
from payvand.ledger.models import Obligation
from payvand.registry import public as registry
from tests import world as worlds
from tests.insight.sample import MONDAY, NOW, day, happen, owe

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world():
    with clock.frozen(NOW):
        yield worlds.build()
    registry.forget()


NAMES = ("received", "answered", "due", "on_time", "deemed", "late_closed")


def totals(**where):
    found = DailyTally.objects.filter(**where).aggregate(**{n: Sum(n) for n in NAMES})
    return {name: value or 0 for name, value in found.items()}


def counted(**numbers):
    return {**dict.fromkeys(NAMES, 0), **numbers}


def everything():
    fields = [f.attname for f in DailyTally._meta.fields if f.name != "id"]
    return sorted(DailyTally.objects.values_list(*fields), key=str)


def by_hand(world):
    """Eleven obligations; ten fall due in the period, four are answered in time."""
    owe(world, closed=1, state="answered")  # in time
    owe(world, closed=2, state="answered")  # in time
    owe(world, closed=5, state="answered")  # in time, at the last moment
    owe(world, closed=4.5, state="answered", kind="decision")  # in time
    owe(world, closed=7, state="answered")  # answered late: late
    owe(world, closed=5.1, state="answered")  # answered late: late
    owe(world, closed=5, state="deemed")  # silence: late
    owe(world, state="sent")  # open: late
    owe(world, state="sent")  # open: late
    owe(world, closed=9, state="cancelled")  # withdrawn after it was late: late
    owe(world, closed=3, state="cancelled")  # withdrawn before: never fell due
    owe(world, due=None, state="stopped")  # the clock stands still: never fell due
    owe(world, due=90, state="sent")  # falls due later
    owe(world, closed=20, state="answered", kind="completion")  # owed by the applicant


def test_the_index_is_what_is_counted_by_hand(world):
    by_hand(world)
    actions.roll_up()
    found = queries.index(periods.of_days(day(0), day(40)))
    counts = found.counts
    assert (counts.due, counts.on_time, counts.late, counts.deemed) == (10, 4, 6, 1)
    assert (counts.received, counts.answered, counts.open_late) == (13, 6, 2)
    assert found.ours == 40
    assert found.portal == pytest.approx(100 * (1 - 2 / 13))


def test_a_question_that_was_put_again_counts_once_and_its_delay_stays(world):
    kept = owe(world, question="q1", closed=2, state="answered")
    late = owe(world, question="q2", case=kept.case_id, closed=7, state="answered")
    actions.roll_up()
    assert totals() == counted(received=2, answered=2, due=2, on_time=1, late_closed=1)
    owe(world, question="q1#2", case=kept.case_id, sent=8, due=13, closed=9, state="answered")
    owe(world, question="q2#2", case=kept.case_id, sent=8, due=13, closed=9, state="answered")
    actions.roll_up()
    assert totals() == counted(received=2, answered=2, due=2, on_time=1, late_closed=1)
    assert set(Clocked.objects.values_list("sent_day", flat=True)) == {day(0), day(8)}
    assert Clocked.objects.get(on_time=False).obligation == late.pk
    step_by_step = everything()
    actions.roll_up(everything=True)
    assert everything() == step_by_step


def test_an_earlier_day_knows_only_what_had_happened_until_then(world):
    by_hand(world)
    actions.roll_up()
    found = queries.index(periods.of_days(day(0), day(6)))
    assert found.counts.open_late == 4  # two open, one answered on day 7, one withdrawn on day 9


def test_counting_twice_changes_nothing(world):
    by_hand(world)
    first = actions.roll_up()
    before = everything()
    actions.roll_up()
    assert actions.roll_up().days == 1  # today alone is looked at again
    assert everything() == before
    assert first.cases == 14


def test_counting_everything_anew_gives_the_same(world):
    by_hand(world)
    actions.roll_up()
    owed = owe(world, sent=1, due=3)
    actions.roll_up()
    Obligation.objects.filter(pk=owed.pk).update(state="answered", answered_at=NOW)
    happen(owed)
    actions.roll_up()
    before = everything()
    actions.roll_up(everything=True)
    assert everything() == before


def test_only_the_days_that_changed_are_counted_again(world):
    owed = owe(world, closed=None)
    actions.roll_up()
    kept = set(DailyTally.objects.filter(day=day(0)).values_list("id", flat=True))
    other = owe(world, sent=10, due=15)
    actions.roll_up()
    assert set(DailyTally.objects.filter(day=day(0)).values_list("id", flat=True)) == kept
    assert DailyTally.objects.get(day=day(15)).due == 1
    assert owed.pk != other.pk


def test_an_answer_moves_the_counts(world):
    owed = owe(world)
    actions.roll_up()
    assert totals() == {
        "received": 1,
        "answered": 0,
        "due": 1,
        "on_time": 0,
        "deemed": 0,
        "late_closed": 0,
    }
    Obligation.objects.filter(pk=owed.pk).update(
        state="answered", answered_at=MONDAY + timedelta(days=8)
    )
    happen(owed)
    actions.roll_up()
    assert totals() == {
        "received": 1,
        "answered": 1,
        "due": 1,
        "on_time": 0,
        "deemed": 0,
        "late_closed": 1,
    }


def test_a_due_time_that_moves_leaves_its_old_day(world):
    owed = owe(world, due=5)
    actions.roll_up()
    Obligation.objects.filter(pk=owed.pk).update(due_at=MONDAY + timedelta(days=12))
    happen(owed, "ledger.moved")
    actions.roll_up()
    assert totals(day=day(5))["due"] == 0
    assert totals(day=day(12))["due"] == 1


def test_a_term_that_runs_out_without_any_event_is_noticed(world):
    with clock.frozen(MONDAY + timedelta(days=4)):
        owe(world, due=5)
        actions.roll_up()
        assert totals()["due"] == 0
    with clock.frozen(MONDAY + timedelta(days=9)):
        actions.roll_up()
        assert totals(day=day(5))["due"] == 1


def test_a_clock_that_is_set_back_takes_the_due_ones_back(world):
    owe(world, due=5)
    actions.roll_up()
    assert totals()["due"] == 1
    with clock.frozen(MONDAY + timedelta(days=4)):
        actions.roll_up()
        assert totals()["due"] == 0


def test_a_round_that_is_cut_goes_on_where_it_stopped(world, monkeypatch):
    by_hand(world)

    def cut(*_args):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "count_days", cut)
        with pytest.raises(RuntimeError):
            actions.roll_up()
    assert not DailyTally.objects.exists()
    actions.roll_up()
    before = everything()
    assert Progress.objects.get().waiting == []
    actions.roll_up(everything=True)
    assert everything() == before


def test_provinces_and_kinds_are_counted_apart(world):
    owe(world, place="IR-15-1503")
    owe(world, place="IR-15")
    owe(world, place="IR-03")
    owe(world, place="IR", kind="decision")
    actions.roll_up()
    found = dict(
        DailyTally.objects.filter(day=day(0)).values_list("place").annotate(n=Sum("received"))
    )
    assert found == {"IR-15": 2, "IR-03": 1, "": 1}


def test_the_worker_hook_tells_what_it_did(world):
    by_hand(world)
    assert jobs.run_once()["counted_cases"] == 14


def test_the_stock_never_differs_from_the_ledger(world):
    by_hand(world)
    actions.roll_up()
    left = DailyTally.objects.aggregate(n=Sum(F("due") - F("on_time") - F("late_closed")))["n"]
    standing = Obligation.objects.filter(kind__in=actions.KINDS, state__in=("sent", "stopped"))
    assert left == standing.filter(due_at__lt=NOW).count() == 2


def test_replayed_logs_are_left_out_unless_asked_for(world):
    for _ in range(10):
        owe(world, closed=1, state="answered")
        owe(world, service="replay-log")
    actions.roll_up()
    period = periods.of_days(day(0), day(40))
    assert queries.index(period).ours == 100
    assert queries.index(period, Scope(service="replay-log")).ours == 0


def test_the_league_ranks_offices_and_hides_small_numbers(world):
    for n in range(12):
        owe(world, "a0", closed=1 if n < 6 else 8, state="answered")
        owe(world, "a1", closed=1, state="answered")
    for _ in range(9):
        owe(world, "a2", closed=1, state="answered")
    actions.roll_up()
    lines = queries.league(periods.of_days(day(0), day(40)))
    assert [(line.name["en"], line.index.ours) for line in lines] == [
        ("Agency a1", 100), ("Agency a0", 50), ("Agency a2", None),
    ]  # fmt: skip
    assert queries.league(periods.of_days(day(0), day(40)), province="IR-03") == []


def test_a_trend_has_every_jalali_month_and_the_stock_at_its_end(world):
    for _ in range(10):
        owe(world, sent=0, due=5, closed=20, state="answered")  # late in Aban, answered in Azar
        owe(world, sent=20, due=25, closed=21, state="answered")  # in time, in Azar
    actions.roll_up()
    found = queries.trend(periods.between((1404, 7), (1404, 10)), province="IR-15")
    assert [(m.month, m.index.ours, m.index.counts.open_late) for m in found] == [
        (7, None, 0), (8, 0, 10), (9, 100, 0), (10, None, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("agencies", [1, 4])
def test_figures_cost_a_fixed_number_of_queries(world, django_assert_num_queries, agencies):
    for n in range(agencies):
        for _ in range(11):
            owe(world, f"a{n}", closed=1, state="answered")
    actions.roll_up()
    period = periods.of_days(day(0), day(40))
    with django_assert_num_queries(2):
        queries.index(period)
    with django_assert_num_queries(3):
        assert len(queries.league(period)) == agencies
    with django_assert_num_queries(2):
        queries.provinces(period)
    with django_assert_num_queries(2):
        queries.trend(period)
    with django_assert_num_queries(3):
        queries.board(period)


@pytest.mark.parametrize("province", [None, "IR-15", "IR-03"])
def test_the_board_says_what_its_parts_say(world, province):
    for n in range(24):
        place = ("IR-15-1503", "IR-03", "IR")[n % 3]
        closed, state = ((1, "answered"), (9, "answered"), (None, "sent"))[n % 5 % 3]
        owe(world, f"a{n % 2}", place=place, closed=closed, state=state)
    actions.roll_up()
    period = periods.of_days(day(0), day(40))
    board = queries.board(period, province)
    assert board.index == queries.index(period, Scope(province=province))
    assert board.provinces == queries.provinces(period)
    assert board.league == queries.league(period, province)


def test_cases_come_in_pages_without_gaps_or_doubles(world, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 4)
    for n in range(10):
        owe(world, due=5 + n % 3)
    actions.roll_up()
    scope, period = Scope(agency=world.agencies["a0"]), periods.of_days(day(0), day(40))
    seen, after = [], ""
    while True:
        page = queries.cases(period, scope, after=after)
        seen += [row.obligation for row in page.rows]
        after = page.after
        if not after:
            break
    assert len(seen) == len(set(seen)) == Clocked.objects.count() == 10


@pytest.mark.parametrize("seed", range(4))
def test_any_course_of_events_is_counted_as_if_counted_once(world, seed):
    """Ask, answer, move, stop, cancel and let time pass at random; compare with a fresh count."""
    chance, owed, hours = random.Random(seed), [], 0.0
    for _ in range(25):
        hours += chance.choice([0, 1, 30, 80])
        with clock.frozen(MONDAY + timedelta(hours=hours)):
            here = hours / 24
            if not owed or chance.random() < 0.5:
                due = here + chance.choice([0.5, 2, 6])
                owed.append(owe(world, chance.choice(["a0", "a1"]), sent=here, due=due))
            one = chance.choice(owed)
            what = chance.choice(["answered", "deemed", "stopped", "sent", "cancelled", ""])
            at = clock.now()
            changes = {
                "answered": {"answered_at": at}, "deemed": {"answered_at": at},
                "stopped": {"due_at": None},
                "sent": {"answered_at": None, "due_at": at + chance.choice([-1, 3]) * DAY},
            }  # fmt: skip
            if what:
                new = {"state": what, **changes.get(what, {})}
                Obligation.objects.filter(pk=one.pk).update(**new)
                happen(one, "ledger.cancelled" if what == "cancelled" else "ledger.changed", at)
            if chance.random() < 0.6:
                actions.roll_up()
    with clock.frozen(MONDAY + timedelta(hours=hours)):
        actions.roll_up()
        before = everything()
        actions.roll_up(everything=True)
        assert before
        assert everything() == before
