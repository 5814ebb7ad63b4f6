"""Can an official see where it is late, look into the case, and keep resolutions, in a browser?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook

from payvand.insight import public as insight
from payvand.ledger import sweep
from payvand.ledger.models import Disclosure, Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.stories.conftest import sheets
from tests.stories.test_roles import both, filed, fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def governor(town):
    """Let the governor's office be held by somebody of its own."""
    user = r.User.objects.create(username="governor")
    office = town.world.offices["governor"]
    r.Holding.objects.filter(office_id=office).update(user=user)
    town.users["governor"] = user
    registry.forget()
    return town


def late(town: Any) -> Any:
    cases = [filed(town) for _ in range(6)]
    town.pass_time(days=9)
    sweep.sweep()
    insight.roll_up()
    return cases[0]


@both
def test_the_governor_goes_from_map_and_league_down_to_the_case(governor, visit, lang):
    late(governor)
    page = visit("governor", "dashboard/?period=90d", lang=lang)
    page.locator("#province").select_option("IR-15")
    page.locator("form.toolbar button").click()
    assert page.locator("#province").input_value() == "IR-15"
    page.locator(f"a[href*='/dashboard/agency/{governor.world.agencies['a0']}/']").first.click()
    page.locator("table a[href*='/cases/']").first.click()
    words = page.inner_text("main")
    assert "a0" in words
    assert governor.world.applicant is not None
    assert "کارخانهٔ نمونه" not in words  # what was written stays with applicant and offices
    assert Disclosure.objects.filter(how="official").count() == 1
    assert page.complaints == []
    assert fits(page)


@both
def test_the_delay_desk_prints_and_leads_to_the_case(governor, visit, lang):
    case = late(governor)
    page = visit("governor", "reports/", lang=lang)
    assert sheets(page) <= 2
    page.locator("a[href*='/cases/']").first.click()
    assert f"/{lang}/cases/" in page.url
    assert case is not None


def spreadsheet(path: Any, *rows: tuple[str, ...]) -> str:
    book = Workbook()
    for row in (("title", "owner", "term", "place", "proof"), *rows):
        book.active.append(row)
    book.save(path)
    return str(path)


@both
def test_resolutions_are_read_from_a_spreadsheet_and_print_on_one_page(town, visit, lang, tmp_path):
    user = r.User.objects.create(username="secretary")
    r.Membership.objects.create(user=user, org_id=town.world.agencies["owner"], role="secretariat",
                                valid_from=date(2020, 1, 1))  # fmt: skip
    town.users["secretary"] = user
    page = visit("secretary", "resolutions/import/", lang=lang)
    bad = spreadsheet(tmp_path / "bad.xlsx", ("نمونه: باجهٔ دوم", "nobody", "ten days", "IR-15", ""))
    page.locator("[name=file]").set_input_files(bad)
    page.locator("main form.sheet button.btn").click()
    assert page.locator("#problems tbody tr").count() == 2
    rows = [("نمونه: باجهٔ دوم باز شود", "a0", "10wd", "IR-15", "شمارهٔ نامه"),
            ("نمونه: گزارش هفتگی", "a1", "5wd", "IR-15", "")]  # fmt: skip
    page.locator("[name=file]").set_input_files(spreadsheet(tmp_path / "good.xlsx", *rows))
    page.locator("main form.sheet button.btn").click()
    page.locator("form:has(#asker) button").click()
    assert Obligation.objects.filter(kind="resolution").count() == 2
    page.goto(f"{town.base}/{lang}/resolutions/?print=1")
    assert sheets(page) == 1
    assert page.complaints == []
