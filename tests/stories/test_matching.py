"""Can a buyer, an office, a firm, an organiser, a broker and anybody use the exchange (R9, R10)?

With a browser, in both languages, on a wide screen and on a phone.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from payvand.kernel.ids import make_company_id
from payvand.matching.exchange import answers, rounds
from payvand.matching.models import Exchange, FairMeeting, Invitation, Need
from payvand.registry import public as registry
from payvand.registry.public import databank
from tests.chromium import fits
from tests.stories.conftest import seat, sheets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize(("lang", "width"), [("fa", 1360), ("en", 390)])
BY = registry.system("story")


@pytest.fixture
def bazaar(town: Any, monkeypatch: Any) -> Any:
    """Two firms in the databank, a buyer, an office, a desk; a fair that takes registrations."""
    from payvand.matching import actions, queries
    from payvand.matching.engine.embedded import Embedded

    databank.seed_group_states(BY)
    desk = town.world.agencies["a0"]
    registry.set_debtor(databank.REGISTRAR_ROLE, "IR-15", desk, by=BY)
    town.firms = databank.load_firms([_firm(n) for n in range(2)], by=BY, source="story")
    buyer = registry.PartyDraft("company", "خودروساز", "Car maker", make_company_id("1412340099"),
                                place="IR-15-1503")  # fmt: skip
    town.buyer = registry.register_party(buyer, by=BY)
    for name, org in (("firm", town.firms[0]), ("buyer", town.buyer)):
        town.users[name] = seat(f"x-{name}", org, "signatory")
    today = town.now.date()
    fair = databank.GroupDraft(
        "fair", "نمایشگاه", "Fair", place="IR-15-1503", starts=today + timedelta(days=9),
        ends=today + timedelta(days=10), steps=(("registering", date(2025, 10, 1)),),
    )  # fmt: skip
    town.fair = databank.found_groups([fair], by=BY)[0]
    place = Embedded(bridge=queries.bridge())
    monkeypatch.setattr(queries, "engine", lambda: place)
    actions.index_changed(town.firms)
    registry.forget()
    return town


def _firm(n: int) -> databank.RowDraft:
    entries: list[databank.Entry] = [
        databank.CapabilityDraft("ساخت لنت ترمز", "Brake pads", readiness=8),
        databank.EvidenceDraft("contract", "تحویل لنت ترمز", "Delivery of brake pads"),
    ]
    return databank.RowDraft(
        str(n), national_id=make_company_id(f"14123401{n:02}"), name_fa=f"قطعه‌ساز {n}",
        name_en=f"Maker {n}", entries=entries,
        profile=databank.ProfileDraft("company", field="automotive", places=("IR-15-1503",)),
    )  # fmt: skip


def pick_day(page: Any, name: str, day: date) -> None:
    """Fill the three parts of a date, as the language of the page asks for them."""
    from payvand.kernel import jalali

    year, month, dom = jalali.to_jalali(day)
    page.fill(f"[name={name}_day]", str(dom))
    page.select_option(f"[name={name}_month]", str(month))
    page.fill(f"[name={name}_year]", str(year))


def write(page: Any, town: Any) -> Any:
    """Write a need, freeze it and open it; returns it."""
    page.fill("[name=title_fa]", "لنت ترمز برای سواری")
    page.fill("[name=title_en]", "Brake pads for cars")
    page.select_option("[name=field]", "automotive")
    pick_day(page, "answers_until", town.now.date() + timedelta(days=30))
    page.fill("[name=r1-text]", "آمادگی فناوری")
    page.select_option("[name=r1-kind]", "readiness")
    page.fill("[name=r1-value]", "۷")
    page.click("form.sheet .acts button:not([name])")
    page.click("button[value=freeze]")
    page.click("button[value=open]")
    need = Need.objects.get()
    assert need.state == "open"
    return need


@both
def test_a_private_buyer_finds_a_firm_with_reasons_and_comes_to_a_contract(
    bazaar, visit, lang, width
):
    page = visit("buyer", "exchange/write/", lang=lang, width=width)
    need = write(page, bazaar)
    page.click(f"a[href$='{need.pk}/firms/']")
    assert page.locator("mark").first.is_visible()  # the words that match
    assert fits(page)
    page.locator(f"form[action*='{bazaar.firms[0]}/invite'] button").click()
    assert Invitation.objects.get().state == "sent"
    firm = visit("firm", "exchange/mine/", lang=lang, width=width)
    assert fits(firm)
    firm.click("button[value=accept]")
    deal = Exchange.objects.get()
    assert str(deal.pk) in firm.url
    page.goto(firm.url)
    pick_day(page, "c-on", bazaar.now.date())
    page.fill("[name=c-number]", "۱۲۳")
    page.click("button[value=contract]")
    deal.refresh_from_db()
    assert (deal.stage, Need.objects.get().state) == ("contract", "awarded")
    assert fits(page)
    assert page.complaints == firm.complaints == []


@both
def test_a_company_answers_an_office_which_sees_nothing_before_the_end(bazaar, visit, lang, width):
    office = visit("a1", "exchange/write/", lang=lang, width=width)
    assert not office.locator("[name=is_public]").count()  # an office is always a public buyer
    need = write(office, bazaar)
    office.locator("#telling progress").wait_for()  # the worker tells the firms
    rounds.carry_on(seconds=None)
    need.refresh_from_db()
    assert need.notified == 2
    firm = visit("firm", f"exchange/needs/{need.pk}/", lang=lang, width=width)
    firm.fill("[name=text]", "نمونه هم لازم است؟")
    firm.locator("form[action$='/ask/'] button").click()
    firm.click(f"a[href*='{need.pk}/answer/']")
    firm.check("[name=says_1][value=yes]")
    firm.check("[name=evidence_1] >> nth=0")
    firm.locator("form.sheet .acts button").click()
    assert need.answers.count() == 1
    office.goto(f"{bazaar.base}/{lang}/exchange/needs/{need.pk}/answers/")
    assert office.locator("h1").inner_text()  # refused, as a page
    office.complaints.clear()  # the 403 was meant
    office.goto(f"{bazaar.base}/{lang}/exchange/needs/{need.pk}/")
    office.locator("form[action*='/questions/'] textarea").fill("بله، یک نمونه.")
    office.locator("form[action*='/questions/'] button").click()
    office.click("a[href$='/extend/']")
    pick_day(office, "until", bazaar.now.date() + timedelta(days=40))
    office.fill("[name=reason]", "پرسش‌ها پاسخ می‌خواست")
    assert fits(office)
    office.locator("form.sheet .acts button").click()
    office.locator(".note.warn").first.wait_for()
    assert not office.locator("button[value=close]").count()  # the announced day is kept
    bazaar.pass_time(days=41)
    office.reload()
    office.click("button[value=close]")
    office.click(f"a[href$='{need.pk}/answers/']")
    assert fits(office)
    office.locator("form[action*='/answers/'] button").click()
    assert Exchange.objects.get().firm_id == bazaar.firms[0]
    assert office.complaints == firm.complaints == []


@both
def test_a_buyer_withdraws_a_need_and_a_firm_ends_a_deal(bazaar, visit, lang, width):
    page = visit("buyer", "exchange/write/", lang=lang, width=width)
    need = write(page, bazaar)
    answers.invite(need.pk, bazaar.firms[0], by=registry.actor_of_account(bazaar.users["buyer"].pk))
    firm = visit("firm", f"exchange/needs/{need.pk}/", lang=lang, width=width)
    firm.click("button[value=accept]")  # beside what is asked, not on another page
    firm.wait_for_url("**/deals/**")
    firm.locator("details summary").last.click()
    firm.select_option("[name=e-because]", "capacity")
    pick_day(firm, "e-on", bazaar.now.date())
    firm.click("button[value=end]")
    firm.locator(".note.warn").first.wait_for()
    assert Exchange.objects.get().ended_because == "capacity"
    assert fits(firm)
    page.goto(firm.url)  # the other side has new machines to offer
    pick_day(page, "r-on", bazaar.now.date())
    page.fill("[name=r-reason]", "با نوبت شب ظرفیت کافی است")
    assert fits(page)
    page.click("button[value=resume]")
    page.locator("button[value=step]").wait_for()
    assert page.get_by_text("با نوبت شب ظرفیت کافی است").is_visible()
    assert Exchange.objects.get().ended_on is None
    assert fits(page)
    page.goto(f"{bazaar.base}/{lang}/exchange/needs/{need.pk}/withdraw/")
    page.fill("[name=reason]", "طرح عوض شد")
    assert fits(page)
    page.click("button.danger")
    page.locator(".note.bad").first.wait_for()
    rounds.carry_on(seconds=None)
    firm.goto(f"{bazaar.base}/{lang}/notices/")
    firm.locator(f"a[href$='/exchange/needs/{need.pk}/']").first.click()
    firm.locator(".note.bad").wait_for()
    assert page.complaints == firm.complaints == []


@both
def test_an_organiser_makes_the_schedule_and_everybody_prints_their_sheet(
    bazaar, visit, lang, width
):
    path = f"exchange/fairs/{bazaar.fair}/register/"
    firm = visit("firm", path, lang=lang, width=width)
    firm.check("[name=side][value=firm]")
    firm.locator("form.sheet .acts button").click()
    buyer = visit("buyer", path, lang=lang, width=width)
    buyer.check("[name=side][value=buyer]")
    buyer.check(f"[name=wishes][value='{bazaar.firms[0]}']")
    buyer.locator("form.sheet .acts button").click()
    desk = visit("a0", f"exchange/fairs/{bazaar.fair}/layout/", lang=lang, width=width)
    desk.locator("form.sheet .acts button").click()
    assert FairMeeting.objects.count() == 1
    assert fits(desk)
    firm.goto(f"{bazaar.base}/{lang}/exchange/fairs/{bazaar.fair}/schedule/{bazaar.firms[0]}/")
    assert sheets(firm) == 1
    bazaar.pass_time(days=10)
    desk.goto(f"{bazaar.base}/{lang}/exchange/fairs/{bazaar.fair}/schedule/")
    desk.click("button[name=held][value='1']")
    assert Exchange.objects.get().fair_id == bazaar.fair
    assert firm.complaints == buyer.complaints == desk.complaints == []


@both
def test_a_broker_sees_what_waits_and_anybody_searches_and_is_told(bazaar, visit, lang, width):
    buyer = visit("buyer", "exchange/write/", lang=lang, width=width)
    need = write(buyer, bazaar)
    broker = visit("a0", "exchange/work/", lang=lang, width=width)
    assert broker.locator(f"[aria-labelledby=unmatched] a[href*='{need.pk}']").is_visible()
    assert fits(broker)
    anybody = visit(None, "exchange/firms/?q=لنت ترمز", lang=lang, width=width)
    assert anybody.locator(f".tasks a[href*='{bazaar.firms[0]}']").is_visible()
    assert fits(anybody)
    for path in ("exchange/", "exchange/supply/", "exchange/results/"):
        anybody.goto(f"{bazaar.base}/{lang}/{path}")
        assert fits(anybody), path
    reader = visit("firm", "exchange/?q=لنت", lang=lang, width=width)
    reader.locator("form[action$='/saved/'] button").click()
    assert reader.locator("a[href*='needs.rss']").first.is_visible()
    assert buyer.complaints == broker.complaints == anybody.complaints == reader.complaints == []
