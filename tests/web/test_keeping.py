"""Is what somebody typed still there when their session has run out in between?"""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from payvand.web import keeping

pytestmark = pytest.mark.django_db
PASSWORD = "a password of my own 7"
OURS = {"HTTP_ORIGIN": "http://testserver"}
TYPED = {"name_fa": "متنی که <b>نباید</b> گم شود", "do": "save"}


@pytest.fixture
def person(django_user_model):
    return django_user_model.objects.create_user("maryam", password=PASSWORD)


def kept_in(page) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', page.content.decode())
    return found[1] if found else ""


@pytest.mark.parametrize("lang", ["fa", "en"])
def test_a_form_sent_after_the_session_ended_comes_back_after_signing_in(client, person, lang):
    page = client.post(f"/{lang}/profile/?a=1", TYPED, **OURS)
    assert page.status_code == 401
    wrong = {"username": "maryam", "password": "no", "kept": kept_in(page)}
    again = client.post(f"/{lang}/sign-in/", wrong)
    assert again.status_code == 422
    right = {"username": "maryam", "password": PASSWORD, "kept": kept_in(again)}
    back = client.post(f"/{lang}/sign-in/", right)
    html = back.content.decode()
    assert back.status_code == 200
    assert f'action="/{lang}/profile/?a=1"' in html
    assert 'name="name_fa" value="متنی که &lt;b&gt;نباید&lt;/b&gt; گم شود"' in html
    assert 'name="do" value="save"' in html


def test_whoever_has_signed_in_in_another_window_gets_it_back_too(client, person):
    text = kept_in(client.post("/fa/profile/", TYPED, **OURS))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post("/fa/sign-in/", {"username": "", "password": "", "kept": text})
    assert "گم شود" in unescape(page.content.decode())


def test_a_stale_secret_of_a_form_loses_nothing_either(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    page = client.post("/en/profile/", TYPED, **OURS)
    assert page.status_code == 200
    assert "گم شود" in unescape(page.content.decode())


@pytest.mark.parametrize(
    ("typed", "headers"),
    [
        pytest.param(TYPED, {}, id="nobody-knows-from-where"),
        pytest.param(TYPED, {"HTTP_ORIGIN": "https://elsewhere.example"}, id="another-site"),
        pytest.param(TYPED | {"password": "x"}, OURS, id="a-password"),
        pytest.param({"text": "x" * 300_000}, OURS, id="too-long"),
        pytest.param({}, OURS, id="nothing"),
    ],
)
def test_what_may_not_be_sent_again_is_not_kept(person, typed, headers):
    client = Client(enforce_csrf_checks=True)
    page = client.post("/en/profile/", typed, **headers)
    assert page.status_code == 403
    assert not kept_in(page)


def test_a_forged_or_old_text_is_nothing_and_files_are_named_as_missing(client, person, rf):
    assert keeping.kept("forged") is None
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4")
    page = client.post("/en/profile/", TYPED | {"scan": file}, **OURS)
    right = {"username": "maryam", "password": PASSWORD, "kept": kept_in(page)}
    assert "Files are not kept" in client.post("/en/sign-in/", right).content.decode()
