"""Is a question that was put again after a correction the same question everywhere?"""

from datetime import timedelta

import numpy as np
import pytest

from payvand.foresight.actions import accounts, learn
from payvand.foresight.actions.promises import promise
from payvand.foresight.models import CaseShare
from payvand.foresight.queries import promises as kept
from payvand.foresight.queries import scorecards
from payvand.foresight.queries.clocks import clocks_of
from payvand.foresight.queries.history import history
from payvand.foresight.queries.situations import open_cases
from payvand.foresight.rules.promises import CLOSED, OPEN
from payvand.kernel import clock
from payvand.kernel.periods import RANGE, Period
from payvand.ledger import actions as ledger
from payvand.ledger import corrections
from payvand.ledger import public as owed
from payvand.ledger.models import Obligation
from payvand.ledger.rules.reply import Reply
from payvand.registry import public as registry
from payvand.window.models import Application
from tests import world as worlds
from tests.foresight import past
from tests.foresight.test_promises import file

pytestmark = pytest.mark.django_db
NOW = past.NOW


def day(n: float):
    return clock.frozen(NOW + timedelta(days=n))


@pytest.fixture
def world():
    body = past.pack()
    for inquiry in body["inquiries"]:
        if inquiry["id"].startswith("q1"):
            inquiry |= {"needs": ["q00.number", "q01"], "sees": ["q00.number"]}
    kept.forget()
    with clock.frozen(NOW):
        made = worlds.build(body)
        past.decided(made, 60)
        learn.learn_all(NOW)
        yield made
    registry.forget()
    kept.forget()


def asked(question: str) -> Obligation:
    open_cases = Application.objects.filter(decided_at=None).values("pk")
    rows = Obligation.objects.filter(question=question, case_id__in=open_cases)
    return rows.exclude(state="cancelled").get()


def say(world, question, number="1"):
    agency = f"a{question[2]}"
    ledger.answer(by=world.clerk(agency), obligation_id=asked(question).pk,
                  reply=Reply("positive", fields={"number": number}))  # fmt: skip


def correct(world):
    corrections.correct(by=world.clerk("a0"), obligation_id=asked("q00").pk, reason="رقم",
                        reply=Reply("positive", fields={"number": "2"}))  # fmt: skip


@pytest.fixture
def case(world):
    """Return a case in which q10 was answered and q11 was not, when both were put again."""
    made = file(world)
    with day(1):
        say(world, "q00")
        say(world, "q01")
    with day(2):
        say(world, "q10")
    with day(3):
        correct(world)
    return made


def test_it_is_learnt_from_as_the_same_question(world, case):
    with day(4):
        found = history("grid", clock.now())
    assert {one.question for one in found.groups} == {*past.PLAN["active"], "decision"}
    mine = found.case == found.case.max()
    ends = sorted((found.ends[mine & ~found.answered] - NOW.timestamp()) / 86400)
    assert ends[0] == pytest.approx(3)  # q11, taken back: watched until it was put again
    assert len(ends) == 3
    assert np.isnan(ends[1:]).all()  # both were put again and are open


def test_the_promise_waits_for_the_new_answer(world, case):
    with day(3.5):
        standings = open_cases(clock.now(), [case.pk])[0].situation
        state = dict(zip(standings.network.keys, standings.standings, strict=True))
        assert (state["q00"].state, state["q10"].state, state["q11"].state) == (CLOSED, OPEN, OPEN)
        assert promise(case.pk).slowest in ("q10", "q11", "decision")
        say(world, "q10#2")
        case_now = open_cases(clock.now(), [case.pk])[0].situation
        assert case_now.standings[state_place(case_now, "q10")].state == CLOSED


def state_place(situation, key: str) -> int:
    return situation.network.keys.index(key)


def test_a_decision_that_was_taken_back_is_still_to_come(world, case):
    with day(4):
        say(world, "q10#2")
        say(world, "q11#2")
        assert Obligation.objects.get(kind="decision", state="sent").question == "decision"
    with day(5):
        correct_again = Reply("positive", fields={"number": "3"})
        corrections.correct(by=world.clerk("a0"), obligation_id=asked("q00").pk, reason="رقم",
                            reply=correct_again)  # fmt: skip
        found = open_cases(clock.now(), [case.pk])[0].situation
    assert found.standings[state_place(found, "decision")].state != CLOSED


def test_each_day_is_charged_once(world, case):
    with day(6):
        accounts.account(everything=True)
        told = clocks_of(case.pk, clock.now())
        seconds = sum(CaseShare.objects.filter(case_id=case.pk).values_list("seconds", flat=True))
    assert seconds == 6 * 86400
    assert told.days == pytest.approx(6)
    assert [one.is_again for one in told.clocks].count(True) == 2


def test_scorecards_count_it_once_and_keep_its_delay(world, case):
    keys = {row.question: row.pk for row in Obligation.objects.filter(case_id=case.pk)}
    assert owed.superseded([case.pk]) == {keys["q10"], keys["q11"]}
    Obligation.objects.filter(pk=keys["q10"]).update(due_at=NOW + timedelta(days=1.5))  # late
    assert owed.superseded([case.pk]) == {keys["q10#2"], keys["q11"]}
    with day(30):
        now = clock.now()
        period = Period(RANGE, clock.local_date(NOW), clock.local_date(now))
        figures = scorecards.figures(period, now)
    line = figures[world.agencies["a0"], "grid"]
    assert (line.due, line.on_time) == (2, 1)  # q00 in time, q10 once and late
    line = figures[world.agencies["a1"], "grid"]
    assert (line.due, line.on_time) == (2, 1)  # q01 in time, q11#2 unanswered
