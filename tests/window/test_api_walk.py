"""Can a program walk the whole way: apply, complete, answer, decide, keep the licence?"""

import json
from base64 import b64encode
from datetime import date, timedelta

import pytest
from django.test import Client

from payvand.kernel import clock
from payvand.kernel.text import compact_key
from payvand.ledger.models import Obligation
from payvand.registry import models as r
from payvand.registry import public as registry
from payvand.web import tokens
from payvand.window.models import Application, Attachment, Licence, Service
from tests import world as worlds

pytestmark = pytest.mark.django_db
PDF = {"name": "plan.pdf", "media_type": "application/pdf",
       "content": b64encode(b"%PDF-1.7\n1 0 obj\nendobj\n").decode()}  # fmt: skip


def pack():
    """Two offices at once; a file, a fee, items to complete, two signatures, an objection."""
    body = worlds.grid_pack(layers=1, width=2)
    both = worlds.grid_pack(layers=1, width=1)["title"]
    body["form"][0]["fields"].append(
        {"id": "plan", "type": "file", "accept": ["application/pdf"], "max_mb": 1, "title": both}
    )
    body["inquiries"][0]["sees"].append("plan")
    body["inquiries"][0]["signatures"] = 2
    body["inquiries"][1]["completion"] = {
        "items": [{"id": "paper", "type": "file", "accept": ["application/pdf"], "title": both}],
        "answer_term": "3wd",
    }
    body["fees"] = [{"id": "filing", "title": both, "amount_rial": 500000, "to": "owner",
                     "at": "submit", "sample": True}]  # fmt: skip
    body["objection"] = {"to": {"role": "role3", "place": "province"}, "term": "30d",
                         "ref": "basis"}  # fmt: skip
    return body


@pytest.fixture
def world():
    with clock.frozen(worlds.MONDAY):
        yield worlds.build(pack())
    registry.forget()


class Program:
    """A system with a token; each call has a key of its own unless it says otherwise."""

    def __init__(self, org, role):
        draft = tokens.TokenDraft("Test system", role)
        made = tokens.issue(by=registry.system("test"), org=org, draft=draft)
        self.client, self.name, self.count = Client(), made.id, 0
        self.headers = {"Authorization": f"Bearer {made.secret}", "Accept-Language": "en"}

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path, body=None, *, key="", **headers):
        self.count += 1
        all_headers = (
            self.headers | headers | {"Idempotency-Key": key or f"{self.name}-{self.count}"}
        )
        return self.client.post(f"/api/v1{path}", json.dumps(body or {}), "application/json",
                                headers=all_headers)  # fmt: skip

    def ok(self, path, body=None):
        answer = self.post(path, body)
        assert answer.status_code < 300, answer.content.decode()
        return answer.json() if answer.content else None


@pytest.fixture
def firm(world):
    return Program(world.company, "signatory")


def filed(firm, **data):
    me = firm.get("/me").json()
    body = {"service": "grid", "applicant": me["applicants"][0]["id"], "place": "IR-15-1503",
            "data": worlds.DATA | {"plan": PDF} | data}  # fmt: skip
    return firm.post("/applications", body)


def inbox(desk):
    return [row["id"] for row in desk.get("/obligations").json()["rows"]]


def test_a_program_walks_from_the_application_to_a_renewed_licence(world, firm):
    case = filed(firm).json()
    clerk, signer = Program(world.agencies["a0"], "clerk"), Program(world.agencies["a0"], "head")
    second = Program(world.agencies["a1"], "clerk")
    owner = Program(world.agencies["owner"], "decider")

    key = inbox(clerk)[0]
    asked = clerk.get(f"/obligations/{key}").json()
    assert asked["fields"]["name"] == worlds.DATA["name"]
    assert "secret" not in asked["fields"]
    assert asked["ground"]["fa"] == "قانون نمونه"
    plan = clerk.get(f"/files/{asked['fields']['plan']['file']}")
    assert b"".join(plan.streaming_content).startswith(b"%PDF")
    assert "that day is not counted" in " ".join(clerk.get(f"/obligations/{key}/why").json()["why"])
    clerk.ok(f"/obligations/{key}/draft", {"outcome": "positive", "fields": {"number": "1"}})
    assert clerk.post(f"/obligations/{key}/sign").status_code == 403
    assert signer.ok(f"/obligations/{key}/sign")["outcome"] == "positive"

    other = inbox(second)[0]
    second.ok(f"/obligations/{other}/completion", {"items": ["paper"], "text": "Please"})
    wanted = firm.get(f"/applications/{case['id']}").json()["wanted"][0]
    assert wanted["items"][0]["id"] == "paper"
    way = f"/applications/{case['id']}/completions/{wanted['id']}"
    assert firm.post(way, {"fields": {}}).json()["errors"][0]["field"] == "fields"
    assert firm.ok(way, {"fields": {"paper": PDF}})["wanted"] == []
    assert second.ok("/obligations/answers", {"ids": [other], "outcome": "positive"}) == {
        "count": 1
    }

    fee = firm.get(f"/applications/{case['id']}").json()["fees"][0]
    paid = firm.ok(f"/applications/{case['id']}/fees/{fee['id']}/receipt", {"receipt": "42"})
    assert paid["fees"][0]["receipt"] == "42"

    assert [row["id"] for row in owner.get("/decisions").json()["rows"]] == [case["id"]]
    told = owner.get(f"/applications/{case['id']}/dossier").json()
    assert [one["agency"] for one in told["opinions"]] == ["Agency a0", "Agency a1"]
    done = owner.ok(f"/applications/{case['id']}/decision", {"outcome": "positive"})
    number = done["licences"][0]["number"]
    for act, state in (("suspend", "suspended"), ("reinstate", "valid")):
        assert owner.ok(f"/licences/{number}/{act}", {"reason": "Sample"})["state"] == state
    renewed = owner.ok(f"/licences/{number}/renew")
    assert renewed["number"] != number
    assert owner.ok(f"/licences/{number}/revoke", {"reason": "Sample"})["state"] == "revoked"
    assert Licence.objects.count() == 2
    seen = firm.get(f"/applications/{case['id']}/disclosures").json()
    assert {one["office"] for one in seen} >= {"Agency a0", "Agency a1"}
    assert firm.get("/notices").json()["rows"]
    assert firm.get("/applications").json()["rows"][0]["state"] == "granted"


def test_a_refused_applicant_objects_over_the_interface_once(world, firm):
    case = filed(firm).json()
    Obligation.objects.filter(kind="inquiry").update(state="cancelled")
    for slug in ("a0", "a1"):
        assert inbox(Program(world.agencies[slug], "clerk")) == []
    Application.objects.filter(pk=case["id"]).update(state="refused", decided_at=clock.now())
    way = f"/applications/{case['id']}/objection"
    assert firm.post(way, {"text": " "}).json()["errors"][0]["field"] == "text"
    made = firm.ok(way, {"text": "The width was measured elsewhere."})
    assert [o["kind"] for o in made["obligations"]][-1] == "objection"
    assert Program(world.agencies["a2"], "clerk").post(way, {"text": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"file": "019a6d3e-0000-7000-8000-000000000001"}, "base64"),
        ({"name": "x.pdf", "content": "???"}, "base64"),
        ({"name": "x.pdf", "content": b64encode(b"MZ no pdf").decode()}, "not a file of these"),
    ],
)
def test_a_file_inside_an_application_is_checked_as_that_of_a_form(world, firm, plan, said):
    answer = filed(firm, plan=plan)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "plan"
    assert said in answer.json()["errors"][0]["message"]
    assert not Application.objects.exists()
    assert not Attachment.objects.exists()


def test_unknown_things_are_not_found_and_never_a_fault(world, firm):
    nobody = "019a6d3e-0000-7000-8000-000000000001"
    owner = Program(world.agencies["owner"], "decider")
    for path, body in (
        (f"/applications/{nobody}/withdraw", {}),
        (f"/applications/{nobody}/objection", {"text": "x"}),
        (f"/applications/{nobody}/fees/1/receipt", {"receipt": "1"}),
        (f"/applications/{nobody}/completions/{nobody}", {"fields": {"a": "b"}}),
        (f"/obligations/{nobody}/answer", {"outcome": "positive"}),
        (f"/obligations/{nobody}/draft", {"outcome": "positive"}),
        (f"/obligations/{nobody}/sign", {}),
        (f"/obligations/{nobody}/receipt", {"letter_no": "1"}),
        (f"/obligations/{nobody}/completion", {"items": ["a"], "text": "x"}),
        ("/obligations/answers", {"ids": [nobody], "outcome": "positive"}),
        ("/obligations/release", {"ids": [nobody]}),
    ):
        assert firm.post(path, body).status_code == 404, path
    assert (
        owner.post(f"/applications/{nobody}/decision", {"outcome": "positive"}).status_code == 404
    )
    assert owner.post("/licences/none/revoke", {"reason": "x"}).status_code == 404
    body = {"service": "grid", "applicant": str(world.company), "place": "IR-99",
            "data": worlds.DATA}  # fmt: skip
    assert firm.post("/applications", body).status_code == 404


def test_a_case_is_closed_to_other_programs_by_every_door(world, firm):
    case = filed(firm).json()
    stranger = Program(world.agencies["other"], "decider")
    for path in ("", "/dates", "/disclosures", "/dossier"):
        assert stranger.get(f"/applications/{case['id']}{path}").status_code == 403
    assert firm.get(f"/applications/{case['id']}/dossier").status_code == 403
    key = Attachment.objects.get().pk
    assert stranger.get(f"/files/{key}").status_code == 403
    assert stranger.get("/applications").json()["rows"] == []
    assert stranger.get("/decisions").status_code == 403
    assert stranger.post("/obligations/claim", {"ids": [str(key)]}).status_code == 403


def test_a_person_takes_an_inquiry_on_the_desk_and_gives_it_back(world, firm):
    filed(firm)
    user = r.User.objects.create(username="clerk")
    r.Membership.objects.create(user=user, org_id=world.agencies["a1"], role="clerk",
                                valid_from=date(2020, 1, 1))  # fmt: skip
    client = Client()
    client.force_login(user)
    owed = Obligation.objects.get(question="q01")
    for n, (act, whose) in enumerate((("claim", user.pk), ("release", None))):
        answer = client.post(f"/api/v1/obligations/{act}", json.dumps({"ids": [str(owed.pk)]}),
                             "application/json", headers={"Idempotency-Key": str(n)})  # fmt: skip
        assert answer.json() == {"count": 1}
        owed.refresh_from_db()
        assert owed.claimed_by_id == whose


def test_everybody_finds_services_places_and_follows_a_code(world, firm):
    case = filed(firm).json()
    both = {"fa": "نمونه", "en": "Sample"}
    Service.objects.update(search_key=compact_key("خدمت آزمون"), summary=both)
    client = Client()
    assert [s["slug"] for s in client.get("/api/v1/services", {"q": "خدمت ازمون"}).json()] == [
        "grid"
    ]
    assert client.get("/api/v1/services", {"q": "نیست"}).json() == []
    found = client.get("/api/v1/places", {"q": "خرم اباد"}).json()
    assert [p["code"] for p in found] == ["IR-15-1503"]
    told = client.get(f"/api/v1/follow/{case['code']}").json()
    assert (told["asked"], told["answered"]) == (2, 0)
    assert "data" not in told


def test_dates_are_explained_in_the_language_that_was_asked_for(world, firm):
    case = filed(firm).json()
    with clock.frozen(worlds.MONDAY + timedelta(days=1)):
        told = firm.get(f"/applications/{case['id']}/dates").json()
        assert told[0]["office"] == "Agency a0"
        assert any("Friday" in line for line in told[0]["why"])
        firm.headers["Accept-Language"] = "fa"
        told = firm.get(f"/applications/{case['id']}/dates").json()
    assert any("جمعه" in line for line in told[0]["why"])
