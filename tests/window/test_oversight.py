"""Do officials see the cases that they are in charge of, only what they need, and on record?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from payvand.audit import public as audit
from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.ledger import public as ledger
from payvand.ledger import sweep
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window import access, actions
from payvand.window import models as w
from tests import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build()


@pytest.fixture
def case(world) -> w.Application:
    return actions.file(by=world.applicant, version=world.version, applicant=world.company,
                        place="IR-15-1503", data=worlds.DATA)  # fmt: skip


def office(role: str, place: str, title: str) -> int:
    made = r.Office.objects.create(role=role, place_id=place, title_fa=title, title_en=title)
    user = r.User.objects.create(username=f"{role}-{place}")
    r.Holding.objects.create(office=made, user=user, valid_from=date(2020, 1, 1))
    registry.forget()
    return made.pk


def browser_of(office_id: int) -> Client:
    client = Client()
    user = r.Holding.objects.select_related("user").get(office_id=office_id).user
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def actor(*offices: int) -> registry.Actor:
    return registry.Actor(user_id=88, offices=offices)


def test_governor_of_the_place_and_the_highest_offices_are_in_charge(world, case):
    first = office("first-vice-president", "IR", "معاون اول")
    for by in (world.holder("governor"), actor(first)):
        sight = access.sight_of(by, case)
        assert sight is not None
        assert sight.agencies is None
        assert access.may_see_application(by, case)
        assert not access.may_read_application(by, case)


def test_the_governor_of_another_province_and_other_people_are_refused(world, case):
    elsewhere = office("governor", "IR-03", "استاندار دیگر")
    operator = registry.Actor(user_id=5, is_operator=True)
    for by in (actor(elsewhere), world.holder("head-other"), world.stranger, operator,
               world.clerk("a0"), world.clerk("other", "head")):  # fmt: skip
        assert not access.may_see_application(by, case)
        with pytest.raises(Refused):
            actions.look_into(by=by, application_id=case.pk)
    assert browser_of(elsewhere).get(f"/fa/cases/{case.pk}/").status_code == 403
    assert not ledger.Disclosure.objects.filter(how="official").exists()


def test_the_head_of_an_agency_sees_what_that_agency_owes(world, case):
    sight = access.sight_of(world.holder("head-a1"), case)
    assert sight.agencies == {world.agencies["a1"]}
    assert access.sight_of(world.clerk("a1", "head"), case).agencies == {world.agencies["a1"]}


def test_an_office_to_which_a_delay_was_reported_sees_the_late_agency(world, case):
    with clock.frozen(worlds.MONDAY + timedelta(days=8)):
        sweep.sweep()
    report = ledger.Obligation.objects.filter(kind="acknowledgement", debtor=world.agencies["a2"])
    told = report.first().office_id
    assert world.agencies["a2"] in access.sight_of(actor(told), case).agencies


@pytest.mark.parametrize("language", ["fa", "en"])
def test_an_official_reads_terms_and_delays_and_nothing_that_was_written(world, case, language):
    owed = ledger.Obligation.objects.get(question="q00")
    reply = ledger.Reply("negative", text="دلیل محرمانهٔ دستگاه", refused="1",
                         fields={"number": "۹۹-پنهان"})  # fmt: skip
    ledger.answer(by=world.clerk("a0"), obligation_id=owed.id, reply=reply)
    r.Holding.objects.filter(office_id=world.offices["governor"]).update(
        user=r.User.objects.create(username="governor")
    )
    registry.forget()
    page = browser_of(world.offices["governor"]).get(f"/{language}/cases/{case.pk}/")
    assert page.status_code == 200
    shown = page.content.decode()
    assert ("دستگاه a0" if language == "fa" else "Agency a0") in shown
    written = [worlds.DATA["name"], worlds.DATA["secret"], "محرمانه", "۹۹-پنهان"]
    assert not [words for words in (*written, "شرکت نمونه", "Sample Co") if words in shown]


def test_the_head_reads_only_the_rows_of_the_own_agency(world, case):
    r.Holding.objects.filter(office_id=world.offices["head-a1"]).update(
        user=r.User.objects.create(username="head-a1")
    )
    registry.forget()
    shown = browser_of(world.offices["head-a1"]).get(f"/en/cases/{case.pk}/").content.decode()
    assert "Agency a1" in shown
    assert "Agency a0" not in shown


def test_a_look_is_on_record_once_a_day_and_the_applicant_reads_by_which_office(world, case):
    governor = world.holder("governor")
    actions.look_into(by=governor, application_id=case.pk)
    actions.look_into(by=governor, application_id=case.pk)
    with clock.frozen(worlds.MONDAY + timedelta(days=1)):
        actions.look_into(by=governor, application_id=case.pk)
    assert ledger.Disclosure.objects.filter(case_id=case.pk, how="official").count() == 2
    looks = [e for e in audit.history(case.pk) if e.verb == "window.looked_into"]
    assert [e.facts["office"] for e in looks] == [world.offices["governor"]] * 2
    user = r.User.objects.create(username="owner", party_id=world.applicant.party)
    r.Mandate.objects.create(principal_id=world.company, agent_id=world.applicant.party,
                             evidence="نمونه", valid_from=date(2020, 1, 1))  # fmt: skip
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/en/cases/{case.pk}/").content.decode()
    assert page.count("Governor<small>") == 2


def test_the_delay_desk_leads_to_the_case(world, case):
    with clock.frozen(worlds.MONDAY + timedelta(days=9)):
        sweep.sweep()
        page = browser_of(world.offices["governor"]).get("/fa/reports/").content.decode()
        assert f"/fa/cases/{case.pk}/" in page


def test_the_leagues_cases_lead_an_official_to_the_case(world, case):
    from payvand.insight import public as insight

    with clock.frozen(worlds.MONDAY + timedelta(days=9)):
        sweep.sweep()
        insight.roll_up()
        client = browser_of(world.offices["governor"])
        page = client.get(f"/fa/dashboard/agency/{world.agencies['a0']}/?period=90d")
        assert f"/fa/cases/{case.pk}/" in page.content.decode()


def test_the_menu_marks_the_delay_desk_on_the_page_of_somebody_elses_case(world, case):
    first = office("first-vice-president", "IR", "معاون اول")
    menu = browser_of(first).get(f"/fa/cases/{case.pk}/").content.decode().split("<main")[0]
    assert '<a href="/fa/reports/" aria-current="page">' in menu
    assert menu.count("aria-current") == 1
