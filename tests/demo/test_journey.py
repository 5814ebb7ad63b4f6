"""Does the clock arrive when it has further to go than a request may take?"""

from datetime import timedelta

import pytest

from payvand.demo import journey
from payvand.demo.models import DemoClock
from payvand.kernel import clock
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.PAYVAND_DEMO = True


def test_what_a_request_leaves_the_worker_finishes(running):
    journey.begin("5wd")
    goal = DemoClock.objects.get().goal_at
    came = journey.carry_on(0.0)  # no time at all: one hour of the demo
    assert not came.is_done
    assert NOW < clock.now() < goal
    assert came.percent is not None
    journey.for_worker()
    assert journey.progress().is_done
    assert abs(clock.now() - goal) <= timedelta(seconds=1)


def test_two_never_walk_at_once_and_a_lost_walker_is_replaced(running, monkeypatch):
    journey.begin("1wd")
    DemoClock.objects.update(held_until=NOW + timedelta(seconds=20))
    journey.for_worker()
    assert clock.now() == NOW  # somebody else walks
    DemoClock.objects.update(held_until=NOW - timedelta(seconds=1))  # and was killed
    journey.for_worker()
    assert journey.progress().is_done


def test_a_second_goal_waits_until_the_first_is_reached(running):
    journey.begin("5wd")
    goal = DemoClock.objects.get().goal_at
    journey.begin("1wd")
    assert DemoClock.objects.get().goal_at == goal


@pytest.mark.parametrize("language", ["fa", "en"])
def test_a_long_way_shows_how_far_it_is_and_leads_back(
    client, running, demo, monkeypatch, language
):
    monkeypatch.setattr(journey, "IN_REQUEST_S", 0.0)
    back = f"/{language}/services/"
    answer = client.post(f"/{language}/demo/advance/", {"span": "5wd", "next": back})
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert page.status_code == 200
    assert b"<progress" in page.content
    assert client.get(answer.url, headers={"HX-Request": "true"}).status_code == 200
    journey.for_worker()
    there = client.get(answer.url)
    assert (there.status_code, there.url) == (302, back)
    assert client.get(answer.url, headers={"HX-Request": "true"}).headers["HX-Redirect"] == back


def test_the_way_back_never_leads_off_the_site(client, running, demo):
    client.post("/fa/demo/advance/", {"span": "1wd"})
    answer = client.get("/fa/demo/under-way/?next=https://elsewhere.example/")
    assert answer.url == "/fa/demo/"
