"""Can an administrator read the faults of a service pack and install it, in a browser?"""

from __future__ import annotations

import pytest

from payvand.window.models import ServiceVersion
from tests.stories.test_roles import both
from tests.window.test_rules_packs import GOOD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@both
def test_a_pack_is_linted_by_line_and_installed_when_it_is_sound(town, visit, lang):
    page = visit("admin", "admin/services/", lang=lang)
    page.locator("a[href$='/install/']").first.click()
    page.locator("[name=text]").fill(GOOD.replace('term_ref: "law"', 'term_ref: "lay"', 1))
    page.locator("main form button.btn").first.click()
    told = page.inner_text("main")
    assert "law" in told  # did you mean
    assert not ServiceVersion.objects.filter(service_id="small").exists()
    page.locator("[name=text]").fill(GOOD)
    page.locator("[name=owner]").select_option("owner")
    for part, value in (("day", "1"), ("year", "1404")):
        page.locator(f"[name=effective_from_{part}]").fill(value)
    page.locator("[name=effective_from_month]").select_option("9")
    page.locator("button[name=install]").click()
    assert not page.locator(".esum").count(), page.inner_text("main")
    assert ServiceVersion.objects.filter(service_id="small").exists()
    assert ("کوچک" if lang == "fa" else "Small") in page.locator("main table").inner_text()
    assert page.complaints == []
