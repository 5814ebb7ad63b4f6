"""Can an applicant do everything with a browser that comes after filing, in both languages?"""

from __future__ import annotations

from typing import Any

import pytest

from payvand.kernel.ids import make_national_id
from payvand.ledger import actions as ledger
from payvand.ledger.models import Obligation
from payvand.ledger.rules.reply import Reply
from payvand.window import actions as window
from payvand.window.models import Application
from tests.stories.conftest import seat, sheets
from tests.stories.test_roles import answer_all, both, filed, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def send(page: Any) -> None:
    page.locator("main form button.btn").last.click()


def refused(town: Any) -> Application:
    case = filed(town)
    answer_all(town, case)
    decider = town.world.clerk("owner", "decider")
    no = Reply("negative", text="شرط یک برقرار نیست.", refused="1")
    window.decide(by=decider, application_id=case.pk, reply=no)
    return case


@both
def test_what_was_typed_survives_the_end_of_the_session(town, visit, lang):
    user = town.users["applicant"]
    user.set_password("a password of my own 7")
    user.save()
    page = visit("applicant", "services/grid/", lang=lang)
    page.locator(f"input[name=applicant][value='{town.world.company}']").check()
    page.locator("form[action$='/start/'] button").click()
    page.locator("a[href*='/steps/main/']").first.click()
    page.locator("[name=name]").fill("کارخانهٔ نمونه")
    page.context.clear_cookies()  # the session has run out meanwhile
    page.locator("button[name=next]").click()
    page.locator("[name=username]").fill("applicant")
    page.locator("[name=password]").fill("a password of my own 7")
    assert fits(page)
    page.locator("main form button").click()
    page.locator("form[action*='/steps/main/'] button").click()
    page.wait_for_url("**/drafts/**")
    page.goto(page.url.split("/drafts/")[0] + "/cases/")
    page.locator("a[href*='/drafts/']").first.click()
    page.locator("a[href*='/steps/main/']").first.click()
    assert page.locator("[name=name]").input_value() == "کارخانهٔ نمونه"


@both
def test_a_counter_opens_an_account_for_somebody_who_then_chooses_a_password(town, visit, lang):
    town.users["counter"] = seat("counter", town.world.agencies["owner"], "counter")
    page = visit("counter", "services/grid/assist/", lang=lang)
    page.locator("main a[href$='/counter/open-account/']").click()
    page.locator("[name=name_fa]").fill("زهرا نمونه")
    page.locator("[name=username]").fill("zahra")
    page.locator("main form button").click()
    assert page.locator(".esum a").count() == 2  # the number and the document are missing
    assert page.locator("[name=name_fa]").input_value() == "زهرا نمونه"
    page.locator("[name=national_id]").fill(make_national_id("123459998"))
    page.locator("[name=document][value=national_card]").check()
    page.locator("main form button").click()
    password = page.locator("#password").inner_text()
    assert fits(page)
    guest = visit(None, "sign-in/", lang=lang, width=390)
    guest.locator("[name=username]").fill("zahra")
    guest.locator("[name=password]").fill(password)
    guest.locator("main form button").click()
    guest.locator("[name=present]").wait_for()  # the one-time password opens nothing else
    assert fits(guest)
    assert page.complaints == guest.complaints == []


@both
def test_a_completion_request_is_answered_while_the_clock_stands_still(town, visit, lang):
    case = filed(town)
    owed = Obligation.objects.get(question="q00")
    ledger.request_completion(by=town.world.clerk("a0"), obligation_id=owed.pk, items=["note"],
                              text="?", applicant=town.world.company)  # fmt: skip
    page = visit("applicant", "cases/", lang=lang)
    waiting = "منتظر شما" if lang == "fa" else "Waiting for you"
    assert waiting in page.inner_text("main")
    page.locator(f"a[href$='/cases/{case.pk}/']").first.click()
    page.locator("a[href*='/complete/']").click()
    send(page)
    assert page.locator(".esum").get_attribute("role") == "alert"
    page.locator("[name=note]").fill("یادداشت")
    send(page)
    owed.refresh_from_db()
    case.refresh_from_db()
    assert (owed.state, case.state) == ("sent", "in_review")
    assert page.complaints == []


@both
def test_a_fee_is_paid_and_the_application_withdrawn(town, visit, lang):
    case = filed(town)
    page = visit("applicant", f"cases/{case.pk}/", lang=lang)
    page.locator("a[href*='/fees/']").click()
    page.locator("[name=receipt]").fill("۱۲۳۴۵")
    send(page)
    assert case.fees.get().paid_at is not None
    page.locator("a[href$='/withdraw/']").click()
    page.locator("[name=reason]").fill("از این کار گذشتم.")
    send(page)
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert page.complaints == []


@both
def test_a_refusal_names_its_condition_and_is_objected_to_within_the_term(town, visit, lang):
    case = refused(town)
    page = visit("applicant", f"cases/{case.pk}/", lang=lang)
    assert "شرط یک" in page.inner_text("main")
    page.locator("a[href$='/object/']").click()
    page.locator("[name=text]").fill("شرط یک برقرار است؛ مدرک پیوست پرونده است.")
    send(page)
    assert Obligation.objects.get(kind="objection").state == "sent"
    assert not page.locator("a[href$='/object/']").count()
    assert page.complaints == []


@both
def test_every_date_is_explained_and_who_saw_what_is_told(town, visit, lang):
    case = filed(town)
    ledger.open_(by=town.world.clerk("a0"), obligation_id=Obligation.objects.get(question="q00").pk)
    page = visit("applicant", f"cases/{case.pk}/", lang=lang)
    why = page.locator("table.gantt details").first
    why.locator("summary").click()
    assert ("قانون نمونه" in why.inner_text()) or ("sample" in why.inner_text())
    page.locator("section[aria-labelledby=seen] summary").first.click()
    assert "a0" in page.locator("section[aria-labelledby=seen] tbody").inner_text()
    assert page.complaints == []


@both
def test_tracking_page_and_receipt_print_without_the_screens_furniture(town, visit, lang):
    case = filed(town)
    page = visit("applicant", f"cases/{case.pk}/receipt/", lang=lang)
    assert sheets(page) == 1
    page.goto(f"{town.base}/{lang}/cases/{case.pk}/")
    assert sheets(page) <= 3
    page.set_viewport_size({"width": 390, "height": 844})
    assert fits(page)
