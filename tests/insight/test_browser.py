"""Do the pages of figures hold in a real browser, wide and narrow, in both languages?"""

import pytest

from payvand.insight import actions
from payvand.kernel import clock
from payvand.registry import public as registry
from tests import world as worlds
from tests.chromium import fits
from tests.insight.sample import NOW, owe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def figures(transactional_db):
    with clock.frozen(NOW):
        world = worlds.build()
        for n in range(24):
            owe(world, f"a{n % 2}", closed=1 if n % 3 else 8, state="answered")
        actions.roll_up()
        yield world
    registry.forget()


@pytest.mark.parametrize("lang", ["fa", "en"])
@pytest.mark.parametrize("width", [1360, 390])
def test_the_public_page_fits_and_breaks_no_rule_of_the_policy(
    figures, live_server, page, lang, width
):
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.set_viewport_size({"width": width, "height": 900})
    answer = page.goto(f"{live_server.url}/{lang}/performance/")
    assert answer.status == 200
    assert fits(page)
    assert page.locator("#league").is_visible()
    assert [one for one in said if "Content Security Policy" in one or "Error" in one] == []


def test_the_select_does_what_the_map_does(figures, live_server, page):
    page.goto(f"{live_server.url}/en/performance/")
    page.select_option("#province", "IR-15")
    page.click("form.toolbar button")
    assert "province=IR-15" in page.url
    by_select = page.locator("ul.kpis").inner_text()
    page.goto(f"{live_server.url}/en/performance/")
    page.locator('a[href*="province=IR-15"]').first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**province=IR-15**")
    assert page.locator("ul.kpis").inner_text() == by_select


def test_bars_of_the_league_grow_from_the_reading_side(figures, live_server, page):
    page.goto(f"{live_server.url}/fa/performance/")
    start = page.locator("svg.hb rect").nth(1).evaluate("e => e.getBoundingClientRect().right")
    frame = page.locator("svg.hb").first.evaluate("e => e.getBoundingClientRect().right")
    assert abs(start - frame) < 2
