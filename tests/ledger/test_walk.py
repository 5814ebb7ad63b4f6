"""Does one application go the whole way, and does each refusal leave no trace?"""

from datetime import timedelta

import pytest

from payvand.audit import public as audit
from payvand.audit.models import Event
from payvand.kernel import clock
from payvand.kernel.errors import Invalid, Refused
from payvand.ledger import actions as ledger
from payvand.ledger import sweep
from payvand.ledger.errors import AlreadyAnswered
from payvand.ledger.models import Disclosure, Notice, Obligation
from payvand.ledger.rules.reply import Reply
from payvand.registry import public as registry
from payvand.window import actions as window
from payvand.window.models import Application, Licence
from tests import world as worlds

pytestmark = pytest.mark.django_db
YES = Reply("positive", fields={"number": "12"})


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build()
    registry.forget()


@pytest.fixture
def application(world):
    return window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip


def answer_all(world, application, reply=YES):
    for owed in Obligation.objects.filter(case_id=application.id, kind="inquiry", state="sent"):
        slug = next(s for s, key in world.agencies.items() if key == owed.debtor_id)
        ledger.answer(by=world.clerk(slug), obligation_id=owed.id, reply=reply)


def test_every_office_whose_inputs_exist_is_asked_at_once(world, application):
    asked = Obligation.objects.filter(case_id=application.id)
    assert sorted(asked.values_list("question", flat=True)) == ["q00", "q01", "q02", "q03"]
    owed = asked.first()
    assert owed.due_at is not None
    assert owed.ground_id is not None


def test_an_agency_sees_only_the_fields_its_inquiry_declares_and_the_disclosure_is_logged(
    world, application
):
    for owed in Obligation.objects.filter(case_id=application.id):
        assert owed.payload == {"name": worlds.DATA["name"], "amount": 12}
    shown = Disclosure.objects.filter(case_id=application.id)
    assert {tuple(d.fields) for d in shown} == {("amount", "name")}
    assert shown.count() == 4


def test_the_whole_way_from_application_to_licence(world, application):
    for _ in range(4):
        answer_all(world, application)
    assert Obligation.objects.filter(case_id=application.id, kind="inquiry").count() == 16
    application.refresh_from_db()
    assert application.state == "deciding"
    licence = window.decide(by=world.clerk("owner", "decider"), application_id=application.id,
                            reply=Reply("positive", text="همهٔ شرط‌ها برقرار است"))  # fmt: skip
    assert licence.number.startswith("GR-1404-00001")
    application.refresh_from_db()
    assert application.state == "granted"
    assert audit.verify().ok


def test_second_answer_is_refused_and_leaves_no_trace(world, application):
    owed = Obligation.objects.get(case_id=application.id, question="q00")
    ledger.answer(by=world.clerk("a0"), obligation_id=owed.id, reply=YES)
    events = Event.objects.count()
    with pytest.raises(AlreadyAnswered) as told:
        ledger.answer(by=world.clerk("a0"), obligation_id=owed.id, reply=YES)
    assert told.value.status == 409
    assert told.value.facts["answered_at"]
    assert Event.objects.count() == events


def test_another_agency_cannot_answer(world, application):
    owed = Obligation.objects.get(case_id=application.id, question="q00")
    with pytest.raises(Refused) as told:
        ledger.answer(by=world.clerk("a1"), obligation_id=owed.id, reply=YES)
    assert "another agency" in told.value.facts["reason"]
    owed.refresh_from_db()
    assert owed.answered_at is None


def test_a_refusal_needs_reasons(world, application):
    owed = Obligation.objects.get(case_id=application.id, question="q00")
    with pytest.raises(Invalid) as told:
        ledger.answer(by=world.clerk("a0"), obligation_id=owed.id, reply=Reply("negative"))
    assert "text" in told.value.facts["fields"]


def test_a_delay_reaches_the_office_once_per_rung_and_is_acknowledged(world, application):
    owed = Obligation.objects.get(case_id=application.id, question="q00")
    with clock.frozen(owed.due_at + timedelta(minutes=1)):
        sweep.sweep()
        sweep.sweep()
        reports = Obligation.objects.filter(about=owed, kind="acknowledgement")
        assert reports.count() == 1
        report = reports.get()
        assert report.office_id == world.offices["head-a0"]
        assert Notice.objects.filter(office_id=report.office_id, verb="delay.reported").count() == 1
        with pytest.raises(Refused):
            ledger.acknowledge(by=world.holder("governor"), obligation_id=report.id, order="!")
        ledger.acknowledge(by=world.holder("head-a0"), obligation_id=report.id, order="همین امروز")
    report.refresh_from_db()
    assert report.state == "answered"
    assert report.reply["text"] == "همین امروز"
    with clock.frozen(owed.due_at + timedelta(days=7)):
        sweep.sweep()
    assert Obligation.objects.filter(about=owed, kind="acknowledgement").count() == 2


def test_the_clock_stands_still_while_the_applicant_owes_something():
    pack = worlds.grid_pack(1, 1)
    pack["inquiries"][0]["completion"] = {"items": [
        {"id": "plan", "type": "text", "title": {"fa": "نقشه", "en": "Plan"}}]}  # fmt: skip
    with clock.frozen(worlds.MONDAY):
        world = worlds.build(pack)
        case = window.file(by=world.applicant, version=world.version, applicant=world.company,
                           place="IR-15-1503", data=worlds.DATA)  # fmt: skip
        owed = Obligation.objects.get(case_id=case.id)
        before = owed.due_at
        request = ledger.request_completion(
            by=world.clerk("a0"), obligation_id=owed.id, items=["plan"], text="نقشه را بفرستید",
            applicant=world.company,
        )  # fmt: skip
        owed.refresh_from_db()
        assert owed.state == "stopped"
        assert owed.due_at is None
        assert owed.next_rung_at is None
    with clock.frozen(worlds.MONDAY + timedelta(days=5)):
        ledger.complete(by=world.applicant, obligation_id=request,
                        reply=Reply("done", fields={"plan": "پیوست"}))  # fmt: skip
    owed.refresh_from_db()
    assert owed.state == "sent"
    assert owed.due_at > before
    registry.forget()


def test_withdrawal_closes_untouched_inquiries_and_keeps_recorded_opinions(world, application):
    first = Obligation.objects.get(case_id=application.id, question="q00")
    ledger.answer(by=world.clerk("a0"), obligation_id=first.id, reply=YES)
    window.withdraw(by=world.applicant, application_id=application.id, reason="منصرف شدم")
    states = dict(
        Obligation.objects.filter(case_id=application.id).values_list("question", "state")
    )
    assert states["q00"] == "answered"
    assert states["q01"] == "cancelled"
    assert Application.objects.get(pk=application.id).state == "withdrawn"
    assert not Licence.objects.exists()
