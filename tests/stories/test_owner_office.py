"""Can the owner office do everything with a licence, in a browser and both languages?"""

from __future__ import annotations

import pytest

from payvand.ledger.models import Obligation
from payvand.ledger.rules.reply import Reply
from payvand.window import actions as window
from payvand.window.models import Licence
from tests.stories.conftest import sheets
from tests.stories.test_roles import answer_all, both, filed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def granted(town):
    case = filed(town)
    answer_all(town, case)
    window.decide(by=town.world.clerk("owner", "decider"), application_id=case.pk,
                  reply=Reply("positive", text="شرط‌ها برقرار است."))  # fmt: skip
    return Licence.objects.get()


@both
def test_conditions_of_an_approval_become_obligations_of_the_holder(town, visit, lang):
    case = filed(town)
    answer_all(town, case)
    page = visit("owner", f"decide/{case.pk}/", lang=lang)
    page.locator("input[name=outcome][value=conditional]").check()
    page.locator("[name=conditions]").fill("تا سه ماه گواهی تازه بفرستید.\nبازدید انجام شود.")
    page.locator("[name=text]").fill("با دو شرط.")
    page.locator("main form button.btn").last.click()
    owed = Obligation.objects.filter(kind="condition", debtor=town.world.company)
    assert owed.count() == 2
    assert all(one.due_at for one in owed)
    mine = visit("applicant", f"cases/{case.pk}/", lang=lang)
    assert "بازدید انجام شود." in mine.locator("section[aria-labelledby=duties]").inner_text()
    assert page.complaints == mine.complaints == []


@both
def test_a_licence_is_suspended_made_valid_again_renewed_and_revoked(town, visit, lang):
    licence = granted(town)
    page = visit("owner", f"licences/{licence.pk}/", lang=lang)
    for act, state in (("suspend", "suspended"), ("reinstate", "valid")):
        page.locator(f"a[href$='/{act}/']").click()
        page.locator("[name=note]").fill("دلیل نمونه")
        page.locator("main form button.btn").last.click()
        licence.refresh_from_db()
        assert licence.state == state
    page.locator("form[action$='/renew/'] button").click()
    new = Licence.objects.exclude(pk=licence.pk).get()
    assert new.renews_id == licence.pk
    page.locator("a[href$='/revoke/']").click()
    page.locator("main form button.btn").last.click()
    assert page.locator(".esum").count() == 1  # not without a reason
    page.locator("[name=note]").fill("دلیل نمونه")
    page.locator("main form button.btn").last.click()
    new.refresh_from_db()
    assert new.state == "revoked"
    everyone = visit(None, f"verify/?q={new.check_code}", lang=lang)
    assert ("ابطال" if lang == "fa" else "Revoked") in everyone.inner_text("main")
    assert page.complaints == everyone.complaints == []


@both
def test_a_licence_prints_on_one_sheet(town, visit, lang):
    licence = granted(town)
    assert sheets(visit("applicant", f"licences/{licence.pk}/", lang=lang)) == 1
