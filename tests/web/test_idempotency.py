"""Does a POST that is sent again take effect once?"""

from datetime import timedelta
from uuid import uuid4

import pytest

from payvand.kernel import clock
from payvand.registry import public as registry
from payvand.web import idempotency, tokens
from payvand.web.models import IdempotentRequest
from tests.web.urls import DONE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


@pytest.fixture
def post(client, agency):
    """Send an amount with a key, as a system of the agency."""
    by = registry.system("test")
    secrets = [
        tokens.issue(by=by, org=agency, draft=tokens.TokenDraft("x", "clerk")).secret
        for _ in range(1)
    ]
    DONE.clear()

    def send(amount, key="key-1", *, secret=secrets[0]):
        headers = {"Authorization": f"Bearer {secret}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        address = "/api/v1/test/things"
        return client.post(address, {"amount": amount}, "application/json", headers=headers)

    return send


def test_a_retry_gets_the_first_answer_and_does_nothing(post):
    first, second = post(1), post(1)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert first.headers["Content-Type"] == second.headers["Content-Type"]
    assert second.headers["Idempotent-Replay"] == "true"
    assert DONE == ["1"]
    post(1, "key-2")
    assert DONE == ["1", "1"]


@pytest.mark.parametrize("key", [None, "", "k" * 101, "کلید", "a\tb"])
def test_without_a_usable_key_nothing_is_done(post, key):
    answer = post(1, key)
    assert (answer.status_code, answer.json()["code"]) == (400, "api.key_missing")
    assert DONE == []


def test_the_same_key_with_other_content_is_refused(post):
    post(1)
    answer = post(2)
    assert (answer.status_code, answer.json()["code"]) == (422, "api.key_reused")
    assert DONE == ["1"]


def test_a_request_at_work_is_not_begun_again_until_it_must_be_dead(post):
    post(1)
    IdempotentRequest.objects.update(status=None)
    answer = post(1)
    assert (answer.status_code, answer.json()["code"]) == (409, "api.key_in_progress")
    assert DONE == ["1"]
    with clock.frozen(clock.now() + timedelta(minutes=3)):
        assert post(1).status_code == 201
    assert DONE == ["1", "1"]


def test_a_try_that_was_taken_over_cannot_store_its_answer(post, monkeypatch):
    """The slow first try finds that another has its claim; what it did is undone."""

    def overtaken(claim, response):
        IdempotentRequest.objects.update(claim=uuid4())
        return store(claim, response)

    store = idempotency._store
    monkeypatch.setattr(idempotency, "_store", overtaken)
    answer = post(1)
    assert (answer.status_code, answer.json()["code"]) == (409, "api.key_in_progress")


@pytest.mark.parametrize(("amount", "status"), [(-1, 403), (500, 500)])
def test_a_refused_request_did_nothing_and_frees_its_key(post, amount, status):
    assert post(amount).status_code == status
    assert not IdempotentRequest.objects.exists()
    assert post(1).status_code == 201


def test_two_actors_may_use_the_same_key(post, client, person):
    post(1)
    client.force_login(person)
    headers = {"Idempotency-Key": "key-1"}
    body = {"amount": 7}
    answer = client.post("/api/v1/test/things", body, "application/json", headers=headers)
    assert answer.status_code == 201
    assert DONE == ["1", "7"]


def test_open_operations_and_visitors_need_no_key(client, post):
    assert client.post("/api/v1/test/open", {}, "application/json").status_code == 200
    answer = client.post("/api/v1/test/things", {"amount": 1}, "application/json")
    assert answer.status_code == 401


def test_old_answers_are_forgotten(post):
    post(1)
    assert idempotency.forget_old() == 0
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert idempotency.forget_old() == 1
