"""Does the interface sign in by session or token, and refuse in one form?"""

from datetime import timedelta

import pytest
from django.test import Client

from payvand.audit.public import history
from payvand.kernel import clock
from payvand.kernel.errors import Invalid, NotFound
from payvand.registry import public as registry
from payvand.web import tokens
from payvand.web.models import ApiToken

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]
THINGS = "/api/v1/test/things"
BY = registry.system("test")


def bearer(secret):
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def issued(agency):
    return tokens.issue(by=BY, org=agency, draft=tokens.TokenDraft("Tax system", "clerk"))


def test_the_document_is_openapi_3_1_and_names_both_ways_to_sign_in(client):
    told = client.get("/api/v1/test/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert client.get("/api/v1/openapi.json").json()["info"]["title"] == "Payvand"
    assert set(told["components"]["securitySchemes"]) == {"Token", "Session"}


def test_without_signing_in_the_answer_is_a_problem_and_says_how(client):
    answer = client.get(THINGS)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "web.sign_in_first"
    assert client.get("/api/v1/test/open").status_code == 200


def test_a_session_signs_in_and_changes_need_its_secret(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.get(THINGS).json()["by"] == f"user:{person.pk}"
    answer = client.post(
        THINGS, {"amount": 1}, "application/json", headers={"Idempotency-Key": "a"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "web.form_expired")


def test_a_token_acts_for_its_organisation(client, agency, issued):
    told = client.get(THINGS, headers=bearer(issued.secret)).json()
    assert told == {"by": "agency:tax", "orgs": [str(agency)]}
    assert not ApiToken.objects.filter(token_hash=issued.secret).exists()


def test_a_wrong_ended_or_revoked_token_opens_nothing(client, issued):
    headers = bearer(issued.secret)
    assert client.get(THINGS, headers=bearer(issued.secret + "x")).status_code == 401
    with clock.frozen(clock.now() + timedelta(days=366)):
        assert client.get(THINGS, headers=headers).status_code == 401
    tokens.revoke(by=BY, token_id=issued.id)
    assert client.get(THINGS, headers=headers).status_code == 401
    with pytest.raises(NotFound):
        tokens.revoke(by=BY, token_id=issued.id)


def test_a_token_is_no_key_to_the_pages(client, issued):
    page = client.get("/en/help/", headers=bearer(issued.secret))
    assert "Sign out" not in page.content.decode()


def test_giving_and_taking_a_token_is_written_down(agency, issued):
    tokens.revoke(by=BY, token_id=issued.id)
    verbs = [event.verb for event in history(agency)]
    assert verbs[-2:] == ["web.token_issued", "web.token_revoked"]
    assert issued.secret not in str(history(agency))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "king"}, "role"),
        ({"name": " "}, "name"),
        ({"days": 0}, "days"),
        ({"days": 9999}, "days"),
    ],
)
def test_a_token_that_makes_no_sense_is_refused(agency, wrong, field):
    with pytest.raises(Invalid) as refused:
        tokens.issue(
            by=BY, org=agency, draft=tokens.TokenDraft(**{"name": "x", "role": "clerk"} | wrong)
        )
    assert list(refused.value.facts["fields"]) == [field]
    assert not ApiToken.objects.exists()


def test_a_refusal_is_a_problem_in_the_language_asked_for(client):
    answer = client.get("/api/v1/test/moved", headers={"Accept-Language": "en"})
    told = answer.json()
    assert answer.status_code == told["status"] == 409
    assert told["type"] == "urn:payvand:problem:test.moved"
    assert told["facts"]["at"] == "2025-11-09T08:00:00+00:00"
    persian = client.get("/api/v1/test/moved", headers={"Accept-Language": "fa"}).json()
    assert "ورود" in persian["detail"]


def test_wrong_entries_are_named_one_by_one(client, issued):
    told = client.get("/api/v1/test/invalid", headers={"Accept-Language": "en"}).json()
    assert told["errors"] == [{"field": "name", "message": "Sign in"}]
    headers = bearer(issued.secret) | {"Idempotency-Key": "k"}
    answer = client.post(THINGS, {"amount": "x"}, "application/json", headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].endswith("amount")
    broken = client.post(THINGS, "{", "application/json", headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (400, "api.not_json")
    assert broken.headers["Content-Type"] == "application/problem+json"
    assert broken.json()["facts"] == {"line": 1, "column": 2}


def test_an_unknown_address_and_a_fault_are_problems_too(client, issued):
    assert client.get("/api/v1/nothing").json()["code"] == "input.not_found"
    headers = bearer(issued.secret) | {"Idempotency-Key": "k"}
    fault = client.post(THINGS, {"amount": 500}, "application/json", headers=headers)
    assert (fault.status_code, fault.json()["code"]) == (500, "web.fault")


@pytest.mark.parametrize(
    ("amount", "fa", "en"),
    [
        ("x", "عدد صحیح", "Write a whole number."),
        (None, "عدد صحیح", "Write a whole number."),
        ({}, "عدد صحیح", "Write a whole number."),
    ],
)
def test_a_wrong_entry_is_told_by_its_own_name_in_both_languages(client, issued, amount, fa, en):
    headers = bearer(issued.secret)
    for language, words in (("fa", fa), ("en", en)):
        answer = client.post(
            THINGS, {"amount": amount}, "application/json",
            headers=headers | {"Idempotency-Key": language, "Accept-Language": language},
        )  # fmt: skip
        assert answer.json()["errors"][0]["field"] == "amount"
        assert words in answer.json()["errors"][0]["message"]
    answer = client.post(THINGS, {}, "application/json", headers=headers | {"Idempotency-Key": "n"})
    assert answer.json()["errors"] == [{"field": "amount", "message": "این مورد لازم است."}]


def test_another_kind_of_body_is_refused_before_it_is_read(client, issued, settings):
    headers = bearer(issued.secret) | {"Idempotency-Key": "k", "Accept-Language": "en"}
    answer = client.post(THINGS, "amount=1", "application/x-www-form-urlencoded", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "api.wrong_media_type")
    assert "application/x-www-form-urlencoded" in answer.json()["detail"]
    assert client.post(THINGS, {"amount": 1}, "application/json; charset=utf-8",
                       headers=headers).status_code == 201  # fmt: skip
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2**20
    large = client.post(THINGS, '{"amount": "' + "1" * 2**20, "application/json", headers=headers)
    assert (large.status_code, large.json()["code"]) == (413, "web.too_large")
    assert "1 megabytes" in large.json()["detail"]


@pytest.mark.parametrize(
    ("body", "column"),
    [
        ('{"amount": NaN}', 12),
        ('{"amount": -Infinity}', 12),
        ('{"amount": "a\\u0000"}', 14),
        ("[" * 50_000, 1),
        (b'{"amount": "\xff"}', 1),
    ],
)
def test_what_no_database_keeps_is_no_json_and_no_fault(client, issued, body, column):
    headers = bearer(issued.secret) | {"Idempotency-Key": "k"}
    answer = client.post(THINGS, body, "application/json", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "api.not_json")
    assert answer.json()["facts"]["column"] == column
    asked = client.get(f"{THINGS}?code=%00", headers=bearer(issued.secret))
    assert asked.status_code == 400


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(client, issued):
    answer = client.delete(THINGS, headers=bearer(issued.secret) | {"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["code"]) == (405, "web.wrong_method")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "POST"}
    assert "DELETE" in answer.json()["detail"]
    page = client.get("/en/tokens/1/revoke/")
    assert page.status_code in (302, 405)


def test_persian_stays_readable_in_what_the_interface_sends(client, agency, issued):
    told = client.get("/api/v1/me", headers=bearer(issued.secret))
    assert "دستگاه نمونه" in told.content.decode()
    assert told.json()["seats"][0]["org"] == str(agency)
