"""Can each role do its work with a browser, in both languages?

The promise of the first source (R1): one application asks every office, and a delay reaches the
office in charge at once.
"""

from __future__ import annotations

from typing import Any

import pytest

from payvand.ledger import actions as ledger
from payvand.ledger import sweep
from payvand.ledger.models import Obligation
from payvand.ledger.rules.reply import Reply
from payvand.window import actions as window
from payvand.window.models import Application, Licence
from tests import world as worlds
from tests.chromium import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize("lang", ["fa", "en"])
YES = Reply("positive", fields={"number": "12"})


def filed(town: Any) -> Application:
    world = town.world
    return window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip


def answer_all(town: Any, case: Application, *, but: str = "") -> None:
    while True:
        found = Obligation.objects.filter(case_id=case.pk, kind="inquiry", state="sent")
        todo = [o for o in found if o.question != but]
        if not todo:
            return
        for owed in todo:
            slug = next(s for s, key in town.world.agencies.items() if key == owed.debtor_id)
            ledger.answer(by=town.world.clerk(slug), obligation_id=owed.id, reply=YES)


@both
def test_an_applicant_finds_fills_files_and_follows_an_application(town, visit, lang):
    query = "خدمت‌آزمون" if lang == "fa" else "TEST service"
    page = visit("applicant", f"services/?q={query.replace('ی', 'ي')}", lang=lang)
    page.locator("a[href$='/services/grid/']").first.click()
    page.locator(f"input[name=applicant][value='{town.world.company}']").check()
    page.locator("form[action$='/start/'] button").click()
    page.locator("a[href*='/steps/main/']").first.click()
    page.locator("[name=amount]").fill("دوازده")
    page.locator("button[name=next]").click()
    assert page.locator(".esum a").count() >= 2  # a missing name, and words for a number
    assert page.locator("[name=amount]").input_value() == "دوازده"
    page.locator("[name=name]").fill("کارخانهٔ نمونه")
    page.locator("[name=amount]").fill("۱۲")
    page.locator("button[name=next]").click()
    page.goto(page.url.split("/drafts/")[0] + "/cases/")
    page.locator("a[href*='/drafts/']").first.click()  # saved: come back and go on
    page.locator("a[href$='/check/']").first.click()
    page.locator("main form button.btn").last.click()
    case = Application.objects.get()
    assert case.data["amount"] == 12
    shown = page.locator("#code").get_attribute("data-value")
    assert shown == case.code
    page.locator(f"a[href$='/cases/{case.pk}/']").first.click()
    assert page.locator("table.gantt tbody tr").count() == 5  # four inquiries and the decision
    why = page.locator("details.why, td details, details").first
    why.locator("summary").first.click()
    assert page.complaints == []
    assert fits(page)


@both
def test_a_clerk_sees_only_the_declared_fields_and_answers(town, visit, lang):
    filed(town)
    page = visit("a0", "inbox/", lang=lang)
    assert fits(page)
    page.locator("a[href*='/inquiry/']").first.click()
    words = page.inner_text("main")
    assert worlds.DATA["name"] in words
    assert worlds.DATA["secret"] not in words
    page.locator("input[name=outcome][value=negative]").check()
    page.locator("[name=letter_no]").fill("۴۵/۱۲")
    page.locator("form:has([name=outcome]) button.btn").first.click()
    assert page.locator(".esum").count() == 1  # a refusal needs its reasons
    assert page.locator("[name=letter_no]").input_value() != ""
    page.locator("input[name=outcome][value=positive]").check()
    page.locator("form:has([name=outcome]) button.btn").first.click()
    owed = Obligation.objects.get(question="q00")
    assert (owed.state, owed.outcome) == ("answered", "positive")
    assert owed.opened_at is not None
    assert page.complaints == []


@both
def test_the_owner_office_decides_and_anyone_verifies_the_licence(town, visit, lang):
    case = filed(town)
    answer_all(town, case)
    page = visit("owner", "decide/", lang=lang)
    page.locator(f"a[href*='/decide/{case.pk}/']").first.click()
    page.locator("input[name=outcome][value=positive]").check()
    page.locator("[name=text]").fill("همهٔ شرط‌ها برقرار است.")
    page.locator("main form button.btn").last.click()
    licence = Licence.objects.get()
    everyone = visit(None, f"verify/?q={licence.number}", lang=lang)
    assert licence.number.translate(
        str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    ) in everyone.inner_text("main") or licence.number in everyone.inner_text("main")
    assert worlds.DATA["secret"] not in everyone.content()
    assert everyone.complaints == []


@both
def test_a_delay_reaches_the_office_and_is_acknowledged_with_an_order(town, visit, lang):
    filed(town)
    town.pass_time(days=8)
    sweep.sweep()
    page = visit("head", "reports/", lang=lang)
    page.locator("input[name=id]").first.check()
    page.locator("[name=order]").fill("امروز پاسخ دهید." if lang == "fa" else "Answer today.")
    page.locator("main form button.btn").last.click()
    done = Obligation.objects.filter(kind="acknowledgement", state="answered")
    assert done.count() == 1
    assert done.get().reply["text"]
    assert page.complaints == []


@both
def test_an_administrator_sees_what_a_closure_moves_and_applies_it(town, visit, lang):
    filed(town)
    before = Obligation.objects.get(question="q00").due_at
    page = visit("admin", "operations/closure/", lang=lang)
    page.locator("[name=scope]").select_option("IR-15")
    for part, value in (("day", "21"), ("month", "8"), ("year", "1404")):
        page.locator(f"[name=starts_{part}], [name='starts-{part}']").first.fill(value) if (
            part != "month"
        ) else page.locator("[name=starts_month], [name='starts-month']").select_option(value)
    page.locator("[name=title_fa]").fill("تعطیلی نمونه")
    page.locator("[name=source]").fill("نمونه")
    page.locator("button[value=preview]").click()
    assert Obligation.objects.get(question="q00").due_at == before
    page.locator("button[value=apply]").click()
    assert Obligation.objects.get(question="q00").due_at > before
    assert page.complaints == []


@both
@pytest.mark.parametrize(("who", "wanted"), [
    (None, ["services/"]),
    ("applicant", ["services/", "cases/"]),
    ("a0", ["inbox/"]),
    ("owner", ["decide/", "inbox/"]),
    ("head", ["reports/", "dashboard/"]),
    ("admin", ["operations/pulse/", "admin/services/"]),
])  # fmt: skip
def test_the_menu_leads_each_role_to_its_work(town, visit, lang, who, wanted):
    page = visit(who, "services/", lang=lang)
    links = page.eval_on_selector_all("nav.nav a", "found => found.map(a => a.pathname)")
    assert {f"/{lang}/{path}" for path in wanted} <= set(links)
    for path in wanted:
        assert page.goto(f"{town.base}/{lang}/{path}").status == 200
        assert fits(page)


@both
def test_a_clerk_walks_through_the_inbox_by_keyboard_with_either_layout(town, visit, lang):
    filed(town)
    filed(town)
    page = visit("a0", "inbox/", lang=lang)
    rows = page.locator("a[data-row]")
    page.keyboard.press("j")
    assert rows.first.evaluate("link => link === document.activeElement")
    # the same key on a Persian keyboard
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'ت', code: 'KeyJ'}))")
    assert rows.nth(1).evaluate("link => link === document.activeElement")
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.locator("input[name=id]:checked").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/inquiry/**")
    assert page.complaints == []
