"""Can a firm, a freelancer, a registrar and anybody use the databank with a browser (R5, R6)?

In both languages, on a wide screen and on a phone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from payvand.kernel.ids import make_company_id, make_national_id
from payvand.matching.exchange import confirmations
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.registry.public import databank
from tests.chromium import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
both = pytest.mark.parametrize("lang", ["fa", "en"])
BY = registry.system("story")
NUMBER = make_company_id("1412340077")


@pytest.fixture
def bank(town: Any) -> Any:
    """A desk for Lorestan, a firm that nobody keeps, its twin, and two people with accounts."""
    databank.seed_group_states(BY)
    registry.set_debtor(databank.REGISTRAR_ROLE, "IR-15", town.world.agencies["a0"], by=BY)
    for n, name in enumerate(("keeper", "freelancer")):
        person = r.Party.objects.create(
            kind="person", national_id=make_national_id(f"00222222{n}"), name_fa=f"شخص {name}",
            place_id="IR-15-1503",
        )  # fmt: skip
        town.users[name] = r.User.objects.create(username=name, party=person)
    place = databank.ProfileDraft("company", field="metal", places=("IR-15-1503",))
    rows = [
        databank.RowDraft("1", national_id=NUMBER, name_fa="ریخته‌گری کاوشگران", profile=place,
                          entries=[databank.CapabilityDraft("ریخته‌گری چدن", "Iron casting")]),
        databank.RowDraft("2", name_fa="شرکت ریخته گری کاوشگران (سهامی خاص)", profile=place,
                          entries=[databank.EvidenceDraft("delivery", "تحویل دیسک", "Discs")]),
    ]  # fmt: skip
    town.firm, town.twin = databank.load_firms(rows, by=BY, source="story")
    registry.forget()
    return town


@both
def test_a_firm_claims_its_profile_keeps_it_and_has_it_verified(bank, visit, lang):
    page = visit("keeper", "databank/claim/", lang=lang)
    page.fill("[name=national_id]", NUMBER)
    page.fill("[name=proof]", "روزنامهٔ رسمی ۱۲۳۴۵")
    page.click("form.sheet button")
    assert page.locator(".note").first.is_visible()
    desk = visit("a0", "databank/desk/", lang=lang)
    desk.locator("[aria-labelledby=claims] a").click()
    desk.click("button[value=accept]")
    page.goto(f"{bank.base}/{lang}/databank/mine/")
    page.locator(".tasks a.btn").first.click()
    page.fill("[name=about_fa]", "ریخته‌گری و ماشین‌کاری")
    page.locator("form.panel button").last.click()
    page.locator("a[href$='/edit/capability/']").click()
    page.fill("[name=title_fa]", "قطعهٔ خودرو")
    page.locator("[name=find_code]").press_sequentially("خودرو")
    page.locator("#codes-found input[value='isic:2930']").check()  # found while typing
    page.locator("form.sheet .acts button:not([name])").click()
    row = r.Capability.objects.get(title_fa="قطعهٔ خودرو")
    assert (row.codes, row.standing) == ("isic:2930", "declared")
    desk.goto(f"{bank.base}/{lang}/databank/{bank.firm}/")
    desk.locator(f"form[action$='/verify/capability/{row.pk}/'] button").click()
    row.refresh_from_db()
    assert row.standing == "verified"
    seen = visit(None, "databank/?q=كاوشگران&field=metal&province=IR-15", lang=lang, width=390)
    seen.locator(f".tasks a[href*='{bank.firm}']").click()
    assert "isic:2930" in seen.content()
    assert fits(seen)
    assert page.complaints == desk.complaints == seen.complaints == []


@both
def test_a_freelancer_is_seen_only_after_consent_and_can_be_erased(bank, visit, lang):
    person = bank.users["freelancer"].party_id
    page = visit("freelancer", "databank/mine/", lang=lang, width=390)
    page.locator("form[action$='/claim/'] button").click()  # no number to be typed
    page.locator("button[name=shown]").wait_for()
    assert fits(page)
    stranger = visit(None, "databank/", lang=lang)
    assert str(person) not in stranger.content()
    page.click("button[name=shown][value='1']")
    stranger.reload()
    assert str(person) in stranger.content()
    page.goto(f"{bank.base}/{lang}/databank/{person}/erase/")
    page.click("button.danger")
    stranger.reload()
    assert str(person) not in stranger.content()
    assert r.Party.objects.get(pk=person).national_id == ""


@both
def test_a_registrar_imports_judges_twins_and_takes_a_merge_back(bank, visit, lang, tmp_path):
    file = tmp_path / "firms.csv"
    file.write_text(
        "name,place,capability\nسنگ‌بری تازه,خرم‌آباد,برش سنگ\nبی‌جا,Atlantis,\n", encoding="utf-8"
    )
    page = visit("a0", "databank/desk/import/", lang=lang)
    page.set_input_files("input[type=file]", str(file))
    page.click("form.sheet button")
    assert "Atlantis" in page.content()
    assert r.Party.objects.filter(name_fa="سنگ‌بری تازه").exists()
    page.goto(f"{bank.base}/{lang}/databank/desk/")
    page.locator("[aria-labelledby=pairs] a").first.click()
    first = page.locator("thead a").first.get_attribute("href") or ""
    page.click(f"button[value={'left' if str(bank.firm) in first else 'right'}]")
    seen = visit(None, f"databank/{bank.twin}/", lang=lang)
    assert str(bank.firm) in seen.url
    assert ("تحویل دیسک" if lang == "fa" else "Discs") in seen.content()
    page.locator("[aria-labelledby=merges] form button").first.click()
    seen.goto(f"{bank.base}/{lang}/databank/{bank.twin}/")
    assert str(bank.twin) in seen.url
    assert page.complaints == seen.complaints == []


@both
def test_anybody_sees_the_life_of_a_cluster(bank, visit, lang):
    steps = (("identified", date(2024, 1, 1)), ("operating", date(2025, 1, 1)))
    draft = databank.GroupDraft("cluster", "خوشهٔ ریخته‌گری", "Casting cluster", place="IR-15",
                                steps=steps, members=(bank.firm,))  # fmt: skip
    databank.found_groups([draft], by=BY)
    page = visit(None, "databank/groups/?kind=cluster&province=IR-15", lang=lang, width=390)
    page.locator("table.data a").click()
    assert page.locator("ol.log li").count() == 2
    assert str(bank.firm) in page.content()
    assert fits(page)


@both
def test_an_owner_is_asked_once_a_year_and_answers_with_one_click(bank, visit, lang):
    r.Keeper.objects.create(user=bank.users["keeper"], party_id=bank.firm, since=bank.now)
    bank.pass_time(days=380)
    assert confirmations.ask() == 1
    seen = visit(None, "databank/?q=كاوشگران", lang=lang, width=390)
    before = seen.locator(f".tasks li:has(a[href*='{bank.firm}'])").inner_text()
    assert ("not confirmed" if lang == "en" else "تأیید نشده") in before
    page = visit("keeper", "notices/", lang=lang, width=390)
    page.locator("a[href$='/confirm/']").click()
    page.locator("form.sheet button").wait_for()
    assert fits(page)
    page.locator("form.sheet button").click()
    page.locator("form.panel").first.wait_for()
    seen.reload()
    after = seen.locator(f".tasks li:has(a[href*='{bank.firm}'])").inner_text()
    assert ("not confirmed" if lang == "en" else "تأیید نشده") not in after
    assert page.complaints == seen.complaints == []


@both
def test_a_cluster_is_founded_and_filled_and_a_firm_sends_its_own_file(bank, visit, lang, tmp_path):
    desk = visit("a0", "databank/groups/found/", lang=lang)
    desk.fill("[name=name_fa]", "خوشهٔ تازه")
    desk.select_option("[name=place]", "IR-15")
    desk.locator("form.sheet .acts button").click()
    desk.click("a[href$='/members/']")
    desk.fill("[name=who]", "ريخته گری")
    desk.locator("form.sheet button").click()
    desk.locator(f"button[name=party][value='{bank.firm}']").click()
    desk.locator("form[action*='/leave/']").wait_for()
    assert fits(desk)
    group = r.Group.objects.get(name_fa="خوشهٔ تازه")
    assert [m.party_id for m in group.members.all()] == [bank.firm]
    r.Keeper.objects.create(user=bank.users["keeper"], party_id=bank.firm, since=bank.now)
    file = tmp_path / "own.csv"
    file.write_text("capability,readiness\nقالب‌سازی,8\nتراش,99\n", encoding="utf-8")
    page = visit("keeper", f"databank/{bank.firm}/import/", lang=lang, width=390)
    page.set_input_files("input[type=file]", str(file))
    page.locator("form.sheet button").click()
    page.locator("table.data").wait_for()
    assert fits(page)
    assert r.Capability.objects.filter(party_id=bank.firm, title_fa="قالب‌سازی").exists()
    assert not r.Capability.objects.filter(title_fa="تراش").exists()
    assert page.complaints == desk.complaints == []
