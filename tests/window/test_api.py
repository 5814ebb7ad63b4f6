"""Can a program do what a person can, and is it refused in the same words?"""

import json

import pytest
from django.test import Client

from payvand.kernel import clock
from payvand.ledger.models import Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.web.models import IdempotentRequest
from payvand.window.models import Application
from tests import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build()
    registry.forget()


@pytest.fixture
def client(world):
    user = r.User.objects.get(username="holder")
    r.User.objects.filter(pk=user.pk).update(party_id=world.applicant.party)
    r.Mandate.objects.create(principal_id=world.company, agent_id=world.applicant.party,
                             evidence="نمونه", valid_from="2020-01-01")  # fmt: skip
    registry.forget()
    client = Client()
    client.force_login(r.User.objects.get(pk=user.pk))
    return client


def post(client, path, body, key="k1"):
    return client.post(f"/api/v1{path}", json.dumps(body), content_type="application/json",
                       headers={"Idempotency-Key": key})  # fmt: skip


def body(world):
    return {"service": "grid", "applicant": str(world.company), "place": "IR-15-1503",
            "data": worlds.DATA}  # fmt: skip


def test_anyone_reads_what_a_service_asks_and_whom(world):
    found = Client().get("/api/v1/services/grid").json()
    assert len(found["inquiries"]) == 16
    assert found["inquiries"][4]["waits_for"] == ["q00", "q01"]


def test_an_application_is_filed_once_however_often_it_is_sent(world, client):
    first = post(client, "/applications", body(world))
    again = post(client, "/applications", body(world))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Application.objects.count() == 1
    assert Obligation.objects.count() == 4
    assert IdempotentRequest.objects.count() == 1


def test_the_same_key_with_another_content_is_refused(world, client):
    post(client, "/applications", body(world))
    other = post(client, "/applications", body(world) | {"place": "IR-15"})
    assert other.status_code == 422
    assert other.headers["Content-Type"].startswith("application/problem+json")


def test_a_stranger_learns_nothing_of_an_application(world, client):
    made = post(client, "/applications", body(world)).json()
    other = Client()
    other.force_login(r.User.objects.create(username="stranger"))
    answer = other.get(f"/api/v1/applications/{made['id']}")
    assert answer.status_code == 403
    assert answer.json()["code"] == "access.refused"
    assert worlds.DATA["secret"] not in answer.content.decode()


def test_an_unknown_service_is_a_problem_not_a_crash(world, client):
    answer = post(client, "/applications", body(world) | {"service": "none"})
    assert answer.status_code == 404
