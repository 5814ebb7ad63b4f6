"""Are days promised at submission, after answers and in silence, kept for good, or refused?"""

from datetime import timedelta

import pytest

from payvand.audit.models import Event
from payvand.foresight.actions import learn
from payvand.foresight.actions.promises import digest_of, promise
from payvand.foresight.jobs import promises as jobs
from payvand.foresight.jobs.promises import follow, nightly
from payvand.foresight.models import Learnt, Promise
from payvand.foresight.queries import promises as kept
from payvand.kernel import clock
from payvand.ledger import public as ledger
from payvand.ledger.models import Notice, Obligation
from payvand.ledger.notices import letter
from payvand.registry import public as registry
from payvand.window import public as window
from tests import world as worlds
from tests.foresight import past

pytestmark = pytest.mark.django_db
NOW = past.NOW
YES = ledger.Reply("positive", fields={"number": "12"})


@pytest.fixture
def world():
    kept.forget()
    with clock.frozen(NOW):
        made = worlds.build(past.pack())
        past.decided(made, 60)
        learn.learn_all(NOW)
        yield made
    registry.forget()
    kept.forget()


def file(world):
    return window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip


def answer(world, case, question):
    owed = Obligation.objects.get(case_id=case.pk, question=question)
    ledger.answer(by=world.clerk(f"a{question[2]}"), obligation_id=owed.pk, reply=YES)


def test_nothing_is_sampled_while_the_applicant_waits(world):
    file(world)
    assert not Promise.objects.exists()


def test_at_submission_days_are_promised_and_the_slowest_question_is_named(world):
    case = file(world)
    assert follow() == 1
    made = Promise.objects.get()
    assert made.application_id == case.pk
    assert (made.cause, made.verdict, made.basis) == ("submitted", "promised", "graph")
    assert NOW.date() < made.p50 <= made.p90
    assert made.slowest in past.PLAN["active"]
    assert 0 <= made.p_legal <= 1
    assert made.legal_at > NOW
    assert made.learnt_id == Learnt.objects.get().pk
    assert made.calendar_version == registry.calendar_version()


def test_a_promise_is_in_the_log_with_the_hash_of_its_row(world):
    file(world)
    follow()
    event = Event.objects.get(verb="foresight.promised")
    assert digest_of([Promise.objects.get()]) in event.facts


def test_after_each_answer_a_promise_is_added_and_the_earlier_one_stays_as_it_was(world):
    case = file(world)
    follow()
    before = Promise.objects.values().get()
    with clock.frozen(NOW + timedelta(hours=1)):
        answer(world, case, "q00")
        assert follow() == 1
        assert follow() == 0  # nothing has moved since
    assert Promise.objects.values().first() == before
    newest = kept.promises_of(case.pk)[0]
    assert newest.cause == "answered"
    assert newest.inputs != before["inputs"]


def test_a_night_of_silence_moves_the_days_and_a_night_without_news_adds_nothing(world):
    case = file(world)
    follow()
    first = Promise.objects.get()
    with clock.frozen(NOW + timedelta(days=4)):
        assert nightly() == 1
        assert nightly() == 0  # once a day
    later = kept.promises_of(case.pk)[0]
    assert later.cause == "silence"
    assert later.p50 > first.p50
    assert later.p50 >= clock.local_date(NOW + timedelta(days=4))


def test_who_is_told_of_a_slip_is_told_once_and_in_both_languages(world):
    case = file(world)
    follow()
    for days in (40, 40.5):
        with clock.frozen(NOW + timedelta(days=days)):
            promise(case.pk)
            nightly()
    notice = Notice.objects.get(verb="promise.slipped")
    assert notice.party_id == world.company
    assert set(notice.args["p90"]) == {"fa", "en"}
    for lang, words in (("en", "takes longer than we told you"), ("fa", "بیش از آنچه")):
        subject, body = letter(notice.verb, notice.args, lang)
        assert words in subject
        assert notice.args["p90"][lang] in body


def test_the_same_inputs_give_the_same_promise(world):
    case = file(world)
    one = promise(case.pk)
    Promise.objects.all().delete()
    two = promise(case.pk)
    assert (one.inputs, one.p50, one.p90, one.points) == (two.inputs, two.p50, two.p90, two.points)


def test_a_decided_case_is_promised_nothing_more(world):
    case = file(world)
    follow()
    window.Application.objects.filter(pk=case.pk).update(state="granted", decided_at=NOW)
    with clock.frozen(NOW + timedelta(days=2)):
        nightly()
    assert Promise.objects.count() == 1


def test_a_calendar_that_has_changed_stands_in_the_new_promise(world):
    case = file(world)
    follow()
    boss = registry.Actor(user_id=1, is_operator=True)
    day = NOW.date() + timedelta(days=1)
    facts = [registry.FactDraft(scope="IR-15", starts=day, ends=day + timedelta(days=6),
                                kind="closure", title_fa="تعطیلی", title_en="Closure",
                                source="tests", status="official")]  # fmt: skip
    registry.record_facts(by=boss, drafts=facts, source="tests")
    first = Promise.objects.get()
    Promise.objects.all().delete()
    later = promise(case.pk)
    assert later.calendar_version != first.calendar_version
    assert later.p50 >= first.p50 + timedelta(days=5)


@pytest.fixture
def young():
    kept.forget()
    with clock.frozen(NOW):
        made = worlds.build(past.pack())
        past.decided(made, 25)
        learn.learn_all(NOW)
        yield made
    registry.forget()
    kept.forget()


def test_a_history_of_25_cases_carries_no_promise_and_the_reason_is_kept(young):
    case = file(young)
    made = promise(case.pk)
    assert (made.verdict, made.p50, made.p90) == ("few_closed", None, None)
    assert made.verdict_facts["closed"] == 25
    assert made.legal_at is not None


def test_without_any_history_nothing_is_promised():
    with clock.frozen(NOW):
        world = worlds.build(past.pack())
        case = file(world)
        assert promise(case.pk).verdict == "none_closed"
        learn.learn_all(NOW)
        with clock.frozen(NOW + timedelta(days=1)):
            nightly()
    registry.forget()


def test_a_p90_that_was_seldom_kept_is_read_higher(world):
    cases = past.decided(world, 80, days=9.0, seed=2)  # slower than those that taught
    teller = kept.newest("grid")
    for key in cases:
        row = window.Application.objects.get(pk=key)
        Promise.objects.create(
            application=row, at=row.submitted_at, cause="submitted", model="tests", seed=1,
            learnt_id=teller[0], calendar_version="x", inputs="x" * 32, samples=1,
            verdict="promised", p50=NOW.date(), p90=NOW.date(),
            points=[0.5 * n for n in range(1, 17)],
        )  # fmt: skip
    found = kept.level_of("grid", NOW)
    assert found.coverage < 0.85
    assert found.level > 0.9
    known = learn.known_at("grid", learn.history("grid", NOW), NOW)
    assert known.level == found


def test_only_what_was_known_then_teaches(world):
    history = learn.history("grid", NOW)
    early = NOW - timedelta(days=100)
    answers, cases = history.as_of(early)
    assert len(cases.days) < len(history.as_of(NOW)[1].days)
    assert not answers.closed.all()
    closed_by_then = window.Application.objects.filter(decided_at__lte=early).count()
    assert cases.closed.sum() == closed_by_then


def test_a_case_replayed_from_another_log_does_not_stop_the_night(world):
    first = file(world)
    replayed = file(world)
    later = file(world)
    window.Application.objects.filter(pk=replayed.pk).update(plan={"replayed": True})
    with clock.frozen(NOW + timedelta(days=1)):
        assert nightly() == 2
    assert set(Promise.objects.values_list("application", flat=True)) == {first.pk, later.pk}


def test_a_night_that_is_cut_goes_on_where_it_stopped(world, monkeypatch):
    monkeypatch.setattr(jobs, "CASES_AT_ONCE", 2)
    for _ in range(5):
        file(world)
    with clock.frozen(NOW + timedelta(days=1)):
        parts = [nightly(seconds=0) for _ in range(4)]
        assert nightly(seconds=0) == 0
    assert parts == [2, 2, 1, 0]
    assert Promise.objects.count() == 5


def test_what_was_learnt_goes_when_it_is_old_and_no_promise_rests_on_it(world):
    file(world)
    follow()  # rests on the first
    for days in (1, 2, 70):
        with clock.frozen(NOW + timedelta(days=days)):
            learn.learn_all(NOW + timedelta(days=days))
    rows = list(Learnt.objects.order_by("pk").values_list("pk", flat=True))
    assert len(rows) >= 3
    learn.forget_old(NOW + timedelta(days=71))
    assert list(Learnt.objects.order_by("pk").values_list("pk", flat=True)) == [rows[0], rows[-1]]
    assert Event.objects.filter(verb="foresight.forgotten").count() == 1
