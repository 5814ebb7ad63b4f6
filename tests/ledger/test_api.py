"""Can a program do what a desk does, with the same permissions and refusals?"""

import json
from datetime import date

import pytest
from django.test import Client

from payvand.kernel import clock
from payvand.ledger import deliveries
from payvand.ledger.models import Disclosure, Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.window import actions as window
from tests import world as worlds
from tests.fakes.agency import FakeAgency

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build()
    registry.forget()


@pytest.fixture
def owed(world):
    case = window.file(by=world.applicant, version=world.version, applicant=world.company,
                       place="IR-15-1503", data=worlds.DATA)  # fmt: skip
    return Obligation.objects.get(case_id=case.id, question="q00")


def program(world, slug):
    user = r.User.objects.create(username=f"program-{slug}")
    r.Membership.objects.create(user=user, org_id=world.agencies[slug], role="clerk",
                                valid_from=date(2020, 1, 1))  # fmt: skip
    client = Client()
    client.force_login(user)
    return client


def send(client, method, path, body, key="k1"):
    call = getattr(client, method)
    return call(f"/api/v1{path}", json.dumps(body), content_type="application/json",
                headers={"Idempotency-Key": key})  # fmt: skip


def test_the_inbox_over_the_api_holds_only_ones_own(world, owed):
    client = program(world, "a0")
    mine = client.get("/api/v1/obligations", {"org": str(world.agencies["a0"])}).json()
    assert [row["id"] for row in mine["rows"]] == [str(owed.pk)]
    others = client.get("/api/v1/obligations", {"org": str(world.agencies["a1"])}).json()
    assert others["rows"] == []


def test_one_obligation_shows_the_declared_fields_only_and_the_reading_is_logged(world, owed):
    client = program(world, "a0")
    body = client.get(f"/api/v1/obligations/{owed.pk}").json()
    assert body["fields"] == {"name": worlds.DATA["name"], "amount": 12}
    assert Disclosure.objects.filter(obligation=owed, how="opened").count() == 1
    assert program(world, "a1").get(f"/api/v1/obligations/{owed.pk}").status_code == 403
    assert Client().get(f"/api/v1/obligations/{owed.pk}").status_code == 401


def test_an_answer_is_recorded_once_and_a_second_is_a_conflict(world, owed):
    client = program(world, "a0")
    path = f"/obligations/{owed.pk}/answer"
    bad = send(client, "post", path, {"outcome": "negative"})
    assert bad.status_code == 422
    done = send(client, "post", path, {"outcome": "positive"}, key="k2")
    assert (done.status_code, done.json()["outcome"]) == (200, "positive")
    again = send(client, "post", path, {"outcome": "negative", "text": "no"}, key="k3")
    assert again.status_code == 409
    assert again["Content-Type"].startswith("application/problem+json")


def test_the_callback_takes_one_answer_and_repeats_its_result(world, owed):
    with FakeAgency() as agency:
        r.Connection.objects.create(agency_id=world.agencies["a1"], level="rest",
                                    address=agency.url, valid_from=worlds.LONG_AGO)  # fmt: skip
        registry.forget()
        window.file(by=world.applicant, version=world.version, applicant=world.company,
                    place="IR-15-1503", data=worlds.DATA)  # fmt: skip
        deliveries.deliver_once()
        body = next(iter(agency.received.values()))
    path = body["callback"].split("/api/v1")[1]
    first = send(Client(), "put", path, {"outcome": "positive", "text": "ok"})
    assert (first.status_code, first.json()["outcome"]) == (200, "positive")
    again = send(Client(), "put", path, {"outcome": "positive", "text": "ok"})
    assert again.json() == first.json()
    other = send(Client(), "put", path, {"outcome": "negative", "text": "no"})
    assert other.status_code == 410
    assert Obligation.objects.get(pk=body["id"]).outcome == "positive"


def test_an_invented_callback_is_refused(world):
    assert send(Client(), "put", "/callbacks/invented", {"outcome": "positive"}).status_code == 410


def test_a_program_corrects_its_answer_with_a_reason(world, owed):
    client = program(world, "a0")
    path = f"/obligations/{owed.pk}"
    assert send(client, "post", f"{path}/answer", {"outcome": "positive"}).status_code == 200
    bare = {"outcome": "conditional", "conditions": ["x"], "reason": " "}
    assert send(client, "post", f"{path}/correct", bare, "k2").status_code == 422
    done = send(client, "post", f"{path}/correct", bare | {"reason": "wrong"}, "k3")
    assert done.json()["outcome"] == "conditional"


def test_a_program_hands_an_inquiry_over_to_a_colleague_by_account(world, owed):
    client = program(world, "a0")
    program(world, "a1")
    path = f"/obligations/{owed.pk}/hand-over"
    colleague = r.User.objects.create(username="colleague")
    r.Membership.objects.create(user=colleague, org_id=world.agencies["a0"], role="clerk",
                                valid_from=date(2020, 1, 1))  # fmt: skip
    refused = send(client, "post", path, {"account": "program-a1"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "colleague"
    assert send(client, "post", path, {"account": "colleague"}, "k2").status_code == 204
    owed.refresh_from_db()
    assert owed.claimed_by_id == colleague.pk
