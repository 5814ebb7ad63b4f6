"""What do closures, silence, corrections and wide services do to what is owed?"""

from datetime import date, timedelta

import pytest

from payvand.audit import public as audit
from payvand.kernel import clock
from payvand.kernel.errors import Invalid
from payvand.ledger import actions as ledger
from payvand.ledger import closures, corrections, rederiving, sweep
from payvand.ledger.models import Move, Obligation
from payvand.ledger.rules.clockwork import Standing, derive
from payvand.ledger.rules.reply import Reply
from payvand.registry import public as registry
from payvand.registry.models import CalendarFact
from payvand.window import actions as window
from payvand.window.models import Application
from tests import world as worlds

pytestmark = pytest.mark.django_db
YES = Reply("positive", fields={"number": "12"})
BOSS = registry.Actor(user_id=1, is_operator=True)


def filed(world, **more):
    return window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data={**worlds.DATA, **more})  # fmt: skip


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build()
    registry.forget()


def closure(day, scope="IR-15"):
    return closures.Closure(scope, day, day, "تعطیلی نمونه", "Sample closure", "tests")


def caches_agree():
    """Every cached due time equals its derivation."""
    for owed in Obligation.objects.filter(state="sent").exclude(term=""):
        calendar = registry.calendar_of(owed.debtor_id)
        stops = tuple(owed.interruptions.values_list("starts", "ends"))
        standing = Standing(
            owed.term, owed.sent_at, owed.delivered_at, owed.spec, owed.rung, stops, True
        )
        times = derive(standing, calendar)
        if (times.due_at, times.next_at) != (owed.due_at, owed.next_rung_at):
            return False
    return True


def test_caches_of_the_clock_equal_their_derivation(world):
    filed(world)
    assert caches_agree()


def test_a_closure_moves_open_terms_by_a_working_day_and_records_each_move(world):
    case = filed(world)
    before = dict(Obligation.objects.values_list("id", "due_at"))
    day = date(2025, 11, 12)
    seen = closures.preview(by=BOSS, closure=closure(day))
    assert seen.count == 4
    assert (
        dict(Obligation.objects.values_list("id", "due_at")) == before
    )  # a preview writes nothing
    assert closures.apply(by=BOSS, closure=closure(day)) == 4
    for owed in Obligation.objects.all():
        assert owed.due_at > before[owed.id]
        move = Move.objects.get(obligation=owed)
        assert (move.was, move.became) == (before[owed.id], owed.due_at)
    assert "ledger.moved" in {e.verb for e in audit.history(case.id)}
    assert caches_agree()
    assert audit.verify().ok


def test_a_closure_elsewhere_moves_nothing(world):
    filed(world)
    assert closures.apply(by=BOSS, closure=closure(date(2025, 11, 12), "IR-03")) == 0
    assert not Move.objects.exists()


def test_a_reported_delay_stays_reported_when_a_closure_is_entered_later(world):
    filed(world)
    owed = Obligation.objects.get(question="q00")
    late = owed.due_at + timedelta(hours=30)
    with clock.frozen(late):
        sweep.sweep()
        reports = set(
            Obligation.objects.filter(kind="acknowledgement").values_list("id", flat=True)
        )
        assert reports
        closures.apply(by=BOSS, closure=closure(date(2025, 11, 12)))
    assert reports <= set(Obligation.objects.values_list("id", flat=True))
    again = Obligation.objects.get(pk=owed.pk)
    assert again.due_at == owed.due_at


def test_an_interrupted_closure_goes_on_where_it_stopped(world, monkeypatch):
    filed(world)
    calls = []
    real = rederiving._rederive

    def dies(ids, **rest):
        calls.append(ids)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(ids, **rest)

    monkeypatch.setattr(rederiving, "_rederive", dies)
    job = closures.declare(by=BOSS, closure=closure(date(2025, 11, 12)))
    assert rederiving.step(job, limit=2)
    with pytest.raises(KeyboardInterrupt):
        rederiving.step(job, limit=2)
    assert Move.objects.count() == 2
    monkeypatch.setattr(rederiving, "_rederive", real)
    assert rederiving.unfinished() == [job]
    seen = rederiving.progress_of(job)
    assert (seen.looked, seen.total, seen.percent) == (2, 4, 50)
    assert rederiving.go_on(60, limit=2) > 0
    seen = rederiving.progress_of(job)
    assert (seen.moved, seen.is_done, seen.percent) == (4, True, 100)
    assert Move.objects.count() == 4
    assert rederiving.unfinished() == []


def test_a_long_job_gives_way_after_its_seconds(world):
    filed(world)
    job = closures.declare(by=BOSS, closure=closure(date(2025, 11, 12)))
    assert rederiving.go_on(0, limit=2) == 0
    assert rederiving.unfinished() == [job]


def test_an_entry_taken_back_gives_every_open_term_its_day_back(world):
    filed(world)
    rederiving.look_at_calendar()
    before = dict(Obligation.objects.values_list("id", "due_at"))
    closures.apply(by=BOSS, closure=closure(date(2025, 11, 12)))
    assert not rederiving.look_at_calendar()  # the closure has its own job
    moved = dict(Obligation.objects.values_list("id", "due_at"))
    assert moved != before
    fact = CalendarFact.objects.get(kind="closure")
    registry.retract_fact(fact.pk, by=BOSS, reason="اعلام نشده بود")
    assert rederiving.look_at_calendar()
    rederiving.go_on(60)
    assert dict(Obligation.objects.values_list("id", "due_at")) == before
    assert Move.objects.count() == 8
    assert not rederiving.look_at_calendar()
    assert audit.verify().ok


def silent_pack(*, presume):
    pack = worlds.grid_pack(1, 1)
    one = pack["inquiries"][0]
    one["on_silence"] = {"do": "positive_answer", "ref": "basis"}
    if presume:
        one["delivery"] = {"presume": "1wd", "ref": "basis"}
    return pack


@pytest.mark.parametrize(("opened", "presume", "deemed"), [
    pytest.param(True, False, True, id="opened"),
    pytest.param(False, True, True, id="presumed-by-a-ground"),
    pytest.param(False, False, False, id="delivery-not-proven"),
])  # fmt: skip
def test_silence_takes_effect_only_after_proven_delivery_and_every_warning(opened, presume, deemed):
    with clock.frozen(worlds.MONDAY):
        world = worlds.build(silent_pack(presume=presume))
        filed(world)
        owed = Obligation.objects.get()
        if opened:
            ledger.open_(by=world.clerk("a0"), obligation_id=owed.id)
    with clock.frozen(worlds.MONDAY + timedelta(days=40)):
        sweep.sweep()
    owed = Obligation.objects.get(pk=owed.pk)
    assert (owed.state == "deemed") is deemed
    assert Obligation.objects.filter(about=owed, kind="acknowledgement").count() == 2
    if deemed:
        assert owed.reply["ref"] == "م ۱"
        assert Application.objects.get().state == "deciding"
    registry.forget()


def test_a_decision_left_silent_issues_the_licence_where_a_ground_says_so():
    pack = worlds.grid_pack(1, 1)
    pack["decision"]["on_silence"] = {"do": "licence_issued", "ref": "basis"}
    with clock.frozen(worlds.MONDAY):
        world = worlds.build(pack)
        case = filed(world)
        ledger.answer(by=world.clerk("a0"), obligation_id=Obligation.objects.get().id, reply=YES)
        decision = Obligation.objects.get(kind="decision")
        ledger.open_(by=world.clerk("owner", "decider"), obligation_id=decision.id)
    with clock.frozen(worlds.MONDAY + timedelta(days=40)):
        sweep.sweep()
    case.refresh_from_db()
    assert case.state == "deemed"
    assert case.licences.get().by_silence
    registry.forget()


def test_a_correction_supersedes_with_a_reason_and_the_first_answer_stays_visible(world):
    filed(world)
    owed = Obligation.objects.get(question="q00")
    clerk = world.clerk("a0")
    ledger.answer(by=clerk, obligation_id=owed.id, reply=YES)
    with pytest.raises(Invalid):
        corrections.correct(by=clerk, obligation_id=owed.id, reply=YES, reason=" ")
    changed = Reply("conditional", conditions=("نصب فیلتر",), fields={"number": "13"})
    corrections.correct(by=clerk, obligation_id=owed.id, reply=changed, reason="شماره نادرست بود")
    owed.refresh_from_db()
    assert owed.outcome == "conditional"
    assert list(owed.answers.order_by("no").values_list("state", flat=True)) == [
        "superseded", "signed",
    ]  # fmt: skip
    assert audit.verify().ok


def test_a_thousand_branches_are_asked_and_joined():
    pack = worlds.grid_pack(1, 1, ladder=False)
    pack["form"][0]["fields"].append(
        {"id": "parcels", "type": "table", "title": {"fa": "قطعه‌ها", "en": "Parcels"},
         "columns": [{"id": "plate", "type": "text", "title": {"fa": "پلاک", "en": "Plate"}}]}
    )  # fmt: skip
    pack["inquiries"][0] |= {"for_each": "parcels", "sees": ["parcels"]}
    with clock.frozen(worlds.MONDAY):
        world = worlds.build(pack)
        filed(world, parcels=[{"plate": str(n)} for n in range(1000)])
        owed = Obligation.objects.filter(kind="inquiry")
        assert owed.count() == 1000
        assert owed.get(question="q00[7]").payload == {"parcels": {"plate": "6"}}
        ids = list(owed.values_list("id", flat=True))
        ledger.answer_many(by=world.clerk("a0"), obligation_ids=ids[:999], reply=YES)
        assert Application.objects.get().state == "in_review"
        ledger.answer(by=world.clerk("a0"), obligation_id=ids[999], reply=YES)
        assert Application.objects.get().state == "deciding"
    registry.forget()


def test_no_row_of_the_ledger_points_to_nothing(world):
    filed(world)
    owed = Obligation.objects.get(question="q00")
    ledger.answer(by=world.clerk("a0"), obligation_id=owed.id, reply=YES)
    from payvand.ledger.sql import MODELS

    for model in MODELS.values():
        for key in model._meta.get_fields():
            if not getattr(key, "many_to_one", False):
                continue
            targets = set(key.related_model.objects.values_list("pk", flat=True))
            used = set(
                model.objects.exclude(**{key.name: None}).values_list(key.attname, flat=True)
            )
            assert used <= targets, f"{model.__name__}.{key.name}"


def test_opening_an_inquiry_after_its_term_gains_no_time_and_opening_it_early_proves_delivery(
    world,
):
    filed(world)
    late, early = Obligation.objects.get(question="q00"), Obligation.objects.get(question="q01")
    with clock.frozen(worlds.MONDAY + timedelta(days=1)):
        ledger.open_(by=world.clerk("a1"), obligation_id=early.id)
    with clock.frozen(late.due_at + timedelta(days=3)):
        ledger.open_(by=world.clerk("a0"), obligation_id=late.id)
    again = Obligation.objects.get(pk=late.pk)
    assert again.due_at == late.due_at
    assert again.proof == "opened"
    assert Obligation.objects.get(pk=early.pk).due_at > early.due_at
    assert caches_agree()


def test_the_worker_puts_each_new_notice_into_the_outbox_once(world):
    from payvand.ledger import deliveries
    from payvand.ledger.models import Notice, Outbox
    from payvand.registry import models as r

    r.Party.objects.filter(pk=world.company).update(email="sample@example.com")
    filed(world)
    assert Notice.objects.filter(told=False).count() == 1
    assert deliveries.tell_new(clock.now()) == 1
    assert deliveries.tell_new(clock.now()) == 0
    assert list(Outbox.objects.values_list("channel", "address")) == [
        ("email", "sample@example.com")
    ]
    Notice.objects.update(told=False, at=clock.now() - timedelta(days=2))
    assert deliveries.tell_new(clock.now()) == 0  # an old one stands in the list, and is not sent
    assert not Notice.objects.filter(told=False).exists()
