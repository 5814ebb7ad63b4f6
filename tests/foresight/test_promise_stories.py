"""Do promises and plans hold in a real browser, wide and narrow, in both languages?"""

from datetime import date

import pytest

from payvand.foresight.actions import learn
from payvand.foresight.jobs.promises import follow, nightly
from payvand.foresight.queries import blueprints
from payvand.foresight.queries import promises as kept
from payvand.kernel import clock
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window import public as window
from tests import world as worlds
from tests.chromium import fits
from tests.foresight import past
from tests.stories.conftest import Town

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROLES = {"applicant": "", "owner": "head", "desk": "clerk"}


@pytest.fixture
def town(transactional_db, live_server):
    kept.forget()
    blueprints.forget()
    made = Town(None, live_server.url, {}, past.NOW)
    clock.set_source(lambda: made.now)
    made.world = world = worlds.build(past.pack())
    past.decided(world, 60)
    learn.learn_all(made.now)
    for name, seat in ROLES.items():
        party = world.company if name == "applicant" else None
        user = made.users[name] = r.User.objects.create(username=name, party_id=party)
        agency = {"owner": "owner", "desk": "a0"}.get(name)
        if agency:
            r.Membership.objects.create(user=user, org_id=world.agencies[agency], role=seat,
                                        valid_from=date(2020, 1, 1))  # fmt: skip
    registry.forget()
    yield made
    clock.set_source(None)
    registry.forget()
    kept.forget()
    blueprints.forget()


def sign_in(page, town: Town, who: str) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.context.add_cookies([town.cookie(who)])
    return said


def complaints(said: list[str]) -> list[str]:
    return [one for one in said if "Content Security Policy" in one or "Error" in one]


def test_an_applicant_is_told_a_day_and_sees_it_move_after_a_silent_week(town, page):
    world = town.world
    case = window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    follow()
    said = sign_in(page, town, "applicant")
    page.goto(f"{town.base}/en/cases/{case.pk}/")
    panel = page.locator("section.panel", has_text="When will it be done?")
    first = panel.locator("p").first.inner_text()
    assert "Half of such applications finish by" in first
    town.pass_time(days=7)
    nightly()
    page.reload()
    assert panel.locator("p").first.inner_text() != first
    panel.locator("summary").click()
    assert panel.locator("tbody tr").count() == 1
    assert "at submission" in panel.locator("tbody tr").inner_text()
    assert complaints(said) == []


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_an_owner_builds_a_plan_by_hand_shares_it_and_takes_it_back(town, page, lang):
    said = sign_in(page, town, "owner")
    page.goto(f"{town.base}/{lang}/services/grid/what-if/")
    page.locator("#questions").scroll_into_view_if_needed()
    row = page.locator("tbody tr", has=page.locator("#d-q00"))
    row.locator("summary").click()
    row.locator("#d-q00").fill("2")
    row.locator("form", has=page.locator("#d-q00")).locator("button").click()
    page.wait_for_url("**change=cap:q00:2**")
    row.locator("summary").click()
    row.locator('button[value="drop"]').click()
    page.wait_for_url("**change=drop:q00**")
    changes = page.locator("section", has=page.locator("#changes")).locator("tbody tr")
    assert changes.count() == 2
    assert changes.locator(".bad-t").count() == 1  # the second is refused, and says why
    shared = page.url
    changes.first.locator("a").click()
    page.wait_for_url(lambda url: "cap:q00" not in url)
    page.goto(shared)
    assert changes.count() == 2
    for width in (1360, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert fits(page)
    assert complaints(said) == []


def test_a_desk_that_owns_nothing_is_told_so_kindly(town, page):
    sign_in(page, town, "desk")
    answer = page.goto(f"{town.base}/en/services/grid/what-if/")
    assert answer.status == 403
    assert "planned by its owner office" in page.locator("main").inner_text()
