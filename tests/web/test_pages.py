"""Can people sign in and out, and does every refusal say what, why and what now?"""

import re
from uuid import UUID

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils.translation import override

from payvand.kernel.errors import NotFound
from payvand.plugins import slots
from payvand.registry.public import Actor, Seat
from payvand.web import views
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db
WORDS = {
    "fa": {"sign_in": "ورود", "wrong": "نام کاربری یا گذرواژه درست نیست", "help": "راهنما"},
    "en": {"sign_in": "Sign in", "wrong": "account name or the password is not", "help": "Help"},
}


def text(response):
    return response.content.decode()


def test_the_bare_address_leads_to_a_language(client):
    assert client.get("/", headers={"accept-language": "en"}).url == "/en/"
    assert client.get("/").url == "/fa/"


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_somebody_signs_in_and_out(client, person, lang):
    page = client.get(f"/{lang}/sign-in/")
    assert page.status_code == 200
    assert f'lang="{lang}"' in text(page)
    assert WORDS[lang]["sign_in"] in text(page)
    entered = client.post(f"/{lang}/sign-in/", {"username": " maryam ", "password": PASSWORD})
    assert (entered.status_code, entered.url) == (302, f"/{lang}/")
    assert "maryam" in text(client.get(f"/{lang}/help/"))
    assert client.get(f"/{lang}/sign-out/").status_code == 405  # a link must not sign anyone out
    assert client.post(f"/{lang}/sign-out/").url == f"/{lang}/"
    assert "maryam" not in text(client.get(f"/{lang}/help/"))


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_wrong_password_is_said_at_the_top_and_the_name_is_kept(client, person, lang):
    page = client.post(f"/{lang}/sign-in/", {"username": "maryam", "password": "no"})
    assert page.status_code == 422
    assert WORDS[lang]["wrong"] in text(page)
    assert 'value="maryam"' in text(page)


def test_persian_digits_in_the_account_name_are_understood(client, django_user_model):
    django_user_model.objects.create_user("clerk12", password=PASSWORD)
    entered = client.post("/fa/sign-in/", {"username": "clerk۱۲", "password": PASSWORD})
    assert entered.status_code == 302


def test_signing_in_leads_to_the_page_that_was_asked_for_and_to_no_other_site(client, person):
    def next_of(address):
        form = {"username": "maryam", "password": PASSWORD, "next": address}
        return client.post("/en/sign-in/", form).url

    assert next_of("/en/privacy/") == "/en/privacy/"
    client.logout()
    assert next_of("https://example.org/") == "/en/"


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client, person, settings, lang):
    settings.AXES_ENABLED = True
    form = {"username": "maryam", "password": "wrong"}
    answers = [client.post(f"/{lang}/sign-in/", form) for _ in range(5)]
    assert answers[3].status_code == 422
    locked = client.post(f"/{lang}/sign-in/", {**form, "password": PASSWORD})
    assert locked.status_code == 429
    assert {"fa": "۱۵ دقیقه", "en": "15 minutes"}[lang] in text(locked)
    other = client.get(f"/{lang}/sign-in/")
    assert other.status_code == 200


@pytest.mark.parametrize("lang", ["fa", "en"])
@pytest.mark.parametrize("name", ["help", "accessibility", "privacy"])
def test_statements_are_there_in_both_languages(client, lang, name):
    with override(lang):
        page = client.get(reverse(name))
    assert page.status_code == 200
    assert WORDS[lang]["help"] in text(page)
    is_persian = bool(re.search("[آ-ی]{3}", re.sub(r"فارسی", "", text(page))))
    assert is_persian is (lang == "fa")


@pytest.mark.parametrize("lang", ["fa", "en"])
@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("suspicious", 400, "web.bad_request"),
        ("denied", 403, "web.forbidden"),
        ("conflict", 409, "state.conflict"),
        ("invalid", 422, "input.invalid"),
        ("fault", 500, "web.fault"),
    ],
)
@pytest.mark.urls("tests.web.urls")
def test_errors_are_pages_in_the_readers_language(client, person, lang, kind, status, code):
    client.force_login(person)
    page = client.get(f"/{lang}/fail/{kind}")
    assert page.status_code == status
    assert code in text(page)
    assert f'<html lang="{lang}"' in text(page)
    assert "kaboom" not in text(page)


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_wrong_address_is_told_kindly(client, lang):
    page = client.get(f"/{lang}/no-such-page/")
    assert page.status_code == 404
    assert NotFound.code in text(page)
    assert {"fa": "بازگشت به", "en": "Back to"}[lang] in text(page)


@pytest.mark.urls("tests.web.urls")
def test_a_refusal_says_why_and_when_in_the_calendar_of_the_reader(client, person):
    client.force_login(person)
    assert "ورود" in text(client.get("/fa/fail/moved"))
    assert "۱۸ آبان ۱۴۰۴" in text(client.get("/fa/fail/moved"))
    page = text(client.get("/en/fail/moved"))
    assert "18 Aban 1404" in page
    assert "{forgotten}" in page  # a fact that was forgotten hides nothing else


@pytest.mark.urls("tests.web.urls")
@pytest.mark.parametrize("kind", ["refused", "sign-in"])
def test_a_visitor_signs_in_first_and_comes_back(client, person, kind):
    answer = client.get(f"/en/fail/{kind}?a=1")
    assert (answer.status_code, answer.url) == (
        302,
        f"/en/sign-in/?next=%2Fen%2Ffail%2F{kind}%3Fa%3D1",
    )
    assert client.post(f"/en/fail/{kind}").status_code in (401, 403)
    client.force_login(person)
    assert client.get("/en/fail/refused").status_code == 403


@pytest.mark.urls("tests.web.urls")
def test_a_form_from_another_session_is_refused_with_a_way_on(person):
    from django.test import Client

    page = Client(enforce_csrf_checks=True).post("/fa/form")
    assert page.status_code == 403
    assert "web.form_expired" in text(page)


def test_without_a_database_the_fault_page_is_plain_and_bilingual(rf, monkeypatch):
    def broken(request, error):
        raise DatabaseError

    monkeypatch.setattr(views.problems, "respond", broken)
    page = views.server_error(rf.get("/fa/"))
    assert page.status_code == 500
    assert "Something went wrong" in text(page)
    assert "اشکالی" in text(page)


def test_health_is_ok_with_a_database_and_503_without(client, monkeypatch):
    assert client.get("/healthz").json()["status"] == "ok"

    def broken():
        raise DatabaseError

    monkeypatch.setattr(views.connection, "cursor", broken)
    assert client.get("/healthz").status_code == 503


def test_every_page_carries_the_strict_headers(client):
    headers = client.get("/fa/sign-in/").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


ORG, COMPANY = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("by", "role"),
    [
        (Actor(kind="guest"), "visitor"),
        (Actor(user_id=1), "applicant"),
        (Actor(user_id=1, seats=(Seat(COMPANY, "head"),), mandates=(COMPANY,)), "applicant"),
        (Actor(user_id=1, seats=(Seat(ORG, "clerk"),)), "clerk"),
        (Actor(user_id=1, seats=(Seat(ORG, "counter"),)), "counter"),
        (Actor(user_id=1, seats=(Seat(ORG, "head"),), offices=(3,)), "official"),
        (Actor(user_id=1, is_operator=True), "operator"),
    ],
)
def test_everybody_begins_where_their_work_is(by, role):
    assert views.role_of(by) == role


def test_a_context_may_say_where_an_actor_begins(client, person):
    landing = slots.landing.register(lambda by: "/en/help/" if by.user_id == person.pk else None)
    try:
        client.force_login(person)
        assert client.get("/en/").url == "/en/help/"
    finally:
        slots.landing.remove(landing)


@pytest.mark.django_db
def test_a_wrong_host_is_refused_with_a_page(client, settings):
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    answer = client.get("/fa/services/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()
