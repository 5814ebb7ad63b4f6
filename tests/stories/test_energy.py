"""Does a foreseen shortage lead, by clicking alone, from the warning to the settlement?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from payvand.energy.actions import uploads
from payvand.energy.models import Plan, Threshold
from payvand.energy.views import uploads as looks
from payvand.kernel.ids import make_company_id, make_national_id
from payvand.kernel.text import fold_digits as digits
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.energy import province
from tests.energy.province import AREA, DAY
from tests.stories.test_roles import both, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SINCE = date(2020, 1, 1)
PERSON, MILL = make_national_id("009812345"), make_company_id("1400888801")


@pytest.fixture
def land(town: Any, monkeypatch: Any) -> Any:
    """Let the province of the energy tests lie in the town, with an account for each role."""
    monkeypatch.setattr(province.worlds, "build", lambda: town.world)
    town.now = province.NOW
    made = province.build()
    province.foreseen()
    for name, org, role in (("energy", town.world.agencies["owner"], "clerk"),
                            ("steel", made.parties["steel"], "signatory")):  # fmt: skip
        town.users[name] = r.User.objects.create(username=f"{name}-story")
        r.Membership.objects.create(user=town.users[name], org_id=org, role=role, valid_from=SINCE)
    town.users["governor"] = r.User.objects.create(username="governor-story")
    office = town.world.offices["governor"]
    r.Holding.objects.filter(office_id=office).update(user=town.users["governor"])
    registry.forget()
    town.made = made
    return town


@both
def test_from_the_warning_to_the_settlement_by_clicking(land, visit, lang):
    page = visit("governor", "reports/", lang=lang)
    page.locator("main a[data-row]").first.click()
    page.locator("#order").fill("تا ظهر برنامه تهیه شود.")
    page.locator("form:has(#order) button").click()
    assert page.locator("#order").count() == 0

    page = visit("energy", f"energy/{AREA}/balance/", lang=lang)
    page.locator("form:has(#day) button").click()
    page.locator("form[action$='/propose/'] button").click()
    assert fits(page)

    page = visit("governor", "resolutions/", lang=lang)
    page.locator("main table a").first.click()
    page.locator("#order").fill("تأیید می‌شود.")
    page.locator("button[value=approve]").click()

    plan = Plan.objects.get()
    page = visit("energy", f"energy/plans/{plan.pk}/", lang=lang)
    page.locator("form[action$='/publish/'] button").click()

    page = visit("steel", "energy/mine/", lang=lang)
    page.locator("section[aria-labelledby=asked] a").first.click()
    page.locator("button[value=accept]").click()
    assert page.locator("button[value=accept]").count() == 0

    page = visit("steel", f"electricity/{AREA}/", lang=lang)
    assert page.locator("section[aria-labelledby=plan1] tbody tr").count() > 0
    assert "f03" not in page.inner_text("main")

    province.meter(land.made, plan, {"steel": 0.9})
    land.pass_time(days=2)
    page = visit("energy", f"energy/{AREA}/balance/", lang=lang)
    page.locator("section[aria-labelledby=plans] a").first.click()
    page.locator("form[action$='/settle/'] button").click()
    assert page.locator("section[aria-labelledby=delivered] tbody tr").count() >= 1
    assert Plan.objects.values_list("day", "state").get() == (DAY, "settled")
    assert page.complaints == []
    assert fits(page)


@both
def test_from_the_warning_of_gas_to_its_settlement_by_clicking(land, visit, lang):
    made, org = land.made, land.world.agencies["a0"]
    r.DebtorRole.objects.filter(role="gas-operator").update(agency_id=org)
    head = registry.create_office(
        registry.OfficeDraft("agency-head", "رئیس گاز", "Head, gas", org, AREA), by=province.SYSTEM
    )
    land.users["gas"] = r.User.objects.create(username="gas-story")
    r.Membership.objects.create(user=land.users["gas"], org_id=org, role="head", valid_from=SINCE)
    r.Holding.objects.create(office_id=head, user=land.users["gas"], valid_from=SINCE)
    Threshold.objects.filter(carrier="gas").update(office=head)
    registry.forget()
    province.gas_consumers(made)
    province.gas_foreseen()

    page = visit("gas", "reports/", lang=lang)
    page.locator("main a[data-row]").first.click()
    page.locator("#order").fill("تا ظهر برنامه تهیه شود.")
    page.locator("form:has(#order) button").click()
    page.locator("form:has(#order)").wait_for(state="detached")
    page.locator("form:has(#day) button").click()
    page.locator("form[action$='/propose/'] button").click()
    page.locator("form[action$='/propose/']").wait_for(state="detached")
    assert fits(page)

    page = visit("governor", "resolutions/", lang=lang)
    page.locator("main table a", has_text="گاز" if lang == "fa" else "gas").first.click()
    page.locator("#order").fill("تأیید می‌شود.")
    page.locator("button[value=approve]").click()
    page.locator("#order").wait_for(state="detached")

    plan = Plan.objects.get(carrier="gas")
    page = visit("gas", f"energy/plans/{plan.pk}/", lang=lang)
    page.locator("form[action$='/publish/'] button").click()
    page.locator("form[action$='/publish/']").wait_for(state="detached")

    page = visit("steel", "energy/mine/", lang=lang)
    page.locator("section[aria-labelledby=asked] a").first.click()
    page.locator("button[value=accept]").click()
    page.locator("button[value=accept]").wait_for(state="detached")

    page = visit(None, f"electricity/{AREA}/", lang=lang, width=390)
    page.locator(".seg a[href*='/gas/']").click()
    page.locator("section[aria-labelledby=plan1] tbody tr").first.wait_for()
    assert "steel" not in page.inner_text("main")
    assert fits(page)

    province.meter_gas(made, plan, {"steel": 0.9})
    land.pass_time(days=3)
    page = visit("gas", f"energy/{AREA}/balance/?carrier=gas", lang=lang, width=390)
    page.locator("section[aria-labelledby=plans] a").first.click()
    page.locator("form[action$='/settle/'] button").click()
    page.locator("section[aria-labelledby=delivered] tbody tr").first.wait_for()
    page.locator("a[href$='/burden/?carrier=gas']").first.click()
    page.locator("section[aria-labelledby=rows] tbody tr").first.wait_for()
    assert Plan.objects.values_list("carrier", "state").get() == ("gas", "settled")
    assert page.complaints == []
    assert fits(page)


@both
def test_the_operator_registers_consumers_and_the_governor_sets_who_is_warned(
    land, visit, tmp_path, lang
):
    page = visit("energy", f"energy/{AREA}/balance/", lang=lang)
    page.locator("nav.tabs a[href$='/consumers/']").click()
    page.locator("a[href$='/consumers/new/']").click()
    for name, typed in (
        ("code", "H-۷"),
        ("owner_id", PERSON),
        ("owner_fa", "شخص نمونه"),
        ("feeder", "f07"),
        ("usual_mw", "۰٫۰۰۲"),
        ("protected_ref", "۱۲"),
    ):
        page.locator(f"[name={name}]").fill(typed)
    page.locator("[name=city]").select_option(province.CITIES[0])
    page.locator("[name=sector]").select_option("residential")
    page.locator("[name=medical]").check()
    page.locator("form.sheet button").click()
    page.locator(".esum a").first.wait_for()  # a device needs the authority that granted it
    assert fits(page)
    page.locator("[name=protected_by]").select_option("rank")
    page.locator("form.sheet button").click()
    row = page.locator("tbody tr", has_text="H-7")
    row.wait_for()
    assert "شخص" not in page.inner_text("main")
    row.locator("a").click()
    page.locator("a[href='?owner=shown']").click()
    page.get_by_text("شخص نمونه").wait_for()
    assert fits(page)

    path = tmp_path / "consumers.csv"
    path.write_text(f"code,owner_id,owner_fa,city,feeder,sector,usual_mw\n"
                    f"M-1,{MILL},آسیای نمونه,{province.CITIES[0]},f08,industrial,8\n"
                    f"M-2,{MILL},,nowhere,f08,industrial,8\n")  # fmt: skip
    page = visit("energy", f"energy/{AREA}/consumers/import/", lang=lang)
    page.locator("[name=file]").set_input_files(path)
    page.locator("form.sheet button").click()
    page.locator("#report").wait_for()
    assert page.locator("table tbody tr").count() == 1
    assert fits(page)

    page = visit("governor", f"energy/{AREA}/balance/", lang=lang)
    page.locator("nav.tabs a[href$='/threshold/']").click()
    page.locator("[name=percent]").fill("۳۰" if lang == "fa" else "30")
    page.locator("form.sheet button").click()
    page.locator("section[aria-labelledby=before] li").first.wait_for()
    assert Threshold.objects.get(area=AREA, carrier="electricity").probability == 0.3
    assert page.complaints == []
    assert fits(page)


@both
def test_a_large_file_is_handed_over_and_read_while_its_page_is_watched(
    land, visit, lang, tmp_path, settings, monkeypatch
):
    settings.PAYVAND_ENERGY_STORE = tmp_path / "store"
    monkeypatch.setattr(looks, "SMALL", 10)
    hours = [f"2025-11-11T{hour:02}:00Z,{150 + hour}" for hour in range(24)]
    (tmp_path / "supply.csv").write_text("\n".join(["ts,mw", *hours, "soon,1"]))

    page = visit("energy", f"energy/{AREA}/load/", lang=lang, width=390)
    page.locator("input[type=file]").set_input_files(tmp_path / "supply.csv")
    page.locator("form[enctype] button").click()
    page.locator("#upload progress").wait_for()
    assert fits(page)
    assert uploads.work(uploads.Desk(), seconds=60) == 1
    page.locator("#report").wait_for(timeout=30_000)  # the page looks by itself, every 3 s
    assert "24" in digits(page.inner_text("#upload"))
    assert fits(page)
    page.locator("#upload a").click()
    page.locator("section[aria-labelledby=handed] a").click()
    page.locator("#report").wait_for()
    assert page.complaints == []
