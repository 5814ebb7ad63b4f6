"""Can everybody be tried with one click, and nobody where this is no demonstration?"""

import pytest
from django.urls import reverse

from payvand.demo import data

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.PAYVAND_DEMO = True


@pytest.mark.parametrize("name", ["demo:welcome", "demo:act", "demo:advance"])
def test_there_is_no_such_page_outside_a_demonstration(client, name):
    address = reverse(name)
    assert client.get(address).status_code in (404, 405)
    assert client.post(address, {"username": "demo-admin", "span": "1wd"}).status_code in (404, 405)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("language", ["fa", "en"])
def test_the_page_offers_every_account_in_both_languages(client, demo, country, language):
    page = client.get(f"/{language}/demo/").content.decode()
    for account in data.ACCOUNTS:
        assert (account.name_fa if language == "fa" else account.name_en) in page
    assert page.count("csrfmiddlewaretoken") >= len(data.ACCOUNTS)


@pytest.mark.parametrize("account", data.ACCOUNTS, ids=lambda a: a.username)
def test_one_click_signs_in_and_leads_to_a_page(client, demo, account, country):
    answer = client.post(reverse("demo:act"), {"username": account.username}, follow=True)
    assert answer.status_code == 200
    assert answer.wsgi_request.user.get_username() == account.username


def test_no_other_account_can_be_taken(client, demo, country):
    assert client.post(reverse("demo:act"), {"username": "sample-head-01"}).status_code == 404


def test_the_system_of_a_sample_agency_takes_inquiries_over(client, demo):
    address = reverse("demo:agency_system")
    answer = client.post(address, "{}", "application/json", headers={"Idempotency-Key": "a/1"})
    assert answer.status_code == 202
    assert answer.json()["receipt"]
    assert client.post(address, "{}", "application/json").status_code == 400
    bad = client.post(address, "{", "application/json", headers={"Idempotency-Key": "a/1"})
    assert bad.status_code == 400
