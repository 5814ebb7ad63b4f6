"""Do the pages of delays hold in a real browser, wide and narrow, in both languages?"""

from datetime import date

import pytest

from payvand.foresight.actions import accounts, scorecards
from payvand.kernel import clock, periods
from payvand.registry import models as r
from payvand.registry import public as registry
from tests.chromium import fits
from tests.foresight.account_sample import NOW, apply, ask, made

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SPAN = "period=range&from=1404-08&to=1404-10"


@pytest.fixture
def world(transactional_db):
    with clock.frozen(NOW):
        found = made()
        for n in range(12):
            case = apply(found, days=n * 3, decided=n * 3 + 9)
            ask(found, case, "a0", sent=n * 3, due=n * 3 + 3, answered=n * 3 + 9)
        accounts.account()
        yield found
    registry.forget()


@pytest.fixture
def signed_in(world, live_server, page, client):
    """Return a page that is signed in as the governor and the head of an agency."""
    user = r.User.objects.get(username="holder")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return page


def test_an_official_goes_from_the_whole_to_a_case_and_every_page_fits(
    world, signed_in, live_server
):
    page, said = signed_in, []
    page.on("console", lambda message: said.append(message.text))
    for lang in ("fa", "en"):
        for width in (1360, 390):
            page.set_viewport_size({"width": width, "height": 900})
            for path in (f"delays/?{SPAN}", f"delays/trs/?{SPAN}", "delays/warnings/",
                         "scorecards/"):  # fmt: skip
                assert page.goto(f"{live_server.url}/{lang}/{path}").status == 200
                assert fits(page), path
    page.set_viewport_size({"width": 1360, "height": 900})
    page.goto(f"{live_server.url}/en/delays/?{SPAN}&province=IR-15")
    page.get_by_role("link", name="Offices that were asked").click()
    page.wait_for_url("**cause=agency**")
    assert page.locator("tbody tr").count() == 12
    assert [one for one in said if "Content Security Policy" in one or "Error" in one] == []


def test_a_head_reads_the_draft_and_replies(world, signed_in, live_server):
    card = scorecards.draw(periods.of_days(date(2025, 11, 1), date(2026, 1, 5)),
                           by=registry.system("tests"))  # fmt: skip
    page = signed_in
    agency = world.agencies["a0"]
    page.goto(f"{live_server.url}/fa/scorecards/{card.pk}/reply/{agency}/")
    page.fill("#text", "سامانه جابه‌جا شد.")
    page.locator("main form button").click()
    page.wait_for_load_state()
    assert page.locator("blockquote").inner_text() == "سامانه جابه‌جا شد."
    assert page.locator("#text").count() == 0
