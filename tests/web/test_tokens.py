"""Do heads of organisations make, limit and end the tokens of their systems, and nobody else?"""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from payvand.kernel import clock
from payvand.kernel.errors import Refused
from payvand.ledger.models import Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.web import tokens
from payvand.web.models import ApiToken
from payvand.window import actions as window
from tests import world as worlds

pytestmark = pytest.mark.django_db
LANGUAGES = ("fa", "en")


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build()
    registry.forget()


def member(world, slug, role):
    user = r.User.objects.create(username=f"{slug}-{role}")
    r.Membership.objects.create(user=user, org_id=world.agencies[slug], role=role,
                                valid_from=worlds.LONG_AGO.date())  # fmt: skip
    client = Client()
    client.force_login(user)
    return client


def make(world, **limits):
    draft = tokens.TokenDraft(**{"name": "System", "role": "clerk"} | limits)
    return tokens.issue(by=world.clerk("a0", "head"), org=world.agencies["a0"], draft=draft)


def call(secret, method, path, body=None, key="k"):
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
    send = getattr(Client(), method)
    data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
    return send(f"/api/v1{path}", headers=headers, **data)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_head_makes_a_token_that_is_shown_once_and_ends_it(world, lang):
    head = member(world, "a0", "head")
    form = {"org": world.agencies["a0"], "name": "سامانهٔ نامه‌ها", "role": "clerk", "days": "۳۰",
            "place": "IR-15"}  # fmt: skip
    page = head.post(f"/{lang}/tokens/", form).content.decode()
    secret = re.search(r"pvd_[A-Za-z0-9_-]{43}", page)[0]
    kept = ApiToken.objects.get()
    assert (kept.place, kept.expires_at - kept.created_at) == ("IR-15", timedelta(days=30))
    listed = head.get(f"/{lang}/tokens/").content.decode()
    assert "سامانهٔ نامه‌ها" in listed
    assert secret not in listed
    assert tokens.actor_of(secret) is not None
    assert head.post(f"/{lang}/tokens/{kept.pk}/revoke/").status_code == 302
    assert tokens.actor_of(secret) is None


def test_others_make_see_and_end_none(world):
    made = make(world)
    for client in (member(world, "a0", "clerk"), member(world, "a1", "clerk")):
        assert client.get("/fa/tokens/").status_code == 403
    other = member(world, "a1", "head")
    assert "System" not in other.get("/fa/tokens/").content.decode()
    assert other.post(f"/fa/tokens/{made.id}/revoke/").status_code == 404
    foreign = {"org": world.agencies["a0"], "name": "x", "role": "clerk", "days": "1"}
    assert other.post("/fa/tokens/", foreign).status_code == 422
    with pytest.raises(Refused):
        tokens.issue(by=world.clerk("a1", "head"), org=world.agencies["a0"],
                     draft=tokens.TokenDraft("x", "clerk"))  # fmt: skip
    with pytest.raises(Refused):
        tokens.revoke(by=world.clerk("a1", "head"), token_id=made.id)
    assert ApiToken.objects.get().revoked_at is None


def test_a_wrong_form_keeps_what_was_typed(world):
    form = {"org": world.agencies["a0"], "name": "نامه", "role": "clerk", "days": "99999"}
    page = member(world, "a0", "head").post("/fa/tokens/", form)
    assert page.status_code == 422
    assert 'value="نامه"' in page.content.decode()


def test_its_last_use_is_known_to_the_minute(world):
    made = make(world)
    org = world.agencies["a0"]
    assert call(made.secret, "get", f"/obligations?org={org}").status_code == 200
    assert ApiToken.objects.get().last_used_at == clock.now()


@pytest.fixture
def owed(world):
    case = window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    return Obligation.objects.get(case_id=case.id, question="q00")


ANSWER = {"outcome": "positive", "fields": {"number": "1"}}


def test_a_system_answers_for_its_organisation_and_for_no_other(world, owed):
    made = make(world)
    mine = call(made.secret, "post", f"/obligations/{owed.pk}/answer", ANSWER)
    assert mine.status_code == 200, mine.content
    foreign = Obligation.objects.get(case_id=owed.case_id, question="q01")
    refused = call(made.secret, "post", f"/obligations/{foreign.pk}/answer", ANSWER, "k2")
    assert refused.status_code == 403
    assert refused.json()["detail"]


def test_a_token_that_reads_only_looks_and_answers_nothing(world, owed):
    made = make(world, reads_only=True)
    assert call(made.secret, "get", f"/obligations/{owed.pk}").status_code == 200
    refused = call(made.secret, "post", f"/obligations/{owed.pk}/answer", ANSWER)
    assert refused.status_code == 403
    assert refused.json()["code"] == "web.reads_only"
    assert Obligation.objects.get(pk=owed.pk).state == "sent"


def test_a_token_for_another_place_does_not_answer_here(world, owed):
    made = make(world, place="IR-03")
    refused = call(made.secret, "post", f"/obligations/{owed.pk}/answer", ANSWER)
    assert refused.status_code == 403
